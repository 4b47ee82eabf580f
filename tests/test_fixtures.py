"""Adding a site's pages by the commands, in a copy of the project, with the sample site as the web; and Scrapy's own commands."""

import json
import os
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest
from click.testing import CliRunner
from conftest import ROOT

from newscrawl import fixtures, samplesite, verify
from newscrawl.cli import main
from newscrawl.cli.options import project_settings, site_loader
from newscrawl.days import SHANGHAI, today
from newscrawl.fetch import Fetcher
from newscrawl.fixtures import Fixture, Meta
from newscrawl.spider import NewsSpider

BUOY = "http://weihai.dzwww.com/news/201607/t20160730_14657853.htm"
RESERVOIR = "http://weihai.dzwww.com/news/201607/t20160722_14646348.htm"
SHELL = "http://yantai.dzwww.com/news/201708/t20170805_16197845.htm"


@pytest.fixture(scope="module")
def proxy():
    with samplesite.running() as base:
        yield base


@pytest.fixture
def project(tmp_path, proxy):
    """A copy of the project with one site file and no fixtures, and a way to run programs in it."""
    for name in ("newscrawl", "data/sample"):
        shutil.copytree(ROOT / name, tmp_path / name, ignore=shutil.ignore_patterns("sample"))
    for file in (tmp_path / "newscrawl" / "spiders").glob("*.py"):
        if file.name not in ("__init__.py", "dzwww.py"):
            file.unlink()
    (tmp_path / "tests").mkdir()
    shutil.copy(ROOT / "scrapy.cfg", tmp_path)
    shutil.copy(ROOT / "tests" / "test_sites.py", tmp_path / "tests")

    def run(*arguments, program="newscrawl", check=0):
        variables = {**os.environ, "http_proxy": proxy, "https_proxy": proxy, "no_proxy": "", "NO_PROXY": ""}
        variables |= {"PYTHONPATH": str(tmp_path), "NEWSCRAWL_DB": str(tmp_path / "news.db"), "PYTHONDONTWRITEBYTECODE": "1"}
        command = [sys.executable, "-m", program, *arguments]
        done = subprocess.run(command, env=variables, cwd=tmp_path, capture_output=True, text=True, timeout=100)
        assert done.returncode == check, f"{done.stdout}\n{done.stderr}"
        return done.stdout + done.stderr

    run.folder = tmp_path
    run.sites = lambda chosen, **more: run(
        "-q", "-p", "no:cacheprovider", "tests/test_sites.py", "-k", chosen, program="pytest", **more
    )
    return run


@pytest.fixture
def weihai():
    return site_loader().sites["weihai"]


def test_from_a_page_to_a_green_test_and_to_a_changed_rule(project):
    """capture, look, accept; then a rule changes, and test and accept say what by it."""
    said = project("capture", "weihai", BUOY, "--slug", "buoy", "--delay", "0")
    folder = project.folder / "tests" / "sites" / "weihai" / "buoy"
    assert "海上“体温计”入列 三座浮标盯着近海水温" in said
    assert "newscrawl accept weihai/buoy" in said
    assert "without the text of 2 scripts" in said
    meta = json.loads((folder / "meta.json").read_text("utf-8"))
    assert meta["url"] == BUOY
    assert meta["reviewed"] is None
    assert datetime.fromisoformat(meta["fetched_at"]).utcoffset() == datetime.now(SHANGHAI).utcoffset()
    assert b"<script" in Fixture(folder).body()

    said = project.sites("buoy", check=1)
    assert "weihai/buoy: nobody has looked" in said
    assert "newscrawl accept weihai/buoy" in said

    said = project("accept", "weihai/buoy")
    assert "责任编辑：苗可期" in said
    assert "written: tests/sites/weihai/buoy/" in said
    assert Fixture(folder).meta().reviewed == today().isoformat()
    project.sites("buoy or test_a_site_has_an_article_on_file[weihai]")

    file = project.folder / "newscrawl" / "spiders" / "dzwww.py"
    file.write_text(file.read_text("utf-8").replace('source="#source_baidu"', 'source="h2"'), "utf-8")
    said = project.sites("buoy", check=1)
    difference = "  source\n    expected  大众网·威海\n    found     海上“体温计”入列 三座浮标盯着近海水温\n"
    assert difference in said
    assert "newscrawl accept weihai/buoy" in said

    before = (folder / "expected.json").read_bytes()
    assert difference in project("accept", "--check", "weihai", check=1)
    assert (folder / "expected.json").read_bytes() == before


