"""Why somebody is called: the reason of the call, not of what came after it."""

import pytest

from hub.journal.port import Record
from hub.telling.timeline import why_called
from routing import facts
from routing.facts import Page
from routing.reasons import ReasonCode, because

DUTY = because(ReasonCode.ON_DUTY, team="home")


def paged(seq: int, code: ReasonCode, person: str = "anna") -> Record:
    why = because(code, team="home")
    page = Page(f"a1:n{seq}:{person}:push-1", person, "push-1", why)
    return Record(seq, seq, facts.Paged(alarm="a1", pages=(page,), reason=why))


@pytest.mark.parametrize(
    "later",
    [
        ReasonCode.SAME_TROUBLE_AGAIN,
        ReasonCode.NEXT_CHANNEL,
        ReasonCode.NO_RECEIPT,
        ReasonCode.NOT_SEEN,
        ReasonCode.CHANNEL_LOST,
        ReasonCode.HELP_HAS_COME,
        ReasonCode.HANDOVER_DECLINED,
        ReasonCode.HANDOVER_TIMED_OUT,
    ],
)
def test_what_came_after_the_call_does_not_explain_it(later: ReasonCode) -> None:
    records = [paged(1, ReasonCode.ON_DUTY), paged(2, later)]
    assert why_called(records, "anna") == DUTY
    only = why_called(records[1:], "anna")
    assert only is not None
    assert only.code is later


def test_a_new_call_explains_itself_and_others_calls_explain_nothing() -> None:
    records = [paged(1, ReasonCode.ON_DUTY), paged(2, ReasonCode.HELP_ASKED)]
    asked = why_called(records, "anna")
    assert asked is not None
    assert asked.code is ReasonCode.HELP_ASKED
    assert why_called(records, "berit") is None
