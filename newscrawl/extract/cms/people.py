"""人民网 people.com.cn and its local and subject channels; three generations of one CMS.

Rules: pages of 2009 to 2024; the selectors that public scrapers use for people.com.cn. 2009 to 2015 its parts have ids
``p_…``, 2016 to 2020 ``rwb_…``, since then classes ``rm_…``. The same CMS serves 中国共产党新闻网 and many city
sites that 人民网 hosts.
"""

from __future__ import annotations

from newscrawl.extract.cms.family import Family
from newscrawl.extract.rules import Layout

FAMILIES = (
    Family(
        Layout(
            name="people/rm",
            marks="div.rm_txt_con",
            title="div.rm_txt h1",
            kicker="div.rm_txt h3.pre",
            subtitle="div.rm_txt h4.sub",
            author="div.rm_txt div.author",
            byline="div.rm_txt div.col-1-1",
            editors="div.rm_txt_con div.edit",
            channel="#rwb_navpath",
            body="div.rm_txt_con",
            remove=("div.edit", "p.paper_num", "div.bza", "div.zdfy", "div.box_pic iframe"),
            recommended="div.rm_recommend",
            blocks="div.rm_ranking",
        )
    ),
    Family(
        Layout(
            name="people/rwb",
            marks="#rwb_zw",
            title="div.text_title h1",
            kicker="div.text_title h3.pre",
            subtitle="div.text_title h4.sub",
            author="div.text_title p.author",
            byline="div.box01 div.fl",
            editors="#rwb_zw div.edit",
            channel="#rwb_navpath",
            body="#rwb_zw",
            remove=("div.edit", "div.zdfy", "div.otitle"),
            recommended=("#rwb_tjyd", "#rwb_jctjr"),
            related="#rwb_xgxw",
            blocks=("#rwb_rdph", "#rwb_rdtj", "#rwb_jctj", "#rwb_sptj"),
        )
    ),
    Family(
        Layout(
            name="people/p",
            marks=("#p_publishtime", "#p_origin"),
            title="#p_title",
            published="#p_publishtime",
            source="#p_origin",
            author="#p_author",
            editors="#p_editor",
            body="#p_content",
            remove="#p_content table.more_new",
            related="table.more_new",
            blocks="table.pci_new",
        ),
        needs="#p_content",
    ),
    Family(
        Layout(
            name="people/text",
            marks="div.width978 #p_content",
            title="div.width978 h1",
            byline="div.width978 h2",
            editors=("#p_editor", "div.width978 div.edit"),
            body="#p_content",
            remove="div.edit",
        )
    ),
)
