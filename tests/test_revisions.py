"""What is kept when articles change or vanish: a real server, real crawls, a real database; and the command that shows it."""

import json
import re
import sqlite3
from contextlib import closing
from dataclasses import dataclass, field, replace
from html.parser import HTMLParser

import pytest
from click.testing import CliRunner
from faultserver import FaultServer, crawl, list_page, redirect, rows, site_file, status

from newscrawl.cli.revisions import diff_command
from newscrawl.items import Article, Block, Editor, Image, Link, Visit
from newscrawl.store import revisions
from newscrawl.store.writer import Site, Store

HOST = "news.example"
HOME = f"http://{HOST}/"


@pytest.fixture
def server():
    with FaultServer() as server:
        server.page(f"http://{HOST}/robots.txt", "User-agent: *\nDisallow:\n")
        yield server


def make_due(folder):
    """As if all articles were due for a look."""
    with closing(sqlite3.connect(folder / "news.db", isolation_level=None)) as connection:
        connection.execute("UPDATE pages SET next_visit = '2026-11-01T00:00:00+00:00' WHERE kind = 'article'")


def address(number):
    return f"http://{HOST}/202611/t20261101_{number}.html"


SENTENCES = (
    "“退潮时走吧。”天还没亮，船长陈海生就把缆绳收了起来，船上5名船员都是老手。",
    "港区渔业站的统计说，今秋出海的渔船共有126艘，比去年同期多了8艘，一天的渔获在30吨上下。",
    "码头上的过磅员孙秀兰记了一夜的账，她说鱼价比上周低了两成，来买鱼的人反倒更多了。",
    "渔业站站长提醒，下周有大风，小船应当在周三傍晚以前回港，避风锚地已经腾空。",
    "到了中午，最后一车鱼离开码头，冲洗地面的水沿着石阶流回海里。",
)


@dataclass(frozen=True)
class Shown:
    """What an article page of the site shows; what is different at the next look is said with `replace`."""

    title: str
    day: str = "2026-11-01 08:30"
    source: str = "港区日报"
    reporter: str = "林晓帆"
    editor: str = "赵启明"
    paragraphs: tuple = SENTENCES
    image: str = "http://img.news.example/202611/01/20261101083012345.jpg"
    caption: str = "图为清晨的港区码头，渔船正在卸鱼。"
    within: str = "/202611/t20261101_90.html"
    wrap: str = "<p>{}</p>"
    counter: str = "阅读 1024"
    advert: str = ""
    recommended: tuple = ("渔船进港的一百个夜晚", "码头边的老秤", "修网的人")
    hot: tuple = ("热门之一", "热门之二")
    more: dict = field(default_factory=dict)

    def html(self):
        text = "".join(self.wrap.format(paragraph) for paragraph in self.paragraphs)
        text = text.replace("过磅员孙秀兰", f'<a href="{self.within}">过磅员孙秀兰</a>')
        picture = f'<figure><img src="{self.image}"><figcaption>{self.caption}</figcaption></figure>'

        def block(heading, titles, first):
            items = "".join(f'<li><a href="/202610/t20261001_{first + sum(map(ord, t)) % 900}.html">{t}</a></li>' for t in titles)
            return f'<div class="box"><h3>{heading}</h3><ul>{items}</ul></div>'

        return (
            f'<html><head><meta charset="utf-8"><title>{self.title}</title></head><body><h1>{self.title}</h1>'
            f'<div class="info"><span>{self.day}</span> <span>来源：{self.source}</span> <span>记者：{self.reporter}</span></div>'
            f'{self.advert}<div class="content">{picture}{text}<p>{self.counter}</p></div><div class="editor">责任编辑：{self.editor}</div>'
            f"{block('推荐阅读', self.recommended, 1000)}{block('热点排行', self.hot, 2000)}</body></html>"
        )


def edited(paragraph, old, new):
    assert old in SENTENCES[paragraph]
    return tuple(text.replace(old, new) if number == paragraph else text for number, text in enumerate(SENTENCES))


