"""WARC files: what a crawl was answered, written as it came, read back byte for byte, checked and mended.

Written by ISO 28500:2017 (WARC/1.1), each record a gzip member of its own; read whoever wrote them, in WACZ packages too.
"""

from __future__ import annotations

import base64
import fcntl
import hashlib
import json
import os
import re
import uuid
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime
from http.client import responses as reasons
from pathlib import Path
from typing import IO, Any, Literal, TypeVar
from urllib.parse import quote, urlsplit

from warcio.exceptions import ArchiveLoadFailed
from warcio.recordloader import ArcWarcRecordLoader

from newscrawl import __version__, codings, members

deflater: Any
try:
    # A fifth of zlib's time at the same size; there are machines that it is not built for.
    from isal import isal_zlib as deflater
except ImportError:
    deflater = zlib

MAX_FILE = 256 * 1024 * 1024
"""Bytes after which a run's archive goes on in a further file."""
MAX_CONTENT = codings.MAX_CONTENT
MAX_ABOUT = 16 * 1024
"""Characters of what is kept of a request."""
ENDINGS = (".warc", ".warc.gz", ".wacz")
"""How the names of files end that are read."""
UNKNOWN = datetime(1970, 1, 1, tzinfo=UTC)
"""The moment of a record that does not say its own."""
NOT_MODIFIED = 304

Damaged = members.Damaged
Undecodable = codings.Undecodable
Type = Literal["response", "revisit", "resource", "metadata"]
Field = tuple[str | bytes, str | bytes]
_Found = TypeVar("_Found")

_SAME_PAYLOAD = "http://netpreserve.org/warc/1.1/revisit/identical-payload-digest"
_NOT_MODIFIED = "http://netpreserve.org/warc/1.1/revisit/server-not-modified"
_READ = ("warcinfo", "response", "revisit", "resource", "metadata")
_ABOUT = "Newscrawl-Request"
_MEMBER = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\xff"
"""How each gzip member of our own begins: no name, no time, no system."""
_MAX_STORED = 0xFFFF
_PACKAGE = (*members.PACKAGE, NotImplementedError, RuntimeError)
"""What opening a package raises that is damaged, encrypted or packed in a way that is not known."""
# What compresses no further: stored as it is.
_PACKED = re.compile(
    rb"(?:image/(?!svg|bmp)|video/|audio/|font/|application/(?:zip|gzip|pdf|x-rar|vnd\.rar|x-7z)).*", re.I | re.S
)
_NO_TOKEN = re.compile(rb"[^!#$%&'*+.^_`|~0-9A-Za-z-]")
_BREAK = re.compile(rb"[\r\n\0]+")
_STAMP = re.compile(r"(?<!\d)(\d{8})T?(\d{6})")


@dataclass(frozen=True, slots=True)
class Place:
    """Where a record lies.

    ``file``: a path below the archive's folder, with slashes (``weihai/2026-11/weihai-20261124T154739Z-00000.warc.gz``); in a WACZ
    package ``crawl.wacz!/archive/data.warc.gz``. ``offset`` and ``length``: bytes of the file;
    a length below 1 is of a record that shares a gzip member with so many others before it.
    """

    file: str
    offset: int
    length: int


@dataclass(slots=True)
class Written:
    """What an index keeps of one record.

    ``url`` as the record has it (ASCII); ``at``: UTC in whole seconds, ``2026-11-24T15:47:39+00:00``; ``kind``: of the request;
    ``digest``: of the body as it came, ``sha1:`` and base 32.
    """

    place: Place
    url: str
    at: str
    type: Type
    kind: str
    status: int | None
    digest: str | None


@dataclass(slots=True)
class Captured:
    """A record read back.

    ``type``: response, revisit, resource, metadata or warcinfo. ``at``: aware, UTC. ``headers``: of HTTP, in latin-1, so that no byte
    is lost; without Transfer-Encoding where that was undone. ``body``: as it came, content coding kept. ``about``: what was kept of the
    request; of a metadata record its JSON; of a warcinfo record what the run said of itself, and ``newscrawl_run``, which all its files share (the fields, in
    files of others).
    ``refers_to``: address and moment of the record whose body a revisit stands for. ``truncated``: why the body is not whole.
    """

    type: str
    url: str
    at: datetime
    status: int | None
    headers: list[tuple[str, str]]
    body: bytes
    about: dict[str, Any]
    digest: str | None
    place: Place
    refers_to: tuple[str, datetime] | None = None
    truncated: str | None = None

    def header(self, name: str) -> str:
        """The first value of a header, or nothing."""
        name = name.lower()
        return next((value for key, value in self.headers if key.lower() == name), "")

    def content(self) -> bytes:
        """The body with its content coding undone, as far as it goes where it was cut off; a body that is not coded as it says is
        given as it is. Raises `Undecodable`.
        """
        body = self.body
        for coding in reversed(
            [c.strip().lower() for k, v in self.headers if k.lower() == "content-encoding" for c in v.split(",")]
        ):
            body = codings.decoded(body, coding)
        return body


