"""The element that holds an article's body, on any page: where sentences are dense and links are few.

One walk cuts the page into runs of text (what stands between two block boundaries), gives each run a weight, and adds
it to every element that the run stands in. Sentences count for an element; links and furniture (版权所有, 备案号) count
against it. So an element that holds several parts of a body beats each part, and one that holds the menus too loses to
the part. Text that stands where bodies do not (under 网友评论, in a list of look-alikes, in an element named ``footer``)
is only doubtful: it wins where there is nothing else. No site knowledge: class and id names tip the balance, no more,
since every CMS has its own.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from lxml import etree

from newscrawl.extract.page import UNSEEN_TAGS, Element, Page
from newscrawl.extract.text import fold


def find(page: Page) -> Element | None:
    """The tightest element that holds all paragraphs of the page's article; ``None`` where nothing reads like one."""
    scale = _Scale(page)
    boxes = scale.boxes
    best = _heaviest(boxes)
    if best is None or best.weight < _LITTLE:
        # Nothing where a body is expected: then it stands where it is not.
        for box in boxes:
            box.weight += 0.3 * box.doubt
            box.doubt = 0.0
        best = _heaviest(boxes)
    if best is None:
        return None
    if len(scale.repeats) >= _TWINS and _without_twin(best, scale.repeats):
        best = _heaviest(boxes) or best
    return _with_images(_tightened(best, boxes)).element


def _without_twin(best: _Box, repeats: list[tuple[_Box, float]]) -> bool:
    """Take off what a second print of the text weighs (one for desktops, one for telephones), if the best box holds both."""
    again = [(box, weight) for box, weight in repeats if best in _upwards(box)]
    if len(again) < _TWINS or sum(weight for _, weight in again) < 0.3 * best.weight:
        return False
    for box, weight in again:
        box.own -= weight
        for node in _upwards(box):
            node.weight -= weight
    return True


def _upwards(box: _Box) -> Iterator[_Box]:
    node: _Box | None = box
    while node is not None:
        yield node
        node = node.parent


_LITTLE = 20.0
"""A weight that no body is below: about one short sentence."""

_TWINS = 2
"""Paragraphs printed twice from which on the text is."""

_LIST = 3
"""Siblings that look like items of a list, from which they are one."""

_MUTED = 0.2
"""The factor of an element whose text is doubtful."""

_ITEM = 0.5
"""The factor of a list's item."""

_HIDDEN_FACTOR = 0.05

# What flows within a line; everything else ends a run of text.
_INLINE = frozenset(
    "a abbr acronym b bdo big cite code del dfn em font i img ins kbd label mark nobr q ruby s samp small span strike "
    "strong sub sup time tt u var wbr".split()
)
_SKIPPED = UNSEEN_TAGS | {"button", "marquee", "input", "link", "meta", "base"}

# Tags that say themselves that they hold no body.
_MUTED_TAGS = frozenset({"footer", "nav", "aside"})

_HEADS = frozenset({"h1", "h2", "h3", "h4"})

_CELLS = frozenset({"td", "th"})

# Never the answer: one paragraph, or a part of a list or a table. Their parents are.
_PARTS = frozenset("p h1 h2 h3 h4 h5 h6 li dt dd pre figcaption tr thead tbody html".split())

# List items: a body's are rare and stand beside paragraphs; a link block's summaries are nothing else.
_ITEMS = frozenset({"li", "dl", "dd", "dt"})

_AGAINST = re.compile(
    r"comment(?!ary)|pinglun|disqus|foot(?:er)?(?![a-z])|side_?bar|breadcrumb|copyright|disclaim|mianze|shengming|recommend"
    r"|tuijian|statement|gentie|tie-area|qr_?code|ewm|erweima|relat(?:ed|ion|e)(?![a-z])|xiangguan"
    r"|(?:^|[\s_-])(?:nav|menu|side|rank|hot|ads?|advert\w*|share|login|xgxw|xgyd|tjyd|pl|reply|links?)(?:$|[\s_-])",
    re.I,
)
_FOR = re.compile(
    r"trs_editor|artic(?:le|al)[_-]?(?:content|body|con|text|txt|main|detail|info)|art(?:i)?body"
    r"|(?:news|text|main|detail|cont?|post|entry|body|con)[_-]?(?:content|text|txt|body|detail|con)(?![a-z])"
    r"|endtext|js_content|p-detail|rwb_zw|founder|zoom|^content$|^article$|^detail$|^text$|^zw$|zhengwen|neirong",
    re.I,
)

