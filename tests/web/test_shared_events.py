"""One change is encoded once for all who see it the same way, and never for one who does not."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from hub.directory.port import Means
from hub.web.alarms.shared_events import SharedEvents
from hub.web.alarms.view import Views
from hub.web.session import Reader
from routing.inputs import Command
from routing.lifecycle import Action, Phase
from routing.municipality import Role
from tests.web.town import START, Town


@pytest.fixture
async def town(tmp_path: Path) -> AsyncIterator[Town]:
    made = Town(tmp_path)
    await made.settle()
    yield made
    made.directory.close()


def views(town: Town, person: str, role: Role, language: str = "nb") -> Views:
    reader = Reader(
        person=person,
        roles=frozenset({role}),
        language=language,  # type: ignore[arg-type]
        handset="h1",
        means=Means.CODE,
        since=START,
    )
    return Views(town.live, town.site.names, reader)


def test_the_first_reader_makes_it_and_the_next_cursor_forgets_it() -> None:
    shared, made = SharedEvents(), []

    def make() -> bytes:
        made.append(1)
        return b"event"

    assert [shared.event(7, "a", make) for _ in range(500)] == [b"event"] * 500
    assert len(made) == 1
    shared.event(7, "b", make)
    assert len(made) == 2
    shared.event(8, "a", make)
    assert len(made) == 3


async def test_readers_of_one_audience_see_the_same_and_others_do_not(town: Town) -> None:
    alarm = town.state.alarms[await town.press()]
    kari, ola = views(town, "kari", Role.STAFF), views(town, "ola", Role.STAFF)
    assert kari.audience(alarm) == ola.audience(alarm)
    assert kari.alarm(alarm) == ola.alarm(alarm)
    others = {
        "not called": views(town, "odd", Role.OPERATOR),
        "IT, who reads of no resident": views(town, "ivar", Role.IT),
        "another language": views(town, "ola", Role.STAFF, "nn"),
    }
    for why, other in others.items():
        assert other.audience(alarm) != kari.audience(alarm), why


async def test_the_owner_is_an_audience_of_their_own(town: Town) -> None:
    id = await town.press()
    kari, ola = views(town, "kari", Role.STAFF), views(town, "ola", Role.STAFF)
    await town.take(
        Command(
            id="command-1",
            alarm=id,
            person="kari",
            action=Action.ACCEPT,
            seen_phase=Phase.LOOKING,
            made_at=town.now,
        )
    )
    alarm = town.state.alarms[id]
    assert kari.audience(alarm) != ola.audience(alarm)
    assert (kari.alarm(alarm).mine, ola.alarm(alarm).mine) == (True, False)
