"""The database: what is written, what stays, what is refused."""

import os
import sqlite3
import subprocess
import sys
import threading

import pytest

from newscrawl import timetable
from newscrawl.fingerprint import content_hash
from newscrawl.items import Article, Block, Editor, Image, Link, Visit
from newscrawl.store import reader, schema
from newscrawl.store.writer import DatabaseProblem, Site, Store, connect

BODY = "葛家镇的果农今年种下三亩新品种苹果，县里的技术员每周来一次，教大家修枝和滴灌。村里还建起了冷库，收下的果子可以放到来年开春再卖。"


def article(url="http://weihai.dzwww.com/news/201707/t20170728_1.htm", title="果农种下新苹果", body=BODY, links=(), **more):
    made = Article(
        url=url, site="weihai", publisher="大众网", region="山东", title=title, body_text=body, body_html=f"<p>{body}</p>", **more
    )
    made.content_hash = content_hash(title, body)
    made.blocks = [
        Block("recommended", "推荐阅读", [Link(n, f"荐 {target}", target) for n, target in enumerate(links, 1)]),
        Block("related", "相关新闻"),
    ]
    made.visit = Visit(url, "weihai", "article", status=200, fetched_at="2026-11-24T02:00:00+00:00")
    return made


def rows(store, sql, *parameters):
    return store.connection.execute(sql, parameters).fetchall()


def dump(store):
    """The whole database but for when and how often pages were fetched."""
    lines = store.connection.iterdump()
    return [line for line in lines if 'INTO "pages"' not in line and 'INTO "runs"' not in line]


@pytest.fixture
def store(tmp_path):
    with Store(tmp_path / "news.db") as opened:
        opened.add_site(Site("weihai", "大众网·威海", "大众网", "山东", "威海", "http://weihai.dzwww.com/"))
        yield opened


def test_an_article_and_all_that_belongs_to_it(store):
    made = article(
        links=["http://a.cn/1.htm", "http://a.cn/2.htm"],
        authors=["周舟"],
        reporters=["周舟", "林木"],
        correspondents=["程远"],
        editors=[Editor("初审编辑", "魏来"), Editor("责任编辑", "姜河")],
        images=[Image("http://a.cn/1.jpg", "图说一。"), Image("http://a.cn/2.jpg")],
        addresses=["http://m.dzwww.com/x.htm?from=timeline"],
    )
    assert store.write([made]) == ["new"]
    assert rows(store, "SELECT role, position, name, label FROM bylines ORDER BY role, position") == [
        ("author", 1, "周舟", None),
        ("correspondent", 1, "程远", None),
        ("editor", 1, "魏来", "初审编辑"),
        ("editor", 2, "姜河", "责任编辑"),
        ("reporter", 1, "周舟", None),
        ("reporter", 2, "林木", None),
    ]
    assert rows(store, "SELECT position, caption FROM images") == [(1, "图说一。"), (2, None)]
    assert rows(store, "SELECT kind, heading, links FROM article_blocks ORDER BY position") == [
        ("recommended", "推荐阅读", 2),
        ("related", "相关新闻", 0),
    ]
    assert rows(store, "SELECT position, url, target_key, target_id FROM article_links ORDER BY position") == [
        (1, "http://a.cn/1.htm", "a.cn/1.htm", None),
        (2, "http://a.cn/2.htm", "a.cn/2.htm", None),
    ]
    assert rows(store, "SELECT key, reason FROM article_urls ORDER BY reason DESC") == [
        ("weihai.dzwww.com/news/201707/t20170728_1.htm", "canonical"),
        ("dzwww.com/x.htm", "address"),
    ]
    assert rows(store, "SELECT verdict, tries, article_id FROM pages") == [("article", 1, 1)]


def test_the_same_again_changes_nothing(store):
    made = article(links=["http://a.cn/1.htm"], authors=["周舟"])
    store.write([made])
    before = dump(store)
    assert store.write([made]) == ["unchanged"]
    assert dump(store) == before
    assert rows(store, "SELECT tries FROM pages") == [(2,)]


