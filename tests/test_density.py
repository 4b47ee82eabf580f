"""Where a body is, in the markup that Chinese news sites have: the right element carries ``data-body``."""

from __future__ import annotations

import re
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newscrawl.extract import density
from newscrawl.extract.page import Page

TITLE = "临河市新建的三座过街天桥今天开放通行"
TEXTS = [
    "河西晚报讯（记者 林一舟）历时七个月，临河市北大街、文化路和车站广场三座过街天桥昨天完成验收，今天早上六点起向市民开放。",
    "记者在北大街看到，新桥宽四米五，两侧各装了一部电梯，桥面铺着防滑的橡胶砖，扶手上刻有盲文，方便看不见的人辨认方向。",
    "家住附近的退休教师秦阿姨说，以前过这条路要绕到红绿灯，来回得走十来分钟，“现在坐电梯上去，推着小车也不怕了”。",
    "市政工程处有关负责人介绍，三座天桥共投入一千二百万元，夜间照明由太阳能电池供电，电梯每天五点半开、二十三点半停。",
    "按照计划，明年还将在体育场和第三小学门口各建一座，方案正在公示，市民可以到社区服务站提出意见。",
]
SUMMARY = "临河市近日公布了全年的便民工程清单，涉及道路、供水、公园和停车场等四十多个项目，预计年底之前全部完成。"
OPINION = "这件事早就该办了，我家孩子每天上学都要过那条马路，大人天天提心吊胆，希望以后多建几座，电梯也要有人管。"
RIGHTS = (
    "版权声明：凡本网注明来源为河西晚报的作品，版权均属本网所有，未经授权不得转载、摘编或以其他方式使用。",
    "凡本网注明来源为其他媒体的作品，转载目的在于传递更多信息，并不代表本网赞同其观点和对其真实性负责。",
    "如因作品内容、版权和其他问题需要同本网联系的，请在三十日内进行，联系电话：0000-1234567。",
)

NAV = "".join(
    f'<li><a href="/c{i}/">{name}</a></li>'
    for i, name in enumerate("首页 本地 县区 社会 教育 健康 房产 汽车 旅游 图片 视频 论坛".split() * 3)
)
RANK = "".join(f'<li><a href="/r/{i}.html">临河第{i}届社区运动会落下帷幕 各队成绩出炉</a></li>' for i in range(10))
FOOTER = (
    "<div>河西晚报社主办 版权所有 未经书面授权不得转载、摘编、复制或建立镜像，违者将依法追究法律责任。</div>"
    "<div>地址：临河市解放路1号 邮编：000000 新闻热线：0000-1234567 举报电话：0000-7654321</div>"
    "<div>互联网新闻信息服务许可证编号：00000000 某ICP备00000000号 某公网安备 00000000000000号</div>"
)
PARAGRAPHS = "".join(f"<p>　　{text}</p>" for text in TEXTS)
BYLINE = "2019-05-06 09:12:33 来源：河西晚报 作者：林一舟"


def page(article: str, *, before: str = "", after: str = "", head: str = f"<h1>{TITLE}</h1><div>{BYLINE}</div>") -> Page:
    html = (
        f"<html><head><meta charset=utf-8><title>{TITLE}_本地新闻_河西网</title></head><body><div><ul>{NAV}</ul></div>"
        f"<div><div>{before}{head}{article}{after}</div><div><h3>点击排行</h3><ul>{RANK}</ul></div></div><div>{FOOTER}</div></body></html>"
    )
    return Page(html.encode(), "http://www.example.cn/local/201905/t20190506_1.htm")


def found(where: Page) -> bool:
    element = density.find(where)
    return element is not None and element.get("data-body") is not None


