"""搜狐 sohu.com: 搜狐号 since 2016 (``mp-editor``), the channels before it.

Rules: pages and public scrapers of 2012 to 2024. The editor's paragraph is printed with an empty name as often as not.
"""

from __future__ import annotations

from newscrawl.extract.cms.family import Family
from newscrawl.extract.rules import Layout

FAMILIES = (
    Family(
        Layout(
            name="sohu/2016",
            marks=("#news-time", "#mp-editor"),
            title=("div.text-title span.title-info-title", "div.text-title h1"),
            published="#news-time",
            source=("//span[@data-role='original-link']/a", "//span[@data-role='original-link']"),
            editors="//p[@data-role='editor-name']",
            channel="div.location",
            body=("#mp-editor", "article.article"),
            remove=("#backsohucom", "//p[@data-role='editor-name' or @data-role='original-title']"),
        ),
        needs="div.text-title",
    ),
    Family(
        Layout(
            name="sohu/2012",
            marks="#contentText",
            title=("//h1[@itemprop='headline']", "div.content-box h1", "div.news-title h1"),
            published=("#pubtime_baidu", "div.time-source div.time"),
            source=("#media_span", "#source_baidu"),
            editors=("div.editer", "#editor_baidu"),
            body="#contentText",
            remove=("div.editer", "div.text-pic-tit", "div.muLink"),
        ),
        needs="#media_span",
    ),
)
