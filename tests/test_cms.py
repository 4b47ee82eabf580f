"""Every CMS family on a page of its own markup, with made-up news; no family on pages that are none of it."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from newscrawl.days import SHANGHAI
from newscrawl.extract import cms
from newscrawl.extract.cms import ranges, scripts
from newscrawl.extract.cms.family import Family
from newscrawl.extract.layers import extract
from newscrawl.extract.page import Page
from newscrawl.extract.rules import Layout, many
from newscrawl.extract.select import select

NOW = datetime(2026, 3, 1, 12, tzinfo=SHANGHAI)

TITLE = "海州湾首条跨海观光索道试运行"
FIRST = "本报讯 三月初的海州湾风平浪静，首条跨海观光索道载着第一批游客缓缓驶离码头。"
SECOND = "运营方介绍，索道全长四公里，单程十二分钟，初期每天开行六十班。"
TEXT = f"<p>{FIRST}</p><p>{SECOND}</p>"


def page(body: str, head: str = "") -> Page:
    html = f"<!DOCTYPE html><html><head><meta charset='utf-8'>{head}</head><body>{body}</body></html>"
    return Page(html.encode(), "http://news.example.cn/2026/03/01/1.html", now=NOW)


@dataclass(frozen=True)
class Case:
    """A page of a family: what its layout's fields find there (text of the first element that has one), what its code gives."""

    family: str
    body: str
    head: str = ""
    fields: dict[str, str] = field(default_factory=dict)
    values: dict[str, Any] = field(default_factory=dict)


