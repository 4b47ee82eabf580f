"""Date, source and people of a page that no rule knows: judged by what lines say and where, not by how a site names things.

`byline` looks for the lines that hold date, 来源, 作者 and 编辑, over the part around title and body only, so that the cost
follows the article and not the page; the title is `titles.py`'s.

Where Chinese sites put the byline, each seen in more than one CMS: between title and body (nearly all); above the title
(news.cn 2022, portals with a date box); below the body with or without the editor (table layouts of the 2000s, TRS
government pages); in a sidebar; in the cells of a 信息公开 table; in a hidden block or in hidden inputs (Baidu news markup,
大汉 JCMS); and in the same element as the title.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from functools import lru_cache
from typing import Literal

from newscrawl.days import SHANGHAI
from newscrawl.extract import bylines, dates
from newscrawl.extract.candidates import Candidate
from newscrawl.extract.dates import Moment
from newscrawl.extract.elements import is_hidden
from newscrawl.extract.lines import BLOCKS, HINT, Line, Piece, back, lines_from, name_of, names_above, precedes, upwards
from newscrawl.extract.page import Element, Page
from newscrawl.extract.text import clean, fold
from newscrawl.extract.titles import bare, title, titles
from newscrawl.items import Editor, Precision

__all__ = ["byline", "title", "titles"]

BYLINE = "generic:byline"

# -- how far is read

_BEFORE = 60
"""Elements looked at above the title: a date box or a byline, not the site's navigation."""

_BETWEEN = 400
"""Elements looked at between title and body: share bars with a hundred nodes stand there."""

_AFTER = 160
"""Elements looked at below the body: editor line, date of old layouts, before the link blocks take over."""

_LONG = 1500
"""Elements from which on a body is not read through: its head and its tail tell."""

_TAIL = 80
"""Elements looked at of such a body's end."""

_SHORT = 140
"""Characters of a line that may be a byline or an editor line; longer ones are text."""

# -- the byline

_COLON = r"[\s\xa0]{0,4}[:：∶]"

_PEOPLE_HINT = re.compile(
    r"编\s?[辑审校]|編輯|责\s?编|校\s?对|审\s?[核读校]|监\s?制|值班|[一二三初复终]\s?[审校]|主编|统筹|策划|选稿|作\s?者|记\s?者|撰文|撰稿"
    r"|来\s?源|稿源|^文"
)
_DATE_HINT = re.compile(r"\d{4}|\d[-月/.]\d|[〇零○一二三四五六七八九]年|昨天|前天|今天|前|刚刚")

# A label that stands alone, its value in the next element, cell or line.
_ALONE = re.compile(
    r"[【\[(（]?\s*(?:(?:信息|文章|新闻|稿件|内容|本文)?(?:来源|稿源|出处)|作\s?者|(?:发布|发稿|发表|更新|公开|生成|成文|发文|添加|录入|创建)?(?:时间|日期)"
    r"|(?:责任)?编\s?辑|责编|发布(?:单位|机构|人|者)|校对|审核|记者)\s*[:：∶]?\s*"
)
_FILLED = re.compile(r"[:：∶]\s{0,3}[^\s:：∶].*[:：∶]\s*$")
_OPEN_END = re.compile(r"(?:来源|稿源|出处|作者|编辑|责编|时间|日期|审核|校对|记者)\s{0,3}[:：∶]\s{0,3}$")
_PURE_DATE = re.compile(r"[\d\s:：/.\-年月日时分秒]{1,24}")

# What else stands in a byline, none of it a source or a name.
_NO_VALUE = re.compile(
    r"^(?:分享|打印|收藏|字[体号]|关闭|复制|点击|阅读|浏览|访问|评论|跟[贴帖]|参与|点赞|举报|投诉|反馈|纠错|扫一扫|听新闻|语音|播放|关注|订阅|原创|转载|手机看|"
    r"[大中小]$|[AaTt][+\-]$|微信|微博|QQ|首页|返回|我要|来自|已关注|保存|推荐|正文|专题|图片|更多|置顶|热门?$|\W*$|\d+$)"
)

