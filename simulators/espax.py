"""ESPA-X frames as a nurse-call system writes and reads them: `EX`, u32 length of the whole frame,
four octets, XML. Structure: public clients of the protocol."""

import re
import struct
from collections.abc import Mapping
from xml.sax.saxutils import escape, unescape

_HEAD = struct.Struct(">2sII")
_NAME = re.compile(r"<((?:RSP|IND)\.[A-Z-]+)([^>]*)>")
_FIELD = re.compile(r"<([A-Z]+(?:-[A-Z0-9]+)+)>([^<]*)</")
_ATTRIBUTE = re.compile(r'(\w+)="([^"]*)"')


def request(name: str, invoke_id: int, session: str | None, fields: Mapping[str, str]) -> bytes:
    """Write a request."""
    body = "".join(f"<{key}>{escape(value)}</{key}>" for key, value in fields.items())
    who = "" if session is None else f' sessionID="{escape(session)}"'
    xml = (
        '<ESPA-X xmlns="http://ns.espa-x.org/espa-x" version="1.00">'
        f'<REQ.{name} invokeID="{invoke_id}"{who}>{body}</REQ.{name}></ESPA-X>'
    ).encode()
    return _HEAD.pack(b"EX", len(xml) + _HEAD.size, invoke_id) + xml


class Said:
    """A response or an indication."""

    def __init__(self, xml: str) -> None:
        found = _NAME.search(xml)
        self.name = found[1] if found else ""
        attributes = dict(_ATTRIBUTE.findall(found[2])) if found else {}
        self.invoke_id = int(attributes.get("invokeID", "0"))
        self.session: str | None = attributes.get("sessionID")
        self.fields = {key: unescape(value) for key, value in _FIELD.findall(xml)}

    @property
    def code(self) -> int:
        """RSP-CODE, 0 where there is none."""
        return int(self.fields.get("RSP-CODE", "0"))


class Framer:
    """Cuts a stream into what the server says."""

    def __init__(self) -> None:
        self._buffer = b""

    def feed(self, data: bytes) -> list[Said]:
        """Return what is complete now; ValueError when the server writes no ESPA-X."""
        self._buffer += data
        found: list[Said] = []
        while len(self._buffer) >= _HEAD.size:
            magic, size, _ = _HEAD.unpack(self._buffer[: _HEAD.size])
            if magic != b"EX":
                raise ValueError("no ESPA-X header")
            if len(self._buffer) < size:
                break
            found.append(Said(self._buffer[_HEAD.size : size].decode()))
            self._buffer = self._buffer[size:]
        return found
