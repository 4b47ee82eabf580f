"""The contract between spiders and store: what an article is, as dataclasses read through itemadapter.

Every value here is already normalised: see `loaders.py` for how, and `store/schema.py` for where each field goes.
Times are ISO 8601 with offset (``2017-07-28T10:28:00+08:00``), filled up with zeros beyond ``published_precision``; lists keep the
page's order; a field that the page does not give is ``None`` or an empty list, never an empty string.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

Precision = Literal["second", "minute", "hour", "day"]
"""How exactly a page states a time."""

LinkKind = Literal["recommended", "related", "hot", "rank", "photo", "video", "topic", "more"]
"""What a link block is for: 推荐阅读, 相关新闻, 热点, 排行, 图集, 视频, 专题; ``more`` is any other headed block."""


FilledBy = Literal["page", "endpoint", "browser", "unanswered"]
"""Where a block's links came from."""


PageKind = Literal["article", "part", "channel", "feed", "sitemap", "robots"]
"""What an address is asked for as: an article, a further page of one, or one of the kinds of lists."""


@dataclass(slots=True)
class Editor:
    """One name out of an editor line: ``role`` as printed (责任编辑, 初审编辑, 校对, 监制 …), ``name`` without label."""

    role: str
    name: str


@dataclass(slots=True)
class Image:
    """One image of the body: absolute address, alt text, and the caption that stands with it."""

    url: str
    caption: str | None = None
    alt: str | None = None


@dataclass(slots=True)
class Link:
    """One item of a link block, 1-based ``position`` within its block.

    ``published_raw`` is the time as printed (``07-28 06-07``), ``published_at`` the instant it means in the article's
    year; ``summary`` keeps its tail (``…[详细]``) as printed. ``full_title`` is there where the page cuts the title (…) and
    has the whole of it in an attribute.
    """

    position: int
    title: str
    url: str | None = None
    thumbnail: str | None = None
    summary: str | None = None
    source: str | None = None
    published_at: str | None = None
    published_raw: str | None = None
    full_title: str | None = None


@dataclass(slots=True)
class Ask:
    """A request for the links of an empty block: ``fill`` is the number of the fill among the site's, from 1; 0: the page itself
    names the address."""

    url: str
    fill: int = 0


@dataclass(slots=True)
class Block:
    """A headed list of links beside or below an article. No links: the block stands on the page but is empty.

    ``filled_by`` says where the links came from: the ``page`` itself, an ``endpoint`` that its script asks, a ``browser`` that ran
    the script; ``unanswered``: the block is filled by a script, and whoever was asked did not answer. ``asks`` are the requests that
    are still to be made for them.
    """

    kind: LinkKind
    heading: str | None
    links: list[Link] = field(default_factory=list)
    filled_by: FilledBy = "page"
    asks: list[Ask] = field(default_factory=list)


@dataclass(slots=True)
class Visit:
    """What became of one fetched address: the pages table's row. An article carries its own in ``Article.visit``.

    ``verdict`` is a word of `newscrawl.verdict` (``article``, ``list``, ``blocked``, ``soft404`` …), ``why`` one line
    for people. ``site`` is a spider's name. ``fetched_at`` is ISO 8601 in UTC. ``depth``: 0 for what a list led to, 1 for what
    such an article's link blocks led to. Of a list: ``number`` is its place in its channel, ``listed`` how many articles it
    links, ``fresh`` how many of them were new, ``polled`` whether it is looked at again for its own sake, ``marker`` an article in its middle with its place, ``posted`` how many
    articles its channel had brought by then. ``read_by``: what
    the page was read with. Status 304: nothing has changed since the last fetch.
    """

    url: str
    site: str
    verdict: str
    why: str = ""
    status: int | None = None
    kind: PageKind = "article"
    fetched_at: str | None = None
    found_on: str | None = None
    redirected_from: list[str] = field(default_factory=list)
    charset: str | None = None
    size: int | None = None
    etag: str | None = None
    last_modified: str | None = None
    depth: int = 0
    number: int | None = None
    listed: int | None = None
    fresh: int = 0
    polled: bool = True
    marker: str | None = None
    marker_at: int | None = None
    posted: int | None = None
    read_by: str | None = None
    reread: bool = False
    """Whether it is an answer that was stored before and was read once more, out of the archive."""


@dataclass(slots=True)
class Article:
    """One article as a page tells it.

    ``url`` is the canonical address, ``addresses`` every address it was read under. ``body_text`` is the body's
    paragraphs, subheadings, captions and table rows joined by newlines in reading order; ``paragraphs`` are the same
    without captions and tables; ``lead`` and ``subheadings`` name some of them. ``body_html`` is clean HTML.
    ``leads`` are articles of its site that it recommends and that are to be asked for. ``provenance`` says for each field which layer and rule gave it (``site:dzwww/2018``, ``cms:trs``, ``meta``, ``generic``).
    """

    url: str | None = None
    site: str | None = None
    publisher: str | None = None
    region: str | None = None
    addresses: list[str] = field(default_factory=list)
    title: str | None = None
    kicker: str | None = None
    subtitle: str | None = None
    published_at: str | None = None
    published_raw: str | None = None
    published_precision: Precision | None = None
    source: str | None = None
    source_url: str | None = None
    authors: list[str] = field(default_factory=list)
    reporters: list[str] = field(default_factory=list)
    correspondents: list[str] = field(default_factory=list)
    editors: list[Editor] = field(default_factory=list)
    channel: list[str] = field(default_factory=list)
    body_text: str | None = None
    body_html: str | None = None
    paragraphs: list[str] = field(default_factory=list)
    lead: list[str] = field(default_factory=list)
    subheadings: list[str] = field(default_factory=list)
    images: list[Image] = field(default_factory=list)
    keywords: list[str] = field(default_factory=list)
    blocks: list[Block] = field(default_factory=list)
    next_page: str | None = None
    parts: list[str] = field(default_factory=list)
    charset: str | None = None
    fetched_at: str | None = None
    content_hash: str | None = None
    flags: list[str] = field(default_factory=list)
    provenance: dict[str, str] = field(default_factory=dict)
    visit: Visit | None = None
    leads: list[str] = field(default_factory=list)
