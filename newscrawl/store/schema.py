"""The database's shape: tables, views and their descriptions, grown by sqlite-utils migrations.

All SQL of newscrawl lives in this folder. Tables are STRICT, foreign keys hold, times are text in ISO 8601 with
offset. Views (views.sql) have stable names; tables may gain columns.
"""

from __future__ import annotations

import sqlite3
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sqlite_utils import Database

APPLICATION_ID = 0x6E637277
"""``ncrw``: what `PRAGMA application_id` says of a newscrawl database; file(1) and `open` tell it by this."""

MIGRATIONS: list[Callable[[Database], None]] = []
"""The steps by which a database grows, oldest first; each is known in the file by its function's name."""


def migration(step: Callable[[Database], None]) -> Callable[[Database], None]:
    """Put a step behind those there are."""
    MIGRATIONS.append(step)
    return step


@migration
def m001_articles(db: Database) -> None:
    """The spine: articles with their addresses, bylines, images and links; pages; runs."""
    for statement in _statements("""
        CREATE TABLE sites (
            name TEXT PRIMARY KEY, title TEXT, publisher TEXT, region TEXT, city TEXT, home TEXT
        ) STRICT;
        CREATE TABLE articles (
            id INTEGER PRIMARY KEY,
            url TEXT NOT NULL UNIQUE,
            site TEXT NOT NULL REFERENCES sites(name),
            publisher TEXT, region TEXT, channel TEXT,
            title TEXT NOT NULL, kicker TEXT, subtitle TEXT,
            published_at TEXT, published_raw TEXT, published_precision TEXT,
            source TEXT, source_url TEXT,
            body_text TEXT NOT NULL, body_html TEXT NOT NULL, characters INTEGER NOT NULL,
            lead TEXT, keywords TEXT,
            charset TEXT,
            content_hash TEXT NOT NULL, state_hash TEXT NOT NULL,
            first_seen TEXT NOT NULL, last_changed TEXT NOT NULL,
            flags TEXT NOT NULL, provenance TEXT NOT NULL
        ) STRICT;
        CREATE INDEX articles_published ON articles(published_at, source);
        CREATE INDEX articles_site ON articles(site, published_at);
        CREATE INDEX articles_source ON articles(source, published_at);
        CREATE INDEX articles_hash ON articles(content_hash);
        CREATE TABLE article_urls (
            key TEXT PRIMARY KEY,
            article_id INTEGER NOT NULL REFERENCES articles(id) ON DELETE CASCADE,
            url TEXT NOT NULL, reason TEXT NOT NULL, first_seen TEXT NOT NULL
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX article_urls_article ON article_urls(article_id);
        CREATE TABLE bylines (
            article_id INTEGER NOT NULL REFERENCES articles(id) ON DELETE CASCADE,
            role TEXT NOT NULL, position INTEGER NOT NULL, name TEXT NOT NULL, label TEXT,
            PRIMARY KEY (article_id, role, position)
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX bylines_name ON bylines(name, role);
        CREATE TABLE images (
            article_id INTEGER NOT NULL REFERENCES articles(id) ON DELETE CASCADE,
            position INTEGER NOT NULL, url TEXT NOT NULL, caption TEXT, alt TEXT,
            PRIMARY KEY (article_id, position)
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE article_blocks (
            article_id INTEGER NOT NULL REFERENCES articles(id) ON DELETE CASCADE,
            position INTEGER NOT NULL, kind TEXT NOT NULL, heading TEXT, links INTEGER NOT NULL,
            PRIMARY KEY (article_id, position)
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE article_links (
            id INTEGER PRIMARY KEY,
            article_id INTEGER NOT NULL REFERENCES articles(id) ON DELETE CASCADE,
            kind TEXT NOT NULL, heading TEXT, block INTEGER NOT NULL, position INTEGER NOT NULL,
            title TEXT NOT NULL, full_title TEXT, url TEXT,
            target_key TEXT, target_id INTEGER REFERENCES articles(id) ON DELETE SET NULL,
            thumbnail TEXT, summary TEXT, source TEXT, published_at TEXT, published_raw TEXT,
            first_seen TEXT NOT NULL, gone_at TEXT
        ) STRICT;
        CREATE INDEX article_links_article ON article_links(article_id);
        CREATE INDEX article_links_key ON article_links(target_key);
        CREATE INDEX article_links_target ON article_links(target_id, kind) WHERE target_id IS NOT NULL;
        CREATE TABLE pages (
            key TEXT PRIMARY KEY,
            url TEXT NOT NULL, site TEXT NOT NULL REFERENCES sites(name), kind TEXT NOT NULL,
            verdict TEXT NOT NULL, why TEXT NOT NULL, status INTEGER, tries INTEGER NOT NULL,
            first_seen TEXT NOT NULL, fetched_at TEXT, found_on TEXT,
            article_id INTEGER REFERENCES articles(id) ON DELETE SET NULL,
            charset TEXT, size INTEGER, etag TEXT, last_modified TEXT
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX pages_site ON pages(site, kind, verdict);
        CREATE INDEX pages_article ON pages(article_id);
        CREATE TABLE runs (
            id INTEGER PRIMARY KEY,
            site TEXT REFERENCES sites(name), command TEXT NOT NULL, version TEXT NOT NULL,
            started_at TEXT NOT NULL, finished_at TEXT, seconds REAL, reason TEXT, exit_code INTEGER,
            requests INTEGER, bytes INTEGER,
            new INTEGER, changed INTEGER, unchanged INTEGER, duplicates INTEGER, refused INTEGER, failed INTEGER
        ) STRICT;
        CREATE INDEX runs_site ON runs(site, started_at);
    """):
        db.execute(statement)


