"""The command line: what a user types, what is printed, how it exits, and what a mistake is told."""

import json
import os
import sqlite3
import subprocess
import sys

import pytest
from conftest import ROOT

from newscrawl import __version__, cli, samplesite
from newscrawl.store.writer import Store


@pytest.fixture(scope="module")
def page(tmp_path_factory):
    article = next(a for a in samplesite.SampleSite().articles if a.layout == "2018" and len(a.urls) == 1 and a.recommended)
    path = tmp_path_factory.mktemp("pages") / "page.html"
    path.write_bytes(samplesite.render_2018(article))
    return article, path


def test_help_names_every_command(run_newscrawl):
    text = run_newscrawl("--help", check=0).stdout
    for command in ("crawl", "sites", "ingest", "show", "extract", "sample-site", "demo"):
        assert command in text
    assert "Exit codes" in text
    assert __version__ in run_newscrawl("--version", check=0).stdout


def test_the_table_of_commands_is_the_commands_own():
    """Help imports no command: what it says of one stands in a table."""
    for name, (_, about) in cli.TABLE.items():
        command = cli.main.commands[name]
        assert (command.name, command.get_short_help_str(limit=1000)) == (name, about)


def test_what_only_reads_does_without_scrapy(tmp_path):
    """It takes half a second to import, several times what these commands do."""
    with Store(tmp_path / "news.db"):
        pass
    program = (
        "import sys\nfrom newscrawl.cli import main\n"
        "for words in sys.argv[1:]:\n    main(words.split(), standalone_mode=False)\n"
        "print([name for name in ('scrapy', 'twisted', 'pandas', 'sqlite_utils') if name in sys.modules])"
    )
    commands = (
        "--version", "--help", "runs", "archive --help", "backup --help", "diff --help", "export --help", "graph --help",
        "links --help", "report --help", "reprints --help", "sample-site --help", "schedule --help", "search --help",
        "serve --help", "show --help",
    )  # fmt: skip
    variables = {**os.environ, "NEWSCRAWL_DB": str(tmp_path / "news.db"), "PYTHONPATH": str(ROOT)}
    done = subprocess.run([sys.executable, "-c", program, *commands], env=variables, capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[]", done.stdout


def test_sites_by_region(run_newscrawl):
    text = run_newscrawl("sites", check=0).stdout
    assert "大众网·威海" in text
    assert "never" in text
    rows = [json.loads(line) for line in run_newscrawl("sites", "--region", "山东", "--json", check=0).stdout.splitlines()]
    assert {row["name"] for row in rows} >= {"weihai", "yantai", "jinan"}
    assert len(rows) >= 17
    done = run_newscrawl("sites", "--region", "火星", check=2)
    assert "山东" in done.stderr


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["crawl"], "name a site or a group"),
        (["crawl", "weihei"], "Did you mean weihai"),
        (["crawl", "qqqqqqqq"], "newscrawl sites"),
        (["crawl", "weihai", "--all"], "not both"),
        (["crawl", "weihai", "--since", "2026-13-01"], "not a day"),
        (["crawl", "weihai", "--since", "2026-02-01", "--until", "2026-01-01"], "no day lies between"),
        (["crawl", "weihai", "--limit", "0"], "--limit"),
        (["crawl", "weihai", "--db", "."], "folder"),
        (["ingest", "nowhere"], "no such file or folder"),
        (["extract", "nowhere"], "no such file or folder"),
        (["show", "1"], "no such database"),
    ],
)
def test_a_mistake_is_said_in_a_line_and_exits_2(run_newscrawl, tmp_path, arguments, message):
    done = run_newscrawl(*arguments, check=2)
    assert message in done.stderr
    assert "Traceback" not in done.stderr
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("command", [["crawl", "weihai"], ["ingest", "."], ["show", "1"]])
@pytest.mark.parametrize("kind", ["text", "other", "newer"])
def test_a_database_that_is_not_ours_stays_untouched(run_newscrawl, tmp_path, command, kind):
    path = tmp_path / "their.db"
    if kind == "text":
        path.write_text("a letter, not a database\n" * 40)
    elif kind == "other":
        connection = sqlite3.connect(path)
        connection.execute("CREATE TABLE t (a)")
        connection.close()
    else:
        (tmp_path / "page.html").write_text("<p>x</p>")
        run_newscrawl("ingest", tmp_path / "page.html", "--db", path, check=0)
        connection = sqlite3.connect(path)
        connection.execute("PRAGMA user_version = 999")
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        connection.close()
    before = path.read_bytes()
    done = run_newscrawl(*command, "--db", path, check=2)
    assert "untouched" in done.stderr
    assert "--db" in done.stderr
    assert path.read_bytes() == before


