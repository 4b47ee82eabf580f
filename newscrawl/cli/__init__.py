"""The command line: ``newscrawl COMMAND``; each module holds the commands of one kind of work."""

from __future__ import annotations

from collections import UserDict
from importlib import import_module
from typing import Any

import click

from newscrawl import __version__
from newscrawl.cli.options import EPILOG

TABLE = {
    "accept": ("fixtures.accept", "Show what fixtures are read as now, and record it as expected."),
    "archive": ("archive.archive_group", "Look into the raw pages that crawls have kept."),
    "backup": ("upkeep.backup", "Copy the database, also while a crawl writes."),
    "capture": ("fixtures.capture", "Fetch a page of a site and keep it as a fixture of its test."),
    "crawl": ("crawling.crawl", "Crawl sites, by name or by group."),
    "demo": ("sample.demo", "Crawl the sample site and say what came of it."),
    "diff": ("revisions.diff_command", "Show how an article was changed."),
    "doctor": ("upkeep.doctor", "Check what crawls depend on, and say what to do."),
    "export": ("export.export_command", "Write a table as CSV, JSON lines, Parquet, Excel, a feed (Atom) or a graph."),
    "extract": ("articles.extract_command", "Print what is found on saved pages as JSON."),
    "graph": ("links.graph_command", "Write the link graph for Gephi, networkx or a spreadsheet."),
    "health": ("ledger.health", "Say how the sites are: green, yellow, red, and what is wrong, in a line each."),
    "ingest": ("articles.ingest_command", "Store saved pages: HTML, manifests, WARC and WACZ files."),
    "inspect": ("survey.inspect_command", "Show how a page is read: each field, its layers, where it stands."),
    "links": ("links.links", "Print the links beside an article, and who links it."),
    "new-site": ("survey.new_site", "Look at a site and write its site file, with a page of it as a test."),
    "reparse": ("archive.reparse", "Read the archived pages again with today's rules, without the network."),
    "report": (
        "report.report",
        "Report on a week: what was published, recommended, reprinted and corrected, and what is missing.",
    ),
    "reprints": ("reprints.reprints", "Print who reprinted an article, and from whom it most likely comes."),
    "run": ("ledger.run_command", "Print one run: all its counts, and what it read field by field."),
    "runs": ("ledger.runs", "List the runs, newest first; of one SITE or of all."),
    "sample-site": ("sample.sample_site", "Serve the sample site on this machine."),
    "schedule": ("upkeep.schedule", "Print entries for cron or systemd that crawl what is due."),
    "search": ("search.search", "Find articles by words of their title and text."),
    "serve": ("serve.serve", "Look at the database in a browser: articles, stories, sources, coverage, charts, tables and SQL."),
    "show": ("show.show", "Print an article with all that is known of it."),
    "sites": ("crawling.sites", "List what can be crawled, by region."),
    "verify": ("fixtures.verify_command", "Read a handful of pages of the live site, and say how well that went."),
}
"""Each command by name: the module of this package and the function, and the first sentence of its help."""


class Commands(UserDict[str, Any]):
    """Commands by name, each imported when it is asked for: crawling takes Scrapy and half a second, reading does not."""

    def __getitem__(self, name: str) -> Any:
        """The command; raises ``KeyError`` where there is none of this name."""
        place, _ = self.data[name]
        module, _, function = place.partition(".")
        return getattr(import_module(f"{__name__}.{module}"), function)


class Main(click.Group):
    """The group of all commands, whose help imports none of them."""

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Each command in a line or two."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, TABLE[name][1]) for name in self.list_commands(ctx)])


@click.group(
    cls=Main,
    commands=Commands(TABLE),
    epilog=EPILOG,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110},
)
@click.version_option(__version__, prog_name="newscrawl")
def main() -> None:
    """Watch regional news: crawl it politely, keep it with its links and bylines in one SQLite file."""
