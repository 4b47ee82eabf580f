"""A site changes: what it is called the hour after, and that nothing is said while it is well. See replay.py."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from replay import BREAKS, HEALTHY

from newscrawl.health import name_of

ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="module", params=["2016", "2018"])
def replayed(request, tmp_path_factory):
    """Every run of one layout's replay, by its label."""
    folder = tmp_path_factory.mktemp("replay")
    variables = {name: value for name, value in os.environ.items() if not name.lower().endswith("_proxy")}
    done = subprocess.run(
        [sys.executable, ROOT / "tests" / "replay.py", folder, request.param],
        env={**variables, "PYTHONPATH": str(ROOT)},
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=110,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    assert done.stderr == ""
    return request.param, [json.loads(line) for line in done.stdout.splitlines()]


def one(runs, label):
    (found,) = [run for run in runs if run["label"] == label]
    return found


def test_thirty_healthy_runs_raise_no_alarm(replayed):
    _, runs = replayed
    healthy = [run for run in runs if run["label"] == "healthy"]
    assert len(healthy) == HEALTHY
    assert {run["state"] for run in healthy} == {"new", "green"}
    assert healthy[-1]["state"] == "green"
    assert [(run["exit"], run["message"]) for run in healthy] == [(0, None)] * HEALTHY


def test_each_broken_rule_is_named_in_the_next_run(replayed):
    layout, runs = replayed
    for label, (_, field) in BREAKS[layout].items():
        broken = one(runs, label)
        assert broken["state"] in ("yellow", "red"), label
        assert broken["exit"] == 3, label
        assert broken["message"].startswith("weihai: "), label
        assert name_of(field) in broken["message"], (label, broken["message"])
        assert re.search(r"(\d+) of \1 articles since \d\d:\d\d", broken["message"]), (label, broken["message"])


def test_an_hour_without_news_changes_nothing_and_a_repair_is_seen(replayed):
    layout, runs = replayed
    for label in BREAKS[layout]:
        broken, later, mended = one(runs, label), one(runs, f"{label}, an hour later"), one(runs, f"{label}, mended")
        assert (later["state"], later["message"]) == (broken["state"], broken["message"]), label
        assert (mended["state"], mended["message"], mended["exit"]) == ("green", None, 0), label


@pytest.mark.parametrize(
    ("label", "cause"),
    [
        ("list", "no visible text"),
        ("list gone", "status 404"),
        ("front page moved behind a script", "no text without JavaScript"),
        ("captcha", "captcha"),
    ],
)
def test_a_site_that_gives_nothing_is_red_with_its_cause(replayed, label, cause):
    _, runs = replayed
    run = one(runs, label)
    assert (run["state"], run["exit"], run["new"]) == ("red", 1, 0)
    assert cause in run["message"], run["message"]
