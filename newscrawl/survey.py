"""A site looked at from a few of its pages: charset, CMS, channels, how its articles are addressed, what is read of them.

No I/O: pages in, `Survey` out; `source` makes a site file of it. Nothing is known for sure of a site that a person has not looked
at, so each finding carries its evidence.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any
from urllib.parse import urlsplit

from newscrawl import addresses, discovery, feeds, fingerprint, loaders
from newscrawl.addresses import Pattern
from newscrawl.extract import cms, dates, fills
from newscrawl.extract.candidates import Candidate
from newscrawl.extract.dates import Moment
from newscrawl.extract.elements import uses_of
from newscrawl.extract.layers import Extraction, extract
from newscrawl.extract.page import Element, Page
from newscrawl.extract.rules import Layout
from newscrawl.extract.select import select
from newscrawl.extract.text import clean
from newscrawl.items import Article, LinkKind

MAX_CHANNELS, MAX_ARTICLES = 5, 5
"""How many channels and articles are looked at: enough to tell a site's layout, few enough to be no burden."""

LISTED = 12
"""Channels of one site file at most: further ones are a person's choice."""

LINES = 40
"""Lines of a site file at most."""

LEAST = 3
"""Articles that a list links at least."""

FIELDS = ("title", "published_at", "source", "authors", "reporters", "editors", "channel", "keywords", "body")
"""The fields that a survey tells of, by their names in provenance."""


# -- what was looked at


@dataclass(slots=True)
class Seen:
    """One page that was looked at: as it was fetched, and when. ``charset``: that of the Content-Type header."""

    url: str
    body: bytes
    charset: str | None = None
    status: int = 200
    at: datetime | None = None

    def page(self) -> Page:
        """The page, read as on the day that it was fetched."""
        return Page(self.body, self.url, charset=self.charset, now=self.at)


@dataclass(frozen=True, slots=True)
class Channel:
    """A list of articles: ``articles`` it links, ``None`` where nobody has looked."""

    url: str
    title: str
    articles: int | None = None


@dataclass(frozen=True, slots=True)
class EmptyBlock:
    """A link block that stands on ``pages`` of the articles without links: ``named``, an address that a script beside it names."""

    kind: LinkKind
    heading: str | None
    pages: int
    named: str | None = None


@dataclass(frozen=True, slots=True)
class FieldReading:
    """One field over the articles that were looked at: in how many it was found, by which rules, and one of its values."""

    name: str
    found: int
    rules: dict[str, int]
    value: str

    @property
    def layers(self) -> set[str]:
        """The layers that gave it: site, cms, meta, generic, text, url."""
        return {rule.partition(":")[0] for rule in self.rules}


@dataclass(slots=True)
class Survey:
    """What a few pages of a site say of it.

    ``charsets``: each with the number of pages; ``families``: CMS families with the number of article pages that carry their
    marks; ``publisher``, ``title``: each with where it stands; ``hint``: a layout that is worth writing; ``doubts``: what a person
    should look at.
    """

    url: str
    day: date
    hosts: tuple[str, ...]
    title: tuple[str, str] | None = None
    publisher: tuple[str, str] | None = None
    charsets: Counter[str] = field(default_factory=Counter)
    families: Counter[str] = field(default_factory=Counter)
    feeds: list[str] = field(default_factory=list)
    sitemaps: list[str] = field(default_factory=list)
    channels: list[Channel] = field(default_factory=list)
    pattern: Pattern | None = None
    articles: list[str] = field(default_factory=list)
    fields: list[FieldReading] = field(default_factory=list)
    blocks: Counter[str] = field(default_factory=Counter)
    empty: list[EmptyBlock] = field(default_factory=list)
    hint: Layout | None = None
    doubts: list[str] = field(default_factory=list)

    @property
    def lists(self) -> list[Channel]:
        """The channels that were looked at and link articles."""
        return [channel for channel in self.channels if channel.articles]


# -- where to look next


def hosts_of(url: str) -> tuple[str, ...]:
    """The hosts of a site by its front page: ``www.a.cn`` speaks for all of ``a.cn``, ``weihai.a.cn`` for itself."""
    host = (urlsplit(url).hostname or "").lower()
    return (host.removeprefix("www."),)


