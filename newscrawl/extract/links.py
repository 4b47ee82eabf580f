"""The link blocks beside and below an article: 推荐阅读, 相关新闻, 热点排行, 精彩图集 … and what each of their items says.

A block is found by its heading (`HEADINGS`: words that Chinese news sites print, whatever their CMS), else by the name
that its container bears (``relate``, ``tuijian``, ``xgxw``, ``phb`` …), else by its shape and place: a list of article
links that follows the body. A heading without items is a block too, for it is there and a script fills it.

Two steps. `_Finder` says where blocks stand; its answer is kept per page, for `elements` and `blocks` ask for the same.
`_Items` then reads the items of a block. Nothing recurses, and every look around an element has a bound, so that a
hostile page costs no more than its size.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from itertools import count, islice
from typing import Literal, NamedTuple, cast
from weakref import WeakKeyDictionary

from newscrawl.extract import bylines, dates
from newscrawl.extract.page import UNSEEN_TAGS, Element, Page
from newscrawl.extract.text import clean
from newscrawl.items import Block, Link, LinkKind

# -- what headings say

_WHAT = "(?:新闻|资讯|阅读|报道|报导|链接|文章|推荐|专题|内容|稿件|信息|话题|视频|图片|图集|图文|组图|热点|事件|解读|文件|政策|主题|动态|消息|要闻|文档|帖子|作品)"

HEADINGS: tuple[tuple[LinkKind | None, str], ...] = (
    # Headed like a block of articles, but of something else: goods, words, files, people, buttons.
    (None, r"相关(?:搜索|标签|关键词|热词|股票|个股|产品|商品|下载|软件|服务|部门|机构|人员|人物|词条|评论|附件|企业|法律).*"),
    (None, r".*(?:友情|更多|复制|我要)链接.*|.*(?:搜索|标签|关键词|影院|点卡|跟[帖贴]|热词|客户端|公众号)"),
    (None, r"(?:开启|关闭|取消|已|减少|我要|设置|不再|不感兴趣|加入|扫码|停止|屏蔽|点击(?!排|最|量|率|榜)|查看|进入|返回|下载).*|.*(?:个性化|算法)推荐.*"),
    (None, r".*(?:游戏|图书|好书|书籍|商品|产品|商家|楼盘|车型|企业|品牌|应用|软件|账号|用户|课程|服务|套餐|旅店|酒店|职位|影片|广告|推广|赞助|购物|团购|好物|特价|电影|小说|网站|栏目)推荐.*"),
    # What an editor or a machine found to belong to this very article.
    ("related", rf"(?:更多|本文|其[他它]|最新|与此)?(?:相关|关联)的?{_WHAT}{{1,2}}"),
    ("related", r"(?:延伸|扩展|拓展|关联|参考|对照|主题)(?:阅读|链接|报道|新闻|文章)+|关键词阅读|(?:新闻|背景|资料|阅读)链接|链接(?:阅读|新闻)"),
    ("related", r"(?:新闻|事件|相关)背景|(?:此前|早前|前期|前情|后续|系列|追踪|连续)(?:报道|回顾|新闻|提要|阅读|文章)"),
    ("related", r"(?:同类|类似|相似|同主题|同专题)的?(?:新闻|文章|阅读|推荐|报道|内容|资讯)"),
    # Pictures and films beside it, whoever picked them.
    ("photo", r"(?!.*图书).{0,5}(?:图片|组图|图集|美图|图说|图库|热图|炫图|悦图|高清|影像|光影|摄影|视觉).{0,5}"),
    ("video", r".{0,5}(?:视频|播客|影音).{0,4}"),
    ("topic", r".{0,4}(?:专题|话题).{0,3}"),
    ("rank", r".{0,8}(?:排行|排名|热榜|榜单|榜).{0,4}"),
    # 热门推荐 is a choice, 热点推荐 and 热文推荐 are counts: that is how sites that print several of them fill them.
    ("recommended", r"(?:热门|精彩|精选|精华)推荐(?:阅读|文章|新闻)?|(?:精彩|精选|猜您)阅读|(?:好文)?荐[读文]"),
    ("hot", r".{0,4}(?:热点|热门|热新闻|热文|热帖|热议|热评|热读|最热|热搜|热推|热闻).{0,6}"),
    ("hot", r"(?:24|48|72|二十四)小?时?.{0,8}|[一本当今](?:周|月|日|天).{0,2}[热最].{0,6}|大家都?[在爱].{0,3}看|人气.{0,4}"),
    ("hot", r".{0,4}(?:点击|阅读|浏览|访问)量?最[多高].{0,4}"),
    # What the site chose for the reader.
    ("recommended", r"推荐(?:阅读|新闻|文章|资讯|内容|报道|稿件|关注|信息|图文|专栏|给[您你]|推荐)*"),
    ("recommended", r"[\u4e00-\u9fff]{1,6}推荐(?:阅读|新闻|文章|资讯|内容)?|[为给][您你](?:推荐|精选).{0,4}"),
    ("recommended", r".{0,3}猜[您你]?(?:会|还|可能)*(?:喜欢|想看|爱看|关心|感兴趣|在找).{0,4}"),
    ("recommended", r"(?:看了|看过|阅读)(?:又|还|本文|此文|该文|这篇|此).{0,10}|[您你](?:可能|也许|或许|还|也|会|应该)+(?:喜欢|感兴趣|想看|关注).{0,6}"),
    ("more", r"(?:今日|本网|最新|国内|国际|本地|社会|综合|频道|精彩|更多|独家|滚动|重要|重点|即时|焦点|实时|网站|各地|时政|编辑|小编){1,2}(?:要闻|新闻|资讯|消息|报道|头条|精选|文章|动态|内容|关注|更新|发布|快讯|焦点)"),
    ("more", r"往期(?:回顾|精彩|推荐|文章)|要闻|头条|(?:论坛|社区|博客).{0,5}|最新.{0,3}|.{2,4}(?:要闻|精选|速递|聚焦)"),
)  # fmt: skip
"""Headings by kind: the first pattern that fits a whole heading (white space, brackets and colons off) tells it.
``None``: this heads no block of articles."""

_HEADING = re.compile("|".join(f"(?P<k{i}>{pattern})" for i, (_, pattern) in enumerate(HEADINGS)))
_KIND_OF_GROUP = {f"k{i}": kind for i, (kind, _) in enumerate(HEADINGS)}

# What every such heading has in it somewhere.
_STEM = re.compile(
    "推荐|相关|关联|延伸|[扩拓]展|阅读|链接|背景|报道|回顾|同[类主专]|[类相]似|猜|喜欢|感兴趣|图|影像|光影|摄影|视觉|高清|视频|播客|影音|专题|话题"
    "|排行|排名|榜|热|小时|看[了过]|大家|要闻|新闻|资讯|消息|头条|精选|最新|论坛|社区|博客|速递|聚焦|人气|关注|动态|快讯"
)
# The second half of a heading that is cut in two for its colours (<span>热点</span><p>推荐</p>), and those of them that
# may as well head a list of their own.
_HALVES = frozenset("推荐 阅读 新闻 排行 排行榜 图片 图集 视频 专题 链接 文章 资讯 报道 精选 喜欢 热文 要闻".split())
_ALONE = frozenset("新闻 图片 图集 视频 专题 要闻".split())
# Off a heading before it is told: white space, brackets, bullets, colons, an English translation, its "more".
_DECORATION = dict.fromkeys(
    map(ord, " \t\r\n\u3000\xa0:：|｜·•―—-_>»›<《》〈〉【】[]「」『』（）()●■◆▶▪◎★☆✦\"'“”‖/、…\u200b\ufeff")
)
_TRAILER = re.compile(r"(?:查看更多|更多|换一[批换组])?[A-Za-z&.]*$")
_PHRASE = re.compile("[，,。！!；;]|[？?].")
_HAN_BLANK = re.compile(r"(?<=[\u4e00-\u9fff]) (?=[\u4e00-\u9fff])")
_UNKNOWN = re.compile(r"[\u4e00-\u9fff][\u4e00-\u9fffA-Za-z0-9·+/&|丨]{1,9}")

# -- what classes and ids say (English, or pinyin initials: xg 相关, tj 推荐, rd 热点, ph 排行)

_EDGES = (r"(?:^|[\s_-])", r"(?:$|[\s_\d-])")

_KINDS_OF_NAMES = re.compile(
    r"(?P<related>relat(?:ed?|ion)(?![a-z])|relat(?:ed?|ion)(?:news|read|art|post|link|list|box)|art\w*_relative|relread|xiangguan|xg(?:xw|yd|wz|lj|bd|zx)|{0}xg(?:nr|tj)?{1})"
    r"|(?P<rank>rank|paihang|{0}\w{{0,2}}ph(?:b|list)?{1}|{0}top\d+)"
    r"|(?P<photo>photo|tuji|tupian|{0}pic(?:s|list|new)?{1})"
    r"|(?P<video>video|shipin)"
    r"|(?P<hot>{0}hot(?![a-z])|hot[_-]?(?:news|list|article)|remen|redian|{0}rd(?:xw|tj|wz|ph){1}|rdtj)"
    r"|(?P<recommended>re(?:c|co)m+end|tuijian|guess|{0}(?:tj|tjyd|tjxw|cnxh|wntj|jctj|rmtj|xwtj|xgtj){1}|{0}tj\d)".format(
        *_EDGES
    ),
    re.I,
)

_USES = {
    # A heading's own line, not the box that holds heading and list; and the fewer names that make unknown words one.
    "line": r"{0}(?:tit|titles?|hd|head|header|heading|name|bt|caption|tabs?|top|column|h\d){1}|(?:title|tit|hd|head|name|_tt|_nav)(?:\d|$|\s)",
    "heading": r"{0}(?:tit|title|hd|head|heading|caption|bt){1}|(?:title|tit|hd|_tt|column_name)(?:\d|$|\s)",
    "tabs": r"tab|{0}(?:hd|titles?|menu\d?|nav|t|tit){1}|titles",
    # More than one block stands in these.
    "column": r"{0}(?:left|right|main|side|sidebar|aside|col|column|wrap|wrapper|container|center|content|page|layout|body|l|r){1}"
    r"|[a-z](?:left|right|side|main)(?:\d|$|\s)|(?:left|right|side|main)[_-]",
    "side": r"{0}(?:side|r){1}|right|aside|sidebar",
    "ad": r"{0}(?:ads?|adv|advert\w*|gg|guanggao|tuiguang|sponsor\w*|promo\w*|adbox|adsbygoogle|banner){1}",
    "foreign": r"foot(?!ball)|(?:^|\s|[mg]-)ft(?:$|\s)|copyright|bdshare|bshare|social|{0}(?:comments?|cmt|pinglun|liuyan|post_?comment|share|fenxiang|login|crumbs?|breadcrumb"
    r"|weizhi|friend\w*|flink|youqing|yqlj|search|toolbar|qr_?code|ewm|erweima|download|shengming|statement|disclaimer|sitemap){1}",
    "menu": r"{0}(?:nav|menu|header|topbar|top_?nav|crumbs?|breadcrumb|sitemap|map){1}|nav(?:bar|$|[\s_\d-])",
    "pager": r"{0}(?:pages|pager|page_?(?:bar|nav|num)|pagination|fenye|fy){1}",
    "clear": r"clear|{0}(?:cl|cf|cb|blank\d*|h\d+|line|column_line|space|hr){1}",
    "tags": r"{0}(?:tags?|keywords?|labels?|biaoqian|gjc){1}|tag-?(?:list|cloud)",
    "title": r"tit(?:le)?(?![a-z])|(?<!user)(?<!user[_-])(?<!author)(?<!author[_-])name",
    "source": r"source|{0}(?:src|from|media|ly|laiyuan|origin|author|site|pub\w*){1}",
    "summary": r"summ?ary|desc|intro|abstract|digest|brief|{0}(?:exp|zy|jj|jianjie|zhaiyao|info|txt|text|con|des){1}",
}  # fmt: skip
"""What names of any CMS say of an element's use."""

