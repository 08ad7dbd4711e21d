"""`varde devices`: who was heard and is not registered; assign a device, and replay what was kept
of it."""

import argparse
import asyncio
import os
import sys
import uuid
from typing import Any

from hub.cli import files
from hub.cli.export import municipalities
from hub.configuration.apply import BrokerAway, NotRunning, StillNeeded, Unconfirmed, publisher
from hub.configuration.problem import words
from hub.journal.sqlite import open_reader
from hub.kept_frames.desk import AlreadyAssigned, Desk, ManagedByFile, NewDevice, NotAssigned
from hub.kept_frames.wish import ReplayWish
from hub.mqtt import NotConfirmed
from hub.secrets import Secrets
from hub.settings.whole import Settings
from hub.text import Catalogue, Language, catalogue
from routing.instant import Instant, from_rfc3339, to_rfc3339

_MORE = """\
  varde devices unknown                                  who was heard and is not registered
  varde devices assign SUBJECT --resident ID --id ID     register it, as `varde apply` would
  varde devices replay SUBJECT [--from T] [--to T]       treat what was kept of it again

An old press rings with its age; everything else of the past is only noted. A frame is replayed
once, however often it is asked for. Frames that nobody could read are tried with today's decoder.
"""


def register(subparsers: Any) -> None:
    """Add the subcommand."""
    parser = subparsers.add_parser(
        "devices",
        help="list unknown devices, assign them, replay what they said",
        epilog=_MORE,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    does = parser.add_subparsers(dest="does", metavar="WHAT", required=True)
    unknown = does.add_parser("unknown", help="who was heard and is not registered")
    assign = does.add_parser("assign", help="register a device that was heard")
    assign.add_argument("subject", metavar="SUBJECT", help="as `varde devices unknown` shows it")
    assign.add_argument("--id", required=True, help="the device's id in the municipality")
    assign.add_argument("--resident", metavar="ID", help="whose it is")
    assign.add_argument("--unit", metavar="ID", help="where it is, when it is nobody's")
    assign.add_argument("--name", help="(the id)")
    assign.add_argument("--exercise", action="store_true", help="for training and tests only")
    replay = does.add_parser("replay", help="treat what was kept again")
    replay.add_argument("who", metavar="SUBJECT|ID", help="a device, or the id of one frame")
    replay.add_argument("--from", dest="from_at", type=_instant, metavar="RFC3339")
    replay.add_argument("--to", dest="to_at", type=_instant, metavar="RFC3339")
    for part, run in ((unknown, show), (assign, register_device), (replay, again)):
        part.add_argument("--municipality", metavar="ID", help="needed where there are several")
        files.add_settings(part)
        part.add_argument("--language", choices=("nb", "nn", "en"), default="en", help="(en)")
        part.set_defaults(run=run)


def _instant(text: str) -> Instant:
    try:
        return from_rfc3339(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from None


def desk_of(settings: Settings, municipality: str) -> Desk:
    """Return the municipality's desk; NotRunning when something is to be done and no hub runs."""
    secrets = Secrets(settings.state_dir)

    async def publish(topic: str, payload: bytes) -> None:
        await publisher(settings, secrets)(topic, payload)

    return Desk(
        municipality,
        lambda: open_reader(settings.journal_path(municipality), municipality),
        settings.kept_path(municipality),
        lambda: secrets.secret("digest-key").encode(),
        publish,
    )


def only_municipality(args: argparse.Namespace, settings: Settings) -> str:
    """Return the one that is meant; Unreadable when it cannot be said which."""
    found = municipalities(settings.state_dir)
    wanted = args.municipality
    if wanted is None and len(found) == 1:
        return found[0]
    if wanted in found:
        return str(wanted)
    told = "export.nothing" if not found else "export.which" if wanted is None else "export.unknown"
    folder = str(settings.state_dir)
    raise files.Unreadable(told, folder=folder, found=", ".join(found), wanted=wanted or "")


@files.explained
def show(args: argparse.Namespace) -> int:
    """Print one line for each unknown device."""
    settings = files.settings_of(args)
    say = catalogue(args.language)
    found = desk_of(settings, only_municipality(args, settings)).unknown()
    for one in found:
        print(
            say(
                "devices.heard",
                subject=one.subject,
                protocol=one.subject.partition(":")[0],
                listener=one.listener,
                first=_when(one.first_at),
                last=_when(one.last_at),
                count=one.count,
                kinds=", ".join(one.kinds),
                kept=one.kept,
            )
        )
    if not found:
        print(say("devices.none"))
    return 0


def _when(at: Instant) -> str:
    return to_rfc3339(at)[:19] + "Z"


@files.explained
def register_device(args: argparse.Namespace) -> int:
    """Register the device; 1 when it cannot be, with the reasons."""
    settings = files.settings_of(args)
    desk = desk_of(settings, only_municipality(args, settings))
    new = NewDevice(args.subject, args.id, args.resident, args.unit, args.name, args.exercise)
    return assigned(desk, new, args.language)


def assigned(desk: Desk, new: NewDevice, language: Language) -> int:
    """Register the device and say what came of it."""
    say = catalogue(language)
    try:
        asyncio.run(desk.assign(new, author()))
    except NotAssigned as error:
        said = [words(problem, language) for problem in error.problems]
    except AlreadyAssigned as error:
        said = [say("error.device_assigned", device=error.device)]
    except (ManagedByFile, StillNeeded):
        said = [say("error.devices_by_file")]
    except _NOT_DONE as error:
        said = [_not_done(error, desk, say)]
    else:
        print(say("devices.assigned", subject=new.subject, id=new.id))
        return 0
    print("\n".join(said), file=sys.stderr)
    return files.EXIT_WRONG


@files.explained
def again(args: argparse.Namespace) -> int:
    """Replay; 1 when it was not done, or when a frame could still not be read."""
    settings = files.settings_of(args)
    desk = desk_of(settings, only_municipality(args, settings))
    say = catalogue(args.language)
    wish = ReplayWish(uuid.uuid4().hex, author(), args.who, args.from_at, args.to_at)
    try:
        told = asyncio.run(desk.replay(wish))
    except _NOT_DONE as error:
        print(_not_done(error, desk, say), file=sys.stderr)
        return files.EXIT_WRONG
    counts = {"frames": told.frames, "events": told.events, "unreadable": told.unreadable}
    print(say("devices.replayed", **counts))
    return files.EXIT_WRONG if told.unreadable else 0


_NOT_DONE = (NotRunning, BrokerAway, Unconfirmed, NotConfirmed)


def _not_done(error: Exception, desk: Desk, say: Catalogue) -> str:
    if isinstance(error, NotRunning):
        return say("devices.no_run", folder=desk.kept_path.parent)
    if isinstance(error, BrokerAway):
        return say("apply.broker", what=error)
    return say("apply.unconfirmed", wait_s=10)


def author() -> str:
    """Return who the facts are by: the operating system's account, as nobody is signed in here."""
    return f"command-line:uid-{os.getuid()}"