_LABEL_GOOD = re.compile(
    r"(?:发布|发稿|发表|刊发|刊登|播发|公布|公开|添加|录入|上传|创建|上线|提交|信息)(?:的)?(?:时间|日期|于)?" + r"\W{0,4}$"
)
_LABEL_PLAIN = re.compile(r"(?:时\s{0,4}间|日\s{0,4}期)\W{0,4}$")
_LABEL_WEAK = re.compile(r"(?:更新|修改|编辑|成文|印发|发文|制发|生成|落款|最后更新)(?:的)?(?:时间|日期|于|在)?\W{0,4}$")
_LABEL_BAD = re.compile(
    r"(?:今天|今日|现在|当前|此刻|北京时间|截止|截至|有效|活动|会议|开庭|打印|访问|登[录陆]|注册|回复|评论|实施|施行|废止|失效|报名|开[始播]|结束|版权|有限公司|备案)"
    r"(?:的)?(?:是|时间|日期|于|至|期)?\W{0,4}$"
)
_YEAR = re.compile(r"(?:19|20)\d\d|\d{2}[-/]\d{1,2}[-/]\d")
_CLOCK = re.compile(r"今天是|现在是|农历|欢迎(?:您|光临)")
_WEEKDAY = re.compile(r"星期[一二三四五六日天]|周[一二三四五六日](?![\u4e00-\u9fff])")
_RIGHTS = re.compile(r"copyright|版权所有|©|all rights|ICP|公网安备|主办|承办|技术支持|标识码|联系(?:我们|电话)|地址[:：]", re.I)
_DISCLAIMER = re.compile(r"凡(?:本|是|注明|来源)|声明|注明|转载|不代表|侵权|版权|请联系|电话|邮箱|热线|投稿")
_EDITOR_FIRST = re.compile(
    r"[【\[（(]?\s?(?:责任|网络|值班|本文|本期)?(?:编\s?[辑审校]|責任編輯|编輯|责\s?编|监\s?制|审\s?核)\s?[:：]"
)
_CHANNEL = re.compile(
    r"(?:社会|国内|国际|本地|地方|时政|财经|经济|体育|娱乐|文化|综合|科技|教育|图片|视频|市州|区县|县区|部门|行业|民生|法治|热点|头条|最新|今日|媒体|国外|军事|房产"
    r"|健康|旅游|汽车|要闻|新闻)(?:新闻|频道|要闻|资讯|动态|视频|观察|发布|中心)"
)

_PEOPLE_LINE = re.compile(r"(?:记\s?者|作\s?者|通讯员|编\s?辑|责\s?编)[\s:：]")

# Names of classes and ids. Word ends matter little there: pubTime, h-time, m-con-time, article_time.
_NAME_DATE = re.compile(r"time|date|riqi|shijian|fbsj|pubtime|publish|\bsj\b", re.I)
_NAME_SOURCE = re.compile(
    r"sou?rce?(?![a-z])|source|laiyuan|\bly\b|origin|copyfrom|come_?from|\bfrom\b|media(?!_)|xinxily|sour\b|nick_?name|account",
    re.I,
)
_NAME_AUTHOR = re.compile(r"author|writer|zuozhe|reporter|jizhe", re.I)
_NAME_EDITOR = re.compile(r"edit(?:or)?(?![a-z_]*(?:able|body|content|view))|bianji|zebian|liability", re.I)
_NAME_PUBLISHED = re.compile(
    r"pub_?(?:lish)?(?:ed)?[_-]?(?:time|date|on|at)|(?:post|release|issue|news|art(?:icle)?|detail|info|show|content|con|entry)[_-]?(?:time|date)|fabu|fbsj|pubtime",
    re.I,
)
_NAME_OTHERS = re.compile(
    r"comment|pinglun|reply|liuyan|\btie\b|tie-|discuss|recommend|related?|relate|(?<!p)hot|rank|list|feed|card|foot|copyright|side-?bar|swiper|carousel|login|calendar|clock|weather",
    re.I,
)
_ITEMS = frozenset({"li", "dd", "dt", "dl"})

_CAPTION = re.compile(r"(?:摄|图|供图|制图|/摄|摄影)\W{0,3}$")

# Blocks that follow an article: what stands below such a heading belongs to other articles or to readers.
_NEXT_BLOCK = re.compile(
    r"\s*[【\[■●◆|>》]{0,2}\s*(?:相关(?:新闻|阅读|报道|推荐|文章|链接|资讯|内容|稿件|专题)|推荐(?:阅读|新闻|文章)|为[你您]推荐|猜[你您]喜欢|热(?:门|点|新闻)|延伸阅读"
    r"|(?:最新|全部|热门|精彩|网友)?(?:评论|跟[贴帖]|留言)|精彩推荐|更多(?:新闻|内容|精彩)|新闻排行|排行榜|看了又看|下一篇|上一篇)"
)

