"""Feeds, sitemaps and their indexes: the forms that sites serve, the faults they have, and what an enemy would send."""

import gzip
import json
import os
import re
import resource
import socket
import subprocess
import sys
import threading
import zlib
from datetime import date, datetime, timedelta

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from lxml import etree

from newscrawl import feeds
from newscrawl.days import SHANGHAI
from newscrawl.extract.page import Page
from newscrawl.feeds import MAX_BYTES, MAX_DEPTH, MAX_ENTRIES, MAX_TAGS, Entry, Feed, announced, in_robots, read, worth

URL = "http://news.example.cn/rss/wendeng.xml"
NOW = datetime(2018, 6, 1, 12, tzinfo=SHANGHAI)
DAY = datetime(2017, 7, 28, tzinfo=SHANGHAI)
AT = datetime(2017, 7, 28, 10, 28, tzinfo=SHANGHAI)
A, B = "http://news.example.cn/a.htm", "http://news.example.cn/b.htm"


def look(document, url=URL, **given):
    body = document.encode("utf-8") if isinstance(document, str) else document
    return read(body, url, now=NOW, **given)


def addresses(feed):
    return [entry.url for entry in feed.entries]


def rss(*items, head='<?xml version="1.0" encoding="UTF-8"?>\n<rss version="2.0">'):
    return f"{head}<channel><title>文登新闻</title><link>http://news.example.cn/</link>{''.join(items)}</channel></rss>"


def item(link="http://news.example.cn/a.htm", more=""):
    return f"<item><link>{link}</link>{more}</item>"


# -- one whole document of each form

RSS = """<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:atom="http://www.w3.org/2005/Atom"
     xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:media="http://search.yahoo.com/mrss/">
<channel>
  <title>文登新闻</title><link>http://news.example.cn/</link><atom:link href="http://news.example.cn/rss/wendeng.xml" rel="self"/>
  <lastBuildDate>Fri, 28 Jul 2017 12:00:00 +0800</lastBuildDate>
  <image><url>http://news.example.cn/logo.gif</url><title>图</title><link>http://news.example.cn/logo</link></image>
  <item>
    <title><![CDATA[葛家镇<b>苹果</b>丰收&nbsp;果农增收]]></title>
    <link>http://news.example.cn/a.htm</link>
    <guid isPermaLink="false">10086</guid>
    <pubDate>Fri, 28 Jul 2017 10:28:00 +0800</pubDate>
    <media:content url="http://img.example.cn/1.jpg"><media:title>图一</media:title></media:content>
    <description><![CDATA[<a href="http://other.example.cn/">更多</a>]]></description>
    <content:encoded><![CDATA[<item><link>http://no.example.cn/</link></item>]]></content:encoded>
  </item>
  <item><title>樱花路通车</title><link>http://news.example.cn/b.htm</link><dc:date>2017-07-28T10:28:00+08:00</dc:date></item>
</channel></rss>"""

RSS_091 = """<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE rss PUBLIC "-//Netscape Communications//DTD RSS 0.91//EN" "http://my.netscape.com/publish/formats/rss-0.91.dtd">
<rss version="0.91"><channel><title>x</title><link>http://news.example.cn/</link>
<item><title>葛家镇苹果丰收 果农增收</title><link>http://news.example.cn/a.htm</link></item>
<item><title>樱花路通车</title><link>http://news.example.cn/b.htm</link></item></channel></rss>"""

RDF = """<?xml version="1.0" encoding="UTF-8"?>
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"
         xmlns:dc="http://purl.org/dc/elements/1.1/">
<channel rdf:about="http://news.example.cn/"><title>x</title><link>http://news.example.cn/</link>
<items><rdf:Seq><rdf:li rdf:resource="http://news.example.cn/z.htm"/></rdf:Seq></items></channel>
<item rdf:about="http://news.example.cn/other.htm"><title>葛家镇苹果丰收 果农增收</title><link>http://news.example.cn/a.htm</link>
<dc:date>2017-07-28T02:28:00Z</dc:date></item>
<item rdf:about="http://news.example.cn/b.htm"><title>樱花路通车</title><dc:date>2017-07-28T10:28+08:00</dc:date></item>
<textinput><title>t</title><link>http://news.example.cn/search</link></textinput></rdf:RDF>"""

ATOM = """<?xml version="1.0" encoding="utf-8"?>
<feed xmlns="http://www.w3.org/2005/Atom"><title>x</title><link href="http://news.example.cn/"/>
<link rel="self" href="http://news.example.cn/atom.xml"/><updated>2017-07-28T12:00:00+08:00</updated>
<entry><title type="html">葛家镇&lt;b&gt;苹果&lt;/b&gt;丰收&amp;nbsp;果农增收</title><id>tag:news.example.cn,2017:1</id>
  <link rel="self" href="http://news.example.cn/a.atom"/>
  <link rel="enclosure" type="audio/mpeg" href="http://news.example.cn/a.mp3"/>
  <link rel="alternate" type="application/json" href="http://news.example.cn/a.json"/>
  <link rel="alternate" type="text/html" href="http://news.example.cn/a.htm"/>
  <source><title>别家</title><link href="http://else.example.cn/"/><updated>2001-01-01T00:00:00Z</updated></source>
  <updated>2017-07-29T10:28:00+08:00</updated><published>2017-07-28T02:28:00Z</published></entry>
<entry><title type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml">樱花<b>路</b>通车</div></title><link href="http://news.example.cn/b.htm"/>
  <updated>2017-07-28T10:28:00+08:00</updated>
  <content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><a href="/x">x</a></div></content></entry></feed>"""

ATOM_03 = """<feed version="0.3" xmlns="http://purl.org/atom/ns#"><title>x</title>
<entry><title>葛家镇苹果丰收 果农增收</title><link rel="alternate" type="text/html" href="http://news.example.cn/a.htm"/>
<issued>2017-07-28T10:28:00+08:00</issued><modified>2017-08-28T10:28:00+08:00</modified></entry>
<entry><title>樱花路通车</title><link rel="alternate" type="text/html" href="http://news.example.cn/b.htm"/>
<modified>2017-07-28T10:28:00+08:00</modified></entry></feed>"""

NEWS = """<?xml version="1.0" encoding="UTF-8"?>
<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"
  xmlns:image="http://www.google.com/schemas/sitemap-image/1.1" xmlns:video="http://www.google.com/schemas/sitemap-video/1.1"
  xmlns:mobile="http://www.google.com/schemas/sitemap-mobile/1.0" xmlns:xhtml="http://www.w3.org/1999/xhtml">
<url><image:image><image:loc>http://img.example.cn/1.jpg</image:loc><image:title>图</image:title></image:image>
  <image:loc>http://img.example.cn/2.jpg</image:loc>
  <video:video><video:player_loc>http://v.example.cn/1</video:player_loc><video:title>视频</video:title>
    <video:publication_date>2001-01-01</video:publication_date></video:video><mobile:mobile type="mobile"/>
  <xhtml:link rel="alternate" hreflang="en" href="http://en.example.cn/"/>
  <lastmod>2018-01-01</lastmod><loc>http://news.example.cn/a.htm</loc>
  <news:news><news:publication><news:name>文登新闻</news:name></news:publication>
    <news:publication_date>2017-07-28T10:28:00+08:00</news:publication_date><news:title>葛家镇苹果丰收 果农增收</news:title></news:news></url>
<url><loc>http://news.example.cn/b.htm</loc><news:news><news:title><![CDATA[樱花路通车]]></news:title></news:news>
  <lastmod>2017-07-28T10:28:00+08:00</lastmod></url></urlset>"""

