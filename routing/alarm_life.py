"""The fold of an alarm's life beside the chain: turns, handovers, helpers, speech, checks."""

from functools import singledispatch

from msgspec.structs import replace

from routing import call
from routing import facts_life as facts
from routing.alarm_value import LIVE_PAGE, Alarm, Handover, Help, calls, calls_anew, quiet
from routing.fact_base import AlarmFact
from routing.instant import SECOND, Instant
from routing.lifecycle import Phase, Speech


@singledispatch
def apply(fact: AlarmFact, alarm: Alarm, recorded_at: Instant) -> Alarm:
    """Return the alarm after the fact. Facts that only tell history leave it as it is."""
    return alarm


@apply.register
def _(fact: facts.NextCalled, alarm: Alarm, recorded_at: Instant) -> Alarm:
    people = dict.fromkeys((*alarm.calling, *(p.person for p in fact.pages if not p.informed)))
    return replace(
        alarm,
        calling=tuple(people),
        waiting=fact.waiting,
        due_at=fact.due_at,
        **calls_anew(alarm, fact.pages),
    )


@apply.register
def _(fact: facts.PolicyFollowed, alarm: Alarm, recorded_at: Instant) -> Alarm:
    return replace(alarm, policy=fact.policy, followed=(*alarm.followed, alarm.policy))


@apply.register
def _(fact: facts.HandoverAsked, alarm: Alarm, recorded_at: Instant) -> Alarm:
    asked = Handover(fact.to, fact.due_at)
    return replace(alarm, handover=asked, asides=alarm.asides + 1, **calls(alarm, fact.pages))


@apply.register
def _(fact: facts.HandoverDeclined, alarm: Alarm, recorded_at: Instant) -> Alarm:
    if alarm.handover is None:
        return alarm
    declined = (*alarm.handover.declined, fact.person)
    return replace(
        alarm,
        handover=replace(alarm.handover, declined=declined),
        pages=tuple(p for p in alarm.pages if p.person != fact.person),
    )


@apply.register
def _(fact: facts.HandoverAccepted, alarm: Alarm, recorded_at: Instant) -> Alarm:
    searching = alarm.help.to if alarm.help else ()
    return replace(
        alarm,
        phase=Phase.ACCEPTED,
        owner=fact.person,
        owner_since=recorded_at,
        lease_s=(fact.due_at - recorded_at) // SECOND,
        due_at=fact.due_at,
        asked=False,
        handover=None,
        helpers=tuple(h for h in alarm.helpers if h != fact.person),
        **quiet(alarm, keep=searching),
    )


@apply.register
def _(fact: facts.HandoverReturned, alarm: Alarm, recorded_at: Instant) -> Alarm:
    asked = alarm.handover.to if alarm.handover else ()
    still = replace(alarm, pages=tuple(p for p in alarm.pages if p.person not in asked))
    return replace(still, handover=None, **calls(still, fact.pages))


@apply.register
def _(fact: facts.HelpAsked, alarm: Alarm, recorded_at: Instant) -> Alarm:
    return replace(alarm, asides=alarm.asides + 1)


@apply.register
def _(fact: facts.HelpStep, alarm: Alarm, recorded_at: Instant) -> Alarm:
    same_round = alarm.help is not None and alarm.help.round == fact.round
    declined = alarm.help.declined if same_round and alarm.help else ()
    alone = 0 if fact.to else (alarm.help.alone if alarm.help else 0) + 1
    search = Help(fact.round, fact.step, fact.to, fact.due_at, declined, alone)
    again = {(page.person, page.channel) for page in fact.pages}
    pages = tuple(p for p in alarm.pages if (p.person, p.channel) not in again)
    tried = call.kept(alarm.pages, alarm.tried, pages)
    still = replace(alarm, pages=pages, tried=tried, help=search)
    if alarm.help is not None and not same_round:
        still = _without_ended(still)
    return replace(still, **calls(still, fact.pages))


def _without_ended(alarm: Alarm) -> Alarm:
    """A search may go round for hours; what has ended in earlier rounds is not kept for ever."""
    live = {(p.person, p.channel): p for p in alarm.pages if p.channel == LIVE_PAGE}
    left = (*live.values(), *(page for page in alarm.pages if alarm.owes(page)))
    tried = call.kept(alarm.pages, alarm.tried, left)
    return replace(alarm, pages=left, tried=tried, delivered=(), failed=())


@apply.register
def _(fact: facts.HelpDeclined, alarm: Alarm, recorded_at: Instant) -> Alarm:
    if alarm.help is None:
        return alarm
    declined = (*alarm.help.declined, fact.person)
    return replace(
        alarm,
        help=replace(alarm.help, declined=declined),
        pages=tuple(p for p in alarm.pages if p.person != fact.person),
    )


@apply.register
def _(fact: facts.HelperJoined, alarm: Alarm, recorded_at: Instant) -> Alarm:
    asked = alarm.handover.to if alarm.handover else ()
    still = replace(alarm, help=None, helpers=(*alarm.helpers, fact.person))
    still = replace(still, **quiet(alarm, keep=asked))
    return replace(still, **calls(still, fact.pages))


@apply.register
def _(fact: facts.OwnerSilent, alarm: Alarm, recorded_at: Instant) -> Alarm:
    return replace(alarm, asked=False, due_at=fact.due_at)


@apply.register
def _(fact: facts.Spoken, alarm: Alarm, recorded_at: Instant) -> Alarm:
    ended = fact.speech is Speech.ENDED and alarm.speech is Speech.SILENT
    return alarm if ended else replace(alarm, speech=fact.speech)


@apply.register
def _(fact: facts.CheckNeeded, alarm: Alarm, recorded_at: Instant) -> Alarm:
    return replace(alarm, check=True, arrived=alarm.phase is Phase.AT_RESIDENT)


@apply.register
def _(fact: facts.ResidentChosen, alarm: Alarm, recorded_at: Instant) -> Alarm:
    return replace(alarm, concerns=fact.resident, people_needed=fact.people_needed)
