"""光明网 gmw.cn, and sites on its CMS (``tplinfo`` in the head).

Rules: a page of 2024; public scrapers' selectors for 2013 to 2018.
"""

from __future__ import annotations

from newscrawl.extract.cms.family import Family
from newscrawl.extract.rules import Layout

FAMILIES = (
    Family(
        Layout(
            name="gmw/2018",
            marks=("span.m-con-time", "div.u-mainText"),
            title=("h1.u-title", "div.m-title-box h1"),
            published="span.m-con-time",
            source="span.m-con-source",
            editors="span.liability",
            channel="div.u-conBread",
            body="div.u-mainText",
            remove=("div.m-zbTool", "div.m-player_box", "#MultiAttachPh", "#PicUrlPh", "#SubtitlePh", "div.u-moreText"),
            recommended="div.g-readscon",
            related="div.m-relRead",
            blocks=("#m-hotArticle", "#m-eyecatcher"),
        )
    ),
    Family(
        Layout(
            name="gmw/2013",
            marks=("#contentLiability", "#contentBreadcrumbs2"),
            title=("#articleTitle", "div.picContentHeading"),
            published="#pubTime",
            source="#source",
            editors="#contentLiability",
            channel="#contentBreadcrumbs2",
            body=("#contentMain", "div.ArticleContentBox"),
            remove=("#contentLiability", "#articleLiability", "#contentPaging"),
        )
    ),
)
