"""What a fetched page is: an article, or what else came in its place, with one line for people that names the evidence.

Two looks: `early` before extraction, at what is plainly no article whatever it says; `judge` after it, with what was
found. Both hold precision above all: an article that is refused is lost, a refused page that is taken for an article
is seen by its empty fields. So a message (404, 验证码, 登录) counts only where it is all that the page has to say: as its
``<title>``, as a heading or a line of its own, never inside a sentence, and never on a page that is signed like an article
or holds running text.

No I/O, and nothing of the page is changed.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal, get_args
from urllib.parse import urljoin, urlsplit

from lxml import etree

from newscrawl.extract.page import UNSEEN_TAGS, Page
from newscrawl.extract.text import clean

Word = Literal[
    "article",
    "list",
    "video",
    "blocked",
    "captcha",
    "login",
    "gone",
    "soft404",
    "empty",
    "truncated",
    "offsite",
    "robots",
    "incomplete",
    "error",
]
"""What a page can be.

- ``article``; ``list``: a home, channel, search or topic page; ``video``: a player and a title, no text.
- ``blocked``: a firewall, a rate limit or a script challenge; ``captcha``: the same, asking a person to solve something;
  ``login``: for members only. All three say that the site does not want to be read, now or like this.
- ``gone``: 404 or 410; ``soft404``: the same with status 200, or the home page in its place.
- ``empty``: no text without a browser, or none at all; ``truncated``: longer than what is parsed of a page.
- ``offsite``: a redirect led away from the site; ``error``: the server's fault, or a page that could not be read.
- ``robots``: not fetched, robots.txt disallows it; ``incomplete``: an article that lacks what it must have. These two are
  never given here, but by those who fetch and store.