@migration
def m002_frontier_and_ledger(db: Database) -> None:
    """When an address is asked for again, what its lists held, and what a run came to field by field."""
    for statement in _statements("""
        ALTER TABLE pages ADD COLUMN depth INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE pages ADD COLUMN number INTEGER;
        ALTER TABLE pages ADD COLUMN next_visit TEXT;
        ALTER TABLE pages ADD COLUMN every INTEGER;
        ALTER TABLE pages ADD COLUMN failing_since TEXT;
        ALTER TABLE pages ADD COLUMN listed INTEGER;
        ALTER TABLE pages ADD COLUMN usual REAL;
        ALTER TABLE pages ADD COLUMN read_by TEXT;
        ALTER TABLE pages ADD COLUMN marker TEXT;
        ALTER TABLE pages ADD COLUMN marker_at INTEGER;
        ALTER TABLE pages ADD COLUMN posted INTEGER;
        UPDATE pages SET next_visit = coalesce(fetched_at, first_seen)
            WHERE verdict IN ('pending', 'error', 'blocked', 'captcha') AND tries < 5 OR verdict = 'list' AND kind = 'channel';
        CREATE INDEX pages_next ON pages(site, next_visit) WHERE next_visit IS NOT NULL;
        ALTER TABLE runs ADD COLUMN statuses TEXT;
        ALTER TABLE runs ADD COLUMN verdicts TEXT;
        ALTER TABLE runs ADD COLUMN links TEXT;
        ALTER TABLE runs ADD COLUMN retries INTEGER;
        ALTER TABLE runs ADD COLUMN slowest_host TEXT;
        ALTER TABLE runs ADD COLUMN slowest_seconds REAL;
        ALTER TABLE runs ADD COLUMN peak_memory INTEGER;
        ALTER TABLE runs ADD COLUMN state TEXT;
        ALTER TABLE runs ADD COLUMN message TEXT;
        CREATE TABLE run_fields (
            run_id INTEGER NOT NULL REFERENCES runs(id) ON DELETE CASCADE,
            field TEXT NOT NULL,
            articles INTEGER NOT NULL, filled INTEGER NOT NULL, distinct_values INTEGER NOT NULL, median_length REAL,
            rules TEXT NOT NULL,
            PRIMARY KEY (run_id, field)
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE robots (origin TEXT PRIMARY KEY, body BLOB NOT NULL, fetched_at TEXT NOT NULL) STRICT, WITHOUT ROWID;
        CREATE TABLE settings (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;
    """):
        db.execute(statement)