BAIDU_SITEMAP = """<?xml version="1.0" encoding="UTF-8"?><urlset>
<url><loc>http://news.example.cn/a.htm</loc><lastmod>2017-07-29</lastmod><data><display><title>葛家镇苹果丰收 果农增收</title>
<pubTime>2017-07-28T10:28:00</pubTime></display></data></url>
<url><loc>http://news.example.cn/b.htm</loc><data><display><title>樱花路通车</title><pubTime>2017-07-28 10:28</pubTime></display></data></url></urlset>"""

BAIDU_NEWS = """<?xml version="1.0" encoding="utf-8"?><document><webSite>news.example.cn</webSite><updatePeri>15</updatePeri>
<item><title>葛家镇苹果丰收 果农增收</title><link>http://news.example.cn/a.htm</link><image>http://img.example.cn/1.jpg</image>
<pubDate>2017-07-28 10:28</pubDate></item>
<item><title>樱花路通车</title><link>http://news.example.cn/b.htm</link><pubDate>2017-07-28 10:28:00</pubDate></item></document>"""

FORMS = {
    "rss": (RSS, "rss", AT),
    "rss 0.91": (RSS_091, "rss", None),
    "rdf": (RDF, "rss", AT),
    "atom": (ATOM, "atom", AT),
    "atom 0.3": (ATOM_03, "atom", AT),
    "news sitemap": (NEWS, "sitemap", AT),
    "baidu sitemap": (BAIDU_SITEMAP, "sitemap", AT),
    "baidu news": (BAIDU_NEWS, "rss", AT),
}


@pytest.mark.parametrize("name", FORMS)
def test_a_form_is_read_whole(name):
    document, kind, at = FORMS[name]
    assert look(document) == Feed(kind, [Entry(A, "葛家镇苹果丰收 果农增收", at), Entry(B, "樱花路通车", at)])


@pytest.mark.parametrize("name", [name for name, (document, *_) in FORMS.items() if ' xmlns="' in document])
@pytest.mark.parametrize("prefix", ["n", "a10"])
def test_prefixes_are_free(name, prefix):
    """The same documents with each element of the first namespace under a prefix, whatever it is."""
    document, kind, at = FORMS[name]
    own = etree.fromstring(document.encode()).nsmap[None]
    text = re.sub(r"\sxmlns=\"" + re.escape(own) + '"', f' xmlns:{prefix}="{own}"', document)
    text = re.sub(r"<(/?)(?!/|\?|!|div|b>|b/|a |a>)(\w+)(?=[\s/>])", rf"<\1{prefix}:\2", text)
    etree.fromstring(text.encode())
    assert look(text) == Feed(kind, [Entry(A, "葛家镇苹果丰收 果农增收", at), Entry(B, "樱花路通车", at)])


def test_an_index_names_children_and_no_articles():
    index = """<?xml version="1.0"?><sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">
    <sitemap><loc>http://news.example.cn/sitemap-2017-07.xml.gz</loc><lastmod>2017-07-28T10:28:00+08:00</lastmod></sitemap>
    <sitemap><loc> /sitemap2.xml </loc></sitemap><sitemap><loc>/sitemap2.xml</loc></sitemap></sitemapindex>"""
    expected = [Entry("http://news.example.cn/sitemap-2017-07.xml.gz", None, AT), Entry("http://news.example.cn/sitemap2.xml")]
    assert look(index) == Feed("index", [], expected)
    # The wrong root, as some generators write it.
    assert look(index.replace("sitemapindex", "urlset")) == Feed("index", [], expected)


@pytest.mark.parametrize(
    ("document", "kind"),
    [
        (rss(), "rss"),
        ("<rss/>", "rss"),
        ('<feed xmlns="http://www.w3.org/2005/Atom"/>', "atom"),
        ("<urlset></urlset>", "sitemap"),
        ("<sitemapindex/>", "index"),
    ],
)
def test_a_feed_without_entries_is_a_feed(document, kind):
    assert look(document) == Feed(kind)


@pytest.mark.parametrize(
    "document",
    [
        "",
        "   \n",
        "\ufeff",
        "<",
        "<rss",
        "<!--",
        "<?xml",
        "<!DOCTYPE",
        "<!DOCTYPE rss [",
        "<!doctype html><html><head><title>404</title></head><body><rss></rss></body></html>",
        '<?xml version="1.0"?><html xmlns="http://www.w3.org/1999/xhtml"><body><item><link>http://a.cn/</link></item></body></html>',
        '{"version": "https://jsonfeed.org/version/1", "items": [{"url": "http://a.cn/<rss>"}]}',
        "404 Not Found",
        "http://news.example.cn/a.htm\nhttp://news.example.cn/b.htm",
        '<?xml version="1.0"?><document><title>no news</title></document>',
        "<opml><body><outline xmlUrl='http://a.cn/'/></body></opml>",
        "<rssfeed/>",
        "\x1f\x8b",
        "\x00" * 1000,
    ],
)
def test_what_is_no_feed_is_none(document):
    assert look(document) is None
    assert look(document.encode("latin-1", "replace")) is None


# -- charsets

CHINESE = '<?xml version="1.0" encoding="{}"?>\n<rss version="2.0"><channel><item><title>威海市文登区的果农今年种下新品种苹果：朱镕</title><link>/a.htm</link></item></channel></rss>'


@pytest.mark.parametrize(
    ("encoding", "declared", "header"),
    [
        ("utf-8", "utf-8", None),
        ("utf-8", "gb2312", None),
        ("utf-8", "utf-8", "gbk"),
        ("utf-8-sig", "gb2312", "gb2312"),
        ("gb18030", "gb2312", None),
        ("gb18030", "GBK", None),
        ("gb18030", "gb2312", "utf-8"),
        ("gb18030", "utf-8", "utf-8"),
        ("gb18030", "utf-8", "gb2312"),
        ("gb18030", "gb2312", "iso-8859-1"),
        ("utf-16", "utf-16", None),
        ("utf-16", "utf-8", "utf-8"),
    ],
)
@pytest.mark.parametrize("before", ["", "\n\n  ", "<!-- 大众网 缓存 -->\n"])
def test_charsets(encoding, declared, header, before):
    body = (before + CHINESE.format(declared)).encode(encoding)
    assert look(body, charset=header) == Feed("rss", [Entry(A, "威海市文登区的果农今年种下新品种苹果：朱镕")])


def test_bytes_that_no_charset_has_are_flagged():
    body = CHINESE.format("gb2312").encode("gb18030").replace("苹果".encode("gb18030"), b"\xff\xff\xff", 1)
    found = look(body)
    assert (addresses(found), found.flags) == ([A], {"broken"})


# -- the faults that feeds have

