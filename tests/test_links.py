"""Link blocks: found by heading, name or place, read item by item, in the markup that Chinese news sites use."""

from __future__ import annotations

import gc
import time
from datetime import datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newscrawl.days import SHANGHAI
from newscrawl.extract import link_blocks, links
from newscrawl.extract.page import Element, Page
from newscrawl.items import Block, LinkKind

NOW = datetime(2018, 6, 1, 12, 0, tzinfo=SHANGHAI)
ARTICLE = datetime(2018, 5, 20, 9, 30, tzinfo=SHANGHAI)
URL = "http://news.qinghe.example/gn/201805/t20180520_1001.htm"

TITLES = (
    "清河大桥今晨合龙 两岸车程缩短四十分钟",
    "老城区三条公交线路下周一起改道",
    "果农王庆生：一棵梨树养活了全家",
    "县医院新门诊楼启用首日接诊八百人",
)
PROSE = (
    "清河县昨日召开防汛工作会议，要求各乡镇在月底之前完成沿河险段的排查，并把责任落实到每一名值守人员。",
    "会议指出，今年入汛时间比往年提前了十天，上游水库已经两次开闸放水，下游群众需要提前做好转移的准备。",
    "县水务局有关负责人介绍，目前全县共储备编织袋二十万条、救生衣三千件，各类抢险设备已经全部检修完毕。",
)
BODY = "".join(f"<p>　　{text}</p>" for text in PROSE)


def link(n: int) -> str:
    return f"http://news.qinghe.example/gn/201805/t2018051{n}_20{n}.htm"


def anchor(n: int) -> str:
    return f'<a href="{link(n)}" target="_blank">{TITLES[n]}</a>'


def html(block: str, *, inside: str = "", after: str = "") -> str:
    return f"""<!DOCTYPE html><html><head><meta charset="utf-8"><title>清河县部署防汛工作</title></head><body>
    <div class="top"><ul class="nav"><li><a href="/">首页</a></li><li><a href="/gn/">国内</a></li><li><a href="/video/">视频</a></li>
    <li><a href="/pic/">图片新闻</a></li><li><a href="/tj/">推荐</a></li><li><a href="/zt/">专题</a></li></ul></div>
    <div class="crumbs"><a href="/">清河网</a> &gt; <a href="/gn/">国内新闻</a> &gt; 正文</div>
    <div class="wrap"><div class="left"><h1>清河县部署防汛工作</h1><div class="info">2018-05-20 09:30 来源：清河日报</div>
    <div class="article" id="zoom">{BODY}{inside}</div>
    {block}</div>{after}</div>
    <div class="footer"><h3>友情链接</h3><a href="http://www.a.example/">新华通讯在线</a><a href="http://www.b.example/">人民广播电台网</a>
    <a href="http://www.c.example/2018/index.html">沿河各县新闻网站</a><p>版权所有 清河网</p></div></body></html>"""


def page(block: str, **parts: str) -> Page:
    return Page(html(block, **parts).encode(), URL, now=NOW)


def read(block: str, **parts: str) -> list[Block]:
    read_page = page(block, **parts)
    return links.blocks(read_page, body=read_page.ids["zoom"], article=ARTICLE)


def one(block: str, **parts: str) -> Block:
    found = read(block, **parts)
    assert len(found) == 1, found
    return found[0]


def listed(block: Block) -> list[tuple[str, str | None]]:
    return [(item.title, item.url) for item in block.links]


THREE = [(TITLES[n], link(n)) for n in range(3)]
LIS = "".join(f"<li>{anchor(n)}</li>" for n in range(3))

# -- markup in which a plain list of links stands under its heading

