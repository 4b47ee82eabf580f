"""Looking at a site that nobody has described: its article addresses, its channels, what is read of it, the site file, the commands."""

import json
import os
import random
import re
import subprocess
import sys
from datetime import date
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from click.testing import CliRunner

from newscrawl import addresses, cli, discovery, fixtures, project, samplepaper, samplesite, survey, unknown
from newscrawl.extract.page import Page
from newscrawl.fixtures import Fixture
from newscrawl.spider import NewsSpider
from newscrawl.store.writer import connect
from newscrawl.survey import Seen

ROOT = Path(__file__).parent.parent
SITE = samplesite.SampleSite()
PAPER = f"http://{samplepaper.HOST}/"
DAY = date(2026, 11, 24)

# -- addresses of articles: how CMSes write them, as {format} of made-up numbers

MAKES = {
    "trs": "/{c}/{y}{m:02}/t{y}{m:02}{d:02}_{i8}.htm",
    "trs, deeper": "/{c}/bd/{y}{m:02}/t{y}{m:02}{d:02}_{i7}.html",
    "trs, shtml": "/{c}/{y}{m:02}/t{y}{m:02}{d:02}_{i8}.shtml",
    "founder": "/{c}/{y}-{m:02}/{d:02}/content_{i7}.htm",
    "founder, c": "/p/{y}{m:02}/{d:02}/c{i8}.html",
    "founder, WS": "/{c}/{y}{m:02}/{d:02}/WS{hex20}.html",
    "founder, paper": "/html/{y}-{m:02}/{d:02}/content_{i5}_{i8}.htm",
    "founder, node": "/node_{i4}/{y}-{m:02}/{d:02}/content_{i8}.htm",
    "people": "/n2/{y}/{m:02}{d:02}/c{i6}-{i8}.html",
    "xinhua": "/{c}/{y}{m:02}{d:02}/{hex32}/c.html",
    "xinhua, before": "/{c}/{y}-{m:02}/{d:02}/c_{i9}.htm",
    "chinanews": "/{c}/{y}/{m:02}-{d:02}/{i8}.shtml",
    "system": "/system/{y}/{m:02}/{d:02}/0{i9}.shtml",
    "jcms": "/art/{y}/{m}/{d}/art_{i4}_{i6}.html",
    "day in one folder": "/{c}/{y}-{m:02}-{d:02}/{i6}.html",
    "month and day": "/{c}/{y}/{m:02}{d:02}/{i6}.shtml",
    "three folders": "/{c}/{y}/{m:02}/{d:02}/{i6}.html",
    "dedecms": "/a/{c}/{y}/{m:02}{d:02}/{i5}.html",
    "phpcms": "/{y}/{c}_{m:02}{d:02}/{i5}.html",
    "phpcms, query": "/index.php?a=show&c=index&catid={n}&id={i5}&m=content",
    "php": "/show.php?id={i5}",
    "asp": "/news/shownews.asp?id={i4}",
    "aspx": "/NewsDetail.aspx?id={i6}",
    "dedecms, query": "/plus/view.php?aid={i6}",
    "discuz": "/article-{i5}-1.html",
    "discuz, query": "/portal.php?aid={i5}&mod=view",
    "phpcms, show": "/show-{n}-{i5}-1.html",
    "number": "/{c}/{i6}.html",
    "number at the root": "/{i8}.html",
    "detail": "/detail/{i7}.html",
    "general": "/general/{i8}.html",
    "no ending": "/news/{i8}",
    "wordpress": "/archives/{i5}",
    "wordpress, slash": "/archives/{i5}/",
    "wordpress, query": "/?p={i5}",
    "wordpress, day": "/{y}/{m:02}/{d:02}/{i6}/",
    "uuid": "/news/{hex8}-{hex4}-{hex4}-{hex4}-{hex12}.html",
    "a code in lower case": "/{c}/{y}-{m:02}-{d:02}/doc-i{code13}.shtml",
    "a code in upper case": "/news/article/{CODE16}.html",
    "a code with a day": "/{y}/{m:02}/{d:02}/ARTI{code20}26{m:02}{d:02}.shtml",
    "a code alone": "/article/{code11}",
    "script route": "/#/detail/{i7}",
    "day and number": "/n/{y}{m:02}{d:02}{i6}.html",
    "jhtml": "/{c}/{i6}.jhtml",
    "info": "/info/{i4}/{i5}.htm",
}
OTHERS = {
    "/": "首页", "/news/": "本地新闻", "/shehui/": "社会", "/minsheng/index.html": "民生", "/jiaoyu/index_2.html": "下一页",
    "/node_1203.htm": "时政", "/col/col1203/index.html": "财经", "/list-12-1.html": "体育", "/zt/2026/lianghui/": "聚焦海滨市两会特别报道专题",
    "/zt/20261101/": "庆祝海滨建市四十周年专题报道", "/about/": "关于我们", "/about/lianxi.html": "联系我们", "/help/2.html": "网站声明",
    "/user/login.php": "登录", "/goods/10023.html": "海滨特产大礼包一份包邮到家", "/search.php?q=1": "搜索",
    "/index.php?a=lists&c=index&catid=12&m=content": "要闻", "/video/": "视频", "/news/gn/": "国内",
    "/special/2025/jlqj/index.html": "建设海洋强市系列报道之二",
}  # fmt: skip
HEADLINE = "海滨市今年秋季旅游人数比去年同期增长一成半"


