"""Addresses that something binds to or calls, as settings write them."""

from typing import Annotated

from pydantic import BeforeValidator

from hub.configuration.scalars import bad


def _address(value: object) -> str:
    host, _, port = str(value).rpartition(":")
    if not host or not port.isdecimal() or int(port) > 65535:
        raise bad("bad_address", value)
    return f"{host}:{int(port)}"


HostPort = Annotated[str, BeforeValidator(_address)]
"""`host:port`; port 0 lets the system choose."""


def host_and_port(address: HostPort) -> tuple[str, int]:
    """Return a checked address in its two parts, an IPv6 host without its brackets."""
    host, _, port = address.rpartition(":")
    return host.strip("[]"), int(port)
