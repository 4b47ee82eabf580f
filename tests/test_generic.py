"""The generic layer on the layouts that Chinese news sites use: every page here is invented, its markup is not."""

from __future__ import annotations

import time
from datetime import datetime
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from newscrawl.days import SHANGHAI
from newscrawl.extract import density, generic, layers
from newscrawl.extract.page import Page
from newscrawl.extract.rules import Layout

NOW = datetime(2021, 6, 1, 12, 0, tzinfo=SHANGHAI)
TITLE = "海阳渔港今起休渔 三百条渔船陆续回港"
PARAGRAPHS = (
    "昨天傍晚，最后一批渔船驶进港湾，码头上的灯一盏一盏亮起来。船老大们收好缆绳，清点网具，准备过一个长长的夏天。",
    "据渔政部门介绍，今年的休渔期比往年早了半个月，涉及的船只也多了一成。停港期间，执法船每天巡查两次，发现违规出海的一律从严处理。",
    "老渔民丁海生说，休渔是为了以后有鱼可打。他打算用这段时间修船补网，再陪孙子学会游泳。",
)
BODY = "".join(f"<p>　　{text}</p>" for text in PARAGRAPHS)
NAV = """
<div class="top">今天是2021年6月1日 星期二 <a href="/">首页</a> <a href="/login">登录</a></div>
<div class="nav"><ul><li><a href="/a/">要闻</a></li><li><a href="/b/">社会</a></li><li><a href="/c/">文化</a></li>
<li><a href="/d/">专题：2021年两会</a></li></ul></div>
<div class="crumb">您的位置：<a href="/">首页</a> &gt; <a href="/b/">社会</a> &gt; 正文</div>
"""
RELATED = """
<div class="related"><h3>相关新闻</h3><ul>
<li><a href="/1.htm">码头上的修网人：一针一线守着海</a><span class="time">2021-05-30 09:11</span></li>
<li><a href="/2.htm">开海节定在九月，渔家乐先热起来</a><span class="time">2021-05-29 17:40:02</span></li>
<li><a href="/3.htm">新渔船下水：柴油机换成了电动机</a><span class="time">2021-05-28 08:00</span></li></ul></div>
<div class="comments"><h3>网友评论</h3><div class="comment"><span class="comment-time">2021-05-31 23:59:59</span>支持休渔</div></div>
"""
FOOTER = """
<div class="footer"><p>版权所有 海阳新闻传媒中心 Copyright © 2003-2021 All Rights Reserved</p>
<p>鲁ICP备2021000001号 新闻热线：0535-1234567 责任编辑邮箱：news@example.cn</p></div>
"""


def page_of(main: str, *, title: str = f"{TITLE}_海阳新闻网", head: str = "", url: str = "") -> Page:
    html = f"<!DOCTYPE html><html><head><meta charset='utf-8'><title>{title}</title>{head}</head><body>{NAV}{main}{RELATED}{FOOTER}</body></html>"
    return Page(html.encode(), url, now=NOW)


def fields(page: Page) -> dict[str, Any]:
    body = density.find(page)
    found = generic.titles(page, body)
    heading = found[0].element if found else None
    out: dict[str, Any] = {}
    for candidate in [*found, *generic.byline(page, body, heading)]:
        assert candidate.field not in out, f"{candidate.field} twice"
        assert candidate.rule.startswith("generic:")
        value = candidate.value
        if candidate.field == "published_at":
            value = value.at.strftime({"day": "%Y-%m-%d", "minute": "%Y-%m-%d %H:%M"}.get(value.precision, "%Y-%m-%d %H:%M:%S"))
        elif candidate.field == "editors":
            value = [editor.name for editor in value]
        out[candidate.field] = value
    return out


def about(header: str = f"<h1>{TITLE}</h1>", line: str = "", *, body: str = BODY, after: str = "") -> str:
    return f'<div class="article">{header}{line}<div class="content">{body}</div>{after}</div>'


DAY = "2021-05-31"
MINUTE = "2021-05-31 18:20"
SECOND = "2021-05-31 18:20:45"

