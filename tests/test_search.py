"""Full-text search: what is found against a plain scan, the index through changes, kills and versions, ranking, and the command."""

import json
import os
import random
import signal
import sqlite3
import subprocess
import sys
from contextlib import closing
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import example, given, settings
from hypothesis import strategies as st

from newscrawl import bigrams, indexing, samplesite
from newscrawl.bigrams import SearchError
from newscrawl.cli import main
from newscrawl.fingerprint import content_hash
from newscrawl.items import Article
from newscrawl.store import schema, search
from newscrawl.store.writer import Site, Store, connect

ROOT = Path(__file__).parent.parent

# -- a plain scan, by other means than the index

SAME = dict(zip("网槍雲灣髮ＡＢ１２Ａ", "网枪云湾发ab12a", strict=True)) | {"G": "g", "D": "d", "P": "p", "網": "网"}
HAN = "网上灭枪云湾发山𠮷〇"
WORDS = "abgdp12é"


def scan_runs(text):
    """A text as runs of Han and words of others."""
    out = []
    before = None
    for char in text:
        char = SAME.get(char, char)
        kind = "han" if char in HAN else "word" if char in WORDS else None
        if kind is not None and kind == before:
            out[-1][1] += char
        elif kind is not None:
            out.append([kind, char])
        before = kind
    return out


def scan(query, text):
    """Whether a phrase stands in a text: its first run ends one of the text's, its last begins one; a single one is any part of it."""
    wanted, there = scan_runs(query), scan_runs(text)
    for start in range(len(there) - len(wanted) + 1):
        for place, (kind, run) in enumerate(wanted):
            has, other = there[start + place]
            first, last = place == 0, place == len(wanted) - 1
            if has != kind:
                break
            if kind == "word" or not (first or last):
                same = run == other
            else:
                same = run in other if first and last else other.endswith(run) if first else other.startswith(run)
            if not same:
                break
        else:
            return True
    return False


TEXTS = st.text(HAN + "網槍雲灣髮ＡＢ１２GDPabé12" + "，。（） \n-“”\x00\ue000️", max_size=14)


class Index:
    """A full-text index in memory, filled and asked as the database's own."""

    def __init__(self, *texts):
        self.connection = sqlite3.connect(":memory:")
        self.connection.execute("CREATE VIRTUAL TABLE i USING fts5(title, body, content='', tokenize='ascii', prefix='1')")
        rows = [(number, bigrams.tokens(text)) for number, text in enumerate(texts)]
        self.connection.executemany("INSERT INTO i (rowid, body) VALUES (?, ?)", rows)

    def find(self, expression):
        return {row[0] for row in self.connection.execute("SELECT rowid FROM i WHERE i MATCH ?", (expression,))}


@settings(max_examples=100, deadline=None)
@given(st.lists(TEXTS, min_size=1, max_size=6), TEXTS, st.data())
def test_a_phrase_is_found_where_a_scan_finds_it(texts, phrase, data):
    # Half of the phrases are parts of a text.
    if data.draw(st.booleans()):
        text = data.draw(st.sampled_from(texts))
        start = data.draw(st.integers(0, len(text)))
        phrase = text[start : start + data.draw(st.integers(1, 8))]
    phrase = phrase.replace("“", " ").replace("”", " ").replace("\ue000", "")
    texts = [text.replace("\ue000", "") for text in texts]
    if not scan_runs(phrase):
        with pytest.raises(SearchError, match="nothing to search for"):
            bigrams.parse(f"“{phrase}”")
        return
    query = bigrams.parse(f"“{phrase}”")
    expected = {number for number, text in enumerate(texts) if scan(phrase, text)}
    with closing(Index(*texts).connection) as connection:
        assert {row[0] for row in connection.execute("SELECT rowid FROM i WHERE i MATCH ?", (query.expression,))} == expected
    # What is found has something to mark, and nothing else has.
    assert {number for number, text in enumerate(texts) if query.hits(text, "body")} == expected


@pytest.mark.parametrize(
    ("query", "text", "found"),
    [
        ("枪", "灭枪行动", True), ("枪", "枪", True), ("网上", "上网", False), ("网上灭枪", "在网上灭枪的人", True),
        ("灭枪", "灭。枪", False), ("槍", "灭枪", True), ("枪", "滅槍", True), ("臺灣", "台湾", True), ("台湾", "臺灣海峽", True),
        ("乾隆", "乾隆年间", True), ("ＧＤＰ", "GDP增长", True), ("gdp", "年GDP增", True), ("GD", "GDP", False), ("GD*", "GDP", True),
        ("年GDP增", "2016年GDP增长", True), ("年GDP增", "年，GDP 增", True), ("年GDP增", "年内GDP增", False), ("3.5", "涨了3.5%", True), ("5", "3.5", True),
        ("2016", "20160101", False), ("covid-19", "Covid 19", True), ("〇", "二〇一六", True), ("々", "佐々木", True),
        ("𠮷", "𠮷野家", True), ("野家", "𠮷野家", True), ("の", "優の良品", True), ("良品", "優の良品", True), ("é", "CAFÉ", False), ("café", "CAFÉ", True),
        ("ོད", "བོད་ལྗོངས", False), ("བོད", "བོད་ལྗོངས", True), ("张\ue123", "张\ue123芳", True), ("①", "第①名", True), ("ﾄｲﾚ", "トイレ", True),
        ("“山东 海阳”", "山东，海阳", True), ("“山东 海阳”", "山东海阳", False), ("山东海阳", "山东，海阳", False),
    ],
)  # fmt: skip
def test_what_finds_what(query, text, found):
    with closing(Index(text).connection) as connection:
        expression = bigrams.parse(query).expression
        assert bool(connection.execute("SELECT 1 FROM i WHERE i MATCH ?", (expression,)).fetchone()) is found


