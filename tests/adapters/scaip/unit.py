"""A scripted SIP unit: writes raw SIP by hand, so that no encoder of ours checks our parser."""

import hashlib
import re
from collections.abc import Sequence

from adapters.scaip import Credential, ScaipConfig, ScaipSession
from adapters.session import Emit, Outcome, Output, Send
from routing.event import Event

T0 = 1_795_000_000_000_000
SECOND = 1_000_000
UDP = "udp:192.0.2.10:5070"
TCP = "tcp:192.0.2.10:40112#1"
SECRET = b"0123456789abcdef"
PASSWORDS = {"10149471": Credential(password="correct horse")}
NOT_PROVEN = "identity not proven: check the device's SIP user name and password"
ALARM = (
    "<mrq><ref>1193308443</ref><cid>10149471</cid><dty>3</dty><stc>10</stc><crd>gsm:</crd></mrq>"
)


def sip(
    body: str | bytes = ALARM,
    *,
    method: str = "MESSAGE",
    branch: str = "z9hG4bK1",
    cseq: int = 1,
    user: str = "10149471",
    to: str = "arc",
    transport: str = "UDP",
    extra: Sequence[str] = (),
    content_type: str = "application/scaip+xml",
) -> bytes:
    octets = body.encode() if isinstance(body, str) else body
    lines = [
        f"{method} sip:arc@127.0.0.1 SIP/2.0",
        f"Via: SIP/2.0/{transport} 192.0.2.10:5070;branch={branch};rport",
        "Max-Forwards: 70",
        f"From: <sip:{user}@example.org>;tag=49583",
        f"To: <sip:{to}@example.org>",
        "Call-ID: asd88asd77a@192.0.2.10",
        f"CSeq: {cseq} {method}",
        *extra,
    ]
    if octets:
        lines.append(f"Content-Type: {content_type}")
    lines.append(f"Content-Length: {len(octets)}")
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + octets


def response_to(sent: bytes, status: str = "200 OK") -> bytes:
    """The unit's response to our MESSAGE."""
    wanted = ("via:", "from:", "to:", "call-id:", "cseq:")
    lines = [line for line in sent.decode().split("\r\n") if line.lower().startswith(wanted)]
    return "\r\n".join([f"SIP/2.0 {status}", *lines, "Content-Length: 0", "", ""]).encode()


def mrq(ref: str = "A1", cid: str = "100001", dty: str = "3", **more: str) -> str:
    inner = "".join(f"<{name}>{text}</{name}>" for name, text in more.items())
    return f"<mrq><ref>{ref}</ref><cid>{cid}</cid><dty>{dty}</dty>{inner}</mrq>"


def make(**settings: object) -> ScaipSession:
    return ScaipSession(ScaipConfig(secret=SECRET, **settings))  # type: ignore[arg-type]


def events(outputs: Sequence[Output]) -> list[Event]:
    return [output.event for output in outputs if isinstance(output, Emit)]


def kinds(outputs: Sequence[Output]) -> list[str]:
    return [event.type.value for event in events(outputs)]


def sends(outputs: Sequence[Output]) -> list[bytes]:
    return [output.data for output in outputs if isinstance(output, Send)]


def starts(outputs: Sequence[Output]) -> list[str]:
    """The start lines of what is sent."""
    return [data.split(b"\r\n")[0].decode() for data in sends(outputs)]


def mrs(outputs: Sequence[Output]) -> list[str]:
    """The XML bodies of what is sent."""
    bodies = [data.partition(b"\r\n\r\n")[2].decode() for data in sends(outputs)]
    return [body for body in bodies if body]


def press(session: ScaipSession, at: int = T0, *, body: str = ALARM, branch: str = "b") -> str:
    """A press the hub confirms in time; returns the event id."""
    outputs = session.receive(UDP, sip(body, branch=f"z9hG4bK{branch}"), at)
    (event,) = events(outputs)
    session.confirm(event.id, Outcome.DURABLE, at)
    return event.id


def nonce_of(challenge: bytes) -> str:
    match = re.search(rb'nonce="([^"]+)"', challenge)
    assert match is not None
    return match[1].decode()


def authorization(
    nonce: str, password: str, name: str = "sha256", method: str = "MESSAGE", nc: str = "00000001"
) -> str:
    """The unit's own arithmetic, written out from RFC 7616 section 3.4."""

    def h(text: str) -> str:
        return hashlib.new(name, text.encode()).hexdigest()

    uri = "sip:arc@127.0.0.1"
    response = h(f"{h(f'10149471:varde:{password}')}:{nonce}:{nc}:abc:auth:{h(f'{method}:{uri}')}")
    algorithm = {"sha256": "SHA-256", "md5": "MD5"}[name]
    return (
        f'Authorization: Digest username="10149471", realm="varde", nonce="{nonce}", uri="{uri}", '
        f'response="{response}", algorithm={algorithm}, cnonce="abc", qop=auth, nc={nc}'
    )
