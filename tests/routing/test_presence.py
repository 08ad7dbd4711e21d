"""Signs of life: silence is told once, the return once, a stranger hourly, a restart never."""

from routing.facts import EventRecorded
from routing.instant import HOUR, MINUTE, SECOND, Instant
from routing.municipality import Device
from routing.presence import Presence, look, next_look, observe, resume, supervise
from routing.snapshot import restore_presence, take_presence
from routing.state import Registry
from tests.routing.story import START

SUPERVISED = Device(id="pendant", subject="scaip:1", silent_after_s=600)


def registry(*devices: Device) -> Registry:
    return Registry(
        devices={d.id: d for d in devices}, device_of={d.subject: d.id for d in devices}
    )


TOWN = registry(SUPERVISED, Device(id="door", subject="zigbee2mqtt:dor"))


def kinds(found: list[EventRecorded]) -> list[tuple[str, str]]:
    return [(event.kind, event.subject) for event in found]


def heard(at: Instant) -> Presence:
    presence = Presence()
    observe(presence, TOWN, "scaip:1", at)
    return presence


def test_silence_is_told_once_at_its_limit() -> None:
    presence = heard(START)
    assert next_look(presence) == START + 600 * SECOND
    assert look(presence, TOWN, START + 599 * SECOND) == []
    assert kinds(look(presence, TOWN, START + 600 * SECOND)) == [("link.lost", "scaip:1")]
    assert look(presence, TOWN, START + 3 * HOUR) == []


def test_a_sign_of_life_moves_the_limit() -> None:
    presence = heard(START)
    observe(presence, TOWN, "scaip:1", START + 500 * SECOND)
    assert look(presence, TOWN, START + 600 * SECOND) == []
    assert next_look(presence) == START + 1100 * SECOND
    assert kinds(look(presence, TOWN, START + 1100 * SECOND)) == [("link.lost", "scaip:1")]


def test_the_return_is_told_once_and_the_next_silence_again() -> None:
    presence = heard(START)
    look(presence, TOWN, START + HOUR)
    back = observe(presence, TOWN, "scaip:1", START + 2 * HOUR)
    assert kinds(back) == [("link.restored", "scaip:1")]
    assert observe(presence, TOWN, "scaip:1", START + 2 * HOUR + MINUTE) == []
    assert look(presence, TOWN, START + 2 * HOUR + 10 * MINUTE) == []
    assert kinds(look(presence, TOWN, START + 3 * HOUR)) == [("link.lost", "scaip:1")]


def test_an_unsupervised_device_may_be_silent_for_ever() -> None:
    presence = Presence()
    observe(presence, TOWN, "zigbee2mqtt:dor", START)
    assert next_look(presence) is None


def test_a_stranger_is_told_once_an_hour() -> None:
    presence = Presence()
    told = [START + n * MINUTE for n in range(121) if observe(
        presence, TOWN, "scaip:9", START + n * MINUTE)]  # fmt: skip
    assert told == [START, START + HOUR, START + 2 * HOUR]


def test_a_device_that_was_never_heard_is_watched_from_now_on() -> None:
    presence = Presence()
    supervise(presence, TOWN, START)
    supervise(presence, TOWN, START + MINUTE)
    assert presence.watch == [(START + 600 * SECOND, "scaip:1")]
    assert kinds(look(presence, TOWN, START + 600 * SECOND)) == [("link.lost", "scaip:1")]


def test_downtime_of_the_hub_is_no_silence_of_the_device() -> None:
    presence = heard(START)
    down, up = START + 300 * SECOND, START + 5 * HOUR
    kept, taken_at = restore_presence(take_presence(presence, down))
    assert taken_at == down
    resume(kept, TOWN, taken_at, up)
    assert look(kept, TOWN, up + 299 * SECOND) == []
    assert kinds(look(kept, TOWN, up + 300 * SECOND)) == [("link.lost", "scaip:1")]


def test_a_silence_from_before_the_downtime_is_not_told_again() -> None:
    presence = heard(START)
    look(presence, TOWN, START + HOUR)
    kept, taken_at = restore_presence(take_presence(presence, START + HOUR))
    resume(kept, TOWN, taken_at, START + 2 * HOUR)
    assert look(kept, TOWN, START + 9 * HOUR) == []
    back = observe(kept, TOWN, "scaip:1", START + 10 * HOUR)
    assert kinds(back) == [("link.restored", "scaip:1")]


def test_a_device_that_is_no_longer_registered_or_supervised_is_let_go() -> None:
    presence = heard(START)
    assert look(presence, registry(), START + HOUR) == []
    assert (presence.watch, presence.watched) == ([], set())


def test_the_same_notice_has_the_same_id() -> None:
    one = look(heard(START), TOWN, START + HOUR)
    two = look(heard(START), TOWN, START + HOUR)
    assert one == two
    assert len(one[0].event) == 32