def test_tokens():
    assert bigrams.tokens("网上灭枪") == "网上 上灭 灭枪 枪"
    assert bigrams.tokens("2016年，ＧＤＰ增7.5％\x00") == "2016 年 gdp 增 7 5"
    assert bigrams.tokens("灭\x00枪\n\n") == "灭 枪"
    assert bigrams.tokens("") == bigrams.tokens("，。!? \ud800") == ""


def test_plain_keeps_places_and_a_second_time_changes_nothing():
    everything = "".join(map(chr, [*range(0x3400), *range(0x4DB0, 0xA010), *range(0xD7F0, 0xE010), *range(0xF8F0, 0x11000)]))
    everything += "".join(map(chr, range(0x1F000, 0x20100))) + "".join(bigrams._simplified())
    flat = bigrams.plain(everything)
    assert len(flat) == len(everything)
    assert bigrams.plain(flat) == flat
    # SQLite's tokenizer takes each token whole: of ASCII only small letters and digits are left.
    assert {char for char in flat if char.isascii()} == set("abcdefghijklmnopqrstuvwxyz0123456789 ")
    assert bigrams.plain("ＡbＣ網絡İ㎡") == "abc网络İ "


@pytest.mark.parametrize(
    ("query", "expression"),
    [
        ("网上灭枪", '"网上 上灭 灭枪"'), ("枪", '"枪" *'), ("网上　灭枪", '"网上" AND "灭枪"'), ("a AND b", '"a" AND "b"'),
        ("a OR b c", '"a" OR ("b" AND "c")'), ("(a OR b) c", '("a" OR "b") AND "c"'), ("（a OR b） c", '("a" OR "b") AND "c"'),
        ("枪 NOT 网上", '"枪" * NOT "网上"'), ("枪 -网上 －山东", '"枪" * NOT ("网上" OR "山东")'), ("-网上 枪支", '"枪支" NOT "网上"'),
        ("NOT(a OR b) c", '"c" NOT ("a" OR "b")'), ("NOT NOT a", '"a"'), ("--a", '"a"'), ("(NOT a) OR b c", None), ("c (NOT a OR b)", '"c" NOT ("a" NOT "b")'),
        ('"人民 日报"', '"人民 民 日报"'), ("《人民日报》", '"人民 民日 日报"'), ("「a b」c", '"a b" AND "c"'), ("“a b", '"a b"'), ("title:织网", 'title : "织网"'),
        ("标题：织网 正文:a", 'title : "织网" AND body : "a"'), ("title:(a OR body:b)", 'title : "a" OR body : "b"'), ("title:-a b", '"b" NOT title : "a"'),
        ("gdp* 枪* “a b*” “a b”*", '"gdp" * AND "枪" * AND "a b" * AND "a b" *'), ("年GDP增", '"年 gdp 增" *'), ("防溺水（图）", '"防溺 溺水 水 图" *'),
        ("a) b", '"a" AND "b"'), ("((a", '"a"'), ("， a 。", '"a"'), ("- a", '"a"'), ("a OR ，", '"a"'), ("or and not", '"or" AND "and" AND "not"'), ('"OR" x', '"or" AND "x"'),
        ("http://www.whnews.cn/a_b", '"http www whnews cn a b"'), ("渔港飘起“织网歌”", '"渔港 港飘 飘起 起 织网 网歌"'),
    ],
)  # fmt: skip
def test_queries(query, expression):
    if expression is None:
        with pytest.raises(SearchError, match="only what must not be there"):
            bigrams.parse(query)
    else:
        assert bigrams.parse(query).expression == expression


@pytest.mark.parametrize(
    ("query", "says"),
    [
        ("", "nothing to search for"), ("，。", "nothing to search for"), ("()", "nothing to search for"), ("NOT a", "only what must not be there"),
        ("a OR NOT b", "only what must not be there"), ("-5℃", "only what must not be there"), ("OR a", "OR must stand between"), ("a OR", "OR must stand between"),
        ("a OR OR b", "OR must stand between"), ("AND a", "AND must stand between"), ("a AND", "AND must stand between"), ("(a AND) b", "AND must stand between"),
        ("a NOT", "NOT must be followed"), ("title:", "title: needs a word"), ("标题： ) OR b", "title: needs a word"), ("(" * 11 + "a", "more than 10 parentheses"),
        ("a " * 51, "more than 50 words"), ("a" * 1001, "more than 1000 characters"),
    ],
)  # fmt: skip
def test_queries_that_ask_for_nothing_say_what_to_do(query, says):
    with pytest.raises(SearchError, match=says):
        bigrams.parse(query)


