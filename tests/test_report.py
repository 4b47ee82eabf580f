"""Reports: their numbers are the database's, their page and their Markdown are safe, whole and readable, whoever wrote the news."""

import re
import sqlite3
from collections import Counter
from contextlib import closing
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner
from lxml import etree
from markdown_it import MarkdownIt

from newscrawl import report
from newscrawl.cli.report import report as command
from newscrawl.days import SHANGHAI
from newscrawl.fingerprint import content_hash
from newscrawl.health import FieldCount
from newscrawl.items import Article, Block, Link, Visit
from newscrawl.report import SiteDays, Span, as_html, as_markdown, assemble
from newscrawl.store import clusters, ledger
from newscrawl.store import report as questions
from newscrawl.store.writer import Site, Store, connect, transaction

WEEK = Span(date(2024, 5, 13), date(2024, 5, 19))
NOW = datetime(2024, 5, 21, 9, 30, tzinfo=SHANGHAI)
EVIL = '=HYPERLINK("x")|</td><script>alert(1)</script>](javascript:alert(2)) `![x](http://evil.example/a.png)` **b** @all\u202e'
SITES = {
    "weihai": Site("weihai", "大众网·威海", "大众网", "山东", "威海"),
    "yantai": Site("yantai", "大众网·烟台", "大众网", "山东", "烟台"),
    "wanbao": Site("wanbao", "威海晚报", "威海晚报", "山东", "威海"),
    "lnd": Site("lnd", "北国网", "辽宁报刊传媒集团", "辽宁", "沈阳"),
    "quiet": Site("quiet", f"<b>静</b>|{EVIL}", None, None, None),
}
DAILY = {
    "weihai": (4, 4, 4, 4, 4, 1, 1),
    "yantai": (1, 2, 1, 2, 1, 0, 0),
    "wanbao": (7, 8, 7, 8, 7, 7, 8),
    "lnd": (2, 2, 3, 2, 2, 1, 1),
}
STORY = "".join(f"第{n}位渔民在码头捡到一只写着字的漂流瓶，瓶里是十年前的信。" for n in range(12))


def utc(text):
    """A time in China as it is stored."""
    return datetime.fromisoformat(f"{text}+08:00").astimezone(UTC).isoformat(timespec="seconds")


def article(site, name, published, *, title=None, body=None, seen=None, precision="minute", rules="1", **more):
    text = body or f"{name}的正文。"
    made = Article(
        url=f"http://{site}.example.cn/{name}.html", site=site, publisher=SITES[site].publisher, region=SITES[site].region,
        title=title or f"报道{name}", body_text=text, body_html=f"<p>{len(text)}</p>", published_precision=precision,
        published_at=f"{published}:00+08:00" if published else None, **more,
    )  # fmt: skip
    made.content_hash = content_hash(made.title, text)
    made.visit = Visit(made.url, site, "article", status=200, fetched_at=seen or utc(published), read_by=rules)
    return made


def usual_days(first, last):
    """What the sites publish day by day; 威海晚报 has nothing on 15 and 16 May."""
    day = first
    while day <= last:
        for site, counts in DAILY.items():
            silent = site == "wanbao" and day in (date(2024, 5, 15), date(2024, 5, 16))
            for number in range(0 if silent else counts[day.weekday()]):
                hour = 8 + number
                more = {"source": SITES[site].title, "reporters": ["林晓帆"] if number == 0 else []}
                yield article(site, f"{day:%m%d}-{number}", f"{day}T{hour:02}:15", **more)
        day += timedelta(days=1)


