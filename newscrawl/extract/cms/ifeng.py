"""凤凰网 ifeng.com: the pages of 2011 to 2018 (``artical_…``), and since then pages that a script fills.

Class names of the newer pages change with each build; what stays is the script's ``allData = {… "docData": …}``.
Rules: public scrapers' selectors; the script as public feeds read it.
"""

from __future__ import annotations

from collections.abc import Iterator

from newscrawl.extract.candidates import Candidate
from newscrawl.extract.cms import scripts
from newscrawl.extract.cms.family import Family
from newscrawl.extract.page import Page
from newscrawl.extract.rules import Layout


def _values(page: Page) -> Iterator[Candidate]:
    data = scripts.variable(page, "allData")
    article = data.get("docData") if isinstance(data, dict) else None
    if not isinstance(article, dict):
        return
    content = article.get("contentData")
    parts = content.get("contentList") if isinstance(content, dict) else None
    text = "".join(str(part.get("data") or "") for part in parts or () if isinstance(part, dict) and part.get("type") == "text")
    yield from scripts.article(
        page,
        "cms:ifeng:allData",
        title=article.get("title"),
        published=article.get("newsTime"),
        source=article.get("source"),
        editors=article.get("editorName"),
        body=text,
    )


FAMILIES = (
    Family(
        Layout(
            name="ifeng/2011",
            marks=("#artical_topic", "#artical_real", "#yc_con_txt"),
            title=("#artical_topic", "div.yc_tit h1"),
            published=("#artical_sth span.ss01", "div.yc_tit p span"),
            source=("#artical_sth span.ss03", "div.yc_tit p a"),
            byline="#artical_sth p.p_time",
            editors="#artical_sth2 p.iphone_none",
            body=("#main_content", "#artical_real", "#yc_con_txt"),
            remove=("span.ifengLogo", "#artical_sth2"),
        )
    ),
    Family(Layout(name="ifeng/2018"), assets=(".ifengimg.com/",), values=_values),
)