PIECES = st.sampled_from(
    [
        *"( ) （ ） AND OR NOT - － title: body： 标题: \" “ ” 《 》 * ^ + : { } , NEAR( 网上 枪 gdp 1 ' ; -- % 𠮷 é _".split(),
        *"\0 \ud800\ue000\ufe0f",
        "  ",
    ]
)
FIXED = Index("网上灭枪", "gdp 1", "枪 NOT gdp", "é_1")


@settings(max_examples=400, deadline=None)
@given(st.one_of(st.text(max_size=30), st.lists(PIECES, max_size=40).map("".join), st.lists(PIECES, max_size=30).map(" ".join)))
@example("(" * 10 + "a OR -(b" + ")" * 11 + "*" * 30)
@example("-" * 999 + "a")
@example("title:" * 166 + "a")
@example("".join(f"枪{'abcdefghij'[n % 10]}" for n in range(500)))
@example("(a OR -(b (c OR -(d (e OR -(f (g OR -(h (i OR -(j k))))))))))")
def test_whatever_is_typed_is_answered(query):
    try:
        expression = bigrams.parse(query).expression
    except SearchError:
        return
    assert FIXED.find(expression) <= {0, 1, 2, 3}


TREES = st.recursive(
    st.sampled_from(["gdp", "网上", "枪", "1", "é", "灭枪"]),
    lambda inner: st.one_of(
        st.tuples(st.just("NOT"), inner), st.tuples(st.sampled_from(["AND", "OR"]), inner, inner), st.tuples(st.just("-"), inner)
    ),
    max_leaves=8,
)


def written(tree):
    if isinstance(tree, str):
        return tree
    if len(tree) == 2:
        return f"{tree[0]}{' ' if tree[0] == 'NOT' else ''}({written(tree[1])})"
    return f"({written(tree[1])}) {tree[0]} ({written(tree[2])})"


def holds(tree, text):
    if isinstance(tree, str):
        return scan(tree, text)
    if len(tree) == 2:
        return not holds(tree[1], text)
    return (all if tree[0] == "AND" else any)(holds(part, text) for part in tree[1:])


BOOLEAN = ["gdp 网上灭枪", "枪 1", "网上", "é 1 gdp", "灭枪 gdp", "", "1 枪 网上 é"]
ASKED = Index(*BOOLEAN)


@settings(max_examples=200, deadline=None)
@given(TREES)
def test_and_or_not_mean_what_they_say(tree):
    if holds(tree, ""):
        # All but something: what has no word at all would be among it.
        with pytest.raises(SearchError, match="only what must not be there"):
            bigrams.parse(written(tree))
        return
    expected = {number for number, text in enumerate(BOOLEAN) if holds(tree, text)}
    assert ASKED.find(bigrams.parse(written(tree)).expression) == expected


def test_marks():
    query = bigrams.parse("織網 OR 渔港 -忙")
    title = "休渔期里修网忙 北沙口渔港飘起“织网歌”"
    assert [part for part, hit in query.mark(title, "title") if hit] == ["渔港", "织网"]
    assert "".join(part for part, _ in query.mark(title, "title")) == title
    assert bigrams.parse("title:织网").mark(title, "body") == [(title, False)]
    # Hits that overlap are one, a phrase is marked across what parts it.
    assert bigrams.parse("网上灭 灭枪").mark("在网上灭枪", "body") == [("在", False), ("网上灭枪", True)]
    assert bigrams.parse("年GDP增").mark("去年，GDP 增长", "body") == [("去", False), ("年，GDP 增", True), ("长", False)]
    assert bigrams.parse("哈哈").mark("哈哈哈！", "body") == [("哈哈哈", True), ("！", False)]
    assert bigrams.parse("a").mark("", "title") == []


def test_a_snippet_shows_where_most_of_it_stands():
    text = "山东很大。" * 30 + "甲说织网。\n" + "这里没有。" * 30 + "乙说：渔港里有人织网。" + "别的事情，" * 40
    pieces = bigrams.parse("渔港 织网").snippet(text, "body", 60)
    assert [part for part, hit in pieces if hit] == ["渔港", "织网"]
    shown = "".join(part for part, _ in pieces)
    assert shown.startswith("…")
    assert shown.endswith("…")
    assert "\n" not in shown
    assert 50 <= len(shown) <= 70
    assert bigrams.parse("没有的").snippet(text, "body") == []
    assert bigrams.parse("织网").snippet("织网", "body") == [("织网", True)]


# -- the index of a database


def article(number, title, body, *, site="weihai", source=None, at="2026-11-20T08:00:00+08:00", precision="minute", **more):
    made = Article(
        url=f"http://{site}.example.cn/{number}.htm", site=site, publisher="大众网", title=title, body_text=body, source=source,
        published_at=at, published_precision=precision if at else None, **more,
    )  # fmt: skip
    made.content_hash = content_hash(title, body)
    return made


