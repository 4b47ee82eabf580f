"""The documentation held to the code: its commands run, its answers are the database's, its tables are the code's.

A file is followed from top to bottom in a folder of its own, as its reader would follow it:

- ``console``: each line after ``$ `` is run by bash. It must end with 0, or as ``# exit 2`` behind it says. Each line
  below it must be printed; ``…`` stands for anything, and times, durations and sizes may differ.
- ``sql``: its answer must be the Markdown table that follows.
- ``python``: is run; a first line ``# name.py`` is the file it is kept in, a ``text`` block after it is what it prints.
- ``sh`` and all others: only their newscrawl options are looked at.

The notebook's cells are run on the database that docs/analysts.md ends with, and must show what is saved in it.

``python tests/test_docs.py`` writes anew what can be: the answers of docs/analysts.md, its data dictionary, the notebook's
outputs, docs/sites.md.
"""

import ast
import dataclasses
import inspect
import json
import os
import re
import shlex
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import forks
import lxml.html
import pytest
from scrapy.utils.project import get_project_settings

from newscrawl import __version__, cli, fixtures, ingest, samplesite, settings, verdict
from newscrawl.extract.rules import Layout
from newscrawl.spider import NewsSpider, SiteLoader
from newscrawl.store import schema
from newscrawl.store.writer import connect

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "newscrawl"
FILES = [ROOT / "README.md", ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").glob("*.md"))]
DATABASES = {"README.md": "data/demo.db"}
"""What a file's SQL is asked of; data/newscrawl.db where nothing is said."""

SAMPLE_SITE = "http://127.0.0.1:8800"
"""Where the documentation has the sample site; the tests have it elsewhere."""

CLOSED = "http://127.0.0.1:9"
"""Nothing may leave the machine: until a file says otherwise, requests go to a closed port."""


# -- reading Markdown


@dataclass
class Block:
    """A fenced block. ``line`` is that of its fence; ``table`` is the table that follows it, headings first."""

    file: Path
    line: int
    language: str
    lines: list[str] = dataclasses.field(default_factory=list)
    table: list[list[str]] = dataclasses.field(default_factory=list)

    @property
    def place(self) -> str:
        return f"{self.file.relative_to(ROOT)}:{self.line}"


def read(path: Path) -> tuple[list[Block], list[str]]:
    """A file's fenced blocks, and its other lines (an empty one for each line in a block)."""
    blocks: list[Block] = []
    prose: list[str] = []
    block: Block | None = None
    seen_text = False
    for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
        if block is not None:
            prose.append("")
            if line.startswith("```"):
                block, seen_text = None, False
            else:
                block.lines.append(line)
            continue
        if line.startswith("```"):
            block = Block(path, number, line[3:].strip())
            blocks.append(block)
            prose.append("")
            continue
        prose.append(line)
        if blocks and line.startswith("|") and not seen_text:
            blocks[-1].table.append(cells(line))
        elif line.strip():
            seen_text = True
    assert block is None, f"{path.name}: a block that does not end"
    return blocks, prose


def cells(line: str) -> list[str]:
    """A table row's cells."""
    return [cell.strip().replace("\\|", "|") for cell in re.split(r"(?<!\\)\|", line.strip().strip("|"))]


def table(path: Path, heading: str) -> list[list[str]]:
    """The first table below a heading, its rows without the rule."""
    _, prose = read(path)
    start = next(n for n, line in enumerate(prose) if re.fullmatch(rf"#+ {re.escape(heading)}", line))
    rows: list[list[str]] = []
    for line in prose[start + 1 :]:
        if line.startswith("|"):
            rows.append(cells(line))
        elif rows or line.startswith("#"):
            break
    assert rows, f"{path.name}: no table below {heading!r}"
    return [row for row in rows if not set("".join(row)) <= set(":- ")]


def names(path: Path, heading: str) -> list[str]:
    """The first column of a table, without its heading and back-ticks."""
    return [row[0].strip("`") for row in table(path, heading)[1:]]


# -- following a file


class Reader:
    """Follows one file in a folder of its own, with the sample site behind a proxy."""

    def __init__(self, folder: Path, base: str) -> None:
        self.folder, self.base = folder, base
        (folder / ".venv").symlink_to(sys.prefix)
        (folder / "data").mkdir()
        (folder / "data" / "sample").symlink_to(ROOT / "data" / "sample")
        shutil.copy(ROOT / "scrapy.cfg", folder)
        self.environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith(("NEWSCRAWL_", "SCRAPY_"))},
            "PATH": f"{Path(sys.prefix) / 'bin'}{os.pathsep}{os.environ['PATH']}",
            "PYTHONPATH": str(ROOT),
            "http_proxy": CLOSED,
            "https_proxy": CLOSED,
            "no_proxy": "",
            "TZ": "UTC",
            "NEWSCRAWL_READERS": "0",
        }

    def follow(self, path: Path) -> None:
        blocks, _ = read(path)
        for number, block in enumerate(blocks):
            if block.language == "console":
                self.console(block)
            elif block.language == "sql":
                self.ask(block, DATABASES.get(path.name, "data/newscrawl.db"))
            elif block.language == "python":
                after = blocks[number + 1] if number + 1 < len(blocks) else None
                self.python(block, after if after is not None and after.language == "text" else None)

    def console(self, block: Block) -> None:
        for command, expected in commands(block):
            if export := re.fullmatch(r"export (\w+)=(\S+)", command):
                self.environment[export[1]] = export[2].replace(SAMPLE_SITE, self.base)
                continue
            if command == "newscrawl sample-site":
                self.serve(block, expected)
                continue
            exits = re.search(r"#\s*exit (\d+)$", command)
            program = re.match(r"(?:\w+=\S+ )*(\S+)", command)[1]
            if program in ("sqlite3", "flock") and shutil.which(program) is None:
                continue
            if command == "make demo":
                assert "demo: install\n\t@$(BIN)/newscrawl demo\n" in (ROOT / "Makefile").read_text("utf-8")
                command = ".venv/bin/newscrawl demo"
            done = self.run(command.replace(SAMPLE_SITE, self.base))
            said = done.stdout + done.stderr
            code = done.returncode if done.returncode >= 0 else 128 - done.returncode
            assert code == int(exits[1] if exits else 0), f"{block.place}: {command}\n{said}"
            printed = [normal(line) for line in said.splitlines()]
            for line in expected:
                found = pattern(line)
                assert any(found.fullmatch(other) for other in printed), f"{block.place}: not printed: {line}\n{said}"

    def run(self, command: str) -> subprocess.CompletedProcess:
        """Run a command line; what needs no shell is spared the imports, see `forks`."""
        plain = _PLAIN.fullmatch(command)
        if plain is None:
            words = ["bash", "-c", command]
            return subprocess.run(words, cwd=self.folder, env=self.environment, capture_output=True, text=True, timeout=60)
        return forks.run(
            shlex.split(plain["words"]),
            program=plain["program"].replace("-", "_"),
            script=True,
            env={**self.environment, **dict(pair.split("=", 1) for pair in plain["variables"].split())},
            cwd=self.folder / (plain["folder"] or ""),
            timeout=60,
        )

    def serve(self, block: Block, expected: list[str]) -> None:
        """The sample site itself, on a free port, for as long as it takes to read what it says."""
        command = [sys.executable, "-m", "newscrawl", "sample-site", "--port", "0"]
        with subprocess.Popen(command, cwd=self.folder, env=self.environment, stdout=subprocess.PIPE, text=True) as process:
            try:
                for line in expected:
                    printed = process.stdout.readline()
                    assert pattern(line).fullmatch(normal(printed)), f"{block.place}: printed instead: {printed}"
            finally:
                process.terminate()

    def ask(self, block: Block, database: str) -> None:
        found = answer("\n".join(block.lines), self.folder / database)
        expected = [row for row in block.table if not set("".join(row)) <= set(":- ")]
        assert found == expected, f"{block.place}: the answer is\n{as_table(found)}"

    def python(self, block: Block, output: Block | None) -> None:
        first = re.fullmatch(r"# (\w+\.py)", block.lines[0])
        script = self.folder / (first[1] if first else "example.py")
        script.write_text("\n".join(block.lines) + "\n", "utf-8")
        done = subprocess.run(
            [sys.executable, script], cwd=self.folder, env=self.environment, capture_output=True, text=True, timeout=60
        )
        assert done.returncode == 0, f"{block.place}:\n{done.stderr}"
        if output is not None:
            assert done.stdout.splitlines() == output.lines, f"{block.place} prints\n{done.stdout}"


