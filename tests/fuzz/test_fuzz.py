"""Hostile frames through every session: a short run of what `python -m tests.fuzz.run` does long.

The checks themselves are checked too: a session that raises, drops noise, grows or tells what
cannot be written is caught.
"""

from collections.abc import Sequence
from random import Random
from typing import Any

import pytest

from adapters.protocols import PROTOCOLS
from adapters.session import Emit, Output, Peer
from routing.event import Event, EventData, make_event
from routing.instant import Instant
from routing.kinds import Kind
from tests.fuzz import unit
from tests.fuzz.kept import kept_octets
from tests.fuzz.mutate import cut, mutated, mutated_value
from tests.fuzz.repair import REPAIRS
from tests.fuzz.unit import Unit
from tests.vectors.known import known

SHORT = 2_000


@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_a_session_gives_outputs_and_nothing_else(protocol: str) -> None:
    _, tally, failure = unit.run(Unit(protocol, 7, SHORT))
    assert failure is None
    assert (tally.frames, tally.undecodable > SHORT // 20) == (SHORT, True)
    assert tally.events > tally.undecodable  # What is repaired is read: it does not all end there.


@pytest.mark.parametrize("protocol", sorted(REPAIRS.keys() - {"scaip", "h02"}))
def test_a_whole_frame_needs_no_repair(protocol: str) -> None:
    whole = [row.octets for row in known(protocol) if _is_whole(row.events)]
    repaired = [REPAIRS[protocol](octets) for octets in whole]
    same = sum(a.strip(b"\r\n") == b.strip(b"\r\n") for a, b in zip(whole, repaired, strict=True))
    assert same >= max(1, len(whole) // 3)  # Real trackers state wrong lengths.


def _is_whole(events: Any) -> bool:
    return not any(event["kind"] == "frame.undecodable" for event in events or ())


def test_the_same_unit_does_the_same() -> None:
    first, second = (unit.run(Unit("gt06", 3, 300))[1] for _ in range(2))
    assert first.kinds == second.kinds
    assert first.kinds != unit.run(Unit("gt06", 4, 300))[1].kinds


def test_mutations_change_and_cuts_do_not() -> None:
    random, octets = Random(1), b'{"a": {"b": [1, 2]}}'
    assert sum(mutated(random, octets) != octets for _ in range(50)) > 40
    assert sum(mutated_value(random, octets) != octets for _ in range(50)) > 40
    assert sum(mutated_value(random, b"<a><b>1</b></a>") != b"<a><b>1</b></a>" for _ in range(9))
    assert {b"".join(cut(random, octets)) for _ in range(50)} == {octets}


class Bad:
    """A session over sockets that does one thing wrong."""

    def __init__(
        self, outputs: Sequence[Any] = (), *, raises: bool = False, grows: int = 0
    ) -> None:
        self._outputs, self._raises, self._grows = outputs, raises, grows
        self.kept: list[bytes] = []

    def opened(self, peer: Peer, at: Instant) -> Sequence[Output]:
        return ()

    def receive(self, peer: Peer, data: bytes, at: Instant) -> Sequence[Output]:
        if self._raises:
            raise KeyError("a field")
        self.kept.append(bytes(self._grows))
        return self._outputs

    def closed(self, peer: Peer, at: Instant) -> Sequence[Output]:
        return ()

    def confirm(self, event_id: str, outcome: object, at: Instant) -> Sequence[Output]:
        return ()

    def next_due(self) -> Instant | None:
        return None


def _event(text: str) -> Event:
    data = EventData.model_construct(note=text, caller=())
    return make_event(
        Kind.HELP_PRESSED,
        id="0" * 32,
        source="/adapters/gt06/fuzz",
        subject="gt06:1",
        received_at=unit.BEGIN,
        data=data,
    )


@pytest.mark.parametrize(
    ("session", "why"),
    [
        (Bad(raises=True), "KeyError: 'a field'"),
        (Bad(), "octets of noise on tcp:10.0.0."),
        (Bad(["text"]), "'text' is no output"),
        (Bad([Emit(_event("\ud800"))]), "surrogates not allowed"),
        (Bad([Emit(_event("fine"))], grows=2**20), "the session holds"),
    ],
    ids=["raises", "drops", "no output", "unwritable", "grows"],
)
def test_a_session_that_does_wrong_is_caught(
    session: Bad, why: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(unit, "session_of", lambda _protocol, _seed: session)
    _, _, failure = unit.run(Unit("gt06", 1, 200))
    assert failure is not None
    assert why in failure.why


def test_what_a_session_holds_is_weighed_behind_its_closures() -> None:
    held = [bytes(100_000)]
    assert kept_octets(lambda: held) > 100_000 > kept_octets(lambda: None)
