"""Push subscriptions: one for each handset, of whoever subscribed last, dead when it must be."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from hub.directory.file import DirectoryFile
from hub.directory.handsets import Handsets
from hub.directory.port import Means
from hub.directory.sessions import Sessions
from hub.directory.subscriptions import Subscription, Subscriptions
from routing.instant import MINUTE, from_rfc3339

NOW = from_rfc3339("2026-11-23T12:00:00Z")
ONE = Subscription(
    handset="h1",
    person="kari",
    endpoint="https://push.example.org/1",
    p256dh=b"\x04" * 65,
    auth=b"\x01" * 16,
    vapid="key",
    made_at=NOW,
)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "directory.sqlite"


@pytest.fixture
def kept(path: Path) -> Iterator[Subscriptions]:
    kept = Subscriptions(path, "fjordby")
    yield kept
    kept.close()


def test_what_is_put_is_live_for_its_person(kept: Subscriptions) -> None:
    assert kept.put(ONE) == []
    assert kept.live("kari") == [ONE]
    assert kept.of("h1") == ONE
    assert kept.live("ola") == []
    assert kept.of("h2") is None


def test_subscribing_again_replaces(kept: Subscriptions) -> None:
    kept.put(ONE)
    new = replace(ONE, endpoint="https://push.example.org/2", made_at=NOW + MINUTE)
    assert kept.put(new) == []
    assert kept.live("kari") == [new]


def test_a_handset_that_changes_hands_leaves_its_former_person(kept: Subscriptions) -> None:
    kept.put(ONE)
    assert kept.put(replace(ONE, person="ola")) == ["kari"]
    assert kept.live("kari") == []
    assert [one.person for one in kept.live("ola")] == ["ola"]


def test_an_endpoint_is_in_one_place_only(kept: Subscriptions) -> None:
    """A browser that has lost its cookie is a new handset with the same endpoint."""
    kept.put(ONE)
    assert kept.put(replace(ONE, handset="h2", person="ola")) == ["kari"]
    assert kept.of("h1") is None
    assert kept.of("h2") is not None


def test_the_end_of_the_last_one_is_said(kept: Subscriptions) -> None:
    kept.put(ONE)
    kept.put(replace(ONE, handset="h2", endpoint="https://push.example.org/2"))
    assert kept.end("h1", NOW, "http-410") is False
    assert kept.end("h2", NOW, "http-410") is True
    assert kept.end("h2", NOW, "http-410") is False
    assert kept.end("nobody", NOW, "http-410") is False
    assert kept.live("kari") == []


def test_an_end_that_was_meant_for_a_former_endpoint_ends_nothing(kept: Subscriptions) -> None:
    kept.put(ONE)
    kept.put(replace(ONE, endpoint="https://push.example.org/2"))
    assert kept.end("h1", NOW, "http-410", endpoint=ONE.endpoint) is False
    assert len(kept.live("kari")) == 1


def test_a_dead_one_lives_again_when_it_is_put_again(kept: Subscriptions) -> None:
    kept.put(ONE)
    kept.end("h1", NOW, "http-410")
    kept.put(ONE)
    assert kept.live("kari") == [ONE]


def test_the_last_receipt_is_remembered(kept: Subscriptions) -> None:
    kept.put(ONE)
    kept.received("h1", NOW + MINUTE)
    assert kept.of("h1") == replace(ONE, last_receipt_at=NOW + MINUTE)


def test_a_person_has_ten_at_most_and_the_oldest_give_way(kept: Subscriptions) -> None:
    for number in range(13):
        url = f"https://push.example.org/{number}"
        kept.put(replace(ONE, handset=f"h{number:02}", endpoint=url, made_at=NOW + number))
    kept.put(replace(ONE, handset="ola", person="ola", endpoint="https://push.example.org/ola"))
    assert [one.handset for one in kept.live("kari")] == [f"h{n:02}" for n in range(3, 13)]
    assert len(kept.live("ola")) == 1


def test_the_dead_give_way_first(kept: Subscriptions) -> None:
    for number in range(10):
        url = f"https://push.example.org/{number}"
        kept.put(replace(ONE, handset=f"h{number}", endpoint=url, made_at=NOW + number))
    kept.end("h9", NOW, "http-410")
    kept.put(replace(ONE, handset="new", endpoint="https://push.example.org/new", made_at=NOW))
    assert "h0" in [one.handset for one in kept.live("kari")]
    assert len(kept.live("kari")) == 10


def test_municipalities_in_one_file_do_not_meet(kept: Subscriptions, path: Path) -> None:
    other = Subscriptions(path, "fjellby")
    kept.put(ONE)
    assert other.live("kari") == []
    assert other.end("h1", NOW, "http-410") is False
    other.close()
    assert kept.live("kari") == [ONE]


def test_a_revoked_handset_is_dead_at_once_for_every_process(
    kept: Subscriptions, path: Path
) -> None:
    file = DirectoryFile(path)
    handsets = Handsets(file, "fjordby")
    handset, _ = handsets.taken_by("kari", None, "Pixel", NOW)
    kept.put(replace(ONE, handset=handset.id))
    assert len(kept.live("kari")) == 1
    handsets.revoke(handset.id, NOW)
    assert kept.live("kari") == []
    assert kept.of(handset.id) is None
    file.close()


def test_a_shared_phone_is_pushed_to_only_for_who_is_signed_in_on_it(
    kept: Subscriptions, path: Path
) -> None:
    """The router asks at each send."""
    file = DirectoryFile(path)
    handset, _ = Handsets(file, "fjordby").bind("east", None, "Bil 3", NOW)
    sessions = Sessions(file, "fjordby")
    kept.put(replace(ONE, handset=handset.id))
    assert kept.live("kari") == []
    token = sessions.begin("kari", handset.id, Means.PIN, NOW, unit="east")
    assert [one.handset for one in kept.live("kari")] == [handset.id]
    sessions.end(token)
    assert kept.live("kari") == []
    sessions.begin("ola", handset.id, Means.PIN, NOW, unit="east")
    assert kept.live("kari") == []
    file.close()