def test_show(sample, run_newscrawl):
    site, base = sample
    run_newscrawl("crawl", "weihai", "--delay", 0, proxy=base, check=0)
    article = next(a for a in site.articles if a.host == "weihai.dzwww.com" and a.recommended and a.images and not a.copy)
    text = run_newscrawl("show", article.url, check=0).stdout
    assert article.title in text
    assert article.published_at in text
    assert article.images[0] in text
    assert article.recommended[0].title in text
    assert "相关新闻 (related): stands empty" in text
    assert "site:dzwww/" in text
    whole = json.loads(run_newscrawl("show", article.url.replace("http:", "https:") + "?from=timeline", "--json", check=0).stdout)
    assert whole["title"] == article.title
    assert [block["heading"] for block in whole["blocks"]][:2] == ["推荐阅读", "相关新闻"]
    assert json.loads(run_newscrawl("show", str(whole["id"]), "--json", check=0).stdout) == whole
    gone = next(trap["url"] for trap in site.traps if trap["kind"] == "soft404")
    assert "gave no article: soft404" in run_newscrawl("show", gone, check=2).stderr
    assert "not in" in run_newscrawl("show", "http://weihai.dzwww.com/unknown.htm", check=2).stderr


def test_extract_gives_one_object_a_page(page, run_newscrawl):
    article, path = page
    found = json.loads(run_newscrawl("extract", path, "--url", article.url, check=0).stdout)
    assert found["title"] == article.title
    assert found["published_at"] == article.published_at
    assert found["authors"] == list(article.authors)
    assert found["body_text"] == article.body_text
    assert [link["title"] for link in found["links"] if link["kind"] == "recommended"] == [
        link.title for link in article.recommended
    ]
    assert found["empty_blocks"] == [{"kind": "related", "heading": "相关新闻"}]
    assert found["provenance"]["body"] == "site:dzwww/2018"
    other = json.loads(run_newscrawl("extract", path, "--url", article.url, "--no-site-rules", check=0).stdout)
    assert other["title"] == article.title
    assert not other["provenance"]["body"].startswith("site:")


def test_extract_explains_each_field(page, run_newscrawl):
    article, path = page
    text = run_newscrawl("extract", path, "--url", article.url, "--explain", check=0).stdout
    for word in (
        "charset utf-8",
        "layout dzwww/2018",
        "title",
        "published_at",
        "source",
        "editors",
        "site:dzwww/2018",
        "generic",
        "meta:",
    ):
        assert word in text
    assert "block recommended: 推荐阅读" in text
    assert "block related: 相关新闻, 0 links" in text
    chosen = [line for line in text.splitlines() if line.startswith("*")]
    assert any(article.title in line for line in chosen)


def test_nothing_is_escaped(page, run_newscrawl):
    article, path = page
    assert "\\u" not in run_newscrawl("extract", path, "--url", article.url, check=0).stdout


def test_the_demo_wipes_nothing_but_demos(run_newscrawl, tmp_path):
    with Store(tmp_path / "mine.db"):
        pass
    (tmp_path / "mine.archive").mkdir()
    done = run_newscrawl("demo", "--db", tmp_path / "mine.db", check=2)
    assert "was not made by a demo" in done.stderr
    assert (tmp_path / "mine.archive").is_dir()


def test_the_demo_tells_what_it_stored(run_newscrawl, tmp_path):
    done = run_newscrawl("demo", "--db", tmp_path / "demo.db", check=0)
    assert done.stderr == ""
    for word in (
        "articles",
        "links",
        "recommended",
        "duplicates",
        "refused pages",
        "soft404",
        "seconds",
        "database",
        "four things to try next",
    ):
        assert word in done.stdout
    assert str(tmp_path / "demo.db") in done.stdout.replace("\n", "")
    connection = sqlite3.connect(tmp_path / "demo.db")
    assert connection.execute("SELECT count(*) FROM articles").fetchone()[0] >= 60
    connection.close()


def test_a_taken_port_is_said(run_newscrawl, sample):
    _, base = sample
    done = run_newscrawl("sample-site", "--port", base.rpartition(":")[2], check=2)
    assert "--port" in done.stderr
