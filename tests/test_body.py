"""What a body's element becomes: paragraphs with their kinds, images with captions, clean HTML."""

from __future__ import annotations

import re
import time
from html.parser import HTMLParser

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newscrawl.extract import body
from newscrawl.extract.page import Page

URL = "http://www.example.cn/local/201905/t20190506_1.htm"
TITLE = "临河市新建的三座过街天桥今天开放通行"
ONE = "河西晚报讯（记者 林一舟）历时七个月，临河市北大街、文化路和车站广场三座过街天桥昨天完成验收，今天早上六点起向市民开放，沿线公交同步恢复停靠。"
TWO = "记者在北大街看到，新桥宽四米五，两侧各装了一部电梯，桥面铺着防滑的橡胶砖，扶手上刻有盲文，方便看不见的人辨认方向，雨天也不容易滑倒。"
THREE = "市政工程处有关负责人介绍，三座天桥共投入一千二百万元，夜间照明由太阳能电池供电，电梯每天五点半开、二十三点半停，由专人在桥下值守和巡查。"


def read(inner: str, *, title: str | None = None, url: str = URL, wrap: str = '<div id="here">{}</div>') -> body.Body:
    where = Page(f"<html><head><meta charset=utf-8></head><body>{wrap.format(inner)}</body></html>".encode(), url)
    return body.read(where, where.ids["here"], title=title)


def kinds(found: body.Body) -> list[tuple[str, str]]:
    return [(paragraph.kind, paragraph.text) for paragraph in found.paragraphs]


def texts(found: body.Body) -> list[str]:
    return [paragraph.text for paragraph in found.paragraphs]


# -- paragraphs


def test_paragraphs_are_joined_by_newlines_and_cleaned() -> None:
    found = read(f"<p>　　{ONE}</p>\n<p>&nbsp;&nbsp;{TWO}  </p><p>　</p><p>三座\n天桥\u200b   开放</p>")
    assert found.text == f"{ONE}\n{TWO}\n三座 天桥 开放"


def test_inline_markup_joins_and_br_parts() -> None:
    found = read(f"　　{ONE}<br><br>　　<span>记者</span><b>看</b>到<font color=red>新桥</font>。<br>　　{THREE}")
    assert texts(found) == [ONE, "记者看到新桥。", THREE]


def test_br_in_a_paragraph_begins_another() -> None:
    assert texts(read(f"<p>　　{ONE}<br>　　{TWO}</p>")) == [ONE, TWO]


def test_text_behind_comments_and_scripts_is_kept() -> None:
    found = read(f"<!--enpcontent-->{ONE}<script>var a = '不是正文';</script><!-- x --><br>{TWO}<style>p{{}}</style>")
    assert texts(found) == [ONE, TWO]


def test_hidden_elements_are_left_out_but_invisible_bodies_are_read() -> None:
    found = read(
        f'<p>{ONE}</p><p style="display: none">藏起来的话。</p><p hidden>也藏起来。</p><p>新<span style="display:none">乱码</span>桥通行。</p>',
        wrap='<div id="here" style="visibility: hidden">{}</div>',
    )
    assert texts(found) == [ONE, "新桥通行。"]


def test_preformatted_lines_are_paragraphs() -> None:
    assert texts(read(f"<pre>{ONE}\n{TWO}</pre>")) == [ONE, TWO]


# -- kinds


