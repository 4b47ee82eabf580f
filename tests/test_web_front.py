"""The front page, the search page and the pages of sites, asked in process; on a small database whose days are all of 2018."""

import asyncio
import json
import re
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from urllib.parse import quote, urljoin, urlsplit

import lxml.html
import pytest

from newscrawl.days import SHANGHAI
from newscrawl.fingerprint import content_hash
from newscrawl.items import Article, Block, Image, Link, Visit
from newscrawl.store import newsroom, search
from newscrawl.store.writer import Site, Store, connect, transaction
from newscrawl.web import find, server

# A Wednesday; everything is published on it or before.
DAY = date(2018, 3, 7)
NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
SEEN = "2018-03-07T04:00:00+00:00"

EVIL = "<script>alert(1)</script><img src=x onerror=alert(2)>\"'><svg onload=alert(3)><style>*{display:none}</style>"
WEIHAI, YANTAI, DONGHAI = "weihai", "yantai", "donghai"
SITES = {
    WEIHAI: Site(WEIHAI, "大众网·威海", "大众网", "山东", "威海", "http://weihai.example.cn/"),
    YANTAI: Site(YANTAI, "烟台在线", "烟台在线", "山东", "烟台", "http://yantai.example.cn/"),
    DONGHAI: Site(DONGHAI, "东海网", "东海网", "上海", None, "http://donghai.example.cn/"),
    "quiet": Site("quiet", "静静网", None, None, None, None),
    "evil/name.x%": Site("evil/name.x%", EVIL, EVIL, EVIL, EVIL, "javascript:alert(4)"),
}
LONG = "。".join(
    f"渔港第{n}个泊位在清晨七点前已经排满，船老大们把第{n}张网抬上码头，等着和去年一样的{n + 3}级北风" for n in range(30)
)


def article(site, name, at, *, precision="minute", title=None, body=None, source=None, seen=SEEN, **more):
    stamp = at.isoformat() if isinstance(at, datetime) else at
    made = Article(
        url=f"http://{quote(site, safe='')}.example.cn/{name}.htm", site=site, publisher=SITES[site].publisher, region=SITES[site].region,
        title=title or f"{SITES[site].title}报道{name}", body_text=body or f"{name}号报道：码头上没有新消息。", published_at=stamp,
        published_precision=precision if stamp else None, source=source, **more,
    )  # fmt: skip
    made.body_html = "<p>…</p>"
    made.content_hash = content_hash(made.title, made.body_text)
    made.visit = Visit(made.url, site, "article", status=200, fetched_at=seen)
    return made


def at(day, hour, minute=0):
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=SHANGHAI)


def pushing(*links):
    return [Block("recommended", "推荐阅读", [Link(n, title, url) for n, (title, url) in enumerate(links, 1)])]


