"""What follows from the end of a send: the next channel, the next person, or the next step."""

from routing import facts
from routing.alarm import LIVE_PAGE, Alarm
from routing.chain import Draft, advance, at_last_step, next_in_turn, page, tell_leads
from routing.instant import Instant
from routing.lifecycle import OWNED, Phase
from routing.proofs.order import next_channel
from routing.reasons import ReasonCode, because
from routing.state import Registry


def send_ended(
    registry: Registry, alarm: Alarm, ended: facts.SendEnded, at: Instant
) -> list[facts.AnyFact]:
    """Return the outcome of a send that is owed, and the next channel or step where it failed."""
    draft = Draft(alarm, at)
    draft.add(ended)
    if not ended.delivered:
        _after_failure(registry, draft, ended)
    return draft.decided


def _after_failure(registry: Registry, draft: Draft, ended: facts.SendEnded) -> None:
    alarm = draft.alarm
    if ended.send in alarm.passed_on:
        _after_late_failure(registry, draft, ended)
        return
    following = next_channel(registry, alarm, ended.person, ended.send)
    if following is not None:
        why = because(ReasonCode.NEXT_CHANNEL, failed=ended.channel)
        where = ended.send.split(":")[1]
        informed = any(p.informed for p in alarm.pages if p.send == ended.send)
        called = page(alarm, where, ended.person, following, why, informed=informed)
        draft.add(facts.Paged(alarm=alarm.id, pages=(called,), reason=why))
        return
    _after_last_channel(registry, draft, ended)


def _after_late_failure(registry: Registry, draft: Draft, ended: facts.SendEnded) -> None:
    """The next channel has been called long ago: only when that has failed too it is the end."""
    mine = (page for page in draft.alarm.pages if page.person == ended.person)
    if not any(_reaches(draft.alarm, page) for page in mine):
        _after_last_channel(registry, draft, ended)


def _after_last_channel(registry: Registry, draft: Draft, ended: facts.SendEnded) -> None:
    alarm = draft.alarm
    if alarm.phase in OWNED and ended.person == alarm.owner:
        _tell_leads_of_owner(registry, draft, ended)
        return
    of_this_step = alarm.phase is Phase.LOOKING and ended.person in alarm.calling
    if of_this_step and alarm.waiting:
        if ended.person == alarm.calling[-1]:
            next_in_turn(registry, draft, because(ReasonCode.ALL_UNREACHABLE))
    elif of_this_step and not at_last_step(registry, alarm) and _nobody_reached(alarm):
        advance(registry, draft, because(ReasonCode.ALL_UNREACHABLE))


def _tell_leads_of_owner(registry: Registry, draft: Draft, ended: facts.SendEnded) -> None:
    """What the owner should know (she fell, it rings again) has come to none of her channels: the
    leads are told, once for each such call."""
    where = f"{ended.send.split(':')[1]}.lost"
    if not any(page.send.split(":")[1] == where for page in draft.alarm.pages):
        why = because(ReasonCode.LEAD_TOLD_UNREACHED, owner=ended.person)
        tell_leads(registry, draft, where, why)


def _nobody_reached(alarm: Alarm) -> bool:
    """Whether no page of the present step is under way or delivered. An open live page never counts
    as reachable by itself."""
    return not any(page.person in alarm.calling and _reaches(alarm, page) for page in alarm.pages)


def _reaches(alarm: Alarm, page: facts.Page) -> bool:
    on_its_way = alarm.owes(page) or page.send in alarm.delivered
    return page.channel != LIVE_PAGE and on_its_way
