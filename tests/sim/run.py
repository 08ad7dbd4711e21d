"""Run seeds: `python -m tests.sim.run --seeds 10000 [--first N] [--plant NAME] [--jobs 2]`.

A long run writes what it has come to into a file every minute (`--progress`), with the command that
goes on from there: `--seeds 100000 --jobs 2 --progress sim.json --keep-going`.
"""

import argparse
import gc
import signal
import sys
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from multiprocessing import Pool
from pathlib import Path

from tests.sim.plants import PLANTS
from tests.sim.progress import Progress, load
from tests.sim.seed import Report, run

COLLECT_EVERY = 20
"""Seeds after which a process collects its garbage; a seed's own is some megabytes."""
CHUNK = 4
WRITE_EVERY_S = 60.0
STORY_LINES = 200


def main(argv: Sequence[str] | None = None) -> int:
    """Run seeds and print the rate, or the story of the first seed that fails."""
    asked = _arguments().parse_args(argv)
    progress = load(asked.progress, asked.first) if asked.progress else Progress(asked.first)
    seeds = range(asked.first, asked.first + asked.seeds)
    with _reports(asked.jobs, asked.plant, seeds) as reports:
        try:
            finished = _follow(progress, reports, asked.progress, keep_going=asked.keep_going)
        except KeyboardInterrupt:
            finished = False
    if asked.progress:
        progress.write(asked.progress)
    print(progress.in_words())
    left = seeds.stop - progress.next
    if left and not progress.failed:
        print(f"go on: python -m tests.sim.run --first {progress.next} --seeds {left}")
    return 0 if finished and not progress.failed else 1


def _arguments() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tests.sim.run", description=__doc__)
    parser.add_argument("--seeds", type=int, default=200)
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--plant", choices=sorted(PLANTS), help="plant this bug: it must be found")
    parser.add_argument("--jobs", type=int, default=1, help="processes")
    parser.add_argument(
        "--progress",
        type=Path,
        help="write the sums to this file every minute; a run that starts where the file ends adds"
        " to them",
    )
    parser.add_argument(
        "--keep-going", action="store_true", help="tell of a seed that fails, and run the others"
    )
    return parser


def _follow(
    progress: Progress, reports: Iterable[Report], file: Path | None, *, keep_going: bool
) -> bool:
    """Add up the reports; False when the first failure has ended it."""
    written_at = time.monotonic()
    for report in reports:
        progress.add(report)
        if report.failures:
            print("\n".join((*report.story[-STORY_LINES:], *report.failures)))
            print(f"seed {report.seed} fails; again: {again(report.seed)}", flush=True)
            if not keep_going:
                return False
        if file and time.monotonic() - written_at > WRITE_EVERY_S:
            written_at = time.monotonic()
            progress.write(file)
    return True


def again(seed: int) -> str:
    """Return the command that replays one seed."""
    return f"python -m tests.sim.run --first {seed} --seeds 1"


@contextmanager
def _reports(jobs: int, plant: str | None, seeds: range) -> Iterator[Iterable[Report]]:
    """Give the reports in the order of the seeds, run by so many processes."""
    if jobs == 1:
        yield map(partial(run, plant=plant), seeds)
        return
    with Pool(jobs, _begin) as pool:
        yield pool.imap(partial(_run, plant), seeds, CHUNK)


def _begin() -> None:
    """In each process: no garbage collection but our own, and none of the terminal's signals."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    gc.collect()
    gc.freeze()
    gc.disable()


def _run(plant: str | None, seed: int) -> Report:
    if seed % COLLECT_EVERY == 0:
        gc.collect()
    return run(seed, plant)


if __name__ == "__main__":
    sys.exit(main())