def filled(path):
    """Five weeks of two sites, a newer one, one that only has an article without a time, and one that means no good."""
    with Store(path) as store:
        for site in SITES.values():
            store.add_site(site)
        items = []
        for week in range(1, 5):
            before = DAY - timedelta(weeks=week)
            # Until ten in the morning, when the newest article of all was published, five; and one after it.
            items += [article(WEIHAI, f"w{week}-{n}", at(before, 6, n)) for n in range(5)]
            items += [article(WEIHAI, f"w{week}-late", at(before, 20))]
            items += [article(YANTAI, f"y{week}-{n}", at(before, 7, n)) for n in range(8)]
        items += [article(DONGHAI, "old", at(DAY - timedelta(days=5), 9))]
        swan = "http://weihai.example.cn/swan.htm"
        items += [
            article(WEIHAI, f"today{n}", at(DAY, 6, n), source="威海晚报" if n < 9 else None, reporters=["宋禾"] if n < 4 else [], authors=["宋禾", "丛知夏"],
                    channel=["首页", "新闻", "民生" if n % 2 else "港口"],
                    blocks=pushing(("天鹅回来了", swan), ("没有存下的", "http://other.example.cn/1.htm")) if n < 6 else pushing(("天鹅回来了", swan)))
            for n in range(14)
        ]  # fmt: skip
        items += [
            article(WEIHAI, "swan", at(DAY, 10), title="天鹅回来了 第十年", body="三百只天鹅今晨回到烟墩角。\n湖面上的天鹅\n村民们来看天鹅。",
                    source="大众网·威海", images=[Image("http://weihai.example.cn/1.jpg", "湖面上的天鹅")]),
            article(DONGHAI, "net", at(DAY, 9, 30), title="漁港織網 5G上船", body=LONG, source="威海晚报"),
            article(YANTAI, "net", at(DAY - timedelta(days=1), 9, 30), title="渔港织网 5G上船了", body=LONG, source="东海网"),
            article("quiet", "none", None),
            article(DONGHAI, "coming", datetime(2031, 1, 1, tzinfo=SHANGHAI)),
        ]  # fmt: skip
        store.write(items)
        # Corrected a day later; another is gone.
        store.write([article(WEIHAI, "today1", at(DAY, 6, 1), title="大众网·威海更正today1", seen="2018-03-08T04:00:00+00:00")])
        store.write(
            [
                Visit(
                    "http://weihai.example.cn/w1-1.htm", WEIHAI, "gone", "status 404", 404, fetched_at="2018-03-08T05:00:00+00:00"
                )
            ]
        )
        store.write([
            Visit("http://weihai.example.cn/login.htm", WEIHAI, "login", "asks for a name", 200, fetched_at=SEEN),
            Visit("http://weihai.example.cn/news/", WEIHAI, "list", "", 200, "channel", SEEN, number=1, listed=20, fresh=3),
        ])  # fmt: skip
        store.add_pending(WEIHAI, ["http://weihai.example.cn/wait.htm"], None)
        with transaction(store.connection):
            for name, state, message, started in (
                (WEIHAI, "green", None, "2018-03-07T02:00:00+00:00"),
                (WEIHAI, "red", "weihai: 来源 empty in 9 of 9 articles", "2018-03-07T03:00:00+00:00"),
                (WEIHAI, "red", "weihai: 来源 empty in 12 of 12 articles", "2018-03-07T04:00:00+00:00"),
                (YANTAI, "green", None, "2018-03-07T04:00:00+00:00"),
                (DONGHAI, "yellow", "donghai: no new article since 03-02", "2018-03-07T04:00:00+00:00"),
            ):
                store.connection.execute(
                    "INSERT INTO runs (site, command, version, started_at, finished_at, reason, exit_code, state, message, new, changed, unchanged, "
                    "duplicates, refused, failed) VALUES (?, 'crawl', '1', ?, ?, 'finished', 0, ?, ?, 7, 1, 2, 0, 3, 4)",
                    (name, started, started, state, message),
                )
        list(search.index(store.connection))
        # Not in the index yet.
        store.write([article(YANTAI, "fresh", at(DAY - timedelta(days=2), 8), title="刚刚存下的天鹅")])


@pytest.fixture(scope="module")
def path(tmp_path_factory):
    file = tmp_path_factory.mktemp("web") / "news.db"
    filled(file)
    return file


@pytest.fixture(scope="module")
def site(path):
    return server.site(path)


@pytest.fixture
def connection(path):
    with closing(connect(path, readonly=True)) as opened:
        yield opened


@pytest.fixture
def swan(connection):
    return connection.execute("SELECT id FROM articles WHERE title LIKE '天鹅%'").fetchone()[0]


def get(site, address, status=200):
    answer = asyncio.run(site.client.get(address))
    assert answer.status_code == status, f"{address}: {answer.status_code}\n{answer.text[:2000]}"
    return answer


def page(site, address, status=200):
    return lxml.html.fromstring(get(site, address, status).content.decode())


def said(element):
    return " ".join(element.text_content().split())


def words(element):
    """Its text with a blank between its parts."""
    return " ".join(" ".join(element.itertext()).split())


def section(tree, name):
    (found,) = tree.xpath(f'//*[@aria-labelledby="{name}"]')
    return found


def titles(element):
    return [said(one) for one in element.cssselect(".stories .title")]


def figures(tree):
    return {said(one.find("dt")): said(one.find("dd")) for one in tree.cssselect(".figures > div")}


# -- the front page


def test_the_newest_day_in_the_data_is_the_front_pages_day(site):
    tree = page(site, "/")
    (head,) = tree.cssselect("h1")
    assert said(head) == "Wednesday 7 March 2018"
    assert "The newest day in the data" in said(tree.cssselect(".page-head")[0])
    told = figures(tree)
    # Of all sites' articles, the one to come and the one without a time included.
    assert told["articles"] == "77"
    assert told["on that day"].startswith("16 usually 13")
    assert told["sites had some"] == "2 of 5"
    assert told["sites need a look"] == "2 of 5"
    assert told["wait for the index"] == "1"
    assert told["last run"] == "2018-03-07 12:00"


def test_each_regions_sites_with_what_is_usual_at_that_hour(site, connection):
    day = newsroom.front(connection, NOW).by_region
    told = {one.site.name: (one.articles, one.usual, one.trend) for region in day for one in region.sites}
    # The late article of the Wednesdays before does not count: today's has not been written at ten.
    assert told[WEIHAI] == (15, 5.0, "up")
    assert told[YANTAI] == (0, 8.0, "down")
    assert told[DONGHAI] == (1, None, None)
    assert [(region.region, region.articles) for region in day][:2] == [("山东", 15), ("上海", 1)]
    shown = said(section(page(site, "/"), "sites"))
    assert "大众网·威海 15 / 5 ▲more than usual" in shown
    assert "烟台在线 0 / 8 ▼less than usual" in shown
    assert "None: 静静网" in shown


