"""The closing table of `make test`: what ran, what was left out, and the verdict."""

from pathlib import Path

import pytest

from scripts.parts import PARTS, Part
from scripts.tiers import Counts, Line, Tier, closing, count, run_tier, table, unsteady

REPORT = """<testsuites><testsuite name="pytest" errors="1" failures="2" skipped="3" tests="10"/>
</testsuites>"""


def test_counts_come_from_pytests_own_report(tmp_path: Path) -> None:
    report = tmp_path / "unit.xml"
    report.write_text(REPORT)
    assert count(report) == Counts(passed=4, failed=3, skipped=3)


def test_a_run_without_a_report_is_a_failure(tmp_path: Path) -> None:
    assert count(tmp_path / "missing.xml").failed == 1


def test_a_tier_without_its_part_is_left_out_by_name(monkeypatch: pytest.MonkeyPatch) -> None:
    absent = Part("mosquitto", "mosquitto", lambda: False)
    monkeypatch.setitem(PARTS, "mosquitto", absent)
    line = run_tier(Tier("broker", "broker", 0, ("mosquitto",)))
    assert line.verdict == "left out: mosquitto missing"


@pytest.mark.parametrize(
    ("verdict", "in_ci", "fails"),
    [
        ("passed", True, False),
        ("passed", False, False),
        ("FAILED", True, True),
        ("FAILED", False, True),
        ("left out: mosquitto missing", True, True),
        ("left out: mosquitto missing", False, False),
    ],
)
def test_a_tier_left_out_fails_only_in_ci(verdict: str, in_ci: bool, fails: bool) -> None:
    assert Line("broker", verdict, 0).failed(in_ci) is fails


ONCE = """<testsuites><testsuite errors="0" failures="{0}" skipped="0" tests="3">
<testcase classname="tests.browser.test_a" name="one"/>
<testcase classname="tests.browser.test_a" name="two"><failure message="late"/></testcase>
<testcase classname="tests.browser.test_b" name="three">{1}</testcase>
</testsuite></testsuites>"""
AGAIN = '<testsuites><testsuite errors="0" failures="{0}" skipped="0" tests="{1}"/></testsuites>'
ALSO = '<error message="gone"/>'


@pytest.mark.parametrize(
    ("twice", "tries", "expected"),
    [
        (
            True,
            [ONCE.format(1, ""), AGAIN.format(0, 1)],
            Line("browser", "passed", 2.0, Counts(3, 0, 0), ("tests.browser.test_a::two",)),
        ),
        (
            True,
            [ONCE.format(1, ""), AGAIN.format(1, 1)],
            Line("browser", "FAILED", 2.0, Counts(2, 1, 0)),
        ),
        (  # one of two was not run again
            True,
            [ONCE.format(1, ALSO), AGAIN.format(0, 1)],
            Line("browser", "FAILED", 2.0, Counts(2, 1, 0)),
        ),
        (False, [ONCE.format(1, "")], Line("browser", "FAILED", 1.0, Counts(2, 1, 0))),
    ],
)
def test_what_passes_at_its_second_try_is_named(
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    twice: bool,
    tries: list[str],
    expected: Line,
) -> None:
    reports = [*tries]

    def pytest_runs(command: tuple[str, ...]) -> tuple[int, float]:
        (report,) = (part for part in command if part.startswith("--junit-xml="))
        text = reports.pop(0)
        Path(report.partition("=")[2]).write_text(text)
        return (1 if 'failures="1"' in text else 0), 1.0

    monkeypatch.setattr("scripts.tiers.RESULTS", tmp_path)
    monkeypatch.setattr("scripts.tiers.run", pytest_runs)
    line = run_tier(Tier("browser", "browser", 0, twice=twice))
    assert line == expected
    assert reports == []
    assert unsteady([line]) == [f"unsteady, look at it: {one}" for one in expected.unsteady]


def test_the_table_and_the_last_line() -> None:
    lines = [
        Line("ruff", "passed", 0.21),
        Line("unit", "passed", 12.5, Counts(120, 0, 2)),
        Line("crash", "FAILED", 60, Counts(7, 1, 0)),
    ]
    assert table(lines).splitlines() == [
        "           seconds  passed  failed skipped",
        "ruff           0.2                          passed",
        "unit          12.5     120       0       2  passed",
        "crash         60.0       7       1       0  FAILED",
    ]
    assert closing(lines) == "127 passed, 1 failed, 2 skipped"