CASES = [
    Case(
        "people/rm",
        f"""<div id="rwb_navpath" class="layout route cf"><a>人民网</a>&gt;&gt;<a>山东频道</a></div>
        <div class="layout rm_txt cf"><div class="col col-1"><h3 class="pre">向海而行</h3><h1>{TITLE}</h1><h4 class="sub">初期每天六十班</h4>
        <div class="author cf">记者 于海宁</div><div class="channel cf"><div class="col-1-1">2026年02月27日09:18 | 来源：<a>海州日报</a></div></div>
        <div class="rm_txt_con cf">{TEXT}<div class="edit cf">(责编：宋文、白鹭)</div></div>
        <div class="rm_relevant rm_recommend cf"><h5>推荐阅读</h5><dl><dt><a href="/2.html">海州湾开海</a></dt></dl></div></div></div>""",
        fields={
            "title": TITLE,
            "kicker": "向海而行",
            "subtitle": "初期每天六十班",
            "author": "记者 于海宁",
            "byline": "2026年02月27日09:18 | 来源：海州日报",
            "editors": "(责编：宋文、白鹭)",
            "channel": "人民网>>山东频道",
            "recommended": "推荐阅读海州湾开海",
        },
    ),
    Case(
        "people/rwb",
        f"""<div class="clearfix w1000_320 text_title"><h3 class="pre"></h3><h1>{TITLE}</h1><h4 class="sub"></h4>
        <div class="box01"><div class="fl">2018年02月27日09:18 来源：<a>海州日报</a></div></div></div>
        <div class="text_con"><div class="box_con" id="rwb_zw">{TEXT}<div class="edit clearfix">(责编：宋文)</div></div>
        <div id="rwb_tjyd"><h2>推荐阅读</h2></div><div id="rwb_xgxw"><h2>相关新闻</h2></div></div>""",
        fields={"title": TITLE, "byline": "2018年02月27日09:18 来源：海州日报", "editors": "(责编：宋文)", "related": "相关新闻"},
    ),
    Case(
        "people/p",
        f"""<h1><div id="p_title">{TITLE}</div></h1><p class="p1"><span id="p_publishtime">2009年11月09日00:00</span>
        <span id="p_origin">来源：<a>海州日报</a></span></p><font class="show_c" id="zoom"><div id="p_content">{TEXT}</div></font>
        <table class="bianji"><tr><td><div id="p_editor">（责任编辑：宋文）</div></td></tr></table>""",
        fields={"title": TITLE, "published": "2009年11月09日00:00", "source": "来源：海州日报", "editors": "（责任编辑：宋文）"},
    ),
    Case(
        "people/text",
        f"""<div class="text width978 clearfix"><h1>{TITLE}</h1><h2>2013年05月09日08:00 来源：<a>海州日报</a></h2>
        <div id="p_content">{TEXT}</div><div class="edit clearfix"><i id="p_editor">(责任编辑：宋文)</i></div></div>""",
        fields={"title": TITLE, "byline": "2013年05月09日08:00 来源：海州日报", "editors": "(责任编辑：宋文)"},
    ),
    Case(
        "xinhua/2020",
        f"""<div class="header domPC"><div class="header-cont"><div class="header-time left"><span class="year"><em>2026</em></span>
        <span class="day"><em>02</em>/<em>27</em></span> <span class="time">20:52:15</span></div><div class="source">来源：海州日报</div>
        <div class="head-line"><h1><span class="title">{TITLE}</span></h1></div></div></div>
        <div class="mheader domMobile"><h1>{TITLE}</h1><div class="info">2026-02-27 20:52:15 <span>来源：海州日报</span></div></div>
        <div class="main"><div id="detail"><span id="detailContent">{TEXT}</span>
        <div id="articleEdit"><span class="editor">【责任编辑:宋文】</span></div></div></div>""",
        fields={
            "title": TITLE,
            "byline": "2026-02-27 20:52:15 来源：海州日报",
            "source": "来源：海州日报",
            "editors": "【责任编辑:宋文】",
        },
    ),
    Case(
        "xinhua/local",
        f"""<div id="articleTit"><h1 id="title"><span>{TITLE}</span></h1><div class="info"><div class="source"><span class="time">2026-02-27 08:58:52</span>
        <i>来源：</i><span class="sourceText">海州日报</span></div></div></div><div id="article"><div class="article" id="detail">
        <span id="detailContent">{TEXT}</span><div id="articleEdit"><span class="editor">[作者: 于海宁 责任编辑: 宋文 ]</span></div></div></div>""",
        fields={
            "title": TITLE,
            "published": "2026-02-27 08:58:52",
            "source": "海州日报",
            "editors": "[作者: 于海宁 责任编辑: 宋文 ]",
        },
    ),
    Case(
        "xinhua/2016",
        f"""<div class="header"><div class="h-news"><div class="h-title"> {TITLE} </div><div class="h-info"><span class="h-time">2018-02-27 08:58:52</span>
        <span>来源： <em id="source">海州日报</em></span></div></div></div>
        <div id="p-detail">{TEXT}<div class="p-tags"><span class="p-jc">【纠错】 责任编辑： 宋文</span></div></div>""",
        fields={"title": TITLE, "published": "2018-02-27 08:58:52", "source": "海州日报", "editors": "【纠错】 责任编辑： 宋文"},
    ),
    Case(
        "xinhua/2011",
        f"""<h1 id="title">{TITLE}</h1><span id="pubtime">2014年03月10日 08:22:41</span><span id="source">来源：海州日报</span>
        <div id="content">{TEXT}<span class="editor">[责任编辑:宋文]</span></div>""",
        fields={"title": TITLE, "published": "2014年03月10日 08:22:41", "source": "来源：海州日报", "editors": "[责任编辑:宋文]"},
    ),
    Case(
        "gmw/2018",
        f"""<div class="m-title-box"><h1 class="u-title">{TITLE}</h1><div class="m-con-info"><span class="m-con-source">来源：<a>海州日报</a></span>
        <span class="m-con-time">2026-02-27 08:49</span></div></div><div class="u-mainText">{TEXT}
        <div class="m-zbTool"><span class="liability">责编：宋文</span></div></div><div class="g-readscon"><div>推荐阅读</div></div>""",
        fields={
            "title": TITLE,
            "published": "2026-02-27 08:49",
            "source": "来源：海州日报",
            "editors": "责编：宋文",
            "recommended": "推荐阅读",
        },
    ),
    Case(
        "gmw/2013",
        f"""<div id="contentBreadcrumbs2"><a>首页</a>&gt; <a>地方</a>&gt; 正文</div><h1 id="articleTitle">{TITLE}</h1>
        <span id="pubTime">2015-02-27 08:49</span><span id="source">来源：海州日报</span><div id="contentMain">{TEXT}
        <div id="contentLiability">[责任编辑:宋文]</div></div>""",
        fields={
            "title": TITLE,
            "published": "2015-02-27 08:49",
            "source": "来源：海州日报",
            "editors": "[责任编辑:宋文]",
            "channel": "首页> 地方> 正文",
        },
    ),
    Case(
        "chinanews",
        f"""<div id="cont_1_1_2"><h1>{TITLE}</h1><div class="left-time"><div class="left-t">2018年02月27日 08:49　来源：海州日报　<a>参与互动</a></div></div>
        <div class="left_zw">{TEXT}</div><div class="left_name">【编辑:宋文】</div></div>""",
        fields={"title": TITLE, "byline": "2018年02月27日 08:49 来源：海州日报 参与互动", "editors": "【编辑:宋文】"},
    ),
    Case(
        "southcn",
        f"""<div class="m-article"><h2 id="article_title">{TITLE}</h2><h3 id="article_subtitle">初期每天六十班</h3><div class="meta">
        <span class="pub_time" id="pubtime_baidu">2026-02-27 08:10</span><span id="source_baidu">来源：海州日报</span><span id="author_baidu">于海宁</span></div>
        <div class="content" id="content">{TEXT}</div><div class="m-editor">编辑：宋文 责任编辑：白鹭</div></div>""",
        fields={
            "title": TITLE,
            "subtitle": "初期每天六十班",
            "published": "2026-02-27 08:10",
            "source": "来源：海州日报",
            "author": "于海宁",
            "editors": "编辑：宋文 责任编辑：白鹭",
        },
    ),
    Case(
        "china.com.cn/2022",
        f"""<div class="content"><div class="m_local"><a>首页</a>&gt; <a>新闻中心</a>&gt;</div><h1>{TITLE}</h1><div class="inform"><p>2026-02-27 13:48</p>
        <p>来源：海州日报</p><div class="informShare">分享到：</div></div><div class="content_left"><div class="article">{TEXT}
        <div class="editor">【责任编辑：宋文】</div></div></div></div>""",
        fields={"title": TITLE, "byline": "2026-02-27 13:48", "editors": "【责任编辑：宋文】", "channel": "首页> 新闻中心>"},
    ),
    Case(
        "china.com.cn/2012",
        f"""<h1 class="articleTitle">{TITLE}</h1><span id="pubtime_baidu">发布时间： 2016-02-27 13:48</span><span id="source_baidu">来源： 海州日报</span>
        <span id="author_baidu">作者： 于海宁</span><span id="editor_baidu">责任编辑： 宋文</span><div class="articleBody" id="articleBody">{TEXT}</div>""",
        fields={
            "title": TITLE,
            "published": "发布时间： 2016-02-27 13:48",
            "source": "来源： 海州日报",
            "author": "作者： 于海宁",
            "editors": "责任编辑： 宋文",
        },
    ),
    Case(
        "china.com",
        f"""<h1 id="chan_newsTitle">{TITLE}</h1><div id="chan_newsInfo">2016-02-27 13:48:00 <a>海州日报</a></div><div id="chan_newsDetail">{TEXT}
        <div class="editor">(责任编辑：宋文)</div></div>""",
        fields={"title": TITLE, "byline": "2016-02-27 13:48:00 海州日报", "editors": "(责任编辑：宋文)"},
    ),
    Case(
        "youth",
        f"""<div class="page_title"><h1>{TITLE}</h1><div><span id="page_right">发稿时间：2026-02-27 13:15:00</span><span id="source_baidu">来源：<a>海州日报</a></span></div></div>
        <div id="container"><div class="TRS_Editor">{TEXT}</div></div><div class="rdwz"><div class="rdwz_fh"><span id="editor_baidu">责任编辑：宋文</span></div></div>
        <ul class="cj_zyk young_con"><li class="line group_n"><a href="/3.html">开海节</a></li></ul>""",
        fields={
            "title": TITLE,
            "published": "发稿时间：2026-02-27 13:15:00",
            "source": "来源：海州日报",
            "editors": "责任编辑：宋文",
            "related": "开海节",
        },
    ),
    Case(
        "cctv/2019",
        f"""<div id="title_area"><h1>{TITLE}</h1><div class="info1">来源：海州日报 | 2026年02月27日 13:15</div></div>
        <div class="content_area" id="content_area">{TEXT}<div class="zebian"><span>编辑：宋文</span><span>责任编辑：白鹭</span></div></div>""",
        fields={"title": TITLE, "byline": "来源：海州日报 | 2026年02月27日 13:15", "editors": "编辑：宋文责任编辑：白鹭"},
    ),
    Case(
        "cctv/2012",
        f"""<div class="cnt_bd"><!--repaste.title.begin--><h1>{TITLE}</h1><!--repaste.title.end--><div class="function"><span class="info">来源：海州日报
        2016年02月27日 13:15</span></div><!--repaste.body.begin-->{TEXT}<!--repaste.body.end--></div>""",
        fields={"title": TITLE, "byline": "来源：海州日报 2016年02月27日 13:15"},
    ),
    Case(
        "cnr",
        f"""<div class="article-header"><h1>{TITLE}</h1><div class="source"><span>2020-02-27 13:15:00</span><span>来源：海州日报</span></div></div>
        <div class="article-body"><div class="TRS_Editor">{TEXT}</div><div class="editor">编辑：宋文</div></div>""",
        fields={"title": TITLE, "byline": "2020-02-27 13:15:00来源：海州日报", "editors": "编辑：宋文"},
    ),
    Case(
        "cnr/2013",
        f"""<div class="daoHang"><a>央广网</a> &gt; <a>地方</a></div><div class="subject"><h2>{TITLE}</h2><span class="source">2014-02-27 13:15 来源：海州日报</span></div>
        <div class="content"><div class="TRS_Editor">{TEXT}</div></div>""",
        fields={"title": TITLE, "byline": "2014-02-27 13:15 来源：海州日报", "channel": "央广网 > 地方"},
    ),
    Case(
        "cri",
        f"""<h1 id="atitle">{TITLE}</h1><span id="apublishtime">2019-02-27 13:15:00</span><span id="asource">来源：海州日报</span>
        <div id="abody">{TEXT}</div><span id="aeditor">责编：宋文</span>""",
        fields={"title": TITLE, "published": "2019-02-27 13:15:00", "source": "来源：海州日报", "editors": "责编：宋文"},
    ),
    Case(
        "ce",
        f"""<h1 id="articleTitle">{TITLE}</h1><span id="articleTime">2019年02月27日 13:15</span><span id="articleSource">来源：海州日报</span>
        <div id="articleText"><div class="TRS_Editor">{TEXT}</div></div>""",
        fields={"title": TITLE, "published": "2019年02月27日 13:15", "source": "来源：海州日报"},
    ),
    Case(
        "dzwww/headline",
        f"""<div id="xl-headline"><div class="layout"><h2>{TITLE}</h2><div class="left">2017-02-27 13:15:00 来源: 海州日报 作者: 于海宁</div></div></div>
        <div class="layout"><div><div class="news-con"><div class="TRS_Editor">{TEXT}</div></div></div><div class="infor"><div class="left"><span>责任编辑：宋文</span></div></div></div>""",
        fields={"title": TITLE, "byline": "2017-02-27 13:15:00 来源: 海州日报 作者: 于海宁", "editors": "责任编辑：宋文"},
    ),
    Case(
        "dzwww/news",
        f"""<div id="news-header"><h1>{TITLE}</h1><div class="summary">2016-02-27 13:15:00 来源: 海州日报</div></div>
        <div id="news-con"><div class="TRS_Editor">{TEXT}</div></div><div id="editor">责任编辑：宋文</div>""",
        fields={"title": TITLE, "byline": "2016-02-27 13:15:00 来源: 海州日报", "editors": "责任编辑：宋文"},
    ),
    Case(
        "dzwww/infor",
        f"""<div id="wrapper"><h1>{TITLE}</h1><div id="infor"><div class="left">2015-02-27 13:15:00 来源: 海州日报</div></div>
        <div id="main"><div class="TRS_Editor">{TEXT}</div></div></div>""",
        fields={"title": TITLE, "byline": "2015-02-27 13:15:00 来源: 海州日报"},
    ),
    Case(
        "thepaper/2014",
        f"""<div class="newscontent"><h1 class="news_title">{TITLE}</h1><div class="news_about"><p>海州新闻记者 于海宁</p><p>2020-02-27 10:08 <span>来源：海州日报</span></p></div>
        <div class="news_txt">{FIRST}<br>{SECOND}</div><div class="news_infor_extra"><div class="infor_item">责任编辑：宋文</div><div class="infor_item">校对：白鹭</div></div></div>""",
        fields={"title": TITLE, "byline": "海州新闻记者 于海宁", "editors": "责任编辑：宋文"},
    ),
    Case(
        "thepaper/2022",
        f"""<div class="index_wrapper__L_zqV"><h1 class="index_title__B8mhI">{TITLE}</h1><div class="index_left__LfzyH">2026-02-27 10:08 来源：海州日报</div>
        <div class="index_cententWrap__Jv8jK">{TEXT}</div></div><script id="__NEXT_DATA__" type="application/json">
        {{"props":{{"pageProps":{{"detailData":{{"contentDetail":{{"name":"{TITLE}","author":"海州新闻记者 于海宁","pubTime":"2026-02-27 10:08","responEditor":"宋文"}}}}}}}}}}</script>""",
        fields={"title": TITLE, "byline": "2026-02-27 10:08 来源：海州日报"},
        values={"title": TITLE, "published_at": "2026-02-27T10:08:00+08:00", "authors": ["于海宁"], "editors": ["宋文"]},
    ),
    Case(
        "huanqiu/2019",
        f"""<div class="data-container"><article><textarea class="article-title">{TITLE}</textarea><textarea class="article-time">1772155080000</textarea>
        <textarea class="article-source-name">海州日报</textarea><textarea class="article-content">&lt;article&gt;&lt;p&gt;{FIRST}&lt;/p&gt;&lt;p&gt;{SECOND}&lt;/p&gt;&lt;/article&gt;</textarea></article></div>""",
        values={"title": TITLE, "published_at": "2026-02-27T09:18:00+08:00", "source": "海州日报", "body": f"{FIRST}\n{SECOND}"},
    ),
    Case(
        "huanqiu/2012",
        f"""<div class="conText"><h1>{TITLE}</h1><div class="summaryNew"><strong class="timeSummary" id="pubtime_baidu">2014-02-27 10:08</strong>
        <strong class="fromSummary" id="source_baidu"><a>海州日报</a></strong></div><div class="text" id="text">{TEXT}<span id="editor_baidu">责编：宋文</span></div></div>""",
        fields={"title": TITLE, "published": "2014-02-27 10:08", "source": "海州日报", "editors": "责编：宋文"},
    ),
    Case(
        "netease/2021",
        f"""<div class="post_main"><div class="post_crumb"><a>网易首页</a> &gt; <a>网易号</a> &gt; 正文</div><h1 class="post_title">{TITLE}</h1>
        <div class="post_info">2026-02-27 07:16:06　来源: <a href="#">海州日报</a> 山东 <a class="post_jubao">举报</a></div><div class="post_content" id="content">
        <div class="post_body">{TEXT}</div><div class="post_author">责任编辑：宋文_NS1234</div></div></div>""",
        fields={
            "title": TITLE,
            "published": "2026-02-27 07:16:06 来源: 海州日报 山东 举报",
            "source": "海州日报",
            "editors": "责任编辑：宋文_NS1234",
            "channel": "网易首页 > 网易号 > 正文",
        },
    ),
    Case(
        "netease/2016",
        f"""<div class="post_content_main" id="epContentLeft"><h1>{TITLE}</h1><div class="post_time_source">2018-02-27 00:30:47　来源: <a id="ne_article_source">海州日报</a></div>
        <div class="post_text" id="endText">{TEXT}<div class="ep-source"><span class="left">本文来源：海州日报 作者：于海宁</span><span class="ep-editor">责任编辑：宋文_NS1234</span></div></div></div>""",
        fields={
            "title": TITLE,
            "source": "海州日报",
            "byline": "2018-02-27 00:30:47 来源: 海州日报",
            "author": "本文来源：海州日报 作者：于海宁",
            "editors": "责任编辑：宋文_NS1234",
        },
    ),
    Case(
        "netease/dy",
        f"""<div class="article_wrap"><div class="article_title"><h2>{TITLE}</h2><div class="share_box"><p class="time"><span>2019-02-27</span> · <span>海州日报</span></p></div></div>
        <div class="article_box"><div class="content" id="content">{TEXT}</div></div></div>""",
        fields={"title": TITLE, "published": "2019-02-27 · 海州日报", "source": "海州日报"},
    ),
    Case(
        "sina/2017",
        f"""<div class="channel-path"><a>新浪新闻</a> &gt; 正文</div><h1 class="main-title">{TITLE}</h1><div class="date-source"><span class="date">2019年02月27日 21:30</span>
        <a class="source">海州日报</a></div><div class="article" id="article">{TEXT}<p class="show_author">责任编辑：宋文 </p></div>""",
        fields={"title": TITLE, "published": "2019年02月27日 21:30", "source": "海州日报", "editors": "责任编辑：宋文"},
    ),
    Case(
        "sina/2011",
        f"""<h1 id="artibodyTitle">{TITLE}</h1><span id="pub_date">2013年02月27日21:30</span><span id="media_name">海州日报</span>
        <div id="artibody">{TEXT}<p class="article-editor">(编辑：宋文)</p></div>""",
        fields={"title": TITLE, "published": "2013年02月27日21:30", "source": "海州日报", "editors": "(编辑：宋文)"},
    ),
    Case(
        "sina/phone",
        f"""<section class="art_pic_card art_content"><h1 class="art_tit_h1">{TITLE}</h1><time class="art_time">02-27 21:30</time>
        <cite class="art_cite">海州日报</cite>{TEXT}</section>""",
        fields={"title": TITLE, "published": "02-27 21:30", "source": "海州日报"},
    ),
    Case(
        "sina/blog",
        f"""<strong id="ownernick">于海宁</strong><div class="articalTitle"><h2 class="titName">{TITLE}</h2><span class="time SG_txtc">(2012-02-27 21:30:00)</span></div>
        <div id="sina_keyword_ad_area2" class="articalContent">{TEXT}</div>""",
        fields={"title": TITLE, "published": "(2012-02-27 21:30:00)", "author": "于海宁"},
    ),
    Case(
        "sohu/2016",
        f"""<div class="text"><div class="text-title"><h1><span class="original-logo">原创</span><span class="title-info-title">{TITLE}</span></h1><div class="article-info">
        <span class="time" id="news-time" data-val="1669170687000">2022-11-23 10:31</span><span data-role="original-link">来源:<a href="#">海州日报</a></span></div></div>
        <article class="article" id="mp-editor">{TEXT}<p data-role="editor-name">责任编辑：宋文</p><a id="backsohucom">返回搜狐，查看更多</a></article></div>""",
        fields={"title": TITLE, "published": "2022-11-23 10:31", "source": "海州日报", "editors": "责任编辑：宋文"},
    ),
    Case(
        "sohu/2012",
        f"""<div class="content-box clear"><h1 itemprop="headline">{TITLE}</h1><div class="time-source"><div class="time" id="pubtime_baidu">2014-02-27 10:31:00</div>
        <div class="source" id="source_baidu">来源：<span id="media_span">海州日报</span></div></div><div id="contentText">{TEXT}</div><div class="editer">(责任编辑：宋文)</div></div>""",
        fields={"title": TITLE, "published": "2014-02-27 10:31:00", "source": "海州日报", "editors": "(责任编辑：宋文)"},
    ),
    Case(
        "ifeng/2011",
        f"""<div id="artical"><h1 id="artical_topic">{TITLE}</h1><div id="artical_sth"><p class="p_time"><span class="ss01">2016年02月27日 08:47</span>
        <span class="ss02">来源：</span><span class="ss03"><a>海州日报</a></span></p></div><div id="artical_real"><div id="main_content">{TEXT}</div></div></div>""",
        fields={"title": TITLE, "published": "2016年02月27日 08:47", "source": "海州日报"},
    ),
    Case(
        "ifeng/2018",
        f"""<div id="root"></div><script>var allData = {{"nav":[],"docData":{{"title":"{TITLE}","newsTime":"2026-02-27 08:47:03","source":"海州日报",
        "editorName":"宋文","contentData":{{"contentList":[{{"type":"text","data":"<p>{FIRST}<\\/p><p>{SECOND}<\\/p>"}},{{"type":"video","data":{{}}}}]}}}}}};</script>""",
        head='<script src="//p1.ifengimg.com/fe/index.js"></script>',
        values={
            "title": TITLE,
            "published_at": "2026-02-27T08:47:03+08:00",
            "source": "海州日报",
            "editors": ["宋文"],
            "body": f"{FIRST}\n{SECOND}",
        },
    ),
    Case(
        "qq/2009",
        f"""<div id="C-Main-Article-QQ"><div class="hd"><h1>{TITLE}</h1><span class="a_source"><a>海州日报</a></span><span class="a_time">2016-02-27 08:47</span>
        <span class="a_author">于海宁</span></div><div class="bd"><div id="Cnt-Main-Article-QQ">{TEXT}<div class="qq_editor">责任编辑：宋文</div></div></div></div>""",
        fields={
            "title": TITLE,
            "published": "2016-02-27 08:47",
            "source": "海州日报",
            "author": "于海宁",
            "editors": "责任编辑：宋文",
        },
    ),
    Case(
        "qq/2018",
        f"""<div class="LEFT"><h1>{TITLE}</h1><div class="content content-article">{TEXT}</div></div>
        <script>window.DATA = {{"title":"{TITLE}","pubtime":"2020-02-27 08:47:10","media":"海州日报"}}</script>""",
        fields={"title": TITLE},
        values={"title": TITLE, "published_at": "2020-02-27T08:47:10+08:00", "source": "海州日报"},
    ),
    Case(
        "weixin",
        f"""<h1 class="rich_media_title" id="activity-name"> {TITLE} </h1><a id="js_name"> 海州日报 </a><em id="publish_time">昨天</em>
        <div class="rich_media_content" id="js_content" style="visibility: hidden;">{TEXT}</div><script>var nickname = "海州日报";\nvar ct = "1772155080";</script>""",
        fields={"title": TITLE, "source": "海州日报"},
        values={"published_at": "2026-02-27T09:18:00+08:00"},
    ),
    Case(
        "toutiao/2021",
        f"""<div class="article-content"><h1>{TITLE}</h1><div class="article-meta"><span>2026-02-27 14:33</span><span class="dot">·</span><span class="name"><a>海州日报</a></span></div>
        <article class="syl-article-base tt-article-content">{TEXT}</article></div>""",
        fields={"title": TITLE, "published": "2026-02-27 14:33·海州日报", "source": "海州日报"},
    ),
    Case(
        "toutiao/2019",
        f"""<div class="article-box"><h1 class="article-title">{TITLE}</h1><div class="article-sub"><span class="original">原创</span><span>海州日报</span> <span>2019-02-27 16:01:46</span></div>
        <div class="article-content"><div>{TEXT}</div></div></div>""",
        fields={"title": TITLE, "published": "原创海州日报 2019-02-27 16:01:46", "source": "海州日报"},
    ),
    Case(
        "kuaizixun",
        f"""<h1 class="article__title"><span class="article__title">{TITLE}</span><div>播报文章</div></h1><div class="author-info--right">海州日报关注2026-02-27 23:23来自山东</div>
        <div id="article__content">{TEXT}</div>""",
        fields={"title": TITLE, "published": "海州日报关注2026-02-27 23:23来自山东"},
    ),
    Case(
        "dayoo",
        f"""<div class="dy-article"><div class="article-hd"><h1>{TITLE}</h1><span class="time">2019-02-27 23:23</span><span class="source">来源: 海州日报</span></div>
        <div class="content">{TEXT}</div><div class="editor">编辑：宋文</div></div>""",
        fields={"title": TITLE, "published": "2019-02-27 23:23", "source": "来源: 海州日报", "editors": "编辑：宋文"},
    ),
    Case(
        "fjsen",
        f"""<div id="new_subject_id"><font>{TITLE}</font></div><span id="pubtime_baidu">2017-02-27 23:23:00</span><span id="source_baidu">来源:<a>海州日报</a></span>
        <span id="editor_baidu">责任编辑：宋文</span><table><tr><td id="new_message_id">{TEXT}</td></tr></table>""",
        fields={"title": TITLE, "published": "2017-02-27 23:23:00", "source": "来源:海州日报", "editors": "责任编辑：宋文"},
    ),
    Case(
        "eastday",
        f"""<div class="weizhi"><a>东方网</a> &gt; <a>上海</a></div><h1 id="biaoti">{TITLE}</h1><p><span id="pubtime_baidu">2018-02-27 23:23:00</span> 来源:<span id="source_baidu">海州日报</span>
        <span id="editor_baidu">选稿:宋文</span></p><div id="zw">{TEXT}</div>""",
        fields={"title": TITLE, "published": "2018-02-27 23:23:00", "source": "海州日报", "editors": "选稿:宋文"},
    ),
    Case(
        "xinmin",
        f"""<div class="Cleft"><div class="Mbx">您所在的位置：<a>首页</a> &gt; <a>上海</a></div><div class="ArticleBox"><h1 class="a_title">{TITLE}</h1>
        <div class="info"><span>来源：海州日报</span><span>2018-02-27 23:23</span></div><div class="a_content">{TEXT}</div></div></div>""",
        fields={"title": TITLE, "byline": "来源：海州日报2018-02-27 23:23", "channel": "您所在的位置：首页 > 上海"},
    ),
    Case("changsha", f"""<h1>{TITLE}</h1><div id="tempNewsContentDiv">{TEXT}</div>"""),
    Case("lnd", f"""<h1>{TITLE}</h1><div class="newsdatetext">{TEXT}</div>"""),
    Case(
        "chinadaily",
        f"""<h1 class="dabiaoti">{TITLE}</h1><div class="fenx"><div class="xinf-le">来源：海州日报</div><div class="xinf-le">2019-02-27 23:23</div></div>
        <div class="article" id="Content">{TEXT}</div>""",
        fields={"title": TITLE, "byline": "来源：海州日报2019-02-27 23:23"},
    ),
    Case("ctrlfscont", f"""<h1>{TITLE}</h1><div class="inner"><div id="ctrlfscont">{TEXT}</div></div>"""),
    Case(
        "eastmoney",
        f"""<div class="newsContent"><h1>{TITLE}</h1><div class="Info"><div class="time">2019年02月27日 23:23</div><div class="source">来源：海州日报</div></div>
        <div id="ContentBody" class="Body">{TEXT}<p class="res-edit">（责任编辑：DF123）</p></div></div>""",
        fields={"title": TITLE, "byline": "2019年02月27日 23:23来源：海州日报", "editors": "（责任编辑：DF123）"},
    ),
    Case(
        "nbd",
        f"""<div class="g-article-top"><h1>{TITLE}</h1><p><span class="source">海州日报</span><span class="time">2020-02-27 23:23:11</span></p></div><div class="g-articl-text">{TEXT}</div>""",
        fields={"title": TITLE, "published": "2020-02-27 23:23:11", "source": "海州日报"},
    ),
    Case(
        "yicai",
        f"""<div class="m-text"><div class="title"><h1>{TITLE}</h1><p class="f-cb"><em>2020-02-27 23:23:11</em></p></div><p class="author">作者：于海宁</p><div class="m-txt">{TEXT}</div></div>""",
        fields={"title": TITLE, "published": "2020-02-27 23:23:11", "author": "作者：于海宁"},
    ),
    Case(
        "hexun",
        f"""<div class="articleName"><h1>{TITLE}</h1></div><div class="tip"><span class="pr20">2020-02-27 23:23:11</span><a>海州日报</a></div><div class="art_contextBox">{TEXT}</div>""",
        fields={"title": TITLE, "published": "2020-02-27 23:23:11", "source": "海州日报"},
    ),
    Case(
        "caixin",
        f"""<div id="conTit"><h1>{TITLE}</h1><span id="pubtime_baidu">2020年02月27日 23:23</span><span id="source_baidu">来源于 海州日报</span></div><div id="Main_Content_Val">{TEXT}</div>""",
        fields={"title": TITLE, "published": "2020年02月27日 23:23", "source": "来源于 海州日报"},
    ),
    Case(
        "stcn",
        f"""<div class="intal_tit"><h2>{TITLE}</h2><div class="info">2019-02-27 12:11<span>来源：海州日报</span><span>作者：于海宁</span></div></div><div class="txt_con" id="ctrlfscont">{TEXT}</div>""",
        fields={"title": TITLE, "byline": "2019-02-27 12:11来源：海州日报作者：于海宁"},
    ),
    Case(
        "founder",
        f"""<h1>{TITLE}</h1><div class="content"><div class="tools">字号：大 中 小</div><!--enpproperty <articleid>536</articleid><date>2016-10-31 09:28:27.0</date><author>海州日报记者 于海宁</author>
        <title><p>{TITLE}</p></title><keyword>索道,海州湾</keyword><subtitle>初期每天六十班</subtitle><introtitle>向海而行</introtitle><siteid>2</siteid><nodename>本地</nodename>/enpproperty-->
        <!--enpcontent-->{TEXT}<!--/enpcontent--><p>分享到朋友圈，看看谁在海边</p></div>""",
        values={
            "title": TITLE,
            "kicker": "向海而行",
            "subtitle": "初期每天六十班",
            "published_at": "2016-10-31T09:28:27+08:00",
            "authors": ["于海宁"],
            "keywords": ["索道", "海州湾"],
            "channel": ["本地"],
            "body": f"{FIRST}\n{SECOND}",
        },
    ),
    Case(
        "enorth",
        f"""<!--enorth cms page [ enorth parse_date="2024/06/04 11:22:56.056", cost="6", error_count="0"]--><span class="cms_block_span">您当前的位置 ：<a href="/index.shtml">海州网</a>&gt;<a href="/news/">新闻</a></span>
        <table><tr><td>旧址&nbsp;
        <!--enorth cms block start [ name="v5.position" ]-->
        您当前的位置 ：
        <a href=http://www.example.cn/index.shtml>海州网首页</a>
        &nbsp;&gt;&nbsp;
        <a href=http://news.example.cn/index.shtml>新闻中心</a>
        &nbsp;&gt;&nbsp;
        <a href=http://news.example.cn/wh/index.shtml>海湾</a>
        <!--enorth cms block end [ name="v5.position" cost="13"]--> &gt; 收藏本站</td></tr></table>
        <h1>{TITLE}</h1><div class="nr">{TEXT}</div><div id="news_more_page_div_id"></div>""",
        fields={"channel": "您当前的位置 ：海州网>新闻"},
        values={"channel": ["新闻中心", "海湾"]},
    ),
    Case(
        "jcms",
        f"""<table><tr><td class="title"><!--<$[标题名称(html)]>begin-->{TITLE}<!--<$[标题名称(html)]>end--></td></tr>
        <tr><td>发布时间：<!--<$[发布时间]>begin-->2021-02-27 09:18<!--<$[发布时间]>end--> 来源：<!--<$[信息来源]>begin-->海州日报<!--<$[信息来源]>end--></td></tr></table>
        <div id="zoom"><div>字号</div><!--<$[信息内容]>begin-->{TEXT}<!--<$[信息内容]>end--><div>打印本页</div></div>""",
        values={
            "title": TITLE,
            "published_at": "2021-02-27T09:18:00+08:00",
            "source": "海州日报",
            "body": f"{FIRST}\n{SECOND}",
        },
    ),
    Case(
        "trs/art",
        f"""<article><h1 class="art-title">{TITLE}</h1><div class="art-meta"><span class="pub-time">2020-02-27 20:30</span><span class="sour">来源: 海州日报</span></div>
        <div class="art-main"><div class="TRS_Editor">{TEXT}</div></div></article><div class="art-xg"><h3>相关阅读</h3></div>""",
        fields={"title": TITLE, "published": "2020-02-27 20:30", "source": "来源: 海州日报", "related": "相关阅读"},
    ),
    Case(
        "trs/infos",
        f"""<div class="detail-article-title"><h3></h3><h2>{TITLE}</h2><h3>初期每天六十班</h3></div><ul><li class="article-infos-source left"><span>时间：2019-02-27 06:23</span>
        <span>来源： 海州日报</span></li></ul><div class="article-body"><div class="TRS_Editor">{TEXT}</div></div>""",
        fields={"title": TITLE, "subtitle": "初期每天六十班", "byline": "时间：2019-02-27 06:23 来源： 海州日报"},
    ),
    Case(
        "trs/xl",
        f"""<div class="xl_title"><h1>{TITLE}</h1></div><div class="xl_xx">2021-02-27 06:23 来源：海州日报</div><div class="xl_con"><div class="view TRS_UEDITOR trs_paper_default">{TEXT}</div></div>""",
        fields={"title": TITLE, "byline": "2021-02-27 06:23 来源：海州日报"},
    ),
    Case(
        "trs",
        f"""<div class="nav">当前位置：<a class="CurrChnlCls">首页</a> &gt; <a class="CurrChnlCls">要闻</a></div><div class="pubDate">2021-02-27</div>
        <div class="view TRS_UEDITOR trs_paper_default">{TEXT}</div>""",
        fields={"published": "2021-02-27", "channel": "当前位置：首页 > 要闻"},
    ),
    Case(
        "government/ucap",
        f"""<div class="article"><h1 id="ti">{TITLE}</h1><div class="pages-date">2021-02-27 09:18 <span>来源： 海州日报</span></div><div id="UCAP-CONTENT">{TEXT}</div></div>""",
        fields={"title": TITLE, "byline": "2021-02-27 09:18 来源： 海州日报"},
    ),
    Case(
        "government",
        f"""<div class="BreadcrumbNav"><a>首页</a>&gt;<a>政务动态</a></div><div class="main"><h2>{TITLE}</h2><meta name="ContentStart">{TEXT}<meta name="ContentEnd"><p>打印本页并关闭窗口请按此处</p></div>""",
        head=f'<meta name="ArticleTitle" content="{TITLE}"><meta name="PubDate" content="2021-02-27 09:18"><meta name="ContentSource" content="海州日报">',
        fields={"channel": "首页>政务动态"},
        values={"body": f"{FIRST}\n{SECOND}"},
    ),
    Case(
        "discuz",
        f"""<div id="pt"><a>门户</a> › <a>要闻</a></div><h1 class="ph">{TITLE}</h1><p class="xg1">2016-2-27 09:18| 发布者: admin| 来自: 海州日报</p><table><tr><td id="article_content">{TEXT}</td></tr></table>""",
        fields={"title": TITLE, "byline": "2016-2-27 09:18| 发布者: admin| 来自: 海州日报", "channel": "门户 › 要闻"},
    ),
    Case(
        "dedecms",
        f"""<div class="place">当前位置: <a>主页</a> &gt; <a>要闻</a></div><div class="viewbox"><div class="title"><h2>{TITLE}</h2></div><div class="info"><small>时间:</small>2016-02-27 09:18
        <small>来源:</small>海州日报 <small>作者:</small>admin</div><div class="content">{TEXT}</div></div>""",
        fields={"title": TITLE, "byline": "时间:2016-02-27 09:18 来源:海州日报 作者:admin"},
    ),
    Case(
        "phpcms",
        f"""<div class="crumbs"><a>首页</a> &gt; <a>要闻</a></div><div id="Article"><h1>{TITLE}<br><span>2016-02-27 09:18:00 来源：海州日报</span></h1><div class="content">{TEXT}</div></div>""",
        fields={"byline": "2016-02-27 09:18:00 来源：海州日报", "channel": "首页 > 要闻"},
    ),
    Case(
        "wordpress",
        f"""<article class="post hentry"><h1 class="entry-title">{TITLE}</h1><time class="entry-date published" datetime="2020-02-27T09:18:00+08:00">2020年2月27日</time>
        <div class="entry-content">{TEXT}<div class="sharedaddy">分享</div></div></article>""",
        fields={"title": TITLE, "published": "2020年2月27日"},
    ),
    Case(
        "baidu",
        f"""<h1>{TITLE}</h1><span id="pubtime_baidu">2017-02-27 10:28:00</span><span id="source_baidu">来源：海州日报</span><span id="author_baidu">作者：于海宁</span>
        <div>{TEXT}</div><span id="editor_baidu">责任编辑：宋文</span>""",
        fields={
            "published": "2017-02-27 10:28:00",
            "source": "来源：海州日报",
            "author": "作者：于海宁",
            "editors": "责任编辑：宋文",
        },
    ),
    Case(
        "microdata",
        f"""<h1 itemprop="headline">{TITLE}</h1><span itemprop="datePublished">2017-02-27 10:28</span><span itemprop="publisher">海州网</span><div itemprop="articleBody">{TEXT}</div>""",
        fields={"title": TITLE, "published": "2017-02-27 10:28"},
    ),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.family)