LAYOUTS: dict[str, tuple[str, dict[str, Any]]] = {
    "one line, all labelled": (
        about(line="<div class='info'>2021-05-31 18:20:45 来源：半岛渔业报 作者：周小舟</div>"),
        {"published_at": SECOND, "source": "半岛渔业报", "authors": ["周小舟"]},
    ),
    "no label, a medium beside the date": (
        about(line="<div class='art-meta'>2021-05-31 18:20　海阳新闻网</div>"),
        {"published_at": MINUTE, "source": "海阳新闻网"},
    ),
    "spans named for what they hold": (
        about(
            line="<div class='meta'><span class='pub-time'>2021-05-31 18:20</span><span class='laiyuan'>半岛渔业报</span></div>"
        ),
        {"published_at": MINUTE, "source": "半岛渔业报"},
    ),
    "source behind a link": (
        about(line="<p class='msg'>2021年05月31日18:20 来源：<a href='http://paper.example.cn/'>半岛渔业报</a></p>"),
        {"published_at": MINUTE, "source": "半岛渔业报", "source_url": "http://paper.example.cn/"},
    ),
    "second link beside the source": (
        about(
            line="<p>2021-05-31 18:20:45 来源：<a href='http://paper.example.cn/'>半岛渔业报</a> <a href='/'>海阳新闻网</a></p>"
        ),
        {"published_at": SECOND, "source": "半岛渔业报", "source_url": "http://paper.example.cn/"},
    ),
    "list items, the author empty": (
        about(line="<ul><li>来源：半岛渔业报</li><li>作者：</li><li>2021-05-31 18:20</li></ul>"),
        {"published_at": MINUTE, "source": "半岛渔业报"},
    ),
    "labels printed, nothing filled in": (
        about(line="<div class='info'>时间：2021-05-31 来源： 作者： 编辑：</div>"),
        {"published_at": DAY},
    ),
    "roles and their people without colons": (
        about(line="<div>海阳日报客户端 全媒体记者 周小舟 林一帆 通讯员 丁一 2021-05-31 18:20</div>"),
        {
            "published_at": MINUTE,
            "source": "海阳日报客户端",
            "authors": ["周小舟", "林一帆"],
            "reporters": ["周小舟", "林一帆"],
            "correspondents": ["丁一"],
        },
    ),
    "outlet and reporter in the author's element": (
        about(
            line="<div><span class='timer'>2021-05-31 18:20</span><span class='author'>渔业报<em></em>记者：周小舟<i>编辑：丁一</i></span></div>"
        ),
        {"published_at": MINUTE, "source": "渔业报", "authors": ["周小舟"], "reporters": ["周小舟"], "editors": ["丁一"]},
    ),
    "a box about the author": (
        about(
            line="<div class='author-info'><p class='name'><a href='/u/1'>周小舟</a></p><p>渔业史学者</p></div><div>2021-05-31 18:20</div>"
        ),
        {"published_at": MINUTE, "authors": ["周小舟"]},
    ),
    "the telephone's twin has no year": (
        f"<div class='pc'><h1>{TITLE}</h1><div>2019-05-31 18:20:45 来源：半岛渔业报</div></div>"
        f"<div class='mob'><h1>{TITLE}</h1><p>半岛渔业报 05-31 18:20</p></div><div class='content'>{BODY}</div>",
        {"published_at": "2019-05-31 18:20:45", "source": "半岛渔业报"},
    ),
    "Chinese numerals": (
        about(line="<div>发布时间：二〇二一年五月三十一日 来源：半岛渔业报</div>"),
        {"published_at": DAY, "source": "半岛渔业报"},
    ),
    "buttons with a count behind the source": (
        about(line="<div>2021-05-31 18:20 <a>半岛渔业报</a> <a href='#c'>我有话说(<span>3</span>人参与)</a></div>"),
        {"published_at": MINUTE, "source": "半岛渔业报"},
    ),
    "editor labels spaced out below the text": (
        about(line="<div>2021-05-31 18:20</div>", after="<div>编 辑：丁 一　审 核：周小舟</div>"),
        {"published_at": MINUTE, "editors": ["丁一", "周小舟"]},
    ),
    "three readings below the text": (
        about(line="<div>2021-05-31 18:20</div>", after="<div>一审/丁一 二审/周小舟 三审/林一帆</div>"),
        {"published_at": MINUTE, "editors": ["丁一", "周小舟", "林一帆"]},
    ),
    "editor before the hot line": (
        about(line="<div>2021-05-31 18:20</div>", after="<div>责任编辑：丁一　新闻热线：0535-123</div>"),
        {"published_at": MINUTE, "editors": ["丁一"]},
    ),
    "editor before a linked address": (
        about(line="<div>2021-05-31 18:20</div>", after="<div>编辑： 丁一<a href='#'>纠错：0535-1234567</a></div>"),
        {"published_at": MINUTE, "editors": ["丁一"]},
    ),
    "label and value in cells": (
        "<table class='xxgk'><tr><td>索引号</td><td>37/2021-0012</td><td>发布机构</td><td>海阳市海洋局</td></tr>"
        "<tr><td>成文日期</td><td>2021-05-20</td><td>发布日期</td><td>2021-05-31</td></tr></table>" + about(),
        {"published_at": DAY, "source": "海阳市海洋局"},
    ),
    "label and value in sibling elements": (
        about(line="<div><span>发布时间</span><span>2021-05-31 18:20</span></div><div><em>来源：</em><i>半岛渔业报</i></div>"),
        {"published_at": MINUTE, "source": "半岛渔业报"},
    ),
    "above the title, the date in parts": (
        "<div class='header'><div class='header-cont'><div class='header-time'><span class='year'><em>2021</em></span>"
        "<span class='day'><em>05</em>/<em>31</em></span><span class='time'>18:20:45</span></div><div class='source'>来源：半岛渔业报</div></div></div>"
        + about(),
        {"published_at": SECOND, "source": "半岛渔业报"},
    ),
    "desktop and mobile twins": (
        "<div class='pc'><div>2021</div><div>05/31</div><div>18:20:45</div></div><div class='mheader'>"
        f"<h1><span class='title'>{TITLE}</span></h1><div class='info'>2021-05-31 18:20:45<span>来源：半岛渔业报</span></div></div>"
        f"<div id='detail'>{BODY}<div id='articleEdit'><span class='editor'>【责任编辑:丁一】</span></div></div>",
        {"published_at": SECOND, "source": "半岛渔业报", "editors": ["丁一"]},
    ),
    "after the text, old table layout": (
        f"<table><tr><td class='title' align='center'><font size='4'><b>{TITLE}</b></font></td></tr><tr><td>来源于：<!-- s -->半岛渔业报<!-- e --></td></tr>"
        f"<tr><td>{BODY}</td></tr><tr><td><font color='#C30000'>发布日期：2021-05-31 责任编辑：丁一</font></td></tr></table>",
        {"published_at": DAY, "source": "半岛渔业报", "editors": ["丁一"]},
    ),
    "after the text, with a time": (
        about(after="<div class='bottom'>发表时间：2021-05-31 18:20 | 来源：半岛渔业报 | 编辑：丁一</div>"),
        {"published_at": MINUTE, "source": "半岛渔业报", "editors": ["丁一"]},
    ),
    "hidden Baidu block": (
        "<div style='display:none'><span id='pubtime_baidu'>2021-05-31 18:20:45</span><span id='source_baidu'>来源：半岛渔业报</span>"
        "<span id='author_baidu'>作者：周小舟</span><span id='editor_baidu'>责任编辑：丁一</span></div>" + about(),
        {"published_at": SECOND, "source": "半岛渔业报", "authors": ["周小舟"], "editors": ["丁一"]},
    ),
    "the visible line gives the day, a hidden field the second": (
        "<form><input type='hidden' name='publishtime' value='2021-05-31 18:20:45'></form>"
        + about(line="<div class='info'>发布日期：2021-05-31 来源：半岛渔业报</div>"),
        {"published_at": SECOND, "source": "半岛渔业报"},
    ),
    "time element": (
        about(
            line="<div class='by'><a rel='author' class='author' href='/u/1'>周小舟</a><time datetime='2021-05-31T18:20:45+08:00'>昨天</time></div>"
        ),
        {"published_at": SECOND, "authors": ["周小舟"]},
    ),
    "an account signs, as on platforms": (
        about(
            line="<div class='article-sub'><span class='original'>原创</span> <span>渔港观察</span> <span>2021-05-31 18:20:45</span></div>"
        ),
        {"published_at": SECOND, "source": "渔港观察"},
    ),
    "dot between date and account": (
        about(line="<p class='time'><span>2021-05-31</span><span class='point'> · </span><span>渔港见闻录</span></p>"),
        {"published_at": DAY, "source": "渔港见闻录"},
    ),
    "share bar between": (
        about(
            line="<div class='info'><span>2021-05-31 18:20</span><span>来源：半岛渔业报</span><div class='share'>分享到：<a href='#'>微信</a><a href='#'>微博</a></div>"
            "<div>字号：<a href='#'>大</a><a href='#'>中</a><a href='#'>小</a></div><span>点击：</span><span>1203</span></div>"
        ),
        {"published_at": MINUTE, "source": "半岛渔业报"},
    ),
    "source first": (
        about(line="<div class='post_source'>来源：半岛渔业报 2021-05-31 18:20 编辑：丁一</div>"),
        {"published_at": MINUTE, "source": "半岛渔业报", "editors": ["丁一"]},
    ),
    "byline in a heading": (
        about(header=f"<h1>{TITLE}</h1><h2>2021-05-31 18:20 来源：半岛渔业报 编辑：丁一 分享到：</h2>"),
        {"published_at": MINUTE, "source": "半岛渔业报", "editors": ["丁一"]},
    ),
    "byline in the title's own element": (
        about(header=f"<div class='title'>{TITLE}<br><span>2021-05-31 18:20</span> <span>来源：半岛渔业报</span></div>"),
        {"published_at": MINUTE, "source": "半岛渔业报"},
    ),
    "title and byline inside the text's element": (
        f"<div class='content'><h1>{TITLE}</h1><p class='info'>2021-05-31 18:20 来源：半岛渔业报</p>{BODY}<p>（责任编辑：丁一）</p></div>",
        {"published_at": MINUTE, "source": "半岛渔业报", "editors": ["丁一"]},
    ),
    "editor line inside the text": (
        about(line="<div>2021-05-31 18:20 来源：半岛渔业报</div>", body=BODY + "<p>【编辑：丁一】</p>"),
        {"published_at": MINUTE, "source": "半岛渔业报", "editors": ["丁一"]},
    ),
    "several editors in several elements": (
        about(
            line="<div>2021-05-31 18:20 来源：半岛渔业报</div>",
            after="<div class='bj'><span>初审编辑：丁一</span><span>责任编辑：王小二</span></div>",
        ),
        {"published_at": MINUTE, "source": "半岛渔业报", "editors": ["丁一", "王小二"]},
    ),
    "author and editor after the text": (
        about(
            line="<div><span class='time'>2021-05-31 18:20:45</span><i>来源：</i><span>半岛渔业报</span></div>",
            after="<div>[作者： 周小舟 责任编辑： 丁一 ]</div>",
        ),
        {"published_at": SECOND, "source": "半岛渔业报", "authors": ["周小舟"], "editors": ["丁一"]},
    ),
    "updated and published": (
        about(line="<div>更新时间：2021-06-01 09:00　发布时间：2021-05-31 18:20　来源：半岛渔业报</div>"),
        {"published_at": MINUTE, "source": "半岛渔业报"},
    ),
    "in the sidebar": (
        f"<div class='wrap'><div class='art'><h1>{TITLE}</h1><div class='from'>来源：半岛渔业报</div><div class='content'>{BODY}</div></div>"
        "<div class='aside'><div><a href='/t/1'>休渔</a></div><span class='span_time'>时间：2021-05-31 18:20</span></div></div>",
        {"published_at": MINUTE, "source": "半岛渔业报"},
    ),
    "no byline at all": (about(), {}),
    "dates in the text only": (
        about(
            body=BODY
            + "<p>通知自2021年5月1日起施行，2020年4月30日印发的旧办法同时废止，有关单位应当在2021年5月20日10:00前报送名单。</p>"
        ),
        {},
    ),
}