# Names of media end like this: the one kind of source that needs no label.
_MEDIUM = re.compile(
    r"(?:网|[日晚晨早时周都市商]报|报社|新闻|电视台|广播电台|广电|融媒(?:体)?(?:中心)?|客户端|在线|通讯社|新华社|中新社|周刊|杂志|频道|卫视|头条|新媒体|报业|论坛"
    r"|(?:日|晚|晨|早|商|时|都市|导|学|电|青年|法治|法制|经济|科技|教育|文化|农民|工人|人民)报|之声|视频|传媒|发布|观察|委员会|人民政府|管理局|办公室|宣传部)"
    r"(?:[··\-—]\S{1,12})?(?:\(\S{1,8}\)|（\S{1,8}）)?$"
)

_OFFICE = re.compile(r"(?:报|报社|网|社|台|融媒体?|客户端|频道|新闻)$")

_RANK: dict[Precision, int] = {"second": 3, "minute": 2, "hour": 1, "day": 0}

_SCRIPT_TIME = re.compile(
    r"""[a-z]{0,8}_?(?:[Tt]ime|[Dd]ate|ed_?at|edAt)["']?\s{0,4}[:=]\s{0,4}["']((?:19|20)\d\d[-/]\d{1,2}[-/]\d{1,2}(?:[ T]\d{1,2}:\d\d(?::\d\d)?)?)"""
)
_INPUT_TIME = re.compile(
    r"(?:pub|publish|release|create|news|art|article|show|doc)\w{0,8}(?:time|date)$|^(?:time|date|pubdate)$", re.I
)


@dataclass(slots=True)
class _Dated:
    """A date found, how much speaks for it, and whether it may make another one more precise."""

    score: float
    moment: Moment
    line: Line | None
    raw: str
    element: Element | None
    trusted: bool
    yearless: bool = False


def byline(page: Page, body: Element | None, title: Element | None, *, dated: Candidate | None = None) -> list[Candidate]:
    """Date, source, people: candidates for ``published_at`` (a `dates.Moment`), ``source``, ``source_url``, ``authors``,
    ``reporters``, ``correspondents`` and ``editors``, at most one for each field, none for what the page does not say.

    ``body`` is the element that holds the text, ``title`` the heading (looked for if not given), ``dated`` the date that a
    rule has found, if one has: no other is looked for then. A date of a comment, of
    an item in a list, of a copyright line, of a clock or within the text is not taken; among the others the one that is
    labelled, stands near the title and agrees with the page's address wins, then the most precise print of the same day.
    """
    if title is None:
        title = next((candidate.element for candidate in titles(page, body)), None)
    reading = _Reading(page, body, title)
    return reading.answer(dated)