HALF = [
    ("blank lines before the declaration", "\r\n\r\n" + rss(item())),
    ("a byte-order mark twice", "\ufeff\ufeff" + rss(item())),
    ("comments before the declaration", "<!-- 缓存 2017 --><!-- <rss> -->" + rss(item())),
    ("a script's warning", "<br />\n<b>Warning</b>: mysql_connect() in <b>/www/rss.php</b> on line <b>3</b><br />\n" + rss(item())),
    ("no declaration", rss(item(), head="<rss>")),
    ("a stylesheet", '<?xml version="1.0"?><?xml-stylesheet type="text/xsl" href="http://a.cn/x.xsl"?><rss>' + item() + "</rss>"),
    ("capitals", f"<RSS><CHANNEL><ITEM><LINK>{A}</LINK></ITEM></CHANNEL></RSS>"),
    ("blanks and line ends around", rss(item("\n\t  http://news.example.cn/a.htm \r\n\t"))),
    ("a line end within", rss(item("http://news.example.cn/\n   a.htm").replace("   a", "a"))),
    ("ideographic blanks", rss(item("\u3000http://news.example.cn/a.htm\u3000"))),
    ("cdata", rss(item("<![CDATA[ http://news.example.cn/a.htm ]]>"))),
    ("cdata in pieces", rss(item("http://<![CDATA[news.example.cn/]]>a.htm"))),
    ("a comment within", rss(item("http://news.example.cn/<!-- x -->a.htm"))),
    ("relative", rss(item("/a.htm"))),
    ("relative to the feed", rss(item("../a.htm"))),
    ("without a scheme", rss(item("//news.example.cn/a.htm"))),
    ("backslashes", rss(item("http:\\\\news.example.cn\\a.htm"))),
    ("undeclared prefix", rss(item(more="<dc:creator>于</dc:creator><slash:comments>3</slash:comments>"))),
    ("html's entities", rss(item(more="<title>a&nbsp;&mdash;&hellip;&copy;</title>"))),
    ("entity that nobody has", rss(item(more="<title>a &nosuch; b</title>"))),
    ("bare ampersand", rss(item(more="<title>R&D & AT&T &; &#; &#x; &</title>"))),
    ("characters that XML has not", rss(item(more="<title>a\x00\x01\x0b\x1f\ufffeb&#0;&#x1F;&#xD800;&#xFFFF;&#99999999;</title>"))),
    ("bare less-than", rss(item(more="<title>气温 < 5 ℃，<红楼梦>，1<2</title>").replace("<红楼梦>", "< 红楼梦 >"))),
    ("the same twice", rss(item(), item(), item())),
    ("an address that is none before", rss(item("javascript:void(0)"), item("mailto:a@b.cn"), item("file:///etc/passwd"), item())),
    ("addresses that break", rss(item("http://[::1"), item("http://a.cn:99999/"), item("#"), item(""), item())),
    ("guid for a link", rss(f'<item><guid isPermaLink="true">{A}</guid></item>')),
    ("guid by default", rss(f"<item><link/><guid>{A}</guid></item>")),
    ("guid that is none", rss('<item><guid isPermaLink="false">http://a.cn/no</guid></item>', "<item><guid>42</guid></item>", item())),
    ("link before guid", rss(f"<item><guid>http://news.example.cn/?p=1</guid><link>{A}</link></item>")),
    ("atom's link", rss(f'<item><a:link xmlns:a="http://www.w3.org/2005/Atom" href="{A}"/></item>')),
    ("link as an attribute", rss(f'<item><link href="{A}"/></item>')),
    ("xml:base", rss('<item xml:base="http://news.example.cn/2017/"><link>../a.htm</link></item>')),
    ("xml:base that is none", rss('<item xml:base="file:///etc/"><link>/a.htm</link></item>')),
    ("atom text link", f'<feed xmlns="http://www.w3.org/2005/Atom"><entry><link>{A}</link></entry></feed>'),
    ("atom id", f'<feed xmlns="http://www.w3.org/2005/Atom"><entry><id>{A}</id><link rel="self" href="/x"/></entry></feed>'),
    ("sitemap loc with images only", f"<urlset><url><image:image><image:loc>/1.jpg</image:loc></image:image></url><url><loc>{A}</loc></url></urlset>"),
]  # fmt: skip


@pytest.mark.parametrize("document", [document for _, document in HALF], ids=[name for name, _ in HALF])
def test_faults_that_lose_nothing(document):
    found = look(document)
    assert (addresses(found), found.flags) == ([A], set())


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("http://news.example.cn/v?id=1&amp;c=2", "http://news.example.cn/v?id=1&c=2"),
        ("http://news.example.cn/v?id=1&c=2&d=", "http://news.example.cn/v?id=1&c=2&d="),
        ("http://news.example.cn/v?id=1&copy=2&lt=3", "http://news.example.cn/v?id=1&copy=2&lt=3"),
        ("<![CDATA[http://news.example.cn/v?id=1&c=2]]>", "http://news.example.cn/v?id=1&c=2"),
        ("<![CDATA[http://news.example.cn/v?id=1&amp;c=2]]>", "http://news.example.cn/v?id=1&c=2"),
        ("http://news.example.cn/v?id=1&amp;amp;c=2", "http://news.example.cn/v?id=1&c=2"),
        ("http://news.example.cn/v?id=1&#38;c=2", "http://news.example.cn/v?id=1&c=2"),
        ("http://news.example.cn/a b.htm", "http://news.example.cn/a%20b.htm"),
        ("http://news.example.cn/文登.htm", "http://news.example.cn/文登.htm"),
        ("http://文登.example.cn/a.htm", "http://文登.example.cn/a.htm"),
        ("HTTPS://News.Example.cn/a.htm#x", "https://News.Example.cn/a.htm#x"),
        ("http://news.example.cn/" + "x" * 5000, None),
    ],
)
def test_addresses(written, expected):
    for document in (rss(item(written)), f"<urlset><url><loc>{written}</loc></url></urlset>"):
        found = look(document)
        assert (addresses(found), found.flags) == ([expected] if expected else [], set())


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("文登", "文登"),
        ("  文登 \n 苹果  ", "文登 苹果"),
        ("<![CDATA[<font color=red>文登</font>]]>", "文登"),
        ("&lt;font&gt;文登&lt;/font&gt;", "文登"),
        ("<![CDATA[A &amp; B &quot;C&quot;]]>", 'A & B "C"'),
        ("A &amp;amp; B", "A & B"),
        ("<i>文登</i>苹果", "文登苹果"),
        ("<![CDATA[<读书>1 < 2]]>", "<读书>1 < 2"),
        ("", None),
        (" ", None),
        ("长" * 1000, "长" * 300),
    ],
)
def test_titles(written, expected):
    assert look(rss(item(more=f"<title>{written}</title>"))).entries == [Entry(A, expected)]


BROKEN = [
    ("cut in a link", f"<rss><channel>{item()}<item><link>http://news.example.cn/b.h", [A]),
    ("cut after a link", f"<rss><channel>{item()}<item><link>{B}</link><title>x", [A, B]),
    ("cut in a tag", f"<rss><channel>{item()}<item><link>{B}</li", [A, B]),
    ("cut in cdata", f"<rss><channel>{item()}<item><link><![CDATA[{B}", [A]),
    ("cut in a comment", f"<rss><channel>{item()}<!-- {item(B)}", [A]),
    ("cut between", f"<rss><channel>{item()}{item(B)}", [A, B]),
    ("cut in an attribute", f'<feed><entry><link href="{A}"/></entry><entry><link href="{B}', [A]),
    ("title not closed", f"<rss><channel><item><link>{A}</link><title>x</item>{item(B)}</channel></rss>", [A, B]),
    ("link not closed", f"<rss><channel><item><link>{A}</item>{item(B)}</channel></rss>", [A, B]),
    ("item not closed", f"<rss><channel><item><link>{A}</link>{item(B)}</channel></rss>", [A, B]),
    ("markup in a title", f"<rss><channel><item><title><p><br>x</title><link>{A}</link></item>{item(B)}</channel></rss>", [A, B]),
    ("attribute without quotes", f"<rss><channel><item id=1><link>{A}</link></item>{item(B)}</channel></rss>", [A, B]),
    ("attribute without a value", f"<rss><channel><item new><link>{A}</link></item>{item(B)}</channel></rss>", [A, B]),
    ("an end too many", f"<rss><channel></b>{item()}</font>{item(B)}</channel></rss>", [A, B]),
    ("markup in a description", rss(f"<item><description>a</p></div>b<br>c<img src=x><p align=left></description><link>{A}</link></item>", item(B)), [A, B]),
    ("ends in other letters", f"<rss><channel><item><LINK>{A}</link></Item>{item(B)}</channel></rss>", [A, B]),
    ("attributes twice", f'<feed><entry><link href="{A}" href="{A}"/></entry><entry><link title=x rel="alternate" href="{B}"/></entry></feed>', [A, B]),
    ("more behind the end", rss(item(), item(B)) + "<script>x()</script>", [A, B]),
    ("no end of cdata within", f"<rss><channel>{item()}<item><title>x ]]> y</title><link>{B}</link></item></channel></rss>", [A, B]),
    ("many never closed", "<rss>" + f"<item><title>x<link>{A}</link>" * 2000 + item(B), [B]),
]  # fmt: skip


