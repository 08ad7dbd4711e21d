"""`varde explain ALARM`: the story of an alarm in words, from the journal. `--person`: what is
recorded about how somebody was reached and on duty."""

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hub.cli import files
from hub.cli.export import municipalities
from hub.journal.port import NoJournal
from hub.text import Catalogue, Language, catalogue

if TYPE_CHECKING:
    from hub.history.sqlite import History
    from hub.journal.sqlite import SqliteReader


def register(subparsers: Any) -> None:
    """Add the subcommand."""
    parser = subparsers.add_parser("explain", help="tell the story of an alarm, step by step")
    what = parser.add_mutually_exclusive_group()
    what.add_argument("alarm", nargs="?", metavar="ALARM", help="the alarm's id")
    what.add_argument("--person", metavar="ID", help="what is recorded about this person instead")
    parser.add_argument("--municipality", metavar="ID", help="needed where there are several")
    parser.add_argument("--json", action="store_true", help="as JSON")
    files.add_settings(parser)
    parser.add_argument("--language", choices=("nb", "nn", "en"), default="en", help="(en)")
    parser.set_defaults(run=explain)


@files.explained
def explain(args: argparse.Namespace) -> int:
    """Print the story: 0, or 1 when there is no such alarm."""
    if args.alarm is None and args.person is None:
        print(catalogue(args.language)("explain.whom"), file=sys.stderr)
        return files.EXIT_CANNOT
    folder = files.settings_of(args).state_dir
    found = municipalities(folder)
    wanted = [args.municipality] if args.municipality else found
    say = catalogue(args.language)
    if found and args.municipality and args.municipality not in found:
        params = {"folder": folder, "wanted": args.municipality, "found": ", ".join(found)}
        print(say("export.unknown", **params), file=sys.stderr)
        return files.EXIT_WRONG
    if len(wanted) > 1:
        print(say("explain.which", found=", ".join(found)), file=sys.stderr)
        return files.EXIT_CANNOT
    try:
        return _explain(folder, wanted[0] if wanted else "", args)
    except NoJournal:
        print(say("explain.nothing", folder=folder), file=sys.stderr)
        return files.EXIT_WRONG


def _explain(folder: Path, municipality: str, args: argparse.Namespace) -> int:
    from hub.explain.person import NothingRecorded
    from hub.explain.story import NoSuchAlarm
    from hub.history.sqlite import history_beside
    from hub.journal.sqlite import open_reader
    from hub.settings.whole import HISTORY_SUFFIX, JOURNAL_SUFFIX

    language: Language = args.language
    say = catalogue(language)
    journal = open_reader(folder / f"{municipality}{JOURNAL_SUFFIX}", municipality)
    try:
        with history_beside(folder / f"{municipality}{HISTORY_SUFFIX}", municipality) as history:
            print(_told(journal, history, args, say))
    except NoSuchAlarm as error:
        latest = ", ".join(error.latest) or say("explain.none")
        print(say("explain.unknown", alarm=args.alarm, latest=latest), file=sys.stderr)
        return files.EXIT_WRONG
    except NothingRecorded:
        print(say("explain.person_none", person=args.person), file=sys.stderr)
        return files.EXIT_WRONG
    finally:
        journal.close()
    return 0


def _told(
    journal: "SqliteReader", history: "History | None", args: argparse.Namespace, say: Catalogue
) -> str:
    import msgspec

    from hub.explain.lines import story_lines
    from hub.explain.person import explain_person, person_lines
    from hub.explain.story import explain as told

    if args.person is not None:
        steps = explain_person(journal, args.person, say, history)
        lines = person_lines(args.person, steps, say)
        return msgspec.json.encode(steps).decode() if args.json else "\n".join(lines)
    story = told(journal, args.alarm, say, history)
    return msgspec.json.encode(story).decode() if args.json else "\n".join(story_lines(story, say))
