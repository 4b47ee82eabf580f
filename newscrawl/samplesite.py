"""The sample site: two city channels of 大众网 with invented news, served on loopback for the demo and for spider developers.

`SampleSite` answers addresses without any network; `running` and `serve_forever` put it behind a small HTTP/1.1 server.
The server answers in two ways. As a **forward proxy** (``GET http://weihai.dzwww.com/news/ HTTP/1.1``) it serves the true
addresses, so that a crawl with ``http_proxy`` set to it stores what a real crawl would store, and nothing leaves the
machine: a host that it does not know gets 502. **Directly** (``http://127.0.0.1:PORT/``, for a browser) it shows weihai,
and ``http://yantai.localhost:PORT/`` shows the other city.

The markup follows what is known of TRS WCM pages of that house: a table layout in gb2312 until the end of 2016, a later
one in utf-8 (each has some pages in the other charset). Texts, names and figures are made up; ``articles.jsonl`` is the
truth that tests compare with, ``site.json`` lists the traps: an address that moved, one that fails once, soft and real
404s, a link to another site. A third host, www.haibinrb.example, is a paper that no site file knows: see `samplepaper`.
"""

from __future__ import annotations

import asyncio
import gzip
import hashlib
import json
import math
import re
import struct
import threading
import uuid
import zlib
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import datetime
from email.utils import format_datetime, formatdate
from functools import cache, cached_property, partial
from html import escape
from http import HTTPStatus
from pathlib import Path
from string import Template
from typing import Any, Literal

from newscrawl import samplepaper
from newscrawl.days import SHANGHAI
from newscrawl.items import Editor

Layout = Literal["2016", "2018"]
Charset = Literal["gb2312", "utf-8"]

MAX_HEAD = 64 * 1024
"""Bytes of a request's head at most; more is answered with 431."""

IDLE = 60.0
"""Seconds that a connection may stay silent."""

_LAYOUTS: tuple[Layout, ...] = ("2016", "2018")
_IMAGE = re.compile(r"/[\w-]+\.(?:jpe?g|png|gif|ico)$", re.I)
_DETAIL = "[详细]"


@dataclass(frozen=True, slots=True)
class Part:
    """One piece of an article's body. ``text`` is the caption of an image, ``src`` its file name; ``break`` starts a new page."""

    kind: Literal["p", "heading", "image", "table", "break"]
    text: str = ""
    src: str = ""
    rows: tuple[tuple[str, ...], ...] = ()

    @classmethod
    def of(cls, row: Mapping[str, Any]) -> Part:
        """Out of ``{"p": …}``, ``{"heading": …}``, ``{"image": …, "caption": …}``, ``{"table": [[…]]}``, ``{"break": true}``."""
        if "image" in row:
            return cls("image", row.get("caption") or "", row["image"])
        if "table" in row:
            return cls("table", rows=tuple(map(tuple, row["table"])))
        if "heading" in row:
            return cls("heading", row["heading"])
        return cls("p", row["p"]) if "p" in row else cls("break")


@dataclass(frozen=True, slots=True)
class SampleLink:
    """One item of 推荐阅读 as printed: ``summary`` with its tail [详细], ``time`` as ``07-28 06-07``; ``url`` is absolute."""

    title: str
    url: str
    thumbnail: str | None = None
    summary: str | None = None
    time: str | None = None
    source: str | None = None