class Numbers(dict):
    """Made-up values for the places of a format: i7 is a number of seven digits, hex32 and code11 what they say."""

    def __init__(self, dice):
        super().__init__(y=dice.randint(2023, 2026), m=dice.randint(1, 12), d=dice.randint(1, 28), n=dice.randint(3, 120))
        self["c"] = dice.choice(["news", "bdxw", "shehui", "minsheng", "jiaoyu", "gj"])
        self.dice = dice

    def __missing__(self, name):
        kind, length = re.fullmatch(r"(i|hex|code|CODE)(\d+)", name).groups()
        length = int(length)
        if kind == "i":
            return str(self.dice.randint(10 ** (length - 1), 10**length - 1))
        if kind == "hex":
            return "".join(self.dice.choices("0123456789abcdef", k=length))
        text = self.dice.choice("ABC") + "".join(
            self.dice.choices("abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQ0123456789", k=length - 2)
        )
        text += self.dice.choice("0123456789")
        return text.upper() if kind == "CODE" else text


def made(make, count, dice):
    return ["http://www.a.cn" + make.format_map(Numbers(dice)) for _ in range(count)]


def links(*groups):
    found = {url: HEADLINE[: 9 + number % 10] for group in groups for number, url in enumerate(group)}
    return found | {"http://www.a.cn" + path: words for path, words in OTHERS.items()}


@pytest.mark.parametrize("make", MAKES.values(), ids=MAKES)
def test_the_pattern_of_article_addresses_is_learned(make):
    dice = random.Random(make)
    learned = addresses.learn(links(made(make, 40, dice)))
    later = made(make, 200, dice)
    assert [url for url in later if not learned.compiled.search(url)] == []
    assert [path for path in OTHERS if learned.compiled.search("http://www.a.cn" + path)] == []
    assert learned.strays == ()
    assert (learned.matched, learned.headlines) == (40, 40)


def test_a_pattern_is_learned_from_few_links_too():
    for make in MAKES.values():
        dice = random.Random(make)
        learned = addresses.learn(links(made(make, 6, dice)))
        assert learned is not None, make
        assert sum(bool(learned.compiled.search(url)) for url in made(make, 100, dice)) >= 90, (make, learned.text)


def test_two_generations_of_addresses_are_one_pattern():
    dice = random.Random(3)
    old, new = made(MAKES["trs"], 20, dice), made(MAKES["xinhua"], 30, dice)
    learned = addresses.learn(links(old, new))
    assert len(learned.makes) == 2
    assert all(learned.compiled.search(url) for url in (*old, *new))
    assert [path for path in OTHERS if learned.compiled.search("http://www.a.cn" + path)] == []


