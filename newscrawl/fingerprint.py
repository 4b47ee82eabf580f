"""What makes two pages the same: canonical addresses and exact content hashes. No I/O."""

from __future__ import annotations

import hashlib
import re
from functools import lru_cache
from urllib.parse import parse_qsl, quote, unquote, urlencode, urlsplit, urlunsplit

from newscrawl.extract.text import fold

# Parameters that say how a reader came, not what is read: analytics, share buttons of WeChat and Weibo, Baidu, Alibaba.
_TRACKING = re.compile(
    r"(?:utm_\w+|spm|scm|isappinstalled|nsukey|wxshare_count|wx_?share\w*|share(?:_?\w+)?|sharer?_\w+|from_?source|fr|"
    r"ref(?:er(?:er)?)?|hmsr|hmpl|hmcu|hmkw|hmci|bd_?vid|bdmsgid|gclid|fbclid|mc_[ce]id|_ga|_gl|_t|"
    r"(?:php|asp|j)?sess(?:ion)?_?id|sid_share|scene|clicktime|enterid|tdsourcetag|nettype|log_from|tj_\w+|cmpid|weixin\w*)",
    re.I,
)
# ``from`` is tracking when it names a place a link was shared in; as a number or a date it may choose the content.
_FROM = re.compile(r"(?:from|source|src)", re.I)
_FROM_VALUE = re.compile(
    r"(?:timeline|singlemessage|groupmessage|weixin|wechat|wx|weibo|qq|qzone|app|web|wap|pc|mobile|share|search|baidu|"
    r"sogou|so|bing|google|toutiao|rss|feed|home|index|list|groupmsg|message|client|hao123|sina|sohu)\w*",
    re.I,
)
_TWIN = re.compile(r"^(?:www|m|wap|3g|mobile|touch|h5)\.(?=[^/.]+\.[^/])")
_INDEX = re.compile(r"/(?:index|default|main)\.(?:s?html?|php|jsp|aspx?)$", re.I)
_SESSION = re.compile(r";(?:jsessionid|phpsessid|sid)=[^/?#;]*", re.I)
_SLASHES = re.compile(r"/{2,}")
_PERCENT = re.compile(r"%([0-9a-fA-F]{2})")
_PORTS = {"http": 80, "https": 443}

MIN_TEXT = 40
"""Folded characters a body needs before equal text alone makes two addresses one article."""


@lru_cache(maxsize=65536)
def canonical(url: str) -> str:
    """An address in its one spelling: ``HTTP://www.Example.cn:80/a/../b/index.html?utm_source=x#top`` -> ``http://www.example.cn/b/``.

    Host in lower case and ASCII, no user, no default port, no fragment (but for ``#!`` and ``#/`` routes), dot
    segments resolved, index pages as their folder, session ids and tracking parameters off, the rest of the query
    sorted. The scheme stays as it is: `key` makes http and https one. A saved page's ``file:`` address stays as it is.
    Raises ``ValueError`` for any other scheme.
    """
    parts = urlsplit(url.strip())
    scheme = parts.scheme.lower()
    if scheme == "file" and parts.path:
        return url
    if scheme not in _PORTS or not parts.hostname:
        raise ValueError(f"not an http address: {url!r}")
    host = parts.hostname.rstrip(".").lower()
    if not host.isascii():
        try:
            host = host.encode("idna").decode("ascii")
        except UnicodeError:
            raise ValueError(f"not a host name: {host!r}") from None
    if ":" in host:
        host = f"[{host}]"
    port = parts.port
    if port and port != _PORTS[scheme]:
        host = f"{host}:{port}"
    path = _SLASHES.sub("/", _SESSION.sub("", parts.path)) or "/"
    path = _INDEX.sub("/", _plain(_no_dots(path)))
    query = ""
    if parts.query:
        pairs = [
            (name, value)
            for name, value in parse_qsl(parts.query, keep_blank_values=True, errors="surrogateescape")
            if not _TRACKING.fullmatch(name) and not (_FROM.fullmatch(name) and _FROM_VALUE.fullmatch(value))
        ]
        query = urlencode(sorted(pairs), errors="surrogateescape")
    fragment = parts.fragment if parts.fragment.startswith(("!", "/")) else ""
    return urlunsplit((scheme, host, path, query, fragment))


def _no_dots(path: str) -> str:
    if "/." not in path:
        return path
    kept: list[str] = []
    for step in path.split("/")[1:]:
        if step == "..":
            if kept:
                kept.pop()
        elif step != ".":
            kept.append(step)
    end = "/" if path.endswith(("/.", "/..", "/")) and kept and kept[-1] else ""
    return "/" + "/".join(kept) + end


def _plain(path: str) -> str:
    """Percent-escapes in one form: unescaped where that changes nothing, capital letters elsewhere."""
    if path.isascii() and "%" not in path and " " not in path:
        return path
    return quote(unquote(path, errors="surrogateescape"), safe="/:@!$&'()*+,;=~-._", errors="surrogateescape")


def key(url: str) -> str:
    """What an address is known by: its canonical form without the scheme and without ``www.``, ``m.`` and the like.

    So http and https are one, and so are an article's desktop and mobile page where both keep it under the same path.
    """
    return _TWIN.sub("", canonical(url).partition("://")[2], count=1)


def content_hash(title: str | None, body: str | None) -> str:
    """32 hex digits that two articles share when their title and body read the same, whatever the white space or width.

    Exact: one changed character changes it. BLAKE2b over the folded texts; see `extract.text.fold`.
    """
    digest = hashlib.blake2b(digest_size=16)
    digest.update(fold(title).encode("utf-8", "replace"))
    digest.update(b"\n")
    digest.update(fold(body).encode("utf-8", "replace"))
    return digest.hexdigest()


def identifies(body: str | None) -> bool:
    """Whether a body is long enough for equal text to mean the same article; 图片新闻 alone does not."""
    # The beginning of a long one tells.
    return len(fold((body or "")[: 4 * MIN_TEXT])) >= MIN_TEXT or len(fold(body)) >= MIN_TEXT