def test_a_change_is_written_and_dated(store):
    store.write([article(authors=["周舟"])])
    later = article(title="果农种下新苹果(图)", authors=["周舟", "林木"])
    later.visit.fetched_at = "2026-11-25T02:00:00+00:00"
    assert store.write([later]) == ["changed"]
    assert rows(store, "SELECT title, first_seen, last_changed FROM articles") == [
        ("果农种下新苹果(图)", "2026-11-24T02:00:00+00:00", "2026-11-25T02:00:00+00:00")
    ]
    assert rows(store, "SELECT name FROM bylines ORDER BY position") == [("周舟",), ("林木",)]


def test_links_close_and_open_again(store):
    one, two = "http://a.cn/1.htm", "http://a.cn/2.htm"
    store.write([article(links=[one, two])])
    gone = article(links=[two])
    gone.visit.fetched_at = "2026-11-25T02:00:00+00:00"
    assert store.write([gone]) == ["unchanged"]
    sql = "SELECT url, position, gone_at FROM article_links ORDER BY url"
    assert rows(store, sql) == [(one, 1, "2026-11-25T02:00:00+00:00"), (two, 1, None)]
    store.write([article(links=[two, one])])
    assert rows(store, sql) == [(one, 2, None), (two, 1, None)]


@pytest.mark.parametrize("first", ["link", "target"])
def test_a_link_knows_its_target_in_either_order(store, first):
    target = article("https://weihai.dzwww.com/news/201707/t20170728_2.htm", "另一篇", BODY[::-1])
    linking = article(links=["http://weihai.dzwww.com/news/201707/t20170728_2.htm?from=timeline"])
    for made in (linking, target) if first == "link" else (target, linking):
        store.write([made])
    assert rows(store, "SELECT t.title FROM article_links l JOIN articles t ON t.id = l.target_id") == [("另一篇",)]


def test_one_publisher_s_same_text_is_one_article_with_two_addresses(store):
    store.write([article()])
    other = article("http://yantai.dzwww.com/news/201707/t20170729_9.htm")
    other.site = "yantai"
    assert store.write([other]) == ["duplicate"]
    assert rows(store, "SELECT count(*) FROM articles") == [(1,)]
    assert rows(store, "SELECT url, reason FROM article_urls ORDER BY reason") == [
        ("http://weihai.dzwww.com/news/201707/t20170728_1.htm", "canonical"),
        ("http://yantai.dzwww.com/news/201707/t20170729_9.htm", "same text"),
    ]
    # Once its text is its own, so is the article.
    other = article("http://yantai.dzwww.com/news/201707/t20170729_9.htm", body=BODY + "烟台也一样。")
    assert store.write([other]) == ["new"]
    assert rows(store, "SELECT article_id, reason FROM article_urls ORDER BY article_id") == [(1, "canonical"), (2, "canonical")]


def test_another_publisher_s_same_text_is_an_article_of_its_own(store):
    store.write([article()])
    reprint = article("http://www.whnews.cn/1.htm")
    reprint.site, reprint.publisher = "whnews", "威海网"
    assert store.write([reprint]) == ["new"]
    assert [row[2] for row in rows(store, "SELECT * FROM same_text")] == ["大众网", "威海网"]


def test_the_same_text_under_another_source_is_a_reprint_of_its_own(store):
    store.write([article(source="威海晚报")])
    assert store.write([article("http://weihai.dzwww.com/2.htm", source="齐鲁壹点")]) == ["new"]
    assert [row[4] for row in rows(store, "SELECT * FROM same_text")] == ["威海晚报", "齐鲁壹点"]


def test_short_equal_texts_do_not_merge(store):
    assert store.write([article(body="图片新闻"), article("http://weihai.dzwww.com/2.htm", body="图片新闻")]) == ["new", "new"]


def test_a_failing_batch_leaves_nothing_and_breaks_nothing(store):
    store.write([article()])
    before = dump(store)
    bad = article("http://weihai.dzwww.com/3.htm", "三", BODY + "三")
    bad.title = None
    with pytest.raises(sqlite3.IntegrityError):
        store.write([article("http://weihai.dzwww.com/2.htm", "二", BODY + "二"), bad])
    assert dump(store) == before
    assert rows(store, "PRAGMA integrity_check") == [("ok",)]
    assert store.write([article("http://weihai.dzwww.com/2.htm", "二", BODY + "二")]) == ["new"]


