"""Telling people that a site's state has changed: one message a run, to webhooks, mail addresses and chat groups.

Addresses stand in NEWSCRAWL_ALARM. ``https://…`` and ``http://…`` get a POST of JSON::

    {"text": "newscrawl: weihai is red\\nweihai (大众网·威海) is red, was green: …",
     "changes": [{"site": "weihai", "title": "大众网·威海", "state": "red", "previous": "green", "message": "…", "run": 12}]}

All others (``mailto://``, ``dingtalk://``, ``feishu://``, ``wecombot://``, ``json://`` …) are apprise's, which is an extra:
``pip install 'newscrawl[alarms]'``. An address often holds a password or token: none is ever printed whole.
"""

from __future__ import annotations

import base64
import json
import logging
import os
import re
import ssl
import threading
import time
import urllib.error
import urllib.request
import warnings
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from functools import cache
from http.client import HTTPException
from importlib.util import find_spec
from typing import IO, TYPE_CHECKING
from urllib.parse import parse_qs, parse_qsl, quote, unquote, urlsplit

from newscrawl import __version__

if TYPE_CHECKING:
    from apprise import NotifyBase

PATIENCE = 10.0
"""Seconds that all addresses together may take; a dead one delays the end of a run by this at most."""

INSTALL = "pip install 'newscrawl[alarms]'"


@dataclass(frozen=True, slots=True)
class Change:
    """A site's new state (green, yellow, red) and the one before it; ``previous`` is ``new`` or ``None`` at first."""

    site: str
    title: str
    state: str
    previous: str | None
    message: str | None
    run: int | None

    def line(self) -> str:
        """``weihai (大众网·威海) is red, was green: 编辑 empty in 38 of 40 articles (newscrawl run 12)``."""
        named = f"{self.site} ({self.title})" if self.title and self.title != self.site else self.site
        if self.state == "green":
            text = f"{named} is green again"
        elif self.previous in (None, "new"):
            text = f"{named} is {self.state}"
        else:
            text = f"{named} is {self.state}, was {self.previous}"
        # A message that names its site, or says again what the line says, is not to say it twice.
        why = " ".join((self.message or "").split()).removeprefix(f"{self.site}: ")
        if why not in ("", self.site, "green again"):
            text += f": {why}"
        return text if self.run is None else f"{text} (newscrawl run {self.run})"


def changed(previous: str | None, state: str | None) -> bool:
    """Whether a change of state is worth telling: a first green is not, and what is still ``new`` has no state yet."""
    if state in (None, "new"):
        return False
    if previous in (None, "new"):
        return state != "green"
    return state != previous


def addresses(value: str | None = None) -> list[str]:
    """The addresses of a setting, else of NEWSCRAWL_ALARM in the environment: apart by blanks, or commas before a scheme."""
    text = value if value is not None else os.environ.get("NEWSCRAWL_ALARM", "")
    return [part for part in re.split(r"\s+|,(?=\s*[A-Za-z][A-Za-z0-9+.-]*://)", text.strip(" \t\r\n,")) if part.strip(",")]


def shown(address: str) -> str:
    """An address without its secrets: scheme and host, or the scheme alone where apprise keeps a token in the host's place."""
    scheme, found, _ = address.partition("://")
    if not found or not re.fullmatch(r"[A-Za-z][A-Za-z0-9+.-]*", scheme):
        return "(an address without a scheme)"
    if scheme.lower() not in ("http", "https", "json", "jsons", "xml", "xmls", "form", "forms", "mailto", "mailtos"):
        return f"{scheme}://…"
    try:
        parts = urlsplit(address)
        name, port = parts.hostname or "", parts.port
    except ValueError:
        return f"{scheme}://…"
    if not re.fullmatch(r"[\w.:-]+", name):
        return f"{scheme}://…"
    return f"{scheme}://{name}:{port}/…" if port else f"{scheme}://{name}/…"


def subject(changes: Sequence[Change]) -> str:
    """``newscrawl: weihai is red``; several sites are counted and named, the first ten of them."""
    if len(changes) == 1:
        change = changes[0]
        return f"newscrawl: {change.site} is {change.state}{' again' if change.state == 'green' else ''}"
    named = ", ".join(f"{change.site} {change.state}" for change in changes[:10])
    return f"newscrawl: {len(changes)} sites changed: {named}{', …' if len(changes) > 10 else ''}"


