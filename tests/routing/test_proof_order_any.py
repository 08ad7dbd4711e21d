"""Whatever fails, is proven or is lost: nobody is dropped, and every alarm keeps looking."""

from collections import Counter

from hypothesis import given, settings
from hypothesis import strategies as st

from routing import facts
from routing.instant import SECOND
from routing.lifecycle import Action, Phase
from routing.municipality import Person, Role
from routing.pass_time import next_due
from routing.proofs import facts as own
from routing.proofs.order import channels
from routing.snapshot import restore, take
from tests.routing.story import Story, town
from tests.routing.story_proofs import reach, receipt

EVERY = {
    "anna": ("push-1", "sms-2", "voice-3"),
    "berit": ("push-1", "webhook-2"),
    "carl": ("webhook-1",),
    "lea": ("sms-1", "voice-2"),
}
ROLES = {"carl": Role.OPERATOR, "lea": Role.LEAD}
TEAMS = {"anna": ("home",), "berit": ("home",), "carl": ("centre",)}
PEOPLE = [
    Person(id=name, roles=(ROLES.get(name, Role.STAFF),), teams=TEAMS.get(name, ()), channels=mine)
    for name, mine in EVERY.items()
]
WHO = st.sampled_from(sorted(EVERY))
SAYS = st.sampled_from(["test", "answer", "lost", "subscribed", "phone_lost", "begin", "end"])
NUMBER = st.integers(0, 6)
STEP = st.one_of(
    st.tuples(st.just("press"), st.sampled_from(["scaip:1", "scaip:3"]), NUMBER),
    st.tuples(st.just("receipt"), st.booleans(), NUMBER),
    st.tuples(st.just("wait"), st.sampled_from([1, 12, 45, 130]), NUMBER),
    st.tuples(st.just("do"), WHO, st.sampled_from([Action.ACCEPT, Action.REFUSE, Action.SEE])),
    st.tuples(SAYS, WHO, NUMBER),
)
STEPS = st.lists(STEP, min_size=12, max_size=40)


def play(story: Story, step: tuple[str, object, object]) -> None:
    what, first, second = step
    number = second if isinstance(second, int) else 0
    match what:
        case "press":
            story.press(str(first))
        case "receipt":
            owed = sorted(story.state.owed)
            if owed:
                receipt(story, owed[number % len(owed)], "receipt" if first else "http-410")
        case "wait":
            assert isinstance(first, int)
            _pass(story, first)
        case "do":
            assert isinstance(second, Action)
            for alarm in list(story.state.alarms):
                story.do(str(first), second, alarm=alarm)
        case _:
            _say(story, what, str(first), number)


def _say(story: Story, action: str, person: str, number: int) -> None:
    mine = EVERY[person]
    tests = sorted(test.id for test in story.state.proofs.tests_of(person))
    more: dict[str, object] = {"channel": mine[number % len(mine)]}
    if action == "answer":
        more = {"test": tests[number % len(tests)] if tests else "test-none"}
    elif action == "begin":
        more = {"team": "home", "until": story.at + 3600 * SECOND}
    elif action == "end":
        more = {"knowing": bool(number % 2)}
    reach(story, person, action, **more)


def _pass(story: Story, seconds: int) -> None:
    """Let the time pass, deadline by deadline."""
    end = story.at + seconds * SECOND
    while (due := next_due(story.state)) is not None and due <= end:
        story.at = max(story.at, due)
        story.wait(0)
    story.at = end


def told() -> Story:
    return Story(town(*PEOPLE))


@given(STEPS)
@settings(max_examples=150, deadline=None)
def test_the_order_never_removes_a_channel(steps: list[tuple[str, object, object]]) -> None:
    story = told()
    for step in steps:
        play(story, step)
        for person, mine in EVERY.items():
            now = channels(story.state.registry, person)
            assert sorted(now) == sorted(mine)
            failed = [story.state.proofs.of(person, one).failed_at is not None for one in now]
            assert failed == sorted(failed), "what has failed comes last"


@given(STEPS)
@settings(max_examples=150, deadline=None)
def test_every_alarm_is_owned_or_keeps_looking(steps: list[tuple[str, object, object]]) -> None:
    story = told()
    for step in steps:
        play(story, step)
        for alarm in story.state.alarms.values():
            if alarm.phase is Phase.LOOKING:
                assert alarm.due_at is not None
                assert alarm.calling or alarm.due_at <= story.at + 60 * SECOND
            elif alarm.phase is not Phase.CLOSED:
                assert alarm.owner is not None


@given(STEPS)
@settings(max_examples=150, deadline=None)
def test_a_call_tries_each_channel_once_and_stops_only_when_none_is_left(
    steps: list[tuple[str, object, object]],
) -> None:
    story = told()
    for step in steps:
        play(story, step)
    sends = Counter(
        page.send for record in story.journal for page in getattr(record.fact, "pages", ())
    )
    assert [send for send, times in sends.items() if times > 1] == []
    for place, record in enumerate(story.journal):
        ended = record.fact
        if isinstance(ended, facts.SendEnded) and not ended.delivered:
            _goes_on(story, place, ended)


def _goes_on(story: Story, place: int, ended: facts.SendEnded) -> None:
    call = ended.send.rpartition(":")[0]
    passed = any(getattr(r.fact, "instead_of", None) == ended.send for r in story.journal[:place])
    until = [
        record for record in story.journal if record.recorded_at <= story.journal[place].recorded_at
    ]
    tried = {
        page.channel
        for record in until
        for page in getattr(record.fact, "pages", ())
        if page.send.rpartition(":")[0] == call
    }
    following = [
        page
        for record in story.journal[place + 1 : place + 3]
        for page in getattr(record.fact, "pages", ())
        if page.send.rpartition(":")[0] == call
    ]
    assert passed or following or tried == set(EVERY[ended.person]), ended.send


@given(STEPS)
@settings(max_examples=60, deadline=None)
def test_a_restart_forgets_nothing_of_it(steps: list[tuple[str, object, object]]) -> None:
    story = told()
    for step in steps:
        play(story, step)
    assert restore(take(story.state)) == story.state


@given(STEPS)
@settings(max_examples=60, deadline=None)
def test_every_command_ends_once_and_every_test_once(
    steps: list[tuple[str, object, object]],
) -> None:
    story = told()
    for step in steps:
        play(story, step)
    _pass(story, 130)
    found = [record.fact for record in story.journal]
    asked = Counter(fact.test for fact in found if isinstance(fact, own.ChannelTested))
    ends = (own.ChannelProven, own.ChannelUnproven)
    over = Counter(fact.test for fact in found if isinstance(fact, ends) and fact.test is not None)
    assert asked == over
    assert set(asked.values()) <= {1}
    commands = Counter(fact.command for fact in found if isinstance(fact, own.ReachEnded))
    assert set(commands.values()) <= {1}
