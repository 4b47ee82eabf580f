"""An article's body: the element that holds it becomes paragraphs, images and clean HTML in one walk.

The walk cuts the element into lines (what stands between two block boundaries or ``<br>``), and each line knows how it
was set: bold, centred, linked, in a list, in a table cell. What a line is (paragraph, subheading, caption, furniture)
is decided afterwards, since it takes its neighbours to tell.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from html import escape
from typing import Literal, NamedTuple

from lxml import etree

from newscrawl.extract import bylines, links
from newscrawl.extract.page import UNSEEN_TAGS, Element, Page
from newscrawl.extract.text import clean, fold
from newscrawl.items import Image

Kind = Literal["text", "lead", "heading", "caption", "row"]


@dataclass(slots=True)
class Paragraph:
    """One paragraph of clean text.

    A ``lead`` stands before the first full paragraph, a ``heading`` over those below it, a ``caption`` with an image; a
    ``row`` is a table's, its cells parted by tabs.
    """

    kind: Kind
    text: str


@dataclass(slots=True)
class Body:
    """What a body's element holds, in reading order.

    ``html`` has no other tags than p, h2, h3, figure, img, figcaption, table, tr, td, ul, ol, li, blockquote, strong, em,
    a and br, with no attributes but http(s) ``href`` and ``src``, and ``alt``. ``credits`` are the editor lines that stood
    in the element and are no text of the article. ``element`` is where it was read.
    """

    paragraphs: list[Paragraph]
    html: str
    images: list[Image]
    credits: list[str]
    element: Element

    @property
    def text(self) -> str:
        """The paragraphs' text, captions and table rows included, one a line."""
        return "\n".join(paragraph.text for paragraph in self.paragraphs)


def read(page: Page, element: Element, *, remove: Iterable[Element] = (), title: str | None = None) -> Body:
    """Read a body out of the element that holds it.

    ``remove`` are elements in it that are known not to be body; blocks of links are left out by themselves. ``title``
    is the article's, so that it is not taken for the first paragraph. Hostile markup costs time in proportion to its
    length, never recursion.
    """
    removed = {*remove, *links.elements(page)}
    walk = _Walk(page, element, removed)
    if removed and not walk.lines:
        walk = _Walk(page, element, set())
    lines = walk.lines
    for line in _data_rows(lines, walk.layouts):
        line.kind = "row"
    lines, credits = _sift(page, lines, title)
    _name_kinds(lines)
    images = _tie_captions(lines)
    return Body(_paragraphs(lines), _html(page, lines), images, credits, element)


# -- the walk: from elements to lines

_INLINE = frozenset(
    "a abbr acronym b bdo big cite code del dfn em font i img ins kbd label mark nobr q ruby s samp small span strike "
    "strong sub sup time tt u var wbr".split()
)
_SKIPPED = UNSEEN_TAGS | {"button", "input", "video", "audio", "rt", "rp", "link", "meta", "map", "applet", "embed"}
_STRONG = frozenset({"strong", "b"})
_EM = frozenset({"em", "i", "cite", "dfn"})
_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})

_HIDDEN = re.compile(r"display\s*:\s*none", re.I)
_CENTRED = re.compile(r"text-align\s*:\s*center", re.I)
_INDENTED = re.compile(r"text-indent\s*:\s*[1-9]", re.I)
_BOLD = re.compile(r"font-weight\s*:\s*(?:bold|[6-9]00)", re.I)
_SET_APART = re.compile(r"font-size|font-family|color", re.I)

_CAPTION_NAME = re.compile(
    r"caption|图注|图说|tuzhu|tushuo"
    r"|(?:pic|img|image|photo|tu)[_-]?(?:title|tit|desc|info|text|txt|note|name|explain|words?|zs|sm)(?![a-z])",
    re.I,
)
# Parts of a body's element that are no body. A name proves little: see `_sift` for what keeps it in check.
_DOUBTFUL_NAME = re.compile(
    r"(?:^|[\s_-])(?:bd)?share|jiathis|fenxiang|qr_?code|ewm|erweima|comment(?!ary)|pinglun|gentie"
    r"|(?:^|[\s_-])(?:mood|xinqing|biaotai|pager|pages|pagination|page[_-]?(?:nav|bar|num|list|link|index)|zdfy|fenye|related?|recommend\w*"
    r"|tuijian|xgxw|xgyd|tjyd|hot|rank|ads?|advert\w*|gg|copyright|disclaim\w*|mianze|statement|breadcrumb|crumbs?"
    r"|toolbar|tools|print|nav|footer|sidebar|keywords?|tags?|zan|dianzan|like|reward|subscribe|pre-?next|prevnext|login)"
    r"(?:$|[\s_-])",
    re.I,
)


class _Set(NamedTuple):
    """How a block is set, what its lines inherit."""

    tag: str = "div"
    centred: bool = False
    indented: bool = False
    bold: bool = False
    caption: bool = False
    doubtful: bool = False
    quoted: bool = False
    list: tuple[int, str] | None = None
    item: int = 0
    table: int = 0
    row: int = 0
    cell: int = 0
    head: bool = False