def test_family(case: Case) -> None:
    read = page(case.body, case.head)
    families = {family.name: family for family in cms.recognise(read)}
    assert case.family in families
    family = families[case.family]
    for name, expected in case.fields.items():
        texts = [read.text(element) for s in many(getattr(family.layout, name)) for element in select(read, s)]
        assert next(text for text in texts if text) == expected, name
    if family.layout.body and "body" not in case.values:
        elements = [element for s in many(family.layout.body) for element in select(read, s)]
        text = read.text(elements[0])
        assert FIRST in text
        assert SECOND in text
    candidates = list(family.values(read)) if family.values else []
    assert all(candidate.rule.startswith("cms:") for candidate in candidates)
    found = {candidate.field: candidate.value for candidate in candidates}
    for name, expected in case.values.items():
        value = found[name]
        if name == "published_at":
            value = value.iso()
        elif name == "body":
            value = value.text
        elif name == "editors":
            value = [editor.name for editor in value]
        assert value == expected, name


def test_every_family_has_a_page() -> None:
    assert {family.name for family in cms.FAMILIES} == {case.family for case in CASES}
    names = [family.name for family in cms.FAMILIES]
    assert len(names) == len(set(names))


def test_the_most_specific_comes_first() -> None:
    names = [family.name for family in cms.recognise(page(next(case.body for case in CASES if case.family == "youth")))]
    assert names == ["youth", "trs", "baidu"]


