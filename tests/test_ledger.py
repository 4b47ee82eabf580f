"""The ledger in a real database, and the commands that print it."""

import json
import re
import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from unicodedata import east_asian_width

import pytest
from click.testing import CliRunner
from rich.console import Console

from newscrawl.cli import ledger as commands
from newscrawl.health import FieldCount, judge
from newscrawl.items import Article, Block, Link, Visit
from newscrawl.store import ledger
from newscrawl.store.writer import Site, Store, connect

NOW = datetime.now(UTC).replace(microsecond=0)
LONG = "编辑 empty in 38 of 40 articles since 10:00, rule dzwww/2016 no longer matches (and 2 more: 来源, 推荐阅读), " * 3 + "end"


@pytest.fixture
def path(tmp_path):
    return tmp_path / "news.db"


@pytest.fixture
def store(path):
    with Store(path) as store:
        store.add_site(Site("weihai", "大众网·威海", "大众网", "山东", "威海", "http://weihai.dzwww.com/"))
        yield store


def count(name, articles, filled, rule="site:dzwww/2018"):
    return FieldCount(name, articles, filled, filled, 12.5 if filled else None, {rule: filled} if filled else {})


def add_run(
    store,
    *,
    at=NOW,
    articles=10,
    editors=None,
    site="weihai",
    state="green",
    reason="finished",
    exit_code=0,
    message=None,
    **counts,
):
    """A finished run as it would have been written at ``at``."""
    connection = store.connection
    run = ledger.start_run(connection, site, "crawl", "0.2.0")
    fields = [count("title", articles, articles), count("editor", articles, articles if editors is None else editors)]
    ledger.finish_run(
        connection, run, seconds=83.25, reason=reason, exit_code=exit_code,
        counts={"requests": articles + 3, "bytes": 90_000, "new": articles, "refused": 1, **counts},
        statuses={"200": articles + 2, "404": 1}, verdicts={"gone": 1}, links={"recommended": 6 * articles}, retries=2,
        slowest_host="weihai.dzwww.com", slowest_seconds=1.23456, peak_memory=98_000_000, fields=fields if articles else [],
    )  # fmt: skip
    connection.execute(
        "UPDATE runs SET started_at = ?, finished_at = ? WHERE id = ?",
        (at.isoformat(), (at + timedelta(minutes=2)).isoformat(), run),
    )
    if state:
        ledger.set_state(connection, run, state, message)
    return run


def add_past(store, runs=12, **changes):
    return [add_run(store, at=NOW - timedelta(hours=runs - n), **changes) for n in range(runs)]


# -- the tables


def test_a_run_comes_back_as_it_was_written(store):
    number = add_run(store, editors=2, changed=3, failed=1)
    run = ledger.run(store.connection, number)
    assert (run.site, run.command, run.version, run.reason, run.exit_code) == ("weihai", "crawl", "0.2.0", "finished", 0)
    assert (run.requests, run.bytes, run.new, run.changed, run.unchanged, run.refused, run.failed) == (13, 90_000, 10, 3, 0, 1, 1)
    assert (run.statuses, run.verdicts, run.links) == ({"200": 12, "404": 1}, {"gone": 1}, {"recommended": 60})
    assert (run.retries, run.slowest_host, run.slowest_seconds, run.peak_memory) == (2, "weihai.dzwww.com", 1.235, 98_000_000)
    assert run.fields["editor"] == FieldCount("editor", 10, 2, 2, 12.5, {"site:dzwww/2018": 2})
    assert run.articles == 10
    assert ledger.run(store.connection, number + 1) is None
    assert ledger.newest(store.connection) == number


def test_an_end_that_cannot_be_written_leaves_nothing_half(store):
    run = ledger.start_run(store.connection, "weihai", "crawl", "0.2.0")
    twice = [count("title", 3, 3), count("title", 3, 3)]
    with pytest.raises(sqlite3.IntegrityError):
        ledger.finish_run(store.connection, run, seconds=1, reason="finished", exit_code=0, counts={"new": 3}, fields=twice)
    found = ledger.run(store.connection, run)
    assert (found.finished_at, found.new, found.fields) == (None, 0, {})


def test_a_run_on_a_site_that_is_not_well_returns_3(store):
    yellow, failed = add_run(store, state="yellow", message="weihai: x"), add_run(store, state="red", exit_code=1)
    assert ledger.run(store.connection, yellow).exit_code == 3
    assert ledger.run(store.connection, failed).exit_code == 1
    assert [run.id for run in ledger.records(store.connection, "weihai", 9, failed=True)] == [failed]


