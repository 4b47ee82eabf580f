"""The link graph as files for other programs: GEXF, GraphML and CSV, written as it is read, whatever its size."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Iterable
from datetime import date, datetime
from typing import Literal, NamedTuple, TextIO
from xml.sax.saxutils import escape

from newscrawl import __version__

Format = Literal["gexf", "graphml", "csv"]


class Node(NamedTuple):
    """An article, or an address that links lead to and that is not stored (``stored`` false, ``id`` not a number).

    ``published_at`` is ISO 8601 with offset; ``since`` is from when the node counts: that time, else when the article or,
    of what is not stored, the first link to it was first seen. What comes after it are the columns that files show.
    """

    id: str
    label: str
    since: str | None
    url: str | None
    site: str | None
    publisher: str | None
    source: str | None
    region: str | None
    published_at: str | None
    stored: bool


class Edge(NamedTuple):
    """A link of one article's page: ``source`` and ``target`` are nodes' ids, times are UTC, ``gone_at`` is null while it stands.

    What comes after the target are the columns that files show.
    """

    id: int
    source: str
    target: str
    kind: str
    heading: str | None
    position: int
    first_seen: str
    gone_at: str | None


class Written(NamedTuple):
    """How much was written: stored articles, addresses that are not stored, links."""

    articles: int
    uncrawled: int
    links: int


NODE_COLUMNS, EDGE_COLUMNS = Node._fields[3:], Edge._fields[3:]
_GEXF_TYPES = {"stored": "boolean", "position": "integer"}
_GRAPHML_TYPES = {"stored": "boolean", "position": "int"}

# What XML 1.0 cannot hold, escaped or not, and what no text editor shows: C0 and C1 but for white space, surrogates, U+FFFE, U+FFFF.
FORBIDDEN = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff]")
_SPACE = re.compile(r"\s+")
_QUOTE = {'"': "&quot;"}
# What a spreadsheet takes for the beginning of a formula; in Chinese and Japanese ones the wide forms too.
_FORMULA = re.compile(r"\s*[=+\-@＝＋－＠]")

Value = str | int | bool | None


def write_gexf(out: TextIO, nodes: Iterable[Node], edges: Iterable[Edge], *, made_on: date | None = None) -> Written:
    """GEXF 1.3 (https://gexf.net/1.3/), a dynamic directed graph; all nodes are taken before the first edge.

    Nodes begin at ``since``, edges last from ``first_seen`` to ``gone_at``. Times are whole, with offset, under the time format
    ``date``: the schema allows it, Gephi reads both formats with one parser, and networkx knows no other by name. ``kind``
    stands twice, as the edge's own (Gephi keeps parallel edges of different kinds apart) and as a column.
    """
    out.write(
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<gexf xmlns="http://gexf.net/1.3" version="1.3">\n'
        f"<meta{_attribute('lastmodifieddate', made_on.isoformat() if made_on else None)}>"
        f"<creator>newscrawl {__version__}</creator><description>Articles and the links beside them</description></meta>\n"
        '<graph defaultedgetype="directed" mode="dynamic" timeformat="date" timerepresentation="interval" timezone="Asia/Shanghai">\n'
    )
    for kind, columns in (("node", NODE_COLUMNS), ("edge", EDGE_COLUMNS)):
        out.write(f'<attributes class="{kind}" mode="static">\n')
        for name in columns:
            out.write(f'<attribute id="{name}" title="{name}" type="{_GEXF_TYPES.get(name, "string")}"/>\n')
        out.write("</attributes>\n")
    articles = uncrawled = links = 0
    out.write("<nodes>\n")
    for node in nodes:
        articles, uncrawled = articles + node.stored, uncrawled + (not node.stored)
        start, _ = _interval(node.since, None)
        values = _gexf_values(NODE_COLUMNS, node)
        out.write(f"<node{_attribute('id', node.id)}{_attribute('label', node.label)}{start}>{values}</node>\n")
    out.write("</nodes>\n<edges>\n")
    for edge in edges:
        links += 1
        start, end = _interval(edge.first_seen, edge.gone_at)
        ends = f"{_attribute('source', edge.source)}{_attribute('target', edge.target)}"
        values = _gexf_values(EDGE_COLUMNS, edge)
        out.write(f'<edge id="{edge.id}"{ends}{_attribute("kind", edge.kind)}{start}{end}>{values}</edge>\n')
    out.write("</edges>\n</graph>\n</gexf>\n")
    return Written(articles, uncrawled, links)


def write_graphml(out: TextIO, nodes: Iterable[Node], edges: Iterable[Edge]) -> Written:
    """GraphML (http://graphml.graphdrawing.org/specification.html), a directed graph; times are text as stored."""
    out.write(
        '<?xml version="1.0" encoding="UTF-8"?>\n<graphml xmlns="http://graphml.graphdrawing.org/xmlns">\n'
        '<key id="label" for="node" attr.name="label" attr.type="string"/>\n'
    )
    # An id stands once in the file, whatever it is for.
    for kind, columns in (("node", NODE_COLUMNS), ("edge", EDGE_COLUMNS)):
        for name in columns:
            out.write(f'<key id="{name}" for="{kind}" attr.name="{name}" attr.type="{_GRAPHML_TYPES.get(name, "string")}"/>\n')
    out.write('<graph edgedefault="directed">\n')
    articles = uncrawled = links = 0
    for node in nodes:
        articles, uncrawled = articles + node.stored, uncrawled + (not node.stored)
        out.write(f"<node{_attribute('id', node.id)}>{_data('label', node.label)}{_graphml_values(NODE_COLUMNS, node)}</node>\n")
    for edge in edges:
        links += 1
        ends = f"{_attribute('source', edge.source)}{_attribute('target', edge.target)}"
        out.write(f'<edge id="e{edge.id}"{ends}>{_graphml_values(EDGE_COLUMNS, edge)}</edge>\n')
    out.write("</graph>\n</graphml>\n")
    return Written(articles, uncrawled, links)


def write_csv(
    nodes_out: Callable[[], TextIO], edges_out: Callable[[], TextIO], nodes: Iterable[Node], edges: Iterable[Edge]
) -> Written:
    """Two tables with the headings that Gephi's spreadsheet import knows; each file is opened when its turn comes, and closed.

    Files must be opened with ``newline=""``. Text that a spreadsheet would take for a formula gets an apostrophe in front.
    """
    articles = uncrawled = links = 0
    with nodes_out() as out:
        write = csv.writer(out).writerow
        write(("id", "label", *NODE_COLUMNS))
        for node in nodes:
            articles, uncrawled = articles + node.stored, uncrawled + (not node.stored)
            write([_cell(value) for value in (node.id, node.label, *node[3:])])
    with edges_out() as out:
        write = csv.writer(out).writerow
        write(("source", "target", "type", "id", *EDGE_COLUMNS))
        for edge in edges:
            links += 1
            write([_cell(value) for value in (edge.source, edge.target, "Directed", edge.id, *edge[3:])])
    return Written(articles, uncrawled, links)


def _clean(value: str) -> str:
    """Text on one line, without what XML cannot hold."""
    # Nearly all text is: no character of it is a control, a surrogate or any white space but the blank.
    return value if value.isprintable() else _SPACE.sub(" ", FORBIDDEN.sub("", value)).strip()


def _text(value: str | int | bool) -> str:
    if isinstance(value, str):
        return _clean(value)
    return str(value).lower()


def _attribute(name: str, value: str | None) -> str:
    return "" if value is None else f' {name}="{escape(_clean(value), _QUOTE)}"'


def _gexf_values(columns: tuple[str, ...], row: Node | Edge) -> str:
    known = zip(columns, row[3:], strict=True)
    written = [f'<attvalue for="{name}"{_attribute("value", _text(value))}/>' for name, value in known if value is not None]
    return f"<attvalues>{''.join(written)}</attvalues>"


def _graphml_values(columns: tuple[str, ...], row: Node | Edge) -> str:
    known = zip(columns, row[3:], strict=True)
    return "".join([_data(name, value) for name, value in known if value is not None])


def _data(name: str, value: str | int | bool) -> str:
    return f'<data key="{name}">{escape(_text(value))}</data>'


def _cell(value: Value) -> str:
    if value is None:
        return ""
    if not isinstance(value, str):
        return str(value).lower()
    return harmless(_clean(value).strip())


def harmless(text: str) -> str:
    """Text as a cell of a spreadsheet; what would be taken for a formula gets an apostrophe in front."""
    return f"'{text}" if _FORMULA.match(text) else text


def _interval(start: str | None, end: str | None) -> tuple[str, str]:
    """The attributes ``start`` and ``end``; what is no time is left out, and nothing ends before it begins, which Gephi refuses."""
    begins, ends = _instant(start), _instant(end)
    if begins is not None and ends is not None and ends < begins:
        end = start
    return _attribute("start", start if begins else None), _attribute("end", end if ends else None)


def _instant(text: str | None) -> datetime | None:
    if text is None:
        return None
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        return None
    return at if at.tzinfo else None
