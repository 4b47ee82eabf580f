"""Sources, people, coverage and charts in the web site: what they count, which days they miss, and that nothing of a stranger's runs there."""

import asyncio
import re
from contextlib import closing
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from urllib.parse import parse_qs, quote, unquote, urlsplit

import pytest
from lxml import html

from newscrawl import fingerprint
from newscrawl.items import Article, Block, Editor, Link, Visit
from newscrawl.store import coverage as stored
from newscrawl.store import credits, dashboards, ledger
from newscrawl.store.writer import Site, Store, connect
from newscrawl.web import credits as pages_of_credits
from newscrawl.web import server

EVIL = """<script>alert(1)</script>"'><img src=x onerror=alert(2)><svg onload=alert(3)>{{ 7*7 }}<style>*{display:none}</style></title>"""
FIRST = date(2016, 2, 29)
"""A Monday, sixteen weeks before the last day."""
UNCRAWLED, FAILED, SILENT, THIN = date(2016, 6, 8), date(2016, 6, 13), date(2016, 6, 16), date(2016, 6, 11)
SUNDAY = 6
TEXT = "港区渔业站的统计说，今秋出海的渔船共有{}艘，比去年同期多了8艘，一天的渔获在30吨上下，好的时候还要多些，码头上的过磅员记了一夜的账。她说鱼价比上周低了两成，来买鱼的人反倒更多了，天亮以前车已经排到了桥头，渔业站站长提醒下周有大风，小船应当在周三傍晚以前回港，避风锚地已经腾空，值班的电话整夜有人接。"


def article(number, site="gangqu", at="2016-06-01T08:30:00+08:00", title=None, text=None, **more):
    url = f"http://{site}.example/{number}.html"
    made = Article(
        url=url, site=site, publisher=more.pop("publisher", site), title=title or f"第{number}条消息", body_text=text or f"正文{number}。",
        body_html="<p>正文</p>", published_at=at, published_precision="minute", visit=Visit(url, site, "article", status=200),
    )  # fmt: skip
    made = replace(made, **more)
    made.content_hash = fingerprint.content_hash(made.title, made.body_text)
    return made


def recommending(*urls):
    return [Block("recommended", "推荐阅读", [Link(n, f"推荐{n}", url) for n, url in enumerate(urls, 1)])]


@pytest.fixture(scope="module")
def database(tmp_path_factory):
    """A site of sixteen weeks, ten articles on each day but Sundays, with four days amiss; one that reprints it; a hostile one."""
    path = tmp_path_factory.mktemp("coverage") / "news.db"
    made, number = [], 0
    for n in range(16 * 7):
        day = FIRST + timedelta(days=n)
        if day.weekday() == SUNDAY or day in (UNCRAWLED, FAILED, SILENT):
            continue
        for hour in range(1 if day == THIN else 10):
            number += 1
            made.append(
                article(
                    number, at=f"{day}T{8 + hour:02}:15:00+08:00", source="港区日报" if hour % 2 else "海关新闻", channel=["首页", "要闻"],
                    reporters=["陈海生"] if hour == 1 else ["孙秀兰", "陈海生"] if hour == 3 else [], editors=[Editor("责任编辑", "赵启明")],
                    blocks=recommending("http://gangqu.example/1.html") if hour == 2 else [],
                )
            )  # fmt: skip
    story = [
        article(
            9001, at="2016-06-02T08:00:00+08:00", source="港区日报", title="渔船出海", text=TEXT.format(126), reporters=["陈海生"]
        ),
        article(9002, "wanbao", "2016-06-03T09:00:00+08:00", source="港区日报", title="渔船出海了", text=TEXT.format(126)),
        article(9003, "wanbao", None, source="A/B%.\"'🙂", title="没有时间的一条", authors=["a/b"]),
    ]
    hostile = article(
        9004, "evil", "2016-06-05T09:00:00+08:00", title=EVIL, text=EVIL, source=EVIL, publisher=EVIL, channel=[EVIL], authors=[EVIL],
        reporters=[EVIL, "陈海生"], editors=[Editor(EVIL, EVIL)], blocks=[Block(EVIL, EVIL, [Link(1, EVIL, "javascript:alert(1)")])],
    )  # fmt: skip
    with Store(path) as store:
        for name, title, region in (
            ("gangqu", "港区网", "山东"),
            ("wanbao", "晚报网", "广东"),
            ("evil", EVIL, EVIL),
            ("leer", "空网", "山东"),
        ):
            store.add_site(Site(name, title, title, region))
        store.write([*made, *story, hostile])
    with closing(connect(path)) as connection:
        run(connection, "gangqu", date(2016, 6, 1))
        run(connection, "gangqu", FAILED, reason="storage error", exit_code=1)
        run(connection, "gangqu", SILENT, new=3)
        run(connection, "wanbao", date(2016, 6, 3), new=2)
    return path