_USE_PATTERNS = {use: re.compile(pattern.format(*_EDGES), re.I) for use, pattern in _USES.items()}
_HIDDEN = re.compile(r"display\s*:\s*none", re.I)

# -- what links are

_MORE = re.compile(
    r"[\[【(（<>»›+\s.…·]*(?:(?:查看|点击|阅读|浏览|加载|显示|展开|了解|进入|返回|更多)(?:更多|全部|首页|顶部|图集|剩余|列表|.{0,4}(?:频道|首页|栏目|专区|新闻|文章|精彩|内容|资讯|视频|图片))?"
    r"|.{0,2}更多.{0,2}|more|换一[批换组页]|下?上?一[页篇条组张].{0,2}|[首尾末]页|全部|收藏|分享|打印|关闭|广告|推广|举报|登录|注册|回复|点赞|不感兴趣|评论|\d{1,3})[\]】)）<>»›+\s.…]*",
    re.I,
)
_CLOSING = {"[": "]", "【": "】", "(": ")", "（": "）", "〔": "〕"}
_DETAIL = re.compile(
    r"[\[【(（<>»›\s.…]*(?:查看|点击|阅读)?(?:详细(?:内容|信息|报道)?|详情|全文|原文|details?|read\s?more)[\]】)）<>»›\s.…]*",
    re.I,
)
_NEIGHBOUR = re.compile(r"[<«‹\s]*[上下前后]一[篇条则页组张个]")
_COUNT = re.compile(
    r"\d*\s*[条个人次万]?\s*(?:评论|跟[贴帖]|回复|参与|阅读|点赞|浏览|收藏|人气|点击|播放)\s*[:：]?\s*[\d.万+]*\s*[·⋅|]?|\d+\s*[条个次人赞万]"
)
_APP = re.compile(r".{0,8}(?:客户端|APP|扫一扫|二维码|公众号|订阅号|小程序).{0,6}", re.I)
_BRACKETED = re.compile(r"[\[【(（〔].{1,6}[\]】)）〕]")
_LABELLING = re.compile(r".{1,12}[丨｜|：:]\s*")
_LABELS = frozenset(
    "专题 视频 图集 组图 图片 直播 独家 置顶 热 新 荐 原创 快讯 推荐 广告 音频 图文 头条 要闻 评论 高清 VR 动图 数读 辟谣 海报 H5 微视频 图解 访谈 NEW HOT TOP".split()
)
_DURATION = re.compile(r"(?:\d{1,2}:)?\d{1,2}:\d{2}")
_INDEX = re.compile(r"\d{1,3}\s*[.、:：)图张]?")
_BULLET = re.compile(r"^[\s·•●■◆▪▶►»›>◎○□☆★※*+]+(?=\S)")
_SEPARATOR = re.compile(r"[\s|｜/·•●■◆▪▶►»›>◎○□☆★※*+\-—_,，、;；:：.。\[\]【】()（）]*")
_PIPE = re.compile(r"\s*[|｜]\s*")

_SCRIPTED = re.compile(r"\s*(?:$|#|javascript:|mailto:|tel:|data:|void)", re.I)
# An address that needs no joining and no checking: what page.absolute would give back as it is.
_PAGES = (".html", ".htm", ".shtml")
_PLAIN = re.compile(r"https?://[a-z0-9][a-z0-9.-]*(?:/[!-\[\]-~]*)?")
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
_IMAGE_ATTRIBUTES = (
    "data-original",
    "data-src",
    "data-lazy-src",
    "data-lazy",
    "lazy-src",
    "lazysrc",
    "data-echo",
    "_src",
    "original",
    "src",
)
_NO_IMAGE = re.compile(r"blank|loading|placeholder|spacer|lazy|gr[ae]y|icon|play|arrow|dot\.|transparent|default", re.I)

# -- what an item's texts are

_CUT = re.compile(r"\s*(?:…+|⋯+|\.{2,}|。。+)$")
_ATTRIBUTE_LABEL = re.compile(r"^(?:文章)?标题\s*[:：]\s*")
_TIMEISH = re.compile(r"\d\s*[-/.年月:：]\s*\d|\d\s*(?:秒|分钟|小时|天|日)前|刚刚|昨[天日]|前天|今[天日]|\d月")
_CLOCK = re.compile(r"\d{1,2}[:：-]\d{2}(?:[:：]\d{2})?")
_SOURCE_LABEL = re.compile(r"(?:来源|稿源|来自|出处|作者)\s*[于自]?\s*[:：]")
_SENTENCE = re.compile(r"[。！？!?；;]")
_RIM = " |｜·•⋅-—[]()（）【】"

_BLOCK_TAGS = frozenset(
    "p div li ul ol dl dt dd td th tr table tbody section article aside figure figcaption blockquote center form h1 h2 h3 h4 h5 h6 body".split()
)
_LINE_TAGS = frozenset("p li dl dt dd a tr ul ol table b strong font span h2 h3 h4 h5 h6 br".split())
_HEADING_TAGS = frozenset("h2 h3 h4 h5 h6".split())
_TITLE_TAGS = frozenset("h1 h2 h3 h4 h5 h6 strong b dt".split())
_NO_HEADING_TAGS = frozenset("li ul ol a em i td tr body html input p img".split())
_FIELD_TAGS = UNSEEN_TAGS | {"input", "button", "label", "form", "option", "title", "meta", "link", "br", "img", "hr"}
# After these a heading may stand as bare text: an icon, an anchor, a line break, half of its words.
_TAILED_TAGS = frozenset("a b br em font i img ins span strong u script hr div input small label".split())
_NO_LINES = frozenset("li dd dt ul ol tr table nav header body".split())
_SILENT_TAGS = frozenset("script style meta link title head html noscript option input base".split())

LONGEST_HEADING = 14
"""Characters of the longest heading that is believed to be one."""
LONGEST_TEXT = 26
"""The same with its brackets, its blanks and its English."""
MAX_HEADINGS = 120
"""Headings read on one page; real ones have under 60."""
MAX_CLIMB = 6
"""Steps from a heading to the element beside which its list stands; real pages need four."""
MAX_TOPS = 8
"""Elements of one item that stand apart: image, title, summary …"""
MAX_DEPTH = 16
"""Steps from a link to the element that holds its item."""
MAX_TITLE = 200
"""Characters of the longest text that is believed to be a title."""
MAX_LINKS = 200
"""Items read of one block."""
MAX_UNHEADED = 15
"""Links of the longest list that follows a body without a heading and is still taken as recommended with it."""

_CHOSEN = ("recommended", "related")
"""The kinds that belong to an article; an empty block of another kind tells nothing."""

Role = Literal["item", "detail", "other"]


class _Anchor(NamedTuple):
    """A link as read: ``role`` says whether it may be an item's title, only leads to one ([详细]), or is no item at all;
    ``href`` is its address as written, ``article`` whether that looks like an article's; ``text`` is what a reader sees."""

    role: Role
    href: str
    text: str
    article: bool


_NONE = _Anchor("other", "", "", False)


class _Heading(NamedTuple):
    """A text that heads a block: ``element`` holds it; ``after`` is the child whose tail it is, if it is one;
    ``inside``: what follows it within ``element`` may be its list. ``kind`` ``None``: unknown words in a heading's place."""

    order: int
    kind: LinkKind | None
    text: str
    element: Element
    after: Element | None
    inside: bool


@dataclass(slots=True)
class _Found:
    """Where a block stands: ``parts`` make it up, heading included, ``roots`` hold its items."""

    order: int
    kind: LinkKind
    heading: str | None
    parts: list[Element]
    roots: list[Element]
    host: Element | None = None


