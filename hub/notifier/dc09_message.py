"""An alarm as a SIA DC-09 message to an alarm receiving centre, and the centre's answer.

The message carries the account the centre has given, an event code, the alarm's id as text and the
time of the alarm; no name, no address, no free text (ANSI/SIA DC-09-2013, 5.5; event codes SIA
DC-03 and DC-05).
"""

from collections.abc import Mapping
from dataclasses import dataclass

from adapters.sia_dc09.answers import Reply
from adapters.sia_dc09.content import read_content, stamp_text
from adapters.sia_dc09.crypt import Entropy, decrypt, encrypt
from adapters.sia_dc09.frame import Frame, build, read_line
from routing.instant import SECOND, Instant
from routing.kinds import Category, Kind
from routing.marks import Mark
from routing.owed import About
from routing.proofs.book import ChannelTest
from routing.tasks.value import Task

ANSWER_WINDOW = 60 * SECOND
"""An encrypted answer whose time is further off is an old one, sent again by somebody."""
_BY_KIND: Mapping[str, tuple[str, str]] = {
    Kind.HELP_AUTOMATIC: ("MA", "1100"),
    Kind.FALL_DETECTED: ("MA", "1100"),
    Kind.EPILEPSY_DETECTED: ("MA", "1100"),
    Kind.STAFF_CALLED: ("PA", "1120"),
    Kind.INACTIVITY_DETECTED: ("NA", "1102"),
    Kind.BATTERY_LOW: ("XT", "1384"),
    Kind.MAINS_LOST: ("AT", "1301"),
    Kind.LINK_LOST: ("YC", "1350"),
    Kind.TAMPER_DETECTED: ("TA", "1383"),
}
_BY_CATEGORY: Mapping[str, tuple[str, str]] = {
    Category.HELP: ("QA", "1101"),
    Category.CALL: ("QA", "1101"),
    Category.WANDERING: ("QA", "1101"),
    Category.INACTIVITY: ("NA", "1102"),
    Category.FIRE: ("FA", "1110"),
    Category.WATER: ("WA", "1154"),
    Category.TECHNICAL: ("YX", "1300"),
}
_OTHERWISE = ("UA", "1150")
"""An alarm of no type of its own."""
_EXERCISE = ("RX", "1601")
"""A manual test (DC-03 RX, Contact ID 601): no centre may take an exercise for an alarm."""


@dataclass(frozen=True, slots=True)
class Route:
    """What a message needs beside the alarm."""

    account: str
    format: str
    """`SIA-DCS` or `ADM-CID`."""
    line: str
    """Receiver and line as they stand in the frame, `R1L0` or `L0`."""
    sequence: str
    key: bytes | None


def message(route: Route, about: About, at: Instant, entropy: Entropy) -> bytes:
    """Return the frame; a repeat differs in its time and its padding only."""
    sia, contact = _codes(about)
    if route.format == "ADM-CID":
        data = f"|{contact} 00 000"
    else:
        data = f"|Nri0/{sia}000^{_plain(about.id)}^"
    data += f"][H{stamp_text(_since(about))[1:]}]{stamp_text(at)}"
    head = f"{route.sequence}{route.line}#{route.account}["
    if route.key is None:
        return build(f'"{route.format}"{head}#{route.account}{data}')
    return build(f'"*{route.format}"{head}{encrypt(data, route.key, entropy)}')


def verdict(octets: bytes, route: Route, at: Instant) -> Reply | None:
    """Return what the centre says to this message; None where these octets do not answer it.

    Where the message was encrypted, only an answer that our key opens, with a time near ours, is a
    receipt: the sequence alone can be guessed. NAK is never encrypted, and promises nothing."""
    frames = [one for one in read_line(octets.rstrip(b"\r")) if isinstance(one, Frame)]
    for frame in frames:
        if frame.crc_fault is not None or frame.id not in list(Reply):
            continue
        reply = Reply(frame.id)
        ours = frame.sequence == route.sequence
        if reply is Reply.NAK or (reply is Reply.DUH and ours):
            return reply
        if ours and _is_proven(frame, route, at):
            return reply
    return None


def _is_proven(frame: Frame, route: Route, at: Instant) -> bool:
    if route.key is None:
        return True
    clear = decrypt(frame.body, route.key) if frame.encrypted else None
    content = None if clear is None else read_content(clear, padded=True)
    stamp = None if content is None else content.stamp
    return stamp is not None and abs(stamp - at) <= ANSWER_WINDOW


def _codes(about: About) -> tuple[str, str]:
    if isinstance(about, Task):
        return _OTHERWISE
    if isinstance(about, ChannelTest):
        return _EXERCISE
    if Mark.EXERCISE in about.marks:
        return _EXERCISE
    return _BY_KIND.get(about.kind) or _BY_CATEGORY.get(about.category, _OTHERWISE)


def _since(about: About) -> Instant:
    if isinstance(about, ChannelTest):
        return about.at
    return about.start if isinstance(about, Task) else about.received_at


def _plain(text: str) -> str:
    """Ids hold letters, digits and hyphens; anything else would end the text or the data."""
    return "".join(sign for sign in text if sign.isascii() and (sign.isalnum() or sign in "-_."))