@pytest.mark.parametrize(
    "body",
    [
        # Words that any template uses: none of them says which CMS wrote the page.
        f"""<div id="main"><div class="content" id="content"><h1 class="title" id="title">{TITLE}</h1><div class="info"><span class="time">2026-02-27</span>
        <span class="source">来源：海州日报</span><span class="author">于海宁</span></div><div class="article" id="zoom">{TEXT}</div><div class="editor">责任编辑：宋文</div></div></div>""",
        f"""<article class="article"><header class="header"><h1>{TITLE}</h1><p class="date">2026-02-27</p></header><div class="article-content text" id="text">{TEXT}</div>
        <div class="edit">宋文</div></article><div id="editor"></div><div id="detail"></div><div class="nav" id="nav"></div>""",
        f"""<div id="app"></div><script id="__NEXT_DATA__" type="application/json">{{"props":{{}}}}</script><h1 class="headline">{TITLE}</h1>{TEXT}""",
        f"""<ul class="list"><li><a href="/1.html">{TITLE}</a><span class="date">2026-02-27</span></li></ul><!-- 页脚 --><!--[if lt IE 9]><![endif]-->""",
        "",
    ],
)
def test_common_words_tell_nothing(body: str) -> None:
    assert cms.recognise(page(body)) == []


def test_a_family_needs_marks() -> None:
    with pytest.raises(ValueError, match="needs marks"):
        Family(Layout(name="nothing"))
    with pytest.raises(ValueError, match="not XPath"):
        Family(Layout(name="path", marks="//div"))


