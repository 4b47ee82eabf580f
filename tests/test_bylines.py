"""Bylines: labelled lines in every order, names, editor lines, and people credited within the body."""

from __future__ import annotations

import re
import time
from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newscrawl.days import SHANGHAI
from newscrawl.extract import bylines

NOW = datetime(2026, 3, 1, 12, tzinfo=SHANGHAI)


def read(text: str) -> tuple[str | None, str | None, str, str]:
    """published, source, authors and editors in one row."""
    line = bylines.read(text, NOW)
    return (
        line.published.iso() if line.published else None,
        line.source,
        " ".join(line.authors),
        " ".join(f"{e.role}:{e.name}" for e in line.editors),
    )


@pytest.mark.parametrize(
    ("text", "published", "source", "authors", "editors"),
    [
        ("2019-03-08 09:15:00 来源: 海城网·海城晚报 作者: 林悦", "2019-03-08T09:15:00+08:00", "海城网·海城晚报", "林悦", ""),
        ("来源：海城网-文化频道 2019年03月08日09:15", "2019-03-08T09:15:00+08:00", "海城网-文化频道", "", ""),
        ("2019-03-08 09:15来源：海城日报作者：林悦编辑：宋佳", "2019-03-08T09:15:00+08:00", "海城日报", "林悦", "编辑:宋佳"),
        (
            "发布时间：2019-03-08 09:15 来源：市水务局 责任编辑：宋佳 字体：大 中 小 打印 分享 点击数：123 阅读",
            "2019-03-08T09:15:00+08:00", "市水务局", "", "责任编辑:宋佳",
        ),
        ("来源：海城日报 | 作者：林悦 | 2019-03-08", "2019-03-08T00:00:00+08:00", "海城日报", "林悦", ""),
        ("更新时间：2019-03-09 10:00 发布时间：2019-03-08 09:00 稿源：海城网", "2019-03-08T09:00:00+08:00", "海城网", "", ""),
        ("信息来源：海城日报 浏览次数：123 次 字号：[ 大 中 小 ]", None, "海城日报", "", ""),
        ("来源于：东山街道办事处", None, "东山街道办事处", "", ""),
        ("文章来源：海城科技报 林悦", None, "海城科技报", "林悦", ""),
        ("来源：人民日报 海外版", None, "人民日报 海外版", "", ""),
        ("来源：海洋网-《海洋日报》", None, "海洋网-《海洋日报》", "", ""),
        ("来源：《海洋日报》", None, "海洋日报", "", ""),
        ("来源：海城都市报(北湖)", None, "海城都市报(北湖)", "", ""),
        ("来源：http://www.example.com/a.htm 海城网", None, "海城网", "", ""),
        ("来源：海城新闻网参与互动(12)", None, "海城新闻网", "", ""),
        ("海城新闻记者 林悦 2019-03-08 09:15 来源：海城新闻", "2019-03-08T09:15:00+08:00", "海城新闻", "林悦", ""),
        ("海城日报-水波网 2019-03-08 作者：记者 林悦 通讯员 王岩 摄影报道", "2019-03-08T00:00:00+08:00", "海城日报-水波网", "林悦 王岩", ""),
        ("作者：海城科学报记者 林悦 来源：海城科学报", None, "海城科学报", "林悦", ""),
        ("海经记者：林悦 海经编辑：宋佳", None, None, "林悦", "编辑:宋佳"),
        ("文/林悦 编辑/宋佳", None, None, "林悦", "编辑:宋佳"),
        ("作者：市图书馆 来源：", None, None, "市图书馆", ""),
        ("发布机构：海城市人民政府 信息来源：市财政局", None, "市财政局", "", ""),
    ],
)  # fmt: skip
def test_read_finds_every_labelled_value(
    text: str, published: str | None, source: str | None, authors: str, editors: str
) -> None:
    assert read(text) == (published, source, authors, editors)


@pytest.mark.parametrize(
    ("text", "authors", "reporters", "correspondents"),
    [
        ("作者：记者商羽 通讯员 王小", "商羽 王小", "商羽", "王小"),
        ("作者：记者 商羽 通讯员 王小", "商羽 王小", "商羽", "王小"),
        ("来源：海城日报 作者：本报记者商羽 编辑：宋佳", "商羽", "商羽", ""),
        ("作者：海城日报记者商羽", "商羽", "商羽", ""),
        ("作者：通讯员商羽", "商羽", "", "商羽"),
    ],
)
def test_read_names_the_reporters_of_an_author_value(text: str, authors: str, reporters: str, correspondents: str) -> None:
    found = bylines.read(text, NOW)
    assert (found.authors, found.reporters, found.correspondents) == (authors.split(), reporters.split(), correspondents.split())