def stored(path, *articles):
    with Store(path) as store:
        store.add_site(Site("weihai", "大众网·威海", "大众网", "山东", "威海"))
        store.add_site(Site("yantai", "大众网·烟台", "大众网", "山东", "烟台"))
        store.write(articles)
    return path


def work_off(connection, **how):
    return sum(search.index(connection, **how))


def held(connection):
    """All tokens of the index with their articles and places."""
    connection.execute("CREATE VIRTUAL TABLE IF NOT EXISTS temp.tokens USING fts5vocab(main, articles_fts, instance)")
    return sorted(connection.execute("SELECT term, doc, col, offset FROM tokens").fetchall())


def should_hold(connection):
    """What a fresh index of the articles there are has."""
    out = []
    for number, *texts in connection.execute(
        "SELECT id, coalesce(kicker, '') || ' ' || title || ' ' || coalesce(subtitle, ''), body_text FROM articles"
    ):
        for column, text in zip(("title", "body"), texts, strict=True):
            out += [(token, number, column, place) for place, token in enumerate(bigrams.tokens(text).split())]
    return sorted(out)


def is_whole(connection):
    connection.execute("INSERT INTO articles_fts (articles_fts) VALUES ('integrity-check')")
    counted = connection.execute("SELECT count(*) FROM articles_fts_docsize").fetchone()
    return (
        held(connection) == should_hold(connection)
        and counted == connection.execute("SELECT count(*) FROM articles").fetchone()
        and connection.execute("SELECT count(*) FROM unindexed").fetchone() == (0,)
    )


@pytest.fixture
def store(tmp_path):
    with Store(tmp_path / "news.db") as opened:
        opened.add_site(Site("weihai", "大众网·威海", "大众网", "山东", "威海"))
        opened.add_site(Site("yantai", "大众网·烟台", "大众网", "山东", "烟台"))
        yield opened


WORDS_OF_NEWS = "网上 灭枪 織網 渔港 山东 海阳 GDP 2016年 3.5 記者 增长 苹果 ，。 the 5G".split()


def invented(draw):
    return "".join(draw.choices(WORDS_OF_NEWS, k=draw.randint(1, 12)))


def test_an_index_follows_what_happens(store):
    """New, changed, taken back, deleted, deleted and stored anew under the same number: the index is that of a fresh start."""
    draw = random.Random(1)
    connection = store.connection
    for step in range(120):
        number = draw.randrange(25)
        what = draw.random()
        if what < 0.55:
            store.write([article(number, invented(draw), invented(draw), kicker=draw.choice([None, "引题", invented(draw)]))])
        elif what < 0.7:
            connection.execute("DELETE FROM articles WHERE id = ?", (number + 1,))
        elif what < 0.8:
            connection.execute("UPDATE articles SET subtitle = ? WHERE id = ?", (draw.choice([None, invented(draw)]), number))
        else:
            # Only some of what waits.
            for _ in search.index(connection, batch=draw.randint(1, 4)):
                break
        if step % 40 == 39:
            work_off(connection)
            assert is_whole(connection)
    assert connection.execute("SELECT count(*) FROM articles").fetchone() > (5,)


def test_a_change_that_touches_no_text_waits_for_nothing(store):
    store.write([article(1, "织网", "正文")])
    assert work_off(store.connection) == 1
    store.connection.execute("UPDATE articles SET channel = '新闻', title = title, last_changed = 'x'")
    assert search.waiting(store.connection) == 0
    # Taken back before anybody looked, it costs nothing.
    store.connection.execute("UPDATE articles SET title = '另一个'")
    store.connection.execute("UPDATE articles SET title = '织网'")
    assert search.waiting(store.connection) == 1
    assert work_off(store.connection) == 1
    assert is_whole(store.connection)


def test_an_index_of_another_version_is_made_anew(store):
    store.write([article(n, f"题目{n}", "正文") for n in range(7)])
    connection = store.connection
    work_off(connection)
    assert search.state(connection) == search.State(7, 0, True)
    connection.execute("UPDATE settings SET value = '0' WHERE name = 'search'")
    connection.execute("INSERT INTO articles_fts (rowid, title, body) VALUES (99, 'of another', 'version')")
    store.write([article(3, "改了的题目", "正文")])
    connection.execute("DELETE FROM articles WHERE id = 2")
    assert search.state(connection) == search.State(8, 2, False)
    # One batch, and then others come.
    assert next(iter(search.index(connection, batch=2))) == 2
    assert search.state(connection) == search.State(2, 4, True)
    work_off(connection)
    assert is_whole(connection)
    # Where nothing waits it is looked at only if somebody asks.
    connection.execute("UPDATE settings SET value = '0' WHERE name = 'search'")
    assert work_off(connection) == 0
    assert work_off(connection, renew=True) == 6
    assert search.state(connection).current
    assert is_whole(connection)


