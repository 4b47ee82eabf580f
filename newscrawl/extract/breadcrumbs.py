"""The way to a page as it prints it: ``您的位置：首页 > 新闻 > 正文`` is the channel 新闻.

`steps` reads the element that a layout names; `find` looks for one on a page that no rule knows: a line above the title
that calls itself a 位置 or begins with a link to the home page, or an element named for it (``div.crumbs``,
``ol.breadcrumb``). Steps part by > » › → or / and |, or are the links or list items of an element that prints no such
mark (Bootstrap and its like draw it by style sheet). The home page is no step, by whatever name: 首页, or the site's own.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from urllib.parse import urlsplit

from newscrawl.extract.candidates import Candidate
from newscrawl.extract.lines import back, lines_from
from newscrawl.extract.metadata import site_names, site_of
from newscrawl.extract.page import Element, Page
from newscrawl.extract.text import clean, fold

CRUMBS = "generic:breadcrumb"

_ABOVE = 80
"""Elements looked at above the title."""

_LONG = 120
"""Characters of a line that may be a breadcrumb."""

_MOST = 6
"""Steps of the longest breadcrumb that is believed where no rule names it."""

_STEP = 20
"""Characters of a step; what is longer is the article's title."""

_MARKS = (">", "›", "»", "→", "＞", "/", "|")
_SURE_MARKS = re.compile("[>›»→＞]")
_PLACE = re.compile(r"位\s?置|您在[:：]|路径[:：]")
_LABEL = re.compile(r"^.{0,24}?(?:位\s?置|您在|路径)(?:是|为)?\s*[:：]?\s*")
_HOME = frozenset("首页 主页 网站首页 网站主页 返回首页 本站首页 home Home HOME".split())
_HOME_OF = re.compile(r"\S{1,10}(?:首页|主页)")
# Where the way ends: what stands behind is a button.
_END = re.compile(
    r"正文|(?:新闻|文章|信息|稿件|资讯|详细|阅读)?(?:正文|内容|详情|详细)(?:页|页面|信息|内容|阅读)?(?:$|\s)|(?:新闻|文章|信息|内容)(?:阅读|浏览|查看)(?:$|\s)|(?:浏览|查看|阅读)(?:新闻|文章|信息|内容)(?:$|\s)"
)
_SITE = re.compile(r"网(?![络友评民红游课购])|在线|热线|(?:日|晚|晨|早|商|时|都市|经济|青年)报$")
_INDEX = frozenset(("", "index.html", "index.htm", "index.shtml", "index.jsp", "index.php", "index.asp", "default.htm"))
_SENTENCE = re.compile("[。，！？；“”]")
_NAME = re.compile(r"bread|crumb|mianbao|dqwz|(?<![a-z])mbx(?![a-z])|wei_?zhi|nav_?path|cur(?:rent)?_?(?:pos|loc)", re.I)


def steps(page: Page, element: Element) -> list[str]:
    """The steps of the breadcrumb that an element holds, in order; none where it holds none."""
    text = page.text(element)
    if any(mark in text for mark in _MARKS):
        return _parted(page, text, [(page.text(link), link) for link in _links(element)[:1]])
    return _listed(page, element)


def find(page: Page, title: Element | None, body: Element | None) -> Candidate | None:
    """A candidate for ``channel`` on a page that no rule knows, ``None`` where it prints no way to itself.

    ``title`` and ``body`` are the article's heading and text. A menu is none: its links stand beside each other, unparted or
    parted by bars.
    """
    anchor = title if title is not None and title.tag not in ("title", "meta") else body
    heading = page.text(title) if title is not None else ""
    if anchor is not None:
        for _, entered, line in lines_from(back(anchor, _ABOVE), _ABOVE + 20, marks=(anchor,)):
            if entered:
                break
            if line is None or len(line.text) > _LONG:
                continue
            placed = _PLACE.search(line.text) is not None
            if not placed and not _SURE_MARKS.search(line.text):
                continue
            links = [(clean(piece.text), piece.link) for piece in line.pieces if piece.link is not None]
            if not placed and not (links and _begins_at_home(page, line.text, links[0])):
                continue
            if any(mark in line.text for mark in _MARKS) and (found := _believed(_parted(page, line.text, links), heading)):
                return Candidate("channel", found, CRUMBS, line.text, line.element)
    for element in _named(page):
        text = page.text(element)
        if len(text) <= _LONG and 0 < len(_links(element)) <= _MOST + 1 and (found := _believed(steps(page, element), heading)):
            return Candidate("channel", found, CRUMBS, text, element)
    return None