@migration
def m003_reprints(db: Database) -> None:
    """Sketches of bodies, which articles are alike, and the clusters that come of it."""
    for statement in _statements("""
        CREATE TABLE sketches (
            id INTEGER PRIMARY KEY,
            version INTEGER NOT NULL, grams INTEGER NOT NULL, digest INTEGER NOT NULL,
            bins BLOB NOT NULL, keys BLOB NOT NULL, figures BLOB NOT NULL
        ) STRICT;
        CREATE TABLE article_sketches (
            article_id INTEGER PRIMARY KEY REFERENCES articles(id) ON DELETE CASCADE,
            sketch_id INTEGER REFERENCES sketches(id)
        ) STRICT;
        CREATE INDEX article_sketches_sketch ON article_sketches(sketch_id);
        CREATE TABLE bands (key INTEGER NOT NULL, sketch_id INTEGER NOT NULL, PRIMARY KEY (key, sketch_id)) STRICT, WITHOUT ROWID;
        CREATE TABLE bands_new (key INTEGER NOT NULL, sketch_id INTEGER NOT NULL, PRIMARY KEY (key, sketch_id)) STRICT, WITHOUT ROWID;
        CREATE TABLE alike (
            sketch_id INTEGER NOT NULL, other_id INTEGER NOT NULL, similarity REAL NOT NULL, containment REAL NOT NULL,
            PRIMARY KEY (sketch_id, other_id)
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE clusters (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            articles INTEGER NOT NULL, texts INTEGER NOT NULL, sites INTEGER NOT NULL, publishers INTEGER NOT NULL,
            origin_id INTEGER REFERENCES articles(id) ON DELETE SET NULL, origin_reasons TEXT NOT NULL,
            first_published_at TEXT, last_published_at TEXT
        ) STRICT;
        CREATE INDEX clusters_published ON clusters(last_published_at);
        CREATE INDEX clusters_origin ON clusters(origin_id);
        CREATE TABLE cluster_members (
            article_id INTEGER PRIMARY KEY REFERENCES articles(id) ON DELETE CASCADE,
            cluster_id INTEGER NOT NULL REFERENCES clusters(id) ON DELETE CASCADE,
            similarity REAL NOT NULL, containment REAL NOT NULL
        ) STRICT;
        CREATE INDEX cluster_members_cluster ON cluster_members(cluster_id);
        CREATE TABLE unsettled (sketch_id INTEGER PRIMARY KEY) STRICT;
        CREATE TRIGGER article_sketch_gone AFTER DELETE ON article_sketches WHEN old.sketch_id IS NOT NULL
            BEGIN INSERT OR IGNORE INTO unsettled (sketch_id) VALUES (old.sketch_id); END;
        CREATE TRIGGER cluster_member_gone AFTER DELETE ON cluster_members
            WHEN NOT EXISTS (SELECT 1 FROM cluster_members WHERE cluster_id = old.cluster_id)
            BEGIN DELETE FROM clusters WHERE id = old.cluster_id; END;
    """):
        db.execute(statement)


@migration
def m004_revisions(db: Database) -> None:
    """What an article was before it changed, and whether it is still there."""
    for statement in _statements("""
        ALTER TABLE articles ADD COLUMN read_from TEXT;
        ALTER TABLE articles ADD COLUMN gone_at TEXT;
        ALTER TABLE articles ADD COLUMN gone_why TEXT;
        CREATE INDEX articles_gone ON articles(gone_at) WHERE gone_at IS NOT NULL;
        CREATE TABLE revisions (
            id INTEGER PRIMARY KEY,
            article_id INTEGER NOT NULL REFERENCES articles(id) ON DELETE CASCADE,
            number INTEGER NOT NULL,
            cause TEXT NOT NULL CHECK (cause IN ('site', 'rules', 'address')),
            changed TEXT NOT NULL, summary TEXT NOT NULL,
            seen_from TEXT NOT NULL, last_seen TEXT NOT NULL, replaced_at TEXT NOT NULL,
            title TEXT NOT NULL, kicker TEXT, subtitle TEXT,
            published_at TEXT, published_raw TEXT, published_precision TEXT,
            source TEXT, source_url TEXT, bylines TEXT NOT NULL,
            body_text TEXT NOT NULL, body_html TEXT NOT NULL, images TEXT NOT NULL, blocks TEXT NOT NULL,
            content_hash TEXT NOT NULL, provenance TEXT NOT NULL,
            UNIQUE (article_id, number)
        ) STRICT;
        CREATE INDEX revisions_replaced ON revisions(replaced_at);
        CREATE TABLE absences (
            article_id INTEGER NOT NULL REFERENCES articles(id) ON DELETE CASCADE,
            gone_at TEXT NOT NULL, looked_at TEXT NOT NULL, verdict TEXT NOT NULL, why TEXT NOT NULL, back_at TEXT,
            PRIMARY KEY (article_id, gone_at)
        ) STRICT, WITHOUT ROWID;
    """):
        db.execute(statement)


