"""Tasks over the API: lists, making one by hand, yes, no, done, given back; and the page."""

from typing import Any

import pytest

from hub.web.tasks import view as tasks
from routing.inputs import TimeReached
from routing.instant import HOUR
from tests.web.conftest import NewBrowser
from tests.web.happenings import give_task
from tests.web.town import Browser, Town


async def command(
    browser: Browser, task: str, action: str, **more: object
) -> tuple[int, dict[str, Any]]:
    body = {"id": f"task-{browser.town.state.seq:06}", "action": action, **more}
    return await browser.post(f"/api/tasks/{task}/commands", body)


async def ids(browser: Browser, show: str) -> list[str]:
    _, body = await browser.get(f"/api/tasks?show={show}")
    return [task["id"] for task in body["tasks"]]


async def test_a_task_is_made_by_hand_in_local_time(town: Town, kari: Browser) -> None:
    new = {
        "kind": "visit",
        "resident": "r-1",
        "start": "2026-11-23T14:00",
        "end": "2026-11-23T15:30",
        "people": 2,
        "overdue": "medium",
    }
    body = {"id": "make-0001", "action": "make", "new": new}
    status, answer = await kari.post("/api/tasks", body)
    assert (status, answer["state"]) == (200, "done")
    task = answer["task"]
    assert (task["kind_text"], task["resident_name"]) == ("Besøk", "Olga Eksempel")
    assert (task["start"], task["end"]) == ("2026-11-23T13:00:00Z", "2026-11-23T14:30:00Z")
    assert task["window_text"] == "23.11. 14:00–15:30"
    assert (await kari.post("/api/tasks", body))[1]["task"]["id"] == task["id"]
    assert len(town.state.book.tasks) == 1


async def test_a_task_over_midnight_tells_both_days(town: Town, kari: Browser) -> None:
    new = {"kind": "visit", "start": "2026-11-23T23:00", "end": "2026-11-24T01:30"}
    _, answer = await kari.post("/api/tasks", {"id": "make-0002", "action": "make", "new": new})
    assert answer["task"]["window_text"] == "23.11. 23:00 – 24.11. 01:30"


BAD: list[tuple[dict[str, object], int, str]] = [
    ({"start": "yesterday"}, 400, "no_such_time"),
    ({"start": "2027-03-28T02:30"}, 400, "no_such_time"),
    ({"end": "2026-11-23T14:00"}, 409, "task_window_wrong"),
    ({"resident": "r-9"}, 409, "no_such_resident"),
    ({"kind": "dance"}, 400, "invalid_request"),
    ({"people": 0}, 400, "invalid_request"),
    ({"severity": "awful"}, 400, "invalid_request"),
]


@pytest.mark.parametrize(("wrong", "status", "code"), BAD, ids=str)
async def test_a_wrong_task_is_refused_in_words(
    town: Town, kari: Browser, wrong: dict[str, object], status: int, code: str
) -> None:
    new = {"kind": "visit", "start": "2026-11-23T14:00", "end": "2026-11-23T15:00", **wrong}
    body = {"id": "make-0001", "action": "make", "new": new}
    got, answer = await kari.post("/api/tasks", body)
    assert (got, answer["error"]) == (status, code)
    assert len(answer["text"]) > 10
    assert "{" not in answer["text"]
    assert town.state.book.tasks == {}


async def test_a_task_is_offered_taken_and_done_with_an_outcome(
    town: Town, kari: Browser, ola: Browser
) -> None:
    task = await give_task(town)
    assert await ids(kari, "team") == [task]
    _, seen = await kari.get(f"/api/tasks/{task}")
    assert (seen["asks_me"], seen["actions"]) == (True, ["accept", "refuse", "done"])
    status, answer = await command(kari, task, "accept")
    assert (status, answer["task"]["phase"], answer["task"]["mine"]) == (200, "accepted", True)
    assert await ids(kari, "mine") == [task]
    assert await ids(ola, "mine") == []
    status, answer = await command(ola, task, "accept")
    assert (status, answer["error"]) == (409, "task_has_enough")
    assert (await command(kari, task, "done"))[1]["error"] == "outcome_missing"
    status, answer = await command(kari, task, "done", outcome="not_home", note="Prøver i kveld")
    assert (status, answer["task"]["outcome_text"]) == (200, "ingen hjemme")
    assert (await ids(kari, "open"), await ids(kari, "ended")) == ([], [task])