def test_a_hostile_address_costs_no_more_than_its_length():
    urls = [f"http://www.a.cn/{'_'.join(['a' * 3 + c] * 50)}_{n}123.html" for n, c in enumerate("abcdefgh")]
    learned = addresses.learn(links(urls, made(MAKES["trs"], 20, random.Random(1))))
    assert learned is not None
    assert not learned.compiled.search("http://www.a.cn/" + "a_" * 1000 + "!")


def test_without_headlines_nothing_is_learned():
    assert addresses.learn({"http://www.a.cn" + path: words for path, words in OTHERS.items()}) is None
    assert addresses.learn(links(made(MAKES["trs"], 2, random.Random(1)))) is None


def test_an_address_with_a_query_behind_it_is_the_same_article():
    urls = made(MAKES["trs"], 10, random.Random(1))
    learned = addresses.learn(links(urls, [f"{url}?from=top" for url in urls]))
    assert learned.text == r"/\d{6}/t\d{8}_\d+\.html?$"


@pytest.mark.parametrize(
    ("path", "words", "is_channel"),
    [
        ("/news/", "威海新闻", True),
        ("/node_1203.htm", "时政", True),
        ("/col/col12/index.html", "县区动态", True),
        ("/about/", "关于我们", False),
        ("/news/", "更多", False),
        ("/zt/2026/", "两会专题", False),
        ("/news/202611/t20261101_1234567.htm", "市长调研", False),
        ("/news/", "海滨市今年秋季旅游人数增长", False),
        ("/bbs/", "海滨论坛", False),
        ("/news/a.jpg", "图片新闻", False),
    ],
)
def test_channels_are_told_from_what_any_site_has(path, words, is_channel):
    assert addresses.is_channel(f"http://www.a.cn{path}", words) is is_channel


# -- a site


def seen(url):
    parts = urlsplit(url)
    answer = SITE.page(parts.path, parts.netloc)
    assert answer.status == 200, url
    return Seen(url, answer.body)


def look(home, channels=5, articles=5):
    front = seen(home)
    hosts = survey.hosts_of(home)
    lists = [seen(channel.url) for channel in survey.channels_of(front.page(), hosts, discovery.ARTICLE)[:channels]]
    urls = survey.articles_of([one.page() for one in lists], hosts, discovery.ARTICLE)[:articles]
    return survey.survey(front, lists, [seen(url) for url in urls], day=DAY)


def test_a_paper_that_nobody_has_described():
    found = look(PAPER)
    paper = samplepaper.truth(samplesite.folder())
    assert found.title[0] == paper["name"]
    assert found.publisher[0] == paper["house"]
    assert "主办" in found.publisher[1]
    assert dict(found.families) == {"founder": 5}
    assert found.pattern.text == r"/\d{4}-\d\d/\d\d/content_\d+\.html?$"
    assert [(channel.title, channel.articles) for channel in found.channels] == [("海滨新闻", 5), ("民生", 4)]
    assert found.feeds == [f"{PAPER}rss.xml"]
    assert found.blocks == {"推荐阅读": 5}
    assert [(block.heading, block.pages) for block in found.empty] == [("相关新闻", 5)]
    assert found.empty[0].named.startswith(f"{PAPER}api/related/")
    assert dict(found.hint.selectors()) == {
        "byline": "span.writer", "source": "span.origin", "editors": "div.duty-editor", "body": "#articleContent",
    }  # fmt: skip
    assert found.doubts == []
    layers = {reading.name: reading.layers for reading in found.fields}
    assert layers["title"] == layers["body"] == {"cms"}
    assert layers["source"] == layers["editors"] == {"generic"}


def test_a_site_whose_family_knows_all_needs_no_layout():
    found = look("http://weihai.dzwww.com/")
    assert found.hint is None
    assert "trs" in found.families
    assert set(found.charsets) == {"utf-8", "gb18030"}
    assert [channel.title for channel in found.lists] == ["威海新闻", "威海民生", "图片频道"]
    assert found.pattern.text == r"/\d{6}/t\d{8}_\d+\.html?$"
    assert len({url.partition("?")[0] for url in found.articles}) == 5


