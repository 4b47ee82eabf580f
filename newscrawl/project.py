"""A Scrapy project of a user's own: where its site files and fixtures are, found by its scrapy.cfg, or begun anew."""

from __future__ import annotations

import importlib
import importlib.util
import os
import re
import sys
from configparser import ConfigParser, Error
from dataclasses import dataclass, field
from pathlib import Path

from scrapy.settings import Settings
from scrapy.utils.misc import load_object
from scrapy.utils.project import get_project_settings

from newscrawl.spider import NewsSpider, SiteLoader

OURS = "newscrawl.settings"
VARIABLE = "SCRAPY_SETTINGS_MODULE"


class ProjectProblem(Exception):
    """A folder that is no project of newscrawl's; the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class Project:
    """``root`` holds scrapy.cfg; ``spiders``: where site files go; ``tests``: where fixtures go; ``made``: files just written."""

    root: Path
    spiders: Path
    tests: Path
    made: list[Path] = field(default_factory=list)


def root_of(start: Path) -> Path | None:
    """The nearest folder with a scrapy.cfg, from a folder upwards."""
    here = start.resolve()
    return next((folder for folder in (here, *here.parents) if (folder / "scrapy.cfg").is_file()), None)


def enter(start: Path) -> None:
    """Make the settings that the scrapy.cfg from ``start`` upwards names those of this process, where they are newscrawl's.

    What is set in the environment wins; a project that does without newscrawl's spider loader is none of ours. Raises
    `ProjectProblem` for settings that cannot be imported.
    """
    root = None if os.environ.get(VARIABLE) else root_of(start)
    if root is not None and (module := _settings_module(root)) not in (None, OURS):
        if str(root) not in sys.path:
            sys.path.insert(0, str(root))
        os.environ[VARIABLE] = module
        try:
            ours = _is_ours(get_project_settings())
        except ImportError as error:
            del os.environ[VARIABLE]
            raise ProjectProblem(f"{root / 'scrapy.cfg'} names settings that cannot be imported: {error}") from None
        if not ours:
            del os.environ[VARIABLE]
            sys.path.remove(str(root))
    os.environ.setdefault(VARIABLE, OURS)


def _settings_module(root: Path) -> str | None:
    parser = ConfigParser()
    try:
        parser.read(root / "scrapy.cfg", encoding="utf-8")
        return parser.get("settings", "default", fallback=None)
    except (Error, UnicodeDecodeError) as error:
        raise ProjectProblem(f"{root / 'scrapy.cfg'} cannot be read: {error}") from None


def _is_ours(settings: Settings) -> bool:
    loader = load_object(settings["SPIDER_LOADER_CLASS"])
    return isinstance(loader, type) and issubclass(loader, SiteLoader)


def of(folder: Path | None) -> Project:
    """The project of a folder, or that of the current one; one that does not exist yet is begun. Raises `ProjectProblem`.

    Its settings become those of this process.
    """
    made: list[Path] = []
    if folder is not None and not (folder / "scrapy.cfg").is_file():
        made = begin(folder)
    root = folder.resolve() if folder is not None else root_of(Path.cwd())
    if root is None:
        raise ProjectProblem("no scrapy.cfg here or above. Go to your project, or begin one: --project DIR.")
    if folder is not None:
        os.environ.pop(VARIABLE, None)
    enter(root)
    module = get_project_settings()["NEWSPIDER_MODULE"]
    found = importlib.util.find_spec(module) if module else None
    places = list(found.submodule_search_locations or ()) if found else []
    spiders = Path(places[0]).resolve() if places else None
    if spiders is None or not spiders.is_relative_to(root):
        where = f"lie in {spiders}, outside of {root}" if spiders else "are nowhere"
        raise ProjectProblem(
            f"the site files of this project's settings ({module}) {where}. Begin a project of your own: --project DIR."
        )
    return Project(root, spiders, root / "tests" / "sites", made)


_SETTINGS = '''"""newscrawl's settings, with this project's site files beside its own."""

from newscrawl.settings import *  # noqa: F403

SPIDER_MODULES = ["newscrawl.spiders", "{name}.spiders"]
NEWSPIDER_MODULE = "{name}.spiders"
'''

_TEST = '''"""Each page on file is read as is expected of it; where it is not, the message says what differs and how to accept it."""

from pathlib import Path

import pytest

from newscrawl import fixtures
from newscrawl.cli.options import site_loader

SITES = site_loader().sites
PAGES = list(fixtures.all_of(Path(__file__).parent / "sites"))


@pytest.mark.parametrize("fixture", PAGES, ids=lambda fixture: fixture.name)
def test_a_page_is_read_as_expected(fixture):
    found = fixtures.problems(fixture, SITES[fixture.site])
    if found:
        pytest.fail("\\n".join(found), pytrace=False)
'''


def begin(root: Path) -> list[Path]:
    """Write what a project needs: scrapy.cfg, settings, a package for site files, a test over all fixtures; gives the files.

    No file that exists is changed. Raises `ProjectProblem` where it cannot be written, or its name is taken.
    """
    name = re.sub(r"\W+", "_", root.resolve().name, flags=re.A).strip("_").lower() or "sites"
    name = name if name[0].isalpha() else f"sites_{name}"
    if importlib.util.find_spec(name) is not None and not (root / name).is_dir():
        name += "_sites"
    files = {
        "scrapy.cfg": f"[settings]\ndefault = {name}.settings\n",
        f"{name}/__init__.py": "",
        f"{name}/settings.py": _SETTINGS.format(name=name),
        f"{name}/spiders/__init__.py": "",
        "tests/test_sites.py": _TEST,
    }
    made = []
    try:
        for path, text in files.items():
            file = root / path
            if not file.exists():
                file.parent.mkdir(parents=True, exist_ok=True)
                file.write_text(text, "utf-8")
                made.append(file)
    except OSError as error:
        raise ProjectProblem(f"{root}: a project cannot be begun there: {error.strerror or error}") from None
    importlib.invalidate_caches()
    return made


def spider_in(file: Path) -> type[NewsSpider]:
    """The spider of a site file, loaded from where it lies. Raises what its code raises."""
    spec = importlib.util.spec_from_file_location(f"_site_{file.stem}", file)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return next(
        found
        for found in vars(module).values()
        if isinstance(found, type) and issubclass(found, NewsSpider) and found.__module__ == module.__name__
    )
