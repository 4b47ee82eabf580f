"""Reprints in the database: which articles form a cluster, who was first, and that neither order nor restarts matter."""

import json
import random
import sqlite3
import tempfile
from contextlib import closing
from itertools import pairwise
from pathlib import Path

import pytest
from click.testing import CliRunner
from conftest import load_bench
from hypothesis import given, settings
from hypothesis import strategies as st

from newscrawl import sketch as sketches
from newscrawl.cli import reprints as command
from newscrawl.fingerprint import content_hash
from newscrawl.items import Article, Visit
from newscrawl.sketch import Credits
from newscrawl.store import clusters
from newscrawl.store.clusters import Member, Node, origin, stars
from newscrawl.store.writer import Site, Store, connect, transaction

SITES = {
    "weihai": Site("weihai", "大众网·威海", "大众网", "山东", "威海"),
    "yantai": Site("yantai", "大众网·烟台", "大众网", "山东", "烟台"),
    "wanbao": Site("wanbao", "威海晚报", "威海晚报", "山东", "威海"),
    "qilu": Site("qilu", "齐鲁在线", "齐鲁在线", "山东", "济南"),
}


BENCH = load_bench("dedupe")


def story(seed, size=500):
    return BENCH.Writer(random.Random(seed)).story(size)


def changed(text, share, seed=0):
    return BENCH.edited(share)(text, random.Random(seed))


def article(name, body, site="weihai", *, title=None, source=None, published_at=None, precision="second"):
    publisher = SITES[site].publisher
    made = Article(
        url=f"http://{site}.example.cn/{name}.html", site=site, publisher=publisher, title=title or f"报道{name}", body_text=body,
        body_html=f"<p>{body}</p>", source=source, published_at=published_at, published_precision=precision if published_at else None,
    )  # fmt: skip
    made.content_hash = content_hash(made.title, body)
    made.visit = Visit(made.url, site, "article", status=200, fetched_at="2026-11-24T02:00:00+00:00")
    return made


def put(store, *articles):
    """Store articles and look at them, in one batch; their numbers."""
    store.write(articles)
    numbers = []
    with transaction(store.connection):
        for made in articles:
            (number,) = store.connection.execute("SELECT id FROM articles WHERE url = ?", (made.url,)).fetchone()
            clusters.place(store.connection, number, made.body_text)
            numbers.append(number)
        clusters.settle(store.connection)
    return numbers


def take_out(store, *urls, by_hand=False):
    """Delete articles; ``by_hand``: as somebody does who knows nothing of clusters."""
    with transaction(store.connection):
        for url in urls:
            (number,) = store.connection.execute("SELECT id FROM articles WHERE url = ?", (url,)).fetchone()
            if not by_hand:
                clusters.remove(store.connection, number)
            store.connection.execute("DELETE FROM articles WHERE id = ?", (number,))
        clusters.settle(store.connection)


def found(store):
    """The clusters as sets of (address, similarity, containment), each with its origin and reasons: nothing that numbers rows."""
    out = set()
    for (number,) in store.connection.execute("SELECT id FROM clusters").fetchall():
        one = clusters.cluster(store.connection, number)
        members = frozenset((member["url"], member["similarity"], member["containment"]) for member in one["members"])
        first = next(member["url"] for member in one["members"] if member["origin"])
        counts = (
            one["articles"],
            one["texts"],
            one["sites"],
            one["publishers"],
            one["first_published_at"],
            one["last_published_at"],
        )
        out.add((members, first, tuple(one["origin_reasons"]), counts))
    return out


def names(store):
    """The clusters as sets of the articles' names."""
    return {frozenset(url.rsplit("/", 1)[1].removesuffix(".html") for url, *_ in members) for members, *_ in found(store)}