MARKUP = {
    "h2 and list in a box": f'<div class="box"><h2>相关新闻</h2><ul>{LIS}</ul></div>',
    "heading line with more": f'<div class="box"><div class="hd"><span>相关新闻</span><a href="/more/">更多&gt;&gt;</a></div><div class="bd"><ul>{LIS}</ul></div></div>',
    "flat": f'<div class="bt">相关新闻</div><ul>{LIS}</ul>',
    "icon before the words": f'<div><h5><i class="ico"></i>相关新闻</h5><ul>{LIS}</ul></div>',
    "two colours": f'<div><div class="box_nav"><span class="red">相关</span><p>新闻</p></div><ul>{LIS}</ul></div>',
    "blanks between the characters": f"<div><h4>相 关 新 闻</h4><ul>{LIS}</ul></div>",
    "brackets and colon": f"<div><p><strong>【相关新闻】：</strong></p><ul>{LIS}</ul></div>",
    "linked heading": f'<div><h3><a href="/xgxw/">相关新闻</a></h3><ul>{LIS}</ul></div>',
    "heading as the first item": f'<ul><li class="tit">相关新闻</li>{LIS}</ul>',
    "heading within the list": f'<ul class="rel"><div class="name">相关新闻</div>{LIS}</ul>',
    "image with alt": f'<div><div class="t"><img src="/img/xg.gif" alt="相关新闻"></div><ul>{LIS}</ul></div>',
    "table": '<table class="more"><tr><td class="t"><b>相关新闻</b></td></tr>' + "".join(f"<tr><td>·{anchor(n)}</td></tr>" for n in range(3)) + "</table>",
    "one cell": "<table><tr><td>相关新闻</td></tr><tr><td>" + "<br>".join(f"·{anchor(n)}" for n in range(3)) + "</td></tr></table>",
    "paragraphs": "<div><p>相关新闻：</p>" + "".join(f"<p>{anchor(n)}</p>" for n in range(3)) + "</div>",
    "definition list": "<dl><dt>相关新闻</dt>" + "".join(f"<dd>{anchor(n)}</dd>" for n in range(3)) + "</dl>",
    "definition lists": "<div><h3>相关新闻</h3>" + "".join(f"<dl><dt>{anchor(n)}</dt></dl>" for n in range(3)) + "</div>",
    "in one paragraph": "<p>相关新闻：" + " ".join(anchor(n) for n in range(3)) + "</p>",
    "after a line break": "<div>本文已被阅读 12 次<br>相关新闻：<br>" + "<br>".join(anchor(n) for n in range(3)) + "</div>",
    "fieldset": f"<fieldset><legend>相关新闻</legend><ul>{LIS}</ul></fieldset>",
    "section": f"<section><header><h3>相关新闻</h3></header><ul>{LIS}</ul></section>",
    "two lists": f'<div class="box"><h2>相关新闻</h2><h3>{anchor(0)}</h3><ul class="s"><li>{anchor(1)}</li><li>{anchor(2)}</li></ul></div>',
    "channel labels": '<div><h2>相关新闻</h2><ul>'
    + "".join(f'<li><a href="/{c}/">{c}</a> <span>|</span> {anchor(n)}</li>' for n, c in enumerate(("时政", "民生", "三农")))
    + "</ul></div>",
    "bracketed labels": "<div><h2>相关新闻</h2><ul>"
    + "".join(f'<li><a href="/{c}/index.html">[{c}]</a>{anchor(n)}</li>' for n, c in enumerate(("时政", "民生", "三农")))
    + "</ul></div>",
    "numbers": "<div><h2>相关新闻</h2><ol>" + "".join(f"<li><em>{n + 1}</em>{anchor(n)}</li>" for n in range(3)) + "</ol></div>",
    "script beside the list": f'<div><h2>相关新闻</h2><script>track("相关阅读")</script><ul>{LIS}</ul></div>',
    "hidden until opened": f'<div style="display: none"><h2>相关新闻</h2><ul>{LIS}</ul></div>',
}  # fmt: skip


@pytest.mark.parametrize("name", MARKUP)
def test_a_headed_list_in_any_markup(name: str) -> None:
    block = one(MARKUP[name])
    assert (block.kind, block.heading and block.heading.strip("【】：")) == ("related", "相关新闻")
    assert listed(block) == THREE
    assert [item.position for item in block.links] == [1, 2, 3]


# -- kinds

HEADED: dict[str, LinkKind | None] = {
    "推荐阅读": "recommended", "推荐新闻": "recommended", "编辑推荐": "recommended", "小编推荐": "recommended", "精彩推荐": "recommended",
    "新闻推荐": "recommended", "热门推荐": "recommended", "为你推荐": "recommended", "为您推荐": "recommended", "猜你喜欢": "recommended",
    "您可能还会喜欢": "recommended", "看了又看": "recommended", "大家都在看": "hot", "热点推荐": "hot", "热点新闻": "hot", "热文推荐": "hot",
    "24小时热文": "hot", "点击排行": "rank", "热点排行": "rank", "48小时点击排行": "rank", "热榜": "rank", "相关新闻": "related",
    "相关阅读": "related", "相关报道": "related", "相关链接": "related", "相关推荐": "related", "相关专题": "related", "延伸阅读": "related",
    "更多相关新闻": "related", "关键词阅读：": "related", "【相关阅读】": "related", "相关新闻 RELATED": "related", "精彩图集": "photo",
    "热门图片": "photo", "图片新闻": "photo", "热图推荐": "photo", "视频推荐": "video", "精彩视频": "video", "专题": "topic", "热门话题": "topic",
    "今日要闻": "more", "最新新闻": "more", "频道精选": "more", "论坛热帖": "hot", "友情链接": None, "相关搜索": None, "游戏推荐": None,
    "热门关键词": None, "开启个性化推荐": None, "热门评论": None, "最新评论": None, "网友热评": None, "精彩留言": None, "更多": None, "下载客户端": None, "清河大桥": None, "": None,
}  # fmt: skip


@pytest.mark.parametrize(("heading", "kind"), HEADED.items())
def test_kind_of_a_heading(heading: str, kind: LinkKind | None) -> None:
    assert links.kind_of(heading) == kind


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("related-news", "related"),
        ("xgxw", "related"),
        ("art-xg", "related"),
        ("recommend", "recommended"),
        ("tuijian_list", "recommended"),
        ("tj_1", "recommended"),
        ("cnxh", "recommended"),
        ("hot_list", "hot"),
        ("rd-ph", "rank"),
    ],
)
def test_a_box_without_a_heading_is_told_by_its_name(name: str, kind: LinkKind) -> None:
    block = one(f'<div class="{name}"><ul>{LIS}</ul></div>')
    assert (block.kind, block.heading) == (kind, None)
    assert listed(block) == THREE
    assert one(f'<div id="{name}"><ul>{LIS}</ul></div>').kind == kind


