"""新华网 xinhuanet.com and news.cn, with the local channels (he.news.cn, sd.xinhuanet.com …).

Rules: pages of 2019 to 2024; public scrapers of news.xinhuanet.com for 2011 to 2016. The head of a page of 2020 splits
the date over ``year``, ``day`` and ``time``; the one for phones (``mheader``), which says the same, does not.
"""

from __future__ import annotations

from newscrawl.extract.cms.family import Family
from newscrawl.extract.rules import Layout

_BODY_JUNK = ("#articleEdit", "div.p2-nav-wap", "#part2-list", "center.xinhuaPager", "div.dask", "#DH-PLAYERID0")

FAMILIES = (
    Family(
        Layout(
            name="xinhua/2020",
            marks=("div.header-time", "div.mheader"),
            title=("div.head-line h1", "div.mheader h1"),
            byline=("div.mheader div.info", "div.header-time"),
            source="div.header-cont div.source",
            editors=("#articleEdit span.editor", "div.editor"),
            channel="div.header-nav",
            body=("#detailContent", "#detail"),
            remove=_BODY_JUNK,
            related="div.relatedNews",
            blocks="div.main-right div.columBox",
        ),
        needs="#detail",
    ),
    Family(
        Layout(
            name="xinhua/local",
            marks="#articleTit span.sourceText",
            title=("#articleTit #title", "#title"),
            published="#articleTit span.time",
            source="#articleTit span.sourceText",
            author="//*[@id='articleEdit']//span[contains(., '作者')]",
            editors="#articleEdit span.editor",
            body=("#detailContent", "#detail"),
            remove=_BODY_JUNK,
            recommended="#tj2",
        )
    ),
    Family(
        Layout(
            name="xinhua/2016",
            marks=("span.h-time", "#p-detail"),
            title="div.h-title",
            published="span.h-time",
            byline="div.h-info",
            source="div.h-info #source",
            editors="span.p-jc",
            channel="div.news-position",
            body="#p-detail",
            remove=("div.p-tags", "div.tadd", "div.lb", "div.video-url", "div.standard_lb", "div.zan-wap"),
            blocks=("ul.hot-news", "div.xuanshi"),
        ),
        needs="div.h-info",
    ),
    Family(
        Layout(
            name="xinhua/2011",
            marks=("div.conW #pubtime", "#pubtime"),
            title="#title",
            published="#pubtime",
            source="#source",
            editors="span.editor",
            # Elsewhere these two hold the whole column, its head included.
            body=("div.conW div.content", "//*[@id='content'][not(.//*[@id='pubtime'])]", "//div[@class='article'][not(.//h1)]"),
            remove=("div.ann", "div.zwtg", "span.editor"),
        ),
        needs=("#title", "#source"),
    ),
)
