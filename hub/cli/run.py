"""`varde run`: a municipality's hub on this machine, all of it or one part."""

import argparse
import asyncio
import logging
import signal
import sys
import time
from collections.abc import Sequence
from contextlib import closing, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from hub.brokers.embedded import EmbeddedBroker
from hub.brokers.port import BrokerFailed, BrokerMissing
from hub.cli import files
from hub.cli.addresses import refuse_shared_addresses
from hub.cli.alone import refusal
from hub.cli.apply import needed_lines, show
from hub.configuration.apply import StillNeeded
from hub.configuration.at_start import DoesNotFit, Unmanaged, apply_at_start
from hub.configuration.listeners import ListenerEntry
from hub.configuration.model import MunicipalityFile
from hub.configuration.problem import words
from hub.journal.port import AnotherWriter, NoJournal
from hub.journal.sqlite import open_reader, open_writer
from hub.mqtt import Login
from hub.processes import parts, ports
from hub.processes.changed import Restarter
from hub.processes.listeners import configured
from hub.processes.logins import login_for
from hub.processes.probe import silence
from hub.processes.ready import At, Run, write_run
from hub.processes.supervised import NotReady
from hub.processes.supervisor import BrokerProcess, Process, Supervisor, stop_with_parent
from hub.secrets import Secrets
from hub.settings.whole import Settings
from hub.text import Catalogue, Language, catalogue

BROKER_EVERY_S = 5.0
"""Between two tries to reach a broker that others run, each of them told."""


def register(subparsers: Any) -> None:
    """Add the subcommand."""
    parser = subparsers.add_parser("run", help="run adapters, router and web")
    parser.add_argument("file", type=Path, metavar="FILE", help="municipality file")
    parser.add_argument("--only", choices=parts.PARTS, help="one part alone (needs broker.url)")
    parser.add_argument("--die-with-parent", action="store_true", help="end when our parent ends")
    files.add_settings(parser)
    files.add_language(parser)
    parser.set_defaults(run=run)


class CannotRun(Exception):
    """The hub cannot run here; the message is already in the reader's language."""


@files.explained
def run(args: argparse.Namespace) -> int:
    """Run until SIGTERM or SIGINT: 0 then, 1 for a wrong file, 2 when it cannot run here."""
    settings = files.settings_of(args)
    checked = files.read_checked(args.file)
    language: Language = args.language or checked.language
    if not files.tell(checked, str(args.file), language) or checked.file is None:
        return files.EXIT_WRONG
    logging.basicConfig(level=settings.log_level.upper(), format="varde: %(message)s")
    say = catalogue(language)
    if args.only is not None and settings.broker.url is None:
        print(say("run.only", part=args.only), file=sys.stderr)
        return files.EXIT_CANNOT
    heard = [*checked.file.adapters, *_recorded_listeners(settings, checked.file.municipality.id)]
    files.refuse_unknown_listeners(args.settings, settings, heard)
    refuse_shared_addresses(settings, checked.file.adapters)
    if said := refusal(settings, checked.file.municipality.id, say):
        print(said, file=sys.stderr)
        return files.EXIT_CANNOT
    files.make_state_dir(settings)
    hub = _Hub(settings, Secrets(settings.state_dir), checked.file, args.only, say, args.file)
    try:
        asyncio.run(hub.run(die_with_parent=args.die_with_parent))
    except (CannotRun, BrokerMissing, BrokerFailed, NotReady) as error:
        print(error, file=sys.stderr)
        return files.EXIT_CANNOT
    return 0


def _recorded_listeners(settings: Settings, municipality: str) -> tuple[ListenerEntry, ...]:
    """Return the listeners the journal names: the file may be older than the journal."""
    try:
        journal = open_reader(settings.journal_path(municipality), municipality)
    except NoJournal:
        return ()
    try:
        return configured(journal)
    finally:
        journal.close()