class _Mark(NamedTuple):
    """How a piece of a line is marked."""

    href: str | None = None
    strong: bool = False
    em: bool = False


_PLAIN = _Mark()
_MARKUP_SPACE = " \t\r\n"


@dataclass(slots=True)
class _Line:
    """One line of text, or one image."""

    text: str
    set: _Set
    pieces: list[tuple[str, _Mark]] = field(default_factory=list)
    image: Image | None = None
    linked: float = 0.0
    """Share of the text that is link."""
    strong: bool = False
    """Wholly bold."""
    apart: bool = False
    """Wholly in a font of its own."""
    indented: bool = False
    kind: Kind = "text"
    over_links: bool = False
    """A list of links that is left out stood below."""
    told: bool = False
    """A caption that stands in its image's figure."""


class _Walk:
    """One walk over the element, in document order."""

    def __init__(self, page: Page, element: Element, removed: set[Element]) -> None:
        self.page = page
        self.lines: list[_Line] = []
        self.pieces: list[tuple[str, _Mark]] = []
        self.images: list[Image] = []
        self.has_text = False
        self.seen: set[str] = set()
        self.mark = _PLAIN
        self.set = _Set()
        self.apart = 0
        self.apart_chars = 0
        self.blocks = 0
        self.columns: dict[int, int] = {}
        """Cells so far, by row."""
        self.layouts: set[int] = set()
        """Tables that hold tables."""
        self._walk(element, removed)

    def _walk(self, element: Element, removed: set[Element]) -> None:
        # Per open element, what to put back when it ends; None: nothing.
        stack: list[tuple[_Mark, _Set | None, int] | None] = []
        walker = etree.iterwalk(element, events=("start", "end", "comment"))
        for event, node in walker:
            if event == "start":
                tag = node.tag
                if tag in _SKIPPED or (removed and node in removed and node is not element):
                    walker.skip_subtree()
                    stack.append(None)
                    continue
                attributes = node.attrib
                if tag in _INLINE:
                    if tag == "img":
                        self._image(node)
                        stack.append(None)
                        continue
                    style = attributes.get("style") if attributes else None
                    if style and node is not element and _HIDDEN.search(style):
                        walker.skip_subtree()
                        stack.append(None)
                        continue
                    before = self.mark
                    apart = self.apart
                    if tag in _STRONG or (style and _BOLD.search(style)):
                        if not before.strong:
                            self.mark = before._replace(strong=True)
                    elif tag in _EM:
                        self.mark = before._replace(em=True)
                    elif tag == "a" and attributes and (href := attributes.get("href")):
                        self.mark = before._replace(href=href)
                    if attributes and (tag == "font" or (tag == "span" and style and _SET_APART.search(style))):
                        self.apart = apart + 1
                    stack.append((before, None, apart) if self.mark is not before or self.apart != apart else None)
                elif tag == "br":
                    if self.pieces:
                        self._flush()
                    stack.append(None)
                    continue
                else:
                    if self.pieces:
                        self._flush()
                    if attributes and node is not element and _is_hidden(node):
                        walker.skip_subtree()
                        stack.append(None)
                        continue
                    stack.append((self.mark, self.set, self.apart))
                    self._enter(node, str(tag), node is element)
                if text := node.text:
                    self._text(text)
            else:
                if event == "end":
                    if (back := stack.pop()) is not None:
                        if back[1] is not None:
                            if self.pieces:
                                self._flush()
                            self.set = back[1]
                        self.mark = back[0]
                        self.apart = back[2]
                    if node is element:
                        break
                if text := node.tail:
                    self._text(text)
        self._flush()

    def _text(self, text: str) -> None:
        if self.set.tag == "pre" and "\n" in text:
            *lines, text = text.split("\n")
            for line in lines:
                self._text(line)
                self._flush()
        if not self.has_text:
            if text.strip():
                self.has_text = True
            elif not self.apart and not text.strip(_MARKUP_SPACE):
                # What lies between two blocks in the source; an ideographic space is the author's.
                return
        self.pieces.append((text, self.mark))
        if self.apart:
            self.apart_chars += len(text)

    def _enter(self, node: Element, tag: str, is_root: bool) -> None:
        self.blocks = number = self.blocks + 1
        now = self.set
        attributes = node.attrib
        centred, indented, bold, caption, doubtful = now.centred, False, now.bold, now.caption, now.doubtful
        if attributes:
            if align := attributes.get("align"):
                centred = align.strip().lower() == "center"
            if style := attributes.get("style"):
                if _CENTRED.search(style):
                    centred = True
                elif "text-align" in style:
                    centred = False
                indented = _INDENTED.search(style) is not None
                bold = bold or _BOLD.search(style) is not None
            names = f"{attributes.get('class') or ''} {attributes.get('id') or ''}"
            if names != " " and not is_root:
                told = _named(names)
                caption = caption or bool(told & 1)
                doubtful = doubtful or bool(told & 2)
                centred = centred or (bool(told & 4) and tag in ("p", "figcaption"))
        if tag == "center":
            centred = True
        quoted, list_, item = now.quoted, now.list, now.item
        table, row, cell, head = now.table, now.row, now.cell, now.head
        if tag == "li":
            item = number
        elif tag in ("ul", "ol"):
            list_ = (number, tag)
        elif tag == "blockquote":
            quoted = True
        elif tag == "tr":
            row = number
        elif tag in ("td", "th"):
            self.columns[row] = cell = self.columns.get(row, 0) + 1
            head = tag == "th"
        elif tag == "table":
            if table:
                self.layouts.add(table)
            table, row, cell, head = number, 0, 0, False
        elif tag in ("figcaption", "caption"):
            caption = True
        elif tag in ("form", "nav", "footer", "aside") and not is_root:
            doubtful = True
        self.set = _Set(tag, centred, indented, bold, caption, doubtful, quoted, list_, item, table, row, cell, head)

    def _image(self, node: Element) -> None:
        url = _source(self.page, node)
        if url is None or url in self.seen:
            return
        self.seen.add(url)
        image = Image(url, alt=clean(node.get("alt")) or None)
        if self.has_text:
            # Text goes on around it: the paragraph is not cut in two.
            self.images.append(image)
        else:
            self.lines.append(_Line("", self.set, image=image))

    def _flush(self) -> None:
        if self.has_text:
            pieces = self.pieces
            raw = pieces[0][0] if len(pieces) == 1 else "".join([piece[0] for piece in pieces])
            text = clean(raw)
            if text:
                now = self.set
                line = _Line(text, now, pieces.copy())
                line.indented = now.indented or raw.lstrip(_MARKUP_SPACE).startswith(("\u3000", "\xa0\xa0", "\u2003"))
                strong = linked = 0
                if len(pieces) == 1:
                    mark = pieces[0][1]
                    line.linked = 1.0 if mark.href else 0.0
                    line.strong = mark.strong or now.bold
                else:
                    total = 0
                    for piece, mark in pieces:
                        if piece.isspace():
                            continue
                        length = len(piece)
                        total += length
                        if mark.strong:
                            strong += length
                        if mark.href:
                            linked += length
                    line.linked = linked / total if total else 0.0
                    line.strong = strong == total or now.bold
                line.apart = self.apart_chars * 10 >= len(raw.strip()) * 9
                self.lines.append(line)
            for image in self.images:
                self.lines.append(_Line("", self.set, image=image))
            self.images.clear()
            self.has_text = False
        self.pieces.clear()
        self.apart_chars = 0


