"""The sample site: what it serves is what its own truth says, and its server speaks HTTP well enough for Scrapy and browsers."""

from __future__ import annotations

import gzip
import http.client
import json
import re
import socket
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from email.utils import parsedate_to_datetime
from urllib.parse import urljoin, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree, html

from newscrawl.items import Editor
from newscrawl.samplesite import Part, SampleArticle, SampleLink, SampleSite, render_2016, render_2018, running

WEIHAI, YANTAI = "weihai.dzwww.com", "yantai.dzwww.com"
SITE = SampleSite()

# One that is not of the site, with all that an article can have; < & " must come through.
ANY = SampleArticle.of(
    {
        "id": "any",
        "title": "“海上<集市>”开张 A&B 两队对擂",
        "published": "2017-08-09 09:08:07",
        "kicker": "海岛见闻",
        "subtitle": "三条船 一张桌",
        "source": "海岛晚报",
        "authors": ["顾小满", "钟晚舟"],
        "editors": [{"role": "初审编辑", "name": "阮青禾"}, {"role": "责任编辑", "name": "祁望"}],
        "keywords": ["海岛", "集市"],
        "lead": ["潮水一退，集市开张"],
        "body": [
            {"p": "海岛晚报讯（记者 顾小满 钟晚舟）三条船首尾相接，船板上摆满了贝壳、渔网和刚出锅的鱼丸。"},
            {"heading": "一条船一种味道"},
            {"image": "W020170809123456789012.jpg", "caption": "海上集市开张。"},
            {"image": "W020170809123456789013.jpg"},
            {"table": [["摊位", "开市"], ["鱼丸", "6:30"]]},
            {"p": "“3 < 5，所以排队的人多。”摊主笑着说。"},
        ],
        "recommended": [
            {
                "title": "灯塔夜里开放",
                "url": "http://news.example/2017/0808/1.shtml",
                "thumbnail": "http://weihai.dzwww.com/thumb/0f9c1d7e-1111-4222-8333-444455556666_jpg.jpg",
                "summary": "每周六晚开放两小时，可以登塔看船。[详细]",
                "time": "08-08 06-07",
                "source": "海岛晚报",
            },
            {"title": "没有缩略图的一条", "url": "http://weihai.dzwww.com/news/201708/t20170808_16200001.htm"},
        ],
    }
)


def tree(body: bytes, charset: str) -> html.HtmlElement:
    """A page as a browser has it: gb2312 is read as its superset, and nothing may be undecodable."""
    text = body.decode("gb18030" if charset == "gb2312" else charset)
    declared = re.search(r'charset="?([\w-]+)', text)
    assert declared is not None
    assert declared[1] == charset
    return html.document_fromstring(text)


def words(element: html.HtmlElement) -> str:
    return re.sub(r"\s+", " ", element.text_content()).strip()


def one(page: html.HtmlElement, path: str) -> html.HtmlElement:
    found = page.xpath(path)
    assert len(found) == 1, (path, len(found))
    return found[0]


# -- the truth


def test_there_is_enough_of_it_in_both_layouts_and_charsets() -> None:
    weihai = [a for a in SITE.articles if a.host == WEIHAI]
    assert len(weihai) >= 64
    assert {a.channel for a in weihai} == {"news", "minsheng", "tupian"}
    assert {(a.layout, a.charset) for a in weihai} == {
        (layout, charset) for layout in ("2016", "2018") for charset in ("gb2312", "utf-8")
    }
    assert all((a.layout == "2016") == (a.published <= "2016-12-31 23:59:59") for a in SITE.articles)
    assert sum(a.host == YANTAI for a in SITE.articles) == 8
    for values in ([a.id for a in SITE.articles], [a.url for a in SITE.articles], [a.number for a in SITE.articles]):
        assert len(set(values)) == len(values)