def test_a_live_site_that_reads_well_is_on_record(project):
    said = project("verify", "weihai", "--pages", "3", "--delay", "0")
    assert "3 of 3 pages give title, time and body" in said
    status = f"verified {today()} (weihai)"
    assert f'    status = "{status}"\n' in (project.folder / "newscrawl" / "spiders" / "dzwww.py").read_text("utf-8")
    seen = json.loads((project.folder / "tests" / "sites" / "weihai" / "verified.json").read_text("utf-8"))
    assert seen["day"] == today().isoformat()
    assert len(seen["addresses"]) == 3
    assert seen["fields"]["title"] == {"site": 3}
    assert not (project.folder / "news.db").exists()
    # Its neighbour is not there: the reason, and nothing on record.
    said = project("verify", "linyi", "--delay", "0", check=1)
    assert "robots.txt answers 502" in said
    assert "linyi is not verified: none of its lists could be read" in said
    assert not (project.folder / "tests" / "sites" / "linyi").exists()


def test_scrapys_own_commands(project):
    said = project("genspider", "-t", "news", "luoyang", "www.luoyang.example", program="scrapy")
    file = project.folder / "newscrawl" / "spiders" / "luoyang.py"
    assert "Created spider 'luoyang'" in said
    assert 'home = "https://www.luoyang.example/"' in file.read_text("utf-8")
    config = str(ROOT / "pyproject.toml")
    for check in (["check"], ["format", "--check"]):
        project(*check, "--config", config, str(file), program="ruff")
    now = ("-s", "DOWNLOAD_DELAY=0")
    with ThreadPoolExecutor(2) as two:
        listed = two.submit(project, "genspider", "--list", program="scrapy")
        tested = two.submit(project.sites, "luoyang", check=1)
        checked = two.submit(project, "check", "weihai", program="scrapy")
        shell = two.submit(project, "shell", BUOY, "-c", "spider.name, response.status", *now, program="scrapy")
        parsed = two.submit(project, "parse", BUOY, "--nocolour", *now, program="scrapy")
        channel = "http://weihai.dzwww.com/minsheng/"
        list_parsed = two.submit(project, "parse", channel, "--noitems", "--nocolour", *now, program="scrapy")
    assert {"basic", "crawl", "news"} <= set(listed.result().split())
    # The new site is a site like any other, that lacks a page.
    assert "luoyang has no article on file: newscrawl capture luoyang URL" in tested.result()
    assert "1 failed, 2 passed" in tested.result()
    assert "Ran 0 contracts" in checked.result()
    assert "('weihai', 200)\n" in shell.result()
    assert "'title': '海上“体温计”入列 三座浮标盯着近海水温'" in parsed.result()
    assert "<GET http://weihai.dzwww.com/minsheng/201708/t20170804_16196892.htm>" in list_parsed.result()
    assert not (project.folder / "news.db").exists()


def command(*arguments, proxy="http://127.0.0.1:9", monkeypatch=None):
    """A command of newscrawl in this process; says what it printed and its exit code."""
    if monkeypatch is not None:
        for name in ("http_proxy", "https_proxy"):
            monkeypatch.setenv(name, proxy)
    done = CliRunner().invoke(main, [str(argument) for argument in arguments])
    return done.output, done.exit_code


def test_what_capture_refuses(tmp_path, proxy, monkeypatch):
    where = ("--tests", tmp_path, "--delay", "0")
    said, code = command("capture", "wehai", BUOY, *where)
    assert code == 2
    assert "no site 'wehai'. Did you mean weihai" in said
    said, code = command("capture", "weihai", SHELL, *where)
    assert code == 2
    assert f"{SHELL} is not on weihai.dzwww.com" in said
    assert f"newscrawl capture yantai {SHELL}" in said
    said, code = command("capture", "weihai", "weihai.dzwww.com", *where)
    assert code == 2
    assert "is no address" in said
    said, code = command("capture", "weihai", "http://weihai.dzwww.com/admin/", *where, proxy=proxy, monkeypatch=monkeypatch)
    assert code == 1
    assert "http://weihai.dzwww.com/admin/: robots.txt disallows it; nothing was captured" in said
    assert list(tmp_path.iterdir()) == []


