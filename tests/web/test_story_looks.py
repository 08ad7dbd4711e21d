"""Whose stories are read is written down, also of what has long left memory; and no reader writes
into the log what was never read."""

from dataclasses import replace

import pytest
from msgspec.structs import replace as changed

from hub.explain.story import Story, tell_live
from hub.reads.port import Read, Sought, What
from hub.telling.words import Words
from hub.text import Catalogue
from tests.web.conftest import NewBrowser
from tests.web.happenings import give_task
from tests.web.town import Browser, Town


def looks(town: Town) -> list[Read]:
    return town.site.reads.find(Sought(resident="r-1"))


async def test_the_story_of_a_task_is_a_look(town: Town, kari: Browser) -> None:
    task = await give_task(town)
    assert (await kari.get(f"/api/tasks/{task}/story"))[0] == 200
    (look,) = looks(town)
    assert (look.person, look.what, look.why) == ("kari", What.TASKS, task)


async def test_it_reads_a_story_without_a_resident_and_leaves_no_look(
    town: Town, someone: NewBrowser
) -> None:
    ivar = await someone().sign_in("ivar")
    task = await give_task(town)
    status, told = await ivar.get(f"/api/tasks/{task}/story")
    assert (status, told["resident"]) == (200, None)
    assert looks(town) == []


@pytest.fixture
async def archived(town: Town) -> str:
    """An alarm whose story comes from history."""
    alarm = await town.press()
    kept = town.state.alarms[alarm]
    records = [r for r in town.journal.read(0) if getattr(r.fact, "alarm", None) == alarm]

    def found(id: str, text: Catalogue) -> Story:
        words = Words(text, town.site.names, town.state.registry)
        return changed(tell_live(kept, records, words), id=id)

    town.site = replace(town.site, archived=found)
    return "fjordby-longago"


async def test_the_story_of_an_archived_alarm_is_a_look(
    town: Town, archived: str, someone: NewBrowser
) -> None:
    kari = await someone().sign_in("kari")
    status, told = await kari.get(f"/api/alarms/{archived}/story")
    assert (status, told["resident"]) == (200, "r-1")
    (look,) = looks(town)
    assert (look.person, look.what, look.why) == ("kari", What.DETAIL, archived)


async def test_where_the_log_fails_no_story_is_told(
    town: Town, archived: str, someone: NewBrowser
) -> None:
    kari = await someone().sign_in("kari")
    task = await give_task(town)
    town.site.reads.close()
    for path in (f"/api/alarms/{archived}/story", f"/api/tasks/{task}/story"):
        status, body = await kari.get(path)
        assert (status, body["error"]) == (503, "not_logged")


@pytest.mark.parametrize("forged", ["a\n2026-11-23 13:00:00+01:00  Adresse", "\x1b[2J", "a b", ""])
async def test_a_phone_that_tells_afterwards_writes_no_lines_of_its_own(
    town: Town, kari: Browser, forged: str
) -> None:
    body = {"id": "opened-00000001", "code": "r-1", "alarm": forged, "ago_s": 60}
    assert (await kari.post("/api/zone/opened", body))[0] == 400
    assert looks(town) == []
