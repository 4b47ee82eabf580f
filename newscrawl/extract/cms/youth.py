"""中国青年网 youth.cn (TRS WCM with heads of its own).

Rules: pages of 2017 and 2024; public scrapers' selectors.
"""

from __future__ import annotations

from newscrawl.extract.cms.family import Family
from newscrawl.extract.rules import Layout

FAMILIES = (
    Family(
        Layout(
            name="youth",
            marks=("div.rdwz_fh", "div.page_title #page_right"),
            title=("div.page_title h1", "p.pbt", "div.l_tit", "div.pic_main_tit"),
            byline="p.pwz",
            published=("#page_right", "#pubtime_baidu"),
            source="#source_baidu",
            editors="#editor_baidu",
            body=("div.TRS_Editor", "div.page_text", "#container"),
            related="ul.young_con",
            blocks="div.page_right",
        )
    ),
)
