"""Port 0 made real, once for the life of a hub: a part that starts again is found where it was, and
a SIP contact names its port before the first message.
"""

import socket
import sys
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from adapters.protocol import Request
from adapters.protocols import PROTOCOLS
from hub.configuration.listeners import ListenerEntry
from hub.settings.address import HostPort, host_and_port
from hub.settings.listeners import ListenSettings
from hub.settings.whole import Settings

_HELD: list[socket.socket] = []
"""Bound to the chosen ports until this process ends, and never listening: Linux then gives none of
them to a program that asks for any port, and a listener (SO_REUSEADDR) may have it all the same."""


class Wanted(NamedTuple):
    """An address to bind: the setting that names it, what it says, and the transport."""

    setting: str
    bind: HostPort
    udp: bool


def fixed(settings: Settings) -> Settings:
    """Return the settings with a free port wherever they let the system choose, kept for the parts
    until this process ends. Where it cannot be kept another program may take it before the part
    binds it, or while the part starts again; the part then says so.
    """
    web = settings.web.model_copy(update={"bind": _one(settings.web.bind)})
    http = settings.http.model_copy(update={"bind": _one(settings.http.bind)})
    listeners = {id: _both(listen) for id, listen in settings.listeners.items()}
    return settings.model_copy(update={"web": web, "http": http, "listeners": listeners})


def wanted(settings: Settings, listeners: Iterable[ListenerEntry]) -> Iterator[Wanted]:
    """Yield each address that the parts will bind, by the setting that names it."""
    yield Wanted("web.bind", settings.web.bind, udp=False)
    speaks_http = False
    for entry in listeners:
        listen = settings.listen(entry.id, entry.protocol)
        speaks_http = speaks_http or isinstance(PROTOCOLS[entry.protocol], Request)
        for transport, bind in addresses(listen).items():
            yield Wanted(f"listeners.{entry.id}.{transport}", bind, udp=transport == "udp")
    if speaks_http:
        yield Wanted("http.bind", settings.http.bind, udp=False)


def addresses(listen: ListenSettings) -> dict[str, HostPort]:
    """Return the addresses of a listener by transport."""
    said = {"udp": listen.udp, "tcp": listen.tcp, "tls": listen.tls}
    return {transport: bind for transport, bind in said.items() if bind is not None}


def is_taken(address: Wanted) -> bool:
    """Whether another program has the port (or the address is not this machine's)."""
    host, port = host_and_port(address.bind)
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    kind = socket.SOCK_DGRAM if address.udp else socket.SOCK_STREAM
    with socket.socket(family, kind) as probe:
        if not address.udp:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return True
        return False


def _one(bind: HostPort) -> HostPort:
    host, port = host_and_port(bind)
    return bind if port else _with_port(bind, _free(host, udp=False))


def _both(listen: ListenSettings) -> ListenSettings:
    """Return one number for UDP and TCP where both may choose: SIP names one port for two."""
    said = addresses(listen)
    both = [said[name] for name in ("udp", "tcp") if name in said]
    if len(both) == 2 and not any(host_and_port(bind)[1] for bind in both):
        port = _free(host_and_port(both[1])[0], udp=True)
        said |= {name: _with_port(said[name], port) for name in ("udp", "tcp")}
    return listen.model_copy(update={name: _one(bind) for name, bind in said.items()})


def _with_port(bind: HostPort, port: int) -> HostPort:
    return f"{bind.rpartition(':')[0]}:{port}"


def _free(host: str, *, udp: bool) -> int:
    """Return a port nobody has, for TCP and if asked for UDP too. OSError for a foreign host."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    while True:
        with socket.socket(family) as tcp, socket.socket(family, socket.SOCK_DGRAM) as datagrams:
            tcp.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            tcp.bind((host, 0))
            port: int = tcp.getsockname()[1]
            try:
                if udp:
                    datagrams.bind((host, port))
            except OSError:
                continue
            if sys.platform == "linux":
                _HELD.append(tcp.dup())
            return port
