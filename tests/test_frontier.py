"""The frontier in the database: what waits, what is known, what is due."""

import sqlite3
from datetime import UTC, datetime, timedelta

import pytest
import sqlite_utils

from newscrawl import timetable
from newscrawl.items import Article, Visit
from newscrawl.pipelines import Fingerprint
from newscrawl.store import schema
from newscrawl.store.frontier import Record, after
from newscrawl.store.writer import Store, connect

# Tomorrow: what is planned never lies before the machine's own time.
NOW = datetime.now(UTC).replace(microsecond=0) + timedelta(days=1)
SITE = "weihai"
URL = "http://weihai.dzwww.com/news/202611/t20261124_1.htm"
LIST = "http://weihai.dzwww.com/news/"


def text(at):
    return at.isoformat(timespec="seconds")


def article(url=URL, *, published=NOW, at=NOW, status=200, title="港口迎来首班船", **values):
    visit = Visit(url, SITE, "article", status=status, fetched_at=text(at), etag='"1"', read_by="0.1/a")
    found = Article(
        url=url, site=SITE, title=title, body_text="船到了。", published_at=published and text(published), visit=visit, **values
    )
    return Fingerprint().process_item(found)


def visit(url=LIST, verdict="list", *, kind="channel", at=NOW, **values):
    return Visit(url, SITE, verdict, kind=kind, fetched_at=text(at), **values)


@pytest.fixture
def store(tmp_path):
    with Store(tmp_path / "news.db") as store:
        yield store


def row(store, url, *columns):
    found = store.connection.execute(f"SELECT {', '.join(columns)} FROM pages WHERE url = ?", (url,)).fetchone()
    return found[0] if len(columns) == 1 else found


def test_what_is_found_waits_and_is_due_at_once(store):
    store.add_pending(SITE, [URL, "no address"], LIST, depth=1)
    (waiting,) = store.frontier.pending(SITE)
    assert (waiting.url, waiting.found_on, waiting.depth, waiting.verdict) == (URL, LIST, 1, "pending")
    assert store.frontier.due() == {SITE}
    assert store.frontier.known(["weihai.dzwww.com/news/202611/t20261124_1.htm"]) == set()


def test_an_article_is_due_for_looks_and_then_no_more(store):
    store.write([article(published=NOW - timedelta(minutes=2))])
    first = NOW + timedelta(minutes=13)
    assert row(store, URL, "next_visit") == text(first)
    assert store.frontier.looks(SITE, 10, now=text(first - timedelta(minutes=1))) == []
    (waiting,) = store.frontier.looks(SITE, 10, now=text(first))
    assert (waiting.url, waiting.etag, waiting.read_by) == (URL, '"1"', "0.1/a")
    looked = first
    steps = []
    while waiting := store.frontier.looks(SITE, 10, now=text(NOW + timedelta(days=400))):
        store.write([visit(waiting[0].url, "article", kind="article", at=looked, status=304)])
        steps.append(looked)
        looked = datetime.fromisoformat(row(store, URL, "next_visit") or text(looked))
    assert len(steps) == len(timetable.LOOKS)
    # 304 leaves what is known of the page alone.
    assert row(store, URL, "etag", "read_by", "verdict", "tries") == ('"1"', "0.1/a", "article", 6)


def test_looks_take_the_longest_overdue_first(store):
    for number in range(5):
        store.write(
            [article(URL.replace("_1.", f"_{number}."), published=NOW - timedelta(minutes=number), title=f"第{number}条")]
        )
    later = text(NOW + timedelta(minutes=20))
    assert [w.url[-5] for w in store.frontier.looks(SITE, 3, now=later)] == ["4", "3", "2"]


def test_an_article_of_a_day_is_as_old_as_the_day_s_end(store):
    store.write([article(published=NOW - timedelta(days=400), published_precision="day")])
    assert row(store, URL, "next_visit") is None
    later = "http://weihai.dzwww.com/news/202611/t20261124_2.htm"
    store.write([article(later, published=NOW - timedelta(hours=2), published_precision="day", title="今日天气")])
    assert row(store, later, "next_visit") == text(NOW + timedelta(minutes=15))