def test_lists_show_every_article_once_newest_first() -> None:
    for host in SITE.hosts:
        for channel in SITE.channels(host):
            pages = SITE.lists(host, urlsplit(channel).path.strip("/"))
            assert all(len(page) <= 10 for page in pages)
            assert all(len(page) >= 8 for page in pages[:-1])
            lines = [line for page in pages for line in page]
            assert lines == sorted(lines, key=lambda line: line.at, reverse=True)
    listed = [
        line.article.id
        for host in SITE.hosts
        for channel in SITE.channels(host)
        for page in SITE.lists(host, urlsplit(channel).path.strip("/"))
        for line in page
        if line.article
    ]
    assert sorted(listed) == sorted(a.id for a in SITE.articles)


def test_reprints_are_what_they_say() -> None:
    copies = {a.id: a for a in SITE.articles if a.copy_of}
    exact, near = copies["crosswalk-copy"], copies["kelp-copy"]
    original = SITE.article("crosswalk-light")
    assert exact.paragraphs == original.paragraphs
    assert (exact.host, exact.title) == (original.host, original.title)
    assert exact.channel != original.channel
    assert exact.source == original.source
    whole = SITE.article("kelp-paper").paragraphs
    assert len(near.paragraphs) == len(whole) - 1
    assert [line for line in whole if line in near.paragraphs] == near.paragraphs
    assert copies["y-peach"].host != SITE.article("peach-live").host
    assert copies["y-peach"].source != SITE.article("peach-live").source
    assert copies["y-peach"].paragraphs == SITE.article("peach-live").paragraphs


def test_recommended_items_point_at_each_other_and_outside() -> None:
    paths = {a.url: a.id for a in SITE.articles}
    leads = {a.id: {paths.get(re.sub(r"[?#].*", "", link.url)) for link in a.recommended} for a in SITE.articles}
    assert any(a in leads[b] for a in leads for b in leads[a] if b)
    assert any(None in targets for targets in leads.values())
    variants = {
        urlsplit(link.url)._replace(scheme="", netloc="", path="").geturl() for a in SITE.articles for link in a.recommended
    }
    assert variants == {"", "#top", "?from=timeline"}
    # A December item on a January page, and no item that is much newer than its page.
    january = SITE.article("new-year-hike")
    assert "12-31 18-20" in [link.time for link in january.recommended]
    for article in SITE.articles:
        for link in article.recommended:
            target = paths.get(re.sub(r"[?#].*", "", link.url))
            assert target is None or SITE.article(target).at - article.at <= timedelta(days=1)


def test_special_articles_are_there() -> None:
    assert len(SITE.article("island-post").urls) == 2
    assert SITE.article("island-post").urls[1].endswith("_1.htm")
    assert SITE.article("buoy-data").source == ""
    assert SITE.article("night-market").authors == ()
    assert len(SITE.article("p-island").images) == 4
    assert len(SITE.article("water-off").body_text) < 80
    assert "\t" in SITE.article("bus-31").body_text
    assert SITE.article("last-sunset").published.startswith("2017-12-31")
    # Not in GB2312, four bytes in GB18030: declared gb2312 all the same.
    assert "䲟" in SITE.article("squid").body_text
    assert SITE.article("squid").charset == "gb2312"


# -- pages


@pytest.mark.parametrize("article", SITE.articles, ids=lambda article: article.id)
def test_an_article_page_holds_the_truth(article: SampleArticle) -> None:
    shown: list[str] = []
    for url in article.urls:
        parts = urlsplit(url)
        response = SampleSite().page(parts.path, parts.netloc)
        if url in SITE.fails_once:
            assert response.status == 503
            response = SITE.page(parts.path, parts.netloc)
            response = SITE.page(parts.path, parts.netloc)
        assert response.status == 200
        page = tree(response.body, article.charset)
        assert words(one(page, "//title")).startswith(article.title + "_")
        assert words(one(page, "//h2" if article.layout == "2016" else "//h1")) == article.title
        assert page.xpath("//base[@target='_blank' and not(@href)]")
        body = one(page, "//div[@class='TRS_Editor']")
        shown += [words(line) for line in body.xpath(".//p|.//tr") if words(line)]
        assert {urljoin(url, src) for src in body.xpath(".//img/@src")} <= set(article.images)
        assert [words(link) for link in page.xpath("//h4/a|//h3/a")] == [link.title for link in article.recommended]
        # 相关新闻 has its heading and an empty list that a script would fill.
        assert one(page, "//ul[starts-with(@id, 'xgxw_')]").xpath("./li") == []
    assert [line.replace(" ", "") for line in shown] == [re.sub(r"\s", "", line) for line in article.body_text.split("\n")]