@pytest.mark.parametrize("text", ["作者：记者之家", "作者：记者站", "作者：记者手记", "作者：记者", "作者：张三丰 记者观察"])
def test_read_takes_no_word_behind_reporter_for_a_name(text: str) -> None:
    assert bylines.read(text, NOW).reporters == []


@pytest.mark.parametrize(
    "text",
    [
        "来源：   作者：",
        "来源： 作者： 责任编辑：",
        "来源： 点击数：123",
        "2019-03-08 来源： 【字体：大 中 小】 浏览：3",
        "来源：本站原创 作者：admin",
        "来源：互联网 作者：佚名",
        "来源：- 作者：/",
        "信息来源于网络，如有侵权请联系",
        "来源： 打印",
        "",
    ],
)
def test_a_label_without_a_value_gives_nothing(text: str) -> None:
    line = bylines.read(text, NOW)
    assert line.source is None
    assert line.authors == []
    assert line.editors == []


@pytest.mark.parametrize(
    ("text", "source"),
    [
        ("2019-03-08 09:15 海城网", "海城网"),
        ("海城日报 | 2019年03月08日 09:15 | 编辑：宋佳", "海城日报"),
        ("2019年03月08日 09:15 浪花综合 微博 我有话说(23人参与)", "浪花综合"),
        ("2019-03-08 09:15 关于召开座谈会的通知", None),
        ("海城网 > 新闻 > 正文 2019-03-08 09:15", None),
        ("海城网", None),
        ("林悦 2019-03-08 09:15", None),
    ],
)
def test_a_source_without_a_label_is_taken_beside_a_date_only(text: str, source: str | None) -> None:
    assert bylines.read(text, NOW).source == source


@pytest.mark.parametrize(
    ("text", "authors"),
    [
        ("2019-03-08 文/图：林悦 来源：海城晚报", "林悦"),
        ("2019-03-08 图/文：林悦 宋佳", "林悦 宋佳"),
        ("作者：林悦 摄影 宋佳 2019-03-08", "林悦"),
        ("文/海城晚报·北湖视频记者：林悦 图/宋佳", "林悦"),
        ("来源：海城晚报 作者： 版权声明 2019-03-08", ""),
    ],
)
def test_labels_that_stand_together(text: str, authors: str) -> None:
    assert " ".join(bylines.read(text, NOW).authors) == authors


def test_reporters_of_a_byline_are_its_authors_where_none_is_named() -> None:
    line = bylines.read("2019-03-08 来源：海城晚报 记者 林悦 通讯员 王岩", NOW)
    assert (line.authors, line.reporters, line.correspondents) == (["林悦"], ["林悦"], ["王岩"])
    line = bylines.read("来源：海城晚报 记者：林悦 作者：王岩", NOW)
    assert (line.authors, line.reporters) == (["王岩"], ["林悦"])


@pytest.mark.parametrize(
    ("text", "source"),
    [
        ("来源：海城网", "海城网"),
        ("海城网", "海城网"),
        ("来源：北方+", "北方+"),
        ("来源：海城网 · 北湖", "海城网 · 北湖"),
        ("來源：海城報", "海城報"),
        ("来源：海城网 下载客户端", "海城网"),
        ("（来源：海城网）", "海城网"),
        ("来源：", None),
        ("本网", None),
        ("阅读：33", None),
        ("12", None),
    ],
)
def test_source_reads_a_value_with_or_without_its_label(text: str, source: str | None) -> None:
    assert bylines.source(text) == source


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("林悦 宋佳", "林悦|宋佳"),
        ("林悦、王岩，宋佳;赵一鸣", "林悦|王岩|宋佳|赵一鸣"),
        ("本报记者 王岩", "王岩"),
        ("记者 林悦 通讯员 王岩", "林悦|王岩"),
        ("海城社记者林悦 摄", "林悦"),
        ("林 悦 王一鸣", "林悦|王一鸣"),
        ("林 小 悦", "林小悦"),
        ("欧阳 一鸣", "欧阳一鸣"),
        ("林悦和王岩", "林悦|王岩"),
        ("林和平", "林和平"),
        ("林悦 文/图", "林悦"),
        ("林悦/文 王岩/图", "林悦|王岩"),
        ("林悦 海城报道", "林悦"),
        ("林悦（实习生 王岩）", "林悦|王岩"),
        ("作者：林悦（海城大学教授）", "林悦"),
        ("艾力·买买提 林悦", "艾力·买买提|林悦"),
        ("By Jane Doe and John Smith", "Jane Doe|John Smith"),
        ("林悦_NF1234", "林悦_NF1234"),
        ("宣传部", "宣传部"),
        ("市水务局 林悦", "林悦"),
        ("高峰", "高峰"),
        ("林悦 PN052", "林悦"),
        ("海城管理员", ""),
        ("admin", ""),
        ("编辑", ""),
        ("佚名", ""),
        ("2019-03-08", ""),
        ("作者：", ""),
    ],
)
def test_names(text: str, names: str) -> None:
    assert "|".join(bylines.names(text)) == names


