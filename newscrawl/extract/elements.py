"""What one element of a page says: the uses that its class and id name, its texts, what it holds and where it stands."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import islice
from typing import cast

from newscrawl.extract.page import UNSEEN_TAGS, Element
from newscrawl.items import LinkKind

# -- what classes and ids say (English, or pinyin initials: xg 相关, tj 推荐, rd 热点, ph 排行)

_EDGES = (r"(?:^|[\s_-])", r"(?:$|[\s_\d-])")

_KINDS_OF_NAMES = re.compile(
    r"(?P<related>relat(?:ed?|ion)(?![a-z])|relat(?:ed?|ion)(?:news|read|art|post|link|list|box)|art\w*_relative|relread|xiangguan|xg(?:xw|yd|wz|lj|bd|zx)|{0}xg(?:nr|tj)?{1})"
    r"|(?P<rank>rank|paihang|{0}\w{{0,2}}ph(?:b|list)?{1}|{0}top\d+)"
    r"|(?P<photo>photo|tuji|tupian|{0}pic(?:s|list|new)?{1})"
    r"|(?P<video>video|shipin)"
    r"|(?P<hot>{0}hot(?![a-z])|hot[_-]?(?:news|list|article)|remen|redian|{0}rd(?:xw|tj|wz|ph){1}|rdtj)"
    r"|(?P<recommended>re(?:c|co)m+end|tuijian|guess|{0}(?:tj|tjyd|tjxw|cnxh|wntj|jctj|rmtj|xwtj|xgtj){1}|{0}tj\d)".format(
        *_EDGES
    ),
    re.I,
)

_USES = {
    # A heading's own line, not the box that holds heading and list; and the fewer names that make unknown words one.
    "line": r"{0}(?:tit|titles?|hd|head|header|heading|name|bt|caption|tabs?|top|column|h\d){1}|(?:title|tit|hd|head|name|_tt|_nav)(?:\d|$|\s)",
    "heading": r"{0}(?:tit|title|hd|head|heading|caption|bt){1}|(?:title|tit|hd|_tt|column_name)(?:\d|$|\s)",
    "tabs": r"tab|{0}(?:hd|titles?|menu\d?|nav|t|tit){1}|titles",
    # More than one block stands in these.
    "column": r"{0}(?:left|right|main|side|sidebar|aside|col|column|wrap|wrapper|container|center|content|page|layout|body|l|r){1}"
    r"|[a-z](?:left|right|side|main)(?:\d|$|\s)|(?:left|right|side|main)[_-]",
    "side": r"{0}(?:side|r){1}|right|aside|sidebar",
    "ad": r"{0}(?:ads?|adv|advert\w*|gg|guanggao|tuiguang|sponsor\w*|promo\w*|adbox|adsbygoogle|banner){1}",
    "foreign": r"foot(?!ball)|(?:^|\s|[mg]-)ft(?:$|\s)|copyright|bdshare|bshare|social|{0}(?:comments?|cmt|pinglun|liuyan|post_?comment|share|fenxiang|login|crumbs?|breadcrumb"
    r"|weizhi|friend\w*|flink|youqing|yqlj|search|toolbar|qr_?code|ewm|erweima|download|shengming|statement|disclaimer|sitemap){1}",
    "menu": r"{0}(?:nav|menu|header|topbar|top_?nav|crumbs?|breadcrumb|sitemap|map){1}|nav(?:bar|$|[\s_\d-])",
    "pager": r"{0}(?:pages|pager|page_?(?:bar|nav|num)|pagination|fenye|fy){1}",
    "clear": r"clear|{0}(?:cl|cf|cb|blank\d*|h\d+|line|column_line|space|hr){1}",
    "tags": r"{0}(?:tags?|keywords?|labels?|biaoqian|gjc){1}|tag-?(?:list|cloud)",
    "title": r"tit(?:le)?(?![a-z])|(?<!user)(?<!user[_-])(?<!author)(?<!author[_-])name",
    "source": r"source|{0}(?:src|from|media|ly|laiyuan|origin|author|site|pub\w*){1}",
    "summary": r"summ?ary|desc|intro|abstract|digest|brief|{0}(?:exp|zy|jj|jianjie|zhaiyao|info|txt|text|con|des){1}",
}  # fmt: skip
"""What names of any CMS say of an element's use."""