def test_an_endpoint_gives_what_the_script_of_its_page_shows() -> None:
    forms = set()
    for article in SITE.articles:
        page = SITE.page(article.path, article.host).body.decode("gb18030" if article.charset == "gb2312" else "utf-8")
        if article.related is None:
            assert "/related/" not in page
            assert article.endpoint is None
            continue
        assert article.endpoint is not None
        at = urlsplit(article.endpoint)
        answer = SITE.page(at.path + "?callback=showRelated", at.netloc)
        assert answer.status == 200
        jsonp = article.host == YANTAI
        text = answer.body.decode("gb18030" if jsonp and article.charset == "gb2312" else "utf-8")
        given = json.loads(text.removeprefix("showRelated(").removesuffix(");"))
        items = given if jsonp else given["data"]["list"]
        assert [urljoin(article.url, item["url"]) for item in items] == [link.url for link in article.related], article.id
        assert all(SITE.article(link_id(link)).at <= article.at for link in article.related)
        forms.add((article.host, article.layout, bool(items)))
        assert "/js/related.js" in page
    assert len(forms) >= 6
    assert SITE.page("/js/related.js", WEIHAI).headers["Content-Type"].startswith("application/javascript")
    assert SITE.page("/json/related/1.json", WEIHAI).status == 404


def link_id(link: SampleLink) -> str:
    return next(article.id for article in SITE.articles if article.url == link.url)


@pytest.mark.parametrize("charset", ["gb2312", "utf-8"])
def test_any_article_in_the_2016_layout(charset: str) -> None:
    page = tree(render_2016(replace(ANY, charset=charset)), charset)
    assert words(one(page, "//h2")) == ANY.title
    assert words(one(page, "//*[@id='pubtime_baidu']")) == "发布时间：2017-08-09 09:08:07"
    assert words(one(page, "//*[@id='source_baidu']")) == "来源：海岛晚报"
    assert words(one(page, "//*[@id='author_baidu']")) == "作者：顾小满 钟晚舟"
    assert words(one(page, "//*[@id='editor_baidu']")) == "初审编辑：阮青禾 责任编辑：祁望"
    assert words(one(page, "//*[@id='news-header']")) == f"海岛见闻 {ANY.title} 三条船 一张桌"
    body = one(page, "//div[@class='TRS_Editor']")
    assert body.xpath(".//style")
    assert [words(p) for p in body.xpath(".//p") if words(p)] == [*ANY.paragraphs[:3], "海上集市开张。", ANY.paragraphs[3]]
    assert [words(cell) for cell in body.xpath(".//td")] == ["摊位", "开市", "鱼丸", "6:30"]
    items = page.xpath("//dl")
    assert words(items[0]) == "灯塔夜里开放每周六晚开放两小时，可以登塔看船。[详细]08-08 06-07海岛晚报"
    assert items[0].xpath(".//img/@src") == ["/thumb/0f9c1d7e-1111-4222-8333-444455556666_jpg.jpg"]
    assert items[1].xpath(".//a/@href") == ["/news/201708/t20170808_16200001.htm"]


