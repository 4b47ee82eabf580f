"""What is no article is told so, and an article about such things is not taken for one. All pages here are invented."""

from __future__ import annotations

import time
from datetime import datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newscrawl import verdict
from newscrawl.days import SHANGHAI
from newscrawl.extract import body as bodies
from newscrawl.extract import density, generic
from newscrawl.extract.page import MAX_BYTES, Page
from newscrawl.verdict import Verdict

NOW = datetime(2021, 6, 1, 12, 0, tzinfo=SHANGHAI)
URL = "http://www.example.cn/news/202105/t20210531_1.htm"
NAV = (
    "<div class='nav'>"
    + "".join(f"<a href='/c{i}/'>栏目{i}</a> " for i in range(40))
    + "<a href='/login'>登录</a><a href='/reg'>注册</a></div>"
)
FOOT = "<div class='foot'>版权所有 海阳新闻网 鲁ICP备1号 <a href='/about'>关于我们</a></div>"


def page_of(body: str, title: str = "", head: str = "", url: str = URL) -> Page:
    return Page(f"<html><head><title>{title}</title>{head}</head><body>{body}</body></html>".encode(), url, now=NOW)


def chrome(body: str, title: str, head: str = "", url: str = URL) -> Page:
    """The same with a site around it."""
    return page_of(NAV + body + FOOT, title, head, url)


def judged(page: Page, status: int = 200, asked: str | None = None) -> Verdict:
    """The verdict after extraction by the generic layer."""
    element = density.find(page)
    titles = generic.titles(page, element)
    title = titles[0] if titles else None
    fields = {candidate.field for candidate in generic.byline(page, element, title.element if title else None)}
    return verdict.judge(
        page,
        status=status,
        title=title.value if title else None,
        body_text=bodies.read(page, element).text if element is not None else None,
        published="published_at" in fields,
        asked=asked,
    )