def test_a_layout_class_tells_no_kind() -> None:
    assert read(f'<div class="right"><div class="relative"><ul>{LIS}</ul></div></div>') == []


def test_unknown_words_above_a_list_head_more() -> None:
    block = one(f'<div class="side"><h3>清河观察</h3><ul>{LIS}</ul></div>')
    assert (block.kind, block.heading, len(block.links)) == ("more", "清河观察", 3)


def test_unknown_words_behind_a_link_to_more() -> None:
    block = one(f'<div class="side"><h3><span><a href="/gc/">更多</a></span>清河观察</h3><ul>{LIS}</ul></div>')
    assert (block.kind, block.heading, len(block.links)) == ("more", "清河观察", 3)


def test_the_name_of_the_box_tells_what_unknown_words_do_not() -> None:
    assert one(f'<div class="related"><h3>清河观察</h3><ul>{LIS}</ul></div>').kind == "related"


# -- blocks without heading or name


def test_a_list_that_follows_the_body_is_recommended() -> None:
    block = one(f'<div class="editor">责任编辑：赵晓</div><ul class="c1">{LIS}</ul>')
    assert (block.kind, block.heading) == ("recommended", None)
    assert listed(block) == THREE


def test_links_alone_on_their_lines_in_the_body_are_related() -> None:
    lines = "".join(f"<b>{anchor(n)}</b><br>" for n in range(3))
    block = one("", inside=lines)
    assert (block.kind, block.heading) == ("related", None)
    assert listed(block) == THREE


@pytest.mark.parametrize(
    "block",
    [
        pytest.param(f"<p>{anchor(0)}</p>", id="too few"),
        pytest.param(
            '<div><a href="/gn/">国内新闻频道首页</a><a href="/gj/">国际新闻频道首页</a><a href="/sh/">社会新闻频道首页</a></div>',
            id="channels",
        ),
        pytest.param(f'<div style="display:none">{"".join(map(anchor, range(4)))}</div>', id="hidden for search engines"),
        pytest.param(f'<div class="copyright">{"".join(map(anchor, range(4)))}</div>', id="footer"),
    ],
)
def test_what_follows_the_body_and_is_no_block(block: str) -> None:
    assert read(block) == []


def test_a_list_in_a_side_column_is_not_recommended() -> None:
    assert read("", after=f'<div class="right"><ul>{LIS}</ul></div>') == []


# -- empty blocks


@pytest.mark.parametrize(
    "block",
    [
        '<div class="xgxw"><h2>相关新闻</h2></div>',
        '<div class="box"><div class="hd"><span>相关新闻</span></div><div class="bd" id="xg"></div></div>',
        '<div class="box"><h3>相关新闻</h3><script src="/js/related.js"></script></div>',
        '<div class="box"><h3>相关新闻</h3><ul><li><a href="javascript:;"><img></a></li></ul></div>',
        '<div class="box"><h3>相关新闻</h3><p>加载中…</p></div>',
        '<div class="t">相关新闻</div>',
        '<p><strong>相关新闻</strong></p>',
    ],
)  # fmt: skip
def test_a_heading_whose_list_a_script_fills_is_an_empty_block(block: str) -> None:
    assert read(block) == [Block("related", "相关新闻")]


def test_an_empty_block_does_not_take_what_follows_its_box() -> None:
    found = read(f'<div class="xgxw"><h2>相关新闻</h2></div><div class="tj"><h2>推荐阅读</h2><ul>{LIS}</ul></div>')
    assert [(block.kind, len(block.links)) for block in found] == [("related", 0), ("recommended", 3)]
    found = read(f"<h2>相关新闻</h2><h2>推荐阅读</h2><ul>{LIS}</ul>")
    assert [(block.kind, len(block.links)) for block in found] == [("related", 0), ("recommended", 3)]


@pytest.mark.parametrize(
    "block",
    [
        pytest.param(
            '<ul class="menu"><li><a href="/a/">推荐阅读</a></li><li><a href="/b/">国内</a></li><li><a href="/c/">国际</a></li></ul>',
            id="menu",
        ),
        pytest.param('<div class="x"><a href="/a/">相关新闻</a><a href="/b/">国内</a><a href="/c/">国际</a></div>', id="row"),
        pytest.param("<h3>热点新闻</h3><div></div>", id="not of the article"),
        pytest.param("<h3>推荐</h3><div></div>", id="one word"),
        pytest.param(
            '<div class="keywords">关键词：<a href="/tag/1.html">防汛工作</a><a href="/tag/2.html">清河县水务局</a></div>',
            id="keywords",
        ),
        pytest.param('<div class="share">分享到：<a href="http://v.example/share?url=1">微博空间</a></div>', id="share"),
        pytest.param(f"<p>上一篇：{anchor(0)}</p><p>下一篇：{anchor(1)}</p>", id="neighbours"),
        pytest.param(
            f'<p><a href="{link(0)}">上一篇：{TITLES[0]}</a></p><p><a href="{link(1)}">下一篇：{TITLES[1]}</a></p>',
            id="linked neighbours",
        ),
    ],
)
def test_what_is_no_block(block: str) -> None:
    assert read(block) == []


