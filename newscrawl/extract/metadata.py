"""What a page's head says of its article: JSON-LD, ``<meta>`` sets, canonical links. Data for machines, often wrong.

`find` offers what may be trusted before the page's text is read for it: times to the minute, titles, persons.
`last_resort` offers what is better than nothing: a day without a time, ``<title>``, the mainland set's ``source`` (the
page often prints another) and ``author`` (the editor's name). Nothing that means last-modified is ever taken for
published, and nothing in the future is.

Where the sets come from:

- schema.org JSON-LD, and Baidu's own of 百度熊掌号 (context ``ziyuan.baidu.com``: ``title``, ``pubDate``);
- OpenGraph and ``article:…``; ``og:release_date`` (360), ``bytedance:published_time`` (头条搜索),
  ``weibo:article:create_at`` (新浪), ``apub:time`` (腾讯);
- the mainland news set, shared by people.com.cn, xinhuanet, gmw, youth, southcn, dzwww …: ``filetype``,
  ``publishedtype``, ``pagetype``, ``catalogs``, ``contentid``, ``publishdate`` (a day), ``author`` (an editor's name
  or number), ``source`` (人民网: ``来源：人民网-人民日报``);
- the set prescribed to government sites: ``ArticleTitle``, ``PubDate``, ``ContentSource``, ``Author``, ``ColumnName``,
  ``Keywords``, ``Url``, ``SiteName``.
"""

from __future__ import annotations

import json
import re
from collections.abc import Container, Iterable, Iterator
from functools import lru_cache
from typing import Any
from urllib.parse import urlsplit

from newscrawl.extract import bylines, dates
from newscrawl.extract.candidates import Candidate
from newscrawl.extract.page import MAX_TITLE, Element, Page
from newscrawl.extract.text import clean, fold
from newscrawl.items import Editor

# -- bounds: a head is small; what is larger is data for something else

_LD_SCRIPTS = 12
_LD_LENGTH = 262_144
_LD_NODES = 400
_KEYWORDS = 12
"""More keywords than this are a site's, not an article's."""

# -- names, each list in its order of trust

_TITLES = ("articletitle", "og:title", "headline", "dc.title", "twitter:title")
_TIMES = (
    "article:published_time",
    "og:article:published_time",
    "og:published_time",
    "datepublished",
    "bytedance:published_time",
    "og:release_date",
    "weibo:article:create_at",
    "weibo: article:create_at",
    "apub:time",
    "pubdate",
    "publish_time",
    "publishtime",
    "pubtime",
    "publishdate",
    "publish_date",
    "publish-date",
    "pub_date",
    "firstpublishedtime",
    "dc.date.issued",
    "dcterms.issued",
    "releasedate",
    "apub:date",
)
_SOURCES = ("contentsource", "mediaid", "og:article:source")
_AUTHORS = ("author", "article:author", "og:article:author", "og:author", "apub:author")
_SITES = ("og:site_name", "sitename", "application-name", "apple-mobile-web-app-title", "apub:site")
# What only a page of the mainland news set has. Its author is whoever put the page in.
_MAINLAND = ("contentid", "publishedtype", "catalogs", "filetype")

_ARTICLES = frozenset(
    {"article", "newsarticle", "reportagenewsarticle", "blogposting", "socialmediaposting", "analysisnewsarticle"}
)
_NOT_PEOPLE = frozenset({"organization", "newsmediaorganization", "corporation", "website"})


def find(page: Page, *, answered: Container[str] = ()) -> list[Candidate]:
    """Candidates out of a page's head, per field in the order of trust, times to the minute and better only.

    Fields: ``title``, ``published_at``, ``source``, ``authors``, ``channel``, ``keywords``, ``description``, and
    ``canonical``, the address that the page names as its own. Those ``answered`` already are not looked for.
    """
    nodes = _linked_data(page)
    out: list[Candidate] = []
    if "title" not in answered:
        out += _titles(page, nodes)
    if "published_at" not in answered:
        out += [c for c in _times(page, nodes) if c.value.precision != "day"]
    if "source" not in answered:
        out += _sources(page, _SOURCES)
    if "authors" not in answered:
        out += _authors(page, nodes)
    column = page.meta.get("columnname")
    if column and len(column) <= 20:
        out.append(Candidate("channel", [column], "meta:columnname", column))
    raw = page.meta.get("keywords") or page.meta.get("article:tag") or ""
    if raw and "keywords" not in answered and (words := _keywords(page, raw)):
        out.append(Candidate("keywords", words, "meta:keywords", raw))
    if text := _description(page):
        out.append(Candidate("description", text, "meta:description", text))
    out += _canonical(page, nodes)
    return out


