"""`varde check`: says in plain words what is wrong in a file, where, and what to do."""

import argparse
import sys
import time
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from hub.cli import files
from hub.configuration.model import MunicipalityFile
from hub.rosters.duty import registry_of
from hub.rosters.words import spot_words
from hub.settings import SettingsWrong
from hub.text import Language, catalogue
from routing.coverage import coverage
from routing.instant import DAY

DAYS_AHEAD = 14


def register(subparsers: Any) -> None:
    """Add the subcommand."""
    parser = subparsers.add_parser("check", help="say what is wrong in a municipality file")
    what = parser.add_mutually_exclusive_group(required=True)
    what.add_argument("file", type=Path, nargs="?", metavar="FILE", help="municipality file")
    what.add_argument("--settings", type=Path, metavar="FILE", help="check process settings")
    files.add_language(parser)
    parser.set_defaults(run=check)


@files.explained
def check(args: argparse.Namespace) -> int:
    """Check one file; 0 when it is sound, warnings or not."""
    return _settings(args) if args.settings else _municipality(args)


def _municipality(args: argparse.Namespace) -> int:
    checked = files.read_checked(args.file)
    language: Language = args.language or checked.language
    if not files.tell(checked, str(args.file), language) or checked.file is None:
        return files.EXIT_WRONG
    sections = ("people", "residents", "devices", "policies")
    counts = {name: len(getattr(checked.file, name)) for name in sections}
    _warn_of_gaps(checked.file, language)
    print(catalogue(language)("check.ok", file=args.file, **counts))
    return 0


def _warn_of_gaps(file: MunicipalityFile, language: Language) -> None:
    """Say where in the next 14 days fewer are on duty than the file needs."""
    at, say = time.time_ns() // 1000, catalogue(language)
    zone = ZoneInfo(file.municipality.timezone)
    for spot in coverage(registry_of(file), at, at + DAYS_AHEAD * DAY):
        print(say("roster.warning", what=spot_words(spot, zone, say)), file=sys.stderr)


def _settings(args: argparse.Namespace) -> int:
    language: Language = args.language or "en"
    try:
        files.settings_of(args)
    except SettingsWrong as wrong:
        print("\n".join(files.settings_lines(wrong, language)), file=sys.stderr)
        return files.EXIT_WRONG
    print(catalogue(language)("check.settings_ok", file=args.settings))
    return 0
