"""Charts: what they draw is what they were given, whoever reads them and however, and nothing in them runs."""

import re
from datetime import date, datetime, timedelta, timezone
from itertools import combinations, pairwise

import numpy
import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree
from lxml import html as markup
from markupsafe import Markup

from newscrawl import charts, render
from newscrawl.charts import Bar, Cell, Column, Event, Row
from newscrawl.coverage import gaps

CHINA = timezone(timedelta(hours=8))
MONDAY = date(2026, 11, 16)
HOSTILE = "</title></svg><script>alert(1)</script>\"'><img src=x onerror=alert(2)>\u202e&"
SITES = ["威海新闻网", "胶东在线", "新疆生产建设兵团第十四师昆玉市融媒体中心客户端"]


def column_chart(**more):
    data = [
        Column("16 Nov", [70, 30], href="/day/16", below="Mon"),
        Column("17 Nov", [0, 25], below="Tue"),
        Column("18 Nov", [None, None], below="Wed"),
    ]
    return charts.columns(data, ["山东", "elsewhere"], title="Articles by day", **more)


def bar_chart():
    return charts.bars([Bar(name, 90 - 30 * n, href=f"/site/{n}", note="+2") for n, name in enumerate(SITES)], title="Most")


def calendar_chart():
    days = {MONDAY + timedelta(days=n): n % 5 for n in range(60) if n not in (9, 10)}
    return charts.calendar(days, title="威海新闻网", holes=[MONDAY + timedelta(days=10)], href=lambda day: f"/day/{day}")


def grid_chart(**more):
    rows = [Row(SITES[0], [Cell(3), Cell(0, hole=True), Cell(None)], href="/a", total="3"), Row(SITES[1], [Cell(40), Cell(2, hole=True), Cell(1)])]  # fmt: skip
    return charts.grid(rows, ["Mon", "Tue", "Wed"], title="Sites by day", corner="Site", total="Week", **more)


def timeline_chart():
    start = datetime(2026, 11, 16, 8, 30, tzinfo=CHINA)
    return charts.timeline(
        [
            Event(start + timedelta(hours=3), SITES[1], "张村镇发现民国文物", "/article/2", "+3 h"),
            Event(start, SITES[0], "张村镇发现民国文物", "https://a.example.cn/1", "likely origin", 4),
            Event(datetime(2026, 11, 17, tzinfo=CHINA), SITES[2], "发现文物", whole_day=True),
        ],
        title="How it travelled",
        lane="Paper",
    )


def gallery():
    """Every chart once, as one piece of markup."""
    pieces = [
        column_chart(),
        bar_chart(),
        calendar_chart(),
        grid_chart(),
        grid_chart(values=False),
        timeline_chart(),
        charts.sparkline([3, 5, None, 8], title="articles a day"),
        charts.bars([], title="Nothing", empty="No source is named."),
    ]
    return Markup("\n").join(pieces)


def tree(chart):
    """A chart parsed as strictly as XML is: an unescaped sign or an open element is an error."""
    return etree.fromstring(f"<body>{chart}</body>")


def classes(root):
    return {name for element in root.iter() for name in element.get("class", "").split()}


def test_charts_are_well_formed_and_bring_no_style_and_no_script():
    root = tree(gallery())
    assert {element.tag for element in root.iter()} <= set(
        "body figure figcaption span p ul li svg g rect line circle polyline text title a div table thead tbody tr th td details summary".split()
    )
    for element in root.iter():
        assert not {name for name in element.keys() if name == "style" or name.startswith("on")}  # noqa: SIM118 - no dict
        assert not element.get("id"), "two charts in a page must not share an id"


def test_every_class_that_charts_use_has_its_looks():
    known = set(re.findall(r"\.([\w-]+)", charts.CSS))
    whole = {"columns-chart", "bars-chart", "calendar-chart", "grid-chart", "timeline-chart"}
    assert classes(tree(gallery())) - known <= {*whole, "off", "bar"}, "a class without looks is a slip"


