"""`varde explain ALARM`: the story of an alarm in words, from the journal."""

import argparse
import sys
from pathlib import Path
from typing import Any

from hub.cli import files
from hub.cli.export import municipalities
from hub.journal.port import NoJournal
from hub.text import Language, catalogue


def register(subparsers: Any) -> None:
    """Add the subcommand."""
    parser = subparsers.add_parser("explain", help="tell the story of an alarm, step by step")
    parser.add_argument("alarm", metavar="ALARM", help="the alarm's id")
    parser.add_argument("--municipality", metavar="ID", help="needed where there are several")
    parser.add_argument("--json", action="store_true", help="as JSON")
    files.add_settings(parser)
    parser.add_argument("--language", choices=("nb", "nn", "en"), default="en", help="(en)")
    parser.set_defaults(run=explain)


@files.explained
def explain(args: argparse.Namespace) -> int:
    """Print the story: 0, or 1 when there is no such alarm."""
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
    import msgspec

    from hub.explain.lines import story_lines
    from hub.explain.story import NoSuchAlarm
    from hub.explain.story import explain as told
    from hub.history.sqlite import history_beside
    from hub.journal.sqlite import open_reader
    from hub.settings.whole import HISTORY_SUFFIX, JOURNAL_SUFFIX

    language: Language = args.language
    say = catalogue(language)
    journal = open_reader(folder / f"{municipality}{JOURNAL_SUFFIX}", municipality)
    try:
        with history_beside(folder / f"{municipality}{HISTORY_SUFFIX}", municipality) as history:
            story = told(journal, args.alarm, say, history)
    except NoSuchAlarm as error:
        latest = ", ".join(error.latest) or say("explain.none")
        print(say("explain.unknown", alarm=args.alarm, latest=latest), file=sys.stderr)
        return files.EXIT_WRONG
    finally:
        journal.close()
    print(msgspec.json.encode(story).decode() if args.json else "\n".join(story_lines(story, say)))
    return 0