def _is_hidden(node: Element) -> bool:
    style = node.get("style")
    return (style is not None and _HIDDEN.search(style) is not None) or node.get("hidden") is not None


@lru_cache(maxsize=4096)
def _named(names: str) -> int:
    """What class and id names say of a block: 1 a caption, 2 hardly body, 4 centred."""
    told = 0
    if _CAPTION_NAME.search(names):
        told |= 1
    if _DOUBTFUL_NAME.search(names):
        told |= 2
    if "center" in names:
        told |= 4
    return told


# -- images

# Where lazy loaders keep the address, before the placeholder in src.
_LAZY = (
    "data-original", "data-src", "data-echo", "data-lazy-src", "data-lazyload", "data-actualsrc", "data-url",
    "lazy-src", "lazysrc", "_src", "original", "src",
)  # fmt: skip
_SMALL = 32
"""Pixels up to which an image is an icon."""

_NO_PHOTO = re.compile(
    r"(?:^|[_.-])(?:icons?|ico|logo|qr|qrcode|ewm|erweima|share|weixin|wechat|wx|weibo|qzone|blank|space|spacer|pixel"
    r"|loading|lazy|placeholder|grey|gray|transparent|arrow|btn|button|print|close|playbtn|next_?page|prev_?page"
    r"|end_(?:news|money|ent|tech|sports)|emoji|avatar|1x1)(?:[_.-][a-z]{0,8})?\d{0,3}\.(?:gif|png|jpe?g|svg|webp|bmp|ico)$"
    r"|/(?:emoji|emotion|emoticons?|icons?|ueditor/dialogs|fileTypeImages|face)/",
    re.I,
)
_PIXELS = re.compile(r"^\s*(\d{1,5})(?:\.\d+)?\s*(?:px)?\s*$", re.I)
_STYLE_SIZE = re.compile(r"(?:^|;)\s*(?:width|height)\s*:\s*(\d{1,5})(?:\.\d+)?px", re.I)