def test_latest_articles_come_newest_first_and_none_from_the_future(site):
    latest = section(page(site, "/"), "latest")
    first, *others = titles(latest)
    assert first == "天鹅回来了 第十年"
    assert others[0] == "漁港織網 5G上船"
    assert len(others) == 19
    assert not any("coming" in title for title in others)
    lead = latest.cssselect("li.first")[0]
    # The caption is part of the text: it is said once.
    assert said(lead.cssselect(".teaser")[0]) == "三百只天鹅今晨回到烟墩角。 村民们来看天鹅。"
    assert said(lead.cssselect(".caption")[0]) == "图 湖面上的天鹅"
    assert not latest.cssselect("img")
    meta = latest.cssselect(".meta")[1]
    assert [link.get("href") for link in meta.cssselect("a")] == [f"/source/{quote('威海晚报')}", "/site/donghai"]
    assert "2018-03-07 09:30" in said(meta)


def test_reporters_come_before_authors_and_each_once(connection):
    number = {title: number for number, title in connection.execute("SELECT id, title FROM articles")}
    one, other = (number[f"大众网·威海报道today{n}"] for n in (0, 9))
    assert [one.reporters for one in newsroom.headlines(connection, [one, other])] == [("宋禾",), ("宋禾", "丛知夏")]
    assert [one.id for one in newsroom.headlines(connection, [other, 10**12, one, one])] == [other, one, one]
    assert newsroom.headlines(connection, []) == []


def test_what_is_recommended_most_by_links_of_the_newest_week(site, connection):
    found = section(page(site, "/"), "recommended")
    assert "from 2018-02-28 to 2018-03-07" in said(found)
    rows = [words(row) for row in found.cssselect("li")]
    assert rows[0].startswith("天鹅回来了 第十年 by 14 articles")
    assert rows[1] == "没有存下的 by 6 articles not stored other.example.cn"
    pushed = newsroom.front(connection, NOW).pushing
    assert (pushed.looked, pushed.cut) == (20, False)
    # Links first seen this week, by a clock of that week.
    assert newsroom.front(connection, datetime(2018, 3, 9, tzinfo=UTC)).pushing.until.startswith("2018-03-09")
    assert newsroom.front(connection, NOW, "上海").pushing.items == []


def test_more_links_than_are_looked_at(connection, monkeypatch):
    monkeypatch.setattr(newsroom, "LINKS", 5)
    pushed = newsroom.front(connection, NOW).pushing
    assert (pushed.looked, pushed.cut) == (5, True)
    # Those that are shown are counted to the end.
    shown = {one.title: one.articles for one in pushed.items}
    assert shown
    assert shown.items() <= {"天鹅回来了 第十年": 14, "没有存下的": 6}.items()


def test_reprinted_corrected_vanished(site):
    tree = page(site, "/")
    (story,) = section(tree, "reprinted").cssselect("li")
    # Told first by Yantai, which names Donghai as its source.
    assert words(story) == "漁港織網 5G上船 2 papers, 2 articles within 24 hours 东海网、烟台在线"
    assert re.match(r"/story/\d+$", story.cssselect("a")[0].get("href"))
    (change,) = section(tree, "corrected").cssselect("li")
    assert "更正today1" in said(change)
    assert "seen 2018-03-08 12:00" in said(change)
    assert change.cssselect("a")[0].get("href").endswith("/revisions")
    (loss,) = section(tree, "vanished").cssselect("li")
    assert words(loss) == "大众网·威海报道w1-1 大众网·威海 missed since 2018-03-08 13:00 gone: status 404"


def test_health_says_the_cause_and_since_when(site):
    health = section(page(site, "/"), "health")
    assert words(health.cssselect(".states")[0]) == "1 green 1 yellow 1 red 2 new"
    red, yellow = (words(row) for row in health.cssselect(".ill > li"))
    assert red == "red: 大众网·威海 since 2018-03-07 11:00 来源 empty in 12 of 12 articles"
    assert yellow == "yellow: 东海网 since 2018-03-07 12:00 no new article since 03-02"


