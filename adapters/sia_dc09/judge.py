"""What one frame is worth: the events it gives, and the answer it gets.

| frame | events | answer |
|---|---|---|
| read, with a known code | all | ACK when all are durable |
| read, no code known, or a format that is not read | `code.unknown` | DUH when durable |
| wrong checksum | calls for help, `frame.undecodable` | none (DC-09, 5.5.1.2) |
| encrypted and no key opens it | `frame.undecodable` | NAK at once |
| encrypted and its time outside the window | calls for help, `clock.wrong` | NAK at once; a call \
for help that comes again all the same: ACK when durable |
| plain, though the account has a key | calls for help, `device.unknown` | ACK to a call, or DUH |

Help passes every filter: what is not believed still brings a person when it calls for one.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from adapters.help_first import is_call
from adapters.recent import Bounded
from adapters.sia_dc09.answers import Reply
from adapters.sia_dc09.blocks import Block, blocks_of
from adapters.sia_dc09.codes import Meaning
from adapters.sia_dc09.config import SiaDc09Config
from adapters.sia_dc09.content import Content, read_content
from adapters.sia_dc09.crypt import decrypt
from adapters.sia_dc09.frame import OH, Frame
from adapters.sia_dc09.tell import Teller, Told, nothing_of
from routing.event import Event
from routing.instant import SECOND, Instant
from routing.kinds import Kind

Keys = Callable[[str], Sequence[bytes]]
"""The keys an account's secret may stand for; empty where it has none."""
EVENT_IDS = frozenset({"SIA-DCS", "ADM-CID"})
NULL = "NULL"
_TEST = Block("RP", Meaning(Kind.DEVICE_TESTED, "automatic test"))


@dataclass(frozen=True, slots=True)
class Verdict:
    """The events of a frame and its answer; `at_once` says that it does not wait for the hub."""

    events: Sequence[Event]
    reply: Reply | None
    account: str | None
    key: bytes | None = None
    at_once: bool = False


@dataclass(frozen=True, slots=True)
class _Opened:
    content: Content | None
    key: bytes | None