def run(connection, site, day, *, reason="finished", exit_code=0, new=10):
    """A run at noon of a day in China, which is still that day in UTC."""
    started = datetime(day.year, day.month, day.day, 4, tzinfo=UTC).isoformat(timespec="seconds")
    number = ledger.start_run(connection, site, "crawl", "1", started_at=started)
    ledger.finish_run(
        connection, number, seconds=1, reason=reason, exit_code=exit_code, counts={"new": new if exit_code == 0 else 0}
    )


@pytest.fixture(scope="module")
def site(database):
    return server.site(database)


@pytest.fixture(scope="module")
def empty(tmp_path_factory):
    path = tmp_path_factory.mktemp("empty") / "news.db"
    Store(path).close()
    return server.site(path)


def get(site, address, status=200):
    answer = asyncio.run(site.client.get(address))
    assert answer.status_code == status, f"{address}: {answer.status_code}\n{answer.text[-1500:]}"
    return answer


def page(site, address, status=200):
    return html.fromstring(get(site, address, status).text)


def text_of(element):
    for line in element.xpath(".//br"):
        line.tail = " " + (line.tail or "")
    return " ".join(element.text_content().split())


# -- sources and people


def test_sources_are_ranked_with_their_share_and_found_by_a_part_of_their_name(site):
    tree = page(site, "/sources")
    rows = [[text_of(cell) for cell in row] for row in tree.xpath("//table//tbody/tr")]
    assert rows[0][:2] == ["1", "港区日报"]
    assert rows[0][4:] == ["2", "2016-02-29", "2016-06-18"], "sites, first and last day"
    assert rows[1][1] == "海关新闻"
    assert float(rows[0][3].split()[0]) > 45, "its share of all that credit somebody"
    found = page(site, "/sources?q=" + quote("日报"))
    assert [text_of(cell) for cell in found.xpath("//table//tbody/tr/th")] == ["港区日报"]
    assert "No source has" in text_of(page(site, "/sources?q=nirgends"))
    assert "only 1 page" in text_of(page(site, "/sources?page=7"))


def test_a_source_says_who_credits_it_with_what_and_how_far_its_texts_went(site):
    tree = page(site, "/source/" + quote("港区日报"))
    assert text_of(tree.xpath("//h1")[0]) == "港区日报"
    credited = tree.xpath("//section[@aria-labelledby='sites']//li")
    assert {text_of(one).split()[0] for one in credited} == {"港区网", "晚报网"}
    assert "陈海生" in text_of(tree.xpath("//section[h2[contains(., 'Reporters')]]")[0])
    travels = text_of(tree.xpath("//section[@aria-labelledby='journeys']")[0])
    assert "渔船出海" in travels
    assert "2 publishers" in travels
    assert "2016-06-02 08:00 to 2016-06-03 09:00" in travels
    shown = tree.xpath("//section[@aria-labelledby='latest']//li//div[@class='title']")
    assert len(shown) == pages_of_credits.ARTICLES
    months = tree.xpath("//section[@aria-labelledby='time']//figure//a/@href")
    assert parse_qs(urlsplit(months[0]).query) == {"source": ["港区日报"], "since": ["2016-02-01"], "until": ["2016-02-29"]}
    second = page(site, "/source/" + quote("港区日报") + "?page=2")
    assert not {text_of(one) for one in shown} & {
        text_of(one) for one in second.xpath("//section[@aria-labelledby='latest']//div[@class='title']")
    }


def test_what_is_recommended_most_counts_articles_not_links(database):
    with closing(connect(database)) as connection:
        found = credits.source(connection, "海关新闻")
        assert found is not None
        (pushed,) = connection.execute(
            "SELECT count(DISTINCT article_id) FROM article_links WHERE kind = 'recommended' AND target_id = ? AND article_id <> target_id",
            (found.recommended[0].id,),
        ).fetchone()
        assert found.recommended[0].count == pushed > 80
        assert found.recommended[0].title == "第1条消息"
        assert sum(found.days.values()) == found.articles - found.undated