def fill(path):
    """Nine weeks and a day of four sites, with a story that travels, corrections, losses, recommendations and runs."""
    with Store(path) as store:
        for site in SITES.values():
            store.add_site(site)
        store.write(list(usual_days(date(2024, 3, 18), date(2024, 5, 20))))
        write = store.write
        told = [
            article("weihai", "story", "2024-05-14T09:00", title="渔民捡到十年前的漂流瓶", body=STORY, source="大众网·威海"),
            article("wanbao", "story", "2024-05-14T11:30", title="漂流瓶漂了十年", body=STORY, source="大众网"),
            article("lnd", "story", "2024-05-17T08:00", title="十年前的漂流瓶", body=STORY + "本报转载。", source="大众网·威海"),
            article("quiet", "story", "2024-05-18T00:00", title="漂流瓶", body=STORY, source="大众网·威海", precision="day"),
        ]
        write(told)
        with transaction(store.connection):
            for made in told:
                (number,) = store.connection.execute("SELECT id FROM articles WHERE url = ?", (made.url,)).fetchone()
                clusters.place(store.connection, number, made.body_text)
            clusters.settle(store.connection)
        # Recommended: one that is stored by five, one that is not by three, one whose address is a script by one.
        links = [
            Link(1, "报道0513-0", "http://weihai.example.cn/0513-0.html"),
            Link(2, EVIL, "http://away.example.cn/a|b.html?x=[1]"),
        ]
        for number in range(5):
            shown = links if number < 3 else links[:1]
            block = Block("recommended", "推荐阅读", shown)
            empty = Block("related", EVIL, [], filled_by="unanswered")
            write([article("lnd", f"r{number}", "2024-05-15T12:00", blocks=[block, *([empty] if number < 2 else [])])])
        bad = Block("recommended", "推荐阅读", [Link(1, "点我", "javascript:alert(3)")])
        write([article("quiet", "evil", "2024-05-16T10:00", title=EVIL, source=EVIL, reporters=[EVIL, "林晓帆"], blocks=[bad])])
        # Without a time: not counted as published.
        write([article("weihai", "undated", None, seen=utc("2024-05-16T10:00"))])
        # Corrected on Friday: a title, and a body on another site; one on Monday after the week; one by our own rules.
        write([article("weihai", "0513-0", "2024-05-13T08:15", title="报道0513-0（更正）", body="0513-0的正文。", source="大众网·威海", reporters=["林晓帆"], seen=utc("2024-05-17T20:00"))])  # fmt: skip
        write([article("quiet", "evil", "2024-05-16T10:00", title=f"更正{EVIL}", source=EVIL, reporters=[EVIL, "林晓帆"], blocks=[bad], seen=utc("2024-05-17T21:00"))])  # fmt: skip
        write([article("lnd", "0513-0", "2024-05-13T08:15", body="正文改了很多很多很多。", source="北国网", reporters=["林晓帆"], seen=utc("2024-05-20T00:30"))])  # fmt: skip
        write([article("lnd", "0513-1", "2024-05-13T09:15", title="规则改了", body="0513-1的正文。", source="北国网", rules="2", seen=utc("2024-05-18T00:30"))])  # fmt: skip
        for name, at, site in (("0514-0", "2024-05-19T23:59", "weihai"), ("0514-1", "2024-05-20T00:01", "weihai"), ("evil", "2024-05-18T12:00", "quiet")):  # fmt: skip
            write(
                [
                    Visit(
                        f"http://{site}.example.cn/{name}.html",
                        site,
                        "gone",
                        f"status 404 {EVIL}",
                        status=404,
                        fetched_at=utc(at),
                    )
                ]
            )
        for site, states in {"weihai": ("green", "green"), "lnd": ("green", "red"), "yantai": ("green", None)}.items():
            for at, state, sources in zip(("2024-04-30T08:00", "2024-05-16T08:00"), states, (100, 40), strict=True):
                if state:
                    add_run(store.connection, site, utc(at), state, sources if site == "lnd" else 100)
    return path


def add_run(connection, site, at, state, sources):
    run = ledger.start_run(connection, site, "crawl", "0.2.0", started_at=at)
    fields = [FieldCount("title", 100, 100, 100, 12.0, {}), FieldCount("source", 100, sources, 5, 5.0, {})]
    counts = {"requests": 110, "new": 100}
    ledger.finish_run(connection, run, seconds=60, reason="finished", exit_code=0, counts=counts, fields=fields)
    ledger.set_state(connection, run, state, f"{site}: 来源 empty in 60 of 100 articles {EVIL}" if state == "red" else None)


def made_report(path, span=WEEK, sites=(), now=NOW):
    """A report on a database that is filled where it is not there."""
    there = path if path.exists() else fill(path)
    with closing(connect(there, readonly=True)) as connection, questions.told(connection, span.since, span.until, sites) as told:
        return assemble(told, now, "、".join(sites), span=span)


@pytest.fixture(scope="module")
def database(tmp_path_factory):
    return fill(tmp_path_factory.mktemp("report") / "news.db")


