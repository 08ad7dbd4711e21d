"""`varde export`: writes what the journal knows as a municipality file."""

import argparse
import sys
from pathlib import Path
from typing import Any

from hub.cli import files
from hub.configuration.describe import NothingConfigured
from hub.configuration.export import to_yaml
from hub.configuration.recorded import recorded
from hub.journal.port import NoJournal
from hub.journal.sqlite import open_reader
from hub.settings.whole import JOURNAL_SUFFIX
from hub.text import Language, catalogue


def register(subparsers: Any) -> None:
    """Add the subcommand."""
    parser = subparsers.add_parser("export", help="write the configuration as a municipality file")
    parser.add_argument("--municipality", metavar="ID", help="needed where there are several")
    files.add_settings(parser)
    files.add_language(parser)
    parser.set_defaults(run=export)


@files.explained
def export(args: argparse.Namespace) -> int:
    """Print the municipality file to standard output."""
    folder = files.settings_of(args).state_dir
    found = municipalities(folder)
    wanted = [args.municipality] if args.municipality else found
    if found and args.municipality and args.municipality not in found:
        print(_say(args, "export.unknown", folder, ", ".join(found)), file=sys.stderr)
        return files.EXIT_WRONG
    if len(wanted) > 1:
        print(_say(args, "export.which", folder, ", ".join(found)), file=sys.stderr)
        return files.EXIT_CANNOT
    try:
        text = _text(folder, wanted[0] if wanted else "")
    except (NoJournal, NothingConfigured):
        print(_say(args, "export.nothing", folder), file=sys.stderr)
        return files.EXIT_WRONG
    print(text, end="")
    return 0


def municipalities(folder: Path) -> list[str]:
    """Return the ids of the municipalities that have a journal in the folder."""
    return sorted(p.name.removesuffix(JOURNAL_SUFFIX) for p in folder.glob(f"*{JOURNAL_SUFFIX}"))


def _text(folder: Path, municipality: str) -> str:
    journal = open_reader(folder / f"{municipality}{JOURNAL_SUFFIX}", municipality)
    try:
        return to_yaml(recorded(journal).described())
    finally:
        journal.close()


def _say(args: argparse.Namespace, msgid: str, folder: Path, found: str = "") -> str:
    language: Language = args.language or "en"
    return catalogue(language)(msgid, folder=folder, found=found, wanted=args.municipality)