@migration
def m005_positions(db: Database) -> None:
    """Where links stood, from when on."""
    for statement in _statements("""
        CREATE TABLE link_positions (
            link_id INTEGER NOT NULL REFERENCES article_links(id) ON DELETE CASCADE,
            seen_at TEXT NOT NULL, position INTEGER,
            PRIMARY KEY (link_id, seen_at)
        ) STRICT, WITHOUT ROWID;
    """):
        db.execute(statement)


@migration
def m006_archive(db: Database) -> None:
    """Where in the archive each fetched page lies."""
    for statement in _statements("""
        CREATE TABLE archive_files (
            id INTEGER PRIMARY KEY,
            name TEXT NOT NULL UNIQUE, site TEXT NOT NULL, run_id INTEGER REFERENCES runs(id) ON DELETE SET NULL,
            started_at TEXT NOT NULL, size INTEGER NOT NULL
        ) STRICT;
        CREATE TABLE archive_records (
            key TEXT NOT NULL, url TEXT NOT NULL, fetched_at TEXT NOT NULL,
            file_id INTEGER NOT NULL REFERENCES archive_files(id) ON DELETE CASCADE,
            offset INTEGER NOT NULL, length INTEGER NOT NULL,
            kind TEXT NOT NULL, status INTEGER, digest TEXT,
            PRIMARY KEY (key, fetched_at, file_id, offset)
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX archive_records_file ON archive_records(file_id, offset);
    """):
        db.execute(statement)


@migration
def m007_fills(db: Database) -> None:
    """Who filled a link block that stands empty in the page."""
    for statement in _statements("""
        ALTER TABLE article_blocks ADD COLUMN filled_by TEXT NOT NULL DEFAULT 'page';
        CREATE INDEX article_blocks_unanswered ON article_blocks(article_id) WHERE filled_by = 'unanswered';
    """):
        db.execute(statement)


@migration
def m008_search(db: Database) -> None:
    """Full text: what is indexed, and what waits for it. The index holds no text; triggers keep what it must forget.

    With prefix='1' the index is two thirds larger, and a single character that most articles have answers in 3 ms, not in 500.
    """
    # Not INSERT OR IGNORE: in a trigger, the conflict clause of the statement that fires it counts.
    for statement in _statements("""
        CREATE VIRTUAL TABLE articles_fts USING fts5(title, body, content='', tokenize='ascii', prefix='1');
        CREATE TABLE unindexed (article_id INTEGER PRIMARY KEY, title TEXT, body TEXT) STRICT;
        INSERT INTO unindexed (article_id) SELECT id FROM articles;
        CREATE TRIGGER article_new AFTER INSERT ON articles
            WHEN NOT EXISTS (SELECT 1 FROM unindexed WHERE article_id = new.id)
            BEGIN INSERT INTO unindexed (article_id) VALUES (new.id); END;
        CREATE TRIGGER article_text_changed AFTER UPDATE OF kicker, title, subtitle, body_text ON articles
            WHEN (old.title IS NOT new.title OR old.body_text IS NOT new.body_text
                  OR old.kicker IS NOT new.kicker OR old.subtitle IS NOT new.subtitle)
                AND NOT EXISTS (SELECT 1 FROM unindexed WHERE article_id = old.id)
            BEGIN INSERT INTO unindexed (article_id, title, body) VALUES (
                old.id, coalesce(old.kicker || char(10), '') || old.title || coalesce(char(10) || old.subtitle, ''), old.body_text
            ); END;
        CREATE TRIGGER article_gone AFTER DELETE ON articles
            WHEN NOT EXISTS (SELECT 1 FROM unindexed WHERE article_id = old.id)
            BEGIN INSERT INTO unindexed (article_id, title, body) VALUES (
                old.id, coalesce(old.kicker || char(10), '') || old.title || coalesce(char(10) || old.subtitle, ''), old.body_text
            ); END;
    """):
        db.execute(statement)


@migration
def m009_newsroom(db: Database) -> None:
    """Indexes by which what is counted over a million links, and what came last, is answered without reading the rows."""
    for statement in _statements("""
        DROP INDEX article_links_key;
        CREATE INDEX article_links_key ON article_links(target_key, kind, target_id, article_id);
        DROP INDEX articles_source;
        CREATE INDEX articles_source ON articles(source, published_at, site);
        DROP INDEX articles_site;
        CREATE INDEX articles_site ON articles(site, published_at, source, characters);
        CREATE INDEX article_links_seen ON article_links(first_seen) WHERE kind = 'recommended';
        CREATE INDEX revisions_corrected ON revisions(replaced_at) WHERE cause = 'site';
    """):
        db.execute(statement)