@dataclass(frozen=True, kw_only=True)
class SampleArticle:
    """An article as its page has to tell it.

    ``published`` is ``YYYY-MM-DD HH:MM:SS`` in China's time, ``source`` ``None`` where no label is printed and ``""`` where
    the label stands empty. ``related`` is what a script fills 相关新闻 with, from an endpoint; ``None`` where the script that would do so
    is not there. ``copy_of`` names the article that this one reprints, ``copy`` says how (``exact``, ``near``).
    """

    id: str
    title: str
    published: str
    host: str = "weihai.dzwww.com"
    channel: str = "news"
    number: str = "16210000"
    layout: Layout = "2018"
    charset: Charset = "utf-8"
    kicker: str | None = None
    subtitle: str | None = None
    source: str | None = None
    authors: Sequence[str] = ()
    reporters: Sequence[str] = ()
    correspondents: Sequence[str] = ()
    editors: Sequence[Editor] = ()
    keywords: Sequence[str] = ()
    summary: str = ""
    lead: Sequence[str] = ()
    body: Sequence[Part] = ()
    recommended: Sequence[SampleLink] = ()
    related: Sequence[SampleLink] | None = None
    copy_of: str | None = None
    copy: Literal["exact", "near"] | None = None

    @classmethod
    def of(cls, row: Mapping[str, Any]) -> SampleArticle:
        """Out of one object of ``articles.jsonl``, its recommended items with all their values (no ``id`` among them)."""
        known = {name: value for name, value in row.items() if name in cls.__dataclass_fields__}
        known["editors"] = [Editor(**editor) for editor in row.get("editors", ())]
        known["body"] = [Part.of(part) for part in row.get("body", ())]
        known["recommended"] = [SampleLink(**link) for link in row.get("recommended", ())]
        if row.get("related") is not None:
            known["related"] = [SampleLink(**link) for link in row["related"]]
        return cls(**known)

    @cached_property
    def at(self) -> datetime:
        """When it was published."""
        return _at(self.published)

    @property
    def endpoint(self) -> str | None:
        """Where its script asks for 相关新闻: JSON on one host, JSONP on the other."""
        if self.related is None:
            return None
        jsonp = self.host.startswith("yantai")
        return (
            f"http://{self.host}/jsonp/related/{self.number}.js"
            if jsonp
            else f"http://{self.host}/json/related/{self.number}.json"
        )

    @property
    def published_at(self) -> str:
        """The same as ISO 8601 with offset."""
        return self.at.isoformat()

    @property
    def path(self) -> str:
        """Where it stands on its host, as TRS WCM files it."""
        return f"/{self.channel}/{self.at:%Y%m}/t{self.at:%Y%m%d}_{self.number}.htm"

    @property
    def url(self) -> str:
        """Its absolute address."""
        return f"http://{self.host}{self.path}"

    @property
    def urls(self) -> list[str]:
        """The addresses of all its pages, the first page first."""
        return [self.url, *(self.url.replace(".htm", f"_{number}.htm") for number in range(1, len(self.pages)))]

    @property
    def pages(self) -> list[list[Part]]:
        """The body page by page."""
        pages: list[list[Part]] = [[]]
        for part in self.body:
            if part.kind == "break":
                pages.append([])
            else:
                pages[-1].append(part)
        return pages

    @property
    def paragraphs(self) -> list[str]:
        """Lead, text and subheadings in reading order, all pages, no captions and no tables."""
        return [*self.lead, *(part.text for part in self.body if part.kind in ("p", "heading"))]

    @property
    def captions(self) -> list[str]:
        """The captions of its images that have one."""
        return [part.text for part in self.body if part.kind == "image" and part.text]

    @property
    def images(self) -> list[str]:
        """The absolute addresses of its images."""
        folder = self.url.rpartition("/")[0]
        return [f"{folder}/{part.src}" for part in self.body if part.kind == "image"]

    @property
    def body_text(self) -> str:
        """All that is read of the body: as ``paragraphs``, with captions and table rows (cells by tabs), one a line."""
        lines = list(self.lead)
        for part in self.body:
            lines += ["\t".join(row) for row in part.rows] if part.kind == "table" else [part.text]
        return "\n".join(line for line in lines if line)

    def as_link(self, suffix: str = "") -> SampleLink:
        """As an item of another page's 推荐阅读; ``suffix`` (``#top``) makes it another address of the same page."""
        name = uuid.uuid5(uuid.NAMESPACE_URL, self.images[0]) if self.images else None
        thumbnail = f"http://{self.host}/thumb/{name}_jpg.jpg" if name else None
        summary, time = self.summary + _DETAIL, f"{self.at:%m-%d %H-%M}"
        return SampleLink(self.title, self.url + suffix, thumbnail, summary, time, self.source or None)


@dataclass(frozen=True, slots=True)
class Listed:
    """One line of a channel's list: ``url`` is absolute; ``article`` is ``None`` for those that lead to none."""

    title: str
    url: str
    at: datetime
    article: SampleArticle | None = None


@dataclass(frozen=True, slots=True)
class Response:
    """What a server answers: the body as bytes, not compressed."""

    status: int
    headers: dict[str, str]
    body: bytes


def _at(published: str) -> datetime:
    return datetime.fromisoformat(published).replace(tzinfo=SHANGHAI)


def folder() -> Path:
    """Where the sample's files lie: in the installed package, or in the repository's ``data``."""
    installed = Path(__file__).parent / "sample"
    return installed if installed.is_dir() else Path(__file__).parents[1] / "data" / "sample"


# -- pages

_TABLE = '<table class="data" border="1" align="center" style="border-collapse:collapse"><tbody>{}</tbody></table>'


@dataclass(frozen=True, slots=True)
class Frame:
    """What stands around an article: its city, the host's channels (folder to name), the 热点排行."""

    city: str = "威海"
    channels: Mapping[str, str] = field(default_factory=dict)
    hot: Sequence[SampleLink] = ()