class _Reading:
    """The lines around one article, and what they say."""

    def __init__(self, page: Page, body: Element | None, title: Element | None) -> None:
        self.page = page
        self.now: datetime = page.now
        self.body = body
        self.title_text = page.text(title) if title is not None else page.title_tag
        self.lines = _merged(_region(body, title))
        self.days: set[date] = set()
        self.near: Moment | None = None
        self.out: dict[str, Candidate] = {}

    def answer(self, dated: Candidate | None) -> list[Candidate]:
        if dated is None:
            chosen = self._published()
            line = chosen.line if chosen else None
        else:
            raw = dated.value.raw
            line = next((line for line in self.lines if line.place in ("head", "above") and raw in line.text), None)
        self._people(line)
        return list(self.out.values())

    def offer(self, name: str, value: object, raw: str, element: Element | None, rule: str = BYLINE) -> None:
        if value and name not in self.out:
            self.out[name] = Candidate(name, value, rule, raw, element)

    # -- the date

    def _expected(self) -> set[date]:
        """Days that the address and the head of the page speak for."""
        days: set[date] = set()
        if self.page.url and (day := dates.in_url(self.page.url)):
            days.add(day)
        for name in ("publishdate", "pubdate", "article:published_time", "og:release_date", "firstpublishedtime"):
            if (value := self.page.meta.get(name)) and (moment := dates.parse(value, self.now)):
                days.add(moment.at.date())
        return days

    def _published(self) -> _Dated | None:
        self.days = self._expected()
        # A date without a year is one near the day that the address tells.
        self.near = Moment(datetime.combine(min(self.days), time(12), SHANGHAI), "day", "") if self.days else None
        found: list[_Dated] = []
        distance = 0
        for line in self.lines:
            if line.place == "text" or len(line.text) > _SHORT or not _DATE_HINT.search(line.text):
                continue
            if line.place == "head":
                distance += 1
            found += self._dates_of(line, distance)
        found += self._dates_by_name()
        found = [item for item in found if item.score > 0]
        best = max(found, key=lambda item: item.score, default=None)
        if best is not None and best.yearless:
            # The twin for telephones leaves the year out, the one for desktops tells it.
            told = [
                item
                for item in found
                if not item.yearless and item.moment.at.replace(year=best.moment.at.year).date() == best.moment.at.date()
            ]
            best = max(told, key=lambda item: item.score, default=best)
        if best is None or best.yearless:
            # 昨天 in a saved page means nothing any more; what its script was given does.
            best = self._date_unseen() or best
        if best is None:
            return None
        same = [i for i in found if i.trusted and i.moment.at.date() == best.moment.at.date()]
        finest = max(same, key=lambda item: (_RANK[item.moment.precision], item.score), default=best)
        if _RANK[finest.moment.precision] > _RANK[best.moment.precision]:
            best = _Dated(best.score, finest.moment, best.line, finest.raw, finest.element, True)
        self.offer("published_at", best.moment, best.raw, best.element)
        return best

    def _dates_of(self, line: Line, distance: int) -> list[_Dated]:
        text = line.text
        if _RIGHTS.search(text) or _CLOCK.search(text):
            return []
        spans = dates.find(text, self.now, near=self.near)
        if not spans:
            return []
        found = []
        head = line.place == "head"
        sourced = bool(_SOURCE_LABEL.search(text))
        foreign = _in_item(line, self.title_text) or (not head and bool(_NAME_OTHERS.search(names_above(line.element, 5))))
        for start, end, moment in spans:
            before = text[max(0, start - 14) : start]
            good = bool(_LABEL_GOOD.search(before))
            if _LABEL_BAD.search(before) or (foreign and not good):
                continue
            weak = bool(_LABEL_WEAK.search(before))
            plain = not good and not weak and bool(_LABEL_PLAIN.search(before))
            named = bool(_NAME_DATE.search(f"{name_of(line.element)} {_names_of(line, start)}"))
            rest = len(text) - (end - start)
            yearless = not _YEAR.search(moment.raw)
            timed = moment.precision != "day"
            agreement = self._agreement(moment)
            if not (good or plain or sourced):
                # Words with a date in them are no date line (5月20日至31日封闭); a page without a text may be a list.
                vague = not timed and (yearless or line.inside)
                peopled = head and rest > 24 and _PEOPLE_LINE.search(text) is not None
                limit = (
                    80
                    if weak or named or peopled
                    else 6
                    if vague or (line.inside and yearless) or line.place == "above"
                    else 48
                    if head and timed
                    else 24
                )
                if rest > limit or _linked_at(line, start) or (self.body is None and not (weak or named)):
                    continue
                if line.place == "below" and not (weak and rest <= 40):
                    continue
                # The page's own date box shows today.
                if not head and not timed and agreement <= 0 and moment.at.date() == self.now.date():
                    continue
            if yearless and self.body is None:
                continue
            score = {"head": 40.0 - min(distance, 20) / 2, "above": 26.0, "below": 14.0, "text": 0.0}[line.place]
            score += 10 * good + 6 * plain - 6 * weak + 4 * named + 5 * sourced + 6 * timed - 8 * yearless + agreement
            score -= 12 * bool(not (good or plain or sourced) and _WEEKDAY.search(text))
            found.append(_Dated(score, moment, line, text, line.element, True, yearless))
        return found

    def _agreement(self, moment: Moment) -> float:
        if not self.days:
            return 0.0
        distance = min(abs((moment.at.date() - day).days) for day in self.days)
        return 8.0 if distance == 0 else 4.0 if distance == 1 else 0.0 if distance <= 3 else -8.0

    def _dates_by_name(self) -> list[_Dated]:
        """Dates in elements that are named for it and stand once on the page: Baidu's hidden block, sidebars, ``<time>``."""
        page = self.page
        elements: list[Element] = []
        for name, element in page.ids.items():
            if _is_published_name(name):
                elements.append(element)
        for name, group in page.classes.items():
            if len(group) == 1 and _is_date_name(name):
                elements += group
        elements += page.tags.get("time", ())[:3]
        elements += [e for e in page.tags.get("input", ()) if e.get("type") == "hidden" and _INPUT_TIME.search(name_of(e))]
        found = []
        for element in elements[:24]:
            text = clean(element.get("value") or element.get("datetime"))
            if not text:
                if len(element) > 12:
                    continue
                text = page.text(element)
            if (
                not text
                or len(text) > _SHORT
                or not _DATE_HINT.search(text)
                or _CLOCK.search(text)
                or _WEEKDAY.search(text)
                or _RIGHTS.search(text)
            ):
                continue
            published = bool(_NAME_PUBLISHED.search(name_of(element)))
            if (any(node.tag == "a" for node in upwards(element, 4)) and not published) or _NAME_OTHERS.search(
                names_above(element, 6)
            ):
                continue
            moment = dates.parse(text, self.now)
            if moment is None or _LABEL_BAD.search(text[: text.find(moment.raw)] if moment.raw in text else ""):
                continue
            label = bool(_LABEL_GOOD.search(text[:8]) or _LABEL_PLAIN.search(text[:8]))
            if (
                not published
                and not label
                and element.tag != "input"
                and self.body is not None
                and not precedes(element, self.body)
            ):
                continue
            strong = published or element.get("itemprop") == "datePublished"
            if element.tag in ("time", "input") or strong or label or len(text) <= 24:
                score = 12.0 + 8 * strong + (4 if moment.precision != "day" else 0) + self._agreement(moment)
                stamped = element.tag == "time" and element is page.tags["time"][0] and bool(element.get("datetime"))
                found.append(_Dated(score, moment, None, text, element, strong or stamped))
        return found

    def _date_unseen(self) -> _Dated | None:
        """The last resort: what a script writes into the page."""
        html = self.page.html
        for word in ("ublish", "ubTime", "ubtime", "pub_time", "ubDate", "ubdate", "elease"):
            at = html.find(word)
            while at >= 0:
                match = _SCRIPT_TIME.match(html, at)
                if match and (moment := dates.parse(match.group(1), self.now)):
                    return _Dated(8.0, moment, None, moment.raw, None, False)
                at = html.find(word, at + 1)
        return None

    # -- source and people

    def _people(self, dated: Line | None) -> None:
        """Source and people, in the order of trust: labelled beside title and date, named so, unlabelled, after the text."""
        editors: list[Editor] = []
        editor_line: Line | None = None
        late: list[tuple[Line, bylines.Byline]] = []
        # In the midst of a text 来源, 作者 and 编辑 are about something else.
        left = sum(line.place == "text" for line in self.lines)
        for line in self.lines:
            text = line.text
            left -= line.place == "text"
            if len(text) > _SHORT or line.linked * 3 > 2 * len(text) + 20:
                continue
            people = bool(_PEOPLE_HINT.search(text))
            if line.place in ("head", "above"):
                if line.place == "above" and not (line is dated or _near(line, dated)):
                    continue
                if line.inside and line is not dated and (_CAPTION.search(text) or not _IN_TEXT.match(text)):
                    continue
                if line is dated or HINT.search(text) or _named_for(line) or _in_author_box(line):
                    self._read_head(line)
            elif not people or self._is_else(line, left):
                continue
            elif line.place == "below" or left <= 8:
                late.append((line, bylines.read(text, self.now, dated=False)))
            if people and (found := bylines.editors(text)):
                editors = bylines.together(editors, found)
                editor_line = editor_line or line
        self._read_named()
        if dated is not None and "source" not in self.out:
            self._unlabelled(dated)
        for line, read in late:
            # 记者 below the text are those of the text, not who signs above it.
            self._take(line, read, authors=[] if read.authors == read.reporters else read.authors)
        if editor_line is not None:
            if (named := self.out.get("editors")) is not None:
                self.out["editors"] = replace(named, value=bylines.together(named.value, editors))
            self.offer("editors", editors, editor_line.text, editor_line.element)

    def _is_else(self, line: Line, left: int) -> bool:
        """Whether a line that names people or a source is about something else: a disclaimer, an item, an interview."""
        if line.place == "text" and left > 15 and not _NAME_EDITOR.search(name_of(line.element)):
            return True
        # An editor line is one whatever follows on it: 责任编辑：张三 新闻热线：…
        if not _names_editor_first(line.text) and (
            _DISCLAIMER.search(line.text) or (line.place == "below" and _RIGHTS.search(line.text))
        ):
            return True
        return _in_item(line, self.title_text)

    def _read_head(self, line: Line) -> None:
        read = bylines.read(line.text, self.now, dated=False)
        if not _SOURCE_LABEL.search(line.text):
            # Without a label the name of an element says more than the order of the words.
            self._read_pieces(line)
        self._take(line, read, authors=read.authors or read.reporters)
        self._read_pieces(line)

    def _read_pieces(self, line: Line) -> None:
        if _in_author_box(line):
            self.offer("authors", [line.text], line.text, line.element)
        for piece in line.pieces:
            text = clean(piece.text)
            if (
                not text
                or len(text) > 40
                or _SOURCE_LABEL.search(text)
                or _NO_VALUE.search(text)
                or re.match(r"(?:19|20)\d\d\W", text)
            ):
                continue
            name = name_of(piece.element)
            if piece.element.tag == "a" and (parent := piece.element.getparent()) is not None and parent.tag not in BLOCKS:
                name += name_of(parent)
            if "source" not in self.out and _NAME_SOURCE.search(name) and not _NAME_DATE.search(name):
                if value := bylines.source(text):
                    self._source(value, line)
            elif "authors" not in self.out and _NAME_AUTHOR.search(name):
                # Accounts of media sign as authors on platforms.
                if _MEDIUM.search(text) and len(text) > 3:
                    self._source(text, line)
                elif not bylines.editors(text):
                    # span.author with 编辑：张三 in it names no author.
                    people = bylines.names(text)
                    # 新京报 before 记者：张三 is no author.
                    if len(line.pieces) == 1 or not _OFFICE.search(text) or any(map(bylines.is_person, people)):
                        self.offer("authors", people, line.text, piece.element)

    def _take(self, line: Line, read: bylines.Byline, *, authors: list[str]) -> None:
        if read.source and not (_CHANNEL.fullmatch(read.source) and not _SOURCE_LABEL.search(line.text)):
            self._source(read.source, line)
        self.offer("authors", authors, line.text, line.element)
        self.offer("reporters", read.reporters, line.text, line.element)
        self.offer("correspondents", read.correspondents, line.text, line.element)

    def _source(self, value: str, line: Line) -> None:
        held = self.out.get("source")
        if held is not None and ("source_url" in self.out or held.value != value):
            return
        key = fold(value)
        link: Piece | None = None
        for piece in line.pieces:
            if piece.link is None or not (text := fold(piece.text)):
                continue
            if key == text or (key.startswith(text) and len(text) >= 2):
                link = piece
                if " " in value and value.startswith(shown := clean(piece.text)):
                    # What follows the linked medium is another one (a second link, hidden) or a place.
                    value = shown
            elif key in text:
                link = piece
            if link is not None:
                break
        self.offer("source", value, line.text, line.element)
        if link is not None and link.link is not None and (href := self.page.absolute(link.link.get("href"))):
            self.offer("source_url", href, href, link.link)

    def _unlabelled(self, line: Line) -> None:
        """A source that stands beside the date without a label: 2020-10-04 20:30 长江网."""
        if line.place == "below":
            return
        at = self.lines.index(line)
        left: list[tuple[str, Line, Piece]] = []
        for other in self.lines[max(0, at - 3) : at + 4]:
            if (
                len(other.text) > _SHORT
                or other.place != line.place
                or other.inside != line.inside
                or _COLON_LABEL.search(other.text)
                or ">" in other.text
            ):
                continue
            if other is not line and not _kin(other.element, line.element):
                continue
            for piece in other.pieces:
                text = clean(_without_dates(piece.text, self.now)).strip("|｜/·•-— ,，[]【】()（）")
                if 2 <= len(text) <= 20 and not _NO_VALUE.search(text) and text not in [seen for seen, _, _ in left]:
                    left.append((text, other, piece))
        for text, other, _ in left:
            if _MEDIUM.search(text) and not _CHANNEL.fullmatch(text) and (value := bylines.source(text)):
                self._source(value, other)
                return
        # One thing is left beside the date, set apart from it: whose page it is (toutiao, 163 dy, WeChat).
        if len(left) == 1:
            text, other, piece = left[0]
            apart = 4 <= len(text) <= 16 and not re.search(r"\d{4}", piece.text) and re.fullmatch(r"[\w·\-（）()]+", text)
            if apart and not _CHANNEL.fullmatch(text) and (value := bylines.source(text)):
                self._source(value, other)

    def _read_named(self) -> None:
        """What stands in elements named for it, once on the page: ``#source_baidu``, ``#author_baidu``, ``#editor_baidu``."""
        page = self.page
        for field_name, ids in (
            ("source", ("source_baidu", "source", "laiyuan", "webdig_source", "ne_article_source")),
            ("authors", ("author_baidu",)),
            ("editors", ("editor_baidu",)),
        ):
            if field_name in self.out:
                continue
            for name in ids:
                element = page.ids.get(name)
                if element is None or element.tag in ("input", "meta"):
                    continue
                text = page.text(element)
                if not text or len(text) > 60 or _NO_VALUE.search(text):
                    continue
                value: object
                if field_name == "source":
                    value = bylines.source(text)
                elif field_name == "authors":
                    value = bylines.read(text, self.now).authors or bylines.names(_LEADING_LABEL.sub("", text))
                else:
                    value = bylines.editors(text)
                if value:
                    self.offer(field_name, value, text, element)
                    if field_name == "source" and (links := [element, *element.iter("a")])[-1].tag == "a":
                        self.offer("source_url", page.absolute(links[-1].get("href")), text, links[-1])
                    break


