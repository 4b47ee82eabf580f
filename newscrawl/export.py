"""Tables as files for other programs: CSV, JSON lines, Parquet, Excel, Atom; written as they are read, whatever their size.

Rows come as they are stored: times are text in ISO 8601, lists and objects are JSON, truth is 0 or 1. What each column holds is its
`Kind`, and each format has its own way with it:

- time: a timestamp in the column's zone in Parquet, a date in China's time in Excel; elsewhere as stored, exact with its offset.
- day: a date in Parquet and Excel.
- list (of words): a list in JSON lines and Parquet; elsewhere joined by 、.
- json: itself in JSON lines, elsewhere text.
- boolean: true and false, whatever that is in the format.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from itertools import chain, islice
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, BinaryIO, Literal
from urllib.parse import quote, urlsplit

from lxml import etree
from rich.cells import cell_len

from newscrawl import __version__
from newscrawl.days import SHANGHAI
from newscrawl.graph import FORBIDDEN, harmless

Format = Literal["csv", "jsonl", "parquet", "xlsx", "atom", "gexf", "graphml"]

Kind = Literal["text", "integer", "real", "boolean", "time", "day", "list", "json", "binary"]

Value = str | int | float | bytes | None

Row = Sequence[Value]

SUFFIXES: dict[str, Format] = {
    ".csv": "csv", ".jsonl": "jsonl", ".ndjson": "jsonl", ".parquet": "parquet", ".pq": "parquet", ".xlsx": "xlsx", ".atom": "atom", ".xml": "atom",
    ".gexf": "gexf", ".graphml": "graphml",
}  # fmt: skip

BATCH_ROWS, BATCH_CHARACTERS = 50_000, 8_000_000
"""What is held of a Parquet file at a time: a row group."""

SHEET_ROWS = 1_048_576
"""Rows of an Excel sheet, its header among them."""

CELL = 32_767
"""Characters of an Excel cell, in UTF-16."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table; ``zone``: the one that its times are told in where a format has them in one."""

    name: str
    kind: Kind = "text"
    description: str = ""
    zone: Literal["Asia/Shanghai", "UTC"] = "UTC"


@dataclass(slots=True)
class Written:
    """How much was written, and what a reader of the file has to know, a line each."""

    rows: int = 0
    notes: list[str] = field(default_factory=list)


class NeedsExtra(Exception):
    """A library that only some exports need is not installed; the message says what to do."""


# -- files


@contextmanager
def in_place(target: Path) -> Iterator[Path]:
    """A name beside ``target`` to write under, which becomes it when all went well; else ``target`` stays as it was."""
    part = target.with_name(target.name + ".part")
    try:
        yield part
        with part.open("rb") as file:
            os.fsync(file.fileno())
        os.replace(part, target)
    finally:
        with suppress(OSError):
            part.unlink()