_USE_PATTERNS = {use: re.compile(pattern.format(*_EDGES), re.I) for use, pattern in _USES.items()}
_HIDDEN = re.compile(r"display\s*:\s*none", re.I)
NO_USES: frozenset[str] = frozenset()

HEADING_TAGS = frozenset("h2 h3 h4 h5 h6".split())
BLOCK_TAGS = frozenset(
    "p div li ul ol dl dt dd td th tr table tbody section article aside figure figcaption blockquote center form h1 h2 h3 h4 h5 h6 body".split()
)


def uses_of(element: Element) -> frozenset[str]:
    """What an element's classes and id say that it is for: ``title``, ``menu``, ``ad``, ``side`` … (`_USES`)."""
    names, name = element.get("class"), element.get("id")
    if name is None:
        return uses_named(names[:200]) if names else NO_USES
    return uses_named(name[:200] if names is None else f"{names} {name}"[:200])


@lru_cache(maxsize=8192)
def uses_named(names: str) -> frozenset[str]:
    """What names say (`_USES`). A site's pages use the same names over and over."""
    return frozenset(use for use, pattern in _USE_PATTERNS.items() if pattern.search(names))


def first_kind(nodes: Iterable[Element]) -> LinkKind | None:
    """The kind of link block that the first telling classes and id among elements name."""
    for node in nodes:
        if (names := _names(node)) and (kind := kind_named(names)):
            return kind
    return None


@lru_cache(maxsize=8192)
def kind_named(names: str) -> LinkKind | None:
    """The kind of link block that names tell: ``xgxw`` is related, ``phb`` a rank."""
    match = _KINDS_OF_NAMES.search(names)
    return cast(LinkKind, match.lastgroup) if match else None


def _names(element: Element) -> str:
    """An element's classes and id in one string, as much of it as may be kept."""
    names, name = element.get("class"), element.get("id")
    if names is None:
        return name[:200] if name else ""
    return names[:200] if name is None else f"{names} {name}"[:200]


def is_hidden(element: Element) -> bool:
    """Whether an element's own style hides it, as a tab's that is not shown."""
    style = element.get("style")
    return style is not None and _HIDDEN.search(style) is not None


# -- texts


def texts_of(element: Element) -> Iterator[str]:
    """The texts of an element in reading order, scripts left out; lazily, for callers that stop early."""
    if not isinstance(element.tag, str) or element.tag in UNSEEN_TAGS:
        return
    if element.text:
        yield element.text
    # Elements that are open, and what is left of each.
    todo = [(iter(element), element)]
    while todo:
        children, parent = todo[-1]
        for child in children:
            tag = child.tag
            if isinstance(tag, str) and tag not in UNSEEN_TAGS:
                if text := child.text:
                    yield text
                if len(child):
                    todo.append((iter(child), child))
                    break
            if text := child.tail:
                yield text
        else:
            todo.pop()
            if todo and (text := parent.tail):
                yield text


def short_text(element: Element, limit: int) -> str:
    """The beginning of an element's text without white space around its parts, a little more than ``limit`` characters."""
    if not len(element):
        return (element.text or "").strip()[: limit + 1]
    if len(element) == 1 and not len(child := element[0]) and isinstance(child.tag, str) and element.tag not in UNSEEN_TAGS:
        # li > a
        out = (element.text or "").strip()
        if len(out) <= limit and child.tag not in UNSEEN_TAGS:
            out += (child.text or "").strip()
        return out if len(out) > limit else out + (child.tail or "").strip()
    out = ""
    for text in islice(texts_of(element), 40):
        out += text.strip()
        if len(out) > limit:
            break
    return out


# -- what stands in it and around it


def holds(element: Element, tag: str) -> bool:
    """Whether an element of a tag stands in an element."""
    return next(element.iterdescendants(tag), None) is not None


def within(element: Element, tag: str, steps: int) -> bool:
    """Whether an element of a tag is among the nearest ``steps`` that an element stands in."""
    node = element.getparent()
    for _ in range(steps):
        if node is None:
            return False
        if node.tag == tag:
            return True
        node = node.getparent()
    return False


def place_of(element: Element) -> tuple[int, ...]:
    """Where an element stands in its page: of two elements the one with the smaller place comes first."""
    steps: list[int] = []
    node = element
    while (parent := node.getparent()) is not None:
        steps.append(parent.index(node))
        node = parent
    return tuple(reversed(steps))
