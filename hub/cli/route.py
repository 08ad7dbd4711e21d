"""`varde route FILE`: a dry run. Who would be called, when, how and why; nothing is sent."""

import argparse
import sys
from pathlib import Path
from typing import Any

from hub.cli import files
from hub.text import Catalogue, Language, catalogue
from routing.kinds import Kind


def register(subparsers: Any) -> None:
    """Add the subcommand."""
    parser = subparsers.add_parser("route", help="say who would be called, when and why")
    parser.add_argument("file", type=Path, metavar="FILE", help="municipality file")
    when = "local time, 2026-11-22T14:00, or with an offset"
    parser.add_argument("--at", required=True, metavar="TIME", help=when)
    parser.add_argument("--resident", required=True, metavar="X", help="the resident's id")
    parser.add_argument("--kind", required=True, metavar="K", help="event kind, help.pressed")
    parser.add_argument("--device", metavar="D", help="one of the resident's devices")
    parser.add_argument("--rounds", type=int, choices=range(1, 10), default=2, help="(2)")
    parser.add_argument("--json", action="store_true", help="as JSON")
    files.add_language(parser)
    parser.set_defaults(run=route)


@files.explained
def route(args: argparse.Namespace) -> int:
    """Print the dry run: 0, or 1 when the file or the question is wrong."""
    checked = files.read_checked(args.file)
    language: Language = args.language or checked.language
    if not files.tell(checked, str(args.file), language) or checked.file is None:
        return files.EXIT_WRONG
    say = catalogue(language)
    if args.kind not in set(Kind):
        print(_no_kind(args.kind, say), file=sys.stderr)
        return files.EXIT_WRONG
    return _route(args, checked.file, say)


def _route(args: argparse.Namespace, file: Any, say: Catalogue) -> int:
    import msgspec

    from hub.configuration.compile import compile
    from hub.explain.lines import route_lines
    from hub.explain.route import NoSuchTime, Question
    from hub.explain.route import route as routed
    from routing.dry_run import NeverRings, NoSuchDevice, NoSuchResident

    asked = Question(
        kind=Kind(args.kind),
        resident=args.resident,
        at=args.at,
        device=args.device,
        rounds=args.rounds,
    )
    try:
        found = routed(compile(file), asked, say)
    except NoSuchTime:
        said = say("route.no_time", at=args.at, timezone=file.municipality.timezone)
    except NoSuchResident:
        known = ", ".join(sorted(one.id for one in file.residents)) or say("explain.none")
        said = say("route.no_resident", resident=args.resident, known=known)
    except NoSuchDevice:
        said = say("route.no_device", resident=args.resident, device=args.device)
    except NeverRings:
        said = say("route.sample", kind=args.kind)
    else:
        text = "\n".join(route_lines(found, say))
        print(msgspec.json.encode(found).decode() if args.json else text)
        return 0
    print(said, file=sys.stderr)
    return files.EXIT_WRONG


def _no_kind(kind: str, say: Catalogue) -> str:
    from hub.configuration.suggest import closest

    kinds = sorted(one.value for one in Kind)
    near = closest(kind, kinds)
    if near is not None:
        return say("route.no_kind_near", kind=kind, near=near)
    return say("route.no_kind", kind=kind, known=", ".join(kinds))