@dataclass(slots=True)
class Checked:
    """What `check` found: records of all types, answers among them, bytes of the files, problems told."""

    records: int = 0
    responses: int = 0
    bytes: int = 0
    problems: int = 0


# -- writing


class Writer:
    """Writes the archive of one run of one site, a file a UTC day and ``max_size`` bytes; no file before the first record.

    ``folder``: the archive's; ``info``: what the run says of itself, kept as JSON in each file's first record. Its methods raise
    ``OSError`` where the disk fails, after cutting the file back to its last whole record. Each record is written at one stroke, so
    that a kill leaves half a record at most, at the end of the file.
    """

    def __init__(self, folder: Path, site: str, *, info: Mapping[str, Any], max_size: int = MAX_FILE) -> None:
        self.folder = Path(folder)
        self.site = re.sub(r"[^\w.-]", "_", site).lstrip(".") or "site"
        self.info = dict(info)
        self.max_size = max_size
        self.path: Path | None = None
        """The file that is written now."""
        self._file = -1
        self._size = 0
        self._day: date | None = None
        self._run: str | None = None
        self._serial = 0
        self._name = ""
        self._info_id = ""

    def response(
        self,
        url: str,
        status: int,
        headers: Sequence[Field],
        body: bytes,
        *,
        at: datetime,
        about: Mapping[str, Any],
        request_method: str = "GET",
        request_headers: Sequence[Field] = (),
        request_body: bytes = b"",
        unchanged: tuple[str, str, str] | None = None,
        truncated: str | None = None,
        ip: str | None = None,
    ) -> Written:
        """An answer, with the request that it answers.

        ``headers``: as they came, text as latin-1 (what does not fit, as UTF-8); ``body``: as it came, transfer coding undone, content
        coding kept. ``unchanged``: address, moment and digest of an earlier record with the same body, or of what a 304 stands for: then
        a revisit is written. ``truncated``: length, time, disconnect or unspecified.
        """
        target, moment = address(url), _utc(at)
        head = b"HTTP/1.1 %d %s\r\n%s\r\n" % (status, reasons.get(status, "").encode(), _lines(headers, ours=True))
        digest = _digest(body)
        told = _about(about)
        named = [("WARC-IP-Address", ip)] if ip else []
        if truncated:
            named.append(("WARC-Truncated", _line(truncated)))
        same = unchanged is not None and unchanged[2] == digest
        if status == NOT_MODIFIED or same:
            type_: Type = "revisit"
            stored, payload = b"", unchanged[2] if unchanged else None
            named.append(("WARC-Profile", _NOT_MODIFIED if status == NOT_MODIFIED else _SAME_PAYLOAD))
            if unchanged is not None:
                named.append(("WARC-Refers-To-Target-URI", address(unchanged[0])))
                named.append(("WARC-Refers-To-Date", _zulu(_utc(datetime.fromisoformat(unchanged[1])))))
        else:
            type_, stored, payload = "response", body, digest
        if payload:
            named.append(("WARC-Payload-Digest", _line(payload)))
        named.append((_ABOUT, told))
        name = _name()
        record = self._head(type_, name, moment, target, "application/http;msgtype=response", named, head, stored)
        # The request stands second: whole or not at all, the answer's place is the same.
        parts = urlsplit(target)
        asked = b"%s %s HTTP/1.1\r\n%s\r\n" % (
            _token(request_method),
            ((parts.path or "/") + (f"?{parts.query}" if parts.query else "")).encode(),
            _lines([*_host(request_headers, parts.netloc), *request_headers], ours=False),
        )
        ties = [("WARC-Concurrent-To", name), ("WARC-Payload-Digest", _digest(request_body))]
        request = self._head("request", _name(), moment, target, "application/http;msgtype=request", ties, asked, request_body)
        place = self._write(
            moment, _member(record + head, stored, _is_packed(headers, stored)), _member(request + asked, request_body, False)
        )
        return Written(place, target, moment.isoformat(), type_, str(about.get("kind") or ""), status, payload)

    def visit(self, url: str, visit: Mapping[str, Any], *, at: datetime) -> Written:
        """An address that gave no response, with why: JSON in a metadata record."""
        return self._json(address(url), visit, at, str(visit.get("kind") or ""))

    def resource(
        self, url: str, content_type: str, body: bytes, *, at: datetime, about: Mapping[str, Any], truncated: str | None = None
    ) -> Written:
        """What came by another way than an answer to one request: a page as a browser showed it."""
        target, moment, digest = address(url), _utc(at), _digest(body)
        named = [("WARC-Payload-Digest", digest), (_ABOUT, _about(about))]
        if truncated:
            named.append(("WARC-Truncated", _line(truncated)))
        head = self._head(
            "resource", _name(), moment, target, _line(content_type) or "application/octet-stream", named, b"", body
        )
        place = self._write(moment, _member(head, body, _is_packed([("Content-Type", content_type)], body)))
        return Written(place, target, moment.isoformat(), "resource", str(about.get("kind") or ""), None, digest)

    def finish(self, run: Mapping[str, Any]) -> None:
        """A last record: the run's row of the ledger, with ``"newscrawl": "run"``. A run that wrote nothing leaves nothing."""
        if self._run is not None:
            if self._file >= 0:
                # In the file that is open, be it of yesterday.
                self._day = datetime.now(UTC).date()
            self._json(f"urn:newscrawl:{quote(self.site)}:{self._run}", {"newscrawl": "run", **run}, datetime.now(UTC), "run")

    def close(self) -> None:
        """Close the file, once it is on the disk. Raises ``OSError``."""
        file, self._file = self._file, -1
        if file >= 0:
            try:
                os.fsync(file)
            finally:
                os.close(file)

    def _json(self, target: str, values: Mapping[str, Any], at: datetime, kind: str) -> Written:
        moment = _utc(at)
        body = json.dumps(values, ensure_ascii=False, default=str).encode("utf-8", "backslashreplace")
        digest = _digest(body)
        named = [("WARC-Payload-Digest", digest), *([("WARC-Warcinfo-ID", self._info_id)] if self._info_id else [])]
        head = self._head("metadata", _name(), moment, target, "application/json", named, b"", body)
        return Written(
            self._write(moment, _member(head, body, False)), target, moment.isoformat(), "metadata", kind, None, digest
        )

    @staticmethod
    def _head(
        type_: str, name: str, at: datetime, target: str, content: str, named: Iterable[tuple[str, str]], head: bytes, body: bytes
    ) -> bytes:
        block = hashlib.sha1(head, usedforsecurity=False)
        block.update(body)
        lines = [
            f"WARC/1.1\r\nWARC-Type: {type_}\r\nWARC-Record-ID: {name}\r\nWARC-Date: {_zulu(at)}\r\n",
            f"WARC-Target-URI: {target}\r\n" if target else "",
            *(f"{key}: {value}\r\n" for key, value in named),
            f"WARC-Block-Digest: sha1:{base64.b32encode(block.digest()).decode()}\r\n",
            f"Content-Type: {content}\r\nContent-Length: {len(head) + len(body)}\r\n\r\n",
        ]
        return "".join(lines).encode("ascii", "backslashreplace")

    def _write(self, at: datetime, *members: bytes) -> Place:
        """Append members at one stroke; the place is the first one's."""
        data = members[0] if len(members) == 1 else b"".join(members)
        if self._file < 0 or self._day != at.date() or (self._size + len(data) > self.max_size and self._size > self._begun):
            self._open(at)
        offset = self._size
        self._append(data)
        return Place(self._name, offset, len(members[0]))

    def _append(self, data: bytes) -> None:
        left = memoryview(data)
        try:
            while left:
                left = left[os.write(self._file, left) :]
        except OSError:
            with suppress(OSError):
                os.ftruncate(self._file, self._size)
                os.lseek(self._file, self._size, os.SEEK_SET)
            raise
        self._size += len(data)

    def _open(self, at: datetime) -> None:
        self.close()
        stamp = at.strftime("%Y%m%dT%H%M%SZ")
        month = self.folder / self.site / at.strftime("%Y-%m")
        month.mkdir(parents=True, exist_ok=True)
        while True:
            path = month / f"{self.site}-{stamp}-{self._serial:05}.warc.gz"
            self._serial += 1
            with suppress(FileExistsError):
                self._file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o666)
                break
        # Held while it is written, so that nobody mends it.
        with suppress(OSError):
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        self.path, self._size, self._day = path, 0, at.date()
        self._name = path.relative_to(self.folder).as_posix()
        self._run = self._run or f"{stamp}-{uuid.uuid4().hex[:8]}"
        self._info_id = _name()
        fields = {
            "software": f"newscrawl/{__version__}",
            "format": "WARC File Format 1.1",
            "conformsTo": "https://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.1/",
            "isPartOf": f"{self.site}-{self._run}",
            "newscrawl": json.dumps(self.info, default=str),
        }
        body = "".join(f"{name}: {value}\r\n" for name, value in fields.items()).encode("utf-8", "backslashreplace")
        named = [("WARC-Filename", quote(path.name))]
        try:
            self._append(
                _member(self._head("warcinfo", self._info_id, at, "", "application/warc-fields", named, b"", body), body, False)
            )
        except OSError:
            os.close(self._file)
            self._file = -1
            path.unlink(missing_ok=True)
            raise
        self._begun = self._size

    _begun = 0


