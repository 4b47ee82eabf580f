"""环球网 huanqiu.com: the pages to 2019, and since then articles that wait in ``<textarea>`` for a script to show them.

Rules: public scrapers' selectors; the text areas as public feeds read them (time in milliseconds, text as HTML).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from newscrawl.extract.candidates import Candidate
from newscrawl.extract.cms import scripts
from newscrawl.extract.cms.family import Family
from newscrawl.extract.page import Page
from newscrawl.extract.rules import Layout

_TAG = re.compile(r"<[^<>]{0,1000}>")


def _values(page: Page) -> Iterator[Candidate]:
    def area(name: str) -> str | None:
        for element in page.classes.get(f"article-{name}", ()):
            if element.tag == "textarea" and (text := "".join(element.itertext()).strip()):
                return text
        return None

    yield from scripts.article(
        page,
        "cms:huanqiu:textarea",
        title=area("title"),
        published=area("time"),
        source=area("source-name") or _TAG.sub("", area("source") or ""),
        author=area("author"),
        editors=area("editor-name"),
        body=area("content"),
    )


FAMILIES = (
    Family(Layout(name="huanqiu/2019", marks="textarea.article-content"), needs="textarea.article-title", values=_values),
    Family(
        Layout(
            name="huanqiu/2012",
            marks=("div.la_con", "strong.timeSummary", "div.conText #text"),
            title=("h1.tle", "div.conText h1"),
            published=("span.la_t_a", "strong.timeSummary", "#pubtime_baidu"),
            source=("span.la_t_b", "strong.fromSummary", "#source_baidu"),
            editors=("span.la_e_a", "#editor_baidu"),
            channel=("div.nav_left", "div.topPath"),
            body=("div.la_con", "div.conText #text"),
            remove=("div.reTopics", "div.spTopic", "adv-loader"),
        )
    ),
)