def _source(page: Page, node: Element) -> str | None:
    """An image's address; ``None`` for placeholders, tracking pixels, icons, QR codes and what is not http(s)."""
    attributes = node.attrib
    for name in ("width", "height"):
        value = attributes.get(name)
        if value and (match := _PIXELS.match(value)) and int(match.group(1)) <= _SMALL:
            return None
    style = attributes.get("style")
    if style:
        if _HIDDEN.search(style):
            return None
        if any(int(size) <= _SMALL for size in _STYLE_SIZE.findall(style)):
            return None
    for name in _LAZY:
        value = attributes.get(name)
        if not value or len(value) > 2048 or value.startswith("data:"):
            continue
        url = page.absolute(value)
        if url is None:
            continue
        path = url.split("?", 1)[0]
        if _NO_PHOTO.search(path[path.rfind("/") + 1 :]) or _NO_PHOTO.search(path[-200:]):
            if name != "src":
                continue
            return None
        return url
    return None


# -- tables


def _data_rows(lines: Sequence[_Line], layouts: set[int]) -> list[_Line]:
    """The lines of tables of data. A table that lays out text, pictures or links is none."""
    tables: dict[int, dict[int, dict[int, list[_Line]]]] = {}
    for line in lines:
        now = line.set
        if not now.table or now.table in layouts:
            continue
        if line.image is not None:
            layouts.add(now.table)
        elif now.row and now.cell:
            tables.setdefault(now.table, {}).setdefault(now.row, {}).setdefault(now.cell, []).append(line)
    out: list[_Line] = []
    for number, rows in tables.items():
        if number in layouts or len(rows) < 2 or sum(len(cells) > 1 for cells in rows.values()) * 2 < len(rows):
            continue
        cells = [cell for row in rows.values() for cell in row.values()]
        if any(sum(len(line.text) for line in cell) > 400 for cell in cells):
            continue
        if sum(line.linked > 0.5 for cell in cells for line in cell) * 2 > len(cells):
            continue
        out += [line for cell in cells for line in cell]
    return out


# -- sifting: what is body, what is not

_BYLINE = re.compile(r"\d{4}\s?[-年/.]\s?\d{1,2}\s?[-月/.]\s?\d{1,2}")
_BYLINE_LABEL = re.compile(r"来源|作者|发布|时间|日期|编辑|浏览|点击|阅读|字[体号]|记者|稿源|打印|评论|\d:\d\d")
_SENTENCE = re.compile(r"[。！？!?；;]")
_BREADCRUMB = re.compile(
    r"您?(?:的|当前|现在|所在)?(?:当前|现在|所在)?的?位置(?:是|为)?\s*[：:]|(?:网站|本站)?首页\s*(?:[>》/＞→-]|&gt;)"
)
_TOOLS = re.compile(
    r"[【\[(（|]?\s*(?:(?:我要)?纠错|打印(?:本[页文]|此[页文])?|关闭(?:本页|窗口)?|收藏(?:本[页文])?|分享(?:到|至|让更多人看到)?.{0,30}"
    r"|字[体号大].{0,16}|[大中小]|复制链接|评论|举报|点赞|赞|顶|踩|返回(?:顶部|首页|列表)?|图集|\+1|微信|微博|QQ空间|朋友圈|加载中.{0,6}"
    r"|广告|展开(?:全文|更多)?|收起|[-—\s]*(?:THE\s)?END[-—\s]*|[×xX✕]|下载(?:本文|PDF)?|已有\d+人.{0,10}|浏览(?:次数|量)?[：:]?\s?\d*|阅读(?:次数|量)?[：:]?\s?\d+)"
    r"\s*[】\])）|]?",
)
# A character of each word for an editor: a cheap look before the thorough one.
_EDITING = re.compile(r"[编校审责监制播统策]")
_ORIGINAL = re.compile(r"[（(【\[]?\s*原(?:文)?(?:标题|题(?:目)?)(?:为)?\s*[：:《]")
_PAGER = re.compile(
    r"(?:上一?[页篇张]|下一?[页篇张]|前一?页|后一?页|首页|尾页|末页|全文|余下|共|页|第|[【】\[\]()（）<>|«»‹›…\d\s/.·])+"
)
_PAGER_SIGN = re.compile(r"[上下前后]一?页|[【\[]\d+[】\]]|共\s?\d+\s?页|[尾末]页")
_SIGNED = re.compile(r"[（(\[【]?\s?(?:来源|稿源|作者)\s?[:：][^，,。！？!?；;“”]{1,24}")
_FROM = re.compile(r"[（(]?本文(?:来源|转自|转载自|原载)[：:于]?")

# Headings of link blocks, alone on their line or before a link.
_BLOCK_HEADING = re.compile(
    r"[【\[■●◆▶►>|“\"\s]*(?:相关|推荐|延伸|更多|热门|热点|精彩|往期|猜你|近期|最新|关联|新闻|拓展|扩展|编辑|今日|本网|为您|大家都在|点击)"
    r"(?:新闻|阅读|推荐|文章|链接|资讯|报道|专题|回顾|喜欢|内容|热点|视频|图片|精彩|精选|看|稿件|搜索|标签|话题|进入|查看|荐读){1,4}"
    r"(?:列表)?\s*[】\]”\"]*\s*[：:>》↓▼]*\s*",
)
_LINK_CALL = re.compile(
    r"^[>》▶►→【\[“\"]*(?:广告|点击|更多|相关|推荐|延伸|专题|回顾|详见|查看|阅读|往期|进入|下载|扫码|链接|视频|图集|热点)"
    r"|[>》→]{1,3}$|^\[?(?:详细|全文|阅读原文|查看原文)\]?$"
)
_ATTACHMENT = re.compile(r"\.(?:docx?|xlsx?|pptx?|pdf|rar|zip|wps|et|txt|ofd|7z|jpe?g|png)(?:$|[?#])", re.I)

