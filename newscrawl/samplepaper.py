"""The sample site's third host: an invented city paper on a CMS like 方正翔宇 (Founder), for which there is no site file.

What `newscrawl new-site` is shown on. Texts, names and figures are made up; ``paper.json`` is the truth.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime
from email.utils import format_datetime
from html import escape
from pathlib import Path
from string import Template
from typing import Any, NamedTuple

from newscrawl.days import SHANGHAI

HOST = "www.haibinrb.example"


class Answer(NamedTuple):
    """What one address answers: its path, its content type, its body, when it last changed."""

    path: str
    kind: str
    body: bytes
    at: datetime


def truth(folder: Path) -> dict[str, Any]:
    """The paper as data: its channels, its articles, newest first."""
    found: dict[str, Any] = json.loads((folder / "paper.json").read_text("utf-8"))
    return found


def path_of(article: dict[str, Any]) -> str:
    """Where an article stands on its host."""
    day = article["published"]
    return f"/{article['channel']}/{day[:7]}/{day[8:10]}/content_{article['id']}.htm"


def answers(folder: Path) -> Iterator[Answer]:
    """Every address of the paper; ``folder`` holds its data and its templates."""
    paper = truth(folder)
    articles, channels = paper["articles"], paper["channels"]
    page = Template((folder / "paper-article.html").read_text("utf-8"))
    lists = Template((folder / "paper-list.html").read_text("utf-8"))
    nav = '<li><a href="/">首页</a></li>' + "".join(
        f'<li><a href="/{channel}/">{name}</a></li>' for channel, name in channels.items()
    )
    last = _at(articles[0])
    html = "text/html; charset=utf-8"

    def listing(title: str, blocks: list[str]) -> bytes:
        return lists.substitute(title=title, nav=nav, blocks="\n".join(blocks)).encode()

    for number, (channel, name) in enumerate(channels.items()):
        own = [article for article in articles if article["channel"] == channel]
        yield Answer(f"/{channel}/", html, listing(f"{name}-{paper['name']}", [_block(name, own)]), _at(own[0]))
        for article in own:
            near = [other for other in own if other is not article][:3]
            far = [{"title": a["title"], "url": path_of(a)} for a in articles if a["channel"] != channel][:4]
            yield Answer(
                f"/api/related/{article['id']}.json", "application/json", json.dumps(far, ensure_ascii=False).encode(), last
            )
            values = {key: escape(value, quote=False) for key, value in article.items() if isinstance(value, str)}
            values["writer"] = f'<span class="writer">记者 {values["writer"]}</span>' if values["writer"] else ""
            body = "\n".join(f"<p>{escape(text, quote=False)}</p>" for text in article["body"])
            rest = {"channel": name, "node": str(301 + number), "nav": nav, "body": body, "related": _items(near)}
            yield Answer(path_of(article), html, page.substitute(values | rest).encode(), _at(article))
    blocks = [_block(name, [a for a in articles if a["channel"] == channel][:6]) for channel, name in channels.items()]
    yield Answer("/", html, listing(f"{paper['name']}_{paper['house']}主办", blocks), last)
    for path, title in (("/about/", "关于我们"), ("/about/lianxi.html", "联系我们"), ("/about/jubao.html", "举报专区")):
        yield Answer(path, html, listing(f"{title}-{paper['name']}", [f"<h1>{title}</h1><p>示例页面。</p>"]), last)
    yield Answer("/robots.txt", "text/plain", b"User-agent: *\nDisallow: /admin/\n", last)
    yield Answer("/rss.xml", "text/xml", _feed(paper).encode(), last)


def _at(article: dict[str, Any]) -> datetime:
    return datetime.fromisoformat(article["published"]).replace(tzinfo=SHANGHAI)


def _items(articles: list[dict[str, Any]]) -> str:
    return "\n".join(
        f'<li><a href="{path_of(a)}">{escape(a["title"], quote=False)}</a><span>{a["published"][:10]}</span></li>'
        for a in articles
    )


def _block(name: str, articles: list[dict[str, Any]]) -> str:
    return f'<div class="block"><h3>{name}</h3><ul class="list">\n{_items(articles)}\n</ul></div>'


def _feed(paper: dict[str, Any]) -> str:
    lines = [f"<title>{paper['name']}</title><link>http://{HOST}/</link><description>{paper['name']}</description>"]
    for article in paper["articles"]:
        link = f"http://{HOST}{path_of(article)}"
        words = f"<title>{escape(article['title'])}</title><link>{link}</link><guid>{link}</guid>"
        lines.append(f"<item>{words}<pubDate>{format_datetime(_at(article))}</pubDate></item>")
    items = "\n".join(lines)
    return f'<?xml version="1.0" encoding="utf-8"?>\n<rss version="2.0"><channel>\n{items}\n</channel></rss>\n'