def test_a_saved_page_and_a_list(tmp_path):
    saved = tmp_path / "page.html"
    saved.write_bytes(Fixture(ROOT / "tests" / "sites" / "weihai" / "2016").body())
    os.utime(saved, (1469844000, 1469844000))
    where = ("--from", saved, "--tests", tmp_path / "sites")
    said, code = command("capture", "weihai", BUOY, *where)
    assert code == 0, said
    assert Fixture(tmp_path / "sites" / "weihai" / "t20160730_14657853").meta().fetched_at == "2016-07-30T10:00:00+08:00"
    said, code = command("capture", "weihai", BUOY, *where)
    assert code == 2
    assert "is there already" in said
    said, code = command("capture", "weihai", "http://weihai.dzwww.com/news/", *where)
    assert code == 2
    assert "--list" in said
    said, code = command("capture", "weihai", "http://weihai.dzwww.com/news/", "--list", *where)
    assert code == 0, said
    assert "This is read as no list" not in said
    assert Fixture(tmp_path / "sites" / "weihai" / "news").meta().kind == "list"


def test_accept_says_what_it_cannot_use(tmp_path):
    shutil.copytree(ROOT / "tests" / "sites" / "weihai" / "2016", tmp_path / "nobody" / "2016")
    shutil.copytree(ROOT / "tests" / "sites" / "weihai" / "2016", tmp_path / "weihai" / "2016")
    said, code = command("accept", "--tests", tmp_path)
    assert code == 1
    assert "nobody/2016: there is no site 'nobody'" in said
    assert "2 fixtures; 1 as expected; 1 cannot be used" in said
    (tmp_path / "weihai" / "2016" / "response.html.gz").write_bytes(b"no gzip")
    said, code = command("accept", "weihai/2016", "--tests", tmp_path)
    assert code == 1
    assert "response.html.gz: cannot be read" in said
    said, code = command("accept", "weihai/2017", "--tests", tmp_path)
    assert code == 2
    assert "Did you mean weihai/2016" in said


def test_a_difference_is_told_down_to_the_link(weihai):
    page = Fixture(ROOT / "tests" / "sites" / "weihai" / "2016")
    expected, found = page.expected(), page.expected()
    links = found["blocks"][0]["links"]
    links[3]["title"] = "另一个标题"
    del links[4]
    found["body_text"][1] = found["body_text"][1].replace("每隔半小时测一次", "每隔一小时测一次")
    del found["correspondents"]
    told = ["\n".join(change.lines()) for change in fixtures.changes(expected, found)]
    assert [text.partition("\n")[0].strip() for text in told] == [
        "correspondents",
        "body_text, 2",
        "blocks, 推荐阅读, links, link 4, title",
        "blocks, 推荐阅读, links, link 5",
    ]
    assert told[0].endswith("expected  刁望潮\n    found     (nothing)")
    assert "每隔半小时" in told[1]
    assert "每隔一小时" in told[1]
    assert all(len(line) < 125 for text in told for line in text.splitlines())
    assert fixtures.report("weihai/2016", expected, expected) == []


def test_a_page_in_the_wrong_place_is_told(weihai):
    meta = Fixture(ROOT / "tests" / "sites" / "weihai" / "2016").meta()
    assert fixtures.out_of_place(meta, weihai) is None
    assert "is not on weihai.dzwww.com" in fixtures.out_of_place(replace(meta, url=SHELL), weihai)
    assert "not the address of an article" in fixtures.out_of_place(replace(meta, url="http://weihai.dzwww.com/news/"), weihai)
    assert "is no list" in fixtures.out_of_place(replace(meta, kind="list"), weihai)