@pytest.mark.parametrize("indent", ["　　", ""])
@pytest.mark.parametrize("bold", ["", "strong"])
def test_lead_subheadings_and_captions(indent: str, bold: str) -> None:
    opening, closing = (f"<{bold}>", f"</{bold}>") if bold else ("", "")
    found = read(
        f"<p>{indent}{opening}临河市为行人新建三座过街天桥{closing}</p><p>{indent}{opening}告别绕路，安全过街{closing}</p>"
        f"<p>{indent}{ONE}</p>"
        f'<p align="center"><img src="./W1.jpg"></p><p align="center">北大街天桥外景。</p>'
        f'<p align="center"><img src="./W2.jpg"></p><p align="center">市民乘电梯上桥。</p>'
        f"<p>{indent}{opening}电梯和盲文扶手一应俱全{closing}</p>"
        f"<p>{indent}{TWO}</p><p>{indent}{THREE}</p>"
    )
    assert kinds(found) == [
        ("lead", "临河市为行人新建三座过街天桥"),
        ("lead", "告别绕路，安全过街"),
        ("text", ONE),
        ("caption", "北大街天桥外景。"),
        ("caption", "市民乘电梯上桥。"),
        ("heading", "电梯和盲文扶手一应俱全"),
        ("text", TWO),
        ("text", THREE),
    ]
    assert [(image.url, image.caption) for image in found.images] == [
        ("http://www.example.cn/local/201905/W1.jpg", "北大街天桥外景。"),
        ("http://www.example.cn/local/201905/W2.jpg", "市民乘电梯上桥。"),
    ]


def test_heading_tags_are_headings() -> None:
    found = read(f"<p>{ONE}</p><h3>一、桥有多宽？</h3><p>{TWO}</p>")
    assert kinds(found)[1] == ("heading", "一、桥有多宽？")


@pytest.mark.parametrize("line", ["（记者 林一舟）", "来源：河西晚报", "摄影 林一舟", "这里今天开放了。", "2019"])
def test_short_lines_that_are_no_headings(line: str) -> None:
    assert kinds(read(f"<p>{ONE}</p><p>{line}</p><p>{TWO}</p>"))[1] == ("text", line)


@pytest.mark.parametrize(
    "markup",
    [
        '<p><img src="a.jpg"></p><p><font style="font-size:9pt">{}</font></p>',
        '<center><img src="a.jpg"></center><center>{}</center>',
        '<div style="text-align: center"><img src="a.jpg"></div><div style="text-align: center">{}</div>',
        '<table align=center><tr><td><img src="a.jpg"></td></tr><tr><td>{}</td></tr></table>',
        '<figure><img src="a.jpg"><figcaption>{}</figcaption></figure>',
        '<div class="pic"><img src="a.jpg"><span class="x"><p class="pic-desc">{}</p></span></div>',
        '<p><img src="a.jpg"><br>{}</p>',
    ],
)
def test_ways_to_set_a_caption(markup: str) -> None:
    caption = "夜里的北大街天桥亮起灯来"
    found = read(f"<p>　　{ONE}</p>{markup.format(caption)}<p>　　{TWO}</p><p>　　{THREE}</p>")
    assert ("caption", caption) in kinds(found)
    assert found.images[0].caption == caption
    assert (
        f'<figure><img src="http://www.example.cn/local/201905/a.jpg"><figcaption>{caption}</figcaption></figure>' in found.html
    )


@pytest.mark.parametrize(
    "caption", ["图为建成后的车站广场天桥，桥下是新修的公交站。", "林一舟 摄", "▲施工人员在安装扶手。河西晚报记者 林一舟 摄"]
)
def test_captions_by_their_words(caption: str) -> None:
    found = read(f'<p>{ONE}</p><p><img src="a.jpg"></p><p>　　{caption}</p><p>{TWO}</p>')
    assert found.images[0].caption == caption


def test_paragraph_below_an_image_is_no_caption() -> None:
    found = read(f'<p>　　{ONE}</p><p><img src="a.jpg"></p><p>　　这座桥昨晚亮灯。</p><p>　　{TWO}</p>')
    assert found.images[0].caption is None
    assert ("text", "这座桥昨晚亮灯。") in kinds(found)


def test_two_captions_below_two_images() -> None:
    found = read(
        f"<p>　　{ONE}</p><p align=center><img src=a.jpg></p><p align=center><img src=b.jpg></p>"
        f"<p align=center>北桥外景。</p><p align=center>南桥外景。</p><p>　　{TWO}</p>"
    )
    assert [image.caption for image in found.images] == ["北桥外景。", "南桥外景。"]