def text(changes: Sequence[Change]) -> str:
    """The message: a line a site."""
    return "\n".join(change.line() for change in changes)


def problem(address: str) -> str | None:
    """What is wrong with an address as it is written, in a line; ``None`` where nothing is. Sends nothing."""
    address = _translated(address)
    try:
        parts = urlsplit(address)
        plain = parts.scheme in ("http", "https")
        if plain and (not parts.hostname or parts.port == 0):
            return f"{shown(address)}: no host in this address"
    except ValueError:
        return f"{shown(address)}: not an address"
    if "://" not in address:
        return "an alarm address needs a scheme, as in https://… or mailto://…"
    if not _has_apprise():
        return None if plain else f"{shown(address)}: needs apprise: {INSTALL}"
    if _service(address) is None and not plain:
        return f"{shown(address)}: apprise cannot read this address"
    return None


def send(changes: Sequence[Change], addresses: Sequence[str]) -> list[str]:
    """Send one message about all changes to each address at once; gives a line for each that did not take it.

    Never raises, and returns after `PATIENCE` seconds at most.
    """
    if not changes:
        return []
    return _send(_Message(subject(changes), text(changes), changes), addresses)


def send_test(addresses: Sequence[str]) -> list[str]:
    """Send a message that says it is a test, and as JSON holds no change; answers as `send` does."""
    return _send(_Message("newscrawl: test", "This is a test of newscrawl's alarms: nothing has changed."), addresses)


@dataclass(frozen=True, slots=True)
class _Message:
    subject: str
    text: str
    changes: Sequence[Change] = ()


def _send(message: _Message, addresses: Sequence[str]) -> list[str]:
    answers: dict[str, str | None] = {}
    _has_apprise()

    def deliver(address: str) -> None:
        try:
            answers[address] = _deliver(message, address)
        except Exception as error:  # noqa: BLE001 - an alarm must not break the run that it tells of
            answers[address] = type(error).__name__

    threads = []
    for address in dict.fromkeys(addresses):
        # A daemon: one that hangs does not keep the process alive.
        thread = threading.Thread(target=deliver, args=(address,), name="alarm", daemon=True)
        thread.start()
        threads.append((address, thread))
    end = time.monotonic() + PATIENCE
    problems = []
    for address, thread in threads:
        thread.join(max(0.0, end - time.monotonic()))
        why = answers.get(address, f"no answer within {PATIENCE:g} s")
        if why:
            problems.append(f"alarm not sent to {shown(address)}: {_redacted(why, address)}")
    return problems


def _deliver(message: _Message, address: str) -> str | None:
    address = _translated(address)
    plain = address.partition("://")[0].lower() in ("http", "https")
    if _has_apprise():
        # An https address may be a chat service's own, which wants JSON of its own.
        service = _service(address)
        if service is not None:
            return _notify(service, message)
        if not plain:
            return "apprise cannot read this address"
    return _post(address, message) if plain else f"it needs apprise: {INSTALL}"


def _translated(address: str) -> str:
    """The robot addresses of 钉钉 and 飞书 as these services show them, as apprise spells them."""
    try:
        parts = urlsplit(address)
        host = parts.hostname
    except ValueError:
        return address
    if host == "oapi.dingtalk.com" and (token := parse_qs(parts.query).get("access_token")):
        return f"dingtalk://{quote(token[0], safe='')}"
    if host == "open.feishu.cn" and (hook := re.fullmatch(r"/open-apis/bot/v2/hook/([\w-]+)", parts.path)):
        return f"feishu://{hook[1]}"
    return address


class _NoRedirects(urllib.request.HTTPRedirectHandler):
    """A redirected POST would arrive as a GET, without the message: it is a failure and told."""

    def redirect_request(self, *_: object) -> None:
        """None: the redirect becomes an ``HTTPError``."""


