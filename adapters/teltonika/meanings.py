"""The I/O elements that mean something to the hub.

Sources: Teltonika's public lists of elements (236 alarm, 242 man down, 247 crash, 252 unplug,
155-159 geofence zones, 175 auto geofence, 113 battery, 249 and 318 jamming), and traccar's decoder
for 221 (button of the personal trackers).

An alarm is told wherever its element is set. The others are levels that travel in every record, so
they speak only in the record that was made because of them (its event).
"""

from collections.abc import Iterator
from typing import NamedTuple

from adapters.teltonika.records import Record
from routing.kinds import Kind

PANIC = 2
"""The highest priority a record may have."""
BATTERY_PCT = 113
_LOW_PCT = 20
_ALARM, _MAN_DOWN = 236, 242
_BUTTON, _CRASH = 221, 247
_UNPLUGGED = 252
_JAMMING = {249: "GSM jamming", 318: "GNSS jamming"}
_ZONES = {**{155 + place: f"zone {place + 1}" for place in range(5)}, 175: "auto geofence"}

PASSED_OVER = frozenset(
    (
        0,
        *range(1, 5),  # digital inputs
        *(9, 10, 11, 14),  # analogue inputs, SIM
        *range(12, 14),  # fuel
        *range(15, 30),  # score, odometer, axes, GSM, speed, Bluetooth sensors
        *range(66, 82),  # voltages, GNSS status, temperatures, iButton, data mode
        *(86, BATTERY_PCT, 116),  # Bluetooth humidity, battery, charger
        *range(179, 183),  # outputs, dilution of precision
        *(199, 200, 205, 206, 207),  # trip, sleep, cell, RFID
        *range(237, 242),  # network, user, ignition, movement, operator
        *(250, 303, 385),  # trip, instant movement, beacons
    )
)
"""Events that are known and carry nothing beside position and battery."""


class Meaning(NamedTuple):
    """What one element of a record says."""

    kind: Kind
    code: str | None = None
    note: str | None = None
    part: str | None = None


def meanings(record: Record) -> list[Meaning]:
    """Return what the record tells beside where and when; help first."""
    found = [*_calls(record), *_zones(record), *_technical(record)]
    if record.priority == PANIC and not any(meaning.kind in _CALLS for meaning in found):
        code = f"priority={PANIC} event={record.event}"
        found.insert(0, Meaning(Kind.HELP_PRESSED, code, "panic priority"))
    return found


def unknown_event(record: Record) -> str | None:
    """Return the code of an event that nobody here knows."""
    known = record.event in PASSED_OVER or record.event in _SPEAKING
    return None if known else f"event={record.event}"


_CALLS = frozenset((Kind.HELP_PRESSED, Kind.HELP_AUTOMATIC, Kind.FALL_DETECTED))
_SPEAKING = frozenset((_ALARM, _MAN_DOWN, _BUTTON, _CRASH, _UNPLUGGED, *_JAMMING, *_ZONES))


def _calls(record: Record) -> Iterator[Meaning]:
    if record.io.get(_ALARM):
        yield Meaning(Kind.HELP_PRESSED, _code(record, _ALARM), "alarm")
    if record.io.get(_MAN_DOWN):
        yield Meaning(Kind.FALL_DETECTED, _code(record, _MAN_DOWN), "man down")
    if record.event == _BUTTON and record.io.get(_BUTTON) != 0:
        yield Meaning(Kind.HELP_PRESSED, _code(record, _BUTTON), "button", "button")
    if record.event == _CRASH and record.io.get(_CRASH) != 0:
        yield Meaning(Kind.HELP_AUTOMATIC, _code(record, _CRASH), "crash")


def _zones(record: Record) -> Iterator[Meaning]:
    """0 left, 1 entered; 2 and 3 tell of speed in the zone, which is nothing to the hub."""
    name = _ZONES.get(record.event)
    if name is not None:
        code = _code(record, record.event)
        if record.io.get(record.event) == 0:
            yield Meaning(Kind.ZONE_LEFT, code, "geofence left", name)
        elif record.io.get(record.event) == 1:
            yield Meaning(Kind.ZONE_ENTERED, code, "geofence entered", name)
        else:
            yield Meaning(Kind.CODE_UNKNOWN, code, "geofence", name)


def _technical(record: Record) -> Iterator[Meaning]:
    event, value = record.event, record.io.get(record.event)
    if event == _UNPLUGGED:
        kind = Kind.MAINS_LOST if value else Kind.MAINS_RESTORED
        yield Meaning(kind, _code(record, event), "external power")
    if event in _JAMMING:
        kind = Kind.DEVICE_FAULT if value else Kind.DEVICE_RECOVERED
        yield Meaning(kind, _code(record, event), _JAMMING[event])
    if event == BATTERY_PCT and value is not None and value <= _LOW_PCT:
        yield Meaning(Kind.BATTERY_LOW, _code(record, event), "battery")


def _code(record: Record, number: int) -> str:
    return f"io{number}={record.io.get(number, '?')}"