def test_a_script_that_is_read_keeps_its_text(tmp_path):
    class Anyone(NewsSpider):
        """Known from nowhere: a site without rules."""

        name = "anyone"
        home = "http://www.anyone.example/"

    body = (
        "<html><head><title>旧桥重开</title>"
        '<script type="application/ld+json">{"@type": "NewsArticle", "headline": "旧桥重开", "datePublished": "2017-07-28T10:28:00+08:00"}'
        "</script><script>var counter = 1;</script></head><body><h1>旧桥重开</h1><div>"
        + "".join(
            f"<p>第{n}天，桥上的石板换好了一半，行人从便桥绕行，两岸的店铺照常开门，河里的水也退了下去。</p>" for n in range(6)
        )
        + "</div></body></html>"
    ).encode()
    meta = Meta("http://www.anyone.example/2017/0728/1.html", "2017-07-29T08:00:00+08:00")
    taken = fixtures.take(tmp_path / "anyone" / "1", body, meta, Anyone)
    assert (taken.dropped, taken.kept) == (1, 1)
    assert b"counter" not in taken.fixture.body()
    assert fixtures.outcome(taken.fixture.body(), meta, Anyone) == taken.found
    assert taken.found["published_at"] == "2017-07-28T10:28:00+08:00"
    with pytest.raises(FileExistsError):
        fixtures.take(tmp_path / "anyone" / "1", body, meta, Anyone)


@pytest.mark.parametrize(
    ("url", "name"),
    [
        (BUOY, "t20160730_14657853"),
        ("http://a.cn/", "front"),
        ("http://a.cn/html/2019-03/05/content_123.htm", "content_123"),
        ("http://a.cn/news/index.html", "news_index"),
        ("http://a.cn/show.php?id=17", "show_id_17"),
    ],
)
def test_a_fixture_is_named_after_its_address(url, name):
    assert fixtures.slug(url) == name


def test_fetching_in_several_goes(proxy, monkeypatch):
    """Redirects, refusals and headers of single pages, in one process; what a page names is no leave to reach private addresses."""
    for name in ("http_proxy", "https_proxy"):
        monkeypatch.setenv(name, proxy)
    settings = project_settings(Path("unused.db"))
    settings.set("DOWNLOAD_DELAY", 0, priority="cmdline")
    with Fetcher(site=None, settings=settings) as fetcher:
        moved, missing, forbidden = fetcher.fetch(
            [
                "http://weihai.dzwww.com/xinwen/201607/t20160722_14645919.htm",
                "http://weihai.dzwww.com/none.htm",
                "http://weihai.dzwww.com/admin/",
            ]
        )
        (private,) = fetcher.fetch(["http://10.0.0.1/"])
    assert (moved.final_url, moved.status, moved.problem) == (RESERVOIR, 200, None)
    assert moved.redirects == ("http://weihai.dzwww.com/xinwen/201607/t20160722_14645919.htm",)
    assert moved.headers["content-type"].startswith("text/html")
    assert moved.at.utcoffset() == datetime.now(SHANGHAI).utcoffset()
    assert missing.problem == "the server answers 404"
    assert forbidden.robots
    assert forbidden.problem == "robots.txt disallows it"
    assert "10.0.0.1" in private.problem


def test_status_goes_into_the_right_class():
    text = 'class A(NewsSpider):\n    """A."""\n\n    name = "a"\n    status = "unverified"\n\n\nclass B(NewsSpider):\n    """B."""\n\n    name = "b"\n'
    assert verify.with_status(text, "A", "verified 2026-11-24") == text.replace("unverified", "verified 2026-11-24")
    assert verify.with_status(text, "B", "unverified").endswith('"""B."""\n\n    status = "unverified"\n    name = "b"\n')
    with pytest.raises(ValueError, match="no class C"):
        verify.with_status(text, "C", "unverified")


def test_the_project_is_found_from_any_of_its_folders(tmp_path):
    (tmp_path / "scrapy.cfg").write_text("[settings]\n")
    (tmp_path / "a" / "b").mkdir(parents=True)
    assert fixtures.home(tmp_path / "a" / "b") == tmp_path / "tests" / "sites"
