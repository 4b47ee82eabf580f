"""What the addresses of a site's articles have in common, learned from links and the words that link them. No I/O.

Links with a headline for their words are articles, most of them; links with a few words are channels and services. Addresses are
cut into tokens, those of one make are put together, and each make that is common enough becomes a regular expression, which is then
held against all the links: it must fit those with headlines and none of the others.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple
from urllib.parse import parse_qsl, unquote, urlsplit

from newscrawl import discovery

HEADLINE = 8
"""Chinese characters from which on a link's words are a headline."""

LONGEST = 300
"""Characters of the longest address that is learned from."""

LEAST = 3
"""Addresses that a make must have."""

MAKES = 4
"""Makes of one site at most: a house has two or three generations of addresses on its front page."""


@dataclass(frozen=True, slots=True)
class Make:
    """One make of article addresses: its expression, how many links it fits, an address of it."""

    text: str
    matched: int
    example: str


@dataclass(frozen=True)
class Pattern:
    """What was learned: ``text`` is a regular expression to be searched for in the whole address, as a site file has it.

    ``headlines``: links that look like articles'; ``matched``: how many of them it fits; ``others``: links that lead to channels,
    topics and services; ``strays``: those of them that it fits all the same; ``known``: how many of the headlines
    `newscrawl.discovery.ARTICLE` fits.
    """

    text: str
    makes: tuple[Make, ...]
    headlines: int
    matched: int
    others: int
    strays: tuple[str, ...] = ()
    known: int = 0
    missed: tuple[str, ...] = field(default=())

    @cached_property
    def compiled(self) -> re.Pattern[str]:
        """As a spider searches for it."""
        return re.compile(self.text, re.I)


# -- what a link is


_FILES = re.compile(
    r"\.(?:jpe?g|png|gif|webp|bmp|ico|css|js|json|xml|rss|pdf|docx?|xlsx?|pptx?|zip|rar|7z|gz|mp[34]|m3u8|flv|avi|swf|apk|exe)(?:\?|$)",
    re.I,
)
_SERVICE = re.compile(
    r"/(?:about(?:us)?|contact(?:us)?|login|logout|register|reg|passport|search|user|member|space|help|sitemap|copyright|jubao|report|feedback|comment|ads?|adv|gg|"
    r"download|app|client|mobile|wap|guestbook|link|links|job|jobs|zhaopin|mianze|shengming|privacy|tougao|tags?|rss|shop|mall|goods|product|admin|bbs|forum|mail)"
    r"(?:[/._?-]|$)",
    re.I,
)
_SERVICE_WORDS = re.compile(
    r"关于(?:我们|本[网站]|\S{2,6}$)|联系(?:我们|方式)|版权(?:声明|所有|信息)|网站(?:地图|声明|简介|导航)|本网(?:声明|简介)|广告|招聘|举报|投稿|爆料|登录|登陆|注册|客户端|手机版|移动版|电脑版|RSS|免责|隐私|"
    r"法律(?:声明|顾问)|服务(?:条款|协议|热线)|收藏|设为(?:首页|主页)|加入|English|英文|繁[體体]|无障碍|数字报|电子报|论坛|商城|邮箱|微博|微信|公众号|更多|more|下一页|上一页|尾页|返回|友情链接|"
    r"备案|许可证|公网安备|下载|订阅|搜索|会员|退出|帮助|合作|^首\s*页$|^主页$|^网站首页$|^\W*$",
    re.I,
)
_LIST_FILE = re.compile(
    r"^(?:index|default|list|lists|node|col|column|channel|home|main|more|page|cat|category)(?:[_-]?\d+)*(?:\.\w+)?$", re.I
)
_LIST_FOLDER = re.compile(
    r"/(?:col\d*|node_?\d*|list|lists|channel|column|category|cat|class|tags?)/(?:[\w-]*/?)?(?:index\.\w+)?$", re.I
)
_TOPIC = re.compile(r"/(?:zt|zhuanti|ztbd|ztxw|topics?|special|specials|subject|zhibo|live)(?:[/_\d]|$)", re.I)
_HAN = re.compile(r"[\u3400-\u9fff]")