# -- prose is not a block


def test_a_heading_above_prose_heads_no_block() -> None:
    inside = f'<p><strong>新闻链接</strong></p><p>{PROSE[0]}见<a href="{link(0)}">去年的汛情回顾</a>一文，{PROSE[1]}</p><p>{PROSE[2]}</p>'
    assert read("", inside=inside) == []
    assert links.elements(page("", inside=inside)) == []


def test_a_sentence_that_begins_like_a_heading_heads_no_block() -> None:
    inside = f'<p>热点新闻<a href="{link(0)}">一文</a>曾经提到，{PROSE[1]}</p>'
    assert read("", inside=inside) == []


def test_the_body_loses_its_block_and_no_paragraph() -> None:
    inside = f"<p><b>延伸阅读：</b></p><p>{anchor(0)}</p><p>{anchor(1)}</p><p>{PROSE[0]}</p><p>{PROSE[1]}</p>"
    read_page = page("", inside=inside)
    parts = links.elements(read_page)
    zoom = read_page.ids["zoom"]
    assert parts
    assert all(part.getparent() is zoom for part in parts)
    assert [read_page.text(part) for part in parts] == ["延伸阅读：", TITLES[0], TITLES[1]]


def test_the_body_loses_lines_of_links() -> None:
    read_page = page("", inside="".join(f"<p>{anchor(n)}</p>" for n in range(3)) + "<p>（完）</p>")
    assert [read_page.text(part) for part in links.elements(read_page)] == list(TITLES[:3])


def test_a_box_within_the_body_is_one_element() -> None:
    read_page = page("", inside=f'<div class="xg"><h4>相关新闻</h4><ul>{LIS}</ul></div>')
    assert [part.get("class") for part in links.elements(read_page)] == ["xg"]


# -- several blocks


def test_blocks_of_a_column_stay_apart_and_in_order() -> None:
    column = f"""<div class="right">
    <h3>热点排行</h3><ol><li>{anchor(0)}</li><li>{anchor(1)}</li></ol>
    <h3>推荐阅读</h3><ul><li>{anchor(2)}</li></ul>
    <div class="box"><h3>精彩图集</h3><ul><li>{anchor(3)}</li><li><a href="/pic/201805/1.htm">春到清河</a></li></ul></div>
    <h3>客户端下载</h3><a href="/app/">清河新闻客户端</a></div>"""
    found = read("", after=column)
    assert [(block.kind, block.heading, [item.title for item in block.links]) for block in found] == [
        ("rank", "热点排行", [TITLES[0], TITLES[1]]),
        ("recommended", "推荐阅读", [TITLES[2]]),
        ("photo", "精彩图集", [TITLES[3], "春到清河"]),
    ]


def test_of_nested_blocks_each_takes_its_own_links() -> None:
    found = read(
        f'<div class="box"><h2>推荐阅读</h2><ul><li>{anchor(0)}</li></ul><div><h3>相关新闻</h3><ul><li>{anchor(1)}</li></ul></div></div>'
    )
    assert [(block.kind, listed(block)) for block in found] == [("recommended", [THREE[0]]), ("related", [THREE[1]])]


@pytest.mark.parametrize(
    "panels",
    [
        "<div class='c'><ul>{0}</ul></div><div class='c' style='display:none'><ul>{1}</ul></div>",
        "<div class='bd'><div class='panel'><ul>{0}</ul></div><div class='panel'><ul>{1}</ul></div></div>",
        "<div class='bd'><ul>{0}</ul><ul style='display:none'>{1}</ul></div>",
    ],
)
@pytest.mark.parametrize(
    "tabs",
    [
        "<ul class='hd'><li class='on'>推荐阅读</li><li>点击排行</li></ul>",
        "<div class='tabs'><span>推荐阅读</span><span>点击排行</span></div>",
    ],
)
def test_tabs_pair_with_their_panels(tabs: str, panels: str) -> None:
    first, second = (f"<li>{anchor(n)}</li><li>{anchor(n + 1)}</li>" for n in (0, 2))
    found = read(f'<div class="tab">{tabs}{panels.format(first, second)}</div>')
    assert [(block.kind, block.heading, [item.title for item in block.links]) for block in found] == [
        ("recommended", "推荐阅读", [TITLES[0], TITLES[1]]),
        ("rank", "点击排行", [TITLES[2], TITLES[3]]),
    ]


def test_a_block_printed_twice_is_one() -> None:
    box = f'<div class="box"><h2>相关新闻</h2><ul>{LIS}</ul></div>'
    assert len(read(f'<div class="pc">{box}</div><div class="mobile">{box}</div>')) == 1


# -- containers that rules name


def test_a_named_container_comes_first_and_is_not_found_again() -> None:
    read_page = page(
        f'<div class="a"><h2>热点新闻</h2><ul>{LIS}</ul></div><div id="b"><h2>清河观察</h2><ul><li>{anchor(3)}</li></ul></div>'
    )
    found = links.blocks(read_page, body=read_page.ids["zoom"], article=ARTICLE, named=[("related", read_page.ids["b"])])
    assert [(block.kind, [item.title for item in block.links]) for block in found] == [
        ("related", [TITLES[3]]),
        ("hot", list(TITLES[:3])),
    ]