class Judge:
    """Judges the frames of one listener."""

    def __init__(self, config: SiaDc09Config, keys: Keys) -> None:
        self._config, self._keys = config, keys
        self.teller = Teller(config.id)
        self._refused: Bounded[tuple[object, ...], bool] = Bounded()
        """Calls for help whose time was outside the window once."""

    def judge(self, frame: Frame, at: Instant) -> Verdict:
        """Return what the frame is worth."""
        keys = self._keys(frame.account) if frame.account else ()
        opened = self._open(frame, keys)
        if frame.crc_fault is not None:
            return self._bad_checksum(frame, opened.content, at)
        if frame.encrypted and opened.key is None:
            why = "no key of this account opens it" if keys else "encrypted, and no key is set"
            return self._unread(frame, why, Reply.NAK, at, at_once=True)
        if opened.content is None:
            return self._unread(frame, "the data has no closing bracket", Reply.DUH, at)
        told = Told(frame, opened.content, frame.account or opened.content.account, at)
        if frame.encrypted:
            return self._sealed(told, opened.key)
        if self._keys(told.account) if told.account else ():
            return self._not_encrypted(told)
        return self._plain(told)

    def _open(self, frame: Frame, keys: Sequence[bytes]) -> _Opened:
        if not frame.encrypted:
            return _Opened(_plain_content(frame), None)
        for key in keys:
            clear = decrypt(frame.body, key)
            content = None if clear is None else read_content(clear, padded=True)
            # Of two keys that open it, the one that shows a time: DC-09 asks for one.
            if content is not None and (content.stamp is not None or len(keys) == 1):
                return _Opened(content, key)
        return _Opened(None, None)

    def _bad_checksum(self, frame: Frame, content: Content | None, at: Instant) -> Verdict:
        told = nothing_of(frame, at)
        if content is not None:
            told = Told(frame, content, frame.account or content.account, at)
        blocks = _blocks(told)
        why = str(frame.crc_fault)
        words = ", ".join(block.meaning.word for block in blocks[:8])
        reason = f"{why}; it reads: {words}" if words else why
        bad = self.teller.undecodable(frame.raw, reason, told.account, at, _codes(blocks))
        return Verdict([*self.teller.calls(told, blocks, why), bad], None, told.account)

    def _unread(
        self, frame: Frame, why: str, reply: Reply, at: Instant, *, at_once: bool = False
    ) -> Verdict:
        bad = self.teller.undecodable(frame.raw, why, frame.account, at)
        return Verdict([bad], reply, frame.account, at_once=at_once)

    def _sealed(self, told: Told, key: bytes | None) -> Verdict:
        if self._in_time(told):
            return self._believed(told, key)
        blocks = _blocks(told)
        calls = self.teller.calls(told, blocks, "time outside the window", proven=True)
        events = [*calls, *self.teller.wrong_clock(told, _codes(blocks))]
        if calls and self._refused.get(told.key):
            return Verdict(events, Reply.ACK, told.account, key)
        if calls:
            self._refused.put(told.key, True)
        return Verdict(events, Reply.NAK, told.account, at_once=True)

    def _in_time(self, told: Told) -> bool:
        late_s, stamp = self._config.late_s, told.content.stamp
        if late_s is None:
            return True
        if stamp is None:
            return False
        return -late_s * SECOND <= stamp - told.at <= self._config.early_s * SECOND

    def _not_encrypted(self, told: Told) -> Verdict:
        blocks = _blocks(told)
        calls = self.teller.calls(told, blocks, "not encrypted, though the account has a key")
        rest = [block for block in blocks if not is_call(block.meaning.kind)]
        others = self.teller.not_encrypted(told, _codes(rest)) if rest or not blocks else []
        return Verdict([*calls, *others], Reply.ACK if calls else Reply.DUH, told.account)

    def _plain(self, told: Told) -> Verdict:
        tolerance_s, stamp = self._config.clock_tolerance_s, told.content.stamp
        verdict = self._believed(told, None)
        if stamp is None or tolerance_s is None or abs(stamp - told.at) <= tolerance_s * SECOND:
            return verdict
        events = [*verdict.events, *self.teller.wrong_clock(told, "")]
        return Verdict(events, verdict.reply, verdict.account)

    def _believed(self, told: Told, key: bytes | None) -> Verdict:
        frame = told.frame
        if frame.id == NULL:
            return Verdict(self.teller.alive(told), Reply.ACK, told.account, key)
        if frame.id not in EVENT_IDS and frame.id != OH:
            return Verdict(self.teller.unknown_id(told), Reply.DUH, told.account, key)
        blocks = _blocks(told)
        if not blocks:
            why = "no event code in the data"
            bad = self.teller.undecodable(frame.raw, why, told.account, told.at)
            return Verdict([bad], Reply.DUH, told.account, key)
        known = any(block.meaning.kind is not Kind.CODE_UNKNOWN for block in blocks)
        reply = Reply.ACK if known else Reply.DUH
        return Verdict(self.teller.blocks(told, blocks), reply, told.account, key)


def _plain_content(frame: Frame) -> Content | None:
    if frame.id == OH:
        return Content(frame.account, frame.body.decode("ascii"))
    return read_content(frame.body, padded=False)


def _blocks(told: Told) -> list[Block]:
    if told.frame.id == OH:
        return [_TEST if not told.content.data.strip("0") else _oh_code(told.content.data)]
    return blocks_of(told.frame.id, told.content.data) if told.frame.id in EVENT_IDS else []


def _oh_code(code: str) -> Block:
    return Block(f"ID{code}", Meaning(Kind.CODE_UNKNOWN, "unknown event code"))


def _codes(blocks: Sequence[Block]) -> str:
    return " ".join(block.code for block in blocks)