def is_file(url: str) -> bool:
    """Whether an address is an image, a document or the like by its ending."""
    return _FILES.search(url) is not None


def is_list(url: str) -> bool:
    """Whether an address names a list or a folder: ``/news/``, ``/news/index_2.html``, ``/node_12.htm``, ``/zt/2026/lianghui/``."""
    parts = urlsplit(url)
    path = _path(url)
    if path in ("", "/"):
        return not parts.query
    if _LIST_FOLDER.search(path) or _LIST_FILE.fullmatch(path.rpartition("/")[2]):
        return not parts.query
    if path.endswith("/") and _TOPIC.search(path):
        return True
    # A folder is a list, but where it names a day or a long number: WordPress addresses articles so.
    return path.endswith("/") and not parts.query and not re.search(r"\d{4,}|\d{4}/\d{1,2}/", path)


def _path(url: str) -> str:
    """An address's path; of a page that a script routes (``/#/detail/12``), the route."""
    parts = urlsplit(url)
    return parts.fragment if parts.fragment.startswith("/") else parts.path


def is_service(url: str, words: str) -> bool:
    """Whether a link leads to what any site has besides news: who we are, how to write to us, a shop, a log-in."""
    return _SERVICE.search(urlsplit(url).path) is not None or (words != "" and _SERVICE_WORDS.search(words) is not None)


def is_channel(url: str, words: str) -> bool:
    """Whether a link may lead to a channel: two to eight characters, and an address without an article's number."""
    han = len(_HAN.findall(words))
    if not 2 <= han <= 8 or len(words) > 12 or is_service(url, words) or is_file(url):
        return False
    parts = urlsplit(url)
    if _TOPIC.search(parts.path) or parts.path in ("", "/"):
        return parts.path in ("", "/") and not parts.query and not _TOPIC.search(parts.path)
    return is_list(url) or not re.search(r"\d{5,}|/\d{4}[/-]?\d\d", parts.path + parts.query)


def is_headline(url: str, words: str) -> bool:
    """Whether a link may lead to an article: words enough for a headline, and an address that carries a number or a name of its own."""
    if len(url) > LONGEST or len(_HAN.findall(words)) < HEADLINE or is_list(url) or is_service(url, "") or is_file(url):
        return False
    parts = urlsplit(url)
    return any(char.isdigit() for char in parts.path + parts.query + parts.fragment)


# -- tokens


_TOKEN = re.compile(r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}|[A-Za-z0-9]+|[^A-Za-z0-9]", re.I)
_UUID = re.compile(r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}", re.I)
_WORD_NUMBER = re.compile(r"([A-Za-z]{1,12})(\d+)")
_PAGE_ENDING = re.compile(r"\.(s?html?)$", re.I)
_DAY = re.compile(r"(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])")
_MONTH = re.compile(r"(?:19|20)\d\d(?:0[1-9]|1[0-2])|\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])")
_YEAR = re.compile(r"(?:19|20)\d\d|(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])")


class Token(NamedTuple):
    """A piece of an address. ``kind``: ``date`` (8, 6 or 4 digits that are a day, a month, a year), ``small`` (one or two digits),
    ``number``, ``code`` (digits and letters mixed), ``word``, ``mark``."""

    kind: str
    text: str


def tokens(text: str) -> list[Token]:
    """The tokens of one step of a path."""
    out: list[Token] = []
    for piece in _TOKEN.findall(text):
        if piece.isdigit():
            out.append(Token(_digits(piece), piece))
        elif piece.isalpha() and piece.isascii():
            out.append(Token("word", piece))
        elif not piece[0].isalnum():
            out.append(Token("mark", piece))
        elif (match := _WORD_NUMBER.fullmatch(piece)) and not (re.fullmatch(r"[0-9a-f]{16,}", piece, re.I)):
            out += [Token("word", match[1]), Token(_digits(match[2]), match[2])]
        else:
            out.append(Token("code", piece))
    return out