BLOCKED = {
    "nginx 403": page_of("<center><h1>403 Forbidden</h1></center><hr><center>nginx</center>", "403 Forbidden"),
    "apache": page_of("<h1>Forbidden</h1><p>You don't have permission to access this resource.</p>", "403 Forbidden"),
    "akamai": page_of("<h1>Access Denied</h1>You don't have permission to access \"http&#58;//x\" on this server.<p>Reference #18.1</p>", "Access Denied"),
    "cloudflare wait": page_of("<h1>www.example.cn</h1><h2>Checking your browser before accessing</h2><p>Ray ID: 5f</p>", "Just a moment..."),
    "cloudflare script": page_of("<div id='x'></div><script src='/cdn-cgi/challenge-platform/h/b/orchestrate/jsch/v1'></script>", "请稍候…"),
    "cloudflare 1020": page_of("<div class='cf-error-details'><h1>Access denied</h1><p>This website is using a security service</p></div>", "Access denied | www.example.cn used Cloudflare"),
    "safedog": page_of("<div>网站防火墙</div><p>您的请求带有不合法参数，已被网站管理员设置拦截！</p><p>可能原因：您提交的内容包含危险的攻击请求</p>", "网站防火墙"),
    "safedog bare": page_of("<script src='http://404.safedog.cn/sitedog_stat.js'></script><div>拦截</div>"),
    "yunsuo": page_of("<script>var yunsuo_session='1';function YunSuoAutoJump(){}</script><script>location.href='/?security_verify_data=1'</script>"),
    "yunsuo text": page_of("<h3>您的访问请求存在异常，已被云锁拦截</h3>", "云锁防护提示"),
    "aliyun 405": page_of("<p>很抱歉，由于您访问的URL有可能对网站造成安全威胁，您的访问被阻断。</p><p>您的请求ID是：7b1</p>", "405", "<link href='//errors.aliyun.com/x.css'>"),
    "aliyun cookie": page_of("<script>var arg1='3A';function setCookie(n,v){document.cookie='acw_sc__v2='+v;document.location.reload();}</script>"),
    "jiasule": page_of("<script>document.cookie='__jsl_clearance=1';location.href=location.pathname</script>"),
    "ruishu": page_of("<script>$_ts=window['$_ts'];if(!$_ts)$_ts={};$_ts.nsd=1;</script>"),
    "chuangyudun": page_of("<h1>当前访问疑似黑客攻击，已被创宇盾拦截</h1><p>事件ID：8a</p>", "创宇盾提示"),
    "baota": page_of("<h1>您的请求被拦截</h1><p>网站防火墙</p>", "宝塔网站防火墙"),
    "leichi": page_of("<p>请求存在威胁，已被拦截</p><script src='/.safeline/chaitin.js'></script>", "拦截"),
    "360": page_of("<script src='/wzws-waf-cgi/x.js'></script><p>稍候</p>"),
    "tencent": page_of("<iframe src='https://waf-static.tencent.com/501page.html'></iframe>"),
    "frequent": page_of("<p>您的访问过于频繁，请稍后再试</p>", "提示"),
    "frequent with a site": chrome("<div class='msg'>访问过于频繁，请稍后再试！</div>", "海阳新闻网"),
    "ip": page_of("<p>您的IP地址已被限制访问，如有疑问请联系管理员。时间：2021-06-01 10:00:00</p>"),
    "limit": page_of("<h1>429 Too Many Requests</h1>", "Too Many Requests"),
    "cookies": page_of("<p>请开启JavaScript并刷新该页</p>", "安全检查"),
    "beian": page_of("<h1>非常抱歉，该网站未备案，暂时无法访问</h1>", "未备案提示"),
    "weixin": page_of("<h2>环境异常</h2><p>当前环境异常，完成验证后即可继续访问。</p><a href='#'>去验证</a>"),
}  # fmt: skip
CAPTCHA = {
    "type it": page_of("<p>请输入验证码：</p><form><input name='code'><img src='/captcha.png'><button>提交</button></form>", "访问验证"),
    "slide": page_of("<div>请拖动滑块完成验证</div>", "滑动验证页面"),
    "slide, vendor only": page_of("<script src='https://g.alicdn.com/AliyunCaptcha.js'></script><div id='c'></div>"),
    "tmd": page_of("<script>location.href='/_____tmd_____/punish?x5secdata=1'</script>"),
    "tencent": page_of("<div>为了您的账号安全，请先完成验证</div><script src='https://ssl.captcha.qq.com/TCaptcha.js'></script>"),
    "geetest": page_of("<div id='captcha'></div><script src='https://static.geetest.com/static/js/gt.js'></script>"),
    "human": page_of("<h1>Are you a human?</h1><p>Please complete the security check.</p>", "Human Verification"),
    "toutiao": page_of("<div>安全验证</div><script>window.TTGCaptcha={}</script>", "安全验证"),
    "robot": page_of("<label><input type='checkbox'>我不是机器人</label>", "人机验证"),
    "recaptcha": page_of("<form><div class='g-recaptcha' data-sitekey='x'></div></form>"),
    "baidu": page_of("<div>网络不给力，请稍后重试</div>", "百度安全验证"),
    "with a site": chrome("<h3>请输入图中的验证码</h3><form><input name='c'></form>", "海阳新闻网"),
}  # fmt: skip
LOGIN = {
    "form": page_of("<form><input name='u'><input type='password' name='p'><button>登录</button></form>", "海阳新闻网"),
    "title": page_of("<form><input name='u'></form>", "用户登录-海阳新闻网"),
    "members": page_of("<p>请登录后查看全文</p>"),
    "members with a site": chrome("<h2>请先登录</h2><p>登录后才能继续阅读</p>", "海阳新闻网"),
    "sso": page_of("<script>window.location.href='https://passport.example.cn/sso?u=1'</script>"),
    "discuz": page_of("<div id='messagetext'><p>抱歉，您需要登录后才能查看</p></div>", "提示信息"),
    "english": page_of("<h1>Sign in</h1><form></form>", "Sign in to Example"),
    "expired": page_of("<p>登录超时，请重新登录</p>"),
}  # fmt: skip
SOFT_404 = {
    "bare": page_of("<h1>404</h1>", "404 Not Found"),
    "nginx": page_of("<center><h1>404 Not Found</h1></center><hr><center>nginx/1.18.0</center>", "404 Not Found"),
    "iis": page_of("<h2>404 - 找不到文件或目录。</h2><h3>您要查找的资源可能已被删除，已更改名称或者暂时不可用。</h3>", "404 - 找不到文件或目录。"),
    "tomcat": page_of("<h1>HTTP Status 404 – Not Found</h1><p>The requested resource is not available.</p>", "HTTP Status 404 – Not Found"),
    "visited": page_of("<p>您访问的页面不存在</p>"),
    "sorry": page_of("<div>抱歉，您访问的页面不存在或已被删除！</div><a href='/'>返回首页</a>", "提示"),
    "sorry with a site": chrome("<div class='error-page'><p>很抱歉，您要访问的页面不存在</p><a href='/'>返回首页</a></div>", "海阳新闻网"),
    "heading with a site": chrome("<h2>文章不存在或已删除</h2>", "海阳新闻网"),
    "title with a site": chrome("<p>为您推荐</p><ul><li><a href='/1'>渔港见闻</a></li></ul>", "页面不存在 - 海阳新闻网"),
    "404 in the title with a site": chrome("<img src='/404.png'>", "404-海阳新闻网"),
    "countdown": page_of("<p>页面不存在，3秒后返回首页</p>"),
    "weixin deleted": page_of("<div class='weui-msg'><h2>该内容已被发布者删除</h2></div>"),
    "weixin violation": page_of("<p>此内容因违规无法查看</p>"),
    "discuz": page_of("<div id='messagetext'><p>抱歉，指定的主题不存在或已被删除或正在被审核</p></div>", "提示信息 - 论坛 - Powered by Discuz!"),
    "alert": page_of("<script>alert('该文章不存在或已删除！');history.back();</script>"),
    "alert and home": page_of("<script>alert('信息不存在');location.href='/';</script>"),
    "back": page_of("<script>history.go(-1)</script>"),
    "refresh home": page_of("", "", "<meta http-equiv='refresh' content='0;url=/'>"),
    "refresh index": page_of("<p>正在跳转</p>", "", "<meta http-equiv='Refresh' content='3; URL=http://www.example.cn/index.html'>"),
    "script home": page_of("<script>window.location.href = \"http://www.example.cn/\";</script>"),
    "script 404": page_of("<script>location.replace('/404.html')</script>"),
    "lost": page_of("<p>哎呀，页面走丢了</p><p>404</p>"),
    "withdrawn": page_of("<p>对不起，该稿件已撤稿</p>"),
    "offline": page_of("<p>该文章已下线</p><p>换一篇看看吧</p>"),
    "english": page_of("<h1>Oops! Page not found</h1><p>The page you requested does not exist.</p>", "Page not found"),
    "parameter": page_of("<p>参数错误！</p>"),
    "expired link": page_of("<p>链接已过期</p>"),
}  # fmt: skip
EMPTY = {
    "nothing": page_of(""),
    "blanks": page_of("<div> </div><p>&nbsp;</p>"),
    "vue": page_of("<div id='app'></div><script src='/js/app.1f.js'></script>", "海阳新闻"),
    "react": page_of("<noscript>You need to enable JavaScript to run this app.</noscript><div id='root'></div><script src='/m.js'></script>", "海阳新闻"),
    "frame": page_of("<iframe src='http://m.example.cn/x'></iframe>", "海阳新闻"),
    "refresh elsewhere": page_of("", "", "<meta http-equiv='refresh' content='0;url=/wap/t20210531_1.htm'>"),
}  # fmt: skip
ERROR = {
    "database": page_of("<h1>Error establishing a database connection</h1>", "数据库错误"),
    "php": page_of("<b>Fatal error</b>: Uncaught Error: Call to undefined function in /www/a.php:1"),
    "asp.net": page_of("<h1>Server Error in '/' Application.</h1>", "运行时错误"),
    "asp": page_of("<p>Microsoft OLE DB Provider for SQL Server 错误 '80004005'</p>"),
    "gateway": page_of("<h1>502 Bad Gateway</h1>", "502 Bad Gateway"),
    "maintenance": page_of("<p>系统维护中，请稍后访问</p>", "网站维护"),
    "busy": page_of("<p>服务器繁忙，请稍后再试</p>"),
    "nginx welcome": page_of("<h1>Welcome to nginx!</h1>", "Welcome to nginx!"),
    "baota": page_of("<h1>没有找到站点</h1><p>您的请求在Web服务器中没有找到对应的站点！</p>", "没有找到站点"),
    "parked": page_of("<h1>This domain is for sale</h1>", "域名出售"),
}  # fmt: skip
TEMPLATES = {"blocked": BLOCKED, "captcha": CAPTCHA, "login": LOGIN, "soft404": SOFT_404, "empty": EMPTY, "error": ERROR}
CASES = [(word, name) for word, pages in TEMPLATES.items() for name in pages]


