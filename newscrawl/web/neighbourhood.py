"""Who recommends whom around an article, as a graph: its data as JSON, and a page on which a script draws it above a list of the same."""

from __future__ import annotations

from typing import Any

from datasette.app import Datasette
from datasette.utils.asgi import Request, Response

from newscrawl.diff import EDITORIAL
from newscrawl.store import reading
from newscrawl.store.reading import Neighbour, Neighbourhood
from newscrawl.web import formats, pages
from newscrawl.web.article import KINDS
from newscrawl.web.pages import DATABASE

MOST = 150
"""Nodes of one graph."""


def _asked(request: Request) -> tuple[list[str], int]:
    """The kinds of links and the depth that are asked for; what makes no sense is taken for what most want."""
    kinds = [kind for kind in dict.fromkeys(request.args.getlist("kind")) if kind in KINDS]
    return kinds or list(EDITORIAL), 2 if request.args.get("depth") == "2" else 1


async def page(datasette: Datasette, request: Request) -> Response:
    """``/graph/ID?depth=1|2&kind=recommended&kind=related``"""
    number = int(request.url_vars["id"])
    kinds, depth = _asked(request)
    found = await pages.read(datasette, reading.neighbourhood, number, kinds=kinds, depth=depth, most=MOST)
    if found is None:
        return await pages.missing(datasette, request, f"There is no article {number}.")
    titles = {node.name: node for node in found.nodes}
    centre = titles[found.centre]
    return await pages.show(
        datasette,
        request,
        "graph.html",
        article=centre,
        graph=found,
        kinds=[(kind, *KINDS[kind], kind in kinds) for kind in KINDS],
        used=[(kind, *KINDS[kind], sum(edge.kind == kind for edge in found.edges)) for kind in kinds],
        depth=depth,
        query="&".join([f"depth={depth}", *(f"kind={kind}" for kind in kinds)]),
        ties=_ties(found),
        most=reading.DEGREE,
        table=f"/{DATABASE}/links?from_id={number}",
        back=f"/{DATABASE}/links?to_id={number}",
    )


def _ties(found: Neighbourhood) -> dict[str, list[str]]:
    """What binds each node to the article in the middle, in words; nothing where it is bound to others only."""
    out: dict[str, list[str]] = {}
    for edge in found.edges:
        if found.centre in (edge.source, edge.target):
            other, word = (edge.target, "linked here") if edge.source == found.centre else (edge.source, "links here")
            out.setdefault(other, []).append(f"{word} under {KINDS[edge.kind][0].lower()}")
    return {name: list(dict.fromkeys(words)) for name, words in out.items()}


async def as_json(datasette: Datasette, request: Request) -> Response:
    """``/graph/ID.json``, asked as the page is."""
    number = int(request.url_vars["id"])
    kinds, depth = _asked(request)
    found = await pages.read(datasette, reading.neighbourhood, number, kinds=kinds, depth=depth, most=MOST)
    if found is None:
        return await pages.missing(datasette, request, f"There is no article {number}.")
    return Response.json(
        {
            "centre": found.centre,
            "depth": depth,
            "kinds": kinds,
            "found": found.found,
            "shown": len(found.nodes),
            "nodes": [_node(node) for node in found.nodes],
            "edges": [{"source": edge.source, "target": edge.target, "kind": edge.kind} for edge in found.edges],
        }
    )


def _node(node: Neighbour) -> dict[str, Any]:
    return {
        "id": node.name,
        "article": node.id,
        "stored": node.id is not None,
        "title": node.title,
        "url": formats.web(node.url),
        "site": node.site,
        "site_title": node.site_title,
        "publisher": node.publisher or node.site_title or node.site,
        "source": node.source,
        "published": formats.when(node.published_at, node.published_precision) or None,
        "degree": node.degree,
        "steps": node.steps,
    }


ROUTES: pages.Routes = ((r"^/graph/(?P<id>\d{1,19})$", page), (r"^/graph/(?P<id>\d{1,19})\.json$", as_json))
