"""H02 without the person: another id, another place, and beside them only time, date, status and
battery. Cells, Wi-Fi, numbers and texts become empty values or zeros."""

import re

from adapters.anonymous import Anonymised, NotAnonymous, Pseudonyms, with_octets
from adapters.h02.binary import parse_binary
from adapters.h02.content import Content
from adapters.h02.frame import LONGEST_BINARY, SHORTEST_BINARY, Binary, Frame, H02Shape, Text, build
from adapters.h02.text import parse_text
from adapters.protocol import Payload
from adapters.tracker import Shape
from adapters.tracker.captured import whole_frames
from routing.instant import Instant

_SIX = re.compile(r"\d{6}", re.ASCII)
_STATUS = re.compile(r"[0-9A-Fa-f]{8}", re.ASCII)
_NUMBER = re.compile(r"\d{1,4}(\.\d{0,4})?", re.ASCII)
_REPORT = re.compile(r"V(?!4$)[A-Z0-9]*|NBR|LINK|XT", re.ASCII)
"""Types whose eight hex digits are a status. In others they may be anybody's number."""
_PLACE = 7
_BATTERY = {"LINK": 3, "HTBT": 0, "V0": 0}
_BACK = range(1, 5)
_MINUTE = 10_000
_VALID, _NORTH, _EAST = 2, 4, 8


def anonymise(payload: Payload, names: Pseudonyms) -> Anonymised:
    """Return the frames of a stretch of the stream; NotAnonymous for a part that is not known."""
    octets = payload.octets
    # A stretch that is one binary frame says by its length how long such frames are.
    alone = octets.startswith(b"$") and SHORTEST_BINARY < len(octets) < LONGEST_BINARY
    shape: Shape[Frame] = H02Shape(len(octets) if alone else SHORTEST_BINARY)
    frames, rest = whole_frames(shape, octets)
    made = (_frame(frame, names, payload.at) for frame in frames)
    return Anonymised(tuple(with_octets(payload, one) for one in made), rest)


def _frame(frame: Frame, names: Pseudonyms, at: Instant) -> bytes:
    content = parse_text(frame, at) if isinstance(frame, Text) else parse_binary(frame, at)
    if content.broken:
        raise NotAnonymous("a place that cannot be read")
    if isinstance(frame, Binary):
        return _binary(frame, content, names)
    device = Text(frame.maker, names.digits(frame.id), frame.type, (), b"")
    return build(device, ",".join((_type(frame.type), *_values(frame, content, names))))


def _type(name: str) -> str:
    if len(name) > 4 or not name.isalnum() or name.isdigit():
        raise NotAnonymous("a type that is no word")
    return name


def _values(frame: Text, content: Content, names: Pseudonyms) -> list[str]:
    kept = [""] * len(frame.values)
    place = _place(frame.values)
    if place is not None:
        _keep(kept, frame.values, place - 1, _SIX)
        kept[place : place + _PLACE] = _moved(frame.values[place : place + _PLACE], content, names)
    elif _REPORT.fullmatch(frame.type):
        _keep(kept, frame.values, 0, _SIX)
    if place is not None or _REPORT.fullmatch(frame.type):
        _keep_status(kept, frame.values, 0 if place is None else place + _PLACE)
    if frame.type in _BATTERY:
        _keep(kept, frame.values, _BATTERY[frame.type], _NUMBER)
    return kept


def _keep(kept: list[str], values: tuple[str, ...], at: int, form: re.Pattern[str]) -> bool:
    """Keep the value when it has the form."""
    if 0 <= at < len(values) and form.fullmatch(values[at]):
        kept[at] = values[at]
        return True
    return False


def _keep_status(kept: list[str], values: tuple[str, ...], start: int) -> None:
    """Keep the last status, and the date at most four values before it."""
    for at in range(len(values) - 1, start - 1, -1):
        if _keep(kept, values, at, _STATUS):
            if values[at].isdecimal() and int(values[at]):
                raise NotAnonymous("eight digits, which may be a status or a telephone number")
            dates = (back for back in _BACK if at - back >= start)
            any(_keep(kept, values, at - back, _SIX) for back in dates)
            return


def _place(values: tuple[str, ...]) -> int | None:
    """Return where the validity stands, before a latitude that may be empty."""
    for at, value in enumerate(values[:-2]):
        if value in {"A", "V", "B"} and (values[at + 2] in ("N", "S") or not values[at + 1]):
            return at
    return None


def _moved(values: tuple[str, ...], content: Content, names: Pseudonyms) -> list[str]:
    """Validity, latitude, N or S, longitude, E or W, speed, course."""
    if content.position is None:
        return [values[0], "", "N"] + [""] * (len(values) - 3)
    lat, lon = names.place(content.position.lat, content.position.lon)
    moved = [
        values[0],
        _minutes(lat, 2),
        "N" if lat >= 0 else "S",
        _minutes(lon, 3),
        "E" if lon >= 0 else "W",
    ]
    rest = [value if _NUMBER.fullmatch(value) else "" for value in values[5:]]
    return moved + rest


def _minutes(degrees: float, digits: int) -> str:
    """Return degrees and minutes with four decimals: 5954.7638."""
    whole, rest = divmod(round(abs(degrees) * 60 * _MINUTE), 60 * _MINUTE)
    return f"{whole:0{digits}d}{rest // _MINUTE:02d}.{rest % _MINUTE:04d}"


def _binary(frame: Binary, content: Content, names: Pseudonyms) -> bytes:
    digits = frame.body.hex()
    place, flags = "0" * 8 + "00" + "0" * 9, int(digits[31], 16) & _VALID
    if content.position is not None:
        lat, lon = names.place(content.position.lat, content.position.lon)
        north, east = (_minutes(lat, 2), _minutes(lon, 3))
        place = f"{north}00{east}".replace(".", "")
        flags |= (_NORTH if lat >= 0 else 0) | (_EAST if lon >= 0 else 0)
    said = f"{digits[:12]}{place}{flags:x}{digits[32:46]}"
    device = names.digits(frame.id)
    size = len(frame.raw) - 1 - len(frame.body)
    return b"$" + bytes.fromhex(device.ljust(2 * size, "0") + said.ljust(len(digits), "0"))