SCHEMA_VERSION = 9
"""How many migrations there are; `PRAGMA user_version` of a database that has them all."""


DESCRIPTIONS: dict[str, dict[str, str]] = {
    "sites": {
        "": "What can be crawled: one row a spider that has run.",
        "name": "the spider's name, as on the command line",
        "title": "the site's name for people (大众网·威海)",
        "publisher": "whose site it is (大众网)",
        "region": "province (山东)",
        "city": "city, where the site is a city's",
        "home": "the site's front page",
    },
    "articles": {
        "": "One row an article, whatever number of addresses it has.",
        "id": "the article's number, stable for the life of the database",
        "url": "its canonical address",
        "site": "the spider that read it",
        "publisher": "whose site it stands on",
        "region": "the site's province",
        "channel": "the breadcrumb, steps joined by ' > '",
        "title": "the headline",
        "kicker": "引题, the line above the headline",
        "subtitle": "副题, the line below the headline",
        "published_at": "when it was published: ISO 8601 with offset, Asia/Shanghai unless the page says otherwise",
        "published_raw": "the time as the page prints it",
        "published_precision": "second, minute, hour or day: how exactly the page says it",
        "source": "来源, who is credited",
        "source_url": "where the credit links to",
        "body_text": "paragraphs, subheadings, captions and table rows, one a line",
        "body_html": "the body as clean HTML; nothing in it runs",
        "characters": "length of body_text",
        "lead": "导语: the lines set before the text, one a line",
        "keywords": "the page's own keywords, as a JSON list",
        "charset": "what the page was decoded with",
        "content_hash": "equal for equal title and body, whatever the white space",
        "state_hash": "equal while nothing a reader sees has changed",
        "first_seen": "when it was first stored, UTC",
        "last_changed": "when a reader would last have noticed a change, UTC; first_seen if never",
        "flags": "what was odd about the page, as a JSON list",
        "provenance": "for each field, the layer and rule that gave it, as a JSON object",
        "read_from": "key of the page (table pages) that all this was read from, where an article has several addresses",
        "gone_at": "when it was first found to be there no more, UTC; null while it stands",
        "gone_why": "of one that is gone: the last verdict and why; its text is kept",
    },
    "article_urls": {
        "": "Every address an article was read or is known under.",
        "key": "the canonical address without its scheme: http and https are one",
        "article_id": "the article",
        "url": "the address as it was met",
        "reason": "canonical; address (fetched or redirected under it); part (a further page of it); same text",
        "first_seen": "when this address was first stored, UTC",
    },
    "bylines": {
        "": "Who made an article: one row a name and role.",
        "article_id": "the article",
        "role": "author (作者), reporter (记者), correspondent (通讯员) or editor (编辑 and the like)",
        "position": "order within the role, from 1",
        "name": "the name, label off",
        "label": "an editor's role as printed (初审编辑, 责任编辑, 校对)",
    },
    "images": {
        "": "The images of a body, in order.",
        "article_id": "the article",
        "position": "order in the body, from 1",
        "url": "absolute address; as written in a saved page that has none itself",
        "caption": "图说, the line that stands with it",
        "alt": "its alternative text",
    },
    "article_blocks": {
        "": "Every link block of an article page, the empty ones too.",
        "article_id": "the article",
        "position": "order on the page, from 1",
        "kind": "recommended (推荐阅读), related (相关新闻), hot, rank, photo, video, topic or more",
        "heading": "the block's heading as printed",
        "links": "how many links it holds; 0: it stands there empty",
        "filled_by": "page; endpoint or browser: a script fills it, and this is who answered; unanswered: nobody did so far",
    },
    "article_links": {
        "": "The links of those blocks: who recommends what.",
        "id": "the link's number",
        "article_id": "the article it stands beside",
        "kind": "the block's kind",
        "heading": "the block's heading as printed",
        "block": "the block's position on the page",
        "position": "order within the block, from 1",
        "title": "the link's title as printed",
        "full_title": "the whole title, where the printed one is cut (…)",
        "url": "where it leads, absolute",
        "target_key": "that address without its scheme: joins article_urls and pages",
        "target_id": "the article it leads to, as soon as that is stored",
        "thumbnail": "address of its small image",
        "summary": "its summary as printed",
        "source": "the source it names",
        "published_at": "the time it shows, in the article's year",
        "published_raw": "that time as printed",
        "first_seen": "when it was first seen here, UTC",
        "gone_at": "when it was first missing from the page, UTC; null while it stands",
    },
    "revisions": {
        "": "What an article was before it changed: one row a state that is no longer there, whole. The newest state is in articles.",
        "id": "the revision's number in the database",
        "article_id": "the article",
        "number": "the state's number, from 1, the oldest",
        "cause": "site: the page was changed; rules: it was read by other rules than before, too, which may be all; address: it is read from another address, as the old one is gone",
        "changed": "what the next state has changed, as a JSON list: title, kicker, subtitle, published, source, byline, body, images, links",
        "summary": "the same in a line: from what to what, and how much",
        "seen_from": "when this state was first seen, UTC",
        "last_seen": "when it was last seen, UTC: the change came after that",
        "replaced_at": "when the next state was first seen, UTC",
        "title": "the headline, as it was",
        "kicker": "引题",
        "subtitle": "副题",
        "published_at": "when it was published, by this state",
        "published_raw": "that time as printed",
        "published_precision": "second, minute, hour or day",
        "source": "来源",
        "source_url": "where the credit linked to",
        "bylines": "a JSON list of objects with role, label and name",
        "body_text": "the body, a paragraph a line",
        "body_html": "the body as clean HTML",
        "images": "a JSON list of objects with url, caption and alt",
        "blocks": "the link blocks with their links, as a JSON list",
        "content_hash": "as in articles: the hash of a state that came back is the same again",
        "provenance": "for each field, the layer and rule that gave it, as a JSON object",
    },
    "absences": {
        "": "When articles were not to be had: one row an article and absence.",
        "article_id": "the article",
        "gone_at": "when it was first found to be gone, UTC",
        "looked_at": "when it was last looked for in vain, UTC",
        "verdict": "the last verdict: gone (404, 410), soft404, or list: its address led to a list",
        "why": "the reason in a line",
        "back_at": "when it was there again, UTC; null while it is not",
    },
    "archive_files": {
        "": "WARC files of the archive, one or more a run.",
        "id": "the file's number",
        "name": "its path below the archive's folder",
        "site": "the spider whose pages it holds",
        "run_id": "the run that wrote it",
        "started_at": "when it was begun, UTC",
        "size": "bytes of it that are on record here",
    },
    "archive_records": {
        "": "Where in the archive pages lie: a row for each state of an article's pages, and for the newest of each list.",
        "key": "the address, as in pages.key",
        "url": "the address as it was asked for",
        "fetched_at": "when it was fetched, UTC",
        "file_id": "the file",
        "offset": "where in the file its record begins, in bytes",
        "length": "how long the record is, compressed, in bytes",
        "kind": "what it was fetched as: article, part, channel, feed, sitemap, robots, image, fill or browser",
        "status": "HTTP status",
        "digest": "sha1 of the body as it came over the wire",
    },
    "link_positions": {
        "": "Where a link stood, from when on: rows only of links that have moved, gone or come back.",
        "link_id": "the link",
        "seen_at": "from when on, UTC",
        "position": "order within the block, from 1; null: it was gone",
    },
    "pages": {
        "": "Every address that was fetched, with its verdict: refused ones too.",
        "key": "the canonical address without its scheme",
        "url": "the address as fetched last",
        "site": "the spider that fetched it",
        "kind": "article, part, channel, feed or sitemap",
        "verdict": "pending, article, list, blocked, captcha, login, soft404, gone, redirect, empty, truncated, incomplete, video, offsite, robots or error",
        "why": "the reason in a line",
        "status": "HTTP status of the last fetch; null without an answer",
        "tries": "how often it was fetched",
        "first_seen": "when it was found, UTC",
        "fetched_at": "last fetch, UTC; null while pending",
        "found_on": "the page that linked it",
        "article_id": "the article it gave",
        "charset": "what it was decoded with",
        "size": "bytes of its body, decompressed",
        "etag": "the server's ETag",
        "last_modified": "the server's Last-Modified",
        "depth": "0: found on a list; 1: by a link of such an article's 推荐阅读 or 相关新闻; and so on",
        "number": "of a list: its place in its channel, 1 for the newest articles",
        "next_visit": "when it is asked for (again), UTC; null: never",
        "every": "of a list: minutes between two looks; follows how much was new",
        "failing_since": "first of the fetches in a row that failed, UTC; null once it answers",
        "listed": "of a list: how many articles it linked at the last look",
        "usual": "of a list: how many it usually links; what is empty is not counted in",
        "read_by": "what the page was read with: where the site's patterns change, its ETag counts no longer",
        "marker": "of a list: the key of an article in its middle; where it has gone since tells whether anything came before it",
        "marker_at": "its place on the list, from 0",
        "posted": "of a list: how many articles had come to its channel by its last look, since it was first read",
    },
    "runs": {
        "": "One row a site and run: what was asked, what came. An ingest is one row for all its sites.",
        "id": "the run's number",
        "site": "the spider; null for an ingest",
        "command": "crawl, backfill (a window of days, not compared with other runs) or ingest",
        "version": "newscrawl's version",
        "started_at": "UTC",
        "finished_at": "UTC; null while it runs; of a killed run its last sign of life",
        "seconds": "duration by a monotonic clock",
        "reason": "why it ended (finished, shutdown, storage error, killed …)",
        "exit_code": "what the command returned",
        "requests": "requests sent",
        "bytes": "bytes received",
        "new": "articles stored for the first time",
        "changed": "articles that a reader would find changed",
        "unchanged": "articles read again and the same",
        "duplicates": "addresses whose article was stored already under another",
        "refused": "pages that are no articles",
        "failed": "requests without an answer",
        "statuses": "answers by HTTP status, as a JSON object",
        "verdicts": "pages that gave no article, by verdict, as a JSON object",
        "links": "links read, by kind, as a JSON object",
        "retries": "requests that were repeated at once",
        "slowest_host": "the host whose answers took longest",
        "slowest_seconds": "how long, on average",
        "peak_memory": "bytes of memory of the whole process at most",
        "state": "green, yellow, red, or new: not enough runs to compare with",
        "message": "what is wrong, in one line; null where nothing is",
    },
    "run_fields": {
        "": "What each run read, field by field: one row a run and field.",
        "run_id": "the run",
        "field": "a column of articles, a role of bylines (reporter, editor …), images, or a kind of link block (recommended …)",
        "articles": "articles read",
        "filled": "those in which the field is there",
        "distinct_values": "different values among them",
        "median_length": "characters in the middle article; how many, for images and for the links of a kind of block",
        "rules": "which rule gave it how often, as a JSON object (site:dzwww/2018, cms:trs/body …); of a kind of block, empty: in how many articles it stands without a link",
    },
    "sketches": {
        "": "What each different text is compared by. Credits, datelines, white space and punctuation are off before.",
        "id": "the text's number",
        "version": "of the algorithm; sketches of different versions are not compared",
        "grams": "how many different sequences of four characters the text has",
        "digest": "equal for equal texts",
        "bins": "a one-permutation MinHash: a byte for each of 128 ranges of hashes",
        "keys": "the numbers that it stands under in bands, four bytes each",
        "figures": "the text's figures with the words around them, hashed, four bytes each",
    },
    "article_sketches": {
        "": "Which text an article has. An article that is not here has not been looked at: newscrawl reprints --rebuild does it.",
        "article_id": "the article",
        "sketch_id": "its text; null where that is too short to be told from others",
    },
    "bands": {
        "": "Fourteen numbers a text, under which those that share some are found.",
        "key": "the number",
        "sketch_id": "the text",
    },
    "bands_new": {
        "": "The same of the newest texts: moved to bands many at a time, which writes fewer pages.",
        "key": "the number",
        "sketch_id": "the text",
    },
    "alike": {
        "": "Which texts are reprints of each other, in whole or in part; each pair stands here both ways.",
        "sketch_id": "a text",
        "other_id": "one that is alike",
        "similarity": "Jaccard similarity of their sequences of four characters, 0 to 1",
        "containment": "share of the shorter one that is in the longer one, 0 to 1",
    },
    "clusters": {
        "": "Sets of reprints: one row a set of two articles or more.",
        "id": "the cluster's number; kept while most of its members stay together",
        "articles": "how many articles",
        "texts": "how many different texts",
        "sites": "how many sites",
        "publishers": "how many publishers",
        "origin_id": "the article that the others were most likely taken from",
        "origin_reasons": "why it, as a JSON list of lines",
        "first_published_at": "the earliest time that a member gives",
        "last_published_at": "the latest",
    },
    "cluster_members": {
        "": "Which articles are in a cluster; an article is in one at most.",
        "article_id": "the article",
        "cluster_id": "its cluster",
        "similarity": "Jaccard similarity of its text to the origin's, 0 to 1",
        "containment": "share of the shorter text that is in the longer one, 0 to 1",
    },
    "unsettled": {
        "": "Texts whose clusters have to be made anew; empty but while a batch is written.",
        "sketch_id": "the text",
    },
    "articles_fts": {
        "": "The search index (FTS5), one row an article, rowid = articles.id. It finds by MATCH and holds no text: its columns read as null. Its data lie in articles_fts_data, _idx, _docsize and _config, which are SQLite's own. newscrawl search --index fills it.",
        "title": "the words of kicker, title and subtitle: Han as overlapping pairs of characters, the last one of a run alone; Latin words and numbers whole; traditional as simplified, capitals as small letters",
        "body": "the words of body_text in the same way",
    },
    "unindexed": {
        "": "Articles that the search index is behind with: new ones, changed ones, deleted ones. Each run works it off at its end.",
        "article_id": "the article",
        "title": "kicker, title and subtitle as they are indexed, a line each: what the index has to forget; null for an article that is not in it yet",
        "body": "the body as it is indexed; null as for title",
    },
    "robots": {
        "": "robots.txt of each site as last fetched: asked for anew by the first run that finds it older than six hours.",
        "origin": "scheme and host",
        "body": "as it came; empty where there is none and all is allowed",
        "fetched_at": "when it was fetched, UTC",
    },
    "settings": {
        "": "What this database's runs are to know.",
        "name": "contact: the address that sites find in the User-Agent; health:SITE: the last run that is no longer compared with; search: the rules that the search index was made by",
        "value": "its value",
    },
}
"""What each table and column holds; the key ``""`` is the table itself."""


