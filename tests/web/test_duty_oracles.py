"""Who may do nothing for others learns nothing of them, not even that they exist; and who knows how
a test is called cannot pass it from a page."""

import pytest

from routing.proofs.command import ReachAction, ReachCommand
from tests.web.conftest import NewBrowser
from tests.web.test_duty import asks, with_ways
from tests.web.town import Browser, Town


@pytest.mark.parametrize("stranger", ["rune", "vekter", "kari"])
@pytest.mark.parametrize("action", ["test", "answer"])
async def test_a_guessed_person_is_refused_like_a_real_one(
    town: Town, someone: NewBrowser, stranger: str, action: str
) -> None:
    browser, said = await someone().sign_in(stranger), []
    for number, of in enumerate(("ola", "nobody", "r-1")):
        body = {"id": f"guess-{number:04}", "action": action, "of": of}
        status, answer = await browser.post("/api/duty/commands", body)
        answer["reached"].pop("person")
        said.append((status, answer))
    assert said[0][0] == 409
    assert said[0][1]["error"] == {"test": "role_may_not", "answer": "test_is_over"}[action]
    assert said[0] == said[1] == said[2]


async def test_a_lead_is_told_that_there_is_nobody(town: Town, someone: NewBrowser) -> None:
    lise = await someone().sign_in("lise")
    body = {"id": "guess-0001", "action": "test", "of": "nobody"}
    status, answer = await lise.post("/api/duty/commands", body)
    assert (status, answer["error"]) == (409, "no_such_person")


async def test_a_test_is_not_answered_from_a_page_that_cannot_know_of_it(
    town: Town, kari: Browser
) -> None:
    """A test is called by the id of the command that began it, and that id is the client's: an
    answer sent at once, before the web process has read of the test, would prove a phone that
    nobody has unlocked."""
    await with_ways(town)
    begun = ReachCommand(
        id="chosen-by-the-client",
        person="kari",
        action=ReachAction.TEST,
        made_at=town.now,
        channel="push-1",
    )
    await town.take(begun)
    await kari.get("/api/reach")
    web = town.live.state.proofs
    test = web.tests.pop("test-chosen-by-the-client")  # as if it were not read yet
    body = {"id": "an-answer-at-once", "action": "answer", "test": test.id}
    status, said = await kari.post("/api/duty/commands", body)
    assert (status, said["error"]) == (409, "test_is_over")
    assert town.state.proofs.of("kari", "push-1").proven_at is None
    web.tests[test.id] = test


async def test_an_answer_whose_answer_was_lost_is_told_again(town: Town, kari: Browser) -> None:
    await with_ways(town, "kari", "webhook-1")
    _, said = await asks(kari, "test", channel="webhook-1")
    body = {"id": "an-answer-twice", "action": "answer", "test": said["test"]}
    first = await kari.post("/api/duty/commands", body)
    assert first[0] == 200
    assert await kari.post("/api/duty/commands", body) == first