def test_photographer_on_a_line_of_his_own() -> None:
    found = read(
        f"<p>　　{ONE}</p><p align=center><img src=a.jpg></p><p align=center>北桥外景。</p><p align=center>林一舟 摄</p><p>　　{TWO}</p>"
    )
    assert found.images[0].caption == "北桥外景。 林一舟 摄"


def test_table_of_data_is_rows_and_a_table_of_layout_is_not() -> None:
    table = "<table><tr><th>桥</th><th>宽</th></tr><tr><td>北大街</td><td>四米五</td></tr><tr><td></td><td><p>四</p><p>米</p></td></tr></table>"
    found = read(f"<table><tr><td><p>{ONE}</p>{table}<p>{TWO}</p></td></tr></table>")
    assert kinds(found) == [("text", ONE), ("row", "桥\t宽"), ("row", "北大街\t四米五"), ("row", "四 米"), ("text", TWO)]
    assert (
        "<table><tr><td><strong>桥</strong></td><td><strong>宽</strong></td></tr><tr><td>北大街</td><td>四米五</td></tr>"
        "<tr><td></td><td>四<br>米</td></tr></table>"
    ) in found.html


# -- images


@pytest.mark.parametrize(
    ("attributes", "wanted"),
    [
        ('src="./W2019.jpg"', "http://www.example.cn/local/201905/W2019.jpg"),
        (
            'src="data:image/gif;base64,R0lGOD" data-src="//img.example.cn/640?wx_fmt=jpeg"',
            "http://img.example.cn/640?wx_fmt=jpeg",
        ),
        ('src="/img/grey.gif" data-original="/p/a.jpg"', "http://www.example.cn/p/a.jpg"),
        ('src="/img/blank.gif" data-echo="/p/a.png"', "http://www.example.cn/p/a.png"),
        ('src="/p/微信图片_20190506.jpg"', "http://www.example.cn/p/微信图片_20190506.jpg"),
        ('src="javascript:alert(1)"', None),
        ('src="/img/share_weixin.png"', None),
        ('src="/img/icon.gif"', None),
        ('src="/p/qrcode.jpg"', None),
        ('src="/img/space.gif"', None),
        ('src="/p/a.jpg" width="1" height="1"', None),
        ('src="/p/a.jpg" style="width:16px;height:16px"', None),
        ('src="data:image/png;base64,AAAA"', None),
        ("alt=x", None),
    ],
)
def test_image_addresses(attributes: str, wanted: str | None) -> None:
    assert [image.url for image in read(f"<p>{ONE}</p><p><img {attributes}></p><p>{TWO}</p>").images] == (
        [wanted] if wanted else []
    )


def test_images_keep_their_order_and_stand_once() -> None:
    found = read(f"<p><img src=b.jpg></p><p>{ONE}</p><p><img src=a.jpg></p><p><img src=b.jpg></p><p>{TWO}<img src=c.jpg>完。</p>")
    assert [image.url.rsplit("/", 1)[1] for image in found.images] == ["b.jpg", "a.jpg", "c.jpg"]
    assert texts(found) == [ONE, f"{TWO}完。"]


# -- what is no body


@pytest.mark.parametrize(
    "line",
    [
        "<p>【责任编辑：苏小雨】</p>",
        "<div>责任编辑：苏小雨</div>",
        "<p>初审编辑：苏小雨 责任编辑：秦天</p>",
        '<div class="zan">【纠错】 责任编辑： 苏小雨</div>',
    ],
)
def test_editor_lines_become_credits(line: str) -> None:
    found = read(f"<p>{ONE}</p><p>{TWO}</p>{line}")
    assert texts(found) == [ONE, TWO]
    assert len(found.credits) == 1
    assert "苏小雨" in found.credits[0]


@pytest.mark.parametrize(
    "line",
    [
        "市民可关注“临河发布”微信公众号了解详情。",
        "凡在桥上经营的摊点，须在五月底前搬离。",
        "咨询电话：0000-1234567。",
        "临河市市政工程处",
        "2019年5月6日",
        "（完）",
    ],
)
def test_last_lines_that_are_body(line: str) -> None:
    assert texts(read(f"<p>{ONE}</p><p>{TWO}</p><p>{line}</p>")) == [ONE, TWO, line]