def test_one_region(site):
    tree = page(site, "/?region=上海")
    assert titles(section(tree, "latest"))[0] == "漁港織網 5G上船"
    assert figures(tree)["articles"] == "3"
    assert [said(one) for one in tree.cssselect('[aria-current="true"]')] == ["上海"]
    assert "links beside articles" not in figures(tree)
    assert len(section(tree, "reprinted").cssselect("li")) == 1
    assert not section(tree, "corrected").cssselect("li")
    assert not section(tree, "vanished").cssselect("li")
    # Those without a region are a region, too; articles without a time are the latest where there are no others.
    assert titles(section(page(site, "/?region=-"), "latest")) == ["静静网报道none"]
    assert "No site of a region '火星'" in said(page(site, "/?region=火星", 404))


def test_a_day_before(site, connection):
    tree = page(site, f"/?day={DAY - timedelta(days=1)}")
    assert said(tree.cssselect("h1")[0]) == "Tuesday 6 March 2018"
    assert titles(section(tree, "latest"))[0] == "渔港织网 5G上船了"
    assert figures(tree)["on that day"].startswith("1 ")
    before, after = (one.get("href") for one in tree.cssselect(".turn a"))
    assert (before, after) == ("/?day=2018-03-05", "/")
    # Of a day that is over all of it counts.
    whole = newsroom.front(connection, NOW, day=DAY - timedelta(weeks=1))
    assert (whole.until, whole.day_articles) == (None, 14)
    assert "not a day: 'x'" in said(page(site, "/?day=x", 400))
    page(site, "/?day=2999-01-01", 404)
    page(site, "/?day=0001-01-01", 404)


def test_today_and_yesterday_by_the_clock(connection):
    now = datetime(2018, 3, 8, 1, tzinfo=UTC)
    assert newsroom.front(connection, now).day == DAY
    # Before the newest article was published nothing is known of it.
    early = newsroom.front(connection, datetime(2018, 3, 6, 1, tzinfo=UTC))
    assert early.day == DAY - timedelta(days=1)
    assert newsroom.newest_day(connection, date(2018, 2, 1)) is None
    assert newsroom.newest_day(connection, date(2031, 1, 1)) == date(2031, 1, 1)
    assert newsroom.newest_day(connection, date.max, ["quiet"]) is None


@pytest.mark.parametrize(
    ("articles", "usual", "found"),
    [
        (0, None, None),
        (0, 1.9, "usual"),
        (0, 4.1, "down"),
        (12, 5.0, "up"),
        (9, 5.0, "usual"),
        (80, 100.0, "usual"),
        (79, 100.0, "down"),
    ],
)
def test_a_trend_is_more_than_chance(articles, usual, found):
    assert newsroom.trend(articles, usual) == found


# -- search


def test_hits_with_their_words_marked(site, swan):
    tree = page(site, "/search?q=天鹅")
    assert said(tree.cssselect(".found h2")[0]) == "1 article with 天鹅"
    (hit,) = tree.cssselect(".results > li")
    assert hit.cssselect(".title a")[0].get("href") == f"/article/{swan}"
    assert said(hit.cssselect(".title")[0]) == "天鹅回来了 第十年"
    assert {said(mark) for mark in hit.cssselect("mark")} == {"天鹅"}
    # One that was stored since waits.
    assert "1 article waits for the index" in said(tree.cssselect("#index")[0])
    assert tree.cssselect("#find")[0].get("value") == "天鹅"


def test_the_searches_that_the_page_explains_can_be_asked(site):
    tree = page(site, "/search")
    examples = [link.get("href") for link in tree.cssselect(".language dt a")]
    assert len(examples) == len(find.LANGUAGE)
    for address in examples:
        assert not page(site, address).cssselect(".warning[role=alert]"), address
    assert len(page(site, "/search?q=渔港").cssselect(".results > li")) == 2
    assert len(page(site, "/search?q=5g+标题:织网").cssselect(".results > li")) == 2


@pytest.mark.parametrize(
    ("filters", "total"),
    [
        ("site=weihai", 39), ("site=大众网", 39), ("region=山东", 73), ("region=山东&site=donghai", 0), ("source=威海晚报", 9),
        ("source=威海晚报&region=上海", 1), ("since=2018-03-06", 18), ("since=2018-03-06&until=2018-03-06", 1), ("until=2018-02-07", 14),
        ("source=没有", 0), ("q=报道&site=weihai", 38), ("q=报道&since=2018-03-07&until=2018-03-07&source=威海晚报", 8), ("q=渔港&region=上海", 1),
    ],
)  # fmt: skip
def test_filters(site, filters, total):
    found = get(site, f"/search.json?{filters}", 400 if filters == "region=山东&site=donghai" else 200).json()
    assert found.get("total", 0) == total
    tree = page(site, f"/search?{filters}")
    assert len(tree.cssselect(".results > li")) == min(total, 20)
    for name, value in (one.split("=") for one in filters.split("&")):
        field = tree.xpath(f'//main//*[@name="{name}"]')[0]
        chosen = field.get("value") or next(
            one.get("value") or one.text for one in field.xpath("./descendant::option[@selected]")
        )
        assert chosen == value
        # A link takes each one away again.
        if name != "q" and not tree.cssselect(".warning[role=alert]"):
            assert any(f"{name}=" not in link.get("href") for link in tree.cssselect(".chips a")), name