def name_of(url: str) -> str:
    """A name for a site, out of its front page's address: ``www.haibin-rb.cn`` -> haibin_rb, ``weihai.dzwww.com`` -> dzwww_weihai."""
    labels = [label for label in hosts_of(url)[0].split(".") if label]
    if len(labels) > 1:
        labels.pop()
    if len(labels) > 1 and labels[-1] in _SECOND_LEVEL:
        labels.pop()
    name = re.sub(r"\W+", "_", "_".join(reversed(labels))).strip("_").lower() or "site"
    return name if name[0].isalpha() else f"site{name}"


_SECOND_LEVEL = frozenset(
    "com net org gov edu ac bj sh tj cq he sx nm ln jl hl js zj ah fj jx sd ha hb hn gd gx hi sc gz yn xz sn gs qh nx xj".split()
)


def links_of(pages: Iterable[Page], hosts: Sequence[str]) -> dict[str, str]:
    """The site's own pages that pages link: canonical address -> the longest text that links it, in the pages' order."""
    found: dict[str, str] = {}
    for page in pages:
        for anchor in page.tags.get("a", ()):
            url = page.absolute(anchor.get("href"))
            if not url or not discovery.is_allowed(url, hosts) or addresses.is_file(url):
                continue
            try:
                url = fingerprint.canonical(url)
            except ValueError:
                continue
            text = page.text(anchor) or clean(anchor.get("title") or "")
            found[url] = max(found.get(url, ""), text, key=len)
    return found


def channels_of(front: Page, hosts: Sequence[str], article: re.Pattern[str]) -> list[Channel]:
    """The links of a front page that look like channels, the most likely first: short words in the menu, an address of a list."""
    scored: dict[str, tuple[int, int, str]] = {}
    for number, anchor in enumerate(front.tags.get("a", ())):
        url = front.absolute(anchor.get("href"))
        text = clean(front.text(anchor).strip("·•|［］[]【】>»→ "))
        if not url or not discovery.is_allowed(url, hosts) or not addresses.is_channel(url, text) or article.search(url):
            continue
        url = fingerprint.canonical(url)
        if fingerprint.key(url) == fingerprint.key(front.url):
            continue
        score = 2 * bool(_NEWS.search(text)) + 2 * _in_menu(anchor) + (urlsplit(url).path.count("/") <= 2)
        kept = scored.get(url)
        if kept is None or score > -kept[0]:
            scored[url] = (-score, number if kept is None else kept[1], text if kept is None else kept[2])
    return [Channel(url, text) for url, (_, _, text) in sorted(scored.items(), key=lambda item: item[1][:2])]


_NEWS = re.compile(
    r"新闻|要闻|快讯|头条|滚动|时政|政务|社会|民生|经济|财经|产业|县区|区市|市县|区县|镇街|本地|本网|国内|国际|全省|热点|原创|评论|理论|教育|文化|文旅|健康|体育|法治|农业|海洋"
)


def _in_menu(anchor: Element) -> bool:
    node = anchor.getparent()
    for _ in range(5):
        if node is None:
            return False
        if node.tag == "nav" or "menu" in uses_of(node):
            return True
        node = node.getparent()
    return False


def articles_of(lists: Iterable[Page], hosts: Sequence[str], article: re.Pattern[str]) -> list[str]:
    """The articles that lists link, one of each list in turn, so that the first few are of different channels."""
    rows = [list(discovery.look(page, hosts=hosts, article=article).articles) if article is not None else [] for page in lists]
    known = {url for row in rows for url in row}
    rows = [[url for url in row if "?" not in url or url.partition("?")[0] not in known] for row in rows]
    longest = max((len(row) for row in rows), default=0)
    return list(dict.fromkeys(row[n] for n in range(longest) for row in rows if n < len(row)))


# -- the survey