# A site's pages use the same names over and over.


@lru_cache(maxsize=8192)
def _is_published_name(name: str) -> bool:
    return _NAME_PUBLISHED.search(name) is not None


@lru_cache(maxsize=8192)
def _is_date_name(name: str) -> bool:
    return _NAME_DATE.search(name) is not None


_SOURCE_LABEL = re.compile(r"(?:来\s{0,2}源|來源|稿源|出处|来自|转自)(?:于)?" + _COLON)
_IN_TEXT = re.compile(
    r"\W{0,3}(?:文\s?[/／|丨:：]|(?:[^，。]{0,30}\s)?(?:(?:本文|稿件|信息)?来源|稿源|作者|(?:责任)?编辑|撰文)\s{0,3}[:：/])"
)
_COLON_LABEL = re.compile(r"(?:来源|作者|编辑|记者)" + _COLON)
_LEADING_LABEL = re.compile(r"^\s*[\u4e00-\u9fff]{2,4}" + _COLON + r"\s*")


def _region(body: Element | None, title: Element | None) -> Iterator[Line]:
    """The lines from a little above the title to a little below the body, each with its place."""
    if title is not None and (
        title.tag in ("title", "meta") or (body is not None and not precedes(title, body) and body not in title.iterancestors())
    ):
        # In the head, or a twin after the text (share panel): what stands around it is not the article's.
        title = None
    anchor = title if title is not None else body
    if anchor is None:
        return
    size = _size(body, 2 * _LONG) if body is not None else _BETWEEN
    steps = _BEFORE + _BETWEEN + (size if size < _LONG else _TAIL) + _AFTER
    place: Literal["above", "head", "text", "below"] = "above" if title is not None else "head"
    inside = body is not None and title is not None and body in title.iterancestors()
    in_title = 0
    below = 0
    for mark, entered, line in lines_from(
        back(anchor, _BEFORE), steps, marks=[node for node in (title, body) if node is not None]
    ):
        if line is None:
            if mark is title:
                place, in_title = "head", int(entered)
            else:
                inside = entered
                place = place if entered else "below"
            continue
        line.inside = inside
        if in_title:
            # Date and source in the same element as the title, on a line of their own or not.
            if _SOURCE_LABEL.search(line.text) or (in_title > 1 and _DATE_HINT.search(line.text)):
                yield line
            in_title += 1
            continue
        if place == "head" and (inside or body is None) and _is_prose(line):
            place = "text"
        line.place = place
        if place == "below":
            below += 1
            if _is_end(line, below):
                return
        yield line
    if place == "below" or body is None:
        return
    # A text too long to be read through: its end, and what stands below it.
    for mark, _, line in lines_from(back(_last(body), _TAIL), _TAIL + _AFTER, marks=(body,)):
        if line is None:
            below += mark is body
            continue
        line.place, line.inside = ("below", False) if below else ("text", True)
        if below:
            below += 1
            if _is_end(line, below):
                return
        yield line


