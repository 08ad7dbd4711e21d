"""An independent SIP stack, sipp, registers and sends alarms to the real listener.

The scenario is sipp's own; what comes back is read from sipp's log of messages, not from ours.
Debian builds it without TLS.
"""

import asyncio
import contextlib
import shutil
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from adapters.bridge.crash import Crash
from adapters.bridge.hub_link import OnOutcome
from adapters.bridge.kept import Kept
from adapters.bridge.settings import Address, WireListener
from adapters.bridge.sockets import WireRunner
from adapters.scaip import Credential, ReplyStyle, RequireAuth, ScaipConfig, ScaipSession
from adapters.session import Outcome, Speak
from routing.event import Event
from tests.bridge.rig import until

pytestmark = pytest.mark.peer

WITHIN_S = 30.0
LOCAL = Address("127.0.0.1", 0)
NOW = 1_795_348_800_000_000
HEAD = """Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch];rport
From: <sip:26317@example.org>;tag=[call_number]
To: <sip:{to}@example.org>
Call-ID: {call}[call_id]
CSeq: {cseq} {method}
Max-Forwards: 70
{more}Content-Length: [len]
"""
SCENARIO = """<?xml version="1.0" encoding="ISO-8859-1" ?>
<scenario name="unit">
  <send retrans="500"><![CDATA[
REGISTER sip:[remote_ip] SIP/2.0
{register}
]]></send>
  <recv response="401" auth="true"/>
  <send retrans="500"><![CDATA[
REGISTER sip:[remote_ip] SIP/2.0
{register_proven}
]]></send>
  <recv response="200"/>
  <send retrans="500"><![CDATA[
MESSAGE sip:arc@[remote_ip] SIP/2.0
{message}
{body}
]]></send>
  <recv response="401" auth="true"/>
  <send retrans="500"><![CDATA[
MESSAGE sip:arc@[remote_ip] SIP/2.0
{message_proven}
{body}
]]></send>
  <recv response="{final}"/>
  <pause milliseconds="{pause_ms}"/>
</scenario>
"""
ANSWERING = """<?xml version="1.0" encoding="ISO-8859-1" ?>
<scenario name="answering">
  <recv request="MESSAGE"/>
  <send><![CDATA[
SIP/2.0 200 OK
[last_Via:]
[last_From:]
[last_To:]
[last_Call-ID:]
[last_CSeq:]
Content-Length: 0

]]></send>
</scenario>
"""
CONTACT = "Contact: <sip:26317@[local_ip]:[local_port];transport=[transport]>\nExpires: 600\n"
PROOF = "[authentication username=26317 password=sim-secret]\n"
TYPE = "Content-Type: application/scaip+xml\n"
PRESS = "<mrq><ref>A1</ref><cid>26317</cid><dty>3</dty><stc>10</stc><crd>gsm:</crd></mrq>"


def _head(method: str, cseq: int, more: str) -> str:
    to, call = ("26317", "r///") if method == "REGISTER" else ("arc", "m///")
    return HEAD.format(method=method, cseq=cseq, to=to, call=call, more=more)


def scenario(final: int) -> str:
    return SCENARIO.format(
        register=_head("REGISTER", 1, CONTACT),
        register_proven=_head("REGISTER", 2, PROOF + CONTACT),
        message=_head("MESSAGE", 1, TYPE),
        message_proven=_head("MESSAGE", 2, PROOF + TYPE),
        body=PRESS,
        final=final,
        pause_ms=1000 if final == 202 else 0,
    )


@dataclass
class Site:
    """The real listener, and what it emitted."""

    folder: Path
    session: ScaipSession
    ports: dict[str, int] = field(default_factory=dict)
    events: list[Event] = field(default_factory=list)

    def emit(self, _adapter: str, event: Event, on_outcome: OnOutcome) -> None:
        self.events.append(event)
        on_outcome(event.id, Outcome.DURABLE, Speak("+47 75 00 00 00"))

    async def unit(self, transport: str, final: int) -> tuple[int, str]:
        """Run sipp; return its exit code and its log of messages."""
        (self.folder / "unit.xml").write_text(scenario(final))
        (self.folder / "answering.xml").write_text(ANSWERING)
        log = self.folder / "messages.log"
        process = await asyncio.create_subprocess_exec(
            shutil.which("sipp") or "sipp",
            *(f"127.0.0.1:{self.ports[transport]}", "-i", "127.0.0.1", "-p", str(_free())),
            *("-sf", "unit.xml", "-oocsf", "answering.xml", "-m", "1", "-nostdin"),
            *("-trace_msg", "-message_file", str(log), "-timeout", f"{WITHIN_S:.0f}"),
            *("-t", {"udp": "u1", "tcp": "t1"}[transport]),
            cwd=self.folder,
            stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.DEVNULL,
        )
        try:
            async with asyncio.timeout(WITHIN_S + 10):
                code = await process.wait()
        finally:
            with contextlib.suppress(ProcessLookupError):
                process.kill()
        return code, log.read_text()


def _free() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@asynccontextmanager
async def listening(folder: Path, style: ReplyStyle) -> AsyncIterator[Site]:
    session = ScaipSession(
        ScaipConfig(
            secret=b"0123456789abcdef",
            reply_style=style,
            require_auth=RequireAuth.ALL,
            digest_algorithms=("MD5",),
            credentials={"26317": Credential(password="sim-secret")}.get,
        )
    )
    site = Site(folder, session)
    kept = Kept(folder, "alarm")
    listener = WireListener("alarm", lambda _: session, LOCAL, LOCAL)
    runner = WireRunner(listener, kept, site.emit, lambda: NOW, Crash())
    bound = await runner.start()
    site.ports = {name: int(str(where[1])) for name, where in bound.items()}
    try:
        yield site
    finally:
        runner.stop()
        kept.close()


ANSWER = "<mrs><ref>A1</ref><snu>0</snu><mre>1</mre><cre>62</cre><tnu>gsm:+4775000000</tnu></mrs>"


@pytest.mark.parametrize("transport", ["udp", "tcp"])
async def test_the_answer_in_the_200(tmp_path: Path, transport: str) -> None:
    async with listening(tmp_path, ReplyStyle.BODY) as site:
        code, log = await site.unit(transport, 200)
        assert code == 0
        assert ANSWER in log
        assert [event.type.value for event in site.events] == ["help.pressed"]


@pytest.mark.parametrize("transport", ["udp", "tcp"])
async def test_the_answer_as_a_message_of_our_own(tmp_path: Path, transport: str) -> None:
    async with listening(tmp_path, ReplyStyle.MESSAGE) as site:
        code, log = await site.unit(transport, 202)
        assert code == 0
        assert ANSWER in log
        assert f"Via: SIP/2.0/{transport.upper()} 127.0.0.1:5060;branch=z9hG4bK" in log
        assert [event.type.value for event in site.events] == ["help.pressed"]
        await until(lambda: site.session.next_due() is None)
