"""中国经济网 ce.cn (TRS WCM with heads of its own): ``article…`` ids, in Latin letters for each field.

Rules: public scrapers' selectors for 2010 to 2020.
"""

from __future__ import annotations

from newscrawl.extract.cms.family import Family
from newscrawl.extract.rules import Layout

FAMILIES = (
    Family(
        Layout(
            name="ce",
            marks="#articleText",
            title="#articleTitle",
            published="#articleTime",
            source="#articleSource",
            author="#articleAuthor",
            editors=("#articleEditor", "#articleText p.bianji"),
            body=("#articleText div.TRS_Editor", "#articleText"),
        ),
        needs=("#articleTitle", "#articleSource"),
    ),
)