PAGE = """<html><head><title>{title}-海滨</title></head><body><div class="head">{decoy}</div>
<div class="main"><h1>{title}</h1><div class="msg"><span class="day">2026-11-0{n} 08:00</span> <span class="from">来源：海滨晚报{n}</span></div>
<div class="text"><p>{text}</p><p>{text}</p></div><div class="zb">责任编辑：程以宁</div></div></body></html>"""


@pytest.mark.parametrize("decoy", ["", '<span class="from">手机看新闻</span>'], ids=["alone", "second of its name"])
def test_a_layout_is_suggested_only_if_it_reads_what_was_read(decoy):
    text = "海滨市气象台发布预报，未来三天沿海早晚多雾，能见度最低不足五百米，出海船只应注意避让。" * 2
    pages = []
    for n in range(1, 4):
        body = PAGE.format(title=f"第{n}场海雾预报来了请注意", n=n, text=text, decoy=decoy)
        pages.append(Seen(f"http://www.a.cn/n/2026110{n}/12345{n}.html", body.encode()))
    front = Seen("http://www.a.cn/", b"<html><title>x</title><body></body></html>")
    found = survey.survey(front, [], pages, day=DAY)
    named = dict(found.hint.selectors())
    assert named["body"] == "div.text"
    assert named["editors"] == "div.zb"
    # Where another element of the name stands before it, the line that it stands in names it.
    assert named.get("source") == ("span.from" if not decoy else "div.msg span.from")


def test_a_site_that_cannot_be_read_is_doubted():
    found = survey.survey(Seen("http://www.a.cn/", "<html><title>海滨网</title><body>欢迎</body></html>".encode()), day=DAY)
    assert found.pattern is None
    assert any("no pattern" in doubt for doubt in found.doubts)
    assert any("no channel" in doubt for doubt in found.doubts)


@pytest.mark.parametrize(
    ("url", "name"),
    [
        ("http://www.haibinrb.example/", "haibinrb"),
        ("http://weihai.dzwww.com/", "dzwww_weihai"),
        ("https://news.cn/", "news"),
        ("https://www.163.com/", "site163"),
        ("https://www.a-b.com.cn/", "a_b"),
        ("https://epaper.hb.gov.cn/x/", "hb_epaper"),
        ("http://[::1]:8000/", "site1"),
    ],
)
def test_a_name_for_a_site(url, name):
    assert re.fullmatch(r"[a-z][a-z0-9_]*", survey.name_of(url))
    if name != "site1":
        assert survey.name_of(url) == name


# -- its file


def test_a_site_file_is_data_that_loads(tmp_path):
    found = look(PAPER)
    found.channels += [survey.Channel(f"{PAPER}a-channel-with-a-name-of-its-own-{n}/", f"频道{n}") for n in range(20)]
    found.channels.append(survey.Channel(f"{PAPER}some/where/else.html", "别处"))
    file = tmp_path / "haibinrb.py"
    file.write_text(survey.source(found, name="haibinrb", title='海滨"新闻"网', region="山东", city="海滨"), "utf-8")
    text = file.read_text("utf-8")
    assert len(text.splitlines()) <= 40
    for arguments in (["check"], ["format", "--check"]):
        done = subprocess.run(
            [sys.executable, "-m", "ruff", *arguments, "--config", ROOT / "pyproject.toml", file], capture_output=True, text=True
        )
        assert done.returncode == 0, f"{done.stdout}{done.stderr}\n{text}"
    spider = project.spider_in(file)
    assert spider.__bases__ == (NewsSpider,)
    assert (spider.name, spider.region, spider.city, spider.publisher) == ("haibinrb", "山东", "海滨", "海滨日报社")
    assert spider.status == "unverified"
    assert spider.family == ("founder",)
    assert spider.handles_request(type("Request", (), {"url": f"{PAPER}haibin/"}))
    assert re.search(spider.article, f"{PAPER}haibin/2026-12/01/content_12.htm")
    # Those that were looked at, and of the others those that are addressed like them.
    assert 2 < len(spider.channels) <= survey.LISTED
    assert f"{PAPER}some/where/else.html" not in spider.channels
    for name in ("hosts", "channels", "family", "feeds", "layouts"):
        assert isinstance(getattr(spider, name), tuple), name


