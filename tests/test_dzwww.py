"""大众网: every form of its pages that is known, in the year it is known of and in another one."""

import pytest

from newscrawl import reader
from newscrawl.extract.page import Page
from newscrawl.items import Article, Editor
from newscrawl.spiders.dzwww import Dzwww

RULES = Dzwww.edition("yantai").site_rules()
TITLE = "老码头改成渔货早市"
BODY = [
    "大众网烟台讯（记者 林木 通讯员 程远）清晨五点，老码头的灯一盏盏亮起来，渔船靠岸，筐里的海鲜还在跳。",
    "市场管理员说，早市设了四十八个摊位，摊位费按天收，渔民自己卖自己捕的鱼，价格由电子屏每天公布。",
]
TEXT = "".join(f"<p>　　{line}</p>" for line in BODY)
EDITOR = "责任编辑：姜河"
ASIDE = '<div class="side"><h2>热点排行</h2><ul><li><a href="/xw/201707/t20170701_1.htm">海水浴场今年延长开放两小时</a></li></ul></div>'

FORMS = {
    "baidu spans": f"""<h2>{TITLE}</h2><div><span id="pubtime_baidu">发布时间：2017-07-28 10:28:00</span>
        <span id="source_baidu">来源：烟台晚报</span><span id="author_baidu">作者：林木</span></div>
        <div class="TRS_Editor">{TEXT}</div><span id="editor_baidu">{EDITOR}</span>""",
    "edit": f"""<h2>{TITLE}</h2><div class="info">2017-07-28 10:28:00　来源：烟台晚报　作者：林木</div>
        <div class="TRS_Editor">{TEXT}</div><div class="edit">{EDITOR}</div>""",
    "news-header": f"""<div id="news-header"><h1>{TITLE}</h1><div class="summary">2017-07-28 10:28:00 来源: 烟台晚报 作者: 林木</div></div>
        <div id="news-con"><div class="TRS_Editor">{TEXT}</div></div><div id="editor">{EDITOR}</div>""",
    "layout left": f"""<div class="layout"><h1>{TITLE}</h1><div class="left">2017-07-28 10:28:00 来源: 烟台晚报 作者: 林木</div></div>
        <div class="news-con"><div class="TRS_Editor">{TEXT}</div></div>
        <div class="infor"><div class="left"><span>{EDITOR}</span></div></div>""",
    "layout left, id": f"""<div class="layout"><h2>{TITLE}</h2><div class="left">2017-07-28 10:28:00 来源: 烟台晚报 作者: 林木</div></div>
        <div id="news-con">{TEXT}</div><div class="infor"><div class="left"><span>{EDITOR}</span></div></div>""",
}  # fmt: skip


@pytest.mark.parametrize("day", ["20150728", "20170728", "20190728"])
@pytest.mark.parametrize("charset", ["gb18030", "utf-8"])
@pytest.mark.parametrize("form", FORMS)
def test_a_page_of_each_form(form, charset, day):
    printed = f"{day[:4]}-07-28 10:28:00"
    html = f"<html><head><title>{TITLE}_烟台新闻_大众网</title></head><body>{FORMS[form]}{ASIDE}</body></html>"
    body = html.replace("2017-07-28 10:28:00", printed).encode(charset)
    article = reader.read(Page(body, f"http://yantai.dzwww.com/xw/{day[:6]}/t{day}_16210001.htm"), RULES)
    assert isinstance(article, Article)
    assert article.title == TITLE
    assert article.published_at == f"{day[:4]}-07-28T10:28:00+08:00"
    assert (article.source, article.authors) == ("烟台晚报", ["林木"])
    assert (article.reporters, article.correspondents) == (["林木"], ["程远"])
    assert article.editors == [Editor("责任编辑", "姜河")]
    assert article.paragraphs == BODY
    assert article.subtitle is None
    assert article.provenance["body"].startswith("site:dzwww/")
