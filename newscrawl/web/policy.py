"""What a browser may do with our pages, and who may ask for them.

Articles come from strangers. Their text is escaped or cleaned where it is shown; should anything slip through, these headers keep it
from running, loading or sending. And a page that is open in another tab must not reach this server under a name of its own (DNS
rebinding), so that only known host names are answered.
"""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

App = Callable[[Any, Any, Any], Awaitable[None]]

STRICT = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src {images}; font-src 'self'; connect-src 'self'; "
    "manifest-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; frame-src 'self'"
)
TABLES = STRICT.replace("style-src 'self'", "style-src 'self' 'unsafe-inline'")
"""Datasette's own pages carry styles in the page."""
RAW = "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'self'"
"""An archived page as it came: neither scripts nor anything from elsewhere, in an origin of its own."""

OURS = re.compile(
    r"/($|(article|search|site|sites|source|sources|person|people|story|stories|coverage|graph|charts)(/|$)|-/static)"
)
IMAGE = "default-src 'none'; sandbox"
"""An archived image, opened by itself."""

IMAGE_PAGE = re.compile(r"/article/\d+/image/\d+$")
RAW_PAGE = re.compile(r"/article/\d+/raw/page$")

HEADERS = {
    b"x-content-type-options": b"nosniff",
    b"referrer-policy": b"no-referrer",
    b"cross-origin-opener-policy": b"same-origin",
    b"permissions-policy": b"camera=(), geolocation=(), microphone=()",
}
"""What every answer carries besides its policy."""

STATIC = ("/-/static/", "/-/static-plugins/", "/-/charts.css")
"""What a browser need not ask for again at each click."""

LOCAL = frozenset({"localhost", "127.0.0.1", "[::1]", "::1"})


def content_policy(path: str, query: bytes) -> str:
    """The Content-Security-Policy of an address. ``images=site`` lets this one page load images from the sites, when asked for."""
    if RAW_PAGE.match(path):
        return RAW
    if IMAGE_PAGE.match(path):
        return IMAGE
    images = (
        "'self' data: http: https:" if path.startswith("/article/") and b"images=site" in query.split(b"&") else "'self' data:"
    )
    return (STRICT if OURS.match(path) else TABLES).format(images=images)


def wrapper(datasette: Any) -> Callable[[App], App]:
    """ASGI middleware: foreign host names are refused, every answer gets its headers."""

    def wrap(app: App) -> App:
        async def policed(scope: Any, receive: Any, send: Any) -> None:
            if scope["type"] != "http":
                await app(scope, receive, send)
                return
            host = dict(scope["headers"]).get(b"host", b"").decode("latin-1")
            name = re.sub(r":\d+$", "", host).lower()
            # Datasette makes an app of itself before anything else about it is known.
            hosts = LOCAL | frozenset(getattr(datasette, "newscrawl_hosts", ()))
            if name and name not in hosts and "*" not in hosts:
                body = (
                    f"This server does not answer to {name!r}. Start it with --host {name}, or open it as localhost.\n".encode()
                )
                headers = [(b"content-type", b"text/plain; charset=utf-8"), (b"x-content-type-options", b"nosniff")]
                await send({"type": "http.response.start", "status": 421, "headers": headers})
                await send({"type": "http.response.body", "body": body})
                return
            if scope["method"] not in ("GET", "HEAD", "OPTIONS"):
                headers = [(b"content-type", b"text/plain; charset=utf-8"), (b"allow", b"GET, HEAD")]
                await send({"type": "http.response.start", "status": 405, "headers": headers})
                await send({"type": "http.response.body", "body": b"This site only reads: nothing can be changed here.\n"})
                return
            policy = content_policy(scope["path"], scope.get("query_string", b""))

            async def guarded(message: MutableMapping[str, Any]) -> None:
                if message["type"] == "http.response.start":
                    ours = {b"content-security-policy": policy.encode(), **HEADERS}
                    if scope["path"].startswith(STATIC) and message["status"] == 200:
                        ours[b"cache-control"] = b"max-age=600"
                    kept = [header for header in message.get("headers", ()) if header[0].lower() not in ours]
                    message["headers"] = [*kept, *ours.items()]
                await send(message)

            await app(scope, receive, guarded)

        return policed

    return wrap
