"""Nuki without the home: another lock and other users, no codes of a keypad, no names."""

from dataclasses import replace

from adapters.anonymous import Anonymised, NotAnonymous, Pseudonyms
from adapters.nuki.read import NUMBERS, WORDS, beginning, number, word
from adapters.nuki.topics import read_topic
from adapters.protocol import Payload

_BASE = "nuki"
_BEGINNING = "lockActionEvent"
_COMMANDS = frozenset(("lockAction", "lock", "unlock"))
_PRESSES = 4


def anonymise(payload: Payload, names: Pseudonyms) -> Anonymised:
    """Return the message; nothing for topics that are not read. NotAnonymous as it says."""
    about = read_topic(payload.topic.split("/", 1)[0], payload.topic)
    if about is None or about.what not in {*NUMBERS, *WORDS, *_COMMANDS, _BEGINNING}:
        return Anonymised(())
    topic = f"{_BASE}/{names.digits(about.device)}/{about.what}"
    octets = _said(about.what, payload.octets, names)
    return Anonymised((replace(payload, topic=topic, octets=octets),))


def _said(what: str, octets: bytes, names: Pseudonyms) -> bytes:
    if what == _BEGINNING:
        return _begun(octets, names)
    if what not in WORDS and number(octets) is not None:
        return octets
    if what not in NUMBERS and word(octets) is not None:
        return octets
    raise NotAnonymous("a value that is not known")


def _begun(octets: bytes, names: Pseudonyms) -> bytes:
    """Action, trigger, user, keypad code, and presses where they are told."""
    begun = beginning(octets)
    if begun is None:
        raise NotAnonymous("the beginning of a movement that cannot be read")
    parts = octets.split(b",")
    user = names.digits(str(begun.user)) if begun.user else "0"
    said = [str(begun.action), str(begun.trigger), user, "0"]
    if len(parts) > _PRESSES:
        said.append(str(number(parts[_PRESSES]) or 0))
    return ",".join(said).encode()