def _statements(script: str) -> list[str]:
    """A script's statements: each runs inside the migration's transaction, which executescript would end."""
    out, held = [], ""
    for line in script.splitlines(keepends=True):
        held += line
        if sqlite3.complete_statement(held):
            out.append(held.strip())
            held = ""
    return [statement for statement in out if statement]


@cache
def views() -> dict[str, str]:
    """The views of views.sql: their CREATE VIEW statements by name."""
    text = resources.files("newscrawl.store").joinpath("views.sql").read_text("utf-8")
    found = {}
    for statement in _statements(text):
        statement = statement[statement.index("CREATE VIEW") :].rstrip(";")
        found[statement.split()[2]] = statement
    return found


def is_current(connection: sqlite3.Connection) -> bool:
    """Whether a database has every migration and view, as they are today."""
    version = connection.execute("PRAGMA user_version").fetchone()[0]
    return bool(version == SCHEMA_VERSION) and not _stale_views(connection)


def apply(connection: sqlite3.Connection) -> None:
    """Bring a database up to date: migrations, views, application id. Runs within the caller's transaction."""
    if connection.execute("PRAGMA user_version").fetchone()[0] < SCHEMA_VERSION:
        with _without("pandas"):
            from sqlite_utils import Database, Migrations

        migrations = Migrations("newscrawl")
        for step in MIGRATIONS:
            migrations()(step)
        migrations.apply(Database(connection))
    for name, statement in _stale_views(connection).items():
        connection.execute(f"DROP VIEW IF EXISTS {name}")
        connection.execute(statement)
    connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
    connection.execute(f"PRAGMA user_version = {SCHEMA_VERSION}")


@contextmanager
def _without(name: str) -> Iterator[None]:
    """A module kept from being imported by others for a while: sqlite-utils takes pandas along wherever it is installed, for its
    own commands, which would be a third of a second and 70 MB for each new database.
    """
    if name in sys.modules:
        yield
        return
    sys.modules[name] = None  # type: ignore[assignment]
    try:
        yield
    finally:
        del sys.modules[name]


def _stale_views(connection: sqlite3.Connection) -> dict[str, str]:
    """Views that are missing or differ from views.sql, with the statements that make them."""
    have = dict(connection.execute("SELECT name, sql FROM sqlite_master WHERE type = 'view'").fetchall())
    return {name: statement for name, statement in views().items() if have.get(name) != statement}