def test_a_row_replaced_past_the_triggers(store):
    """INSERT OR REPLACE deletes without a trigger: the index cannot forget what it does not know, and starts anew."""
    store.write([article(n, f"题目{n}", "正文") for n in range(5)])
    connection = store.connection
    work_off(connection)
    columns = ", ".join(row[1] for row in connection.execute("PRAGMA table_info(articles)"))
    connection.execute("PRAGMA foreign_keys = OFF")
    connection.execute(
        f"INSERT OR REPLACE INTO articles ({columns}) SELECT {columns.replace('body_text', chr(39) + '换了' + chr(39))} FROM articles WHERE id = 3"
    )
    work_off(connection)
    assert search.find(connection, "换了").total == 1
    assert is_whole(connection)


WORKER = """
import sys
from newscrawl.store import search
from newscrawl.store.writer import connect
connection = connect(sys.argv[1])
left = int(sys.argv[2])
def wait():
    print("ready", flush=True)
    sys.stdin.readline()
def note(sql):
    # Stops within a transaction, after so many texts.
    global left
    left -= sql.startswith("INSERT INTO articles_fts ")
    if left == 0:
        wait()
connection.set_trace_callback(note)
if left < 0:
    wait()
for step in search.index(connection, batch=7):
    print(step, flush=True)
"""


def indexing_process(path, stops_after=-1):
    """A process that indexes: it stops within a batch after so many texts, else before it begins, until a line comes."""
    command = [sys.executable, "-c", WORKER, str(path), str(stops_after)]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    started = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment, text=True)
    while (line := started.stdout.readline()) != "ready\n":
        assert line
    return started


def test_killed_within_a_batch_it_goes_on(tmp_path):
    draw = random.Random(5)
    path = stored(tmp_path / "news.db", *(article(n, invented(draw), invented(draw)) for n in range(60)))
    with closing(connect(path)) as connection:
        for stops_after, left in ((17, 60 - 14), (4, 60 - 14), (30, 60 - 14 - 28)):
            with indexing_process(path, stops_after) as worker:
                os.kill(worker.pid, signal.SIGKILL)
            # What was indexed is whole, and what waits still does.
            assert search.state(connection) == search.State(60 - left, left, True)
        # Killed while it forgets: an old text and its new one go together, or not at all.
        connection.execute("UPDATE articles SET body_text = '后来改的' WHERE id < 20")
        with indexing_process(path, 9) as worker:
            os.kill(worker.pid, signal.SIGKILL)
        work_off(connection)
        assert is_whole(connection)


def test_two_at_once_share_the_work(tmp_path):
    draw = random.Random(6)
    path = stored(tmp_path / "news.db", *(article(n, invented(draw), invented(draw)) for n in range(60)))
    with indexing_process(path) as one, indexing_process(path) as two:
        done = []
        for worker in (one, two):
            worker.stdin.write("\n")
            worker.stdin.flush()
        for worker in (one, two):
            done.append(sum(map(int, worker.communicate(timeout=60)[0].split())))
            assert worker.returncode == 0
    assert sum(done) == 60
    with closing(connect(path)) as connection:
        assert is_whole(connection)


def test_what_is_left_is_told(tmp_path):
    path = stored(tmp_path / "news.db", *(article(n, f"题目{n}", "正文") for n in range(search.BATCH + 5)))
    told = []
    indexing.after_run(path, told.append, seconds=0)
    assert told == ["search: 5 articles are not in the index yet; the next run goes on, or: newscrawl search --index"]
    with closing(sqlite3.connect(path, isolation_level=None)) as other, closing(sqlite3.connect(path, timeout=0)) as connection:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(sqlite3.OperationalError, match="locked"):
            work_off(connection)
    with closing(connect(path)) as connection:
        connection.execute(
            "CREATE TRIGGER full BEFORE DELETE ON unindexed BEGIN SELECT raise(ABORT, 'database or disk is full'); END"
        )
        indexing.after_run(path, told.append)
        assert "the index is behind (database or disk is full)" in told[1]
        connection.execute("DROP TRIGGER full")
        indexing.after_run(path, told.append)
        assert len(told) == 2
        assert is_whole(connection)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_ctrl_c_ends_it_after_a_batch(tmp_path, number):
    path = stored(tmp_path / "news.db", *(article(n, f"题目{n}", "正文") for n in range(search.BATCH + 5)))
    before = signal.getsignal(number)
    with closing(connect(path)) as connection:
        connection.set_trace_callback(lambda sql: signal.raise_signal(number) if sql == "COMMIT" else None)
        assert indexing.work_off(connection) == 5
        connection.set_trace_callback(None)
        assert signal.getsignal(number) is before
        assert indexing.work_off(connection) == 0
        assert is_whole(connection)


# -- questions


def found(connection, query, **how):
    return [hit.id for hit in search.find(connection, query, **how).hits]