LAYOUTS = {
    "TRS WCM": f'<div class="article"><div class="TRS_Editor" data-body>{PARAGRAPHS}</div></div><div class="share">分享到</div>',
    "paragraphs in the column itself": f"<div><div data-body>{PARAGRAPHS}</div></div>",
    "one div a paragraph": "<div data-body>" + "".join(f"<div>{text}</div>" for text in TEXTS) + "</div>",
    "nested wrappers": f"<div><div><div data-body>{PARAGRAPHS}</div></div></div>",
    "span around paragraphs": f'<div><span id="detailContent" data-body>{PARAGRAPHS}</span></div>',
    "sections of an app editor": '<div id="js_content" style="visibility: hidden" data-body>'
    + "".join(f"<section><span style='font-size:15px'>{text}</span></section>" for text in TEXTS)
    + "</div>",
    "br in a font": '<div><font id="zoom" data-body><div>' + "<br>　　<br>".join(TEXTS) + "</div></font></div>",
    "quotation and list between": f"<div data-body><p>{TEXTS[0]}</p><blockquote><p>{TEXTS[1]}</p></blockquote>"
    f"<ol><li>{TEXTS[2]}</li><li>{TEXTS[3]}</li></ol><p>{TEXTS[4]}</p></div>",
    "two siblings with an advertisement between": f"<div data-body><div><p>{TEXTS[0]}</p><p>{TEXTS[1]}</p></div>"
    f'<div><a href="/ad">新盘开售 首付八万起</a></div><div><p>{TEXTS[2]}</p><p>{TEXTS[3]}</p></div></div>',
    "list of links floating in it": f"<div data-body><p>{TEXTS[0]}</p><p>{TEXTS[1]}</p>"
    + "".join(f'<br><b><a href="/x/{i}">临河市第{i}批便民工程开工 涉及二十个社区</a></b>' for i in range(8))
    + "</div>",
}


@pytest.mark.parametrize("layout", LAYOUTS)
def test_layouts(layout: str) -> None:
    element = density.find(page(LAYOUTS[layout]))
    assert element is not None
    # The element that holds exactly the paragraphs may be an inner one with the same text.
    marked = element if element.get("data-body") is not None else element.getparent()
    assert marked is not None
    assert marked.get("data-body") is not None
    text = "".join(element.itertext())
    assert all(part in text for part in TEXTS[:2])
    assert TITLE not in text
    assert "许可证" not in text


def test_table_layout_with_text_parted_by_br() -> None:
    text = "<br>\n&nbsp;&nbsp;&nbsp;&nbsp;".join(TEXTS)
    html = (
        f"<html><head><title>{TITLE}</title></head><body><table width=760 align=center><tr><td>"
        + "".join(f'<a href="/{i}">栏目{i}</a> | ' for i in range(20))
        + f"</td></tr><tr><td><table><tr><td width=180><table>{''.join(f'<tr><td><a href=/n/{i}>{SUMMARY[:18]}</a></td></tr>' for i in range(15))}"
        f"</table></td><td><table><tr><td align=center><b><font size=4>{TITLE}</font></b></td></tr><tr><td align=center>{BYLINE}</td></tr>"
        f"<tr><td data-body>&nbsp;&nbsp;&nbsp;&nbsp;{text}</td></tr><tr><td align=right>【<a href=#>打印</a>】【<a href=#>关闭</a>】</td></tr>"
        f"</table></td></tr></table></td></tr><tr><td align=center>{FOOTER}</td></tr></table></body></html>"
    )
    assert found(Page(html.encode("gb18030")))


@pytest.mark.parametrize("names", [True, False])
def test_comments_that_outweigh_the_body(names: bool) -> None:
    items = "".join(
        f"<div><a href='/u/{i}'>网友{i}</a><span>2019-05-06 1{i % 10}:20</span><div>{OPINION * (1 + i % 3)}</div></div>"
        for i in range(40)
    )
    comments = f"<div{' class=comment-list' if names else ''}><div>网友评论</div>{items}</div>"
    assert found(page(f"<div data-body><p>{TEXTS[0]}</p><p>{TEXTS[1]}</p></div>", after=comments))


def test_comments_without_heading_or_links() -> None:
    items = "".join(f"<div><span>网友{i}</span> <span>3小时前</span><p>{OPINION}</p></div>" for i in range(40))
    assert found(page(f"<div data-body>{PARAGRAPHS}</div>", after=f"<div>{items}</div>"))


def test_rights_that_outweigh_the_body() -> None:
    rights = "<div>" + "".join(f"<p>{text}</p>" for text in RIGHTS * 3) + "</div>"
    assert found(page(f"<div data-body><p>{TEXTS[0]}</p></div>", after=rights))


@pytest.mark.parametrize("shape", ["list", "cards"])
def test_recommended_block_with_long_summaries(shape: str) -> None:
    tag = "li" if shape == "list" else "div"
    items = "".join(
        f'<{tag}><h4><a href="/p/{i}.html">临河市第{i}批便民工程开工</a></h4><p>{SUMMARY * 2}[详细]</p><span>05-06 06-0{i % 10}河西晚报</span></{tag}>'
        for i in range(12)
    )
    heading = "<h3>推荐阅读</h3>" if shape == "list" else ""
    assert found(
        page(f"<div data-body><p>{TEXTS[0]}</p><p>{TEXTS[4]}</p></div>", after=f"<div>{heading}<div>{items}</div></div>")
    )