@pytest.mark.parametrize(
    ("text", "editors"),
    [
        ("[责任编辑：宋佳]", "责任编辑:宋佳"),
        ("（责编：宋佳、林悦）", "责编:宋佳 责编:林悦"),
        ("初审编辑:林悦 责任编辑:宋佳", "初审编辑:林悦 责任编辑:宋佳"),
        ("责任编辑：林小悦校对：宋佳", "责任编辑:林小悦 校对:宋佳"),
        ("编辑：林悦 校对：宋佳 审核：王岩 监制：赵一鸣", "编辑:林悦 校对:宋佳 审核:王岩 监制:赵一鸣"),
        ("一审｜林悦 二审｜宋佳", "一审:林悦 二审:宋佳"),
        ("编辑 林悦 审核 宋佳", "编辑:林悦 审核:宋佳"),
        ("责 编：林悦 校 对：宋佳", "责编:林悦 校对:宋佳"),
        ("编辑/校对：林悦", "编辑/校对:林悦"),
        ("责任编辑：林悦_NN1234", "责任编辑:林悦_NN1234"),
        ("责任编辑：NF041", "责任编辑:NF041"),
        ("【责任编辑:林悦 】 【纠错】", "责任编辑:林悦"),
        ("责任编辑：林悦 我要纠错 相关新闻 海城又下雨", "责任编辑:林悦"),
        ("（责任编辑：林悦 linyue@example.com）", "责任编辑:林悦"),
        ("海经编辑 林悦", "编辑:林悦"),
        ("总监制：林悦 执行主编：宋佳 美编：王岩 统筹：赵一鸣", "总监制:林悦 执行主编:宋佳 美编:王岩 统筹:赵一鸣"),
        ("责任编辑：田野", "责任编辑:田野"),
        ("[责任编辑：林悦 PN052]", "责任编辑:林悦"),
        ("编辑：林悦纠错：0535-123", "编辑:林悦"),
        ("一审一校：林悦 二审二校：宋佳", "一审一校:林悦 二审二校:宋佳"),
        ("编校：林悦 审核人：宋佳 终审发布：王岩", "编校:林悦 审核人:宋佳 终审发布:王岩"),
        ("栏目主编：林悦 文字编辑：宋佳 题图来源：图虫", "栏目主编:林悦 文字编辑:宋佳"),
        ("責任編輯：林悅 審核：宋佳", "責任編輯:林悅 審核:宋佳"),
        ("责任编辑：", ""),
        ("编辑部设在海城", ""),
        ("责任编辑：admin", ""),
        ("发布者：海城网管理员", ""),
        ("制作：海城日报社", ""),
    ],
)
def test_editors(text: str, editors: str) -> None:
    assert " ".join(f"{e.role}:{e.name}" for e in bylines.editors(text)) == editors


