"""`varde record DEVICE --out FILE`: a device's session as a scenario, made anonymous."""

import argparse
import asyncio
import os
import sys
from pathlib import Path
from typing import Any

from adapters.protocols import PROTOCOLS
from hub.cli import files
from hub.cli.devices import only_municipality
from hub.configuration.apply import BrokerAway, NotRunning
from hub.onlook.link import looking
from hub.onlook.recorder import Recorder
from hub.onlook.who import Known
from hub.settings.whole import Settings
from hub.text import Catalogue, catalogue

_MORE = """\
Ids, positions, telephone numbers and names are replaced, the same by the same, and checksums made
right again. A frame with a part that is not known is left out and told, and nothing is written when
there is nothing else. Play it: varde scenario FILE. Ctrl-C ends the recording.
"""


def register(subparsers: Any) -> None:
    """Add the subcommand."""
    parser = subparsers.add_parser(
        "record",
        help="save a device's session as a scenario, made anonymous",
        epilog=_MORE,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("device", metavar="DEVICE", help="the device's id, or its subject")
    parser.add_argument("--out", type=Path, required=True, metavar="FILE", help="scenario file")
    parser.add_argument("--for", dest="for_s", type=float, metavar="SECONDS", help="then end")
    parser.add_argument("--municipality", metavar="ID", help="needed where there are several")
    files.add_settings(parser)
    parser.add_argument("--language", choices=("nb", "nn", "en"), default="en", help="(en)")
    parser.set_defaults(run=record)


@files.explained
def record(args: argparse.Namespace) -> int:
    """Record until the end; 1 when nothing could be recorded."""
    settings = files.settings_of(args)
    municipality = only_municipality(args, settings)
    say = catalogue(args.language)
    known = Known(settings, municipality)
    subject = known.subject(args.device)
    protocol = next((p for p in PROTOCOLS.values() if subject.startswith(f"{p.prefix}:")), None)
    if protocol is None or protocol.anonymise is None:
        can = ", ".join(name for name, p in PROTOCOLS.items() if p.anonymise is not None)
        print(say("record.cannot", device=args.device, can=can), file=sys.stderr)
        return files.EXIT_WRONG
    recorder = Recorder(protocol)
    try:
        asyncio.run(_listen(args, settings, municipality, recorder, subject))
    except KeyboardInterrupt:
        print()
    except NotRunning:
        print(say("devices.no_run", folder=settings.state_dir), file=sys.stderr)
        return files.EXIT_WRONG
    except BrokerAway as error:
        print(say("apply.broker", what=error), file=sys.stderr)
        return files.EXIT_WRONG
    return _written(args.out, recorder, say)


async def _listen(
    args: argparse.Namespace,
    settings: Settings,
    municipality: str,
    recorder: Recorder,
    subject: str,
) -> None:
    say = catalogue(args.language)
    loop = asyncio.get_running_loop()
    end = None if args.for_s is None else loop.time() + args.for_s
    async with looking(settings, municipality, None, subject) as link:
        print(say("record.begins"), flush=True)
        while end is None or loop.time() < end:
            seen = await link.next(1.0 if end is None else max(0.0, min(1.0, end - loop.time())))
            if seen is not None and recorder.add(seen):
                print(say("record.taken", count=len(recorder.entries)), flush=True)


def _written(out: Path, recorder: Recorder, say: Catalogue) -> int:
    for why in dict.fromkeys(recorder.refused):
        print(say("record.refused", why=why), file=sys.stderr)
    if not recorder.entries:
        print(say("record.nothing"), file=sys.stderr)
        return files.EXIT_WRONG
    name = recorder.protocol.name
    text = recorder.to_yaml(f"A recorded session of {name}", "recorded, made anonymous")
    with os.fdopen(os.open(out, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600), "w") as file:
        file.write(text)
    print(say("record.written", file=out, count=len(recorder.entries)))
    return 0
