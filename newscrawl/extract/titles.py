"""Title, kicker and subtitle of a page that no rule knows: the heading that agrees with ``<title>``."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache

from newscrawl.extract import metadata
from newscrawl.extract.candidates import Candidate
from newscrawl.extract.lines import HINT, Line, back, lines_from, name_of, precedes, upwards
from newscrawl.extract.page import UNSEEN_TAGS, Element, Page
from newscrawl.extract.text import clean, fold

TITLE = "generic:title"

_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_TITLE_NAME = re.compile(r"tit(?!an|ian|u)|headline|biaoti|(?<![a-z])bt(?![a-z])", re.I)
_NO_TITLE_NAME = re.compile(
    r"sub|list|side|rank|hot|recommend|relat|share|nav|menu|login|foot|dialog|column|channel|site|logo|comment|block|more|tab",
    re.I,
)
_SEPARATOR = re.compile(r"\s*[_|｜\-–—－·«»<>＞]+\s*|\s+")
_SITE_FIRST = re.compile(r"(?P<site>[^_|｜\-–—－·«»\s]{2,8})\s*(?:[_|｜«»]|-{1,2}|[—－]{1,2})\s*(?P<title>\S.{9,})", re.S)
_CUT = re.compile(r"(?:…|\.{3})+$")
_SITE_WORDS = re.compile(
    r"(?:网|网站|网络版|频道|门户|新闻|新闻中心|资讯|首页|正文|[日晚晨早]报|都市报|时报|在线|论坛|客户端|人民政府|公众号|委员会|\.(?:com|cn|net|org))$",
    re.I,
)
_NOT_WORD = re.compile(r"\W+")
_TAG_BONUS = {"h1": 3.0, "h2": 2.0, "h3": 1.0}
_HIDDEN = re.compile(r"display\s*:\s*none", re.I)

# Headings that stand on every page of a site.
_FURNITURE = re.compile(
    r"(?:您?(?:的|现在的)?(?:当前)?(?:所在)?位置|首页|登录|注册|搜索|导航|网站地图|分享|扫一扫|返回|关于我们|相关(?:新闻|阅读|报道|推荐|文章|链接)"
    r"|推荐(?:阅读|新闻|视频)|热(?:门|点|新闻|文)|精彩|最新|今日|排行|评论|跟[贴帖]|专题|图集|视频|更多|猜你|为您?推荐|新闻中心|网友)"
)


def _is_furniture(text: str) -> bool:
    """Whether a heading is one of those that stand on every page of a site."""
    return len(text) <= 12 and bool(_FURNITURE.match(text) or _SITE_WORDS.search(text))


@lru_cache(maxsize=512)
def bare(text: str) -> str:
    """Letters and digits of a text, folded: two prints of one title differ in blanks, quotes and dashes."""
    return _NOT_WORD.sub("", fold(text))


class _Wanted:
    """What the head of the page says the title is, and how well a heading agrees with it (0 to 4)."""

    def __init__(self, page: Page) -> None:
        meta = page.meta
        self.titles = [t for t in (page.title_tag, meta.get("og:title"), meta.get("articletitle")) if t]
        self.mains = [main for main in (_main(title, page) for title in self.titles) if not _is_furniture(main)]
        self.keys = [key for key in map(bare, self.mains) if len(key) >= 4]
        self.length = max(map(len, self.keys), default=0)
        self.cuts = [bare(main) for main in self.mains if _CUT.search(main) and len(bare(main)) >= 8]
        self.wholes: list[str] = []
        self.prefixes: set[str] = set()
        self.parts: set[str] = set()
        for title in self.titles:
            joined = ""
            for part in map(bare, _SEPARATOR.split(title)):
                joined += part
                self.prefixes.add(joined)
                self.parts.add(part)
            self.wholes.append(joined)

    def agreement(self, key: str) -> float:
        if len(key) < 4:
            return 0.0
        if key in self.wholes or key in self.keys or any(key.startswith(cut) for cut in self.cuts):
            return 4.0
        # Less than half of the title is a channel, a kicker or a site.
        if 2 * len(key) >= self.length:
            if key in self.prefixes:
                return 3.8
            if len(key) >= 8:
                if any(whole.startswith(key) for whole in self.wholes):
                    return 3.2
                if key in self.parts:
                    return 3.0
                if any(key in whole for whole in self.wholes):
                    return 2.5
        for main in self.keys:
            # The heading says more than <title>: a part of it is enough there.
            if len(main) >= 8 and main in key:
                return 2.8 if key.startswith(main) else 2.2
        return 0.0


def _main(title: str, page: Page) -> str:
    """A ``<title>`` without the names of site and channel, which stand behind the article's title or, rarely, before it."""
    main = metadata.strip_site(title, page)
    match = _SITE_FIRST.fullmatch(main)
    return match["title"] if match and _SITE_WORDS.search(match["site"]) else main