@pytest.mark.parametrize(
    ("text", "reporters", "correspondents"),
    [
        ("海城网讯 (记者 林悦 通讯员 宋佳)为落实规划,", "林悦", "宋佳"),
        ("本报讯（记者林悦、宋佳 通讯员王某）昨天，", "林悦 宋佳", "王某"),
        ("海城社北湖3月8日电 （记者林悦）会议", "林悦", ""),
        ("海新网北湖3月8日电(林悦 宋佳)市气象台", "林悦 宋佳", ""),
        ("海城网3月8日讯（记者林悦整合）", "林悦", ""),
        ("本报讯（文/视频 全媒体记者 林小悦 实习生 宋佳 通讯员 王岩）", "林小悦 宋佳", "王岩"),
        ("（见习记者 林悦 首席记者 宋佳）", "林悦 宋佳", ""),
        ("（海城日报记者林悦 北湖日报记者宋佳）", "林悦 宋佳", ""),
        ("（记者 扎西次仁 艾力·买买提）", "扎西次仁 艾力·买买提", ""),
        ("（记者 林 悦 通讯员 宋 小 佳）", "林悦", "宋小佳"),
        ("（记者林悦和宋佳佳）", "林悦 宋佳佳", ""),
        ("（通讯员 市公安局 林悦）", "", "林悦"),
        ("（通讯员 海卫宣）", "", "海卫宣"),
        ("（参与记者：林悦、宋佳）", "林悦 宋佳", ""),
        ("活动现场。海城社记者 林悦 摄", "林悦", ""),
        ("图为列车驶出车站。 通讯员林悦 摄", "", "林悦"),
        ("采写：海都见习记者 林悦", "林悦", ""),
        ("文/图 海城晚报记者 林悦 通讯员 宋佳", "林悦", "宋佳"),
        ("□ 本报记者 林悦", "林悦", ""),
        ("海青报·海青网记者 林悦 来源：海城青年报", "林悦", ""),
        ("海城社记者林小悦、宋佳、王岩", "林小悦 宋佳 王岩", ""),
        ("海经记者：林悦 海经编辑：宋佳", "林悦", ""),
        ("【记者】林悦 【通讯员】宋佳", "林悦", "宋佳"),
        ("海城商报记者 林悦 宋佳 摄影报道", "林悦 宋佳", ""),
        ("本报记者 林悦 北湖报道", "林悦", ""),
        ("海城网记者林大江/摄影报道", "林大江", ""),
        ("海城晚报讯 记者林小悦从市教育局获悉，", "林小悦", ""),
        ("昨天，本报记者林小悦在现场看到，", "林小悦", ""),
        ("记者 林悦 摄影 宋佳", "林悦", ""),
        ("海城网3月8日电（林悦、实习生王岩）市气象台", "林悦 王岩", ""),
        ("海城晚报/北湖新闻记者 林悦 通讯员 王岩", "林悦", "王岩"),
        ("（记者 高峰）", "高峰", ""),
        ("【本報記者林悅、通訊員宋佳報道】", "林悅", "宋佳"),
    ],
)
def test_people_credited_in_the_body(text: str, reporters: str, correspondents: str) -> None:
    assert [" ".join(people) for people in bylines.in_text([text])] == [reporters, correspondents]


@pytest.mark.parametrize(
    "text",
    [
        "记者从市人社局了解到，本次活动共举办17场。",
        "记者8日从市水务局获悉，",
        "记者看到，现场秩序良好。",
        "据记者了解，高温天气仍将持续。",
        "有记者问：请介绍有关情况。",
        "部长在记者会上表示，",
        "记者来到安徽省一座小城。",
        "他告诉记者，王明和家人都好。",
        "他告诉记者，王明。",
        "多名记者 林悦也在现场采访",
        "《海城》杂志女记者林悦被打",
        "他曾任海城社记者 林悦是他的同事",
        "据《海城日报》记者林悦报道",
        "昨天，记者林小悦在现场看到，",
        "记者：您怎么看？",
        "记者：谢谢",
        "（记者手记）",
        "（记者连线）",
        "（记者从现场获悉，活动将持续）",
        "本报记者采访整理",
        "记者供图",
        "（评论员 林悦）",
        "（林悦）",
        "城市摄影队 林悦 摄",
        "海城社记者",
    ],
)
def test_reporters_without_a_credit_are_none(text: str) -> None:
    assert bylines.in_text([text]) == ([], [])


def test_people_of_several_paragraphs_keep_their_order_and_stand_once() -> None:
    paragraphs = ["本报讯（记者 林悦 宋佳）昨天，", "记者看到，现场热闹。", "现场。记者 宋佳 摄", "（通讯员 王岩）"]
    assert bylines.in_text(paragraphs) == (["林悦", "宋佳"], ["王岩"])


@pytest.mark.parametrize(
    ("paragraphs", "names"),
    [
        (["正文。", "这是英雄的城！（评论员 林悦 宋佳）"], "林悦 宋佳"),
        (["文/林悦", "正文。"], "林悦"),
        (["正文。", "（作者：林悦，系海城大学教授）"], "林悦"),
        (["撰文 | 林悦"], "林悦"),
        (["（林悦）"], ""),
        (["（作者系海城大学教授）"], ""),
        (["作者：写下这些话时，他哭了。"], ""),
        ([], ""),
    ],
)
def test_signatures(paragraphs: list[str], names: str) -> None:
    assert " ".join(bylines.signatures(paragraphs)) == names


