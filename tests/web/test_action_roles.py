"""Roles against actions: who may do what with an alarm, written out by hand."""

import pytest

from routing.facts import AlarmClosed
from routing.lifecycle import Action, OutcomeCode, Phase
from tests.web.conftest import NewBrowser
from tests.web.town import Town

PEOPLE = {
    "staff": "kari",
    "lead": "lise",
    "operator": "odd",
    "it": "ivar",
    "relative": "rune",
    "outside": "vekter",
}
HANDLERS = {"staff", "lead", "operator"}
MAY: dict[str, set[str]] = {
    "see": HANDLERS,
    "accept": HANDLERS,
    "refuse": HANDLERS,
    "on_the_way": HANDLERS,
    "arrive": HANDLERS,
    "speak": HANDLERS,
    "note": HANDLERS,
    "call_for_help": HANDLERS,
    "jump": {"lead", "operator"},
    # Nobody, while nobody has it: first somebody accepts.
    "close": set(),
    "hand_over": set(),
    "take_over": set(),
    "need_help": set(),
    "join": set(),
    "decline": set(),
    "choose": set(),
    "reopen": set(),
    "unlock": set(),
    "lock": set(),
}
MORE: dict[str, dict[str, object]] = {
    "speak": {"speech": "attempt"},
    "note": {"note": "Prøver"},
    "jump": {"step": 0},
    "close": {"outcome": "talk"},
    "hand_over": {"to_person": "ola"},
    "choose": {"resident": "r-1"},
}


def test_every_action_stands_here() -> None:
    assert set(MAY) == {action.value for action in Action}


@pytest.mark.parametrize("role", sorted(PEOPLE))
async def test_an_action_on_a_looking_alarm(town: Town, someone: NewBrowser, role: str) -> None:
    browser = await someone().sign_in(PEOPLE[role])
    for action, allowed in MAY.items():
        alarm = await town.press()
        fresh = town.state.alarms[alarm].phase
        assert fresh == "looking"
        status, _ = await browser.act(alarm, action, **MORE.get(action, {}))
        if role not in HANDLERS:
            assert status == 403, (role, action)
        else:
            assert (status == 200) == (role in allowed), (role, action, status)
        await end(town, alarm)


async def end(town: Town, alarm: str) -> None:
    for one in [a.id for a in town.state.alarms.values() if a.phase is not Phase.CLOSED]:
        await town.append([AlarmClosed(alarm=one, person="kari", outcome=OutcomeCode.FALL)])