def survey(
    front: Seen, channels: Sequence[Seen] = (), articles: Sequence[Seen] = (), *, sitemaps: Sequence[str] = (), day: date
) -> Survey:
    """What a site's front page, some of its channels and some of its articles say. ``sitemaps``: those that robots.txt names."""
    home = front.page()
    hosts = hosts_of(front.url)
    lists = [seen.page() for seen in channels]
    pages = [seen.page() for seen in articles]
    out = Survey(front.url, day, hosts)
    out.charsets.update(page.charset for page in (home, *lists, *pages))
    out.title, out.publisher = _title(home), _publisher([home, *lists, *pages])
    out.pattern = addresses.learn(links_of((home, *lists), hosts))
    article = out.pattern.compiled if out.pattern else discovery.ARTICLE
    looked = {fingerprint.key(page.url): page for page in lists}
    for channel in channels_of(home, hosts, article):
        page = looked.pop(fingerprint.key(channel.url), None)
        links = len(discovery.look(page, hosts=hosts, article=article).articles) if page is not None else None
        out.channels.append(replace(channel, articles=links))
    for page in looked.values():
        links = len(discovery.look(page, hosts=hosts, article=article).articles)
        out.channels.append(Channel(page.url, title_of(page), links))
    out.feeds = list(dict.fromkeys(url for page in (home, *lists) for url in feeds.announced(page)))
    out.sitemaps = [url for url in sitemaps if discovery.is_allowed(url, hosts)]
    for page in pages:
        out.families.update(family.name for family in cms.recognise(page))
    if not pages:
        # A family's lists carry some of its marks too.
        for page in lists:
            out.families.update(family.name for family in cms.recognise(page))
    _read(out, pages)
    _doubt(out, home, lists, pages)
    return out


def title_of(page: Page) -> str:
    """The first part of a page's title, without the site's name behind it."""
    return re.split(r"[_|｜—–-]", page.title_tag)[0].strip()


def _title(home: Page) -> tuple[str, str] | None:
    if name := home.meta.get("og:site_name"):
        return name, "og:site_name"
    parts = [part.strip() for part in re.split(r"\s*[_|｜—–]\s*|\s+-+\s+", home.title_tag)]
    for part in parts:
        part = re.sub(r"^(?:欢迎(?:访问|光临))|(?:官方网站|官网|首页|门户网站)$", "", part).strip(" -·")
        if 2 <= len(part) <= 24 and part not in ("首页", "网站首页"):
            return part, "title of the front page"
    return None


_HOUSE = r"[\u4e00-\u9fff（）()·]{2,24}?(?:报业传媒集团|报业集团|传媒集团|广播电视台|融媒体中心|新闻中心|报社|日报|晚报|集团|公司|电视台|新闻网|传媒|中心|网|社|台)"
_OWNERS = (
    re.compile(rf"主办(?:单位)?\s*[:：]?\s*({_HOUSE})(?![\u4e00-\u9fff])"),
    re.compile(rf"版权(?:所有|归)\s*[:：©]?\s*(?:[\d\s-]+)?({_HOUSE})(?![\u4e00-\u9fff])"),
    re.compile(rf"({_HOUSE})\s*版权所有"),
    re.compile(rf"(?:Copyright|©|&copy;)[^\u4e00-\u9fff]{{0,60}}({_HOUSE})(?![\u4e00-\u9fff])", re.I),
    re.compile(rf"承办(?:单位)?\s*[:：]?\s*({_HOUSE})(?![\u4e00-\u9fff])"),
)


def _publisher(pages: Sequence[Page]) -> tuple[str, str] | None:
    """Whose site it is: by the line at its foot, else by the end of its articles' titles, which all share."""
    home = pages[0]
    text = home.text(home.tree)[-1500:]
    for pattern in _OWNERS:
        if match := pattern.search(text):
            return match[1], f"foot of the front page: {match[0].strip()[:40]}"
    if name := home.meta.get("og:site_name"):
        return name, "og:site_name"
    ends = Counter(parts[-1].strip() for page in pages[1:] if len(parts := re.split(r"[_|｜—–-]", page.title_tag)) > 1)
    for end, count in ends.most_common(1):
        if end and 2 <= len(end) <= 20 and count > 1:
            return end, f"end of the title of {count} pages"
    return None


# -- articles


def values_of(article: Article) -> dict[str, Any]:
    """An article's fields by their names in provenance, those that it has."""
    found = {
        "title": article.title, "kicker": article.kicker, "subtitle": article.subtitle, "published_at": article.published_at,
        "source": article.source, "authors": article.authors, "reporters": article.reporters,
        "correspondents": article.correspondents, "editors": [f"{editor.role}：{editor.name}" for editor in article.editors],
        "channel": article.channel, "keywords": article.keywords, "body": article.body_text,
    }  # fmt: skip
    return {name: value for name, value in found.items() if value}


