"""Pages that no one would make on purpose, and some that only an enemy would: reading never raises, hangs or swells.

Thousands of the sample site's pages, mangled by a seed, are read in this process, the bombs meanwhile each in one of its own:
``python tests/test_mangled.py NAME ...`` says what becomes of them.
"""

import json
import os
import random
import re
import resource
import subprocess
import sys
import time
from dataclasses import asdict
from datetime import datetime
from functools import lru_cache
from html.parser import HTMLParser
from urllib.parse import urlsplit

import pytest

from newscrawl import reader
from newscrawl.days import SHANGHAI
from newscrawl.extract import layers
from newscrawl.extract.page import MAX_BYTES, Page
from newscrawl.items import Article
from newscrawl.loaders import load
from newscrawl.samplesite import SampleSite
from newscrawl.spiders.dzwww import Dzwww

COUNT, CHUNKS = 5000, 5
SECONDS = 2.0
"""Of CPU, for one page: no verdict on speed, only on hanging."""

GROWTH = 400
"""MB that a process may grow by while it reads one page."""

NOW = datetime(2018, 6, 1, 12, tzinfo=SHANGHAI)
URL = "http://weihai.dzwww.com/news/201707/t20170728_16210001.htm"
WITHOUT, WITH = reader.SiteRules("saved"), reader.SiteRules("weihai", layouts=Dzwww.layouts)


# -- mangling: each takes a page and the seed's dice

TAG = re.compile(rb"<[^<>]*>")
CLOSING = re.compile(rb"</[^<>]*>")
OPENING = re.compile(rb"<(\w+)((?:\s+[\w-]+\s*=\s*(?:\"[^\"]*\"|'[^']*'|[^\s>]+))+)\s*(/?)>")
ATTRIBUTE = re.compile(rb"[\w-]+\s*=\s*(?:\"[^\"]*\"|'[^']*'|[^\s>]+)")
ADDRESS = re.compile(rb"(?<=(?:href|.src)=\")[^\"]*")
DECLARED = re.compile(rb"(?<=charset=)[\w-]+")

ADDRESSES = [
    b"javascript:alert(1)", b" java\nscript:alert(1)", b"&#1;javascript:alert(1)", b"JaVaScRiPt&colon;alert(1)", b"vbscript:x",
    b"data:text/html;base64,PHNjcmlwdD4=", b"file:///etc/passwd", b"ftp://h/x", b"mailto:a@b", b"//", b"http://", b"http://[",
    b"http://[::1", b"http://h:99999999/", b"http://h:x/", b"http://u:p@h/", b"\\\\h\\x", b"/\\h", b"?", b"#", b"", b"..//../..",
    b"http://\xe5\xa8\x81\xe6\xb5\xb7.cn/\xe5\xa8\x81", b"x" * 5000, b"http://h/\x00\x01", b"%zz%", b"&#xD800;", b"http:h", b"about:blank",
]  # fmt: skip
ENTITIES = [
    b"&#xD800;", b"&#55357;&#56832;", b"&#xDFFF;", b"&#0;", b"&#x1;", b"&#27;", b"&#x7f;", b"&#x85;", b"&#x9f;", b"&#xFFFE;",
    b"&#xFFFF;", b"&#x202e;", b"&#8203;", b"&#xFEFF;", b"&#x10FFFF;", b"&#x110000;", b"&#99999999999999999999;", b"&#;", b"&#x;",
    b"&nosuch;", b"&amp;#x202e;", b"&lt;script&gt;", b"&#x3000;", b"&nbsp;", b"&shy;", b"&zwnj;",
]  # fmt: skip
OPENERS = [
    b"<!--", b"<!-->", b"<script>", b"<script src=", b"<style>", b"<textarea>", b"<title>", b"<![CDATA[", b"<?php ", b"<!DOCTYPE ",
    b"<plaintext>", b"<xmp>", b"<noscript>", b"<template>", b"<iframe>", b"<select>", b"<svg><desc>", b"<math>", b"<frameset>", b"<head>",
    b"<body onload=x>", b"<base href='javascript:x//'>", b"<base href='http://other.example/'>", b"<table><tr>", b"<a href=x>", b"<p class=\"",
    b"</html>", b"</body>", b"</", b"<", b"\"'><", b"-->", b"]]>", b"<form><input value='", b"<div style='display:none'>", b"<font>", b"<h1>",
]  # fmt: skip
NESTED = ["div", "p", "a", "b", "table", "td", "li", "blockquote", "h1", "x-y"]
LIES = [
    b"utf-8", b"gb2312", b"big5", b"utf-16", b"utf-16le", b"utf-7", b"utf-32", b"iso-8859-1", b"shift_jis", b"euc-kr", b"iso-2022-jp",
    b"hz-gb-2312", b"koi8-r", b"cp037", b"windows-1252", b"x-user-defined", b"nonsense", b"-", b"gb2312;gbk",
]  # fmt: skip


