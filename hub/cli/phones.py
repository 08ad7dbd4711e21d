"""`varde phones`: which phones a person is signed in on, and the end of a lost one: it is out
within two seconds, and what its person owns is given to others."""

import argparse
import asyncio
import sys
import time
import uuid
from contextlib import closing
from typing import Any

import msgspec

from hub.cli import files
from hub.cli.code import the_one
from hub.configuration.apply import BrokerAway, NotRunning, publisher
from hub.directory.entries import Happened
from hub.directory.port import Handset
from hub.directory.sqlite import SqliteDirectory
from hub.journal.sqlite import open_reader
from hub.secrets import Secrets
from hub.settings.whole import Settings
from routing import topics
from routing.instant import Instant, to_rfc3339
from routing.proofs.command import ReachAction, ReachCommand
from routing.proofs.facts import ReachEnded

WAIT_S = 10.0
_MORE = """\
  varde phones PERSON                    the person's phones: id, name, when last used
  varde phones PERSON --revoke ID        end this one: it is lost
  varde phones PERSON --revoke-all       end all, shared ones too, passkeys and unused codes
"""


def register(subparsers: Any) -> None:
    """Add the subcommand."""
    parser = subparsers.add_parser(
        "phones",
        help="list a person's phones; end a lost one",
        epilog=_MORE,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("person", metavar="PERSON", help="the person's id in the municipality file")
    what = parser.add_mutually_exclusive_group()
    what.add_argument("--revoke", metavar="ID", help="end this phone")
    what.add_argument("--revoke-all", action="store_true", help="end all of them")
    parser.add_argument(
        "--municipality", metavar="ID", help="needed where several have a person of this id"
    )
    files.add_settings(parser)
    parser.set_defaults(run=phones)


@files.explained
def phones(args: argparse.Namespace) -> int:
    """List or end; 1 when nobody or no phone is meant, or the alarms were not given on."""
    settings = files.settings_of(args)
    folder, person = settings.state_dir, args.person
    municipality = the_one(folder, "person", person, args.municipality, "phones")
    if municipality is None:
        return files.EXIT_WRONG
    at = time.time_ns() // 1000
    with closing(SqliteDirectory(folder / "directory.sqlite", municipality)) as directory:
        listed = directory.handsets(person)
        if not args.revoke and not args.revoke_all:
            print(
                "\n".join(map(_line, listed)) or f"{person} is signed in on no phone of their own"
            )
            return 0
        if args.revoke and all(one.id != args.revoke for one in listed):
            print(f"varde phones: {person} has no phone {args.revoke!r}", file=sys.stderr)
            return files.EXIT_WRONG
        _end(directory, person, args.revoke, at)
    return _give_on(settings, municipality, person, at)


def _line(one: Handset) -> str:
    return f"{one.id}  {one.label}  last used {to_rfc3339(one.last_seen_at)[:16]}Z"


def _end(directory: SqliteDirectory, person: str, only: str | None, at: Instant) -> None:
    ended = [one.id for one in directory.handsets(person) if only in {None, one.id}]
    if only is None:
        directory.end_all_of(person, at)
    else:
        directory.revoke_handset(only, at)
    for id in ended:
        directory.entries.add(Happened.PHONE_REVOKED, at, person=person, handset=id)


def _give_on(settings: Settings, municipality: str, person: str, at: Instant) -> int:
    command = ReachCommand(
        id=uuid.uuid4().hex,
        person=person,
        action=ReachAction.PHONE_LOST,
        of=person,
        made_at=at,
    )
    try:
        why = asyncio.run(_asked(settings, municipality, command))
    except NotRunning:
        why = "the hub does not run: run this again when it does"
    except BrokerAway as away:
        why = str(away)
    except TimeoutError:
        why = f"the router has not confirmed within {WAIT_S:.0f} s: run this again"
    if why is None:
        return 0
    print(
        f"varde phones: signed out; but the open alarms of {person} are not given on: {why}",
        file=sys.stderr,
    )
    return files.EXIT_WRONG


async def _asked(settings: Settings, municipality: str, command: ReachCommand) -> str | None:
    """Send the command and wait for its end in the journal; return why it was refused, if it was.

    NotRunning, BrokerAway, TimeoutError.
    """
    publish = publisher(settings, Secrets(settings.state_dir))
    with closing(open_reader(settings.journal_path(municipality), municipality)) as journal:
        cursor = journal.head()
        await publish(topics.command(municipality), msgspec.json.encode(command))
        async with asyncio.timeout(WAIT_S):
            async for records in journal.tail(cursor):
                for record in records:
                    if isinstance(record.fact, ReachEnded) and record.fact.command == command.id:
                        refused = record.fact.refused
                        return None if refused is None else str(refused.code)
    raise TimeoutError