@pytest.fixture(scope="module")
def made(database):
    return made_report(database)


@pytest.fixture
def run(database, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)

    def run(*arguments, code=0, db=database):
        done = CliRunner().invoke(command, [*map(str, arguments), "--db", str(db)])
        assert done.exit_code == code, done.output
        return done

    return run


def sentences(made):
    return " ".join("".join(part if isinstance(part, str) else part.text for part in parts) for parts in made.headline)


# -- numbers


def test_the_numbers_are_those_of_the_database(made, database):
    with closing(sqlite3.connect(database)) as connection:
        one = connection.execute
        week = "published_at >= '2024-05-13' AND published_at < '2024-05-20'"
        before = "published_at >= '2024-05-06' AND published_at < '2024-05-13'"
        total = one(f"SELECT count(*) FROM articles WHERE {week}").fetchone()[0]
        assert made.totals["articles"] == total == 89
        assert made.totals["before"] == one(f"SELECT count(*) FROM articles WHERE {before}").fetchone()[0]
        assert made.totals["undated"] == 1
        by_site = dict(one(f"SELECT site, count(*) FROM articles WHERE {week} GROUP BY site").fetchall())
        assert {days.name: days.total for days in made.site_days} == by_site
        assert sum(sum(stack) for stack in made.stacks.values()) == total
        by_region = one(f"SELECT coalesce(region, 'no region'), count(*) FROM articles WHERE {week} GROUP BY region").fetchall()
        assert {name: now for name, now, _ in made.regions} == dict(by_region) == {k: sum(v) for k, v in made.stacks.items()}
        by_source = Counter(source for (source,) in one(f"SELECT source FROM articles WHERE {week} AND source IS NOT NULL"))
        assert {name: now for name, now, _ in made.sources} == dict(by_source)
        assert sum(made.hours.values()) == total - 1, "of one article only the day is known"
        daily = [
            one("SELECT count(*) FROM articles WHERE site = 'lnd' AND substr(published_at, 1, 10) = ?", (day.since.isoformat(),)).fetchone()[0]
            for day in made.buckets
        ]  # fmt: skip
    assert next(days.counts for days in made.site_days if days.name == "lnd") == daily


def test_sites_that_lack_articles_are_named(made):
    assert [days.holes for days in made.site_days if days.name == "wanbao"] == [[False, False, True, True, False, False, False]]
    assert not any(any(days.holes) for days in made.site_days if days.name != "wanbao"), "a small site may have a quiet day"
    assert made.gaps == [("威海晚报", "none from 15 to 16 May, usually 15")]


def test_what_was_recommended_and_by_whom(made):
    rows = [(row["title"].text, row["articles"], row["by"], row["stored"]) for row in made.recommended]
    assert rows == [("报道0513-0（更正）", 5, "辽宁报刊传媒集团 5", True), (EVIL, 3, "辽宁报刊传媒集团 3", False)], (
        "a link whose address is a script leads nowhere, and counts for nothing"
    )
    assert made.recommendations == (9, 5)
    assert [(row["title"].text, row["articles"], row["why"]) for row in made.never_crawled] == [(EVIL, 3, "never asked for")]
    assert made.never_crawled_count == 1
    assert [(row["site"], row["articles"]) for row in made.unanswered] == [("北国网", 2)]


def test_how_a_story_travelled(made):
    (story,) = made.stories
    assert (story.title.text, story.origin, story.first) == ("渔民捡到十年前的漂流瓶", "大众网", "2024-05-14 09:00")
    assert story.papers == ["大众网", "威海晚报", "辽宁报刊传媒集团", "quiet"]
    assert (story.reprints, story.speed) == (3, "the first after 2 h 30 min, 2 within 2 d 23 h")
    assert [(event.lane, event.note, event.whole_day) for event in story.events] == [
        ("大众网", "likely origin", False), ("威海晚报", "+2 h 30 min", False), ("辽宁报刊传媒集团", "+2 d 23 h", False), ("quiet", "", True),
    ]  # fmt: skip
    assert made.reprints == (3, 0)
    assert made.takers == [("大众网", "quiet", 1), ("大众网", "威海晚报", 1), ("大众网", "辽宁报刊传媒集团", 1)]


