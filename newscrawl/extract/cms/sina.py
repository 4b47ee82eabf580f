"""新浪 sina.com.cn: news and finance since 2011, its phone pages, its blogs.

Rules: public scrapers' selectors; ``artibody`` is the text's id throughout, ``date-source`` the byline since 2017.
"""

from __future__ import annotations

from newscrawl.extract.cms.family import Family
from newscrawl.extract.rules import Layout

_END = ("p.show_author", "p.article-editor", "div.appendQr_wrap", "div.wap_special", "div.tech-quotation", "#left_hzh_ad")
_EDITORS = ("p.show_author", "p.article-editor", "div.show_author")

FAMILIES = (
    Family(
        Layout(
            name="sina/2017",
            marks=("h1.main-title", "div.date-source"),
            title="h1.main-title",
            published=("div.date-source span.date", "div.date-source"),
            source=("div.date-source a.source", "div.date-source span.source", "div.date-source .source"),
            byline="div.date-source",
            editors=_EDITORS,
            channel="div.channel-path",
            body=("#artibody", "#article"),
            remove=_END,
        )
    ),
    Family(
        Layout(
            name="sina/2011",
            marks=("#artibodyTitle", "#main_title", "span.time-source", "#pub_date", "div.page-info span.time-source"),
            title=("#artibodyTitle", "#main_title", "div.page-header h1"),
            published=("#page-tools span.titer", "#pub_date", "span.time-source"),
            source=("#page-tools span.source", "#media_name", "span.time-source a"),
            byline=("div.page-info", "span.time-source"),
            editors=_EDITORS,
            body="#artibody",
            remove=_END,
            blocks="div.xb_relat",
        ),
        needs="#artibody",
    ),
    Family(
        Layout(
            name="sina/phone",
            marks=("section.art_content", "h1.art_tit_h1"),
            title="h1.art_tit_h1",
            published=("time.art_time", "time.weibo_time"),
            source="cite.art_cite",
            body="section.art_content",
            remove=("h1.art_tit_h1", "time.art_time", "cite.art_cite", "figure.art_img_mini"),
        )
    ),
    Family(
        Layout(
            name="sina/blog",
            marks="#sina_keyword_ad_area2",
            title="div.articalTitle h2",
            published="div.articalTitle span.time",
            author="#ownernick",
            body=("#sina_keyword_ad_area2", "div.articalContent"),
        )
    ),
)