@dataclass(slots=True)
class _Scan:
    """What is known of a page's blocks; it holds elements but not the page, so that it dies with it."""

    found: list[_Found] = field(default_factory=list)
    anchors: dict[Element, _Anchor] = field(default_factory=dict)
    order: dict[Element, int] = field(default_factory=dict)
    claimed: set[Element] = field(default_factory=set)
    """Links that stand in a block."""
    hosts: set[Element] = field(default_factory=set)
    """Elements that hold a heading."""
    marks: set[Element] = field(default_factory=set)
    """The same and all that they stand in."""


_scans: WeakKeyDictionary[Page, _Scan] = WeakKeyDictionary()


# -- the two questions


def blocks(
    page: Page,
    *,
    body: Element | None = None,
    article: datetime | None = None,
    named: Sequence[tuple[LinkKind | None, Element]] = (),
) -> list[Block]:
    """Every link block of an article page.

    ``body`` is the element that holds the article's body: a list of article links after it is a block even without a
    heading. ``article`` is when the article appeared (aware): items print days without a year. ``named`` are containers
    that a site's or a family's rules know, each with its kind or ``None`` (its heading tells); they come first and are not
    found again. The others follow in the page's order.

    A block of 推荐 or 相关 that is headed but empty is there without links. Addresses are absolute http(s) ones; an item
    that a script opens has none but stays, as it is printed. Never raises.
    """
    scan = _scanned(page)
    items = _Items(page, scan, article)
    claimed: set[Element] = set()
    taken: set[Element] = set()
    out: list[Block] = []
    for kind, container in named:
        out += _named_blocks(scan, items, kind, container, claimed, taken)
    found = [one for one in scan.found if one.roots or taken.isdisjoint(one.parts)]
    found += _lines_of_links(page, scan, claimed)
    if body is not None:
        found += _after_body(page, scan, body, claimed, found)
    found.sort(key=lambda one: one.order)
    for one in found:
        links = items.read(one.roots, claimed)
        if links or not one.roots:
            out.append(Block(one.kind, one.heading, links))
    return _unique(out)


def elements(page: Page) -> list[Element]:
    """The elements that make up the page's link blocks, headings included, in its order: what a body leaves out.

    Links in running text are in none of them, nor is an element that holds a paragraph besides.
    """
    scan = _scanned(page)
    found = sorted([*scan.found, *_lines_of_links(page, scan, set())], key=lambda one: one.order)
    return list(dict.fromkeys(part for one in found for part in one.parts))


def kind_of(heading: str) -> LinkKind | None:
    """The kind of block that a heading announces (`HEADINGS`), ``None`` for words that announce none."""
    bare, kind = _told(heading)
    return kind if bare else None


# -- where blocks stand


def _scanned(page: Page) -> _Scan:
    scan = _scans.get(page)
    if scan is None:
        scan = _scans[page] = _Scan()
        _Finder(page, scan).run()
    return scan


@dataclass(slots=True)
class _Gathered:
    """What followed a heading: ``roots`` hold items; ``to_end``: nothing else follows them in their parent; ``waiting``:
    an empty element or a script, for items to come; ``prose``: running text; ``stopped``: by another block, a footer …"""

    roots: list[Element] = field(default_factory=list)
    to_end: bool = False
    waiting: bool = False
    prose: bool = False
    stopped: bool = False