def visit(url, verdict="article", **changes):
    return replace(Visit(url, "weihai", verdict, fetched_at=NOW.isoformat(), status=200, size=1000), **changes)


def article(number, text=None, at=NOW):
    url = f"http://weihai.dzwww.com/news/201707/t20170728_{number}.htm"
    text = (text or f"这是正文的第{number}段。") * 40
    return Article(
        url=url, site="weihai", addresses=[url], title="标题", body_text=text, body_html=f"<p>{text}</p>", content_hash=text,
        blocks=[Block("recommended", "推荐阅读", [Link(1, "一", "http://weihai.dzwww.com/1.htm"), Link(2, "二", "http://weihai.dzwww.com/2.htm")])],
        visit=visit(url, fetched_at=at.isoformat()),
    )  # fmt: skip


def test_a_killed_run_is_closed_with_what_it_left(store):
    connection = store.connection
    store.write([article(1, at=NOW - timedelta(days=1)), article(2, at=NOW - timedelta(days=1))])
    dead = ledger.start_run(connection, "weihai", "crawl", "0.2.0")
    start, last = NOW - timedelta(minutes=5), NOW + timedelta(minutes=3)
    connection.execute("UPDATE runs SET started_at = ? WHERE id = ?", (start.isoformat(), dead))
    # One is read again, one has changed, three are new, one is the text of another, three are none.
    store.write([
        article(1), article(2, "这里的正文是新的。"), article(3), article(4), article(5, at=last), article(6, "这是正文的第3段。"),
        visit("http://weihai.dzwww.com/gone.htm", "gone", status=404), visit("http://weihai.dzwww.com/wall.htm", "captcha"),
        visit("http://weihai.dzwww.com/slow.htm", "error", status=None, size=None),
        visit("http://weihai.dzwww.com/", "list", kind="channel"),
    ])  # fmt: skip
    other = ledger.start_run(connection, "yantai", "crawl", "0.2.0")
    assert ledger.close_dead(connection, "weihai") == [dead]
    run = ledger.run(connection, dead)
    assert (run.reason, run.exit_code, run.seconds) == ("killed", 137, None)
    assert (run.started_at, run.finished_at) == (start.isoformat(), last.isoformat())
    assert (run.new, run.changed, run.unchanged, run.duplicates, run.refused, run.failed) == (3, 1, 1, 1, 2, 1)
    assert run.verdicts == {"gone": 1, "captcha": 1, "error": 1}
    assert run.statuses == {"200": 8, "404": 1}
    assert run.links["recommended"] >= 10
    assert ledger.run(connection, other).finished_at is None
    assert ledger.close_dead(connection, "weihai") == []


def test_dead_runs_without_a_page_and_dead_ingests(store):
    connection = store.connection
    runs = [ledger.start_run(connection, site, command, "0.2.0") for site, command in (("weihai", "crawl"), (None, "ingest"))]
    for site, run in zip(("weihai", None), runs, strict=True):
        assert ledger.close_dead(connection, site) == [run]
        record = ledger.run(connection, run)
        assert record.finished_at == record.started_at
        assert (record.site, record.reason, record.new) == (site or "", "killed", 0)


def test_history_leaves_out_what_is_not_compared(store):
    old = add_run(store, at=NOW - timedelta(days=100))
    first = add_run(store, at=NOW - timedelta(hours=9))
    add_run(store, at=NOW - timedelta(hours=8), articles=0, refused=0)
    add_run(store, at=NOW - timedelta(hours=7), site="yantai")
    window = add_run(store, at=NOW - timedelta(hours=6))
    store.connection.execute("UPDATE runs SET command = 'window' WHERE id = ?", (window,))
    second = add_run(store, at=NOW - timedelta(hours=5))
    ledger.start_run(store.connection, "weihai", "crawl", "0.2.0")
    last = ledger.run(store.connection, add_run(store))
    found = ledger.history(store.connection, last)
    assert [run.id for run in found] == [second, first]
    assert found[0].fields["title"].filled == 10
    assert old not in [run.id for run in found]
    ledger.accept(store.connection, "weihai", first, "green", None)
    assert [run.id for run in ledger.history(store.connection, last)] == [second]


def test_history_reads_all_fields_only_where_something_was_wrong(store):
    numbers = add_past(store, 260, articles=1)
    last = ledger.run(store.connection, add_run(store))
    found = ledger.history(store.connection, last)
    assert len(found) == 260
    assert [bool(run.fields) for run in found] == [True] * 200 + [False] * 60
    ledger.set_state(store.connection, numbers[-1], "yellow", "weihai: x")
    assert all(run.fields for run in ledger.history(store.connection, last))