def address(url: str) -> str:
    """An address as a record may have it: in ASCII, without spaces or what could end its line, the rest left alone."""
    return quote(url.strip(), safe="!#$%&'()*+,/:;=?@[]~-._", errors="replace")


def _member(head: bytes, body: bytes, packed: bool) -> bytes:
    """A record as a gzip member. What is packed already is stored: that takes a thirtieth of the time, and the size is the same."""
    end = b"\r\n\r\n"
    coder = deflater.compressobj(1, zlib.DEFLATED, -15)
    if not packed:
        whole = b"".join((head, body, end))
        parts = [_MEMBER, coder.compress(whole), coder.flush()]
        crc = zlib.crc32(whole)
    else:
        rest = body + end
        parts = [_MEMBER, coder.compress(head), coder.flush(zlib.Z_SYNC_FLUSH)]
        for start in range(0, len(rest), _MAX_STORED):
            block = rest[start : start + _MAX_STORED]
            size = len(block)
            last = start + size == len(rest)
            parts += [bytes((last,)), size.to_bytes(2, "little"), (size ^ 0xFFFF).to_bytes(2, "little"), block]
        crc = zlib.crc32(rest, zlib.crc32(head))
    parts += [crc.to_bytes(4, "little"), ((len(head) + len(body) + len(end)) & 0xFFFFFFFF).to_bytes(4, "little")]
    return b"".join(parts)


