"""The one test over all sites: each has pages on file, and what is read from them is what somebody has looked at.

A failure says what was expected, what was found and the command that accepts it. ``newscrawl capture SITE URL`` adds a page.
"""

import ast
import re
import sys
from collections import defaultdict
from pathlib import Path

import pytest
from scrapy.settings import Settings

from newscrawl import fixtures, verify
from newscrawl.extract.cms import FAMILIES
from newscrawl.spider import SiteLoader

ROOT = Path(__file__).parent / "sites"
SITES = SiteLoader.of(Settings({"SPIDER_MODULES": ["newscrawl.spiders"]})).sites
FILES = sorted({Path(sys.modules[spider.__module__].__file__) for spider in SITES.values()})
PAGES = [*fixtures.all_of(ROOT)]
OF_SITE = defaultdict(list)
for _page in PAGES:
    OF_SITE[_page.site].append(_page)

MAY_IMPORT = {
    "newscrawl.spider": {"NewsSpider"},
    "newscrawl.extract.rules": {"Layout"},
    "newscrawl.extract.fills": {"Fill"},
    "__future__": {"annotations"},
}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_a_page_is_read_as_expected(page):
    if page.site not in SITES:
        pytest.fail(f"{page.name}: there is no site {page.site!r}; remove the folder, or write the site file", pytrace=False)
    try:
        wrong = fixtures.problems(page, SITES[page.site])
    except fixtures.BrokenFixture as error:
        wrong = [str(error)]
    if wrong:
        pytest.fail("\n".join(wrong), pytrace=False)


@pytest.mark.parametrize("site", SITES)
def test_a_site_has_an_article_on_file(site):
    articles = [page for page in OF_SITE[site] if page.expected().get("verdict") == "article"]
    if not articles:
        pytest.fail(f"{site} has no article on file: newscrawl capture {site} URL", pytrace=False)
    # Every page of a site that is read without a title, a time or a text shows nothing of its rules.
    lacking = [{"title", "published_at", "body_text"} - page.expected().keys() for page in articles]
    assert min(lacking, key=len) == set()


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_a_site_file_is_data(file):
    text = file.read_text("utf-8")
    assert len(text.splitlines()) <= 60
    for node in ast.walk(ast.parse(text)):
        assert not isinstance(node, ast.Import), f"imports {node.names[0].name}"
        if isinstance(node, ast.ImportFrom):
            assert {alias.name for alias in node.names} <= MAY_IMPORT.get(node.module, set()), f"imports from {node.module}"


@pytest.mark.parametrize("site", SITES)
def test_a_site_says_what_is_known_of_it(site):
    spider = SITES[site]
    said = spider.__doc__ or ""
    assert re.search(r"\bknown\b", said, re.I), "the docstring says what is known"
    assert re.search(r"\bfrom\b", said), "the docstring says from where it is known"
    assert spider.title
    assert spider.home
    assert spider.allowed_hosts()
    assert set(spider.family) <= {family.name for family in FAMILIES}
    if spider.status != "unverified":
        assert re.fullmatch(r"verified \d{4}-\d\d-\d\d(?: \(.+\))?", spider.status)
        # Nothing claims more than what newscrawl verify has seen, of one of its editions at least.
        seen = [name for name, other in SITES.items() if other.__module__ == spider.__module__]
        assert any((ROOT / name / verify.RECORD).exists() for name in seen), "verified without a record: newscrawl verify"


@pytest.mark.parametrize("module", sorted({spider.__module__ for spider in SITES.values() if spider.family}))
def test_the_families_of_a_site_are_seen_on_its_pages(module):
    """Each family that a site file names is on one of its pages at least; each page shows one of them (above)."""
    spiders = [spider for spider in SITES.values() if spider.__module__ == module]
    seen = set()
    for page in (page for spider in spiders for page in OF_SITE[spider.name]):
        seen.update(fixtures.families(page.body(), page.meta()))
    if unseen := {family for spider in spiders for family in spider.family} - seen:
        pytest.fail(f"{module} names {', '.join(sorted(unseen))}, which none of its pages on file shows", pytrace=False)