@pytest.mark.parametrize(
    "line",
    ["（记者 林一舟）", "来源：临河公交", "河西晚报发（林一舟摄）", "采写：河西晚报记者 林一舟", "（资料来源：市政工程处）"],
)
def test_lines_of_authors_and_sources_stay(line: str) -> None:
    assert texts(read(f"<p>{ONE}</p><p>{TWO}</p><p>{line}</p>")) == [ONE, TWO, line]


@pytest.mark.parametrize(
    "furniture",
    [
        "<p>（原标题：三座天桥通行）</p>",
        '<div class="pages"><a href=1.htm>【1】</a> <a href=2.htm>【2】</a></div>',
        "<center>上一页 1 2 3 下一页</center>",
        '<p><a href="/zt/">点击进入专题：临河交通</a></p>',
        '<p class="share">分享让更多人看到</p>',
        "<div>分享到：</div>",
        "<p>版权声明：凡本网注明来源为河西晚报的作品，未经授权不得转载。</p>",
        "<p>（本文来自河西晚报，更多原创资讯请下载“河西晚报”客户端）</p>",
        "<p>以上内容为平台用户上传并发布，不代表本网立场。</p>",
        "<p><img src=/p/ewm.jpg></p><p>长按识别二维码关注我们</p>",
        "<p>推荐阅读</p><ul><li><a href=/1.htm>文化路将封闭施工两个月</a></li><li><a href=/2.htm>第三小学门口要建天桥</a></li></ul>",
        "<p>相关新闻：<a href=/1.htm>文化路将封闭施工两个月</a></p>",
        "<br><b><a href=/1.htm>文化路将封闭施工两个月</a></b><br><br><b><a href=/2.htm>第三小学门口要建天桥</a></b>",
        "<form><input name=a>登录后发表看法</form>",
        "<p>相关链接</p>",
        "<p>（原标题《三座天桥通行》）</p>",
        "<p>本文为河西晚报原创文章，转载请附上原文出处链接。</p>",
        "<div>字体大小： <a>大</a> <a>中</a> <a>小</a> 我要评论(0) 收藏 打印</div>",
        '<div class="mood"><p>您看到此篇文章时的感受是：</p><ul><li>支持 0</li><li>高兴 0</li></ul></div>',
        "<p>- END -</p><p>欢迎关注河西晚报微信公众号</p>",
        "<p>图片来自网络，如有侵权请联系删除</p>",
        "<p><strong>今日要闻</strong></p><p><a href=/1.htm>文化路将封闭施工两个月</a></p><p><a href=/2.htm>第三小学门口要建天桥</a></p>",
    ],
)
def test_furniture_below_a_body_is_left_out(furniture: str) -> None:
    found = read(f"<p>{ONE}</p><p>{TWO}</p>{furniture}")
    assert texts(found) == [ONE, TWO]
    assert found.images == []


def test_makers_beside_an_editor_line_are_credits_too() -> None:
    found = read(f"<p>{ONE}</p><p>{TWO}</p><p>统筹丨秦天</p><p>编辑丨苏小雨</p><p>设计：林一舟</p>")
    assert texts(found) == [ONE, TWO]
    assert found.credits == ["编辑丨苏小雨", "统筹丨秦天", "设计：林一舟"]
    # Alone it may be what the article is about.
    assert texts(read(f"<p>{ONE}</p><p>{TWO}</p><p>设计：林一舟</p>")) == [ONE, TWO, "设计：林一舟"]


def test_title_and_byline_above_a_body_are_left_out() -> None:
    found = read(
        f"<p>您当前的位置：首页 &gt; 本地</p><h1>{TITLE}</h1><p>2019-05-06 09:12 来源：河西晚报 作者：林一舟</p><p>【字体：大 中 小】</p><p>{ONE}</p><p>{TWO}</p>",
        title=TITLE,
    )
    assert texts(found) == [ONE, TWO]


