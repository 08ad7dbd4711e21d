"""`python -m tests.fuzz.run --frames N`: hostile frames through every session; what came of them.

Half of the frames are random octets; half are known payloads (tests/data) with a few changes, most
of them with length and checksum repaired. Streams are cut anywhere, several peers speak at once,
and the hub answers for events well, badly, late or never. A session may give outputs and nothing
else: an exception, noise that is dropped unseen, an event that cannot be written, a frame that
takes a second, or memory that grows is a failure. Every failure is printed with what repeats it.
"""

import argparse
import multiprocessing
import sys
import time
from collections.abc import Sequence

from adapters.protocols import PROTOCOLS
from tests.bench.figures import show
from tests.fuzz.tally import Tally
from tests.fuzz.unit import Failure, Unit, run

UNIT = 100_000
_HEAD = (
    *("protocol", "frames", "frames/s", "events", "undecodable", "unknown", "help", "replies"),
    *("quiet", "slowest ms", "holds KiB"),
)


def main() -> int:
    """Run, print the table; 1 when any session failed."""
    args = _arguments()
    began = time.monotonic()
    units = _units(args.protocol or list(PROTOCOLS), args.frames, args.seed)
    tallies = {unit.protocol: Tally() for unit in units}
    failures: list[Failure] = []
    with multiprocessing.get_context("spawn").Pool(args.jobs) as pool:
        for unit, tally, failure in pool.imap_unordered(run, units):
            tallies[unit.protocol].add(tally)
            failures += [] if failure is None else [failure]
            print(f"{unit.protocol} seed {unit.seed}: {tally.frames:,}", file=sys.stderr)
    _show(tallies, time.monotonic() - began)
    for failure in failures:
        _tell(failure)
    return int(bool(failures))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz.run", description=__doc__)
    parser.add_argument("--frames", type=int, default=100_000, help="over all protocols")
    parser.add_argument("--jobs", type=int, default=2, help="processes")
    parser.add_argument("--protocol", action="append", choices=list(PROTOCOLS))
    parser.add_argument("--seed", type=int, default=1)
    return parser.parse_args()


def _units(protocols: Sequence[str], frames: int, seed: int) -> list[Unit]:
    """Divide the frames evenly; the last protocol's turn comes last in every round."""
    each = -(-frames // len(protocols))
    rounds = range(-(-each // UNIT))
    return [
        Unit(protocol, seed + number, min(UNIT, each - number * UNIT))
        for number in rounds
        for protocol in protocols
    ]


def _show(tallies: dict[str, Tally], wall_s: float) -> None:
    every = Tally()
    for tally in tallies.values():
        every.add(tally)
    rows = [_row(name, tally) for name, tally in tallies.items()]
    rows.append(_row("all", every))
    show(f"fuzzed: {every.frames:,} frames in {wall_s:.0f} s", _HEAD, rows)


def _row(name: str, tally: Tally) -> tuple[str, ...]:
    figures = (
        tally.frames,
        round(tally.frames / max(tally.seconds, 0.001)),
        tally.events,
        tally.undecodable,
        tally.kinds["code.unknown"],
        sum(count for kind, count in tally.kinds.items() if kind.startswith("help.")),
        tally.replies,
        tally.quiet,
    )
    said = (f"{figure:,}" for figure in figures)
    return (name, *said, f"{tally.slowest_ms:.1f}", f"{tally.kept_kib:,}")


def _tell(failure: Failure) -> None:
    unit = failure.unit
    print(f"\nFAILED {unit.protocol}, seed {unit.seed}, frame {failure.frame}: {failure.octets}")
    print(failure.why)


if __name__ == "__main__":
    sys.exit(main())