@pytest.mark.parametrize(
    "text",
    [
        "责任编辑：林悦",
        "责任编辑：",
        "[编辑:林悦]",
        "（责编：林悦、宋佳）",
        "初审编辑:林悦",
        "编辑 林悦 审核 宋佳",
        "来源：海城网 作者：王岩 编辑：宋佳",
        "编辑/林悦",
        "策划：林悦 编辑：小猫不睡觉",
        "海京报记者 林悦 编辑 宋佳 校对 王岩",
        "一审丨林悦 二审丨宋佳 三审丨王岩",
        "值班主任：林小悦",
        "责任编辑：林悦_NN1234",
        "责任编辑：宋佳 电话：0631-0000000",
        "审核：宣传部",
        "责编：海城市融媒体中心",
    ],
)
def test_editor_lines_are_credits(text: str) -> None:
    assert bylines.is_credit(text)


@pytest.mark.parametrize(
    "text",
    [
        "（记者 林悦）",
        "（林悦）",
        "来源：海城交警",
        "海青报记者林悦 来源：海城青年报",
        "他担任责任编辑已有二十年，审核过上千篇稿子。",
        "编辑：您怎么看这个问题？",
        "审核：通过率达到90%，比去年提高。",
        "责任人：各区人民政府，完成时限：2019年底前。",
        "一审：驳回原告的全部诉讼请求",
        "设计：某某公司",
        "编辑部设在北湖。",
        "文/林悦",
        "",
    ],
)
def test_body_text_is_no_credit(text: str) -> None:
    assert not bylines.is_credit(text)


@pytest.mark.parametrize(
    "text",
    [
        "（原标题：海城举行春季招聘会）",
        "【纠错】",
        "分享到：微信 微博 QQ空间",
        "[打印本页] [关闭窗口]",
        "上一篇：海城下雨了",
        "下一篇：没有了",
        "微信扫一扫 关注我们",
        "免责声明：本网所刊载信息不代表本网观点。",
        "本文仅代表作者个人观点，与本网无关",
        "凡本网注明“来源：海城网”的作品，未经授权不得转载。",
        "更多精彩内容请关注海城网",
        "点击进入专题",
        "相关链接：",
        "字体： 大 中 小",
        "海城网声明：凡本网注明来源的作品，版权均属海城网。",
        "点击海城发布关注我们",
        "点点赞",
    ],
)
def test_what_belongs_to_the_page_is_furniture(text: str) -> None:
    assert bylines.is_furniture(text)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("字体大小： 大 中 小 我要评论(0) 收藏 打印", True),
        ("听全文 00:00 / 03:21", True),
        ("视频加载中...", True),
        ("第12届", False),
        ("2019", False),
    ],
)
def test_rows_of_buttons(text: str, told: bool) -> None:
    assert bylines.is_toolbar(text) is told


@pytest.mark.parametrize(
    "text",
    [
        "更多的人加入进来，他们说。",
        "分享会上，他讲了三点。",
        "声明：双方愿意加强合作",
        "打印机行业迎来复苏",
        "相关新闻发布会昨天举行",
        "17场推介会",
        "2019",
        "大",
        "",
    ],
)
def test_body_text_is_no_furniture(text: str) -> None:
    assert not bylines.is_furniture(text)


PIECES = (
    "来源：", "来 源:", "作者 ", "作者：", "责任编辑：", "编辑/", "记者", "记 者 ", "通讯员", "（", "）", "(", "【", "】", "[", "《", "“", "：", " ", "\n", "\u3000",
    "林悦", "王 岩", "欧阳", "和", "、", "·", "海城网", "2019-03-08 09:15", "点击数：12", "摄", "文/图", "讯", "电（", "http://a.cn/b", "a@b.cn", "\ufffd", "\ud800",
)  # fmt: skip
LINES = st.one_of(st.text(max_size=200), st.lists(st.sampled_from(PIECES), max_size=40).map("".join))