# What a site says about itself or its rights below an article: how such a line begins, and what it says.
_TAIL = re.compile(
    r"[【\[（(*※■\s]*(?:版权|免责|特别|郑重|重要|作者|平台|本网|本站|风险|法律)?(?:声明|风险提示|免责提示)[】\])）\s]*(?:[：:]|$)"
    r"|凡(?:本网|本站|注明|注有|来源|标注)|Notice:|Disclaimer|©|Copyright|一键分享|返回\S{2,6}，?查看更多"
    r"|以上(?:内容|图文|文章|图片|信息|作品).{0,40}(?:平台|用户|上传|来源|网络|版权|作者)"
    r"|版权(?:归|均?属|所有|声明).{0,30}(?:所有|作者|原|未经|转载)"
    r"|[（(]?(?:本文来自.{1,20}[，,])?(?:更多|欲知更多|获取更多|了解更多).{0,30}(?:请|欢迎|敬请|尽在|扫|关注|下载|点击|登录)"
    r"|(?:请|用|微信|手机|长按|识别|扫描?|扫一扫|点击).{0,12}(?:二维码|扫一扫|小程序码).{0,20}$"
    r"|(?:欢迎|敬?请|点击|长按|扫码|立即|快来|记得){0,2}(?:大家|您|搜索|添加)?关注.{0,24}(?:公众号|微信号?|微博|抖音号?|视频号|头条号|客户端|我们).{0,8}$"
    r"|(?:下载|打开|安装).{0,14}(?:客户端|APP)|据此(?:操作|投资|入市)|(?:新闻|报料|爆料|投稿)(?:热线|电话|邮箱|微信)[：:]",
    re.I,
)
_RIGHTS = re.compile(
    r"不代表(?:本[网站报刊]|.{0,12}(?:立场|观点|平台|赞同))|(?:转载|引用)时?(?:请|须|需|必须|务必|请务必|务请)(?:附上|注明|标明|联系|保留)"
    r"|(?:未经|未获).{0,16}(?:授权|许可|允许|同意).{0,12}(?:转载|复制|镜像|摘编)|如(?:有|果)?.{0,8}侵(?:权|犯).{0,30}(?:联系|删|告知|处理)"
    r"|侵(?:权|删)(?:请|联系|必|即).{0,12}|All Rights Reserved|谢绝转载|禁止转载",
    re.I,
)


_MAKERS = 8
"""Last lines of a body among which those of the editors' list stand."""


def _sift(page: Page, lines: list[_Line], title: str | None) -> tuple[list[_Line], list[str]]:
    """The lines that are body, and the editor lines among the others."""
    total = sum(len(line.text) for line in lines)
    if not total:
        return lines, []
    doubted = sum(len(line.text) for line in lines if line.set.doubtful)
    trust_names = doubted * 5 < total * 2
    # An unclosed <a> makes a link of everything.
    trust_links = sum(len(line.text) for line in lines if not _is_link(line)) >= 40
    kept: list[_Line] = []
    credits: list[str] = []
    for line in lines:
        if line.image is not None:
            if not (trust_names and line.set.doubtful):
                kept.append(line)
            continue
        text = line.text
        length = len(text)
        if length <= 160 and line.kind != "row":
            if (length <= 24 and _TOOLS.fullmatch(text)) or bylines.is_toolbar(text):
                continue
            bare = text.replace("【纠错】", "").replace("[纠错]", "").strip() if "纠错" in text else text
            if _EDITING.search(bare) and bylines.is_credit(bare):
                # 来源 and 作者 right above are lines of the same list.
                while kept and kept[-1].image is None and _SIGNED.fullmatch(kept[-1].text):
                    credits.append(kept.pop().text)
                credits.append(bare)
                continue
            if _ORIGINAL.match(text):
                continue
            if length <= 120 and _PAGER.fullmatch(text) and _PAGER_SIGN.search(text):
                continue
            if _FROM.match(text) and not _SENTENCE.search(text):
                credits.append(text)
                continue
        if trust_names and line.set.doubtful:
            continue
        kept.append(line)
    if credits:
        # Of one list with them: 统筹丨张三, 设计：李四.
        last = kept[-_MAKERS:]
        makers = [line.image is None and bylines.is_maker(line.text) for line in last]
        credits += [line.text for line, made in zip(last, makers, strict=True) if made]
        kept[-_MAKERS:] = [line for line, made in zip(last, makers, strict=True) if not made]
    if trust_links:
        kept = _without_links(kept)
    kept = _without_head(page, kept, title)
    return _without_tail(kept), credits