@pytest.mark.parametrize(("document", "expected"), [case[1:] for case in BROKEN], ids=[case[0] for case in BROKEN])
def test_malformed_documents_give_what_they_have(document, expected):
    found = look(document)
    assert (addresses(found), found.flags) == (expected, {"broken"})


@given(st.integers(0, len(RSS.encode())))
def test_a_cut_feed_gives_its_first_entries(length):
    """Wherever it is cut: whole addresses only, in order, and broken unless nothing is missing."""
    found = look(RSS.encode()[:length])
    assert found is None or addresses(found) in ([], [A], [A, B])
    assert found is None or ("broken" in found.flags) == (length < len(RSS.encode()))


# -- times


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("Fri, 28 Jul 2017 10:28:00 +0800", AT),
        ("Fri, 28 Jul 2017 02:28:00 GMT", AT),
        ("Fri, 28 Jul 2017 02:28:00 +0000", AT),
        ("Fri, 28 Jul 2017 02:28:00 UT", AT),
        ("Thu, 27 Jul 2017 22:28:00 EDT", AT),
        ("Thu, 27 Jul 2017 21:28:00 -0500", AT),
        ("Fri, 28 Jul 2017 10:28:00 CST", AT),
        ("Fri, 28 Jul 2017 10:28:00", AT),
        ("Fri, 28 Jul 2017 10:28 +0800", AT),
        ("28 Jul 2017 10:28:00 +08:00", AT),
        ("Fri, 28 Jul 17 10:28:00 +0800", AT),
        ("Mon, 28 July 2017 10:28:00 +0800", AT),  # it was a Friday
        ("Fri, 28 Jul 2017 10:28:00 GMT+8", AT),
        ("Fri, 28 Jul 2017 10:28:00 GMT+0800", AT),
        ("Fri Jul 28 10:28:00 CST 2017", AT),
        ("Fri Jul 28 2017 10:28:00 GMT+0800 (中国标准时间)", AT),
        ("星期五, 28 七月 2017 10:28:00 +0800", AT),
        ("周五, 28 7月 2017 10:28:00 +0800", AT),
        ("2017-07-28T10:28:00+08:00", AT),
        ("2017-07-28T10:28:00+0800", AT),
        ("2017-07-28T10:28+08:00", AT),
        ("2017-07-28T02:28:00Z", AT),
        ("2017-07-28T02:28:00.123Z", AT),
        ("2017-07-28T10:28:00", AT),
        ("2017-07-28T10:28:00 0800", AT),
        ("2017-07-28 10:28:00", AT),
        ("2017-7-28 10:28", AT),
        ("2017/7/28 10:28:00", AT),
        ("2017年07月28日 10:28", AT),
        ("2017年7月28日10时28分", AT),
        ("20170728102800", AT),
        ("1501208880", AT),
        ("1501208880000", AT),
        ("\n 2017-07-28 10:28:00 \n", AT),
        ("<![CDATA[2017-07-28 10:28:00]]>", AT),
        ("2017-07-28", DAY),
        ("2017-07-28+08:00", DAY),
        ("2017年7月28日", DAY),
        ("20170728", DAY),
        ("", None),
        ("昨", None),
        ("Invalid Date", None),
        ("0000-00-00 00:00:00", None),
        ("0001-01-01T00:00:00Z", None),
        ("1970-01-01T08:00:00+08:00", None),
        ("Thu, 01 Jan 1970 00:00:00 GMT", None),
        ("0", None),
        ("2017-13-40", None),
        ("2017-02-30", None),
        ("2018-06-03", None),
        ("2099-01-01 00:00:00", None),
        ("Wed, 01 Jan 3000 00:00:00 GMT", None),
        ("99999-01-01", None),
        # China's time under another name: GMT in the future is none.
        ("Fri, 01 Jun 2018 11:30:00 GMT", datetime(2018, 6, 1, 11, 30, tzinfo=SHANGHAI)),
        ("2018-06-01T11:30:00Z", datetime(2018, 6, 1, 11, 30, tzinfo=SHANGHAI)),
        ("Fri, 01 Jun 2018 03:30:00 GMT", datetime(2018, 6, 1, 11, 30, tzinfo=SHANGHAI)),
        # A clock that is ahead.
        ("2018-06-01 18:00", datetime(2018, 6, 1, 18, tzinfo=SHANGHAI)),
        ("2018-06-02", datetime(2018, 6, 2, tzinfo=SHANGHAI)),
        ("2小时前", datetime(2018, 6, 1, 10, tzinfo=SHANGHAI)),
    ],
)
def test_times(written, expected):
    found = [look(rss(item(more=f"<{tag}>{written}</{tag}>"))).entries[0].at for tag in ("pubDate", "dc:date")]
    found.append(look(f"<urlset><url><loc>{A}</loc><lastmod>{written}</lastmod></url></urlset>").entries[0].at)
    assert found == [expected] * 3
    assert all(at is None or at.utcoffset() == timedelta(hours=8) for at in found)


def test_published_goes_before_changed_and_what_can_be_read_before_what_cannot():
    def at(*fields):
        return (
            look(f'<feed xmlns="http://www.w3.org/2005/Atom"><entry><id>{A}</id>{"".join(fields)}</entry></feed>').entries[0].at
        )

    published, updated = "<published>2017-07-28</published>", "<updated>2018-01-01</updated>"
    assert at(updated, published) == at(published, updated) == DAY
    assert at(updated, "<published>soon</published>") == datetime(2018, 1, 1, tzinfo=SHANGHAI)


def test_the_clock_is_only_asked_where_no_time_is_given():
    tomorrow = datetime.now(SHANGHAI) + timedelta(days=300)
    document = rss(item(more=f"<pubDate>{tomorrow:%Y-%m-%d}</pubDate>")).encode()
    assert read(document, URL).entries[0].at is None
    assert read(document, URL, now=tomorrow).entries[0].at.date() == tomorrow.date()


# -- packing, lists of addresses

URLSET = f"<urlset><url><loc>{A}</loc></url><url><loc>{B}</loc></url></urlset>"


def test_gzip():
    packed = gzip.compress(URLSET.encode())
    assert look(packed, "http://news.example.cn/sitemap.xml.gz") == Feed("sitemap", [Entry(A), Entry(B)])
    assert look(gzip.compress(packed)) == Feed("sitemap", [Entry(A), Entry(B)])
    assert look(gzip.compress(URLSET[:50].encode()) + gzip.compress(URLSET[50:].encode())) == look(packed)
    assert look(packed + b"\x00" * 100 + b"rubbish") == look(packed)
    assert look(gzip.compress(b"<html></html>")) is None