@pytest.mark.parametrize("charset", ["gb2312", "utf-8"])
def test_any_article_in_the_2018_layout(charset: str) -> None:
    page = tree(render_2018(replace(ANY, charset=charset)), charset)
    line = words(page.xpath("//div[contains(@class, 'layout')]//div[@class='left']")[0])
    assert line == "2017-08-09 09:08:07 来源: 海岛晚报 作者: 顾小满 钟晚舟"
    assert words(one(page, "//h1")) == ANY.title
    assert [words(span) for span in page.xpath("//div[contains(@class, 'infor')]//span")] == ["初审编辑:阮青禾", "责任编辑:祁望"]
    body = one(page, "//div[@class='news-con']")
    assert [words(p) for p in body.xpath(".//p") if words(p)] == [*ANY.paragraphs[:3], "海上集市开张。", ANY.paragraphs[3]]
    items = page.xpath("//div[@class='tjyd']//li")
    assert words(items[0]) == "灯塔夜里开放每周六晚开放两小时，可以登塔看船。[详细]08-08 06-07海岛晚报"
    meta = {name: page.xpath(f"//meta[@name='{name}']/@content")[0] for name in ("publishdate", "source", "author", "filetype")}
    assert meta == {"publishdate": "2017-08-09", "source": "来源：海岛晚报", "author": "顾小满 钟晚舟", "filetype": "0"}


def test_labels_without_a_value() -> None:
    bare = SampleArticle(id="bare", title="题", published="2017-01-02 03:04:05", source="", body=[Part("p", "文")])
    assert '<span id="source_baidu">来源：</span><span id="author_baidu">作者：</span>' in render_2016(bare).decode()
    assert '<div class="left">2017-01-02 03:04:05 来源: </div>' in render_2018(bare).decode()
    unlabelled = SampleArticle(id="bare", title="题", published="2017-01-02 03:04:05", body=[Part("p", "文")])
    assert '<span id="source_baidu"></span>' in render_2016(unlabelled).decode()
    assert '<div class="left">2017-01-02 03:04:05</div>' in render_2018(unlabelled).decode()
    assert "推荐阅读" not in render_2018(unlabelled).decode()
    with pytest.raises(IndexError):
        render_2018(bare, page=1)


LINES = st.text(st.characters(exclude_categories=["C", "Z"]), min_size=1, max_size=40)


@given(LINES, LINES, LINES, st.sampled_from(["gb2312", "utf-8"]))
def test_whatever_the_text_is_it_comes_back(title: str, text: str, name: str, charset: str) -> None:
    link = SampleLink(title, "http://x.example/1.htm", None, text + "[详细]", "08-08 06-07", name)
    article = SampleArticle(
        id="x", title=title, published="2017-08-09 09:08:07", source=name, authors=[name], editors=[Editor("责任编辑", name)],
        body=[Part("p", text), Part("heading", title), Part("image", name, "W1.jpg")], recommended=[link], charset=charset,
    )  # fmt: skip
    for render, heading, items in ((render_2016, "//h2", "//dl"), (render_2018, "//h1", "//div[@class='tjyd']//li")):
        page = tree(render(article), charset)
        assert words(one(page, heading)) == title
        assert [words(p) for p in page.xpath("//div[@class='TRS_Editor']//p") if words(p)] == [text, title, name]
        assert words(one(page, items)) == f"{title}{text}[详细]08-08 06-07{name}"


def test_parts_of_one_article_are_linked_by_a_pager() -> None:
    article = SITE.article("island-post")
    first, second = (tree(SITE.page(urlsplit(url).path, WEIHAI).body, article.charset) for url in article.urls)
    name = article.urls[1].rpartition("/")[2]
    assert [(words(a), a.get("href")) for a in first.xpath("//div[@class='page']/a")] == [("2", name), ("下一页", name)]
    assert [words(a) for a in second.xpath("//div[@class='page']/a")] == ["1"]
    assert not second.xpath("//div[@class='page']/a[contains(., '下一页')]")


