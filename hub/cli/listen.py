"""`varde listen`: each frame that a running hub hears, what it understood, and what it answered."""

import argparse
import asyncio
import sys
from typing import Any

from adapters.tapping import Seen
from hub.cli import files
from hub.cli.devices import assigned, desk_of, only_municipality
from hub.configuration.apply import BrokerAway, NotRunning
from hub.kept_frames.desk import NewDevice
from hub.onlook.lines import lines
from hub.onlook.link import looking
from hub.onlook.who import Known
from hub.settings.whole import Settings
from hub.text import Catalogue, catalogue
from routing.event import Event

_MORE = """\
  <  what came, as text or hex      =  what was understood      >  what was answered

Shows frames of residents: they stay on the hub's broker and in this terminal, are never kept, and
are published only while this command runs. Ctrl-C ends it; it then offers to assign the devices
that nobody has registered.
"""


def register(subparsers: Any) -> None:
    """Add the subcommand."""
    parser = subparsers.add_parser(
        "listen",
        help="show what devices say and what they are answered, live",
        epilog=_MORE,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--listener", metavar="ID", help="only what comes to this listener")
    parser.add_argument("--device", metavar="ID|SUBJECT", help="only what this device says")
    parser.add_argument("--for", dest="for_s", type=float, metavar="SECONDS", help="then end")
    parser.add_argument("--municipality", metavar="ID", help="needed where there are several")
    files.add_settings(parser)
    parser.add_argument("--language", choices=("nb", "nn", "en"), default="en", help="(en)")
    parser.set_defaults(run=listen)


@files.explained
def listen(args: argparse.Namespace) -> int:
    """Show frames until the end; 1 when no hub runs, or no such listener is there."""
    settings = files.settings_of(args)
    municipality = only_municipality(args, settings)
    say = catalogue(args.language)
    known = Known(settings, municipality)
    if args.listener is not None and args.listener not in known.listeners:
        found = ", ".join(known.listeners)
        print(say("listen.no_listener", listener=args.listener, found=found), file=sys.stderr)
        return files.EXIT_WRONG
    strangers: dict[str, None] = {}
    try:
        asyncio.run(_show(args, settings, municipality, known, strangers))
    except KeyboardInterrupt:
        print()
    except NotRunning:
        print(say("devices.no_run", folder=settings.state_dir), file=sys.stderr)
        return files.EXIT_WRONG
    except BrokerAway as error:
        print(say("apply.broker", what=error), file=sys.stderr)
        return files.EXIT_WRONG
    return _offer(args, settings, municipality, list(strangers))


async def _show(
    args: argparse.Namespace,
    settings: Settings,
    municipality: str,
    known: Known,
    strangers: dict[str, None],
) -> None:
    say = catalogue(args.language)
    subject = None if args.device is None else known.subject(args.device)
    loop = asyncio.get_running_loop()
    end = None if args.for_s is None else loop.time() + args.for_s
    async with looking(settings, municipality, args.listener, subject) as link:
        print(say("listen.begins"), flush=True)
        while end is None or loop.time() < end:
            left_s = 1.0 if end is None else min(1.0, max(0.0, end - loop.time()))
            seen = await link.next(left_s)
            if seen is not None:
                print("\n".join(lines(seen, say)), flush=True)
                _tell_strangers(seen, known, strangers, say)
        if link.missed:
            print(say("listen.missed", count=link.missed))


def _tell_strangers(seen: Seen, known: Known, strangers: dict[str, None], say: Catalogue) -> None:
    for body in seen.events:
        subject = Event.parse(bytes(body)).subject
        if subject not in strangers and not known.is_registered(subject):
            strangers[subject] = None
            print(say("listen.stranger", subject=subject), flush=True)


def _offer(
    args: argparse.Namespace, settings: Settings, municipality: str, strangers: list[str]
) -> int:
    """Ask on a terminal whose each unknown device is; an empty answer leaves it."""
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        return 0
    say = catalogue(args.language)
    desk = desk_of(settings, municipality)
    for subject in strangers:
        resident = input(say("listen.whose", subject=subject)).strip()
        if resident:
            device = input(say("listen.id")).strip()
            assigned(desk, NewDevice(subject, device, resident), args.language)
    return 0
