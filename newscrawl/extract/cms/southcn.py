"""南方网 southcn.com, and city channels of Guangdong on its CMS (``nfcms``).

Rules: pages of 2019 to 2024. Its Baidu ids hold the values; 编辑 and 责任编辑 stand in one line below the body.
"""

from __future__ import annotations

from newscrawl.extract.cms.family import Family
from newscrawl.extract.rules import Layout

FAMILIES = (
    Family(
        Layout(
            name="southcn",
            marks="div.m-article #article_title",
            title="#article_title",
            subtitle="#article_subtitle",
            published="#pubtime_baidu",
            source="#source_baidu",
            author="#author_baidu",
            editors="div.m-editor",
            channel="div.m-crumbs",
            body="div.m-article #content",
            remove="div.m-editor",
            related="div.m-rel",
        )
    ),
)
