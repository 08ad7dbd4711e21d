"""Snapshots of another format are left alone: the journal is replayed instead."""

import json

from routing.snapshot import restore, take
from tests.routing.story import Story


def test_a_snapshot_of_another_format_means_replay() -> None:
    body = json.loads(take(Story().state))
    assert restore(json.dumps(body).encode()) is not None
    assert restore(json.dumps({**body, "format": 2}).encode()) is None
    assert restore(b"{}") is None


def test_a_snapshot_goes_on_like_the_state_it_was_taken_of() -> None:
    live = Story()
    live.press()
    live.wait(30)
    taken_up = Story([])
    restored = restore(take(live.state))
    assert restored is not None
    taken_up.state, taken_up.at, taken_up.journal = restored, live.at, list(live.journal)
    assert (
        taken_up.wait(30)
        == live.wait(30)
        == ["step 1.1 90s: carl@webhook-1 (nobody_accepted_in_time)"]
    )
    assert taken_up.state == live.state
