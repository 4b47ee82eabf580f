"""What of an article a reader would notice, and a diff that reads well in Chinese."""

from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newscrawl.diff import (
    Byline,
    Picture,
    Pointer,
    State,
    compare,
    inline,
    is_noise,
    is_passing,
    normal,
    paragraphs,
    read_lines,
    same_file,
    summary,
)

MARKS = {"same": "{}", "removed": "[-{}-]", "added": "{{+{}+}}"}


def marked(old, new):
    return "".join(MARKS[piece.kind].format(piece.text) for piece in inline(old, new))


@pytest.mark.parametrize(
    ("old", "new", "shown"),
    [
        # A name is one word, whichever of its characters is another one.
        ("（记者 周颖 通讯员 程朋）", "（记者 周莹 通讯员 程鹏）", "（记者 [-周颖-]{+周莹+} 通讯员 [-程朋-]{+程鹏+}）"),
        ("副局长王建国表示，将严肃处理。", "副局长王建军表示，将严肃处理。", "副局长[-王建国-]{+王建军+}表示，将严肃处理。"),
        ("港区码头今日开工", "港区码头今日停工", "港区码头今日[-开工-]{+停工+}"),
        # Numbers, times, percentages and Latin words are whole.
        ("共有12.5万名市民", "共有13.5万名市民", "共有[-12.5-]{+13.5+}万名市民"),
        ("比去年增长3.2%。", "比去年增长4.2%。", "比去年增长[-3.2%-]{+4.2%+}。"),
        ("价格1,200元，10:30开市", "价格1,350元，9:30开市", "价格[-1,200-]{+1,350+}元，[-10:30-]{+9:30+}开市"),
        ("由iPhone 12公司在A4馆办", "由iPad 12公司在B4馆办", "由[-iPhone-]{+iPad+} 12公司在[-A4-]{+B4+}馆办"),
        ("网址www.a.cn。", "网址www.b.cn。", "网址[-www.a.cn-]{+www.b.cn+}。"),
        # An insertion stands where it reads best, however often its characters are there.
        ("李某被判处有期徒刑三年", "李某被判处有期徒刑三年，缓刑四年", "李某被判处有期徒刑三年{+，缓刑四年+}"),
        ("他来了。他走了。", "他来了。他哭了。他走了。", "他来了。{+他哭了。+}他走了。"),
        ("本报讯 近日，小区停水", "近日，小区停水", "[-本报讯 -]近日，小区停水"),
        # A change reads as one, not as confetti.
        (
            "会议强调，要坚持稳中求进。",
            "会议指出，必须始终坚持稳中求进。",
            "会议[-强调-]{+指出+}，[-要-]{+必须始终+}坚持稳中求进。",
        ),
        # What nobody sees is no change, and stands as it does now.
        ("他说“今天”很好，走吧。", "他说「今天」很好,走吧。", "他说「今天」很好,走吧。"),
        ("北京时间\u200b三点", "北京 时间三点", "北京 时间三点"),
        ("", "新的一行", "{+新的一行+}"),
        ("旧的一行", "", "[-旧的一行-]"),
        ("", "", ""),
    ],
)
def test_a_line_reads_well(old, new, shown):
    assert marked(old, new) == shown


CHINESE = st.text(st.sampled_from("的一是在港区码头渔船王建国李，。“”「」、3５.%万年月日ab A\u3000\u200b𠮷"), max_size=60)


@settings(max_examples=150, deadline=None)
@given(CHINESE, CHINESE, st.booleans())
def test_a_diff_is_both_lines_whole(old, new, whole_words):
    pieces = inline(old, new, whole_words=whole_words)
    assert normal("".join(piece.text for piece in pieces if piece.kind != "removed")) == normal(new)
    assert normal("".join(piece.text for piece in pieces if piece.kind != "added")) == normal(old)
    assert all(piece.text for piece in pieces)
    # Never two of a kind side by side, never a change that is none.
    assert all(one.kind != other.kind for one, other in pairwise(pieces))


@settings(max_examples=100, deadline=None)
@given(st.lists(CHINESE, max_size=8), st.lists(CHINESE, max_size=8))
def test_a_diff_of_paragraphs_is_both_texts_whole(old, new):
    found = paragraphs(old, new)
    here = [p for p in found if p.kind not in ("removed", "moved away")]
    assert normal("".join(p.text for p in here)) == normal("".join(new))
    before = [p for p in found if p.kind not in ("added", "moved")]
    assert normal("".join(piece.text for p in before for piece in p.pieces if piece.kind != "added")) == normal("".join(old))
    assert sum(p.kind == "moved" for p in found) == sum(p.kind == "moved away" for p in found)


LINES = [
    "港区今日天气晴朗，渔民们出海打鱼，傍晚才回。",
    "码头上人来人往，过磅的、装车的，热闹非凡。",
    "市场里的鱼价下跌了两成，市民纷纷前来购买。",
    "记者从有关部门了解到，休渔期将于下月开始。",
]


