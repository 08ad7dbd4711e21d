"""The story of an alarm over the API."""

from tests.web.conftest import NewBrowser
from tests.web.town import Browser, Town


async def test_the_story_tells_reasons_calls_and_outcomes_in_the_reader_s_language(
    town: Town, kari: Browser
) -> None:
    alarm = await town.press()
    await kari.act(alarm, "accept")
    status, body = await kari.get(f"/api/alarms/{alarm}/story")
    assert status == 200
    assert (body["id"], body["phase_text"], body["owner"]) == (alarm, "Kvittert", "Kari Fjell")
    assert [step["code"] for step in body["steps"]] == [
        "alarm.raised",
        "step.started",
        "alarm.accepted",
    ]
    first = body["steps"][1]["calls"][0]
    assert (first["person"], first["why"]) == ("kari", "På vakt i Dagvakt øst")


async def test_a_story_of_no_alarm_is_not_found(town: Town, kari: Browser) -> None:
    status, body = await kari.get("/api/alarms/none/story")
    assert (status, body["error"]) == (404, "not_found")


async def test_a_stranger_reads_no_story(town: Town, someone: NewBrowser) -> None:
    alarm = await town.press()
    status, _ = await someone().get(f"/api/alarms/{alarm}/story")
    assert status == 401