def _reading(page: Page, layouts: Sequence[Layout] = ()) -> tuple[Extraction, Article]:
    extraction = extract(page, layouts)
    return extraction, loaders.load(extraction)


def _read(out: Survey, pages: Sequence[Page]) -> None:
    read = [(page, *_reading(page)) for page in pages]
    # What has no text is no article, whatever its address: it tells nothing of a layout.
    read = [
        (page, extraction, article) for page, extraction, article in read if article.title and len(article.body_text or "") > 20
    ]
    out.articles = [page.url for page, _, _ in read]
    for name in FIELDS:
        rules: Counter[str] = Counter()
        value = ""
        for _, extraction, article in read:
            values = values_of(article)
            if name in values:
                chosen = extraction.chosen.get(name)
                rules[chosen.rule if chosen else "?"] += 1
                value = value or short(values[name])
        out.fields.append(FieldReading(name, sum(rules.values()), dict(rules), value))
    empty: dict[tuple[LinkKind, str | None], list[str | None]] = {}
    for page, _, article in read:
        for block in article.blocks:
            out.blocks[block.heading or block.kind] += bool(block.links)
            if not block.links:
                empty.setdefault((block.kind, block.heading), []).append(fills.named_by(page, block))
    out.blocks = +out.blocks
    out.empty = [
        EmptyBlock(kind, heading, len(rows), next((url for url in rows if url), None)) for (kind, heading), rows in empty.items()
    ]
    out.hint = hint(name_of(out.url), out.day, [(page, extraction) for page, extraction, _ in read])


def short(value: Any, most: int = 60) -> str:
    """A value in few words, for people."""
    text = "、".join(map(str, value)) if isinstance(value, list) else " ".join(str(value).split())
    return text if len(text) <= most else text[: most - 1] + "…"


# -- layouts


_PARTS = {"published_at": "published", "source": "source", "authors": "author", "editors": "editors", "title": "title"}
"""Fields that a layout may be worth writing for, with their names there."""


