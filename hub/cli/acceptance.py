"""`varde acceptance DEVICE`: leads a person through trying a real device out, with a report."""

import argparse
import asyncio
import sys
import time
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import Any

from adapters.protocol import Wire
from adapters.protocols import PROTOCOLS
from hub import __version__
from hub.acceptance.conduct import Conduct
from hub.acceptance.hubside import HubSide
from hub.acceptance.progress import Progress, is_passed, load, path_of, save
from hub.acceptance.report import as_json, as_markdown
from hub.acceptance.steps import About
from hub.cli import files
from hub.cli.devices import only_municipality
from hub.cli.terminal import Terminal
from hub.configuration.apply import BrokerAway, NotRunning
from hub.journal.sqlite import open_reader
from hub.onlook.link import looking, now
from hub.onlook.who import Known
from hub.settings.whole import Settings
from hub.text import catalogue

_MORE = """\
About 15 minutes: a press, a lost answer, a duplicate, a cancel, battery, position, a power cut,
silence, and the way back. Only for a device that is registered with `exercise: true`: in two steps
its next call for help is once not answered, so that it is seen to send again. The hub has the call
all the same, and the switch ends by itself within five minutes. `q` cuts the test; the same command
goes on with it. The report names no person, no place and no device id.
"""


def register(subparsers: Any) -> None:
    """Add the subcommand."""
    parser = subparsers.add_parser(
        "acceptance",
        help="lead a person through trying a real device out, with a report",
        epilog=_MORE,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("device", metavar="DEVICE", help="the device's id, or its subject")
    parser.add_argument("--model", default="", metavar="TEXT", help="maker and model, as reported")
    parser.add_argument("--out", type=Path, metavar="NAME", help="report: NAME.md and NAME.json")
    parser.add_argument("--again", action="store_true", help="begin anew; forget what was cut")
    parser.add_argument("--municipality", metavar="ID", help="needed where there are several")
    files.add_settings(parser)
    parser.add_argument("--language", choices=("nb", "nn", "en"), default="en", help="(en)")
    parser.set_defaults(run=acceptance)


@files.explained
def acceptance(args: argparse.Namespace) -> int:
    """Lead through the test; 0 when it passed, 1 when not or when it was cut."""
    settings = files.settings_of(args)
    municipality = only_municipality(args, settings)
    say = catalogue(args.language)
    known = Known(settings, municipality)
    subject = known.subject(args.device)
    if not known.is_for_exercise(subject):
        print(say("acceptance.not_exercise", device=args.device), file=sys.stderr)
        return files.EXIT_WRONG
    try:
        done = asyncio.run(_conduct(args, settings, municipality, known, subject))
    except NotRunning:
        print(say("devices.no_run", folder=settings.state_dir), file=sys.stderr)
        return files.EXIT_WRONG
    except BrokerAway as error:
        print(say("apply.broker", what=error), file=sys.stderr)
        return files.EXIT_WRONG
    except KeyboardInterrupt:
        done = None
        print()
    if done is None:
        print(say("acceptance.cut", device=args.device))
        return files.EXIT_WRONG
    return 0 if is_passed(done.results) else files.EXIT_WRONG


async def _conduct(
    args: argparse.Namespace,
    settings: Settings,
    municipality: str,
    known: Known,
    subject: str,
) -> Progress | None:
    """Return the test when all steps have a result, None when it was cut."""
    registry, say = known.registry, catalogue(args.language)
    device = registry.devices[registry.device_of[subject]]
    kept = path_of(settings.state_dir, device.id)
    protocol = next(p for p in PROTOCOLS.values() if subject.startswith(f"{p.prefix}:"))
    begun = Progress(protocol=protocol.name, model=args.model, version=__version__, begun_at=now())
    progress = (None if args.again else load(kept)) or begun
    operator = Terminal(say)
    operator.tell("acceptance.begins" if not progress.results else "acceptance.resumes")
    journal = open_reader(settings.journal_path(municipality), municipality)
    with closing(journal):
        side = HubSide(journal, subject)
        about = About(
            protocol=protocol.name,
            answers=isinstance(protocol, Wire),
            silent_after_s=device.silent_after_s,
            journalled=side.journalled,
            lost=side.lost,
        )
        async with looking(settings, municipality, None, subject) as link:
            conduct = Conduct(progress, about, operator, link, time.monotonic, partial(save, kept))
            conduct.step_begins = side.step_begins
            if not await conduct.run():
                return None
    progress.ended_at = now()
    save(kept, progress)
    out = args.out or Path(f"acceptance-{progress.protocol}")
    out.with_suffix(".json").write_bytes(as_json(progress))
    out.with_suffix(".md").write_text(as_markdown(progress, say), "utf-8")
    operator.tell("acceptance.written", file=out)
    return progress