_PLAIN = re.compile(
    r"""(?:cd\ (?P<folder>[\w/-]+)\ &&\ )? (?P<variables>(?:\w+=\S+\ )*) (?P<program>newscrawl|scrapy|sqlite-utils)\s
    (?P<words>(?:[^\s"#|&;<>()$`\\*?~]|"[^"$`\\]*"|\s)+) (?:\#.*)?""",
    re.X,
)
"""A command in which a shell has nothing to do but to part its words."""


def commands(block: Block) -> Iterator[tuple[str, list[str]]]:
    """A console block's commands, each with the lines that it shall print."""
    command, expected = "", []
    for line in block.lines:
        if line.startswith("$ "):
            if command:
                yield command, expected
            command, expected = line[2:], []
        elif command.endswith("\\"):
            command = f"{command[:-1]} {line.strip()}"
        elif line.strip() and line.strip() != "…":
            expected.append(line)
    if command:
        yield command, expected


_DIFFERS = [
    (re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+00:00"), "<time>"),
    (re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d$"), "<time>"),
    (re.compile(r"\b\d+\.\d s\b|\b\d+\.\d seconds\b"), "<duration>"),
    (re.compile(r"\b\d+\.\d [kMG]?B\b"), "<size>"),
    (re.compile(r"127\.0\.0\.1:\d+"), "<port>"),
    (re.compile(r"\s+"), " "),
]


def normal(line: str) -> str:
    """A line without what differs from run to run."""
    line = line.strip()
    for what, name in _DIFFERS:
        line = what.sub(name, line)
    return line


def pattern(line: str) -> re.Pattern[str]:
    return re.compile(".*".join(re.escape(part) for part in normal(line).split("…")))


def answer(sql: str, database: Path) -> list[list[str]]:
    """A query's answer as the cells of a table, headings first."""
    connection = sqlite3.connect(f"file:{database}?mode=ro", uri=True)
    try:
        cursor = connection.execute(sql)
        found = [[column[0] for column in cursor.description]]
        return found + [["" if value is None else str(value) for value in row] for row in cursor]
    finally:
        connection.close()


def as_table(rows: list[list[str]]) -> str:
    lines = ["| " + " | ".join(cell.replace("|", "\\|") for cell in row) + " |" for row in rows]
    return "\n".join([lines[0], "|" + "---|" * len(rows[0]), *lines[1:]])


def follow(path: Path, folder: Path) -> Path:
    """Follow a file in a folder; gives the folder, as it is then."""
    with samplesite.running(samplesite.SampleSite()) as base:
        Reader(folder, base).follow(path)
    return folder


@pytest.fixture(scope="module")
def followed(tmp_path_factory):
    """All files, each by a reader of its own, two at the same time: some of their commands wait."""
    with ThreadPoolExecutor(2) as readers:
        yield {path: readers.submit(follow, path, tmp_path_factory.mktemp(path.stem.lower())) for path in FILES}


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_what_is_written_works(path, followed):
    followed[path].result()


# -- the notebook

NOTEBOOK = ROOT / "docs" / "newsroom.ipynb"


def shown(notebook: dict, database: Path) -> dict[str, dict[str, list[str]]]:
    """What each cell that ends in an expression shows, by its id: as text, and as HTML where it has some. Jupyter does the same."""
    outputs = {}
    names: dict[str, object] = {}
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("NEWSCRAWL_DB", str(database))
        for cell in notebook["cells"]:
            if cell["cell_type"] != "code":
                continue
            tree = ast.parse("".join(cell["source"]))
            last = tree.body.pop() if isinstance(tree.body[-1], ast.Expr) else None
            exec(compile(tree, cell["id"], "exec"), names)
            if last is None:
                continue
            value = eval(compile(ast.Expression(last.value), cell["id"], "eval"), names)
            data = {"text/html": value._repr_html_()} if hasattr(value, "_repr_html_") else {}
            data["text/plain"] = repr(value)
            outputs[cell["id"]] = {kind: text.splitlines(keepends=True) for kind, text in data.items()}
    names["connection"].close()
    return outputs


def saved(notebook: dict) -> dict[str, dict[str, list[str]]]:
    """What each cell shows as it is saved."""
    return {cell["id"]: cell["outputs"][0]["data"] for cell in notebook["cells"] if cell.get("outputs")}


def table_of(data: dict[str, list[str]]) -> list[list[str]]:
    """A shown table row by row. What is not there is called NaN or None, as pandas' version has it: here it is empty."""
    rows = lxml.html.fromstring("".join(data["text/html"])).iter("tr")
    return [["" if cell.text in ("NaN", "None") else cell.text_content() for cell in row] for row in rows]


def test_the_notebook_shows_what_is_saved_in_it(followed):
    pytest.importorskip("pandas")
    text = NOTEBOOK.read_text("utf-8")
    assert not re.search(r"\\u[0-9a-f]{4}", text)
    notebook = json.loads(text)
    before, found = saved(notebook), shown(notebook, followed[ANALYSTS].result() / "data" / "newscrawl.db")
    assert list(found) == list(before)
    for name, data in before.items():
        # A chart is saved as its picture, which is drawn where matplotlib is.
        if "image/png" not in data:
            assert table_of(found[name]) == table_of(data), f"{name}: python tests/test_docs.py writes it anew"


# -- options, links


def code(path: Path) -> Iterator[str]:
    """Every line of code in a file: of its blocks, and between its back-ticks."""
    blocks, prose = read(path)
    for block in blocks:
        if block.language in ("console", "sh"):
            yield from block.lines
    for line in prose:
        yield from re.findall(r"`([^`]+)`", line)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_every_command_and_option_that_is_named_exists(path):
    for line in code(path):
        for name, rest in re.findall(r"(?<![\w./-])(?:[\w/.-]+/)?newscrawl ([a-z][a-z-]+)\b([^|#&>)]*)", line):
            command = cli.main.commands.get(name)
            assert command is not None, f"{path.name}: {line}"
            known = {option for each in command.params for option in (*each.opts, *each.secondary_opts)} | {"--help", "-h"}
            for option in re.findall(r"(?<=\s)--?[a-zA-Z][\w-]*", rest):
                assert option in known, f"{path.name}: {line}"


def anchors(path: Path) -> set[str]:
    _, prose = read(path)
    found = set()
    for line in prose:
        if heading := re.fullmatch(r"#+ (.+)", line):
            text = re.sub(r"[`*_]|\[|\]\([^)]*\)", "", heading[1]).lower()
            found.add(re.sub(r"[^\w\- ]", "", text).replace(" ", "-"))
    return found


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_every_link_leads_somewhere(path):
    _, prose = read(path)
    for target in re.findall(r"\]\(([^)\s]+)\)", "\n".join(prose)):
        if re.match(r"https?:", target):
            continue
        name, _, anchor = target.partition("#")
        to = (path.parent / name).resolve() if name else path
        assert to.exists(), f"{path.name}: {target}"
        if anchor:
            assert anchor in anchors(to), f"{path.name}: {target}: one of {sorted(anchors(to))}"


def test_the_readme_leads_to_every_page():
    text = (ROOT / "README.md").read_text("utf-8")
    for path in FILES[1:]:
        assert f"({path.relative_to(ROOT)}" in text, path.name


def test_chinese_stays_chinese():
    for path in FILES:
        assert not re.search(r"\\u[0-9a-f]{4}|&#x?[0-9a-f]+;", path.read_text("utf-8")), path.name


def test_the_changelog_has_this_version():
    headings = re.findall(r"^## \[?([\w.]+)\]?", (ROOT / "CHANGELOG.md").read_text("utf-8"), re.M)
    assert headings[0] == "Unreleased"
    assert __version__ in headings


# -- tables that the code has too

ANALYSTS, CRAWLING, SPIDERS, DESIGN = (ROOT / "docs" / f"{name}.md" for name in ("analysts", "crawling", "spiders", "design"))
BEGIN, END = "<!-- the data dictionary: made by tests/test_docs.py -->", "<!-- the data dictionary ends -->"


def dictionary() -> str:
    """The data dictionary in Markdown, out of the descriptions that the code keeps."""
    parts = []
    for name, columns in schema.DESCRIPTIONS.items():
        parts += [f"### {name}", "", columns[""], "", "| column | what it holds |", "|---|---|"]
        parts += [f"| `{column}` | {text.replace('|', chr(92) + '|')} |" for column, text in columns.items() if column]
        parts.append("")
    return "\n".join(parts)


def test_the_data_dictionary_is_the_schema(tmp_path):
    text = ANALYSTS.read_text("utf-8")
    written = text.partition(BEGIN)[2].partition(END)[0]
    assert written.strip() == dictionary().strip(), "python tests/test_docs.py writes it anew"
    connection = connect(tmp_path / "news.db")
    try:
        for name, columns in schema.DESCRIPTIONS.items():
            have = [row[1] for row in connection.execute(f"PRAGMA table_info({name})")]
            assert have == [column for column in columns if column], name
    finally:
        connection.close()


def test_every_view_is_described_with_its_columns(tmp_path):
    connection = connect(tmp_path / "news.db")
    try:
        views = {
            name: [column[0] for column in connection.execute(f"SELECT * FROM {name}").description] for name in schema.views()
        }
    finally:
        connection.close()
    rows = table(ANALYSTS, "The views")[1:]
    assert {row[0].strip("`"): re.findall(r"`(\w+)`", row[2]) for row in rows} == views
    assert all(row[1].endswith("?") for row in rows)


def written_defaults(path: Path, heading: str, column: int) -> dict[str, object]:
    """Names of a table with the values that it writes as code."""
    rows = table(path, heading)[1:]
    return {row[0].strip("`"): ast.literal_eval(row[column].strip("`")) for row in rows if row[column].startswith("`")}


def test_the_attributes_of_a_spider():
    known = [name for name, kind in inspect.get_annotations(NewsSpider).items() if str(kind).startswith("ClassVar")]
    assert sorted(names(SPIDERS, "What a site file may say")) == sorted(["name", *known])
    for name, value in written_defaults(SPIDERS, "What a site file may say", 1).items():
        assert getattr(NewsSpider, name) == value, name


def test_the_fields_of_a_layout():
    assert sorted(names(SPIDERS, "What a layout may say")) == sorted(each.name for each in dataclasses.fields(Layout))


def test_the_words_of_a_verdict():
    # Words of the store: found but not fetched yet, and the old address of what moved.
    assert sorted(names(SPIDERS, "Verdicts")) == sorted([*verdict.WORDS, "pending", "redirect"])
    package = "\n".join(path.read_text("utf-8") for path in PACKAGE.rglob("*.py"))
    given = set(re.findall(r"verdict(?:, visit\.why)? ?= ?\"(\w+)\"", package))
    assert {"robots", "offsite", "incomplete"} <= given <= set(names(SPIDERS, "Verdicts"))


def test_the_row_of_a_manifest():
    source = inspect.getsource(ingest._manifest)
    known = set(re.findall(r"row\[\"(\w+)\"\]|row\.get\(\"(\w+)\"\)|_text\(row, \"(\w+)\"\)", source))
    assert sorted(names(SPIDERS, "Saved pages and manifests")) == sorted({name for found in known for name in found if name})


def test_the_settings():
    for name, value in written_defaults(CRAWLING, "Politeness", 1).items():
        assert getattr(settings, name) == value, name


def test_the_picture_of_the_tree_is_the_tree():
    blocks, _ = read(DESIGN)
    lines = next(block.lines for block in blocks if block.lines and block.lines[0] == "newscrawl/")
    stack: list[tuple[int, Path]] = []
    listed = []
    for line in lines:
        name, _, about = line.strip().partition(" ")
        depth = len(line) - len(line.lstrip())
        while stack and stack[-1][0] >= depth:
            stack.pop()
        path = (stack[-1][1] if stack else Path()) / name
        assert about.strip() or not stack, f"nothing said of {path}"
        if name.endswith("/"):
            stack.append((depth, path))
            path /= "__init__.py"
        listed.append(path.as_posix())
    # Site files are listed in docs/sites.md.
    site_files = {path for path in (PACKAGE / "spiders").glob("*.py") if path.name != "__init__.py"}
    have = [
        path.relative_to(ROOT).as_posix()
        for path in PACKAGE.rglob("*")
        if path.suffix in (".py", ".sql") and path not in site_files and path.parent.name != "saved"
    ]
    # Folders of templates, of what a browser loads and of saved queries are listed as such.
    others = {"templates", "static", "saved"}
    assert sorted(path for path in listed if Path(path).parent.name not in others) == sorted(have)
    assert {Path(path).parent.name for path in listed} >= others


REGIONS = (
    "北京 天津 河北 山西 内蒙古 辽宁 吉林 黑龙江 上海 江苏 浙江 安徽 福建 江西 山东 河南 湖北 湖南 广东 广西 海南 重庆 四川 贵州 云南 西藏 陕西 甘肃 青海 宁夏 新疆"
).split()
"""The mainland's provinces in their official order."""


def site_list() -> str:
    """docs/sites.md: every site by region, out of the site files."""
    sites = SiteLoader.of(get_project_settings()).sites.values()
    known = {fixture.site: 0 for fixture in fixtures.all_of(ROOT / "tests" / "sites")}
    for fixture in fixtures.all_of(ROOT / "tests" / "sites"):
        known[fixture.site] += 1
    verified = sum(not spider.status.startswith("unverified") for spider in sites)
    lines = [
        "# The sites",
        "",
        "Made by `python tests/test_docs.py` out of the site files in `newscrawl/spiders/`; a test compares.",
        "",
        f"{len(sites)} sites in {len({spider.region for spider in sites})} regions of China. {verified} of them are verified.",
        "",
        "**Unverified** means: nobody has yet run the site file against the live site. What it says comes from where its last column says,",
        "and its test reads pages that were written in the markup that is known, not pages of the site. `newscrawl verify NAME` fetches a",
        "handful of pages, shows which fields came from which layer, and records it. Where no family is named, the layers below the site's",
        "own rules read it: page metadata and the generic layer.",
        "",
        "`newscrawl crawl 山东` crawls a region, `newscrawl crawl weihai` one site.",
    ]
    for region in REGIONS:
        of_region = sorted((s for s in sites if s.region == region), key=lambda s: (s.city or "", s.name))
        lines += [
            "",
            f"## {region}",
            "",
            "| name | site | city | home | CMS family | lists | pages on file | status | what is known |",
        ]
        lines.append("|---|---|---|---|---|---|---|---|---|")
        for spider in of_region:
            about = " ".join((spider.__doc__ or "").split()).replace("|", "\\|").replace("``", "`")
            lists = str(len(spider.channels)) if spider.channels else "by the front page"
            cells = (
                f"`{spider.name}`", spider.title, spider.city or "", spider.home, ", ".join(spider.family) or "none known", lists,
                str(known.get(spider.name, 0)), spider.status, about,
            )  # fmt: skip
            lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines) + "\n"


def test_the_list_of_sites_is_the_site_files():
    assert (ROOT / "docs" / "sites.md").read_text("utf-8") == site_list(), "python tests/test_docs.py writes it anew"


def test_every_region_has_a_provincial_site_and_a_citys():
    sites = SiteLoader.of(get_project_settings()).sites.values()
    assert {spider.region for spider in sites} == set(REGIONS)
    for region in REGIONS:
        of_region = [spider for spider in sites if spider.region == region]
        assert len(of_region) >= 2, region


def write_answers(database: Path) -> None:
    """Write the cookbook's answers and the notebook's outputs anew."""
    text = re.sub(
        r"```sql\n(.*?)```\n\n((?:\|[^\n]*\n)*)",
        lambda block: f"```sql\n{block[1]}```\n\n{as_table(answer(block[1], database))}\n{'' if block[2] else chr(10)}",
        ANALYSTS.read_text("utf-8"),
        flags=re.S,
    )
    ANALYSTS.write_text(text, "utf-8")
    notebook = json.loads(NOTEBOOK.read_text("utf-8"))
    found, before = shown(notebook, database), saved(notebook)
    for number, cell in enumerate((cell for cell in notebook["cells"] if cell["cell_type"] == "code"), 1):
        cell["execution_count"] = number
        if "image/png" in before.get(cell["id"], {}):
            continue
        cell["outputs"] = (
            [{"output_type": "execute_result", "execution_count": number, "metadata": {}, "data": found[cell["id"]]}]
            if cell["id"] in found
            else []
        )
    NOTEBOOK.write_text(json.dumps(notebook, ensure_ascii=False, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    before, _, rest = ANALYSTS.read_text("utf-8").partition(BEGIN)
    after = rest.partition(END)[2]
    ANALYSTS.write_text(f"{before}{BEGIN}\n\n{dictionary()}\n{END}{after}", "utf-8")
    print(f"{ANALYSTS.relative_to(ROOT)}: the data dictionary is written")
    (ROOT / "docs" / "sites.md").write_text(site_list(), "utf-8")
    print("docs/sites.md: the list of sites is written")
    with tempfile.TemporaryDirectory() as scratch, samplesite.running(samplesite.SampleSite()) as base:
        # The first console block of docs/analysts.md makes the sample that its answers are of.
        Reader(Path(scratch), base).console(next(block for block in read(ANALYSTS)[0] if block.language == "console"))
        write_answers(Path(scratch) / "data" / "newscrawl.db")
    print("docs: the answers and the notebook's outputs are written")