def test_a_named_list_gets_the_heading_above_it() -> None:
    read_page = page(f'<div class="a"><h2>推荐阅读</h2><ul id="b">{LIS}</ul></div>')
    for kind, told in ((None, "recommended"), ("related", "related")):
        found = links.blocks(read_page, named=[(kind, read_page.ids["b"])])
        assert [(block.kind, block.heading, len(block.links)) for block in found] == [(told, "推荐阅读", 3)]


def test_a_named_column_gives_each_of_its_blocks() -> None:
    column = f'<div id="b"><h3>热点排行</h3><ol><li>{anchor(0)}</li><li>{anchor(1)}</li></ol><h3>推荐阅读</h3><ul><li>{anchor(2)}</li></ul></div>'
    read_page = page(column)
    found = links.blocks(read_page, named=[(None, read_page.ids["b"])])
    assert [(block.kind, block.heading, len(block.links)) for block in found] == [
        ("rank", "热点排行", 2),
        ("recommended", "推荐阅读", 1),
    ]


def test_a_named_container_that_is_empty() -> None:
    read_page = page('<div id="b"><h2>相关新闻</h2><ul></ul></div>')
    assert links.blocks(read_page, named=[("related", read_page.ids["b"])]) == [Block("related", "相关新闻")]
    read_page = page('<div id="b"></div>')
    assert links.blocks(read_page, named=[("related", read_page.ids["b"])]) == []


# -- items

SUMMARY = "大桥全长一千二百米，是清河县第一座双塔斜拉桥，主塔高九十八米，历时三年建成。"
CARDS = {
    "list item": '<li><h3><a href="{url}">{title}</a></h3><a href="{url}"><img src="{img}"></a><p>{summary}<a href="{url}">[详细]</a></p><span>{time}{source}</span></li>',
    "image first": '<li><a href="{url}"><img data-original="{img}" src="/i/blank.gif"></a><h4><a href="{url}">{title}</a></h4><div class="des">{summary}<a href="{url}">[详细]</a></div><em>{time}</em> <i>{source}</i></li>',
    "definition list": '<dl><dt><a href="{url}"><img src="{img}"></a></dt><dd class="tit"><a href="{url}">{title}</a></dd><dd class="exp">{summary}[详细]</dd><dd class="sj">{time}<span>{source}</span></dd></dl>',
    "table row": '<tr><td><a href="{url}"><img src="{img}"></a></td><td><a href="{url}"><b>{title}</b></a><br>{summary}<a href="{url}">[详细]</a><br><font>{time}{source}</font></td></tr>',
    "one link": '<a class="card" href="{url}"><img src="{img}"><h3>{title}</h3><p>{summary}[详细]</p><span>{time}</span><span>{source}</span></a>',
    "flat": '<h4><a href="{url}">{title}</a></h4><a href="{url}"><img src="{img}"></a><p>{summary}<a href="{url}">[详细]</a></p><span>{time} {source}</span>',
    "labelled source": '<div class="item"><a href="{url}"><img src="{img}"></a><a href="{url}">{title}</a><p>{summary}<a href="{url}">[详细]</a></p><p><span>来源：{source}</span><span>{time}</span></p></div>',
    "source first": '<div class="item"><a href="{url}"><img src="{img}"></a><a href="{url}" class="t">{title}</a><p class="summary">{summary}<a href="{url}">[详细]</a></p><p class="info"><span class="source">{source}</span> <span class="time">{time}</span></p></div>',
}  # fmt: skip


@pytest.mark.parametrize("name", CARDS)
@pytest.mark.parametrize("printed", ["05-18 06-07", "2018-05-18 06:07", "2018年05月18日 06:07"])
def test_an_item_with_thumbnail_summary_time_and_source(name: str, printed: str) -> None:
    cards = "".join(
        CARDS[name].format(
            url=link(n), title=TITLES[n], img=f"./W2018051{n}.jpg", summary=SUMMARY, time=printed, source="清河晚报"
        )
        for n in range(3)
    )
    wrapped = (
        f"<table>{cards}</table>"
        if name == "table row"
        else f"<ul>{cards}</ul>"
        if name in ("list item", "image first")
        else cards
    )
    block = one(f'<div class="tuijian"><h2>推荐阅读</h2><div class="con">{wrapped}</div></div>')
    assert listed(block) == THREE
    for n, item in enumerate(block.links):
        assert item.thumbnail == f"http://news.qinghe.example/gn/201805/W2018051{n}.jpg"
        assert item.summary == SUMMARY + "[详细]"
        assert (item.published_raw, item.published_at) == (printed, "2018-05-18T06:07:00+08:00")
        assert item.source == "清河晚报"


def test_a_day_after_or_before_the_link() -> None:
    after = "".join(f"<li>{anchor(n)}<span>[05-1{n}]</span></li>" for n in range(3))
    before = "".join(f"<li><i>05-1{n}</i> {anchor(n)}</li>" for n in range(3))
    flat_after = "".join(f"{anchor(n)} (05-1{n})<br>" for n in range(3))
    flat_before = "".join(f"05-1{n} {anchor(n)}<br>" for n in range(3))
    for items in (f"<ul>{after}</ul>", f"<ul>{before}</ul>", f"<div>{flat_after}</div>", f"<div>{flat_before}</div>"):
        block = one(f"<div><h2>相关新闻</h2>{items}</div>")
        assert [item.published_at for item in block.links] == [f"2018-05-1{n}T00:00:00+08:00" for n in range(3)], items
        assert listed(block) == THREE


