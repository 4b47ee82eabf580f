"""The bytes of a WARC file, a record at a time: plain, or gzipped member by member; past damage, too."""

from __future__ import annotations

import os
import re
import struct
import zipfile
import zlib
from collections.abc import Callable
from typing import IO, Any

_MAX_LINE, MAX_HEAD = 1 << 20, 4 << 20
_BLOCK = 1 << 16
PACKAGE = (zlib.error, zipfile.BadZipFile, EOFError, struct.error)
"""What reading out of a damaged package raises."""
_HEAD_END = re.compile(rb"\r?\n\r?\n")


class Damaged(ValueError):
    """A record that cannot be read; the message says why."""


class Cut(Damaged):
    """The file ends in the middle of a record."""


class Records:
    """A plain WARC file, a record at a time. ``start``: where the record begins in the file."""

    is_packed = False

    def __init__(self, stream: IO[bytes], limit: int = 0) -> None:
        self._stream = stream
        self._left = limit or -1
        self._raw = b""
        self._held = b""
        self._pos = 0
        self._read_to = stream.tell()
        self.start = self._read_to
        self.taken = 0

    def next(self) -> bool:
        """Go to the next record; whether there is one."""
        while True:
            begin = self.peek(2)
            if not begin:
                return False
            if begin[:1] not in b"\r\n":
                break
            self.read(1)
        self.start = self.offset
        self.taken = 0
        return True

    @property
    def offset(self) -> int:
        """Where in the file reading is."""
        return self._read_to - (len(self._held) - self._pos)

    def _more(self, size: int = _BLOCK) -> bytes:
        """The file's next bytes."""
        if self._left >= 0:
            size = min(size, self._left)
        try:
            data = self._stream.read(size)
        except PACKAGE as error:
            raise Damaged(f"the package is damaged: {error}") from None
        self._read_to += len(data)
        if self._left >= 0:
            self._left -= len(data)
        return data

    def fill(self) -> bool:
        """Hold further bytes of the record, once those held are read; whether there are any."""
        self._held, self._pos = self._more(), 0
        return bool(self._held)

    def peek(self, size: int) -> bytes:
        """The next bytes, fewer at the end, without going on."""
        while len(self._held) - self._pos < size:
            before = self._held[self._pos :]
            if not self.fill():
                self._held, self._pos = before, 0
                break
            self._held = before + self._held
        return self._held[self._pos : self._pos + size]

    def read(self, size: int) -> bytes:
        """Bytes of the record, fewer at its end."""
        parts = []
        while size > 0:
            if self._pos >= len(self._held) and not self.fill():
                break
            part = self._held[self._pos : self._pos + size]
            self._pos += len(part)
            size -= len(part)
            parts.append(part)
        data = parts[0] if len(parts) == 1 else b"".join(parts)
        self.taken += len(data)
        return data

    def readline(self, _: int | None = None) -> bytes:
        """A line with its end, as warcio's parser asks for it. Raises `Damaged` for one that is longer than any."""
        parts: list[bytes] = []
        size = 0
        while True:
            if self._pos >= len(self._held) and not self.fill():
                break
            end = self._held.find(b"\n", self._pos) + 1
            part = self._held[self._pos : end or len(self._held)]
            self._pos += len(part)
            size += len(part)
            parts.append(part)
            if end:
                break
            if size > _MAX_LINE:
                raise Damaged("a line of its head is longer than 1 MiB")
        self.taken += size
        if not self.is_packed and not (parts and parts[-1].endswith(b"\n")):
            raise Cut("the file ends within it")
        if self.taken > MAX_HEAD:
            raise Damaged("its head is longer than 4 MiB")
        return parts[0] if len(parts) == 1 else b"".join(parts)

    def read_head(self, size: int) -> bytes:
        """A block of ``size`` bytes as far as its head of HTTP goes, and somewhat further."""
        data = self.read(min(size, _BLOCK)) if self.peek(min(size, 5)) == b"HTTP/" else b""
        while len(data) < min(size, MAX_HEAD) and data and not _HEAD_END.search(data):
            more = self.read(min(size - len(data), _BLOCK))
            if not more:
                break
            data += more
        return data

    def end(self, size: int) -> int:
        """Go past the record: its length. Raises `Damaged` where the next does not begin there, `Cut` where the file ends before."""
        left = size - self.taken
        held = len(self._held) - self._pos
        if left > held and self._left < 0 and self._stream.seekable():
            self._held, self._pos = b"", 0
            self._read_to = self._stream.seek(left - held - 1, os.SEEK_CUR)
            left = 1
        while left > 0:
            data = self.read(min(left, _BLOCK))
            if not data:
                raise Cut("the file ends within it")
            left -= len(data)
        end = self.offset
        if self._left < 0:
            after = self.peek(2)
            if after and after[:1] not in b"\r\n":
                raise Damaged("its length is wrong")
        return end - self.start

    def resume(self) -> bool:
        """Go to where the next record begins, after damage; whether there is one."""
        return self._search(rb"(?<=\n)WARC/[01]\.", lambda stream: True)

    def _search(self, mark: bytes, begins: Callable[[IO[bytes]], bool]) -> bool:
        """Go to the first mark after the record's beginning where one ``begins``."""
        stream = self._stream
        if not stream.seekable():
            return False
        pattern = re.compile(mark, re.S)
        held = b""
        try:
            position = stream.seek(self.start + 1)
            while data := stream.read(1 << 20):
                # A mark may lie across the border of two reads.
                held = held[-16:] + data
                position += len(data)
                for found in pattern.finditer(held):
                    here = position - len(held) + found.start()
                    stream.seek(here)
                    if begins(stream):
                        self._restart(stream.seek(here))
                        return True
                stream.seek(position)
        except PACKAGE:
            pass
        return False

    def _restart(self, offset: int) -> None:
        self._raw = self._held = b""
        self._pos = 0
        self._read_to = self.start = offset


