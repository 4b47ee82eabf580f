"""Broadcasters: 央视网 cctv.com, 央广网 cnr.cn, 国际在线 cri.cn.

Rules: public scrapers' selectors for 2015 to 2023; 央视网 marks title and text by ``repaste`` comments as well.
"""

from __future__ import annotations

from newscrawl.extract.cms.family import Family
from newscrawl.extract.rules import Layout

FAMILIES = (
    Family(
        Layout(
            name="cctv/2019",
            marks="#title_area",
            title="#title_area h1",
            byline=("#title_area div.info1", "#title_area div.info"),
            editors="div.zebian",
            body="#content_area",
            remove="div.zebian",
        ),
        needs="#content_area",
    ),
    Family(
        Layout(
            name="cctv/2012",
            marks="div.cnt_bd",
            title="div.cnt_bd h1",
            byline=("div.function span.info", "span.info"),
            editors="div.cnt_bd div.zebian",
            body="div.cnt_bd",
            remove=("div.cnt_bd h1", "div.function", "p.o-tit", "div.zebian"),
        ),
        comments=("repaste.body.begin",),
    ),
    Family(
        Layout(
            name="cnr",
            marks="div.article-header div.source",
            title="div.article-header h1",
            byline="div.article-header div.source",
            editors=("div.article-body div.editor", "span.editor", "div.editor"),
            body=("div.article-body div.TRS_Editor", "div.article-body"),
            remove="div.editor",
            channel="div.daoHang",
        ),
        needs="div.article-body",
    ),
    Family(
        Layout(
            name="cnr/2013",
            marks="div.subject h2",
            title="div.subject h2",
            byline="div.subject span.source",
            body=("div.TRS_Editor", "div.content"),
            channel="div.daoHang",
        ),
        needs="div.daoHang",
    ),
    Family(
        Layout(
            name="cri",
            marks="#abody",
            title="#atitle",
            published="#apublishtime",
            source="#asource",
            author="#aauthor",
            editors="#aeditor",
            body="#abody",
        )
    ),
)
