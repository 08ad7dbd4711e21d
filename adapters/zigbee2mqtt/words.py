"""Attributes that say their state by a word, and batteries that tell no more than their level.

Sources: the "Exposes" of zigbee2mqtt.io's device pages. Remembered, with no page at hand:
`fall_down_status` of Tuya's mmWave radars, `self_test` of their smoke alarms.
"""

from collections.abc import Iterator, Mapping

from adapters.fit import percent
from adapters.levels import Levels, Seen, is_history
from adapters.zigbee2mqtt.tell import Message, Saying, unknown
from routing.kinds import Kind

WORDS: Mapping[str, Mapping[str, Kind | None]] = {
    # A fall that a radar only suspects is a fall to us.
    "fall_down_status": {
        "fall": Kind.FALL_DETECTED,
        "maybe_fall": Kind.FALL_DETECTED,
        "none": None,
    },
    "self_test": {
        "checking": Kind.DEVICE_TESTED,
        "check_success": Kind.DEVICE_TESTED,
        "check_failure": Kind.DEVICE_FAULT,
        "others": None,
    },
    "battery_state": {"low": Kind.BATTERY_LOW, "medium": Kind.BATTERY_OK, "high": Kind.BATTERY_OK},
}
"""Attribute to what each of its words says; None says nothing."""
_LOW_PCT, _WELL_PCT = 10, 20
"""A battery is low at the one and well again at the other, where the device does not say it."""


def words_of(levels: Levels, message: Message) -> Iterator[Saying]:
    """Return what a device says by words, each time a word is another one than before."""
    for name, kinds in WORDS.items():
        word = message.state.get(name)
        if word is None:
            continue
        if not isinstance(word, str) or word not in kinds:
            yield unknown(name, word)
            continue
        yield from _changed(levels, message, name, word, kinds[word])
    if not any(name in message.state for name in ("battery_low", "battery_state")):
        yield from _battery(levels, message)


def _changed(
    levels: Levels, message: Message, name: str, word: str, kind: Kind | None
) -> Iterator[Saying]:
    seen = levels.observe(message.device, name, word)
    first_rest = seen is Seen.FIRST and kind is Kind.BATTERY_OK
    if kind is not None and seen is not Seen.SAME and not first_rest:
        history = is_history(kind, seen, retained=message.retained)
        yield Saying(kind, code=f"{name}={word}", history=history)


def _battery(levels: Levels, message: Message) -> Iterator[Saying]:
    pct = percent(message.state.get("battery"))
    if pct is None:
        return
    was_low = levels.known(message.device, "battery") == "low"
    word = "low" if pct <= _LOW_PCT or (was_low and pct < _WELL_PCT) else "ok"
    kind = Kind.BATTERY_LOW if word == "low" else Kind.BATTERY_OK
    for saying in _changed(levels, message, "battery", word, kind):
        yield Saying(saying.kind, code=f"battery={pct:g}", history=saying.history)