def hint(name: str, day: date, read: Sequence[tuple[Page, Extraction]]) -> Layout | None:
    """The layout that is worth writing: fields that no rule knows though they stand in the same named element of every page.

    ``None`` where the layers below do it alone, or where nothing is named. Every selector is held against the pages: with it, each
    page must be read as it was without it.
    """
    if len(read) < 2:
        return None
    body = _selector([(page, _chosen(extraction, "body")) for page, extraction in read], whole=True)
    if body is None:
        return None
    selectors: dict[str, str] = {}
    for field_name, part in _PARTS.items():
        found = [(page, chosen) for page, extraction in read if (chosen := _chosen(extraction, field_name)) is not None]
        if len(found) < max(2, len(read) // 2) or not all(chosen.rule.startswith("generic") for _, chosen in found):
            continue
        if (selector := _selector(found)) is not None:
            selectors[part] = selector
    if not selectors and all((chosen := _chosen(e, "body")) is None or not chosen.rule.startswith("generic") for _, e in read):
        return None
    # A line that holds several values is read as one; so is a name that stands behind 记者, which an author's element may not have.
    shared = Counter(selectors[part] for part in ("published", "source", "author") if part in selectors)
    for line, count in shared.most_common(1):
        if count > 1:
            selectors = {part: selector for part, selector in selectors.items() if selector != line} | {"byline": line}
    if "author" in selectors and "byline" not in selectors and any(_chosen(e, "reporters") for _, e in read):
        selectors["byline"] = selectors.pop("author")
    before = [values_of(loaders.load(extraction)) for _, extraction in read]
    while True:
        layout = Layout(name=f"{name}/{day.year}", body=body, **selectors)
        changed = _changed(layout, [page for page, _ in read], before)
        if not changed:
            return layout
        wrong = {part for part in selectors if changed & _FED_BY[part]}
        if not wrong:
            return None
        for part in wrong:
            del selectors[part]


_FED_BY = {
    "title": {"title", "kicker", "subtitle"},
    "published": {"published_at"},
    "source": {"source"},
    "author": {"authors", "reporters", "correspondents"},
    "editors": {"editors"},
    "byline": {"published_at", "source", "authors", "editors", "reporters", "correspondents"},
}
"""Which fields a part of a layout may change."""


def _changed(layout: Layout, pages: Sequence[Page], before: Sequence[Mapping[str, Any]]) -> set[str]:
    changed: set[str] = set()
    for page, values in zip(pages, before, strict=True):
        now = values_of(_reading(page, (layout,))[1])
        changed |= {name for name in {*now, *values} if now.get(name) != values.get(name)}
    return changed


def _chosen(extraction: Extraction, name: str) -> Candidate | None:
    return extraction.chosen.get(name)


def _selector(found: Sequence[tuple[Page, Candidate | None]], whole: bool = False) -> str | None:
    """A selector by which each page gives the element of its candidate first; ``None`` where no name is stable."""
    options: list[str] | None = None
    for page, chosen in found:
        if chosen is None or chosen.element is None:
            return None
        element = chosen.element if whole else _tightest(page, chosen)
        fit = list(_selectors(page, element, whole))
        options = fit if options is None else [option for option in options if option in fit]
    return options[0] if options else None


def _tightest(page: Page, chosen: Candidate) -> Element:
    """The smallest element in that of a candidate which says its value: the generic layer names the line that it stands in."""
    assert chosen.element is not None
    value = chosen.value
    parts = [getattr(part, "name", part) for part in value] if isinstance(value, list) else [value]
    best = chosen.element
    for element in chosen.element.iterdescendants("span", "em", "i", "b", "p", "div", "a", "time", "strong", "li", "td", "font"):
        text = page.text(element)
        if isinstance(value, Moment):
            moment = dates.parse(text, page.now)
            says = moment is not None and moment.at == value.at and moment.precision == value.precision
        else:
            says = all(isinstance(part, str) and part in text for part in parts)
        if says and len(text) <= len(page.text(best)):
            best = element
    return best


def _selectors(page: Page, element: Element, whole: bool) -> Iterable[str]:
    """Selectors that find an element first on its page: by itself, inside a named one, or by the line that it stands in."""
    own = list(_names(element))
    for name in own:
        if _finds(page, name, element):
            yield name
    parent = element.getparent()
    for _ in range(3):
        if parent is None or parent.tag in ("body", "html"):
            return
        for name in _names(parent):
            for inner in (*own, str(element.tag)):
                if _finds(page, f"{name} {inner}", element):
                    yield f"{name} {inner}"
        if not whole and len(page.text(parent)) <= 160:
            for name in _names(parent):
                if _finds(page, name, parent):
                    yield name
        parent = parent.getparent()


def _finds(page: Page, selector: str, element: Element) -> bool:
    found = select(page, selector)
    return bool(found) and found[0] is element


_STABLE = re.compile(r"[A-Za-z][A-Za-z_-]*(?:\d{1,2})?[A-Za-z_-]*")
_LOOKS = re.compile(
    r"(?:clearfix|clear|fl|fr|left|right|cf|active|hide|show|mt\d*|mb\d*|pt\d*|w\d+|col-\S*|row|container|f\d+|tc|tl|tr)", re.I
)


def _names(element: Element) -> Iterable[str]:
    """An element's id and classes as selectors, those that name a use and not one page or a look."""
    if (name := element.get("id")) and _STABLE.fullmatch(name):
        yield f"#{name}"
    for word in (element.get("class") or "").split():
        if _STABLE.fullmatch(word) and not _LOOKS.fullmatch(word):
            yield f"{element.tag!s}.{word}"


# -- doubts


def _doubt(out: Survey, home: Page, lists: Sequence[Page], pages: Sequence[Page]) -> None:
    if out.pattern is None:
        out.doubts.append(
            "no pattern of article addresses could be learned: the links with headlines have no shape in common; any CMS's is used"
        )
    elif out.pattern.strays:
        out.doubts.append(f"the pattern also fits links that look like lists: {', '.join(out.pattern.strays[:3])}")
    if not out.lists:
        out.doubts.append("no channel with articles was found: name its list pages in channels")
    if pages and not out.articles:
        out.doubts.append("none of the pages looked at reads like an article: their text may need a browser")
    if any("mojibake" in page.flags for page in (home, *lists, *pages)):
        out.doubts.append("some characters cannot be read in any charset")
    missing = [reading.name for reading in out.fields if not reading.found and reading.name in ("published_at", "source", "body")]
    if out.articles and missing:
        out.doubts.append(f"not found on any article: {', '.join(missing)}")


# -- the site file


def source(found: Survey, *, name: str, title: str | None = None, region: str | None = None, city: str | None = None) -> str:
    """The site file of a survey: data, formatted as ruff does, `LINES` lines at most."""
    title = title or (found.title[0] if found.title else None) or name
    sure = [channel.url for channel in found.channels if (channel.articles or 0) >= LEAST]
    # Nobody has looked at the others: those that are addressed like the sure ones are as likely lists.
    makes = {_make(url) for url in sure}
    channels = sure + [channel.url for channel in found.channels if channel.articles is None and _make(channel.url) in makes]
    for most in range(min(LISTED, len(channels)), -1, -1):
        text = _source(found, name, title, region, city, channels[:most])
        if text.count("\n") <= LINES:
            break
    return text


def _make(url: str) -> tuple[str, int, str]:
    """How a channel is addressed: its host, how deep, under what kind of name."""
    parts = urlsplit(url)
    return parts.hostname or "", parts.path.count("/"), re.sub(r"[\w-]+", "x", parts.path.rpartition("/")[2])


def _source(found: Survey, name: str, title: str, region: str | None, city: str | None, channels: list[str]) -> str:
    family = tuple(family for family, _ in found.families.most_common())
    rows: list[tuple[str, Any]] = [
        ("name", name),
        ("title", title),
        ("publisher", found.publisher[0] if found.publisher else None),
        ("region", region),
        ("city", city),
        ("home", found.url),
        ("hosts", found.hosts),
        ("channels", tuple(channels)),
        ("article", found.pattern.text if found.pattern else None),
        ("family", family),
        ("feeds", tuple(found.feeds)),
        ("sitemaps", tuple(found.sitemaps)),
        ("status", "unverified"),
    ]
    looked = f"{len(found.lists)} of its channels and {len(found.articles)} articles"
    about = f"{title} ({', '.join(family) or 'no CMS family known'}), {'/'.join(sorted(found.charsets))}."
    seen = f"Seen on {found.day} by newscrawl new-site: its front page, {looked}."
    imports = ["from newscrawl.extract.rules import Layout"] if found.hint else []
    lines = [*imports, "from newscrawl.spider import NewsSpider", "", "", f"class {class_name(name)}(NewsSpider):"]
    lines += [f'    """{_quoted(about)}', "", f"    {seen}", '    """', ""]
    for attribute, value in rows:
        if value:
            lines += _assignment(attribute, value, raw=attribute == "article")
    if found.hint:
        lines += ["    layouts = (", "        Layout(", *_layout(found.hint), "        ),", "    )"]
    return "\n".join(lines) + "\n"


def class_name(name: str) -> str:
    """A spider's class by its name: haibin_rb -> HaibinRb."""
    return "".join(part.capitalize() for part in name.split("_"))


def _quoted(text: str) -> str:
    return text.replace("\\", "").replace('"', "'")


def _literal(value: str, raw: bool = False) -> str:
    if raw and '"' not in value:
        return f'r"{value}"'
    if '"' in value and "'" not in value:
        # As ruff writes it.
        return "'" + value.replace("\\", "\\\\") + "'"
    return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _assignment(attribute: str, value: str | tuple[str, ...], raw: bool = False) -> list[str]:
    if isinstance(value, str):
        return [f"    {attribute} = {_literal(value, raw)}"]
    items = [_literal(item) for item in value]
    line = f"    {attribute} = ({', '.join(items)}{',' if len(items) == 1 else ''})"
    if len(line) <= 120:
        return [line]
    return [f"    {attribute} = (", *(f"        {item}," for item in items), "    )"]


def _layout(layout: Layout) -> list[str]:
    rows = [("name", layout.name), *((name, selector) for name, selector in layout.selectors())]
    return [f"            {name}={_literal(value)}," for name, value in rows]