def test_a_full_disk_keeps_what_was_stored(store):
    store.write([article()])
    store.connection.execute(f"PRAGMA max_page_count = {rows(store, 'PRAGMA page_count')[0][0] + 1}")
    with pytest.raises(sqlite3.OperationalError, match="full"):
        store.write([article(f"http://weihai.dzwww.com/{n}.htm", f"第{n}篇", BODY * 50 + str(n)) for n in range(20)])
    assert rows(store, "SELECT count(*) FROM articles") == [(1,)]
    assert rows(store, "PRAGMA integrity_check") == [("ok",)]


def test_known_and_pending(store):
    site = "weihai"
    store.add_pending(site, ["http://a.cn/1.htm", "http://a.cn/2.htm"], "http://a.cn/")
    assert store.frontier.known(["a.cn/1.htm", "a.cn/2.htm"]) == set()
    assert [w.url for w in store.frontier.pending(site)] == ["http://a.cn/1.htm", "http://a.cn/2.htm"]
    store.write(
        [
            article("http://a.cn/1.htm"),
            Visit("http://a.cn/2.htm", site, "error", "timeout"),
            Visit("http://a.cn/3.htm", site, "soft404"),
        ]
    )
    assert store.frontier.known(["a.cn/1.htm", "a.cn/2.htm", "a.cn/3.htm"]) == {"a.cn/1.htm", "a.cn/3.htm"}
    assert [w.url for w in store.frontier.pending(site)] == ["http://a.cn/2.htm"]
    for _ in range(timetable.MAX_TRIES):
        store.write([Visit("http://a.cn/2.htm", site, "error", "timeout")])
    assert [w.url for w in store.frontier.pending(site)] == []
    assert rows(store, "SELECT found_on FROM pages WHERE key = 'a.cn/2.htm'") == [("http://a.cn/",)]


TABLES = "SELECT name, type, strict FROM pragma_table_list WHERE schema = 'main' AND name NOT LIKE '%sqlite_%'"


def test_every_table_and_column_is_described(store):
    tables = {name for name, kind, _ in rows(store, TABLES) if kind in ("table", "virtual")}
    assert set(schema.DESCRIPTIONS) == tables
    for table, columns in schema.DESCRIPTIONS.items():
        assert {row[1] for row in rows(store, f"PRAGMA table_info({table})")} | {""} == set(columns)
        assert columns[""]


def test_tables_are_strict_and_keys_hold(store):
    assert [name for name, kind, strict in rows(store, TABLES) if kind == "table" and not strict] == []
    assert rows(store, "PRAGMA foreign_keys") == [(1,)]
    assert rows(store, "PRAGMA journal_mode") == [("wal",)]
    store.write([article(links=["http://a.cn/1.htm"])])
    store.connection.execute("DELETE FROM articles")
    for table in ("article_urls", "article_links", "article_blocks", "bylines", "images"):
        assert rows(store, f"SELECT count(*) FROM {table}") == [(0,)]


@pytest.mark.parametrize("view", schema.views())
def test_views_answer(store, view):
    store.write(
        [article(links=["http://a.cn/1.htm"], authors=["周舟"], source="威海晚报", published_at="2017-07-28T10:28:00+08:00")]
    )
    store.write([Visit("http://a.cn/9.htm", "weihai", "soft404", "gone")])
    found = rows(store, f"SELECT * FROM {view}")
    assert isinstance(found, list)
    # Some need several articles, or are of this week: tests/test_graph.py asks them.
    others = "most_recommended_this_week recommended_across_publishers recommendation_delay orphaned_recommendations most_corrected vanished"
    if view not in {"same_text", "reprint_pairs", *others.split()}:
        assert found


def test_the_reader_finds_by_number_and_any_address(store):
    store.write([article(links=["http://a.cn/1.htm"], addresses=["http://m.dzwww.com/x.htm"])])
    connection = store.connection
    assert reader.find_article(connection, "1") == 1
    assert reader.find_article(connection, "https://M.dzwww.com/x.htm?from=timeline") == 1
    assert reader.find_article(connection, "2") is None
    assert reader.find_article(connection, "nothing") is None
    found = reader.article(connection, 1)
    assert [block["heading"] for block in found["blocks"]] == ["推荐阅读", "相关新闻"]
    assert found["blocks"][0]["links"][0]["title"] == "荐 http://a.cn/1.htm"
    assert reader.totals(connection)["links"] == {"recommended": 1}