# -- the commands


@pytest.fixture
def invoke(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv(project.VARIABLE, raising=False)
    monkeypatch.setattr(sys, "path", [*sys.path])
    modules = set(sys.modules)

    def run(*arguments):
        # Each command is a process of its own, else.
        os.environ.pop(project.VARIABLE, None)
        return CliRunner().invoke(cli.main, [str(argument) for argument in arguments])

    yield run
    os.environ.pop(project.VARIABLE, None)
    for name in set(sys.modules) - modules:
        if name.partition(".")[0] in ("mine", "other"):
            del sys.modules[name]


@pytest.fixture
def shelf_of_paper(tmp_path):
    """The paper's pages, saved, with a manifest."""
    folder = tmp_path / "saved"
    folder.mkdir()
    rows = []
    for number, answer in enumerate(samplepaper.answers(samplesite.folder())):
        if answer.kind.startswith("text/html"):
            (folder / f"{number}.html").write_bytes(answer.body)
            row = {"file": f"{number}.html", "url": PAPER[:-1] + answer.path, "fetched_at": "2018-05-22T08:00:00+08:00"}
            rows.append(json.dumps(row))
    (folder / "manifest.jsonl").write_text("\n".join(rows))
    return folder


def test_three_commands_and_one_look(sample, invoke, run_newscrawl, tmp_path, monkeypatch):
    _, base = sample
    monkeypatch.setenv("http_proxy", base)
    monkeypatch.setenv("no_proxy", "")
    told = invoke("new-site", PAPER, "--project", "mine", "--region", "山东", "--delay", 0)
    assert told.exit_code == 0, told.output
    assert "fits 9 of 9 links with a headline, 0 of" in told.output
    assert "newscrawl accept haibinrb" in told.output
    pages = [*fixtures.all_of(tmp_path / "mine" / "tests" / "sites")]
    assert [page.meta().kind for page in pages] == ["article", "list"]
    spider = project.spider_in(tmp_path / "mine" / "mine" / "spiders" / "haibinrb.py")
    for page in pages:
        assert page.meta().reviewed is None
        assert "nobody has looked" in fixtures.problems(page, spider)[0]
    monkeypatch.chdir(tmp_path / "mine")
    shown = invoke("accept", "haibinrb")
    assert shown.exit_code == 0, shown.output
    assert "海滨港新泊位试靠首艘集装箱船" in shown.output
    assert "责任编辑：程以宁" in shown.output
    arguments = ["-q", "-W", "error", "-p", "no:cacheprovider", "tests/test_sites.py"]
    assert "2 passed" in run_newscrawl(*arguments, program="pytest", cwd=tmp_path / "mine", check=0).stdout


def test_a_site_out_of_saved_pages(invoke, shelf_of_paper, tmp_path):
    done = invoke("new-site", PAPER, "--from", shelf_of_paper, "--project", "mine", "--name", "paper")
    assert done.exit_code == 0, done.output
    page = Fixture(tmp_path / "mine" / "tests" / "sites" / "paper" / "content_1020118")
    assert page.meta().fetched_at == "2018-05-22T08:00:00+08:00"
    assert page.expected()["source"] == "海滨日报"
    before = (tmp_path / "mine" / "mine" / "spiders" / "paper.py").read_bytes()
    again = invoke("new-site", PAPER, "--from", shelf_of_paper, "--project", "mine", "--name", "paper2")
    assert again.exit_code == 2
    assert "covered by the site paper" in again.output
    (tmp_path / "mine" / "mine" / "spiders" / "paper.py").write_text("# mine\n")
    forced = invoke("new-site", PAPER, "--from", shelf_of_paper, "--project", "mine", "--name", "paper", "--force")
    assert forced.exit_code == 0, forced.output
    assert (tmp_path / "mine" / "mine" / "spiders" / "paper.py").read_bytes() == before


def test_a_dry_run_writes_nothing(invoke, shelf_of_paper, tmp_path):
    before = sorted(tmp_path.rglob("*"))
    done = invoke("new-site", PAPER, "--from", shelf_of_paper, "--dry-run", "--project", "other")
    assert done.exit_code == 0, done.output
    assert "class Haibinrb(NewsSpider):" in done.output
    assert sorted(tmp_path.rglob("*")) == before


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["www.example.cn"], "write it whole"),
        (["http://weihai.dzwww.com/"], "no scrapy.cfg here or above"),
        (["http://weihai.dzwww.com/", "--project", "mine"], "covered by the site weihai"),
        (["http://www.nobody.example/", "--project", "mine", "--name", "Zwei Wörter"], "small letters"),
        (["http://www.nobody.example/", "--project", "mine", "--name", "weihai"], "there is a site 'weihai' already"),
        (["http://www.nobody.example/", "--project", "mine", "--from", "."], "holds no pages"),
    ],
)
def test_a_mistake_is_said_and_nothing_is_written(invoke, tmp_path, arguments, said):
    done = invoke("new-site", *arguments)
    assert done.exit_code == 2, done.output
    assert said in done.output
    assert list(tmp_path.iterdir()) == []