def test_people_by_role_and_a_person_with_those_named_beside(site):
    tree = page(site, "/people")
    assert text_of(tree.xpath("//table//tbody/tr[1]/th")[0]) == "陈海生"
    assert text_of(tree.xpath("//nav[@class='tabs']//a[@aria-current]")[0]).startswith("Reporters 记者")
    assert text_of(page(site, "/people?role=editor").xpath("//table//tbody/tr[1]/th")[0]) == "赵启明"
    tree = page(site, "/person/" + quote("陈海生"))
    assert "may be several persons" in text_of(tree)
    partners = tree.xpath("//section[h2[contains(., 'With reporters')]]//li")
    assert text_of(partners[0]).startswith("孙秀兰")
    assert "海关新闻" not in text_of(tree.xpath("//section[@aria-labelledby='sources']")[0]), "only what they were credited with"
    assert "渔船出海" in text_of(tree.xpath("//section[@aria-labelledby='reprinted']")[0])
    labels = text_of(page(site, "/person/" + quote("赵启明")))
    assert "责任编辑" in labels
    assert "No role" in text_of(page(site, "/people?role=boss", 404))


@pytest.mark.parametrize("name", ["A/B%.\"'🙂", EVIL])
def test_names_with_anything_in_them_have_a_page_that_every_list_leads_to(site, name):
    address = "/source/" + quote(name, safe="")
    assert address in page(site, "/sources").xpath("//table//th/a/@href")
    tree = page(site, address)
    assert text_of(tree.xpath("//h1")[0]) == name
    assert "1 article" in text_of(tree.xpath("//dl[@class='figures']")[0])


def test_names_that_nobody_has_are_said_to_be_missing(site):
    for address in ("/source/" + "长" * 10_000, "/person/" + quote("/", safe=""), "/source/%00", "/person/a%ff"):
        answer = get(site, address, 404)
        assert "<h1>Not here</h1>" in answer.text
        assert len(answer.text) < 20_000


# -- coverage


def holes(tree):
    return {
        text_of(row.xpath("td[1]")[0]).split()[0]: [text_of(cell) for cell in row.xpath("td")]
        for row in tree.xpath("//table[contains(@class, 'holes')]/tbody/tr")
    }


def test_days_that_lack_articles_are_listed_with_why_and_the_command_that_looks_again(site):
    tree = page(site, "/coverage?month=2016-06")
    found = holes(tree)
    assert found["2016-06-08"][3] == "not crawled"
    assert found["2016-06-13"][3] == "run failed storage error"
    assert found["2016-06-16"][3] == "nothing found"
    assert found["2016-06-11"][1:3] == ["1", "10"], "a day with hardly any is missing too"
    assert found["2016-06-08"][4] == "newscrawl crawl gangqu --since 2016-06-08 --until 2016-06-08"
    assert "2016-06-12" not in found, "a Sunday, which it never publishes on"
    marked = tree.xpath("//table[contains(@class, 'chart-grid')]//td[contains(@class, 'hole')]/@title")
    assert any("not crawled" in title for title in marked)
    assert all("usually" in title for title in marked)
    for lead in tree.xpath("//td[contains(@class, 'hole')]//a/@href"):
        assert tree.xpath("//tr[@id=$id]", id=lead.removeprefix("#")), "leads to its line in the list"


def test_the_command_in_the_list_is_one_that_there_is(site):
    from newscrawl.cli.crawling import crawl

    command = holes(page(site, "/coverage?month=2016-06"))["2016-06-08"][4].split()
    assert command[:2] == ["newscrawl", "crawl"]
    context = crawl.make_context("crawl", command[2:], resilient_parsing=True)
    assert context.params["names"] == ("gangqu",)
    assert str(context.params["since"])[:10] == str(context.params["until"])[:10] == "2016-06-08"


def test_days_in_a_row_are_one_hole_and_before_the_first_run_says_so(database):
    from newscrawl.coverage import Gap
    from newscrawl.web.coverage import BEFORE, NOT_CRAWLED, _holes

    place = stored.Site("gangqu", "港区网", None, None)
    days = [date(2016, 4, 3), date(2016, 4, 4), date(2016, 4, 6), date(2016, 4, 8)]
    missing = [Gap(day, 0, 9.0) for day in days]
    published = {date(2016, 4, 7): 4}
    (first, last) = _holes(place, missing, published, [], date(2016, 5, 1))
    assert (first.first, first.last, first.days, first.usual, first.reason) == (days[0], days[2], 3, 27.0, BEFORE)
    assert last.first == days[3]
    assert {hole.reason for hole in _holes(place, missing, published, [], date(2016, 4, 1))} == {NOT_CRAWLED}


def test_runs_belong_to_their_day_in_china(database):
    with closing(connect(database)) as connection:
        number = ledger.start_run(connection, "leer", "crawl", "1", started_at="2016-06-07T17:00:00+00:00")
        ledger.finish_run(connection, number, seconds=1, reason="finished", exit_code=0, counts={"new": 1})
        (only,) = stored.runs(connection, "leer", date(2016, 6, 8), date(2016, 6, 8))
        assert only.day == date(2016, 6, 8)
        assert not stored.runs(connection, "leer", date(2016, 6, 7), date(2016, 6, 7))
        connection.execute("DELETE FROM runs WHERE site = 'leer'")
        connection.commit()


