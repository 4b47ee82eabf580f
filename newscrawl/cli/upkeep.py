"""``newscrawl schedule|backup|doctor``: what keeps crawls going while nobody looks."""

from __future__ import annotations

import getpass
import json
import os
import sqlite3
import sys
from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

import click
from rich.text import Text

from newscrawl import schedule as timing
from newscrawl.cli.options import Problem, choose, database_option, file_size, output, project_settings, settings_of
from newscrawl.exits import DONE, FAILED
from newscrawl.pipelines import database_path
from newscrawl.store import backup as copying
from newscrawl.store.writer import DatabaseProblem

EPILOG = "Exit codes: 0 done, 1 failed, 2 wrong arguments or a database that cannot be used."


@click.command(epilog=EPILOG)
@click.argument("names", nargs=-1, metavar="[NAME]...")
@click.option("--cron", "form", flag_value="cron", help="Lines for a crontab.")
@click.option("--systemd", "form", flag_value="systemd", help="Services and timers for systemd.")
@click.option("--every", default="15m", show_default=True, metavar="TIME", help="How often: 5m, 15m, 1h, 1d …")
@click.option("--each", is_flag=True, help="An entry for each NAME, spread over that time; else one process crawls them all.")
@click.option("--user", is_flag=True, help="systemd: units for your own manager (systemctl --user).")
@database_option
@click.option("--log", metavar="FILE", help="cron: where standard output goes [default: the database's name with .log].")
@click.option("--backup", "backups", metavar="DIR", help="Where nightly backups go [default: backup, beside the database].")
@click.option("--no-backup", is_flag=True, help="No nightly backup.")
@click.option("--keep", default=7, show_default=True, type=click.IntRange(min=1), help="How many backups are kept.")
@click.option("-o", "folder", metavar="DIR", help="Write files there instead of printing.")
def schedule(
    names: Sequence[str],
    form: str | None,
    every: str,
    each: bool,
    user: bool,
    db: str | None,
    log: str | None,
    backups: str | None,
    no_backup: bool,
    keep: int,
    folder: str | None,
) -> None:
    """Print entries for cron or systemd that crawl what is due.

    NAMEs are sites or groups, as for crawl; none: the sites that the database has. Folder, database and the variables that are set now
    (NEWSCRAWL_CONTACT, NEWSCRAWL_ALARM, proxies, settings module) go into the entries.
    """
    if form is None:
        raise Problem("say --cron or --systemd.")
    if each and not names:
        raise Problem("--each needs names.")
    names = tuple(dict.fromkeys(names))
    # Before the sites are looked up, which sets the settings module where it is not.
    environment = {name: os.environ[name] for name in timing.CARRIED if os.environ.get(name)}
    mailto = os.environ.get("MAILTO")
    if names:
        choose(names, everything=False)
    database = database_path(db).absolute()
    if str(database_path(db)) == ":memory:":
        raise Problem(":memory: ends with its process. Name a file with --db.")
    log_file = Path(log).absolute() if log else database.with_suffix(".log")
    backup_folder = None if no_backup else Path(backups).absolute() if backups else database.parent / "backup"
    for path in (database, log_file, *([backup_folder] if backup_folder else [])):
        if not path.parent.is_dir():
            raise Problem(f"{path.parent}: no such folder. Make it, so that the first run can write there.")
    try:
        plan = timing.Plan(
            _program(),
            database,
            Path.cwd(),
            log_file,
            getpass.getuser(),
            groups=[(name,) for name in names] if each else [tuple(names)],
            every=timing.period(every),
            environment=environment,
            mailto=mailto,
            backups=backup_folder,
            keep=keep,
        )
        files = {"newscrawl.crontab": timing.cron(plan)} if form == "cron" else timing.systemd(plan, user=user)
    except timing.ScheduleProblem as error:
        raise Problem(str(error)) from None
    if folder is not None:
        _write(Path(folder), files)
    elif form == "cron":
        click.echo(files["newscrawl.crontab"], nl=False)
    else:
        for name, text in files.items():
            click.echo(f"# ---- {name}\n{text}")
    hints = timing.install_lines(files, user=user) if form == "systemd" else []
    if not (environment.get("NEWSCRAWL_CONTACT") or _kept_contact(database)):
        hints.append(
            "NEWSCRAWL_CONTACT is not set: without it sites find no address to write to (an e-mail address or a web page)."
        )
    for line in hints:
        click.echo(f"# {line}", err=True)


def _kept_contact(database: Path) -> str | None:
    if not database.exists():
        return None
    try:
        return settings_of(database).get("contact")
    except sqlite3.Error:
        # An older database, which keeps none.
        return None


