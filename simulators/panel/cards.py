"""The devices as page and scripts see them: by room, and what each can do."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from simulators.fleet import Fleet
from simulators.plan import Installed, Plan

URGENT = frozenset(
    (
        "press",
        "fall",
        "sos",
        "miss",
        "leave_zone",
        "smoke",
        "leak",
        "medical",
        "panic",
        "fire",
        "call",
        "emergency",
    )
)
"""What calls people: drawn with weight."""
_EVERYDAY = frozenset(
    [
        "unlock",
        "lock",
        "assistance",
        "presence_on",
        "reset",
        "publish",
        "cancel",
        "open",
        "close",
        "take",
        "enter_zone",
        "move",
        "clear",
        "dry",
        "sit_down",
        "stand_up",
        "go_to_bed",
        "leave_bed",
        "hold",
    ]
)

"""What belongs beside it; everything else stands under "more"."""


@dataclass(frozen=True, slots=True)
class Card:
    """One device."""

    key: str
    device: Installed
    first: Sequence[str]
    """The actions that are seen at once."""
    more: Sequence[str]
    faults: Sequence[str]
    wrong: Sequence[str]


def rooms(plan: Plan, fleet: Fleet) -> Mapping[str, list[Card]]:
    """Return the cards by room, in the order of the file; a room without a name is ""."""
    found: dict[str, list[Card]] = {}
    for key, device in plan.devices.items():
        actions = tuple(fleet.actions[key])
        first = [one for one in actions if one in URGENT | _EVERYDAY]
        more = [one for one in actions if one not in first]
        card = Card(key, device, first, more, fleet.faults_of(key), fleet.wrong[key])
        found.setdefault(device.room, []).append(card)
    return found


def listed(plan: Plan, fleet: Fleet) -> list[dict[str, Any]]:
    """Return every device for a script."""
    return [
        {
            "device": card.key,
            "family": card.device.family,
            "name": card.device.name,
            "room": room,
            "actions": [*card.first, *card.more],
            "faults": list(card.faults),
            "wrong": list(card.wrong),
        }
        for room, cards in rooms(plan, fleet).items()
        for card in cards
    ]