def _is_packed(headers: Sequence[Field], body: bytes) -> bool:
    """Whether a body is compressed already, by its headers."""
    if len(body) < 128:
        return False
    for name, value in headers:
        key = _bytes(name).lower()
        if key == b"content-encoding":
            coding = _bytes(value).strip().lower()
            # Some say gzip and send plain text.
            if coding in (b"br", b"zstd", b"deflate") or (coding in (b"gzip", b"x-gzip") and body.startswith(b"\x1f\x8b")):
                return True
        elif key == b"content-type" and _PACKED.match(_bytes(value).strip()):
            return True
    return False


def _lines(headers: Sequence[Field], *, ours: bool) -> bytes:
    """Headers of HTTP as lines. Nothing in them can begin a line of its own."""
    lines = []
    for name, value in headers:
        key = _token(name)
        if ours and key.lower() == b"transfer-encoding":
            # The body is as it was before chunks: a reader must not look for them.
            key = b"X-Archive-Orig-Transfer-Encoding"
        lines.append(b"%s: %s\r\n" % (key, _BREAK.sub(b" ", _bytes(value)).strip(b" \t")))
    return b"".join(lines)


def _host(headers: Sequence[Field], netloc: str) -> list[Field]:
    return [] if any(_bytes(name).lower() == b"host" for name, _ in headers) else [("Host", netloc.rpartition("@")[2])]


def _token(name: str | bytes) -> bytes:
    return _NO_TOKEN.sub(b"-", _bytes(name)) or b"-"


def _bytes(text: str | bytes) -> bytes:
    if isinstance(text, bytes):
        return text
    try:
        return text.encode("latin-1")
    except UnicodeEncodeError:
        return text.encode("utf-8", "replace")