def title(page: Page, body: Element | None) -> Candidate | None:
    """The article's title: a `Candidate` for ``title`` whose ``element`` is the heading (``None``: only in the head).

    ``body`` is the element that holds the text, if it was found. ``None`` where the page names no title at all.
    """
    wanted = _Wanted(page)
    found: list[tuple[float, Element, str]] = []
    for tag in ("h1", "h2", "h3"):
        found += _judged(page, page.tags.get(tag, ())[:40], wanted)
    best = _best(found, body)
    if best is None or best[0] < 30:
        found += _judged(page, _named_titles(page), wanted)
        best = _best(found, body)
    if (best is None or best[0] < 28) and wanted.keys:
        for line in _around(page, body):
            agreement = wanted.agreement(bare(line.text))
            if agreement >= 2.5 and line.linked * 2 < len(line.text):
                found.append((10 * agreement, line.element, line.text))
        best = _best(found, body)
    if best is not None:
        element, text = _tightest(best[1], best[2], wanted)
        if text == page.title_tag and element.tag not in _TAG_BONUS:
            # <title> once more, its site included: a panel for sharing.
            text = wanted.mains[0] if wanted.mains else text
        return Candidate("title", text, TITLE, best[2], element)
    unnamed = _unnamed(page, body)
    if unnamed is not None and (unnamed[0].tag == "h1" or wanted.length < 10):
        element, text = unnamed
        return Candidate("title", text, f"{TITLE}-near-body", text, element)
    for main in wanted.mains:
        text = _CUT.sub("", main)
        if len(text) >= 4:
            return Candidate("title", text, f"{TITLE}-tag", main)
    return None


def titles(page: Page, body: Element | None, *, known: Candidate | None = None) -> list[Candidate]:
    """Candidates for ``title``, and ``kicker`` (引题) and ``subtitle`` (副题) where they stand right before and after it.

    Arguments as for `title`; ``known`` is the title that a family's layout gave, if one did: none is looked for then. Only what is set as a heading or named as one is taken: a missed kicker costs little, a
    byline or a lead taken for one a lot.
    """
    main = known if known is not None and known.element is not None else title(page, body)
    if main is None:
        return []
    out = [main]
    element = main.element
    if element is None:
        return out
    while (parent := element.getparent()) is not None and parent.tag in (*_HEADINGS, "center", "strong", "b", "font"):
        element = parent
    for name, siblings in (
        ("kicker", element.itersiblings(preceding=True)),
        ("subtitle", element.itersiblings()),
    ):
        for i, sibling in enumerate(siblings):
            if i >= 3 or sibling is body:
                break
            if not isinstance(sibling.tag, str):
                continue
            text = page.text(sibling) if sibling.tag not in UNSEEN_TAGS else ""
            if not text:
                continue
            if _is_beside(name, sibling, text, main.value):
                out.append(Candidate(name, text.lstrip("—-– ") if name == "subtitle" else text, TITLE, text, sibling))
            break
    return out


_BESIDE_NAME = {
    "kicker": re.compile(r"\bpre\b|kicker|intro|yinti|yt\b|jianti|shoulder|uptitle|top_?tit|sup_?tit|p1\b", re.I),
    "subtitle": re.compile(r"sub(?!scri|mit|nav|menu)|futi|ft\b|second|vice|down_?tit|next_?tit|desc_?tit", re.I),
}


def _is_beside(name: str, element: Element, text: str, title: str) -> bool:
    if not 4 <= len(text) <= 70 or _is_furniture(text) or HINT.search(text) or ">" in text:
        return False
    key = bare(text)
    if (
        not key
        or key in bare(title)
        or any(node is not element for node in element.iter("a", "img", "input", "p", "table", "ul"))
    ):
        return False
    named = bool(_BESIDE_NAME[name].search(name_of(element)))
    return named or element.tag in _HEADINGS or (name == "subtitle" and text.startswith("——"))