# What a run of text says that is no article's: the site about itself.
_SELF = (
    r"版权所有|版权声明|版权均|合法拥有版权|免责声明|版权与免责|著作权|凡(?:本[网站报]|注明|来源)|未经(?:本网|本站|书面|许可|授权|允许)|违者"
    r"|转载(?:请|须|自|的|目的)|转载、|注明来源|注明出处|[同与]本[网站]联系|(?:三十|30)日内|(?:真实性|内容)负责|以上内容|用户上传|发布平台"
    r"|本网(?:站)?(?:未|注明|转载|所有|授权|将|不)|本站(?:所|未|转|不|将)|I[CP]{2}[备证]|备案(?:号|编号|序号)|公网安备|许可证|不良信息"
    r"|举报(?:电话|邮箱)|Copyright|All Rights Reserved|©|技术支持|主办单位|主办[：:]|承办[：:]|浏览器|分辨率|网站地图|联系我们|关于我们"
    r"|法律(?:责任|顾问)|邮政编码|邮编[：:]|传真[：:]|电话[：:]|地址[：:]|客服(?:电话|热线)|不代表本[网站]|仅代表(?:作者|网友|发言)"
    r"|仅供.{0,4}(?:表达|参考)|不(?:表明|构成).{0,6}(?:立场|建议)|^(?:特别|郑重)?声明[：:]|网友(?:评论|留言|发言)|文明上网"
    r"|登录后(?:才|可|即)|发表评论|扫(?:一扫|码|描)|二维码|公众号|客户端下载|点击(?:下载|查看|进入|关注)"
)
# A look at one character first: each of these begins with one of them, most of a text is made of others.
_FURNITURE = re.compile(
    f"(?=[©3AaCcIi三不与主举二仅以传免公关内凡分发合同地声备客扫承技文未本法注浏点版特用电登真网联著许转违邮郑])(?:{_SELF})", re.I
)

# Headings of what stands beside a body: what follows one, in the element that it heads, is hardly the body.
_HEADING = re.compile(
    r"(?:相关|推荐|延伸|更多|热门|热点|精彩|猜你|今日|最新|编辑|网友|图片|视频|专题|评论|关联|为[您你]|大家都在|你可能|还可以|本周|24小时|24h"
    r"|频道|头条|阅读|点击|排行|图集|热图|要闻|滚动|站内|新闻(?!内容))"
    r"(?:新闻|阅读|推荐|文章|链接|资讯|评论|内容|报道|专题|排行榜?|喜欢|图片|视频|热点|要闻|热评|热门|话题|点击|精选|看|感兴趣|浏览|关注"
    r"|回顾|热榜|动态|信息|头条|滚动|图集|搜索|词|的){1,4}(?:列表|区|榜)?"
    r"|(?:版权|免责|网站|特别|郑重)声明|我要评论|发表评论|我来说两句|评论列表|[\u4e00-\u9fff]{0,4}跟[帖贴]|友情链接|分享到|分享",
)
# Those that no channel bears, so that they count before the title too.
_SURE_HEADING = re.compile(r"相关|推荐|延伸|猜你|网友|排行|评论|声明|跟[帖贴]|分享|友情")
_HEADING_TRIM = ' \t\r\n\u3000\xa0：:>》»【】[]■●◆|*…"“”·'

# A time or a floor: what the items of a comment list carry, and those of a block of summaries.
_STAMP = re.compile(r"\d{1,2}-\d{1,2}(?:\D|$)|\d:\d\d|分钟前|小时前|\d天前|刚刚$|\d楼|沙发|回复")
_TEASER = re.compile(r"[\[【(（]?(?:详细|全文|阅读全文|查看详情|更多)[\]】)）]?(?:>>)?$")
_HIDDEN = re.compile(r"display\s*:\s*none", re.I)

# Half-width ones too: some newsrooms write Chinese with them.
_MARKS = re.compile("[，。！？；、,!?;]")


_SURE = 2


@lru_cache(maxsize=8192)
def _heading(text: str) -> int:
    """Whether a short line heads what stands beside a body: `_SURE`, 1 where a channel may bear the same name, 0 if not."""
    if not _HEADING.fullmatch(text.strip(_HEADING_TRIM)):
        return 0
    return _SURE if _SURE_HEADING.search(text) else 1