def test_a_reader_changes_nothing_and_makes_nothing(tmp_path, store):
    with pytest.raises(DatabaseProblem, match="no such database"):
        connect(tmp_path / "none.db", readonly=True)
    assert not (tmp_path / "none.db").exists()
    connection = connect(store.path, readonly=True)
    with pytest.raises(sqlite3.OperationalError, match="readonly"):
        connection.execute("DELETE FROM articles")
    connection.close()


def newer(path):
    Store(path).close()
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA user_version = 999")
    connection.close()


REFUSED = {
    "text": (lambda path: path.write_text("not a database, just a file of some length\n" * 3), "is not a SQLite database"),
    "other": (lambda path: sqlite3.connect(path).execute("CREATE TABLE t (a)").connection.close(), "another program"),
    "newer": (newer, "newer newscrawl"),
    "damaged": (lambda path: path.write_bytes(b"SQLite format 3\x00" + b"\x7f" * 4000), "damaged"),
}


@pytest.mark.parametrize("kind", REFUSED)
def test_a_file_that_is_not_ours_is_left_untouched(tmp_path, kind):
    path = tmp_path / "news.db"
    make, message = REFUSED[kind]
    make(path)
    before = path.read_bytes()
    with pytest.raises(DatabaseProblem, match=message):
        Store(path)
    assert path.read_bytes() == before


def test_a_folder_is_no_database(tmp_path):
    with pytest.raises(DatabaseProblem, match="folder"):
        Store(tmp_path)


def test_many_makers_of_one_database(tmp_path):
    """Several processes that find no database make it once, together."""
    path = tmp_path / "news.db"
    code = f"from newscrawl.store.writer import Store; Store({str(path)!r}).close()"
    makers = [subprocess.Popen([sys.executable, "-c", code], stderr=subprocess.PIPE) for _ in range(4)]
    assert [(maker.wait(), maker.communicate()[1]) for maker in makers] == [(0, b"")] * 4


def test_four_writers_at_once(tmp_path):
    path = tmp_path / "news.db"
    Store(path).close()
    failures = []

    def text(number):
        """A body of its own: near-equal ones would all be compared."""
        return "".join(chr(0x4E00 + (number * 131 + place * 17) % 6000) for place in range(80))

    def write(number):
        try:
            with Store(path) as store:
                for batch in range(10):
                    numbers = range(batch * 10, batch * 10 + 10)
                    store.write(
                        [
                            article(f"http://weihai.dzwww.com/{number}/{n}.htm", f"{number} {n}", text(100 * number + n))
                            for n in numbers
                        ]
                    )
        except Exception as error:
            failures.append(error)

    threads = [threading.Thread(target=write, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    with Store(path) as store:
        assert rows(store, "SELECT count(*) FROM articles") == [(400,)]
        assert rows(store, "PRAGMA integrity_check") == [("ok",)]


def test_a_file_that_cannot_be_written_is_said_at_once(tmp_path):
    """As root nothing but a read-only file system stops a write, so that is what is made."""
    folder = tmp_path / "ro"
    folder.mkdir()
    mounted = os.geteuid() == 0
    if mounted and subprocess.run(["mount", "-t", "tmpfs", "-o", "size=8m", "tmpfs", folder], capture_output=True).returncode:
        pytest.skip("no right to mount a file system here, and root may write anywhere")
    try:
        path = folder / "news.db"
        with Store(path) as store:
            store.write([article()])
        before = path.read_bytes()
        if mounted:
            subprocess.run(["mount", "-o", "remount,ro", folder], check=True)
        else:
            path.chmod(0o400)
            folder.chmod(0o500)
        with pytest.raises(DatabaseProblem, match="cannot be opened for writing"):
            Store(path)
        assert path.read_bytes() == before
        connection = connect(path, readonly=True)
        assert reader.totals(connection)["articles"] == 1
        connection.close()
    finally:
        if mounted:
            subprocess.run(["umount", folder], check=True)
        else:
            folder.chmod(0o700)
