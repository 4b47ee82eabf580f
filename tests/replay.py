"""Replays weeks of a site in seconds: run after run of the real spider against a server whose pages break as told.

    python tests/replay.py FOLDER 2018

Thirty healthy runs first, each with a few new articles; then, each on a copy of that database, one run per break. One process
crawls them all one after the other. A line of JSON for each run goes to standard output.
"""

import asyncio
import json
import os
import random
import re
import shutil
import sqlite3
import sys
from contextlib import closing
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

from faultserver import FaultServer, list_page, status

HOST = "weihai.dzwww.com"
HEALTHY = 30
CAPTCHA = "<html><head><title>安全验证</title></head><body><p>请输入验证码</p><input name='captcha'></body></html>"


def swap(*pairs):
    """A change of a page's markup: each pattern replaced."""

    def change(html):
        for pattern, by in pairs:
            html = re.sub(pattern, by, html, flags=re.S)
        return html

    return change


# What a site changes, by layout: the rule that no longer fits -> the page as it is then, and the field that suffers.
BREAKS = {
    "2016": {
        "title": (swap((r"<(/?)h[12]", r"<\1div")), "title"),
        "published": (swap(("pubtime_baidu", "time_x"), (r"20\d\d-\d\d-\d\d \d\d:\d\d(:\d\d)?", "今天"), (r'name="publishdate" content="[^"]*"', "")), "published_at"),
        "source": (swap(("source_baidu", "x1"), (r"来源：", ""), (r'<meta name="source"[^>]*>', "")), "source"),
        "author": (swap(("author_baidu", "x2"), (r"作者：", "")), "author"),
        "editors": (swap(("editor_baidu", "x3"), (r'class="editor?"', 'class="x"'), (r"(责任编辑|初审编辑|编辑)[：:]", "")), "editor"),
        "body": (swap(("news-con", "nc"), ("TRS_Editor", "TE")), "body_text"),
        "recommended": (swap(("推荐阅读", ""), (r'class="rec"', 'class="r1"'), (r"<dl>.*?</dl>", "")), "recommended"),
    },
    "2018": {
        "title": (swap((r"<(/?)h1", r"<\1div")), "title"),
        "byline": (swap((r'class="left"', 'class="l9"')), "published_at"),
        "source": (swap((r"来源[:：]\s*\S+", ""), (r'<meta name="source"[^>]*>', "")), "source"),
        "author": (swap((r"作者[:：]\s*\S+", ""), (r'<meta name="author"[^>]*>', "")), "author"),
        "editors": (swap((r'class="infor"', 'class="i9"'), (r"(责任编辑|初审编辑|编辑)[：:]", "")), "editor"),
        "body": (swap(("news-con", "nc")), "body_text"),
        "recommended": (swap((r'<ul class="tjyd">.*?</ul>', ""), (r'class="tjyd"[^>]*>.*?</ul>', ">")), "recommended"),
    },
}  # fmt: skip


class Paper:
    """The site as it goes on publishing."""

    def __init__(self, server, layout):
        from newscrawl.samplesite import Frame, SampleSite, render_2016, render_2018

        self.server, self.layout = server, layout
        self.draw = random.Random(5)
        self.models = [article for article in SampleSite().articles if article.body and article.recommended]
        self.render = {"2016": render_2016, "2018": render_2018}[layout]
        self.frame = Frame(channels={"news": "新闻"})
        self.published = []
        self.number = 0
        server.page(f"http://{HOST}/robots.txt", "")

    def publish(self, count, change=None):
        """So many new articles, newest first on the list."""
        for _ in range(count):
            self.number += 1
            model = self.draw.choice(self.models)
            at = datetime.now() - timedelta(days=200) + timedelta(minutes=self.number)  # noqa: DTZ005 - pages print local times
            article = replace(
                model, host=HOST, layout=self.layout, charset="utf-8", channel="news", number=str(17000000 + self.number),
                published=f"{at:%Y-%m-%d %H:%M:%S}", title=f"{model.title}（之{self.number}）", source=model.source or "大众网", copy_of=None, copy=None,
                body=[part for part in model.body if part.kind != "break"],
            )  # fmt: skip
            html = self.render(article, frame=self.frame).decode()
            self.server.page(article.url, (change or str)(html))
            self.published.insert(0, article.url)
        self.server.page(f"http://{HOST}/", list_page(self.published[:30]))