def sha256(path: Path) -> str:
    """The digest of a file, in hex."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


_BREAKS = {0x0B: "\n", 0x0C: "\n"}


def _clean(text: str) -> str:
    """Text without what no other program can show; XML cannot even hold it."""
    # Nearly all text is.
    return text if text.isprintable() else FORBIDDEN.sub("", text).translate(_BREAKS)


# -- CSV, JSON lines


def write_csv(out: BinaryIO, columns: Sequence[Column], rows: Iterable[Row], *, bom: bool = True) -> Written:
    """CSV as spreadsheets take it: UTF-8, lines ended by CR LF, ``bom``: with the mark without which they take Chinese for something else.

    Text that a spreadsheet would take for a formula gets an apostrophe in front; control characters are left out.
    """
    told = Written()
    text = io.TextIOWrapper(out, encoding="utf-8-sig" if bom else "utf-8", newline="", write_through=False)
    write = csv.writer(text)
    write.writerow([column.name for column in columns])
    cells = [_CSV.get(column.kind, _plain_cell) for column in columns]
    for row in rows:
        write.writerow([None if value is None else cell(value) for cell, value in zip(cells, row, strict=True)])
        told.rows += 1
    text.flush()
    text.detach()
    return told


def _plain_cell(value: Any) -> Any:
    if isinstance(value, str):
        return harmless(_clean(value))
    return value.hex() if isinstance(value, bytes) else value


def joined(value: Any) -> str:
    """A JSON list of words as a reader takes it; what is none as it is."""
    try:
        found = json.loads(value)
    except (TypeError, ValueError):
        return str(value)
    return "、".join(str(one) for one in found) if isinstance(found, list) else str(value)


_CSV: dict[Kind, Callable[[Any], Any]] = {
    "list": lambda value: _plain_cell(joined(value)),
    "boolean": lambda value: "true" if value else "false",
}


def write_jsonl(out: BinaryIO, columns: Sequence[Column], rows: Iterable[Row]) -> Written:
    """One JSON object a line, UTF-8, Chinese as it is. What is null stands there as null, so that all lines have the same names."""
    told = Written()
    names = [column.name for column in columns]
    cells = [_JSON.get(column.kind, _json_cell) for column in columns]
    dumps = json.JSONEncoder(ensure_ascii=False, separators=(", ", ": ")).encode
    for row in rows:
        line = {name: None if value is None else cell(value) for name, cell, value in zip(names, cells, row, strict=True)}
        out.write(dumps(line).encode() + b"\n")
        told.rows += 1
    return told


def _json_cell(value: Any) -> Any:
    return value.hex() if isinstance(value, bytes) else value


def _loaded(value: Any) -> Any:
    try:
        return json.loads(value)
    except (TypeError, ValueError):
        return value


_JSON: dict[Kind, Callable[[Any], Any]] = {"list": _loaded, "json": _loaded, "boolean": bool}

# -- Parquet


def write_parquet(
    out: BinaryIO,
    columns: Sequence[Column],
    rows: Iterable[Row],
    *,
    metadata: dict[str, str] | None = None,
    batch_rows: int = BATCH_ROWS,
    batch_characters: int = BATCH_CHARACTERS,
) -> Written:
    """Parquet with zstd, a row group for every ``batch_rows`` rows or ``batch_characters`` characters.

    ``metadata`` stands in the schema, each column's description in its field. A time that cannot be read becomes null, and a note
    says how many did. Raises `NeedsExtra` without pyarrow.
    """
    try:
        import pyarrow as pa
        from pyarrow import parquet
    except ModuleNotFoundError:
        raise NeedsExtra("Parquet needs pyarrow: pip install 'newscrawl[analyst]'.") from None
    types: dict[Kind, Any] = {
        "text": pa.string(), "json": pa.string(), "integer": pa.int64(), "real": pa.float64(), "boolean": pa.bool_(), "day": pa.date32(),
        "list": pa.list_(pa.string()), "binary": pa.binary(),
    }  # fmt: skip
    schema = pa.schema(
        [
            pa.field(
                column.name,
                pa.timestamp("ms", tz=column.zone) if column.kind == "time" else types[column.kind],
                metadata={"description": column.description} if column.description else None,
            )
            for column in columns
        ],
        metadata=metadata or None,
    )
    told, unread = Written(), 0
    readers = [_PARQUET.get(column.kind) for column in columns]
    with parquet.ParquetWriter(out, schema, compression="zstd", write_page_index=True) as writer:
        for batch in _batches(rows, batch_rows, batch_characters):
            arrays = []
            for stored, read, spec in zip(zip(*batch, strict=True), readers, schema, strict=True):
                values: Sequence[Any] = stored
                if read is not None:
                    values = [None if value is None else read(value) for value in stored]
                    unread += values.count(None) - stored.count(None)
                arrays.append(pa.array(values, type=spec.type))
            writer.write_batch(pa.record_batch(arrays, schema=schema), row_group_size=len(batch))
            told.rows += len(batch)
    if unread:
        told.notes.append(f"{unread} values are no time, or no list, and are null here; CSV and JSON lines have them as they are")
    return told


def _batches(rows: Iterable[Row], most: int, characters: int) -> Iterator[list[Row]]:
    held: list[Row] = []
    size = 0
    for row in rows:
        held.append(row)
        size += sum(len(value) for value in row if isinstance(value, str))
        if len(held) >= most or size >= characters:
            yield held
            held, size = [], 0
    if held:
        yield held


def _milliseconds(value: Any) -> int | None:
    at = _instant(value)
    return None if at is None else round(1000 * at.timestamp())


def _instant(value: Any) -> datetime | None:
    """A time as stored; one without an offset is China's."""
    try:
        at = datetime.fromisoformat(value)
    except (TypeError, ValueError):
        return None
    return at if at.tzinfo else at.replace(tzinfo=SHANGHAI)


def _day(value: Any) -> date | None:
    try:
        return date.fromisoformat(value)
    except (TypeError, ValueError):
        return None


def _words(value: Any) -> list[str] | None:
    found = _loaded(value)
    return (
        [one if isinstance(one, str) else json.dumps(one, ensure_ascii=False) for one in found]
        if isinstance(found, list)
        else None
    )