def test_the_state_before_is_that_of_the_last_judged_run(store):
    numbers = [add_run(store, state=state, articles=0, refused=0) for state in ("green", "red", None, None)]
    before = [ledger.state_before(store.connection, ledger.run(store.connection, number)) for number in numbers]
    assert before == [None, "green", "red", "red"]


def test_lists_are_the_newest_of_their_channels(store):
    store.add_pending("weihai", ["http://weihai.dzwww.com/a/"], None, "channel", number=1)
    store.add_pending("weihai", ["http://weihai.dzwww.com/a/2.htm"], None, "channel", number=2)
    store.write([visit("http://weihai.dzwww.com/b/", "list", kind="channel", listed=40)])
    store.write([visit("http://weihai.dzwww.com/b/", "gone", kind="channel", why="status 404", listed=0)])
    found = {one.url: one for one in ledger.lists(store.connection, "weihai")}
    assert set(found) == {"http://weihai.dzwww.com/a/", "http://weihai.dzwww.com/b/"}
    one = found["http://weihai.dzwww.com/b/"]
    assert (one.kind, one.verdict, one.why, one.listed, one.usual, one.failing_since) == (
        "channel", "gone", "status 404", 0, 40.0, NOW.isoformat(),
    )  # fmt: skip


def judged(store, number):
    connection = store.connection
    run = ledger.run(connection, number)
    health = judge(run, ledger.history(connection, run), ledger.lists(connection, run.site), now=NOW, zone=UTC)
    ledger.set_state(connection, number, health.state, health.message(run.site))
    return health


def test_a_break_is_found_from_the_tables_and_accepted(store, path):
    add_past(store)
    store.write([visit("http://weihai.dzwww.com/b/", "list", kind="channel", listed=40)])
    number = add_run(store, editors=0)
    assert judged(store, number).message("weihai").startswith("weihai: 编辑 empty in 10 of 10 articles since ")
    store.write([visit("http://weihai.dzwww.com/b/", "list", kind="channel", listed=0)])
    assert judged(store, number).state == "red"
    done = invoke(commands.health, "weihai", "--db", path)
    assert done.exit_code == 3
    done = invoke(commands.health, "weihai", "--accept", "--db", path)
    assert (done.exit_code, "new" in done.output) == (0, True)
    for editors in (0, 0, 0):
        number = add_run(store, editors=editors)
        assert judged(store, number).findings == ()
    assert ledger.run(store.connection, number).state == "green"


# -- the commands


def invoke(command, *arguments):
    return CliRunner().invoke(command, [str(argument) for argument in arguments])


def test_runs_newest_first(store, path):
    add_past(store, 3)
    add_run(store, site="yantai", state="red", exit_code=1, reason="no page could be fetched (DNSLookupError)", articles=0)
    ledger.start_run(store.connection, None, "ingest", "0.2.0")
    lines = invoke(commands.runs, "--db", path).output.splitlines()
    assert lines[0].split()[:3] == ["id", "site", "started"]
    assert [line.split()[1] for line in lines[1:]] == ["ingest", "yantai", "weihai", "weihai", "weihai"]
    assert "running" in lines[1]
    assert "no page could be fetched (DNSLookupError)" in lines[2]
    assert "1 min 23 s" not in lines[3]
    assert "83.2 s" in lines[3]
    assert len(invoke(commands.runs, "weihai", "-n", 2, "--db", path).output.splitlines()) == 3
    failed = [json.loads(line) for line in invoke(commands.runs, "--failed", "--json", "--db", path).output.splitlines()]
    assert [(run["site"], run["exit_code"]) for run in failed] == [("yantai", 1)]


def width(line):
    return sum(2 if east_asian_width(c) in "WF" else 1 for c in line)


@pytest.mark.parametrize("columns", [80, 100, 120, 160])
def test_the_tables_fit_the_terminal(store, columns):
    message = f"weihai: {LONG}"
    add_past(store, 3, state="yellow", message=message)
    add_run(store, reason="no page could be fetched (DNSLookupError: no such host weihai.dzwww.com)")
    console = Console(width=columns, highlight=False, record=True, file=open("/dev/null", "w"))  # noqa: SIM115
    with console.file:
        runs = ledger.records(store.connection, None, 9)
        console.print(commands._runs_table(runs, console))
        console.print(commands._fields_table(runs[0], console))
        text = console.export_text()
    lines = text.splitlines()
    assert max(map(width, lines)) <= columns
    assert len(lines) == 1 + 4 + 1 + 2
    assert "yellow" in text
    assert "site:dzwww/2018 10" in text