def _is_end(line: Line, below: int) -> bool:
    return below > 40 or (len(line.text) <= 20 and bool(_NEXT_BLOCK.match(line.text)))


def _last(element: Element) -> Element:
    """The element that begins last within one."""
    while len(element):
        element = element[-1]
    return element


def _size(element: Element, limit: int) -> int:
    """How many elements one holds, counted up to a limit."""
    size = 0
    for _ in element.iter("*"):
        size += 1
        if size >= limit:
            break
    return size


def _is_prose(line: Line) -> bool:
    text = line.text
    if len(text) - line.linked < 45:
        return False
    return "。" in text or "，" in text or len(text) > _SHORT


def _merged(lines: Iterable[Line]) -> list[Line]:
    """Join what belongs together: a label and its value in the next cell, a date printed in parts."""
    out: list[Line] = []
    for line in lines:
        last = out[-1] if out else None
        if last is not None and last.place == line.place and len(line.text) <= 60 and _kin(last.element, line.element):
            alone = _ALONE.fullmatch(last.text) or _OPEN_END.search(last.text)
            label = alone and not _ALONE.match(line.text) and not _NO_VALUE_AFTER.search(line.text)
            if label and (not _fits(last.text, line.text) or _is_empty(last, line)):
                label = False
            parts = _PURE_DATE.fullmatch(last.text) and _PURE_DATE.fullmatch(line.text) and len(last.text) <= 12
            if label or parts:
                colon = "：" if label and not re.search(r"[:：∶]\s*$", last.text) else " "
                last.text = f"{last.text}{colon}{line.text}"
                last.pieces += [Piece(" ", last.element, None), *line.pieces]
                last.linked += line.linked
                continue
        out.append(line)
    return out