def test_there_are_enough_templates() -> None:
    assert len(CASES) >= 60
    assert {word for word, _ in CASES} <= set(verdict.WORDS)


@pytest.mark.parametrize(("word", "name"), CASES)
def test_template(word: str, name: str) -> None:
    page = TEMPLATES[word][name]
    found = verdict.early(page)
    assert found is not None
    assert found.word == word
    assert found.why
    assert judged(page).word == word


@pytest.mark.parametrize(
    ("status", "word"),
    [
        (404, "gone"), (410, "gone"), (401, "login"), (403, "blocked"), (405, "blocked"), (412, "blocked"), (418, "blocked"),
        (429, "blocked"), (521, "blocked"), (400, "error"), (500, "error"), (502, "error"), (503, "error"), (204, "empty"), (302, "error"),
    ],
)  # fmt: skip
def test_status(status: int, word: str) -> None:
    found = verdict.early(page_of("<p>x</p>"), status)
    assert found is not None
    assert found.word == word
    assert str(status) in found.why


def test_status_with_a_challenge() -> None:
    page = page_of("<script src='/cdn-cgi/challenge-platform/x'></script>", "Just a moment...")
    found = verdict.early(page, 503)
    assert found is not None
    assert found.word == "blocked"
    assert "Cloudflare" in found.why
    found = verdict.early(page_of("<p>请输入验证码</p>"), 403)
    assert found is not None
    assert found.word == "captcha"