NOTICED = {
    "港区码头今日开工": ({"title": "港区码头今日停工"}, ["title"]),
    "一个字的更正": ({"paragraphs": edited(0, "陈海生", "陈海升")}, ["body"]),
    "数字的更正": ({"paragraphs": edited(1, "126艘", "128艘")}, ["body"]),
    "添了一段": ({"paragraphs": (*SENTENCES, "渔业站补充说，避风锚地从周二起开放。")}, ["body"]),
    "删了一段": ({"paragraphs": SENTENCES[:3] + SENTENCES[4:]}, ["body"]),
    "换了次序": ({"paragraphs": (SENTENCES[3], *SENTENCES[:3], SENTENCES[4])}, ["body"]),
    "来源换了": ({"source": "港区晚报"}, ["source"]),
    "记者换了": ({"reporter": "林晓凡"}, ["byline"]),
    "编辑换了": ({"editor": "周立新"}, ["byline"]),
    "日期更正": ({"day": "2026-10-31 08:30"}, ["published"]),
    "图片换了": (
        {"image": "http://img.news.example/202611/01/20261101095511111.jpg", "caption": "图为中午的港区码头。"},
        ["images"],
    ),
    "文内链接改了": ({"within": "/202611/t20261101_91.html"}, ["links"]),
}
"""Twelve edits that a reader notices, and what each is on record as."""

UNNOTICED = {
    "同日改时": {"day": "2026-11-01 09:45"},
    "读者多了": {"counter": "阅读 20480"},
    "空白与零宽": {"paragraphs": (SENTENCES[0][:20], f"　　{SENTENCES[0][20:]}\u200b", *(f" {s} \n" for s in SENTENCES[1:]))},
    "标点换式": {"paragraphs": tuple(s.translate(str.maketrans("“”，", "「」,")) for s in SENTENCES), "source": "港区日报 "},
    "标记与广告": {
        "wrap": '<p class="x2" style="color:red"><span>{}</span></p>',
        "advert": '<div class="ad"><a href="http://ads.example/"><img src="http://ads.example/ad/7.gif">买一送一</a></div>',
    },
    "乱码": {},
    "图床换了": {"image": "https://cdn7.example/i/202611/01/20261101083012345_600x400.webp?x-oss-process=style/w"},
    "推荐轮换": {"recommended": ("新推荐甲", "新推荐乙"), "hot": ("热门之三", "热门之九", "热门之四")},
}
"""Eight that no reader takes for an edit."""


def damaged(shown):
    """The page with some of its characters broken, as a careless proxy delivers it."""
    data = shown.html().encode()
    for word in ("缆绳", "渔获", "鱼价", shown.title[:1]):
        data = data.replace(word.encode(), word.encode()[:-1] + b"\xff")
    return data


