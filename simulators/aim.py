"""Where simulated devices may send to: this machine, unless somebody says otherwise, twice."""

import ipaddress
from dataclasses import replace
from typing import Any
from urllib.parse import urlsplit, urlunsplit

from simulators.hub_process import Running

_ANYWHERE = {"0.0.0.0": "127.0.0.1", "::": "::1"}
"""Where one that listens everywhere is found on its own machine."""


class NotHere(Exception):
    """The target is not this machine, and nobody has allowed that."""


def aimed(running: Running, target: str | None, *, allowed: bool) -> Running:
    """Return where the devices go; NotHere for a place beyond this machine that is not allowed."""
    host, port = running.broker
    there = replace(
        running,
        broker=(_host(host, target), port),
        listeners={
            name: {how: _place(where, target) for how, where in listener.items()}
            for name, listener in running.listeners.items()
        },
    )
    away = sorted(one for one in _hosts(there) if not is_here(one))
    if away and not (allowed and target is not None):
        raise NotHere(
            f"{', '.join(away)} is not this machine. Simulated alarms call whoever is on duty "
            "there; where that is meant, say --target HOST and --beyond-this-machine"
        )
    return there


def is_here(host: str) -> bool:
    """Whether a host is this machine's loopback; a name other than localhost is not looked up."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _host(host: str, target: str | None) -> str:
    return target or _ANYWHERE.get(host, host)


def _place(where: Any, target: str | None) -> Any:
    if isinstance(where, str):
        url = urlsplit(where)
        host = _host(url.hostname or "", target)
        name = f"[{host}]" if ":" in host else host
        return urlunsplit(url._replace(netloc=f"{name}:{url.port}" if url.port else name))
    host, port = where
    return [_host(str(host), target), port]


def _hosts(running: Running) -> set[str]:
    found = {running.broker[0]}
    for listener in running.listeners.values():
        for where in listener.values():
            found.add(urlsplit(where).hostname or "" if isinstance(where, str) else str(where[0]))
    return found
