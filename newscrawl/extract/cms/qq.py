"""腾讯网 qq.com: the pages of 2009 to 2018 (``Cnt-Main-Article-QQ``), and since then 腾讯新闻 with its data in a script.

Rules: public scrapers' selectors.
"""

from __future__ import annotations

from collections.abc import Iterator

from newscrawl.extract.candidates import Candidate
from newscrawl.extract.cms import scripts
from newscrawl.extract.cms.family import Family
from newscrawl.extract.page import Page
from newscrawl.extract.rules import Layout


def _values(page: Page) -> Iterator[Candidate]:
    data = scripts.variable(page, "window.DATA")
    if isinstance(data, dict):
        yield from scripts.article(
            page,
            "cms:qq:DATA",
            title=data.get("title"),
            published=data.get("pubtime"),
            source=data.get("media"),
        )


FAMILIES = (
    Family(
        Layout(
            name="qq/2009",
            marks=("#Cnt-Main-Article-QQ", "#ArticleCnt"),
            title=("#C-Main-Article-QQ h1", "#Main-Article-QQ h1", "div.qq_article h1", "#ArticleTit"),
            published=("span.a_time", "span.article-time", "span.pubTime"),
            source=("span.a_source", "#Main-Article-QQ span.color-a-1"),
            author=("span.a_author", "#Main-Article-QQ span.color-a-3"),
            editors=("#QQeditor", "div.qq_editor", "span.qq_editor"),
            body=("#Cnt-Main-Article-QQ", "#ArticleCnt"),
            remove=("#QQeditor", "div.qq_editor", "div.qq_article_recommend"),
        )
    ),
    Family(
        Layout(
            name="qq/2018",
            marks="div.content-article",
            title=("div.LEFT h1", "div.content-article h1"),
            body="div.content-article",
            remove=("div.content-article h1", "#Status", "div.statement"),
        ),
        needs=("div.LEFT",),
        values=_values,
    ),
)