def test_twenty_edits_and_twelve_revisions(server, tmp_path):
    titles = [*NOTICED, *UNNOTICED]
    before = {title: Shown(title) for title in titles}
    urls = {title: address(number) for number, title in enumerate(titles, 1)}
    for title, shown in before.items():
        server.page(urls[title], shown.html())
    server.page(HOME, list_page(urls.values()))
    assert crawl(tmp_path, site_file(follow_depth=0), proxy=server.base).code == 0
    stored = "SELECT url, title, body_text, body_html, published_at, source, state_hash, last_changed FROM articles ORDER BY url"
    first = {row[0]: row for row in rows(tmp_path, stored)}
    assert len(first) == 20
    for title in titles:
        edit = NOTICED[title][0] if title in NOTICED else UNNOTICED[title]
        after = replace(before[title], **edit)
        server.page(urls[title], damaged(after) if title == "乱码" else after.html())
    make_due(tmp_path)
    done = crawl(tmp_path, site_file(follow_depth=0), proxy=server.base)
    assert "0 new, 12 changed, 8 unchanged" in done.stdout, done.stdout
    found = rows(
        tmp_path,
        "SELECT r.title, r.changed, r.cause, r.number, r.replaced_at >= r.last_seen AND r.last_seen >= r.seen_from "
        "FROM revisions r JOIN articles a ON a.id = r.article_id ORDER BY a.id",
    )
    assert {title: json.loads(changed) for title, changed, *_ in found} == {title: what for title, (_, what) in NOTICED.items()}
    assert {row[2:] for row in found} == {("site", 1, 1)}
    # The old state is whole, and the row has the new one.
    now = {row[0]: row for row in rows(tmp_path, stored)}
    for url, old_text, old_html, published in rows(
        tmp_path, "SELECT a.url, r.body_text, r.body_html, r.published_at FROM revisions r JOIN articles a ON a.id = r.article_id"
    ):
        assert (old_text, old_html, published) == (*first[url][2:4], first[url][4])
        assert now[url][6] != first[url][6]
    old = rows(tmp_path, "SELECT bylines, images, blocks, source FROM revisions WHERE title = '记者换了'")[0]
    assert [(b["role"], b["name"]) for b in json.loads(old[0])] == [
        ("author", "林晓帆"),
        ("editor", "赵启明"),
        ("reporter", "林晓帆"),
    ]
    assert [image["caption"] for image in json.loads(old[1])] == [before["记者换了"].caption]
    assert [link["title"] for link in json.loads(old[2])[0]["links"]] == list(before["记者换了"].recommended)
    assert rows(tmp_path, "SELECT source FROM articles WHERE title = '来源换了'") == [("港区晚报",)]
    # Noise does not take the place of a good text, and is flagged.
    assert now[urls["乱码"]] == first[urls["乱码"]]
    flagged = rows(tmp_path, "SELECT title FROM articles WHERE flags LIKE '%mojibake%'")
    assert flagged == [("乱码",)]
    # Nothing more comes of looking at the same again, nor of links that are drawn anew.
    server.page(urls["推荐轮换"], replace(before["推荐轮换"], recommended=("新推荐丙",), hot=()).html())
    server.page(urls["乱码"], before["乱码"].html())
    make_due(tmp_path)
    done = crawl(tmp_path, site_file(follow_depth=0), proxy=server.base)
    assert "0 new, 0 changed, 20 unchanged" in done.stdout, done.stdout
    assert rows(tmp_path, "SELECT count(*) FROM revisions") == [(12,)]
    assert rows(tmp_path, "SELECT count(*) FROM articles WHERE flags LIKE '%mojibake%'") == [(0,)]


GOODBYE = "<html><head><title>页面不存在</title></head><body><h1>抱歉，您访问的页面不存在</h1></body></html>"
CAPTCHA = "<html><head><title>安全验证</title></head><body><h1>请输入验证码</h1></body></html>"
LOGIN = "<html><head><title>登录</title></head><body><h1>请先登录</h1><form><input name=user></form></body></html>"