class _Box:
    """One element that can hold a body, and the weights of the runs in it.

    Most boxes hold nothing: what is not set on one is read off the class.
    """

    weight = 0.0
    """Sum of what counts for the element."""
    own = 0.0
    """What of it stands in the element itself or in its paragraphs, not in a smaller box."""
    against = 0.0
    """Sum of what counts against it."""
    doubt = 0.0
    """Sum of what would count, but stands where bodies do not: comments, summaries, asides."""
    headed = False
    """Muted by a heading in it."""
    lines = 0
    images = 0
    first_link = False
    """Begins with a link."""
    stamps = 0
    """Short lines with a time in them."""
    card = False
    """Looks like an item of a list: a link or a time, and a few lines."""
    cards = 0
    """How many of the children do."""
    carded = 0.0
    """What these children weigh."""

    def __init__(self, element: Element, parent: _Box | None, factor: float) -> None:
        self.element = element
        self.parent = parent
        self.factor = factor


def _heaviest(boxes: list[_Box]) -> _Box | None:
    best: _Box | None = None
    best_score = 0.0
    items: set[int] = set()
    for box in boxes:
        parent = box.parent
        if parent is not None and (id(parent) in items or (box.card and parent.cards >= _LIST)):
            items.add(id(box))
            continue
        if (box.weight <= 0 and box.own <= 0) or box.element.tag in _PARTS:
            continue
        # Links that an editor put beside the paragraphs do not speak against the element that holds both.
        score = max(box.weight + box.against - 0.1 * box.doubt, 0.5 * box.own)
        if score > 0 and box.element.tag != "body" and _named(box.element) > 0:
            score *= 1.2
        # At a tie the inner one, which comes later.
        if score >= best_score and score > 0:
            best, best_score = box, score
    return best


def _tightened(best: _Box, boxes: list[_Box]) -> _Box:
    """The innermost box that still holds nearly all that counts: what stays outside is more often junk than body."""
    enough = 0.85 * best.weight
    inside = {id(best)}
    for box in boxes:
        # Parents come before their children.
        if box.parent is not None and id(box.parent) in inside and box.weight >= enough:
            inside.add(id(box))
            if box.element.tag not in _PARTS:
                best = box
    return best


def _with_images(box: _Box) -> _Box:
    """The nearest ancestor that adds images but no line of text: a gallery keeps its pictures beside the words."""
    found, node = box, box
    while node.parent is not None and node.parent.lines == box.lines:
        node = node.parent
        if node.images > found.images and node.element.tag not in _PARTS:
            found = node
    return found


@lru_cache(maxsize=8192)
def _hint(names: str) -> int:
    """1 where class and id names speak for a body, -1 where against, 0 where they say nothing."""
    if _AGAINST.search(names):
        return -1
    return 1 if _FOR.search(names) else 0


def _named(element: Element) -> int:
    name, classes = element.get("id"), element.get("class")
    if not name and not classes:
        return 0
    return _hint(f"{name or ''} {classes or ''}".strip())