def test_what_was_corrected_and_lost_counts_by_the_days_of_china(made):
    assert [row["title"].text for row in made.corrections] == [f"更正{EVIL}", "报道0513-0（更正）"], "newest first"
    assert made.corrected_kinds == ["title"]
    assert sorted(made.corrected) == sorted([(SITES["quiet"].title, 1, [1]), ("大众网·威海", 1, [1])])
    assert [(row["title"].text, row["seen"]) for row in made.vanished] == [
        ("报道0514-0", "05-19 23:59"),
        (f"更正{EVIL}", "05-18 12:00"),
    ]


def test_who_wrote(made, database):
    with closing(sqlite3.connect(database)) as connection:
        (count,) = connection.execute(
            "SELECT count(*) FROM bylines JOIN articles a ON a.id = article_id WHERE name = '林晓帆' AND role = 'reporter' "
            "AND a.published_at BETWEEN '2024-05-13' AND '2024-05-20'"
        ).fetchone()
    assert (made.reporters[0]["name"], made.reporters[0]["articles"]) == ("林晓帆", count)
    assert made.reporters[0]["by"].startswith("大众网 12, 辽宁报刊传媒集团 7, 威海晚报 5 and 1 more")


def test_sites_that_are_not_well_and_fields_that_fell(made):
    assert [(row["title"], row["state"], row["since"]) for row in made.states] == [("北国网", "red", "2024-05-16 08:00")]
    assert made.idle == ["大众网·烟台"]
    assert [(row["site"], row["field"], row["share"], row["was"], row["articles"]) for row in made.falls] == [
        ("北国网", "来源", 0.4, 1.0, 100)
    ]


def test_the_headline_says_it_in_sentences(made):
    assert sentences(made).startswith(
        "89 articles by 4 publishers on 5 sites were published from 13 to 19 May 2024, 5 fewer than the week before (−5 %). "
        "The fullest day was Tuesday, 14 May, with 18. 3 articles are reprints. Furthest went 渔民捡到十年前的漂流瓶, to 4 publishers "
        "(the first after 2 h 30 min, 2 within 2 d 23 h). Recommended most was 报道0513-0（更正）, beside 5 articles. "
        "2 articles were corrected, 2 vanished. 1 site lacks articles on days that usually have some and 1 site is not well (1 red)"
    )
    assert [(figure.name, figure.value, figure.change) for figure in made.figures] == [
        ("articles", 89, "−5"), ("reprints among them", 3, "+3"), ("articles corrected", 2, "+2"), ("articles vanished", 2, "+2"),
        ("missing days of sites", 2, ""), ("sites yellow or red", 1, ""),
    ]  # fmt: skip


def test_a_report_on_some_sites_is_on_nothing_else(database):
    made = made_report(database, sites=("lnd", "yantai"))
    assert [days.name for days in made.site_days] == ["lnd", "yantai"]
    assert made.gaps == []
    assert made.corrections == []
    assert {name for name, _, _ in made.publishers} == {"辽宁报刊传媒集团", "大众网"}
    assert [row["site"] for row in made.states] == ["lnd"]
    assert made.idle == ["大众网·烟台"]
    assert len(made.falls) == 1


def test_a_day_that_is_not_over_lacks_nothing_yet(database):
    span = Span(date(2024, 5, 16), date(2024, 5, 16))
    assert made_report(database, span).figures[4].value == 1
    early = made_report(database, span, now=datetime(2024, 5, 16, 8, tzinfo=SHANGHAI))
    assert early.unfinished
    assert early.figures[4].value == 0
    assert "the day is not over" in as_markdown(early).lower()


def test_long_spans_are_told_by_weeks_and_months(database):
    quarter = made_report(database, Span(date(2024, 4, 1), date(2024, 5, 19)))
    assert [bucket.below for bucket in quarter.buckets] == ["W14", "W15", "W16", "W17", "W18", "W19", "W20"]
    assert sum(days.total for days in quarter.site_days) == quarter.totals["articles"]
    years = made_report(database, Span(date(2023, 1, 15), date(2024, 5, 19)))
    assert (years.buckets[0].label, years.buckets[0].since, years.buckets[-1].until) == (
        "Jan",
        date(2023, 1, 15),
        date(2024, 5, 19),
    )
    assert len(years.buckets) == 17
    assert sum(days.total for days in years.site_days) == years.totals["articles"]


