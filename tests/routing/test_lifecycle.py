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

ACTIONS = (
    Action.SEE, Action.ACCEPT, Action.REFUSE, Action.ON_THE_WAY, Action.ARRIVE, Action.CLOSE
)  # fmt: skip
BY_THE_OWNER: dict[Phase, tuple[Verdict, ...]] = {
    #   see  accept refuse way    arrive close
    L: (L,   A,     L,     FIRST, FIRST, FIRST),
    A: (A,   YOURS, YOURS, W,     R,     C),
    W: (W,   YOURS, YOURS, W,     R,     C),
    R: (R,   YOURS, YOURS, PAST,  PAST,  C),
    C: (C,   OVER,  OVER,  OVER,  OVER,  OVER),
}  # fmt: skip
BY_ANOTHER: dict[Phase, tuple[Verdict, ...]] = {
    L: (L,   A,     L,     FIRST, FIRST, FIRST),
    A: (A,   TAKEN, TAKEN, TAKEN, TAKEN, OTHERS),
    W: (W,   TAKEN, TAKEN, TAKEN, TAKEN, OTHERS),
    R: (R,   TAKEN, TAKEN, TAKEN, TAKEN, OTHERS),
    C: (C,   OVER,  OVER,  OVER,  OVER,  OVER),
}  # fmt: skip
TABLE = [
    (phase, action, owner, expected)
    for owner, rows in ((True, BY_THE_OWNER), (False, BY_ANOTHER))
    for phase, row in rows.items()
    for action, expected in zip(ACTIONS, row, strict=True)
]


@pytest.mark.parametrize(("phase", "action", "owner", "expected"), TABLE)
def test_every_phase_with_every_action(
    phase: Phase, action: Action, owner: bool, expected: Verdict
) -> None:
    assert verdict(phase, action, owner=owner) is expected


def test_the_table_is_whole() -> None:
    asked = {(phase, action, owner) for phase, action, owner, _ in TABLE}
    assert asked == {(p, a, o) for p in Phase for a in Action for o in (True, False)}
    assert len(TABLE) == 60


def test_the_document_is_made_from_the_tables() -> None:
    assert DOCUMENT.read_text("utf-8") == document(), "run: python -m scripts.lifecycle"