def cut(body, dice):
    first, last = sorted((dice.randrange(len(body) + 1), dice.randrange(len(body) + 1)))
    return dice.choice((body[:first], body[first:], body[:first] + body[last:]))


def without_tags(body, dice):
    share = dice.choice((0.02, 0.2, 0.6))
    return TAG.sub(lambda tag: b"" if dice.random() < share else tag[0], body)


def without_closing_tags(body, dice):
    share = dice.choice((0.05, 0.5, 1))
    return CLOSING.sub(lambda tag: b"" if dice.random() < share else tag[0], body)


def attributes(body, dice):
    """Shuffled, doubled, taken from other tags."""
    stray = ATTRIBUTE.findall(body)[:50] or [b"id=x"]

    def other(tag):
        found = ATTRIBUTE.findall(tag[2])
        found += dice.choices([*found, dice.choice(stray)], k=dice.randrange(3))
        dice.shuffle(found)
        return b"<%b %b%b>" % (tag[1], b" ".join(found), tag[3])

    return OPENING.sub(lambda tag: other(tag) if dice.random() < 0.3 else tag[0], body)


def addresses(body, dice):
    return ADDRESS.sub(lambda old: dice.choice(ADDRESSES) if dice.random() < 0.3 else old[0], body)


def flipped(body, dice):
    made = bytearray(body)
    for _ in range(dice.choice((1, 20, 500)) if made else 0):
        made[dice.randrange(len(made))] = dice.randrange(256)
    return bytes(made)


def inserted(body, dice):
    """NULs, controls, entities for what is no character, things left open."""
    for _ in range(dice.choice((1, 3, 30))):
        place = dice.randrange(len(body) + 1)
        what = dice.choice(
            (b"\x00", b"\x0b\x1b\x7f", b"\xed\xa0\x80", b"\xe2\x80\xae", *dice.sample(ENTITIES, 4), *dice.sample(OPENERS, 4))
        )
        body = body[:place] + what + body[place:]
    return body


def spliced(body, dice):
    """Parts in another order, or the same part many times."""
    places = sorted(dice.randrange(len(body) + 1) for _ in range(3))
    a, b, c, d = body[: places[0]], body[places[0] : places[1]], body[places[1] : places[2]], body[places[2] :]
    return dice.choice((a + c + b + d, a + b * 2 + d, a + (b[:300] * dice.randrange(2, 20)) + d))


def nested(body, dice):
    tag, place = dice.choice(NESTED).encode(), dice.randrange(len(body) + 1)
    return body[:place] + b"<%b>" % tag * dice.choice((5, 50, 300)) + body[place:]


def declared(body, dice):
    return DECLARED.sub(lambda _: dice.choice(LIES), body)


WAYS = (cut, without_tags, without_closing_tags, attributes, addresses, flipped, inserted, spliced, nested, declared)


@pytest.fixture(scope="module")
def originals():
    """Article pages of the sample site and some that are none."""
    site = SampleSite()
    found = [site.page(article.path, article.host).body for article in site.articles]
    found += [site.page(path, host).body for host in site.hosts for path in ("/", "/news/", "/gone.htm")]
    return found


def mangle(originals, seed):
    """A page and the charset that its server claims."""
    dice = random.Random(seed)
    body = dice.choice(originals)
    for way in dice.sample(WAYS, dice.randint(1, 4)):
        body = way(body, dice)
    return body, dice.choice((None, None, dice.choice(LIES).decode()))


# -- what must hold of all that is read

UNSEEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\ud800-\udfff\ufeff\ufffe\uffff]")
ALLOWED = {
    **{tag: set() for tag in "p h2 h3 figure figcaption table tr td ul ol li blockquote strong em br".split()},
    "a": {"href"},
    "img": {"src", "alt"},
}