def test_months_are_paged_through_and_a_region_chosen(site):
    tree = page(site, "/coverage?month=2016-06&region=" + quote("山东"))
    assert text_of(tree.xpath("//h1")[0]) == "Coverage 2016-06"
    assert [text_of(one) for one in tree.xpath("//table[contains(@class, 'chart-grid')]//tbody//th")] == ["港区网"]
    assert "空网" in text_of(tree.xpath("//details[@class='silent']")[0])
    before = tree.xpath("//a[@rel='prev']/@href")[0]
    assert unquote(before) == "/coverage?month=2016-05&region=山东"
    assert text_of(page(site, before).xpath("//h1")[0]) == "Coverage 2016-05"
    assert "Nothing is stored of 2019-01" in text_of(page(site, "/coverage?month=2019-01", 404))
    assert text_of(page(site, "/coverage?month=nonsense").xpath("//h1")[0]) == "Coverage 2016-06"
    days = tree.xpath("//table[contains(@class, 'chart-grid')]//td/a/@href")
    assert {tuple(parse_qs(urlsplit(day).query)) for day in days if day.startswith("/search")} == {("site", "since", "until")}


def test_a_sites_whole_time_stands_in_calendars(site):
    tree = page(site, "/coverage/gangqu")
    assert [text_of(one).split()[0] for one in tree.xpath("//section/h2[starts-with(@id, 'y')]")] == ["2016"]
    cells = {
        title.split(":")[0].split()[-1]: title for title in tree.xpath("//table[contains(@class, 'chart-calendar')]//td/@title")
    }
    assert "10 articles" in cells["2016-06-01"]
    assert "missing" in cells["2016-06-08"]
    assert "not on record" in cells["2016-01-05"]
    assert "2016-06-08" in holes(tree)
    assert "No site" in text_of(page(site, "/coverage/nirgends", 404))
    alone = text_of(page(site, "/coverage/leer"))
    assert "No article of this site" in alone
    assert "newscrawl crawl leer" in alone
    assert "1 article without a time" in text_of(page(site, "/coverage/wanbao"))


# -- charts


def test_charts_count_what_the_tables_hold(database):
    with closing(connect(database)) as connection:
        period = dashboards.Period(date(2016, 6, 1), date(2016, 6, 30))
        found = dashboards.dashboard(connection, period)
        (articles,) = connection.execute(
            "SELECT count(*) FROM articles WHERE published_at >= '2016-06-01' AND published_at < '2016-07-01'"
        ).fetchone()
        assert sum(row[2] for row in found.by_day.rows) == articles
        assert sum(row[2] for row in found.hours.rows) == articles
        assert ("港区日报", "wanbao") not in found.sources.rows
        assert [row[:3] for row in found.flows.rows] == [("gangqu", "wanbao", 1)]
        by_site = {row[0]: dict(zip(("articles", *dashboards.FIELDS), row[1:], strict=True)) for row in found.fields.rows}
        assert by_site["gangqu"]["source"] == by_site["gangqu"]["articles"]
        assert 0 < by_site["gangqu"]["reporter"] < by_site["gangqu"]["articles"]
        assert by_site["gangqu"]["images"] == 0
        ages = dict(found.ages.rows)
        assert set(ages) == {"3–12 mo"}, "what is recommended is of February"
        assert sum(ages.values()) == by_site["gangqu"]["recommended"]
        one = dashboards.dashboard(connection, replace(period, site="wanbao"))
        assert {row[0] for row in one.by_day.rows} == {"wanbao"}
        region = dashboards.dashboard(connection, replace(period, region="广东"))
        assert region.by_day.rows == one.by_day.rows


def test_each_chart_has_a_sentence_its_numbers_and_sql_that_gives_the_same(site, database):
    tree = page(site, "/charts?since=2016-06-01&until=2016-06-30")
    sections = tree.xpath("//div[@class='charts']/section")
    assert [section.xpath("h2/@id")[0] for section in sections] == [
        "days", "sources", "hours", "channels", "flows", "fields", "links", "ages",
    ]  # fmt: skip
    for section in sections:
        assert text_of(section.xpath("p[@class='sentence']")[0]).endswith(".")
        assert section.xpath(".//table"), "the numbers as a table"
    total = int(re.match(r"([\d,]+) articles", text_of(sections[0].xpath("p[@class='sentence']")[0]))[1].replace(",", ""))
    sql = sections[0].xpath("h2//a/@href")[0]
    rows = get(site, sql.replace("/newscrawl?", "/newscrawl.json?") + "&_shape=array").json()
    assert sum(row["articles"] for row in rows) == total
    assert sections[1].xpath("h2//a/@href")[1].startswith("/newscrawl.csv?")
    assert get(site, sections[1].xpath("h2//a/@href")[1]).text.splitlines()[0] == "source,articles"