class _Finder:
    """Finds the blocks of a page that have a heading or a telling name."""

    def __init__(self, page: Page, scan: _Scan) -> None:
        self.page = page
        self.scan = scan
        self.headings: list[_Heading] = []
        self.leading: set[Element] = set()
        """Elements that begin with a heading: they belong to that one, not to the one before."""
        self.frames: set[Element] = set()
        """The article's title and what holds it: no block reaches that far."""

    def run(self) -> None:
        for title in self.page.tags.get("h1", ())[:5]:
            if not _told("".join(islice(_texts(title), 4)))[1]:
                _mark(title, self.frames)
        self._read_headings()
        for heading in self.headings:
            _mark(heading.element, self.scan.marks)
            self.scan.hosts.add(heading.element)
            self._lead(heading)
        # From the end: an inner block takes its links before the one that stands around it.
        for heading in reversed(self._tabs()):
            self._follow(heading)
        self._by_name()
        self.scan.found.sort(key=lambda one: one.order)

    def _read_headings(self) -> None:
        told: list[tuple[Element, Element | None, str]] = []
        for tag, found in self.page.tags.items():
            if tag not in _SILENT_TAGS:
                for element in found:
                    text = element.text
                    if text and len(text) < 80 and 1 < len(text := text.strip()) <= LONGEST_TEXT and _told(text)[0]:
                        told.append((element, None, text))
            if tag in _TAILED_TAGS:
                for element in found:
                    text = element.tail
                    if text and len(text) < 80 and 1 < len(text := text.strip()) <= LONGEST_TEXT and _told(text)[0]:
                        host = element.getparent()
                        if host is not None:
                            told.append((host, element, text))
        images = [
            img for img in self.page.tags.get("img", ()) if (alt := img.get("alt")) and len(alt) <= LONGEST_TEXT and _told(alt)[1]
        ]
        seen: set[Element] = set()
        # Places of all elements in the page; links, too, for blocks that begin with one.
        order = self.scan.order = dict(zip(self.page.tree.iter("*"), count(), strict=False))
        for host, after, text in sorted(told, key=lambda one: order.get(one[0], 0)):
            if len(self.headings) >= MAX_HEADINGS:
                break
            heading = self._heading(host, after, text)
            if heading is None or heading.element in seen:
                continue
            if not heading.inside:
                # Put together from its halves: they are none by themselves.
                self.headings = [one for one in self.headings if one.element.getparent() is not heading.element]
                seen.update(islice(heading.element.iterdescendants("*"), 12))
            seen.add(heading.element)
            self.headings.append(heading)
        for image in images[:MAX_HEADINGS]:
            # An image that leads to an article is its thumbnail, whatever it is called.
            bare, kind = _told(image.get("alt") or "")
            if len(bare) >= 4 and not _within(image, "a", 2):
                self.headings.append(_Heading(order.get(image, 0), kind, clean(image.get("alt")), image, None, False))
        self._unknown(seen)
        self.headings.sort(key=lambda one: one.order)

    def _heading(self, host: Element, after: Element | None, text: str) -> _Heading | None:
        if host.tag in UNSEEN_TAGS:
            return None
        order = self.scan.order.get(host, 0)
        bare, kind = _told(text)
        if bare in _HALVES:
            parent = host if after is not None else host.getparent()
            if parent is not None and 2 <= len(parent) + bool(parent.text) <= 6:
                joined = "".join(islice(_texts(parent), 8))
                whole, told = _told(joined) if len(joined) < 80 else ("", None)
                first = whole.removesuffix(bare)
                # Two words that each head a list of their own are two tabs.
                tabs = bare in _ALONE and _told(first)[1]
                if told and first and first != whole and not tabs and self._is_heading(parent, told, whole):
                    return _Heading(order, told, _heading_text(joined), parent, None, False)
        if kind is None or not self._is_heading(host, kind, bare):
            return None
        if _continued(host, after) and not (kind in _CHOSEN and len(bare) >= 4):
            return None
        return _Heading(order, kind, _heading_text(text), host, after, True)

    def _is_heading(self, host: Element, kind: LinkKind, bare: str) -> bool:
        """Whether words that could head a block stand where a heading stands, not in a menu or a list's item."""
        strong = kind in _CHOSEN and len(bare) >= 4
        if len(bare) < 4:
            # Two characters (视频, 推荐) are a menu's word unless the markup says heading.
            above = host.getparent()
            if not (_is_line(host) or (above is not None and _is_line(above))) or _within(host, "li", 2):
                return False
        linked = False
        node: Element | None = host
        for step in range(12):
            if node is None:
                break
            tag = node.tag
            if tag in UNSEEN_TAGS or tag in ("nav", "footer", "button", "option"):
                return False
            if tag == "a":
                linked = True
                if _in_menu_row(node) or (not strong and _is_item(node, bare)):
                    return False
            elif tag == "li" and linked and _is_menu(node):
                return False
            uses = _uses(node)
            if uses and node not in self.frames and not (step < 2 and "line" in uses):
                # In a menu every word is a link; a word that is none may be a tab (ul#menu0 > li).
                if linked and ("foreign" in uses and step > 1 if strong else "menu" in uses):
                    return False
            elif "foreign" in uses and "menu" in uses:
                return False
            node = node.getparent()
        return True

    def _unknown(self, seen: set[Element]) -> None:
        """Words that no table knows, in a heading's place: they end the block before them, and may head one."""
        candidates: list[Element] = []
        for tag in ("h2", "h3", "h4", "h5"):
            candidates += self.page.tags.get(tag, ())[:60]
        for name, holders in self.page.classes.items():
            if len(holders) <= 24 and "heading" in _uses_of(name[:200]):
                candidates += holders
        for element in candidates:
            if element in seen or element.tag in _NO_HEADING_TAGS or len(element) > 3 or len(self.headings) >= MAX_HEADINGS:
                continue
            above = element.getparent()
            # A heading within an item is that item's title.
            if above is None or above.tag in ("li", "dd", "a", "td", "button"):
                continue
            words = [text for text in islice(_texts(element), 9) if not text.isspace()]
            if len(words) != 1 or not _UNKNOWN.fullmatch(text := clean(words[0])):
                continue
            if _DETAIL.fullmatch(text) or _HEADING.fullmatch(text) or _is_item(element, text):
                continue
            # 更多新闻 is a heading where it leads nowhere.
            if _MORE.fullmatch(text) and (len(text) < 4 or _within(element, "a", 2) or element.find(".//a") is not None):
                continue
            if any(node in seen or node.tag in _FIELD_TAGS for node in islice(element.iterdescendants("*"), 12)):
                continue
            seen.add(element)
            self.headings.append(_Heading(self.scan.order.get(element, 0), None, text, element, None, False))

    def _lead(self, heading: _Heading) -> None:
        node = heading.element
        if heading.after is not None and not _trivial_before(heading.after, including=True):
            return
        self.leading.add(node)
        for _ in range(MAX_CLIMB):
            parent = node.getparent()
            if parent is None or parent.tag in ("body", "html"):
                return
            if (parent.text and clean(parent.text)) or not _trivial_before(node):
                return
            self.leading.add(parent)
            node = parent

    def anchor(self, a: Element) -> _Anchor:
        return _anchor(self.scan, a)

    # -- one heading, one list

    def _follow(self, heading: _Heading) -> None:
        node = heading.element
        if heading.kind is None and not self._in_place(heading):
            return
        if heading.inside and (heading.after is not None or len(node)):
            rest = heading.after.itersiblings() if heading.after is not None else iter(node)
            gathered = self._gather(rest, node, leads=False)
            if gathered.roots:
                whole = gathered.to_end and node in self.leading
                self._add(heading, [node] if whole else gathered.roots, gathered.roots)
                return
            if gathered.prose or (heading.after is not None and node not in self.leading):
                return
        for step in range(MAX_CLIMB):
            parent = node.getparent()
            if parent is None or parent.tag == "html" or node in self.frames:
                break
            leads = node in self.leading and parent in self.leading
            gathered = self._gather(node.itersiblings(), parent, leads=leads)
            if gathered.roots:
                whole = gathered.to_end and parent in self.leading and parent not in self.frames
                self._add(heading, [parent] if whole else [node, *gathered.roots], gathered.roots)
                return
            if gathered.prose:
                return
            # A box that its name tells is the block, not the line of its heading: what follows it is another's.
            boxed = step > 0 and _kind_of_names((node,)) is not None and "line" not in _uses(node)
            if gathered.stopped or boxed or parent not in self.leading:
                break
            node = parent
            if gathered.waiting:
                break
        # Nothing there: only what surely heads a block of articles is one that waits for its script.
        if heading.kind in _CHOSEN and len(_told(heading.text)[0]) >= 4 and self._in_place(heading):
            self.scan.found.append(_Found(heading.order, heading.kind, heading.text, [node], [], heading.element))

    def _in_place(self, heading: _Heading) -> bool:
        """Whether a heading stands outside menus, headers, footers and what else has headings of its own."""
        node: Element | None = heading.element
        for _ in range(10):
            if node is None:
                break
            if node.tag in ("a", "nav", "header", "footer") or (node.tag == "li" and _is_menu(node)):
                return False
            uses = _uses(node)
            if "foreign" in uses or ("menu" in uses and "line" not in uses and node not in self.frames):
                return False
            node = node.getparent()
        return True

    def _add(self, heading: _Heading, parts: list[Element], roots: list[Element]) -> None:
        kind = heading.kind
        anchors = [a for root in roots for a in root.iter("a")]
        items = [one for a in anchors if a not in self.scan.claimed and (one := self.anchor(a)).role != "other"]
        if kind is None:
            # Unknown words head a block if a real list follows; the name of its box may tell what it is for.
            if not _is_list(items, len(anchors), 3):
                return
            kind = (_kind_of_names(parts) if len(parts) == 1 else None) or "more"
        elif kind not in _CHOSEN:
            # 视频 and 热点 head menus too: only what leads to articles is a block of that kind.
            good = {one.href for one in items if one.article or len(one.text) >= 10}
            if (
                not good
                or (len(good) < 2 and max(len(one.text) for one in items) < 8)
                or 2 * len(good) < len({one.href for one in items})
            ):
                return
        elif 2 * sum(not one.article for one in items) > len(items) and any(_GOODS.search(one.href) for one in items):
            kind = "more"
        self.scan.claimed.update(anchors)
        self.scan.found.append(_Found(heading.order, kind, heading.text, parts, roots, heading.element))

    def _gather(self, siblings: Iterable[Element], parent: Element, *, leads: bool) -> _Gathered:
        """What follows a heading, as far as it is its list."""
        out = _Gathered()
        entries: list[tuple[Element, tuple[str, str], bool]] = []
        pending: list[Element] = []
        between: set[tuple[str, str]] = set()
        gap = False
        for node in siblings:
            tag = node.tag
            if not isinstance(tag, str):
                continue
            if tag in UNSEEN_TAGS:
                # A script right after a heading writes its list.
                out.waiting = out.waiting or (tag == "script" and not entries)
                continue
            if node in self.leading or node in self.frames:
                out.stopped = True
                break
            uses = _uses(node)
            if "ad" in uses:
                gap = True
                continue
            if "foreign" in uses or tag in ("footer", "form"):
                out.stopped = True
                break
            anchors = [node] if tag == "a" else list(node.iter("a"))
            if "pager" in uses and len(anchors) < 40:
                continue
            items = [a for a in anchors if a not in self.scan.claimed and self.anchor(a).role != "other"]
            if items:
                if self._is_prose(node, anchors, items):
                    out.prose = not entries
                    out.stopped = True
                    break
                between.update(map(_signature, pending))
                entries += [(one, _signature(one), False) for one in pending]
                entries.append((node, _signature(node), gap))
                pending, gap = [], False
                if node in self.scan.marks and node not in self.scan.hosts:
                    out.stopped = True
                    break
                continue
            words = _short_text(node, 60)
            if not words:
                if "clear" in uses:
                    gap = gap or bool(entries)
                elif tag in _BLOCK_TAGS and tag != "p":
                    out.waiting = True
                    gap = gap or bool(entries)
            elif not entries:
                out.prose = not anchors and (len(words) > 40 or (len(words) > 12 and _SENTENCE.search(words) is not None))
                out.stopped = out.prose or node in self.scan.marks
                if out.stopped:
                    break
            elif tag in _HEADING_TAGS and not anchors:
                out.stopped = True
                break
            else:
                pending.append(node)
                if len(pending) > 3:
                    break
        if not entries:
            return out
        if pending and _signature(pending[0]) in between:
            entries.append((pending[0], _signature(pending[0]), False))
            pending = pending[1:]
        out.to_end = not out.stopped and sum(len(_short_text(one, 40)) for one in pending) < 30
        if not (out.to_end and leads and "column" not in _uses(parent) and parent.tag != "body"):
            run = _run(entries)
            out.to_end = out.to_end and run == len(entries)
            entries = entries[:run]
        roots = [one for one, _, _ in entries]
        # Of lists that a tab switches, the one that is shown.
        out.roots = [one for one in roots if not _hidden(one)] or roots
        return out

    def _is_prose(self, node: Element, anchors: list[Element], items: list[Element]) -> bool:
        """Whether an element is running text with links in it, not a list of links, titles and summaries."""
        inside = sum(len(self.anchor(a).text) for a in anchors)
        if inside >= 200 or (node.tag in ("ul", "ol", "li", "table") and inside > 24):
            return False
        total = 0
        for text in _texts(node):
            total += len(text.strip())
            if total > 250 * len(items) + inside + 60:
                return True
        if node.tag in ("p", "span", "font", "section") and total - inside > max(40, 2 * inside):
            return not any(self.anchor(a).role == "detail" for a in items) and node.find(".//img") is None
        return False

    # -- tabs

    def _tabs(self) -> list[_Heading]:
        """Pair headings that stand side by side with the lists below them; return the headings that are no tabs."""
        rows: dict[Element, list[tuple[Element, _Heading]]] = {}
        for heading in self.headings:
            tab, row = heading.element, heading.element.getparent()
            for _ in range(2):
                if row is None or len(row) != 1 or clean(row.text):
                    break
                tab, row = row, row.getparent()
            if row is not None and heading.kind is not None and 2 <= len(row) <= 12 and row.tag not in ("body", "html"):
                rows.setdefault(row, []).append((tab, heading))
        done: set[Element] = set()
        for row, pairs in rows.items():
            tabs = [node for node in row if isinstance(node.tag, str) and node.tag not in UNSEEN_TAGS]
            # Everything in the row is as short as a heading.
            texts = [_short_text(node, 20) for node in tabs]
            tabs = [node for node, text in zip(tabs, texts, strict=True) if text]
            if len(tabs) < 2 or max(map(len, texts)) > 12:
                continue
            tabs = [node for node in tabs if node.tag == tabs[0].tag]
            if len(pairs) < 2 and not (tabs[0].tag == "li" or "tabs" in _uses(row)):
                continue
            panels = self._panels(row, len(tabs))
            if len(panels) < 2 and len(pairs) < 2:
                continue
            for tab, heading in pairs:
                if tab in tabs and panels:
                    done.add(heading.element)
                    place = tabs.index(tab)
                    self._tab(heading, tab, panels[place] if place < len(panels) else None)
        return [heading for heading in self.headings if heading.element not in done]

    def _tab(self, heading: _Heading, tab: Element, panel: Element | None) -> None:
        if panel is not None and any(a not in self.scan.claimed and self.anchor(a).role != "other" for a in panel.iter("a")):
            self._add(heading, [tab, panel], [panel])
        elif heading.kind in _CHOSEN and self._in_place(heading):
            self.scan.found.append(_Found(heading.order, heading.kind, heading.text, [tab], [], heading.element))

    def _panels(self, row: Element, wanted: int) -> list[Element]:
        """The lists below a row of tabs, in their order: as many as tabs, or the one that is there."""
        node = row
        for _ in range(3):
            following: list[Element] = []
            for sibling in node.itersiblings():
                if sibling in self.leading or len(following) > 12:
                    break
                if not isinstance(sibling.tag, str) or sibling.tag in _FIELD_TAGS or sibling.tag in ("a", "span", "i", "em"):
                    continue
                if len(sibling) or clean(sibling.text) or "clear" not in _uses(sibling):
                    following.append(sibling)
            if following:
                if len(following) >= wanted and len({one.tag for one in following[:wanted]}) == 1:
                    return following[:wanted]
                panel = following[0]
                for _ in range(4):
                    inner = [
                        one
                        for one in panel
                        if isinstance(one.tag, str) and one.tag not in _FIELD_TAGS and one.tag not in ("a", "i", "em")
                    ]
                    inner = [one for one in inner if one.tag != "span" or len(one)]
                    if len(inner) == wanted and len({one.tag for one in inner}) == 1 and inner[0].tag not in ("li", "p", "dd"):
                        return inner
                    if len(inner) != 1:
                        break
                    panel = inner[0]
                return following[:1]
            parent = node.getparent()
            if parent is None or parent.tag in ("body", "html"):
                break
            node = parent
        return []

    # -- containers whose name tells them

    def _by_name(self) -> None:
        tried: set[Element] = set()
        names = [(name, holders) for name, holders in self.page.classes.items() if len(holders) <= 4]
        names += [(name, [element]) for name, element in self.page.ids.items()]
        for name, holders in names:
            kind = _kind_of_name(name[:200])
            if kind is None or "line" in _uses_of(name[:200]):
                continue
            for element in holders:
                if element not in tried and len(tried) < 40 and element.tag in _BLOCK_TAGS and element.tag not in ("li", "body"):
                    tried.add(element)
                    self._by_its_name(element, kind)

    def _by_its_name(self, element: Element, kind: LinkKind) -> None:
        scan = self.scan
        if element in self.frames or element in scan.marks or _hidden(element):
            return
        anchors = list(islice(element.iter("a"), 4 * MAX_LINKS))
        if not anchors or any(a in scan.claimed for a in anchors):
            return
        if not _is_list([one for a in anchors if (one := self.anchor(a)).role != "other"], len(anchors), 2):
            return
        node: Element | None = element
        for _ in range(8):
            if node is None:
                break
            if node.tag in ("nav", "header", "footer") or ("menu" in _uses(node) and node not in self.frames):
                return
            node = node.getparent()
        scan.claimed.update(anchors)
        scan.found.append(_Found(scan.order.get(anchors[0], 0), kind, None, [element], [element]))