def is_clean(store):
    """Whether nothing is left of texts that no article has, and all numbers agree."""
    one = store.connection.execute
    assert one(
        "SELECT count(*) FROM sketches WHERE id NOT IN (SELECT sketch_id FROM article_sketches WHERE sketch_id IS NOT NULL)"
    ).fetchone() == (0,)
    for table in ("bands", "bands_new"):
        assert one(f"SELECT count(*) FROM {table} WHERE sketch_id NOT IN (SELECT id FROM sketches)").fetchone() == (0,)
    assert one("SELECT count(*) FROM alike WHERE sketch_id NOT IN (SELECT id FROM sketches)").fetchone() == (0,)
    assert one(
        "SELECT count(*) FROM alike a WHERE NOT EXISTS (SELECT 1 FROM alike b WHERE b.sketch_id = a.other_id AND b.other_id = a.sketch_id)"
    ).fetchone() == (0,)
    assert one(
        "SELECT count(*) FROM clusters c WHERE articles <> (SELECT count(*) FROM cluster_members WHERE cluster_id = c.id) OR articles < 2"
    ).fetchone() == (0,)
    assert one("SELECT count(*) FROM unsettled").fetchone() == (0,)
    assert one("PRAGMA foreign_key_check").fetchall() == []
    return True


def opened(path):
    store = Store(path)
    for site in SITES.values():
        store.add_site(site)
    return store


@pytest.fixture
def store(tmp_path):
    with opened(tmp_path / "news.db") as made:
        yield made


# -- what a cluster is


def test_reprints_stand_in_one_cluster_with_their_origin(store):
    text = story(1)
    put(
        store,
        article("a", text, "wanbao", source="威海晚报", published_at="2017-07-28T08:00:00+08:00"),
        article("b", f"{text}\n来源：威海晚报", "qilu", source="威海晚报", published_at="2017-07-28T11:00:00+08:00"),
        article("c", changed(text, 0.03), "yantai", source="威海晚报", published_at="2017-07-28T12:30:00+08:00"),
        article("d", story(2), "weihai"),
    )
    ((members, first, reasons, counts),) = found(store)
    assert {url for url, *_ in members} == {
        f"http://{place}.html" for place in ("wanbao.example.cn/a", "qilu.example.cn/b", "yantai.example.cn/c")
    }
    assert first == "http://wanbao.example.cn/a.html"
    assert reasons == ("2 others credit it: 来源 威海晚报", "its own 来源: 威海晚报", "earliest: 2017-07-28 08:00:00")
    assert counts == (3, 2, 3, 3, "2017-07-28T08:00:00+08:00", "2017-07-28T12:30:00+08:00")
    likeness = {url.rsplit("/", 1)[1]: similarity for url, similarity, _ in members}
    assert likeness["a.html"] == likeness["b.html"] == 1
    assert 0.6 < likeness["c.html"] < 1
    assert is_clean(store)


def test_two_channels_of_one_publisher_reprint_too(store):
    text = story(3)
    put(store, article("a", text, "weihai", source="大众网"), article("b", text, "yantai", source="威海晚报"))
    assert names(store) == {frozenset("ab")}
    ((_, _, _, counts),) = found(store)
    assert counts[:4] == (2, 1, 2, 1)


def test_what_is_too_short_is_on_record_and_alone(store):
    put(store, article("a", "图片新闻", "weihai"), article("b", "图片新闻", "qilu"))
    assert names(store) == set()
    assert store.connection.execute("SELECT count(*), count(sketch_id) FROM article_sketches").fetchone() == (2, 0)
    assert clusters.unsketched(store.connection) == 0


def chain(length):
    """Texts of which each has three quarters of the one before: neighbours are alike, those further apart are not."""
    sentences = [BENCH.Writer(random.Random(seed)).sentence() for seed in range(100, 100 + 8 + 2 * length)]
    return ["\n".join(sentences[2 * n : 2 * n + 8]) for n in range(length)]


def test_a_chain_does_not_become_one_cluster(store):
    texts = chain(12)
    numbers = put(store, *(article(f"n{n:02}", text) for n, text in enumerate(texts)))
    alike = store.connection.execute("SELECT count(*) FROM alike").fetchone()[0] // 2
    assert alike >= 10
    sizes = [len(group) for group in names(store)]
    assert sizes
    assert max(sizes) <= 5
    # Each cluster has a core that all its members are alike to.
    for (cluster,) in store.connection.execute("SELECT id FROM clusters").fetchall():
        texts_of = {
            clusters_text
            for (clusters_text,) in store.connection.execute(
                "SELECT sketch_id FROM article_sketches x JOIN cluster_members m USING (article_id) WHERE cluster_id = ?",
                (cluster,),
            )
        }
        near = {
            text: {other for (other,) in store.connection.execute("SELECT other_id FROM alike WHERE sketch_id = ?", (text,))}
            for text in texts_of
        }
        assert any(texts_of - {core} <= near[core] for core in texts_of)
    assert len(numbers) == 12


