"""Ten article pages of 163.com, in GBK as served, against labels made by reading them. Skipped where the pages are not.

The labels (``labels/gbk.jsonl``) hold no page text but titles and the ends of the body, white space left out. The body is all
that stands in its place on the page, captions and closing notes included; ``related`` lists the headed blocks with the number
of their items, the first and the last.
"""

import gzip
import json
import re
from datetime import datetime
from pathlib import Path

import pytest

from newscrawl import reader
from newscrawl.days import SHANGHAI
from newscrawl.extract.page import Page
from newscrawl.items import Article

LABELS = [json.loads(line) for line in (Path(__file__).parent / "labels" / "gbk.jsonl").read_text("utf-8").splitlines()]
NOW = datetime(2015, 7, 5, 12, tzinfo=SHANGHAI)

PREFIX = "cx-extractor-python-163--163-2015-"
NEWS, COLUMN = ("10", "15", "19", "26", "27"), ("11", "2", "3", "30", "31")

KNOWN_MISSES = {
    **{
        (page, field): "the line 原标题：… within the body is not taken as body"
        for page in ("11", "2", "31", "3")
        for field in ("body_paragraphs", "body_chars")
    },
    ("3", "body_last20"): "a last paragraph that is nothing but a note on copying (本文为…授权…发布，转载请注明出处) is left out",
    **{
        ("30", field): "the article stands in div.entext, the closing note behind it in #endText, which is left out"
        for field in ("body_last20", "body_paragraphs", "body_chars")
    },
    **{(page, "editors"): "策划：… 编辑：… stands in a box at the foot of the page, far from the article" for page in COLUMN},
    **{(page, "精彩推荐"): "leads to eight channels, of which six fall away" for page in COLUMN},
    **{(page, "网易热"): "a heading of no known kind; the group's name before each title counts as an item" for page in NEWS},
    ("26", "重点推荐"): "a block with subheadings: its items are found under the first of them",
}
"""Where extraction is wrong, by page and field or heading, and why. What gets better has to leave this table."""


def squeeze(text):
    return re.sub(r"\s+", "", text)


def as_label(article, label):
    """What was read, in the form of a label; of several right sources the one that was found."""
    lines, text = (article.body_text or "").splitlines(), squeeze(article.body_text or "")
    accepted = map(squeeze, [label["source"] or "", *label.get("source_accept", [])])
    found = {
        "title": article.title,
        "published": (article.published_at or "")[:19].replace("T", " "),
        "source": label["source"] if squeeze(article.source or "") in accepted else article.source,
        "author": article.authors or None,
        "editors": [{"role": editor.role, "name": editor.name} for editor in article.editors] or None,
        "body_first20": text[:20],
        "body_last20": text[-20:],
        "body_paragraphs": len(lines),
        "body_chars": len(text),
    }
    for block in article.blocks:
        titles = [link.title for link in block.links]
        found[block.heading] = (block.kind, len(titles), titles[0], titles[-1]) if titles else (block.kind, 0, None, None)
    return found


def expected(label):
    fields = {field: value for field, value in label.items() if field not in ("id", "source_accept", "related")}
    blocks = {block["heading"]: (block["kind"], block["items"], block["first"], block["last"]) for block in label["related"]}
    return fields | blocks


@pytest.fixture
def body(shelf):
    folder = shelf / "corpus" / "gbk"
    if not (folder / "index.jsonl").exists():
        pytest.skip("no GBK pages beside the project (../shared/corpus/gbk)")
    files = {row["id"]: row["file"] for row in map(json.loads, (folder / "index.jsonl").read_text("utf-8").splitlines())}
    return lambda label: gzip.decompress((folder / files[label["id"]]).read_bytes())


@pytest.mark.parametrize("label", LABELS, ids=lambda label: label["id"].removeprefix(PREFIX))
def test_what_is_read_is_what_a_reader_sees(body, label):
    article = reader.read(Page(body(label), now=NOW), reader.SiteRules("saved"))
    assert isinstance(article, Article), article.why
    page, found = label["id"].removeprefix(PREFIX), as_label(article, label)
    missed = {field: (value, found.get(field)) for field, value in expected(label).items() if found.get(field) != value}
    known = {field for number, field in KNOWN_MISSES if number == page}
    assert {field: pair for field, pair in missed.items() if field not in known} == {}
    assert known - missed.keys() == set(), "no longer missed: out of KNOWN_MISSES with it"
