"""`varde apply`: shows what a municipality file changes and records it, by author "file"."""

import argparse
import asyncio
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from hub.cli import files
from hub.cli.addresses import refuse_shared_addresses
from hub.cli.export import municipalities
from hub.configuration.apply import (
    CONFIRM_WAIT_S,
    BrokerAway,
    NotRunning,
    StillNeeded,
    Unconfirmed,
    into_journal,
    publisher,
    through_router,
)
from hub.configuration.compile import Compiled, compile
from hub.configuration.difference import Difference
from hub.configuration.recorded import Needed, read_difference, recorded
from hub.journal.port import AnotherWriter
from hub.journal.sqlite import open_reader, open_writer
from hub.secrets import Secrets
from hub.settings.whole import Settings
from hub.text import Catalogue, Language, catalogue


def register(subparsers: Any) -> None:
    """Add the subcommand."""
    parser = subparsers.add_parser("apply", help="record a municipality file's differences")
    parser.add_argument("file", type=Path, metavar="FILE", help="municipality file")
    parser.add_argument("--dry-run", action="store_true", help="show the difference only")
    parser.add_argument("--new", action="store_true", help="one more municipality in this folder")
    files.add_settings(parser)
    files.add_language(parser)
    parser.set_defaults(run=apply)


@files.explained
def apply(args: argparse.Namespace) -> int:
    """Apply the file: 0 when the journal says what the file says."""
    settings = files.settings_of(args)
    checked = files.read_checked(args.file)
    language: Language = args.language or checked.language
    if not files.tell(checked, str(args.file), language) or checked.file is None:
        return files.EXIT_WRONG
    secrets = Secrets(settings.state_dir)
    refuse_shared_addresses(settings, checked.file.adapters)
    job = Job(settings, secrets, checked.file.municipality.id, compile(checked.file))
    say = catalogue(language)
    if not args.new and not job.path.exists() and (others := municipalities(job.folder)):
        params = {"folder": job.folder, "found": ", ".join(others), "id": job.municipality}
        print(say("apply.another", **params), file=sys.stderr)
        return files.EXIT_WRONG
    if args.dry_run:
        return _foretell(job, say)
    files.make_state_dir(settings)
    return _record(job, say)


class Job:
    """A compiled file on its way into one municipality's journal."""

    def __init__(
        self, settings: Settings, secrets: Secrets, municipality: str, wanted: Compiled
    ) -> None:
        self.settings, self.secrets = settings, secrets
        self.municipality, self.wanted = municipality, wanted
        self.folder, self.path = settings.state_dir, settings.journal_path(municipality)

    def read(self) -> tuple[Difference, list[Needed]]:
        """Return the difference and whom it would remove in spite of an open alarm. Writes nothing:
        without a key there is no journal to compare."""
        key = (self.secrets.find("digest-key") or "").encode()
        return read_difference(self.path, self.municipality, self.wanted, key)

    async def record(self) -> Difference:
        """Record the difference and return it."""
        key = self.secrets.secret("digest-key").encode()
        try:
            journal = open_writer(self.path, self.municipality)
        except AnotherWriter:
            return await self._ask_router(key)
        try:
            now = recorded(journal)
            found = now.difference(self.wanted, key)
            await into_journal(journal, now, found, time.time_ns() // 1000)
            return found
        finally:
            journal.close()

    async def _ask_router(self, key: bytes) -> Difference:
        publish = publisher(self.settings, self.secrets)
        journal = open_reader(self.path, self.municipality)
        try:
            return await through_router(recorded(journal), self.wanted, key, publish)
        finally:
            journal.close()


def show(found: Difference, say: Catalogue) -> None:
    """Print one line for each change; ids and field names only."""
    for verb, section, id, what in found.lines():
        named = say(f"apply.section.{section}")
        print(say(f"apply.{verb}", section=named, id=id, what=what or say("apply.private")))
    if found.listeners:
        print(say("apply.adapters"))


def needed_lines(needed: Sequence[Needed], say: Catalogue) -> list[str]:
    """Return one line for each whom an open alarm needs."""
    return [say(f"apply.needed.{one.section}", id=one.id) for one in needed]


def _foretell(job: Job, say: Catalogue) -> int:
    found, needed = job.read()
    show(found, say)
    for line in needed_lines(needed, say):
        print(line, file=sys.stderr)
    print(say("apply.dry", count=_count(found)) if found else say("apply.nothing"))
    return files.EXIT_WRONG if needed else 0


def _count(found: Difference) -> int:
    return sum(1 for _ in found.lines())


def _record(job: Job, say: Catalogue) -> int:
    try:
        found = asyncio.run(job.record())
    except StillNeeded as error:
        said = needed_lines(error.needed, say)
    except Unconfirmed:
        said = [say("apply.unconfirmed", wait_s=int(CONFIRM_WAIT_S))]
    except NotRunning:
        said = [say("apply.no_run", folder=job.settings.state_dir)]
    except BrokerAway as error:
        said = [say("apply.broker", what=error)]
    else:
        show(found, say)
        print(say("apply.done", count=_count(found)) if found else say("apply.nothing"))
        return 0
    print("\n".join(said), file=sys.stderr)
    return files.EXIT_WRONG