def _run(entries: list[tuple[Element, tuple[str, str], bool]]) -> int:
    """How many of the elements that follow a heading in a column are one list: alike, or lines, with no gap between."""
    first = entries[0][1]
    kinds = {first}
    for place, (_, kind, apart) in enumerate(entries):
        if place and kind not in kinds and (apart or not (kind[0] in _LINE_TAGS or kind[1] == first[1])):
            return place
        kinds.add(kind)
    return len(entries)


def _mark(element: Element, marks: set[Element]) -> None:
    node: Element | None = element
    while node is not None and node not in marks:
        marks.add(node)
        node = node.getparent()


def _is_line(element: Element) -> bool:
    return (
        element.tag in _HEADING_TAGS
        or element.tag in ("dt", "th", "legend", "caption", "strong", "b")
        or "line" in _uses(element)
    )


def _is_menu(item: Element) -> bool:
    """Whether a list's item stands among other short links."""
    parent = item.getparent()
    if parent is None:
        return False
    others = [node for node in islice(parent, 8) if node is not item and node.tag == item.tag]
    short = [node for node in others if len(_short_text(node, 13)) <= 8 and node.find(".//a") is not None]
    return len(short) >= 2 or (len(short) == 1 and len(others) == 1)


def _in_menu_row(a: Element) -> bool:
    """Whether a link is one of several short ones side by side."""
    parent = a.getparent()
    if parent is None:
        return False
    row = list(islice(parent.iterchildren("a"), 6))
    return len(row) >= 3 and all(len(_short_text(node, 9)) <= 8 for node in row)


def _is_item(element: Element, text: str) -> bool:
    """Whether a short text leads to an article: a title, then, and no heading."""
    if len(text) <= 4:
        return False
    link = element if element.tag == "a" else element.find(".//a")
    node: Element | None = element
    for _ in range(3):
        if link is None and node is not None:
            node = node.getparent()
            link = node if node is not None and node.tag == "a" else None
    return link is not None and bool(_ARTICLE.search(_path(link.get("href") or "")))


def _continued(host: Element, after: Element | None) -> bool:
    """Whether more words of the same line follow a text: then it is no heading but the beginning of a sentence."""
    following = after.getnext() if after is not None else (host[0] if len(host) else None)
    for _ in range(3):
        if following is None or following.tag == "br" or following.tag in _BLOCK_TAGS:
            return False
        if following.tail and len(following.tail.strip()) > 12:
            return True
        following = following.getnext()
    return False


def _trivial_before(node: Element, *, including: bool = False) -> bool:
    """Whether nothing that a reader reads as content stands before an element in its parent."""
    previous = node if including else node.getprevious()
    for _ in range(8):
        if previous is None:
            return True
        if not including and previous.tail and len(previous.tail.translate(_DECORATION)) > 2:
            return False
        including = False
        if isinstance(previous.tag, str) and previous.tag not in UNSEEN_TAGS:
            words = _short_text(previous, 6)
            if len(words) > 4 and not _MORE.fullmatch(words):
                return False
            if not words and previous.find(".//img") is not None and previous.find(".//a") is not None:
                return False
        previous = previous.getprevious()
    return False


# -- blocks that rules name


def _named_blocks(
    scan: _Scan, items: _Items, kind: LinkKind | None, container: Element, claimed: set[Element], taken: set[Element]
) -> list[Block]:
    """The block in a container that rules know, or each of several; what is empty in it goes to ``taken``."""
    inside = [one for one in scan.found if any(_is_in(node, container) for node in (*one.parts, *one.roots))]
    around = [one for one in scan.found if any(_is_in(container, root) for root in one.roots)]
    taken.update(node for one in inside if not one.roots for node in one.parts)
    full = [one for one in inside if one.roots]
    out: list[Block] = []
    if len(full) > 1:
        for one in full:
            # What a heading says of its own list is nearer than what rules say of the column.
            told = kind if kind and one.kind == "more" else one.kind
            if found := items.read(one.roots, claimed):
                out.append(Block(told, one.heading, found))
        if kind is None:
            return out
    heading: str | None = None
    told_kind: LinkKind | None = None
    if not out:
        for one in (*full, *around, *inside):
            heading, told_kind = one.heading, one.kind
            break
        else:
            heading, told_kind = _first_heading(container)
    links = items.read([container], claimed)
    if links or (heading is not None and not out and not around):
        out.append(Block(kind or told_kind or _kind_of_names((container,)) or "more", heading, links))
    return out


def _first_heading(container: Element) -> tuple[str | None, LinkKind | None]:
    for element in islice(container.iter(*_HEADING_TAGS, "dt", "strong", "b", "span", "div", "p", "li"), 12):
        if (text := "".join(islice(_texts(element), 6))) and len(text) < 80 and (kind := kind_of(text)):
            return _heading_text(text), kind
    return None, None


# -- blocks without a heading


def _after_body(page: Page, scan: _Scan, body: Element, claimed: set[Element], found: list[_Found]) -> list[_Found]:
    """The list of article links that follows the body in its column or in the page."""
    busy = claimed.union(scan.claimed, (a for one in found for root in one.roots for a in root.iter("a")))
    node = body
    for _ in range(5):
        parent = node.getparent()
        if parent is None or node.tag == "body":
            break
        for sibling in node.itersiblings():
            if (
                not isinstance(sibling.tag, str)
                or sibling.tag in UNSEEN_TAGS
                or sibling.tag in ("footer", "nav", "aside", "form", "header")
            ):
                continue
            if _hidden(sibling) or not _uses(sibling).isdisjoint(("side", "foreign", "menu", "tags")):
                continue
            anchors = list(islice(sibling.iter("a"), 120))
            if len(anchors) < 3 or any(a in busy for a in anchors):
                continue
            if sum(bool(_ARTICLE.search(_path(a.get("href") or ""))) for a in anchors[:12]) < 3:
                continue
            read = [one for a in anchors if (one := _anchor(scan, a)).role != "other"]
            if not _is_list(read, len(anchors), 3) or not _mostly_links(sibling, read):
                continue
            boxes = list(islice(sibling.iter("div", "ul", "ol", "section"), 12))
            if any("foreign" in _uses(box) for box in boxes):
                continue
            kind = _kind_of_names((sibling, *boxes[:4]))
            if kind is None:
                # A long list, or one under words of its own, is what the site has besides, not what goes with the article.
                loose = len({one.href for one in read}) > MAX_UNHEADED or next(sibling.iter(*_HEADING_TAGS), None) is not None
                kind = "more" if loose else "recommended"
            return [_Found(scan.order.get(anchors[0], 0), kind, None, [sibling], [sibling])]
        node = parent
    return []


def _lines_of_links(page: Page, scan: _Scan, claimed: set[Element]) -> list[_Found]:
    """Rows of three or more article links, each alone on its line, among the paragraphs of a body (人民网 prints them so)."""
    rows: list[list[Element]] = []
    prose: dict[Element, bool] = {}
    parent: Element | None = None
    last: Element | None = None
    for a in page.tags.get("a", ()):
        line, above = a, a.getparent()
        if above is None or above.tag in _NO_LINES or a in scan.claimed or a in claimed:
            continue
        for _ in range(3):
            if above is None or above.tag not in ("b", "strong", "p", "font", "span", "em", "u", "h4") or not _sole(line, above):
                break
            line, above = above, above.getparent()
        if above is None or above.tag in _NO_LINES:
            continue
        if above not in prose:
            long = (len(_short_text(node, 60)) > 40 for node in islice(above.iterchildren("p"), 20))
            prose[above] = sum(long) >= 2
        if not prose[above] or not _own_line(line, above):
            continue
        if above is not parent or last is None or _next_line(last) is not line:
            parent = above
            rows.append([])
        rows[-1].append(line)
        last = line
    found = []
    for lines in rows:
        if len(lines) < 3:
            continue
        anchors = [a for line in lines for a in line.iter("a")]
        read = [one for a in anchors if (one := _anchor(scan, a)).role == "item"]
        if len(read) == len(anchors) and _is_list(read, len(anchors), 3):
            found.append(_Found(scan.order.get(anchors[0], 0), _kind_of_names(lines[:1]) or "related", None, lines, lines))
    return found