def test_failures_are_tried_again_later_and_then_left_alone(store):
    store.add_pending(SITE, [URL], LIST)
    pauses = []
    for _ in range(timetable.MAX_TRIES):
        assert [w.url for w in store.frontier.pending(SITE)] == [URL]
        store.write([visit(URL, "error", kind="article", why="HTTP 500", status=500)])
        following = row(store, URL, "next_visit")
        pauses.append(following and (datetime.fromisoformat(following) - NOW) // timedelta(minutes=1))
    assert pauses == [15, 30, 60, 120, None]
    assert store.frontier.pending(SITE) == []
    assert row(store, URL, "failing_since") == text(NOW)


def test_a_failure_waits_its_pause_only_where_what_is_due_is_asked_for(store):
    store.write([visit(URL, "error", kind="article")])
    assert store.frontier.pending(SITE, now=text(NOW + timedelta(minutes=14))) == []
    assert len(store.frontier.pending(SITE, now=text(NOW + timedelta(minutes=15)))) == 1
    assert len(store.frontier.pending(SITE)) == 1


def test_a_stored_article_that_fails_keeps_its_place_in_the_timetable(store):
    store.write([article(published=NOW - timedelta(hours=2))])
    store.write([visit(URL, "error", kind="article", at=NOW + timedelta(hours=1))])
    assert row(store, URL, "next_visit") == text(NOW + timedelta(days=3, hours=-2))
    assert row(store, URL, "article_id") == 1


def test_lists_are_polled_by_what_they_held(store):
    store.write([visit(number=1, listed=40, fresh=40, etag='"a"')])
    assert row(store, LIST, "every", "next_visit", "usual") == (60, text(NOW + timedelta(hours=1)), 40)
    store.write([visit(number=1, listed=40, fresh=0)])
    assert row(store, LIST, "every") == 90
    store.write([visit(number=1, status=304, at=NOW + timedelta(hours=1))])
    assert row(store, LIST, "every", "listed", "fetched_at") == (135, 40, text(NOW + timedelta(hours=1)))
    known = store.frontier.lists(SITE)
    assert [(w.number, w.is_due(text(NOW)), w.is_due(text(NOW + timedelta(days=1)))) for w in known.values()] == [
        (1, False, True)
    ]


def test_an_empty_look_does_not_make_emptiness_usual(store):
    store.write([visit(number=1, listed=40, fresh=40)])
    for _ in range(30):
        store.write([visit(number=1, listed=0, fresh=0)])
    assert row(store, LIST, "listed", "usual") == (0, 40)
    store.write([visit(number=1, listed=20, fresh=0)])
    assert row(store, LIST, "usual") == 36


def test_a_list_that_is_gone_is_asked_for_less_and_less(store):
    store.write([visit(number=1, listed=40, fresh=1)])
    gaps = []
    for _ in range(7):
        store.write([visit(verdict="gone", number=1)])
        gaps.append(row(store, LIST, "every"))
    assert gaps == [120, 240, 480, 960, 1440, 1440, 1440]
    assert row(store, LIST, "failing_since", "usual") == (text(NOW), 40)
    store.write([visit(number=1, listed=40, fresh=40)])
    assert row(store, LIST, "failing_since") is None


def test_a_list_that_is_not_polled_is_never_due(store):
    store.write([visit(number=9, listed=40, fresh=40, polled=False)])
    assert row(store, LIST, "next_visit") is None
    assert store.frontier.due(now="9999") == set()


def test_next_due_names_the_first(store):
    store.write([visit(number=1, listed=40, fresh=1), visit(URL, "error", kind="article")])
    assert store.frontier.next_due({SITE, "yantai"}) == (SITE, text(NOW + timedelta(minutes=15)))
    assert store.frontier.next_due({"yantai"}) is None


@pytest.mark.parametrize("verdict", ["gone", "soft404", "robots", "offsite", "video", "login", "incomplete"])
def test_a_lasting_verdict_is_not_asked_for_again(verdict):
    record = after(visit(URL, verdict, kind="article"), Record(), article=None)
    assert record.next_visit is None


def test_a_database_of_the_first_schema_is_brought_up_with_its_frontier(tmp_path):
    """The database of an earlier version: what waited waits, lists are due, nothing is lost."""
    path = tmp_path / "old.db"
    connection = sqlite3.connect(path, isolation_level=None)
    database = sqlite_utils.Database(connection)
    first = sqlite_utils.Migrations("newscrawl")
    first()(schema.m001_articles)
    first.apply(database)
    for name, statement in schema.views().items():
        assert name
        connection.execute(statement)
    connection.execute(f"PRAGMA application_id = {schema.APPLICATION_ID}")
    connection.execute("PRAGMA user_version = 1")
    connection.execute("INSERT INTO sites (name) VALUES ('weihai')")
    rows = [
        ("a", "http://a.cn/1.htm", "article", "pending", 0, None), ("b", "http://a.cn/2.htm", "article", "error", 5, text(NOW)),
        ("c", "http://a.cn/3.htm", "article", "error", 1, text(NOW)), ("d", "http://a.cn/", "channel", "list", 9, text(NOW)),
    ]  # fmt: skip
    connection.executemany(
        "INSERT INTO pages (key, url, site, kind, verdict, why, tries, first_seen, fetched_at) "
        f"VALUES (?, ?, 'weihai', ?, ?, '', ?, '{text(NOW)}', ?)",
        rows,
    )
    connection.close()
    connection = connect(path)
    due = connection.execute("SELECT key FROM pages WHERE next_visit <= ? ORDER BY key", (text(NOW),)).fetchall()
    assert due == [("a",), ("c",), ("d",)]
    assert connection.execute("PRAGMA user_version").fetchone() == (schema.SCHEMA_VERSION,)
    connection.close()