def test_short_notice_above_a_long_footer() -> None:
    notice = "因供水管道检修，五月八日九时至十七时北大街、文化路沿线停水，请居民提前储水，不便之处敬请谅解。"
    assert found(page(f"<div><div data-body><p>　　{notice}</p></div></div>"))


def test_one_paragraph_beside_more_links_than_text() -> None:
    links = "".join(f'<p><a href="/x/{i}">临河市第{i}批便民工程开工 涉及二十个社区</a></p>' for i in range(12))
    assert found(page(f"<div data-body><p>{TEXTS[0]}</p>{links}</div>"))


def test_gallery_keeps_its_pictures() -> None:
    shots = "".join(f'<div><img src="/p/{i}.jpg" width=600></div>' for i in range(4))
    element = density.find(page(f"<div data-body><div>{shots}</div><div><p>{TEXTS[0]}</p></div></div>"))
    assert element is not None
    assert len(list(element.iter("img"))) == 4


def test_hidden_copy_for_a_search_engine() -> None:
    hidden = f'<div id="contentMsg_baidu" style="display:none"><p>{"".join(TEXTS)}</p></div>'
    assert found(page(f"<div data-body>{PARAGRAPHS}</div>", before=hidden))


def test_the_text_printed_twice() -> None:
    twin = f'<div class="mobile"><h2>{TITLE}</h2><div class="m-content">{PARAGRAPHS}</div></div>'
    assert found(page(f"<div data-body>{PARAGRAPHS}</div>", after=twin))


def test_verse_and_other_short_lines() -> None:
    lines = "".join(
        f"<p align=center>{a}</p><p align=center>{b}</p>"
        for a, b in [("春水绕城过", "新桥跨两边"), ("行人不必等", "灯影落河前")] * 4
    )
    assert found(page(f"<div><div data-body>{lines}</div></div>"))


def test_body_of_an_old_page_without_any_container() -> None:
    html = f"<html><head><title>{TITLE}</title></head><body data-body><h2>{TITLE}</h2>{PARAGRAPHS}</body></html>"
    assert found(Page(html.encode()))


def test_form_around_everything() -> None:
    html = f"<html><head><title>{TITLE}</title></head><body><form action=/x.aspx>{LAYOUTS['TRS WCM']}</form><div>{FOOTER}</div></body></html>"
    assert found(Page(html.encode()))


def test_body_in_an_element_with_a_misleading_name() -> None:
    assert found(page(f'<div class="main-comment related"><div data-body>{PARAGRAPHS}</div></div>'))


@pytest.mark.parametrize(
    "html", [b"", b"<html><body></body></html>", f"<ul>{NAV}</ul>".encode(), f"<div>{FOOTER}</div>".encode()]
)
def test_nothing_to_read(html: bytes) -> None:
    assert density.find(Page(html)) is None


@pytest.mark.parametrize(
    "html",
    [
        "<div>" * 1500 + "".join(TEXTS),
        "<span><b>" * 700 + PARAGRAPHS,
        "<div>" + "桥，" * 1_500_000 + "</div>",
        "<div><a href=/x>" + "推荐阅读" * 200_000,
        "<table><tr><td>" * 500 + PARAGRAPHS,
    ],
    ids=["deep", "deep inline", "one line", "one link", "tables in tables"],
)
def test_hostile_pages_cost_no_more_than_their_size(html: str) -> None:
    where = Page(html.encode())
    start = time.process_time()
    density.find(where)
    assert time.process_time() - start < 3


_TAGS = st.sampled_from(["div", "p", "a href=/x", "span", "br", "li", "td", "table", "b", "script", "img src=x", "h1"])


@given(
    st.lists(st.one_of(_TAGS.map(lambda tag: f"<{tag}>"), _TAGS.map(lambda tag: f"</{tag.split()[0]}>"), st.text(max_size=20)))
)
@settings(max_examples=150, deadline=None)
def test_any_markup_is_read(parts: list[str]) -> None:
    where = Page("".join(parts).encode("utf-8", "replace"))
    element = density.find(where)
    assert element is None or element is where.tree or where.tree in element.iterancestors()


@given(st.from_regex(re.compile(density._SELF, re.I)))
def test_the_look_at_one_character_misses_no_furniture(text: str) -> None:
    assert density._FURNITURE.search(text)