@dataclass(slots=True)
class _Hub:
    """One run."""

    settings: Settings
    secrets: Secrets
    file: MunicipalityFile
    only: parts.Part | None
    say: Catalogue
    name: Path
    _told: asyncio.Event = field(default_factory=asyncio.Event)
    _ready: bool = False

    @property
    def municipality(self) -> str:
        return self.file.municipality.id

    async def run(self, *, die_with_parent: bool) -> None:
        stop = asyncio.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            asyncio.get_running_loop().add_signal_handler(number, stop.set)
        watching = asyncio.create_task(stop_with_parent(stop)) if die_with_parent else None
        try:
            await self._apply()
            if self.only is None:
                self._refuse_taken_ports()
            await self._supervise(stop)
        finally:
            if self._told.is_set() and self._keeps_run_file:
                self.settings.run_path.unlink(missing_ok=True)
            if watching is not None:
                watching.cancel()

    @property
    def _keeps_run_file(self) -> bool:
        return self.only in {None, "router"}

    async def _apply(self) -> None:
        """Apply what is due at the start. What does not fit is told and the journal stays as it
        is: a hub that does not start answers nobody."""
        path = self.settings.journal_path(self.municipality)
        try:
            journal = open_writer(path, self.municipality)
        except AnotherWriter:
            if self._keeps_run_file:
                text = self.say("run.twice", folder=self.settings.state_dir)
                raise CannotRun(text) from None
            return  # the router that holds it has applied the file
        key = self.secrets.secret("digest-key").encode()
        try:
            found = await apply_at_start(journal, self.file, key, time.time_ns() // 1000)
        except DoesNotFit as error:
            told = [words(problem, self.say.language) for problem in error.problems]
            print("\n".join([self.say("apply.merged"), *told]), file=sys.stderr)
        except StillNeeded as error:
            print("\n".join(needed_lines(error.needed, self.say)), file=sys.stderr)
        else:
            if found is Unmanaged.DIFFERENT:
                print(self.say("run.differs", file=self.name), file=sys.stderr)
            elif not isinstance(found, Unmanaged):
                show(found, self.say)
        finally:
            journal.close()

    async def _supervise(self, stop: asyncio.Event) -> None:
        broker = self._broker()
        if broker is None:
            at, first = At(*self.settings.broker.host_and_port), []
            if not await self._broker_answers(self._login(at), stop):
                return
        else:
            endpoint = await broker.start()
            at = At(endpoint.host, endpoint.port)
            first = [BrokerProcess(broker, self._login(at))]
        wanted: Sequence[parts.Part] = parts.PARTS if self.only is None else (self.only,)
        children: list[Process] = [
            *first,
            *parts.children(self.settings, self.municipality, at, wanted),
        ]
        drain_s = self.settings.drain_s
        # Alarms are heard and sent out without the pages; without the rest nothing is.
        optional = {"web"} if self.only is None else set[str]()
        hub = Supervisor(self.municipality, at, children, self._tell, drain_s, optional)
        following = asyncio.create_task(self._follow_listeners(children))
        try:
            await hub.run(stop)
        finally:
            following.cancel()

    def _login(self, at: At) -> Login:
        return Login(at.host, at.port, *(login_for(self.settings, self.secrets, "hub") or ()))

    async def _broker_answers(self, broker: Login, stop: asyncio.Event) -> bool:
        """Wait for the broker that others run, and say why; False when told to stop meanwhile."""
        while (why := await silence(broker, BROKER_EVERY_S)) is not None:
            where = f"{broker.host}:{broker.port}"
            said = self.say("run.broker", broker=where, what=why, wait_s=int(BROKER_EVERY_S))
            print(said, file=sys.stderr, flush=True)
            with suppress(TimeoutError):
                await asyncio.wait_for(stop.wait(), BROKER_EVERY_S)
            if stop.is_set():
                return False
        return True

    async def _follow_listeners(self, children: Sequence[Process]) -> None:
        adapters = next((child for child in children if child.name == "adapters"), None)
        if adapters is None:
            return
        path = self.settings.journal_path(self.municipality)
        with closing(open_reader(path, self.municipality)) as journal:
            restarter = Restarter(journal, adapters, self.settings)
            await self._told.wait()  # a child that is told to end at its first start ends all
            await restarter.run()

    def _refuse_taken_ports(self) -> None:
        addresses = ports.wanted(self.settings, self.file.adapters)
        taken = [address for address in addresses if ports.is_taken(address)]
        if taken:
            told = [self.say("run.port", bind=a.bind, setting=a.setting) for a in taken]
            raise CannotRun("\n".join(told))

    def _broker(self) -> EmbeddedBroker | None:
        journal = open_reader(self.settings.journal_path(self.municipality), self.municipality)
        try:
            listeners = configured(journal)
        finally:
            journal.close()
        try:
            return parts.broker(self.settings, self.secrets, self.municipality, listeners)
        except ValueError as error:
            raise CannotRun(str(error)) from None

    def _tell(self, running: Run) -> None:
        if self._keeps_run_file:
            write_run(self.settings.run_path, running)
        self._told.set()
        if running.web is None and self.only is None:
            print(self.say("run.no_web"), file=sys.stderr, flush=True)
        elif not self._ready:
            self._ready = True
            print(self.say("run.ready", what=running.web or self.only), flush=True)
