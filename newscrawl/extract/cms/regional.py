"""News portals of provinces and cities, each with one layout of its own.

Rules: public scrapers' selectors, mostly of 2016 to 2020. Where only the body is known, the layers below read the rest.
"""

from __future__ import annotations

from newscrawl.extract.cms.family import Family
from newscrawl.extract.rules import Layout

FAMILIES = (
    Family(
        # 大洋网 dayoo.com, 广州
        Layout(
            name="dayoo",
            marks=("div.dy-article", "#text_content"),
            title=("div.article-hd h1", "div.dy-article h1"),
            published="div.article-hd span.time",
            source="div.article-hd span.source",
            editors=("div.dy-article div.editor", "div.editor"),
            channel="div.crumbs",
            body=("#text_content", "div.dy-article div.content"),
        )
    ),
    Family(
        # 东南网 fjsen.com, 福建
        Layout(
            name="fjsen",
            marks="#new_message_id",
            title=("#new_subject_id", "div.left h1"),
            published="#pubtime_baidu",
            source="#source_baidu",
            editors=("#editor_baidu", "#new_editor_id"),
            body="#new_message_id",
        )
    ),
    Family(
        # 东方网 eastday.com, 上海; 选稿 is its word for the editor
        Layout(
            name="eastday",
            marks="#biaoti",
            title="#biaoti",
            published="#pubtime_baidu",
            source="#source_baidu",
            author="#author_baidu",
            editors="#editor_baidu",
            channel="div.weizhi",
            body="#zw",
        ),
        needs="#zw",
    ),
    Family(
        # 新民网 xinmin.cn, 上海
        Layout(
            name="xinmin",
            marks="div.ArticleBox div.a_content",
            title=("div.ArticleBox h1", "h1.a_title"),
            byline="div.ArticleBox div.info",
            channel="div.Mbx",
            body="div.ArticleBox div.a_content",
        )
    ),
    # 星辰在线 changsha.cn, 湖南
    Family(Layout(name="changsha", marks="#tempNewsContentDiv", body="#tempNewsContentDiv")),
    # 北国网 lnd.com.cn, 辽宁
    Family(Layout(name="lnd", marks="div.newsdatetext", body="div.newsdatetext")),
    # 中国日报中文网 cn.chinadaily.com.cn
    Family(
        Layout(
            name="chinadaily",
            marks="h1.dabiaoti",
            title="h1.dabiaoti",
            byline=("div.fenx", "div.xinf-le"),
            body="#Content",
        ),
        needs="#Content",
    ),
    # 参考消息网, 证券时报网, 新华财经: the body that a script resizes
    Family(Layout(name="ctrlfscont", marks="#ctrlfscont", body="#ctrlfscont")),
)