def _judged(page: Page, elements: Iterable[Element], wanted: _Wanted) -> list[tuple[float, Element, str]]:
    found = []
    for element in elements:
        rough = "".join(element.itertext())
        if not 4 <= len(rough) <= 1500:
            continue
        text = page.text(element) if "\n" in rough or len(element) else clean(rough)
        if not 4 <= len(text) <= 300:
            continue
        agreement = wanted.agreement(bare(text))
        if agreement == 0:
            continue
        score = 10 * agreement + _TAG_BONUS.get(str(element.tag), 1.5) + min(len(text), 40) / 20
        if any(node.tag == "a" for node in upwards(element, 3)) or next(element.iter("a"), None) is not None:
            # Lists of related articles, and this one in a carousel, link to it. A title linked to itself is rare.
            score -= 6
        if any(_HIDDEN.search(style) for node in upwards(element, 3) if (style := node.get("style"))):
            score -= 3
        found.append((score, element, text))
    return found


def _best(found: list[tuple[float, Element, str]], body: Element | None) -> tuple[float, Element, str] | None:
    if not found:
        return None
    top = max(score for score, _, _ in found)
    # Twins (sticky header, mobile header, share panel) say the same: the last one before the text is the title's own.
    near = [item for item in found if item[0] >= top - 2.5 and item[0] >= 0.9 * top]
    best_key = max((item for item in near), key=lambda item: item[0])[2]
    twins = [item for item in near if bare(item[2]) == bare(best_key)]
    if body is None or len(twins) == 1:
        return max(twins, key=lambda item: item[0])
    before = [item for item in twins if precedes(item[1], body)]
    if not before:
        return max(twins, key=lambda item: item[0])
    last = before[0]
    for item in before[1:]:
        if precedes(last[1], item[1]):
            last = item
    return last


def _named_titles(page: Page) -> list[Element]:
    """Elements whose class or id calls them a title: ``div#title``, ``td.title``, ``div.h-title``, ``p.biaoti``."""
    found: list[Element] = []
    for name, elements in page.classes.items():
        if len(elements) <= 8 and _TITLE_NAME.search(name):
            found += elements
    for name, element in page.ids.items():
        if _TITLE_NAME.search(name) and element.tag != "meta":
            found.append(element)
    return [element for element in found if element.tag not in UNSEEN_TAGS and element.tag not in _TAG_BONUS][:60]


def _around(page: Page, body: Element | None) -> Iterator[Line]:
    """The lines before the text, and its first ones: titles in plain ``<td>`` and ``<font>``."""
    start = back(body, 150) if body is not None else next(iter(page.tags.get("body", ())), page.tree)
    seen = 0
    for _, _, line in lines_from(start, 260 if body is not None else 800):
        if line is not None:
            yield line
            seen += len(line.text) >= 60
            if seen >= 4:
                return


def _tightest(element: Element, text: str, wanted: _Wanted) -> tuple[Element, str]:
    """The title alone, where its element holds more: a byline, a subtitle, a button (听新闻)."""
    if wanted.agreement(bare(text)) >= 3.8:
        return element, text
    for mark, entered, line in lines_from(element, 80, marks=(element,)):
        if mark is element and not entered:
            break
        if line is None:
            continue
        if wanted.agreement(bare(line.text)) >= 3.8:
            return line.element, line.text
        for piece in line.pieces:
            if len(piece.text) >= 6 and wanted.agreement(bare(piece.text)) >= 3.8:
                return element, clean(piece.text)
    key = bare(text)
    for main in wanted.mains:
        short = bare(main)
        if len(short) >= 8 and key.startswith(short) and (HINT.search(text) or len(text) > 120):
            return element, main
    return element, text


def _unnamed(page: Page, body: Element | None) -> tuple[Element, str] | None:
    """The heading nearest before the text, where ``<title>`` names the site or the channel only."""
    best: tuple[Element, str] | None = None
    for group in (page.tags.get("h1", ()), page.tags.get("h2", ()), _named_titles(page), page.tags.get("h3", ())):
        for element in group[:30]:
            text = page.text(element)
            if not 6 <= len(text) <= 100 or _is_furniture(text) or _NO_TITLE_NAME.search(name_of(element)):
                continue
            if next(element.iter("a", "img"), None) is not None or any(n.tag == "a" for n in upwards(element, 4)):
                continue
            if body is not None and element is not body and not precedes(element, body) and body not in upwards(element, 12):
                continue
            best = (element, text)
            if body is None:
                return best
        if best is not None:
            return best
    return None