def test_all_articles_page_by_page_are_all_articles_once(site, connection):
    address, seen = "/search.json", []
    while address:
        found = get(site, address).json()
        seen += [hit["id"] for hit in found["hits"]]
        address = found["next"]
    stored = connection.execute("SELECT id FROM articles ORDER BY published_at DESC, id DESC").fetchall()
    assert seen == [number for (number,) in stored]
    tree = page(site, "/search?page=2")
    assert [link.get("rel") for link in tree.cssselect(".pager a")] == ["prev", "next"]
    assert said(tree.cssselect(".pager span")[0]) == "Page 2 of 4"
    assert "See the first" in said(page(site, "/search?page=400"))


def test_hits_page_by_page(site):
    address, seen = "/search.json?q=报道&sort=date&site=weihai", []
    while address:
        found = get(site, address).json()
        assert found["total"] == 38
        seen += [(hit["published_at"], hit["id"]) for hit in found["hits"]]
        address = found["next"]
    assert len(seen) == 38
    assert seen == sorted(seen, reverse=True)


@pytest.mark.parametrize(
    ("query", "says"),
    [
        ("NOT", "NOT must be followed"),
        ("-天鹅", "only what must not be there"),
        ("！？", "nothing to search for"),
        ("天" * 1001, "more than 1000"),
    ],
)
def test_a_query_that_asks_for_nothing_is_told_so(site, query, says):
    tree = page(site, f"/search?q={quote(query)}")
    assert says in said(tree.cssselect(".warning[role=alert]")[0])
    assert tree.cssselect("details.language[open]")
    assert says in get(site, f"/search.json?q={quote(query)}", 400).json()["error"]


@pytest.mark.parametrize(
    "address",
    ["/search?since=x", "/search?until=2018-13-01", "/search?sort=sideways", "/search?since=2018-03-07&until=2018-03-01"],
)
def test_what_is_no_day_or_order_is_passed_over_and_told(site, address):
    tree = page(site, address)
    assert len(tree.cssselect(".warning[role=status]")) == 1
    assert tree.cssselect(".results > li")


def test_an_articles_number_or_address_opens_it(site, swan):
    for words in (
        str(swan),
        "http://weihai.example.cn/swan.htm",
        "weihai.example.cn/swan.htm",
        "https://weihai.example.cn/swan.htm",
    ):
        opened = page(site, f"/search?q={quote(words, safe='')}").cssselect(".opened a")
        assert opened[0].get("href") == f"/article/{swan}", words
    for words in ("²", "9" * 18, "9" * 40, "-1", "http://[", "http://", "0x44", "天鹅/第十年", "a.b/\x00"):
        assert not page(site, f"/search?q={quote(words, safe='')}").cssselect(".opened"), words


def test_unknown_sites_and_regions(site):
    for filters in ("site=nowhere", "region=火星", "site=donghai&region=山东"):
        tree = page(site, f"/search?q=天鹅&{filters}")
        assert "Search all sites" in said(tree.cssselect(".warning[role=alert]")[0])
        assert not tree.cssselect(".results")


@pytest.mark.parametrize(
    "address",
    [
        "/search?q=渔港",
        "/search?q=报道&site=weihai&source=威海晚报",
        "/search?region=山东&since=2018-03-01&until=2018-03-07",
        "/search?q=报道&sort=date",
    ],
)
def test_the_same_in_sql_as_csv_and_as_a_feed(site, address):
    tree = page(site, address)
    links = {said(link): link.get("href") for link in tree.cssselect("main .export a")}
    listed = get(site, links["JSON"]).json()
    rows = get(site, links["SQL"].replace("/newscrawl?", "/newscrawl.json?") + "&_shape=array").json()
    assert len(rows) == listed["total"]
    assert {hit["id"] for hit in listed["hits"]} <= {row["id"] for row in rows}
    if "sort=date" in address:
        assert [hit["id"] for hit in listed["hits"]] == [row["id"] for row in rows][:20]
    assert get(site, links["CSV"]).text.count("\n") == listed["total"] + 1
    feed = lxml.etree.fromstring(get(site, links["Atom feed"]).content)
    dated = min(50, sum(1 for row in rows if row["published_at"]))
    assert len(feed.findall("{http://www.w3.org/2005/Atom}entry")) == dated
    page(site, links["SQL"])


