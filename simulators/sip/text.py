"""SIP messages as text: reading and writing (RFC 3261 section 7)."""

from dataclasses import dataclass

_COMPACT = {
    "v": "via",
    "f": "from",
    "t": "to",
    "i": "call-id",
    "l": "content-length",
    "c": "content-type",
    "m": "contact",
}


@dataclass(frozen=True, slots=True)
class SipText:
    """A request or a response; header names are lower case and long, in order."""

    first: str
    headers: tuple[tuple[str, str], ...]
    body: bytes = b""

    @property
    def status(self) -> int | None:
        """The status code of a response, None for a request."""
        return int(self.first.split(" ", 2)[1]) if self.first.startswith("SIP/2.0 ") else None

    @property
    def method(self) -> str:
        """The method: of the request, or of the request that is answered (CSeq)."""
        return self.first.split(" ", 1)[0] if self.status is None else self.cseq[1]

    @property
    def cseq(self) -> tuple[int, str]:
        """The number and method of the CSeq header."""
        number, method = self.header("cseq").split()
        return int(number), method

    @property
    def branch(self) -> str:
        """The branch of the topmost Via: what names a transaction."""
        for part in self.header("via").split(",")[0].split(";")[1:]:
            name, _, value = part.strip().partition("=")
            if name.lower() == "branch":
                return value
        return ""

    def header(self, name: str) -> str:
        """The first header of the name, or an empty text."""
        return next((value for key, value in self.headers if key == name), "")

    def all(self, name: str) -> tuple[str, ...]:
        """Every header of the name, in order."""
        return tuple(value for key, value in self.headers if key == name)

    def to_bytes(self) -> bytes:
        """Write the message with a Content-Length that is true."""
        lines = [self.first]
        lines += [f"{_written(name)}: {value}" for name, value in self.headers]
        lines += [f"Content-Length: {len(self.body)}", "", ""]
        return "\r\n".join(lines).encode() + self.body


def read(data: bytes) -> SipText:
    """Read one whole message; ValueError when there is no start line or a header has no colon."""
    head, _, body = data.partition(b"\r\n\r\n")
    first, *rest = head.decode("utf-8", "replace").lstrip("\r\n").split("\r\n")
    if "SIP/2.0" not in first:
        raise ValueError(f"the hub sent something that is not SIP: {first[:60]!r}")
    headers = tuple(_split(line) for line in _unfold(rest))
    length = next((int(value) for name, value in headers if name == "content-length"), len(body))
    kept = tuple(header for header in headers if header[0] != "content-length")
    return SipText(first, kept, body[:length])


def answer(request: SipText, status: int, reason: str) -> SipText:
    """The response that copies what RFC 3261 section 8.2.6.2 says must be copied."""
    copied = tuple(
        (name, value)
        for name, value in request.headers
        if name in {"via", "from", "to", "call-id", "cseq"}
    )
    return SipText(f"SIP/2.0 {status} {reason}", copied)


class Framer:
    """Cuts a stream into messages by Content-Length (RFC 3261 section 18.3)."""

    def __init__(self) -> None:
        self._buffer = b""

    def feed(self, data: bytes) -> list[SipText]:
        """Take the next octets and return the messages that are now whole."""
        self._buffer = (self._buffer + data).lstrip(b"\r\n")
        found = []
        while (end := self._buffer.find(b"\r\n\r\n")) >= 0:
            total = end + 4 + _content_length(self._buffer[:end])
            if len(self._buffer) < total:
                break
            found.append(read(self._buffer[:total]))
            self._buffer = self._buffer[total:].lstrip(b"\r\n")
        return found


def _content_length(head: bytes) -> int:
    for line in head.decode("utf-8", "replace").split("\r\n")[1:]:
        name, _, value = line.partition(":")
        if name.strip().lower() in {"content-length", "l"}:
            return int(value)
    return 0


def _unfold(lines: list[str]) -> list[str]:
    whole: list[str] = []
    for line in lines:
        if line[:1] in {" ", "\t"} and whole:
            whole[-1] += " " + line.strip()
        else:
            whole.append(line)
    return whole


def _split(line: str) -> tuple[str, str]:
    name, colon, value = line.partition(":")
    if not colon:
        raise ValueError(f"a SIP header without a colon: {line[:60]!r}")
    key = name.strip().lower()
    return _COMPACT.get(key, key), value.strip()


def _written(name: str) -> str:
    special = {"call-id": "Call-ID", "cseq": "CSeq"}
    return special.get(name) or "-".join(part.capitalize() for part in name.split("-"))