def _line(text: str) -> str:
    """Text that stands in a record's head: printable ASCII."""
    return re.sub(r"[^\x20-\x7e]+", " ", text).strip()


def _about(about: Mapping[str, Any]) -> str:
    """What is kept of a request, as one line of ASCII; where it is too long, its longest values are left out and named."""
    said = json.dumps(about, default=str)
    if len(said) <= MAX_ABOUT:
        return said
    sizes = {name: len(json.dumps(value, default=str)) for name, value in about.items()}
    kept, cut = dict(about), []
    for name in sorted(sizes, key=lambda name: -sizes[name]):
        del kept[name]
        cut.append(str(name)[:40])
        said = json.dumps({**kept, "left_out": cut}, default=str)
        if len(said) <= MAX_ABOUT:
            return said
    return json.dumps({"left_out": len(sizes)})


def _digest(body: bytes) -> str:
    return "sha1:" + base64.b32encode(hashlib.sha1(body, usedforsecurity=False).digest()).decode()


def _name() -> str:
    return f"<urn:uuid:{uuid.uuid4()}>"


def _utc(at: datetime) -> datetime:
    return at.astimezone(UTC).replace(microsecond=0)


def _zulu(at: datetime) -> str:
    return at.isoformat()[:19] + "Z"


# -- reading


def files(folder: Path) -> list[Path]:
    """The WARC and WACZ files below a folder, or the file itself: oldest first, by the moment in the name or else the file's own.

    Raises ``FileNotFoundError``.
    """
    folder = Path(folder)
    if not folder.is_dir():
        folder.stat()
        return [folder]
    found = [path for path in folder.rglob("*") if path.name.lower().endswith(ENDINGS) and path.is_file()]
    return sorted(found, key=lambda path: (_stamp(path), path.name, path))


def _stamp(path: Path) -> str:
    match = _STAMP.search(path.name)
    return match[1] + match[2] if match else datetime.fromtimestamp(path.stat().st_mtime, UTC).strftime("%Y%m%d%H%M%S")


def records(
    path: Path,
    *,
    folder: Path | None = None,
    problem: Callable[[str], None] | None = None,
    wanted: Callable[[str], bool] | None = None,
    bodies: bool = True,
) -> Iterator[Captured]:
    """The records of a WARC or WACZ file in their order, whoever wrote it; requests are left out.

    ``folder``: what places are relative to (default: the file's own). ``wanted``: whether an address is of interest; what is not costs
    little. ``bodies``: without them only heads are read, and no digest is checked. What is damaged goes to ``problem`` as a line that
    names file and byte, and what comes after it is read; nothing that stands in a file raises. Raises ``OSError`` where the file
    cannot be read at all.
    """
    tell = problem or (lambda _: None)
    path = Path(path)
    base = Path(folder) if folder is not None else path.parent
    for name, file, source in _sources(path, base, tell):

        def take(head: _Head, source: members.Records, name: str = name) -> Captured | None:
            if head.type not in _READ or (wanted is not None and head.type != "warcinfo" and not wanted(head.url)):
                return None
            if bodies and head.length > MAX_CONTENT + members.MAX_HEAD:
                tell(f"{name} at byte {source.start}: {head.url}: is larger than {MAX_CONTENT >> 20} MiB; left out")
                return None
            whole = bodies or head.type in ("warcinfo", "metadata")
            block = source.read(head.length) if whole else source.read_head(head.length)
            if whole and len(block) < head.length:
                if not source.is_packed:
                    return None  # the file's end, which is told once the record's is looked for
                tell(f"{name} at byte {source.start}: {head.url}: holds {len(block)} bytes, and its head says {head.length}")
            try:
                return _captured(head, block, checked=whole)
            except Damaged as error:
                tell(f"{name} at byte {source.start}: {head.url}: damaged, {error}; left out")
                return None

        for record, start, length in _walk(source, name, tell, take):
            record.place = Place(file, start, length)
            yield record