def test_what_vanishes_is_marked_and_keeps_its_text(server, tmp_path):
    ways = {
        "答四零四": (status(404), "gone: status 404"),
        "答四一零": (status(410), "gone: status 410"),
        "软四零四": (status(200, GOODBYE), "soft404"),
        "转到首页": (redirect(HOME), "soft404: redirected to the home page"),
        "转到列表": (redirect(f"{HOME}yaowen/"), "list"),
        "被拦住": (status(403, "<html><body><h1>403 Forbidden</h1></body></html>"), None),
        "要验证": (status(200, CAPTCHA), None),
        "要登录": (status(200, LOGIN), None),
        "出错": (status(500), None),
    }
    urls = {title: address(number) for number, title in enumerate(ways, 1)}
    shown = {title: Shown(title).html() for title in ways}
    for title, page in shown.items():
        server.page(urls[title], page)
    server.page(HOME, list_page(urls.values()))
    many = [f"http://{HOST}/202610/t20261001_{number}.html" for number in range(1, 31)]
    server.page(f"{HOME}yaowen/", list_page(many))
    sites = site_file(follow_depth=0)
    crawl(tmp_path, sites, proxy=server.base, settings="RETRY_TIMES = 0\n")
    texts = "SELECT title, body_text FROM articles ORDER BY title"
    first = rows(tmp_path, texts)
    assert len(first) == len(ways)
    for title, (handler, _) in ways.items():
        server.on(urls[title], handler)
    make_due(tmp_path)
    crawl(tmp_path, sites, proxy=server.base, settings="RETRY_TIMES = 0\n")
    gone = dict(rows(tmp_path, "SELECT title, gone_why FROM articles WHERE gone_at IS NOT NULL"))
    assert gone.keys() == {title for title, (_, why) in ways.items() if why}
    for title, (_, why) in ways.items():
        assert gone.get(title, "").startswith(why or ""), gone
    assert rows(tmp_path, texts) == first
    assert rows(tmp_path, "SELECT count(*) FROM revisions") == [(0,)]
    since = rows(tmp_path, "SELECT article_id, gone_at FROM absences ORDER BY article_id")
    assert since == rows(tmp_path, "SELECT id, gone_at FROM articles WHERE gone_at IS NOT NULL ORDER BY id")
    # One is still not there, the others are back, one with another text.
    for title in ways.keys() - {"答四零四"}:
        server.page(urls[title], shown[title])
    server.page(urls["软四零四"], Shown("软四零四", paragraphs=SENTENCES[:3]).html())
    make_due(tmp_path)
    crawl(tmp_path, sites, proxy=server.base, settings="RETRY_TIMES = 0\n")
    assert rows(tmp_path, "SELECT title FROM articles WHERE gone_at IS NOT NULL OR gone_why IS NOT NULL") == [("答四零四",)]
    absences = rows(
        tmp_path, "SELECT a.title, b.gone_at, b.looked_at, b.back_at FROM absences b JOIN articles a ON a.id = b.article_id"
    )
    assert {title for title, *_, back in absences if back is None} == {"答四零四"}
    assert {title for title, *_, back in absences if back is not None} == gone.keys() - {"答四零四"}
    assert all(looked >= since for _, since, looked, _ in absences)
    assert rows(tmp_path, "SELECT title, changed FROM revisions") == [("软四零四", '["body"]')]


# -- the store by itself, where a crawl would take too long to come to it


FIRST = address(1)


def article(text=SENTENCES, *, url=FIRST, seen="2026-11-01T02:00:00+00:00", rules="1/a", etag=None, size=9000, **values):
    """An article as the pipelines hand it on."""
    given = {
        "title": "港区码头今日开工",
        "published_at": "2026-11-01T08:30:00+08:00",
        "published_raw": "2026-11-01 08:30",
        "published_precision": "minute",
        "source": "港区日报",
        "reporters": ["林晓帆"],
        "editors": [Editor("责任编辑", "赵启明")],
        "content_hash": "0" * 32,
        "body_html": "",
        **values,
    }
    visit = Visit(url, "news", "article", status=200, fetched_at=seen, read_by=rules, etag=etag, size=size)
    addresses = given.pop("addresses", [url])
    return Article(
        url=given.pop("canonical", address(1)), site="news", addresses=addresses, body_text="\n".join(text), visit=visit, **given
    )


@pytest.fixture
def store(tmp_path):
    with Store(tmp_path / "news.db") as store:
        store.add_site(Site("news"))
        yield store


def kept(store):
    """What is on record of article 1: each revision's changes and cause."""
    found = revisions.history(store.connection, 1)
    return [(list(revision.changed), revision.cause) for revision in found.revisions]


AT = [f"2026-11-01T{hour:02}:00:00+00:00" for hour in range(2, 12)]