def last_resort(page: Page) -> list[Candidate]:
    """Candidates for what no other layer found: a day without a time, ``<title>`` without its site, the editor's name."""
    out = [c for c in _times(page, _linked_data(page)) if c.value.precision == "day"]
    if title := strip_site(page.title_tag, page):
        out.append(Candidate("title", title, "meta:title", page.title_tag))
    out += _sources(page, ("source",))
    meta = page.meta
    if any(name in meta for name in _MAINLAND):
        raw = (meta.get("editor") or meta.get("author") or "")[:40]
        # 青网新闻张毅: the department before the name.
        names = _people(re.sub(r"^.*(?:新闻|编辑|网)(?=..)", "", raw))
        if len(names) == 1:
            out.append(Candidate("editors", [Editor("编辑", names[0])], "meta:author", raw))
    return out


# -- titles

_SEPARATOR = re.compile(r"\s*(?:--+|——|[_|｜丨»>]|\s[-–—－·•]\s?|(?<=[^\sA-Za-z0-9])[-–—－](?=\S)|-(?=\S*$))\s*")
_SITE_END = re.compile(
    r"(?:网|網|网站|频道|頻道|新闻|新聞|日报|晚报|晨报|早报|午报|商报|时报|都市报|导报|快报|周报|青年报|[党机团]报|在线|頭條|头条|资讯|快讯|客户端|新闻中心|"
    r"门户|平台|热线|论坛|社区|博客|订阅|网易号|搜狐|新浪|腾讯|网易|凤凰|官网|首页|中心|政府|委员会|局|厅|部|电视台|电台|广电|融媒|传媒|杂志|周刊|"
    r"新华社|通讯社|要闻|时政|正文|详情|公众平台|The Paper|[.](?:com|cn|net|org)|com[.]cn|gov[.]cn)】?$",
    re.I,
)
_SENTENCE = re.compile(r"[，。！？；：“”,!?;]")
_LATIN = re.compile(r"[\x20-\x7e]+")


def site_names(page: Page) -> frozenset[str]:
    """What a page calls its site, folded: of its ``<meta>`` names, of its copyright line."""
    names = [page.meta.get(name, "") for name in _SITES]
    names.append(re.sub(r"(?:版权|版權)所有.*$", "", page.meta.get("copyright", "")))
    return frozenset(fold(name) for name in names if 2 <= len(name) <= 30)


def strip_site(title: str, page: Page) -> str:
    """A title without what its site adds behind it: ``标题--时政--人民网``, ``标题_新闻频道_中国青年网``, ``标题 - 网名``.

    Parts are taken off from the end while they read as the name of a site or of one of its channels; a dash within a
    headline stays. A heading of the page that is the title's beginning decides first.
    """
    title = clean(title)[:MAX_TITLE]
    cuts = [match.span() for match in _SEPARATOR.finditer(title) if match.start() > 0]
    if not cuts:
        return title
    headings = _headings(page)
    for start, _ in reversed(cuts):
        if fold(title[:start]) in headings:
            return title[:start]
    names = site_names(page)
    end = len(title)
    taken = 0
    while cuts:
        start, after = cuts[-1]
        part = title[after:end].strip()
        mark = title[start:after].strip()
        if part and not _is_site(part, mark, names, taken, title[:start]):
            break
        taken += 1
        end = start
        cuts.pop()
    stripped = title[:end].strip()
    # 标题|关键词|关键词_网名: keywords between the headline and the site.
    if taken and stripped.count("|") >= 2:
        head, *words = stripped.split("|")
        if len(head) >= 8 and all(len(word) <= 10 for word in words):
            stripped = head.strip()
    return stripped if len(stripped) >= 4 else title


def _is_site(part: str, mark: str, names: frozenset[str], taken: int, rest: str) -> bool:
    if fold(part) in names:
        return True
    if len(part) > 24 or _SENTENCE.search(part) or len(rest) < 4:
        return False
    if _SITE_END.search(part):
        return True
    # Behind 「_」 and 「--」 a short part that precedes the site is its channel; behind a dash it may be the headline's end.
    if taken and mark in ("_", "--", "|", ">", "»") and len(part) <= 10:
        return True
    return bool(_LATIN.fullmatch(part) and not _LATIN.fullmatch(rest) and (mark == "_" or len(part) <= 12) and not part.isdigit())


def _headings(page: Page) -> frozenset[str]:
    return frozenset(text for text in map(fold, page.headings) if len(text) >= 6)


