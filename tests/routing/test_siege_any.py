"""Everything that calls people breaks, in any order: an alarm has an owner who is asked, or
somebody is called again and again, and the lead hears of it in the end."""

from collections.abc import Callable
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from routing import facts
from routing.facts import Page
from routing.instant import HOUR, MINUTE, SECOND, Instant
from routing.lifecycle import OPEN, OWNED, Action, OutcomeCode
from routing.municipality import Municipality, Person, Resident, Role, Step, Target
from routing.pass_time import next_due
from routing.plans import Paging
from tests.routing.story import CENTRE, ON_DUTY, Story, plain, town
from tests.routing.story_proofs import reach, receipt

STAFF = (Role.STAFF,)
PEOPLE = ("anna", "berit", "carl", "lea", "rune")
ITEMS = (
    Municipality(
        id="simby",
        timezone="Europe/Oslo",
        default_policy="plain",
        paging=Paging(seen_s=30, receipt_s=20),
    ),
    Person(id="anna", roles=STAFF, teams=("home",), channels=("push-1",)),
    Person(id="berit", roles=STAFF, teams=("home",), channels=("push-1", "sms-2")),
    Person(id="carl", roles=(Role.OPERATOR,), teams=("centre",), channels=("sms-1", "voice-2")),
    Person(id="lea", roles=(Role.LEAD,), channels=("push-1", "sms-2", "voice-3")),
    Person(id="rune", roles=(Role.RELATIVE,), channels=("sms-1",)),
    Resident(id="rolf", unit="north", relatives={"rune": "responsible"}),
    plain(
        Step((Target("relative", "responsible"),), 60),
        Step((ON_DUTY,), 60),
        Step((CENTRE,), 90),
    ),
)
LONGEST: Instant = 70 * MINUTE
"""Nobody may be left in peace for longer while an alarm is open: an owner's time, an hour's stay
and what follows them are shorter."""
SIEGE: Instant = 3 * HOUR
ASIDE = (Action.TAKE_OVER, Action.JOIN, Action.DECLINE, Action.NEED_HELP)


def the_alarm(story: Story) -> str:
    """Return the alarm of the first press; what leads are told beside it are alarms too."""
    return next(iter(story.state.alarms))


def _fail_all(story: Story, who: str) -> None:
    for one in list(story.state.owed.values()):
        if one.page.send in story.state.owed:
            receipt(story, one.page.send, "http-410")


def _lose(story: Story, who: str) -> None:
    reach(story, who, "lost", channel="push-1", code="http-410")


def _fail_test(story: Story, who: str) -> None:
    reach(story, who, "test")
    story.wait(121)


def _deliver(story: Story, who: str) -> None:
    for one in list(story.state.owed.values()):
        if one.page.person == who and one.page.send in story.state.owed:
            receipt(story, one.page.send)


def _leave(story: Story, who: str) -> None:
    if who != "lea":
        story.configure(remove=[("person", who)])


def _act(action: Action, **more: str) -> Callable[[Story, str], None]:
    def act(story: Story, who: str) -> None:
        seen = story.state.alarms[the_alarm(story)].phase
        story.do(who, action, alarm=the_alarm(story), seen=seen, **more)  # type: ignore[arg-type]

    return act


DEEDS: dict[str, Callable[[Story, str], None]] = {
    "fail all": _fail_all,
    "lose push": _lose,
    "lose phone": lambda story, who: void(reach(story, who, "phone_lost")),
    "fail a test": _fail_test,
    "go": lambda story, who: void(reach(story, who, "end", knowing=True)),
    "come": lambda story, who: void(
        reach(story, who, "begin", team="home", until=story.at + 4 * HOUR)
    ),
    "be away": lambda story, who: void(reach(story, who, "away", until=story.at + 99 * HOUR)),
    "say no to all": lambda story, who: void(reach(story, who, "withdraw", of="rolf")),
    "deliver": _deliver,
    "leave": _leave,
    "press": lambda story, who: void(story.press()),
    "wait": lambda story, who: void(story.wait(45)),
    "wait long": lambda story, who: void(story.wait(1_900)),
    "hand over": _act(Action.HAND_OVER, to_person="berit"),
    **{
        str(action): _act(action)
        for action in (Action.SEE, Action.ACCEPT, Action.REFUSE, Action.ARRIVE, *ASIDE)
    },
}


def void(_: object) -> None:
    """Drop what a story tells."""


def pages(story: Story, since: int) -> list[tuple[Instant, Page]]:
    """Return who is called about the alarm, and when, from a record on."""
    alarm = the_alarm(story)
    return [
        (record.recorded_at, page)
        for record in story.journal[since:]
        if isinstance(record.fact, facts.AlarmFact) and record.fact.alarm == alarm
        for page in getattr(record.fact, "pages", ())
    ]


def besieged(story: Story, until: Instant) -> None:
    """Let time pass, and whatever goes out fail at once."""
    for _ in range(2_000):
        _fail_all(story, "")
        due = next_due(story.state)
        if due is None or due > until:
            return
        story.at = max(due, story.at + SECOND)
        story.wait(0)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(sorted(DEEDS)), st.sampled_from(PEOPLE)), max_size=25))
def test_whatever_breaks_somebody_is_called(deeds: list[tuple[str, str]]) -> None:
    story = Story(town(*ITEMS))
    story.press()
    (alarm,) = story.state.alarms
    for what, who in deeds:
        DEEDS[what](story, who)
        one = story.state.alarms[alarm]
        assert one.phase in OPEN, "silence and failures close nothing"
        assert (one.phase in OWNED) == (one.owner is not None)
        assert next_due(story.state) is not None, "time goes on for it"
    since, began = len(story.journal), story.at
    besieged(story, began + SIEGE)
    called = [at for at, _ in pages(story, since)]
    ends = [began, *called, began + SIEGE]
    longest = max(after - before for before, after in pairwise(ends))
    assert longest <= LONGEST, longest / MINUTE
    assert "lea" in {page.person for _, page in pages(story, since)}
    assert {page.channel for _, page in pages(story, since) if page.person == "lea"} > {"sms-2"}


def test_the_same_alarm_is_still_closed_by_whoever_has_it() -> None:
    story = Story(town(*ITEMS))
    story.press()
    besieged(story, story.at + HOUR)
    alarm = the_alarm(story)
    story.do("lea", Action.ACCEPT, alarm=alarm)
    story.do("lea", Action.CLOSE, alarm=alarm, outcome=OutcomeCode.CARE)
    assert story.state.alarms[alarm].phase not in OPEN
