"""The benchmarks' database: it has the shape of a crawled one, and the commands work on it."""

import json
from contextlib import closing
from datetime import datetime

import pytest
from click.testing import CliRunner
from conftest import load_bench

from newscrawl.cli import main
from newscrawl.days import SHANGHAI
from newscrawl.store import clusters, schema
from newscrawl.store.writer import connect

UNTIL = datetime(2026, 11, 24, 18, tzinfo=SHANGHAI)


@pytest.fixture(scope="module")
def make():
    return load_bench("make_db").make


@pytest.fixture(scope="module")
def database(make, tmp_path_factory):
    path = tmp_path_factory.mktemp("bench") / "news.db"
    make(path, articles=300, links=3000, seed=1, until=UNTIL, days=6)
    return path


def rows(path, sql, *values):
    with closing(connect(path, readonly=True)) as connection:
        return connection.execute(sql, values).fetchall()


def test_it_is_a_database_as_a_crawl_leaves_it(database):
    assert rows(database, "PRAGMA foreign_key_check") == []
    assert rows(database, "PRAGMA integrity_check") == [("ok",)]
    assert rows(database, "PRAGMA journal_mode") == [("wal",)]
    assert rows(database, "PRAGMA user_version") == [(schema.SCHEMA_VERSION,)]
    # Indexes were dropped while it was filled.
    with closing(connect(database.with_name("empty.db"))) as empty:
        wanted = empty.execute(
            "SELECT type, name, sql FROM sqlite_master WHERE name NOT LIKE '\\_sqlite%' ESCAPE '\\' ORDER BY name"
        )
        wanted = wanted.fetchall()
    have = rows(database, "SELECT type, name, sql FROM sqlite_master WHERE name NOT LIKE '\\_sqlite%' ESCAPE '\\' ORDER BY name")
    assert have == wanted


def test_there_is_as_much_as_was_asked_for(database):
    counts = dict(
        rows(
            database,
            "SELECT 'articles', count(*) FROM articles UNION SELECT 'links', count(*) FROM article_links UNION "
            "SELECT 'waiting', count(*) FROM unindexed UNION SELECT 'regions', count(DISTINCT region) FROM sites UNION "
            "SELECT 'canonical', count(*) FROM article_urls WHERE reason = 'canonical'",
        )
    )
    assert counts == {"articles": 300, "links": 3000, "waiting": 300, "regions": 31, "canonical": 300}
    for table in ("bylines", "images", "article_blocks", "pages", "runs", "run_fields", "clusters", "link_positions"):
        assert rows(database, f"SELECT count(*) FROM {table}")[0][0] > 0, table
    # No time is later than the moment it was made for.
    latest = UNTIL.astimezone().timestamp()
    for table, column in (
        ("articles", "first_seen"),
        ("article_links", "gone_at"),
        ("runs", "started_at"),
        ("pages", "fetched_at"),
    ):
        (found,) = rows(database, f"SELECT max({column}) FROM {table}")[0]
        assert datetime.fromisoformat(found).timestamp() <= latest, table
    assert {state for (state,) in rows(database, "SELECT DISTINCT state FROM runs")} >= {"green", "yellow", "red"}


def test_links_lead_to_the_article_that_has_their_address(database):
    wrong = rows(
        database,
        "SELECT l.id FROM article_links l LEFT JOIN article_urls u ON u.key = l.target_key WHERE l.target_id IS NOT u.article_id",
    )
    assert wrong == []


def test_clusters_are_what_a_crawl_would_have_made(database, tmp_path):
    wanted = set(
        rows(
            database,
            "SELECT group_concat(article_id) FROM (SELECT * FROM cluster_members ORDER BY article_id) GROUP BY cluster_id",
        )
    )
    copy = tmp_path / "copy.db"
    copy.write_bytes(database.read_bytes())
    with closing(connect(copy)) as connection:
        connection.execute("DELETE FROM article_sketches")
        for _ in clusters.rebuild(connection):
            pass
    found = set(
        rows(copy, "SELECT group_concat(article_id) FROM (SELECT * FROM cluster_members ORDER BY article_id) GROUP BY cluster_id")
    )
    assert found == wanted


def test_the_same_seed_gives_the_same_database(make, database, tmp_path):
    made = {}
    for seed in (1, 2):
        path = tmp_path / f"{seed}.db"
        make(path, articles=300, links=3000, seed=seed, until=UNTIL, days=6)
        made[seed] = rows(path, "SELECT title, content_hash, first_seen, state_hash FROM articles ORDER BY id")
    assert made[1] == rows(database, "SELECT title, content_hash, first_seen, state_hash FROM articles ORDER BY id")
    assert made[2] != made[1]


def test_commands_work_on_it(database):
    run = CliRunner().invoke
    (number,) = rows(
        database, "SELECT article_id FROM article_links WHERE kind = 'related' GROUP BY 1 ORDER BY count(*) DESC LIMIT 1"
    )[0]
    (title,) = rows(database, "SELECT title FROM articles WHERE id = ?", number)[0]
    for command in ("show", "links"):
        done = run(main, [command, str(number), "--db", str(database)])
        assert done.exit_code == 0
        assert title in done.output
    health = run(main, ["health", "--json", "--db", str(database)])
    assert health.exit_code == 3
    states = [json.loads(line)["state"] for line in health.output.splitlines()]
    assert {"green", "yellow", "red"} <= set(states)
    reprints = run(main, ["reprints", "--db", str(database)])
    assert reprints.exit_code == 0
    assert "来源" in reprints.output
