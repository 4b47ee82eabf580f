"""百度新闻 markup: the ids that Baidu asked news sites to give their fields, from 2012 on.

Found on hundreds of sites over any CMS, in view or in a hidden ``BaiduSpider`` block; the values may carry their label.
"""

from __future__ import annotations

from newscrawl.extract.cms.family import Family
from newscrawl.extract.rules import Layout

FAMILIES = (
    Family(
        Layout(
            name="baidu",
            marks=("#pubtime_baidu", "#source_baidu", "#author_baidu", "#editor_baidu"),
            published="#pubtime_baidu",
            source="#source_baidu",
            author="#author_baidu",
            editors="#editor_baidu",
        )
    ),
)