def test_browsing_is_filtering(connection):
    rows = connection.execute("SELECT id, site, source, published_at FROM articles").fetchall()
    for site in (None, [], [WEIHAI], [WEIHAI, DONGHAI, "quiet"]):
        for source in (None, "威海晚报", "没有"):
            for since, until in ((None, None), (DAY, None), (None, DAY), (date(2018, 2, 28), date(2018, 3, 6))):
                wanted = [
                    row
                    for row in rows
                    if (site is None or row[1] in site)
                    and (source is None or row[2] == source)
                    and (since is None or (row[3] or "") >= since.isoformat())
                    and (until is None or (row[3] is not None and row[3][:10] <= until.isoformat()))
                ]
                wanted.sort(key=lambda row: (row[3] or "", row[0]), reverse=True)
                total, found = newsroom.browse(connection, site=site, source=source, since=since, until=until, limit=7, offset=3)
                assert total == len(wanted)
                assert [one.id for one in found] == [row[0] for row in wanted[3:10]]


# -- sites


def test_all_sites_by_region(site):
    tree = page(site, "/sites")
    assert said(tree.cssselect("h1")[0]) == "5 sites"
    heads = [said(one) for one in tree.cssselect("tr.group")]
    assert heads[0] == "山东 2 sites, 73 articles"
    assert heads[-1] == "No region 1 site, 1 article"
    (row,) = [one for one in tree.cssselect("tbody tr") if "烟台在线" in said(one)]
    assert said(row.cssselect("td")[0]) == "34"
    assert said(row).endswith("2018-03-06 2018-03-07 12:00 green")
    # Three Wednesdays with eight, two single ones: 26 in the 27 days before the last.
    assert said(row.cssselect("td")[1]) == "1"
    assert row.cssselect("svg.sparkline title")[0].text.startswith("Articles a day, 28 days:")
    (red,) = [one for one in tree.cssselect("tbody tr") if "大众网·威海" in said(one)]
    assert "来源 empty in 12 of 12 articles" in said(red)


@pytest.mark.parametrize(
    ("sort", "first"),
    [
        ("name", None),
        ("articles", "大众网·威海"),
        ("usual", "烟台在线"),
        ("newest", "大众网·威海"),
        ("run", None),
        ("state", "大众网·威海"),
    ],
)
def test_sites_in_other_orders(site, sort, first):
    tree = page(site, f"/sites?sort={sort}")
    rows = tree.cssselect("tbody tr")
    assert len(rows) == 5
    assert not tree.cssselect("tr.group")
    assert first is None or said(rows[0]).startswith(first)
    (head,) = tree.cssselect("th[aria-sort]")
    assert head.get("aria-sort") in ("ascending", "descending")


def test_sites_of_one_region(site):
    tree = page(site, "/sites?region=上海&sort=articles")
    assert [said(one.cssselect("th a")[0]) for one in tree.cssselect("tbody tr")] == ["东海网"]
    page(site, "/sites?region=火星", 404)
    page(site, "/sites?sort=sideways", 404)
    assert "静静网" in said(page(site, "/sites?region=-"))


def test_a_site(site):
    tree = page(site, "/site/weihai")
    assert said(tree.cssselect("h1")[0]) == "大众网·威海"
    assert said(tree.cssselect(".condition")[0]) == (
        "red since 2018-03-07 11:00: 来源 empty in 12 of 12 articles. Last run 2018-03-07 12:00."
    )
    told = figures(tree)
    assert (told["articles"], told["newest article"], told["first article"]) == ("39", "2018-03-07", "2018-02-07")
    assert (told["vanished"], told["found, not yet fetched"]) == ("1", "1")
    days = section(tree, "days")
    assert "up to its newest article, of 2018-03-07" in said(days)
    assert days.xpath('.//a[@href="/search?site=weihai&since=2018-03-07&until=2018-03-07"]')
    assert titles(section(tree, "latest"))[0] == "天鹅回来了 第十年"
    assert titles(section(tree, "recommended")) == ["天鹅回来了 第十年", "没有存下的"]
    assert "2 sources in 39 articles, 30 name none" in said(section(tree, "sources"))
    assert [words(row) for row in section(tree, "people").cssselect("tbody tr")] == ["丛知夏 13", "宋禾 13"]
    # What all sections have in common is not said again and again.
    assert [words(row) for row in section(tree, "channels").cssselect("tbody tr")] == ["港口 7", "民生 6"]
    runs = [words(row) for row in section(tree, "runs").cssselect("tbody tr")]
    assert runs[0] == "2018-03-07 12:00 crawl 7 1 2 3 4 red 来源 empty in 12 of 12 articles"
    assert len(runs) == 3
    assert [words(row) for row in section(tree, "refused").cssselect("tbody tr")] == ["gone 1", "login 1"]
    assert "http://weihai.example.cn/news/" in said(section(tree, "lists"))