def at(folder: Path, place: Place) -> Captured:
    """One record by its place. Raises ``OSError``, and `Damaged` where no whole record stands there."""
    file, _, member = place.file.partition("!/")
    with (Path(folder) / file).open("rb") as raw:
        if not member:
            raw.seek(place.offset)
            return _one(raw, place)
        try:
            with zipfile.ZipFile(raw) as package:
                found = package.getinfo(member)
                with package.open(found) as stream:
                    if found.compress_type == zipfile.ZIP_STORED:
                        raw.seek(_data_offset(raw, found) + place.offset)
                        return _one(raw, place)
                    stream.seek(place.offset)
                    return _one(stream, place)
        except (*_PACKAGE, KeyError) as error:
            raise Damaged(f"the package is damaged: {_said(error)}") from None


def _one(stream: IO[bytes], place: Place) -> Captured:
    source = members.reader(stream, max(place.length, 0))
    try:
        if source is None or not source.next():
            raise Damaged("no record begins there")
        head = _Head.read(source)
        for _ in range(-place.length):
            source.end(head.begun + head.length)
            if not source.next():
                raise Damaged("no record begins there")
            head = _Head.read(source)
        if head.length > MAX_CONTENT + members.MAX_HEAD:
            raise Damaged(f"it is larger than {MAX_CONTENT >> 20} MiB")
        block = source.read(head.length)
        source.end(head.begun + head.length)
        record = _captured(head, block, checked=True)
    except (ArchiveLoadFailed, EOFError) as error:
        raise Damaged(f"no record begins there: {_said(error)}") from None
    record.place = place
    return record


def _data_offset(raw: IO[bytes], found: zipfile.ZipInfo) -> int:
    """Where the bytes of a stored member of a package begin (APPNOTE.TXT, 4.3.7)."""
    raw.seek(found.header_offset + 26)
    sizes = raw.read(4)
    return found.header_offset + 30 + int.from_bytes(sizes[:2], "little") + int.from_bytes(sizes[2:], "little")


def _sources(path: Path, folder: Path, tell: Callable[[str], None]) -> Iterator[tuple[str, str, members.Records]]:
    """The WARC files that a file is or holds: a name for messages, the file's part of a place, its reader."""
    file = path.relative_to(folder).as_posix() if path.is_relative_to(folder) else path.as_posix()
    with path.open("rb") as raw:
        begin = raw.read(4)
        raw.seek(0)
        if begin != b"PK\x03\x04":
            source = members.reader(raw)
            if source is None:
                tell(f"{path}: is not a WARC file")
            else:
                yield str(path), file, source
            return
        try:
            package = zipfile.ZipFile(raw)
        except (*_PACKAGE, OSError) as error:
            tell(f"{path}: the package is damaged ({_said(error)})")
            return
        with package:
            for member in sorted(package.namelist()):
                if not (member.startswith("archive/") and member.lower().endswith((".warc", ".warc.gz"))):
                    continue
                try:
                    with package.open(member) as stream:
                        source = members.reader(stream)
                        if source is None:
                            tell(f"{path}!/{member}: is not a WARC file")
                        else:
                            yield f"{path}!/{member}", f"{file}!/{member}", source
                except (*_PACKAGE, OSError) as error:
                    tell(f"{path}!/{member}: cannot be opened ({_said(error)})")


_LOADER = ArcWarcRecordLoader(verify_http=False, arc2warc=False)


@dataclass(slots=True)
class _Head:
    """The head of a record. ``begun``: bytes of it; ``length``: bytes of the block after it."""

    type: str
    url: str
    length: int
    begun: int
    fields: Any

    @classmethod
    def read(cls, source: members.Records) -> _Head:
        """Read one. Raises `Damaged`, warcio's ``ArchiveLoadFailed``, and ``EOFError`` where there is nothing."""
        record = _LOADER.parse_record_stream(source, known_format="warc", no_record_parse=True)
        fields = record.rec_headers
        said = fields.get_header("Content-Length")
        if said is None or not re.fullmatch(r"\d{1,15}", said.strip(), re.A):
            raise Damaged("it does not say its length")
        return cls(
            (fields.get_header("WARC-Type") or "").lower(),
            fields.get_header("WARC-Target-URI") or "",
            int(said),
            source.taken,
            fields,
        )

    def get(self, name: str) -> str | None:
        """The value of a field."""
        value: str | None = self.fields.get_header(name)
        return value