def _post(address: str, message: _Message) -> str | None:
    """POST the message as JSON; gives what went wrong."""
    parts = urlsplit(address)
    body = {"text": f"{message.subject}\n{message.text}", "changes": [asdict(change) for change in message.changes]}
    headers = {"Content-Type": "application/json; charset=utf-8", "User-Agent": f"newscrawl/{__version__}"}
    if parts.username is not None:
        pair = f"{unquote(parts.username)}:{unquote(parts.password or '')}".encode()
        headers["Authorization"] = f"Basic {base64.b64encode(pair).decode()}"
        address = parts._replace(netloc=parts.netloc.rpartition("@")[2]).geturl()
    data = json.dumps(body, ensure_ascii=False).encode("utf-8", "replace")
    request = urllib.request.Request(address, data, headers, method="POST")  # noqa: S310 - http or https, see `_deliver`
    opener = urllib.request.build_opener(_NoRedirects)
    try:
        with opener.open(request, timeout=PATIENCE * 0.9) as answer:
            return _refusal(answer)
    except urllib.error.HTTPError as error:
        with error:
            return f"it answered {error.code}"
    except (OSError, HTTPException, ValueError) as error:
        reason = error.reason if isinstance(error, urllib.error.URLError) else error
        if isinstance(reason, TimeoutError):
            return "it did not answer in time"
        if isinstance(reason, ssl.SSLError):
            return f"its certificate or TLS is not accepted ({reason.reason or type(reason).__name__})"
        if isinstance(reason, OSError) and reason.strerror:
            return reason.strerror
        return "not an address" if isinstance(reason, HTTPException | ValueError) else type(reason).__name__


def _refusal(answer: IO[bytes]) -> str | None:
    """Chat services answer 200 and say in JSON that they took nothing."""
    try:
        said = json.loads(answer.read(65536))
        code = said.get("errcode") or (said.get("code") if "msg" in said and "data" in said else 0)
    except (OSError, HTTPException, ValueError, AttributeError):
        return None
    return f"it answered with error code {code}" if isinstance(code, int) and code not in (0, 200) else None


def _redacted(why: str, address: str) -> str:
    """A reason without any part of the address but its host."""
    try:
        parts = urlsplit(address)
        values = [value for _, value in parse_qsl(parts.query)]
        held = [address, parts.query, parts.path, parts.username, parts.password, *parts.path.split("/"), *values]
        if shown(address).endswith("://…"):
            held.append(parts.netloc)
    except ValueError:
        held = [address]
    spellings = {spelling for secret in held if secret for spelling in (secret, unquote(secret), quote(unquote(secret), safe=""))}
    for secret in sorted(spellings, key=len, reverse=True):
        if len(secret) > 2:
            why = why.replace(secret, "…")
    return " ".join(why.split())


@cache
def _has_apprise() -> bool:
    """Whether apprise is there; if so it is made ready, in the first thread that asks."""
    if find_spec("apprise") is None:
        return False
    # Its log lines, and those of what it sends with, hold whole addresses: they are kept in.
    logger = logging.getLogger("apprise")
    logger.propagate = False
    logger.addHandler(logging.NullHandler())
    logging.getLogger("urllib3").setLevel(logging.ERROR)
    with warnings.catch_warnings():
        # Its services load at the first use, and one of them still looks for a module that Python gives up.
        warnings.simplefilter("ignore", DeprecationWarning)
        import apprise

        apprise.Apprise.instantiate("json://localhost")
    return True


def _service(address: str) -> NotifyBase | None:
    """apprise's service of an address; ``None`` where it knows none."""
    import apprise

    found = apprise.Apprise.instantiate(address)
    return found if isinstance(found, apprise.NotifyBase) else None


def _notify(service: NotifyBase, message: _Message) -> str | None:
    """Send by a service of apprise's; gives what went wrong."""
    import apprise

    service.socket_connect_timeout = service.socket_read_timeout = PATIENCE * 0.4
    box = apprise.Apprise()
    box.add(service)
    result = box.notify(body=message.text, title=message.subject, body_format=apprise.NotifyFormat.TEXT)
    if result:
        return None
    lines = [entry.message for entry in result.logs() if entry.level in ("WARNING", "ERROR", "CRITICAL")]
    return lines[-1] if lines else "it was not taken"