def test_list_pages_lead_on_to_older_ones() -> None:
    url, seen = f"http://{WEIHAI}/news/", []
    while url:
        response = SITE.page(urlsplit(url).path, WEIHAI)
        page = tree(response.body, "gb2312")
        seen += [urljoin(url, a) for a in page.xpath("//ul[@class='list']/li/a/@href")]
        assert page.xpath("//span[@class='date']")
        following = page.xpath("//a[contains(., '下一页')]/@href")
        url = urljoin(url, following[0]) if following else ""
    assert seen == [line.url for page in SITE.lists(WEIHAI, "news") for line in page]
    assert any("/xinwen/" in address for address in seen)
    assert any(not address.startswith(f"http://{WEIHAI}/") for address in seen)


def test_lists_link_nothing_that_a_plain_proxy_cannot_serve() -> None:
    for host in SITE.hosts:
        for channel in SITE.channels(host):
            links = html.document_fromstring(SITE.page(urlsplit(channel).path, host).body).xpath("//a/@href")
            assert not [link for link in links if link.startswith("https:")]
            assert sum("?from=top" in link for link in links) == 1
            assert sum(link.startswith(f"http://m.{host}/") for link in links) == 1


def test_home_leads_to_the_channels_and_links_stay_on_the_machine() -> None:
    page = tree(SITE.page("/", "127.0.0.1:8000").body, "utf-8")
    assert {"/news/", "/minsheng/", "/tupian/"} <= set(page.xpath("//a/@href"))
    assert len(page.xpath("//div[@class='topbar']//a")) == 20


def test_other_addresses_of_the_same_page() -> None:
    article = SITE.article("playground")
    body = SITE.page(article.path, article.host).body
    for path, host in (
        (article.path + "?from=timeline", article.host),
        (article.path + "#top", article.host),
        (article.path, "m." + article.host),
        (article.path, article.host + ":80"),
        (article.path, "localhost:8080"),
        (article.path, "[::1]:8080"),
        (article.path, ""),
    ):
        assert SITE.page(path, host).body == body, (path, host)
    forms = {re.sub(r"t\d.*?\.htm", "t", link) for link in html.document_fromstring(body).xpath("//ul[@class='hot']//a/@href")}
    assert {form[:6] for form in forms} >= {"https:", "http:/", "/news/"}
    assert any(form.endswith("?from=timeline") for form in forms)
    assert any(form.endswith("#top") for form in forms)


def test_traps() -> None:
    kinds = {trap["kind"]: urlsplit(trap["url"]) for trap in SITE.traps}
    soft = SITE.page(kinds["soft404"].path, WEIHAI)
    assert soft.status == 200
    assert "您访问的页面不存在" in soft.body.decode()
    assert SITE.page(kinds["gone"].path, WEIHAI).status == 404
    assert SITE.page(kinds["offsite"].path, kinds["offsite"].netloc).status == 502
    ((old, article),) = SITE.moved.items()
    moved = SITE.page(urlsplit(old).path, WEIHAI)
    assert (moved.status, moved.headers["Location"]) == (302, article.url)
    assert SITE.page("/admin/", WEIHAI).status == 403
    assert b"Disallow: /admin/" in SITE.page("/robots.txt", WEIHAI).body
    assert b"delay" not in SITE.page("/robots.txt", WEIHAI).body.lower()


def test_what_fails_once_does_so_again_on_a_new_site() -> None:
    site = SampleSite()
    (url,) = site.fails_once
    parts = urlsplit(url)
    assert [site.page(parts.path, parts.netloc).status for _ in range(3)] == [503, 200, 200]
    assert site.asked[url] == 3
    assert SampleSite().page(parts.path, parts.netloc).status == 503


