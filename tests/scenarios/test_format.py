"""What is wrong in a scenario file is told with its line, its key and what to do."""

from pathlib import Path

import pytest

from hub.scenario.times import Calendar
from tests.scenarios.stories import HEAD, played

WRONG = [
    ("story:\n  - at: '11:00'\n    press: pendant-astrid\n", 5, "`11:00` is before `start`"),
    (
        "story:\n  - expect:\n      - {between: ['14:05', '14:01'], notified: nobody}\n",
        6,
        "The window ends before it begins",
    ),
    (
        "story:\n  - expect:\n      - {within: 1 s, no_fact: {fact: alarm.raisd}}\n",
        6,
        "`alarm.raisd` is not in the municipality of this story (facts). Nearest: `alarm.raised`",
    ),
    ("story:\n  - fault: {phone: karri}\n", 5, "Nearest: `kari`"),
    ("story:\n  - fault: {channel: pigeon}\n", 5, "`pigeon` is not in the municipality"),
    ("story:\n  - fault: {hub: killed, until: '13:00'}\n", 5, "`until: 13:00` is not after"),
    ("story:\n  - press: {devices: 'zz-*'}\n", 5, "`zz-*` is not in the municipality"),
    ("story:\n  - configure: {remove: {people: [per]}}\n", 5, "`per` is not in the municipality"),
    (
        "changes: {remove: {devices: [pendant-astri]}}\nstory:\n  - press: pendant-bjarne\n",
        4,
        "Nearest: `pendant-astrid`",
    ),
    ("story:\n  - raw: {protocol: ev07b, hex: zz}\n", 5, "`zz` is no hexadecimal payload"),
    ("story:\n  - raw: {protocol: zigbee2mqtt, text: '{}'}\n", 5, "needs its `topic`"),
    (
        "story:\n  - alive: {device: pendant-astrid, every: 0 s, until: '15:00'}\n",
        5,
        "`0 s` is no duration above zero",
    ),
    (
        "story:\n  - alive: {device: pendant-astrid, every: 2 weeks, until: '15:00'}\n",
        5,
        "The units are s, min, h, d;",
    ),
    (
        "story:\n  - alive: {device: pendant-astrid, every: 1 s, until: 'day 30 14:00'}\n",
        5,
        "This line sends 2505601 messages; at most 100000",
    ),
    (
        "story:\n  - press: {device: pendant-astrid, occurred_at: yesterday}\n",
        5,
        "`yesterday` is no time that a device could show",
    ),
    (
        "story:\n  - press: {device: gps-edvard, position: {lat: 999, lon: 5}}\n",
        5,
        "`lat` cannot be `999`",
    ),
    ("story: [hello]\n", 4, "`story` holds `hello` where fields belong"),
    ("municipality: [1]\nstory:\n  - press: pendant-astrid\n", 4, "`municipality` "),
    ("story:\n  - {at: noon}\n", 4 + 1, "`noon` is no time"),
    ("story:\n  - {at: '14:02 +99:00'}\n", 5, "`14:02 +99:00` is no time"),
    ("story:\n  - prss: pendant-astrid\n", 5, "`prss` is not known here. Did you mean `press`?"),
    ("story:\n  - karri: accept\n", 5, "Did you mean `kari`?"),
    ("story:\n  - kari: axept\n", 5, "`axept`"),
    ("story:\n  - press: pendant-astrd\n", 5, "Nearest: `pendant-astrid`"),
    ("story:\n  - press: {device: pendant-astrid, kind: help.prest}\n", 5, "help.prest"),
    ("story:\n  - press: {kind: help.pressed}\n", 5, "Exactly one of `device`"),
    ("story:\n  - kari: {do: accept, arive_within: 5 min}\n", 5, "`arive_within`"),
    ("story:\n  - kari: {of: astrid}\n", 5, "Exactly one of `do`, `task` and `reach`"),
    ("story:\n  - kari: {do: accept, reach: begin}\n", 5, "Exactly one of `do`, `task` and"),
    ("story:\n  - kari: reach bigin\n", 5, "`bigin`"),
    ("story:\n  - kari: {reach: begin, until: tomorrow}\n", 5, "`kari` cannot be `begin`"),
    ("story:\n  - kari: {reach: test, of: olla}\n", 5, "Nearest: `ola`"),
    ("story:\n  - fault: {hub: killed, receipts: lost, until: '15:00'}\n", 5, "Exactly one thing"),
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
    (
        "story:\n  - expect:\n      - {no_fact: {fact: alarm.raised, knd: x}}\n",
        6,
        "`knd` is not known here",
    ),
    ("story:\n  - expect:\n      - {fact: {persn: kari}}\n", 6, "`persn` is not known here"),
    ("story: []\n", 4, "story"),
    (
        "story:\n  - expect:\n      - {at: '10:00', notified: nobody}\n",
        6,
        "`10:00:00` is before `start`",
    ),
    (
        "story:\n  - text: x\nexpect:\n  - {between: ['13:00', '15:00'], alarms: 0}\n",
        7,
        "`13:00:00` is before `start`",
    ),
    (
        "story:\n  - press: {device: pendant-astrid, occurred_at: '0001-01-01T00:00:00+14:00'}\n",
        5,
        "is no time that a device could show",
    ),
    ("municipality: {people: 5}\nstory:\n  - text: x\n", 4, "`municipality` is missing"),
    ("changes: {set: {people: [{id: [1]}]}}\nstory:\n  - text: x\n", 4, "`[1]` is no id"),
    ("changes: {set: {municipality: []}}\nstory:\n  - text: x\n", 5, "expects nothing"),
    ("story:\n  - press:\nexpect:\n  - {raised: 0}\n", 5, "`press` is left empty."),
    ("story:\n  - kari:\nexpect:\n  - {raised: 0}\n", 5, "`kari` is left empty."),
    ("story:\n  - expect:\n      - {phase: looking, owner: }\n", 6, "`owner` is left empty."),
    ("story:\n  - text: x\nexpect:\n  - {raised: 0, notified: }\n", 7, "`notified` is left empty."),
    ("story:\n  - expect:\n      - {alarms: true}\n", 6, "`true` is no number here"),
    ("story:\n  - expect:\n      - {timeline: ''}\n", 6, "`timeline`"),
    ("story:\n  - {at: '+1001 d'}\n", 4, "lasts at most 1000 days"),
    ("story:\n  - expect:\n      - {within: 1001 d, raised: 0}\n", 6, "lasts at most 1000 days"),
    ("story:\n  - press: pendant-astrid\n", 4, "This story expects nothing, so it proves nothing."),
    ("only_played: false\nstory:\n  - press: pendant-astrid\n", 5, "expects nothing"),
    (
        "only_played: true\nstory:\n  - press: pendant-astrid\nexpect:\n  - {raised: 1}\n",
        4,
        "Take `only_played` out, or every `expect:`",
    ),
    ("story:\n  - expect:\n      - {of: astrid, refused: {}}\n", 6, "Nothing is expected here"),
    ("story:\n  - expect:\n      - {nobody_else: false}\n", 6, "Nothing is expected here"),
    ("story:\n  - expect:\n      - {not_notified: []}\n", 6, "Nothing is expected here"),
    ('municipality: "\\ud800"\nstory:\n  - press: pendant-astrid\n', 4, "The municipality `"),
    ('municipality: "a\\0b"\nstory:\n  - press: pendant-astrid\n', 4, "The municipality `"),
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


STARTS = [
    ("0001-01-01 14:00 Europe/Oslo", "is too far off: a story begins in a year from 1970 to 2199"),
    ("9999-12-31 14:00 Europe/Oslo", "is too far off"),
    ("2026-11-31 14:00 Europe/Oslo", "has a day that its month has not"),
    ("2026-11-23 24:00 Europe/Oslo", "or a time of day that there is none of"),
    ("2026-11-23 14:00", "it must be a date, a local time and a time zone, in this order"),
    ("23.11.2026 14:00 Europe/Oslo", "it must be a date"),
    ("2026-11-23 14:00 +99:00 Europe/Oslo", "it must be a date"),
    ("2026-11-23 14:00 Europe/Olso", "The time zone `Europe/Olso` is not known. Use an IANA name"),
    ("2026-11-23 14:00 Europe", "The time zone `Europe` is not known"),
    ("2026-11-23 14:00 localtime", "The time zone `localtime` is not known"),
    ("2026-10-25 02:30 Europe/Oslo", "The local time 2026-10-25 02:30 is skipped or shown twice"),
    ("2027-03-28 02:30 Europe/Oslo", "Give the offset"),
]


@pytest.mark.parametrize(("start", "said"), STARTS)
def test_a_start_that_is_none_says_why_and_what_to_do(
    tmp_path: Path, start: str, said: str
) -> None:
    head = HEAD.replace("2026-11-23 14:00 Europe/Oslo", start)
    (problem,) = played(tmp_path, "story:\n  - {text: x}\n", head).problems
    assert problem.startswith(f"{tmp_path / 'story.yaml'}:3: ")
    assert said in problem


def test_a_zone_with_a_hyphen_or_a_digit_is_a_zone() -> None:
    for zone in ("America/Port-au-Prince", "Etc/GMT+1"):
        assert str(Calendar(f"2026-11-23 14:00 {zone}").zone) == zone


def test_a_municipality_file_with_a_key_twice_is_not_half_read(tmp_path: Path) -> None:
    (tmp_path / "town.yaml").write_text("municipality: {id: a, id: b}\n", "utf-8")
    result = played(tmp_path, "municipality: town.yaml\nstory:\n  - {text: x}\n")
    assert len(result.problems) == 1
    assert "`town.yaml` cannot be read as YAML" in result.problems[0]


TWO_ALARMS = """\
story:
  - event: {device: fall-astrid, kind: battery.low}
  - press: pendant-astrid
  - at: "+10 s"
    kari: accept
    expect:
      - {of: help, owner: kari}
      - {of: battery.low, owner: nobody}
"""


def test_a_tap_without_more_is_for_the_alarm_that_called_the_person(tmp_path: Path) -> None:
    """The fault of the same instant rings at the response centre; Kari was called to the press."""
    result = played(tmp_path, TWO_ALARMS)
    assert result.passed, list(result.lines(verbose=False))


NO_RECEIPTS = """\
changes: {set: {people: [{id: kari, channels: [{push: {}}, {sms: {number: "+4740000001"}}]}]}}
story:
  - at: "14:01"
    fault: {phone: kari, channel: push, receipts: lost, until: "14:02"}
    press: pendant-astrid
    expect:
      - {between: ["+10 s", "+11 s"], notified: {kari: sms-2}, reason: no_receipt}
  - at: "14:03"
    press: pendant-bjarne
    expect:
      - {within: 1 s, notified: {kari: push-1}}
"""


def test_receipts_may_be_lost_for_a_time(tmp_path: Path) -> None:
    result = played(tmp_path, NO_RECEIPTS)
    assert result.passed, [*result.problems, *result.lines(verbose=False)]
