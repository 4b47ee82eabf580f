"""Further pages: of an article in parts, and of a channel's list."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import parse_qs, urlsplit

from newscrawl.extract.page import Element, Page

# TRS WCM and its relatives write their pagers by script: createPageHTML(count, current, "index", "htm"). The two numbers
# stand in the call, or in variables set before it: var countPage = 5; var currentPage = 0;
_NUMBER = r"""["']?\d{1,5}["']?|[A-Za-z_$][\w$]{0,40}"""
_SCRIPTED = re.compile(
    rf"""create_?Page(?:HTML|s)?\w*\(\s*(?P<count>{_NUMBER})\s*,\s*(?P<current>{_NUMBER})\s*,"""
    r"""\s*["'](?P<name>[\w./-]{1,120})["']\s*,\s*["']\.?(?P<ext>\w{1,6})["']""",
    re.I,
)
_ASSIGNED = re.compile(
    r"""(?<![\w$.])(?P<name>[A-Za-z_$][\w$]{0,40})\s{0,20}=\s{0,20}["']?(?P<value>\d{1,5})["']?[ \t]{0,20}(?=[;,\r\n<]|//|/\*|$)"""
)
_DEFINITION = re.compile(r"function\s+$")
_NEXT = re.compile(r"^(?:下一?[页頁]|后一?页|下一张|next(?:\s*page)?|[>›»]{1,2})[\s>›»]*$", re.I)
_BRACKETS = re.compile(r"^[\[【(（<《]?\s*(\d{1,3})\s*[\]】)）>》]?$")
_EXTENSION = re.compile(r"\.\w{1,6}$")
_PART = re.compile(r"(?:[_-]|\()(\d{1,3})\)?$")
PAGE_PARAMETERS = ("page", "p", "pn", "pageno", "page_no", "pageindex", "curpage", "currentpage", "pagenum")

_PAGE_PARAMETER = re.compile(rf"[?&](?:{'|'.join(PAGE_PARAMETERS)})=\d", re.I)


# Names that sites and their modules make of them: cms_node_post_list_page.
_PAGE_NAME = re.compile(rf"(?:.*[_-])?(?:{'|'.join(PAGE_PARAMETERS)})", re.I)


def without_number(url: str) -> str:
    """An address without the page number in its query: what the pages of one list have in common."""
    head, mark, query = url.partition("?")
    if not mark:
        return head
    pairs = query.partition("#")[0].split("&")
    left = [pair for pair in pairs if not (_PAGE_NAME.fullmatch(pair.partition("=")[0]) and pair.partition("=")[2].isdigit())]
    return f"{head}?{'&'.join(left)}" if left else head


def _stem(url: str) -> str:
    return _EXTENSION.sub("", urlsplit(url).path)


def _page_parameter(url: str) -> int | None:
    for name, values in parse_qs(urlsplit(url).query).items():
        if name.lower() in PAGE_PARAMETERS and values[0].isdigit():
            return int(values[0])
    return None


def _is_part_of(url: str, page_url: str) -> bool:
    """Whether an address is a part of the article at ``page_url``: the same stem, with a small number behind it or not."""
    if urlsplit(url).hostname != urlsplit(page_url).hostname:
        return False
    here, there = _stem(page_url), _stem(url)
    if here == there:
        return _page_parameter(url) is not None and _page_parameter(url) != _page_parameter(page_url)
    number = _PART.search(there)
    if number and there[: number.start()] == here:
        return True
    # From a later part: to its sisters, and back to the first. Longer numbers are ids, and 124 another article than 123.
    own = _PART.search(here)
    if own and len(own[1]) <= 2:
        base = here[: own.start()]
        return there == base or bool(number and len(number[1]) <= 2 and there[: number.start()] == base)
    return False


def _hrefs_of_parts(page: Page) -> Iterator[tuple[Element, str]]:
    """Links that may lead to other parts: their address has this one's stem in it, or a page number."""
    name = _stem(page.url).rsplit("/", 1)[-1]
    own = _PART.search(name)
    stem = name[: own.start()] if own and len(own[1]) <= 2 else name
    for anchor in page.tags.get("a", ()):
        href = anchor.get("href")
        if href and ((stem and stem in href) or ("=" in href and _PAGE_PARAMETER.search(href))) and len(href) <= 2000:
            yield anchor, href


def next_part(page: Page) -> str | None:
    """The address of an article's next page, ``None`` on the last or only one.

    A link counts when its address is the article's own with a part number (``t1_2_1.htm``, ``c1-2-2.html``, ``?page=2``)
    and its text says next, or is the number after this page's; 下一篇 leads to another article and never counts.
    """
    if not page.url:
        return None
    scripted = _script_next(page)
    if scripted:
        return scripted if _is_part_of(scripted, page.url) else None
    numbered: dict[int, str] = {}
    for anchor, href in _hrefs_of_parts(page):
        text = page.text(anchor) if len(anchor) else (anchor.text or "").strip()
        if len(text) > 12 or not text:
            continue
        says_next, digits = _NEXT.match(text), _BRACKETS.match(text)
        if not says_next and not digits:
            continue
        url = page.absolute(href)
        if not url or url == page.url:
            continue
        if not _is_part_of(url, page.url):
            continue
        if says_next:
            return url
        assert digits
        numbered[int(digits[1])] = url
    if not numbered:
        return None
    # Without a 下一页: the pager leaves out, or does not link, the page that one is on.
    here = next((n for n in range(1, max(numbered) + 1) if n not in numbered), max(numbered) + 1)
    return numbered.get(here + 1)


def next_list(page: Page) -> str | None:
    """The address of a channel's next list page (older articles), ``None`` on the last one."""
    scripted = _script_next(page)
    if scripted:
        return scripted
    for anchor in page.tags.get("a", ()):
        text = page.text(anchor) if len(anchor) else (anchor.text or "").strip()
        if len(text) > 12 or not _NEXT.match(text):
            continue
        url = page.absolute(anchor.get("href"))
        if url and url != page.url and urlsplit(url).hostname == page.host:
            return url
    for link in page.tags.get("link", ()):
        if (link.get("rel") or "").lower() == "next" and (url := page.absolute(link.get("href"))) and url != page.url:
            return url
    return None


def _script_next(page: Page) -> str | None:
    scripts = [script.text or "" for script in page.tags.get("script", ())]
    if not any("createPage" in script or "create_page" in script for script in scripts):
        return None
    calls = [
        call
        for call in _SCRIPTED.finditer(page.html)
        if not _DEFINITION.search(page.html[max(0, call.start() - 12) : call.start()])
    ]
    found = [*calls, *_ASSIGNED.finditer(page.html)] if any(_named(call) for call in calls) else calls
    variables: dict[str, int] = {}
    for match in sorted(found, key=lambda match: match.start()):
        if match.re is _ASSIGNED:
            variables[match["name"]] = int(match["value"])
            continue
        count, current = (_number(match[part], variables) for part in ("count", "current"))
        if count is not None and current is not None and current + 1 < count:
            return page.absolute(f"{match['name']}_{current + 1}.{match['ext']}")
    return None


def _named(call: re.Match[str]) -> bool:
    """Whether a call names variables."""
    return not (call["count"].strip("\"'").isdigit() and call["current"].strip("\"'").isdigit())


def _number(text: str, variables: dict[str, int]) -> int | None:
    digits = text.strip("\"'")
    return int(digits) if digits.isdigit() else variables.get(digits)
