"""The empty blocks of articles on their way to be filled: what is asked for next, and what an answer or its lack makes of a block."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Callable
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from scrapy import Request
from scrapy.http import Response
from scrapy.spidermiddlewares.httperror import HttpError

from newscrawl.extract import fills
from newscrawl.extract.fills import NAMED, Fill
from newscrawl.extract.headings import CHOSEN
from newscrawl.extract.layers import extract
from newscrawl.extract.page import Page
from newscrawl.items import Article, Ask, Block
from newscrawl.middlewares import ALSO, OffSite
from newscrawl.render import DOCUMENT, FAILED, Unavailable
from newscrawl.robots import Disallowed

if TYPE_CHECKING:
    from newscrawl.spider import NewsSpider

logger = logging.getLogger(__name__)

UNANSWERED = "unanswered"
"""Flag of an article of which a block is to be asked for again by the next run."""

IN_VAIN = 5
"""Requests in a row that an endpoint did not answer; after that, a run asks it for nothing more."""

LASTING = (404, 410)
"""Answers that will be the same tomorrow: there is nothing for this article."""


class Filling:
    """What one spider's run does about blocks that scripts fill."""

    def __init__(self, spider: NewsSpider) -> None:
        self.spider = spider
        self._vain: Counter[str] = Counter()
        self._documents: dict[int, Response] = {}

    def keep(self, article: Article, response: Response) -> None:
        """Keep the page of an article for as long as a browser may be asked to run its scripts."""
        if self.spider.render and self._waiting(article):
            self._documents[id(article)] = response

    def request(
        self, article: Article, answered: Callable[..., Any], rendered: Callable[..., Any], failed: Any
    ) -> Request | None:
        """The next request for the links of an article's empty blocks, ``None`` where nothing is left to ask for.

        One request a block; then, where the site asks for it, the browser for what is still empty, once. None is filtered as seen, and
        each is sent before what comes next: an answer is its article's own.
        """
        meta: dict[str, Any] = {"found_on": article.url, "dont_retry": True}
        how: dict[str, Any] = {"errback": failed, "cb_kwargs": {"article": article}, "priority": 10, "dont_filter": True}
        if (asking := self._asking(article)) is not None:
            ask = asking.asks[0]
            meta |= {"kind": "fill", "fill": ask.fill, ALSO: tuple(filter(None, (self._fill(ask).host,)))}
            headers = {"Referer": article.visit.url} if article.visit else {}
            return Request(ask.url, answered, headers=headers, meta=meta, **how)
        document = self._documents.pop(id(article), None)
        if document is None or not self._waiting(article):
            return None
        return Request(document.url, rendered, meta=meta | {"kind": "browser", DOCUMENT: document}, **how)

    def answered(self, response: Response, article: Article) -> None:
        """Fill the block that an answer is for: the first that waits for one."""
        block, ask = self._take(article)
        links = fills.read(self._fill(ask), response.body, _charset(response), response.url, article)
        if links is None:
            self._vain[_endpoint(ask.url)] += 1
            self._unanswered(article, block, f"{ask.url}: the answer holds no list of links", again=True)
            return
        self._vain.pop(_endpoint(ask.url), None)
        block.links, block.filled_by = links, "endpoint"
        self._count("endpoint")

    def rendered(self, response: Response, article: Article) -> None:
        """Fill the blocks that are still empty from a page as a browser shows it."""
        page = Page(response.body, response.url, charset="utf-8", now=fills.clock(article))
        shown = extract(page, self.spider.layouts).blocks
        for block in self._waiting(article):
            found = next((one for one in shown if one.links and (one.kind, one.heading) == (block.kind, block.heading)), None)
            if found is not None:
                block.links, block.filled_by = found.links, "browser"
                self._count("browser")
            elif failed := response.meta.get(FAILED):
                why, again = failed
                self._unanswered(article, block, f"{response.url}: in the browser {why}", again=again)
            elif block.filled_by == "page":
                # The script ran and wrote nothing.
                block.filled_by = "browser"
        self._settle(article)

    def failed(self, request: Request, error: BaseException | None) -> None:
        """A request that came to nothing: the block stays empty, and is asked for again later unless the answer would be the same."""
        article: Article = request.cb_kwargs["article"]
        why = f"{type(error).__name__}: {error}".strip(": ")[:200]
        again = not isinstance(error, OffSite | Unavailable) and not (isinstance(error, Disallowed) and not error.temporary)
        if isinstance(error, HttpError):
            why = f"HTTP {error.response.status}"
            again = error.response.status not in LASTING
        if request.meta["kind"] == "browser":
            for block in self._waiting(article):
                self._unanswered(article, block, f"{request.url}: {why}", again=again)
            return
        block, ask = self._take(article)
        if again:
            self._vain[_endpoint(ask.url)] += 1
        self._unanswered(article, block, f"{ask.url}: {why}", again=again)

    def is_spent(self, request: Request) -> bool:
        """Whether a request is for an endpoint that has not answered for so long that it had better wait for the next run."""
        return request.meta.get("kind") == "fill" and self._vain[_endpoint(request.url)] >= IN_VAIN

    # -- parts of the above

    def _fill(self, ask: Ask) -> Fill:
        return self.spider.fills[ask.fill - 1] if 0 < ask.fill <= len(self.spider.fills) else NAMED

    @staticmethod
    def _asking(article: Article) -> Block | None:
        """The block that is asked for next, or now."""
        return next((block for block in article.blocks if block.asks and not block.links), None)

    def _take(self, article: Article) -> tuple[Block, Ask]:
        """The block that was asked for, and how; it is not asked for any more."""
        block = self._asking(article)
        assert block is not None
        ask, block.asks = block.asks[0], []
        return block, ask

    def _waiting(self, article: Article) -> list[Block]:
        """The blocks that a browser could fill: recommended or related, empty, and no endpoint said that they are."""
        return [block for block in article.blocks if not block.links and block.kind in CHOSEN and block.filled_by != "endpoint"]

    def _unanswered(self, article: Article, block: Block, why: str, *, again: bool) -> None:
        block.filled_by = "unanswered"
        if again and UNANSWERED not in article.flags:
            article.flags.append(UNANSWERED)
        if article.visit is not None:
            # The next look has to read the page, whether changed or not: without this it asks for what has changed alone.
            article.visit.read_by = None
        self._count("unanswered")
        logger.info("%s (%s) of %s is unanswered: %s", block.heading or "a block", block.kind, article.url, why)

    @staticmethod
    def _settle(article: Article) -> None:
        """The flag goes where a browser has filled what an endpoint did not."""
        if UNANSWERED in article.flags and not any(block.filled_by == "unanswered" for block in article.blocks):
            article.flags.remove(UNANSWERED)

    def _count(self, what: str) -> None:
        stats = self.spider.crawler.stats if getattr(self.spider, "crawler", None) is not None else None
        if stats is not None:
            stats.inc_value(f"fills/{what}")


def _endpoint(url: str) -> str:
    """What addresses of one endpoint have in common: host and folder."""
    parts = urlsplit(url)
    return parts.netloc + parts.path.rpartition("/")[0]


def _charset(response: Response) -> str | None:
    kind = (response.headers.get(b"Content-Type") or b"").decode("latin-1").lower()
    return kind.partition("charset=")[2].strip(" \"'") or None
