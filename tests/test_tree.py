"""The shape of the code, held by tests: what must not exist does not."""

import ast
import re
from pathlib import Path

import pytest

import newscrawl

ROOT = Path(newscrawl.__file__).parent
MODULES = sorted(ROOT.rglob("*.py"))
SQL = re.compile(
    r"^\s*(SELECT\s.+\sFROM|INSERT\s+(OR\s+\w+\s+)?INTO|UPDATE\s+\w+\s+SET|DELETE\s+FROM|CREATE\s+(TABLE|VIEW|INDEX)|PRAGMA)\s?",
    re.S,
)
PURE = [
    path
    for path in MODULES
    if path.parent.name in ("extract", "cms")
    or (
        path.parent == ROOT
        and path.name
        in (
            "verdict.py",
            "fingerprint.py",
            "discovery.py",
            "feeds.py",
            "timetable.py",
            "health.py",
            "sketch.py",
            "addresses.py",
            "bigrams.py",
            "charts.py",
            "coverage.py",
        )
    )
]
DOING_IO = {
    "os",
    "socket",
    "sqlite3",
    "pathlib",
    "subprocess",
    "asyncio",
    "urllib.request",
    "http",
    "requests",
    "shutil",
    "tempfile",
    "logging",
}


def name(path):
    return str(path.relative_to(ROOT))


def tree(path):
    return ast.parse(path.read_text("utf-8"))


def imports(path):
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module


@pytest.mark.parametrize("path", MODULES, ids=name)
def test_no_dumping_grounds(path):
    assert path.stem not in ("utils", "util", "helpers", "common", "misc", "base")


@pytest.mark.parametrize("path", MODULES, ids=name)
def test_every_module_says_what_it_is(path):
    found = ast.get_docstring(tree(path))
    if path.parent.name == "spiders" and path.name != "__init__.py":
        # A site file is its class.
        found = next(ast.get_docstring(node) for node in tree(path).body if isinstance(node, ast.ClassDef))
    assert found


@pytest.mark.parametrize("path", [path for path in MODULES if path.parent.name != "store"], ids=name)
def test_sql_lives_in_the_store(path):
    lines = [
        node.lineno
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and SQL.match(node.value)
    ]
    assert lines == []


@pytest.mark.parametrize("path", PURE, ids=name)
def test_reading_a_page_does_no_io(path):
    assert DOING_IO.isdisjoint(module.split(".")[0] if module != "urllib.request" else module for module in imports(path))
    calls = [node.func.id for node in ast.walk(tree(path)) if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)]
    assert "open" not in calls
    assert "print" not in calls


@pytest.mark.parametrize("path", MODULES, ids=name)
def test_the_layers_point_one_way(path):
    """Extraction knows nothing of the store, of Scrapy or of the command line."""
    if path in PURE:
        forbidden = (
            "newscrawl.store",
            "newscrawl.spider",
            "newscrawl.pipelines",
            "newscrawl.cli",
            "newscrawl.run",
            "newscrawl.loaders",
            "scrapy",
        )
        assert [module for module in imports(path) if module.startswith(forbidden)] == []
    if path.parent.name == "store":
        assert [
            module for module in imports(path) if module.startswith(("scrapy", "newscrawl.extract", "newscrawl.spider"))
        ] == []


@pytest.mark.parametrize(
    "path", [path for path in MODULES if path.parent.name == "spiders" and path.name != "__init__.py"], ids=name
)
def test_a_site_file_is_data(path):
    found = tree(path)
    classes = [node for node in found.body if isinstance(node, ast.ClassDef)]
    assert classes
    for node in classes:
        assert [base.id for base in node.bases if isinstance(base, ast.Name)] == ["NewsSpider"]
    assert len(path.read_text("utf-8").splitlines()) <= 60


def test_robots_are_never_switched_off():
    for path in MODULES:
        text = path.read_text("utf-8")
        assert not re.search(r"ROBOTSTXT_OBEY[\"']?\s*[:=,]\s*False", text), name(path)


def test_nothing_of_the_shelf_is_in_the_package():
    for path in MODULES:
        assert "../shared" not in path.read_text("utf-8"), name(path)
