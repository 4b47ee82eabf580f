"""The web site's server: who is answered, what a browser may do with an answer, what a reader sees of errors."""

import asyncio
import os
import re
import shutil
import signal
import sqlite3
import subprocess
import sys
from contextlib import closing

import httpx
import pytest
from click.testing import CliRunner

from newscrawl.cli import main
from newscrawl.cli.serve import make_current
from newscrawl.web import NAVIGATION, PAGES, policy, server


@pytest.fixture(scope="module")
def site(sample_database):
    return server.site(sample_database)


def get(site, address, **more):
    return asyncio.run(site.client.get(address, **more))


def test_every_answer_carries_the_policy(site):
    for address in ("/", "/nothing/here", "/newscrawl", "/newscrawl/articles", "/newscrawl/articles.json", "/-/static/app.css"):
        headers = get(site, address).headers
        assert "default-src 'none'; script-src 'self';" in headers["content-security-policy"], address
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "no-referrer"


def test_what_does_not_change_is_not_asked_for_at_each_click(site):
    for address in ("/-/static/app.css", "/-/static-plugins/newscrawl.web/newsroom.css", "/-/charts.css"):
        assert get(site, address).headers["cache-control"] == "max-age=600", address
    assert "max-age=600" not in get(site, "/").headers.get("cache-control", "")


def test_scripts_in_the_page_never_run_and_only_tables_have_styles_in_the_page():
    for address in ("/", "/article/7", "/search", "/newscrawl", "/newscrawl/articles"):
        found = policy.content_policy(address, b"")
        assert "unsafe-inline" not in re.search(r"script-src ([^;]*)", found)[1]
        assert "unsafe-eval" not in found
    assert "unsafe-inline" not in policy.content_policy("/article/7", b"")
    assert "unsafe-inline" not in policy.content_policy("/source/newscrawl", b"")
    assert "'unsafe-inline'" in re.search(r"style-src ([^;]*)", policy.content_policy("/newscrawl/articles", b""))[1]


@pytest.mark.parametrize(
    ("address", "query", "allowed"),
    [
        ("/article/7", b"", False),
        ("/article/7", b"images=site", True),
        ("/article/7", b"x=images=site", False),
        ("/search", b"images=site", False),
        ("/newscrawl/articles", b"images=site", False),
    ],
)
def test_images_of_sites_are_loaded_only_where_they_are_asked_for(address, query, allowed):
    images = re.search(r"img-src ([^;]*)", policy.content_policy(address, query))[1].split()
    assert ("https:" in images) is allowed
    assert "'self'" in images


def test_an_archived_page_is_shut_in():
    found = policy.content_policy("/article/7/raw/page", b"")
    assert found.startswith("sandbox; default-src 'none'")
    assert "script" not in found


def test_foreign_names_are_refused(site):
    refused = get(site, "/", headers={"host": "evil.example"})
    assert refused.status_code == 421
    assert "evil.example" in refused.text
    assert "<" not in refused.text
    for name in ("localhost", "127.0.0.1:8001", "[::1]:8001", "LOCALHOST"):
        assert get(site, "/", headers={"host": name}).status_code == 200, name


def test_a_name_that_was_given_is_answered(sample_database):
    site = server.site(sample_database, hosts=("news.lan",))
    assert get(site, "/", headers={"host": "news.lan:8001"}).status_code == 200
    assert get(site, "/", headers={"host": "other.lan"}).status_code == 421


def test_errors_are_pages_that_say_what_happened(site, capfd):
    answer = get(site, "/nothing<script>here", follow_redirects=True)
    assert answer.status_code == 404
    assert "There is no page" in answer.text
    assert "<script>here" not in answer.text
    assert get(site, "/nothing.json").json()["status"] == 404
    # A 404 is nobody's fault: the terminal stays quiet.
    assert capfd.readouterr().err == ""
    answer = get(site, "/newscrawl?sql=select+nonsense")
    assert answer.status_code == 400
    assert "no such column: nonsense" in answer.text