def test_a_december_item_on_a_january_page_is_last_years() -> None:
    read_page = page(
        f"<div><h2>相关新闻</h2><ul><li>{anchor(0)}<span>12-30</span></li><li>{anchor(1)}<span>01-02</span></li></ul></div>"
    )
    (block,) = links.blocks(read_page, article=datetime(2018, 1, 3, 8, 0, tzinfo=SHANGHAI))
    assert [item.published_at for item in block.links] == ["2017-12-30T00:00:00+08:00", "2018-01-02T00:00:00+08:00"]


def test_a_date_in_a_title_or_summary_is_no_time() -> None:
    item = one(
        f'<div><h2>推荐阅读</h2><ul><li><a href="{link(0)}">5月7日清河半程马拉松开跑</a><p>赛事将于5月7日上午八时鸣枪，赛道沿清河两岸布置。</p></li></ul></div>'
    ).links[0]
    assert (item.published_raw, item.title) == (None, "5月7日清河半程马拉松开跑")
    assert item.summary == "赛事将于5月7日上午八时鸣枪，赛道沿清河两岸布置。"


def test_the_summary_may_be_a_link_too() -> None:
    block = one(
        f'<div><h5><span></span>推荐阅读</h5><dl><dt><a href="{link(0)}">{TITLES[0]}</a></dt><dd><a href="{link(0)}">{SUMMARY}</a></dd></dl></div>'
    )
    assert [(item.title, item.summary) for item in block.links] == [(TITLES[0], SUMMARY)]


def test_an_item_of_an_image_and_a_detail_link_has_the_bold_text_as_title() -> None:
    box = f'<div><h2>推荐阅读</h2><div class="hd1"><p><img src="/a.png" alt="x"><strong>{TITLES[0]}</strong>{SUMMARY}<i><a href="{link(0)}">【详细】</a></i></p></div></div>'
    item = one(box).links[0]
    assert (item.title, item.url, item.summary) == (TITLES[0], link(0), SUMMARY + "【详细】")


def test_links_with_one_address_are_one_item() -> None:
    box = f'<div><h2>推荐阅读</h2><ul><li><a href="{link(0)}"><img src="/a.jpg"></a><a href="{link(0)}#top">{TITLES[0]}</a><a href="{link(0)}">详情</a></li><li>{anchor(1)}</li></ul></div>'
    block = one(box)
    assert [item.title for item in block.links] == [TITLES[0], TITLES[1]]
    assert block.links[0].thumbnail == "http://news.qinghe.example/a.jpg"


def test_a_cut_title_stays_as_printed_and_is_whole_beside() -> None:
    cut = f'<li><a href="{link(0)}" title="{TITLES[0]}">{TITLES[0][:10]}…</a></li>'
    other = f'<li><a href="{link(1)}" title="查看全文">{TITLES[1][:10]}...</a></li>'
    lines = (
        f'<li><a href="{link(2)}" title="标题：{TITLES[2]}&#13;点击数：53&#13;发表时间：2018年05月07日">{TITLES[2][:8]}…</a></li>'
    )
    block = one(f"<div><h2>相关新闻</h2><ul>{cut}{other}{lines}</ul></div>")
    assert [item.title for item in block.links] == [TITLES[0][:10] + "…", TITLES[1][:10] + "...", TITLES[2][:8] + "…"]
    assert [item.full_title for item in block.links] == [TITLES[0], None, TITLES[2]]


def test_a_picture_without_words_has_its_alt_as_title() -> None:
    item = one(
        f'<div><h2>推荐阅读</h2><ul><li><a href="{link(0)}"><img src="/a.jpg" alt="{TITLES[0]}"></a></li><li>{anchor(1)}</li></ul></div>'
    ).links[0]
    assert item.title == TITLES[0]


def test_labels_numbers_and_lengths_are_no_part_of_a_title() -> None:
    items = f"""<li><a href="{link(0)}"><em>1</em>{TITLES[0]}</a></li>
    <li><a href="{link(1)}"><span class="tag">视频</span>{TITLES[1]}<b>02:31</b></a></li>
    <li><a href="{link(2)}">· {TITLES[2]}</a></li>"""
    assert listed(one(f"<div><h2>相关新闻</h2><ul>{items}</ul></div>")) == THREE


def test_relative_time_and_source_of_a_card() -> None:
    box = f'<div class="recommend"><h3>为你推荐</h3><div class="news"><h4>{anchor(0)}</h4><span class="name">清河发布</span>·<span class="time">3小时前</span><a href="{link(0)}#comment">12评论</a></div><div class="news"><h4>{anchor(1)}</h4></div></div>'
    item = one(box).links[0]
    assert (item.source, item.published_raw, item.published_at) == ("清河发布", "3小时前", "2018-06-01T09:00:00+08:00")


# -- what is no item