@pytest.mark.parametrize(
    "chart",
    [
        charts.columns([Column(HOSTILE, [1, 2], "javascript:alert(1)", HOSTILE)], [HOSTILE, "b"], title=HOSTILE, note=HOSTILE, unit=HOSTILE),
        charts.bars([Bar(HOSTILE, 1, "JavaScript:alert(1)", HOSTILE)], title=HOSTILE, label=HOSTILE, unit=HOSTILE),
        charts.calendar({MONDAY: 1}, title=HOSTILE, unit=HOSTILE, href=lambda _: "data:text/html,<script>"),
        charts.grid([Row(HOSTILE, [Cell(1, "java\nscript:alert(1)", note=HOSTILE)], "vbscript:x", HOSTILE)], [HOSTILE], title=HOSTILE, total=HOSTILE, corner=HOSTILE),
        charts.timeline([Event(datetime(2026, 1, 1, tzinfo=CHINA), HOSTILE, HOSTILE, "javascript:alert(1)", HOSTILE)], title=HOSTILE, lane=HOSTILE),
        charts.sparkline([1], title=HOSTILE),
        charts.bars([], title=HOSTILE, empty=HOSTILE),
    ],
    ids=["columns", "bars", "calendar", "grid", "timeline", "sparkline", "empty"],
)  # fmt: skip
def test_hostile_text_is_text(chart):
    root = tree(chart)
    assert not root.findall(".//script")
    assert not root.findall(".//img")
    assert not root.findall(".//a"), "an address that runs makes no link"
    assert "alert(1)" in "".join(root.itertext())
    assert "\u202e" not in chart
    # As a browser reads it, too.
    assert not [element.tag for element in markup.fromstring(f"<div>{chart}</div>").iter() if element.tag in ("script", "img")]


def test_columns_are_as_tall_as_their_numbers_and_told_as_a_table():
    root = tree(column_chart(height=200))
    marks = root.find(".//svg[@class='chart-marks w1']")
    tall = {
        name: [float(rect.get("height")) for rect in marks.iter("rect") if rect.get("class") == name] for name in ("c1", "c2")
    }
    assert tall == {"c1": [140.0], "c2": [60.0, 50.0]}, "100 articles are the top of the axis: 2 pixels each"
    first, second = (rect for rect in marks.iter("rect") if rect.get("class") in ("c1", "c2") and rect.get("x") == marks.find(".//rect[@class='c1']").get("x"))  # fmt: skip
    assert float(second.get("y")) + float(second.get("height")) == float(first.get("y")), "one stands on the other"
    assert len(marks.findall(".//rect[@class='hole']")) == 1
    rows = [["".join(cell.itertext()) for cell in row] for row in root.iter("tr")]
    assert rows == [
        ["Day", "山东", "elsewhere", "Together"],
        ["Mon 16 Nov", "70", "30", "100"],
        ["Tue 17 Nov", "0", "25", "25"],
        ["Wed 18 Nov", "–", "–", "0"],
    ]
    assert [link.get("href") for link in marks.iter("a")] == ["/day/16"]
    assert marks.get("role") == "group", "what holds links is no image"
    assert tree(charts.columns([Column("a", [1])], ["b"], title="c")).find(".//svg[@class='chart-marks w1']").get("role") == "img"


def test_labels_are_thinned_out_where_there_is_no_room():
    def shown(days, **more):
        data = [Column(charts.day_label(MONDAY + timedelta(days=n)), [1]) for n in range(days)]
        marks = tree(charts.columns(data, ["articles"], title="t", **more)).find(".//svg[@width='100%']")
        return [text.text for text in marks.iter("text")]

    assert len(shown(7)) == 7
    month = shown(30)
    assert 5 <= len(month) <= 10
    assert month[0] == "16 Nov"
    assert len(shown(365)) < 20


def test_bars_say_all_and_cut_nothing_away():
    root = tree(bar_chart())
    widths = [float(rect.get("width").rstrip("%")) for rect in root.iter("rect")]
    assert widths == pytest.approx([100, 66.667, 33.333], abs=0.01)
    assert [row.get("title") for row in root.iter("tr") if row.get("title")] == [
        f"{name}: {90 - 30 * n} articles, +2" for n, name in enumerate(SITES)
    ]
    assert SITES[2] in "".join(root.itertext())
    assert {span.get("lang") for span in root.iter("span") if span.text in SITES} == {"zh-CN"}
    assert [link.get("href") for link in root.iter("a")] == ["/site/0", "/site/1", "/site/2"]


