"""Stock templates of the CMSes that small local portals run: Discuz! X portal, 织梦 DedeCMS, PHPCMS V9.

Rules: the default templates that these CMSes ship; a site that wrote its own is left to the layers below.
"""

from __future__ import annotations

from newscrawl.extract.cms.family import Family
from newscrawl.extract.rules import Layout

FAMILIES = (
    Family(
        Layout(
            name="discuz",
            marks="#article_content",
            title="h1.ph",
            byline="p.xg1",
            channel="#pt",
            body="#article_content",
            related="#related_article",
        ),
        needs=("h1.ph", "p.xg1"),
    ),
    Family(
        Layout(
            name="dedecms",
            marks="div.viewbox div.info",
            title="div.viewbox div.title h2",
            byline="div.viewbox div.info",
            channel="div.place",
            body="div.viewbox div.content",
        )
    ),
    Family(
        Layout(
            name="phpcms",
            marks="#Article h1",
            byline="#Article h1 span",
            channel="div.crumbs",
            body="#Article div.content",
            remove=("#Article div.related", "div.share"),
            related="#Article div.related",
        ),
        needs="#Article div.content",
    ),
)