_NO_VALUE_AFTER = re.compile(r"^(?:分享|打印|收藏|字[体号]|【|\[|关闭|点击|阅读|浏览|访问|评论|扫一扫|听|\W+$)")


def _is_empty(label: Line, value: Line) -> bool:
    """Whether the label that a line ends in is printed without a value, whatever stands below.

    Where other labels of the line have theirs beside them, the last one's would be there too; what is hidden is no value of
    what is shown.
    """
    inner, outer = value.element, label.element
    nested = any(node is outer for node in upwards(inner, 5)) or inner.tag in ("td", "th")
    if not nested and _FILLED.search(label.text):
        return True
    return any(map(is_hidden, upwards(inner, 3))) and not any(map(is_hidden, upwards(outer, 4)))


def _fits(label: str, value: str) -> bool:
    """Whether a value can be what the label before it asks for: 作者： followed by a date is an empty 作者."""
    dated = bool(_DATE_HINT.search(value)) and bool(re.match(r"\W{0,3}(?:19|20)\d\d", value))
    if re.search(r"(?:时间|日期)\s*[:：∶]?\s*$", label):
        return dated
    return not dated and len(value) <= 40


def _kin(first: Element, second: Element) -> bool:
    """Siblings, parent and child, or cells of one row."""
    a, b = first.getparent(), second.getparent()
    if first is second or a is b or b is first or a is second:
        return True
    return b is not None and a is not None and (b.getparent() is a or a.getparent() is b or a.getparent() is b.getparent())