@pytest.mark.parametrize(
    ("new", "kinds"),
    [
        (LINES, ["same"] * 4),
        ([*LINES[:2], "新添一段：专家表示价格还会回升。", *LINES[2:]], ["same", "same", "added", "same", "same"]),
        (LINES[1:], ["removed", "same", "same", "same"]),
        ([LINES[0], LINES[1].replace("非凡", "如常"), *LINES[2:]], ["same", "changed", "same", "same"]),
        ([LINES[3], *LINES[:3]], ["moved", "same", "same", "same", "moved away"]),
        ([LINES[3].replace("下月", "七月"), *LINES[:3]], ["moved", "same", "same", "same", "moved away"]),
        # Another paragraph in the place of one is not the old one changed.
        ([*LINES[:3], "本报将继续跟踪报道，敬请关注。"], ["same", "same", "same", "removed", "added"]),
        # Only the breaks differ.
        ([LINES[0][:10], LINES[0][10:], *LINES[1:]], ["same"] * 5),
        ([LINES[0] + LINES[1], *LINES[2:]], ["same"] * 3),
        (["　" + line + " " for line in LINES] + [""], ["same"] * 4),
        # Both at once: a paragraph is cut and the next one edited.
        (
            [LINES[0][:10], LINES[0][10:], LINES[1].replace("非凡", "如常"), *LINES[2:]],
            ["same", "same", "changed", "same", "same"],
        ),
    ],
)
def test_paragraphs_are_aligned(new, kinds):
    assert [paragraph.kind for paragraph in paragraphs(LINES, new)] == kinds


def test_a_moved_paragraph_shows_what_changed_within():
    moved = paragraphs(LINES, [LINES[3].replace("下月", "七月"), *LINES[:3]])[0]
    assert [tuple(piece) for piece in moved.pieces if piece.kind != "same"] == [("removed", "下月"), ("added", "七月")]


def test_long_texts_are_compared_in_bounded_work():
    """A line of a hundred thousand characters: by words, not by characters."""
    old = "".join(f"第{number}号渔船今天上午进港，带回{number * 7}箱鱼。" for number in range(4000))
    new = old.replace("第2000号渔船今天上午", "第2000号渔船昨天夜里").replace("第1号", "第一号").replace("第3999号", "最后一号")
    kinds = [tuple(piece) for piece in inline(old, new) if piece.kind != "same"]
    assert ("removed", "今天上午") in kinds
    assert ("added", "昨天夜里") in kinds
    assert len(kinds) <= 8


# -- what a reader would notice

STATE = State(
    title="港区码头今日开工",
    published_at="2026-11-01T08:30:00+08:00",
    published_precision="minute",
    source="港区日报",
    bylines=(Byline("reporter", "林晓帆"), Byline("editor", "赵启明", "责任编辑")),
    body_text="图为码头。\n" + "\n".join(LINES),
    body_html='<p><a href="http://a.cn/1.html">港区</a>今日</p>',
    images=(Picture("http://a.cn/202611/W020261101.jpg", "图为码头。"),),
    links=(Pointer("related", "旧闻", "http://a.cn/0.html"), Pointer("hot", "热闻", "http://a.cn/9.html")),
)


@pytest.mark.parametrize(
    ("values", "changed"),
    [
        ({"title": "港区码头今日停工"}, ["title"]),
        ({"kicker": "秋汛"}, ["kicker"]),
        ({"subtitle": "百船出海"}, ["subtitle"]),
        ({"published_at": "2026-10-31T08:30:00+08:00"}, ["published"]),
        ({"published_at": "2026-11-01T09:00:00+08:00"}, []),
        ({"published_at": "2026-11-01T00:30:00+00:00"}, []),
        ({"published_at": None}, []),
        ({"published_at": "2026-11-01T09:00:00+08:00", "source": "港区晚报"}, ["source", "published"]),
        ({"source": None}, ["source"]),
        ({"bylines": STATE.bylines[1:]}, ["byline"]),
        ({"bylines": STATE.bylines[::-1]}, []),
        ({"bylines": (STATE.bylines[0], Byline("editor", "赵启明", "编辑"))}, []),
        ({"body_text": STATE.body_text.replace("两成", "三成")}, ["body"]),
        ({"body_text": "图为码头。\n" + "".join(LINES)}, []),
        ({"body_text": STATE.body_text + "\n阅读 20,480\n（广告）\n更新时间：2026-11-02 09:15"}, []),
        # The date under an official notice is the notice's.
        ({"body_text": STATE.body_text + "\n2026年11月1日"}, ["body"]),
        ({"images": ()}, ["images"]),
        ({"images": (Picture("https://cdn9.cn/202611/W020261101_600x400.webp?w=600", "图为码头。"),)}, []),
        ({"images": (*STATE.images, Picture("http://a.cn/ad/20261101banner.gif"))}, []),
        (
            {
                "images": (Picture(STATE.images[0].url, "图为渔港。"),),
                "body_text": STATE.body_text.replace("图为码头", "图为渔港"),
            },
            ["images"],
        ),
        ({"body_html": '<p class="x"><b><a href="https://www.a.cn/1.html">港区</a></b>今日</p>'}, []),
        ({"body_html": "<p>港区今日</p>"}, []),
        ({"body_html": '<p><a href="http://a.cn/2.html">港区</a>今日</p>'}, ["links"]),
        ({"links": (Pointer("related", "新闻", "http://a.cn/5.html"),)}, []),
        ({"links": (Pointer("related", "新闻", "http://a.cn/5.html"),), "title": "停工"}, ["title", "links"]),
        ({"links": (STATE.links[0], Pointer("hot", "别的", "http://a.cn/8.html")), "title": "停工"}, ["title"]),
    ],
)
def test_what_a_reader_would_notice(values, changed):
    assert compare(STATE, replace(STATE, **values)) == changed
    assert compare(replace(STATE, **values), STATE) == changed


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("他说：“走吧！”", "他说:「走吧!」"),
        ("A股涨３％——新高……", "A股涨3%-新高..."),
        ("港区　新闻\u200b\ufeff", "港区新闻"),
        ("李·王（左）", "李•王(左)"),
    ],
)
def test_widths_quotes_and_blanks_are_one(one, other):
    assert normal(one) == normal(other)