def test_each_state_is_kept_in_order(store):
    titles = ["一稿：码头开工", "二稿：码头停工", "三稿：码头复工", "一稿：码头开工"]
    for title, seen in zip(titles, AT, strict=False):
        store.write([article(title=title, seen=seen)])
    found = revisions.history(store.connection, 1)
    assert [revision.state.title for revision in found.revisions] == titles[:3]
    assert found.state.title == titles[3]
    assert [(r.number, r.seen_from, r.last_seen, r.replaced_at) for r in found.revisions] == [
        (number, AT[number - 1], AT[number - 1], AT[number]) for number in (1, 2, 3)
    ]
    assert store.connection.execute("SELECT last_changed FROM articles").fetchone() == (AT[3],)


def test_a_look_that_finds_nothing_is_no_revision_but_dates_the_change(store):
    for seen in AT[:5]:
        assert store.write([article(seen=seen)]) in (["new"], ["unchanged"])
    assert store.write([article(source="港区晚报", seen=AT[5])]) == ["changed"]
    ((seen_from, last_seen, replaced_at),) = store.connection.execute("SELECT seen_from, last_seen, replaced_at FROM revisions")
    assert (seen_from, last_seen, replaced_at) == (AT[0], AT[4], AT[5])


def test_other_rules_of_ours_are_told_from_an_edit(store):
    store.write([article(etag='"a"')])
    # The same page, and we read another body out of it.
    assert store.write([article(SENTENCES[:4], seen=AT[1], rules="2/b", etag='"a"')]) == ["unchanged"]
    assert kept(store) == []
    assert store.connection.execute("SELECT body_text FROM articles").fetchone() == ("\n".join(SENTENCES[:4]),)
    # Perhaps another page: it is kept, and marked.
    assert store.write([article(SENTENCES[:3], seen=AT[2], rules="3/c", etag='"b"')]) == ["unchanged"]
    assert kept(store) == [(["body"], "rules")]
    assert store.write([article(SENTENCES[:2], seen=AT[3], rules="3/c", etag='"c"')]) == ["changed"]
    assert kept(store) == [(["body"], "rules"), (["body"], "site")]


def test_an_update_stamp_is_no_date_of_publication(store):
    store.write([article()])
    later = {"published_at": "2026-11-01T15:20:00+08:00", "published_raw": "更新于15:20"}
    assert store.write([article(seen=AT[6], **later)]) == ["unchanged"]
    later = {"published_at": "2026-11-03T15:20:00+08:00", "published_raw": "2026-11-03 15:20"}
    assert store.write([article(seen="2026-11-03T08:00:00+00:00", **later)]) == ["unchanged"]
    published = "SELECT published_at, published_raw FROM articles"
    assert store.connection.execute(published).fetchone() == ("2026-11-01T08:30:00+08:00", "2026-11-01 08:30")
    # A day before the article was seen is a correction.
    assert store.write([article(seen="2026-11-03T09:00:00+00:00", published_at="2026-10-30T08:30:00+08:00")]) == ["changed"]
    assert kept(store) == [(["published"], "site")]


def test_a_mobile_page_that_tells_it_otherwise_is_no_revision(store):
    mobile = f"http://wap.{HOST}/mobile/view/1"
    store.write([article()])
    for hour in (1, 2, 3):
        told = article(SENTENCES[:4], url=mobile, addresses=[mobile], seen=AT[hour], reporters=[])
        assert store.write([told]) == ["unchanged"]
        assert store.write([article(seen=AT[hour])]) == ["unchanged"]
    assert kept(store) == []
    assert store.connection.execute("SELECT body_text FROM articles").fetchone() == ("\n".join(SENTENCES),)
    # The page that it is known from is gone: what is left of the article is what there is.
    store.write([Visit(address(1), "news", "gone", "status 404", status=404, fetched_at=AT[4])])
    assert store.connection.execute("SELECT gone_at FROM articles").fetchone() == (None,)
    store.write([article(SENTENCES[:4], url=mobile, addresses=[mobile], seen=AT[5])])
    assert kept(store) == [(["body"], "address")]
    store.write([Visit(mobile, "news", "gone", "status 404", status=404, fetched_at=AT[6])])
    assert store.connection.execute("SELECT gone_at FROM articles").fetchone() == (AT[6],)