@pytest.mark.parametrize("name", LAYOUTS)
def test_byline(name: str) -> None:
    html, expected = LAYOUTS[name]
    assert fields(page_of(html)) == {"title": TITLE, **expected}


def test_address_decides_between_two_dates() -> None:
    line = "<div class='info'><span>2021-05-12 08:00</span></div><div class='info'><span>2021-05-31 18:20</span> 来源：半岛渔业报</div>"
    page = page_of(about(line=line), url="http://www.example.cn/news/202105/t20210531_123.htm")
    assert fields(page)["published_at"] == MINUTE
    page = page_of(about(line=line.replace(" 来源：半岛渔业报", "")), url="http://www.example.cn/news/202105/t20210512_123.htm")
    assert fields(page)["published_at"] == "2021-05-12 08:00"


def test_relative_time_gives_way_to_the_script() -> None:
    line = "<em id='when'>昨天</em><script>var publish_time = '2021-05-31 18:20:45';</script>"
    assert fields(page_of(about(line=line)))["published_at"] == SECOND
    assert fields(page_of(about(line="<em id='when'>昨天 18:20</em>")))["published_at"] == MINUTE


def test_a_caption_names_no_author() -> None:
    body = "<p>渔船回港。本报记者 丁一 摄</p>" + BODY
    found = fields(page_of(about(line="<div>2021-05-31 18:20 来源：半岛渔业报</div>", body=body)))
    assert "authors" not in found