def test_needs_are_all_found() -> None:
    # The id of a title is no proof without the source beside it.
    assert (
        cms.recognise(page(f"<h1 id='title'>{TITLE}</h1><span id='pubtime'>2014-03-10</span><div id='content'>{TEXT}</div>"))
        == []
    )


# -- fields in comments


def test_founder_day_of_a_paper_has_no_hour() -> None:
    read = page(
        f"""<!--enpproperty <date>2016-10-31 00:00:00.0</date><author>宋文</author><title>{TITLE}</title>/enpproperty--><founder-content>{TEXT}</founder-content>"""
    )
    (family,) = cms.recognise(read)
    assert family.name == "founder"
    assert family.values is not None
    found = {candidate.field: candidate.value for candidate in family.values(read)}
    assert found["published_at"].precision == "day"
    # Who put a page in is not its author.
    assert "authors" not in found


def test_founder_digital_paper() -> None:
    read = page(
        f"""<!--enpproperty <author>于海宁</author>/enpproperty--><div class="article"><h1>{TITLE}</h1><p class="sec">记者 于海宁</p><div id="ozoom">{TEXT}</div></div>"""
    )
    (family,) = cms.recognise(read)
    assert family.values is not None
    assert [candidate.value for candidate in family.values(read)] == [["于海宁"]]
    assert read.text(select(read, "#ozoom")[0]) == FIRST + SECOND