@pytest.mark.parametrize(
    "query",
    ["since=nonsense", "since=2016-06-30&until=2016-06-01", "since=0001-01-01&until=9999-12-31", "since=9999-12-31", "until=0001-01-01", "by=nix"],
)  # fmt: skip
def test_odd_periods_are_answered(site, query):
    tree = page(site, f"/charts?{query}")
    assert tree.xpath("//section") or "was published from" in text_of(tree)


def test_years_are_told_by_months_and_decades_by_years():
    start = date(2000, 1, 1)
    assert dashboards.Period(start, start + timedelta(days=91)).unit == "day"
    assert dashboards.Period(start, start + timedelta(days=92)).unit == "month"
    assert dashboards.Period(start, date(2020, 1, 1)).unit == "year"


def test_unknown_sites_and_regions_are_said_to_be_so(site):
    assert "No site 'nix'" in text_of(page(site, "/charts?site=nix", 404))
    assert "region 'nix'" in text_of(page(site, "/charts?region=nix", 404))


def test_time_is_told_by_days_months_or_years():
    def labels(*days):
        drawn = pages_of_credits.over_time(dict.fromkeys(days, 1), "T", lambda since, until: None)
        return html.fromstring(drawn).xpath("//tbody/tr/th/text()")

    assert labels("2016-06-01", "2016-06-03") == ["1 Jun", "2 Jun", "3 Jun"]
    assert labels("2016-01-31", "2016-03-31") == ["2016-01", "2016-02", "2016-03"]
    assert labels("2010-01-31", "2018-03-31")[-1] == "2018"
    assert pages_of_credits.over_time({"": 3, "nonsense": 1}, "T", lambda since, until: None) is None


# -- all of them

ADDRESSES = (
    "/sources",
    "/people",
    "/people?role=editor",
    "/coverage",
    "/coverage?month=2016-06",
    "/charts",
    "/charts?since=2016-06-01&by=site",
)


def test_nothing_of_a_strangers_runs_on_any_page(site):
    name = quote(EVIL, safe="")
    for address in (
        *ADDRESSES,
        f"/source/{name}",
        f"/person/{name}",
        "/coverage/evil",
        f"/sources?q={name}",
        f"/coverage?region={name}",
        f"/charts?region={name}",
    ):
        tree = page(site, address)
        assert not tree.xpath("//style"), address
        for script in tree.xpath("//script"):
            assert script.get("src", "").startswith("/-/static"), address
            assert not script.text
        for element in tree.iter():
            for attribute, value in element.attrib.items():
                assert not attribute.startswith("on"), (address, attribute)
                assert attribute != "style", (address, value)
                assert not value.strip().lower().startswith(("javascript:", "data:")), (address, value)
        assert not tree.xpath("//main//img")
        assert "49" not in text_of(tree.xpath("//h1")[0]), "{{ 7*7 }} was text"


def test_every_page_has_one_heading_of_the_first_rank_and_labels_for_its_fields(site):
    for address in (*ADDRESSES, "/source/" + quote("港区日报"), "/person/" + quote("陈海生"), "/coverage/gangqu"):
        tree = page(site, address)
        assert len(tree.xpath("//h1")) == 1, address
        ids = tree.xpath("//@id")
        assert len(ids) == len(set(ids)), address
        for field in tree.xpath("//main//input[not(@type='hidden')] | //main//select"):
            assert tree.xpath("//label[@for=$id]", id=field.get("id")), address
        for cell in tree.xpath("//main//thead//th"):
            assert cell.get("scope"), address


def test_an_empty_database_says_what_to_do(empty):
    for address in ("/sources", "/people", "/people?role=editor", "/coverage", "/charts"):
        assert "Crawl a site first" in text_of(page(empty, address)) or "stored" in text_of(page(empty, address))
    for address in ("/source/x", "/person/x", "/coverage/x"):
        get(empty, address, 404)


def test_charts_bring_their_colours(site):
    answer = get(site, "/-/charts.css")
    assert answer.headers["content-type"].startswith("text/css")
    assert "--c1:" in answer.text
    assert "--chart-surface: var(--paper)" in answer.text