def test_title_before_text_and_new_before_old(store):
    filler = "今天的天气很好，市民都到海边来散步。" * 10
    store.write(
        [
            article(1, "海边散步", filler + "织网织网织网", at="2026-11-20T08:00:00+08:00"),
            article(2, "渔港里的织网人", filler, at="2024-11-20T08:00:00+08:00"),
            article(3, "海边散步", filler + "织网", at="2026-11-19T08:00:00+08:00"),
            article(4, "海边的散步", filler + "织网", at="2026-08-19T08:00:00+08:00"),
            article(5, "海边散步（二）", filler + "织网", at=None),
            article(6, "别的", filler),
            article(7, "将来的", filler + "织网", at="2099-01-01T00:00:00+08:00"),
        ]
    )
    work_off(store.connection)
    order = found(store.connection, "織網")
    assert order[:2] == [2, 1]
    assert order.index(3) < order.index(4)
    assert 6 not in order
    assert found(store.connection, "织网", newest=True) == [7, 1, 3, 4, 2, 5]
    hit = search.find(store.connection, "织网").hits[0]
    assert [part for part, is_hit in hit.marked if is_hit] == ["织网"]
    assert hit.site_title == "大众网·威海"
    # Pages are parts of one order.
    assert [found(store.connection, "织网", limit=1, offset=n)[0] for n in range(6)] == order
    assert found(store.connection, "织网", offset=6) == []


def test_kicker_and_subtitle_belong_to_the_title(store):
    store.write([article(1, "主题", "正文很长" * 40, kicker="引题说渔港", subtitle="副题说織網")])
    work_off(store.connection)
    for word in ("title:渔港", "title:织网"):
        (hit,) = search.find(store.connection, word).hits
        assert [part for part, is_hit in hit.snippet if is_hit] == [{"title:渔港": "渔港", "title:织网": "織網"}[word]]
    assert found(store.connection, "body:渔港") == []


def test_limits_are_kept(store, monkeypatch):
    store.write(
        [
            article(1, "织网一", "正文一", source="威海晚报", at="2026-11-01T00:00:00+08:00"),
            article(2, "织网二", "正文二", source="新华网", at="2026-11-01T23:59:59+08:00"),
            article(3, "织网三", "正文三", site="yantai", source="新华网", at="2026-11-02T00:00:00+08:00"),
            # In China it is the second already; and still the first.
            article(4, "织网四", "正文四", site="yantai", at="2026-11-01T20:00:00+00:00"),
            article(5, "织网五", "正文五", site="yantai", at="2026-11-02T00:30:00+09:00"),
            article(6, "织网六", "正文六", at=None),
        ]
    )
    connection = store.connection
    work_off(connection)
    asked = {
        "sites": [({"sites": ["yantai"]}, {3, 4, 5}), ({"sites": ["yantai", "weihai"]}, {1, 2, 3, 4, 5, 6}), ({"sites": ["qingdao"]}, set())],
        "source": [({"source": "新华网"}, {2, 3}), ({"source": "新华网", "sites": ["weihai"]}, {2})],
        "days": [
            ({"since": date(2026, 11, 2)}, {3, 4}), ({"until": date(2026, 11, 1)}, {1, 2, 5}), ({"since": date(2026, 11, 1)}, {1, 2, 3, 4, 5}),
            ({"since": date(2026, 11, 1), "until": date(2026, 11, 1)}, {1, 2, 5}), ({"until": date(2026, 10, 31)}, set()),
            ({"since": date.min, "until": date.max}, {1, 2, 3, 4, 5}),
        ],
        "whose": [({"publisher": "大众网"}, {1, 2, 3, 4, 5, 6}), ({"region": "山东", "publisher": "另一家"}, set())],
    }  # fmt: skip
    # Of few matches each is looked up, of many the limits are.
    for few in (search._FEW, 0):
        monkeypatch.setattr(search, "_FEW", few)
        for cases in asked.values():
            for how, expected in cases:
                assert set(found(connection, "织网", **how)) == expected, how
                assert set(found(connection, "织网", newest=True, **how)) == expected, how
                assert search.count(connection, "织网", **how) == len(expected)
                assert search.find(connection, "织网", **how).total == len(expected)


def test_of_very_many_the_last_stored_are_ranked(store, monkeypatch):
    store.write([article(n, f"织网{n}", f"正文{n}", site=["weihai", "yantai"][n % 2]) for n in range(1, 31)])
    work_off(store.connection)
    monkeypatch.setattr(search, "RANKED", 10)
    for how in ({}, {"sites": ["weihai", "yantai"]}):
        answer = search.find(store.connection, "织网", limit=50, **how)
        assert (answer.total, answer.ranked, answer.is_cut) == (30, 10, True)
        assert {hit.id for hit in answer.hits} == set(range(21, 31))
    assert not search.find(store.connection, "织网", limit=50, newest=True).is_cut
    assert len(found(store.connection, "织网", limit=50, newest=True)) == 30


def test_the_best_are_the_same_however_few_are_asked_for(store):
    """What is left out before days are looked at could not have come so far."""
    draw = random.Random(8)
    days = [f"20{draw.randint(10, 26)}-{draw.randint(1, 12):02}-{draw.randint(1, 28):02}T08:00:00+08:00" for _ in range(80)]
    store.write([article(n, invented(draw), "织网" * draw.randint(1, 5) + invented(draw) * 3, at=days[n]) for n in range(80)])
    work_off(store.connection)
    order = found(store.connection, "织网", limit=100)
    assert len(order) == 80
    for limit in (1, 3, 10):
        assert found(store.connection, "织网", limit=limit) == order[:limit]
    assert found(store.connection, "织网", limit=5, offset=20) == order[20:25]