def _as_text(value: Any) -> str:
    return value if isinstance(value, str) else value.hex() if isinstance(value, bytes) else str(value)


_PARQUET: dict[Kind, Callable[[Any], Any]] = {
    "time": _milliseconds, "day": _day, "list": _words, "boolean": bool, "text": _as_text, "json": _as_text,
}  # fmt: skip

# -- Excel

_WIDTHS: dict[Kind, int] = {"time": 19, "day": 11, "boolean": 8}
_SAMPLE, _NARROW, _WIDE = 200, 6, 60
# Excel keeps fifteen digits of a number, and knows no day before this one.
_DIGITS, _FIRST_DAY = 10**15, date(1900, 3, 1)


def write_xlsx(
    out: BinaryIO,
    columns: Sequence[Column],
    rows: Iterable[Row],
    *,
    title: str,
    about: Sequence[tuple[str, str]] = (),
    sheet_rows: int = SHEET_ROWS,
) -> Written:
    """An Excel workbook: the table on a sheet named ``title`` (further ones where it is longer than a sheet), ``about`` on the last.

    Text stays text: no formula, no link. Times are China's. What no cell holds is cut, and a note says so. Raises `NeedsExtra`
    without XlsxWriter.
    """
    try:
        import xlsxwriter
        from xlsxwriter.exceptions import XlsxFileError
    except ModuleNotFoundError:
        raise NeedsExtra("Excel files need XlsxWriter: pip install 'newscrawl[analyst]'.") from None
    told = Written()
    rows = iter(rows)
    first = list(islice(rows, min(_SAMPLE, sheet_rows - 1)))
    with TemporaryDirectory(prefix="newscrawl-") as folder:
        # Rows go to a temporary file as they come.
        options = {"constant_memory": True, "tmpdir": folder, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False, "use_zip64": True}  # fmt: skip
        book = xlsxwriter.Workbook(out, options)
        sheets = _Sheets(book, columns, title[:25], told)
        sheets.widths = [_width(column, [row[place] for row in first]) for place, column in enumerate(columns)]
        try:
            sheets.begin()
            for row in chain(first, rows):
                if sheets.row >= sheet_rows:
                    sheets.end()
                    sheets.begin()
                sheets.add(row)
            sheets.end()
            if about:
                sheet = book.add_worksheet("about")
                sheet.set_column(0, 0, 22)
                sheet.set_column(1, 1, 100)
                for place, pair in enumerate(about):
                    for side, text in enumerate(pair):
                        sheet.write_string(place, side, _clean(text)[:CELL])
            book.close()
        except XlsxFileError as error:
            raise error.args[0] if error.args and isinstance(error.args[0], OSError) else OSError(str(error)) from None
        finally:
            # XlsxWriter leaves them open when anything goes wrong.
            for sheet in book.worksheets():
                sheet.row_data_fh.close()
    if sheets.cut:
        cut = "1 cell was" if sheets.cut == 1 else f"{sheets.cut:,} cells were"
        told.notes.append(f"{cut} cut to the {CELL:,} characters that Excel holds; the other formats have them whole")
    if sheets.number > 1:
        told.notes.append(f"on {sheets.number} sheets: one holds {sheet_rows - 1:,} rows")
    return told


class _Sheets:
    """The sheets of a workbook that a table is written to, one after another."""

    def __init__(self, book: Any, columns: Sequence[Column], title: str, told: Written) -> None:
        self.book, self.columns, self.title, self.told = book, columns, title, told
        self.widths: list[int] = []
        self.number = self.row = self.cut = 0
        self._head = book.add_format({"bold": True, "bottom": 1})
        self._time = book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"})
        self._day = book.add_format({"num_format": "yyyy-mm-dd"})
        self._sheet: Any = None

    def begin(self) -> None:
        self.number += 1
        self._sheet = sheet = self.book.add_worksheet(self.title if self.number == 1 else f"{self.title} {self.number}")
        sheet.freeze_panes(1, 0)
        for place, (column, width) in enumerate(zip(self.columns, self.widths, strict=True)):
            sheet.set_column(place, place, width)
            sheet.write_string(0, place, _clean(column.name)[:CELL], self._head)
        self.row = 1

    def end(self) -> None:
        self._sheet.autofilter(0, 0, max(1, self.row - 1), len(self.columns) - 1)

    def add(self, row: Row) -> None:
        sheet, at = self._sheet, self.row
        for place, (column, value) in enumerate(zip(self.columns, row, strict=True)):
            if value is None:
                continue
            if (
                column.kind == "time"
                and (when := _instant(value)) is not None
                and (china := when.astimezone(SHANGHAI)).date() >= _FIRST_DAY
            ):
                sheet.write_datetime(at, place, china.replace(tzinfo=None), self._time)
            elif column.kind == "day" and (day := _day(value)) is not None and day >= _FIRST_DAY:
                sheet.write_datetime(at, place, datetime(day.year, day.month, day.day), self._day)  # noqa: DTZ001
            elif column.kind == "boolean":
                sheet.write_boolean(at, place, bool(value))
            elif isinstance(value, int | float) and abs(value) < _DIGITS:
                sheet.write_number(at, place, value)
            else:
                sheet.write_string(at, place, self._text(joined(value) if column.kind == "list" else _as_text(value)))
        self.row += 1
        self.told.rows += 1

    def _text(self, text: str) -> str:
        text = _clean(text)
        if 2 * len(text) > CELL and len(encoded := text.encode("utf-16-le")) > 2 * CELL:
            self.cut += 1
            return encoded[: 2 * (CELL - 1)].decode("utf-16-le", "ignore") + "…"
        return text