def render_2016(article: SampleArticle, *, page: int = 0, frame: Frame | None = None) -> bytes:
    """An article's page in the table layout of weihai, yantai, laiwu and qingdao, in ``article.charset``.

    Title ``h2``; ``#pubtime_baidu``, ``#source_baidu``, ``#author_baidu``, ``#editor_baidu``, each with its label; the body in
    ``div.TRS_Editor`` with the style sheet that TRS puts there. ``page`` counts from 0; raises ``IndexError`` past the last.
    """
    return _render(article, "2016", page, frame or Frame())


def render_2018(article: SampleArticle, *, page: int = 0, frame: Frame | None = None) -> bytes:
    """An article's page in the later layout, in ``article.charset``.

    ``div.layout div.left`` begins with the 19 characters of the time, then 来源: and 作者:; title ``h1``; body ``div.news-con``;
    editors ``div.infor .left span``. ``page`` counts from 0; raises ``IndexError`` past the last.
    """
    return _render(article, "2018", page, frame or Frame())


def _render(article: SampleArticle, layout: Layout, page: int, frame: Frame) -> bytes:
    markup, host, names = _markup()[layout], article.host, " ".join(article.authors)
    body = [markup["heading"].format(_plain(line)) for line in article.lead if page == 0]
    for part in article.pages[page]:
        if part.kind == "table":
            rows = ["".join(f"<td>{_plain(cell)}</td>" for cell in row) for row in part.rows]
            body.append(_TABLE.format("".join(f"<tr>{row}</tr>" for row in rows)))
        elif part.kind == "image":
            body.append(markup["image"].format(part.src))
            body += [markup["caption"].format(_plain(part.text))] if part.text else []
        else:
            body.append(markup[part.kind].format(_plain(part.text)))
    items = []
    for link in article.recommended:
        href, text = _href(link.url, host), link.summary or ""
        summary = _plain(text.removesuffix(_DETAIL)) + (markup["detail"].format(href) if text.endswith(_DETAIL) else "")
        image = markup["thumbnail"].format(href=href, src=_href(link.thumbnail, host)) if link.thumbnail else ""
        known = {"href": href, "title": _plain(link.title), "time": link.time or "", "source": _plain(link.source or "")}
        items.append(markup["item"].format(**known, summary=summary, image=image))
    metas = {
        "keywords": ",".join(article.keywords), "description": article.summary, "filetype": "0", "publishedtype": "1",
        "pagetype": "1", "catalogs": article.number[-5:], "contentid": article.number, "publishdate": article.published[:10],
        "author": article.number[:6] if layout == "2016" else names, "source": f"来源：{article.source or ''}",
    }  # fmt: skip
    html = _template(f"article-{layout}.html").substitute(
        charset=article.charset, title=_plain(article.title), published=article.published, number=article.number,
        city=frame.city, channel=frame.channels.get(article.channel, article.channel), folder=article.channel,
        nav=_nav(frame.channels), hot=_ranked(frame.hot, host), mobile=f"http://m.{host}{article.path}",
        meta="\n".join(f'<meta name="{name}" content="{escape(value)}" />' for name, value in metas.items()),
        kicker=markup["kicker"].format(_plain(article.kicker)) if article.kicker else "",
        subtitle=markup["subtitle"].format(_plain(article.subtitle)) if article.subtitle else "",
        source="" if article.source is None else markup["source"].format(_plain(article.source)),
        # The old layout prints the label of an author that it does not have.
        author=markup["author"].format(_plain(names)) if names or layout == "2016" else "",
        editors="".join(markup["editor"].format(editor.role, _plain(editor.name)) for editor in article.editors).rstrip(),
        body="\n".join(body), pager=_pager([url.rpartition("/")[2] for url in article.urls], page),
        recommended=markup["block"].format("\n".join(items)) if items else "", related=_related_script(article, layout),
    )  # fmt: skip
    return _encode(html, article.charset)


@cache
def _markup() -> dict[Layout, dict[str, str]]:
    markup: dict[Layout, dict[str, str]] = json.loads((folder() / "markup.json").read_text(encoding="utf-8"))
    return markup


@cache
def _template(name: str) -> Template:
    return Template((folder() / name).read_text(encoding="utf-8"))


def _plain(text: str) -> str:
    return escape(text, quote=False)


def _encode(html: str, charset: str) -> bytes:
    # Declared gb2312, written as its superset: what CMSs of the time did with 䲟 and 堃.
    return html.encode("gb18030" if charset == "gb2312" else charset)


def _href(url: str, host: str) -> str:
    """An address as a page of ``host`` links it: its own without the host, so that a browser on loopback stays there."""
    return escape(url.removeprefix(f"http://{host}"))


def _nav(channels: Mapping[str, str]) -> str:
    return '<a href="/">首页</a>' + "".join(f'<a href="/{channel}/">{name}</a>' for channel, name in channels.items())


