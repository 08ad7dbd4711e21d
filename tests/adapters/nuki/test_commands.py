"""Commands: begun once, in time and one at a time, and what ends them."""

import pytest

from adapters.session import Emit, Publish, ToldTopics, TopicOutput
from routing.event import Event
from routing.instant import MINUTE, SECOND
from routing.lifecycle import Phase
from routing.to_device import AlarmProgress, DeviceAction, DeviceCommand
from tests.adapters.nuki.test_session import AT, LOCK, Lock

ID = "c" * 32


def command(
    lock: Lock,
    action: DeviceAction = DeviceAction.UNLOCK,
    *,
    id: str = ID,
    lives_s: int = 15,
    subject: str = f"nuki:{LOCK}",
) -> list[TopicOutput]:
    asked = DeviceCommand(
        id=id, subject=subject, action=action, expires_at=lock.at + lives_s * SECOND
    )
    return list(lock.session.told(asked, lock.at))


def refusal(outputs: list[TopicOutput]) -> tuple[str, str | None, str | None]:
    (output,) = outputs
    assert isinstance(output, Emit)
    return told(output.event)


def told(event: Event) -> tuple[str, str | None, str | None]:
    return str(event.type), event.data.code, event.data.reference


def locked(**config: object) -> Lock:
    lock = Lock(**config)
    lock.send("connected", "true")
    lock.send("state", "1")
    return lock


def test_the_session_can_be_told() -> None:
    assert isinstance(Lock().session, ToldTopics)


@pytest.mark.parametrize(
    ("action", "opens_by", "number"),
    [("unlock", "unlock", b"1"), ("unlock", "unlatch", b"3"), ("lock", "unlock", b"2")],
)
def test_the_lock_is_told_and_nothing_is_kept_for_it(
    action: str, opens_by: str, number: bytes
) -> None:
    lock = locked(opens_by=opens_by)
    assert command(lock, DeviceAction(action)) == [
        Publish(f"nuki/{LOCK}/lockAction", number, retain=False, qos=0)
    ]


def test_a_lock_that_opens_ends_the_command_once() -> None:
    lock = locked()
    command(lock)
    assert lock.kinds("commandResponse", "0") == ["device.alive"]
    assert lock.kinds("lockActionEvent", "1,172,0,0,0") == ["device.alive"]
    assert lock.kinds("state", "2") == ["device.alive"]
    (event,) = lock.send("state", "3")
    assert told(event) == ("lock.unlocked", "state=3", ID)
    (again,) = lock.send("state", "1")
    assert told(again) == ("lock.locked", "state=1", None)


def test_the_broker_giving_the_end_again_is_the_same_event() -> None:
    lock = locked()
    command(lock)
    (event,) = lock.send("state", "3")
    assert lock.send("state", "3") == [event]


@pytest.mark.parametrize(
    ("what", "payload", "code"),
    [("state", "254", "state=254"), ("commandResponse", "69", "commandResponse=69")],
)
def test_a_blocked_motor_or_a_failure_response_ends_it(what: str, payload: str, code: str) -> None:
    lock = locked()
    command(lock)
    (event,) = lock.send(what, payload)
    assert told(event) == ("lock.failed", code, ID)


def test_a_lock_that_stood_open_already_says_so_by_its_response() -> None:
    lock = locked()
    lock.send("state", "3")
    command(lock)
    (event,) = lock.send("commandResponse", "0")
    assert told(event) == ("lock.unlocked", "commandResponse=0", ID)


def test_the_same_state_again_ends_it_although_it_is_no_change() -> None:
    lock = locked()
    lock.send("state", "3")
    command(lock)
    (event,) = lock.send("state", "3")
    assert told(event) == ("lock.unlocked", "state=3", ID)


def test_an_unlocked_door_is_not_yet_an_open_latch() -> None:
    lock = locked(opens_by="unlatch")
    command(lock)
    assert [told(event)[2] for event in lock.send("state", "3")] == [None]
    lock.send("state", "7")
    assert told(lock.send("state", "5")[0]) == ("lock.unlocked", "state=5", ID)


def test_a_latch_that_has_fallen_back_already_was_open() -> None:
    lock = locked(opens_by="unlatch")
    command(lock)
    lock.send("state", "7")
    assert told(lock.send("state", "3")[0]) == ("lock.unlocked", "state=3", ID)


def test_somebody_turning_it_by_the_button_is_not_mistaken_for_the_command() -> None:
    lock = locked()
    command(lock)
    lock.send("lockActionEvent", "1,2,0,0,0")
    lock.send("state", "2")
    (event,) = lock.send("state", "3")
    assert (told(event)[2], event.data.part) == (None, "button")
    lock.send("lockActionEvent", "1,172,0,0,0")
    (event,) = lock.send("commandResponse", "0")
    assert told(event) == ("lock.unlocked", "commandResponse=0", ID)


def test_the_opposite_of_what_was_asked_is_not_its_end() -> None:
    lock = locked()
    lock.send("state", "3")
    command(lock, DeviceAction.LOCK)
    lock.send("state", "2")
    assert [told(event)[2] for event in lock.send("state", "3")] == [None]


def test_a_repeat_of_an_id_is_not_done_twice() -> None:
    lock = locked()
    assert command(lock)
    assert command(lock) == []
    lock.send("state", "3")
    assert command(lock) == []


def test_a_command_that_has_expired_is_not_begun() -> None:
    assert refusal(command(locked(), lives_s=0)) == ("lock.failed", "command=expired", ID)


def test_one_at_a_time_until_the_first_can_no_longer_begin() -> None:
    lock = locked()
    command(lock)
    second = command(lock, DeviceAction.LOCK, id="d" * 32)
    assert refusal(second) == ("lock.failed", "command=busy", "d" * 32)
    lock.at += 15 * SECOND
    assert len(command(lock, DeviceAction.LOCK, id="e" * 32)) == 1


def test_a_lock_that_is_away_is_not_told_lest_it_opens_when_it_is_back() -> None:
    lock = locked()
    lock.send("connected", "false")
    assert refusal(command(lock)) == ("lock.failed", "connected=false", ID)


@pytest.mark.parametrize("subject", ["nuki:+", "nuki:#", "nuki:a/b", "zigbee2mqtt:x", "nuki:"])
def test_what_is_no_lock_of_ours_is_refused(subject: str) -> None:
    found = refusal(command(locked(), subject=subject))
    assert found == ("lock.failed", "command=no_such_lock", ID)


def test_what_happens_much_later_is_not_because_of_it() -> None:
    lock = locked()
    command(lock)
    lock.at += 2 * MINUTE
    assert [told(event)[2] for event in lock.send("state", "3")] == [None]


def test_progress_of_an_alarm_is_nothing_to_a_lock() -> None:
    progress = AlarmProgress(event="e", subject=f"nuki:{LOCK}", phase=Phase.ACCEPTED)
    assert Lock().session.told(progress, AT) == ()
