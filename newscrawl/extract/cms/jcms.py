"""大汉 JCMS: the CMS of many provincial and city governments and of some papers.

Its templates leave each field between comments, ``<!--<$[标题名称]>begin-->…<!--<$[标题名称]>end-->``; the text is
``信息内容``, usually in ``#zoom``.
Rules: the comments as public scrapers meet them on government sites of Zhejiang, Jiangsu, Shandong and ministries.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from newscrawl.extract import body as bodies
from newscrawl.extract import bylines, dates
from newscrawl.extract.candidates import Candidate
from newscrawl.extract.cms import ranges
from newscrawl.extract.cms.family import Family
from newscrawl.extract.page import Page
from newscrawl.extract.rules import Layout

_TEXT = ("信息内容", "内容", "正文")


def _marks(name: str) -> tuple[str, str]:
    return f"<$[{name}]>begin", f"<$[{name}]>end"


def _values(page: Page) -> Iterator[Candidate]:
    def same(text: str) -> str:
        return text

    readers: tuple[tuple[str, tuple[str, ...], Callable[[str], Any]], ...] = (
        ("title", ("标题名称", "标题名称(html)", "标题", "标题(html)", "信息标题"), same),
        ("kicker", ("引题", "肩题"), same),
        ("subtitle", ("副标题", "副题"), same),
        ("published_at", ("发布时间", "发布日期", "信息发布日期", "成文日期"), lambda text: dates.parse(text, page.now)),
        ("source", ("信息来源", "来源", "文章来源"), bylines.source),
        ("authors", ("作者", "信息作者"), bylines.names),
        ("editors", ("责任编辑", "编辑"), lambda text: bylines.editors(f"责任编辑：{text}")),
    )
    title = None
    for field, names, read in readers:
        for name in names:
            begin, end = _marks(name)
            raw = ranges.text_of(page.html, f"<!--{begin}-->", f"<!--{end}-->")
            if raw and (value := read(raw)):
                title = title or (value if field == "title" else None)
                yield Candidate(field, value, f"cms:jcms:{name}", raw)
                break
    for name in _TEXT:
        text = ranges.of_comments(page, *_marks(name))
        if text:
            found = bodies.read(page, text.element, remove=text.outside, title=title)
            if found.paragraphs or found.images:
                yield Candidate("body", found, f"cms:jcms:{name}", found.text[:80], text.element)
                return


FAMILIES = (Family(Layout(name="jcms"), comments=("<$[",), values=_values),)