def test_a_run_in_full(store, path):
    number = add_run(store, editors=2, state="yellow", message="weihai: 编辑 empty in 8 of 10 articles since 10:00")
    for wanted in (str(number), "last"):
        text = invoke(commands.run_command, wanted, "--db", path).output
        for words in (
            f"{number}: crawl of weihai, newscrawl 0.2.0", "took 83.2 s", "finished, exit code 3", "yellow",
            "weihai: 编辑 empty in 8 of 10 articles since 10:00", "10 new, 0 changed", "1 refused, 0 failed: 1 gone",
            "13 sent, 2 repeated, 90.0 kB received", "by status: 200: 12, 404: 1", "60 recommended", "weihai.dzwww.com, 1.2",
            "98.0 MB at most",
        ):  # fmt: skip
            assert words in text
        assert re.search(r"editor 编辑 +2 of 10 +20 +2 +12\.5 +site:dzwww/2018 2", text)
    whole = json.loads(invoke(commands.run_command, "last", "--json", "--db", path).output)
    assert whole["fields"][0]["field"] == "editor"
    assert whole["statuses"] == {"200": 12, "404": 1}


def test_health_in_a_line_each(store, path):
    add_past(store, 3)
    for n in range(2):
        add_run(store, at=NOW + timedelta(hours=n), state="yellow", message=f"weihai: {LONG}")
    add_run(
        store,
        at=NOW + timedelta(hours=3),
        state="yellow",
        message=f"weihai: {LONG}",
        articles=0,
    )
    add_run(store, site="yantai")
    done = invoke(commands.health, "--db", path)
    assert done.exit_code == 3
    lines = {line.split()[0]: line for line in done.output.splitlines()[1:]}
    assert "jinan" not in lines
    assert re.search(r"\n\d{2,} sites have never run; newscrawl sites lists them\n$", done.output)
    assert "green" in lines["yantai"]
    local = NOW.astimezone()
    assert (
        f"yellow  {local:%m-%d %H:%M}  {local + timedelta(hours=3):%m-%d %H:%M}  {local + timedelta(hours=1):%m-%d %H:%M}"
        in re.sub(r" {2,}", "  ", lines["weihai"])
    )
    assert lines["weihai"].rstrip().endswith(LONG)
    assert invoke(commands.health, "yantai", "--db", path).exit_code == 0
    assert "\\u" not in invoke(commands.health, "--json", "--db", path).output
    rows = {row["site"]: row for row in map(json.loads, invoke(commands.health, "--json", "--db", path).output.splitlines())}
    assert (rows["weihai"]["state"], rows["weihai"]["since"]) == ("yellow", NOW.isoformat())
    assert rows["jinan"]["state"] == "never run"


def test_a_killed_run_leaves_the_state_as_it_was(store, path):
    add_run(store, state="yellow", message="weihai: x")
    ledger.start_run(store.connection, "weihai", "crawl", "0.2.0")
    ledger.close_dead(store.connection, "weihai")
    assert invoke(commands.health, "weihai", "--db", path).exit_code == 3


@pytest.mark.parametrize("command", [commands.runs, commands.health, commands.run_command])
def test_no_database_and_none_of_this_form(command, tmp_path):
    arguments = ["last"] if command is commands.run_command else []
    done = invoke(command, *arguments, "--db", tmp_path / "none.db")
    assert (done.exit_code, "no such database" in done.output) == (2, True)
    (tmp_path / "empty.db").touch()
    done = invoke(command, *arguments, "--db", tmp_path / "empty.db")
    assert (done.exit_code, "holds no runs in the form of this newscrawl" in done.output) == (2, True)


def test_mistakes_and_empty_answers(tmp_path):
    path = tmp_path / "fresh.db"
    with closing(connect(path)):
        pass
    assert "no run is on record yet" in invoke(commands.runs, "--db", path).output
    assert invoke(commands.health, "--db", path).exit_code == 0
    for command, arguments, words in (
        (commands.run_command, ["last"], "no run is on record yet"),
        (commands.run_command, ["77"], "no run '77'"),
        (commands.run_command, ["x"], "or last"),
        (commands.runs, ["weihei"], "no site 'weihei'"),
        (commands.health, ["weihei"], "no site 'weihei'"),
        (commands.health, ["--accept"], "name the sites"),
        (commands.health, ["weihai", "--accept"], "has no run to accept"),
    ):
        done = invoke(command, *arguments, "--db", path)
        assert done.exit_code == 2, words
        assert words in done.output