def test_future_date_is_none() -> None:
    assert "published_at" not in fields(page_of(about(line="<div class='info'>2029-05-31 18:20 来源：半岛渔业报</div>")))


def test_byline_finds_the_title_itself() -> None:
    page = page_of(about(line="<div class='info'>2021-05-31 18:20 来源：半岛渔业报</div>"))
    found = {candidate.field: candidate.value for candidate in generic.byline(page, density.find(page), None)}
    assert found["source"] == "半岛渔业报"


# -- the markup of families of sites, as their readers know it

SOURCE = "半岛渔业报"
FAMILIES: dict[str, tuple[str, dict[str, Any]]] = {
    "sina 2018": (
        f"<div class='top-bar-wrap'><div class='second-title'>{TITLE}</div></div><h1 class='main-title'>{TITLE}</h1><div class='top-bar'>"
        f"<div class='date-source'><span class='date'>2021年05月31日 18:20</span><a href='http://x.cn/' class='source'>{SOURCE}</a></div>"
        "<div class='page-tools'><span>缩小字体</span><span>收藏</span><span>腾讯QQ</span></div></div>"
        f"<div class='article'>{BODY}<p class='show_author'>责任编辑：丁一 </p></div>",
        {"published_at": MINUTE, "source": SOURCE, "source_url": "http://x.cn/", "editors": ["丁一"]},
    ),
    "sohu": (
        f"<div class='left'><h4><a href='/u'>渔港观察</a></h4><span><em>1234</em>文章</span></div><div class='text'><div class='text-title'><h1>{TITLE}"
        "<span class='article-tag'><span class='tag-original'>原创</span></span></h1><div class='article-info'><span class='time' id='news-time'>"
        "2021-05-31 18:20</span><span class='tag'>来源:<a href='http://x.cn/'>渔港观察</a></span></div></div>"
        f"<article class='article'>{BODY}<p data-role='editor-name'>责任编辑：<span></span></p></article></div>",
        {"published_at": MINUTE, "source": "渔港观察", "source_url": "http://x.cn/"},
    ),
    "ifeng 2016": (
        f"<h1 id='artical_topic' itemprop='headline'>{TITLE}</h1><div id='artical_sth'><p><span itemprop='datePublished' class='ss01'>2021年05月31日 18:20</span><br>"
        f"<span class='ss02'>来源：</span><span class='ss03'><a href='http://x.cn/'>{SOURCE}</a></span> <span class='ss02'>作者：</span><span class='ss04'>周小舟</span></p></div>"
        f"<div id='main_content'>{BODY}</div>",
        {"published_at": MINUTE, "source": SOURCE, "source_url": "http://x.cn/", "authors": ["周小舟"]},
    ),
    "qq 2017": (
        f"<div class='hd'><h1>{TITLE}</h1><div class='a_Info'><span class='a_catalog'><a href='/s'>社会新闻</a></span><span class='a_source'>{SOURCE}</span>"
        f"<span class='a_author'>周小舟</span><span class='a_time'>2021-05-31 18:20</span></div></div><div id='Cnt-Main-Article-QQ'>{BODY}</div>",
        {"published_at": MINUTE, "source": SOURCE, "authors": ["周小舟"]},
    ),
    "chinanews": (
        f"<div class='content'><h1>{TITLE}</h1><div class='left-time'><div class='left-t'>　2021年05月31日 18:20　来源：<a href='http://x.cn/'>{SOURCE}</a>"
        f"<a class='t' href='#'><span>参与互动</span></a>(<span id='refbbs'>0</span>)</div></div><div class='left_zw'>{BODY}</div>"
        "<div class='adEditor'><div class='left_name'><span>【编辑:丁一】</span></div></div></div>",
        {"published_at": MINUTE, "source": SOURCE, "source_url": "http://x.cn/", "editors": ["丁一"]},
    ),
    "cctv 2016": (
        f"<div class='cnt_bd'><h1>{TITLE}<i></i></h1><h2></h2><span class='info'><i><a href='http://x.cn/'>{SOURCE}</a> 2021年05月31日 18:20<em>A-<b>A+</b></em></i></span>{BODY}</div>",
        {"published_at": MINUTE, "source": SOURCE, "source_url": "http://x.cn/"},
    ),
    "cctv 2020": (
        f"<div class='title_area'><h1>{TITLE}</h1><div class='info1'>来源：{SOURCE}  |  2021年05月31日 18:20:45</div></div>"
        f"<div class='text_area'>{BODY}<div class='zebian'><span>编辑：丁一</span><span>责任编辑：王小二</span></div></div>",
        {"published_at": SECOND, "source": SOURCE, "editors": ["丁一", "王小二"]},
    ),
    "dzwww 2016": (
        f"<h2>{TITLE}</h2><div class='layout'><div class='left'>2021-05-31 18:20:45　来源: {SOURCE}　作者: 周小舟</div><div class='right'>我要评论</div></div>"
        f"<div class='news-con'>{BODY}</div><div class='infor'><div class='left'><span>初审编辑:丁一</span><span>责任编辑:王小二</span></div></div>",
        {"published_at": SECOND, "source": SOURCE, "authors": ["周小舟"], "editors": ["丁一", "王小二"]},
    ),
    "hanweb jcms": (
        f"<table><tr><td class='title'>{TITLE}</td></tr><tr><td align='center'>发布日期：<!--<$[信息时间]>begin-->2021-05-31<!--<$[信息时间]>end--> 浏览次数："
        f"<script>hits()</script>次 字号：【<a>大</a> <a>中</a> <a>小</a>】信息来源：市海洋局</td></tr><tr><td><div id='zoom'>{BODY}</div></td></tr></table>",
        {"published_at": DAY, "source": "市海洋局"},
    ),
    "gov.cn": (
        f"<h1>{TITLE}</h1><div class='pages-date'>2021-05-31 18:20<span class='font'>来源： <span class='font'>{SOURCE}</span></span><div class='pages_print'><span>【字体：<span>大</span> "
        f"<span>中</span> <span>小</span>】</span><a href='#'>打印</a></div></div><div class='pages_content'>{BODY}</div><div class='editor'>责任编辑：丁一</div>",
        {"published_at": MINUTE, "source": SOURCE, "editors": ["丁一"]},
    ),
    "wordpress": (
        f"<article><header><h1 class='entry-title'>{TITLE}</h1><div class='entry-meta'><span class='posted-on'>发布于 <a href='/2021/05/31/x' rel='bookmark'>"
        "<time class='entry-date published' datetime='2021-05-31T18:20:45+08:00'>2021年5月31日</time></a></span><span class='byline'> 由 <span class='author vcard'>"
        f"<a class='url fn n' href='/a'>周小舟</a></span></span></div></header><div class='entry-content'>{BODY}</div></article>",
        {"published_at": SECOND, "authors": ["周小舟"]},
    ),
    "dedecms": (
        f"<div class='title'><h2>{TITLE}</h2></div><div class='info'><small>时间:</small>2021-05-31 18:20<small>来源:</small>{SOURCE} <small>作者:</small>周小舟 <small>点击:</small>12次</div>"
        f"<div class='content'>{BODY}</div>",
        {"published_at": MINUTE, "source": SOURCE, "authors": ["周小舟"]},
    ),
    "discuz": (
        f"<div class='h hm'><h1 class='ph'>{TITLE}</h1><p class='xg1'>2021-5-31 18:20<span class='pipe'>|</span>发布者: <a href='/u'>admin</a><span class='pipe'>|</span>查看: <em>123</em>"
        f"<span class='pipe'>|</span>评论: 0<span class='pipe'>|</span>来自: {SOURCE}</p></div><div class='d'>{BODY}</div>",
        {"published_at": MINUTE, "source": SOURCE},
    ),
    "phpcms": (
        f"<div id='Article'><h1>{TITLE}<br><span>2021-05-31 18:20:45&nbsp;&nbsp;&nbsp;来源：{SOURCE}&nbsp;&nbsp;评论：<a href='#'>0</a> 点击：<span>12</span></span></h1><div class='content'>{BODY}</div></div>",
        {"published_at": SECOND, "source": SOURCE},
    ),
    "thepaper 2022": (
        f"<h1 class='index_title__B8mhI'>{TITLE}</h1><div class='index_left__LfzyH'><div>澎湃新闻记者 周小舟</div><div><div><span>2021-05-31 18:20</span></div><div><span>来源：<span>澎湃新闻</span></span></div></div></div>"
        f"<div class='index_cententWrap'>{BODY}</div><div>责任编辑：<!-- -->丁一</div>",
        {"published_at": MINUTE, "source": "澎湃新闻", "authors": ["周小舟"], "reporters": ["周小舟"], "editors": ["丁一"]},
    ),
    "jiemian": (
        f"<h1>{TITLE}</h1><div class='article-info'><p><span class='author'><a href='/u/1'>周小舟</a></span><span class='date'>2021/05/31 18:20</span><span>浏览 12.3w</span><span>来源：界面新闻</span></p></div>"
        f"<div class='article-content'>{BODY}</div>",
        {"published_at": MINUTE, "source": "界面新闻", "authors": ["周小舟"]},
    ),
    "zjol": (
        f"<h1>{TITLE}</h1><div class='info'><span id='pubtime_baidu'>2021-05-31 18:20</span> |<span id='source_baidu'>来源：<a href='http://x.cn/'>{SOURCE}</a></span>|"
        f"<span id='author_baidu'>本报记者 周小舟 通讯员 丁一</span></div><div class='artCon'>{BODY}</div>",
        {
            "published_at": MINUTE,
            "source": SOURCE,
            "source_url": "http://x.cn/",
            "authors": ["周小舟"],
            "reporters": ["周小舟"],
            "correspondents": ["丁一"],
        },
    ),
    "label lists": (
        f"<h1>{TITLE}</h1><dl><dt>发布时间</dt><dd>2021-05-31 18:20</dd><dt>来源</dt><dd>{SOURCE}</dd><dt>作者</dt><dd>周小舟</dd></dl><div class='c'>{BODY}</div>",
        {"published_at": MINUTE, "source": SOURCE, "authors": ["周小舟"]},
    ),
    "lines by br": (
        f"<h1>{TITLE}</h1><p>发布时间：2021-05-31 18:20<br>来源：{SOURCE}<br>作者：周小舟 丁海生</p><div class='c'>{BODY}</div>",
        {"published_at": MINUTE, "source": SOURCE, "authors": ["周小舟", "丁海生"]},
    ),
    "brackets": (
        f"<h1>{TITLE}</h1><div>[ 2021-05-31 18:20 ] [来源：{SOURCE}] [作者：周小舟]</div><div class='c'>{BODY}</div>",
        {"published_at": MINUTE, "source": SOURCE, "authors": ["周小舟"]},
    ),
    "author and editors end the text": (
        f"<h1>{TITLE}</h1><div>2021-05-31 18:20 来源：{SOURCE}</div><div class='c'>{BODY}<p>作者：周小舟</p><p>编辑：丁一 审核：王小二</p></div>",
        {"published_at": MINUTE, "source": SOURCE, "authors": ["周小舟"], "editors": ["丁一", "王小二"]},
    ),
    "author begins the text": (
        f"<h1>{TITLE}</h1><div>2021-05-31 18:20 来源：{SOURCE}</div><div class='c'><p>文/周小舟</p>{BODY}</div>",
        {"published_at": MINUTE, "source": SOURCE, "authors": ["周小舟"]},
    ),
}


