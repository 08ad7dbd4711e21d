"""The stored form of the facts about devices let in. The rules of `tests.routing.test_facts` hold
for it too: never change a line."""

import json

from routing.facts import decode, encode
from routing.facts_devices import FramesReplayed
from tests.routing.test_facts import DATA, holds


def test_the_golden_line_is_read_and_written() -> None:
    (golden,) = json.loads((DATA / "facts_devices.json").read_text())
    fact = FramesReplayed(
        request="r1",
        author="lise",
        subject="ev07b:1",
        frames=3,
        events=2,
        unreadable=1,
        from_at=1,
        to_at=2,
    )
    assert decode(json.dumps(golden["body"]).encode(), golden["version"]) == fact
    assert holds(json.loads(encode(fact)), golden["body"])