def _without_head(page: Page, lines: list[_Line], title: str | None) -> list[_Line]:
    """Lines without what stands over an article: its title again, its byline, the way to the page."""
    named = fold(title)
    titles = named or fold(page.title_tag)
    out: list[_Line] = []
    for at, line in enumerate(lines):
        if line.image is not None:
            out.append(line)
            continue
        text = line.text
        folded = fold(text) if len(text) <= 120 else ""
        if folded and (
            folded == named
            or (line.set.tag in ("h1", "h2") and len(folded) >= 6 and folded in titles)
            or (line.strong and len(folded) >= 10 and titles.startswith(folded))
            or _BREADCRUMB.match(text)
            or _is_byline(text)
            or (len(text) <= 40 and bylines.is_furniture(text))
        ):
            continue
        # A sentence, and the article has begun: a date below it is part of it.
        if at >= 8 or len(text) >= 40 or _SENTENCE.search(text) or text.endswith(("：", ":")):
            return out + lines[at:]
        out.append(line)
    return out


def _is_byline(text: str) -> bool:
    """Whether a line with a date says no more than when, where from and by whom."""
    if len(text) > 80 or "版" in text or _SENTENCE.search(text) or not _BYLINE.search(text):
        return False
    rest = _BYLINE.sub("", text)
    return len(rest) <= 12 or (_BYLINE_LABEL.search(rest) is not None and "，" not in rest and "," not in rest)


def _without_links(lines: list[_Line]) -> list[_Line]:
    """Lines without lists of links: two link lines on end, one that calls to click, or one under a block's heading."""
    out: list[_Line] = []
    # Where the last list was left out: a short line between two lists heads the second.
    cut = 0
    tail = max((i for i, line in enumerate(lines) if len(line.text) >= 20 and not _is_link(line)), default=0)
    at, end = 0, len(lines)
    while at < end:
        line = lines[at]
        if line.image is not None or not _is_link(line):
            heading = line.image is None and len(line.text) <= 200 and _BLOCK_HEADING.match(line.text)
            if heading and line.linked >= 0.4:
                at += 1
                continue
            out.append(line)
            at += 1
            continue
        stop = at
        texts = 0
        while stop < end and (lines[stop].image is not None or _is_link(lines[stop])):
            texts += lines[stop].image is None
            stop += 1
        # Images at the end of the run belong to what follows.
        while lines[stop - 1].image is not None:
            stop -= 1
        run = lines[at:stop]
        headed = bool(out) and out[-1].image is None and _is_block_heading(out[-1])
        if texts >= 2 or headed or _LINK_CALL.search(line.text) or (stop > tail and len(line.text) >= 8):
            if headed or (cut and out and cut == len(out) - 1 and _is_short(out[-1], 16)):
                out.pop()
            cut = len(out)
            if out:
                out[-1].over_links = True
        else:
            out += run
        at = stop
    return out


def _is_link(line: _Line) -> bool:
    if line.linked < 0.8 or line.kind == "row":
        return False
    if len(line.text) >= 40 and line.text.endswith(("。", "！", "”", "？")):
        return False
    return not any(mark.href and _ATTACHMENT.search(mark.href) for _, mark in line.pieces)


def _is_block_heading(line: _Line) -> bool:
    text = line.text
    return len(text) <= 16 and (match := _BLOCK_HEADING.match(text)) is not None and match.end() == len(text)


def _without_tail(lines: list[_Line]) -> list[_Line]:
    """Lines without what a site adds below an article: rights, apps, codes to scan, headings of empty blocks."""
    end = len(lines)
    images: list[_Line] = []
    dropped = False
    while end:
        line = lines[end - 1]
        if line.image is not None:
            images.append(line)
            end -= 1
            continue
        text = line.text
        if _is_tail(text) or _is_block_heading(line) or (line.over_links and _is_short(line, 16)):
            # A picture below such a line is its code to scan.
            images.clear()
            dropped = True
            end -= 1
            continue
        break
    if not end and dropped:
        # Nothing but furniture: then that is what the page has to say.
        return lines
    return lines[:end] + images[::-1]


def _is_tail(text: str) -> bool:
    length = len(text)
    if length > 400:
        return False
    if length <= 3 and not any("\u4e00" <= c <= "\u9fff" for c in text):
        return True
    if _TAIL.match(text) or _RIGHTS.search(text):
        return True
    return (length < 40 or not text.endswith("。")) and bylines.is_furniture(text)


# -- kinds

_FULL = 60
"""Characters from which a paragraph is a full one, and its neighbours can be told by it."""

