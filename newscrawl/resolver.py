"""Which network addresses a crawl may reach: public ones only, whatever their spelling and whatever a name resolves to."""

from __future__ import annotations

import ipaddress
import re
import socket
import threading
import unicodedata
from collections.abc import Sequence
from contextlib import suppress
from functools import lru_cache
from ipaddress import IPv4Address, IPv6Address
from typing import TYPE_CHECKING, Any, ClassVar
from urllib.parse import unquote

from scrapy.resolver import CachingThreadedResolver, dnscache
from twisted.internet.defer import Deferred, fail, succeed
from twisted.internet.error import DNSLookupError

if TYPE_CHECKING:
    from scrapy.crawler import Crawler
    from twisted.internet.base import ReactorBase

_DOTS = str.maketrans("\u3002\uff0e\uff61", "...")
_NUMBERS = re.compile(r"(?:0x[0-9a-f]*|\d+)(?:\.(?:0x[0-9a-f]*|\d+)){0,3}")
_ENDS_IN_NUMBER = re.compile(r"(?:.*\.)?(?:0x[0-9a-f]*|\d+)")


def is_public(address: IPv4Address | IPv6Address) -> bool:
    """Whether an address can be reached from anywhere: not private, loopback, link-local, shared (RFC 6598), multicast, reserved
    or unspecified (the registries of RFC 6890), nor an IPv6 address that carries such an IPv4 address.
    """
    if isinstance(address, IPv6Address):
        carried = [address.ipv4_mapped, address.sixtofour, *(address.teredo or ())]
        if any(inner is not None and not is_public(inner) for inner in carried):
            return False
        if address.ipv4_mapped is not None:
            return True
        if address.is_site_local:
            return False
    return address.is_global and not (address.is_multicast or address.is_reserved or address.is_unspecified)


@lru_cache(maxsize=1024)
def plain(host: str) -> str:
    """A host in its one spelling: unescaped, in ASCII digits and dots, lower case, without brackets, zone and final dot."""
    text = unicodedata.normalize("NFKC", unquote(host).translate(_DOTS)).translate(_DOTS).lower()
    return text.strip("[] \t").partition("%")[0].rstrip(".")


@lru_cache(maxsize=1024)
def refusal(host: str) -> str | None:
    """Why a host of an address is refused by its looks: a spelling of an address that is not public, or this machine's name.

    ``None`` for public addresses, and for names: what they resolve to is the `Resolver`'s to judge.
    """
    name = plain(host)
    if name == "localhost" or name.endswith(".localhost"):
        return f"{name} is this machine"
    address: IPv4Address | IPv6Address
    try:
        address = ipaddress.ip_address(name)
    except ValueError:
        if not _ENDS_IN_NUMBER.fullmatch(name):
            return None if name else "it names no host"
        try:
            # What the system takes for an address as well: 127.1, 0x7f.1, 017700000001, 2130706433.
            address = IPv4Address(socket.inet_aton(name if _NUMBERS.fullmatch(name) else ""))
        except OSError:
            return f"{name} is neither a name nor an address"
    return None if is_public(address) else f"{address} is not a public address"


class Resolver(CachingThreadedResolver):
    """Scrapy's resolver (IPv4, cached, with a time-out) that refuses a name with any address that is not public.

    The address that it gives is the one that is connected to, so that a name which changes between two look-ups (DNS
    rebinding) gains nothing. Look-ups run in threads that the process need not wait for at its end.
    """

    trusted: ClassVar[set[str]] = set()
    """Hosts that may be private, for the user named them: proxies, and the site's own where it names such an address."""
    refused: ClassVar[dict[str, str]] = {}
    """Names that were refused, with the address that they led to."""

    def __init__(self, reactor: ReactorBase, cache_size: int, timeout: float) -> None:
        super().__init__(reactor, cache_size, timeout)
        self._waiting: dict[str, list[Deferred[str]]] = {}

    @classmethod
    def from_crawler(cls, crawler: Crawler, reactor: ReactorBase) -> Resolver:
        """Scrapy's way of making one, from the process's settings."""
        return super().from_crawler(crawler, reactor)

    @staticmethod
    def look_up(name: str) -> list[str]:
        """All IPv4 addresses of a name; raises ``OSError``. Runs in a thread."""
        return list(dict.fromkeys(str(info[4][0]) for info in socket.getaddrinfo(name, None, socket.AF_INET, socket.SOCK_STREAM)))

    def getHostByName(self, name: str, timeout: Sequence[int] = ()) -> Deferred[str]:
        """One address of a name; fails with ``DNSLookupError``, also where it is not public."""
        if name in dnscache:
            return self._judged(name, dnscache[name])
        found: Deferred[str] = Deferred()
        self._waiting.setdefault(name, []).append(found)
        if len(self._waiting[name]) == 1:
            timer: Any = self.reactor.callLater(self.timeout, self._answer, name, None)
            threading.Thread(target=self._run, args=(name, timer), name=f"look-up of {name}", daemon=True).start()
        return found

    def _run(self, name: str, timer: Any) -> None:
        addresses: list[str] | OSError
        try:
            addresses = self.look_up(name) or OSError("no address")
        except (OSError, UnicodeError) as error:
            addresses = OSError(str(error))
        # The loop may be gone by then.
        with suppress(RuntimeError):
            self.reactor.callFromThread(self._answer, name, addresses, timer)

    def _answer(self, name: str, addresses: list[str] | OSError | None, timer: Any = None) -> None:
        if timer is not None:
            if not timer.active():
                return
            timer.cancel()
        if isinstance(addresses, list) and dnscache.limit:
            dnscache[name] = addresses
        for waiting in self._waiting.pop(name, ()):
            if isinstance(addresses, list):
                self._judged(name, addresses).chainDeferred(waiting)
            else:
                waiting.errback(DNSLookupError(f"{name}: {addresses or 'no answer in time'}"))

    def _judged(self, name: str, addresses: list[str]) -> Deferred[str]:
        if plain(name) not in self.trusted:
            for address in addresses:
                if not is_public(ipaddress.ip_address(address)):
                    self.refused[plain(name)] = address
                    return fail(DNSLookupError(f"{name} leads to {address}, which is not a public address"))
        self.refused.pop(plain(name), None)
        return succeed(addresses[0])