async def test_a_no_and_a_task_given_back(town: Town, kari: Browser, ola: Browser) -> None:
    task = await give_task(town)
    assert (await command(kari, task, "refuse"))[0] == 200
    _, seen = await kari.get(f"/api/tasks/{task}")
    assert (seen["asks_me"], "refuse" in seen["actions"]) == (False, False)
    assert (await command(ola, task, "accept"))[0] == 200
    status, answer = await command(ola, task, "give_back")
    assert (status, answer["task"]["owner_names"]) == (200, [])


async def test_an_overdue_task_stands_first(town: Town, kari: Browser) -> None:
    late = await give_task(town)
    town.now += 2 * HOUR
    await town.take(TimeReached())
    soon = await give_task(town, resident=None, end=town.now + HOUR)
    assert await ids(kari, "overdue") == [late]
    assert await ids(kari, "open") == [late, soon]


async def test_only_a_lead_or_its_maker_cancels(
    town: Town, kari: Browser, someone: NewBrowser
) -> None:
    task = await give_task(town)
    status, answer = await command(kari, task, "cancel")
    assert (status, answer["error"]) == (409, "role_may_not")
    lise = await someone().sign_in("lise")
    assert (await command(lise, task, "cancel"))[0] == 200


async def test_a_competence_is_asked_for(town: Town, kari: Browser) -> None:
    task = await give_task(town, competence="medicine")
    _, seen = await kari.get(f"/api/tasks/{task}")
    assert "accept" not in seen["actions"]
    status, answer = await command(kari, task, "accept")
    assert (status, answer["text"]) == (409, "Oppgaven krever noen med «medicine»")


async def test_it_reads_no_names(town: Town, someone: NewBrowser) -> None:
    task = await give_task(town)
    ivar = await someone().sign_in("ivar")
    _, seen = await ivar.get(f"/api/tasks/{task}")
    assert (seen["resident"], seen["resident_name"], seen["address"]) == (None, None, None)
    assert seen["actions"] == []
    _, page = await ivar.get("/tasks")
    assert "Olga" not in page
    assert (await command(ivar, task, "accept"))[0] == 403


async def test_a_task_tells_its_story(town: Town, kari: Browser) -> None:
    task = await give_task(town)
    await command(kari, task, "accept")
    _, told = await kari.get(f"/api/tasks/{task}/story?language=en")
    assert [step["code"] for step in told["steps"]] == [
        "task.made",
        "task.offered",
        "task.accepted",
    ]
    assert told["steps"][2]["text"] == "Kari Fjell takes it"


@pytest.mark.parametrize("task", ["none", "oslo-000000"])
async def test_a_task_that_is_not_there(kari: Browser, task: str) -> None:
    assert (await kari.get(f"/api/tasks/{task}"))[0] == 404
    assert (await kari.get(f"/api/tasks/{task}/story"))[0] == 404
    assert (await command(kari, task, "accept"))[0] == 404


async def test_the_page_lists_them_and_the_form_knows_the_residents(
    town: Town, kari: Browser
) -> None:
    await give_task(town)
    _, page = await kari.get("/tasks")
    assert "Olga Eksempel" in page
    assert "Bytt batteri" in page
    _, form = await kari.get("/tasks/new")
    assert '<option value="r-1">Olga Eksempel</option>' in form
    assert 'value="2026-11-23T13:00"' in form


async def test_ones_own_tasks_are_shown_however_many_there_are(
    town: Town, kari: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A storm makes hundreds of visits; what kari has said yes to is not lost behind them."""
    monkeypatch.setattr(tasks, "MOST", 2)
    own = await give_task(town, end=town.now + 9 * HOUR)
    await command(kari, own, "accept")
    sooner = [await give_task(town, end=town.now + hour * HOUR) for hour in (2, 1, 3)]
    _, body = await kari.get("/api/tasks?show=open")
    assert ([task["id"] for task in body["tasks"]], body["more"]) == ([sooner[1], own], 2)
    assert await ids(kari, "mine") == [own]