PHRASES = {
    "soft404": (
        "您所查看的文章不存在", "对不起，您访问的文章已经被删除", "该信息已经下架", "没有找到您要的内容", "此文章已被作者删除",
        "您查找的页面可能已经删除、更名或暂时不可用", "无法找到该页面内容", "您要浏览的网页可能已被删除，名称已被更改，或者暂时不可用",
        "你所访问的页面迷路了", "啊哦~ 你所访问的页面不存在了", "404，您请求的文件不存在!", "稿件不存在或者未发布", "内容审核中，暂时无法查看",
    ),
    "blocked": ("您的访问请求过于频繁，请稍后再试", "系统检测到您的网络存在异常", "亲，您的访问被拒绝了", "您的IP地址已被限制访问，如有疑问请联系管理员"),
    "captcha": ("为了保护您的账号安全，请完成验证", "请完成滑块验证后继续", "请输入图片中的验证码"),
    "error": ("当前访问人数过多，请稍后再试", "服务器内部错误，请稍后重试", "网站正在升级维护中"),
}  # fmt: skip


@pytest.mark.parametrize(("word", "phrase"), [(word, phrase) for word, phrases in PHRASES.items() for phrase in phrases])
def test_phrase_on_a_whole_page(word: str, phrase: str) -> None:
    found = verdict.early(chrome(f"<div class='box'><p>{phrase}</p></div>", "海阳新闻网"))
    assert found is not None
    assert found.word == word


HEADLINES = (
    "页面不存在 网友质疑平台删帖", "文章被删除的原因曝光", "登录火星 探测器再传佳音", "系统故障！地铁二号线停运", "访问受限的角楼首次开放",
    "网络异常波动 警方提醒", "链接失效？多地回应", "请求被拒绝后他选择起诉", "数据库错误致两百人重复缴费", "IP被限制 主播改口音", "微信推出安全验证新功能",
    "内容审核员的一天", "验证码的前世今生", "人机大战 九段棋手落败", "关闭网站两年后 他回来了", "404房间的客人", "503路公交改线",
)  # fmt: skip


@pytest.mark.parametrize("headline", HEADLINES)
def test_headline_is_no_message(headline: str) -> None:
    """Not even on a page that is unsigned and says hardly more."""
    assert (
        verdict.early(
            chrome(f"<h1>{headline}</h1><div><p>记者今天从有关部门了解到这一消息。</p></div>", f"{headline}_海阳新闻网")
        )
        is None
    )


# -- articles

LONG = (
    "昨天上午，海阳渔港的码头上停满了渔船。渔民们忙着卸网、清舱，为期三个半月的休渔期从今天零时开始，全市三百多条渔船都要在港内停泊。"
    "渔政部门说，今年的检查比往年更勤，夜里也有执法船在海上巡查，违规出海的一律从严处理，涉及的证件当场收回，听候处理。"
)


def article(title: str, *paragraphs: str, line: str = "2021-05-31 18:20 来源：半岛渔业报", site: str = "海阳新闻网") -> Page:
    text = "".join(f"<p>{paragraph}</p>" for paragraph in paragraphs)
    return chrome(f"<h1>{title}</h1><div class='info'>{line}</div><div class='content'>{text}</div>", f"{title}_{site}")