def _width(column: Column, values: Sequence[Value]) -> int:
    """Characters that a column takes, by its first rows; Chinese ones are two wide."""
    if column.kind in _WIDTHS:
        return max(_WIDTHS[column.kind], len(column.name) + 3)
    longest = max((cell_len(str(value).partition("\n")[0][:_WIDE]) for value in values if value is not None), default=0)
    return min(_WIDE, max(_NARROW, longest + 1, len(column.name) + 3))


# -- Atom

ATOM = "http://www.w3.org/2005/Atom"


def write_atom(out: BinaryIO, rows: Iterable[Row], *, name: str, title: str) -> Written:
    """A feed (RFC 4287) with an entry a row; rows have the columns of `newscrawl.store.queries.FEED`, and are held in
    memory: a feed is short.

    ``name`` tells one feed from another, ``title`` is for its readers. Addresses that are no http or https make no link, and no id. An entry
    without an id, a time that can be read or that repeats an id is left out, and a note says so.
    """
    told = Written()
    entries: dict[str, tuple[datetime, Row]] = {}
    lost = 0
    for row in rows:
        at, number = _instant(row[2]), _identity(row[0], name)
        if number is None or at is None or number in entries:
            lost += 1
            continue
        entries[number] = (at, row)
    updated = max((at for at, _ in entries.values()), default=datetime.fromtimestamp(0, UTC))
    with etree.xmlfile(out, encoding="utf-8") as file:
        file.write_declaration()
        with file.element(f"{{{ATOM}}}feed", nsmap={None: ATOM}):
            _write(file, "id", f"tag:newscrawl,2026:feed/{name}")
            _write(file, "title", title)
            _write(file, "updated", updated.isoformat(timespec="seconds"))
            _write(file, "generator", "newscrawl", version=__version__)
            with file.element(f"{{{ATOM}}}author"):
                # Of entries that name nobody.
                _write(file, "name", "newscrawl")
            for number, (at, row) in entries.items():
                with file.element(f"{{{ATOM}}}entry"):
                    _write(file, "id", number)
                    _write(file, "title", str(row[1] or number))
                    _write(file, "updated", at.isoformat(timespec="seconds"))
                    if row[3] and urlsplit(str(row[3])).scheme in ("http", "https"):
                        _write(file, "link", None, rel="alternate", href=str(row[3]))
                    if row[4]:
                        with file.element(f"{{{ATOM}}}author"):
                            _write(file, "name", str(row[4]))
                    if row[5]:
                        _write(file, "content", str(row[5]), type="text")
                told.rows += 1
    if lost:
        told.notes.append(f"{lost} entries were left out: without an id of their own, or without a time")
    return told


def _identity(value: Value, name: str) -> str | None:
    """An entry's id. Readers take an id for a link where there is none: what is no address becomes a name."""
    if value is None or value == "":
        return None
    number = str(value)
    return number if urlsplit(number).scheme in _IDENTITIES else f"tag:newscrawl,2026:{quote(name)}/{quote(number)}"


_IDENTITIES = ("http", "https", "tag", "urn")


def _write(file: Any, name: str, text: str | None, **attributes: str) -> None:
    with file.element(f"{{{ATOM}}}{name}", {key: _clean(value) for key, value in attributes.items()}):
        if text:
            file.write(_clean(text))
