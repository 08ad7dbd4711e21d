"""Stub alarm receivers that speak SIP by hand, over UDP and TCP."""

import asyncio
import re
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import cast

Answers = Callable[[str], list[str]]


def header(text: str, name: str) -> str:
    found = re.search(rf"^{name}: (.*?)\r?$", text, re.MULTILINE | re.IGNORECASE)
    return found.group(1) if found else ""


def _copied(text: str) -> str:
    names = ("Via", "From", "To", "Call-ID", "CSeq")
    return "".join(f"{name}: {header(text, name)}\r\n" for name in names)


def final(text: str, status: str = "200 OK", body: str = "", extra: str = "") -> str:
    return f"SIP/2.0 {status}\r\n{_copied(text)}{extra}Content-Length: {len(body)}\r\n\r\n{body}"


def ref_of(text: str) -> str:
    found = re.search(r"<ref>(\w+)</ref>", text)
    assert found is not None
    return found.group(1)


def mrs(text: str, snu: int, more: str = "") -> str:
    return f"<mrs><ref>{ref_of(text)}</ref><snu>{snu}</snu>{more}</mrs>"


def new_message(text: str, snu: int, more: str = "") -> str:
    body = mrs(text, snu, more)
    return (
        "MESSAGE sip:26317@127.0.0.1 SIP/2.0\r\n"
        f"Via: SIP/2.0/UDP arc;branch=z9hG4bK{ref_of(text)}\r\n"
        "From: <sip:arc@hub>;tag=9\r\nTo: <sip:26317@hub>\r\nCall-ID: back\r\nCSeq: 1 MESSAGE\r\n"
        f"Content-Type: application/scaip+xml\r\nContent-Length: {len(body)}\r\n\r\n{body}"
    )


class Arc:
    """A stub receiver; `answers` maps each MESSAGE to what is sent back."""

    def __init__(self, answers: Answers) -> None:
        self.answers = answers
        self.heard: list[str] = []
        self.port = 0

    @property
    def messages(self) -> list[str]:
        return [text for text in self.heard if text.startswith("MESSAGE")]

    def reply(self, text: str) -> list[str]:
        self.heard.append(text)
        if text.startswith("REGISTER"):
            return [final(text)]
        return self.answers(text) if text.startswith("MESSAGE") else []


class _Udp(asyncio.DatagramProtocol):
    def __init__(self, arc: Arc) -> None:
        self.arc = arc

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast(asyncio.DatagramTransport, transport)

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        for text in self.arc.reply(data.decode()):
            self.transport.sendto(text.encode(), addr)


@asynccontextmanager
async def udp_arc(answers: Answers) -> AsyncIterator[Arc]:
    arc = Arc(answers)
    transport, _ = await asyncio.get_running_loop().create_datagram_endpoint(
        lambda: _Udp(arc), local_addr=("127.0.0.1", 0)
    )
    arc.port = transport.get_extra_info("sockname")[1]
    try:
        yield arc
    finally:
        transport.close()


@asynccontextmanager
async def tcp_arc(answers: Answers) -> AsyncIterator[Arc]:
    arc = Arc(answers)

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while True:
                head = (await reader.readuntil(b"\r\n\r\n")).decode()
                body = (await reader.readexactly(int(header(head, "Content-Length")))).decode()
                for text in arc.reply(head + body):
                    # In two pieces, so that the unit has to put messages together.
                    writer.write(text[:30].encode())
                    await writer.drain()
                    writer.write(text[30:].encode())
        except (asyncio.IncompleteReadError, ConnectionError):
            writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    arc.port = server.sockets[0].getsockname()[1]
    try:
        yield arc
    finally:
        server.close()
