"""What one link is, by its words and its address: an item of a list of articles, a way to one ([详细]), or neither."""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import islice
from typing import Literal, NamedTuple

from newscrawl.extract.elements import NO_USES, short_text, texts_of, uses_of
from newscrawl.extract.page import UNSEEN_TAGS, Element
from newscrawl.extract.text import clean

# -- what short texts in and beside links are

MORE = re.compile(
    r"[\[【(（<>»›+\s.…·]*(?:(?:查看|点击|阅读|浏览|加载|显示|展开|了解|进入|返回|更多)(?:更多|全部|首页|顶部|图集|剩余|列表|.{0,4}(?:频道|首页|栏目|专区|新闻|文章|精彩|内容|资讯|视频|图片))?"
    r"|.{0,2}更多.{0,2}|more|换一[批换组页]|下?上?一[页篇条组张].{0,2}|[首尾末]页|全部|收藏|分享|打印|关闭|广告|推广|举报|登录|注册|回复|点赞|不感兴趣|评论|\d{1,3})[\]】)）<>»›+\s.…]*",
    re.I,
)
DETAIL = re.compile(
    r"[\[【(（<>»›\s.…]*(?:查看|点击|阅读)?(?:详细(?:内容|信息|报道)?|详情|全文|原文|details?|read\s?more)[\]】)）<>»›\s.…]*",
    re.I,
)
_NEIGHBOUR = re.compile(r"[<«‹\s]*[上下前后]一[篇条则页组张个]")
COUNT = re.compile(
    r"\d*\s*[条个人次万]?\s*(?:评论|跟[贴帖]|回复|参与|阅读|点赞|浏览|收藏|人气|点击|播放)\s*[:：]?\s*[\d.万+]*\s*[·⋅|]?|\d+\s*[条个次人赞万]"
)
_APP = re.compile(r".{0,8}(?:客户端|APP|扫一扫|二维码|公众号|订阅号|小程序).{0,6}", re.I)
BRACKETED = re.compile(r"[\[【(（〔].{1,6}[\]】)）〕]")
# A site's licences at its foot: 互联网新闻信息服务许可证：…, 鲁ICP备…号.
_LICENCE = re.compile(
    r"许可证(?:编?号)?\s*[:：]|^(?:互联网新闻信息服务|增值电信业务经营|信息网络传播视听节目|网络文化经营|广播电视节目制作经营)许可证"
    r"|ICP[备证]|公网安备|^备案(?:编?号|序号)?[:：]",
    re.I,
)
_LABELLING = re.compile(r".{1,12}[丨｜|：:]\s*")
SENTENCE = re.compile(r"[。！？!?；;]")
SEPARATOR = re.compile(r"[\s|｜/·•●■◆▪▶►»›>◎○□☆★※*+\-—_,，、;；:：.。\[\]【】()（）]*")
_PIPE = re.compile(r"\s*[|｜]\s*")
_ATTRIBUTE_LABEL = re.compile(r"^(?:文章)?标题\s*[:：]\s*")

# -- what addresses lead to

_ADDRESSED = frozenset("/.hH")
_SCRIPTED = re.compile(r"\s*(?:$|#|javascript:|mailto:|tel:|data:|void)", re.I)
# Files that are pages.
_PAGES = (".html", ".htm", ".shtml")
# Comments, accounts, searches, tags, shops and ads, told by host and folder; then by file and query.
_FOREIGN_FOLDER = re.compile(
    r"//(?:[\w-]+\.){0,3}(?:comments?|commentslist|tie|passport|login|search|tags?|ads?|adv|cpro|pos|union|pgg|click)\."
    r"|[/.](?:doubleclick|googlesyndication|mediav|tanx|taobao|tmall|360buy|suning|miaozhen|admaster)\.|[/.]jd\.com/"
    r"|/(?:tags?|keywords?|search|comments?|login|register|passport|users?|space|profile|authors?|download|feedback|aboutus|about|contact|rss|guestbook|adclick|ads?)/"
    r"|/c/user/",
    re.I,
)
_FOREIGN_FILE = re.compile(
    r"^(?:tags?|keywords?|search|comments?|login|register|passport|users?|rss|guestbook|adclick|profile|author|space)(?:\.\w{2,5})?(?:\?|$)|#comment|[?&](?:q|wd|kw|keywords?|tag)="
    r"|\.(?:docx?|pdf|xlsx?|pptx?|wps|zip|rar|7z|apk|exe|mp[34]|jpe?g|png|gif|ofd)(?:\?|$)",
    re.I,
)
_PUBLISHER = re.compile(r"/(?:users?|profile|authors?|space|c/user|media)(?:[/.?]|$)", re.I)
_GOODS = re.compile(r"/(?:courses?|goods|products?|shop|mall|lessons?|live|games?)(?:[/.?]|$)", re.I)
_ARTICLE = re.compile(
    r"\d{4}|[?&]\w{0,12}id=\w|/(?:detail|article|news|content|post|archives?|show|view)/|/[A-Za-z0-9]{10,}(?:\.s?html?)?/?$|/\d+/c\.html",
    re.I,
)
_ADDRESS_ATTRIBUTES = ("data-href", "data-url", "data-link")

# -- one link

Role = Literal["item", "detail", "other"]


class Anchor(NamedTuple):
    """A link as read: ``role`` says whether it may be an item's title, only leads to one ([详细]), or is no item at all;
    ``href`` is its address as written, ``article`` whether that looks like an article's; ``text`` is what a reader sees."""

    role: Role
    href: str
    text: str
    article: bool


_NONE = Anchor("other", "", "", False)


