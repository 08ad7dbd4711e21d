"""Which push endpoints we post to. An endpoint is a URL that a signed-in person's browser names, so
it must not become a way to make the hub post into the municipality's own network.

Only https on its usual port, to a host by name, and only where that name leads to public addresses
(`PublicOnly` looks when the connection is made, so that a name which changes its mind in between
gains nothing). Redirects are not followed. Settings may say which hosts alone are allowed. While
the hub itself is tried out on one machine (its own address is not https, without which no other
machine's browser subscribes at all), endpoints on loopback are accepted, and plain http to them.
"""

import ipaddress
import socket
from collections.abc import Sequence
from urllib.parse import urlsplit

from aiohttp.abc import AbstractResolver, ResolveResult
from aiohttp.resolver import ThreadedResolver

_Address = ipaddress.IPv4Address | ipaddress.IPv6Address
_CARRIERS = tuple(map(ipaddress.IPv6Network, ("::/96", "::ffff:0:0:0/96", "64:ff9b::/96")))
"""An IPv4 address is the end of these: a translator in the network leads there (RFC 4291, 2.5.5.1;
RFC 2765, 2.1; RFC 6052, 2.1)."""
_LOCAL = tuple(map(ipaddress.IPv6Network, ("fec0::/10", "64:ff9b:1::/48")))
"""Of one network, though `ipaddress` does not say so (RFC 3879; RFC 8215)."""
LONGEST = 2_000
"""Characters; those of the large services have some 200."""


class EndpointRefused(ValueError):
    """We do not post to this endpoint; the message says why, without the endpoint."""


def check(endpoint: str, *, allowed: Sequence[str] = (), loopback: bool = False) -> None:
    """EndpointRefused when it is none we post to. `allowed` are hosts, and stand for those below
    them too; none allows every public one."""
    if len(endpoint) > LONGEST or not endpoint.isascii() or not endpoint.isprintable():
        raise EndpointRefused("not a URL of a push service")
    try:
        parts = urlsplit(endpoint)
        host, port = parts.hostname or "", parts.port
    except ValueError as error:
        raise EndpointRefused("not a URL") from error
    if parts.username is not None or parts.password is not None or parts.fragment:
        raise EndpointRefused("a user or a fragment in it")
    if loopback and parts.scheme in {"http", "https"} and _is_loopback(host):
        return
    if parts.scheme != "https" or port not in {None, 443}:
        raise EndpointRefused("not https on its usual port")
    if _address(host) is not None or "." not in host.strip("."):
        raise EndpointRefused("no public host's name")
    if allowed and not any(host == one or host.endswith(f".{one}") for one in allowed):
        raise EndpointRefused("not one of the hosts in web.push_services")


class PublicOnly(AbstractResolver):
    """Names to addresses, public ones only."""

    def __init__(self, inner: AbstractResolver | None = None) -> None:
        self._inner = ThreadedResolver() if inner is None else inner

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[ResolveResult]:
        """Return the public addresses. OSError when there is none."""
        found = await self._inner.resolve(host, port, family)
        public = [one for one in found if is_public(one["host"])]
        if not public:
            raise OSError(f"{host} has no public address")
        return public

    async def close(self) -> None:
        await self._inner.close()


def is_public(text: str) -> bool:
    """Whether the address is one on the internet, and leads nowhere else."""
    address = _address(text.partition("%")[0])
    if isinstance(address, ipaddress.IPv6Address):
        if any(address in local for local in _LOCAL):
            return False
        address = _carried(address) or address
    return address is not None and address.is_global and not address.is_multicast


def _carried(address: ipaddress.IPv6Address) -> ipaddress.IPv4Address | None:
    """Return the IPv4 address that an IPv6 address stands for, where it stands for one."""
    if any(address in carrier for carrier in _CARRIERS):
        return ipaddress.IPv4Address(address.packed[-4:])
    return address.ipv4_mapped or address.sixtofour


def _address(host: str) -> _Address | None:
    try:
        return ipaddress.ip_address(host)
    except ValueError:
        return None


def _is_loopback(host: str) -> bool:
    address = _address(host)
    return address is not None and address.is_loopback