def test_an_article_that_is_deleted_is_no_hit(store):
    store.write([article(n, f"织网{n}", "正文") for n in range(3)])
    work_off(store.connection)
    store.connection.execute("DELETE FROM articles WHERE id = 2")
    assert set(found(store.connection, "织网")) == {1, 3}


def test_an_analyst_needs_no_function(store):
    """The SQL that the head of store/search.py shows, on a connection of nobody's."""
    store.write([article(1, "网上灭枪行动", "去年GDP增长"), article(2, "织网", "枪声"), article(3, "渔港织网", "")])
    work_off(store.connection)
    with closing(sqlite3.connect(f"file:{store.path}?mode=ro", uri=True)) as plain:
        for match, expected in (
            ('"网上 上灭 灭枪"', [1]), ('"枪" *', [1, 2]), ('"年 gdp 增" *', [1]), ('title : "织网" NOT "渔港"', [2]),
        ):  # fmt: skip
            sql = (
                "SELECT a.id FROM articles_fts JOIN articles a ON a.id = articles_fts.rowid "
                "WHERE articles_fts MATCH ? ORDER BY bm25(articles_fts, 20, 1)"
            )
            assert sorted(row[0] for row in plain.execute(sql, (match,))) == expected
            assert match.split(" NOT ")[0] in search.__doc__


def test_a_connection_with_rows_of_its_own(store):
    """As Datasette opens it: rows by name, within a transaction or not, and nothing may be written."""
    store.write([article(n, f"织网{n}", "正文") for n in range(3)])
    work_off(store.connection)
    expected = search.find(store.connection, "织网")
    with closing(sqlite3.connect(f"file:{store.path}?mode=ro", uri=True)) as rows_by_name:
        rows_by_name.row_factory = sqlite3.Row
        rows_by_name.execute("PRAGMA query_only = 1")
        assert search.state(rows_by_name) == search.State(3, 0, True)
        for how in ({}, {"sites": ["weihai"]}, {"newest": True}):
            assert search.find(rows_by_name, "织网", **how).total == 3
        assert search.find(rows_by_name, "织网") == expected
        rows_by_name.execute("BEGIN")
        assert search.find(rows_by_name, "织网") == expected
        assert rows_by_name.in_transaction


def test_hostile_text(store):
    texts = [
        "\x00灭\x00枪",
        '"; DROP TABLE articles; --',
        "𠮷" * 5000,
        "a" * 30000,
        "\ue000\uf8ff",
        "<script>alert(1)</script>",
        "️" * 9,
        "网" * 20000,
    ]
    store.write([article(n, text[:300] or "无题", text) for n, text in enumerate(texts)])
    work_off(store.connection)
    assert is_whole(store.connection)
    assert found(store.connection, "DROP TABLE") == [2]
    assert found(store.connection, "𠮷" * 20) == [3]
    assert found(store.connection, "\ue000") == [5]
    assert search.find(store.connection, "script").hits[0].marked[1] == ("script", True)
    # FTS5 cuts a token of more than 32 kB, and forgets it as it was cut.
    store.write([article(99, "长", "a" * 40000)])
    work_off(store.connection)
    store.connection.execute("DELETE FROM articles")
    work_off(store.connection)
    assert held(store.connection) == []


# -- the command


@pytest.fixture
def news(tmp_path, monkeypatch):
    """A database with an index, as commands find it."""
    path = stored(
        tmp_path / "news.db",
        article(
            1,
            "休渔期里修网忙 北沙口渔港飘起“织网歌”",
            "渔港的码头上，一张张渔网铺开。" * 12,
            source="威海晚报",
            at="2026-11-20T00:41:20+00:00",
        ),
        article(
            2,
            "海风里的合唱团",
            "男人出海，女人在岸上織網、晒虾。",
            site="yantai",
            source="大众网·烟台",
            at="2026-11-02T00:00:00+08:00",
            precision="day",
        ),
        article(3, "5G基站", "GDP增长。", at=None),
    )
    indexing.after_run(path, pytest.fail)
    monkeypatch.setenv("NEWSCRAWL_DB", str(path))
    return path


def said(*arguments, code=0):
    result = CliRunner().invoke(main, ["search", *arguments])
    assert result.exit_code == code, result.output
    return result.output


def test_the_command(news):
    lines = said("织网").splitlines()
    assert lines[0] == "1  休渔期里修网忙 北沙口渔港飘起“织网歌”"
    assert lines[1].split() == ["2026-11-20", "08:41", "·", "大众网·威海", "·", "来源", "威海晚报"]
    assert lines[4] == "2  海风里的合唱团"
    assert lines[5].split()[0] == "2026-11-02"
    assert "在岸上織網" in lines[6]
    assert lines[-1] == "2 articles; newscrawl show 1 prints one whole"
    assert said("织网", "--limit", "1").splitlines()[-1].startswith("2 articles, the best 1 of them here;")
    assert said("织网", "--newest").startswith("1  ")
    assert "no date" in said("5g")