@pytest.mark.parametrize(
    "sql",
    [
        "DELETE FROM articles",
        "INSERT INTO sites (name) VALUES ('x')",
        "UPDATE articles SET title = 'x'",
        "DROP TABLE articles",
        "PRAGMA user_version = 99",
        "ATTACH 'other.db' AS other",
        "VACUUM INTO '/tmp/copy.db'",
        "WITH x AS (SELECT 1) DELETE FROM articles",
        "SELECT load_extension('x')",
        "SELECT writefile('/tmp/x', 'y')",
    ],
)
def test_writes_are_refused(site, sample_database, sql):
    with sqlite3.connect(sample_database) as connection:
        before = list(connection.execute("SELECT count(*), max(title) FROM articles"))
    for answer in (
        get(site, "/newscrawl.json", params={"sql": sql}),
        asyncio.run(site.client.post("/newscrawl", data={"sql": sql})),
    ):
        assert answer.status_code in (400, 403, 405), answer.text
    with sqlite3.connect(sample_database) as connection:
        assert list(connection.execute("SELECT count(*), max(title) FROM articles")) == before
        assert connection.execute("PRAGMA user_version").fetchone()[0] < 99


def test_the_navigation_leads_to_pages(site):
    for address, label in NAVIGATION:
        answer = get(site, address)
        assert answer.status_code == 200, address
        assert f'<a href="{address}" aria-current="page">{label}</a>' in answer.text
    assert all(module.ROUTES for module in PAGES)


def test_a_database_that_nothing_can_be_written_beside(sample_database, tmp_path):
    """As on a read-only share: WAL needs files beside it, so that the file is read as it lies."""
    folder = tmp_path / "share"
    folder.mkdir()
    mounted = os.geteuid() == 0
    if mounted and subprocess.run(["mount", "-t", "tmpfs", "-o", "size=64m", "tmpfs", folder], capture_output=True).returncode:
        pytest.skip("no right to mount a file system here, and root may write anywhere")
    try:
        with closing(sqlite3.connect(sample_database)) as source, closing(sqlite3.connect(folder / "news.db")) as target:
            source.backup(target)
        if mounted:
            subprocess.run(["mount", "-o", "remount,ro", folder], check=True)
        else:
            folder.chmod(0o500)
        make_current(folder / "news.db")
        shared = server.site(folder / "news.db")
        assert get(shared, "/").status_code == 200
        assert get(shared, "/newscrawl/articles.json").json()["filtered_table_rows_count"] == 75
        for database in shared.databases.values():
            database.close()
    finally:
        if mounted:
            subprocess.run(["umount", "-l", folder], check=True)
        else:
            folder.chmod(0o700)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (None, "no such database"),
        (b"not a database, whatever it says " * 40, "is not a SQLite database"),
        ("other", "another program"),
    ],
)
def test_serve_refuses_what_is_no_database_of_ours(tmp_path, content, said):
    file = tmp_path / "x.db"
    if content == "other":
        with sqlite3.connect(file) as connection:
            connection.execute("CREATE TABLE t (x)")
    elif content is not None:
        file.write_bytes(content)
    before = file.read_bytes() if file.exists() else None
    done = CliRunner().invoke(main, ["serve", "--port", "0", "--db", str(file)])
    assert done.exit_code == 2
    assert said in done.output
    assert (file.read_bytes() if file.exists() else None) == before


def test_serve_says_where_and_ends_with_ctrl_c(sample_database, tmp_path):
    shutil.copy(sample_database, tmp_path / "news.db")
    command = [sys.executable, "-m", "newscrawl", "serve", "--port", "0", "--db", "news.db"]
    process = subprocess.Popen(command, cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    try:
        line = process.stdout.readline()
        address = re.search(r"http://127\.0\.0\.1:\d+/", line)[0]
        assert line.startswith("news.db is on http://127.0.0.1:")
        assert "newscrawl" in httpx.get(address, trust_env=False).text
        taken = CliRunner().invoke(
            main, ["serve", "--port", address.split(":")[-1].strip("/"), "--db", str(tmp_path / "news.db")]
        )
        assert taken.exit_code == 2
        assert "already in use. Name another port with --port." in taken.output
        process.send_signal(signal.SIGINT)
        _, err = process.communicate(timeout=20)
    finally:
        process.kill()
        process.wait()
    assert process.returncode == 0
    assert err == ""