def texts(value, place=""):
    """Every text in an article's values, with its place."""
    if isinstance(value, str):
        yield place, value
    elif isinstance(value, dict):
        for name, inner in value.items():
            yield from texts(inner, f"{place}.{name}")
    elif isinstance(value, list):
        for inner in value:
            yield from texts(inner, place)


class Markup(HTMLParser):
    """Says what is wrong with clean HTML: tags and attributes that it may not have, addresses that are none."""

    def __init__(self, html):
        super().__init__()
        self.wrong = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag, attrs):
        if tag not in ALLOWED:
            self.wrong.append(f"<{tag}>")
        for name, value in attrs:
            if name not in ALLOWED.get(tag, ()):
                self.wrong.append(f"<{tag} {name}>")
            elif name != "alt" and (fault := unlike_an_address(value)):
                self.wrong.append(fault)

    def handle_comment(self, data):
        self.wrong.append("<!-->")

    handle_decl = handle_pi = unknown_decl = handle_comment


@lru_cache(1)
def unclean(html):
    """What is wrong with clean HTML; a page that is read both ways has the same one twice, a bomb's is large."""
    return tuple(Markup(html).wrong)


def unlike_an_address(url, relative=False):
    """What speaks against an http(s) address, or a relative one where the page's own is not known."""
    try:
        parts = urlsplit(url)
    except ValueError as error:
        return f"{url!r}: {error}"
    if parts.scheme in ("http", "https") and parts.hostname:
        return None
    return None if relative and not parts.scheme and not parts.netloc else f"{url!r}: not http"


def faults(article, relative=False):
    """What is unclean in an article; nothing, it is to be hoped."""
    found = [f"{place}: {text[:80]!r}" for place, text in texts(asdict(article), "article") if UNSEEN.search(text)]
    urls = [image.url for image in article.images] + [article.next_page, article.source_url]
    urls += [url for block in article.blocks for link in block.links for url in (link.url, link.thumbnail)]
    found += [fault for url in urls if url is not None and (fault := unlike_an_address(url, relative))]
    if not relative:
        found += unclean(article.body_html or "")
    return found


def read(body, charset=None, url=URL, rules=WITHOUT):
    """What `reader.read` says of a page; it may not have to catch anything."""
    answer = reader.read(Page(body, url, charset=charset, now=NOW), rules)
    assert isinstance(answer, Article) or answer.verdict != "error", answer.why
    return answer


def extract(body, charset=None, url=URL, rules=WITHOUT):
    """The article of `layers.extract`, of any page at all: what it raises is caught nowhere."""
    return load(layers.extract(Page(body, url, charset=charset, now=NOW), rules.layouts))