"""

WORDS: tuple[str, ...] = get_args(Word)
"""Every verdict, for the store and for health."""

REFUSALS = frozenset({"blocked", "captcha", "login"})
"""Verdicts after several of which, one after another, a site should be left alone."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """``word``: what the page is; ``why``: one English line that names the evidence."""

    word: Word
    why: str


# -- evidence

_ENOUGH = 150
"""Characters of running text from which on a page is no message."""

_LOOK = 3000
"""Characters of visible text that `early` reads at most: messages come first, or on short pages."""

_SHORT = 700
"""A page with fewer visible characters has nothing but its message to say."""

_FEW = 8
"""Links of a page without a site around it."""

_INLINE = frozenset("a abbr b big cite code em font i label mark s small span strong sub sup time u".split())

# An article is signed; a message is not. A bare date does not count: firewalls print the time of the request.
_SIGNED = re.compile(
    r"(?:来源|稿源|作者|记者|编辑|责编|发布时间|发布日期|发稿时间|发表时间)\s{0,3}[:：]\s{0,3}[\w《]"
    r"|(?:19|20)\d\d[-年]\d{1,2}[-月]\d{1,2}日?\s{0,3}\d{1,2}:\d\d.{0,20}来源"
)

_SORRY = (
    r"(?:(?:非常|很|十分)?(?:抱歉|对不起|遗憾|不好意思)|亲|sorry|oops!?|哎[呀哟]|啊哦|(?:错误|温馨|系统)?提示(?:信息)?|错误|error)?"
    r"[\s,，!！:：~～.。…]{0,4}"
)


def _messages(*forms: str) -> re.Pattern[str]:
    """The ways to say one thing, an apology before them or not."""
    return re.compile(f"{_SORRY}(?:{'|'.join(forms)})", re.I)


_YOUR = r"(?:[您你](?:要|想|所|正在|当前|请求)?(?:访问|查看|浏览|寻找|查找|打开|请求|要找|找|需要)的?|[您你]要的|该|此|本|当前|所?访问的?|请求的?|指定的?)?"
_PAGE = r"(?:网?页面?|文章|内容|信息|新闻|稿件|文件|链接|地址|资源|主题|帖子|图文|网址|url|对象|栏目|数据|记录)(?:内容|信息|或\w{1,4})?"
_LOST = (
    r"(?:已经?|可能|好像|似乎){0,2}(?:不存在|不在了|不见了?|被?(?:发布者|作者|管理员|网站)?删除|被?移[除走动]|失效|过期|下[线架]|没有?找到|未找到|找不到|无法找到"
    r"|走丢|迷路|丢失|消失|飞走|跑丢|撤[稿回销]|被?屏蔽|关闭|(?:因?违规|违反[^，。]{0,16})?无法(?:显示|访问|查看|打开))"
)

_SOFT_404 = _messages(
    rf"(?:404\W{{0,3}})?{_YOUR}{_PAGE}[^，。]{{0,4}}?{_LOST}",
    rf"(?:没有找到|未找到|找不到|无法找到)(?:了)?{_YOUR}{_PAGE}",
    r"404(?:\s?(?:not\s?found|error|错误|页面|找不到.{0,6}|未找到.{0,6}))?(?=\W*$|\W{0,3}[-_|])",
    r"(?:error|http(?:\sstatus)?)\s?404",
    r"(?:page|file|document|article)\s(?:was\s)?not\sfound",
    r"not\sfound(?=\W*$)",
    r"the\s(?:requested\s)?(?:page|url|resource)\b.{0,60}(?:not\sfound|could\snot\sbe\sfound|does\snot\sexist)",
    r"页面(?:走丢|丢|飞)了",
    r"(?:很抱歉，)?没有找到相关(?:内容|信息|文章|页面)",
    r"(?:内容|文章|稿件|信息)(?:正在)?审核中",
    r"该公众号已(?:被|迁移)",
    r"(?:参数错误|非法参数)",
    r"(?:无|暂无)[此该](?:文章|信息|内容|新闻)",
)
_BLOCKED = _messages(
    r"access\s(?:to\s.{1,40}\s(?:is\s|was\s)?)?(?:denied|forbidden)",
    r"(?:403\s?(?:forbidden|禁止)|forbidden(?=\W*$)|request\s(?:blocked|rejected|forbidden)|blocked\sby)",
    r"you\s(?:have\sbeen|are|don't\shave)\s(?:blocked|banned|permission)",
    r"(?:too\smany\srequests|attention\srequired|just\sa\smoment|ddos\sprotection|checking\syour\sbrowser|please\swait\swhile\swe)",
    r"[您你]?的?(?:访问|请求|操作|ip|网络|行为)(?:地址)?[^，。]{0,8}(?:被(?:拦截|拒绝|阻断|禁止|限制|屏蔽|封)(?:访问)?|过于频繁|太频繁|过快|太快|频率过高)",
    r"[您你]?的?(?:访问|请求|操作|ip|网络|行为)(?:地址)?[^，。]{0,8}(?:存在(?:异常|风险|威胁)|异常|受限|可能(?:对|存在)|疑似|带有不合法)",
    r"(?:禁止访问|拒绝访问|访问禁止|(?:[您你])?(?:无权限?|没有权限)(?:访问|查看))",
    r"当前(?:访问|请求|ip|环境)[^，。]{0,10}(?:异常|疑似|拦截|风险|受限|频繁)",
    r"(?:网站|安全)(?:防火墙|卫士|狗|云锁|防护)",
    r"(?:云锁|安全狗|创宇盾|加速乐|玄武盾|D盾|护卫神|宝塔|雷池|安域|知道创宇|百度云加速|阿里云|腾讯云|华为云)[^，。]{0,14}(?:拦截|防护|提示|防火墙|盾)",
    r"检测到[您你当前]{0,3}[^，。]{0,14}(?:攻击|异常|恶意|非法)",
    r"系统检测到",
    r"您所(?:提交|访问)的(?:请求|内容|网站)[^，。]{0,16}(?:拦截|阻断|威胁|未备案)",
    r"该(?:网站|域名)[^，。]{0,8}(?:未备案|被(?:封|限制))",
    r"(?:请|正在)(?:开启|启用)(?:java\s?script|cookie)",
    r"(?:环境异常|访问(?:安全|环境)(?:检测|验证中)|浏览器安全检查|正在(?:进行)?(?:安全(?:检查|检测)|(?:验证|检测)您的浏览器))",
)
_CAPTCHA = _messages(
    r"请?先?(?:输入|填写)(?:下方|图中|正确的?|图片中的?|右侧|上图)?的?(?:图形)?(?:验证码|字符)",
    r"请?(?:拖动|滑动|按住|向右|完成|通过|进行|(?:依次)?点击)[^，。]{0,8}(?:滑块|验证|拼图|图中|文字)(?:后(?:即可|可|再)?继续)?",
    r"[\u4e00-\u9fff]{0,3}(?:安全|访问|人机|身份|滑动|滑块|行为|图形|智能)验证(?:中心|码|页面?)?(?=\W*$|\W{0,3}[-_|])",
    r"验证码(?:拦截|验证|页面?)?(?=\W*$)",
    r"人机(?:识别|校验)",
    r"为(?:了|保证|确保)[^，。]{0,24}[，,]?(?:请先?(?:完成|进行|输入|通过)|需要您?)[^，。]{0,6}验证",
    r"(?:verify\s(?:you\sare|that\syou)|are\syou\s(?:a\s)?(?:human|robot)|(?:complete|solve)\s(?:the|this)\s(?:captcha|security))",
    r"(?:captcha|i'm\snot\sa\srobot|human\sverification|我(?:不|并非)是机器人|请证明[您你]不?是)",
)
_LOGIN = _messages(
    r"(?:请?先?您?(?:需要|必须)?)(?:登[录陆]|注册)(?:后|才能|再)[^。]{0,14}(?:查看|阅读|访问|浏览|操作|继续|可见)",
    r"请(?:先|您先|重新)?登[录陆]",
    r"[您你](?:还|尚)?(?:没有|未|需要)(?:先)?登[录陆]",
    r"(?:用户|会员|账号|帐号|系统|管理员?|后台|统一身份(?:认证)?|扫码|密码)登[录陆]",
    r"登[录陆](?:超时|已?过期|失效)",
    r"登[录陆](?:页面?)?(?=\W*$|\W{0,3}[-_|])",
    r"[该此本](?:内容|文章|页面)[仅只](?:限|对)?(?:会员|登录|付费)",
    r"(?:sign|log)\s?in(?:\sto\s.{1,30})?(?=\W*$)",
    r"please\s(?:log|sign)\s?in",
)
_ERROR = _messages(
    r"(?:http\s(?:status|error)\s?)?50[0234]\b\W{0,3}(?:internal|bad|service|gateway|error|内部|服务|网关|错误|$)",
    r"(?:bad\sgateway|service\s(?:temporarily\s)?unavailable|gateway\stime-?out|internal\sserver\serror)",
    r"(?:error\sestablishing\sa\sdatabase|(?:parse|fatal)\serror\s?:|server\serror\sin|microsoft\s(?:ole\sdb|jet)|mysql\s(?:server|error)|sql\s?error)",
    r"establishing\sa\sdatabase\sconnection",
    r"(?:当前)?访问(?:人数|量)过[多大]",
    r"(?:网页|页面)(?:出错|错误|加载失败)",
    r"(?:数据库|服务器?|系统|程序|网络)(?:连接)?(?:内部)?(?:错误|出错|异常|故障|繁忙|忙|无响应|失败|维护)",
    r"(?:网站|系统|站点|页面)?(?:正在)?(?:维护|升级|建设|调试|关闭|改版){1,2}中",
    r"(?:网站|系统)(?:正在)?(?:维护|升级)",
    r"[该本此]?(?:网站|站点|服务)(?:暂时|暂|已)(?:关闭|停止|停用|无法访问|下线|不可用)",
    r"(?:没有找到站点|站点(?:创建成功|不存在)|恭喜[^。]{0,4}站点创建成功)",
    r"(?:welcome\sto\s(?:nginx|openresty|tengine)|it\sworks!?(?=\W*$)|apache\d?\s(?:\w+\s)?default\spage|iis\swindows|index\sof\s/)",
    r"(?:域名已?(?:过期|到期|出售|停放)|th(?:is|e)\sdomain\s(?:\w+\s){0,4}(?:sale|expired|parked))",
)

_MESSAGES: tuple[tuple[Word, re.Pattern[str]], ...] = (
    ("captcha", _CAPTCHA),
    ("blocked", _BLOCKED),
    ("soft404", _SOFT_404),
    ("login", _LOGIN),
    ("error", _ERROR),
)

# What a message may go on with.
_TAIL = re.compile(
    r"\W*$|\s*[-_|]\s?[^，。]{1,24}$"
    r"|[\s,，。.!！;；:：、~～…）)]{0,5}(?:请|您|你|如|或|点击|返回|系统|将|正在|稍后|页面|\d{1,2}\s?秒|可能|建议|本站|我们|因为|原因|当前|事件|时间|更名|名称|暂时|已|了|啦|哦|呢|吧)"
    r"|[\s,.!;:]{0,5}(?:the\b|please|you|we\b|ray|error|code|for\b|to\b|on\b|from|id\b|ip\b)",
    re.I,
)

# What firewalls and challenges leave in their markup, each the vendor's own name for it.
_SHELLS: tuple[tuple[str, Word, str], ...] = (
    ("/cdn-cgi/challenge-platform", "blocked", "Cloudflare's challenge"),
    ("cf-error-details", "blocked", "Cloudflare's error page"),
    ("cf-chl", "blocked", "Cloudflare's challenge"),
    ("_Incapsula_Resource", "blocked", "Imperva's challenge"),
    ("__jsl_clearance", "blocked", "加速乐's cookie challenge"),
    ("acw_sc__v2", "blocked", "Aliyun's cookie challenge"),
    ("aliyun_waf", "blocked", "Aliyun's firewall"),
    ("aliyunwaf", "blocked", "Aliyun's firewall"),
    ("errors.aliyun.com", "blocked", "Aliyun's firewall"),
    ("AliyunCaptcha", "captcha", "Aliyun's captcha"),
    ("/_____tmd_____/", "captcha", "Aliyun's captcha"),
    ("waf-static.tencent.com", "blocked", "Tencent Cloud's firewall"),
    ("TencentCaptcha", "captcha", "Tencent's captcha"),
    ("TCaptcha.js", "captcha", "Tencent's captcha"),
    ("geetest", "captcha", "极验's captcha"),
    ("initNECaptcha", "captcha", "网易易盾's captcha"),
    ("g-recaptcha", "captcha", "reCAPTCHA"),
    ("h-captcha", "captcha", "hCaptcha"),
    ("nocaptcha", "captcha", "Aliyun's captcha"),
    ("$_ts=window['$_ts']", "blocked", "瑞数's script challenge"),
    ("$_ts.cd", "blocked", "瑞数's script challenge"),
    ("yunsuo_session", "blocked", "云锁's script challenge"),
    ("yunsuoautojump", "blocked", "云锁's script challenge"),
    ("safedog", "blocked", "安全狗's firewall"),
    ("yunaq.com", "blocked", "创宇盾's firewall"),
    ("wzws-waf", "blocked", "360 网站卫士's firewall"),
    ("wzwschallenge", "blocked", "360 网站卫士's challenge"),
    ("byted_acrawler", "blocked", "ByteDance's script challenge"),
    ("__ac_signature", "blocked", "ByteDance's script challenge"),
    ("edgesuite.net", "blocked", "Akamai's firewall"),
    ("x-safe-firewall", "blocked", "华为云's firewall"),
    ("chaitin", "blocked", "长亭雷池's firewall"),
)

_COOKIE_RELOAD = re.compile(r"document\.cookie\s{0,3}=")
_RELOAD = re.compile(
    r"location\.reload\(|location\.href\s{0,3}=\s{0,3}location\.href|window\.location\s{0,3}=\s{0,3}window\.location"
)
_JUMP = re.compile(r"""location(?:\.href)?\s{0,3}(?:=|\.replace\(|\.assign\()\s{0,3}["']([^"'\s]{1,300})["']""")
_BACK = re.compile(r"history\.(?:back|go)\(")
_ALERT = re.compile(r"""alert\(\s{0,3}["']([^"']{2,80})["']""")
_REFRESH = re.compile(r"""\s*\d{1,4}\s*[;,]\s*(?:url\s*=\s*)?["']?([^"'\s>]{1,300})""", re.I)
_MOUNT = ("app", "root", "__next", "__nuxt", "main-app", "q-app")
_HOME = re.compile(r"/?(?:(?:index|default|home|main)\.(?:s?html?|php|jsp|aspx?))?")
_NAMED = re.compile(
    r"(?<![\w-])(?:error-?page|page-?error|error-?404|err(?:or)?_?404|page-?404|notfound|not-found|page-not-found|no-?page)(?![\w])",
    re.I,
)

_BLOCKING = {401, 403, 405, 406, 412, 418, 429, 430, 444, 451, 468, 493, 521, 567}
"""Answers of firewalls: 405 Aliyun, 412 瑞数, 418 and 429 limits, 468 雷池, 493 and 521 加速乐, 567 EdgeOne."""


# -- looks


def early(page: Page, status: int = 200, *, asked: str | None = None) -> Verdict | None:
    """What a page plainly is, if it is no article; ``None`` where that is for `judge` to say.

    ``status`` is the HTTP status, ``asked`` the address that was asked for, if redirects led to another one. Cheap on
    pages with text: their status, title and first paragraphs are looked at, and no more.
    """
    if status >= 300 or status == 204:
        return _by_status(page, status)
    if asked and page.url and (verdict := _by_redirect(asked, page.url)):
        return verdict
    if "truncated" in page.flags:
        return Verdict("truncated", f"{page.size:,} bytes, more than what is parsed of a page")
    if "empty" in page.flags or page.size == 0:
        return Verdict("empty", "no content at all")
    if _runs_on(page):
        return None
    lines, size, complete = _visible(page)
    if size >= 60 and (_SIGNED.search(" ".join(lines)) or _prose(lines) >= _ENOUGH):
        return None
    short = complete and size < _SHORT
    return (
        _by_message(page, lines, short=short, bare=short and size < 300 and len(page.tags.get("a", ())) <= _FEW)
        or (_by_shell(page, size) if complete and size < 400 else None)
        or (_by_login(page) if short else None)
    )


def judge(
    page: Page,
    *,
    status: int = 200,
    title: str | None,
    body_text: str | None,
    published: bool,
    links: int | None = None,
    asked: str | None = None,
) -> Verdict:
    """What a page is, by what was extracted from it.

    ``title`` and ``body_text`` are the fields found, ``published`` whether a date was; ``links`` is the number of links on
    the page (counted if not given). ``status`` and ``asked`` as for `early`, which is asked first unless the page reads
    like an article.
    """
    body = body_text or ""
    lines = body.split("\n")
    prose = _prose(lines)
    sound = status < 300 and "truncated" not in page.flags and not (asked and page.url and _by_redirect(asked, page.url))
    if not (sound and title and published and prose >= 60) and (verdict := early(page, status, asked=asked)):
        return verdict
    links = len(page.tags.get("a", ())) if links is None else links
    if teasers := _teasers(lines):
        return Verdict("list", f"its text is {teasers} teasers of other pages")
    if prose >= _ENOUGH or (prose >= 60 and (published or title)):
        return Verdict(
            "article",
            f"{prose} characters of running text" + (", a title" if title else "") + (" and a date" if published else ""),
        )
    if links >= 20 and (not title or (prose < 60 and not published)):
        return Verdict("list", f"{links} links, {prose} characters of running text, no {'title' if not title else 'date'}")
    if title and published:
        if len(body) < 30 and _plays(page):
            return Verdict("video", "a title, a date and a player, no text")
        if body or next(iter(page.tags.get("img", ())), None) is not None:
            return Verdict("article", f"a title, a date and {len(body)} characters")
        return Verdict("empty", "a title and a date, but no text")
    if title and len(body) >= 40:
        return Verdict("article", f"a title and {len(body)} characters, no date")
    if _plays(page) and title:
        return Verdict("video", "a title and a player, no text")
    return Verdict("empty", f"{len(body)} characters of text, {'a' if title else 'no'} title, {'a' if published else 'no'} date")


# -- the looks' parts


def _by_status(page: Page, status: int) -> Verdict:
    if status in (404, 410):
        return Verdict("gone", f"status {status}")
    if status == 204:
        return Verdict("empty", "status 204")
    if status < 400:
        return Verdict("error", f"status {status}: a redirect that was not followed")
    shell = _vendor(page)
    lines, _, _ = _visible(page)
    shown = next((found for line in lines[:20] if (found := _message(line))), None)
    seen = shell or (shown and (shown[0], f"it says “{_brief(shown[1])}”"))
    word: Word = "blocked" if status in _BLOCKING else "error"
    if seen and seen[0] in REFUSALS and (word == "blocked" or (shell and status >= 500)):
        word = seen[0]
    if word == "blocked" and status == 401:
        word = "login"
    return Verdict(word, f"status {status}" + (f", {seen[1]}" if seen else ""))


def _by_redirect(asked: str, got: str) -> Verdict | None:
    first, last = urlsplit(asked), urlsplit(got)
    if first.hostname and last.hostname and _domain(first.hostname) != _domain(last.hostname):
        return Verdict("offsite", f"redirected to {last.hostname}")
    if _is_home(last.path, last.query) and not _is_home(first.path, first.query):
        return Verdict("soft404", "redirected to the home page")
    return None


def _by_message(page: Page, lines: list[str], *, short: bool, bare: bool) -> Verdict | None:
    """A page whose title, a heading or a line is a message."""
    if page.title_tag and (found := _message(page.title_tag, bare)):
        return Verdict(found[0], f"its title says “{_brief(found[1])}”")
    for tag in ("h1", "h2", "h3"):
        for element in page.tags.get(tag, ())[:6]:
            if found := _message(page.text(element), bare):
                return Verdict(found[0], f"its heading says “{_brief(found[1])}”")
    named = any(_NAMED.search(name) for name in (*page.ids, *page.classes))
    # On a whole page, navigation and footer around, a line has to be long enough to be no menu's word.
    for line in lines:
        if (short or named or len(line) >= 8) and (found := _message(line, bare)) and (short or found[0] != "login"):
            return Verdict(found[0], f"it says “{_brief(found[1])}”")
    return None


def _by_shell(page: Page, size: int) -> Verdict | None:
    """A page with next to no text: what its scripts are there for."""
    if vendor := _vendor(page):
        return Verdict(vendor[0], vendor[1])
    html = page.html if page.size <= 200_000 else page.html[:200_000]
    for alert in _ALERT.finditer(html):
        if size < 60 and (found := _message(clean(alert.group(1)))):
            return Verdict(found[0], f"an alert says “{_brief(found[1])}”")
    for element in page.tags.get("meta", ()):
        if (element.get("http-equiv") or "").lower() == "refresh" and (refresh := _REFRESH.match(element.get("content") or "")):
            return _jump(page, refresh.group(1), "a meta refresh")
    if size >= 60:
        return None
    if _COOKIE_RELOAD.search(html) and _RELOAD.search(html):
        return Verdict("blocked", "a script that sets a cookie and loads the page again")
    if jump := _JUMP.search(html):
        return _jump(page, jump.group(1), "a script")
    if _BACK.search(html):
        return Verdict("soft404", "nothing but a script that goes back")
    if any(name in page.ids for name in _MOUNT) or "noscript" in page.tags:
        return Verdict("empty", "a shell that a browser has to fill: no text without JavaScript")
    if page.tags.get("frame") or page.tags.get("iframe"):
        return Verdict("empty", "nothing but a frame")
    if not size and _plays(page):
        return Verdict("video", "nothing but a player")
    if not size and not page.tags.get("img"):
        return Verdict("empty", "no visible text")
    return None


def _by_login(page: Page) -> Verdict | None:
    if len(page.tags.get("a", ())) < 60:
        for element in page.tags.get("input", ()):
            if (element.get("type") or "").lower() == "password":
                return Verdict("login", "a form that asks for a password, and no text")
    return None


def _jump(page: Page, target: str, by: str) -> Verdict:
    parts = urlsplit(urljoin(page.url or "http://site.invalid/x", target))
    if page.url and parts.hostname and _domain(parts.hostname) != _domain(page.host):
        return Verdict("offsite", f"{by} leads to {parts.hostname}")
    if _is_home(parts.path, parts.query):
        return Verdict("soft404", f"{by} leads to the home page")
    if re.search(r"404|error|notfound|not_found", target, re.I):
        return Verdict("soft404", f"{by} leads to {target[:60]}")
    if re.search(r"login|passport|/sso|/cas/", target, re.I):
        return Verdict("login", f"{by} leads to {target[:60]}")
    if re.search(r"captcha|verify|antispider|/waf", target, re.I):
        return Verdict("captcha", f"{by} leads to {target[:60]}")
    return Verdict("empty", f"{by} leads to {target[:60]}, no text of its own")


# -- reading


def _runs_on(page: Page) -> bool:
    """Whether the page's first paragraphs hold running text: the cheap look that spares articles the others."""
    size = 0
    for element in page.tags.get("p", ())[:60]:
        text = element.text
        if text and len(text) >= 40 and ("。" in text or "，" in text):
            size += len(text)
            if size >= 2 * _ENOUGH:
                return True
    return False


def _visible(page: Page) -> tuple[list[str], int, bool]:
    """The page's first visible lines, those left out that are links and nothing else, their size, and whether that is all."""
    root = next(iter(page.tags.get("body", ())), page.tree)
    lines: list[str] = []
    pieces: list[str] = []
    size = 0
    skip = link = None
    plain, complete = False, True
    for event, node in etree.iterwalk(root, events=("start", "end")):
        tag = node.tag
        if event == "start":
            if skip is not None:
                continue
            if tag in UNSEEN_TAGS:
                skip = node
                continue
            text = node.text
        else:
            if skip is node:
                skip = None
            if skip is not None:
                continue
            if link is node:
                link = None
            text = node.tail if node is not root else None
        if tag not in _INLINE and pieces:
            if plain and (line := clean("".join(pieces))):
                lines.append(line)
            pieces, plain = [], False
        if event == "start" and tag == "a" and link is None:
            link = node
        if text:
            pieces.append(text)
            if not text.isspace():
                plain = plain or link is None
                size += len(text.strip())
                if size > _LOOK:
                    complete = False
                    break
    if plain and (line := clean("".join(pieces))):
        lines.append(line)
    return lines, size, complete


def _prose(lines: list[str]) -> int:
    """Characters in lines that run on: sentences, no items of a menu, no message."""
    return sum(
        len(line) for line in lines if len(line) >= 30 and ("。" in line or line.count("，") >= 2) and _message(line) is None
    )


def _teasers(lines: list[str]) -> int:
    """How many lines are cut summaries (…[详细]) or bare dates, if the text is made of them; else 0."""
    lines = [line for line in map(str.strip, lines) if line]
    if len(lines) < 6:
        return 0
    cut = sum(1 for line in lines if _CUT.search(line, max(0, len(line) - 10)))
    dated = sum(1 for line in lines if len(line) <= 24 and _DAY.fullmatch(line))
    most = max(cut, dated)
    return most if most >= 4 and most * 4 >= len(lines) else 0


_CUT = re.compile(r"(?:\[?(?:详细|全文|查看详情|阅读全文|更多)\]?(?:>>)?|…|\.{3})$")
_DAY = re.compile(r"\[?(?:(?:19|20)\d\d[-/.年])?\d{1,2}[-/.月]\d{1,2}日?(?:\s\d{1,2}:\d\d(?::\d\d)?)?\]?")


def _message(line: str, bare: bool = False) -> tuple[Word, str] | None:
    """What a line says, if it is a message and no more: (verdict, the line).

    What follows the message must be nothing, a site's name, or what messages go on with: 页面不存在，3秒后返回首页 is one,
    the headline 页面不存在 网友质疑 is none. On a ``bare`` page, without a site around it, it may go on as it likes.
    """
    if not 2 <= len(line) <= 160:
        return None
    line = line.lstrip("·•※★☆●■▲!！?？\"“”'‘’【[(（<《「:：- ")
    for word, pattern in _MESSAGES:
        match = pattern.match(line)
        if match and (bare or _TAIL.match(line, match.end())):
            return word, line
    return None


def _brief(text: str) -> str:
    return text if len(text) <= 40 else text[:39] + "…"


def _vendor(page: Page) -> tuple[Word, str] | None:
    html = page.html if page.size <= 400_000 else page.html[:400_000]
    for needle, word, name in _SHELLS:
        if needle in html:
            return word, name
    return None


def _plays(page: Page) -> bool:
    if page.tags.get("video") or page.tags.get("embed") or page.tags.get("object"):
        return True
    return any(mark in page.html for mark in (".m3u8", ".mp4", "videoPlayer", "video-js", "ckplayer", "dplayer"))


def _is_home(path: str, query: str) -> bool:
    return not query and bool(_HOME.fullmatch(path))


def _domain(host: str) -> str:
    """The part of a host name that its owner registered, nearly: two labels, three below com.cn, gov.cn and the like."""
    labels = host.lower().strip(".").split(".")
    deep = len(labels) >= 3 and len(labels[-1]) == 2 and labels[-2] in ("com", "net", "org", "gov", "edu", "ac", "co", "mil")
    province = len(labels) >= 3 and labels[-1] == "cn" and labels[-2] in _PROVINCES
    return ".".join(labels[-3:] if deep or province else labels[-2:])


_PROVINCES = frozenset(
    "bj sh tj cq he sx nm ln jl hl js zj ah fj jx sd ha hb hn gd gx hi sc gz yn xz sn gs qh nx xj tw hk mo".split()
)
