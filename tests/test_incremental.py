"""What later runs ask for: little, and nothing is missed. A real server that counts, real crawls, a real database."""

import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
from faultserver import FaultServer, article_page, articles, crawl, list_page, rows, site_file, status

HOST = "news.example"
HOME = f"http://{HOST}/"


@pytest.fixture
def server():
    with FaultServer() as server:
        server.page(f"http://{HOST}/robots.txt", "User-agent: *\nDisallow:\n")
        yield server


def change(folder, sql, *parameters):
    with closing(sqlite3.connect(folder / "news.db", isolation_level=None)) as connection:
        connection.execute(sql, parameters)


def asked(server, since):
    return [url for url in server.urls()[since:] if not url.endswith("/robots.txt")]


def article_url(number, day="20261101"):
    return f"http://{HOST}/{day[:6]}/t{day}_{number}.html"


def publish(server, url, title):
    server.page(url, article_page(title))


def conditional(server, url, body, *, etag=None, modified=None):
    """A page that answers 304 where the request says that it is known."""

    async def handle(exchange):
        known = exchange.headers.get("if-none-match") == etag if etag else "if-modified-since" in exchange.headers
        validators = {"ETag": etag} if etag else {"Last-Modified": modified}
        if known:
            await exchange.head(304, validators)
        else:
            await exchange.reply(200, body, validators)

    server.on(url, handle)


@pytest.mark.parametrize("validator", [{"etag": '"a1"'}, {"modified": format_datetime(datetime(2026, 11, 1, tzinfo=UTC))}])
def test_an_unchanged_list_is_asked_for_conditionally(server, tmp_path, validator):
    urls = articles(server, HOST, 3)
    conditional(server, HOME, list_page(urls), **validator)
    assert crawl(tmp_path, site_file(), proxy=server.base).code == 0
    assert rows(tmp_path, "SELECT count(*) FROM articles") == [(3,)]
    before = len(server.log)
    done = crawl(tmp_path, site_file(), proxy=server.base)
    assert done.code == 0
    assert asked(server, before) == [HOME]
    assert rows(tmp_path, "SELECT verdict, status, listed, tries FROM pages WHERE url = ?", HOME) == [("list", 304, 3, 2)]
    # Then there is news.
    publish(server, article_url(9), "港区又来一艘船")
    conditional(server, HOME, list_page([article_url(9), *urls]), etag='"b2"')
    before = len(server.log)
    crawl(tmp_path, site_file(), proxy=server.base)
    assert asked(server, before) == [HOME, article_url(9)]


def test_a_site_file_that_changed_reads_unchanged_lists_anew(server, tmp_path):
    """A pattern that was too narrow and is mended: the list is unchanged, and yet it holds news."""
    publish(server, f"http://{HOST}/v/7.html", "专栏：潮汐里的码头")
    conditional(server, HOME, list_page([*articles(server, HOST, 3), f"http://{HOST}/v/7.html"]), etag='"a1"')
    crawl(tmp_path, site_file(), proxy=server.base)
    assert rows(tmp_path, "SELECT count(*) FROM articles") == [(3,)]
    mended = site_file(article=r"/t\d{8}_\d+\.html$|/v/\d+\.html$")
    crawl(tmp_path, mended, proxy=server.base)
    assert rows(tmp_path, "SELECT count(*) FROM articles") == [(4,)]


def test_a_window_of_days_does_not_hide_the_rest_from_the_next_run(server, tmp_path):
    urls = [article_url(1, "20261105"), article_url(2, "20261001")]
    for number, url in enumerate(urls):
        publish(server, url, f"港区新闻之{number}")
    conditional(server, HOME, list_page(urls), etag='"a1"')
    crawl(tmp_path, site_file(), "--all", "--delay", 0, "--since", "2026-11-01", proxy=server.base)
    assert rows(tmp_path, "SELECT count(*) FROM articles") == [(1,)]
    crawl(tmp_path, site_file(), proxy=server.base)
    assert rows(tmp_path, "SELECT count(*) FROM articles") == [(2,)]