def test_words_of_the_command(news):
    for arguments in (
        ["织网", "-渔港"],
        ["织网 NOT 渔港"],
        ["織網", "--site", "烟台"],
        ["织网", "--until", "2026-11-02"],
        ["title:海风", "织网"],
    ):
        assert said(*arguments).splitlines()[-1] == "1 article; newscrawl show 2 prints one whole", arguments
    for arguments in (["织网", "--site", "weihai", "--site", "yantai"], ["织网", "--site", "山东"], ["织网", "--site", "dzwww"]):
        assert said(*arguments).splitlines()[-1].startswith("2 articles"), arguments


def test_json(news):
    answer = json.loads(said("织网", "--json", "--limit", "1"))
    assert {name: answer[name] for name in ("match", "total", "ranked", "indexed", "waiting")} == {
        "match": '"织网"', "total": 2, "ranked": 2, "indexed": 3, "waiting": 0,
    }  # fmt: skip
    (hit,) = answer["hits"]
    assert hit["published_at"] == "2026-11-20T00:41:20+00:00"
    assert ["织网", True] in hit["marked"]
    assert json.loads(said("没有的词", "--json"))["hits"] == []


def test_nothing_found_says_what_to_try(news):
    assert said("织网 火星") == "nothing found\n  each alone: 织网 2, 火星 0; OR between two asks for one of them\n"
    assert "without --since: 2 articles" in said("织网", "--since", "2027-01-01")
    assert "sources like 晚报: 威海晚报" in said("织网", "--source", "晚报")
    assert "gd* finds those that begin so" in said("GD")
    assert "渔港的码头 without anything between: 1 article" in said("渔港，的码头")
    assert said("火星") == "nothing found\n"


def test_what_waits_is_said_and_indexed(news):
    stored(news, article(4, "火星上的织网人", "正文"))
    assert said("火星") == "nothing found\n1 article waits to be indexed: newscrawl search --index\n"
    assert said("--index") == "4 articles in the index\n"
    assert "1 article;" in said("火星")
    with closing(connect(news)) as connection:
        connection.execute("UPDATE settings SET value = '0' WHERE name = 'search'")
    assert "made by another version" in said("火星")
    assert said("--index", "火星").startswith("4 articles in the index\n4  ")


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ([], "say what to search for"), (["NOT a"], "only what must not be there"), (["，"], "nothing to search for"), (["织网", "--site", "nowhere"], "--site nowhere: this database has no such site or group"),
        (["织网", "--since", "2026-11-02", "--until", "2026-11-01"], "no day lies between"), (["织网", "--sources", "x"], "No such option"),
        (["织网", "--since", "morgen"], "write it as 2026-11-01"), (["织网", "--db", "none.db"], "no such database"), (["--index", "--db", "none.db"], "no such database"),
    ],
)  # fmt: skip
def test_mistakes(news, arguments, says):
    assert says in said(*arguments, code=2)


def test_a_database_from_before(tmp_path):
    """Its articles wait; a command that reads says so, the index is made when it is asked for."""
    path = tmp_path / "old.db"
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        from sqlite_utils import Database, Migrations

        migrations = Migrations("newscrawl")
        for step in schema.MIGRATIONS[:7]:
            migrations()(step)
        migrations.apply(Database(connection))
        connection.execute(f"PRAGMA application_id = {schema.APPLICATION_ID}")
        connection.execute("PRAGMA user_version = 7")
        connection.execute("INSERT INTO sites (name) VALUES ('weihai')")
        connection.execute(
            "INSERT INTO articles (url, site, title, body_text, body_html, characters, content_hash, state_hash, first_seen, last_changed, "
            "flags, provenance) VALUES ('http://a.cn/', 'weihai', '织网', '正文', '', 2, '', '', '2026-11-20T00:00:00+00:00', '', '[]', '{}')"
        )
    assert "no search index yet: newscrawl search --index makes it" in said("织网", "--db", str(path), code=2)
    assert said("织网", "--index", "--db", str(path)).startswith("1 article in the index\n1  织网\n")


# -- runs


def test_crawls_and_ingests_leave_nothing_waiting(sample_database, tmp_path):
    with closing(connect(sample_database, readonly=True)) as connection:
        assert search.state(connection) == search.State(75, 0, True)
        assert search.find(connection, "织网").total > 0
    site = samplesite.SampleSite()
    page = tmp_path / "page.html"
    page.write_bytes(samplesite.render_2018(next(article for article in site.articles if article.layout == "2018")))
    path = tmp_path / "ingested.db"
    result = CliRunner().invoke(main, ["ingest", str(page), "--db", str(path)])
    assert result.exit_code == 0, result.output
    with closing(connect(path, readonly=True)) as connection:
        assert search.state(connection) == search.State(1, 0, True)


def test_no_crawl_begins_with_dictionaries():
    code = "import sys, newscrawl.run, newscrawl.readers, newscrawl.spider; sys.exit('opencc' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], env={**os.environ, "PYTHONPATH": str(ROOT)}).returncode == 0