def test_feed_and_sitemap() -> None:
    newest = [a for a in SITE.articles if a.host == WEIHAI]
    feed = etree.fromstring(SITE.page("/rss.xml", WEIHAI).body)
    assert feed.xpath("//item/link/text()") == [a.url for a in newest[:20]]
    assert [parsedate_to_datetime(text) for text in feed.xpath("//item/pubDate/text()")] == [a.at for a in newest[:20]]
    places = etree.fromstring(SITE.page("/sitemap.xml", YANTAI).body).xpath("//*[local-name()='loc']/text()")
    assert set(places) == {f"http://{YANTAI}/news/"} | {a.url for a in SITE.articles if a.host == YANTAI}


def test_images_are_images() -> None:
    for url in (SITE.article("p-island").images[0], SITE.article("p-island").as_link().thumbnail or ""):
        response = SITE.page(urlsplit(url).path, WEIHAI)
        assert (response.status, response.headers["Content-Type"]) == (200, "image/png")
        assert response.body.startswith(b"\x89PNG\r\n\x1a\n")
        assert response.body.endswith(b"IEND\xaeB`\x82")


# -- the server


@pytest.fixture(scope="module")
def base() -> Iterator[str]:
    with running(SITE) as url:
        yield url


@pytest.fixture
def client(base: str) -> Iterator[http.client.HTTPConnection]:
    connection = http.client.HTTPConnection(urlsplit(base).netloc, timeout=10)
    yield connection
    connection.close()


def ask(
    client: http.client.HTTPConnection, target: str, method: str = "GET", **headers: str
) -> tuple[http.client.HTTPResponse, bytes]:
    client.request(method, target, headers={name.replace("_", "-"): value for name, value in headers.items()})
    response = client.getresponse()
    return response, response.read()


def raw(base: str, data: bytes) -> bytes:
    """All that the server answers to some bytes until it closes."""
    address = urlsplit(base)
    assert address.hostname
    assert address.port
    with socket.create_connection((address.hostname, address.port), timeout=10) as client:
        client.sendall(data)
        out = b""
        while chunk := client.recv(65536):
            out += chunk
    return out


@pytest.mark.parametrize("key", ["nets", "tide-school", "kelp-paper", "peach-live"])
def test_both_charsets_over_a_real_connection(client: http.client.HTTPConnection, key: str) -> None:
    article = SITE.article(key)
    response, body = ask(client, article.url)
    assert (response.status, response.headers["Content-Type"]) == (200, "text/html")
    assert words(one(tree(body, article.charset), "//title")).startswith(article.title)
    assert article.paragraphs[-1] in tree(body, article.charset).text_content()


def test_as_a_proxy_it_goes_by_the_address_and_knows_no_other_host(client: http.client.HTTPConnection) -> None:
    assert "威海" in ask(client, f"http://{WEIHAI}/", Host="127.0.0.1")[1].decode()
    assert "烟台" in ask(client, f"http://{YANTAI}/")[1].decode("gb18030")
    response, body = ask(client, "http://news.example/2017/1.shtml")
    assert response.status == 502
    assert "does not know 'news.example'" in body.decode()
    assert ask(client, "/", Host="news.example")[0].status == 502


def test_directly_it_shows_weihai_and_yantai_by_name(client: http.client.HTTPConnection) -> None:
    assert "<title>大众网威海</title>" in ask(client, "/")[1].decode()
    assert "<title>大众网烟台</title>" in ask(client, "/", Host="yantai.localhost:80")[1].decode("gb18030")
    response, _ = ask(client, "/news")
    assert (response.status, response.headers["Location"]) == (301, "/news/")
    assert ask(client, "/nothing.htm")[0].status == 404


def test_unchanged_pages_are_not_sent_again(client: http.client.HTTPConnection) -> None:
    first, body = ask(client, "/news/")
    etag, at = first.headers["ETag"], first.headers["Last-Modified"]
    for headers in ({"If_None_Match": etag}, {"If_None_Match": f'"x", {etag}'}, {"If_Modified_Since": at}):
        again, nothing = ask(client, "/news/", **headers)
        assert (again.status, nothing, again.headers["ETag"]) == (304, b"", etag)
        assert "Content-Length" not in again.headers
    changed, whole = ask(client, "/news/", If_None_Match='"other"', If_Modified_Since=at)
    assert (changed.status, whole) == (200, body)