class Anchors(dict[Element, Anchor]):
    """The links of a page, each read when it is first asked for."""

    def __missing__(self, a: Element) -> Anchor:
        one = self[a] = _read(a)
        return one


def _read(a: Element) -> Anchor:
    if not len(a):
        text = clean(a.text or "")
    elif len(a) == 1 and not len(child := a[0]) and child.tag not in UNSEEN_TAGS:
        inner = child.text if isinstance(child.tag, str) else None
        text = clean(f"{a.text or ''}{inner or ''}{child.tail or ''}")
    else:
        text = clean("".join(texts_of(a)))
    text = text or attribute_title(a)
    says: Role = "item"
    if text and len(text) <= 20:
        says = _says(text)
    elif text and (_NEIGHBOUR.match(text) or (("证" in text or "备" in text) and _LICENCE.search(text))):
        says = "other"
    if says == "other":
        return _NONE
    href = a.get("href") or ""
    if href[:1] not in _ADDRESSED and _SCRIPTED.match(href):
        href = next((value for name in _ADDRESS_ATTRIBUTES if (value := a.get(name)) and not _SCRIPTED.match(value)), "")
        if not href:
            # Printed as an item but driven by a script: it stays, without an address.
            return Anchor("item", "", text, False) if _han(text) >= 8 else _NONE
    query = href.find("?")
    cut = (href.rfind("/") if query < 0 else href.rfind("/", 0, query)) + 1
    foreign, article, goods = _of_folder(href[: min(cut, 200)])
    if foreign or (not href.endswith(_PAGES) and _FOREIGN_FILE.search(href[cut:])):
        return _NONE
    if goods or _GOODS.search(href, max(min(cut, 200) - 1, 0)):
        article = False
    elif not article:
        article = is_article(href)
    if says == "detail":
        return Anchor("detail", href, "", article)
    if not text:
        return Anchor("item", href, "", article) if len(a) else _NONE
    if len(text) <= 4 and not (article and len(text) >= 3):
        return _NONE
    if len(text) < 12 and not article and not _path(href).strip("/"):
        return _NONE
    return Anchor("item", href, text, article)


@lru_cache(maxsize=8192)
def _says(text: str) -> Role:
    """What the short text of a link makes it, whatever its address; such texts recur."""
    if DETAIL.fullmatch(text):
        return "detail"
    other = (
        MORE.fullmatch(text) or _NEIGHBOUR.match(text) or _LICENCE.search(text) or COUNT.fullmatch(text) or BRACKETED.fullmatch(text)
        or (len(text) <= 14 and (_LABELLING.fullmatch(text) or _APP.fullmatch(text)))
    )  # fmt: skip
    return "other" if other else "item"


@lru_cache(maxsize=8192)
def _of_folder(folder: str) -> tuple[bool, bool, bool]:
    """Whether what stands in a folder of a host is no article, is one, is goods; a list's items mostly share theirs."""
    # A file follows, or the rest of a folder that was cut.
    path = _path(folder) + "-"
    return _FOREIGN_FOLDER.search(folder) is not None, _ARTICLE.search(path) is not None, _GOODS.search(path) is not None


def _path(href: str) -> str:
    """An address as written, its host off: what tells an article from a front page."""
    start = href.find("//", 0, 8)
    if start < 0:
        return href
    start = href.find("/", start + 2)
    return href[start:] if start > 0 else ""


def is_article(href: str) -> bool:
    """Whether an address as written looks like an article's."""
    return _ARTICLE.search(_path(href)) is not None


def is_goods(href: str) -> bool:
    """Whether an address as written leads to something for sale: a course, a game, a live show …"""
    return _GOODS.search(href) is not None


def attribute_title(a: Element) -> str:
    """The ``title`` attribute's first line; 动易 and its relatives write 标题：… and further lines into it."""
    value = a.get("title")
    if not value or value.isspace():
        return ""
    return clean(_ATTRIBUTE_LABEL.sub("", value.strip().splitlines()[0]))


def _han(text: str) -> int:
    return sum("\u3400" <= c <= "\u9fff" for c in text)


# -- links together


def is_list(items: list[Anchor], anchors: int, wanted: int) -> bool:
    """Whether links are a list of articles: so many addresses that look like articles', with titles, and little else."""
    titles: dict[str, int] = {}
    for one in items:
        if one.article:
            titles[one.href] = max(_han(one.text), titles.get(one.href, 0))
    good = sum(han >= 6 for han in titles.values())
    long = sum(han >= 8 for han in titles.values())
    return good >= wanted and 2 * long >= good >= 0.6 * len({one.href for one in items}) and 3 * good >= anchors - 4


def is_publisher(a: Element) -> bool:
    """Whether a link beside an item's leads to who published it."""
    return "source" in uses_of(a) or _PUBLISHER.search(a.get("href") or "") is not None


def is_apart(a: Element) -> bool:
    """Whether a link is an ad, a tag, or one of a row of short links parted by bars, beside or below an item."""
    parent = a.getparent()
    if parent is None or "ad" in uses_of(a):
        return True
    uses = uses_of(parent)
    if "tags" in uses:
        return True
    node: Element | None = parent
    for _ in range(3):
        if node is None or node.tag in ("ul", "ol", "body"):
            break
        if "ad" in uses:
            return True
        node = node.getparent()
        uses = NO_USES if node is None else uses_of(node)
    if not _has_bar(a.tail) and ((previous := a.getprevious()) is None or not _has_bar(previous.tail)):
        return False
    row = list(islice(parent.iterchildren("a"), 6))
    return any(node.tail and _PIPE.fullmatch(node.tail) for node in row) and all(len(short_text(node, 12)) <= 12 for node in row)


def _has_bar(text: str | None) -> bool:
    return text is not None and ("|" in text or "｜" in text)
