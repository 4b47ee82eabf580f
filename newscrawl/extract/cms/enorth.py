"""北方网 Enorth WebPublisher: the CMS of 北方网, and of many provincial and city news sites (``/system/YYYY/MM/DD/<n>.shtml``).

A site draws its own heads and bodies; what is the CMS's own are the blocks that it fills in, each between two comments,
``<!--enorth cms block start [ name="v5.position" ]-->`` and ``<!--enorth cms block end [ name="v5.position" cost="26"]-->``,
or in ``span.cms_block_span``; the comment ``<!--enorth cms page [ … ]-->`` behind what it has put together; and
``#news_more_page_div_id``, the pager of an article in parts (``<n>_01.shtml`` is the second), empty where there is one.
The block ``v5.position`` is the breadcrumb, ``v5.latest`` a channel's list.
Rules: pages of 东北网 and 大江网; public scrapers of 云南网, 内蒙古新闻网, 北国网, 西安新闻网 and 中国江苏网.
"""

from __future__ import annotations

import copy
import itertools
import re
from collections.abc import Iterator

from lxml import etree

from newscrawl.extract import breadcrumbs
from newscrawl.extract.candidates import Candidate
from newscrawl.extract.cms.family import Family
from newscrawl.extract.page import Element, Page
from newscrawl.extract.rules import Layout

_POSITION = re.compile(r'enorth cms block start \[ ?name="v5\.position" ?\]')
_END = "enorth cms block end"

_MOST = 60
"""Nodes of a breadcrumb's block; a real one holds one a step."""


def _position(page: Page) -> Element | None:
    """What the breadcrumb's block holds, as an element of its own: on the page it shares one with whatever the site puts there."""
    if not any(_POSITION.match(comment.strip()) for comment in page.comments):
        return None
    comments = page.tree.iter(etree.Comment)
    start = next((comment for comment in comments if _POSITION.match((comment.text or "").strip())), None)
    if start is None:
        return None
    block = etree.Element("span")
    block.text = start.tail
    for node in itertools.islice(start.itersiblings(), _MOST):
        if isinstance(node.tag, str):
            block.append(copy.deepcopy(node))
        elif (node.text or "").strip().startswith(_END):
            return block
    return None


def _values(page: Page) -> Iterator[Candidate]:
    block = _position(page)
    if block is not None and (steps := breadcrumbs.steps(page, block)):
        yield Candidate("channel", steps, "cms:enorth:position", page.text(block))


FAMILIES = (
    Family(
        Layout(
            name="enorth",
            marks=("#news_more_page_div_id", "span.cms_block_span"),
            channel="//span[@class='cms_block_span'][contains(substring(normalize-space(), 1, 12), '位置')]",
        ),
        comments=("enorth cms block start", "enorth cms page"),
        values=_values,
    ),
)