def test_call_to_follow_and_player_above_a_body_are_left_out() -> None:
    found = read(f"<p>点击上方蓝字关注我们</p><div>听全文 00:00 / 03:21</div><p>{ONE}</p><p>{TWO}</p>")
    assert texts(found) == [ONE, TWO]


def test_bold_title_above_a_body_is_left_out_before_the_title_is_known() -> None:
    head = f"<head><title>{TITLE}_河西网</title></head>"
    page = Page(f"<html>{head}<div id=here><p><b>{TITLE}</b></p><p>{ONE}</p><p>{TWO}</p></div>".encode(), URL)
    assert texts(body.read(page, page.ids["here"])) == [ONE, TWO]


def test_date_below_a_notice_stays() -> None:
    assert (
        texts(read("<p>各社区：</p><p>五月八日停水，请提前储水。</p><p>临河市供水公司</p><p>2019年5月6日</p>"))[-1]
        == "2019年5月6日"
    )


def test_links_in_running_text_and_to_attachments_stay() -> None:
    found = read(
        f'<p><a href="/t/">北大街</a>的{ONE}</p><p>{TWO}</p><p><a href="/f/1.docx">附件1：天桥一览表</a></p><p><a href="/f/2.pdf">附件2：施工图</a></p>'
    )
    assert texts(found) == [f"北大街的{ONE}", TWO, "附件1：天桥一览表", "附件2：施工图"]


def test_body_all_of_links_is_kept() -> None:
    assert texts(read(f"<p><a href=/1>{ONE}</a></p><p><a href=/1>{TWO}</a></p>")) == [ONE, TWO]


def test_names_that_mislead_are_not_believed() -> None:
    assert texts(read(f'<div class="share comment"><p>{ONE}</p><p>{TWO}</p></div><p>市民热议。</p>')) == [ONE, TWO, "市民热议。"]


def test_removed_elements() -> None:
    where = Page(f'<div id="here"><p>{ONE}</p><p id="x">不要这段话。</p><p>{TWO}</p></div>'.encode(), URL)
    found = body.read(where, where.ids["here"], remove=[where.ids["x"]])
    assert texts(found) == [ONE, TWO]


def test_nothing_in_it() -> None:
    found = read("")
    assert (found.paragraphs, found.html, found.images, found.credits) == ([], "", [], [])


# -- html


def test_html_of_a_body() -> None:
    found = read(
        f"<h2>一、桥</h2><p>{ONE}</p><blockquote><p>{TWO}</p></blockquote><ul><li>北桥</li><li>南<b>桥</b></li></ul>"
        f'<p>见<a href="/t/1.htm" onclick="x()"><b>详情</b> 和</a><i>图</i>，&lt;b&gt;。</p>'
    )
    assert found.html == (
        f"<h2>一、桥</h2><p>{ONE}</p><blockquote><p>{TWO}</p></blockquote><ul><li>北桥</li><li>南<strong>桥</strong></li></ul>"
        '<p>见<a href="http://www.example.cn/t/1.htm"><strong>详情</strong></a> <a href="http://www.example.cn/t/1.htm">和</a><em>图</em>，&lt;b&gt;。</p>'
    )


_ALLOWED = {
    "p": set(), "h2": set(), "h3": set(), "figure": set(), "img": {"src", "alt"}, "figcaption": set(), "table": set(), "tr": set(),
    "td": set(), "th": set(), "ul": set(), "ol": set(), "li": set(), "blockquote": set(), "strong": set(), "em": set(), "a": {"href"}, "br": set(),
}  # fmt: skip


