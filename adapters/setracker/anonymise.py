"""SeTracker without the person: another id, another place, no cells, no Wi-Fi, no speech, pictures,
texts or vital signs. The length is right, though it is wrong in many firmwares."""

import re

from adapters.anonymous import Anonymised, NotAnonymous, Pseudonyms, with_octets
from adapters.protocol import Payload
from adapters.setracker.content import parse_content
from adapters.setracker.frame import Frame, SetrackerShape, build
from adapters.setracker.status import has_position, is_known
from adapters.tracker.captured import whole_frames

_VALUES = 16
"""From the date to the status; cells and Wi-Fi follow."""
_PLACE, _ALTITUDE, _STEPS = slice(3, 7), 9, slice(13, 15)
_NOWHERE = ("0.000000", "N", "0.000000", "E")
_PLAIN = re.compile(r"[A-Z]?|[+-]?\d{1,6}(\.\d{0,9})?|[0-9A-Fa-f]{8}", re.ASCII)
_WORD = re.compile(r"[0-9A-Za-z_]{1,10}", re.ASCII)
_HEARTBEAT = "LK"
_LEAST_HEARTBEAT = 3


def anonymise(payload: Payload, names: Pseudonyms) -> Anonymised:
    """Return the frames of a stretch of the stream; NotAnonymous for a part that is not known."""
    frames, rest = whole_frames(SetrackerShape(), payload.octets)
    made = (_frame(frame, names) for frame in frames)
    return Anonymised(tuple(with_octets(payload, one) for one in made), rest)


def _frame(frame: Frame, names: Pseudonyms) -> bytes:
    if not is_known(frame) or _WORD.fullmatch(frame.type) is None:
        raise NotAnonymous("a type that is not known")
    renamed = Frame(
        frame.maker, names.digits(frame.id), frame.index, frame.type, frame.values, frame.content
    )
    return build(renamed, ",".join((frame.type, *_values(frame, names))))


def _values(frame: Frame, names: Pseudonyms) -> list[str]:
    if has_position(frame):
        return _report(frame, names)
    if frame.type.upper() == _HEARTBEAT and len(frame.values) >= _LEAST_HEARTBEAT:
        return ["0", "0", _plain(frame.values[2])]
    return []


def _report(frame: Frame, names: Pseudonyms) -> list[str]:
    content = parse_content(frame)
    if content.broken or len(frame.values) < _VALUES:
        raise NotAnonymous("a position that cannot be read")
    values = list(frame.values[:_VALUES])
    values[_PLACE], values[_ALTITUDE], values[_STEPS] = list(_NOWHERE), "0", ["0", "0"]
    values = [_plain(value) for value in values]
    if content.position is not None:
        lat, lon = names.place(content.position.lat, content.position.lon)
        values[_PLACE] = [
            f"{abs(lat):.6f}",
            "N" if lat >= 0 else "S",
            f"{abs(lon):.6f}",
            "E" if lon >= 0 else "W",
        ]
    return values


def _plain(value: str) -> str:
    """Return a number or a letter; NotAnonymous for what may be anybody's text."""
    text = value.strip()
    if _PLAIN.fullmatch(text) is None:
        raise NotAnonymous("a value that is no number")
    return text