def _program() -> list[str]:
    """How this very newscrawl is started: the script beside its Python, else as that Python's module."""
    python = Path(sys.executable)
    script = python.parent / "newscrawl"
    return [str(script)] if os.access(script, os.X_OK) else [str(python), "-m", "newscrawl"]


def _write(folder: Path, files: dict[str, str]) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, text in files.items():
            # They may hold passwords of proxies and tokens of webhooks.
            secret = any(f"{word}=" in text for word in timing.SECRET)
            path = folder / name
            path.touch(mode=0o600 if secret else 0o644)
            path.write_text(text, "utf-8")
            click.echo(f"written: {path}")
    except OSError as error:
        raise Problem(f"{error.filename}: cannot be written ({error.strerror}).") from None


@click.command(epilog=EPILOG)
@click.argument("file", metavar="FILE|DIR")
@database_option
@click.option("--force", is_flag=True, help="Replace FILE.")
@click.option("--keep", type=click.IntRange(min=1), help="In DIR: keep this many, remove the oldest beyond them.")
def backup(file: str, db: str | None, force: bool, keep: int | None) -> None:
    """Copy the database, also while a crawl writes.

    The copy is whole and checked before it appears. In a folder it gets a name with the time: newscrawl-20261124-0310.db.
    """
    database = database_path(db)
    given = Path(file)
    is_folder = given.is_dir() or file.endswith("/")
    if keep and not is_folder:
        raise Problem(f"--keep needs a folder, and {file} is none. Write {file}/ to have it made.")
    try:
        if is_folder:
            # One level only: below a disk that is not mounted there shall be no backup.
            given.mkdir(exist_ok=True)
        folder = given if is_folder else given.parent
        if not folder.is_dir():
            raise Problem(f"{folder}: no such folder.")
    except OSError as error:
        raise Problem(f"{given}: cannot be made ({error.strerror}).") from None
    target = copying.dated(given, database, datetime.now().astimezone()) if is_folder else given
    try:
        copy = copying.backup(database, target, force=force)
    except DatabaseProblem as error:
        raise Problem(str(error)) from None
    except FileExistsError:
        raise Problem(f"{target}: is there already. Say --force to replace it, or name another file.") from None
    except copying.BackupFailed as error:
        click.echo(str(error), err=True)
        sys.exit(FAILED)
    rows = ", ".join(f"{count} {name.replace('_', ' ')}" for name, count in copy.rows.items())
    click.echo(f"{copy.path}: {rows}; {file_size(copy.path)}, checked")
    if keep:
        try:
            removed = copying.prune(folder, database, keep)
        except OSError as error:
            click.echo(f"{folder}: old backups could not be removed ({error.strerror})", err=True)
            sys.exit(FAILED)
        if removed:
            click.echo(f"removed {len(removed)} older: {', '.join(path.name for path in removed)}")


@click.command(epilog="Exit codes: 0 no problem (there may be warnings), 1 problems, 2 wrong arguments.")
@click.argument("names", nargs=-1, metavar="[NAME]...")
@database_option
@click.option("--offline", is_flag=True, help="Ask no site.")
@click.option("--send-test", is_flag=True, help="Send a test message to each alarm address.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")
def doctor(names: Sequence[str], db: str | None, offline: bool, send_test: bool, as_json: bool) -> None:
    """Check what crawls depend on, and say what to do.

    Database, disk, clock, locks, contact, alarms; and for the sites NAMEd (else a few) name service, robots.txt and front page.
    """
    # Its checks take what crawls take, Scrapy first: backups and schedules do without.
    from newscrawl import doctor as examination

    path = database_path(db)
    chosen = choose(names, everything=False) if names else choose((), everything=True)
    settings = project_settings(path)
    found = examination.examine(
        path, chosen if names else examination.usual(chosen, path), settings, offline=offline, send_test=send_test
    )
    console = output()
    states: Counter[str] = Counter()
    for finding in found:
        states[finding.state] += 1
        if as_json:
            click.echo(json.dumps(finding._asdict(), ensure_ascii=False))
        else:
            style = {"ok": "green", "warning": "yellow", "problem": "bold red"}[finding.state]
            console.print(Text(f"{finding.state:<8}", style=style), Text(f"{finding.check}: {finding.text}"), soft_wrap=True)
    if not as_json:
        counts = [f"{states[word]} {word}{'' if states[word] == 1 else 's'}" for word in ("problem", "warning")]
        click.echo(f"{states.total()} checks: {', '.join(counts)}")
    sys.exit(FAILED if states["problem"] else DONE)