@pytest.mark.parametrize("name", FAMILIES)
def test_family(name: str) -> None:
    html, expected = FAMILIES[name]
    assert fields(page_of(html)) == {"title": TITLE, **expected}


def test_newspaper_page() -> None:
    """Founder's e-paper: the date line with its weekday is all there is."""
    html = f"<div class='paperdate'>2021年05月31日 星期一</div><div>第A05版：社会</div><table><tr><td class='bt1'>第一天</td></tr><tr><td class='bt2'>{TITLE}</td></tr></table><div id='ozoom'>{BODY}</div>"
    page = page_of(html, title="海阳日报", url="http://paper.example.cn/hyrb/html/2021-05/31/content_1234.htm")
    assert fields(page) == {"title": TITLE, "published_at": DAY}


def test_date_without_year_takes_the_address_year() -> None:
    page = page_of(
        about(line="<div><span class='t'>07-28 18:20</span> 来源：半岛渔业报</div>"),
        url="http://www.example.cn/2017-07/28/content_1.htm",
    )
    assert fields(page)["published_at"] == "2017-07-28 18:20"


def test_end_of_a_long_text() -> None:
    body = BODY + "<p><span>一句</span></p>" * 1000
    found = fields(
        page_of(
            about(line="<div>2021-05-31 18:20</div>", body=body, after="<div>来源：半岛渔业报</div><div>责任编辑：丁一</div>")
        )
    )
    assert found == {"title": TITLE, "published_at": MINUTE, "source": "半岛渔业报", "editors": ["丁一"]}


