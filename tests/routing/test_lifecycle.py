"""The life of an alarm: every phase, action and owner-or-not, written out by hand."""

import pytest

from routing.lifecycle import Action, Phase, Verdict, verdict
from routing.reasons import ReasonCode
from scripts.lifecycle import DOCUMENT, document

L, A, W, R, C = (
    Phase.LOOKING,
    Phase.ACCEPTED,
    Phase.ON_THE_WAY,
    Phase.AT_RESIDENT,
    Phase.CLOSED,
)
FIRST, YOURS = ReasonCode.ACCEPT_FIRST, ReasonCode.ALREADY_YOURS
TAKEN, OTHERS = ReasonCode.TAKEN_BY_OTHER, ReasonCode.NOT_OWNER
OVER, PAST = ReasonCode.ALREADY_CLOSED, ReasonCode.STATE_HAS_PASSED
UNASKED, OPEN = ReasonCode.NOT_ASKED, ReasonCode.NOT_CLOSED

ACTIONS = (
    Action.SEE, Action.ACCEPT, Action.REFUSE, Action.ON_THE_WAY, Action.ARRIVE, Action.CLOSE
)  # fmt: skip
MORE = (
    Action.HAND_OVER, Action.TAKE_OVER, Action.NEED_HELP, Action.JOIN, Action.DECLINE,
    Action.CHOOSE, Action.SPEAK, Action.NOTE, Action.CALL_FOR_HELP, Action.JUMP, Action.REOPEN,
)  # fmt: skip
BY_THE_OWNER: dict[Phase, tuple[Verdict, ...]] = {
    #   see  accept refuse way    arrive close
    L: (L,   A,     L,     W,     R,     FIRST),
    A: (A,   YOURS, YOURS, W,     R,     C),
    W: (W,   YOURS, YOURS, W,     R,     C),
    R: (R,   YOURS, YOURS, PAST,  R,     C),
    C: (C,   OVER,  OVER,  OVER,  OVER,  OVER),
}  # fmt: skip
DOORS = (Action.UNLOCK, Action.LOCK)
BY_ANOTHER: dict[Phase, tuple[Verdict, ...]] = {
    L: (L,   A,     L,     W,     R,     FIRST),
    A: (A,   TAKEN, TAKEN, TAKEN, TAKEN, OTHERS),
    W: (W,   TAKEN, TAKEN, TAKEN, TAKEN, OTHERS),
    R: (R,   TAKEN, TAKEN, TAKEN, TAKEN, OTHERS),
    C: (C,   OVER,  OVER,  OVER,  OVER,  OVER),
}  # fmt: skip
MORE_BY_THE_OWNER: dict[Phase, tuple[Verdict, ...]] = {
    #   hand_over take_over help   join     decline  choose speak note call jump  reopen
    L: (FIRST,    UNASKED,  FIRST, UNASKED, UNASKED, FIRST, L,    L,   L,   L,    OPEN),
    A: (A,        YOURS,    A,     YOURS,   YOURS,   A,     A,    A,   A,   PAST, OPEN),
    W: (W,        YOURS,    W,     YOURS,   YOURS,   W,     W,    W,   W,   PAST, OPEN),
    R: (R,        YOURS,    R,     YOURS,   YOURS,   R,     R,    R,   R,   PAST, OPEN),
    C: (OVER,     OVER,     OVER,  OVER,    OVER,    OVER,  OVER, C,   C,   OVER, L),
}  # fmt: skip
MORE_BY_ANOTHER: dict[Phase, tuple[Verdict, ...]] = {
    #   hand_over take_over help    join     decline  choose  speak note call jump  reopen
    L: (FIRST,    UNASKED,  FIRST,  UNASKED, UNASKED, FIRST,  L,    L,   L,   L,    OPEN),
    A: (OTHERS,   A,        OTHERS, A,       A,       OTHERS, A,    A,   A,   PAST, OPEN),
    W: (OTHERS,   A,        OTHERS, W,       W,       OTHERS, W,    W,   W,   PAST, OPEN),
    R: (OTHERS,   A,        OTHERS, R,       R,       OTHERS, R,    R,   R,   PAST, OPEN),
    C: (OVER,     OVER,     OVER,   OVER,    OVER,    OVER,   OVER, C,   C,   OVER, L),
}  # fmt: skip
DOORS_BY_ANYBODY: dict[Phase, tuple[Verdict, ...]] = {
    # That it is the owner or a helper is asked where the alarm is known.
    L: (FIRST, FIRST),
    A: (A, A),
    W: (W, W),
    R: (R, R),
    C: (OVER, OVER),
}
TABLE = [
    (phase, action, owner, expected)
    for owner, actions, rows in (
        (True, ACTIONS, BY_THE_OWNER),
        (False, ACTIONS, BY_ANOTHER),
        (True, MORE, MORE_BY_THE_OWNER),
        (False, MORE, MORE_BY_ANOTHER),
        (True, DOORS, DOORS_BY_ANYBODY),
        (False, DOORS, DOORS_BY_ANYBODY),
    )
    for phase, row in rows.items()
    for action, expected in zip(actions, row, strict=True)
]


@pytest.mark.parametrize(("phase", "action", "owner", "expected"), TABLE)
def test_every_phase_with_every_action(
    phase: Phase, action: Action, owner: bool, expected: Verdict
) -> None:
    assert verdict(phase, action, owner=owner) is expected


def test_the_table_is_whole() -> None:
    asked = {(phase, action, owner) for phase, action, owner, _ in TABLE}
    assert asked == {(p, a, o) for p in Phase for a in Action for o in (True, False)}
    assert len(TABLE) == 190


def test_the_document_is_made_from_the_tables() -> None:
    assert DOCUMENT.read_text("utf-8") == document(), "run: python -m scripts.lifecycle"
