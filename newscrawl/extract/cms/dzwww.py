"""大众网 dzwww.com and its city channels (TRS WCM with heads of its own), 山东.

Rules: scrapers that others published for 2013 to 2018. Byline in one ``left`` line below the title; some channels use
the Baidu ids instead, see `baidu`.
"""

from __future__ import annotations

from newscrawl.extract.cms.family import Family
from newscrawl.extract.rules import Layout

# Not the column that is called left as well.
_LINE = "//div[contains(@class, 'layout')]//div[@class='left'][string-length(.) < 160]"

FAMILIES = (
    Family(
        Layout(
            name="dzwww/headline",
            marks=("#xl-headline", "#headline i"),
            title=("#xl-headline h2", "#xl-headline h1", "#headline h1"),
            byline=("#xl-headline div.left", "#headline i", "#headline div.left"),
            editors=("#editor", "div.infor div.left", "div.edit"),
            body=("div.news-con div.TRS_Editor", "#news-con div.TRS_Editor", "div.news-con", "#news-con", "div.TRS_Editor"),
        ),
        needs="div.layout",
    ),
    Family(
        Layout(
            name="dzwww/news",
            marks=("#news-header", "#news-con"),
            title=("#news-header h1", "#news-header h2", "div.layout h1"),
            byline=("#news-header .summary", _LINE),
            editors=("#editor", "div.infor div.left", "div.edit"),
            body=("#news-con div.TRS_Editor", "#news-con"),
        )
    ),
    Family(
        Layout(
            name="dzwww/infor",
            marks="#wrapper #infor",
            title="#wrapper h1",
            byline="#infor div.left",
            editors=("#editor", "div.edit"),
            body=("#main div.TRS_Editor", "div.TRS_Editor"),
        )
    ),
)