NOT_SAID: dict[str, tuple[str, str]] = {
    "counters": (f"<h1>{TITLE}</h1><div class='info'>2021-05-31 18:20 浏览：1203 评论：5</div>", ""),
    "buttons": (
        f"<h1>{TITLE}</h1><div class='info'>2021-05-31 18:20 <a href='#'>我要评论</a> <a href='#'>打印</a> <a href='#'>关闭</a></div>",
        "",
    ),
    "weather": (
        f"<h1>{TITLE}</h1><div class='info'><span>2021-05-31 18:20</span> <span>海阳</span> <span>多云 18℃</span></div>",
        "",
    ),
    "channel": (f"<h1>{TITLE}</h1><div class='info'><span>2021-05-31 18:20</span> <span>社会新闻</span></div>", ""),
    "empty editor": (f"<h1>{TITLE}</h1><div class='info'>2021-05-31 18:20</div>", "<div>责任编辑：</div><div>分享到：</div>"),
    "disclaimer": (
        f"<h1>{TITLE}</h1><div class='info'>2021-05-31 18:20</div>",
        "<p>版权声明：凡本网注明来源：海阳新闻网的稿件，转载请注明出处。</p><p>编辑：请联系0535-123</p>",
    ),
}


@pytest.mark.parametrize("name", NOT_SAID)
def test_what_is_not_said_stays_empty(name: str) -> None:
    before, after = NOT_SAID[name]
    assert fields(page_of(f"{before}<div class='c'>{BODY}</div>{after}")) == {"title": TITLE, "published_at": MINUTE}


UNDATED: dict[str, tuple[str, str]] = {
    "neighbours": (
        "",
        "<div>上一篇：<a href='/9'>开海节</a> 2021-05-30</div><div>下一篇：<a href='/8'>渔家乐</a> 2021-05-29</div>",
    ),
    "list between": (
        "<ul><li><a href='/9'>开海节定在九月份渔家乐</a> 2021-05-30 10:00</li><li><a href='/8'>新船下水啦柴油换电</a> 2021-05-29</li></ul>",
        "",
    ),
    "durations": ("<div class='v'>时长：03:25</div><div>阅读时间：5分钟</div>", ""),
    "sidebar": ("", "<div class='right'><span class='date'>2021-05-29</span><a href='/z'>今日渔港要闻排行</a></div>"),
    "imprint": ("", "<p>主办：海阳市委宣传部 承办：海阳新闻网 更新日期：2021-06-01</p>"),
    "subtitle": ("<h3>5月20日至31日分批进港</h3>", ""),
    "deadline": ("<p>报名截止日期：2021-05-25</p>", ""),
}


@pytest.mark.parametrize("name", UNDATED)
def test_dates_of_other_things(name: str) -> None:
    before, after = UNDATED[name]
    found = fields(page_of(f"<h1>{TITLE}</h1>{before}<div class='c'>{BODY}</div>{after}"))
    assert "published_at" not in found
    assert "source" not in found


# -- titles