_ENDED = tuple("。！？；，、：…—!?;,:.")
_GOES_ON = tuple("。；，、：,;:")
# Who wrote, took, gave it; the number of a part.
_NO_HEADING = re.compile(r"记者|通讯员|作者|摄影|摄$|供图|来源|编辑|文[/／丨|]|图[/／丨|]|讯$|电\s*题|^\d+$|^[（(]")
_PHOTO_TAIL = re.compile(
    r"(?:摄影?|供图|提供|制图|图源|截图|资料图|资料照片|配图|图片来源.{0,20}|发|拍摄|组图|网络图|效果图|示意图|海报|绘)\s?[。）)\]】]*$"
)
_PHOTO_HEAD = re.compile(
    r"[（(【\[▲△↑◆■▼↓\s]*(?:图(?:为|片|中|[一二三四五六七八九十\d]{1,3}|[：:\s])|[左右上下]图|(?:现场|资料|效果|设计|示意)图)|[▲△↑]"
)
# Above an image: marks that point up do not belong to it.
_PHOTO_BELOW = re.compile(r"[（(【\[◆■▼↓\s]*(?:图(?:为|片)|[下上左右]图)")


def _name_kinds(lines: list[_Line]) -> None:
    """Say of each line what it is."""
    _name_captions(lines)
    texts = [line for line in lines if line.image is None and line.kind == "text"]
    first = next((i for i, line in enumerate(texts) if len(line.text) >= _FULL), len(texts))
    if first < min(len(texts), 7) and all(
        _is_short(line, 60) and line.set.tag not in _HEADINGS and not line.set.item for line in texts[:first]
    ):
        for line in texts[:first]:
            line.kind = "lead"
    for at, line in enumerate(texts):
        if line.kind != "text":
            continue
        text = line.text
        if line.set.tag in _HEADINGS:
            if len(text) <= 80:
                line.kind = "heading"
        elif line.strong:
            if len(text) <= 40 and not text.endswith(_GOES_ON) and not _NO_HEADING.search(text):
                line.kind = "heading"
        elif 0 < at < len(texts) - 1 and len(text) >= 4 and _is_short(line, 32) and not line.set.item:
            before, after = texts[at - 1], texts[at + 1]
            if len(after.text) >= _FULL and (len(before.text) >= _FULL or before.kind in ("lead", "heading")):
                line.kind = "heading"


def _is_short(line: _Line, most: int) -> bool:
    text = line.text
    return len(text) <= most and not text.endswith(_ENDED) and not _NO_HEADING.search(text)


class _Setting(NamedTuple):
    """What tells a caption, since the paragraphs are set otherwise."""

    prose: bool
    """The body is not all short lines."""
    centred: bool
    indents: bool
    """The paragraphs are indented, so that a line that is not is none."""
    apart: bool


def _name_captions(lines: list[_Line]) -> None:
    texts = [line for line in lines if line.image is None and line.kind == "text"]
    long = [line for line in texts if len(line.text) >= _FULL]
    prose = len(long) * 3 >= len(texts)
    centred = sum(line.set.centred for line in long) * 2 <= len(long)
    indents = sum(line.indented for line in long) * 2 > len(long)
    apart = sum(line.apart for line in long) * 2 <= len(long)
    named = sum(line.set.caption for line in texts) <= len(lines) - len(texts) + 2
    how = _Setting(prose, centred, indents, apart)
    for at, line in enumerate(lines):
        if line.image is not None or line.kind != "text":
            continue
        text = line.text
        length = len(text)
        if line.set.caption and length <= 300 and (named or line.set.tag == "figcaption"):
            line.kind = "caption"
            continue
        if length > 160 or line.set.tag in _HEADINGS:
            continue
        before = lines[at - 1] if at else None
        after = lines[at + 1] if at + 1 < len(lines) else None
        if before is not None and before.kind == "caption":
            # The photographer on a line of his own, or the captions of two pictures that stand above them.
            above = lines[at - 3] if at > 2 and lines[at - 2].image is not None else None
            if (length <= 40 and _PHOTO_TAIL.search(text)) or (
                above is not None and above.image is not None and _is_caption(line, above, how)
            ):
                line.kind = "caption"
        elif before is not None and before.image is not None:
            if _is_caption(line, before, how):
                line.kind = "caption"
        elif after is not None and after.image is not None and length <= 120 and _PHOTO_BELOW.match(text):
            line.kind = "caption"


def _is_caption(line: _Line, image: _Line, how: _Setting) -> bool:
    """Whether a short line below an image is about it: it says so, or is set as no paragraph of the body is."""
    text = line.text
    length = len(text)
    if _PHOTO_HEAD.match(text) or (length <= 120 and _PHOTO_TAIL.search(text)):
        return True
    if line.strong or line.linked > 0.5:
        return False
    if (how.centred and line.set.centred) or (line.set.table and line.set.table == image.set.table and length <= 120):
        return True
    if line.indented or length > 100 or _NO_HEADING.search(text):
        return False
    return how.indents or (how.prose and ((how.apart and line.apart) or length <= 30))


