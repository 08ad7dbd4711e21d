"""The file of kept frames: bounded, fair between devices, help last, and not for ever."""

from pathlib import Path

from hub.kept_frames.model import Kept, Limits, Lost, kept_of
from hub.kept_frames.store import KeptFrames, heard_of
from routing.event import EventData, make_event
from routing.instant import DAY, SECOND, from_rfc3339
from routing.kinds import Kind

NOW = from_rfc3339("2026-11-23T12:00:00Z")


def frame(number: int, subject: str = "ev07b:1", kind: Kind = Kind.HELP_PRESSED) -> Kept:
    """A frame that was heard `number` seconds after noon."""
    event = make_event(
        kind,
        id=f"{number:032x}",
        source="/adapters/ev07b/gps",
        subject=subject,
        received_at=NOW + number * SECOND,
        data=EventData(raw="ab10"),
    )
    return kept_of(event, "gps", event.to_json())


def ids(store: KeptFrames, who: str) -> list[int]:
    return [int(one.id, 16) for one in store.select(who, None, None, 100)]


def test_what_was_kept_comes_back_as_it_was(tmp_path: Path) -> None:
    path = tmp_path / "kept.sqlite"
    store = KeptFrames(path)
    assert store.keep([frame(2), frame(1)], NOW) is None
    store.close()
    again = KeptFrames(path)
    assert again.select("ev07b:1", None, None, 100) == [frame(1), frame(2)]
    assert again.select(f"{2:032x}", None, None, 100) == [frame(2)]
    assert path.stat().st_mode & 0o077 == 0


def test_a_period_takes_its_beginning_and_not_its_end(tmp_path: Path) -> None:
    store = KeptFrames(tmp_path / "kept.sqlite")
    store.keep([frame(1), frame(2), frame(3)], NOW)
    found = store.select("ev07b:1", NOW + 1 * SECOND, NOW + 3 * SECOND, 100)
    assert [int(one.id, 16) for one in found] == [1, 2]


def test_the_device_with_most_frames_gives_way_its_oldest_first(tmp_path: Path) -> None:
    store = KeptFrames(tmp_path / "kept.sqlite", Limits(frames=3))
    store.keep([frame(1, "scaip:quiet")], NOW)
    lost = store.keep([frame(n) for n in (2, 3, 4, 5)], NOW)
    assert lost == Lost(2, NOW + 2 * SECOND, NOW + 3 * SECOND)
    assert ids(store, "scaip:quiet") == [1]
    assert ids(store, "ev07b:1") == [4, 5]


def test_telemetry_gives_way_before_help(tmp_path: Path) -> None:
    store = KeptFrames(tmp_path / "kept.sqlite", Limits(frames=2))
    store.keep([frame(1), frame(2, kind=Kind.BATTERY_LOW), frame(3, kind=Kind.BATTERY_LOW)], NOW)
    assert ids(store, "ev07b:1") == [1, 3]


def test_octets_are_bounded_too(tmp_path: Path) -> None:
    store = KeptFrames(tmp_path / "kept.sqlite", Limits(octets=len(frame(1).body) * 2))
    lost = store.keep([frame(1), frame(2), frame(3)], NOW)
    assert lost == Lost(1, NOW + 1 * SECOND, NOW + 1 * SECOND)


def test_the_same_frame_again_is_kept_once_and_counted(tmp_path: Path) -> None:
    path = tmp_path / "kept.sqlite"
    store = KeptFrames(path)
    store.keep([frame(1), frame(1)], NOW)
    (heard,) = heard_of(path)
    assert (heard.count, heard.kept) == (2, 1)


def test_what_was_replayed_is_not_taken_up_again(tmp_path: Path) -> None:
    store = KeptFrames(tmp_path / "kept.sqlite")
    store.keep([frame(1), frame(2)], NOW)
    store.replayed([f"{1:032x}"], NOW)
    assert ids(store, "ev07b:1") == [2]


def test_samples_are_counted_and_never_replayed(tmp_path: Path) -> None:
    path = tmp_path / "kept.sqlite"
    store = KeptFrames(path)
    store.keep([frame(1, kind=Kind.POSITION_REPORTED), frame(2)], NOW)
    (heard,) = heard_of(path)
    assert heard.kinds == (Kind.HELP_PRESSED, Kind.POSITION_REPORTED)
    assert (heard.first_at, heard.last_at) == (NOW + SECOND, NOW + 2 * SECOND)
    assert ids(store, "ev07b:1") == [2]


def test_what_is_too_old_is_gone(tmp_path: Path) -> None:
    path = tmp_path / "kept.sqlite"
    store = KeptFrames(path, Limits(keep=30 * DAY))
    store.keep([frame(1)], NOW)
    assert store.keep([], NOW + 30 * DAY) is None
    assert ids(store, "ev07b:1") == [1]
    store.keep([], NOW + 30 * DAY + 2 * SECOND)
    assert ids(store, "ev07b:1") == []
    assert heard_of(path) == []


def test_so_many_devices_are_remembered(tmp_path: Path) -> None:
    path = tmp_path / "kept.sqlite"
    store = KeptFrames(path, Limits(subjects=2))
    store.keep([frame(n, f"ev07b:{n}") for n in (1, 2, 3)], NOW)
    assert [one.subject for one in heard_of(path)] == ["ev07b:3", "ev07b:2"]


def test_where_nothing_was_ever_heard_there_is_nothing(tmp_path: Path) -> None:
    assert heard_of(tmp_path / "kept.sqlite") == []
