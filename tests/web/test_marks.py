"""What is true of an alarm beside its phase, in words."""

from msgspec.structs import replace

from routing.event import derive_id
from routing.facts import AlarmRaised, EventRecorded
from routing.instant import HOUR, MINUTE, SECOND, Instant
from routing.kinds import Kind
from routing.plans import DeviceClass
from tests.web.happenings import configure
from tests.web.town import PENDANT, Browser, Town


async def arrives(town: Town, happened: Instant | None, **more: object) -> str:
    town.now += SECOND
    event = EventRecorded(
        event=derive_id(PENDANT, town.now),
        kind=Kind.HELP_PRESSED,
        subject=PENDANT,
        received_at=town.now,
        occurred_at=happened,
        adapter="scaip",
    )
    found = await town.take(replace(event, **more))
    return next(fact.alarm for fact in found if isinstance(fact, AlarmRaised))


async def marks(kari: Browser, alarm: str) -> dict[str, tuple[str, str]]:
    _, body = await kari.get(f"/api/alarms/{alarm}")
    return {m["code"]: (m["text"], m["why"]) for m in body["marks"]}


async def test_an_old_press_tells_its_age(town: Town, kari: Browser) -> None:
    alarm = await arrives(town, town.now - 3 * HOUR, history=True)
    found = await marks(kari, alarm)
    assert found["old"] == (
        "3 t gammel",
        "Enheten sier at det skjedde 23.11. 10:00; meldingen kom først nå.",
    )


async def test_an_old_press_without_a_time_says_so(town: Town, kari: Browser) -> None:
    alarm = await arrives(town, None, history=True)
    assert (await marks(kari, alarm))["old_unknown"][0] == "Gammel melding"


async def test_a_device_of_another_time_is_told_and_its_clock_is_a_fault(
    town: Town, kari: Browser
) -> None:
    alarm = await arrives(town, 0)
    found = await marks(kari, alarm)
    assert found["device_time"][1] == (
        "Enheten sier 01.01. 01:00; tidspunktet den kom inn gjelder."
    )
    assert "clock" in found


async def test_what_waited_on_the_way_is_late(town: Town, kari: Browser) -> None:
    received = town.now
    town.now += 5 * MINUTE
    alarm = await arrives(town, None, received_at=received)
    assert (await marks(kari, alarm))["late"][0] == "5 min forsinket"


async def test_repeats_and_other_troubles_of_one_home_are_counted_and_named(
    town: Town, kari: Browser
) -> None:
    alarm = await town.press()
    assert await marks(kari, alarm) == {}
    await town.press()
    await town.happens(Kind.FALL_DETECTED)
    found = await marks(kari, alarm)
    assert found["repeated"][0] == "3 ganger"
    assert found["merged"][1].startswith("Også: Alarmknapp trykket.")


async def test_an_exercise_says_so_first(town: Town, kari: Browser) -> None:
    pendant = town.state.registry.devices["pendant-1"]
    await configure(town, replace(pendant, exercise=True))
    alarm = await town.press()
    _, body = await kari.get(f"/api/alarms/{alarm}")
    assert (body["marks"][0]["code"], body["marks"][0]["tone"]) == ("exercise", "strong")


async def test_other_silent_equipment_of_the_home_is_told(town: Town, kari: Browser) -> None:
    pendant = town.state.registry.devices["pendant-1"]
    await configure(town, replace(pendant, device_class=DeviceClass.LIFE))
    await town.happens(Kind.LINK_LOST)
    alarm = await town.press()
    assert "unprotected" in await marks(kari, alarm)
    await town.happens(Kind.LINK_RESTORED)
    assert "unprotected" not in await marks(kari, alarm)
