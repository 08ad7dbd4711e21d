"""How a process says that it is ready and that it is alive, and where a running hub's parts are.

A child prints one line of JSON on standard output when it is ready, and then only its beats:

    {"ready": true}                                    router
    {"ready": true, "url": "http://127.0.0.1:8080"}    web
    {"ready": true, "listeners": {...}}                adapters
    beat                                               every two seconds, each of them
"""

import asyncio
import json
import os
import sys
from pathlib import Path
from typing import Any

import msgspec

BEAT = b"beat\n"
BEAT_EVERY_S = 2.0


class Ready(msgspec.Struct, frozen=True, omit_defaults=True):
    """What a child says once."""

    ready: bool = False
    url: str | None = None
    listeners: dict[str, Any] = {}


class At(msgspec.Struct, frozen=True):
    """Where the broker is."""

    host: str
    port: int


class Run(msgspec.Struct, frozen=True):
    """A running hub (`<state_dir>/run.json`): there from when all is ready until it ends."""

    municipality: str
    broker: At
    pids: dict[str, int]
    web: str | None = None
    listeners: dict[str, Any] = {}


def say_ready(**content: Any) -> None:
    """Print the one line."""
    sys.stdout.write(json.dumps({"ready": True, **content}) + "\n")
    sys.stdout.flush()


async def beat() -> None:
    """Say again and again that the loop this runs in still turns. A process that hangs holds its
    sockets, and devices wait for it: only its silence tells the supervisor."""
    while True:
        try:
            sys.stdout.write(BEAT.decode())
            sys.stdout.flush()
        except BrokenPipeError:
            return  # nobody supervises us any more
        await asyncio.sleep(BEAT_EVERY_S)


def read_ready(line: bytes) -> Ready | None:
    """Return what a child said, None when the line is something else."""
    try:
        said = msgspec.json.decode(line, type=Ready)
    except msgspec.DecodeError:
        return None
    return said if said.ready else None


def read_run(path: Path) -> Run | None:
    """Return where the running hub's parts are, None when none runs from that folder."""
    try:
        return msgspec.json.decode(path.read_bytes(), type=Run)
    except FileNotFoundError:
        return None


def write_run(path: Path, run: Run) -> None:
    """Write the file in one step, so that a reader sees all of it or none."""
    draft = path.with_suffix(".draft")
    draft.write_bytes(msgspec.json.format(msgspec.json.encode(run)) + b"\n")
    os.replace(draft, path)
