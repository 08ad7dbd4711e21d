"""SIP messages as text: parse and build (RFC 3261, section 7 and 25).

Header octets are read as Latin-1, so that what is copied from a request to its response stays the
same octet for octet. Lines may be folded, names may be compact, a datagram may use bare line feeds.
Control characters inside a value become spaces, so a value can never start a header of its own.
"""

import re
from dataclasses import dataclass

from adapters.scaip.sip_headers import parse_via, split_outside

Headers = tuple[tuple[str, str], ...]

_COMPACT = {
    "c": "content-type",
    "e": "content-encoding",
    "f": "from",
    "i": "call-id",
    "k": "supported",
    "l": "content-length",
    "m": "contact",
    "s": "subject",
    "t": "to",
    "v": "via",
}
_REQUEST = re.compile(r"^([A-Za-z0-9\-.!%*_+`'~]{1,32}) +(\S+) +(SIP/\d+\.\d+)$", re.IGNORECASE)
_RESPONSE = re.compile(r"^SIP/2\.0 +([1-6]\d\d)(?: +(.*))?$", re.IGNORECASE)
_CSEQ = re.compile(r"^(\d{1,10})\s+(\S+)$")
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_NAME = re.compile(r"^[A-Za-z0-9\-.!%*_+`'~]+$")


@dataclass(frozen=True, slots=True)
class SipMessage:
    """What requests and responses share; header names are lower case and never compact."""

    headers: Headers
    body: bytes

    def all(self, name: str) -> tuple[str, ...]:
        return tuple(value for key, value in self.headers if key == name)

    def first(self, name: str) -> str:
        """Return the first value of a header, empty when it is absent."""
        return next((value for key, value in self.headers if key == name), "")

    def listed(self, name: str) -> tuple[str, ...]:
        """Return all values of a header that may also be a comma-separated list."""
        return tuple(part for value in self.all(name) for part in split_outside(value, ",") if part)

    @property
    def cseq(self) -> tuple[int, str]:
        match = _CSEQ.match(self.first("cseq"))
        return (int(match[1]), match[2].upper()) if match else (0, "")

    @property
    def branch(self) -> str:
        vias = self.listed("via")
        via = parse_via(vias[0]) if vias else None
        return "" if via is None else via.params.get("branch", "")


@dataclass(frozen=True, slots=True)
class SipRequest(SipMessage):
    method: str
    uri: str


@dataclass(frozen=True, slots=True)
class SipResponse(SipMessage):
    status: int
    reason: str


class SipError(ValueError):
    """The sender's message is not SIP as RFC 3261 defines it.

    `request` is what could be read when that is enough for a response of `status`; None means that
    nothing can be answered.
    """

    def __init__(self, reason: str, request: SipRequest | None = None, status: int = 400) -> None:
        super().__init__(f"sender's fault: {reason}")
        self.reason = reason
        self.request = request
        self.status = status


def split_datagram(data: bytes) -> tuple[bytes, bytes]:
    """Cut a datagram after its header section; a missing empty line means no body."""
    data = data.lstrip(b"\r\n")
    for mark in (b"\r\n\r\n", b"\n\n"):
        head, found, body = data.partition(mark)
        if found:
            return head, body
    return data, b""


def parse_headers(lines: list[str]) -> Headers:
    """Read header lines with their folded continuations; SipError names the first bad line."""
    unfolded: list[str] = []
    for line in lines:
        if line[:1] in (" ", "\t") and unfolded:
            unfolded[-1] += " " + line.strip()
        elif line:
            unfolded.append(line)
    headers = []
    for line in unfolded:
        name, colon, value = line.partition(":")
        name = name.strip().lower()
        if not colon or not _NAME.match(name):
            raise SipError(f"header line without a name: {_CONTROL.sub(' ', line)[:60]!r}")
        headers.append((_COMPACT.get(name, name), _CONTROL.sub(" ", value).strip()))
    return tuple(headers)


def declared_length(headers: Headers) -> int | None:
    """Return Content-Length; None when absent; SipError when no number or contradicting."""
    values = {value for name, value in headers if name == "content-length"}
    if not values:
        return None
    value = values.pop()
    if values or not re.fullmatch(r"\d{1,9}", value):
        raise SipError(f"Content-Length {value[:30]!r} is not one number")
    return int(value)


def _lines(head: bytes) -> list[str]:
    text = head.decode("latin-1")
    return [line.rstrip("\r") for line in text.split("\n")]


def parse_head(head: bytes) -> tuple[str, Headers]:
    """Return the start line and the headers."""
    lines = _lines(head.strip(b"\r\n"))
    return lines[0].strip(), parse_headers(lines[1:])


def parse_datagram(data: bytes) -> SipRequest | SipResponse:
    """Read one datagram. The body ends where Content-Length says (RFC 3261, 18.3)."""
    head, body = split_datagram(data)
    start, headers = parse_head(head)
    try:
        length = declared_length(headers)
    except SipError as error:
        raise _answerable(start, headers, error.reason) from error
    if length is not None and length > len(body):
        reason = f"Content-Length {length} but only {len(body)} octets follow"
        raise _answerable(start, headers, reason)
    return build(start, headers, body if length is None else body[:length])


def _answerable(start: str, headers: Headers, reason: str) -> SipError:
    """Give the error a request to answer, where the rest of the message has one."""
    try:
        message = build(start, headers, b"")
    except SipError:
        return SipError(reason)
    return SipError(reason, message if isinstance(message, SipRequest) else None)


def build(start: str, headers: Headers, body: bytes) -> SipRequest | SipResponse:
    """Make the message of its parts and check what every message must have."""
    if match := _RESPONSE.match(start):
        response = SipResponse(headers, body, int(match[1]), match[2] or "")
        _check(response, None)
        return response
    match = _REQUEST.match(start)
    if match is None:
        shown = _CONTROL.sub(" ", start)[:60]
        raise SipError(f"start line {shown!r} is neither request nor status")
    request = SipRequest(headers, body, match[1].upper(), match[2])
    _check(request, request)
    if match[3].upper() != "SIP/2.0":
        raise SipError(f"version {match[3]} is not SIP/2.0", request, 505)
    if request.cseq[1] != request.method:
        named = request.cseq[1] or "no method"
        raise SipError(f"CSeq names {named}, the request is a {request.method}", request)
    return request


def _check(message: SipMessage, request: SipRequest | None) -> None:
    vias = message.listed("via")
    if not vias or parse_via(vias[0]) is None:
        raise SipError("no readable Via, so there is nowhere to answer")
    missing = [name for name in ("from", "to", "call-id", "cseq") if not message.first(name)]
    if missing:
        raise SipError(f"mandatory header missing: {', '.join(missing)}", request)


def encode(start: str, headers: list[tuple[str, str]], body: bytes = b"") -> bytes:
    """Write a message; Content-Length is added here and nowhere else."""
    lines = [start, *(f"{name}: {value}" for name, value in headers)]
    lines.append(f"Content-Length: {len(body)}")
    return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1", "replace") + body
