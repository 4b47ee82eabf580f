"""中国新闻网 chinanews.com (.com.cn) and its provincial branches.

Rules: public scrapers' selectors for 2012 to 2023; one line ``left-t`` holds date and 来源 throughout.
"""

from __future__ import annotations

from newscrawl.extract.cms.family import Family
from newscrawl.extract.rules import Layout

FAMILIES = (
    Family(
        Layout(
            name="chinanews",
            marks=("div.left_zw", "div.content_left_time"),
            title=("#cont_1_1_2 h1", "h1.content_left_title", "div.content_title h1", "div.con_left h1", "div.content h1"),
            byline=("div.left-t", "div.content_left_time", "div.left-time", "p.content_left_time"),
            published="#pubtime_baidu",
            source="#source_baidu",
            editors=("#editor_baidu", "div.left_name", "div.adEditor"),
            channel=("#nav", "div.nav"),
            body="div.left_zw",
            remove=("div.left_name", "div.adEditor", "div.adInContent", "#tupian_div"),
            related="div.relatedNews",
        )
    ),
)