ARTICLES = {
    "plain": article("海阳渔港今起休渔", LONG),
    "long, without a date": article("海阳渔港今起休渔", LONG, line=""),
    "one sentence": article("海阳渔港今起休渔", "今天零时起，海阳渔港三百多条渔船进港休渔，为期三个半月。"),
    "404 in the headline": article("404页面换成寻人启事 一家网站的公益实验", "访问这家网站时，如果打开的网页已不存在，屏幕上会出现一则寻人启事，而不是冷冰冰的“404”。", LONG),
    "404 in short": article("打开网页显示404怎么办", "有读者问，打开本网链接时显示“404 Not Found”是怎么回事？编辑答复：多半是旧稿的地址变了。"),
    "页面不存在 in the headline": article("页面不存在？政务网站“僵尸栏目”被点名", "记者点开几家网站的便民栏目，跳出来的是“您访问的页面不存在”。", LONG),
    "captcha in short": article("骗子索要验证码 老人险失十万元", "“请输入验证码”，屏幕上的提示让丁大爷犯了难，幸好银行柜员及时拦下。"),
    "captcha quoted in a paragraph of its own": article("当心这条短信", "请输入验证码", "收到这样的短信，千万不要把数字告诉别人，警方已接到多起报案。"),
    "captcha in the headline": article("验证码越来越难 到底在防谁", LONG),
    "login in the headline": article("登录云端 渔民学会直播卖货", LONG),
    "login in short": article("老人登录社保平台遇难题", "“请先登录”，手机上跳出的四个字难住了丁大爷，社区干部上门帮忙。"),
    "blocked": article("访问被拒绝之后：一场关于爬虫的官司", "对方服务器返回的是“Access Denied”，此后双方各执一词。", LONG),
    "frequent": article("访问过于频繁被限制 网友质疑抢票软件", "“您的访问过于频繁，请稍后再试”，抢票时不少网友看到这样的提示。", LONG),
    "maintenance": article("系统维护中 海阳公积金业务暂停两天", "因系统升级，六月五日至六日公积金业务暂停办理，请市民错峰办理。"),
    "server": article("服务器故障致航班延误 两千旅客滞留", LONG),
    "deleted": article("文章被删除 作者状告平台侵权", "平台提示“该内容已被发布者删除”，作者却说自己从未动过。", LONG),
    "firewall": article("网站防火墙怎么选 专家支招", LONG),
    "password form in the page": chrome(
        f"<form><input name='u'><input type='password'></form><h1>海阳渔港今起休渔</h1><div>2021-05-31 18:20 来源：半岛渔业报</div><div class='c'><p>{LONG}</p></div>",
        "海阳渔港今起休渔_海阳新闻网",
    ),
    "captcha script in the page": chrome(
        "<script src='https://static.geetest.com/gt.js'></script><h1>海阳渔港今起休渔</h1><div>2021-05-31 18:20 来源：半岛渔业报</div><div class='c'><p>今天零时起，渔船进港。</p></div>",
        "海阳渔港今起休渔_海阳新闻网",
    ),
    "script that sets a cookie": chrome(
        f"<script>document.cookie='a=1';function f(){{location.reload()}}</script><h1>海阳渔港今起休渔</h1><div>2021-05-31 来源：半岛渔业报</div><div class='c'><p>{LONG}</p></div>",
        "海阳渔港今起休渔_海阳新闻网",
    ),
    "photo": chrome(
        "<h1>高清组图：渔船回港</h1><div>2021-05-31 18:20 来源：半岛渔业报</div><div class='c'><p><img src='/1.jpg'></p><p>图为海阳渔港。</p></div>",
        "高清组图：渔船回港_海阳新闻网",
    ),
    "refresh of itself": chrome(
        f"<h1>海阳渔港今起休渔</h1><div>2021-05-31 来源：半岛渔业报</div><div class='c'><p>{LONG}</p></div>", "海阳渔港今起休渔", "<meta http-equiv='refresh' content='600'>"
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", ARTICLES)
def test_article(name: str) -> None:
    page = ARTICLES[name]
    assert verdict.early(page) is None
    assert judged(page).word == "article"


# -- lists

ITEMS = [f"海阳渔港第{i}号码头改造工程通过验收" for i in range(30)]
LISTS = {
    "titles and dates": chrome("<ul>" + "".join(f"<li><a href='/{i}.htm'>{t}</a><span>2021-05-{i + 1:02}</span></li>" for i, t in enumerate(ITEMS)) + "</ul>", "社会新闻_海阳新闻网"),
    "titles": chrome("<h1>社会新闻</h1><ul>" + "".join(f"<li><a href='/{i}.htm'>{t}</a></li>" for i, t in enumerate(ITEMS)) + "</ul>", "社会新闻_海阳新闻网"),
    "summaries": chrome(
        "".join(f"<div class='it'><h3><a href='/{i}.htm'>{t}</a></h3><p>码头改造历时两年，新增泊位三个，渔船卸货不再排队，渔民们说这下方便多了，…[详细]</p><span>05-{i + 1:02} 09:10</span></div>" for i, t in enumerate(ITEMS)),
        "社会新闻_海阳新闻网",
    ),
    "home": chrome("".join(f"<div class='b'><h2>板块{i}</h2><a href='/{i}.htm'>{t}</a></div>" for i, t in enumerate(ITEMS)), "海阳新闻网", url="http://www.example.cn/"),
    "few": chrome("<ul>" + "".join(f"<li><a href='/{i}.htm'>{t}</a></li>" for i, t in enumerate(ITEMS[:5])) + "</ul>", "专题_海阳新闻网"),
}  # fmt: skip


@pytest.mark.parametrize("name", LISTS)
def test_list(name: str) -> None:
    assert judged(LISTS[name]).word == "list"


# -- the rest


def test_video() -> None:
    page = chrome(
        "<h1>海阳渔港今起休渔</h1><div>2021-05-31 18:20 来源：半岛渔业报</div><div><video src='/a.mp4'></video></div>",
        "海阳渔港今起休渔_海阳新闻网",
    )
    assert verdict.judge(page, title="海阳渔港今起休渔", body_text="", published=True).word == "video"
    assert verdict.judge(page, title="海阳渔港今起休渔", body_text=LONG, published=True).word == "article"


@pytest.mark.parametrize(
    ("asked", "got", "word"),
    [
        (URL, "http://ads.example.net/landing", "offsite"),
        (URL, "http://www.example.cn/", "soft404"),
        (URL, "https://www.example.cn/index.shtml", "soft404"),
        (URL, "https://m.example.cn/news/202105/t20210531_1.htm", None),
        ("http://news.hy.gov.cn/a/1.htm", "http://www.hy.gov.cn/a/1.htm", None),
        ("http://www.aa.gov.cn/a/1.htm", "http://www.bb.gov.cn/a/1.htm", "offsite"),
        ("http://www.aa.sd.cn/a/1.htm", "http://www.bb.sd.cn/a/1.htm", "offsite"),
        ("http://www.example.cn/", "http://www.example.cn/index.html", None),
    ],
)
def test_redirect(asked: str, got: str, word: str | None) -> None:
    page = chrome(
        f"<h1>海阳渔港今起休渔</h1><div>2021-05-31 来源：半岛渔业报</div><div class='c'><p>{LONG}</p></div>",
        "海阳渔港今起休渔",
        url=got,
    )
    found = verdict.early(page, asked=asked)
    assert (found.word if found else None) == word
    assert judged(page, asked=asked).word == (word or "article")


def test_truncated() -> None:
    page = Page(b"<p>" + "渔".encode() * (MAX_BYTES // 3 + 9), URL, now=NOW)
    assert judged(page).word == "truncated"


def test_no_bytes() -> None:
    found = verdict.early(Page(b"", URL, now=NOW))
    assert found == Verdict("empty", "no content at all")


def test_refusals_are_words() -> None:
    assert set(verdict.WORDS) > verdict.REFUSALS


@settings(max_examples=80, deadline=None)
@given(st.text(max_size=200), st.text(max_size=60), st.integers(100, 599))
def test_any_text(text: str, title: str, status: int) -> None:
    page = Page(f"<title>{title}</title><p>{text}</p>".encode("utf-8", "replace"), URL, now=NOW)
    found = verdict.judge(page, status=status, title=title, body_text=text, published=False)
    assert found.word in verdict.WORDS
    assert found.why
    assert "\n" not in found.why


@pytest.mark.parametrize(
    "html",
    [
        "<div>" * 100000 + "抱歉",
        "<p>" + "您访问的" * 200000,
        "<p>" + "抱歉，" * 200000,
        "<script>" + "alert('" * 100000 + "</script>",
        "<script>" + "location.href=" * 100000 + "</script>",
        "".join(f"<h1>访问{i}</h1>" for i in range(20000)),
        "<input type=text>" * 50000,
    ],
)
def test_linear(html: str) -> None:
    page = Page(html.encode(), URL, now=NOW)
    started = time.perf_counter()
    verdict.early(page)
    verdict.judge(page, title="题", body_text=page.text(page.tree)[:100000], published=False)
    assert time.perf_counter() - started < 3
