"""今日头条 toutiao.com: the page of 2019, the one since 2021, and the data of both where only a script has the text.

The byline has no labels: source and date, in this order or the other.
Rules: pages of 2019 and 2024.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from urllib.parse import unquote

from newscrawl.extract.candidates import Candidate
from newscrawl.extract.cms import scripts
from newscrawl.extract.cms.family import Family
from newscrawl.extract.page import Page
from newscrawl.extract.rules import Layout


def _values(page: Page) -> Iterator[Candidate]:
    if page.classes.get("tt-article-content"):
        return
    element = page.ids.get("RENDER_DATA")
    if element is None or len(element.text or "") > scripts.LONGEST:
        return
    try:
        data = json.loads(unquote(element.text or ""))
    except (ValueError, RecursionError):
        return
    article = data.get("data") if isinstance(data, dict) else None
    if isinstance(article, dict):
        yield from scripts.article(
            page,
            "cms:toutiao:RENDER_DATA",
            title=article.get("title"),
            published=article.get("publishTime"),
            source=article.get("source"),
            body=article.get("content"),
        )


FAMILIES = (
    Family(
        Layout(
            name="toutiao/2021",
            marks=("article.tt-article-content", "#RENDER_DATA"),
            title="div.article-content h1",
            published="div.article-meta",
            source="div.article-meta span.name",
            body="article.tt-article-content",
            blocks="div.detail-hotboard",
        ),
        values=_values,
    ),
    Family(
        Layout(
            name="toutiao/2019",
            marks="div.article-box div.article-sub",
            title="div.article-box h1.article-title",
            published="div.article-box div.article-sub",
            source="//div[@class='article-sub']/span[not(contains(@class, 'original'))][1]",
            body="div.article-box div.article-content",
            remove="ul.tag-list",
            related="div.detail-feed",
            blocks="ul.picture-list",
        )
    ),
)