class Members(Records):
    """A gzipped WARC file: each record a member, or, as some tools do it, several in one."""

    is_packed = True
    extra = 0
    """Bytes of the last member that come after its record."""

    def __init__(self, stream: IO[bytes], limit: int = 0) -> None:
        super().__init__(stream, limit)
        self._coder: Any = None
        self.shared = False
        self.before = 0
        """Records of the member that come before the one at hand."""
        self.head = b""
        """The first ten bytes of the member."""

    @property
    def offset(self) -> int:
        """Where in the file reading is; within a member, where the bytes that were taken of it end."""
        return self._read_to - len(self._raw)

    def next(self) -> bool:
        """Go to the next record: within the member, where it holds another, else in the next one."""
        if self._coder is not None:
            self._blank()
            if self.peek(5) == b"WARC/":
                self.shared = True
                self.before += 1
                self.taken = 0
                return True
            while self.fill():
                pass
        while len(self._raw) < 10 and (data := self._more()):
            self._raw += data
        if not self._raw:
            return False
        self.start = self.offset
        self.taken, self.before, self.shared = 0, 0, False
        self.head = self._raw[:10]
        if not self._raw.startswith(b"\x1f\x8b"[: len(self._raw)]):
            raise Damaged("no gzip member begins there")
        self._coder = zlib.decompressobj(31)
        self._held, self._pos = b"", 0
        return True

    def _blank(self) -> None:
        while (byte := self.peek(1)) and byte in b"\r\n":
            self.read(1)

    def fill(self) -> bool:
        """Hold further bytes of the member; whether there are any. Raises `Damaged` and `Cut`."""
        coder = self._coder
        while coder is not None and not coder.eof:
            data = coder.unconsumed_tail or self._raw or self._more()
            try:
                out = coder.decompress(data, 4 * _BLOCK)
            except zlib.error as error:
                raise Damaged(str(error)) from None
            self._raw = coder.unused_data if coder.eof else b""
            if out:
                self._held, self._pos = out, 0
                return True
            if not data and not coder.eof:
                raise Cut("the file ends within it")
        self._held, self._pos = b"", 0
        return False

    def end(self, size: int) -> int:
        """Go past the record: its length, or, where it shares its member, less than 1: how many records come before it there."""
        left = size - self.taken
        while left > 0 and (self._pos < len(self._held) or self.fill()):
            part = min(left, len(self._held) - self._pos)
            self._pos += part
            left -= part
        self._blank()
        if self.peek(5) == b"WARC/":
            self.shared = True
        if self.shared:
            return -self.before
        self.extra = 0
        while self._pos < len(self._held) or self.fill():
            self.extra += len(self._held) - self._pos
            self._pos = len(self._held)
        return self.offset - self.start

    def resume(self) -> bool:
        """Go to where the next member begins that holds a record, after damage; whether there is one."""

        def begins(stream: IO[bytes]) -> bool:
            try:
                return zlib.decompressobj(31).decompress(stream.read(4096), 5) == b"WARC/"
            except zlib.error:
                return False

        self._coder = None
        return self._search(rb"\x1f\x8b\x08", begins)


def reader(stream: IO[bytes], limit: int = 0) -> Records | None:
    """The reader for a file, by how it begins; ``None`` for what is no WARC file. An empty file has no records."""
    begin = stream.read(5)
    stream.seek(-len(begin), os.SEEK_CUR)
    if begin.startswith(b"\x1f\x8b"[: len(begin)]):
        return Members(stream, limit)
    return Records(stream, limit) if begin == b"WARC/" else None