@pytest.mark.parametrize(
    "mark",
    [
        '<!--enorth cms page [ enorth parse_date="2024/06/04 11:22:56.056", cost="6"]-->',
        '<!--enorth cms block start [ name="v5.latest" ]--><ul></ul><!--enorth cms block end [ name="v5.latest" cost="24"]-->',
        '<div id="news_more_page_div_id"></div>',
        '<span class="cms_block_span"><a href="/1.html">海州湾开海</a></span>',
        # A breadcrumb whose block has lost its end.
        '<!--enorth cms block start [ name="v5.position" ]-->您当前的位置 ：<a href="/">首页</a>&gt;<a href="/a/">新闻</a>',
    ],
)
def test_enorth_marks(mark: str) -> None:
    read = page(f"{mark}<h1>{TITLE}</h1>{TEXT}")
    (family,) = cms.recognise(read)
    assert family.name == "enorth"
    assert family.values is not None
    assert list(family.values(read)) == []


def test_enorth_parts() -> None:
    read = page(
        f"""<h1>{TITLE}</h1><div>{TEXT * 3}<div id="news_more_page_div_id"><b>[1]</b> <a href="1_01.html">[2]</a> <a href="1_01.html">下一页</a></div></div>"""
    )
    found = extract(read)
    assert found.next_part == "http://news.example.cn/2026/03/01/1_01.html"
    assert found.value("body").paragraphs[-1].text == SECOND