def _near(line: Line, other: Line | None) -> bool:
    return other is not None and _kin(line.element, other.element)


def _in_item(line: Line, title: str) -> bool:
    """Whether a line is part of a link to something else: an item of a list, with a linked title."""
    if line.linked >= 10 and _linked(line) >= 10 and not _SOURCE_LABEL.search(line.text) and not _names_editor_first(line.text):
        return True
    for node in upwards(line.element, 4):
        if node.tag == "a":
            return True
        if node.tag in _ITEMS:
            for link in node.iter("a"):
                text = clean("".join(link.itertext()))
                if len(text) >= 8 and bare(text) != bare(title) and not _SOURCE_LABEL.search(line.text):
                    return True
            return False
    return False


_BUTTON = re.compile(r"评论|参与|有话|来说|分享|打印|收藏|纠错|举报|下载|扫码|跟[帖贴]")


def _linked(line: Line) -> int:
    """Characters of a line's links, buttons left out: 我有话说(3人参与)."""
    links = {piece.link: None for piece in line.pieces if piece.link is not None}
    texts = (clean("".join(link.itertext())) for link in links)
    return sum(len(text) for text in texts if not _BUTTON.search(text))


def _linked_at(line: Line, start: int) -> bool:
    piece = _piece_at(line, start)
    return piece is not None and piece.link is not None


def _names_of(line: Line, start: int) -> str:
    piece = _piece_at(line, start)
    return name_of(piece.element) if piece is not None else ""


def _piece_at(line: Line, start: int) -> Piece | None:
    """The piece of a line that holds a place of its clean text, nearly: white space is counted once."""
    seen = 0
    for piece in line.pieces:
        seen += len(clean(piece.text))
        if seen > start:
            return piece
        if piece.text[-1:].isspace():
            seen += 1
    return line.pieces[-1] if line.pieces else None


def _named_for(line: Line) -> bool:
    names = " ".join(name_of(piece.element) for piece in line.pieces)
    return bool(_NAME_SOURCE.search(names) or _NAME_AUTHOR.search(names))


def _names_editor_first(text: str) -> bool:
    return bool(_EDITOR_FIRST.match(text) and (found := bylines.editors(text)) and bylines.is_person(found[0].name))


def _in_author_box(line: Line) -> bool:
    """Whether a name stands alone in a box named for the author: ``div.author-info > p.name > a``."""
    return len(line.text) <= 8 and bylines.is_person(line.text) and bool(_NAME_AUTHOR.search(names_above(line.element, 4)))


def _without_dates(text: str, now: datetime) -> str:
    spans = dates.find(text, now) if _DATE_HINT.search(text) else []
    for start, end, _ in reversed(spans):
        text = text[:start] + " " + text[end:]
    return text