def _own_line(line: Element, above: Element) -> bool:
    """Whether nothing but white space and bullets stands before and after an element on its line."""
    previous = line.getprevious()
    before = above.text if previous is None else previous.tail
    return all(not text or text.isspace() or _SEPARATOR.fullmatch(text) for text in (before, line.tail))


def _sole(child: Element, parent: Element) -> bool:
    if len(parent) > 3 or any(node is not child and node.tag not in ("br", "img") for node in parent):
        return False
    return all(not text or text.isspace() or _SEPARATOR.fullmatch(text) for text in (parent.text, child.tail))


def _next_line(node: Element) -> Element | None:
    following = node.getnext()
    while following is not None and (following.tag in ("br", "img", "hr") or not isinstance(following.tag, str)):
        following = following.getnext()
    return following


def _is_list(items: list[_Anchor], anchors: int, wanted: int) -> bool:
    """Whether links are a list of articles: so many addresses that look like articles', with titles, and little else."""
    titles: dict[str, int] = {}
    for one in items:
        if one.article:
            titles[one.href] = max(_han(one.text), titles.get(one.href, 0))
    good = sum(han >= 6 for han in titles.values())
    long = sum(han >= 8 for han in titles.values())
    return good >= wanted and 2 * long >= good >= 0.6 * len({one.href for one in items}) and 3 * good >= anchors - 4


def _mostly_links(element: Element, items: list[_Anchor]) -> bool:
    inside = sum(len(one.text) for one in items)
    total = 0
    for text in _texts(element):
        total += len(text.strip())
        if total > 3 * inside + 100:
            return False
    return True


# -- one link


def _anchor(scan: _Scan, a: Element) -> _Anchor:
    known = scan.anchors.get(a)
    if known is None:
        known = scan.anchors[a] = _read_anchor(a)
    return known


def _read_anchor(a: Element) -> _Anchor:
    if not len(a):
        text = _tidy(a.text or "")
    elif len(a) == 1 and not len(child := a[0]) and child.tag not in UNSEEN_TAGS:
        inner = child.text if isinstance(child.tag, str) else None
        text = _tidy(f"{a.text or ''}{inner or ''}{child.tail or ''}")
    else:
        text = _tidy("".join(_texts(a)))
    text = text or _attribute_title(a)
    detail = False
    if text and len(text) <= 20:
        detail = _DETAIL.fullmatch(text) is not None
        if not detail and (
            _MORE.fullmatch(text) or _NEIGHBOUR.match(text) or _COUNT.fullmatch(text) or _BRACKETED.fullmatch(text)
            or (len(text) <= 14 and (_LABELLING.fullmatch(text) or _APP.fullmatch(text)))
        ):  # fmt: skip
            return _NONE
    elif text and _NEIGHBOUR.match(text):
        return _NONE
    href = a.get("href") or ""
    if _SCRIPTED.match(href):
        href = next((value for name in _ADDRESS_ATTRIBUTES if (value := a.get(name)) and not _SCRIPTED.match(value)), "")
        if not href:
            # Printed as an item but driven by a script: it stays, without an address.
            return _Anchor("item", "", text, False) if _han(text) >= 8 else _NONE
    cut = href.partition("?")[0].rfind("/") + 1
    if _is_foreign(href[: min(cut, 200)]) or (not href.endswith(_PAGES) and _FOREIGN_FILE.search(href[cut:])):
        return _NONE
    path = _path(href)
    article = _ARTICLE.search(path) is not None and not _GOODS.search(path)
    if detail:
        return _Anchor("detail", href, "", article)
    if not text:
        return _Anchor("item", href, "", article) if len(a) else _NONE
    if len(text) <= 4 and not (article and len(text) >= 3):
        return _NONE
    if len(text) < 12 and not path.strip("/"):
        return _NONE
    return _Anchor("item", href, text, article)


@lru_cache(maxsize=8192)
def _is_foreign(folder: str) -> bool:
    """Whether what stands in a folder of a host is no article; a list's items mostly share theirs."""
    return _FOREIGN_FOLDER.search(folder) is not None


def _path(href: str) -> str:
    """An address as written, its host off: what tells an article from a front page."""
    start = href.find("//", 0, 8)
    if start < 0:
        return href
    start = href.find("/", start + 2)
    return href[start:] if start > 0 else ""


def _is_ad(a: Element) -> bool:
    node: Element | None = a
    for _ in range(4):
        if node is None or node.tag in ("ul", "ol", "body"):
            break
        if "ad" in _uses(node):
            return True
        node = node.getparent()
    return False


# -- the items of a block


class _Piece(NamedTuple):
    """One text of an item: ``owner`` holds it, ``link`` is the link that it stands in."""

    text: str
    owner: Element
    link: Element | None


