"""``newscrawl sample-site|demo``: the sample site, served and crawled."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from newscrawl import samplesite
from newscrawl.cli.options import Problem, project_settings


@click.command("sample-site")
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8800, show_default=True, type=click.IntRange(0, 65535))
def sample_site(host: str, port: int) -> None:
    """Serve the sample site on this machine.

    As itself, for a browser, and as the proxy through which its real addresses are reached.
    """

    def ready(base: str) -> None:
        click.echo(
            f"The sample site is served on {base}/ (Ctrl-C ends it). Look at it in a browser, or crawl its real addresses through it:"
        )
        click.echo(f"  http_proxy={base} newscrawl crawl weihai --delay 0 --db data/sample.db")

    try:
        samplesite.serve_forever(host=host, port=port, ready=ready)
    except OSError as error:
        raise Problem(f"{host}:{port}: {error.strerror or error}. Name another port with --port.") from None


@click.command()
@click.option("--db", "db", metavar="FILE", default="data/demo.db", show_default=True, help="Made anew by each demo.")
def demo(db: str) -> None:
    """Crawl the sample site and say what came of it."""
    from newscrawl import demo as demonstration

    path = Path(db)
    sys.exit(demonstration.run_demo(path, project_settings(path)))