def _titles(page: Page, nodes: list[dict[str, Any]]) -> Iterator[Candidate]:
    meta = page.meta
    pairs = [("articletitle", meta.get("articletitle"))]
    pairs += [("json-ld", node.get("headline") or node.get("title")) for node in nodes if _is_article(node)]
    pairs += [(name, meta.get(name)) for name in _TITLES[1:]]
    names = site_names(page)
    shown = fold(page.title_tag)
    seen = set()
    for name, raw in pairs:
        value = clean(raw) if isinstance(raw, str) else ""
        if not value or fold(value) in names or len(value) > MAX_TITLE or _is_cut(value, page.title_tag):
            continue
        value = strip_site(value, page)
        # A head filled once for the whole site, or a title for sharing: not this page's.
        if name != "articletitle" and shown and fold(value) not in shown and fold(value) not in _headings(page):
            continue
        if len(value) >= 4 and value not in seen and not _is_site(value, "", names, 0, ""):
            seen.add(value)
            yield Candidate("title", value, f"meta:{name}", clean(str(raw)))


def _is_cut(value: str, whole: str) -> bool:
    """Whether an unescaped quote in the markup ended a value early: ``content="龙湖"暗伤"曝露"``."""
    return whole.startswith(value) and whole[len(value) : len(value) + 1] in ('"', "'")


# -- times


def _times(page: Page, nodes: list[dict[str, Any]]) -> Iterator[Candidate]:
    pairs = [
        (f"json-ld:{key}", node.get(key))
        for key in ("datePublished", "pubDate", "uploadDate")
        for node in nodes
        if _is_article(node) or key == "pubDate"
    ]
    meta = page.meta
    pairs += [(name, meta[name]) for name in _TIMES if name in meta]
    pairs += [("json-ld:page", node.get("datePublished")) for node in nodes if not _is_article(node)]
    pairs += list(_time_elements(page))
    for name, raw in pairs:
        if isinstance(raw, (str, int)) and (value := clean(str(raw))[:60]) and (moment := dates.parse(value, page.now)):
            yield Candidate("published_at", moment, f"meta:{name}", value)


def _time_elements(page: Page) -> Iterator[tuple[str, str | None]]:
    """``<time datetime>`` that is marked as the article's, or is the page's only one: lists of links have them too."""
    elements: list[Element] = [element for element in page.tags.get("time", ()) if element.get("datetime")]
    for element in elements:
        if element.get("pubdate") is not None or element.get("itemprop") == "datePublished":
            yield "time", element.get("datetime")
            return
    if len(elements) == 1 and not any(parent.tag in ("li", "nav", "aside") for parent in elements[0].iterancestors()):
        yield "time", elements[0].get("datetime")


# -- people and sources


def _people(value: str) -> list[str]:
    """The persons a value names: an ``author`` that is a site, an account or a number names none."""
    if not value or len(value) > 60:
        return []
    names = bylines.names(value)
    return names if names and all(bylines.is_person(name) for name in names) else []


def _authors(page: Page, nodes: list[dict[str, Any]]) -> Iterator[Candidate]:
    for node in nodes:
        if _is_article(node) and (names := [n for raw in _names_of(node.get("author")) for n in _people(raw)]):
            yield Candidate("authors", list(dict.fromkeys(names)), "meta:json-ld", "、".join(names))
            break
    if any(name in page.meta for name in _MAINLAND):
        return
    for name in _AUTHORS:
        raw = page.meta.get(name, "")
        if names := _people(raw):
            yield Candidate("authors", names, f"meta:{name}", raw)


def _names_of(value: Any) -> Iterator[str]:
    for item in value if isinstance(value, list) else [value]:
        if isinstance(item, str):
            yield clean(item)
        elif isinstance(item, dict) and isinstance(item.get("name"), str) and not _types(item) & _NOT_PEOPLE:
            yield clean(item["name"])


def _sources(page: Page, names: tuple[str, ...]) -> Iterator[Candidate]:
    for name in names:
        raw = page.meta.get(name, "")
        if raw and len(raw) <= 60 and not raw.isdigit() and "://" not in raw and (value := bylines.source(raw)):
            yield Candidate("source", value, f"meta:{name}", raw)


# -- keywords and description

_WORDS = re.compile(r"[,，;；、|]+")
_BLANKS = re.compile(r"\s+")


def keywords(text: str) -> list[str]:
    """Keywords out of a list of them: by commas and their like, by blanks where there are none of these.

    None where the list is longer than an article's is, which is a site's.
    """
    text = re.sub(r"^\s*(?:文章)?(?:关键词|关键字|标签|Tags?)\s*[:：]", "", text[:2000], flags=re.I)
    splitter = _WORDS if _WORDS.search(text) else _BLANKS
    words = [clean(word) for word in splitter.split(text)]
    found = list(dict.fromkeys(word for word in words if 1 < len(word) <= 20))
    return found if len(found) <= _KEYWORDS else []


def _keywords(page: Page, raw: str) -> list[str]:
    words = keywords(raw)
    names = site_names(page) | {fold(part) for part in _SEPARATOR.split(page.title_tag)[1:]}
    if any(fold(word) in names for word in words):
        return []
    title = fold(page.title_tag)
    return [word for word in words if not (len(word) > 12 and title.startswith(fold(word)))]