class _Items:
    """Reads the items of blocks: groups links that share an address, and tells title, summary, time and source apart."""

    def __init__(self, page: Page, scan: _Scan, article: datetime | None) -> None:
        self.page = page
        self.scan = scan
        self.article = article
        self.urls: dict[str, str | None] = {}

    def read(self, roots: Sequence[Element], claimed: set[Element]) -> list[Link]:
        """The items below ``roots``, but for links that another block ``claimed``; its own are claimed for it."""
        groups = self._groups(roots, claimed)
        if not groups:
            return []
        rooted = set(roots)
        tops = self._tops(rooted, groups)
        starts = {top[0] for top in tops}
        leading = self._time_leads(tops[0][0], rooted)
        links: list[Link] = []
        unlinked: set[str] = set()
        for group, top in zip(groups[:MAX_LINKS], tops, strict=False):
            beside = self._before(top[0], starts, rooted) if leading else self._after(top[-1], starts, rooted)
            link = self._link(group, top, beside)
            if link is None or (link.url is None and link.title in unlinked):
                continue
            if link.url is None:
                unlinked.add(link.title)
            link.position = len(links) + 1
            links.append(link)
        return links

    def _groups(self, roots: Sequence[Element], claimed: set[Element]) -> list[list[Element]]:
        """The links of each item: those that share an address, its fragment aside."""
        groups: dict[str, list[Element]] = {}
        for root in roots:
            for a in root.iter("a"):
                if a in claimed:
                    continue
                claimed.add(a)
                one = _anchor(self.scan, a)
                if one.role == "other" or self._in_heading(a) or _in_tags(a) or _is_ad(a):
                    continue
                key = url = self._url(one.href)
                if url is None:
                    key = "#" + one.text if one.text else None
                elif "#" in url:
                    base, _, fragment = url.partition("#")
                    key = url if fragment[:1] in ("/", "!") else base
                if key is not None:
                    groups.setdefault(key, []).append(a)
        return list(groups.values())

    def _url(self, href: str) -> str | None:
        if href not in self.urls:
            self.urls[href] = href if _PLAIN.fullmatch(href) else self.page.absolute(href)
        return self.urls[href]

    def _in_heading(self, a: Element) -> bool:
        parent = a.getparent()
        return a in self.scan.hosts or (parent is not None and parent in self.scan.hosts and len(parent) == 1)

    def _tops(self, rooted: set[Element], groups: list[list[Element]]) -> list[list[Element]]:
        """For each item the highest elements that hold nothing of another."""
        mixed = -1
        owner: dict[Element, int] = {}
        for place, group in enumerate(groups):
            for a in group:
                node: Element | None = a
                for _ in range(MAX_DEPTH):
                    if node is None:
                        break
                    held = owner.setdefault(node, place)
                    if held == mixed:
                        break
                    if held != place:
                        owner[node] = mixed
                    if node in rooted:
                        break
                    node = node.getparent()
        tops: list[list[Element]] = []
        for place, group in enumerate(groups):
            found: dict[Element, None] = {}
            for a in group:
                top = a
                for _ in range(MAX_DEPTH):
                    parent = top.getparent()
                    if top in rooted or parent is None or owner.get(parent) != place:
                        break
                    top = parent
                found[top] = None
            if len(found) > 1:
                found = {top: None for top in found if found.keys().isdisjoint(islice(top.iterancestors(), MAX_DEPTH))}
            tops.append(list(islice(found, MAX_TOPS)))
        return tops

    def _after(self, top: Element, starts: set[Element], rooted: set[Element]) -> list[_Piece]:
        """The texts after an item, up to the next: its time or summary may stand beside its link, not around it."""
        inside = top not in rooted
        out: list[_Piece] = []
        parent = top.getparent()
        if parent is None:
            return out
        if inside and (tail := top.tail) and not tail.isspace() and not _SEPARATOR.fullmatch(tail):
            out.append(_Piece(tail, parent, None))
        node = top.getnext()
        for _ in range(6):
            if node is None or node in starts or (not inside and node not in rooted) or node in self.scan.marks:
                break
            if isinstance(node.tag, str) and node.tag not in UNSEEN_TAGS:
                if any(self._heads(a) for a in node.iter("a")):
                    break
                out += _pieces(node)
            if node.tail and not node.tail.isspace():
                out.append(_Piece(node.tail, parent, None))
            node = node.getnext()
        return out

    def _before(self, top: Element, starts: set[Element], rooted: set[Element]) -> list[_Piece]:
        """The texts before an item, back to the one before it."""
        parent = top.getparent()
        if top in rooted or parent is None:
            return []
        out: list[_Piece] = []
        node = top.getprevious()
        for _ in range(4):
            if node is None:
                out[:0] = [_Piece(parent.text, parent, None)] if parent.text else []
                break
            if node.tail:
                out.insert(0, _Piece(node.tail, parent, None))
            if node in starts or node in self.scan.marks or any(self._heads(a) for a in node.iter("a")):
                break
            if isinstance(node.tag, str) and node.tag not in UNSEEN_TAGS:
                out[:0] = _pieces(node)
            node = node.getprevious()
        return out

    def _time_leads(self, top: Element, rooted: set[Element]) -> bool:
        """Whether times stand before the links, not after them, in a list without a frame around each item."""
        before = "".join(piece.text for piece in self._before(top, set(), rooted))
        return 4 < len(before) < 60 and bool(_TIMEISH.search(before)) and self._moment(_tidy(before)) is not None

    def _heads(self, a: Element) -> bool:
        return _anchor(self.scan, a).role != "other"

    def _moment(self, text: str) -> dates.Moment | None:
        return dates.of_link(text, self.article, self.page.now)

    # -- one item

    def _link(self, group: list[Element], tops: list[Element], beside: list[_Piece]) -> Link | None:
        a = group[0]
        first = self.scan.anchors[a]
        if len(group) == 1 and not beside and not len(a) and _holds_only(tops[0], a):
            # Most items: one link in its list element, nothing else.
            title = _BULLET.sub("", first.text)
            return Link(1, title, self._url(first.href), full_title=_whole(title, [a])) if _is_title(title) else None
        own = set(group)
        details = {a for a in group if self.scan.anchors[a].role == "detail"}
        pieces = [piece for top in tops for piece in _pieces(top)]
        by_link: dict[Element, list[_Piece]] = {}
        for piece in pieces:
            if piece.link is not None:
                by_link.setdefault(piece.link, []).append(piece)
        titles: list[tuple[str, Element]] = []
        rest: set[int] = set()
        for a in group:
            texts = by_link.get(a, [])
            title, beyond = ("", texts) if a in details else _title_in_link(a, texts)
            if title:
                titles.append((title, a))
            rest.update(map(id, beyond))
        others = [p for p in pieces if (id(p) in rest if p.link in own else p.link is None or _is_publisher(p.link))]
        others += [piece for piece in beside if piece.link is None or _is_publisher(piece.link)]
        others = [piece for piece in others if not _is_noise(piece, details) and piece.owner not in self.scan.hosts]
        title, summary = self._title(titles, others, group, tops)
        if not _is_title(title):
            return None
        raw, at, source, rest_of_it = self._rest(others, details)
        summary = rest_of_it or summary
        if summary is not None and summary.translate(_DECORATION) == title.translate(_DECORATION):
            summary = None
        href = next((one.href for a in group if (one := self.scan.anchors[a]).role == "item" and one.text), first.href)
        return Link(1, title, self._url(href), self._thumbnail(tops), summary, source, at, raw, _whole(title, group))

    def _title(
        self, titles: list[tuple[str, Element]], others: list[_Piece], group: list[Element], tops: list[Element]
    ) -> tuple[str, str | None]:
        """The item's title, and its summary where that is a link of its own; what serves as title is taken off ``others``."""
        if titles:
            titles = [(text[: 2 * MAX_TITLE], a) for text, a in titles]
            place = next((i for i, (text, _) in enumerate(titles) if 5 <= len(text) <= MAX_TITLE), None)
            if place is None:
                place = max(range(len(titles)), key=lambda i: len(titles[i][0]))
            title, _ = titles[place]
            whole, stem = title, _CUT.sub("", title)
            summary: str | None = None
            for text, _ in titles[place + 1 :]:
                if stem and len(whole) < len(text) <= 80 and text.startswith(stem):
                    # The same title, cut in one place and whole in the other.
                    whole = text
                elif len(text) >= 15 and not title.startswith(_CUT.sub("", text)):
                    summary = summary or text
            return whole, summary
        for i, piece in enumerate(others):
            if _is_title(_tidy(piece.text)) and (piece.owner.tag in _TITLE_TAGS or "title" in _uses(piece.owner)):
                return _tidy(others.pop(i).text), None
        plain = [i for i, piece in enumerate(others) if _is_title(_tidy(piece.text)) and not _TIMEISH.search(piece.text)]
        if len(plain) == 1 and len(text := _tidy(others[plain[0]].text)) <= 60 and not _SENTENCE.search(text[:-1]):
            del others[plain[0]]
            return text, None
        for image in (image for top in tops for image in top.iter("img")):
            for name in ("alt", "title"):
                lines = (image.get(name) or "").strip().splitlines()
                if lines and _is_title(_tidy(lines[0])):
                    return _tidy(lines[0]), None
        return next((title for a in group if (title := _attribute_title(a))), ""), None

    def _rest(self, others: list[_Piece], details: set[Element]) -> tuple[str | None, str | None, str | None, str | None]:
        """Time as printed, its instant, source and summary out of the texts beside the title."""
        if not others:
            return None, None, None, None
        raw: str | None = None
        at: str | None = None
        source: str | None = None
        used: set[int] = set()
        texts = [_tidy(piece.text) for piece in others]
        for i, text in enumerate(texts):
            if len(text) > 60 or others[i].link in details or not _TIMEISH.search(text) or _DURATION.fullmatch(text):
                continue
            last = i
            if i + 1 < len(texts) and _CLOCK.fullmatch(texts[i + 1]):
                # 2019-09-30 <span>07:42</span>
                text, last = f"{text} {texts[i + 1]}", i + 1
            moment = self._moment(text)
            if moment is None:
                continue
            rest = _tidy(text.replace(moment.raw, " ", 1))
            if len(rest) > 24 or _SENTENCE.search(rest):
                # A date within a sentence is no time of publication.
                continue
            raw, at = _tidy(moment.raw), moment.iso()
            used.update(range(i, last + 1))
            source = _source(rest)
            for near in (last + 1, i - 1):
                if source is None and 0 <= near < len(texts) and _is_beside(others[near], others[i]):
                    source = _source(texts[near])
                    if source is not None:
                        used.add(near)
            break
        for i, text in enumerate(texts):
            if source is not None or i in used or len(text) > 30:
                continue
            if _SOURCE_LABEL.match(text) or ("source" in _uses(others[i].owner) and _is_source(text)):
                source = _source(text)
                used.add(i)
                # The label and its value may stand apart.
                if source is None and i + 1 < len(texts) and i + 1 not in used and _is_source(texts[i + 1]):
                    source = _source(texts[i + 1])
                    used.add(i + 1)
        return raw, at, source, _summary(others, texts, used, details)

    def _thumbnail(self, tops: list[Element]) -> str | None:
        for image in (image for top in tops for image in top.iter("img")):
            for name in _IMAGE_ATTRIBUTES:
                value = image.get(name)
                if not value or value.startswith("data:") or _NO_IMAGE.search(value.rpartition("/")[2][:80]):
                    continue
                if url := self._url(value):
                    return url
        return None


def _holds_only(top: Element, a: Element) -> bool:
    """Whether an element holds one link and besides it nothing but bullets and numbers."""
    node = a
    for _ in range(3):
        if node is top:
            return True
        parent = node.getparent()
        if parent is None or any(child is not node and (len(child) or child.tag in ("img", "a")) for child in parent):
            return False
        for text in (parent.text, *(child.tail for child in parent), *(child.text for child in parent if child is not node)):
            if text and not text.isspace() and not (_SEPARATOR.fullmatch(text) or _INDEX.fullmatch(text.strip())):
                return False
        node = parent
    return node is top


def _title_in_link(a: Element, texts: list[_Piece]) -> tuple[str, list[_Piece]]:
    """The title among the texts of one link, and those that are something else: a link may hold a whole card."""
    if len(texts) == 1:
        text = _tidy(texts[0].text)
        return ("", []) if _DURATION.fullmatch(text) or text in _LABELS else (_BULLET.sub("", text), [])
    groups: list[tuple[Element, list[_Piece]]] = []
    for piece in texts:
        box = piece.owner
        for _ in range(MAX_DEPTH):
            parent = box.getparent()
            if box is a or box.tag in _BLOCK_TAGS or parent is None:
                break
            box = parent
        if groups and groups[-1][0] is box:
            groups[-1][1].append(piece)
        else:
            groups.append((box, [piece]))
    if len(groups) == 1:
        kept = [piece for piece in texts if not _is_mark(piece, a)]
        apart = [p for p in kept if p.owner is not a and len(kept) > 1 and len(p.text.strip()) <= 20 and _TIMEISH.search(p.text)]
        return _BULLET.sub("", _tidy("".join(p.text for p in kept if p not in apart))), apart
    joined = [_tidy("".join(p.text for p in pieces if not _is_mark(p, a))) for _, pieces in groups]
    best: int | None = None
    for i, (box, pieces) in enumerate(groups):
        if _is_title(joined[i]) and (
            box.tag in _TITLE_TAGS
            or "title" in _uses(box)
            or any(p.owner.tag in _TITLE_TAGS or "title" in _uses(p.owner) for p in pieces)
        ):
            best = i
            break
    if best is None:
        best = next(
            (i for i, text in enumerate(joined) if _is_title(text) and not (_TIMEISH.search(text) and len(text) <= 24)), None
        )
    if best is None:
        return "", texts
    return _BULLET.sub("", joined[best]), [p for i, (_, pieces) in enumerate(groups) if i != best for p in pieces]


def _is_mark(piece: _Piece, a: Element) -> bool:
    """A number, label or length set beside a title within its link."""
    text = _tidy(piece.text)
    return piece.owner is not a and (text in _LABELS or bool(_INDEX.fullmatch(text)) or bool(_DURATION.fullmatch(text)))


def _whole(title: str, anchors: Iterable[Element]) -> str | None:
    """The whole of a title that is printed cut (…), out of a link's ``title`` attribute that begins with the same words."""
    stem = _CUT.sub("", title) if len(title) <= MAX_TITLE else title
    if stem != title and len(stem) >= 4:
        for a in anchors:
            full = _attribute_title(a)
            if len(full) > len(stem) and full.startswith(stem):
                return full
    return None


