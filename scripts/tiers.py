"""Run the checks and every tier of tests, then say what ran: `python -m scripts.tiers [--checks]`.

A tier is left out when a system part it needs is missing. That is named at the end, and is a
failure where the environment says CI=true.

Real servers and a real browser beside other work are now and then slower than any patience. A few
of their tests that fail are run once more, by themselves; what passes then is named as unsteady at
the end, for somebody to look at, and what fails twice has failed. Not those that kill processes:
what was lost once was lost.
"""

import os
import subprocess
import sys
import time
from pathlib import Path
from typing import NamedTuple
from xml.etree import ElementTree

from scripts.parts import PARTS

RESULTS = Path(".test-results")
SOME_FAILED, NO_TESTS = 1, 5
"""pytest's exit codes when tests have failed, and when nothing was collected (its documentation,
Exit codes)."""
UNSTEADY_AT_MOST = 5
"""More tests than this do not fail by chance."""


class Tier(NamedTuple):
    """Tests chosen by marker, the workers they run on, and the system parts they need."""

    name: str
    chosen: str
    workers: int
    needs: tuple[str, ...] = ()
    spread: str = "load"
    """How xdist gives tests to the workers (its documentation, --dist)."""
    twice: bool = False
    """Whether the few that fail are run once more."""


class Counts(NamedTuple):
    """What became of the tests of one or more runs."""

    passed: int = 0
    failed: int = 0
    skipped: int = 0


class Line(NamedTuple):
    """One line of the closing table."""

    name: str
    verdict: str
    seconds: float
    counts: Counts | None = None
    unsteady: tuple[str, ...] = ()
    """Tests that have passed at their second try only."""

    def failed(self, in_ci: bool) -> bool:
        return self.verdict == "FAILED" or (in_ci and self.verdict != "passed")


CHECKS = {
    "ruff": ("ruff", "check", "."),
    "format": ("ruff", "format", "--check", "--quiet", "."),
    "types": ("mypy",),
    "imports": ("lint-imports", "--no-logo"),
}
# Real servers and pages wait more than they work, and each test has its own. The browser's tests of
# one file share what one of them has visited. What is killed runs alone: it measures time.
TIERS = (
    Tier("unit", "not broker and not browser and not crash and not peer and not sim", 2),
    Tier("sim", "sim", 2),
    Tier(
        "broker", "broker and not browser and not crash", 2, ("mosquitto",), "worksteal", twice=True
    ),
    Tier("peer", "peer", 0, ("sipp",), twice=True),
    Tier("browser", "browser", 2, ("chromium", "fonts"), "loadfile", twice=True),
    Tier("crash", "crash and not browser", 0, ("mosquitto",)),
)


def run(command: tuple[str, ...]) -> tuple[int, float]:
    """Run a tool of the environment; return its exit code and the seconds it took."""
    print(f"\n$ {' '.join(command)}", flush=True)
    began = time.monotonic()
    tool = Path(sys.executable).with_name(command[0])
    done = subprocess.run([str(tool), *command[1:]], check=False)
    return done.returncode, time.monotonic() - began


def run_check(name: str) -> Line:
    code, seconds = run(CHECKS[name])
    return Line(name, "FAILED" if code else "passed", seconds)


def count(report: Path) -> Counts:
    """Read the counts of pytest's own JUnit report."""
    if not report.exists():
        return Counts(failed=1)
    suites = list(ElementTree.parse(report).getroot().iter("testsuite"))

    def total(name: str) -> int:
        return sum(int(suite.get(name, "0")) for suite in suites)

    failed, skipped = total("failures") + total("errors"), total("skipped")
    return Counts(max(total("tests") - failed - skipped, 0), failed, skipped)


def run_tier(tier: Tier) -> Line:
    missing = [name for name in tier.needs if not PARTS[name].present()]
    if missing:
        return Line(tier.name, f"left out: {', '.join(missing)} missing", 0)
    report = RESULTS / f"{tier.name}.xml"
    report.unlink(missing_ok=True)
    workers = ("-n", str(tier.workers), "--dist", tier.spread) if tier.workers else ()
    code, seconds = run(
        ("pytest", "-m", tier.chosen, *workers, f"--junit-xml={report}", "--durations=5")
    )
    if code == NO_TESTS:
        return Line(tier.name, "left out: it has no tests", seconds)
    failed = failed_tests(report) if tier.twice and code == SOME_FAILED else ()
    if 0 < len(failed) <= UNSTEADY_AT_MOST:
        return run_again(tier, failed, seconds, count(report))
    return Line(tier.name, "FAILED" if code else "passed", seconds, count(report))


def failed_tests(report: Path) -> tuple[str, ...]:
    """Return the names of those that have failed, from pytest's own JUnit report."""
    cases = ElementTree.parse(report).getroot().iter("testcase") if report.exists() else ()
    wrong = (one for one in cases if {"failure", "error"} & {part.tag for part in one})
    return tuple(dict.fromkeys(f"{one.get('classname')}::{one.get('name')}" for one in wrong))


def run_again(tier: Tier, failed: tuple[str, ...], seconds: float, before: Counts) -> Line:
    """Run what has failed once more, by itself."""
    report = RESULTS / f"{tier.name}-again.xml"
    report.unlink(missing_ok=True)
    code, more = run(("pytest", "-m", tier.chosen, "--last-failed", f"--junit-xml={report}"))
    now = count(report)
    if code or now.passed != len(failed):
        return Line(tier.name, "FAILED", seconds + more, before)
    whole = Counts(before.passed + now.passed, 0, before.skipped)
    return Line(tier.name, "passed", seconds + more, whole, failed)


def unsteady(lines: list[Line]) -> list[str]:
    """Return a line for each test that has passed at its second try only."""
    return [f"unsteady, look at it: {test}" for line in lines for test in line.unsteady]


def table(lines: list[Line]) -> str:
    """Return the closing table."""
    rows = [f"{'':10}{'seconds':>8}{'passed':>8}{'failed':>8}{'skipped':>8}"]
    for line in lines:
        cells = "".join(f"{number:8}" for number in line.counts or ()) or " " * 24
        rows.append(f"{line.name:10}{line.seconds:8.1f}{cells}  {line.verdict}")
    return "\n".join(rows)


def closing(lines: list[Line]) -> str:
    """Return the last line, in the form that pytest also uses."""
    counts = [line.counts for line in lines if line.counts]
    passed, failed, skipped = (sum(column) for column in zip(*counts, strict=True))
    return f"{passed} passed, {failed} failed, {skipped} skipped"


def main() -> int:
    only_checks = "--checks" in sys.argv[1:]
    RESULTS.mkdir(exist_ok=True)
    lines = [run_check(name) for name in CHECKS]
    if not only_checks:
        lines += [run_tier(tier) for tier in TIERS]
    print("\n".join(["", table(lines), *unsteady(lines)]))
    if any(line.counts for line in lines):
        print(closing(lines))
    in_ci = os.environ.get("CI") == "true"
    return 1 if any(line.failed(in_ci) for line in lines) else 0


if __name__ == "__main__":
    sys.exit(main())