def test_gzip_that_is_cut_or_damaged():
    whole = [f"http://news.example.cn/{os.urandom(8).hex()}.htm" for _ in range(2000)]
    packed = gzip.compress("".join(["<urlset>", *(f"<url><loc>{url}</loc></url>" for url in whole), "</urlset>"]).encode())
    for body in (packed[: len(packed) // 2], packed[: len(packed) // 2] + b"\xff" * 5000):
        found = look(body)
        count = len(found.entries)
        assert 500 < count < 2000
        assert addresses(found)[: count - 3] == whole[: count - 3]
        assert "broken" in found.flags
    assert look(packed[:-8]) == Feed("sitemap", [Entry(url) for url in whole], flags={"broken"})


def test_a_list_of_addresses():
    body = f"\ufeff{A}\r\n\r\n {B} \n{A}\n"
    for url in ("http://news.example.cn/sitemap.txt", "http://news.example.cn/sitemap.txt?v=2"):
        assert look(body, url) == Feed("sitemap", [Entry(A), Entry(B)])
    assert look(gzip.compress(body.encode()), "http://news.example.cn/sitemap.txt.gz") == Feed("sitemap", [Entry(A), Entry(B)])
    assert look(body + "\nnot found\n", "http://news.example.cn/sitemap.txt") == Feed(
        "sitemap", [Entry(A), Entry(B)], flags={"broken"}
    )
    assert look(body, "http://news.example.cn/sitemap.xml") is None
    assert look("User-agent: *\nSitemap: http://a.cn/s.xml", "http://news.example.cn/robots.txt") is None
    assert look("<html>404</html>", "http://news.example.cn/sitemap.txt") is None
    assert look(URLSET, "http://news.example.cn/sitemap.txt") == Feed("sitemap", [Entry(A), Entry(B)])


# -- limits


def many(count, tag="url"):
    return "".join(f"<{tag}><loc>http://a.cn/{n}</loc></{tag}>" for n in range(count))


def test_fifty_thousand_entries():
    assert MAX_ENTRIES == 50_000
    found = look(f"<urlset>{many(MAX_ENTRIES + 1)}</urlset>")
    assert addresses(found) == [f"http://a.cn/{n}" for n in range(MAX_ENTRIES)]
    assert found.flags == {"truncated"}


@pytest.mark.parametrize(("extra", "flags"), [(0, set()), (1, {"truncated"}), (30_000, {"truncated"})])
def test_entries_have_a_limit(monkeypatch, extra, flags):
    monkeypatch.setattr(feeds, "MAX_ENTRIES", 50)
    expected = [f"http://a.cn/{n}" for n in range(50)]
    found = look(f"<urlset>{many(50 + extra)}{many(50)}</urlset>")
    assert (addresses(found), found.flags) == (expected, flags)
    found = look(f"<sitemapindex>{many(50 + extra, 'sitemap')}</sitemapindex>")
    assert ([child.url for child in found.children], found.flags) == (expected, flags)
    found = look("".join(f"http://a.cn/{n}\n" for n in range(50 + extra)), "http://a.cn/s.txt")
    assert (addresses(found), found.flags) == (expected, flags)


def test_bytes_have_a_limit(monkeypatch):
    assert MAX_BYTES == 50 * 1024 * 1024
    monkeypatch.setattr(feeds, "MAX_BYTES", 100_000)
    whole = URLSET.encode().replace(b"<url>", b" " * (100_000 - len(URLSET)) + b"<url>", 1)
    for body in (whole, gzip.compress(whole), gzip.compress(whole[:99_000]) + gzip.compress(whole[99_000:])):
        assert look(body) == Feed("sitemap", [Entry(A), Entry(B)])
    for more in (b"\n", b"x" * 1_000_000):
        for body in (whole + more, gzip.compress(whole + more), gzip.compress(whole) + gzip.compress(more)):
            assert look(body) == Feed("sitemap", [Entry(A), Entry(B)], flags={"truncated"})
    cut = whole.replace(b"<urlset>", b"<urlset>" + b" " * 12)
    assert look(cut) == Feed("sitemap", [Entry(A), Entry(B)], flags={"truncated"})
    cut = whole.replace(b"<urlset>", b"<urlset>" + b" " * 40)
    assert look(cut) == Feed("sitemap", [Entry(A)], flags={"truncated"})


@pytest.mark.parametrize(("extra", "flags"), [(0, set()), (1, {"truncated"}), (50_000, {"truncated"})])
def test_elements_have_a_limit(monkeypatch, extra, flags):
    monkeypatch.setattr(feeds, "MAX_TAGS", 100)
    found = look(f"<urlset><url><loc>{A}</loc></url>{'<x/>' * (95 + extra)}<url><loc>{B}</loc></url></urlset>")
    assert (addresses(found), found.flags) == ([A] if extra else [A, B], flags)


def test_depth_has_a_limit():
    for depth, flags in ((MAX_DEPTH - 10, set()), (MAX_DEPTH + 1, {"broken"})):
        found = look(rss(item(), f"{'<x>' * depth}{'</x>' * depth}"))
        assert (addresses(found), found.flags) == ([A], flags)


# -- attacks

SECRET = "root:x:0:0:威海"


class Listener:
    """A server on loopback that notes who asks: nobody should."""

    def __init__(self):
        self.asked = []
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.port = self.socket.getsockname()[1]
        threading.Thread(target=self.serve, daemon=True).start()

    def serve(self):
        while True:
            try:
                connection, _ = self.socket.accept()
            except OSError:
                return
            with connection:
                self.asked.append(connection.recv(1000))
                connection.sendall(b"HTTP/1.0 200 OK\r\n\r\n" + SECRET.encode())


@pytest.fixture(scope="module")
def listener():
    found = Listener()
    yield found
    found.socket.close()


@pytest.fixture(scope="module")
def secret(tmp_path_factory):
    path = tmp_path_factory.mktemp("secret") / "passwd"
    path.write_text(SECRET, "utf-8")
    # A DTD that, once loaded, declares the entity that the document asks for.
    (path.parent / "evil.dtd").write_text(f'<!ENTITY x "{SECRET}">', "utf-8")
    return path


EXTERNAL = {
    "external entity": '<!DOCTYPE rss [<!ENTITY x SYSTEM "{where}">]>',
    "public entity": '<!DOCTYPE rss [<!ENTITY x PUBLIC "-//x" "{where}">]>',
    "external dtd": '<!DOCTYPE rss SYSTEM "{where}">',
    "public dtd": '<!DOCTYPE rss PUBLIC "-//x" "{where}">',
    "parameter entity": '<!DOCTYPE rss [<!ENTITY % p SYSTEM "{where}"> %p;]>',
    "nested parameter entity": '<!DOCTYPE rss [<!ENTITY % f SYSTEM "{where}"><!ENTITY % e "<!ENTITY x \'%f;\'>"> %e;]>',
    "unparsed entity": '<!DOCTYPE rss [<!NOTATION n SYSTEM "{where}"><!ENTITY x SYSTEM "{where}" NDATA n>]>',
    "defaulted attribute": '<!DOCTYPE rss SYSTEM "{where}" [<!ATTLIST link href CDATA "{where}">]>',
    "schema": '<?xml-model href="{where}"?><?xml-stylesheet href="{where}"?>',
}
ASKING = (
    '<rss xmlns:xi="http://www.w3.org/2001/XInclude" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:noNamespaceSchemaLocation="{where}">'
    '<channel><item><title>苹果&x;丰收</title><link>http://news.example.cn/a.htm</link><guid isPermaLink="&x;">&x;</guid></item>'
    '<item><link>&x;</link></item><item><xi:include href="{where}" parse="text"/><title><xi:include href="{where}" parse="text"/></title></item>'
    "</channel></rss>"
)


class Noting:
    """A parser's target that keeps all it is told."""

    def __init__(self):
        self.told = []

    def start(self, tag, attributes):
        self.told.append((tag, dict(attributes)))

    def data(self, text):
        self.told.append(text)

    def end(self, tag):
        pass

    def close(self):
        pass


def noted(document):
    """What the parser says of a document that nothing was done about: its own walls."""
    target = Noting()
    parser = feeds._parser(target)
    try:
        parser.feed(document.encode())
        parser.close()
    except etree.XMLSyntaxError as error:
        target.told.append(f"stopped: {error.msg}")
    return target.told


@pytest.mark.parametrize("name", EXTERNAL)
@pytest.mark.parametrize("to", ["file", "path", "dtd", "http", "ftp"])
def test_nothing_outside_is_read(name, to, secret, listener):
    where = {
        "file": secret.as_uri(),
        "path": str(secret),
        "dtd": (secret.parent / "evil.dtd").as_uri(),
        "http": f"http://127.0.0.1:{listener.port}/evil.dtd",
        "ftp": f"ftp://127.0.0.1:{listener.port}/evil.dtd",
    }[to]
    document = '<?xml version="1.0"?>' + EXTERNAL[name].format(where=where) + ASKING.format(where=where)
    found = look(document)
    # What no DTD declared here is text, as it stands.
    assert {A} <= set(addresses(found)) <= {A, "http://news.example.cn/rss/&x"}
    assert re.sub("&x;", "", found.entries[0].title) == "苹果丰收"
    assert SECRET not in repr(found)
    assert where not in repr(found)
    told = noted(document)
    # A DTD at fault ends its reading.
    assert told[:1] == [] if name == "nested parameter entity" else told[0][0] == "rss"
    assert "威海" not in repr(told)
    assert listener.asked == []


@pytest.mark.parametrize(
    ("name", "to"), [("external entity", "passwd"), ("external dtd", "evil.dtd"), ("parameter entity", "evil.dtd")]
)
def test_the_attacks_are_real(name, to, secret):
    """A parser without walls does tell the secret, so that the test above can fail."""
    document = EXTERNAL[name].format(where=(secret.parent / to).as_uri()) + "<rss>&x;</rss>"
    root = etree.fromstring(document.encode(), etree.XMLParser(resolve_entities=True, load_dtd=True, huge_tree=True))
    assert SECRET in "".join(root.itertext())
    assert SECRET not in repr(noted(document))


def test_the_listener_hears():
    other = Listener()
    with socket.create_connection(("127.0.0.1", other.port)) as connection:
        connection.sendall(b"GET / HTTP/1.0\r\n\r\n")
        assert SECRET.encode() in b"".join(iter(lambda: connection.recv(1000), b""))
    other.socket.close()
    assert len(other.asked) == 1


def laughs(count=10, width=10):
    entities = '<!ENTITY l0 "lol">' + "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * width}">' for n in range(1, count))
    return f"<!DOCTYPE rss [{entities}]>", f"&l{count - 1};"


def bombs():
    doctype, last = laughs()
    whole = f'<rss><channel><item x="{last}"><title>苹果{last}</title><link>{A}</link></item><item><link>http://b.cn/{last}</link></item></channel></rss>'
    yield "billion laughs", doctype + whole, [A, "http://b.cn/"]
    parameters = '<!ENTITY % p0 "lol">' + "".join(f'<!ENTITY % p{n} "{f"&#37;p{n - 1};" * 10}">' for n in range(1, 10))
    yield "parameter laughs", f"<!DOCTYPE rss [{parameters} %p9;]>" + rss(item(), head="<rss>"), [A]
    yield (
        "quadratic",
        f'<!DOCTYPE rss [<!ENTITY a "{"a" * 100_000}">]><rss><item><title>{"&a;" * 100_000}</title><link>{A}</link></item></rss>',
        [A],
    )
    yield (
        "itself",
        f'<!DOCTYPE rss [<!ENTITY a "&b;"><!ENTITY b "&a;">]><rss><item><title>&a;</title><link>{A}</link></item></rss>',
        [A],
    )
    yield (
        "entity with markup",
        f'<!DOCTYPE rss [<!ENTITY a "<link>http://b.cn/</link>">]><rss><item>&a;<link>{A}</link></item></rss>',
        [A],
    )
    yield (
        "entity as an address",
        f'<!DOCTYPE rss [<!ENTITY a "http://b.cn/">]><rss><item><link>&a;</link></item>{item()}</rss>',
        [A],
    )
    yield (
        "a DTD in the middle",
        f"<rss><item><link>{A}</link></item>{doctype}<item><title>{last}</title><link>{B}</link></item></rss>",
        [A, B],
    )
    yield "apostrophe in a DTD", f"<!DOCTYPE rss [<!-- don't --><!ENTITY a '>]><rss>'>]><rss>{item()}</rss>", [A]
    yield "nested deep", "<rss>" + item() + "<a>" * 200_000, [A]
    yield "nested items", "<rss>" + item() + "<item>" * 50_000, [A]
    yield "nested fields", f"<rss>{item()}<item>{'<title>' * 50_000}", [A]
    yield "one line of text", f"<rss>{item()}<item><title>{'苹果' * 4_000_000}</title><link>{B}</link></item></rss>", [A, B]
    yield "one line of blanks", f"<rss>{item()}<item><link>{' ' * 20_000_000}{B}</link></item></rss>", [A, B]
    yield (
        "one line of cdata",
        f"<rss>{item()}<item><title><![CDATA[{'x' * 9_000_000}]]></title><link>{B}</link></item></rss>",
        [A, B],
    )
    yield "one long address", f"<rss>{item()}<item><link>http://b.cn/{'x' * 20_000_000}</link></item></rss>", [A]
    yield "one long comment", f"<rss>{item()}<!--{'-' * 5_000_000}-->{item(B)}</rss>", [A, B]
    yield "one long attribute", f"<rss>{item()}<item><link href='http://b.cn/{'x' * 20_000_000}'/></item></rss>", [A]
    yield "one long name", f"<rss>{item()}<{'x' * 5_000_000}/></rss>", [A]
    yield "one long instruction", f"<rss>{item()}<?x {'?' * 5_000_000}?>{item(B)}</rss>", [A, B]
    attributes = " ".join(f"a{n}=''" for n in range(100_000))
    namespaces = " ".join(f"xmlns:a{n}='u{n}'" for n in range(100_000))
    yield "many attributes", f"<rss>{item()}<x {attributes}/>{item(B)}</rss>", [A, B]
    yield (
        "many namespaces",
        f"<rss>{item()}<x {namespaces}/>{item(B)}</rss>",
        [A, B],
    )
    yield "many names", f"<rss>{item()}{''.join(f'<a{n}/>' for n in range(200_000))}{item(B)}</rss>", [A, B]
    yield "many starts", f"<rss>{item()}<item><title>{'<' * 500_000}</title><link>{B}</link></item></rss>", [A, B]
    yield "many ends", f"<rss>{item()}{'</a>' * 500_000}{item(B)}</rss>", [A, B]
    yield "many ampersands", f"<rss>{item()}<item><title>{'&' * 500_000}</title><link>{B}</link></item></rss>", [A, B]
    yield (
        "many unfinished references",
        f"<rss>{item()}<item><title>{'&a' * 200_000}</title><link>{B}</link></item></rss>",
        [A, B],
    )
    yield "many unfinished comments", f"<rss>{item()}{'<!-' * 200_000}{'<!--' * 500_000}", [A]
    yield "many unfinished cdata", f"<rss>{item()}{'<![CDATA[' * 500_000}", [A]
    yield "many unfinished instructions", f"<rss>{item()}{'<?' * 1_000_000}", [A]
    yield "many unfinished declarations", f"<rss>{item()}{'<!' * 1_000_000}", [A]
    yield "many comments before", "<!---->" * 500_000 + f"<rss>{item()}</rss>", None
    yield "many doctypes before", "<!DOCTYPE a>" * 900 + f"<rss>{item()}</rss>", [A]
    yield "unfinished comments in a DTD", "<!DOCTYPE rss [" + "<!--" * 250_000 + f"<rss>{item()}</rss>", None
    yield "unfinished quotes in a DTD", "<!DOCTYPE rss [" + "\"'" * 400_000 + f"<rss>{item()}</rss>", None
    yield "many doctypes without an end", "<!DOCTYPE rss [" * 70_000, None
    entities = "".join(f"<!ENTITY a{n} ''>" for n in range(50_000))
    yield "many entities", f"<!DOCTYPE rss [{entities}]><rss>{item()}</rss>", [A]
    yield "NUL bytes", f"\x00<rss\x00>{item()}".replace("rss\x00", "rss") + "\x00" * 10_000_000 + f"{item(B)}</rss>", [A, B]
    yield "wide NUL bytes", b"\xff\xfe" + b"\x00" * 20_000_000, None
    yield "noise", bytes(range(256)) * 20_000, None
    yield "brackets", b"<>" * 1_000_000, None
    yield "lines", (b"http://a.cn/\n" * 300_000), ["http://a.cn/"]
    yield "a line", b"http://a.cn/" + b"x" * 20_000_000, None
    yield "gzip bomb", gzip.compress(gzip.compress(f"<rss>{item()}".encode() + b" " * 80_000_000, 1), 1), [A]
    yield "gzip of gzips", gzip.compress(b"", 1) * 100_000, None
    packing = zlib.compressobj(1, wbits=31)
    yield "gzip of tags", packing.compress(f"<rss>{item()}".encode() + b"<a/>" * (MAX_TAGS + 10)) + packing.flush(), [A]


SECONDS, GROWTH = 10, 500
"""CPU for one document, and MB that a process may grow by: bounds on hanging and swelling, no verdict on speed."""


def detonate():
    """Read each bomb in a process of its own; one line of JSON each."""
    for name, document, _ in bombs():
        body = document if isinstance(document, bytes) else document.encode()
        del document
        if child := os.fork():
            status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
            if status:
                print(json.dumps([name, f"exit {status}", [], 0, 0]), flush=True)
            continue
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        resource.setrlimit(resource.RLIMIT_CPU, (3 * SECONDS, 3 * SECONDS))
        found = look(body, "http://news.example.cn/a.txt" if name in ("lines", "a line") else URL)
        spent = resource.getrusage(resource.RUSAGE_SELF)
        told = [name, found and addresses(found)[:5], found and sorted(found.flags), spent.ru_utime + spent.ru_stime]
        print(json.dumps([*told, (spent.ru_maxrss - before) // 1024]), flush=True)
        os._exit(0)


@pytest.fixture(scope="module")
def detonated():
    done = subprocess.run([sys.executable, __file__], capture_output=True, text=True, timeout=110, check=True)
    return {told[0]: told[1:] for told in map(json.loads, done.stdout.splitlines())}


def test_bombs_do_no_harm(detonated):
    expected = {name: found for name, _, found in bombs()}
    assert {name: told[0] for name, told in detonated.items()} == expected
    assert [detonated[name][1] for name in ("gzip bomb", "gzip of tags")] == [["truncated"]] * 2
    assert {name: told[2:] for name, told in detonated.items() if told[2] > SECONDS or told[3] > GROWTH} == {}


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=400), st.sampled_from([URL, "", "http://[", "http://a.cn/s.txt", "relative"]))
def test_no_bytes_make_it_raise(body, url):
    check(look(body, url))


PIECES = [
    *("<rss>", "<channel>", "<item>", "</item>", "</channel>", "</rss>", "<rdf:RDF>", "<feed>", "<entry>", "</entry>", "<urlset>", "<url>", "</url>"),
    *("<sitemapindex>", "<sitemap>", "</sitemap>", "<loc>", "</loc>", "<lastmod>", "</lastmod>", "<link>", "</link>", "<link/>", "<guid>", "</guid>"),
    *("<title>", "</title>", "<pubDate>", "</pubDate>", "<news:news>", "</news:news>", "<news:title>", "<image:loc>", "<x y=z>", "<x y='", "'>", "<a:b"),
    *('<link href="http://a.cn/1"/>', '<link rel="alternate" href="/2">', 'xml:base="http://[x/"', ' xmlns="http://www.w3.org/2005/Atom"', "<a"),
    *("http://a.cn/3", "https://b.cn/?a=1&b=2", "//", "http://[::", "http://a.cn:x/", "javascript:x", "mailto:a@b", "file:///etc/passwd"),
    *("2017-07-28", "Fri, 28 Jul 17 10:28:00 GMT", "32 十二月 2017 99:99", "9999999999", "99999999999999999", "2018-05-32T25:61:61+99:99"),
    *("<![CDATA[", "]]>", "<!--", "-->", "<?xml ", "?>", '<?xml version="1.0" encoding="gb2312"?>', "<!DOCTYPE rss [", "]>", '<!ENTITY a "b">', "<!"),
    *("&", "&a;", "&amp;", "&lt;", "&nbsp;", "&#0;", "&#xD800;", "&#x10FFFF;", "&#99999999999;", "\x00", "\ud7ff", "\ufffe", "\u2028", "苹果", "<", ">", " ", "\n"),
]  # fmt: skip


@settings(max_examples=500, deadline=None)
@given(
    st.sampled_from(["", *PIECES[:1], *PIECES[6:8], *PIECES[10:11], "<sitemapindex>"]),
    st.lists(st.sampled_from(PIECES), max_size=40),
)
@example("<rss>", ["<item>", "<link>", "http://a.cn/3", "</link>", "<rss>", "<item>"])
def test_no_pieces_make_it_raise(first, pieces):
    text = first + "".join(pieces)
    found = look(text)
    check(found)
    check(look(text.encode("gb18030", "replace"), charset="gb2312"))
    assert look(gzip.compress(text.encode())) == found


def check(found):
    """What holds of any feed."""
    if found is None:
        return
    assert found.kind in ("rss", "atom", "sitemap", "index")
    assert found.flags <= {"broken", "truncated"}
    for entries in (found.entries, found.children):
        assert len({entry.url for entry in entries}) == len(entries)
        for entry in entries:
            assert entry.url.startswith(("http://", "https://"))
            assert not re.search(r"[\s\x00-\x1f]", entry.url)
            assert entry.title is None or 0 < len(entry.title) <= 300
            assert entry.at is None or datetime(1990, 1, 1, tzinfo=SHANGHAI) <= entry.at <= NOW + timedelta(days=2)


# -- what names them


def head(*links, url="http://news.example.cn/wendeng/"):
    return Page(f"<html><head>{''.join(links)}</head><body></body></html>".encode(), url)


def link(href, kind="application/rss+xml", rel="alternate", title="文登新闻"):
    return f'<link rel="{rel}" type="{kind}" title="{title}" href="{href}">'


def test_announced_feeds():
    page = head(
        link("/rss.xml"),
        link("atom.xml", "application/atom+xml"),
        link("http://news.example.cn/rss.xml"),
        link("//feed.example.cn/x", "Application/RSS+XML; charset=utf-8", "Alternate feed"),
        link("/old.xml", "text/xml"),
        link("/pinglun.xml", title="文登新闻 评论频道 RSS"),
    )
    assert announced(page) == [
        "http://news.example.cn/rss.xml",
        "http://news.example.cn/wendeng/atom.xml",
        "http://feed.example.cn/x",
        "http://news.example.cn/old.xml",
        "http://news.example.cn/pinglun.xml",
    ]


@pytest.mark.parametrize(
    "written",
    [
        link("/style.css", "text/css", "stylesheet"),
        link("/m/", "text/html"),
        link("/oembed", "text/xml+oembed"),
        link("/x.json", "application/json"),
        link("/rsd", "application/rsd+xml", "EditURI"),
        link("/rss.xml", rel="stylesheet"),
        link(""),
        link("#"),
        link("javascript:x"),
        link("file:///etc/passwd"),
        link("/comments/feed/"),
        link("/2017/07/a/comments/feed"),
        link("/feed/comments/"),
        link("/feed/rss/comments/"),
        link("/?feed=comments-rss2"),
        link("/2017/07/apple/feed/", title="文登新闻 &raquo; 苹果丰收评论Feed"),
        link("/f2", title="文登新闻 &raquo; 评论 Feed"),
        link("/f3", title="Wendeng &raquo; Comments Feed"),
        '<link rel="alternate" type="application/rss+xml">',
        '<link type="application/rss+xml" href="/rss.xml">',
        '<link rel="alternate" href="/rss.xml">',
    ],
)
def test_what_is_no_feed_is_not_announced(written):
    assert announced(head(written)) == []


def test_a_base_counts():
    assert announced(head('<base href="http://cdn.example.cn/">', link("rss.xml"))) == ["http://cdn.example.cn/rss.xml"]


def test_sitemaps_in_robots():
    body = """\ufeffSitemap: http://news.example.cn/first.xml
User-agent: *
Disallow: /x # Sitemap: http://news.example.cn/no1.xml
# Sitemap: http://news.example.cn/no2.xml
sitemap:http://news.example.cn/a.xml # 文登
  SITEMAP :  /relative.xml\t
Sitemap: http://news.example.cn/first.xml
Sitemap:
Sitemap: file:///etc/passwd
Sitemap: javascript:x
Sitemap: two words
Site-map: http://other.example.cn/s.xml?a=1&b=2
NoSitemap: http://news.example.cn/no3.xml
Disallow: /sitemap: http://news.example.cn/no4.xml
Sitemap: http://news.example.cn/last.xml"""
    expected = [
        "http://news.example.cn/first.xml",
        "http://news.example.cn/a.xml",
        "http://news.example.cn/relative.xml",
        "http://other.example.cn/s.xml?a=1&b=2",
        "http://news.example.cn/last.xml",
    ]
    for newline in ("\n", "\r\n", "\r"):
        for charset in ("utf-8", "utf-16"):
            text = body.replace("\ufeff", "") if charset == "utf-16" else body
            assert in_robots(text.replace("\n", newline).encode(charset), "http://news.example.cn/robots.txt") == expected
    assert in_robots(body.replace("\ufeff", "").encode("gb18030"), "http://news.example.cn/robots.txt") == expected


@given(st.binary(max_size=300))
@example(b"Sitemap: http://[")
@example(b"sitemap:" * 60_000)
@example(b"sitemap:\t" * 60_000)
@example(b"Sitemap: " + b" " * 400_000 + b"\n")
@example(b"\t" * 500_000)
def test_no_robots_make_it_raise(body):
    for url in in_robots(body, "http://news.example.cn/robots.txt"):
        assert url.startswith(("http://", "https://"))


# -- which children to read

SINCE = date(2017, 7, 28)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("sitemap.xml", True),
        ("sitemap-12.xml", True),
        ("sitemap-20170.xml", True),
        ("sitemap-2017-07.xml", True),
        ("sitemap-2017-06.xml", False),
        ("sitemap-2017-08.xml", True),
        ("sitemap-2016-12.xml.gz", False),
        ("sitemap_20170728.xml", True),
        ("sitemap_20170727.xml", False),
        ("sitemap_2017-07-27.xml", False),
        ("sitemap_2017_07_28.xml", True),
        ("2017/07.xml", True),
        ("2017/06.xml", False),
        ("2017/07/27.xml", False),
        ("2017/07/28/news.xml", True),
        ("sitemap201706.xml", False),
        ("sitemap201707.xml", True),
        ("sitemap2016.xml", False),
        ("sitemap-2017.xml", True),
        ("2016/sitemap.xml", False),
        ("sitemap.xml?yyyy=2017&mm=06", False),
        ("sitemap.xml?yyyy=2017&amp;mm=07".replace("&amp;", "&"), True),
        ("sitemap.xml?yyyy=2017&mm=07&dd=27", False),
        ("sitemap.xml?year=2017&month=7&day=28", True),
        ("sitemap.xml?date=2017-06", False),
        # Pages of a year or of a month, not months or days.
        ("sitemap-2017-1.xml", True),
        ("sitemap-2016-1.xml", False),
        ("sitemap-2017-06-2.xml", False),
        ("sitemap-2017-07-1.xml", True),
        # Ranges go to their last day.
        ("sitemap-2017-01-01_2017-07-31.xml", True),
        ("sitemap-20170101-20170630.xml", False),
        ("sitemap-2016-2018.xml", True),
        ("sitemap-2016-w52.xml", False),
        # Numbers.
        ("sitemap-20160101102800.xml", True),
        ("sitemap-1000.xml", True),
        ("sitemap-2099.xml", True),
        ("sitemap-2016-02-30.xml", True),
    ],
)
def test_a_name_says_what_a_child_may_hold(name, expected):
    child = Entry("http://news.example.cn/" + name)
    assert worth(child, SINCE) is expected
    assert worth(child, None) is True


def test_the_last_change_says_what_a_child_may_hold():
    def changed(at, name="sitemap.xml"):
        return worth(Entry("http://2001-01.example.cn/" + name, None, at), SINCE)

    assert changed(datetime(2017, 7, 28, tzinfo=SHANGHAI))
    assert not changed(datetime(2017, 7, 27, 23, 59, tzinfo=SHANGHAI))
    assert changed(datetime.fromisoformat("2017-07-27T16:00:00+00:00"))
    assert not changed(datetime.fromisoformat("2017-07-27T15:59:59+00:00"))
    # Changed lately, but a month's: an index that says the same of all of its children.
    assert not changed(NOW, "sitemap-2017-06.xml")
    assert changed(NOW, "sitemap-2017-07.xml")
    # A year may be a number, so that the change counts.
    assert changed(NOW, "sitemap-2001.xml")
    assert not changed(datetime(2001, 1, 1, tzinfo=SHANGHAI), "sitemap-2018.xml")


if __name__ == "__main__":
    detonate()