def _attribute_title(a: Element) -> str:
    """The ``title`` attribute's first line; 动易 and its relatives write 标题：… and further lines into it."""
    value = a.get("title")
    if not value or value.isspace():
        return ""
    return _tidy(_ATTRIBUTE_LABEL.sub("", value.strip().splitlines()[0]))


def _is_title(text: str) -> bool:
    if len(text) > 24:
        return len(text) <= MAX_TITLE
    return len(text) >= 3 and not (_MORE.fullmatch(text) or _DETAIL.fullmatch(text) or _SEPARATOR.fullmatch(text))


def _is_noise(piece: _Piece, details: set[Element]) -> bool:
    if piece.link is not None and piece.link in details:
        return False
    text = _tidy(piece.text)
    if len(text) > 24:
        return False
    return (
        text in _LABELS
        or bool(_SEPARATOR.fullmatch(text) or _INDEX.fullmatch(text) or _COUNT.fullmatch(text) or _MORE.fullmatch(text))
        or bool(_BRACKETED.fullmatch(text) and not _TIMEISH.search(text) and not _DETAIL.fullmatch(text))
    )


def _is_source(text: str) -> bool:
    return 2 <= len(text) <= 20 and not (
        _SENTENCE.search(text) or _TIMEISH.search(text) or _CUT.search(text) or _COUNT.fullmatch(text) or _DETAIL.fullmatch(text)
    )


def _source(text: str) -> str | None:
    text = _SOURCE_LABEL.sub("", text).strip(_RIM)
    return bylines.source(text) if text and not _COUNT.fullmatch(text) else None


def _is_beside(piece: _Piece, time: _Piece) -> bool:
    """Whether a text next to a time may be a source: short, or at least in one line with it."""
    text = _tidy(piece.text)
    if not _is_source(text) or "summary" in _uses(piece.owner):
        return False
    return len(text) <= 10 or "source" in _uses(piece.owner) or _box(piece.owner) is _box(time.owner)


def _is_publisher(a: Element) -> bool:
    """Whether a link beside an item's leads to who published it."""
    return "source" in _uses(a) or _PUBLISHER.search(a.get("href") or "") is not None


def _summary(others: list[_Piece], texts: list[str], used: set[int], details: set[Element]) -> str | None:
    """The longest text beside a title, with what stands in one line with it and its [详细]."""
    best: int | None = None
    for i, text in enumerate(texts):
        if i in used or others[i].link in details or _DETAIL.fullmatch(text):
            continue
        if len(text) >= (6 if "summary" in _uses(others[i].owner) else 12) and (best is None or len(text) > len(texts[best])):
            best = i
    if best is None:
        return None
    box = _box(others[best].owner)

    def belongs(i: int) -> bool:
        return 0 <= i < len(texts) and i not in used and others[i].link not in details and _box(others[i].owner) is box

    first = last = best
    while belongs(first - 1):
        first -= 1
    while belongs(last + 1):
        last += 1
    text = _tidy("".join(piece.text for piece in others[first : last + 1]))
    if not _DETAIL.fullmatch(text[-4:]):
        for i in range(len(others)):
            if not first <= i <= last and i not in used and (others[i].link in details or _DETAIL.fullmatch(texts[i])):
                # [<a>详细</a>]: the bracket behind the link is a piece of its own, and was taken for a separator.
                closing = _CLOSING.get(text[-1:], "")
                return text + texts[i] + ("" if texts[i].endswith(closing) else closing)
    return text


def _box(element: Element) -> Element:
    """The element that an element's text flows in."""
    node: Element | None = element
    for _ in range(MAX_DEPTH):
        if node is None or node.tag in _BLOCK_TAGS:
            break
        node = node.getparent()
    return element if node is None else node


def _in_tags(a: Element) -> bool:
    """Whether a link is a tag or one of a row of short links parted by bars, beside or below an item."""
    parent = a.getparent()
    if parent is None:
        return False
    if "tags" in _uses(parent):
        return True
    previous = a.getprevious()
    if not any(text and ("|" in text or "｜" in text) for text in (a.tail, previous.tail if previous is not None else None)):
        return False
    row = list(islice(parent.iterchildren("a"), 6))
    return any(node.tail and _PIPE.fullmatch(node.tail) for node in row) and all(len(_short_text(node, 12)) <= 12 for node in row)


# -- reading text and names


def _pieces(root: Element) -> list[_Piece]:
    """The texts of an element in reading order, each with what holds it. Its tail is not its text."""
    out: list[_Piece] = []
    todo: list[tuple[Element, Element | None, Element | None]] = [(root, None, None)]
    while todo:
        node, link, parent = todo.pop()
        if parent is not None:
            out.append(_Piece(cast(str, node.tail), parent, link))
            continue
        tag = node.tag
        if not isinstance(tag, str) or tag in UNSEEN_TAGS:
            continue
        if tag == "a":
            link = node
        text = node.text
        if text and not text.isspace():
            out.append(_Piece(text, node, link))
        if len(node):
            for child in reversed(node):
                tail = child.tail
                if tail and not tail.isspace():
                    todo.append((child, link, node))
                todo.append((child, link, None))
    return out


def _texts(element: Element) -> Iterator[str]:
    """The texts of an element in reading order, scripts left out; lazily, for callers that stop early."""
    todo: list[tuple[Element, bool]] = [(element, False)]
    while todo:
        node, tail = todo.pop()
        if tail:
            yield cast(str, node.tail)
            continue
        if not isinstance(node.tag, str) or node.tag in UNSEEN_TAGS:
            continue
        if node.text:
            yield node.text
        if len(node):
            for child in reversed(node):
                if child.tail:
                    todo.append((child, True))
                todo.append((child, False))


def _short_text(element: Element, limit: int) -> str:
    """The beginning of an element's text without white space around its parts, a little more than ``limit`` characters."""
    if not len(element):
        return (element.text or "").strip()[: limit + 1]
    out = ""
    for text in islice(_texts(element), 40):
        out += text.strip()
        if len(out) > limit:
            break
    return out


def _names(element: Element) -> str:
    """An element's classes and id in one string, as much of it as may be kept."""
    names, name = element.get("class"), element.get("id")
    if names is None:
        return name[:200] if name else ""
    return names[:200] if name is None else f"{names} {name}"[:200]


@lru_cache(maxsize=8192)
def _uses_of(names: str) -> frozenset[str]:
    """What names say (`_USES`). A site's pages use the same names over and over."""
    return frozenset(use for use, pattern in _USE_PATTERNS.items() if pattern.search(names))


_NO_USES: frozenset[str] = frozenset()


def _uses(element: Element) -> frozenset[str]:
    names = _names(element)
    return _uses_of(names) if names else _NO_USES


@lru_cache(maxsize=8192)
def _kind_of_name(names: str) -> LinkKind | None:
    match = _KINDS_OF_NAMES.search(names)
    return cast(LinkKind, match.lastgroup) if match else None


def _kind_of_names(nodes: Iterable[Element]) -> LinkKind | None:
    for node in nodes:
        if (names := _names(node)) and (kind := _kind_of_name(names)):
            return kind
    return None


def _signature(element: Element) -> tuple[str, str]:
    """What elements of one list have in common: tag and first class."""
    words = (element.get("class") or "").split(None, 1)
    return str(element.tag), words[0] if words else ""


def _hidden(element: Element) -> bool:
    style = element.get("style")
    return style is not None and _HIDDEN.search(style) is not None


@lru_cache(maxsize=8192)
def _told(text: str) -> tuple[str, LinkKind | None]:
    """A possible heading without its decoration, empty if it can be none, and the kind of block that it announces."""
    bare = text.translate(_DECORATION) if len(text) < 80 else ""
    if not 2 <= len(bare) <= LONGEST_TEXT or not _STEM.search(bare):
        return "", None
    bare = _TRAILER.sub("", bare)
    if not 2 <= len(bare) <= LONGEST_HEADING or _PHRASE.search(bare):
        return "", None
    match = _HEADING.fullmatch(bare)
    kind = _KIND_OF_GROUP[match.lastgroup] if match and match.lastgroup else None
    # [要闻] is the label of one link.
    if kind not in _CHOSEN and (_MORE.fullmatch(bare) or text.lstrip().startswith(("[", "(", "（"))):
        return "", None
    return (bare, kind) if kind or bare in _HALVES else ("", None)


def _heading_text(text: str) -> str:
    """A heading as read: one line, blanks between its characters (推 荐 阅 读) and its parts off."""
    return _HAN_BLANK.sub("", clean(text))


def _tidy(text: str) -> str:
    """`clean`, for texts that most often are."""
    return (
        text if text.isprintable() and not text.startswith(" ") and not text.endswith(" ") and "  " not in text else clean(text)
    )


def _han(text: str) -> int:
    return sum("\u3400" <= c <= "\u9fff" for c in text)


def _within(element: Element, tag: str, steps: int) -> bool:
    node = element.getparent()
    for _ in range(steps):
        if node is None:
            return False
        if node.tag == tag:
            return True
        node = node.getparent()
    return False


def _is_in(element: Element, container: Element) -> bool:
    node: Element | None = element
    while node is not None:
        if node is container:
            return True
        node = node.getparent()
    return False


def _unique(found: list[Block]) -> list[Block]:
    """Blocks without their repetitions: pages print one for the desktop and one for the telephone."""
    out: list[Block] = []
    seen: set[tuple[str, ...]] = set()
    for block in found:
        key = tuple(link.title for link in block.links) or (block.heading or "",)
        if key not in seen:
            seen.add(key)
            out.append(block)
    full = {block.heading for block in out if block.links}
    return [block for block in out if block.links or block.heading not in full]