def test_lookalikes_form_no_clusters(store):
    draw = random.Random(9)
    made = [
        body
        for name, make in BENCH.LOOKALIKES.items()
        if name != "one event, two papers"
        for _ in range(6)
        for body in make(draw)
    ]
    put(store, *(article(f"n{n}", body, draw.choice(list(SITES))) for n, body in enumerate(made)))
    assert names(store) == set()


def test_a_sites_boilerplate_is_no_cluster(store):
    text = "版权与免责声明：凡本网注明来源的作品，版权均属于本网，未经授权不得转载、摘编或者以其他方式使用；已经授权的，应当在授权范围内使用，并注明出处。"
    put(store, *(article(f"n{n}", text, title=f"第{n}条图片新闻") for n in range(4)))
    assert {len(group) for group in names(store)} == {4}
    (last,) = put(store, article("n4", text, title="又一条图片新闻"))
    assert names(store) == set()
    assert clusters.cluster_of(store.connection, last) is None
    take_out(store, "http://weihai.example.cn/n0.html")
    assert {len(group) for group in names(store)} == {4}
    # One title on many sites is a reprint however often it stands.
    other = story(4)
    put(store, *(article(f"m{n}", other, site, title="一样的题目", source=f"{site}{n}") for n in range(4) for site in SITES))
    assert {counts[0] for *_, counts in found(store)} == {4, 16}


# -- members come and go


def test_a_crowd_of_pages_that_differ_in_a_word_is_not_compared(store, monkeypatch):
    """A template's pages, or a trap's: what each costs stays what it is, however many there are."""
    monkeypatch.setattr(clusters, "CROWD", 5)
    put(store, *(article(str(n), changed(story(1), 0.02, seed=n)) for n in range(30)))
    ((pairs,),) = store.connection.execute("SELECT count(*) / 2 FROM alike").fetchall()
    assert 10 <= pairs <= 30
    assert store.connection.execute("SELECT count(*) FROM articles").fetchone() == (30,)