def test_who_takes_over_from_whom(site):
    given, taken = section(page(site, "/site/donghai"), "reprints").cssselect(".two > div")
    assert [words(row) for row in given.cssselect("tbody tr")] == ["烟台在线 1"]
    assert not taken.cssselect("tbody")
    given, taken = section(page(site, "/site/yantai"), "reprints").cssselect(".two > div")
    assert not given.cssselect("tbody")
    assert [words(row) for row in taken.cssselect("tbody tr")] == ["东海网 1"]


def test_a_site_with_nothing_known(site):
    tree = page(site, "/site/quiet")
    assert "it has never been crawled here" in said(tree)
    assert "None of its articles has a time of publication" in said(section(tree, "days"))
    assert "no front page on record" in said(tree)


@pytest.mark.parametrize("name", ["nowhere", "%00", "a%2Fb", "🐟", "x" * 10_000, "'; DROP TABLE sites; --", "%25"])
def test_sites_that_there_are_not(site, name):
    tree = page(site, f"/site/{quote(name, safe='%')}", 404)
    assert tree.cssselect("h1")


# -- everywhere


def test_links_lead_somewhere(site):
    """Each page that these pages lead to is there: articles, sources, people, stories, tables, questions in SQL."""
    wanted = {}
    for address in (
        "/",
        "/search?q=渔港",
        "/search?source=威海晚报&site=weihai",
        "/sites",
        "/site/weihai",
        "/site/evil%2Fname.x%25",
    ):
        tree = page(site, address)
        assert len(tree.cssselect("h1")) == 1, address
        for link in tree.cssselect("a[href], link[href], script[src]"):
            target = urljoin(f"http://here{address}", link.get("href") or link.get("src"))
            if urlsplit(target).netloc == "here":
                # One of each kind: their numbers and names differ.
                parts = urlsplit(target)
                kind = (
                    re.sub(r"\d+", "#", parts.path)
                    if not parts.path.startswith(("/site/", "/source/", "/person/"))
                    else parts.path
                )
                wanted.setdefault(
                    (kind, *sorted(re.findall(r"(\w+)=", parts.query))), target.removeprefix("http://here").partition("#")[0]
                )
    assert len(wanted) > 30
    broken = {}
    for address in wanted.values():
        answer = asyncio.run(site.client.get(address, follow_redirects=True))
        if answer.status_code != 200:
            broken[address] = answer.status_code
    assert broken == {}


@pytest.fixture(scope="module")
def hostile(tmp_path_factory):
    file = tmp_path_factory.mktemp("hostile") / "news.db"
    evil = "evil/name.x%"
    with Store(file) as store:
        store.add_site(SITES[evil])
        blocks = pushing(
            (EVIL, "javascript:alert(5)"), (EVIL, "http://x.example.cn/1.htm"), (EVIL, "data:text/html,<script>alert(6)</script>")
        )
        more = {
            "source": EVIL,
            "reporters": [EVIL],
            "channel": [EVIL, EVIL],
            "blocks": blocks,
            "images": [Image("javascript:alert(7)", EVIL)],
            "lead": [EVIL],
        }
        store.write([
            article(evil, "1", at(DAY, 9), title=EVIL, body=EVIL, **more),
            article(evil, "2", at(DAY, 8), title=f"{EVIL} 2", body=f"{LONG}{EVIL}", **more),
            article(evil, "3", at(DAY, 7), title=f"{EVIL} 3", body=f"{LONG}{EVIL}", **more),
            Visit("http://x.example.cn/list", evil, EVIL, EVIL, 200, "channel", SEEN, number=1),
            Visit("http://x.example.cn/page", evil, EVIL, EVIL, 200, fetched_at=SEEN),
        ])  # fmt: skip
        store.write(
            [article(evil, "2", at(DAY, 8), title=f"{EVIL} two", body=f"{LONG}{EVIL}", seen="2018-03-08T04:00:00+00:00", **more)]
        )
        store.write(
            [Visit("http://evil%2Fname.x%25.example.cn/3.htm", evil, "gone", EVIL, 404, fetched_at="2018-03-08T05:00:00+00:00")]
        )
        with transaction(store.connection):
            store.connection.execute("UPDATE pages SET url = 'javascript:alert(8)' WHERE kind = 'channel'")
            store.connection.execute(
                "UPDATE articles SET gone_at = '2018-03-09T00:00:00+00:00', gone_why = ? WHERE id = 3", (EVIL,)
            )
            store.connection.execute(
                "INSERT INTO runs (site, command, version, started_at, finished_at, reason, state, message) VALUES (?, ?, '1', ?, ?, ?, 'red', ?)",
                (evil, EVIL, SEEN, SEEN, EVIL, EVIL),
            )
        list(search.index(store.connection))
    return server.site(file)