def test_gzip_only_for_those_who_ask(client: http.client.HTTPConnection) -> None:
    plain, body = ask(client, "/news/")
    packed, data = ask(client, "/news/", Accept_Encoding="gzip, deflate, br")
    assert "Content-Encoding" not in plain.headers
    assert (packed.headers["Content-Encoding"], packed.headers["Vary"]) == ("gzip", "Accept-Encoding")
    assert len(data) < len(body) / 2
    assert gzip.decompress(data) == body
    image, _ = ask(client, SITE.article("p-island").images[0], Accept_Encoding="gzip")
    assert "Content-Encoding" not in image.headers


def test_head_sends_no_body_and_the_connection_stays(client: http.client.HTTPConnection) -> None:
    full, body = ask(client, "/news/")
    socket_ = client.sock
    head, nothing = ask(client, "/news/", method="HEAD")
    assert (head.status, nothing, head.headers["Content-Length"]) == (200, b"", str(len(body)))
    assert head.headers["ETag"] == full.headers["ETag"]
    assert client.sock is socket_
    ask(client, "/news/", Connection="close")
    assert client.sock is None


def test_pipelined_requests_are_answered_in_order(base: str) -> None:
    data = (
        b"GET /rss.xml HTTP/1.1\r\nHost: localhost\r\n\r\n"
        + b"GET /robots.txt HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
    )
    answer = raw(base, data)
    assert answer.count(b"HTTP/1.1 200 OK") == 2
    assert answer.index(b"<rss") < answer.index(b"User-agent")


@pytest.mark.parametrize(
    ("data", "status"),
    [
        (b"\x16\x03\x01\x02\x00\x01\x00\r\n\r\n", 400),
        (b"GET / HTTP/3.0\r\n\r\n", 400),
        (b"GET ftp://x/ HTTP/1.1\r\n\r\n", 400),
        (b"GET http://[::1/ HTTP/1.1\r\nConnection: close\r\n\r\n", 502),
        (b"GET / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\n\r\nhello", 400),
        (b"POST / HTTP/1.1\r\nHost: localhost\r\n\r\n", 405),
        (b"CONNECT weihai.dzwww.com:443 HTTP/1.1\r\nHost: weihai.dzwww.com:443\r\n\r\n", 502),
        (b"GET / HTTP/1.0\r\n\r\n", 200),
        (b"GET / HTTP/1.1\r\nX: " + b"a" * 200_000 + b"\r\n\r\n", 431),
    ],
)
def test_odd_requests_get_an_answer_and_harm_nobody(
    base: str, client: http.client.HTTPConnection, data: bytes, status: int
) -> None:
    try:
        answer = raw(base, data)
    except ConnectionResetError:
        # Closed on a client that was still sending.
        assert status == 431
    else:
        assert answer.startswith(b"HTTP/1.1 %d " % status)
    assert ask(client, "/robots.txt")[0].status == 200


def test_clients_that_leave_or_stay_silent_do_not_keep_it_from_ending() -> None:
    with running() as base:
        port = urlsplit(base).port
        silent = socket.create_connection(("127.0.0.1", port or 0), timeout=10)
        leaving = socket.create_connection(("127.0.0.1", port or 0), timeout=10)
        leaving.sendall(b"GET /news/ HTT")
        leaving.close()
        assert raw(base, b"GET / HTTP/1.0\r\n\r\n").startswith(b"HTTP/1.1 200")
    try:
        assert silent.recv(10) == b""
    except ConnectionResetError:
        pass
    finally:
        silent.close()
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", port or 0), timeout=10)


def test_a_taken_port_is_an_error(base: str) -> None:
    with pytest.raises(OSError, match="in use"), running(port=urlsplit(base).port or 0):
        raise AssertionError("it should not have started")
