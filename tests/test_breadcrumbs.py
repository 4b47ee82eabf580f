"""The way to a page: read where a layout names it, and found where none does."""

from __future__ import annotations

import pytest

from newscrawl.extract import breadcrumbs, layers
from newscrawl.extract.page import Page
from newscrawl.extract.rules import Layout

URL = "http://news.haicheng.cn/2021/0531/1.html"
TITLE = "海阳渔港今起休渔 三百条渔船陆续回港"
TEXT = "<p>昨天傍晚，最后一批渔船驶进港湾，码头上的灯一盏一盏亮起来。船老大们收好缆绳，清点网具，准备过一个长长的夏天。</p>" * 4
MENU = '<div class="nav"><a href="/">首页</a> | <a href="/a/">要闻</a> | <a href="/b/">社会</a> | <a href="/c/">文化</a></div>'


def page_of(crumb: str, *, url: str = URL, head: str = "") -> Page:
    html = f"""<html><head><meta charset="utf-8"><title>{TITLE}_海城新闻网</title>{head}</head><body>{MENU}{crumb}
    <h1>{TITLE}</h1><div class="info">2021-05-31 09:15 来源：海城日报</div><div id="text">{TEXT}</div></body></html>"""
    return Page(html.encode(), url)


@pytest.mark.parametrize(
    ("crumb", "steps"),
    [
        ('<div id="c">您的位置：<a href="/">首页</a> &gt; <a href="/b/">社会</a> &gt; 正文</div>', ["社会"]),
        ('<div id="c">当前位置 ：<a href="/">首页</a> / <a href="/b/">社会</a> / <a href="/b/c/">民生</a></div>', ["社会", "民生"]),
        ('<div id="c"><a href="/b/">社会</a>&gt;&gt;<a href="/b/c/">民生</a>&gt;&gt;</div>', ["社会", "民生"]),
        # The site itself, by its name: a link to a home page, to its own front, or no link.
        ('<div id="c"><a href="http://www.haicheng.cn">海城新闻</a> &gt; <a href="/b/">社会</a></div>', ["社会"]),
        ('<div id="c"><a href="http://haicheng.cn/index.shtml">海城新闻</a> &gt; <a href="/b/">社会</a></div>', ["社会"]),
        ('<div id="c"><a href="/">海城在线</a> &gt; <a href="/b/">社会</a></div>', ["社会"]),
        ('<div id="c">海城新闻网 &gt; 社会</div>', ["社会"]),
        ('<div id="c"><a href="/">海城网首页</a> &gt; 社会</div>', ["社会"]),
        # The front of a channel on a host of its own is a channel; so is the one step after 首页.
        ('<div id="c"><a href="http://sh.haicheng.cn/">社会频道</a> &gt; 民生 &gt; 正文</div>', ["社会频道", "民生"]),
        ('<div id="c"><a href="/">首页</a> &gt; <a href="http://www.haicheng.cn/">海城网</a></div>', ["海城网"]),
        # What stands behind 正文 is a button.
        ('<div id="c">位置：<a href="/">首页</a> &gt; <a href="/b/">社会</a> &gt; 正文 <a href="/m">手机版</a></div>', ["社会"]),
        # No mark between them: a list (Bootstrap, Amaze UI), or links.
        ('<ol id="c"><li><a href="/">首页</a></li><li><a href="/b/">社会</a></li><li class="active">正文</li></ol>', ["社会"]),
        ('<ul id="c"><li><a href="http://www.haicheng.cn/">海城网</a></li><li><a href="/b/">社会</a></li></ul>', ["社会"]),
        ('<div id="c"><a href="/">首页</a> - <a href="/b/">社会</a> - 民生</div>', ["社会", "民生"]),
        ('<div id="c"><a href="/">首页</a></div>', []),
        ('<div id="c">社会</div>', []),
        ('<div id="c"> &gt; </div>', []),
    ],
)  # fmt: skip
def test_the_steps_of_an_element(crumb: str, steps: list[str]) -> None:
    page = page_of(crumb)
    assert breadcrumbs.steps(page, page.ids["c"]) == steps


@pytest.mark.parametrize(
    ("crumb", "channel"),
    [
        ('<div class="w1000">您当前的位置：<a href="/">首页</a> &gt; <a href="/b/">社会</a> &gt; 正文</div>', ["社会"]),
        ('<table><tr><td>您的位置：<a href="http://www.haicheng.cn/">海城网</a> / <a href="/b/">社会</a></td></tr></table>', ["社会"]),
        ('<div class="con-wz"><a href="/">首页</a> &gt; <a href="/b/">社会</a> &gt; <a href="/b/c/">民生</a></div>', ["社会", "民生"]),
        ('<div class="bread"><a href="http://s.haicheng.cn/b/">社会</a><span>&gt;</span><a href="/b/c/">民生</a></div>', ["社会", "民生"]),
        ('<ol class="am-breadcrumb"><li><a href="/">首页</a></li><li><a href="/b/">社会</a></li></ol>', ["社会"]),
        (f'<div class="crumbs"><a href="/">首页</a> &gt; <a href="/b/">社会</a> &gt; {TITLE[:10]}</div>', ["社会"]),
        # None of these is a way to the page.
        ('<div class="menu"><a href="/">首页</a> | <a href="/b/">社会</a></div>', None),
        ('<div class="hot"><a href="/b/1.htm">渔船归港 &gt; 更多</a></div>', None),
        ('<div class="crumbs"></div>', None),
        (f'<div class="crumbs"><a href="/">首页</a> &gt; {"<a href=/b/>社会</a> &gt; " * 9}</div>', None),
        ("", None),
    ],
)  # fmt: skip
def test_a_breadcrumb_is_found_without_rules(crumb: str, channel: list[str] | None) -> None:
    found = layers.extract(page_of(crumb)).chosen.get("channel")
    assert (found.value if found else None) == channel
    assert found is None or found.rule == breadcrumbs.CRUMBS


def test_a_layout_whose_breadcrumb_is_empty_leaves_the_channel_to_others() -> None:
    head = "<!--enpproperty <nodename>本地新闻</nodename>/enpproperty-->"
    page = page_of('<div class="way"></div>', head=head)
    layout = Layout(name="haicheng", title="h1", byline="div.info", channel="div.way", body="#text")
    found = layers.extract(page, [layout]).chosen["channel"]
    assert (found.value, found.rule) == (["本地新闻"], "cms:founder:nodename")


def test_families_are_asked_for_the_channel_where_a_layout_answers_all_else() -> None:
    head = "<!--enpproperty <nodename>本地新闻</nodename>/enpproperty-->"
    page = page_of('<p id="e">责任编辑：宋佳 作者：林悦</p>', head=head)
    layout = Layout(name="haicheng", title="h1", byline="div.info", author="#e", editors="#e", body="#text")
    found = layers.extract(page, [layout])
    assert found.chosen["editors"].rule == "site:haicheng"
    assert found.value("channel") == ["本地新闻"]
