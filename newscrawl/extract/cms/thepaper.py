"""澎湃新闻 thepaper.cn: the page to 2021 (``newscontent``), and since then the one whose data is in ``__NEXT_DATA__``.

Rules: a page of 2020; public scrapers' selectors (classes of the newer page end in a build's hash, which seldom changes).
"""

from __future__ import annotations

import json
from collections.abc import Iterator

from newscrawl.extract.candidates import Candidate
from newscrawl.extract.cms import scripts
from newscrawl.extract.cms.family import Family
from newscrawl.extract.page import Page
from newscrawl.extract.rules import Layout


def _values(page: Page) -> Iterator[Candidate]:
    element = page.ids.get("__NEXT_DATA__")
    text = element.text if element is not None else None
    if not text or len(text) > scripts.LONGEST:
        return
    try:
        node = json.loads(text)
    except (ValueError, RecursionError):
        return
    for name in ("props", "pageProps", "detailData", "contentDetail"):
        node = node.get(name) if isinstance(node, dict) else None
    if isinstance(node, dict):
        yield from scripts.article(
            page,
            "cms:thepaper:__NEXT_DATA__",
            title=node.get("name"),
            published=node.get("pubTime"),
            source=node.get("source"),
            author=node.get("author"),
            editors=node.get("responEditor"),
            body=node.get("content"),
        )


FAMILIES = (
    Family(
        Layout(
            name="thepaper/2014",
            marks="div.newscontent div.news_txt",
            title="h1.news_title",
            byline="div.news_about p",
            editors="div.infor_item",
            channel="div.news_path",
            body="div.news_txt",
            remove=("div.hide_word", "div.news_love", "div.news_infor_extra"),
            related="div.ctread_bd",
        )
    ),
    Family(
        Layout(
            name="thepaper/2022",
            marks=("div.index_cententWrap__Jv8jK", "#__NEXT_DATA__"),
            title="//h1[starts-with(@class, 'index_title_')]",
            byline="//div[starts-with(@class, 'index_left_')]",
            body="//div[starts-with(@class, 'index_cententWrap_')]",
        ),
        needs="//h1[starts-with(@class, 'index_title_')]",
        values=_values,
    ),
)
