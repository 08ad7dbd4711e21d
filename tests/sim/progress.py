"""What a run of many seeds has come to: sums, failures, and what was covered."""

import time
from pathlib import Path

import msgspec

from tests.sim.seed import Report


class Progress(msgspec.Struct):
    """Sums over the seeds from `first` up to `next`, which is not run yet."""

    first: int
    next: int = -1
    seeds: int = 0
    facts: int = 0
    alarms: int = 0
    crashes: int = 0
    takeovers: int = 0
    municipalities: int = 0
    took_s: float = 0.0
    failed: list[int] = []
    pairs: dict[str, int] = {}
    """Phase of an alarm and the fact or command that met it, as `phase input`, to how often."""
    began: float = msgspec.field(default_factory=time.monotonic)

    def __post_init__(self) -> None:
        self.next = max(self.next, self.first)

    def add(self, report: Report) -> None:
        """Count one more seed."""
        self.next = report.seed + 1
        self.seeds += 1
        self.facts += report.facts
        self.alarms += report.alarms
        self.crashes += report.crashes
        self.takeovers += report.takeovers
        self.municipalities += report.municipalities
        for pair, number in report.pairs.items():
            name = " ".join(pair)
            self.pairs[name] = self.pairs.get(name, 0) + number
        if report.failures:
            self.failed.append(report.seed)

    def write(self, file: Path) -> None:
        """Replace the file in one step."""
        now = time.monotonic()
        self.took_s, self.began = self.took_s + now - self.began, now
        body = {**msgspec.to_builtins(self), "pairs": dict(sorted(self.pairs.items()))}
        del body["began"]
        draft = file.with_suffix(".draft")
        draft.write_bytes(msgspec.json.format(msgspec.json.encode(body)) + b"\n")
        draft.replace(file)

    def in_words(self) -> str:
        """Return the sums for a person."""
        took_s = self.took_s + time.monotonic() - self.began
        return (
            f"{len(self.pairs)} pairs of phase and input covered\n"
            f"{self.seeds} seeds from {self.first} on, {len(self.failed)} failed"
            f" {self.failed[:20] or ''} in {took_s:.0f} s ({self.seeds / took_s:.1f}/s):"
            f" {self.facts} facts, {self.alarms} alarms in {self.municipalities} municipalities,"
            f" {self.crashes} crashes, {self.takeovers} takeovers from a worker that lives"
        )


def load(file: Path, first: int) -> Progress:
    """Return the file's sums, where it ends at `first`; else new ones."""
    if file.exists():
        kept = msgspec.json.decode(file.read_bytes(), type=Progress)
        if kept.next == first:
            return kept
    return Progress(first)