ARTICLE = {
    "newsTitle": TITLE,
    "content": f"<p>{FIRST}</p><p>{SECOND}</p><p>{SECOND}</p>",
    "publish_time": "2019-03-08 09:15:00",
    "sourceName": "海州融媒",
    "author": "于海宁",
    "dutyEditor": "宋文",
}
OTHER = {"title": "另一篇不相干的文章", "content": f"<p>{FIRST}</p>" * 9}


@pytest.mark.parametrize(
    "script",
    [
        '<script>window.__INITIAL_STATE__ = {"list": [OTHER], "page": {"info": ARTICLE}};</script>',
        '<script id="__NEXT_DATA__" type="application/json">{"props": ARTICLE}</script>',
        "<script>var detail = ARTICLE; show(detail)</script>",
    ],
)
def test_page_that_its_script_fills(script: str) -> None:
    script = script.replace("OTHER", json.dumps({"title": "短讯", "id": 1})).replace("ARTICLE", json.dumps(ARTICLE))
    found = extract(page(f'<div id="app"></div>{script}', f"<title>{TITLE}</title>"))
    assert found.value("body").text == f"{FIRST}\n{SECOND}\n{SECOND}"
    assert found.chosen["body"].rule == "generic:script"
    assert found.value("published_at").iso() == "2019-03-08T09:15:00+08:00"
    assert (found.value("title"), found.value("source"), found.value("authors")) == (TITLE, "海州融媒", ["于海宁"])
    assert [editor.name for editor in found.value("editors")] == ["宋文"]


