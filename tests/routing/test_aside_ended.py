"""A search for help that goes round for hours does not make its alarm grow."""

from routing import facts_life
from routing.alarm import Alarm, apply
from routing.fact_base import Page
from routing.facts import Paged, SendEnded
from routing.instant import MINUTE
from routing.kinds import Category, Kind, Severity
from routing.reasons import ReasonCode, because

WHY = because(ReasonCode.LEAD_TOLD_NO_HELP, owner="anna")


def test_what_has_ended_in_earlier_rounds_is_forgotten() -> None:
    alarm = Alarm(
        id="a",
        kind=Kind.HELP_PRESSED,
        category=Category.HELP,
        severity=Severity.HIGH,
        subject="scaip:1",
        device=None,
        resident=None,
        unit=None,
        policy="plain",
        raised_at=0,
        received_at=0,
    )
    for round in range(1, 200):
        at = round * MINUTE
        called = facts_life.HelpStep(
            alarm="a", round=round, step=0, to=(), pages=(), due_at=at + MINUTE, reason=WHY
        )
        told = tuple(Page(f"{round}:{way}", "lead", way, WHY) for way in ("page", "webhook-1"))
        paged = Paged(alarm="a", pages=told, reason=WHY)
        sent = SendEnded(
            alarm="a",
            send=f"{round}:webhook-1",
            person="lead",
            channel="webhook-1",
            delivered=round % 3 > 0,
            code="http-200",
        )
        for fact in (called, paged, sent):
            alarm = apply(fact, alarm, at)
    assert [page.send for page in alarm.pages] == ["198:page", "199:page", "199:webhook-1"]
    assert (alarm.delivered, alarm.failed) == (("199:webhook-1",), ())


def test_what_is_still_owed_stays_over_a_new_round() -> None:
    alarm = Alarm(
        id="a",
        kind=Kind.HELP_PRESSED,
        category=Category.HELP,
        severity=Severity.HIGH,
        subject="scaip:1",
        device=None,
        resident=None,
        unit=None,
        policy="plain",
        raised_at=0,
        received_at=0,
        pages=(Page("old", "lead", "webhook-1", WHY),),
    )
    for round in (1, 2):
        called = facts_life.HelpStep(
            alarm="a", round=round, step=0, to=(), pages=(), due_at=MINUTE, reason=WHY
        )
        alarm = apply(called, alarm, 0)
    assert [page.send for page in alarm.pages] == ["old"]
    assert alarm.owes(alarm.pages[0])