@pytest.mark.parametrize("chunk", range(CHUNKS))
def test_mangled_pages(originals, chunk):
    slowest, articles = (0.0, None), 0
    for seed in range(chunk * COUNT // CHUNKS, (chunk + 1) * COUNT // CHUNKS):
        body, charset = mangle(originals, seed)
        url = URL if seed % 10 else ""
        rules, other = (WITH, WITHOUT) if seed & 1 else (WITHOUT, WITH)
        start = time.process_time()
        try:
            found = [read(body, charset, url, rules)]
            # Some by the other rules too, and with nothing that would catch.
            if seed % 12 < 2:
                found.append(extract(body, charset, url, other))
        except Exception as error:
            raise AssertionError(f"seed {seed}: {type(error).__name__}: {error}") from error
        slowest = max(slowest, (time.process_time() - start, seed))
        for article in found:
            if isinstance(article, Article):
                articles += 1
                assert faults(article, relative=not url) == [], f"seed {seed}"
    assert slowest[0] < SECONDS, slowest
    # Most are still read: the mangling leaves something to find.
    assert articles > COUNT / CHUNKS / 2


@pytest.mark.parametrize(
    "charset", ["base64", "bz2", "hex", "rot13", "uu", "zlib", "idna", "punycode", "undefined", "unicode_escape"]
)
@pytest.mark.parametrize("by", ["header", "meta"])
def test_what_python_knows_as_a_codec_is_not_always_a_charset(charset, by):
    text = "<html><head><meta charset=gb2312><title>威海港今年吞吐量</title></head><body><p>威海港今年的吞吐量，是三年来最大的。</p></body></html>"
    body = text.encode("gb18030")
    if by == "meta":
        body = body.replace(b"charset=gb2312", f"charset={charset}".encode())
    page = Page(body, URL, charset=charset if by == "header" else None, now=NOW)
    assert "吞吐量" in page.title_tag


def test_a_header_that_is_no_name_at_all():
    body = "<html><body><p>威海港今年的吞吐量，是三年来最大的。</p></body></html>".encode("gb18030")
    for charset in ("utf-8\x00", "a" * 300, "威海", '"', " ", "../x", "utf-8;q=1"):
        assert "吞吐量" in Page(body, URL, charset=charset, now=NOW).html


# -- bombs

HEAD = "<html><head><meta charset=utf-8><title>威海港今年吞吐量增长</title></head><body><h1>威海港今年吞吐量增长</h1>"
LINE = "<div>2017-07-28 10:28:00 来源：威海晚报 作者：周岚</div>"
TEXT = "<div class=TRS_Editor>" + "<p>威海港今年的吞吐量，是三年来最大的，港口的人说，下半年还会更多。</p>" * 6 + "</div>"
ARTICLE = HEAD + LINE + TEXT
ATTRIBUTES = " ".join(f"a{n}=x" for n in range(100_000))
ITEM = "<li><a href=/news/201707/t20170728_{0}.htm>威海港第{0}艘船今天上午靠岸</a> 07-28</li>"

BOMBS = {
    **{f"200,000 nested {tag}": lambda tag=tag: ARTICLE + f"<{tag}>" * 200_000 + TEXT for tag in NESTED},
    "200,000 nested, several": lambda: ARTICLE + "<div><b><ul><li><blockquote>" * 40_000 + TEXT,
    "200,000 closing tags": lambda: ARTICLE + "</div></p></x>" * 70_000 + TEXT,
    "10 MB of one line": lambda: ARTICLE + "<p>" + "威海港今年的吞吐量，" * 350_000,
    "10 MB of one word": lambda: ARTICLE + "<p>" + "a" * 10_000_000,
    "10 MB of white space": lambda: ARTICLE + "<p>" + " \n\u3000" * 2_000_000 + TEXT,
    "10 MB of one attribute": lambda: ARTICLE + f"<a title='{'威海港' * 1_200_000}' href=x>x</a>" + TEXT,
    "100,000 attributes": lambda: f"{ARTICLE}<p {ATTRIBUTES}>x</p>{TEXT}",
    "100,000 classes": lambda: f"{ARTICLE}<div class='{' '.join(f'c{n}' for n in range(100_000))}'>{TEXT}</div>",
    "50,000 links": lambda: ARTICLE + "<h3>推荐阅读</h3><ul>" + "".join(ITEM.format(n) for n in range(50_000)) + "</ul>",
    "50,000 links in the body": lambda: HEAD + LINE + "<div class=TRS_Editor>" + "".join(ITEM.format(n) for n in range(50_000)) + "</div>",
    "20,000 headed blocks": lambda: ARTICLE + "".join(f"<h3>推荐阅读</h3><ul>{ITEM.format(n)}</ul>" for n in range(20_000)),
    "a huge table": lambda: f"{ARTICLE}<table>{'<tr><td>威海</td><td>2017-07-28</td><td>12.5</td></tr>' * 40_000}</table>",
    "a huge table in the body": lambda: f"{HEAD}{LINE}<div class=TRS_Editor><table>{'<tr><td>威海</td><td>12.5</td></tr>' * 40_000}</table>{TEXT}</div>",
    "50,000 paragraphs": lambda: HEAD + LINE + "<div class=TRS_Editor>" + "<p>威海港今年的吞吐量，是三年来最大的。</p>" * 50_000 + "</div>",
    "100,000 dates": lambda: HEAD + LINE * 100_000 + TEXT,
    "100,000 names": lambda: HEAD + LINE + "<div>责任编辑：" + "周岚 " * 100_000 + "</div>" + TEXT,
    "100,000 metas": lambda: HEAD.replace("<title>", "<meta name=author content=周岚>" * 100_000 + "<title>") + LINE + TEXT,
    "100,000 br": lambda: HEAD + LINE + "<div class=TRS_Editor>" + "威海港今年的吞吐量<br>" * 100_000 + "</div>",
    "100,000 comments": lambda: HEAD + LINE + "<!--enpproperty <date>-->" * 100_000 + TEXT,
    "an unclosed comment": lambda: ARTICLE + "<!--" + "威海港" * 1_000_000,
    "an unclosed script": lambda: ARTICLE + "<script>" + "var a = '威海港';\n" * 300_000,
    "unclosed JSON-LD": lambda: ARTICLE + "<script type=application/ld+json>" + '{"a":[' * 500_000,
    "closed JSON-LD, deep": lambda: ARTICLE + "<script type=application/ld+json>" + "[" * 200_000 + "]" * 200_000 + "</script>",
    "an unclosed tag": lambda: ARTICLE + "<a href='" + "x" * 3_000_000,
    "3 MB of <": lambda: ARTICLE + "<" * 3_000_000,
    "3 MB of &#": lambda: ARTICLE + "&#" * 1_500_000,
    "3 MB of NULs": lambda: ARTICLE + "\x00" * 3_000_000 + TEXT,
    "500,000 surrogates": lambda: HEAD + LINE + "<p>" + "&#xD83D;" * 500_000 + TEXT,
    "500,000 bytes that are no charset": lambda: (ARTICLE + TEXT).encode("gb18030") + b"\xff\xfe\x80" * 170_000,
}  # fmt: skip


def bomb(name):
    """Read one bomb both ways: seconds of CPU of the slower, MB of growth, flags, what was found."""
    made = BOMBS[name]()
    body = made if isinstance(made, bytes) else made.encode()
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    start = time.process_time()
    article = extract(body)
    seconds, start = time.process_time() - start, time.process_time()
    answer = reader.read(Page(body, URL, now=NOW), WITH)
    return {
        "seconds": max(seconds, time.process_time() - start),
        "growth": (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024,
        "size": len(body),
        "flags": article.flags,
        "title": article.title,
        "body": len(article.body_text or ""),
        "verdict": "article" if isinstance(answer, Article) else answer.verdict,
        "why": "" if isinstance(answer, Article) else answer.why,
        "faults": faults(article) + (faults(answer) if isinstance(answer, Article) else []),
    }


def explode(names):
    """Read bombs, each in a child process that may not take over 5 s or 3 GB; one line of JSON for each."""
    # What is made once is made before: tables of patterns, caches.
    read(ARTICLE.encode(), rules=WITH)
    for name in names:
        sys.stdout.flush()
        child = os.fork()
        if not child:
            resource.setrlimit(resource.RLIMIT_AS, (3 << 30, 3 << 30))
            resource.setrlimit(resource.RLIMIT_CPU, (5, 5))
            print(json.dumps({"name": name, **bomb(name)}, ensure_ascii=False), flush=True)
            os._exit(0)
        status = os.waitpid(child, 0)[1]
        if status:
            print(json.dumps({"name": name, "ended": os.waitstatus_to_exitcode(status)}), flush=True)


@pytest.fixture(scope="module", autouse=True)
def explosions(tmp_path_factory):
    """All bombs, read by a process of their own while this one goes on; a call waits for what became of one."""
    log, seen = tmp_path_factory.mktemp("bombs") / "log", {}
    with (
        log.open("wb") as errors,
        subprocess.Popen([sys.executable, __file__, *BOMBS], stdout=subprocess.PIPE, stderr=errors, text=True) as process,
    ):

        def of(name):
            while name not in seen:
                line = process.stdout.readline()
                assert line, log.read_text("utf-8")
                found = json.loads(line)
                seen[found.pop("name")] = found
            return seen[name]

        yield of
        process.kill()


@pytest.mark.parametrize("name", BOMBS)
def test_bombs(explosions, name):
    found = explosions(name)
    assert "ended" not in found
    assert found["verdict"] != "error", found["why"]
    assert found["seconds"] < SECONDS
    assert found["growth"] < GROWTH
    assert found["faults"] == []
    assert ("truncated" in found["flags"]) == (found["size"] > MAX_BYTES)
    assert found["verdict"] == "truncated" or found["size"] <= MAX_BYTES
    assert found["title"] == "威海港今年吞吐量增长"
    assert found["body"] > 0


if __name__ == "__main__":
    explode(sys.argv[1:])
