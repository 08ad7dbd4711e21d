"""The hub's process settings for a demonstration: all on one machine, on ports that are free."""

import json
import os
import secrets
import socket
import sys
from pathlib import Path
from typing import Any

from simulators.crew import SMS_GATEWAY, VOICE_GATEWAY, Crew
from simulators.kinds import FAMILIES, SOCKETS
from simulators.plan import Plan

_CONTACT = "it@fjordvik.example"
"""Whom a push service would write to (RFC 2606: nobody)."""


_HELD: list[socket.socket] = []
"""Bound to the ports given out until this process ends, and never listening: Linux then gives none
of them to a program that asks for any, and the hub (SO_REUSEADDR) may have it all the same."""


def free_port(host: str) -> int:
    """Return a TCP port that nobody uses; on Linux it is kept for who listens there next."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        probe.bind((host, 0))
        if sys.platform == "linux":
            _HELD.append(probe.dup())
        return int(probe.getsockname()[1])


def install_secrets(state: Path, plan: Plan) -> None:
    """Give each device that has a secret of its own one, as an installer does: `secrets/<name>`.

    The hub finds it there; one that is there already is kept.
    """
    folder = state / "secrets"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    for device in plan.devices.values():
        name = FAMILIES[device.family].secret
        if name is not None:
            listener = plan.listeners[device.protocol]
            _install(folder / name.format(identity=device.identity, listener=listener))
    for gateway in (SMS_GATEWAY, VOICE_GATEWAY):
        _install(folder / f"hook-{gateway}")


def hook_secrets(state: Path) -> dict[str, str]:
    """Return what proves a gateway's callbacks, by gateway."""
    folder = state / "secrets"
    return {
        gateway: (folder / f"hook-{gateway}").read_text(encoding="ascii").strip()
        for gateway in (SMS_GATEWAY, VOICE_GATEWAY)
    }


def _install(path: Path) -> None:
    if not path.exists():
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write(secrets.token_urlsafe(24))


def write_settings(
    state: Path, plan: Plan, *, web_host: str, panel_origin: str, crew: Crew | None = None
) -> Path:
    """Write `<state>/settings.yaml` and return its path (JSON, which every YAML reader reads).

    Only the web pages bind to `web_host`; devices, broker and gateways stay on loopback. `crew` is
    the ways to people, which listen already.
    """
    web_port = free_port(web_host)
    settings = {
        "state_dir": str(state),
        "broker": {"embedded": "auto"},
        "web": {
            "bind": f"{web_host}:{web_port}",
            "public_url": f"http://{web_host}:{web_port}",
            "frame_ancestors": [panel_origin],
            "push_contact": _CONTACT,
        },
        "listeners": {
            listener: dict.fromkeys(SOCKETS[protocol], "127.0.0.1:0")
            for protocol, listener in plan.listeners.items()
            if protocol in SOCKETS
        },
        "http": {"bind": "127.0.0.1:0"},
        **({} if crew is None else _ways(crew)),
    }
    path = state / "settings.yaml"
    path.write_text(json.dumps(settings, indent=2) + "\n", encoding="utf-8")
    return path


def _ways(crew: Crew) -> dict[str, Any]:
    """Return the gateways' part of the settings."""
    sms = {"to": "{to}", "text": "{text}", "reference": "{reference}"}
    call = {"to": "{to}", "say": "{text}", "reference": "{reference}", "language": "{language}"}
    return {
        "gateways": {
            SMS_GATEWAY: {"kind": "sms", "url": f"{crew.sms.origin}/sms", "json": sms, "id": "id"},
            VOICE_GATEWAY: {
                "kind": "voice",
                "url": f"{crew.voice.origin}/call",
                "json": call,
                "id": "id",
            },
        },
        "ntfy": {"url": crew.ntfy.origin},
    }
