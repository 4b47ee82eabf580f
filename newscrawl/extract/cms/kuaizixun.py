"""快资讯 360kuai.com: 360's aggregator.

Rules: pages of 2024. Advertisements stand between the paragraphs, as links.
"""

from __future__ import annotations

from newscrawl.extract.cms.family import Family
from newscrawl.extract.rules import Layout

FAMILIES = (
    Family(
        Layout(
            name="kuaizixun",
            marks="#article__content",
            title=("span.article__title", "h1.article__title"),
            published="div.author-info--right",
            body="#article__content",
            remove=("a.article__content__textgg", "a.article__content__yyconfig"),
        )
    ),
)
