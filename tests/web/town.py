"""A small invented municipality with a web process in front of it and a router in the same loop.

The router is the production core (`decide`) on the in-memory journal; MQTT is left out.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import aiohttp
import msgspec

from hub.directory.sqlite import SqliteDirectory
from hub.directory.subscriptions import Subscriptions
from hub.journal.memory import MemoryStore, open_reader, open_writer
from hub.journal.port import Document
from hub.kept_frames.desk import Desk
from hub.mqtt import NotConfirmed
from hub.notifier.push_vapid import key_from, public_of
from hub.reads.sqlite import SqliteReads
from hub.rights.seal import key_of
from hub.router import parse
from hub.telling.names import Names
from hub.web.app import make_app
from hub.web.live import Live
from hub.web.server import Server, listen, url_of
from hub.web.site import Site
from routing.decide import decide
from routing.event import derive_id
from routing.evolve import evolve
from routing.facts import AlarmFact, AnyFact, ConfigurationSet, EventRecorded
from routing.facts_devices import FramesReplayed
from routing.inputs import Command, Configure, Input, Receipt
from routing.instant import DAY, SECOND, Instant, from_rfc3339
from routing.kinds import Kind
from routing.municipality import (
    AnyItem,
    Device,
    Municipality,
    Person,
    Policy,
    Resident,
    Role,
    Shift,
    Step,
    Target,
    Team,
    Unit,
)
from routing.proofs.command import ReachCommand
from routing.state import State
from routing.tasks.command import TaskCommand

Said = Command | TaskCommand | ReachCommand
"""A person's command on the command topic."""
START = from_rfc3339("2026-11-23T12:00:00Z")
"""A Monday, 13:00 in Oslo."""
PENDANT = "scaip:26317"
RIGHTS_KEY = key_of("a secret of these tests", "fjordby")
VAPID = key_from("q1dXpw3UpT5VOmu_cf_v6ih07Aems3njxI-JWgLcM94")
"""The private key of an example in RFC 8291, 5."""
ITEMS: tuple[AnyItem, ...] = (
    Municipality(id="fjordby", timezone="Europe/Oslo", language="nb", default_policy="home"),
    Unit(id="east"),
    Team(id="day", unit="east"),
    Person(id="kari", roles=(Role.STAFF,), teams=("day",)),
    Person(id="ola", roles=(Role.STAFF,), teams=("day",)),
    Person(id="lise", roles=(Role.LEAD,)),
    Person(id="odd", roles=(Role.OPERATOR,)),
    Person(id="ivar", roles=(Role.IT,)),
    Person(id="rune", roles=(Role.RELATIVE,)),
    Person(id="vekter", roles=(Role.OUTSIDE,)),
    Resident(id="r-1", unit="east"),
    Device(id="pendant-1", subject=PENDANT, resident="r-1"),
    Policy(
        id="home",
        steps=(Step(targets=(Target("on_duty", "day"),), wait_s=120),),
        fallback=(Target("person", "lise"),),
    ),
    Shift(
        id="all-day",
        team="day",
        people=("kari", "ola"),
        weekdays=(0, 1, 2, 3, 4, 5, 6),
        from_minute=0,
        to_minute=0,
    ),
)
CARDS: dict[tuple[str, str], dict[str, str]] = {
    ("person", "kari"): {"name": "Kari Fjell"},
    ("person", "ola"): {"name": "Ola Strand", "language": "nn"},
    ("person", "lise"): {"name": "Lise Vik"},
    ("team", "day"): {"name": "Dagvakt øst"},
    ("unit", "east"): {"name": "Øst"},
    ("resident", "r-1"): {
        "name": "Olga Eksempel",
        "address": "Prøveveien 7",
        "phone": "999 00 001",
        "entry_note": "Nøkkelboks 0000",
        "care_note": "Hører dårlig",
    },
    ("device", "pendant-1"): {"name": "Smykke"},
}


def _read(payload: bytes) -> Said | Receipt:
    task = parse.command(payload).task
    assert isinstance(task, Command | TaskCommand | ReachCommand | Receipt)
    return task