@pytest.mark.parametrize(
    "script",
    ["var a = " + json.dumps(OTHER), "var a = {'title': 1}", "var a = " + "{" * 5000, "var a = {" + "[" * 5000, "{}" * 50],
)
def test_script_without_the_article_gives_nothing(script: str) -> None:
    assert extract(page(f"<script>{script}</script>", f"<title>{TITLE}</title>")).value("body") is None


def test_editors_of_the_body_join_those_of_the_family() -> None:
    read = page(
        f'<h1>{TITLE}</h1><p id="editor_baidu">编辑：宋文</p><div class="con">{TEXT}<p>（编辑：宋文 审核：于海宁）</p></div><p>三审：林一</p>'
    )
    found = extract(read).chosen["editors"]
    assert found.rule == "cms:baidu"
    assert [(editor.role, editor.name) for editor in found.value] == [("编辑", "宋文"), ("审核", "于海宁"), ("三审", "林一")]


def test_day_of_the_address_where_none_is_printed() -> None:
    text = TEXT * 3
    html = f"<html><head><title>{TITLE}</title></head><body><h1>{TITLE}</h1><div>{text}</div></body></html>"
    url = "http://paper.example.cn/html/2019-03/08/content_1.htm"
    found = extract(Page(html.encode(), url, now=NOW)).chosen["published_at"]
    assert (found.rule, found.value.iso(), found.value.precision) == ("url", "2019-03-08T00:00:00+08:00", "day")
    # A list in the same folder has no text, and no day.
    bare = extract(Page(html.replace(text, "").encode(), url, now=NOW))
    assert bare.value("published_at") is None


@pytest.mark.parametrize("comment", ["<!--enpproperty", "<!--enpproperty <title>" + "海" * 20000 + "</title>/enpproperty-->"])
def test_founder_comment_without_an_end(comment: str) -> None:
    read = page(f"{TEXT}{comment}")
    for family in cms.recognise(read):
        assert family.values is None or list(family.values(read)) == []


def test_jcms_empty_fields_give_nothing() -> None:
    read = page("<p><!--<$[信息来源]>begin--><!--<$[信息来源]>end--></p><p><!--<$[标题名称]>begin-->" + "海" * 9000 + "</p>")
    (family,) = cms.recognise(read)
    assert family.name == "jcms"
    assert family.values is not None
    assert list(family.values(read)) == []


def test_weixin_time_in_the_future_is_refused() -> None:
    later = int((NOW + timedelta(days=2)).timestamp())
    read = page(f"""<h1 id="activity-name">{TITLE}</h1><div id="js_content">{TEXT}</div><script>var ct = "{later}";</script>""")
    (family,) = cms.recognise(read)
    assert family.values is not None
    assert list(family.values(read)) == []


def test_toutiao_data_where_the_page_has_no_article() -> None:
    data = "%7B%22data%22%3A%7B%22title%22%3A%22Haizhou%20opens%22%2C%22publishTime%22%3A%222026-02-27%2014%3A33%22%2C%22content%22%3A%22%3Cp%3EThe%20first%20cable%20car%20over%20the%20bay%20left%20this%20morning.%3C%2Fp%3E%22%7D%7D"
    read = page(f"""<script id="RENDER_DATA" type="application/json">{data}</script><div class="article-meta"></div>""")
    (family,) = cms.recognise(read)
    assert family.values is not None
    found = {candidate.field: candidate.value for candidate in family.values(read)}
    assert found["title"] == "Haizhou opens"
    assert found["published_at"].iso() == "2026-02-27T14:33:00+08:00"
    assert found["body"].text == "The first cable car over the bay left this morning."


# -- ranges


def comments(read: Page) -> list[Any]:
    return list(read.tree.iter(etree.Comment))


def test_range_within_one_parent() -> None:
    read = page("<div><h1>a</h1><!--b--><p>c</p><!--d--><p>e</p></div>")
    start, end = comments(read)
    found = ranges.between(start, end)
    assert found is not None
    assert found.element.tag == "div"
    assert [read.text(element) for element in found.outside] == ["a", "e"]


def test_range_whose_marks_stand_deeper() -> None:
    read = page("<div><h1>a</h1><div><!--b--><p>c</p></div><p>d</p><div><p>e</p><!--f--></div><p>g</p></div>")
    start, end = comments(read)
    found = ranges.between(start, end)
    assert found is not None
    assert [read.text(element) for element in found.outside] == ["a", "g"]


def test_range_the_wrong_way_round() -> None:
    read = page("<div><!--b--><p>c</p><!--d--></div>")
    start, end = comments(read)
    assert ranges.between(end, start) is None
    assert ranges.between(start, start) is None


def test_range_of_repeated_comments_is_the_outermost() -> None:
    read = page("<div><!--x--><!--x--><p>c</p><!--/x--><p>d</p><!--/x--><p>e</p></div>")
    found = ranges.of_comments(read, "x", "/x")
    assert found is not None
    assert [read.text(element) for element in found.outside] == ["e"]
    assert ranges.of_comments(read, "y", "/y") is None


def test_text_of_marks() -> None:
    assert ranges.text_of("<!--a--><b>海州</b>&amp;湾<!--b-->", "<!--a-->", "<!--b-->") == "海州 &湾"
    assert ranges.text_of("<!--a-->" + "海" * 100 + "<!--b-->", "<!--a-->", "<!--b-->", limit=50) == ""
    assert ranges.text_of("<!--a-->", "<!--a-->", "<!--b-->") == ""


# -- scripts


def test_script_variable() -> None:
    read = page('<script>allData = {broken; var allData = {"a": {"b": [1, "}"]}}; go()</script>')
    assert scripts.variable(read, "allData") == {"a": {"b": [1, "}"]}}
    assert scripts.variable(read, "other") is None


def test_script_values_of_any_type() -> None:
    read = page("")
    values = scripts.article(read, "cms:x", title=1, published=True, source=["a"], author={}, editors=0, body=["<p>"])
    assert [candidate for candidate in values if candidate.field != "published_at"] == []


@given(st.text(max_size=200), st.sampled_from(["<!--<$[标题]>begin-->", "<!--enpproperty ", "var ct = ", "allData = {"]))
def test_hostile_pages_raise_nothing(text: str, mark: str) -> None:
    read = page(
        f"{mark}{text}<div id='js_content'><div id='activity-name'>{text}</div></div>", head="<link href='//x.ifengimg.com/'>"
    )
    for family in cms.recognise(read):
        for candidate in family.values(read) if family.values else ():
            assert candidate.value