def test_reading_a_report_leaves_the_database_and_the_connection_as_they_were(database):
    content = database.read_bytes()
    with closing(connect(database, readonly=True)) as connection:
        for _ in range(2):
            with questions.told(connection, WEEK.since, WEEK.until) as told:
                assert told.totals()["articles"] == 89
        assert not connection.in_transaction
        assert connection.execute("SELECT count(*) FROM sqlite_temp_master").fetchone() == (0,)
    assert database.read_bytes() == content


# -- the page


def parsed(page):
    """A page, parsed as strictly as XML is."""
    assert page.startswith("<!doctype html>")
    return etree.fromstring(page.removeprefix("<!doctype html>"))


def words(element):
    """What a reader sees of an element, white space together."""
    return " ".join("".join(element.itertext()).split())


def test_the_page_is_whole_and_loads_nothing(made):
    root = parsed(as_html(made))
    tags = {element.tag for element in root.iter() if isinstance(element.tag, str)}
    assert not tags & {"script", "link", "img", "image", "iframe", "object", "embed", "use", "foreignObject", "base", "form"}
    for element in root.iter():
        assert not {name for name in element.keys() if name.startswith("on") or name in ("src", "srcset", "style", "background")}  # noqa: SIM118
    assert {link.get("href").partition(":")[0] for link in root.iter("a")} == {"http"}
    assert not re.search(r"@import|url\(|expression\(", root.findtext(".//style"))
    assert root.find(".//meta[@http-equiv]").get("content") == "default-src 'none'; style-src 'unsafe-inline'"
    assert root.get("lang") == "en"
    assert "zh-CN" in {element.get("lang") for element in root.iter()}
    headings = [heading.text for heading in root.iter("h2")]
    assert headings == [
        "What was published", "What was recommended most", "What was reprinted most", "What was corrected or vanished", "Who wrote",
        "What is missing",
    ]  # fmt: skip


def test_the_page_says_all_of_it(made):
    root = parsed(as_html(made))
    text = words(root.find("body"))
    assert sentences(made).split(". ")[0] in text
    for said in (
        "+2 h 30 min",
        "大众网·威海",
        "none from 15 to 16 May, usually 15",
        "40 %",
        "Not crawled on these days",
        "大众网·烟台",
    ):
        assert said in text, said
    assert "报道0513-0（更正）" in [words(link) for link in root.iter("a")]


def test_a_mail_program_that_drops_charts_and_style_still_tells_the_numbers(made):
    root = parsed(as_html(made))
    for element in [*root.iter("svg"), *root.iter("style")]:
        element.getparent().remove(element) if not element.tail else element.clear()
    rows = [[words(cell) for cell in row] for row in root.iter("tr")]
    wanbao = ["威海晚报", "7", "9", "∅", "∅", "7", "7", "8", "38"]
    assert wanbao in rows
    assert ["山东", "", f"{made.regions[0][1]} {report.change(*made.regions[0][1:])}"] in rows
    assert ["08", str(made.hours[8])] in rows


def test_hostile_news_is_shown_as_text(made):
    page = as_html(made)
    root = parsed(page)
    assert "<script" not in page
    assert "\u202e" not in page
    shown = EVIL.replace("\u202e", " ").strip()
    assert page.count("alert(1)") >= 6, "title, source, reporter, heading, message, reason, site: all are told"
    assert shown in words(root.find(".//h2[@id='recommended']/..")), "as it was written"
    assert "javascript:alert(3)" not in page


def test_an_address_that_runs_makes_no_link(database, tmp_path):
    path = tmp_path / "news.db"
    path.write_bytes(database.read_bytes())
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("UPDATE articles SET url = 'javascript:alert(9)' WHERE title = '报道0514-0' AND site = 'weihai'")
        connection.execute("UPDATE articles SET url = 'http://a.example/' || char(10) || 'b' WHERE title LIKE '更正%'")
    made = made_report(path)
    assert [row["title"].url for row in made.vanished] == [None, None]
    assert "alert(9)" not in as_html(made) + as_markdown(made)


@pytest.mark.parametrize(
    ("url", "kept"),
    [
        ("https://a.example/b?c=d", True), ("HTTP://a.example/", True), ("javascript:alert(1)", False), (" http://a.example", False),
        ("//a.example/", False), ("http:///x", False), ("http://[/", False), ("data:text/html,x", False), ("", False), (None, False),
    ],
)  # fmt: skip
def test_addresses_that_are_linked_to(url, kept):
    assert report.web_address(url) == (url if kept else None)


