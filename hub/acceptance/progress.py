"""Results so far, kept so that a test can be cut and resumed. The file names no person."""

import os
from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path

import msgspec

from routing.instant import Instant


class Verdict(StrEnum):
    """How a step ended."""

    PASSED = "passed"
    FAILED = "failed"
    SKIPPED = "skipped"
    """The person said that the device cannot, or that it is not tried."""
    NOT_APPLICABLE = "not_applicable"


class Result(msgspec.Struct, frozen=True):
    """How one step ended, with what was measured."""

    verdict: Verdict
    figures: dict[str, float] = {}
    tries: int = 1


class Progress(msgspec.Struct, kw_only=True):
    """A test of one device."""

    protocol: str
    model: str
    """Maker and model, as the person wrote it."""
    version: str
    """Of Varde."""
    begun_at: Instant
    results: dict[str, Result] = {}
    ended_at: Instant | None = None


def path_of(folder: Path, device: str) -> Path:
    """Return where a device's test is kept; ids hold nothing that a path could not."""
    return folder / "acceptance" / f"{device}.json"


def load(path: Path) -> Progress | None:
    """Return the test that was begun and not ended; None when there is none."""
    try:
        found = msgspec.json.decode(path.read_bytes(), type=Progress)
    except (FileNotFoundError, msgspec.DecodeError):
        return None
    return found if found.ended_at is None else None


def save(path: Path, progress: Progress) -> None:
    """Write it in one step."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = path.with_suffix(".draft")
    draft.write_bytes(msgspec.json.format(msgspec.json.encode(progress)) + b"\n")
    os.replace(draft, path)


def is_passed(results: Mapping[str, Result]) -> bool:
    """Whether nothing failed, and the press and its answer were seen."""
    press = results.get("press")
    failed = any(one.verdict is Verdict.FAILED for one in results.values())
    return not failed and press is not None and press.verdict is Verdict.PASSED
