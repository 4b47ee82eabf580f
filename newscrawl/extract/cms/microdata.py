"""schema.org microdata: ``itemprop`` on the elements that a reader sees, whatever the CMS.

Its ``publisher`` is the credited 来源 on some portals and the site itself on the others, so it is left alone.
"""

from __future__ import annotations

from newscrawl.extract.cms.family import Family
from newscrawl.extract.rules import Layout

FAMILIES = (
    Family(
        Layout(
            name="microdata",
            title="//*[@itemprop='headline'][not(self::meta)]",
            published="//*[@itemprop='datePublished'][not(self::meta)]",
            body="//*[@itemprop='articleBody']",
        ),
        literals=("articleBody",),
        needs="//*[@itemprop='articleBody']",
    ),
)
