"""What the headings of link blocks say: the words that Chinese news sites print, whatever their CMS, each with its kind."""

from __future__ import annotations

import re
from functools import lru_cache

from newscrawl.extract.anchors import DETAIL, MORE
from newscrawl.extract.text import clean
from newscrawl.items import LinkKind

_WHAT = "(?:新闻|资讯|阅读|报道|报导|链接|文章|推荐|专题|内容|稿件|信息|话题|视频|图片|图集|图文|组图|热点|事件|解读|文件|政策|主题|动态|消息|要闻|文档|帖子|作品)"

HEADINGS: tuple[tuple[LinkKind | None, str], ...] = (
    # Headed like a block of articles, but of something else: goods, words, files, people, buttons.
    (None, r"相关(?:搜索|标签|关键词|热词|股票|个股|产品|商品|下载|软件|服务|部门|机构|人员|人物|词条|评论|附件|企业|法律).*"),
    (None, r".*(?:友情|更多|复制|我要)链接.*|.*(?:搜索|标签|关键词|影院|点卡|跟[帖贴]|热词|客户端|公众号)"),
    (None, r"(?:开启|关闭|取消|已|减少|我要|设置|不再|不感兴趣|加入|扫码|停止|屏蔽|点击(?!排|最|量|率|榜)|查看|进入|返回|下载).*|.*(?:个性化|算法)推荐.*"),
    (None, r".*(?:游戏|图书|好书|书籍|商品|产品|商家|楼盘|车型|企业|品牌|应用|软件|账号|用户|课程|服务|套餐|旅店|酒店|职位|影片|广告|推广|赞助|购物|团购|好物|特价|电影|小说|网站|栏目)推荐.*"),
    # Readers' comments, in the words of a hot list.
    (None, r"(?:热门|最热|精彩|精选|最新|全部|所有|网友|大家)*(?:评论|热评|跟[帖贴]|留言)(?:区|列表)?"),
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
_BEGINNING = re.compile("[推相关延扩拓阅链背报回同类似猜喜感图影光摄视高播专话排榜热小看大要新资消头精最论社博速聚人动快]")
# The second half of a heading that is cut in two for its colours (<span>热点</span><p>推荐</p>), and those of them that
# may as well head a list of their own.
HALVES = frozenset("推荐 阅读 新闻 排行 排行榜 图片 图集 视频 专题 链接 文章 资讯 报道 精选 喜欢 热文 要闻".split())
ALONE = frozenset("新闻 图片 图集 视频 专题 要闻".split())
# Off a heading before it is told: white space, brackets, bullets, colons, an English translation, its "more".
DECORATION = dict.fromkeys(
    map(ord, " \t\r\n\u3000\xa0:：|｜·•―—-_>»›<《》〈〉【】[]「」『』（）()●■◆▶▪◎★☆✦\"'“”‖/、…\u200b\ufeff")
)
_TRAILER = re.compile(r"(?:查看更多|更多|换一[批换组])?[A-Za-z&.]*$")
_PHRASE = re.compile("[，,。！!；;]|[？?].")
_HAN_BLANK = re.compile(r"(?<=[\u4e00-\u9fff]) (?=[\u4e00-\u9fff])")
_UNKNOWN = re.compile(r"[\u4e00-\u9fff][\u4e00-\u9fffA-Za-z0-9·+/&|丨]{1,9}")

LONGEST_HEADING = 14
"""Characters of the longest heading that is believed to be one."""
LONGEST_TEXT = 26
"""The same with its brackets, its blanks and its English."""

CHOSEN = ("recommended", "related")
"""The kinds that belong to an article; an empty block of another kind tells nothing."""


def kind_of(heading: str) -> LinkKind | None:
    """The kind of block that a heading announces (`HEADINGS`), ``None`` for words that announce none."""
    bare, kind = announced(heading)
    return kind if bare else None


@lru_cache(maxsize=8192)
def may_head(text: str) -> bool:
    """Whether a text, as it stands in the page, can be a heading by its words."""
    text = text.strip()
    return 1 < len(text) <= LONGEST_TEXT and _BEGINNING.search(text) is not None and announced(text)[0] != ""


@lru_cache(maxsize=8192)
def announced(text: str) -> tuple[str, LinkKind | None]:
    """A possible heading without its decoration, empty if it can be none, and the kind of block that it announces."""
    bare = text.translate(DECORATION) if len(text) < 80 else ""
    if not 2 <= len(bare) <= LONGEST_TEXT or not _STEM.search(bare):
        return "", None
    bare = _TRAILER.sub("", bare)
    if not 2 <= len(bare) <= LONGEST_HEADING or _PHRASE.search(bare):
        return "", None
    match = _HEADING.fullmatch(bare)
    kind = _KIND_OF_GROUP[match.lastgroup] if match and match.lastgroup else None
    # [要闻] is the label of one link.
    if kind not in CHOSEN and (MORE.fullmatch(bare) or text.lstrip().startswith(("[", "(", "（"))):
        return "", None
    return (bare, kind) if kind or bare in HALVES else ("", None)


@lru_cache(maxsize=8192)
def unknown_words(text: str) -> str:
    """A text cleaned, if it is as short as a heading and no table knows its words; else nothing."""
    text = clean(text)
    known = not _UNKNOWN.fullmatch(text) or DETAIL.fullmatch(text) or _HEADING.fullmatch(text)
    return "" if known else text


@lru_cache(maxsize=1024)
def heading_text(text: str) -> str:
    """A heading as read: one line, blanks between its characters (推 荐 阅 读) and its parts off."""
    return _HAN_BLANK.sub("", clean(text))