def test_a_hundred_sites_stay_fit_for_mailing(made):
    many = [SiteDays(f"s{n}", f"第{n}市新闻网·城市频道", [n % 9] * 7, [n % 5 == 0] * 7) for n in range(109)]
    assert len(as_html(replace(made, site_days=many)).encode()) < 300_000


# -- Markdown


def test_the_markdown_is_what_the_page_is_and_nothing_gets_out_of_its_place(made):
    text = as_markdown(made)
    tokens = MarkdownIt("commonmark").enable("table").parse(text)
    shown = MarkdownIt("commonmark").enable("table").render(text)
    root = etree.fromstring(f"<body>{shown}</body>")
    assert {element.tag for element in root.iter()} <= set("body h1 h2 p em a table thead tbody tr th td ul li hr".split())
    assert {link.get("href").partition(":")[0] for link in root.iter("a")} == {"http"}
    assert not any(token.type in ("html_block", "html_inline", "code_inline", "image") for top in tokens for token in [top, *(top.children or ())])  # fmt: skip
    for table in root.iter("table"):
        assert len({len(row) for row in table.iter("tr")}) == 1, "a sign in a title has made a column"
    titles = [words(link) for link in root.iter("a")]
    evil = " ".join(EVIL.replace("\u202e", " ").split())
    assert titles.count(evil) == 2, "recommended, and never stored: as it was written"
    assert titles.count(f"更正{evil}") == 2, "corrected, and vanished"
    assert "http://away.example.cn/a%7Cb.html?x=[1]".replace("[", "%5B").replace("]", "%5D") in [
        link.get("href").replace("[", "%5B").replace("]", "%5D") for link in root.iter("a")
    ]
    rows = [[words(cell) for cell in row] for row in root.iter("tr")]
    assert ["威海晚报", "7", "9", "0 missing", "0 missing", "7", "7", "8", "38"] in rows
    assert words(root.find("p")) == sentences(made).strip()
    assert [heading.text for heading in root.iter("h2")] == [heading.text for heading in parsed(as_html(made)).iter("h2")]


@pytest.mark.parametrize(
    "text", ["a|b", "*a*", "_a_", "`a`", "[a](http://b)", "<b>", "&lt;", "\\", "~~a~~", "a\n# b", "http://a.b", "![a](b)", "^a^"]
)
def test_marks_of_markdown_are_text(text):
    table = f"| a |\n|---|\n| {report.markdown_text(text)} |\n"
    root = etree.fromstring(f"<body>{MarkdownIt('commonmark').enable(['table', 'strikethrough']).render(table)}</body>")
    (cell,) = root.iter("td")
    assert len(cell) == 0
    assert cell.text == " ".join(text.split())


# -- weeks


@pytest.mark.parametrize(
    ("said", "first"),
    [
        ("2026-W47", date(2026, 11, 16)), ("2026W47", date(2026, 11, 16)), ("2026-w01", date(2025, 12, 29)), ("2026-11-18", date(2026, 11, 16)),
        ("last", date(2026, 11, 16)), ("this", date(2026, 11, 23)), ("2020-W53", date(2020, 12, 28)),
    ],
)  # fmt: skip
def test_weeks_as_people_name_them(said, first):
    found = Span.week(said, date(2026, 11, 29))
    assert (found.since, found.until) == (first, first + timedelta(days=6))
    assert Span.week(found.code, date(2020, 1, 1)) == found
    assert found.kind == "week"


@pytest.mark.parametrize("said", ["2026-W54", "2026-W00", "week 47", "47", "2026-13-01", ""])
def test_what_is_no_week_is_said(said):
    with pytest.raises(ValueError, match=r"no such week|is no week"):
        Span.week(said, date(2026, 11, 29))


def test_days_as_people_say_them():
    said = {
        (date(2026, 11, 16), date(2026, 11, 22)): "16 to 22 November 2026",
        (date(2026, 11, 30), date(2026, 12, 6)): "30 November to 6 December 2026",
        (date(2026, 12, 28), date(2027, 1, 3)): "28 December 2026 to 3 January 2027",
        (date(2026, 11, 18), date(2026, 11, 18)): "Wednesday, 18 November 2026",
    }
    assert {days: Span(*days).label for days in said} == said


