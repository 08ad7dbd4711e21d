"""The hub's process settings for a demonstration: all on one machine, on ports that are free."""

import json
import socket
from pathlib import Path

from simulators.plan import Plan

_SOCKETS = {"scaip": ("udp", "tcp"), "ev07b": ("tcp",)}


def free_port(host: str) -> int:
    """Return a TCP port that nobody uses right now."""
    with socket.socket() as probe:
        probe.bind((host, 0))
        return int(probe.getsockname()[1])


def write_settings(state: Path, plan: Plan, *, web_host: str, panel_origin: str) -> Path:
    """Write `<state>/settings.yaml` and return its path (JSON, which every YAML reader reads).

    Only the web pages bind to `web_host`; devices and broker stay on loopback.
    """
    web_port = free_port(web_host)
    settings = {
        "state_dir": str(state),
        "broker": {"embedded": "auto"},
        "web": {
            "bind": f"{web_host}:{web_port}",
            "public_url": f"http://{web_host}:{web_port}",
            "frame_ancestors": [panel_origin],
        },
        "listeners": {
            listener: dict.fromkeys(_SOCKETS[protocol], "127.0.0.1:0")
            for protocol, listener in plan.listeners.items()
            if protocol in _SOCKETS
        },
        "http": {"bind": "127.0.0.1:0"},
    }
    path = state / "settings.yaml"
    path.write_text(json.dumps(settings, indent=2) + "\n", encoding="utf-8")
    return path