NO_ITEMS = {
    "ad by class": '<li class="ad"><a href="http://x.example/2018/1.htm">清河家园二期盛大开盘欢迎品鉴</a></li>',
    "ad by host": '<li><a href="http://cpro.ads.example/cpro/1.htm">三天瘦十斤的秘密武器大公开</a></li>',
    "shop": '<li><a href="https://item.taobao.com/item.htm?id=12345">清河特产大枣五斤装包邮到家</a></li>',
    "more": '<li><a href="/xg/201805/more.htm">查看更多</a></li>',
    "change": '<li><a href="/xg/201805/2.htm">换一换</a></li>',
    "pages": '<li><a href="/xg/201805/2.htm">2</a><a href="/xg/201805/3.htm">下一页</a></li>',
    "comments": '<li><a href="http://comment.qinghe.example/201805/1.htm">已有三千二百人参与评论这条新闻</a></li>',
    "tag": '<li><a href="/tags/fangxun.html">清河县防汛抗旱指挥部</a></li>',
    "label": '<li><a href="/shipin/201805/">视频</a></li>',
    "app": '<li><a href="/d/201805/app.htm">下载清河新闻客户端</a></li>',
    "user": '<li><a href="/user/88201805">清河县融媒体中心官方账号</a></li>',
    "tab": '<li><a href="javascript:tab(2)">国内</a></li>',
    "top of the page": '<li><a href="#">回到顶部</a></li>',
    "licence": '<li><a href="/l/201805/1.htm">互联网新闻信息服务许可证：37120180001</a></li>',
    "file": '<li><a href="/P020180520.pdf">清河县防汛应急预案全文下载</a></li>',
}  # fmt: skip


@pytest.mark.parametrize("name", NO_ITEMS)
def test_what_is_no_item(name: str) -> None:
    assert (
        listed(
            one(
                f"<div><h2>相关新闻</h2><ul><li>{anchor(0)}</li>{NO_ITEMS[name]}<li>{anchor(1)}</li><li>{anchor(2)}</li></ul></div>"
            )
        )
        == THREE
    )


def test_an_ad_among_the_lists_does_not_end_a_block() -> None:
    box = f'<div class="box"><h2>相关新闻</h2><ul><li>{anchor(0)}</li></ul><div class="ad300"><a href="http://x.example/20180501">盛大开业全场五折</a></div><div class="gg"><img></div><ul><li>{anchor(1)}</li><li>{anchor(2)}</li></ul></div>'
    assert listed(one(box)) == THREE


def test_an_item_that_a_script_opens_stays_without_address() -> None:
    items = f'<li><a href="javascript:open(1)">{TITLES[0]}</a></li><li><a href="#" data-url="{link(1)}">{TITLES[1]}</a></li><li>{anchor(2)}</li>'
    assert listed(one(f"<div><h2>相关新闻</h2><ul>{items}</ul></div>")) == [(TITLES[0], None), THREE[1], THREE[2]]


def test_a_row_of_short_links_below_an_item_is_not_the_block() -> None:
    more = '<h6><a href="/s/201805/1.htm">防汛现场直击</a>|<a href="/s/201805/2.htm">历年汛情图说</a>|<a href="/s/201805/3.htm">水务局答网友问</a></h6>'
    assert (
        listed(
            one(
                f"<div><h2>相关新闻</h2><div class='n'>{anchor(0)}{more}</div><div class='n'>{anchor(1)}</div><div class='n'>{anchor(2)}</div></div>"
            )
        )
        == THREE
    )


def test_goods_under_a_heading_are_not_recommended_reading() -> None:
    goods = "".join(
        f'<li><a href="https://vip.qinghe.example/courses/{n}">零基础学会的{n}堂写作必修课</a></li>' for n in range(1501, 1504)
    )
    assert one(f"<div><h2>精彩推荐</h2><ul>{goods}</ul></div>").kind == "more"


def test_relative_addresses_become_absolute() -> None:
    items = f'<li><a href="./t20180519_77.htm">{TITLES[0]}</a></li><li><a href="//pic.qinghe.example/201805/1.htm">{TITLES[1]}</a></li><li><a href="/sh/201805/2.htm">{TITLES[2]}</a></li>'
    assert [url for _, url in listed(one(f"<div><h2>相关新闻</h2><ul>{items}</ul></div>"))] == [
        "http://news.qinghe.example/gn/201805/t20180519_77.htm",
        "http://pic.qinghe.example/201805/1.htm",
        "http://news.qinghe.example/sh/201805/2.htm",
    ]


# -- hostile pages


def test_answers_are_kept_per_page() -> None:
    read_page = page(MARKUP["flat"])
    first = links.elements(read_page)
    assert first == links.elements(read_page)
    assert links.blocks(read_page) == links.blocks(read_page)


def test_a_page_that_is_gone_is_forgotten() -> None:
    before = len(link_blocks._scans)
    read_page = page(MARKUP["flat"])
    links.blocks(read_page)
    assert len(link_blocks._scans) == before + 1
    del read_page
    gc.collect()
    assert len(link_blocks._scans) == before