@pytest.mark.parametrize(("one", "other"), [("台湾", "臺灣"), ("App", "APP"), ("3.5", "35"), ("他说", "他，说")])
def test_what_a_reader_sees_is_not_one(one, other):
    assert normal(one) != normal(other)


@pytest.mark.parametrize(
    "line",
    [
        "阅读 1024",
        "浏览次数：1.2万次",
        "已有35人参与",
        "(点击量: 12)",
        "更新时间：2026-11-01 09:15:02",
        "2026-11-01 08:30",
        "【广告】",
        "发布于 3小时前",
        "本文阅读量：100万+",
        "12 条评论",
    ],
)
def test_lines_that_pass(line):
    assert is_passing(line)


@pytest.mark.parametrize(
    "line",
    [
        "2026年11月1日",
        "阅读是一种生活。",
        "广告法今起施行",
        "点击率比去年高3成",
        "港区渔业局",
        "更新时间已经公布，请留意。",
        "3人",
    ],
)
def test_lines_that_stay(line):
    assert not is_passing(line)
    assert read_lines(State(body_text=line)) == [line]


@pytest.mark.parametrize(
    "url",
    [
        "https://img2.cdn.cn/pic/202611/01/W020261101_600x400.jpg",
        "http://a.cn/pic/202611/01/W020261101@2x.png",
        "http://a.cn/x/W020261101.jpg!thumb",
        "http://a.cn/x/W020261101.JPG?x-oss-process=image/resize,w_600&t=1",
        "http://a.cn/x/w020261101_thumb.webp",
        "//a.cn/x/W020261101-w640.jpg",
    ],
)
def test_one_picture_under_many_addresses(url):
    assert same_file(url) == same_file("http://a.cn/pic/202611/01/W020261101.jpg")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("http://a.cn/01/1.jpg", "http://a.cn/02/1.jpg"),
        ("http://a.cn/W020261101001.jpg", "http://a.cn/W020261101002.jpg"),
        ("http://a.cn/image.php?id=7", "http://a.cn/image.php?id=8"),
        ("data:image/png;base64,AAAA", "data:image/png;base64,BBBB"),
    ],
)
def test_two_pictures(one, other):
    assert same_file(one) != same_file(other)


GOOD = "".join(LINES)


@pytest.mark.parametrize(
    "text",
    [
        GOOD.replace("渔民", "渔\ufffd"),
        GOOD.encode().decode("gb18030", "replace"),
        GOOD.encode("gb18030").decode("utf-8", "replace"),
        GOOD.encode("gb18030").decode("latin-1"),
        GOOD.encode().decode("latin-1"),
        GOOD.encode("gb18030").decode("big5hkscs", "ignore"),
        "锟斤拷" + GOOD,
    ],
)
def test_charset_noise(text):
    assert is_noise(text, GOOD)
    assert not is_noise(GOOD, text)


@pytest.mark.parametrize(
    "text",
    [GOOD[:60], GOOD[::-1], "", "臺灣漁民今日出海捕魚，傍晚才回到港口，收穫不少。", "See you at the café, 2026.", GOOD * 2],
)
def test_other_texts_are_no_noise(text):
    assert not is_noise(text, GOOD)


def test_a_change_in_a_line():
    new = replace(
        STATE,
        title="停工",
        source=None,
        bylines=(Byline("reporter", "林晓凡"),),
        body_text=STATE.body_text.replace("两成", "三成"),
    )
    assert summary(STATE, new, compare(STATE, new)) == (
        "title: 港区码头今日开工 → 停工; source: 港区日报 → (none); 记者: −林晓帆 +林晓凡; 编辑: −赵启明; "
        "body: 1 paragraph changed (+1 −1 characters)"
    )
    assert (
        len(
            summary(
                STATE,
                replace(STATE, title="长" * 900, source="长" * 900, subtitle="副" * 900, kicker="引" * 900),
                ["title", "source", "kicker", "subtitle"],
            )
        )
        <= 400
    )
