"""Where frames come from: half of them random, half made from known payloads."""

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

from paho.mqtt.client import topic_matches_sub

from tests.fuzz.mutate import mutated, mutated_value, random_octets
from tests.fuzz.repair import REPAIRS
from tests.vectors.known import Known, known


@dataclass(frozen=True, slots=True)
class Frame:
    """One input."""

    octets: bytes
    noise: bool
    """True for random octets: nobody could mean anything by them."""
    row: Known
    """The known payload that it was made of, or would be heard where that is."""


class Source:
    """The frames of one protocol."""

    def __init__(self, protocol: str, random: Random, topics: Sequence[str] = ("#",)) -> None:
        self._rows = [row for row in known(protocol) if _heard(row, topics)]
        self._random = random
        self._repair = REPAIRS.get(protocol, bytes)
        self._repairs = protocol in REPAIRS
        if not self._rows:
            raise LookupError(f"tests/data has no known payload of {protocol} to begin from")

    def frame(self, *, noise: bool) -> Frame:
        """Return the next one."""
        random = self._random
        row = random.choice(self._rows)
        if noise:
            return Frame(random_octets(random), True, row)
        if random.random() < 0.05:
            return Frame(self._whole(row.octets), False, row)
        change = mutated_value if random.random() < 0.6 else mutated
        octets = change(random, row.octets)
        whole = random.random() < 0.8
        return Frame(self._repair(octets) if whole and octets else octets, False, row)

    def _whole(self, octets: bytes) -> bytes:
        """A known payload as it is, so that what follows a mutation is tried as well."""
        return self._repair(octets) if self._repairs else octets


def _heard(row: Known, topics: Sequence[str]) -> bool:
    return not row.topic or any(topic_matches_sub(topic, row.topic) for topic in topics)