def test_what_is_cut_short_or_older_replaces_nothing(store):
    store.write([article(seen=AT[3])])
    assert store.write([article(SENTENCES[:2], seen=AT[4], flags=["incomplete"])]) == ["unchanged"]
    assert store.write([article(SENTENCES[:3], seen=AT[1])]) == ["unchanged"]
    assert kept(store) == []
    assert store.connection.execute("SELECT body_text FROM articles").fetchone() == ("\n".join(SENTENCES),)


def test_links_are_a_change_only_beside_another(store):
    def linking(title, **values):
        return article(blocks=[Block("related", "相关新闻", [Link(1, title, f"{HOME}{title}.html")])], **values)

    store.write([linking("甲")])
    assert store.write([linking("乙", seen=AT[1])]) == ["unchanged"]
    assert store.write([linking("丙", seen=AT[2], images=[Image(f"{HOME}i/20261101.jpg")])]) == ["changed"]
    assert kept(store) == [(["images", "links"], "site")]
    ((blocks,),) = store.connection.execute("SELECT blocks FROM revisions")
    assert [link["title"] for link in json.loads(blocks)[0]["links"]] == ["乙"]


def test_a_soft_404_that_has_not_changed_is_not_back(store):
    store.write([article(), Visit(address(1), "news", "soft404", "页面不存在", fetched_at=AT[1], etag='"x"')])
    store.write([Visit(address(1), "news", "article", status=304, fetched_at=AT[2])])
    assert store.connection.execute("SELECT gone_at, gone_why FROM articles").fetchone() == (AT[1], "soft404: 页面不存在")
    store.write([article(seen=AT[3])])
    assert store.connection.execute("SELECT gone_at, gone_why FROM articles").fetchone() == (None, None)
    store.write([Visit(address(1), "news", "gone", "status 410", status=410, fetched_at=AT[4])])
    assert store.connection.execute("SELECT gone_at, verdict, back_at FROM absences ORDER BY gone_at").fetchall() == [
        (AT[1], "soft404", AT[3]),
        (AT[4], "gone", None),
    ]


def test_an_article_that_leads_to_a_list_is_looked_at_again_and_the_list_goes_on(store):
    channel = f"{HOME}yaowen/"
    store.write([Visit(channel, "news", "list", kind="channel", number=1, listed=9, fetched_at=AT[0]), article()])
    turn = "SELECT kind, verdict, next_visit, listed FROM pages WHERE url = ?"
    before = store.connection.execute(turn, (channel,)).fetchone()
    store.write([Visit(channel, "news", "list", "9 links", redirected_from=[FIRST], fetched_at=AT[1])])
    assert store.connection.execute(turn, (channel,)).fetchone() == before
    assert store.connection.execute("SELECT gone_why FROM articles").fetchone() == ("list: 9 links",)
    verdict, again = store.connection.execute("SELECT verdict, next_visit FROM pages WHERE url = ?", (FIRST,)).fetchone()
    assert verdict == "redirect"
    assert again > AT[1]
    assert [waiting.url for waiting in store.frontier.looks("news", 9, now=again)] == [FIRST]


# -- the command


@pytest.fixture
def run_diff(tmp_path):
    """Runs the command in this process; gives what it printed, errors with it."""

    def run(*arguments, code=0):
        done = CliRunner().invoke(diff_command, [*map(str, arguments), "--db", str(tmp_path / "news.db")])
        assert done.exit_code == code, done.output
        return done.output

    return run


