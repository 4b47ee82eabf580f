"""The command line: ``newscrawl COMMAND``; each module holds the commands of one kind of work."""

from __future__ import annotations

import click

from newscrawl import __version__
from newscrawl.cli import archive, articles, crawling, fixtures, ledger, links, reprints, revisions, sample, survey, upkeep
from newscrawl.cli.options import EPILOG


@click.group(epilog=EPILOG, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
@click.version_option(__version__, prog_name="newscrawl")
def main() -> None:
    """Watch regional news: crawl it politely, keep it with its links and bylines in one SQLite file."""


for command in (
    crawling.crawl,
    crawling.sites,
    articles.ingest_command,
    articles.show,
    articles.extract_command,
    archive.archive_group,
    archive.reparse,
    survey.new_site,
    survey.inspect_command,
    fixtures.capture,
    fixtures.accept,
    fixtures.verify_command,
    links.links,
    links.graph_command,
    revisions.diff_command,
    reprints.reprints,
    ledger.runs,
    ledger.run_command,
    ledger.health,
    upkeep.schedule,
    upkeep.backup,
    upkeep.doctor,
    sample.sample_site,
    sample.demo,
):
    main.add_command(command)
