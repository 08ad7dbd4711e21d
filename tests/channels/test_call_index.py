"""What calls are found by: as if every record were looked through each time, without doing so."""

from collections.abc import Iterator
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from hub.journal.port import Record
from hub.rights.short import link_token, reference
from hub.web.gateways.index import CallIndex
from routing.fact_base import Page
from routing.facts import StepStarted
from routing.instant import SECOND
from routing.reasons import ReasonCode, because
from tests.channels.sends import KEY
from tests.notifier.sends import NOW

WHY = because(ReasonCode.ON_DUTY)
CHANNELS = ("sms-1", "voice-2", "ntfy-3", "push-4")
Timelines = dict[str, list[Record]]


def called(about: str, seq: int, person: str, channel: str) -> Record:
    page = Page(f"{about}:r1.s{seq}:{person}:{channel}", person, channel, WHY)
    fact = StepStarted(
        alarm=about, round=1, step=seq, due_at=NOW + SECOND, pages=(page,), reason=WHY
    )
    return Record(seq=seq, recorded_at=NOW + seq, fact=fact)


def every(timelines: Timelines, channels: set[str]) -> Iterator[Page]:
    """Yield the calls by walking through everything: slow, and plainly right."""
    for records in timelines.values():
        for record in records:
            assert isinstance(record.fact, StepStarted)
            yield from (page for page in record.fact.pages if page.channel in channels)


def sends(index: CallIndex, by: str, said: str) -> list[str]:
    return sorted(call.page.send for call in index.find((by, said)))


STEPS = st.lists(
    st.tuples(
        st.sampled_from(["call", "call", "call", "leave", "anew", "look"]),
        st.sampled_from("abc"),
        st.sampled_from(["kari", "ola"]),
        st.sampled_from(CHANNELS),
    ),
    max_size=40,
)


@given(STEPS)
def test_it_finds_what_a_walk_through_everything_finds(
    steps: list[tuple[str, str, str, str]],
) -> None:
    timelines, index, made = Timelines(), CallIndex(), set[str]()
    for seq, (what, about, person, channel) in enumerate(steps):
        if what == "call":
            record = called(about, seq, person, channel)
            timelines.setdefault(about, []).append(record)
            made.add(f"{about}:r1.s{seq}:{person}:{channel}")
        elif what == "leave":
            timelines.pop(about, None)
        elif what == "anew":  # as when the journal was cut: the same timelines, read again
            timelines = {id: list(records[-1:]) for id, records in timelines.items()}
        else:
            index.follow(timelines, KEY)
    index.follow(timelines, KEY)
    by_link = {page.send for page in every(timelines, {"sms-1", "ntfy-3"})}
    by_number = {page.send for page in every(timelines, {"sms-1", "voice-2"})}
    for send in made:
        assert sends(index, "link", link_token(KEY, send)) == [send] * (send in by_link)
        assert sends(index, "reference", reference(KEY, send)) == [send] * (send in by_number)
    for person in ("kari", "ola"):
        mine = [page.send for page in every(timelines, {"sms-1"}) if page.person == person]
        assert sends(index, "person", person) == sorted(mine)


class Counted(list[Record]):
    """A timeline that counts how many of its records are read."""

    read = 0

    def __getitem__(self, which: Any) -> Any:
        found = super().__getitem__(which)
        Counted.read += len(found) if isinstance(found, list) else 1
        return found


def test_a_question_reads_only_what_has_come_since_the_last_one() -> None:
    many = 300
    timelines = {str(id): Counted([called(str(id), id, "kari", "sms-1")]) for id in range(many)}
    index, Counted.read = CallIndex(), 0
    for _ in range(50):
        index.follow(timelines, KEY)
        assert index.find(("link", "A" * 22)) == ()
    assert Counted.read == many
    timelines["7"].append(called("7", 1_000, "ola", "sms-1"))
    index.follow(timelines, KEY)
    assert Counted.read == many + 1
    assert sends(index, "person", "ola") == ["7:r1.s1000:ola:sms-1"]


def test_nothing_is_left_of_what_has_left_memory() -> None:
    index = CallIndex()
    index.follow({"a": [called("a", 1, "kari", "sms-1")]}, KEY)
    index.follow({}, KEY)
    assert (index._by, index._calls, index._read) == ({}, {}, {})