def _tie_captions(lines: list[_Line]) -> list[Image]:
    """Give each caption to its image; the images in order."""
    images = [line.image for line in lines if line.image is not None]
    at, end = 0, len(lines)
    while at < end:
        if lines[at].kind != "caption":
            at += 1
            continue
        stop = at
        while stop < end and lines[stop].kind == "caption":
            stop += 1
        captions = lines[at:stop]
        above: list[Image] = []
        while len(above) < at and (image := lines[at - 1 - len(above)].image) is not None and image.caption is None:
            above.append(image)
        above.reverse()
        if len(above) >= len(captions) > 1:
            for image, line in zip(above[-len(captions) :], captions, strict=True):
                image.caption = line.text
                line.told = True
        elif above:
            above[-1].caption = " ".join(line.text for line in captions)
            for line in captions:
                line.told = True
        elif stop < end and (below := lines[stop].image) is not None:
            below.caption = " ".join(line.text for line in captions)
            for line in captions:
                line.told = True
        at = stop
    return images


# -- out


def _paragraphs(lines: list[_Line]) -> list[Paragraph]:
    out: list[Paragraph] = []
    row = cell = 0
    for line in lines:
        if line.image is not None:
            continue
        now = line.set
        if line.kind == "row" and now.row == row:
            out[-1].text += (" " if now.cell == cell else "\t") + line.text
        else:
            out.append(Paragraph(line.kind, line.text))
        row, cell = (now.row, now.cell) if line.kind == "row" else (0, 0)
    return out


def _html(page: Page, lines: list[_Line]) -> str:
    out: list[str] = []
    # The table, list or quotation that is open, by tag and number; in it, the row and cell, or the item.
    wrap: tuple[str, int] | None = None
    row = cell = item = 0
    for line in lines:
        if line.told:
            continue
        now = line.set
        wanted = _wrap(line)
        if wanted != wrap:
            if wrap is not None:
                out.append(_CLOSING[wrap[0]])
            if wanted is not None:
                out.append(f"<{wanted[0]}>")
            wrap, row, cell, item = wanted, 0, 0, 0
        if line.image is not None:
            out.append(_figure(line.image))
        elif wrap is None or wrap[0] == "blockquote":
            if line.kind == "heading":
                tag = "h2" if now.tag in ("h1", "h2") else "h3"
                out.append(f"<{tag}>{escape(line.text, quote=False)}</{tag}>")
            else:
                out.append(f"<p>{_inline(page, line)}</p>")
        elif wrap[0] == "table":
            if now.row == row and now.cell == cell:
                out.append("<br>")
            else:
                if now.row != row:
                    out.append(("</td></tr>" if row else "") + "<tr>")
                    row, cell = now.row, 0
                else:
                    out.append("</td>")
                out.append("<td></td>" * min(now.cell - cell - 1, 50) + "<td>")
                cell = now.cell
            out.append(f"<strong>{_inline(page, line)}</strong>" if now.head else _inline(page, line))
        else:
            if now.item == item:
                out.append("<br>")
            else:
                out.append("</li><li>" if item else "<li>")
                item = now.item
            out.append(_inline(page, line))
    if wrap is not None:
        out.append(_CLOSING[wrap[0]])
    return "".join(out)


def _wrap(line: _Line) -> tuple[str, int] | None:
    now = line.set
    if line.kind == "row":
        return "table", now.table
    if line.kind == "text" and line.image is None:
        if now.list is not None and now.item:
            return now.list[1], now.list[0]
        if now.quoted:
            return "blockquote", 0
    return None


_CLOSING = {"table": "</td></tr></table>", "ul": "</li></ul>", "ol": "</li></ol>", "blockquote": "</blockquote>"}


def _figure(image: Image) -> str:
    if not image.url.startswith(("http://", "https://")):
        return f"<p>{escape(image.caption, quote=False)}</p>" if image.caption else ""
    alt = f' alt="{escape(image.alt)}"' if image.alt else ""
    caption = f"<figcaption>{escape(image.caption, quote=False)}</figcaption>" if image.caption else ""
    return f'<figure><img src="{escape(image.url)}"{alt}>{caption}</figure>'


def _inline(page: Page, line: _Line) -> str:
    """A line's text with its bold, italic and linked parts."""
    pieces = line.pieces
    if all(mark == _PLAIN for _, mark in pieces):
        return escape(line.text, quote=False)
    out: list[str] = []
    # A blank between two pieces is written once, and none at the ends.
    blank = False
    at, end = 0, len(pieces)
    while at < end:
        mark = pieces[at][1]
        parts = [pieces[at][0]]
        at += 1
        while at < end and pieces[at][1] == mark:
            parts.append(pieces[at][0])
            at += 1
        raw = "".join(parts)
        text = clean(raw)
        if not text:
            blank = blank or bool(out and raw)
            continue
        if out and (blank or raw[0].isspace()):
            out.append(" ")
        blank = raw[-1].isspace()
        part = escape(text, quote=False)
        if mark.em:
            part = f"<em>{part}</em>"
        if mark.strong:
            part = f"<strong>{part}</strong>"
        if mark.href and (url := page.absolute(mark.href)) and url.startswith(("http://", "https://")):
            part = f'<a href="{escape(url)}">{part}</a>'
        out.append(part)
    return "".join(out)
