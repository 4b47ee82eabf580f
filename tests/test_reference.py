"""The page that the project was asked to handle: its text, rendered into both layouts, crawled, and compared to the letter.

The text is not part of the project; without it beside the project these tests are skipped.
"""

import json
import sqlite3

import pytest

from newscrawl import samplesite
from newscrawl.samplesite import Response, SampleArticle

CAPTIONS_BEFORE = {3: (0, 2), 9: (2, 4)}
"""Where the images stand: captions 1 and 2 after the third paragraph, 3 and 4 after the ninth, as the page's text shows."""


class OnePage:
    """A host with a front page and one article."""

    def __init__(self, article, body):
        self.article, self.body = article, body

    def answer(self, path, host, headers):
        html = {"Content-Type": "text/html"}
        if host != self.article.host:
            return Response(502, html, b"")
        if path == self.article.path:
            return Response(200, html, self.body)
        if path == "/":
            return Response(
                200, html, f'<html><body><ul><li><a href="{self.article.path}">x</a></li></ul></body></html>'.encode()
            )
        return Response(404, html, b"not found")


@pytest.fixture
def reference(shelf):
    path = shelf / "reference" / "weihai-2017-07-28.json"
    if not path.exists():
        pytest.skip("no reference page beside the project (../shared/reference)")
    return json.loads(path.read_text("utf-8"))


def as_sample(reference, layout, charset):
    captions = reference["captions"]
    body = []
    for number, text in enumerate(reference["body_paragraphs"][2:], 3):
        body.append({"heading" if text in reference["subheadings"] else "p": text})
        if number in CAPTIONS_BEFORE:
            first, last = CAPTIONS_BEFORE[number]
            body += [{"image": f"W02017072800000000{n}.jpg", "caption": captions[n]} for n in range(first, last)]
    links = [
        {
            "title": link["title"],
            "url": f"http://sd.dzwww.com/sdnews/201707/t20170728_1621{link['position']}.htm",
            "thumbnail": f"http://sd.dzwww.com/sdnews/201707/{link['thumbnail_name']}" if link["thumbnail_name"] else None,
            "summary": link["summary"],
            "time": link["published_raw"],
            "source": link["source"],
        }
        for link in reference["links"]
    ]
    return SampleArticle.of(
        {
            "id": reference["id"], "host": reference["site"], "layout": layout, "charset": charset, "title": reference["title"],
            "published": reference["published"], "source": reference["source"], "authors": reference["author"],
            "editors": reference["editors"], "lead": reference["lead"], "body": body, "recommended": links,
        }
    )  # fmt: skip


@pytest.mark.parametrize("charset", ["gb2312", "utf-8"])
@pytest.mark.parametrize("layout", ["2016", "2018"])
def test_every_field_to_the_letter(reference, run_newscrawl, tmp_path, layout, charset):
    article = as_sample(reference, layout, charset)
    render = samplesite.render_2016 if layout == "2016" else samplesite.render_2018
    with samplesite.running(OnePage(article, render(article))) as base:
        run_newscrawl("crawl", "weihai", "--delay", 0, proxy=base, check=0)
    connection = sqlite3.connect(tmp_path / "news.db")
    connection.row_factory = sqlite3.Row
    stored = connection.execute("SELECT * FROM articles").fetchall()
    assert len(stored) == 1
    row = dict(stored[0])
    assert row["url"] == article.url
    assert row["title"] == reference["title"]
    assert row["published_at"] == reference["published_at"]
    assert row["published_raw"] == reference["published"]
    assert row["published_precision"] == "second"
    assert row["source"] == reference["source"]
    assert row["lead"].split("\n") == reference["lead"]
    assert row["charset"] == ("gb18030" if charset == "gb2312" else "utf-8")
    lines = row["body_text"].split("\n")
    assert [line for line in lines if line not in reference["captions"]] == reference["body_paragraphs"]
    assert [line for line in lines if line in reference["captions"]] == reference["captions"]
    assert [f"<h3>{text}</h3>" in row["body_html"] for text in reference["subheadings"]] == [True] * len(reference["subheadings"])

    people = connection.execute("SELECT role, label, name FROM bylines ORDER BY role, position").fetchall()
    by_role = {}
    for role, label, name in people:
        by_role.setdefault(role, []).append({"role": label, "name": name} if role == "editor" else name)
    assert by_role == {
        "author": reference["author"],
        "reporter": reference["reporters"],
        "correspondent": reference["correspondents"],
        "editor": reference["editors"],
    }

    images = connection.execute("SELECT url, caption FROM images ORDER BY position").fetchall()
    assert [tuple(image) for image in images] == list(zip(article.images, reference["captions"], strict=True))

    links = connection.execute("SELECT * FROM article_links WHERE kind = 'recommended' ORDER BY position").fetchall()
    assert len(links) == len(reference["links"])
    for link, wanted, shown in zip(links, reference["links"], article.recommended, strict=True):
        assert link["heading"] == "推荐阅读"
        assert link["url"] == shown.url
        assert (link["thumbnail"] or "").rpartition("/")[2] == (wanted["thumbnail_name"] or "")
        for name in ("kind", "position", "title", "summary", "source", "published_raw", "published_at"):
            assert link[name] == wanted[name], name
    empty = [dict(block) for block in connection.execute("SELECT kind, heading FROM empty_blocks")]
    assert empty == reference["empty_blocks"]
    connection.close()


@pytest.mark.parametrize("layout", ["2016", "2018"])
def test_the_same_without_the_site_s_rules(reference, run_newscrawl, tmp_path, layout):
    article = as_sample(reference, layout, "gb2312")
    page = tmp_path / "page.html"
    page.write_bytes((samplesite.render_2016 if layout == "2016" else samplesite.render_2018)(article))
    done = run_newscrawl("extract", page, "--url", article.url, "--no-site-rules", check=0)
    found = json.loads(done.stdout)
    assert found["title"] == reference["title"]
    assert found["published_at"] == reference["published_at"]
    assert found["source"] == reference["source"]
    assert found["authors"] == reference["author"]
    assert found["reporters"] == reference["reporters"]
    assert found["correspondents"] == reference["correspondents"]
    assert found["editors"] == reference["editors"]
    assert found["paragraphs"] == reference["body_paragraphs"]
    assert found["lead"] == reference["lead"]
    assert found["subheadings"] == reference["subheadings"]
    assert [image["caption"] for image in found["images"]] == reference["captions"]
    recommended = [link for link in found["links"] if link["kind"] == "recommended"]
    assert [link["title"] for link in recommended] == [link["title"] for link in reference["links"]]
    assert found["empty_blocks"] == reference["empty_blocks"]
