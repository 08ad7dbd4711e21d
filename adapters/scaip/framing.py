"""Cutting a TCP stream into SIP messages (RFC 3261, 18.3; keep-alives RFC 5626, 3.5.1).

A stream has no end of message but Content-Length, so a message without a usable one loses the
stream: it is reported once as `Broken` and nothing more is read from the connection. The buffer
never holds more than one message within the limits beside the octets just fed.
"""

from dataclasses import dataclass

from adapters.scaip.sip_message import (
    SipError,
    SipRequest,
    SipResponse,
    build,
    declared_length,
    parse_head,
)

_RAW_OCTETS = 4_096


@dataclass(frozen=True, slots=True)
class Ping:
    """A double CRLF between messages; it is answered with one CRLF."""


@dataclass(frozen=True, slots=True)
class Bad:
    """A message that was framed but is not SIP; the stream goes on."""

    error: SipError
    raw: bytes


@dataclass(frozen=True, slots=True)
class Broken:
    """The stream is lost; `raw` is its beginning, shortened."""

    error: SipError
    raw: bytes


Frame = Ping | Bad | Broken | SipRequest | SipResponse


class StreamFramer:
    """Reads one connection, however its octets are cut."""

    def __init__(self, head_octets: int, body_octets: int) -> None:
        self._head_octets = head_octets
        self._body_octets = body_octets
        self._buffer = bytearray()
        self._broken = False

    def feed(self, data: bytes) -> list[Frame]:
        """Take octets and return the frames that are now complete."""
        frames: list[Frame] = []
        if not self._broken:
            self._buffer += data
        while (frame := self._next()) is not None:
            frames.append(frame)
        return frames

    @property
    def is_waiting(self) -> bool:
        """True while a message is half received; the rest of a keep-alive is none."""
        return bool(self._buffer.strip(b"\r\n\t \0"))

    def half(self, reason: str) -> Broken | None:
        """Return what is half received, as it is told; it stays here, and its rest may come."""
        if not self.is_waiting:
            return None
        head, end, _ = bytes(self._buffer).partition(b"\r\n\r\n")
        request = _request(head) if end else None
        return Broken(SipError(reason, request), bytes(self._buffer[:_RAW_OCTETS]))

    def _next(self) -> Frame | None:
        if self._buffer.startswith(b"\r\n\r\n"):
            del self._buffer[:4]
            return Ping()
        if self._buffer.startswith(b"\r\n"):
            if b"\r\n\r\n".startswith(bytes(self._buffer)):
                return None
            del self._buffer[:2]
        end = self._buffer.find(b"\r\n\r\n", 0, self._head_octets + 4)
        if end >= 0:
            return self._message(bytes(self._buffer[:end]), end + 4)
        if len(self._buffer) >= self._head_octets + 4:
            return self._lost(SipError(f"header section over {self._head_octets} octets"))
        return None

    def _message(self, head: bytes, start: int) -> Frame | None:
        try:
            line, headers = parse_head(head)
            length = declared_length(headers)
        except SipError as error:
            return self._lost(error, head)
        if length is None:
            return self._lost(SipError("no Content-Length on a stream"), head)
        if length > self._body_octets:
            return self._lost(SipError(f"body over {self._body_octets} octets"), head, 513)
        if len(self._buffer) < start + length:
            return None
        raw = bytes(self._buffer[: start + length])
        del self._buffer[: start + length]
        try:
            return build(line, headers, raw[start:])
        except SipError as error:
            return Bad(error, raw[:_RAW_OCTETS])

    def _lost(self, error: SipError, head: bytes | None = None, status: int = 400) -> Broken:
        self._broken = True
        raw = bytes(self._buffer[:_RAW_OCTETS]) if head is None else head[:_RAW_OCTETS]
        self._buffer.clear()
        return Broken(SipError(error.reason, _request(head), status), raw)


def _request(head: bytes | None) -> SipRequest | None:
    """Return the request of a header section, where it has one that can be answered."""
    if head is None:
        return None
    try:
        message = build(*parse_head(head), b"")
    except SipError as error:
        return error.request
    return message if isinstance(message, SipRequest) else None
