"""A fetched page read to the end: an `Article`, or a `Visit` that says why it is none. The same for crawl and ingest."""

from __future__ import annotations

import logging
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC
from typing import Literal

from newscrawl import fingerprint, loaders, verdict
from newscrawl.extract import fills
from newscrawl.extract.fills import Fill
from newscrawl.extract.layers import extract
from newscrawl.extract.page import Page
from newscrawl.extract.rules import Layout
from newscrawl.items import Article, Ask, Visit

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class SiteRules:
    """What reading needs to know of a site; a site without a file has just a name."""

    name: str
    title: str | None = None
    publisher: str | None = None
    region: str | None = None
    article: re.Pattern[str] | None = None
    layouts: Sequence[Layout] = field(default=())
    fills: Sequence[Fill] = field(default=())


def read(
    page: Page,
    site: SiteRules,
    *,
    status: int = 200,
    addresses: Sequence[str] = (),
    found_on: str | None = None,
    etag: str | None = None,
    last_modified: str | None = None,
    kind: Literal["article", "part"] = "article",
    address: str | None = None,
) -> Article | Visit:
    """Read one page. ``addresses`` are others that led to it (redirects). Never raises for what a page holds.

    ``address`` names a page that has none on the web (a saved file); it is then stored under it.
    """
    where = address or page.url
    visit = Visit(
        url=where,
        site=site.name,
        verdict="article",
        status=status,
        kind=kind,
        fetched_at=page.now.astimezone(UTC).isoformat(timespec="seconds"),
        found_on=found_on,
        redirected_from=list(addresses),
        charset=page.charset,
        size=page.size,
        etag=etag,
        last_modified=last_modified,
    )
    asked = addresses[0] if addresses else None
    # A page with status 200 is read first: what reads like an article needs no look for what else it might be.
    early = verdict.early(page, status, asked=asked) if status != 200 or page.flags & {"empty", "truncated"} else None
    if early is not None:
        visit.verdict, visit.why = early.word, early.why
        return visit
    try:
        extraction = extract(page, site.layouts)
        article = loaders.load(extraction, site=site.name)
    except Exception as error:
        logger.exception("%s: cannot be read", where)
        visit.verdict, visit.why = "error", f"reading it failed: {type(error).__name__}: {error}"
        return visit
    judged = verdict.judge(
        page,
        status=status,
        title=article.title,
        body_text=article.body_text,
        published=article.published_at is not None,
        asked=asked,
    )
    if judged.word != "article":
        visit.verdict, visit.why = judged.word, judged.why
        return visit
    article.url = where
    article.publisher, article.region = site.publisher, site.region
    article.fetched_at = visit.fetched_at
    article.addresses = [url for url in (where, *addresses) if url]
    declared = extraction.value("canonical")
    if declared and page.url and _is_same_article(declared, page.url, site):
        article.url = declared
    article.visit = visit
    for want in fills.wanted(page, article, site.fills):
        want.block.asks.append(Ask(want.url, want.number))
    # Here, where another process may do it.
    article.content_hash = fingerprint.content_hash(article.title, article.body_text)
    return article


def _is_same_article(declared: str, url: str, site: SiteRules) -> bool:
    """Whether ``<link rel=canonical>`` may be believed: many templates name the front page or a list there."""
    try:
        one, other = fingerprint.key(declared), fingerprint.key(url)
    except ValueError:
        return False
    if one == other:
        return True
    if site.article is not None and not site.article.search(declared):
        return False
    # The mobile, print or secure twin of an article keeps its file name.
    return one.partition("?")[0].rsplit("/", 1)[-1] == other.partition("?")[0].rsplit("/", 1)[-1] != ""