def test_a_project_of_another_kind_is_left_alone(invoke, tmp_path):
    (tmp_path / "theirs").mkdir()
    (tmp_path / "theirs" / "__init__.py").write_text("")
    (tmp_path / "theirs" / "settings.py").write_text("BOT_NAME = 'theirs'\n")
    (tmp_path / "scrapy.cfg").write_text("[settings]\ndefault = theirs.settings\n")
    assert "大众网·威海" in invoke("sites", "--region", "山东").output
    (tmp_path / "scrapy.cfg").write_text("[settings]\ndefault = nowhere.settings\n")
    done = invoke("sites")
    assert done.exit_code == 2
    assert "cannot be imported" in done.output


def test_an_unknown_site_is_crawled_by_its_address(sample, run_newscrawl, tmp_path):
    site, base = sample
    told = run_newscrawl("crawl", "--url", PAPER, "--delay", 0, proxy=base, check=0).stdout
    assert f"{samplepaper.HOST}: 9 new" in told
    assert "fits 9 of 9 headlines" in told
    assert re.search(r"source +9 of 9 +generic 9", told)
    assert f"newscrawl new-site {PAPER}" in told
    asked = dict(site.asked)
    assert "0 new" in run_newscrawl("crawl", "--url", PAPER, "--delay", 0, proxy=base, check=0).stdout
    article = f"{PAPER[:-1]}{samplepaper.path_of(samplepaper.truth(samplesite.folder())['articles'][0])}"
    assert site.asked[article] == asked[article] == 1
    connection = connect(tmp_path / "news.db", readonly=True)
    assert connection.execute("SELECT site, count(*) FROM articles").fetchone() == (samplepaper.HOST, 9)
    connection.close()


def test_headlines_on_other_hosts_of_the_house_are_told():
    front = "".join(f'<a href="http://news.a.cn/202611/t20261101_123456{n}.htm">{HEADLINE}</a>' for n in range(4))
    front += '<a href="http://elsewhere.cn/202611/t20261101_1234567.htm">' + HEADLINE + "</a>"
    spider = unknown.of("http://www.a.cn")()
    spider._learn(Page(f"<html><body>{front}</body></html>".encode(), "http://www.a.cn/"))
    assert spider.name == "www.a.cn"
    assert spider.learned is None
    assert spider.elsewhere == {"news.a.cn": 4}


def test_a_site_with_a_file_is_crawled_by_it(invoke):
    done = invoke("crawl", "--url", "http://weihai.dzwww.com/", "yantai")
    assert done.exit_code == 2
    assert "name no other" in done.output
    done = invoke("crawl", "www.nobody.example")
    assert "newscrawl crawl --url http://www.nobody.example/" in done.output
