"""中国网 china.com.cn and 中华网 china.com.

Rules: pages of 2024; public scrapers' selectors for 2012 to 2018. 中国网's statistics want hidden ``webdig_…`` ids.
"""

from __future__ import annotations

from newscrawl.extract.cms.family import Family
from newscrawl.extract.rules import Layout

FAMILIES = (
    Family(
        Layout(
            name="china.com.cn/2022",
            marks="div.inform div.informShare",
            title="div.content h1",
            # One <p> for the date, one for the source; the share buttons beside them have labels of their own.
            byline="div.inform p",
            source="#webdig_source",
            editors="div.article div.editor",
            channel="div.m_local",
            body=("div.content_left div.article", "div.article"),
            remove=("div.editor", "#vf"),
            related="div.relevant",
        )
    ),
    Family(
        Layout(
            name="china.com.cn/2012",
            marks=("h1.articleTitle", "#articleBody", "div.articleBody", "h1.artTitle", "div.artCon"),
            title=("h1.articleTitle", "h1.artTitle", ".articleTitle", ".artTitle"),
            published="#pubtime_baidu",
            source="#source_baidu",
            author="#author_baidu",
            editors=("#editor_baidu", "div.articleEditor"),
            channel="div.artLink",
            body=("#articleBody", "div.articleBody", "div.artCon"),
        ),
        needs="#pubtime_baidu",
    ),
    Family(
        Layout(
            name="china.com",
            marks=("#chan_newsDetail", "#chan_newsTitle"),
            title="#chan_newsTitle",
            byline="#chan_newsInfo",
            editors="div.editor",
            body="#chan_newsDetail",
            remove="div.editor",
        )
    ),
)
