"""`varde reads RESIDENT`: who has read what about a resident, when and why, as the resident may ask
for it (pasientjournalloven section 22). Also what one person has read, and what has been read on
one phone, for one that is lost."""

import argparse
import csv
import json
import sys
import time
from contextlib import closing
from pathlib import Path
from typing import Any

from hub.cli import files
from hub.cli.export import municipalities
from hub.cli.roster import instant_of
from hub.configuration.recorded import recorded
from hub.journal.port import NoJournal
from hub.journal.sqlite import SqliteReader, open_reader
from hub.reads.lines import Told, heading, lines, rows
from hub.reads.port import LogBroken, Sought
from hub.reads.sqlite import find_in
from hub.settings.whole import Settings
from hub.telling.names import Names
from hub.text import LANGUAGES, Catalogue, catalogue
from routing.roster import where


def register(subparsers: Any) -> None:
    """Add the subcommand."""
    parser = subparsers.add_parser("reads", help="who has read what about whom, when and why")
    parser.add_argument("resident", nargs="?", metavar="RESIDENT", help="the resident's id")
    parser.add_argument("--person", metavar="ID", help="only what this person has read")
    parser.add_argument("--phone", metavar="ID", help="only what was read on this phone")
    parser.add_argument("--from", dest="from_at", type=instant_of, metavar="TIME", help="RFC 3339")
    parser.add_argument("--to", dest="to_at", type=instant_of, metavar="TIME", help="RFC 3339")
    parser.add_argument("--format", choices=("text", "csv", "json"), default="text")
    parser.add_argument("--municipality", metavar="ID", help="needed where there are several")
    files.add_settings(parser)
    parser.add_argument("--language", choices=LANGUAGES, default="nb", help="(nb)")
    parser.set_defaults(run=reads)


@files.explained
def reads(args: argparse.Namespace) -> int:
    """Print the looks: 0, also when there are none; 1 when the municipality is not known."""
    say = catalogue(args.language)
    settings = files.settings_of(args)
    folder = settings.state_dir
    found = municipalities(folder)
    wanted = [args.municipality] if args.municipality else found
    if args.resident is None and args.person is None and args.phone is None:
        print(say("reads.whom"), file=sys.stderr)
        return files.EXIT_CANNOT
    if len(wanted) > 1:
        print(say("reads.which", found=", ".join(found)), file=sys.stderr)
        return files.EXIT_CANNOT
    if found and args.municipality and args.municipality not in found:
        params = {"folder": folder, "wanted": args.municipality, "found": ", ".join(found)}
        print(say("reads.unknown", **params), file=sys.stderr)
        return files.EXIT_WRONG
    try:
        _print(settings, wanted[0] if wanted else "", args, say)
    except NoJournal:
        print(say("reads.nothing", folder=folder), file=sys.stderr)
        return files.EXIT_WRONG
    except LogBroken as error:
        print(f"varde: {error}", file=sys.stderr)
        return files.EXIT_CANNOT
    return 0


def _print(settings: Settings, municipality: str, args: argparse.Namespace, say: Catalogue) -> None:
    sought = Sought(
        resident=args.resident,
        person=args.person,
        handset=args.phone,
        from_at=args.from_at or 0,
        to_at=args.to_at,
    )
    found = find_in(settings.reads_path(municipality), sought)
    with closing(_journal(settings, municipality)) as journal:
        timezone = where(recorded(journal).state.registry)
        told = Told(say, Names(journal), municipality, timezone)
        if args.format == "json":
            print(json.dumps(rows(found, told), ensure_ascii=False, indent=2))
        elif args.format == "csv":
            table = csv.writer(sys.stdout, lineterminator="\n")
            table.writerow(told.columns().values())
            table.writerows(row.values() for row in rows(found, told))
        else:
            now = time.time_ns() // 1000
            print("\n".join([*heading(sought, told, now, settings.reads.keep_days), ""]))
            print("\n".join(lines(found, told)))


def _journal(settings: Settings, municipality: str) -> SqliteReader:
    return open_reader(Path(settings.journal_path(municipality)), municipality)