def _digits(text: str) -> str:
    if len(text) <= 2:
        return "small"
    if len(text) == 8 and _DAY.fullmatch(text):
        return "date"
    if len(text) == 6 and _MONTH.fullmatch(text):
        return "date"
    return "date" if len(text) == 4 and _YEAR.fullmatch(text) else "number"


@dataclass(frozen=True, slots=True)
class _Address:
    """An address cut up: the steps of its path as tokens, the ending of its file, the values of its query."""

    url: str
    steps: tuple[tuple[Token, ...], ...]
    ending: str
    slash: bool
    query: tuple[tuple[str, str], ...]

    @classmethod
    def of(cls, url: str) -> _Address:
        parts = urlsplit(url)
        path = unquote(_path(url))
        slash = path.endswith("/")
        names = [name for name in path.split("/") if name]
        ending = ""
        if names and not slash and (match := re.search(r"\.([A-Za-z]{2,6})$", names[-1])):
            names[-1], ending = names[-1][: match.start()], match[1].lower()
        query = tuple(sorted(parse_qsl(parts.query, keep_blank_values=True)))
        return cls(url, tuple(tuple(tokens(name)) for name in names), ending, slash, query)

    @property
    def make(self) -> tuple[object, ...]:
        """What addresses of one make share: the kinds of their tokens from the first that counts on, the kind of ending."""
        first = self.first()
        steps = []
        for number, step in enumerate(self.steps[first:], first):
            last = number == len(self.steps) - 1
            if not last and not _counts(step):
                steps.append("*")
            else:
                steps.append("".join(_signs(step)))
        names = () if self.is_told_by_path else tuple(name for name, _ in self.query)
        return (tuple(steps), "page" if _PAGE_ENDING.match("." + self.ending) else self.ending, self.slash, names)

    @property
    def is_told_by_path(self) -> bool:
        """Whether its path has a number of its own: a query then says how the reader came."""
        return any(token.kind in ("date", "number", "code") for step in self.steps for token in step)

    def first(self) -> int:
        """The first step that counts; the last one, where none before does."""
        return next(
            (n for n, step in enumerate(self.steps) if _counts(step, folder=n < len(self.steps) - 1)), max(0, len(self.steps) - 1)
        )


def _counts(step: Sequence[Token], folder: bool = True) -> bool:
    """Whether a step of a path is a date, a number or a code; ``n1``, ``col123`` and the like are names of folders."""
    if not folder:
        return True
    if any(token.kind in ("date", "code") for token in step) and not (len(step) == 2 and step[0].kind == "word"):
        return True
    return all(token.kind in ("number", "date", "mark") for token in step) and any(token.kind != "mark" for token in step)


def _signs(step: Iterable[Token]) -> Iterator[str]:
    for token in step:
        yield token.text if token.kind == "mark" else {"word": "w", "code": "x"}.get(token.kind, "0")


# -- learning


