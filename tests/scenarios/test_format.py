"""What is wrong in a scenario file is told with its line, its key and what to do."""

from pathlib import Path

import pytest

from tests.scenarios.stories import HEAD, played

WRONG = [
    ("story:\n  - {at: noon}\n", 4 + 1, "`noon` is no time"),
    ("story:\n  - prss: pendant-astrid\n", 5, "`prss` is not known here. Did you mean `press`?"),
    ("story:\n  - karri: accept\n", 5, "Did you mean `kari`?"),
    ("story:\n  - kari: axept\n", 5, "`axept`"),
    ("story:\n  - press: pendant-astrd\n", 5, "Nearest: `pendant-astrid`"),
    ("story:\n  - press: {device: pendant-astrid, kind: help.prest}\n", 5, "help.prest"),
    ("story:\n  - press: {kind: help.pressed}\n", 5, "Exactly one of `device`"),
    ("story:\n  - kari: {do: accept, arive_within: 5 min}\n", 5, "`arive_within`"),
    ("story:\n  - kari: {of: astrid}\n", 5, "Exactly one of `do` and `task`"),
    ("story:\n  - kari: {do: speak, speech: loud}\n", 5, "`kari` cannot be `speak`"),
    ("story:\n  - at: '14:05'\n  - at: '14:04'\n", 6, "before the line above"),
    ("story:\n  - fault: {phone: kari, hub: killed}\n", 5, "Exactly one thing breaks"),
    ("story:\n  - fault: {hub: killed}\n", 5, "until"),
    ("story:\n  - raw: {protocol: scaip}\n", 5, "`text` and `hex`"),
    ("story:\n  - expect:\n      - {ownr: kari}\n", 6, "Did you mean `owner`?"),
    ("story:\n  - expect:\n      - {owner: per}\n", 6, "`per` is not in the municipality"),
    ("story:\n  - expect:\n      - {of: nobody-here, alarms: 1}\n", 6, "`nobody-here`"),
    ("story:\n  - expect:\n      - {within: 1 s}\n", 6, "Nothing is expected here"),
    ("story:\n  - expect:\n      - {at: '14:00', within: 1 s, alarms: 0}\n", 6, "At most one"),
    ("story: []\n", 4, "story"),
    ("municipality: nowhere.yaml\nstory:\n  - press: pendant-astrid\n", 4, "nowhere.yaml"),
    (
        "changes:\n  set:\n    devices:\n      - {id: pendant-astrid, resident: astri}\n"
        "story:\n  - press: pendant-astrid\n",
        7,
        "astri",
    ),
    (
        "changes:\n  set:\n    policies:\n      - id: everyday\n        steps:\n"
        "          - {call: [{person: per}], wait: 60 s}\nstory:\n  - press: pendant-astrid\n",
        9,
        "per",
    ),
]


@pytest.mark.parametrize(("text", "line", "said"), WRONG)
def test_it_is_told_with_line_and_key(tmp_path: Path, text: str, line: int, said: str) -> None:
    result = played(tmp_path, text)
    assert result.problems
    assert result.problems[0].startswith(f"{result.path}:{line}: "), result.problems
    assert said in result.problems[0]
    assert list(result.lines(verbose=False))[-1].startswith("FAIL")


def test_a_time_that_the_clock_skips_or_shows_twice_is_told(tmp_path: Path) -> None:
    story = "story:\n  - at: '02:30'\n    press: pendant-astrid\n"
    for day in ("2027-03-28", "2026-10-25"):
        head = HEAD.replace("2026-11-23 14:00", f"{day} 00:00")
        result = played(tmp_path, story, head)
        assert result.problems == [
            f"{result.path}:5: The local time {day} 02:30 is skipped or shown twice by the clock "
            'that day. Give the offset: "02:30 +01:00".'
        ]


@pytest.mark.parametrize("text", ["", "just words", "- a\n- list\n"])
def test_what_is_no_scenario_is_told(tmp_path: Path, text: str) -> None:
    result = played(tmp_path, text, "")
    assert "no scenario" in result.problems[0]


def test_broken_yaml_is_told_with_its_line(tmp_path: Path) -> None:
    result = played(tmp_path, "story: [\n")
    assert result.problems[0].startswith(f"{result.path}:5: This is not readable YAML")