TITLES: dict[str, tuple[str, str, str]] = {
    "h1": (f"{TITLE}_社会_海阳新闻网", f"<h1>{TITLE}</h1>", TITLE),
    "h1 is the logo": (f"{TITLE}-海阳新闻网", f"<h1><a href='/'>海阳新闻网</a></h1><h2>{TITLE}</h2>", TITLE),
    "h1 is the channel": (f"{TITLE}_海阳新闻网", f"<h1>社会新闻</h1><div class='bt'>{TITLE}</div>", TITLE),
    "td": (f"{TITLE} 社会_海阳新闻网", f"<table><tr><td class='title'>{TITLE}</td></tr></table>", TITLE),
    "id": (f"海阳新闻网--{TITLE}", f"<div id='title'>{TITLE}</div>", TITLE),
    "no name": (f"{TITLE}_海阳新闻网", f"<div><center><font size=5>{TITLE}</font></center></div>", TITLE),
    "br": (f"{TITLE}_海阳新闻网", f"<h1>{TITLE.replace(' ', '<br>')}</h1>", TITLE),
    "cut": (f"{TITLE[:14]}…_海阳新闻网", f"<h1>{TITLE}</h1>", TITLE),
    "cut with dots, plain": (f"{TITLE[:14]}...", f"<div>{TITLE}</div>", TITLE),
    "title tag is the site's": ("海阳新闻网", f"<h1>{TITLE}</h1>", TITLE),
    "title tag is the channel's, no h1": ("海阳新闻网-社会频道", f"<div class='rumor-title'>{TITLE}</div>", TITLE),
    "other quotes and dashes": (
        "“蓝鲸号”归来--一条船的三十年_海阳新闻网",
        '<h1>"蓝鲸号"归来——一条船的三十年</h1>',
        '"蓝鲸号"归来——一条船的三十年',
    ),
    "hyphen within": ("中国-东盟渔业周在海阳开幕-海阳新闻网", "<h1>中国-东盟渔业周在海阳开幕</h1>", "中国-东盟渔业周在海阳开幕"),
    "the whole of the head again": (f"{TITLE}-海阳新闻网", f"<div><i>{TITLE}-海阳新闻网</i></div>", TITLE),
    "only the head": (f"{TITLE}_社会新闻_海阳新闻网", "", TITLE),
    "only the head, hyphen": (f"{TITLE}-海阳新闻网", "", TITLE),
    "button in it": (
        f"{TITLE}_海阳新闻网",
        f"<h1><span>{TITLE}</span><span class='btn'>播报文章，点击收听语音版</span></h1>",
        TITLE,
    ),
    "sticky twin first": (
        f"{TITLE}_海阳新闻网",
        f"<div class='fixed'><h1>{TITLE}</h1></div><div class='main'><h1>{TITLE}</h1></div>",
        TITLE,
    ),
    "hidden twin": (f"{TITLE}_海阳新闻网", f"<div style='display:none'><h2>{TITLE}</h2></div><p class='tit'>{TITLE}</p>", TITLE),
    "kicker in the title tag": ("春季行动收官 " + TITLE + "_海阳新闻网", f"<h3>春季行动收官</h3><h1>{TITLE}</h1>", TITLE),
}


@pytest.mark.parametrize("name", TITLES)
def test_title(name: str) -> None:
    head, heading, expected = TITLES[name]
    page = page_of(about(header=heading, line="<div class='info'>2021-05-31 18:20 来源：半岛渔业报</div>"), title=head)
    found = generic.title(page, density.find(page))
    assert found is not None
    assert found.value == expected
    assert (found.element is None) == (not heading)


def test_title_element_is_the_one_before_the_text() -> None:
    page = page_of(
        f"<div class='bar'><h1>{TITLE}</h1><p>分享到：</p></div><div class='m'><h1>{TITLE}</h1><div>{BODY}</div></div><div class='share'><h2>{TITLE}</h2></div>"
    )
    found = generic.title(page, density.find(page))
    assert found is not None
    assert found.element is not None
    parent = found.element.getparent()
    assert parent is not None
    assert parent.get("class") == "m"


def test_og_title_cut_at_a_quote() -> None:
    page = page_of(
        about(header='<h1>渔港"蓝鲸号"归来记</h1>'),
        title='渔港"蓝鲸号"归来记_海阳新闻网',
        head='<meta property="og:title" content="渔港">',
    )
    found = generic.title(page, density.find(page))
    assert found is not None
    assert found.value == '渔港"蓝鲸号"归来记'


def test_no_title() -> None:
    page = Page(f"<html><body><div>{BODY}</div></body></html>".encode(), now=NOW)
    assert generic.title(page, density.find(page)) is None
    assert generic.titles(page, None) == []


@pytest.mark.parametrize(
    ("header", "kicker", "subtitle"),
    [
        (
            f"<h3 class='pre'>休渔第一天</h3><h1>{TITLE}</h1><h4 class='sub'>渔政船每天巡查两次</h4>",
            "休渔第一天",
            "渔政船每天巡查两次",
        ),
        (f"<h2>{TITLE}</h2><h3>渔政船每天巡查两次</h3>", None, "渔政船每天巡查两次"),
        (f"<h1>{TITLE}</h1><p>——写在休渔第一天</p>", None, "写在休渔第一天"),
        (f"<h1>{TITLE}</h1><h2>2021-05-31 18:20 来源：半岛渔业报</h2>", None, None),
        (f"<div class='crumb'>首页 &gt; 社会</div><h1>{TITLE}</h1><p>渔船一条接一条驶进港湾</p>", None, None),
        (f"<h1><a href='/'>海阳新闻网</a></h1><h2>{TITLE}</h2>", None, None),
    ],
)
def test_kicker_and_subtitle(header: str, kicker: str | None, subtitle: str | None) -> None:
    page = page_of(about(header=header, line="<div class='info'>2021-05-31 18:20 来源：半岛渔业报</div>"))
    found = {candidate.field: candidate.value for candidate in generic.titles(page, density.find(page))}
    assert found["title"] == TITLE
    assert found.get("kicker") == kicker
    assert found.get("subtitle") == subtitle


