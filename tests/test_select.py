"""Selectors answered from the index, and layouts in their order."""

import pytest

from newscrawl.extract import rules, select
from newscrawl.extract.page import Page
from newscrawl.extract.rules import Layout

PAGE = Page(
    b"""<html><body><div class="layout"><div class="left wide">a<span>1</span></div></div>
    <div class="left">b</div><p id="lead" class="left">c</p><table><tr><td class="x-y">d</td></tr></table></body></html>"""
)


@pytest.mark.parametrize(
    ("selector", "texts"),
    [
        (".left", ["a", "b", "c"]),
        ("div.left", ["a", "b"]),
        ("div.left.wide", ["a"]),
        ("div.layout div.left", ["a"]),
        ("div.layout .left span", ["1"]),
        ("#lead", ["c"]),
        ("p#lead.left", ["c"]),
        ("div#lead", []),
        ("td.x-y, #lead", ["d", "c"]),
        ("body table td", ["d"]),
        ("//div[@class='left']", ["b"]),
        ("id('lead')", ["c"]),
        ("(//span)[1]", ["1"]),
        ("h9", []),
    ],
)
def test_select(selector, texts):
    assert [e.text for e in select.select(PAGE, selector)] == texts


def test_within():
    body = PAGE.classes["layout"][0]
    assert [e.text for e in select.select(PAGE, ".left", within=body)] == ["a"]


@pytest.mark.parametrize("selector", ["div > p", "a[href]", "p:first-child", "", "div,,p", "//div[", "id('x'"])
def test_what_cannot_be_read_is_said_when_the_site_file_is_loaded(selector):
    with pytest.raises(ValueError, match=r"selector|XPath"):
        Layout(name="x", title=selector)


def test_a_layout_that_held_on_the_day_comes_first():
    old = Layout(name="old", until="2015-12-31", body="#a")
    middle = Layout(name="middle", until="2018-12-31", body="#b")
    now = Layout(name="now", body="#c")
    layouts = (old, middle, now)
    assert [x.name for x in rules.in_order(layouts, "2014-05-01")] == ["old", "middle", "now"]
    assert [x.name for x in rules.in_order(layouts, "2017-07-28")] == ["middle", "now", "old"]
    assert [x.name for x in rules.in_order(layouts, "2026-01-01")] == ["now", "old", "middle"]
    assert [x.name for x in rules.in_order(layouts, None)] == ["now", "old", "middle"]


def test_a_day_that_is_none_is_refused():
    with pytest.raises(ValueError, match="2016"):
        Layout(name="x", until="2016-13-01")
