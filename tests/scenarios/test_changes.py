"""Changes of the configuration in the middle of an alarm: nobody is lost, nothing goes silent."""

from pathlib import Path

import pytest

from tests.scenarios.stories import HEAD, played

ONLY_KARI = """\
changes:
  set:
    policies:
      - {id: only, steps: [{call: [{person: kari}], wait: 60 s}], fallback: [{person: turid}]}
    municipality: [{default_policy: only}]
"""
PRESS = 'story:\n  - {at: "14:00", press: pendant-astrid}\n'
KARI_LEAVES = """\
  - at: "14:00:30"
    configure:
      set:
        shifts: [{id: day, people: [ola]}]
        policies:
          - {id: only, steps: [{call: [{person: ola}], wait: 60 s}], fallback: [{person: turid}]}
      remove: {people: [kari]}
"""
ON_DUTY_LEAVES = """\
  - at: "14:00:10"
    configure: {set: {shifts: [{id: day, people: [ola]}]}, remove: {people: [kari]}}
"""
OPEN_AGAIN = '  - {at: "14:05", text: x, expect: [{owner: nobody, phase: looking, alarms: 1}]}\n'
STORIES = {
    "the only one who was called leaves": ONLY_KARI
    + PRESS
    + KARI_LEAVES
    + '  - {at: "14:05", text: x, expect: [{between: ["14:00:30", "14:05"], notified: turid}]}\n',
    "the owner leaves": ONLY_KARI
    + PRESS
    + '  - {at: "14:00:10", kari: accept}\n'
    + KARI_LEAVES
    + OPEN_AGAIN,
    "the owner leaves while at the resident": ONLY_KARI
    + PRESS
    + '  - {at: "14:00:10", kari: arrive}\n'
    + KARI_LEAVES
    + OPEN_AGAIN,
    "who has left is told so, and is not waited for": PRESS
    + ON_DUTY_LEAVES
    + """\
  - {at: "14:00:20", kari: accept, expect: [{owner: nobody}]}
  - {at: "14:00:30", ola: refuse, expect: [{within: 1 s, notified: [jonas, ida]}]}
""",
    "a running alarm keeps its policy, a new one has the new": PRESS
    + """\
  - at: "14:00:10"
    configure:
      set:
        policies:
          - {id: everyday, steps: [{call: [{person: turid}], wait: 5 s}], fallback: [{lead: "*"}]}
  - {at: "14:00:59", text: x, expect: [{between: ["14:00:05", "14:00:59"], notified: nobody}]}
  - {at: "14:01:01", text: x, expect: [{between: ["14:00:59", "14:01:01"], notified: [jonas, ida]}]}
  - at: "14:02"
    press: pendant-bjarne
    expect: [{within: 1 s, of: bjarne, notified: turid, nobody_else: true}]
""",
    "its policy is removed": PRESS
    + """\
  - at: "14:00:10"
    configure:
      set: {municipality: [{default_policy: technical}]}
      remove: {policies: [everyday]}
  - {at: "14:01:01", text: x, expect: [{between: ["14:00:59", "14:01:01"], notified: [jonas, ida]}]}
  - {at: "14:30", text: x, expect: [{between: ["14:20", "14:30"], notified: [jonas, turid]}]}
""",
    "the resident and the device are removed": PRESS
    + """\
  - at: "14:00:10"
    configure: {remove: {residents: [astrid], devices: [pendant-astrid, fall-astrid, smoke-astrid]}}
  - {at: "14:01:01", text: x, expect: [{between: ["14:00:59", "14:01:01"], notified: [jonas, ida]}]}
  - {at: "14:02", kari: accept}
  - {at: "14:03", kari: close talk, expect: [{phase: closed}]}
""",
    "commands for a state that has passed": PRESS
    + """\
  - {at: "14:00:10", kari: accept}
  - {at: "14:00:20", kari: arrive}
  - at: "14:00:30"
    kari: {do: on_the_way, seen: accepted}
    expect: [{refused: {kari: state_has_passed}, phase: at_resident}]
  - {at: "14:00:40", kari: close talk}
  - {at: "14:00:50", kari: arrive, expect: [{refused: {kari: already_closed}}]}
  - {at: "14:00:55", ola: {do: accept, seen: looking}, expect: [{refused: {ola: already_closed}}]}
""",
}


@pytest.mark.parametrize("name", STORIES)
def test_a_change_in_the_middle(tmp_path: Path, name: str) -> None:
    result = played(tmp_path, STORIES[name], HEAD)
    assert result.passed, "\n".join(result.lines(verbose=False))
