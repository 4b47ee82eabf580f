"""拓尔思 TRS WCM: the commonest CMS of Chinese news and government sites.

Whatever the template, the editor's text comes wrapped in ``TRS_Editor`` (to 2019) or ``TRS_UEDITOR`` (since: classes
``view TRS_UEDITOR trs_paper_default``, ``trs_editor_view``), word-processor text in ``Custom_UnionStyle`` as well, and
a breadcrumb's links are ``CurrChnlCls``. Heads differ from site to site; the common ones are listed first.
Rules: pages of 长江网, 中国青年网 and 山西省政府; selectors of public scrapers for some thirty such sites.
"""

from __future__ import annotations

from newscrawl.extract.cms.family import Family
from newscrawl.extract.rules import Layout

_BODY = ("div.TRS_Editor", "div.TRS_UEDITOR", "div.trs_editor_view", "div.trs_paper_default", "div.Custom_UnionStyle")
_CHANNEL = ("//a[contains(@class, 'CurrChnlCls')]/..",)

FAMILIES = (
    Family(
        Layout(
            name="trs/art",
            marks="div.art-meta span.pub-time",
            title="h1.art-title",
            published="div.art-meta span.pub-time",
            source="div.art-meta span.sour",
            body=(*_BODY, "div.art-main"),
            related="div.art-xg",
            blocks=("div.cjn-rdtj", "div.cjn-photo", "div.cjn-video"),
            channel=_CHANNEL,
        )
    ),
    Family(
        Layout(
            name="trs/infos",
            marks="li.article-infos-source",
            title="div.detail-article-title h2",
            subtitle="div.detail-article-title h3",
            byline="li.article-infos-source",
            channel="ul.breadcrumb",
            body=(*_BODY, "div.article-body"),
        )
    ),
    Family(
        Layout(
            name="trs/xl",
            marks=("div.xl_title", "div.xl_tit", "div.xl-title"),
            title=(
                "div.xl_title h1",
                "div.xl_title h2",
                "div.xl_tit h1",
                "div.xl-title h1",
                "div.xl_title",
                "div.xl_tit",
                "div.xl-title",
            ),
            byline=("div.xl_xx", "div.xl_info", "div.xl-info", "div.xl_tit2"),
            body=_BODY,
            channel=_CHANNEL,
        ),
        needs="//div[contains(@class, 'TRS_') or contains(@class, 'trs_')]",
    ),
    Family(
        Layout(
            name="trs",
            marks=("div.TRS_Editor", "div.TRS_UEDITOR", "div.trs_editor_view", "div.trs_paper_default"),
            published="div.pubDate",
            editors="div.pageSource",
            channel=_CHANNEL,
            body=_BODY,
        )
    ),
)
