"""The link to an outside viewer: given by a click that is written down, and by nothing else."""

import json
import logging
from typing import Any

import pytest

from hub.journal.port import Document
from routing import facts_correlate
from routing.facts import ConfigurationSet
from routing.instant import HOUR, MINUTE, to_rfc3339
from routing.municipality import Municipality, Resident
from routing.tasks.facts import TaskAccepted, TaskViewed
from routing.tasks.make import from_fact
from tests.web.conftest import NewBrowser
from tests.web.town import Browser, Town

LINK = "https://camera.example.org/flat/17?key=made-up"
CLICK = {"id": "click-0001"}


async def decided(town: Town, link: str = LINK, **more: Any) -> None:
    """The resident has a decision, and the municipality says where links may lead."""
    one = town.state.registry.municipality
    assert isinstance(one, Municipality)
    values = {"supervised_until": town.now + 10 * HOUR, **more}
    home = Resident(id="r-1", unit="east", **values)
    card = json.dumps({"name": "Olga Eksempel", "viewer": link}).encode()
    hosts = json.dumps({"name": "Eksempel", "viewers": ["camera.example.org"]}).encode()
    await town.append(
        [ConfigurationSet(item=home, author="test"), ConfigurationSet(item=one, author="test")],
        [Document("resident", "r-1", card), Document("municipality", one.id, hosts)],
    )


async def take_up(town: Town, person: str) -> str:
    """A planned look is due, and the person has taken it."""
    due = facts_correlate.LookDue(resident="r-1", due_at=town.now, until=town.now + 15 * MINUTE)
    (made,) = from_fact(town.state, due, town.now, str)
    await town.append([made, TaskAccepted(task=made.task, person=person, enough=True)])
    return made.task


def viewed(town: Town) -> list[str]:
    return [r.fact.person for r in town.journal.read(1) if isinstance(r.fact, TaskViewed)]


async def test_a_click_of_who_has_the_look_is_written_down_and_gives_the_link(
    town: Town, kari: Browser, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    await decided(town)
    task = await take_up(town, "kari")
    _, seen = await kari.get(f"/api/tasks/{task}")
    assert "view" in seen["actions"]
    assert LINK not in json.dumps(seen)
    _, page = await kari.get("/tasks")
    assert f'data-post="/api/tasks/{task}/view"' in page
    assert "camera.example.org" not in page
    status, answer = await kari.post(f"/api/tasks/{task}/view", CLICK)
    assert (status, answer) == (200, {"state": "done", "url": LINK})
    assert viewed(town) == ["kari"]
    assert "camera.example.org" not in caplog.text
    _, story = await kari.get(f"/api/tasks/{task}/story")
    assert "Kari Fjell åpnet bildet" in str(story)
    assert "camera.example.org" not in str(story)


@pytest.mark.parametrize("person", ["ola", "lise", "odd"])
async def test_another_is_refused_and_nothing_is_written_down(
    town: Town, kari: Browser, someone: NewBrowser, person: str
) -> None:
    await decided(town)
    task = await take_up(town, "kari")
    other = await someone().sign_in(person)
    _, seen = await other.get(f"/api/tasks/{task}")
    assert "view" not in seen["actions"]
    status, answer = await other.post(f"/api/tasks/{task}/view", CLICK)
    assert (status, answer["error"]) == (409, "task_not_yours")
    assert viewed(town) == []


@pytest.mark.parametrize(
    ("more", "error"),
    [({"objects": ("viewing",)}, "view_objected"), ({"supervised_until": 1}, "view_not_decided")],
)
async def test_a_resident_without_a_decision_or_against_it_is_not_looked_at(
    town: Town, kari: Browser, more: dict[str, Any], error: str
) -> None:
    await decided(town, **more)
    task = await take_up(town, "kari")
    status, answer = await kari.post(f"/api/tasks/{task}/view", CLICK)
    assert (status, answer["error"], "url" in answer) == (409, error, False)
    assert answer["text"]
    assert viewed(town) == []


async def test_outside_its_window_no_link_is_given_not_even_for_the_same_click(
    town: Town, kari: Browser
) -> None:
    await decided(town)
    task = await take_up(town, "kari")
    await kari.post(f"/api/tasks/{task}/view", CLICK)
    again, answer = await kari.post(f"/api/tasks/{task}/view", CLICK)
    assert (again, answer["url"], viewed(town)) == (200, LINK, ["kari"])
    town.now += 16 * MINUTE
    status, answer = await kari.post(f"/api/tasks/{task}/view", CLICK)
    assert (status, answer["error"]) == (409, "view_over")
    status, answer = await kari.post(f"/api/tasks/{task}/view", {"id": "click-0002"})
    assert (status, answer["error"]) == (409, "view_not_now")
    assert viewed(town) == ["kari"]


async def test_the_same_click_gives_nothing_to_who_has_given_the_look_back(
    town: Town, kari: Browser
) -> None:
    await decided(town)
    task = await take_up(town, "kari")
    await kari.post(f"/api/tasks/{task}/view", CLICK)
    await kari.post(f"/api/tasks/{task}/commands", {"id": "back-0001", "action": "give_back"})
    status, answer = await kari.post(f"/api/tasks/{task}/view", CLICK)
    assert (status, answer["error"]) == (409, "view_over")


@pytest.mark.parametrize(
    "link",
    [
        "https://elsewhere.example.net/flat/17",
        "https://camera.example.org.elsewhere.example.net/",
        "http://camera.example.org/flat/17",
    ],
)
async def test_a_link_to_where_we_may_not_lead_is_never_given(
    town: Town, kari: Browser, link: str
) -> None:
    await decided(town, link)
    task = await take_up(town, "kari")
    _, seen = await kari.get(f"/api/tasks/{task}")
    assert "view" not in seen["actions"]
    status, answer = await kari.post(f"/api/tasks/{task}/view", CLICK)
    assert (status, answer["error"]) == (409, "no_viewer")
    assert viewed(town) == []


async def test_a_command_is_no_way_around_the_click(town: Town, kari: Browser) -> None:
    await decided(town)
    task = await take_up(town, "kari")
    body = {"id": "click-0001", "action": "view"}
    status, answer = await kari.post(f"/api/tasks/{task}/commands", body)
    assert (status, answer["error"], viewed(town)) == (400, "invalid_request", [])


async def test_a_look_can_end_with_a_visit(town: Town, kari: Browser) -> None:
    await decided(town)
    task = await take_up(town, "kari")
    _, page = await kari.get("/tasks")
    assert 'value="visit_needed"' in page
    body = {"id": "done-0001", "action": "done", "outcome": "visit_needed"}
    status, _ = await kari.post(f"/api/tasks/{task}/commands", body)
    _, found = await kari.get("/api/tasks")
    (visit,) = found["tasks"]
    assert (status, visit["kind"], visit["resident"]) == (200, "visit", "r-1")
    assert visit["end"] == to_rfc3339(town.now + 30 * MINUTE)