def run_of(database):
    with closing(sqlite3.connect(database)) as connection:
        row = connection.execute(
            "SELECT id, state, message, new, refused, exit_code, reason FROM runs ORDER BY id DESC LIMIT 1"
        ).fetchone()
    return dict(zip(("run", "state", "message", "new", "refused", "exit", "reason"), row, strict=True))


async def scenario(process, settings, folder, layout, server):
    from newscrawl.spider import SiteLoader

    async def crawl(database, label):
        settings.set("NEWSCRAWL_DB", str(database), priority="cmdline")
        crawler = process.create_crawler(SiteLoader.of(settings).sites["weihai"])
        crawler.settings.set("NEWSCRAWL_DB", str(database), priority="cmdline")
        await process.crawl(crawler)
        print(json.dumps({"label": label, **run_of(database)}, ensure_ascii=False), flush=True)

    paper = Paper(server, layout)
    healthy = folder / "healthy.db"
    for number in range(HEALTHY):
        # Now and then an hour brings nothing.
        paper.publish(0 if number % 7 == 6 else paper.draw.randint(2, 7))
        await crawl(healthy, "healthy")
    front = f"http://{HOST}/"
    shown = list(paper.published)
    for label, (change, _) in BREAKS[layout].items():
        database = folder / f"{label}.db"
        shutil.copy(healthy, database)
        paper.published = list(shown)
        paper.publish(14, change)
        await crawl(database, label)
        # And on the hour after, when nothing comes; and when it is mended.
        paper.publish(0)
        await crawl(database, f"{label}, an hour later")
        paper.publish(8)
        await crawl(database, f"{label}, mended")
    for label, handler in (
        ("list", status(200, list_page([]))),
        ("list gone", status(404)),
        (
            "front page moved behind a script",
            status(200, "<html><body><div id='app'></div><script src='/app.js'></script></body></html>"),
        ),
    ):
        database = folder / f"{label}.db"
        shutil.copy(healthy, database)
        server.on(front, handler)
        await crawl(database, label)
    database = folder / "captcha.db"
    shutil.copy(healthy, database)
    paper.published = list(shown)
    paper.publish(12, lambda _: CAPTCHA)
    await crawl(database, "captcha")


def main():
    folder, layout = Path(sys.argv[1]), sys.argv[2]
    os.environ["SCRAPY_SETTINGS_MODULE"] = "newscrawl.settings"
    from scrapy.crawler import AsyncCrawlerProcess
    from scrapy.utils.project import get_project_settings

    settings = get_project_settings()
    for name, value in {
        "DOWNLOAD_DELAY": 0,
        "AUTOTHROTTLE_ENABLED": False,
        "LOG_LEVEL": "ERROR",
        "RETRY_ENABLED": False,
        "NEWSCRAWL_READERS": 0,
    }.items():
        settings.set(name, value, priority="cmdline")
    with FaultServer() as server:
        os.environ["http_proxy"] = server.base
        os.environ.pop("no_proxy", None)
        process = AsyncCrawlerProcess(settings)

        async def all_of_it():
            from twisted.internet import reactor

            try:
                await scenario(process, settings, folder, layout, server)
            finally:
                reactor.stop()

        loop = asyncio.get_event_loop_policy().get_event_loop()
        task = []
        loop.call_soon(lambda: task.append(loop.create_task(all_of_it())))
        process.start(stop_after_crawl=False, install_signal_handlers=False)
        task[0].result()


if __name__ == "__main__":
    main()