def _ranked(links: Sequence[SampleLink], host: str) -> str:
    lines = [f'<a href="{_href(link.url, host)}">{_plain(link.title)}</a>' for link in links]
    return "\n".join(f"<li><em>{number}</em>{line}</li>" for number, line in enumerate(lines, 1))


def _pager(names: Sequence[str], page: int) -> str:
    """``1 2 下一页`` for the pages of an article or a list; nothing where there is one."""
    if len(names) == 1:
        return ""
    numbers = [f"<span>{n + 1}</span>" if n == page else f'<a href="{name}">{n + 1}</a>' for n, name in enumerate(names)]
    following = f'<a href="{names[page + 1]}">下一页</a>' if page + 1 < len(names) else ""
    return f'<div class="page">{"".join(numbers)}{following}</div>'


_LOADED = '<script type="text/javascript" src="/js/related.js"></script>\n'


def _related_script(article: SampleArticle, layout: Layout) -> str:
    """What fills 相关新闻, below its empty list: in three ways of the time, or not at all."""
    number = article.number
    if article.related is None:
        return f'<script type="text/javascript">/* 相关新闻由脚本填充 */ if (window.TRS_RELATED) {{ TRS_RELATED.fill("xgxw_{number}"); }}</script>'
    if article.host.startswith("yantai"):
        return (
            f'{_LOADED}<script type="text/javascript">function showRelated(list) '
            f'{{ document.getElementById("xgxw_{number}").innerHTML = relatedItems(list); }}</script>\n'
            f'<script type="text/javascript" src="/jsonp/related/{number}.js?callback=showRelated"></script>'
        )
    if layout == "2016":
        return f'{_LOADED}<script type="text/javascript">fillRelated("xgxw_" + trs_id, "/json/related/" + trs_id + ".json");</script>'
    return f'{_LOADED}<script type="text/javascript">fillRelated("xgxw_{number}", "/json/related/{number}.json");</script>'


def _related(article: SampleArticle) -> Response:
    """The endpoint's answer; times as the site prints them, addresses without their host."""
    items = [
        {"title": link.title, "url": link.url.removeprefix(f"http://{article.host}"), "time": link.time, "source": link.source}
        for link in article.related or ()
    ]
    if article.host.startswith("yantai"):
        text = f"showRelated({json.dumps(items, ensure_ascii=False)});"
        # A script without a charset of its own is read in its page's.
        return _stamped(_encode(text, article.charset), article.at, "text/javascript")
    text = json.dumps({"code": 0, "data": {"list": items}}, ensure_ascii=False)
    return _stamped(text.encode(), article.at, "application/json")