@given(LINES)
def test_whatever_the_text_values_are_clean_and_stand_once(text: str) -> None:
    line = bylines.read(text, NOW)
    reporters, correspondents = bylines.in_text([text, text])
    for values in (
        line.authors,
        line.reporters,
        line.correspondents,
        reporters,
        correspondents,
        bylines.names(text),
        bylines.signatures([text]),
    ):
        assert len(set(values)) == len(values)
        assert all(value and value == value.strip() for value in values)
    for editors in (line.editors, bylines.editors(text)):
        assert len({(e.role, e.name) for e in editors}) == len(editors)
        assert all(e.name and e.role and e.name == e.name.strip() for e in editors)
    for source in (line.source, bylines.source(text)):
        assert source is None or (source and source == source.strip())
    assert bylines.is_credit(text) in (True, False)
    assert bylines.is_furniture(text) in (True, False)


@pytest.mark.parametrize(
    "piece",
    [
        "记者 ",
        "记者张三从",
        "（记者 ",
        "（",
        "编辑/",
        "编辑：张三 ",
        "评论 ",
        "摄影报道",
        "张 ",
        "《",
        "】",
        "来源：",
        "a@",
        "http://",
        "张·",
        "电（张三 ",
        "责任",
        "网 ",
    ],
)
def test_hostile_lines_are_read_in_linear_time(piece: str) -> None:
    text = piece * (200_000 // len(piece))
    start = time.perf_counter()
    bylines.read(text, NOW)
    bylines.names(text)
    bylines.editors(text)
    bylines.source(text)
    bylines.is_credit(text)
    bylines.is_furniture(text)
    bylines.is_toolbar(text)
    bylines.signatures([text])
    bylines.in_text([text])
    assert time.perf_counter() - start < 2


@given(st.from_regex(bylines._ANY_LABEL))
def test_the_look_at_one_character_misses_no_label(text: str) -> None:
    found = [(match.span(), match.lastgroup) for match in re.finditer(bylines._ANY_LABEL, text)]
    assert [(match.span(), match.lastgroup) for match in bylines._LABELS.finditer(text)] == found


@pytest.mark.parametrize(
    ("text", "reporters", "correspondents"),
    [
        # A city that 报道 hangs on, where a name stands before it; people bear the names of cities.
        ("本报记者 王晴 娄底报道", ["王晴"], []),
        ("海城时刻记者 向南田 通讯员 邹雨水 娄底报道", ["向南田"], ["邹雨水"]),
        ("（本报记者 王晴 许昌电）", ["王晴"], []),
        ("本报记者 安康 报道", ["安康"], []),
        ("本报记者 王晴 吴忠明报道", ["王晴", "吴忠明"], []),
        ("记者 许昌荣 吴忠明 报道", ["许昌荣", "吴忠明"], []),
        # 洛报 and its like are no people, 淳于 and 芦 are surnames.
        ("（记者 淳于晴 芦一鸣）", ["淳于晴", "芦一鸣"], []),
        ("海城网记者童彦11月13日报道：四只信箱挂上了山墙。", ["童彦"], []),
        ("海城网记者获悉11月13日报道已刊出。", [], []),
    ],
)  # fmt: skip
def test_people_beside_places(text: str, reporters: list[str], correspondents: list[str]) -> None:
    assert bylines.in_text([text]) == (reporters, correspondents)


def test_a_short_name_of_a_paper_is_no_author() -> None:
    assert read("来源：海城日报 作者：洛报融媒记者 戚夏 通讯员 上官云")[2] == "戚夏 上官云"


def test_another_word_for_the_editor() -> None:
    assert read("2018-11-13 16:42 来源:海城网 选稿:苗苗")[3] == "选稿:苗苗"
    assert bylines.is_credit("选稿：苗苗")


@pytest.mark.parametrize(
    ("held", "line", "together"),
    [
        ("编辑：宋佳", "责任编辑：宋佳", "责任编辑:宋佳"),
        ("责任编辑：宋佳", "编辑：宋佳", "责任编辑:宋佳"),
        ("编辑：宋佳", "审核：宋佳", "编辑:宋佳"),
        ("审核：宋佳", "责任编辑：宋佳", "审核:宋佳"),
        ("编辑：宋佳", "责编：林悦 审核：丁海生", "编辑:宋佳 责编:林悦 审核:丁海生"),
        ("", "初审编辑：林悦 责任编辑：林悦", "初审编辑:林悦 责任编辑:林悦"),
        ("初审编辑：林悦 责任编辑：林悦", "编辑：林悦", "初审编辑:林悦 责任编辑:林悦"),
    ],
)
def test_a_person_whom_two_lines_name_is_one(held: str, line: str, together: str) -> None:
    found = bylines.together(bylines.editors(held), bylines.editors(line))
    assert " ".join(f"{e.role}:{e.name}" for e in found) == together