def test_a_calendar_begins_weeks_on_monday_and_marks_what_is_missing():
    root = tree(calendar_chart())
    rows = {row.find("th").text: row.findall("td") for row in root.find(".//tbody").iter("tr")}
    assert list(rows) == list(charts.WEEKDAYS)
    assert {len(cells) for cells in rows.values()} == {9}, "60 days from a Monday are in nine weeks"
    titles = {cell.get("title"): cell for cells in rows.values() for cell in cells if cell.get("title")}
    assert "Wed 2026-11-25: not on record" not in titles
    assert titles["2026-11-25: not on record"].get("class") == "blank"
    hole = titles["Thu 2026-11-26: 0 articles, missing"]
    assert hole.get("class") == "hole"
    assert rows["Thu"][1] is hole, "the second Thursday"
    assert "missing" in "".join(hole.itertext()), "told to those who do not see it"
    assert hole.find("a").get("href") == "/day/2026-11-26"
    assert titles["Mon 2026-11-16: 0 articles"].get("class") == "h0"
    assert {cell.get("class") for cells in rows.values() for cell in cells} == {
        "h0",
        "h1",
        "h2",
        "h4",
        "h5",
        "hole",
        "blank",
        "off",
    }
    assert [head.text for head in root.findall(".//thead//th")] == ["Nov", "Dec 2026", "Jan"]


def test_a_grid_has_a_cell_for_each_and_says_what_is_a_hole():
    root = tree(grid_chart())
    body = [[cell.get("class") for cell in row] for row in root.find(".//tbody")]
    assert body == [[None, "h4", "hole", "off", "total"], [None, "h5", "hole", "h1", "total"]]
    cells = [cell for cell in root.iter("td") if cell.get("title")]
    assert [cell.get("title") for cell in cells] == [
        "威海新闻网, Mon: 3", "威海新闻网, Tue: 0, missing", "胶东在线, Mon: 40", "胶东在线, Tue: 2, missing", "胶东在线, Wed: 1",
    ]  # fmt: skip
    assert ["".join(cell.itertext()) for cell in cells] == ["3", "∅", "40", "2", "1"]
    assert cells[1].find("span").get("aria-label") == "missing"
    assert "missing" in ["".join(item.itertext()) for item in root.iter("li")]
    small = tree(grid_chart(values=False))
    assert ["".join(cell.itertext()) for cell in small.iter("td") if cell.get("title")] == [
        "3",
        "0, missing",
        "40",
        "2, missing",
        "1",
    ]


def test_a_story_goes_down_the_lanes_in_the_order_of_time():
    root = tree(timeline_chart())
    lanes = [row.find("th").get("title") for row in root.find(".//tbody")]
    assert lanes == SITES
    circles = [float(circle.get("cx").rstrip("%")) for circle in root.iter("circle")]
    assert 0 < circles[0] < circles[1] < 100
    (day,) = (rect for rect in root.iter("rect") if "vague" in rect.get("class"))
    hours = (circles[1] - circles[0]) / 3
    assert float(day.get("width").rstrip("%")) == pytest.approx(24 * hours, rel=0.01), "as wide as the day that is known of it"
    assert [link.get("aria-label") for link in root.iter("a")] == [
        "威海新闻网, 2026-11-16 08:30: 张村镇发现民国文物 (likely origin)",
        "胶东在线, 2026-11-16 11:30: 张村镇发现民国文物 (+3 h)",
    ]


def test_a_sparkline_breaks_where_nothing_is_known():
    root = tree(charts.sparkline([1, 2, None, None, 4, 8], title="articles"))
    assert len(root.findall(".//polyline")) == 2
    assert root.find(".//svg").get("aria-label") == "articles: 1 at first, 8 at last, at most 8"
    assert "–" in charts.sparkline([None], title="articles")


@given(st.floats(min_value=0, max_value=1e7))
def test_ticks_are_round_and_reach_over_the_top(top):
    ticks = charts.nice_ticks(top)
    step = ticks[1] - ticks[0]
    assert ticks[0] == 0
    assert ticks[-1] >= max(top, 1) * 0.999
    assert 2 <= len(ticks) <= 6
    assert float(f"{step:.0e}"[0]) in (1, 2, 5)


@given(st.lists(st.integers(min_value=0, max_value=100_000), max_size=60), st.lists(st.integers(min_value=0, max_value=100_000)))
def test_more_is_never_paler(values, others):
    bounds = charts.heat_bounds(values)
    assert bounds == sorted(set(bounds))
    assert 1 <= len(bounds) <= 5
    levels = [charts.heat(value, bounds) for value in sorted([*values, *others])]
    assert levels == sorted(levels)
    assert all(0 <= level <= 5 and (level > 0) == (value > 0) for level, value in zip([charts.heat(v, bounds) for v in values], values, strict=True))  # fmt: skip


