"""Contact ID event codes (SIA DC-05) as kinds of event.

A code has three digits; its qualifier says 1 new event, 3 restoral, 6 still so. A code of the 100s
that is not listed is an alarm all the same: it is help, with its number shown.
"""

from adapters.sia_dc09.codes import Meaning
from routing.kinds import Kind

RESTORED = "3"
STILL = "6"

_PRESS = (Kind.HELP_PRESSED, Kind.HELP_CANCELLED)
_HELP = (Kind.HELP_AUTOMATIC, Kind.HELP_CANCELLED)
_FIRE = (Kind.SMOKE_DETECTED, Kind.SMOKE_CLEARED)
_WATER = (Kind.WATER_DETECTED, Kind.WATER_CLEARED)
_STILL = (Kind.INACTIVITY_DETECTED, Kind.DEVICE_ALIVE)
_TAMPER = (Kind.TAMPER_DETECTED, Kind.DEVICE_RECOVERED)
_FAULT = (Kind.DEVICE_FAULT, Kind.DEVICE_RECOVERED)
_LINK = (Kind.LINK_LOST, Kind.LINK_RESTORED)
_MAINS = (Kind.MAINS_LOST, Kind.MAINS_RESTORED)
_BATTERY = (Kind.BATTERY_LOW, Kind.BATTERY_OK)
_TEST = (Kind.DEVICE_TESTED, Kind.DEVICE_TESTED)
_ALIVE = (Kind.DEVICE_ALIVE, Kind.DEVICE_ALIVE)
_CANCEL = (Kind.HELP_CANCELLED, Kind.HELP_CANCELLED)

_LISTED: tuple[tuple[int, int, tuple[Kind, Kind], str], ...] = (
    (100, 100, _PRESS, "medical"),
    (101, 101, _PRESS, "personal emergency"),
    (102, 102, _STILL, "fail to report in"),
    (110, 110, _FIRE, "fire"),
    (111, 111, _FIRE, "smoke"),
    (112, 112, _FIRE, "combustion"),
    (113, 113, _FIRE, "sprinkler water flow"),
    (114, 114, _FIRE, "heat"),
    (115, 119, _FIRE, "fire"),
    (120, 129, _PRESS, "panic"),
    (130, 136, _HELP, "burglary"),
    (137, 137, _TAMPER, "tamper"),
    (138, 140, _HELP, "burglary"),
    (141, 143, _FAULT, "loop or module"),
    (144, 145, _TAMPER, "sensor or module tamper"),
    (146, 146, _HELP, "silent burglary"),
    (147, 147, _LINK, "sensor supervision"),
    (150, 150, _HELP, "24 hour zone"),
    (151, 151, _FIRE, "gas"),
    (152, 153, _HELP, "temperature"),
    (154, 154, _WATER, "water leakage"),
    (155, 155, _TAMPER, "foil break"),
    (156, 157, _FAULT, "day trouble or low gas"),
    (158, 159, _HELP, "high or low temperature"),
    (161, 161, _HELP, "loss of air flow"),
    (162, 162, _FIRE, "carbon monoxide"),
    (163, 163, _HELP, "tank level"),
    (200, 209, _FAULT, "fire supervisory"),
    (300, 300, _FAULT, "system trouble"),
    (301, 301, _MAINS, "mains"),
    (302, 302, _BATTERY, "system battery"),
    (303, 308, _FAULT, "system"),
    (309, 309, _BATTERY, "battery test"),
    (310, 310, _FAULT, "ground fault"),
    (311, 311, _BATTERY, "battery missing"),
    (312, 337, _FAULT, "power supply, sounder or module"),
    (338, 338, _BATTERY, "module battery"),
    (339, 340, _FAULT, "module"),
    (341, 341, _TAMPER, "module tamper"),
    (342, 342, _MAINS, "module mains"),
    (343, 343, _FAULT, "module self-test"),
    (344, 344, _LINK, "radio jamming"),
    (350, 361, _LINK, "communication"),
    (370, 380, _FAULT, "loop or sensor"),
    (381, 382, _LINK, "sensor supervision"),
    (383, 383, _TAMPER, "sensor tamper"),
    (384, 384, _BATTERY, "sensor battery"),
    (385, 393, _FAULT, "sensor"),
    (406, 406, _CANCEL, "cancelled by user"),
    (400, 470, _ALIVE, "opening, closing or access"),
    (500, 579, _FAULT, "disabled or bypassed"),
    (601, 604, _TEST, "test"),
    (605, 606, _ALIVE, "report follows"),
    (607, 607, _TEST, "walk test"),
    (608, 608, _FAULT, "test, trouble present"),
    (609, 611, _TEST, "test"),
    (612, 615, _FAULT, "point not tested"),
    (616, 616, _FAULT, "service request"),
    (621, 632, _ALIVE, "log, time or schedule"),
    (641, 642, _STILL, "senior watch"),
    (654, 654, _STILL, "inactivity"),
)
"""First and last code, kind of the event and of its restoral, and the word; the first that fits."""
_BY_CODE = {
    code: (kinds, word)
    for first, last, kinds, word in reversed(_LISTED)
    for code in range(first, last + 1)
}


def meaning_of(qualifier: str, code: int) -> Meaning:
    """Return what a qualifier and a code say."""
    found = _BY_CODE.get(code)
    if found is None and 100 <= code <= 199:
        found = (_HELP, "alarm without a name")
    if found is None or qualifier not in ("1", RESTORED, STILL):
        return Meaning(Kind.CODE_UNKNOWN, "unknown event code")
    kinds, word = found
    if qualifier == RESTORED:
        return Meaning(kinds[1], f"{word} restored")
    return Meaning(kinds[0], f"{word}, still so" if qualifier == STILL else word)
