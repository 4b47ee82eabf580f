"""CMS families: a page is recognised by marks in its markup, never by its host, so that a site nobody listed is read too.

One file per family, each a tuple ``FAMILIES`` of data. To add one: a file, its name in the table here, and a page in
``tests/test_cms.py``.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from typing import NamedTuple

from newscrawl.extract.cms import (
    baidu,
    broadcast,
    ce,
    china_com_cn,
    chinanews,
    dzwww,
    enorth,
    finance,
    founder,
    gmw,
    government,
    huanqiu,
    ifeng,
    jcms,
    kuaizixun,
    microdata,
    netease,
    people,
    qq,
    regional,
    sina,
    sohu,
    southcn,
    templates,
    thepaper,
    toutiao,
    trs,
    weixin,
    wordpress,
    xinhua,
    youth,
)
from newscrawl.extract.cms.family import Family
from newscrawl.extract.page import Page
from newscrawl.extract.rules import many
from newscrawl.extract.select import first

__all__ = ["FAMILIES", "Family", "recognise"]

FAMILIES: tuple[Family, ...] = tuple(
    family
    for module in (
        # Single publishers, whose layouts know every field.
        people, xinhua, gmw, chinanews, southcn, china_com_cn, youth, broadcast, ce, dzwww, thepaper, huanqiu,
        netease, sina, sohu, ifeng, qq, weixin, toutiao, kuaizixun, regional, finance,
        # CMSes: comments that name each field, then the wrapper of the text, then stock templates.
        founder, jcms, trs, enorth, government, templates, wordpress,
        # Marks that any CMS may carry.
        baidu, microdata,
    )
    for family in module.FAMILIES
)  # fmt: skip
"""Every family, the most specific first: the first that has a field gives it."""

_LAST = re.compile(r"(?P<tag>[\w-]+)?(?:#(?P<id>[^#.]+))?(?:\.(?P<class>[^#.]+))?")


class _Mark(NamedTuple):
    number: int
    """Of the family in `FAMILIES`."""
    selector: str
    ids: frozenset[str]
    """Ids and classes that the selector names before its last part: where one is missing, it finds nothing."""
    classes: frozenset[str]


_Marks = dict[str, list[_Mark]]


def _index() -> tuple[_Marks, _Marks, _Marks]:
    """Marks by the id, class or tag that they end in."""
    ids: _Marks = defaultdict(list)
    classes: _Marks = defaultdict(list)
    tags: _Marks = defaultdict(list)
    for number, family in enumerate(FAMILIES):
        for selector in many(family.layout.marks):
            *outer, last = selector.split()
            match = _LAST.fullmatch(last)
            if not match or "," in selector:
                raise ValueError(f"{family.name}: not a mark: {selector!r}")
            names = re.findall(r"[#.][^#.\s]+", " ".join(outer))
            mark = _Mark(
                number,
                selector,
                frozenset(name[1:] for name in names if name[0] == "#"),
                frozenset(name[1:] for name in names if name[0] == "."),
            )
            if match["id"]:
                ids[match["id"]].append(mark)
            elif match["class"]:
                classes[match["class"]].append(mark)
            else:
                tags[match["tag"]].append(mark)
    return dict(ids), dict(classes), dict(tags)


_IDS, _CLASSES, _TAGS = _index()
_METAS = [(name, number) for number, family in enumerate(FAMILIES) for name in family.meta]
_COMMENTS = [(begin, number) for number, family in enumerate(FAMILIES) for begin in family.comments]
_BEGINS = tuple(begin for begin, _ in _COMMENTS)
_ASSETS = [(part, number) for number, family in enumerate(FAMILIES) for part in family.assets]
_LITERALS = [(text, number) for number, family in enumerate(FAMILIES) for text in family.literals]


def _assets(page: Page) -> Iterator[str]:
    for tag, attribute in (("script", "src"), ("link", "href")):
        for element in page.tags.get(tag, ())[:60]:
            if address := element.get(attribute):
                yield address


def recognise(page: Page) -> list[Family]:
    """The families whose marks a page carries, the most specific first; none for a page of no known family."""
    found: set[int] = set()
    for marks, index in ((_IDS, page.ids), (_CLASSES, page.classes), (_TAGS, page.tags)):
        for key in marks.keys() & index.keys():
            for mark in marks[key]:
                if (
                    mark.number not in found
                    and mark.ids <= page.ids.keys()
                    and mark.classes <= page.classes.keys()
                    and first(page, mark.selector) is not None
                ):
                    found.add(mark.number)
    found.update(number for name, number in _METAS if name in page.meta)
    found.update(number for text, number in _LITERALS if text in page.html)
    for comment in page.comments:
        # Most comments are none of these: one look for all of them.
        if (text := comment.lstrip()).startswith(_BEGINS):
            found.update(number for begin, number in _COMMENTS if text.startswith(begin))
    addresses = "\n".join(_assets(page))
    found.update(number for part, number in _ASSETS if part in addresses)
    families = [FAMILIES[number] for number in sorted(found)]
    return [family for family in families if all(first(page, need) is not None for need in many(family.needs))]