def test_what_one_member_held_together_falls_apart_without_it(store):
    text = story(5, 900)
    first, second = text[: len(text) // 2], text[len(text) // 2 :]
    put(store, article("whole", text), article("first", first), article("second", second))
    assert names(store) == {frozenset(("whole", "first", "second"))}
    take_out(store, "http://weihai.example.cn/whole.html")
    assert names(store) == set()
    assert is_clean(store)
    put(store, article("whole", text))
    assert names(store) == {frozenset(("whole", "first", "second"))}
    take_out(store, "http://weihai.example.cn/whole.html", by_hand=True)
    assert names(store) == set()
    assert is_clean(store)


def test_both_parts_of_a_split_stay_clusters(store):
    text = story(6, 1000)
    parts = [text[: int(len(text) * 0.62)], text[int(len(text) * 0.38) :]]
    put(
        store,
        article("whole", text),
        *(article(f"{n}{copy}", changed(part, 0.08 * copy)) for n, part in enumerate(parts) for copy in range(2)),
    )
    assert names(store) == {frozenset(("whole", "00", "01", "10", "11"))}
    take_out(store, "http://weihai.example.cn/whole.html")
    assert names(store) == {frozenset(("00", "01")), frozenset(("10", "11"))}
    assert is_clean(store)


def test_a_roundup_does_not_join_its_stories(store):
    stories = [story(40 + n, 400) for n in range(2)]
    put(
        store,
        article("both", "\n".join(stories)),
        *(article(f"{n}{copy}", changed(text, 0.02 * copy, copy)) for n, text in enumerate(stories) for copy in range(3)),
    )
    assert sorted(len(group) for group in names(store)) == [3, 4]
    assert all(len({name[0] for name in group - {"both"}}) == 1 for group in names(store))


def test_a_text_that_changes_moves(store):
    put(
        store,
        article("a", story(7)),
        article("b", changed(story(7), 0.02)),
        article("c", story(8)),
        article("d", changed(story(8), 0.02)),
    )
    assert names(store) == {frozenset("ab"), frozenset("cd")}
    put(store, article("b", changed(story(8), 0.05)))
    assert names(store) == {frozenset("bcd")}
    put(store, article("b", "撤稿"))
    assert names(store) == {frozenset("cd")}
    assert is_clean(store)


def test_an_origin_is_told_anew_when_only_its_time_changes(store):
    text = story(9)
    put(
        store,
        article("a", text, "qilu", published_at="2017-07-28T08:00:00+08:00"),
        article("b", text, "wanbao", published_at="2017-07-28T09:00:00+08:00"),
    )
    assert next(iter(found(store)))[1].endswith("a.html")
    put(store, article("b", text, "wanbao", published_at="2017-07-28T07:00:00+08:00"))
    assert next(iter(found(store)))[1].endswith("b.html")


def test_a_cluster_keeps_its_number(store):
    text = story(10)
    a, b = put(store, article("a", text), article("b", changed(text, 0.02)))
    number = clusters.cluster_of(store.connection, a)
    put(store, article("c", changed(text, 0.04)), article("d", f"{text}\n来源：齐鲁在线", "qilu"))
    assert [clusters.cluster_of(store.connection, one) for one in (a, b)] == [number, number]
    take_out(store, "http://weihai.example.cn/a.html")
    assert clusters.cluster_of(store.connection, b) == number


def test_a_batch_that_fails_leaves_nothing(store):
    text = story(11)
    put(store, article("a", text), article("b", text, "qilu"))
    before = list(store.connection.iterdump())

    def fail():
        with transaction(store.connection):
            clusters.remove(store.connection, 1)
            clusters.settle(store.connection)
            assert names(store) == set()
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert list(store.connection.iterdump()) == before
    assert names(store) == {frozenset("ab")}


# -- whatever the order

STORIES = [story(20, 700), story(21, 350), story(22, 200)]
POOL = [
    article("0a", STORIES[0], "wanbao", source="威海晚报", published_at="2017-07-28T08:00:00+08:00"),
    article("0b", changed(STORIES[0], 0.02), "qilu", source="威海晚报", published_at="2017-07-28T09:00:00+08:00"),
    article(
        "0c", changed(STORIES[0], 0.1, 1), "weihai", source="大众网", published_at="2017-07-28T00:00:00+08:00", precision="day"
    ),
    article("0d", STORIES[0][: len(STORIES[0]) // 2], "yantai"),
    article("0e", f"{STORIES[0]}\n来源：威海晚报", "yantai"),
    article("1a", STORIES[1], "qilu", title="果农", source="齐鲁在线"),
    article("1b", f"{STORIES[1]}\n原标题：果农", "weihai"),
    # A roundup of two stories.
    article("12", f"{STORIES[1]}\n{STORIES[2]}", "yantai", published_at="2017-07-29T08:00:00+08:00"),
    article("2a", STORIES[2], "wanbao"),
    article("2b", changed(STORIES[2], 0.03), "weihai"),
    *(article(f"c{n}", text, "qilu") for n, text in enumerate(chain(4))),
]


def arrived(path, order, cuts=()):
    """A database after articles came in an order, in batches, its file closed and opened again between them."""
    bounds = [0, *sorted(cuts), len(order)]
    for start, end in pairwise(bounds):
        with opened(path) as store:
            if order[start:end]:
                put(store, *order[start:end])
    return opened(path)


@pytest.fixture(scope="module")
def expected(tmp_path_factory):
    with arrived(tmp_path_factory.mktemp("expected") / "news.db", POOL) as store:
        assert frozenset(("0a", "0b", "0c", "0d", "0e")) in names(store)
        return found(store)


@settings(max_examples=25, deadline=None)
@given(st.permutations(POOL), st.lists(st.integers(1, len(POOL) - 1), max_size=3))
def test_the_clusters_are_the_same_whatever_the_order(expected, order, cuts):
    with tempfile.TemporaryDirectory() as folder, arrived(Path(folder) / "news.db", order, cuts) as store:
        assert found(store) == expected
        assert is_clean(store)


def test_keys_that_move_to_their_table_find_the_same(tmp_path, expected, monkeypatch):
    monkeypatch.setattr(clusters, "_NEW_BANDS", 40)
    with arrived(tmp_path / "news.db", POOL, range(1, len(POOL))) as store:
        assert found(store) == expected
        assert (
            store.connection.execute("SELECT count(*) FROM bands").fetchone()[0]
            > 40
            > store.connection.execute("SELECT count(*) FROM bands_new").fetchone()[0]
        )
        take_out(store, *(made.url for made in POOL))
        assert found(store) == set()
        assert is_clean(store)


@settings(max_examples=20, deadline=None)
@given(st.permutations(POOL), st.integers(1, 6))
def test_what_came_and_went_leaves_no_trace(order, count):
    gone, left = order[:count], order[count:]
    with tempfile.TemporaryDirectory() as folder:
        with arrived(Path(folder) / "never.db", left) as never:
            wanted = found(never)
        with arrived(Path(folder) / "news.db", sorted(order, key=lambda made: made.url)) as store:
            take_out(store, *(made.url for made in gone[::2]))
            take_out(store, *(made.url for made in gone[1::2]), by_hand=True)
            assert found(store) == wanted
            assert is_clean(store)


@settings(max_examples=100, deadline=None)
@given(st.data())
def test_stars_ask_for_nothing_but_the_graph(data):
    size = data.draw(st.integers(1, 9))
    pairs = data.draw(
        st.lists(
            st.tuples(st.integers(0, size - 1), st.integers(0, size - 1), st.sampled_from((0.4, 0.5, 0.7, 1.0))), max_size=20
        )
    )
    shuffled = data.draw(st.permutations(range(100, 100 + size)))
    nodes = {n: Node(1 + n % 3, 100 + n % 2, 1000 - n) for n in range(size)}
    near = {n: {} for n in nodes}
    for one, other, value in pairs:
        if one != other:
            near[one][other] = near[other][one] = value
    groups = stars(nodes, near)
    assert sorted(text for group in groups for text in group) == sorted(nodes)
    for core, *rest in groups:
        assert all(other in near[core] for other in rest)
        # No two cores are alike.
        assert not any(other in near[core] for other, *_ in groups)
    renamed = stars(
        {shuffled[n]: nodes[n] for n in reversed(nodes)},
        {shuffled[n]: {shuffled[m]: v for m, v in near[n].items()} for n in near},
    )
    assert {frozenset(shuffled[text] for text in group) for group in groups} == {frozenset(group) for group in renamed}


# -- versions and rebuilding


def test_sketches_of_another_version_are_not_compared(store, monkeypatch):
    text = story(12)
    put(store, article("a", text), article("a2", changed(text, 0.01)))
    monkeypatch.setattr(sketches, "VERSION", 2)
    put(store, article("b", text, "qilu"), article("c", changed(text, 0.02), "wanbao"))
    assert names(store) == {frozenset(("a", "a2")), frozenset("bc")}
    assert clusters.unsketched(store.connection) == 2
    assert sum(clusters.rebuild(store.connection)) == 2
    assert names(store) == {frozenset(("a", "a2", "b", "c"))}
    assert clusters.unsketched(store.connection) == 0
    assert store.connection.execute("SELECT DISTINCT version FROM sketches").fetchall() == [(2,)]
    assert is_clean(store)


def forget(store):
    """The database as one from before there were sketches."""
    with transaction(store.connection):
        for table in ("cluster_members", "clusters", "alike", "article_sketches", "bands", "bands_new", "sketches", "unsettled"):
            store.connection.execute(f"DELETE FROM {table}")


def test_a_rebuild_finds_what_was_stored_before(tmp_path, expected):
    with arrived(tmp_path / "news.db", POOL) as store:
        forget(store)
        assert clusters.unsketched(store.connection) == len(POOL)
        steps = clusters.rebuild(store.connection, batch=4)
        # It is cut short, and goes on where it was.
        assert next(steps) == 4
        steps.close()
        assert clusters.unsketched(store.connection) == len(POOL) - 4
        assert sum(clusters.rebuild(store.connection, batch=4)) == len(POOL) - 4
        assert found(store) == expected
        assert is_clean(store)


def test_a_rebuild_leaves_room_for_others(tmp_path, expected):
    path = tmp_path / "news.db"
    with arrived(path, POOL[:-1]) as store, opened(path) as other:
        forget(store)
        for step, _ in enumerate(clusters.rebuild(store.connection, batch=3)):
            if step == 1:
                put(other, POOL[-1])
        assert found(store) == expected


# -- the origin


def member(number, site="qilu", **more):
    given = {
        "source": None,
        "published_at": None,
        "precision": "second",
        "characters": 500,
        "title": "题目",
        "credits": Credits(),
    } | more
    return Member(
        id=number, sketch_id=number, url=f"http://{site}.example.cn/{number}", site=site, site_title=SITES[site].title, publisher=SITES[site].publisher, **given
    )  # fmt: skip


AT_EIGHT, AT_NINE, THAT_DAY = "2017-07-28T08:00:00+08:00", "2017-07-28T09:00:00+08:00", "2017-07-28T00:00:00+08:00"


@pytest.mark.parametrize(
    ("members", "first", "reason"),
    [
        ([member(1, published_at=AT_NINE), member(2, "wanbao", published_at=AT_EIGHT)], 2, "earliest: 2017-07-28 08:00:00"),
        # Nine in Shanghai is before two in London.
        (
            [member(1, published_at=AT_NINE), member(2, "wanbao", published_at="2017-07-28T02:00:00+01:00")],
            1,
            "none is earlier for sure: 2017-07-28 09:00:00",
        ),
        (
            [member(1, published_at=THAT_DAY, precision="day"), member(2, "wanbao", published_at=AT_NINE)],
            2,
            "none is earlier for sure: 2017-07-28 09:00:00",
        ),
        (
            [member(1, published_at=THAT_DAY, precision="day"), member(2, "wanbao", published_at="2017-07-29T09:00:00+08:00")],
            1,
            "earliest: 2017-07-28",
        ),
        (
            [member(1, published_at=AT_EIGHT, source="威海晚报"), member(2, "wanbao", published_at=AT_NINE)],
            2,
            "1 other credits it: 来源 威海晚报",
        ),
        (
            [member(1, published_at=AT_EIGHT, source="大众网威海"), member(2, "yantai"), member(3, "weihai")],
            3,
            "1 other credits it: 来源 大众网威海",
        ),
        (
            [member(1, published_at=AT_EIGHT, credits=Credits(("威海晚报",))), member(2, "wanbao", published_at=AT_NINE)],
            2,
            "1 other credits it: 来源 威海晚报",
        ),
        (
            [
                member(1, title="新题目", published_at=AT_EIGHT, credits=Credits((), "旧题目")),
                member(2, "wanbao", title="旧题目"),
            ],
            2,
            "1 other credits it: 原标题 旧题目",
        ),
        (
            [member(1, source="新华社", published_at=AT_EIGHT), member(2, "wanbao", source="威海晚报", published_at=AT_NINE)],
            2,
            "its own 来源: 威海晚报",
        ),
        ([member(1, characters=300), member(2, "wanbao", characters=400)], 2, "longest text: 400 characters"),
        ([member(1), member(2, "wanbao")], 1, "nothing tells them apart"),
    ],
)
def test_the_likely_origin_and_why(members, first, reason):
    for order in (members, members[::-1]):
        chosen, reasons = origin(order)
        assert chosen.id == first
        assert reason in reasons


# -- the command


@pytest.fixture
def asked(tmp_path):
    with opened(tmp_path / "news.db") as store:
        text = story(30)
        put(
            store,
            article("a", text, "wanbao", title="葛家镇种下新苹果", source="威海晚报", published_at="2017-07-28T08:00:00+08:00"),
            article(
                "b",
                f"{text}再加一句。",
                "qilu",
                title="山东葛家镇：新苹果上市",
                source="威海晚报",
                published_at="2017-07-29T00:00:00+08:00",
                precision="day",
            ),
            article("c", text, "yantai", title="葛家镇种下新苹果", source="齐鲁在线"),
            article("d", story(31), "weihai"),
            article("e", story(32), "weihai", published_at="2018-01-01T08:00:00+08:00"),
            article("f", changed(story(32), 0.02), "qilu", published_at="2018-01-02T08:00:00+08:00"),
        )

    def ask(*arguments):
        return CliRunner().invoke(command.reprints, [*map(str, arguments), "--db", str(tmp_path / "news.db")])

    return ask


def test_the_command_tells_a_cluster_over_time(asked):
    done = asked("http://qilu.example.cn/b.html")
    assert done.exit_code == 0
    lines = [line.strip() for line in done.output.splitlines() if line.strip()]
    assert lines[0] == "cluster 1: 3 articles, 2 texts, 3 publishers"
    assert lines[1:6] == [
        "* 2017-07-28 08:00:00  威海晚报  来源 威海晚报",
        "葛家镇种下新苹果",
        "article 1: http://wanbao.example.cn/a.html",
        "likely origin: 1 other credits it: 来源 威海晚报",
        "likely origin: its own 来源: 威海晚报",
    ]
    assert "2017-07-29  齐鲁在线  来源 威海晚报  9" in done.output
    assert "+5 characters, title changed" in lines
    assert "the same word for word" in lines
    assert lines.index("article 2: http://qilu.example.cn/b.html") < lines.index("article 3: http://yantai.example.cn/c.html")


def test_the_command_as_json(asked):
    one = json.loads(asked("2", "--json").output)
    assert [(m["id"], m["origin"], m["differs"]) for m in one["members"]] == [
        (1, True, ""), (2, False, "+5 characters, title changed"), (3, False, "the same word for word"),
    ]  # fmt: skip
    assert one["article"] == 2
    assert "body_text" not in one["members"][0]
    assert json.loads(asked("4", "--json").output) == {"id": None, "article": 4, "members": []}


def test_the_command_lists_clusters(asked):
    done = asked()
    assert done.exit_code == 0
    assert [line.split()[:2] for line in done.output.splitlines()] == [["articles", "sites"], ["3", "3"], ["2", "2"]]
    rows = [json.loads(line) for line in asked("--json", "--newest").output.splitlines()]
    assert [(row["articles"], row["site"]) for row in rows] == [(2, "weihai"), (3, "wanbao")]
    assert [json.loads(line)["articles"] for line in asked("--json", "--since", "2018-01-01").output.splitlines()] == [2]
    assert [json.loads(line)["articles"] for line in asked("--json", "-n", "1").output.splitlines()] == [3]
    assert asked("--since", "2020-01-01").output == "no reprints with a member of 2020-01-01 or later\n"


def test_the_command_rebuilds(asked, tmp_path):
    with opened(tmp_path / "news.db") as store:
        forget(store)
    assert asked().output == "no reprints are known\n6 articles not looked at yet: newscrawl reprints --rebuild\n"
    done = asked("--rebuild")
    assert (done.exit_code, done.output) == (0, "6 articles looked at; 2 clusters of reprints\n")
    assert asked("--rebuild").output == "0 articles looked at; 2 clusters of reprints\n"
    assert asked("4").output == "article 4: no reprints of it are known\n"


def test_the_command_says_what_it_cannot_do(asked, tmp_path):
    done = asked("http://qilu.example.cn/unknown.html")
    assert done.exit_code == 2
    assert "not in" in done.output
    assert asked("1", "--rebuild").exit_code == 2
    done = CliRunner().invoke(command.reprints, ["--db", str(tmp_path / "none.db"), "--rebuild"])
    assert done.exit_code == 2
    assert "no such database" in done.output
    assert not (tmp_path / "none.db").exists()


def test_reading_never_changes_the_file(asked, tmp_path):
    path = tmp_path / "news.db"
    with closing(connect(path)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    before = path.read_bytes()
    asked()
    asked("1")
    assert path.read_bytes() == before
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("SELECT count(*) FROM clusters").fetchone() == (2,)