@pytest.mark.parametrize(
    "source",
    [
        pytest.param("<h3>相关新闻</h3>" * 20_000, id="headings"),
        pytest.param("<div class='related tj hot'>" * 1_900 + LIS, id="nested names"),
        pytest.param("<div>" * 1_900 + f"<h3>推荐阅读</h3><ul>{LIS}</ul>", id="deep"),
        pytest.param(f"<div><h3>推荐阅读</h3>{anchor(0)}" * 1_900, id="nested blocks"),
        pytest.param(f"<h3>推荐阅读</h3><ul>{LIS * 8_000}</ul>", id="one list"),
        pytest.param(
            "<h3>推荐阅读</h3>" + "".join(f"<p><a href='/gn/201805/{n}.htm'>{TITLES[n % 4]}{n}</a></p>" for n in range(20_000)),
            id="lines",
        ),
        pytest.param(
            f"<div>{BODY}"
            + "".join(f"<b><a href='/gn/201805/{n}.htm'>{TITLES[n % 4]}{n}</a></b>" for n in range(20_000))
            + "</div>",
            id="rows",
        ),
        pytest.param("<h3>推荐阅读</h3><a href='/gn/201805/1.htm'>" + "<i>题目</i>" * 30_000 + "</a>", id="one link"),
        pytest.param("<h3>推荐阅读</h3><div>" + f"<p>{anchor(0)}清河日报</p>" * 20_000 + "</div>", id="one address"),
        pytest.param("<h3>推荐阅读</h3><div>" + f"{anchor(0)}05-18<br>" * 20_000 + "</div>", id="one address, flat"),
        pytest.param(
            "<h3>推荐阅读</h3><img src='"
            + "blank" * 100_000
            + "'><a href='"
            + "/201805" * 50_000
            + "'>"
            + "[" * 100_000
            + "</a>",
            id="long values",
        ),
        pytest.param(
            f"<h3>推荐阅读</h3><ul>{LIS}<li><a href='/201805/1.htm' title='a'>{'.' * 400_000}x</a><p>{'。' * 400_000}x</p></li></ul>",
            id="dots",
        ),
        pytest.param("<div><span>推荐</span><span>阅读</span></div>" * 10_000, id="halves"),
        pytest.param(
            f"<div class='{'tj ' * 50_000}'><h3>{'推荐 ' * 20_000}</h3><a href='/201805/1'>{'题' * 100_000}</a></div>",
            id="long names",
        ),
        pytest.param("<ul><li>推荐阅读</li><li>点击排行</li></ul><div><div></div><div></div></div>" * 5_000, id="tabs"),
    ],
)
def test_hostile_pages_cost_no_more_than_their_size(source: str) -> None:
    read_page = Page(f"<html><body>{source}</body></html>".encode(), URL, now=NOW)
    start = time.perf_counter()
    links.blocks(read_page, body=next(iter(read_page.tags.get("div", [])), None), article=ARTICLE)
    links.elements(read_page)
    assert time.perf_counter() - start < 10


TAGS = st.sampled_from("div ul li a p h3 span table tr td dl dt dd b img br strong script noscript form section".split())
ATTRIBUTES = st.sampled_from(
    [
        "", "class=tj", "class='related hd'", "class=ad", "id=zoom", "style='display:none'", "href=javascript:;", "href=#", "href='//['", "href=http://[::1",
        "href=http://a.example:99999/201805/1.htm", "href=./201805/2.htm", "href=mailto:a@b", "href='data:text/html,x'", "title='推荐阅读…'", "alt=相关新闻", "src=x.jpg",
        "src='http://[bad'", "href='http://a.example/201805/1.htm'",
    ]
)  # fmt: skip
TEXTS = st.sampled_from(
    [
        "推荐阅读",
        "相关新闻",
        "推荐",
        "阅读",
        "热点排行",
        "更多",
        "[详细]",
        *TITLES,
        SUMMARY,
        "05-18 06-07",
        "02-30",
        "来源：",
        "清河日报",
        "|",
        "·",
        "\u200b",
        "\ufeff",
        "…",
        "12评论",
        " ",
    ]
)
NODES = st.recursive(
    TEXTS,
    lambda inner: st.tuples(TAGS, ATTRIBUTES, ATTRIBUTES, st.lists(inner, max_size=5)).map(
        lambda node: f"<{node[0]} {node[1]} {node[2]}>{''.join(node[3])}</{node[0]}>"
    ),
    max_leaves=40,
)


@settings(max_examples=250, deadline=None)
@given(st.lists(NODES, max_size=6), st.booleans())
def test_any_page_is_read_without_exception_into_safe_links(nodes: list[str], addressed: bool) -> None:
    read_page = Page("".join(nodes).encode(), URL if addressed else "", now=NOW)
    body: Element | None = read_page.ids.get("zoom")
    named: list[tuple[LinkKind | None, Element]] = [(None, element) for element in read_page.classes.get("tj", [])[:2]]
    for block in links.blocks(read_page, body=body, article=ARTICLE, named=named):
        assert [item.position for item in block.links] == list(range(1, len(block.links) + 1))
        for item in block.links:
            assert item.title.strip() == item.title != ""
            for address in (item.url, item.thumbnail):
                assert address is None or address.startswith(("http://", "https://")) or (not addressed and ":" not in address)
            assert (item.published_at is None) == (item.published_raw is None)
    for element in links.elements(read_page):
        assert isinstance(element.tag, str)


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=60))
def test_kind_of_takes_any_text(text: str) -> None:
    links.kind_of(text)
