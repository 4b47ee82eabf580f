"""What HTTP wraps a body in, undone: its head, chunks, gzip, deflate, brotli and zstandard."""

from __future__ import annotations

import re
import sys
import zlib
from collections.abc import Callable, Sequence
from typing import Any

import brotli  # type: ignore[import-untyped]

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

MAX_CONTENT = 64 * 1024 * 1024
"""Bytes of one page at most, decompressed: a bomb is no page."""

_BLOCK = 1 << 16
HEAD_END = re.compile(rb"\r?\n\r?\n")
"""Where a head of HTTP ends."""
_STATUS = re.compile(rb"HTTP/\S*\s+(\d{3})")
_CHUNK = re.compile(rb"(?:\r?\n)?([0-9a-fA-F]{1,8})[ \t]*(?:;[^\r\n]*)?\r?\n")


class Undecodable(ValueError):
    """A body whose content coding cannot be undone, or that is larger than `MAX_CONTENT` then."""


def answer(block: bytes, *, status_line: bool = True) -> tuple[int | None, list[tuple[str, str]], bytes]:
    """Status, headers and body of an answer. What has no head of HTTP is all body."""
    if status_line and not block.startswith(b"HTTP/"):
        return None, [], block
    end = HEAD_END.search(block)
    head, body = (block[: end.start()], block[end.end() :]) if end else (block, b"")
    status = _STATUS.match(head)
    headers: list[tuple[str, str]] = []
    for line in head.split(b"\n")[1:]:
        text = line.rstrip(b"\r").decode("latin-1")
        if text[:1] in (" ", "\t") and headers:
            headers[-1] = (headers[-1][0], headers[-1][1] + " " + text.strip(" \t"))
        else:
            name, colon, value = text.partition(":")
            if colon:
                headers.append((name.strip(" \t"), value.strip(" \t")))
    return int(status[1]) if status else None, headers, body


def unchunked(body: bytes, headers: list[tuple[str, str]]) -> tuple[bytes, list[tuple[str, str]]]:
    """A body with its chunks joined (RFC 9112, 7.1), as far as they go; what is said to come in chunks and does not stays as it is."""
    if not any(name.lower() == "transfer-encoding" and "chunked" in value.lower() for name, value in headers):
        return body, headers
    rest = [(name, value) for name, value in headers if name.lower() != "transfer-encoding"]
    parts: list[bytes] = []
    pos = 0
    while match := _CHUNK.match(body, pos):
        size = int(match[1], 16)
        if not size:
            break
        parts.append(body[match.end() : match.end() + size])
        pos = match.end() + size
    return (b"".join(parts) if pos or match else body), rest


def decoded(body: bytes, coding: str) -> bytes:
    """A body with one content coding undone (RFC 9110, 8.4.1); one that is not known, or that is not there, leaves it as it is."""
    if coding in ("gzip", "x-gzip"):
        return _inflated(body, (31,))
    if coding == "deflate":
        # By the standard with zlib's head; some servers send it without.
        return _inflated(body, (15, -15))
    if coding == "br":
        coder: Any = brotli.Decompressor()
        return _expanded(body, lambda data: coder.process(data, output_buffer_limit=_BLOCK), brotli.error)
    if coding == "zstd":
        coder = zstd.ZstdDecompressor()
        return _expanded(body, lambda data: b"" if coder.eof else coder.decompress(data, _BLOCK), zstd.ZstdError)
    return body


def _inflated(body: bytes, forms: Sequence[int]) -> bytes:
    """What zlib makes of a body, in the first of some forms that fits; cut off, as far as it goes; the body where none fits."""
    for form in forms:
        parts: list[bytes] = []
        size = 0
        rest = body
        while rest:
            coder = zlib.decompressobj(form)
            try:
                while rest and not coder.eof:
                    parts.append(coder.decompress(rest, _BLOCK))
                    size += len(parts[-1])
                    if size > MAX_CONTENT:
                        raise Undecodable(f"it is larger than {MAX_CONTENT >> 20} MiB decompressed")
                    rest = coder.unconsumed_tail
                if not coder.eof:
                    parts.append(coder.flush())
            except zlib.error:
                break
            rest = coder.unused_data
        if size:
            return b"".join(parts)
        if not body or not rest:
            return b""
    return body


def _expanded(body: bytes, feed: Callable[[bytes], bytes], error: type[Exception]) -> bytes:
    """What a decoder makes of a body, step by step, so that a bomb is noticed."""
    parts: list[bytes] = []
    size = 0
    data = body
    try:
        while (part := feed(data)) or data:
            data = b""
            parts.append(part)
            size += len(part)
            if size > MAX_CONTENT:
                raise Undecodable(f"it is larger than {MAX_CONTENT >> 20} MiB decompressed")
    except (error, EOFError):
        pass
    return b"".join(parts) if size or not body else body
