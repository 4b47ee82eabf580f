"""Business and finance sites: 东方财富, 每日经济新闻, 第一财经, 和讯, 财新, 证券时报.

Rules: public scrapers' selectors for 2016 to 2021; a page of 证券时报网 of 2019.
"""

from __future__ import annotations

from newscrawl.extract.cms.family import Family
from newscrawl.extract.rules import Layout

FAMILIES = (
    Family(
        Layout(
            name="eastmoney",
            marks=("div.newsContent #ContentBody", "#topbox div.infos"),
            title=("div.newsContent h1", "#topbox div.title"),
            byline=("#topbox div.infos", "div.newsContent div.Info"),
            editors=("p.res-edit", "div.res-edit"),
            body="#ContentBody",
            remove=("p.res-edit", "div.abstract", "p.em_media"),
        )
    ),
    Family(
        Layout(
            name="nbd",
            marks="div.g-article-top",
            title="div.g-article-top h1",
            published="div.g-article-top span.time",
            source="div.g-article-top span.source",
            body="div.g-articl-text",
        ),
        needs="div.g-articl-text",
    ),
    Family(
        Layout(
            name="yicai",
            marks="div.m-text div.m-txt",
            title="div.m-text div.title h1",
            published="div.m-text div.title em",
            author="div.m-text p.author",
            body="div.m-text div.m-txt",
        )
    ),
    Family(
        Layout(
            name="hexun",
            marks="div.art_contextBox",
            title="div.articleName h1",
            published="div.tip span.pr20",
            source="div.tip a",
            body="div.art_contextBox",
        )
    ),
    Family(
        Layout(
            name="caixin",
            marks="#Main_Content_Val",
            title="#conTit h1",
            published="#pubtime_baidu",
            source="#source_baidu",
            author="#author_baidu",
            editors=("#editor_baidu", "div.editor"),
            body="#Main_Content_Val",
        )
    ),
    Family(
        Layout(
            name="stcn",
            marks="div.intal_tit div.info",
            title="div.intal_tit h2",
            byline="div.intal_tit div.info",
            body="#ctrlfscont",
            recommended="div.tuijian",
            blocks=("div.guancha", "div.pinglun"),
        )
    ),
)