@given(
    st.datetimes(datetime(1999, 1, 1), datetime(2090, 1, 1)),  # noqa: DTZ001 - a wall clock's
    st.timedeltas(timedelta(minutes=30), timedelta(days=9000)),
)
def test_times_on_an_axis_are_few_and_within_it(first, length):  # fmt: skip
    ticks = charts.time_ticks(first, first + length)
    assert len(ticks) <= 9
    assert all(first <= tick <= first + length for tick in ticks)
    assert all(later > sooner for sooner, later in pairwise(ticks))
    assert all(tick.minute in (0, 10, 20, 30, 40, 50) and tick.second == 0 for tick in ticks)


def test_lengths_of_time_as_people_say_them():
    said = {0: "0 min", 59 * 60: "59 min", 3600: "1 h", 7800: "2 h 10 min", 86400: "1 d", 273600: "3 d 4 h", -3600: "−1 h"}
    assert {seconds: charts.span(seconds) for seconds in said} == said
    assert [charts.number(value) for value in (0, 1234, 3.25, float("nan"))] == ["0", "1,234", "3.2", "–"]


# -- colours


def colours(theme):
    """The custom properties of a theme, as numbers from 0 to 1."""
    start = charts.CSS.index(":root {" if theme == "light" else '[data-theme="dark"] {')
    block = charts.CSS[start : charts.CSS.index("}", start)]
    found = dict(re.findall(r"--([\w-]+): (?:var\([\w-]+, )?(#[0-9a-f]{6})", block))
    return {name: numpy.array([int(value[n : n + 2], 16) / 255 for n in (1, 3, 5)]) for name, value in found.items()}


def linear(colour):
    return numpy.where(colour <= 0.04045, colour / 12.92, ((colour + 0.055) / 1.055) ** 2.4)


def contrast(one, other):
    """WCAG's contrast of two colours."""
    low, high = sorted(float(linear(colour) @ [0.2126, 0.7152, 0.0722]) for colour in (one, other))
    return (high + 0.05) / (low + 0.05)


# How colours look without one sort of cones: Machado, Oliveira and Fernandes 2009, at full strength.
EYES = {
    "all": numpy.eye(3),
    "protan": numpy.array([[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]]),
    "deutan": numpy.array([[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.01182, 0.04294, 0.968881]]),
    "tritan": numpy.array([[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.3039]]),
}  # fmt: skip


def oklab(light):
    to_cones = numpy.array([[0.4122214708, 0.5363325363, 0.0514459929], [0.2119034982, 0.6806995451, 0.1073969566], [0.0883024619, 0.2817188376, 0.6299787005]])  # fmt: skip
    to_lab = numpy.array([[0.2104542553, 0.793617785, -0.0040720468], [1.9779984951, -2.428592205, 0.4505937099], [0.0259040371, 0.7827717662, -0.808675766]])  # fmt: skip
    return to_lab @ numpy.cbrt(to_cones @ numpy.clip(light, 0, 1))


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_colours_keep_apart_for_every_eye_and_numbers_on_them_are_read(theme):
    found = colours(theme)
    for eye, matrix in EYES.items():
        seen = {name: oklab(matrix @ linear(found[name])) for name in (f"c{n}" for n in range(1, 9))}
        for one, other in combinations(seen, 2):
            # Two is just noticeable side by side.
            assert 100 * numpy.linalg.norm(seen[one] - seen[other]) > 8.5, (eye, one, other)
    for level, ink in {1: "h-ink-low", 2: "h-ink-low", 3: "h3-ink", 4: "h-ink-high", 5: "h-ink-high"}.items():
        assert contrast(found[f"h{level}"], found[ink]) >= 4.5, level
    ground = found["chart-surface"]
    assert all(contrast(found[f"c{n}"], ground) > 2 for n in range(1, 9))
    assert contrast(found["chart-faint"], ground) >= 4.5
    assert contrast(found["chart-faint"], found["h0"]) >= 4.5
    assert contrast(found["chart-hole"], ground) >= 4.5


# -- which days are missing


def site_of(weekly, weeks=12, **lost):
    """Days of a site that publishes so many articles on each day of a week; those named 20261116=0 otherwise."""
    days = {MONDAY - timedelta(weeks=weeks) + timedelta(days=n): weekly[n % 7] for n in range(7 * weeks + 14)}
    return days | {datetime.strptime(name[1:], "%Y%m%d").date(): count for name, count in lost.items()}  # noqa: DTZ007


def missed(days, since=MONDAY, until=MONDAY + timedelta(days=13)):
    return [(gap.day.isoformat()[5:], gap.articles, round(gap.usual)) for gap in gaps(days, since, until)]