@pytest.mark.parametrize(
    "address",
    [
        "/", f"/?region={quote(EVIL)}", f"/?day={quote(EVIL)}", "/search", "/search?q=script", f"/search?q={quote(EVIL)}", "/search?q=alert&sort=date",
        f"/search?site={quote(EVIL)}&source={quote(EVIL)}&region={quote(EVIL)}&since={quote(EVIL)}&until={quote(EVIL)}&sort={quote(EVIL)}&page={quote(EVIL)}",
        f"/search?q=1&site={quote('evil/name.x%', safe='')}&source={quote(EVIL)}", "/sites", "/sites?sort=state", f"/sites?region={quote(EVIL)}",
        f"/sites?sort={quote(EVIL)}", "/site/evil%2Fname.x%25", f"/site/{quote(EVIL, safe='')}",
    ],
)  # fmt: skip
def test_nothing_hostile_comes_through(hostile, address):
    answer = asyncio.run(hostile.client.get(address))
    assert answer.status_code in (200, 400, 404), answer.text[:1000]
    assert "script-src 'self'" in answer.headers["content-security-policy"]
    assert "unsafe-inline" not in answer.headers["content-security-policy"]
    tree = lxml.html.fromstring(answer.content.decode())
    for script in tree.iter("script"):
        assert script.get("src", "").startswith("/-/static")
        assert not (script.text or "").strip()
    assert not list(tree.iter("style"))
    assert not [one for one in tree.iter("img") if one.get("onerror") or one.get("src") == "x"]
    for element in tree.iter():
        for name, value in element.attrib.items():
            assert not name.startswith("on"), (name, value)
            assert name != "style"
            if name in ("href", "src", "action", "formaction"):
                assert urlsplit(value.strip()).scheme in ("", "http", "https"), value
    if address in ("/", "/search", "/sites", "/site/evil%2Fname.x%25"):
        # It is there to be read.
        assert "<script>alert(1)</script>" in tree.text_content()


def test_hostile_json_is_json(hostile):
    answer = get(hostile, f"/search.json?source={quote(EVIL)}")
    assert answer.headers["content-type"] == "application/json; charset=utf-8"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert json.loads(answer.text)["hits"][0]["title"] == EVIL


@pytest.fixture(scope="module")
def empty(tmp_path_factory):
    file = tmp_path_factory.mktemp("empty") / "news.db"
    Store(file).close()
    return server.site(file)


def test_an_empty_database(empty):
    assert "newscrawl crawl NAME" in said(page(empty, "/"))
    assert "newscrawl crawl NAME" in said(page(empty, "/search"))
    assert "newscrawl crawl NAME" in said(page(empty, "/sites"))
    assert "No article has this" in said(page(empty, "/search?q=天鹅"))
    assert get(empty, "/search.json").json()["total"] == 0
    for address in (
        "/?day=2018-03-07",
        "/search?page=9",
        "/search?since=2018-01-01&until=2018-01-02",
        "/search?q=1",
        "/sites?sort=articles",
    ):
        page(empty, address)
    for address in ("/?region=山东", "/sites?region=山东", "/site/weihai"):
        page(empty, address, 404)


def test_sites_without_articles_and_runs_that_never_ended(tmp_path):
    with Store(tmp_path / "news.db") as store:
        store.add_site(SITES[WEIHAI])
        store.write([article(WEIHAI, "1", None)])
        store.write([article(WEIHAI, "2", "2018-03-07T00:00:00+08:00", precision="day"), article(WEIHAI, "3", at(DAY, 1))])
        store.add_site(SITES[YANTAI])
        with transaction(store.connection):
            store.connection.execute(
                "INSERT INTO runs (site, command, version, started_at) VALUES ('yantai', 'crawl', '1', ?)", (SEEN,)
            )
            store.connection.execute("UPDATE articles SET title = '', body_text = '', lead = NULL WHERE id = 2")
            store.connection.execute("UPDATE articles SET published_at = '2018 not a time' WHERE id = 3")
    odd = server.site(tmp_path / "news.db")
    for address in ("/", "/search", "/sites", "/site/weihai", "/site/yantai", "/search.json", "/?region=山东"):
        get(odd, address)
    assert "running" in said(section(page(odd, "/site/yantai"), "runs"))
