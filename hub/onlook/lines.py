"""What happened at a listener as lines for a terminal: what came (`<`), what we understood (`=`),
what we answered (`>`). No control character of a device reaches the terminal."""

from collections.abc import Iterator

import msgspec

from adapters.tapping import Seen
from hub.text import Catalogue
from routing.event import Event
from routing.instant import to_rfc3339

_AS_THEY_ARE = "\t"
_BREAKS = {"\r": "\\r", "\n": "\\n"}


def lines(seen: Seen, say: Catalogue) -> Iterator[str]:
    """Yield the lines of one thing that happened."""
    at = to_rfc3339(seen.at)[11:23]
    where = " ".join(part for part in (seen.listener, seen.peer, seen.topic) if part)
    if seen.opened or seen.closed:
        yield f"{at} {where} {say('listen.opened' if seen.opened else 'listen.closed')}"
    if seen.heard is not None:
        yield f"{at} {where} < {octets(seen.heard)}{' …' if seen.cut else ''}"
    for body in seen.events:
        event = Event.parse(bytes(body))
        yield f"{at} {where} = {understood(event, say)}"
    if seen.answered is not None:
        yield f"{at} {where} > {octets(seen.answered)}{' …' if seen.cut else ''}"
    if seen.outcome is not None:
        told = "listen.withheld" if seen.withheld else f"listen.{seen.outcome}"
        yield f"{at} {where} = {say(told)}"


def understood(event: Event, say: Catalogue) -> str:
    """Return an event in a few words: kind, device, and what else it says."""
    data = msgspec.json.decode(event.data.model_dump_json(exclude_defaults=True, exclude={"raw"}))
    said = " ".join(f"{name}={msgspec.json.encode(value).decode()}" for name, value in data.items())
    words = [event.type, f"({say(f'kind.{event.type}')})", event.subject, said]
    if event.history:
        words.insert(2, say("listen.history"))
    return " ".join(word for word in words if word)


def octets(digits: str) -> str:
    """Return octets as text where they are text, and as hex otherwise."""
    raw = bytes.fromhex(digits)
    try:
        text = raw.decode()
    except UnicodeDecodeError:
        return digits
    shown = "".join(_BREAKS.get(sign, sign) for sign in text)
    is_text = all(sign.isprintable() or sign in _AS_THEY_ARE for sign in shown)
    return shown if is_text and shown else digits