def test_a_silent_day_of_a_large_site_is_missed_and_a_weekend_is_not():
    newspaper = [20, 22, 21, 20, 24, 0, 0]
    assert missed(site_of(newspaper)) == []
    assert missed(site_of(newspaper, d20261118=0)) == [("11-18", 0, 21)]
    silent = {f"d202611{day}": 0 for day in range(19, 26)}
    assert missed(site_of(newspaper, **silent)) == [
        ("11-19", 0, 20), ("11-20", 0, 24), ("11-23", 0, 20), ("11-24", 0, 22), ("11-25", 0, 21),
    ]  # fmt: skip


def test_a_small_site_may_be_silent_for_a_day_but_not_for_a_week():
    small = [2, 1, 2, 3, 1, 1, 1]
    assert missed(site_of(small, d20261119=0)) == []
    silent = {f"d202611{day}": 0 for day in range(17, 21)}
    assert [day for day, _, _ in missed(site_of(small, **silent))] == ["11-17", "11-18", "11-19", "11-20"]


def test_a_silence_like_those_before_is_not_missed_and_a_longer_one_is():
    weekly = site_of([9, 0, 0, 0, 0, 0, 0], weeks=18)
    for week in range(1, 19, 3):
        del weekly[MONDAY - timedelta(weeks=week)]
    assert missed({**weekly, MONDAY: 9, MONDAY + timedelta(days=7): 0}) == []
    assert [day for day, _, _ in missed({**weekly, MONDAY: 0, MONDAY + timedelta(days=7): 0})] == ["11-16", "11-23"]


def test_what_is_broken_does_not_become_normal_until_it_is_forgiven():
    days = {day: count for day, count in site_of([12] * 7, weeks=20).items() if day < MONDAY - timedelta(weeks=10)}
    found = gaps(days, MONDAY - timedelta(weeks=10), MONDAY + timedelta(days=6))
    assert len(found) == 60
    assert {gap.usual for gap in found} == {12.0}


def test_hardly_any_articles_are_missed_too():
    assert missed(site_of([40] * 7, d20261118=3)) == [("11-18", 3, 40)]
    assert missed(site_of([40] * 7, d20261118=11)) == []
    assert missed({}) == []
    assert missed({MONDAY: 50}) == [], "a site's first day tells nothing of its second"


# -- in a browser


@pytest.mark.skipif(render.available() is None, reason="no browser: Chromium on PATH or in CHROMIUM")
def test_under_a_strict_policy_in_a_browser_on_a_phone_light_and_dark(tmp_path):
    from axe_playwright_python.sync_playwright import Axe
    from playwright.sync_api import sync_playwright
    from test_report import made_report  # the report's page, too

    from newscrawl import report

    body = f'<meta name="viewport" content="width=device-width"><title>Charts</title></head><body><main><h1>Charts</h1>{gallery()}</main>'
    policy = "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'self'\">"
    (tmp_path / "charts.css").write_text(
        f"{charts.CSS}\nbody {{ background: var(--chart-surface); color: var(--chart-ink); }}", "utf-8"
    )
    pages = {
        "charts.html": f'<!doctype html><html lang="en"><head><meta charset="utf-8">{policy}<link rel="stylesheet" href="charts.css">{body}</body></html>',
        "report.html": report.as_html(made_report(tmp_path / "news.db")),
    }
    said, asked = [], []

    def answer(route):
        asked.append(route.request.url)
        name = route.request.url.rpartition("/")[2]
        if name in pages:
            route.fulfill(body=pages[name], content_type="text/html")
        else:
            route.fulfill(body=(tmp_path / "charts.css").read_text("utf-8"), content_type="text/css")

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(render.available()))
        for name in pages:
            for scheme in ("light", "dark"):
                page = browser.new_page(viewport={"width": 390, "height": 800}, color_scheme=scheme)
                page.on("console", lambda message: said.append(message.text))
                page.route("**/*", answer)
                page.goto(f"http://charts.example/{name}")
                assert page.evaluate("document.documentElement.scrollWidth") == 390, "wide charts scroll in their place"
                found = Axe().run(page).response["violations"]
                assert [(one["id"], one["nodes"][0]["html"][:200]) for one in found] == []
                page.close()
        browser.close()
    assert said == [], "the policy forbids nothing that charts need"
    assert sorted(set(asked)) == [f"http://charts.example/{name}" for name in ("charts.css", "charts.html", "report.html")]