def _walk(
    source: members.Records, name: str, tell: Callable[[str], None], take: Callable[[_Head, members.Records], _Found | None]
) -> Iterator[tuple[_Found, int, int]]:
    """What ``take`` makes of each record, with its offset and length. Damage is told, and reading goes on after it."""
    while True:
        try:
            if not source.next():
                return
            try:
                head = _Head.read(source)
            except EOFError:
                # A member without anything in it: some tools end their files with one.
                continue
            found = take(head, source)
            length = source.end(head.begun + head.length)
        except (Damaged, ArchiveLoadFailed) as error:
            start = source.start
            if source.resume():
                tell(f"{name}: damaged at byte {start} ({_said(error)}); reading goes on at byte {source.start}")
                continue
            if isinstance(error, members.Cut):
                tell(f"{name}: broken: it ends in the middle of a record, at byte {start}; what came before is read")
            else:
                tell(f"{name}: broken from byte {start} on ({_said(error)}); what came before is read")
            return
        if found is not None:
            yield found, source.start, length


def _said(error: Exception) -> str:
    return " ".join(str(error).split())[:200] or type(error).__name__


def _captured(head: _Head, block: bytes, *, checked: bool) -> Captured:
    """A record out of its head and block; ``checked``: the block is whole, and its digests are to match. Raises `Damaged`."""
    sound = _matches(block, head.get("WARC-Block-Digest")) if checked else None
    if sound is False:
        raise Damaged("its digest does not match")
    status, body = None, block
    headers: list[tuple[str, str]] = []
    about: dict[str, Any] = {}
    digest = head.get("WARC-Payload-Digest")
    if head.type in ("response", "revisit"):
        status, headers, raw = codings.answer(block)
        body, headers = codings.unchunked(raw, headers)
        if (
            checked
            and sound is None
            and head.type == "response"
            and _matches(raw, digest) is False
            and not _matches(body, digest)
        ):
            raise Damaged("its digest does not match")
    elif head.type == "warcinfo":
        _, lines, _ = codings.answer(b"INFO\r\n" + block, status_line=False)
        said = {name: value.encode("latin-1").decode("utf-8", "replace") for name, value in lines}
        about = _json(said.get("newscrawl")) or said
        if said.get("software", "").startswith("newscrawl/") and "isPartOf" in said:
            about["newscrawl_run"] = said["isPartOf"]
    elif head.type == "metadata":
        if (head.get("Content-Type") or "").startswith("application/json"):
            about = _json(block)
    else:
        headers = [("Content-Type", head.get("Content-Type") or "")]
    if head.type not in ("warcinfo", "metadata"):
        about = _json(head.get(_ABOUT))
    other = (head.get("WARC-Refers-To-Target-URI") or "").strip("<>")
    return Captured(
        type=head.type,
        url=head.url,
        at=_moment(head.get("WARC-Date")),
        status=status,
        headers=headers,
        body=body if checked else b"",
        about=about,
        digest=digest,
        place=Place("", 0, 0),
        refers_to=(other, _moment(head.get("WARC-Refers-To-Date"))) if other else None,
        truncated=head.get("WARC-Truncated") or ("length" if head.get("WARC-Segment-Number") else None),
    )


def _matches(data: bytes, digest: str | None) -> bool | None:
    """Whether bytes have a digest, in base 32, base 64 or hex; ``None`` where there is none, or none that is known."""
    name, _, value = (digest or "").strip().partition(":")
    try:
        found = hashlib.new(name.lower().replace("sha-", "sha"), data, usedforsecurity=False).digest()
    except (ValueError, TypeError):
        return None
    spelt = (base64.b32encode(found), base64.b64encode(found), base64.urlsafe_b64encode(found))
    return value.lower() == found.hex() or value.upper() == spelt[0].decode() or value.encode() in spelt


def _json(text: str | bytes | None) -> dict[str, Any]:
    try:
        value = json.loads(text) if text else {}
    except (ValueError, RecursionError):
        return {}
    return value if isinstance(value, dict) else {}


def _moment(text: str | None) -> datetime:
    text = (text or "").strip()
    with suppress(ValueError):
        moment = datetime.fromisoformat(text)
        return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
    with suppress(ValueError):
        return datetime.strptime(text[:14], "%Y%m%d%H%M%S").replace(tzinfo=UTC)
    return UNKNOWN


# -- checking and mending