def lists_of(server, pages, *, channel="/"):
    """A channel of several list pages; each a list of addresses."""
    for number, urls in enumerate(pages):
        name = f"http://{HOST}{channel}" + (f"index_{number}.html" if number else "")
        more = f'<a href="index_{number + 1}.html">下一页</a>' if number + 1 < len(pages) else ""
        server.page(name, list_page(urls, more=more))


def recent(number, days=0):
    return article_url(number, f"{datetime.now().astimezone() - timedelta(days=days):%Y%m%d}")


@pytest.fixture
def paged(server, tmp_path):
    """A channel of five lists with eight articles each, four a day, crawled once; gives the lists and a way to publish."""
    known = [recent(number, number // 4) for number in range(1, 41)]
    for number, url in enumerate(known):
        publish(server, url, f"港区第{number}条")
    lists_of(server, [known[start : start + 8] for start in range(0, 40, 8)])
    crawl(tmp_path, site_file(), proxy=server.base)
    assert rows(tmp_path, "SELECT count(*) FROM articles") == [(40,)]

    def again(*added):
        """Publish articles at their places in the channel, crawl, and give the lists and the articles that were asked for."""
        for place, url in added:
            publish(server, url, f"港区新到{url[-9:-5]}")
            known.insert(place, url)
        lists_of(server, [known[start : start + 8] for start in range(0, len(known), 8)])
        before = len(server.log)
        crawl(tmp_path, site_file(), proxy=server.base)
        urls = asked(server, before)
        return [url.removeprefix(HOME) for url in urls if "/t2" not in url], {url for url in urls if "/t2" in url}

    return again


def test_two_lists_tell_whether_anything_was_posted_late(paged, tmp_path):
    """The first, and the last that late posts reach to: its articles have moved by as many as are new."""
    fresh = recent(90)
    assert paged((0, fresh)) == (["", "index_3.html"], {fresh})
    # Nothing new on top: then what lies deeper has a turn of its own.
    assert paged() == ([""], set())
    more = [recent(91), recent(92)]
    assert paged((0, more[0]), (0, more[1])) == (["", "index_3.html"], set(more))


@pytest.mark.parametrize(
    ("place", "asked"),
    [
        (30, ["index_4.html"]),
        (20, ["index_2.html"]),
        (13, ["index_2.html", "index_1.html"]),
        (10, ["index_2.html", "index_1.html"]),
    ],
)
def test_an_article_that_was_posted_late_is_found_with_the_news(paged, tmp_path, place, asked):
    """It stands on a list between: the last one has moved by two, and only one was new."""
    fresh, late = recent(90), recent(91, 3)
    lists, found = paged((0, fresh), (place, late))
    assert found == {fresh, late}
    assert lists == ["", "index_3.html", *asked]
    assert rows(tmp_path, "SELECT count(*) FROM articles") == [(42,)]
    # It is counted in: the next hour has nothing to wonder at.
    fresh = recent(93)
    lists, found = paged((0, fresh))
    assert (len(lists), found) == (2, {fresh})


def test_a_list_full_of_news_is_followed_by_the_next(paged):
    many = [recent(100 + number) for number in range(11)]
    lists, found = paged(*((0, url) for url in many))
    assert found == set(many)
    assert lists[:2] == ["", "index_1.html"]


def test_further_lists_of_the_last_days_are_looked_at_in_their_turn(server, tmp_path):
    known = [recent(number, number // 2) for number in range(1, 21)]
    for number, url in enumerate(known):
        publish(server, url, f"港区第{number}条")
    parts = [known[:4], known[4:8], known[8:12], known[12:16], known[16:]]
    lists_of(server, parts)
    crawl(tmp_path, site_file(), proxy=server.base)
    polled = rows(tmp_path, "SELECT url, number, next_visit IS NOT NULL FROM pages WHERE kind = 'channel' ORDER BY number")
    # The last page begins eight days ago: nothing is posted that late.
    assert [(number, due) for _, number, due in polled] == [(1, 1), (2, 1), (3, 1), (4, 1), (5, 0)]
    late = recent(91, 5)
    publish(server, late, "港区补记")
    lists_of(server, [*parts[:2], [*parts[2][:3], late], *parts[3:]])
    before = len(server.log)
    crawl(tmp_path, site_file(), proxy=server.base)
    assert asked(server, before) == [HOME]
    change(tmp_path, "UPDATE pages SET next_visit = '2026-11-01T00:00:00+00:00' WHERE number = 3")
    before = len(server.log)
    crawl(tmp_path, site_file(), "--due", "--delay", 0, proxy=server.base)
    assert set(asked(server, before)) >= {f"{HOME}index_2.html", late}
    assert rows(tmp_path, "SELECT count(*) FROM articles WHERE title = '港区补记'") == [(1,)]


def test_due_asks_for_what_is_due_and_nothing_else(server, tmp_path):
    articles(server, HOST, 3, "/a/")
    lists_of(server, [[article_url(7)]], channel="/b/")
    publish(server, article_url(7), "港区另一条")
    sites = site_file(channels=(f"{HOME}a/", f"{HOME}b/"))
    done = crawl(tmp_path, sites, "--due", "--delay", 0, proxy=server.base)
    assert done.code == 2
    assert "no site has run yet" in done.stderr
    crawl(tmp_path, sites, "--due", "--all", "--delay", 0, proxy=server.base)
    assert rows(tmp_path, "SELECT count(*) FROM articles") == [(4,)]
    before = len(server.log)
    done = crawl(tmp_path, sites, "--due", "--delay", 0, proxy=server.base)
    assert (done.code, server.urls()[before:]) == (0, [])
    assert "nothing is due; next: news at 20" in done.stdout
    change(tmp_path, "UPDATE pages SET next_visit = '2026-11-01T00:00:00+00:00' WHERE url = ?", f"{HOME}b/")
    before = len(server.log)
    done = crawl(tmp_path, sites, "--due", "--delay", 0, proxy=server.base)
    assert (done.code, asked(server, before)) == (0, [f"{HOME}b/"])


def test_articles_are_looked_at_again_and_corrections_stored(server, tmp_path):
    urls = articles(server, HOST, 2)
    crawl(tmp_path, site_file(), proxy=server.base)
    conditional(server, urls[0], article_page("船进港"), etag='"x"')
    publish(server, urls[1], "港区更正：第2号船未进港")
    change(tmp_path, "UPDATE pages SET next_visit = '2026-11-01T00:00:00+00:00', etag = '\"x\"' WHERE url = ?", urls[0])
    change(tmp_path, "UPDATE pages SET next_visit = '2026-11-02T00:00:00+00:00' WHERE url = ?", urls[1])
    before = len(server.log)
    done = crawl(tmp_path, site_file(), "--all", "--delay", 0, "--looks", 1, proxy=server.base)
    # The longest overdue one, as many as may be; it has not changed.
    assert [url for url in asked(server, before) if "/t2" in url] == [urls[0]]
    assert "0 new, 0 changed, 1 unchanged" in done.stdout
    done = crawl(tmp_path, site_file(), proxy=server.base)
    assert "0 new, 1 changed, 0 unchanged" in done.stdout
    assert ("港区更正：第2号船未进港",) in rows(tmp_path, "SELECT title FROM articles")
    before = len(server.log)
    crawl(tmp_path, site_file(), proxy=server.base)
    assert asked(server, before) == [HOME]


def recommending(title, urls):
    items = "".join(f'<li><a href="{url}">推荐的港区新闻{number}号</a></li>' for number, url in enumerate(urls))
    return article_page(title, more=f'<div class="tj"><h3>推荐阅读</h3><ul>{items}</ul></div>')


@pytest.mark.parametrize(
    ("attributes", "found"),
    [({"follow_depth": 0}, 1), ({}, 2), ({"follow_depth": 3}, 4), ({"follow_depth": 9, "follow_budget": 2}, 3)],
)
def test_recommended_articles_are_followed_as_deep_and_as_many_as_the_site_file_says(server, tmp_path, attributes, found):
    chain = [article_url(number) for number in range(1, 7)]
    for number, url in enumerate(chain):
        server.page(
            url,
            recommending(
                f"港区连环第{number}回", [*chain[number + 1 : number + 2], "http://other.example/202611/t20261101_1.html"]
            ),
        )
    server.page(HOME, list_page(chain[:1]))
    crawl(tmp_path, site_file(**attributes), proxy=server.base)
    assert rows(tmp_path, "SELECT count(*) FROM articles") == [(found,)]
    depths = rows(tmp_path, "SELECT depth FROM pages WHERE kind = 'article' AND verdict = 'article' ORDER BY depth")
    assert depths == [(number,) for number in range(found)]
    assert not server.urls("other.example")


def test_what_is_recommended_and_was_never_crawled_can_be(server, tmp_path):
    chain = [article_url(number) for number in range(1, 7)]
    for number, url in enumerate(chain):
        server.page(url, recommending(f"港区连环第{number}回", chain[number + 1 : number + 2]))
    server.page(HOME, list_page(chain[:1]))
    crawl(tmp_path, site_file(follow_depth=0), proxy=server.base)
    assert rows(tmp_path, "SELECT title FROM never_crawled") == [("推荐的港区新闻0号",)]
    for count in (2, 3):
        before = len(server.log)
        crawl(tmp_path, site_file(follow_depth=0), "--all", "--delay", 0, "--recommended", proxy=server.base)
        # No list is asked for, and one step is gone.
        assert asked(server, before) == [chain[count - 1]]
        assert rows(tmp_path, "SELECT count(*) FROM articles") == [(count,)]


def rss(entries):
    items = "".join(f"<item><title>港区{n}</title><link>{url}</link></item>" for n, url in enumerate(entries))
    return f'<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel><title>港区</title>{items}</channel></rss>'


def sitemap(entries):
    items = "".join(f"<url><loc>{url}</loc>{f'<lastmod>{day}</lastmod>' if day else ''}</url>" for url, day in entries)
    return f'<?xml version="1.0"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{items}</urlset>'


def test_feeds_and_sitemaps_are_found_by_looking(server, tmp_path):
    today = f"{datetime.now().astimezone():%Y-%m-%d}"
    found = {name: recent(number) for number, name in enumerate(("list", "feed", "map"), 1)}
    for name, url in found.items():
        publish(server, url, f"港区{name}来的新闻")
    old = article_url(8, "20200101")
    publish(server, old, "旧闻")
    head = '<link rel="alternate" type="application/rss+xml" href="/rss.xml"><link rel="alternate" type="application/rss+xml" href="http://other.example/rss">'
    server.page(HOME, list_page([found["list"]]).replace("<title>", f"{head}<title>"))
    server.page(f"{HOME}rss.xml", rss([found["feed"]]))
    server.page(f"http://{HOST}/robots.txt", f"User-agent: *\nDisallow: /x/\nSitemap: {HOME}maps.xml\n")
    server.page(
        f"{HOME}maps.xml",
        '<?xml version="1.0"?><sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">'
        f"<sitemap><loc>{HOME}new.xml</loc><lastmod>{today}</lastmod></sitemap>"
        f"<sitemap><loc>{HOME}old.xml</loc><lastmod>2019-01-01</lastmod></sitemap></sitemapindex>",
    )
    server.page(f"{HOME}new.xml", sitemap([(found["map"], today), (old, "2020-01-01"), (f"{HOME}about.html", today)]))
    done = crawl(tmp_path, site_file(), proxy=server.base)
    assert done.code == 0
    titles = {title for (title,) in rows(tmp_path, "SELECT title FROM articles")}
    assert titles == {"港区list来的新闻", "港区feed来的新闻", "港区map来的新闻"}
    assert not server.urls("old.xml|about|other.example")
    kinds = rows(tmp_path, "SELECT kind, count(*) FROM pages WHERE verdict = 'list' GROUP BY kind ORDER BY kind")
    assert kinds == [("channel", 1), ("feed", 1), ("sitemap", 2)]
    # They have a turn of their own: an hour from now.
    before = len(server.log)
    crawl(tmp_path, site_file(), proxy=server.base)
    assert asked(server, before) == [HOME]


def test_feeds_of_the_site_file_are_all_that_a_site_needs(server, tmp_path):
    url = f"http://{HOST}/story.php?id=77"
    publish(server, url, "只在源里的新闻")
    server.page(f"{HOME}feed", rss([url]))
    server.page(HOME, list_page([]))
    assert crawl(tmp_path, site_file(feeds=(f"{HOME}feed",)), proxy=server.base).code == 0
    assert rows(tmp_path, "SELECT title FROM articles") == [("只在源里的新闻",)]


def test_a_feed_that_is_none_is_on_record(server, tmp_path):
    articles(server, HOST, 1)
    server.page(f"{HOME}feed", "<html><body><p>nothing here</p></body></html>")
    crawl(tmp_path, site_file(feeds=(f"{HOME}feed",)), proxy=server.base)
    ((verdict, why),) = rows(tmp_path, "SELECT verdict, why FROM pages WHERE kind = 'feed'")
    assert verdict != "list"
    assert why


def test_a_backfill_walks_the_archive_day_by_day(server, tmp_path):
    for day in range(1, 8):
        url = article_url(day, f"2026100{day}")
        publish(server, url, f"十月{day}日的港区")
        server.page(f"{HOME}html/2026-10/0{day}/node_1.html", list_page([url]))
    server.page(HOME, list_page([]))
    sites = site_file(day_lists=f"{HOME}html/%Y-%m/%d/node_1.html")
    window = ("--all", "--delay", 0, "--since", "2026-10-03", "--until", "2026-10-05")
    assert crawl(tmp_path, sites, *window, proxy=server.base).code == 0
    assert sorted(server.urls("node_1")) == [f"{HOME}html/2026-10/0{day}/node_1.html" for day in (3, 4, 5)]
    assert rows(tmp_path, "SELECT count(*) FROM articles") == [(3,)]
    # No later run asks for the lists of days again.
    assert rows(tmp_path, "SELECT count(*) FROM pages WHERE url LIKE '%node_1%' AND next_visit IS NOT NULL") == [(0,)]


def test_a_calendar_without_end_and_a_wide_fan_do_not_keep_the_news_away(server, tmp_path):
    """A channel pattern that catches a calendar whose every page leads to the next, and a page of a thousand dead addresses."""
    import re

    news = [article_url(number) for number in range(1, 6)]
    for number, url in enumerate(news):
        publish(server, url, f"真新闻{number}")

    async def calendar(exchange):
        number = int(re.search(r"/cal/(\d+)/", exchange.url)[1])
        await exchange.reply(
            200, list_page([], more=f'<a href="/cal/{number + 1}/">下月</a><a href="/cal/{number + 2}/">再下月</a>')
        )

    server.on(re.compile(r"/cal/\d+/"), calendar)
    fan = [f"http://{HOST}/tag/{number}00000.html" for number in range(1, 1000)]
    server.on(re.compile(r"/tag/\d+"), status(200, "<html><body><h1>标签</h1></body></html>"))
    server.page(HOME, list_page(fan, more='<a href="/cal/1/">日历</a><a href="/news/">新闻</a>'))
    server.page(f"{HOME}news/", list_page(news))
    sites = site_file(channel=r"^/cal/\d+/$|^/news/$")
    done = crawl(tmp_path, sites, "--all", "--delay", 0, "--concurrency", 8, proxy=server.base)
    assert rows(tmp_path, "SELECT count(*) FROM articles") == [(5,)], done.stdout
    assert 50 <= len(server.urls("/cal/")) < 100
    assert 50 <= len(server.urls("/tag/")) < 150
    # What was left over waits for later runs.
    assert rows(tmp_path, "SELECT count(*) FROM pages WHERE verdict = 'pending'")[0][0] > 800


def test_session_ids_of_one_article_are_seen_through(server, tmp_path):
    import re

    server.on(re.compile(r"/view\.php"), status(200, article_page("港区通告")))
    addresses = [f"http://{HOST}/view.php?token={number}a&page=/2026/1101/{number}.html" for number in range(200)]
    real = articles(server, HOST, 3, "/b/")
    server.page(HOME, list_page([*addresses, *real]))
    sites = site_file(article=r"/view\.php|/t\d{8}_\d+\.html$")
    crawl(tmp_path, sites, "--all", "--delay", 0, "--concurrency", 8, proxy=server.base)
    assert rows(tmp_path, "SELECT count(*) FROM articles") == [(4,)]
    assert len(server.urls(r"view\.php")) < 100
