"""``newscrawl show``: an article with all that is known of it."""

from __future__ import annotations

import json
from functools import partial
from typing import Any

import click
from rich.text import Text

from newscrawl.cli.options import EPILOG, Problem, database_option, open_database, output
from newscrawl.pipelines import database_path
from newscrawl.store import reader


@click.command(epilog=EPILOG)
@click.argument("wanted", metavar="URL|ID")
@database_option
@click.option("--json", "as_json", is_flag=True, help="Everything, as one JSON object.")
def show(wanted: str, db: str | None, as_json: bool) -> None:
    """Print an article with all that is known of it."""
    path = database_path(db)
    connection = open_database(path)
    try:
        number = reader.find_article(connection, wanted)
        if number is None:
            page = reader.find_page(connection, wanted) if not wanted.isdigit() else None
            if page is None:
                raise Problem(f"{wanted}: not in {path}. Give an article's number, or any address it has.")
            raise Problem(
                f"{wanted}: gave no article: {page['verdict']}, {page['why'] or 'no reason on record'} (fetched {page['fetched_at'] or 'never'})."
            )
        article = reader.article(connection, number)
    finally:
        connection.close()
    if as_json:
        click.echo(json.dumps(article, ensure_ascii=False, indent=1))
        return
    _show(article)


def _show(article: dict[str, Any]) -> None:
    console = output()
    # Lines are the terminal's to break: a library that breaks at blanks tears Chinese apart.
    out = partial(console.print, soft_wrap=True)
    if article["kicker"]:
        out(Text(article["kicker"], style="dim"))
    out(Text(article["title"], style="bold"))
    if article["subtitle"]:
        out(Text(article["subtitle"]))
    line = [article["published_at"] or "no date"]
    if article["source"]:
        line.append(f"来源 {article['source']}")
    for role, word in (("author", "作者"), ("reporter", "记者"), ("correspondent", "通讯员")):
        if names := [b["name"] for b in article["bylines"] if b["role"] == role]:
            line.append(f"{word} {'、'.join(names)}")
    line += [f"{b['label']} {b['name']}" for b in article["bylines"] if b["role"] == "editor"]
    out(Text(" · ".join(line), style="cyan"))
    out()
    out(Text(article["body_text"]))
    if article["images"]:
        out(Text("\nimages", style="bold"))
        for number, image in enumerate(article["images"], 1):
            out(Text(f"  {number}. {image['url']}" + (f"\n     {image['caption']}" if image["caption"] else "")))
    for block in article["blocks"]:
        out(
            Text(
                f"\n{block['heading'] or '(no heading)'} ({block['kind']})" + _standing(block),
                style="bold",
            )
        )
        for link in block["links"]:
            stored = f"  -> article {link['target_id']}" if link["target_id"] else ""
            out(Text(f"  {link['position']}. {link['title']}{stored}\n     {link['url'] or ''}"))
            more = " · ".join(value for value in (link["published_at"], link["source"]) if value)
            if more:
                out(Text(f"     {more}", style="dim"))
    if article["recommended_by"]:
        out(Text("\nlinked by", style="bold"))
        counted: dict[str, int] = {}
        for other in article["recommended_by"]:
            if other["kind"] in ("recommended", "related"):
                out(Text(f"  article {other['id']} ({other['kind']}): {other['title']}"))
            else:
                counted[other["kind"]] = counted.get(other["kind"], 0) + 1
        for kind, count in counted.items():
            out(Text(f"  {count} articles beside which it stands under {kind}"))
    out(Text("\nrecord", style="bold"))
    out(
        Text(
            f"  article {article['id']} of {article['site']}, {article['characters']} characters, first seen {article['first_seen']}"
        )
    )
    for address in article["addresses"]:
        out(Text(f"  {address['reason']}: {address['url']}"))
    if article["page"] and article["page"]["found_on"]:
        out(Text(f"  found on: {article['page']['found_on']}"))
    if article["flags"]:
        out(Text(f"  flags: {', '.join(article['flags'])}"))
    rules: dict[str, list[str]] = {}
    for name, rule in article["provenance"].items():
        rules.setdefault(rule, []).append(name)
    for rule, names in rules.items():
        out(Text(f"  {rule}: {', '.join(names)}"))


def _standing(block: dict[str, Any]) -> str:
    """What is to be said of a block beside its heading: that it is empty, and who filled it."""
    if block["filled_by"] == "unanswered":
        now = ", these links are from before" if block["links"] else ""
        return f": filled by a script, nobody answered at the last look{now}"
    full, empty = {
        "endpoint": (", from the endpoint that its script asks", ": stands empty, the endpoint that its script asks has nothing"),
        "browser": (", as a browser shows it", ": stands empty, in a browser too"),
    }.get(block["filled_by"], ("", ": stands empty"))
    return full if block["links"] else empty