def learn(links: Mapping[str, str]) -> Pattern | None:
    """The pattern of a site's article addresses out of its links (canonical address -> the words that link it).

    ``None`` where too few of them look like articles, or have nothing in common that the links to channels and services have not.
    """
    # ?from=top behind an article's address is another way to it.
    links = {
        url: words
        for url, words in links.items()
        if (bare := url.partition("?")[0]) == url or bare not in links or not re.search(r"\d{3}", bare)
    }
    headlines = [url for url, words in links.items() if is_headline(url, words)]
    known = set(headlines)
    others = [
        url
        for url, words in links.items()
        if url not in known and (is_list(url) or is_service(url, words) or is_channel(url, words))
    ]
    groups: dict[tuple[object, ...], list[_Address]] = defaultdict(list)
    for url in headlines:
        address = _Address.of(url)
        groups[address.make].append(address)
    common = max(LEAST, len(headlines) // 12)
    makes: dict[str, tuple[int, str]] = {}
    for group in sorted(groups.values(), key=len, reverse=True):
        if len(group) < (common if makes else min(common, LEAST)):
            continue
        best: tuple[int, str, list[str]] | None = None
        for text in _expressions(group, others):
            found = re.compile(text, re.I)
            fits = [url for url in headlines if found.search(url)]
            new = [url for url in fits if not any(re.search(make, url, re.I) for make in makes)]
            strays = sum(bool(found.search(url)) for url in others)
            if len(new) >= LEAST and 20 * strays <= len(fits) and (best is None or strays < best[0]):
                best = (strays, text, fits)
        if best is not None:
            makes[best[1]] = (len(best[2]), best[2][0])
        if len(makes) == MAKES:
            break
    if not makes:
        return None
    text = _joined(list(makes))
    whole = re.compile(text, re.I)
    missed = [url for url in headlines if not whole.search(url)]
    return Pattern(
        text,
        tuple(Make(make, fits, example) for make, (fits, example) in makes.items()),
        len(headlines),
        len(headlines) - len(missed),
        len(others),
        tuple(url for url in others if whole.search(url)),
        sum(bool(discovery.ARTICLE.search(url)) for url in headlines),
        tuple(missed[:5]),
    )


def _joined(makes: list[str]) -> str:
    if len(makes) == 1:
        return makes[0]
    tails = {re.search(r"(?:\\\.(?:s\?)?s?html\??\$)?$", make)[0] for make in makes}  # type: ignore[index]
    if len(tails) == 1 and (tail := tails.pop()):
        return f"(?:{'|'.join(make[: -len(tail)] for make in makes)}){tail}"
    return "|".join(makes)


def _expressions(group: Sequence[_Address], others: Iterable[str]) -> Iterator[str]:
    """Expressions for addresses of one make, the widest first: what precedes the numbers is named only if it must be.

    ``others``: addresses that they had better not fit.
    """
    group = _main(group)
    first = group[0].first()
    depth = len(group[0].steps)
    tail = len(group[0].steps) - first
    columns = [[address.steps[len(address.steps) - tail + n] for address in group] for n in range(tail)]
    dated = any(_all_dates(column) for column in columns)
    # Months and days have a zero before them everywhere or nowhere.
    padded = any(re.search(r"/0\d[/-]|-0\d[/-]", address.url) for address in group)
    small = r"\d\d" if padded else r"\d{1,2}"
    named = False
    parts = []
    for number, column in enumerate(columns):
        last = number == tail - 1
        part, has_name = _step(
            column, alone=last and not dated and not group[0].query, small=small if dated and not last else r"\d+"
        )
        named = named or (has_name and last)
        parts.append(part)
    path = "".join(f"/{part}" for part in parts)
    end = _ending(group)
    folders = [address.steps[len(address.steps) - tail - 1] for address in group if len(address.steps) > tail]
    weak = not dated and not named and not group[0].query
    texts = {"".join(token.text for token in folder) for folder in folders}
    behind = ""
    if len(folders) == len(group) and len(texts) <= 3:
        behind = _either(sorted(texts))
    if not (weak and len(texts) == 1 and behind):
        yield path + end
        found = re.compile(path + end, re.I)
        wrong = {
            urlsplit(url).path[: -len(match[0])].rpartition("/")[2]
            for url in others
            if (match := found.search(urlsplit(url).path))
        }
        if 0 < len(wrong) <= 3 and not wrong & texts and all(wrong):
            yield "".join(f"(?<!/{_escaped(name)})" for name in sorted(wrong)) + path + end
    if behind:
        yield f"/{behind}{path}{end}"
    if depth == tail:
        # Right below the host: nothing but these numbers.
        yield rf"^https?://[^/]+{path}{end}"


def _all_dates(column: Sequence[Sequence[Token]]) -> bool:
    """Whether some place in a step is a date in every address: a number may look like one by chance."""
    return any(all(token.kind == "date" for token in place) for place in zip(*column, strict=False))


def _main(group: Sequence[_Address]) -> list[_Address]:
    """The group without addresses whose file is named otherwise than nearly all others': ``about_12.html`` among ``content_…``."""
    named = Counter(
        tuple(token.text for token in address.steps[-1] if token.kind == "word") for address in group if address.steps
    )
    common = [name for name, count in named.items() if 10 * count >= len(group)]
    if not common or sum(named[name] for name in common) < 0.8 * len(group):
        return list(group)
    return [a for a in group if a.steps and tuple(token.text for token in a.steps[-1] if token.kind == "word") in common]


def _step(column: Sequence[Sequence[Token]], *, alone: bool, small: str) -> tuple[str, bool]:
    """The expression of one step of a path, and whether a word of its own stands in it.

    ``alone``: it must tell an article by itself; ``small``: how one or two digits in it are written.
    """
    if len({len(step) for step in column}) > 1 or len({"".join(_signs(step)) for step in column}) > 1:
        # Folders of any name.
        texts = {"".join(token.text for token in step) for step in column}
        return (_either(sorted(texts)) if len(texts) == 1 else r"[\w-]+"), False
    parts: list[str] = []
    named, number = False, 0
    while number < len(column[0]):
        values = [step[number] for step in column]
        kinds = {token.kind for token in values}
        texts = {token.text for token in values}
        if kinds == {"mark"}:
            parts.append(_escaped(values[0].text))
        elif kinds == {"word"}:
            if len(texts) <= 3:
                parts.append(_either(sorted(texts)))
                named = True
            else:
                # Names that vary are part of a code or a slug.
                parts.append(r"\w+")
                if number + 1 < len(column[0]) and all(step[number + 1].kind != "mark" for step in column):
                    number += 1
        elif kinds == {"code"}:
            parts.append(_code(texts))
        else:
            parts.append(_number(texts, kinds, alone and len(column[0]) == 1, small))
        number += 1
    text = "".join(parts)
    # One class for what consists of names: several that may each hold the marks between them are searched for in no end of ways.
    return re.sub(r"(?:\\w\+[_-])+\\w\+", r"[\\w-]+", text), named


def _number(texts: set[str], kinds: set[str], alone: bool, small: str) -> str:
    lengths = {len(text) for text in texts}
    if kinds == {"date"} and len(lengths) == 1:
        return rf"\d{{{lengths.pop()}}}"
    if kinds == {"small"}:
        return small
    return rf"\d{{{max(3, min(lengths) - 1)},}}" if alone else r"\d+"


def _code(texts: set[str]) -> str:
    lengths = {len(text) for text in texts}
    if all(_UUID.fullmatch(text) for text in texts):
        return r"[0-9a-f-]{36}"
    digits = "[0-9a-f]" if all(re.fullmatch(r"[0-9a-f]+", text, re.I) for text in texts) else r"\w"
    return (
        rf"{digits}{{{lengths.pop()}}}" if len(lengths) == 1 and len(texts) > 7 else rf"{digits}{{{max(4, min(lengths) - 2)},}}"
    )


def _ending(group: Sequence[_Address]) -> str:
    endings = {address.ending for address in group}
    if (query := group[0].query) and not group[0].is_told_by_path:
        names = []
        for number, (name, _) in enumerate(query):
            values = {address.query[number][1] for address in group}
            if all(value.isdigit() for value in values):
                names.append(rf"{_escaped(name)}=\d+")
            elif len(values) == 1:
                names.append(rf"{_escaped(name)}={_escaped(values.pop())}")
            else:
                names.append(rf"{_escaped(name)}=[\w-]+")
        dot = rf"\.{group[0].ending}" if group[0].ending else "/" if group[0].slash else ""
        return rf"{dot}\?{'&'.join(names)}"
    end = r"(?:\?|$)" if any(address.query for address in group) else "$"
    if endings <= {"htm", "html"}:
        return rf"\.html?{end}"
    if endings <= {"shtml", "shtm"}:
        return rf"\.shtml?{end}"
    if endings <= {"htm", "html", "shtml", "shtm"}:
        return rf"\.s?html?{end}"
    return f"/?{end}" if endings == {""} else rf"\.{group[0].ending}{end}"


def _either(texts: Sequence[str]) -> str:
    escaped = [_escaped(text) for text in texts]
    return escaped[0] if len(escaped) == 1 else f"(?:{'|'.join(escaped)})"


def _escaped(text: str) -> str:
    """As `re.escape`, but for what needs no escaping outside of brackets."""
    return re.sub(r"([.^$*+?{}\[\]\\|()])", r"\\\1", text)