class _Checker(HTMLParser):
    """Fails on anything that is not on the white list, and on tags that do not match."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag in _ALLOWED
        for name, value in attrs:
            assert name in _ALLOWED[tag]
            if name in ("href", "src"):
                assert value is not None
                assert re.match(r"https?://", value)
        if tag not in ("img", "br"):
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_comment(self, data: str) -> None:
        raise AssertionError(data)

    handle_decl = handle_pi = unknown_decl = handle_comment


def check(html: str) -> None:
    checker = _Checker()
    checker.feed(html)
    checker.close()
    assert checker.open == []


_NASTY = st.sampled_from(
    [
        "<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "<a href='javascript:alert(1)'>点我</a>", "<a href=' jAvAsCrIpT:alert(1)'>点</a>",
        '<a href="http://a.cn/&quot;onmouseover=&quot;x">桥</a>', "<a href='data:text/html,x'>数</a>", '<img src="http://a.cn/a.jpg" alt="&quot;><script>x</script>">',
        "<svg onload=alert(1)>", "<iframe src=//a.cn>", "&lt;script&gt;alert(1)&lt;/script&gt;", "<style>p{}</style>", "<math><mi>x</mi></math>",
        '<p style="background:url(javascript:x)">三座天桥今天开放，市民走上新桥。</p>', "<td>桥</td><td>宽</td>", "<table><tr><td>甲<td>乙<tr><td>丙<td>丁</table>",
        "<ul><li>北桥<li>南桥</ul>", "<blockquote>引用", "</blockquote>", "<h2>桥</h2>", "<b>", "</b>", "<em>", "<br>", "<div>", "</div>", "<p>", "<!-- --><!--[if IE]>",
        '<img src="HTTP://a.cn/b.jpg">', "<img src='//a.cn/c.jpg'><p>图为新桥。林一舟 摄</p>", "<![CDATA[x]]>", "<?php x ?>", '<a href="//a.cn/\\">反斜线</a>', "\x00",
    ]
)  # fmt: skip


@given(st.lists(st.one_of(_NASTY, st.text(max_size=30)), max_size=25), st.sampled_from([URL, ""]))
@settings(max_examples=300, deadline=None)
def test_html_holds_nothing_that_runs(parts: list[str], url: str) -> None:
    where = Page(f"<div id=here>{''.join(parts)}".encode("utf-8", "replace"), url)
    element = where.ids.get("here")
    if element is None:
        return
    found = body.read(where, element)
    check(found.html)
    for paragraph in found.paragraphs:
        assert paragraph.text.strip() == paragraph.text != ""
        assert "\n" not in paragraph.text
    for image in found.images:
        assert url == "" or re.match(r"https?://", image.url)


@pytest.mark.parametrize(
    "inner",
    [
        "<div>" * 1500 + ONE,
        "<b><a href=/x>" * 700 + ONE,
        "桥，" * 1_500_000,
        "<p><a href=/x>推荐阅读：</a>" * 20_000,
        "<p><a href=/x>新建三座天桥</a><p>今天开放" * 10_000,
        "<p>推荐阅读<a href=/x>天桥</a>" * 10_000,
        "<table><tr><td>桥" * 450,
        "<br>".join(["上一页 1 2 3"] * 20_000),
        "<img src=a.jpg><p>图为桥" * 10_000,
    ],
    ids=["deep", "deep inline", "one line", "links", "links and words", "headings", "tables in tables", "pagers", "captions"],
)
def test_hostile_bodies_cost_no_more_than_their_size(inner: str) -> None:
    where = Page(f"<div id=here>{inner}".encode(), URL)
    start = time.process_time()
    found = body.read(where, where.ids["here"])
    assert time.process_time() - start < 5
    check(found.html)


# -- a list of credits below the text


def test_source_and_author_right_above_an_editor_line_are_of_one_list() -> None:
    found = read(f"<p>{ONE}</p><p>{TWO}</p><p>来源：河西时刻</p><p>作者：林一舟 邹雨水</p><p>编辑：宋佳</p>")
    assert texts(found) == [ONE, TWO]
    assert found.credits == ["作者：林一舟 邹雨水", "来源：河西时刻", "编辑：宋佳"]


def test_source_and_author_alone_stay_in_the_text() -> None:
    found = read(f"<p>{ONE}</p><p>{TWO}</p><p>来源：河西时刻</p><p>作者：林一舟</p>")
    assert texts(found) == [ONE, TWO, "来源：河西时刻", "作者：林一舟"]