# -- hostile input


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.lists(
        st.sampled_from(
            [
                "<div>",
                "</div>",
                "<a href='x'>",
                "</a>",
                "<br>",
                "<h1>",
                "</h1>",
                "<td>",
                "<!-- c -->",
                "来源：",
                "2021-05-31 18:20",
                TITLE,
                "编辑：丁一",
                "，" * 60,
                "<p>",
                "<li>",
            ]
        )
        | st.text(max_size=12),
        max_size=60,
    )
)
def test_any_markup(parts: list[str]) -> None:
    page = Page(("<title>" + TITLE + "</title>" + "".join(parts)).encode("utf-8", "replace"), now=NOW)
    body = density.find(page)
    for title in (None, *page.tags.get("h1", ())[:2]):
        for candidate in generic.byline(page, body, title):
            assert candidate.value
    for candidate in generic.titles(page, body):
        assert candidate.value


@pytest.mark.parametrize(
    "html",
    [
        "<div>" * 1900 + TITLE + BODY,
        "<span>" * 1900 + TITLE + "来源：" * 500,
        f"<h1>{TITLE}</h1>" + "<div>来源：</div>" * 20000 + BODY,
        f"<h1>{TITLE}</h1>" + "<div>2021-05-31</div>" * 20000 + BODY,
        f"<h1>{TITLE}</h1><div>" + "2021-05-31 18:20 " * 20000 + f"</div>{BODY}",
        f"<h1>{TITLE}</h1><div>" + "作者 " * 100000 + f"</div>{BODY}",
        "<h1>" + "标题" * 200000 + f"</h1>{BODY}",
        "".join(f"<h2 class='title{i}' id='t{i}'>{TITLE}{i}</h2>" for i in range(5000)) + BODY,
    ],
    ids=["deep", "deep inline", "labels", "dates", "one line of dates", "one line of labels", "long heading", "headings"],
)
def test_linear(html: str) -> None:
    page = Page(f"<html><head><title>{TITLE}</title></head><body>{html}</body></html>".encode(), now=NOW)
    body = density.find(page)
    started = time.perf_counter()
    found = generic.titles(page, body)
    generic.byline(page, body, found[0].element if found else None)
    assert time.perf_counter() - started < 3


@pytest.mark.parametrize(
    ("head", "authors", "editors"),
    [
        # The last label of a line is empty; what stands below belongs to something else.
        (
            "<div><time>2021-05-31 18:20</time><span>来源：海阳日报</span><span>作者：丁小鸥</span><span>编辑：</span></div>"
            '<div style="display:none"><span>海阳日报</span><span>05-31 18:20</span></div>',
            ["丁小鸥"], [],
        ),
        (
            '<div class="b" style="display:none"><span>来源：海阳日报</span> <span id="author_baidu">作者：</span></div>'
            '<div><a href="/p/">图片</a> <a href="/t/">理论</a></div><div>2021-05-31 18:20</div>',
            [], [],
        ),
        ('<div>2021-05-31 18:20</div><p>编辑：</p><p style="display:none">丁海生</p>', [], []),
        # A label alone has its value in the next element, an inner block or the next cell.
        ("<div>2021-05-31 18:20</div><dl><dt>作者：</dt><dd>丁小鸥</dd></dl>", ["丁小鸥"], []),
        ("<div>来源：海阳日报 作者：<p>丁小鸥</p></div><div>2021-05-31 18:20</div>", ["丁小鸥"], []),
        ("<table><tr><td>2021-05-31 来源：海阳日报 作者：</td><td>丁小鸥</td></tr></table>", ["丁小鸥"], []),
        # An element named for the author that holds the editor.
        ('<div><span>2021-05-31 18:20</span><span class="author">编辑:甘棠</span></div>', [], ["甘棠"]),
    ],
)  # fmt: skip
def test_a_label_and_its_value(head: str, authors: list[str], editors: list[str]) -> None:
    found = fields(page_of(f"<h1>{TITLE}</h1>{head}<div class='text'>{BODY}</div>"))
    assert found.get("authors", []) == authors
    assert found.get("editors", []) == editors


def test_an_editor_of_head_and_foot_is_one_person() -> None:
    main = f"<h1>{TITLE}</h1><div>2021-05-31 18:20 编辑：甘棠</div><div class='text'>{BODY}</div><div>责任编辑：甘棠</div>"
    page = page_of(main)
    editors = next(found.value for found in generic.byline(page, density.find(page), None) if found.field == "editors")
    assert [(editor.role, editor.name) for editor in editors] == [("责任编辑", "甘棠")]


def test_a_year_of_two_digits_beside_a_time() -> None:
    main = f"<h1>{TITLE}</h1><div><span>21-05-31 18:20</span> 来源：海阳日报</div><div class='text'>{BODY}</div>"
    found = fields(page_of(main))
    assert (found["published_at"], found["source"]) == (MINUTE, "海阳日报")


@pytest.mark.parametrize(
    ("line", "source"),
    [
        ("<p>2021-05-31 18:20</p><p>来源：<a>海阳网</a></p><p><a>0</a>人参与</p>", "海阳网"),
        ("<span>2021-05-31 18:20　来源:海阳网</span><span><a>大字体</a><a>小字体</a></span>", "海阳网"),
        ("<span>2021-05-31</span><span>18:20</span><span>来源：</span><a>海阳<b>日报</b></a>", "海阳日报"),
    ],
)
def test_values_that_stand_in_elements_side_by_side_stay_apart_in_a_layouts_byline(line: str, source: str) -> None:
    page = page_of(f'<h1>{TITLE}</h1><div class="info">{line}</div><div id="text">{BODY}</div>')
    found = layers.extract(page, [Layout(name="haiyang", title="h1", byline="div.info", body="#text")])
    assert (found.value("source"), found.chosen["source"].rule) == (source, "site:haiyang")
    assert found.value("published_at").precision == "minute"