class _Scale:
    """Weighs a page: ``boxes`` are its elements in document order, with what speaks for and against each."""

    def __init__(self, page: Page) -> None:
        self.boxes: list[_Box] = []
        self.title = fold(page.title_tag)
        self.title_seen = False
        self.open: list[_Box] = []
        self.pieces: list[str] = []
        self.seen: set[str] = set()
        self.repeats: list[tuple[_Box, float]] = []
        """Paragraphs that stood on the page before: their box and their weight in it."""
        self.linked = 0
        """How many characters of the pieces are link."""
        self._walk(page.tree)

    def _walk(self, tree: Element) -> None:
        pieces = self.pieces
        # The open elements, and whether each is a box.
        stack: list[tuple[Element, bool]] = []
        link: Element | None = None
        walker = etree.iterwalk(tree, events=("start", "end", "comment"))
        for event, node in walker:
            if event == "start":
                tag = node.tag
                if tag in _INLINE:
                    stack.append((node, False))
                    if tag == "a":
                        if link is None and node.get("href"):
                            link = node
                    elif tag == "img":
                        if self.open:
                            self.open[-1].images += 1
                        continue
                    elif (style := node.get("style")) and _HIDDEN.search(style):
                        walker.skip_subtree()
                        continue
                elif tag in _SKIPPED:
                    walker.skip_subtree()
                    stack.append((node, False))
                    continue
                elif tag == "br":
                    if pieces:
                        self._end_run()
                    stack.append((node, False))
                    continue
                else:
                    if pieces:
                        self._end_run()
                    # A block inside an inline element makes a box of that too: <span id="detailContent"><p>.
                    if stack and not stack[-1][1]:
                        at = len(stack)
                        while at and not stack[at - 1][1]:
                            at -= 1
                        for i in range(at, len(stack)):
                            self._open_box(stack[i][0])
                            stack[i] = (stack[i][0], True)
                    self._open_box(node)
                    stack.append((node, True))
                text = node.text
            else:
                if event == "end":
                    if stack.pop()[1]:
                        if pieces:
                            self._end_run()
                        self._close_box()
                    if node is link:
                        link = None
                text = node.tail
            if text and (pieces or not text.isspace()):
                pieces.append(text)
                if link is not None:
                    self.linked += len(text)

    def _open_box(self, element: Element) -> None:
        parent = self.open[-1] if self.open else None
        factor = parent.factor if parent is not None else 1.0
        tag = element.tag
        if tag not in ("body", "html"):
            # Names are asked for only where they can still take something off.
            if factor > _MUTED:
                if tag in _MUTED_TAGS or _named(element) < 0:
                    factor = _MUTED
                elif factor > _ITEM and tag in _ITEMS:
                    factor = _ITEM
            if (style := element.get("style")) and _HIDDEN.search(style):
                factor = _HIDDEN_FACTOR
        box = _Box(element, parent, factor)
        self.boxes.append(box)
        self.open.append(box)

    def _close_box(self) -> None:
        box = self.open.pop()
        parent = box.parent
        if parent is None:
            return
        if box.images:
            parent.images += box.images
        if not box.lines:
            return
        if box.cards >= _LIST:
            box.weight -= box.carded
            box.doubt += box.carded
        tag = box.element.tag
        if box.lines == 1:
            if box.headed and box.factor < parent.factor:
                # Nothing but a heading: it heads what follows it.
                parent.factor, parent.headed = _MUTED, True
            if box.first_link and not parent.lines:
                parent.first_link = True
        elif box.weight and box.lines <= 12 and (box.first_link or box.stamps):
            box.card = True
            parent.cards += 1
            parent.carded += box.weight
        if box.weight:
            parent.weight += box.weight
            if tag == "p" or (box.lines == 1 and tag not in _CELLS and tag not in _ITEMS):
                parent.own += box.own
        parent.doubt += box.doubt
        parent.against += box.against
        parent.lines += box.lines
        parent.stamps += box.stamps

    def _end_run(self) -> None:
        """Weigh the text that has come together, for the innermost open box."""
        pieces = self.pieces
        text = (pieces[0] if len(pieces) == 1 else "".join(pieces)).strip()
        pieces.clear()
        linked, self.linked = self.linked, 0
        if not text or not self.open:
            return
        box = self.open[-1]
        box.lines += 1
        length = len(text)
        if length <= 16 and (heading := _heading(text)) and (heading == _SURE or self.title_seen):
            if box.factor > _MUTED:
                box.factor, box.headed = _MUTED, True
        elif linked * 2 > length:
            box.first_link = box.first_link or box.lines == 1
            box.against -= 3 + 0.4 * linked
        elif self.title_seen and box.element.tag in _HEADS:
            pass
        elif not self.title_seen and 6 <= length <= 80 and (box.element.tag == "h1" or self._is_title(text)):
            self._begin()
        else:
            if length <= 40 and _STAMP.search(text):
                box.stamps += 1
            self._weigh(box, text, length, linked)

    def _is_title(self, text: str) -> bool:
        folded = fold(text)
        return folded in self.title and (len(folded) * 3 >= len(self.title) or self.title.startswith(folded))

    def _begin(self) -> None:
        """The title: what came before it is rarely the body, and the headings met so far head nothing of it."""
        self.title_seen = True
        for box in self.boxes:
            if box.weight:
                box.weight *= 0.5
                box.own *= 0.5
        for box in self.open:
            if box.headed:
                box.factor, box.headed = 1.0, False

    def _weigh(self, box: _Box, text: str, length: int, linked: int) -> None:
        # A hit in each 40 characters: a body may well name a licence once.
        if length <= 400 and sum(40 for _ in _FURNITURE.finditer(text)) >= length:
            box.against -= 0.5 * length
            return
        if _MARKS.search(text):
            weight = length - 2.0 * linked
            if length < 20:
                weight *= 0.7
        elif box.element.tag == "p":
            # Verse, and the short lines that social media editors love.
            weight = 0.4 * length
        elif length >= 30 and text.count(" ") * 12 < length:
            weight = 0.3 * length
        else:
            if length <= 6 and box.element.tag not in _CELLS:
                # Buttons and labels.
                box.against -= 1.5
            return
        if weight <= 0:
            return
        if text.isascii():
            weight *= 0.3
        if box.factor > _MUTED and not _TEASER.search(text, length - 12 if length > 12 else 0):
            box.weight += weight * box.factor
            box.own += weight * box.factor
            if length >= 40 and self.title_seen:
                if text in self.seen:
                    self.repeats.append((box, weight * box.factor))
                self.seen.add(text)
        else:
            box.doubt += weight if box.factor > _HIDDEN_FACTOR else 0.3 * weight
