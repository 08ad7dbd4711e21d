"""SIA event codes of two letters (SIA DC-03, annex A) as kinds of event.

Twelve letters stand for a kind of zone, and the second letter says what became of it. The other
codes are listed. What is not here is `code.unknown`, and so visible.
"""

from typing import NamedTuple

from routing.kinds import Kind


class Meaning(NamedTuple):
    """What a code says."""

    kind: Kind
    word: str
    """The standard's word for it."""


_ZONES: dict[str, tuple[Kind, Kind, str]] = {
    "M": (Kind.HELP_PRESSED, Kind.HELP_CANCELLED, "medical"),
    "Q": (Kind.HELP_PRESSED, Kind.HELP_CANCELLED, "emergency"),
    "P": (Kind.HELP_PRESSED, Kind.HELP_CANCELLED, "panic"),
    "H": (Kind.HELP_PRESSED, Kind.HELP_CANCELLED, "hold-up"),
    "F": (Kind.SMOKE_DETECTED, Kind.SMOKE_CLEARED, "fire"),
    "K": (Kind.SMOKE_DETECTED, Kind.SMOKE_CLEARED, "heat"),
    "S": (Kind.SMOKE_DETECTED, Kind.SMOKE_CLEARED, "sprinkler"),
    "G": (Kind.SMOKE_DETECTED, Kind.SMOKE_CLEARED, "gas"),
    "W": (Kind.WATER_DETECTED, Kind.WATER_CLEARED, "water"),
    "Z": (Kind.HELP_AUTOMATIC, Kind.HELP_CANCELLED, "freeze"),
    "B": (Kind.HELP_AUTOMATIC, Kind.HELP_CANCELLED, "burglary"),
    "U": (Kind.HELP_AUTOMATIC, Kind.HELP_CANCELLED, "untyped"),
}
"""First letter to the kind of its alarm, of its restoral, and the word. Gas stands with fire: the
same people must come, and as fast."""

_OF_ZONE = {"A": (0, "alarm"), "H": (1, "alarm restoral"), "R": (1, "restoral")}
"""Second letter to alarm or restoral of the zone, and the word."""
_STATES: dict[str, tuple[Kind, str]] = {
    "T": (Kind.DEVICE_FAULT, "trouble"),
    "J": (Kind.DEVICE_RECOVERED, "trouble restoral"),
    "B": (Kind.DEVICE_FAULT, "bypass"),
    "U": (Kind.DEVICE_RECOVERED, "unbypass"),
    "S": (Kind.DEVICE_FAULT, "supervisory"),
    "X": (Kind.DEVICE_TESTED, "test"),
    "Y": (Kind.LINK_LOST, "missing trouble"),
    "Z": (Kind.LINK_LOST, "missing alarm"),
}
"""The other second letters: the same for every zone."""

_LISTED: dict[str, Meaning] = {
    "AA": Meaning(Kind.TAMPER_DETECTED, "panel substitution"),
    "AR": Meaning(Kind.MAINS_RESTORED, "AC restoral"),
    "AT": Meaning(Kind.MAINS_LOST, "AC trouble"),
    "BC": Meaning(Kind.HELP_CANCELLED, "burglary cancel"),
    "BV": Meaning(Kind.HELP_AUTOMATIC, "burglary verified"),
    "EA": Meaning(Kind.HELP_AUTOMATIC, "exit alarm"),
    "ER": Meaning(Kind.DEVICE_RECOVERED, "expansion restoral"),
    "ET": Meaning(Kind.DEVICE_FAULT, "expansion trouble"),
    "FI": Meaning(Kind.DEVICE_TESTED, "fire test begin"),
    "FK": Meaning(Kind.DEVICE_TESTED, "fire test end"),
    "IA": Meaning(Kind.DEVICE_FAULT, "equipment failure"),
    "IR": Meaning(Kind.DEVICE_RECOVERED, "equipment restoral"),
    "JA": Meaning(Kind.TAMPER_DETECTED, "user code tamper"),
    "LR": Meaning(Kind.LINK_RESTORED, "phone line restoral"),
    "LT": Meaning(Kind.LINK_LOST, "phone line trouble"),
    "NA": Meaning(Kind.INACTIVITY_DETECTED, "no activity"),
    "NS": Meaning(Kind.DEVICE_ALIVE, "activity resumed"),
    "RP": Meaning(Kind.DEVICE_TESTED, "automatic test"),
    "RR": Meaning(Kind.DEVICE_RECOVERED, "power up"),
    "RX": Meaning(Kind.DEVICE_TESTED, "manual test"),
    "RY": Meaning(Kind.DEVICE_FAULT, "test off normal"),
    "TA": Meaning(Kind.TAMPER_DETECTED, "tamper alarm"),
    "TE": Meaning(Kind.DEVICE_TESTED, "test end"),
    "TR": Meaning(Kind.DEVICE_RECOVERED, "tamper restoral"),
    "TS": Meaning(Kind.DEVICE_TESTED, "test start"),
    "TX": Meaning(Kind.DEVICE_TESTED, "test report"),
    "UX": Meaning(Kind.HELP_AUTOMATIC, "undefined alarm"),
    "XH": Meaning(Kind.LINK_RESTORED, "RF interference restoral"),
    "XQ": Meaning(Kind.LINK_LOST, "RF interference"),
    "XR": Meaning(Kind.BATTERY_OK, "transmitter battery restoral"),
    "XT": Meaning(Kind.BATTERY_LOW, "transmitter battery trouble"),
    "YA": Meaning(Kind.DEVICE_FAULT, "bell fault"),
    "YC": Meaning(Kind.LINK_LOST, "communications fail"),
    "YH": Meaning(Kind.DEVICE_RECOVERED, "bell restored"),
    "YK": Meaning(Kind.LINK_RESTORED, "communications restoral"),
    "YM": Meaning(Kind.BATTERY_LOW, "system battery missing"),
    "YP": Meaning(Kind.DEVICE_FAULT, "power supply trouble"),
    "YQ": Meaning(Kind.DEVICE_RECOVERED, "power supply restored"),
    "YR": Meaning(Kind.BATTERY_OK, "system battery restoral"),
    "YS": Meaning(Kind.LINK_LOST, "communications trouble"),
    "YT": Meaning(Kind.BATTERY_LOW, "system battery trouble"),
    "YW": Meaning(Kind.DEVICE_FAULT, "watchdog reset"),
    "YX": Meaning(Kind.DEVICE_FAULT, "service required"),
    "YZ": Meaning(Kind.DEVICE_RECOVERED, "service completed"),
}
_ARMING = ("CA", "CG", "CL", "CP", "CQ", "CS", "OA", "OG", "OP", "OQ", "OR", "OS")
"""Closing and opening: nothing to act on, a sign of life."""


def meaning_of(code: str) -> Meaning:
    """Return what two letters say."""
    if code in _LISTED:
        return _LISTED[code]
    if code in _ARMING:
        return Meaning(Kind.DEVICE_ALIVE, "armed" if code[0] == "C" else "disarmed")
    zone, state = _ZONES.get(code[:1]), code[1:]
    if zone is not None and state in _OF_ZONE:
        place, word = _OF_ZONE[state]
        return Meaning((zone[0], zone[1])[place], f"{zone[2]} {word}")
    if zone is not None and state in _STATES:
        kind, word = _STATES[state]
        return Meaning(kind, f"{zone[2]} {word}")
    return Meaning(Kind.CODE_UNKNOWN, "unknown event code")