@pytest.fixture
def changed(store):
    """A database in which article 1 has changed twice, the second time with markup where text should be, and is gone."""
    store.write([article()])
    store.write([article(seen=AT[1], title="港区码头今日停工", reporters=["林晓凡"])])
    last = (edited(0, "陈海生", "陈海升")[0], *SENTENCES[1:3], "<script>alert(1)</script>港区新添的一段话。", SENTENCES[4])
    store.write([article(last, seen=AT[2], title="港区码头今日停工", reporters=["林晓凡"], source="<b>港区晚报</b>")])
    store.write([Visit(address(1), "news", "gone", "status 404", status=404, fetched_at=AT[3])])
    return store


def test_diff_shows_the_last_change(changed, run_newscrawl):
    shown = run_newscrawl("diff", address(1), check=0).stdout
    assert "来源  [-港区日报-]{+<b>港区晚报</b>+}\n" in shown
    assert "船长[-陈海生-]{+陈海升+}就把缆绳收了起来" in shown
    assert f"- [-{SENTENCES[3]}-]\n" in shown
    assert "\n+ {+<script>alert(1)</script>港区新添的一段话。+}\n" in shown
    assert "今日[-开工-]" not in shown
    assert "old: seen at 2026-11-01 03:00:00 UTC" in shown
    assert "new: seen from 2026-11-01 04:00:00 UTC" in shown
    assert "gone since 2026-11-01 05:00:00 UTC (status 404)" in shown
    assert "\x1b[" not in shown


def test_diff_shows_all_changes_in_order(changed, run_diff):
    shown = run_diff("1", "--all")
    assert shown.index("标题  港区码头今日[-开工-]{+停工+}") < shown.index("state 2 -> 3 of 3: source, body")
    assert "记者  [-林晓帆-]{+林晓凡+}" in shown
    found = json.loads(run_diff("1", "--all", "--json"))
    assert [change["changed"] for change in found["changes"]] == [["title", "byline"], ["source", "body"]]
    assert found["changes"][0]["summary"] == "title: 港区码头今日开工 → 港区码头今日停工; 记者: −林晓帆 +林晓凡"
    assert found["changes"][1]["summary"].endswith("body: 1 paragraph changed, 1 added, 1 removed (+35 −38 characters)")
    assert {paragraph["kind"] for paragraph in found["changes"][1]["paragraphs"]} == {"same", "changed", "added", "removed"}
    assert (found["gone_at"], found["states"]) == (AT[3], 3)


class Tags(HTMLParser):
    """The tags of a page, with the text within ins and del."""

    def __init__(self, text):
        super().__init__()
        self.seen, self.marked, self._open = [], [], None
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.seen.append((tag, dict(attrs)))
        self._open = tag if tag in ("ins", "del") else self._open

    def handle_endtag(self, tag):
        self._open = None if tag == self._open else self._open

    def handle_data(self, data):
        if self._open:
            self.marked.append((self._open, data))


def test_diff_as_a_web_page_is_whole_and_runs_nothing(changed, run_diff, tmp_path):
    run_diff("1", "--all", "--html", "-o", tmp_path / "diff.html")
    text = (tmp_path / "diff.html").read_text("utf-8")
    page = Tags(text)
    names = {name for name, _ in page.seen}
    assert names.isdisjoint({"script", "link", "img", "iframe", "b"})
    assert not re.search(r"url\(|@import|\son\w+=", text)
    assert ("del", "陈海生") in page.marked
    assert ("ins", "<script>alert(1)</script>港区新添的一段话。") in page.marked
    assert ("meta", {"name": "viewport", "content": "width=device-width, initial-scale=1"}) in page.seen
    assert "prefers-color-scheme: dark" in text
    assert [attrs["datetime"] for name, attrs in page.seen if name == "time"] == [AT[0], AT[1], AT[1], AT[2]]


def test_diff_says_what_there_is_none_of(store, run_diff):
    store.write([article()])
    assert "no change since it was first seen, 2026-11-01 02:00:00 UTC" in run_diff("1")
    assert "no change" in run_diff("1", "--html")
    assert json.loads(run_diff("1", "--json"))["changes"] == []
    assert "not in" in run_diff("77", code=2)
    assert "give one of them" in run_diff("1", "--json", "--html", code=2)