def check(path: Path, problem: Callable[[str], None], *, answered: set[int] | None = None) -> Checked:
    """Check a file, or all below a folder: whole records, their lengths, block and payload digests, what revisits refer to.

    Each problem goes to ``problem`` as a line that names file and byte. ``answered`` carries from file to file which answers there
    are: whoever checks the files of a folder one by one, oldest first, hands the same set to each. Without it, a single file's
    revisits may refer to another file's answers. Raises ``OSError`` where a file cannot be read at all.
    """
    path = Path(path)
    found = Checked()

    def tell(line: str) -> None:
        found.problems += 1
        problem(line)

    whole = answered is not None or path.is_dir()
    known = set() if answered is None else answered
    for file in files(path):
        found.bytes += file.stat().st_size
        for name, _, source in _sources(file, file.parent, tell):
            _check(source, name, tell, found, known, whole)
    return found


def _check(source: members.Records, name: str, tell: Callable[[str], None], found: Checked, known: set[int], whole: bool) -> None:
    ours = told = False

    def take(head: _Head, source: members.Records) -> str:
        nonlocal ours
        where = f"{name} at byte {source.start}: {head.type or 'a record of no type'} {head.url}".rstrip()
        is_large = head.length > MAX_CONTENT + members.MAX_HEAD
        block = b"" if is_large else source.read(head.length)
        if len(block) < head.length and not source.is_packed and not is_large:
            return where  # the file's end, which is told once the record's is looked for
        found.records += 1
        found.responses += head.type == "response"
        if is_large:
            return where
        if len(block) < head.length:
            tell(f"{where}: holds {len(block)} bytes, and its head says {head.length}")
        if _matches(block, head.get("WARC-Block-Digest")) is False:
            tell(f"{where}: its block is not what WARC-Block-Digest says")
        digest = head.get("WARC-Payload-Digest")
        if digest and head.type != "revisit" and not head.get("WARC-Segment-Number"):
            payload, chunks = _payload(head, block)
            if _matches(payload, digest) is False and not (chunks and _matches(codings.unchunked(payload, chunks)[0], digest)):
                tell(f"{where}: its payload is not what WARC-Payload-Digest says")
        if (about := head.get(_ABOUT)) is not None and not _json(about) and about.strip() != "{}":
            tell(f"{where}: {_ABOUT} is not a JSON object")
        if head.type == "warcinfo":
            ours = block.startswith(b"software: newscrawl/")
        elif head.type == "response":
            known.add(hash((head.url, _moment(head.get("WARC-Date")))))
        elif head.type == "revisit" and (other := (head.get("WARC-Refers-To-Target-URI") or "").strip("<>")):
            moment = _moment(head.get("WARC-Refers-To-Date"))
            if whole and hash((other, moment)) not in known:
                tell(f"{where}: refers to {other} of {_zulu(moment)}, which is not there")
        return where

    for where, _, length in _walk(source, name, tell, take):
        if isinstance(source, members.Members):
            if ours and source.head != _MEMBER:
                tell(f"{where}: the head of its gzip member is damaged")
            if length > 0 and source.extra:
                tell(f"{where}: is followed by {source.extra} bytes that are no record")
            if length <= 0 and not told:
                told = True
                tell(f"{where}: shares a gzip member with other records; readers cannot go to it")


def _payload(head: _Head, block: bytes) -> tuple[bytes, list[tuple[str, str]]]:
    """What a payload digest is of: the body of HTTP, with the headers that say whether it comes in chunks, or the block."""
    if head.type == "response" or (head.type == "request" and "application/http" in (head.get("Content-Type") or "")):
        if head.type == "response":
            _, headers, body = codings.answer(block)
            return body, headers
        end = codings.HEAD_END.search(block)
        return (block[end.end() :] if end else b""), []
    return block, []


def repair(path: Path) -> int:
    """Cut a file that a kill left with half a record at its end back to its last whole one: the bytes cut, 0 where it was whole.

    Damage elsewhere is left as it is. Raises ``BlockingIOError`` where a run writes the file just now, and ``OSError``.
    """
    with Path(path).open("r+b") as stream:
        fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
        source = members.reader(stream)
        size = os.fstat(stream.fileno()).st_size
        if source is None:
            return 0
        while True:
            try:
                if not source.next():
                    return 0
                head = _Head.read(source)
                source.end(head.begun + head.length)
            except EOFError:
                continue
            except (Damaged, ArchiveLoadFailed) as error:
                start = source.start
                if source.resume():
                    continue
                # After a power failure, what was not on the disk yet may be zeros.
                stream.seek(max(start, size - 16))
                if not isinstance(error, members.Cut) and stream.read().strip(b"\0"):
                    return 0
                stream.truncate(start)
                os.fsync(stream.fileno())
                return size - start