class Town:
    """The journal, the core and the commands that arrive."""

    def __init__(self, folder: Path) -> None:
        self.store = MemoryStore("fjordby")
        self.journal = open_writer(self.store)
        self.state = State()
        self.now: Instant = START
        self.connected = True
        self.deaf = False
        """The router is away: commands arrive and nothing comes of them."""
        self.heard: list[tuple[str, Said]] = []
        self.receipts: list[Receipt] = []
        self.directory = SqliteDirectory(folder / "directory.sqlite", "fjordby")
        self.live = Live(open_reader(self.store), left=self.directory.forget)
        self.site = Site(
            municipality="fjordby",
            live=self.live,
            names=Names(self.live.journal),
            directory=self.directory,
            publisher=self,
            clock=lambda: self.now,
            public_url="",
            subscriptions=Subscriptions(folder / "directory.sqlite", "fjordby"),
            rights_key=RIGHTS_KEY,
            push_key=public_of(VAPID),
            reads=SqliteReads(folder / "reads.sqlite", 3650 * DAY),
            zone_secret=b"a key of these tests for zones",
            confirm_within_s=60.0,
            beat_s=0.2,
            recheck_s=0.1,
            desk=Desk(
                "fjordby",
                lambda: open_reader(self.store),
                folder / "kept.sqlite",
                lambda: b"a key of these tests",
                self.publish,
            ),
        )

    async def settle(self) -> None:
        """Let the municipality's configuration be in the journal."""
        documents = [Document(s, id, msgspec.json.encode(card)) for (s, id), card in CARDS.items()]
        facts = [ConfigurationSet(item=item, author="test") for item in ITEMS]
        await self.append(facts, documents)

    async def append(self, facts: list[Any], documents: list[Document] | None = None) -> None:
        """Append and fold, as the router does; the web has read it when this returns."""
        if not facts:
            return
        first = self.state.seq
        await self.journal.append(facts, self.now, documents or [])
        for record in self.journal.read(first):
            self.state = evolve(self.state, record)

    async def be_sound(self) -> None:
        """Let the resident's card be one that the municipality file has; the one of these tests
        has a field of its own."""
        card = msgspec.json.encode({"name": "Olga Eksempel"})
        await self.journal.append([], self.now, [Document("resident", "r-1", card)])

    async def take(self, input: Input, documents: list[Document] | None = None) -> list[AnyFact]:
        """Give the core an input."""
        found = decide(self.state, input, self.now, lambda event: f"fjordby-{event[:12]}")
        await self.append(found, documents)
        return found

    async def happens(self, kind: Kind, subject: str = PENDANT) -> str:
        """Let a device send an event; return the id of the alarm it raises or joins."""
        self.now += SECOND
        event = EventRecorded(
            event=derive_id(subject, self.now),
            kind=kind,
            subject=subject,
            received_at=self.now,
            adapter="scaip",
        )
        found = await self.take(event)
        return next(f.alarm for f in found if isinstance(f, AlarmFact))

    async def press(self) -> str:
        """Let Olga press her pendant."""
        return await self.happens(Kind.HELP_PRESSED)

    async def publish(self, topic: str, payload: bytes) -> None:
        """Play broker and router: carry the command out."""
        if not self.connected:
            raise NotConfirmed("no broker")
        if topic.endswith("/configure"):
            change = parse.configure(payload)
            assert isinstance(change.task, Configure)
            await self.take(change.task, list(change.documents))
            return
        if topic.endswith("/replay"):
            wish = parse.replay(payload)
            told = FramesReplayed(request=wish.id, author=wish.author, frames=2, events=1)
            await self.take(told)
            return
        command = _read(payload)
        if isinstance(command, Receipt):
            self.receipts.append(command)
            await self.take(command)
            return
        self.heard.append((topic, command))
        if self.deaf:
            raise TimeoutError  # as when nothing comes of it in time, without the wait
        note = None if isinstance(command, ReachCommand) else command.note
        notes = [Document("note", command.id, note.encode())] if note else []
        await self.take(command, notes)

    @asynccontextmanager
    async def open(self) -> AsyncIterator[str]:
        """Serve the pages and give their address."""
        following = asyncio.create_task(self.live.follow())
        ready = asyncio.Event()

        def end_streams() -> None:
            self.site.stop.set()
            self.live.wake()

        listening = listen("127.0.0.1", 0)
        url = url_of(listening)
        server = Server(make_app(self.site), end_streams=end_streams, on_ready=ready.set)
        serving = asyncio.create_task(server.serve(sockets=[listening]))
        try:
            await ready.wait()
            yield url
        finally:
            server.end()
            await serving
            following.cancel()
            self.site.subscriptions.close()
            self.directory.close()


class Browser:
    """One person's session, by plain HTTP."""

    def __init__(self, town: Town, url: str) -> None:
        self.town = town
        self.http = aiohttp.ClientSession(url, cookie_jar=aiohttp.CookieJar(unsafe=True))

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        await self.http.close()

    async def sign_in(self, person: str) -> Self:
        """Sign in with a fresh code."""
        code = self.town.directory.issue_code(person, self.town.now)
        status, _ = await self.post("/api/sign-in", {"code": code})
        assert status == 204
        return self

    async def get(self, path: str, **headers: str) -> tuple[int, Any]:
        """Return status and JSON."""
        async with self.http.get(path, headers=headers, allow_redirects=False) as response:
            is_json = response.content_type == "application/json"
            return response.status, await response.json() if is_json else await response.text()

    async def post(
        self, path: str, body: object, headers: dict[str, str] | None = None
    ) -> tuple[int, Any]:
        """Post JSON as the pages do; return status and JSON."""
        sent = {"X-Varde": "1"} if headers is None else headers
        async with self.http.post(path, json=body, headers=sent) as response:
            is_json = response.content_type == "application/json"
            return response.status, await response.json() if is_json else await response.text()

    async def act(self, alarm: str, action: str, **more: object) -> tuple[int, Any]:
        """Send a command on an alarm that looks as it does now."""
        body: dict[str, object] = {
            "id": derive_id(alarm, action, len(self.town.heard)),
            "action": action,
            "seen_phase": str(self.town.state.alarms[alarm].phase),
        }
        return await self.post(f"/api/alarms/{alarm}/commands", {**body, **more})