def _named(page: Page) -> Iterator[Element]:
    """Elements whose class or id calls them a breadcrumb."""
    for name, group in page.classes.items():
        if _is_name(name):
            yield from group[:2]
    for name, element in page.ids.items():
        if _is_name(name):
            yield element


@lru_cache(maxsize=8192)
def _is_name(name: str) -> bool:
    return _NAME.search(name) is not None


def _believed(found: list[str], heading: str) -> list[str]:
    """Steps without the article's own title; none where they read like anything else."""
    if heading and found and fold(found[-1]) in fold(heading) and len(found[-1]) > 8:
        found = found[:-1]
    return found if len(found) <= _MOST and not any(_SENTENCE.search(step) for step in found) else []


def _parted(page: Page, text: str, links: Sequence[tuple[str, Element]]) -> list[str]:
    """The steps of a line that prints marks between them; ``links`` are its links with their texts."""
    mark = next(mark for mark in _MARKS if mark in text)
    found = [step for part in text.split(mark) if (step := clean(part))]
    if not found:
        return []
    if _PLACE.search(found[0]):
        found[0] = _LABEL.sub("", found[0])
    if "：" in (first := found[0].replace(":", "：")):
        found[0] = first.rpartition("：")[2].strip()
    link = next((element for shown, element in links[:1] if shown == found[0]), None)
    return _between(page, found, link)


def _listed(page: Page, element: Element) -> list[str]:
    """The steps of an element that prints no mark between them: its list items, or its links and what stands behind the last."""
    items = [node for node in element.iter("li") if next(node.iterdescendants("li"), None) is None]
    links = _links(element)
    if len(items) >= 2:
        found = [page.text(item) for item in items]
    elif len(links) >= 2:
        found = [*map(page.text, links), clean(links[-1].tail).strip("-–—· ")]
    else:
        return []
    link = links[0] if links and page.text(links[0]) == found[0] else None
    return _between(page, found, link)


def _between(page: Page, found: list[str], link: Element | None) -> list[str]:
    """Steps between home and text; ``link`` is the first one's."""
    if found and found[0] and (_HOME_OF.fullmatch(found[0]) or (len(found) > 1 and _is_home(page, found[0], link))):
        found = found[1:]
    out: list[str] = []
    for step in found:
        if _END.match(step):
            break
        if step and step not in _HOME and len(step) <= _STEP:
            out.append(step)
    return out


def _links(element: Element) -> list[Element]:
    return [link for link in element.iter("a") if link.get("href") is not None]


# -- the home page


def _begins_at_home(page: Page, text: str, link: tuple[str, Element]) -> bool:
    """Whether a line begins with a link to the home page, or with the word for it."""
    return text.startswith(link[0]) and (link[0] in _HOME or _HOME_OF.fullmatch(link[0]) is not None or _is_home(page, *link))


def _is_home(page: Page, text: str, link: Element | None) -> bool:
    """Whether a first step is the site itself: it leads to the home page, or bears its name and leads to a channel's front or nowhere."""
    if link is None:
        return fold(text) in site_names(page) or _SITE.search(text) is not None
    url = page.absolute(link.get("href"))
    if url is None:
        return False
    parts = urlsplit(url)
    if parts.path.strip("/").lower() not in _INDEX or parts.query:
        return False
    host = (parts.hostname or "").lower()
    if not host or host.partition(".")[0] in ("www", "m", "wap", "3g") or host == site_of(host):
        return True
    return fold(text) in site_names(page) or _SITE.search(text) is not None
