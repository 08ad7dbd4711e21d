"""Whether a broker answers: one connection, an MQTT CONNECT, and whatever it says to that."""

import asyncio
import secrets

from hub.mqtt import Login

_CONNECT, _CONNACK, _DISCONNECT = 0x10, 0x20, b"\xe0\x00"
_CLEAN, _USER, _PASSWORD = 0x02, 0x80, 0x40
_KEEPALIVE_S = 10


async def silence(login: Login, within_s: float) -> str | None:
    """Return why the broker does not answer, None when it does. A refused sign-in is an answer."""
    try:
        async with asyncio.timeout(within_s):
            return await _ask(login)
    except TimeoutError:
        return f"no answer within {within_s:g} s"
    except OSError as error:
        return error.strerror or str(error)


async def _ask(login: Login) -> str | None:
    reader, writer = await asyncio.open_connection(login.host, login.port)
    try:
        writer.write(_hello(login))
        said = await reader.read(1)
        writer.write(_DISCONNECT)
    finally:
        writer.close()
    return None if said == bytes([_CONNACK]) else "it closes the connection, or speaks no MQTT"


def _hello(login: Login) -> bytes:
    """CONNECT of MQTT 3.1.1 (3.1), under a name of its own so that it takes nobody's session."""
    flags, fields = _CLEAN, [f"varde-probe-{secrets.token_hex(6)}"]
    if login.user is not None:
        flags, fields = flags | _USER, [*fields, login.user]
        if login.password is not None:
            flags, fields = flags | _PASSWORD, [*fields, login.password]
    body = _field("MQTT") + bytes([4, flags]) + _KEEPALIVE_S.to_bytes(2, "big")
    body += b"".join(map(_field, fields))
    return bytes([_CONNECT]) + _length(len(body)) + body


def _field(text: str) -> bytes:
    octets = text.encode()
    return len(octets).to_bytes(2, "big") + octets


def _length(left: int) -> bytes:
    """Remaining length (2.2.3): seven bits an octet, the lowest first."""
    found = bytearray()
    while True:
        left, low = divmod(left, 128)
        found.append(low | (0x80 if left else 0))
        if not left:
            return bytes(found)