# -- the command


def test_a_week_goes_into_a_file_of_its_name(run):
    done = run("--week", "2024-W20")
    page = Path("report-2024-W20.html")
    assert (
        done.output == f"report-2024-W20.html: 89 articles of 5 sites, 13 to 19 May 2024 ({page.stat().st_size / 1000:.0f} kB)\n"
    )
    assert parsed(page.read_text("utf-8")).findtext(".//title") == "News, 13 to 19 May 2024"
    assert page.stat().st_mode & 0o044, "others may read it"
    assert [entry.name for entry in Path().iterdir()] == [page.name], "nothing is left beside it"


def test_where_a_report_goes(run):
    Path("out").mkdir()
    assert run("--day", "2024-05-15", "-o", "out").output.startswith(
        "out/report-2024-05-15.html: 13 articles of 3 sites, Wednesday"
    )
    run("--since", "2024-05-01", "--until", "2024-05-15", "-o", "new/")
    assert Path("new/report-2024-05-01_2024-05-15.html").exists()
    run("--week", "2024-05-15", "-o", "a.md", "--site", "威海")
    assert Path("a.md").read_text("utf-8").startswith("# 威海, 13 to 19 May 2024 (2024-W20)\n")
    printed = run("--week", "2024-W20", "--format", "md").output
    assert printed.startswith("# All sites, 13 to 19 May 2024 (2024-W20)\n\n89 articles")
    assert run("--week", "2024-W20", "-o", "-").output.startswith("<!doctype html>")
    assert not Path("report-2024-W20.html").exists()


def test_days_without_articles_say_where_there_are_some(run):
    done = run("--week", "2023-W01")
    page = parsed(Path("report-2023-W01.html").read_text("utf-8"))
    assert done.stdout.startswith("report-2023-W01.html: no articles, 2 to 8 January 2023")
    assert done.stderr == (
        "No article was published on these days (2 to 8 January 2023). 10 weeks have articles, the first is 2024-W12, "
        "the last are: 2024-W16 (94), 2024-W17 (94), 2024-W18 (94), 2024-W19 (94), 2024-W20 (89), 2024-W21 (14).\n"
    )
    text = words(page.find("body"))
    for said in (
        "No article was published from 2 to 8 January 2023.", "Nothing: no stored article has a time of publication on these days.",
        "No article of these days recommends another.", "No article of these days is known to be a reprint.", "No correction was seen.",
        "No article was found to have vanished.", "No article of these days names a reporter.", "No site lacks articles",
        "No crawl ran on these days", "None is known: no crawl ran.", "None: every block that a script fills got an answer.",
        "None: all that is recommended or related is stored.",
    ):  # fmt: skip
        assert said in text, said


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--week", "2024-W20", "--day"), "--week, --day and --since/--until: give one of them."),
        (("--week", "2024-W60"), "--week: 2024-W60: that year has no such week."),
        (("--day", "x"), "--day: 'x' is no day"),
        (("--until", "2024-05-01"), "--until needs --since."),
        (("--since", "2024-05-02", "--until", "2024-05-01"), "--until 2024-05-01 lies before --since 2024-05-02."),
        (("--site", "威嗨"), "--site 威嗨: this database has no such site or group. There is: 威海"),
        (("--week", "2024-W20", "-o", "/proc/nothing/a.html"), "cannot be written"),
    ],
)
def test_mistakes_are_told(run, arguments, said):
    assert said in run(*arguments, code=2).output


def test_the_database_is_never_written_over(run, database, tmp_path):
    content = database.read_bytes()
    Path("link.html").symlink_to(database)
    for place in (database, "link.html"):
        assert "is the database itself" in run("--week", "2024-W20", "-o", place, code=2).output
    assert database.read_bytes() == content
    assert "no such database" in run(code=2, db=tmp_path / "none.db").output


def test_a_group_of_a_site_file_is_known(run):
    run("--week", "2024-W20", "--site", "dzwww", "-o", "-")
    assert "大众网·烟台" in run("--week", "2024-W20", "--site", "dzwww", "--format", "md").output
    assert "北国网" not in run("--week", "2024-W20", "--site", "dzwww", "--format", "md").output
