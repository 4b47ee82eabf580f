"""WordPress, and the Chinese themes that rename its classes (DUX, 知更鸟): small portals, trade papers, reposters.

Its author is as a rule a login, and is left to the layers below. Rules: the classes of WordPress's own themes.
"""

from __future__ import annotations

from newscrawl.extract.cms.family import Family
from newscrawl.extract.rules import Layout

FAMILIES = (
    Family(
        Layout(
            name="wordpress",
            marks=("div.entry-content", "article.hentry", "article.article-content"),
            title=("h1.entry-title", "h1.article-title", "h1.post-title", "h2.entry-title"),
            published=("time.entry-date", "time.published", "span.posted-on", "div.article-meta", "div.entry-meta"),
            channel=("div.breadcrumbs", "nav.breadcrumb"),
            body=("div.entry-content", "article.article-content", "div.single-content"),
            remove=("div.sharedaddy", "div.jp-relatedposts", "div.yarpp-related", "div.post-copyright", "#toc_container"),
            related=("div.jp-relatedposts", "div.yarpp-related", "div.relates"),
        ),
        assets=("/wp-content/themes/",),
        needs=("//h1[contains(@class, '-title')] | //h2[contains(@class, 'entry-title')]",),
    ),
)
