"""Validate service endpoints and URLs from untrusted DID documents before requesting them."""

from __future__ import annotations

from collections.abc import Iterator
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from urllib.parse import SplitResult, urlsplit

from msgspec import Struct

from sitegen.errors import ConfigError, SourceError

TRANSLATED = ip_network("64:ff9b::/96")  # RFC 6052: an IPv4 address behind a translator


class Endpoints(Struct, frozen=True):
    """The services for look-ups: the resolver of handles and the directory of DIDs.

    Both are base addresses, without a "/" at the end; https, or http where both are loopback.
    """

    resolver: str = "https://public.api.bsky.app"
    plc: str = "https://plc.directory"

    @property
    def are_loopback(self) -> bool:
        """Return whether both are on this machine, so that other addresses there are allowed."""
        return all(is_loopback(host(address)) for address in self)

    def __iter__(self) -> Iterator[str]:
        return iter((self.resolver, self.plc))


def check(endpoints: Endpoints) -> Endpoints:
    """Return the endpoints without trailing "/". Raises ConfigError for invalid ones."""
    for key, address in zip(("resolver", "plc"), endpoints, strict=True):
        problem = address_problem(address, endpoints.are_loopback)
        if problem is None and set(address) & set("?#"):
            problem = "is more than an address"
        if problem is not None:
            raise ConfigError(
                f"[bluesky] {key} {problem}: {address!r}",
                hint='write it like "https://plc.directory".',
            )
    return Endpoints(endpoints.resolver.rstrip("/"), endpoints.plc.rstrip("/"))


def address_problem(address: str, loopback: bool) -> str | None:
    """Return why an address must not be requested, or None; `loopback` allows this machine."""
    parts = _parts(address)
    if parts is None or not parts.hostname:
        return "is no web address"
    is_local = is_loopback(parts.hostname)
    if parts.scheme != "https" and not (parts.scheme == "http" and is_local and loopback):
        return "is not https"
    if parts.username is not None or parts.password is not None:
        return "holds a name or a password"
    if is_local and not loopback:
        return "leads to this machine"
    return None if is_local else ip_problem(parts.hostname, loopback)


def ip_problem(number: str, loopback: bool) -> str | None:
    """Return why an IP address must not be connected to, or None; names are not checked here."""
    found = _number(number)
    if found is None or (found.is_global and not found.is_multicast):
        return None
    if found.is_loopback:
        return None if loopback else "leads to this machine"
    return "leads into a private network"


def refused_error(address: str, problem: str) -> SourceError:
    """Return the error for an address that must not be requested."""
    return SourceError(f"{address} {problem}: not asked", hint="only public https addresses are.")


def host(address: str) -> str:
    """Return the host of an address in lower case; empty if there is none."""
    parts = _parts(address)
    return (parts.hostname or "") if parts else ""


def is_loopback(name: str) -> bool:
    """Return whether a host's name or number is this machine (RFC 6761 for the names)."""
    number = _number(name)
    if number is not None:
        return number.is_loopback
    plain = name.rstrip(".")
    return plain == "localhost" or plain.endswith(".localhost")


def _parts(address: str) -> SplitResult | None:
    try:
        parts = urlsplit(address)
        parts.port  # noqa: B018 - raises where it is no port
    except ValueError:
        return None
    return parts


def _number(text: str) -> IPv4Address | IPv6Address | None:
    """Parse an IP address; an IPv4 address wrapped in IPv6 is unwrapped."""
    try:
        found = ip_address(text.split("%")[0])
    except ValueError:
        return None
    if isinstance(found, IPv4Address):
        return found
    if found in TRANSLATED:
        return IPv4Address(int(found) & 0xFFFFFFFF)
    return found.ipv4_mapped or found.sixtofour or found