def _image(name: str) -> bytes:
    """A small PNG, 240 by 150 pixels of sky, sun, hills and sea, other ones for each name; thumbnails are the same."""
    seed = zlib.crc32(name.encode())
    a, b, c, d = (seed >> shift & 63 for shift in (0, 6, 12, 18))
    width, height, horizon = 240, 150, 78 + d // 3
    sky, low = (110 + a, 150 + b, 190 + c), (225 + c // 3, 190 + a // 2, 160 + b)
    hill, sea, deep = (50 + b, 70 + a // 2, 80 + c // 2), (70 + c, 130 + a, 150 + b), (10 + c // 2, 50 + a, 80 + b)
    sun, radius = (30 + 3 * b, 24 + c // 2), 9 + d // 8
    ridge = [horizon - int(9 + d / 8 + 6 * math.sin(x / (11 + a / 4)) + 4 * math.sin(x / (5 + b / 8))) for x in range(width)]
    rows = bytearray()
    for y in range(height):
        upper, lower, share = (sky, low, y / horizon) if y < horizon else (sea, deep, (y - horizon) / (height - horizon))
        plain = bytes(int(one + (other - one) * share) + (y * 7 % 5 == 0) * 3 for one, other in zip(upper, lower, strict=True))
        row = bytearray(plain * width)
        if y < horizon:
            for x in range(width):
                if (x - sun[0]) ** 2 + (y - sun[1]) ** 2 <= radius * radius:
                    row[3 * x : 3 * x + 3] = b"\xff\xf3\xd6"
                elif y >= ridge[x]:
                    row[3 * x : 3 * x + 3] = bytes(hill)
        rows += b"\0" + row
    chunks = [b"IHDR" + struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0), b"IDAT" + zlib.compress(rows), b"IEND"]
    return b"\x89PNG\r\n\x1a\n" + b"".join(struct.pack(">I", len(c) - 4) + c + struct.pack(">I", zlib.crc32(c)) for c in chunks)


# -- the site


@dataclass(slots=True)
class _Host:
    name: str
    city: str
    charset: Charset
    channels: dict[str, dict[str, Any]]
    articles: list[SampleArticle]
    frames: dict[Layout, Frame] = field(default_factory=dict)


class SampleSite:
    """The whole site: ``page`` answers an address, ``articles`` is the truth about it, newest first. No network.

    ``asked`` counts the requests by address, its query left out; a new site has seen none, and what fails once does so again.
    """

    def __init__(self) -> None:
        about = json.loads((folder() / "site.json").read_text(encoding="utf-8"))
        lines = (folder() / "articles.jsonl").read_text(encoding="utf-8").splitlines()
        rows = {row["id"]: row for row in map(json.loads, lines)}
        bare = {key: SampleArticle.of({**row, "recommended": (), "related": None}) for key, row in rows.items()}
        articles = sorted(bare.values(), key=lambda article: article.published, reverse=True)
        self.asked: Counter[str] = Counter()
        self.articles: tuple[SampleArticle, ...] = tuple(
            replace(
                each,
                recommended=[_link(item, bare) for item in rows[each.id].get("recommended", ())],
                related=_related_links(rows[each.id], bare),
            )
            for each in articles
        )
        self._by_id = {article.id: article for article in self.articles}
        self.moved: dict[str, SampleArticle] = {url: self._by_id[key] for url, key in about["moved"].items()}
        """Old addresses that redirect to an article; the lists still show them."""
        self.fails_once: list[str] = [self._by_id[key].url for key in about["fails_once"]]
        """Addresses that answer 503 at the first request."""
        self.traps: list[dict[str, str]] = about["listed"]
        """What lists show besides articles: ``kind`` (offsite, soft404, gone), ``host``, ``channel``, ``url`` and so on."""
        self._hosts: dict[str, _Host] = {}
        self._aliases: dict[str, str] = {}
        for name, row in about["hosts"].items():
            own = [article for article in self.articles if article.host == name]
            self._hosts[name] = host = _Host(name, row["city"], row["charset"], row["channels"], own)
            self._aliases |= dict.fromkeys([name, *row["aliases"]], name)
            names = {folder: channel["name"] for folder, channel in host.channels.items()}
            for layout in _LAYOUTS:
                host.frames[layout] = Frame(host.city, names, _hot(own, layout))
        self._routes = dict(self._build())
        self._pages: dict[str, Response] = {}
        self._paper_pages: dict[str, Response] = {}

    @property
    def hosts(self) -> list[str]:
        """The hosts it speaks for, aliases left out; the first is the one that a browser sees."""
        return list(self._hosts)

    def channels(self, host: str) -> list[str]:
        """The absolute addresses of a host's list pages."""
        return [f"http://{host}/{channel}/" for channel in self._hosts[host].channels]

    def article(self, key: str) -> SampleArticle:
        """An article by its ``id``; raises ``KeyError``."""
        return self._by_id[key]

    def lists(self, host: str, channel: str) -> list[list[Listed]]:
        """A channel's list pages, newest first, as they are shown."""
        old = {article.id: url for url, article in self.moved.items()}
        lines = [Listed(a.title, old.get(a.id, a.url), a.at, a) for a in self._hosts[host].articles if a.channel == channel]
        here = [trap for trap in self.traps if (trap["host"], trap["channel"]) == (host, channel)]
        lines += [Listed(trap["title"], trap["url"], _at(trap["published"])) for trap in here]
        lines.sort(key=lambda line: line.at, reverse=True)
        size = self._hosts[host].channels[channel]["items"]
        return [lines[start : start + size] for start in range(0, len(lines), size)]

    def page(self, path: str, host: str = "") -> Response:
        """What an address answers. ``path`` may carry a query, ``host`` a port; no host, localhost or an IP mean the first one."""
        if re.sub(r":\d*$", "", host.strip().lower()) == samplepaper.HOST:
            return self._paper(path.partition("#")[0].partition("?")[0] or "/")
        name = self._known(host)
        if name is None:
            known = ", ".join((*self._aliases, samplepaper.HOST))
            return _text(502, f"The newscrawl sample site does not know {host!r}, only {known}. Nothing was fetched.")
        path = path.partition("#")[0].partition("?")[0] or "/"
        url = f"http://{name}{path}"
        self.asked[url] += 1
        if url in self.fails_once and self.asked[url] == 1:
            return _text(503, "Fails once: ask again.")
        if url not in self._pages and url in self._routes:
            self._pages[url] = self._routes[url]()
        if url in self._pages:
            return self._pages[url]
        if _IMAGE.search(path):
            return Response(200, {"Content-Type": "image/png", "Cache-Control": "max-age=86400"}, _image(path))
        return self._missing(self._hosts[name], 404)

    def _paper(self, path: str) -> Response:
        """What the third host answers, for which there is no site file: see `samplepaper`."""
        self.asked[f"http://{samplepaper.HOST}{path}"] += 1
        if not self._paper_pages:
            pages = samplepaper.answers(folder())
            self._paper_pages = {page.path: _stamped(page.body, page.at, page.kind) for page in pages}
        return self._paper_pages.get(path) or _text(404, "海滨新闻网：页面不存在")

    def answer(self, path: str, host: str, headers: Mapping[str, str]) -> Response:
        """As `page`, with what a client's ``headers`` (names in lower case) ask for: 304 where nothing changed, gzip."""
        response = self.page(path, host)
        etag, at = response.headers.get("ETag"), response.headers.get("Last-Modified")
        if etag and at:
            asked = headers.get("if-none-match")
            if etag in re.split(r"\s*,\s*", asked) if asked else headers.get("if-modified-since") == at:
                return Response(304, {"ETag": etag, "Last-Modified": at}, b"")
        packs = "gzip" in headers.get("accept-encoding", "") and response.headers["Content-Type"].startswith("text/")
        if packs and len(response.body) > 200:
            more = {"Content-Encoding": "gzip", "Vary": "Accept-Encoding"}
            return Response(response.status, response.headers | more, _gzip(response.body))
        return response

    def _known(self, host: str) -> str | None:
        """The full name of a host as a request gives it: ``m.weihai.dzwww.com:80``, ``yantai.localhost:8080``, ``[::1]:8080``."""
        name = re.sub(r":\d*$", "", host.strip().lower()).rstrip(".")
        if name.endswith(".localhost"):
            return next((full for full in self._hosts if full.split(".")[0] == name.split(".")[0]), None)
        if name in ("", "localhost") or re.fullmatch(r"[\d.]+|\[[\da-f:]+\]", name):
            return self.hosts[0]
        return self._aliases.get(name)

    def _build(self) -> Iterator[tuple[str, Callable[[], Response]]]:
        """Every address that the site has, with what makes its page when it is first asked for."""
        for name, host in self._hosts.items():
            root = f"http://{name}"
            yield f"{root}/", partial(self._home, host)
            yield f"{root}/index.htm", partial(self._home, host)
            yield f"{root}/robots.txt", partial(_text, 200, f"User-agent: *\nDisallow: /admin/\n\nSitemap: {root}/sitemap.xml\n")
            yield f"{root}/sitemap.xml", partial(self._sitemap, host)
            yield f"{root}/js/related.js", partial(_script, "related.js")
            yield f"{root}/rss.xml", partial(self._feed, host)
            yield f"{root}/admin/", partial(_text, 403, "Forbidden")
            for channel in host.channels:
                yield f"{root}/{channel}", partial(_redirect, 301, f"/{channel}/")
                yield f"{root}/{channel}/", partial(self._list, host, channel, 0)
                for number in range(len(self.lists(name, channel))):
                    yield f"{root}/{channel}/{_index(number)}", partial(self._list, host, channel, number)
            for article in host.articles:
                for page, url in enumerate(article.urls):
                    yield url, partial(self._article, host, article, page)
                if article.endpoint is not None:
                    yield article.endpoint, partial(_related, article)
        for url, article in self.moved.items():
            yield url, partial(_redirect, 302, article.url)
        for trap in self.traps:
            if trap["kind"] == "soft404":
                yield trap["url"], partial(self._missing, self._hosts[trap["host"]], 200)

    def _article(self, host: _Host, article: SampleArticle, page: int) -> Response:
        return _stamped(_render(article, article.layout, page, host.frames[article.layout]), article.at)

    def _list(self, host: _Host, channel: str, number: int) -> Response:
        about, lists = host.channels[channel], self.lists(host.name, channel)
        frame = host.frames["2016" if number == len(lists) - 1 else "2018"]
        items = []
        for line in lists[number]:
            href = re.sub(f"^/{channel}/", "./", _href(line.url, host.name))
            images = line.article.images if line.article and channel == "tupian" else []
            image = f'<a href="{href}"><img src="{_href(images[0], host.name)}"></a>' if images else ""
            date = f'<span class="date">{line.at.strftime(about["date"])}</span>'
            items.append(f'<li>{date}{image}<a href="{href}">{_plain(line.title)}</a></li>')
        script = f'<script type="text/javascript">//createPageHTML({len(lists)}, {number}, "index", "htm");</script>'
        top = phone = ""
        if first := lists[0][0].article if number == 0 else None:
            # The first article of the list stands there twice more, under other addresses.
            top = f'<h3><a href="{first.path}?from=top">{_plain(first.title)}</a></h3><p>{_plain(first.summary)}</p>'
            phone = f'<p>手机看新闻：<a href="http://m.{host.name}{first.path}">{_plain(first.title)}</a></p>'
        # A crawl starts from lists, so they keep to http and to their host: https cannot be had from a proxy like this one.
        hot = [link for link in frame.hot if link.url.startswith(f"http://{host.name}/")]
        html = _template("list.html").substitute(
            charset=about["charset"], channel=about["name"], city=host.city, nav=_nav(frame.channels), top=top,
            items="\n".join(items), pager=f"{_pager([_index(n) for n in range(len(lists))], number)}\n{script}", hot=_ranked(hot, host.name), phone=phone,
        )  # fmt: skip
        return _stamped(_encode(html, about["charset"]), lists[number][0].at)

    def _home(self, host: _Host) -> Response:
        blocks, names = [], host.frames["2018"].channels
        for channel, name in names.items():
            links = [(line, _href(line.url, host.name)) for line in self.lists(host.name, channel)[0][:6]]
            lines = [f'<li><span>{line.at:%m-%d}</span><a href="{href}">{_plain(line.title)}</a></li>' for line, href in links]
            blocks.append(f'<div class="block"><h3><a href="/{channel}/">{name}</a></h3><ul>{"".join(lines)}</ul></div>')
        html = _template("home.html").substitute(charset=host.charset, city=host.city, nav=_nav(names), blocks="\n".join(blocks))
        return _stamped(_encode(html, host.charset), host.articles[0].at)

    def _missing(self, host: _Host, status: int) -> Response:
        html = _template("missing.html").substitute(charset=host.charset, city=host.city)
        return Response(status, {"Content-Type": "text/html"}, _encode(html, host.charset))

    def _sitemap(self, host: _Host) -> Response:
        places = [f"<url><loc>{url}</loc></url>" for url in self.channels(host.name)]
        places += [f"<url><loc>{a.url}</loc><lastmod>{a.published_at}</lastmod></url>" for a in host.articles]
        lines = "\n".join(places)
        return _xml(f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n{lines}\n</urlset>\n', host.articles[0].at)

    def _feed(self, host: _Host) -> Response:
        lines = [f"<title>大众网{host.city}</title><link>http://{host.name}/</link><description>{host.city}新闻</description>"]
        for a in host.articles[:20]:
            words = f"<title>{escape(a.title)}</title><description>{escape(a.summary)}</description>"
            place = f"<link>{a.url}</link><guid>{a.url}</guid><pubDate>{format_datetime(a.at)}</pubDate>"
            lines.append(f"<item>{words}{place}</item>")
        items = "\n".join(lines)
        return _xml(f'<rss version="2.0"><channel>\n{items}\n</channel></rss>\n', host.articles[0].at)


def _link(item: Mapping[str, Any], articles: Mapping[str, SampleArticle]) -> SampleLink:
    return articles[item["id"]].as_link(item.get("suffix", "")) if "id" in item else SampleLink(**item)


def _related_links(row: Mapping[str, Any], articles: Mapping[str, SampleArticle]) -> list[SampleLink] | None:
    """What the endpoint of an article gives: title, address, time with its year, source."""
    if row.get("related") is None:
        return None
    return [
        SampleLink(other.title, other.url, time=f"{other.at:%Y-%m-%d %H:%M}", source=other.source)
        for other in (articles[item["id"]] for item in row["related"])
    ]


def _hot(articles: Sequence[SampleArticle], layout: Layout) -> list[SampleLink]:
    """A host's 热点排行 in the time of a layout; some of its links are other addresses of the same articles."""
    links = [article.as_link() for article in articles if article.layout == layout and not article.copy_of][2:22:2]
    forms = {1: "http://{}?from=timeline", 3: "http://{}#top", 5: "https://{}", 7: "http://m.{}"}
    return [replace(link, url=forms.get(n, "http://{}").format(link.url.removeprefix("http://"))) for n, link in enumerate(links)]


def _index(number: int) -> str:
    return f"index_{number}.htm" if number else "index.htm"


def _stamped(body: bytes, at: datetime, kind: str = "text/html") -> Response:
    # No charset in the header: static TRS pages have theirs in the page only.
    etag = f'"{hashlib.md5(body, usedforsecurity=False).hexdigest()[:16]}"'
    return Response(200, {"Content-Type": kind, "ETag": etag, "Last-Modified": formatdate(at.timestamp(), usegmt=True)}, body)


def _script(name: str) -> Response:
    return _stamped(
        (folder() / name).read_bytes(), datetime(2016, 1, 4, tzinfo=SHANGHAI), "application/javascript; charset=utf-8"
    )


def _xml(text: str, at: datetime) -> Response:
    return _stamped(f'<?xml version="1.0" encoding="utf-8"?>\n{text}'.encode(), at, "text/xml")


def _text(status: int, text: str) -> Response:
    return Response(status, {"Content-Type": "text/plain; charset=utf-8"}, text.encode())


def _redirect(status: int, url: str) -> Response:
    return Response(status, {"Content-Type": "text/html", "Location": url}, b"")


@cache
def _gzip(body: bytes) -> bytes:
    return gzip.compress(body, mtime=0)


# -- the server


def _reply(site: SampleSite, head: str) -> tuple[Response, bool, bool]:
    """What a request's head is answered with, whether the body is sent, whether the connection stays open."""
    first, *lines = head.lstrip("\r\n").split("\r\n")
    line = re.fullmatch(r"([A-Z]+) (\S+) HTTP/1\.([01])", first)
    headers = {name.strip().lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
    if line is None or headers.get("content-length", "0") != "0" or "transfer-encoding" in headers:
        return _text(400, "Not a request that the sample site understands."), True, False
    method, target, minor = line[1], line[2], line[3]
    if method == "CONNECT":
        return _text(502, f"The newscrawl sample site speaks plain http only; no tunnel to {target}."), True, False
    if method not in ("GET", "HEAD"):
        return _text(405, "GET and HEAD only."), True, False
    host = headers.get("host", "")
    if not target.startswith("/"):
        # A proxy's client names the host in the request line (RFC 9112, 3.2.2), and that one counts.
        match = re.fullmatch(r"https?://([^/?#@]+)([^#]*)", target)
        if match is None:
            return _text(400, "Not an address."), True, False
        host, target = match[1], match[2]
    asked = headers.get("connection", "").lower()
    return site.answer(target, host, headers), method == "GET", "close" not in asked and (minor == "1" or "keep-alive" in asked)


async def _converse(site: SampleSite, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """One client: HTTP/1.1 with keep-alive and pipelining."""
    keep = True
    with suppress(asyncio.IncompleteReadError, TimeoutError, ConnectionError):
        while keep:
            try:
                head = await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), IDLE)
                response, whole, keep = _reply(site, head[:-4].decode("latin-1"))
            except asyncio.LimitOverrunError:
                response, whole, keep = _text(431, "Too long a request."), True, False
            headers = {"Server": "newscrawl-sample", "Date": formatdate(usegmt=True), **response.headers}
            headers |= {} if response.status == 304 else {"Content-Length": str(len(response.body))}
            headers["Connection"] = "keep-alive" if keep else "close"
            lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
            start = f"HTTP/1.1 {response.status} {HTTPStatus(response.status).phrase}\r\n{lines}\r\n".encode("latin-1")
            writer.write(start + response.body if whole else start)
            await writer.drain()


@asynccontextmanager
async def _listening(site: SampleSite, host: str, port: int) -> AsyncIterator[str]:
    clients: dict[asyncio.Task[None] | None, asyncio.StreamWriter] = {}

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        clients[asyncio.current_task()] = writer
        try:
            await _converse(site, reader, writer)
        finally:
            del clients[asyncio.current_task()]
            writer.close()

    server = await asyncio.start_server(serve, host, port, limit=MAX_HEAD)
    try:
        yield f"http://{host}:{server.sockets[0].getsockname()[1]}"
    finally:
        server.close()
        open_ = dict(clients)
        for writer in open_.values():
            writer.transport.abort()
        await asyncio.gather(*filter(None, open_))
        await server.wait_closed()


@contextmanager
def running(site: SampleSite | None = None, *, host: str = "127.0.0.1", port: int = 0) -> Iterator[str]:
    """Serve a site from a thread of its own for as long as the block lasts; gives the base address, without a slash at its end.

    Port 0 takes a free one. Raises ``OSError`` if the port is taken.
    """
    ready: Future[tuple[asyncio.AbstractEventLoop, asyncio.Event, str]] = Future()

    async def main() -> None:
        stop = asyncio.Event()
        try:
            async with _listening(site or SampleSite(), host, port) as base:
                ready.set_result((asyncio.get_running_loop(), stop, base))
                await stop.wait()
        except OSError as error:
            ready.set_exception(error)

    thread = threading.Thread(target=lambda: asyncio.run(main()), name="sample-site", daemon=True)
    thread.start()
    try:
        loop, stop, base = ready.result(timeout=30)
    except OSError:
        thread.join()
        raise
    try:
        yield base
    finally:
        loop.call_soon_threadsafe(stop.set)
        thread.join()


def serve_forever(
    site: SampleSite | None = None, *, host: str = "127.0.0.1", port: int = 0, ready: Callable[[str], object] | None = None
) -> None:
    """Serve a site until interrupted (Ctrl-C); ``ready`` is told the base address. Raises ``OSError`` if the port is taken."""
    with suppress(KeyboardInterrupt), running(site, host=host, port=port) as base:
        if ready is not None:
            ready(base)
        threading.Event().wait()
