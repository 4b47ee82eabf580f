"""网易 163.com: news since 2012 and 网易号 (``dy``).

Rules: pages of 2015, 2018, 2019 and 2024. The editor's line ends in a code (``杨倩_NF4425``); ``<meta name=author>``
is always 网易. The text is in ``endText`` (some city portals took the id over), since 2021 in ``post_body``.
"""

from __future__ import annotations

from newscrawl.extract.cms.family import Family
from newscrawl.extract.rules import Layout

_END = ("div.ep-source", "div.gg200x300", "div.nph_gallery", "div.post_statement", "div.post_author", "span.ep-editor")

FAMILIES = (
    Family(
        Layout(
            name="netease/2021",
            marks="div.post_main div.post_body",
            title="h1.post_title",
            published="div.post_info",
            source="//div[contains(@class, 'post_info')]/a[not(contains(@class, 'post_jubao'))]",
            byline="div.post_info",
            editors="div.post_author",
            channel="div.post_crumb",
            body="div.post_body",
            remove=_END,
            blocks=("div.post_recommends", "div.post_side"),
        )
    ),
    Family(
        Layout(
            name="netease/2016",
            marks="#endText",
            title=("#epContentLeft h1", "#h1title", "div.post_content_main h1"),
            source="#ne_article_source",
            byline=("div.post_time_source", "div.ep-time-soure", "div.ep-info div.left"),
            author="//div[contains(@class, 'ep-source')]//span[contains(., '作者')]",
            editors="span.ep-editor",
            channel=("div.post_crumb", "span.ep-crumb"),
            body="#endText",
            remove=_END,
            recommended=("div.js-xwtj", "#post_recommend"),
            related="div.ep-keywords-main",
            blocks=("#js-epTabRank", "#js-specheader"),
        )
    ),
    Family(
        Layout(
            name="netease/dy",
            marks="div.article_wrap div.article_box",
            title="div.article_title h2",
            published="div.article_title p.time",
            source="//div[contains(@class, 'article_title')]//p[contains(@class, 'time')]/span[last()]",
            body=("div.article_box #content", "div.article_box"),
            blocks="ul.colum_article_lise",
        ),
        needs="div.article_title p.time",
    ),
)