def _description(page: Page) -> str | None:
    text = page.meta.get("description") or page.meta.get("og:description") or ""
    folded = fold(text)
    if len(text) < 10 or fold(page.title_tag).startswith(folded) or folded == fold(page.meta.get("keywords")):
        return None
    return text[:500]


# -- addresses

_COUNTRY = frozenset({"com", "net", "org", "gov", "edu", "ac", "mil"})


def site_of(host: str) -> str:
    """A host's registered domain, near enough: ``www.weihai.gov.cn`` -> ``weihai.gov.cn``."""
    labels = host.lower().split(".")
    size = 3 if len(labels) > 2 and labels[-2] in _COUNTRY and len(labels[-1]) == 2 else 2
    return ".".join(labels[-size:])


def _canonical(page: Page, nodes: list[dict[str, Any]]) -> Iterator[Candidate]:
    """Addresses that a page names as its own: of its own site, and of a page, not of a home page or a section."""
    links = [link.get("href") for link in page.tags.get("link", ()) if (link.get("rel") or "").lower() == "canonical"]
    pairs: list[tuple[str, Any]] = [("canonical", href) for href in links[:1]]
    pairs += [("og:url", page.meta.get("og:url")), ("url", page.meta.get("url"))]
    for node in nodes:
        whole = node.get("mainEntityOfPage")
        pairs.append(("json-ld", (whole.get("@id") if isinstance(whole, dict) else whole) or node.get("@id")))
    seen = set()
    for name, raw in pairs:
        url = page.absolute(raw) if isinstance(raw, str) and len(raw) <= 2000 else None
        if not url or url in seen:
            continue
        parts = urlsplit(url)
        if not parts.hostname or (page.host and site_of(parts.hostname) != site_of(page.host)):
            continue
        if parts.path.strip("/") in ("", "index.html", "index.htm", "index.shtml", "index") and not parts.query:
            continue
        seen.add(url)
        yield Candidate("canonical", url, f"meta:{name}", str(raw))


# -- JSON-LD

_OPENINGS = ("<!--", "//<![CDATA[", "// <![CDATA[", "/*<![CDATA[*/", "<![CDATA[")
_CLOSINGS = (";", "-->", "//]]>", "// ]]>", "/*]]>*/", "]]>", ";")
_COMMA = re.compile(r",(?=\s{0,20}[}\]])")
_FIELD = re.compile(r'"(headline|title|datePublished|pubDate|@id)"\s{0,9}:\s{0,9}"((?:[^"\\\n]|\\.){1,400})"')


def _linked_data(page: Page) -> list[dict[str, Any]]:
    """Every object of a page's JSON-LD: lists and ``@graph`` are unfolded, broken JSON is read as far as it goes."""
    return list(_nodes(tuple(_scripts(page))))


def _scripts(page: Page) -> Iterator[str]:
    count = 0
    for element in page.tags.get("script", ()):
        if "ld+json" not in (element.get("type") or "").lower():
            continue
        count += 1
        if count > _LD_SCRIPTS:
            return
        text = element.text or ""
        if 2 < len(text) <= _LD_LENGTH:
            yield text


@lru_cache(maxsize=2)
def _nodes(texts: tuple[str, ...]) -> tuple[dict[str, Any], ...]:
    out: list[dict[str, Any]] = []
    for text in texts:
        stack: list[Any] = [_load(text)]
        steps = 0
        while stack and len(out) < _LD_NODES and steps < 4 * _LD_NODES:
            steps += 1
            value = stack.pop()
            if isinstance(value, list):
                stack += reversed(value[:_LD_NODES])
            elif isinstance(value, dict):
                if "@graph" in value:
                    stack.append(value["@graph"])
                out.append(value)
    return tuple(out)


def _load(text: str) -> Any:
    text = text.strip()
    for opening in _OPENINGS:
        text = text.removeprefix(opening).lstrip()
    for closing in _CLOSINGS:
        text = text.removesuffix(closing).rstrip()
    for attempt in (text, _COMMA.sub("", text)):
        try:
            return json.loads(attempt, strict=False)
        except (ValueError, RecursionError):
            continue
    # Quotes that nobody escaped break the whole; single fields are whole nevertheless.
    found: dict[str, Any] = {}
    for name, value in _FIELD.findall(text):
        try:
            found.setdefault(name, json.loads(f'"{value}"', strict=False))
        except ValueError:
            continue
    return found


def _types(node: dict[str, Any]) -> set[str]:
    value = node.get("@type")
    values: Iterable[Any] = value if isinstance(value, list) else [value]
    return {item.lower() for item in values if isinstance(item, str)}


def _is_article(node: dict[str, Any]) -> bool:
    types = _types(node)
    return bool(types & _ARTICLES) or (not types and ("pubDate" in node or "headline" in node))
