"""`varde code`: a one-time code for signing in on a phone, alone on standard output; with `--unit`
for making a phone the unit's shared one, with `--qr` as a QR code too."""

import argparse
import sys
import time
from contextlib import closing
from pathlib import Path
from typing import Any

import segno

from hub.cli import files
from hub.cli.export import municipalities
from hub.directory.sqlite import SqliteDirectory
from hub.journal.sqlite import open_reader
from hub.processes.ready import read_run
from hub.settings.whole import JOURNAL_SUFFIX, Settings


def register(subparsers: Any) -> None:
    """Add the subcommand."""
    parser = subparsers.add_parser(
        "code",
        help="make a one-time code for signing in on a phone",
        description="A code lives for 15 minutes and works once. It is typed in the app, or its QR "
        "code is scanned. Lost phones: varde phones.",
    )
    whose = parser.add_mutually_exclusive_group(required=True)
    whose.add_argument(
        "person", nargs="?", metavar="PERSON", help="the person's id in the municipality file"
    )
    whose.add_argument("--unit", metavar="ID", help="make a phone the shared one of this unit")
    parser.add_argument("--qr", action="store_true", help="show the link as a QR code above it")
    parser.add_argument(
        "--municipality", metavar="ID", help="needed where several have a person of this id"
    )
    files.add_settings(parser)
    parser.set_defaults(run=code)


@files.explained
def code(args: argparse.Namespace) -> int:
    """Print the code; 1 when not one municipality here is meant."""
    settings = files.settings_of(args)
    section, id = ("person", args.person) if args.unit is None else ("unit", args.unit)
    municipality = the_one(settings.state_dir, section, id, args.municipality, "code")
    if municipality is None:
        return files.EXIT_WRONG
    at = time.time_ns() // 1000
    path = settings.state_dir / "directory.sqlite"
    with closing(SqliteDirectory(path, municipality)) as directory:
        if section == "unit":
            made = directory.codes.issue(at, unit=id)
        else:
            made = directory.issue_code(id, at)
    if args.qr:
        print(f"{_address(settings)}/enrol#{made}", file=sys.stderr)
        segno.make(f"{_address(settings)}/enrol#{made}").terminal(sys.stderr, compact=True)
    print(made)
    return 0


def _address(settings: Settings) -> str:
    """Return where phones find the pages: as settings say it, else where the hub is running."""
    running = read_run(settings.run_path)
    told = settings.web.public_url or (None if running is None else running.web)
    return (told or f"http://{settings.web.bind}").rstrip("/")


def the_one(
    folder: Path, section: str, id: str, municipality: str | None, command: str
) -> str | None:
    """Return the municipality that knows the id; None, told, when not exactly one does."""
    asked = (one for one in municipalities(folder) if municipality in {None, one})
    known = [one for one in asked if _knows(folder, one, section, id)]
    if len(known) == 1:
        return known[0]
    print(f"varde {command}: {_why(folder, section, id, known)}", file=sys.stderr)
    return None


def _why(folder: Path, section: str, id: str, known: list[str]) -> str:
    if known:
        return (
            f"{', '.join(known)} each have a {section} with the id {id!r}. "
            "Say which is meant: --municipality ID."
        )
    under = {"person": "people", "unit": "units"}[section]
    return (
        f"no municipality in {folder} knows a {section} with the id {id!r}. The ids stand under "
        f"`{under}` in the municipality file; is --settings the hub's own, and --municipality "
        "right?"
    )


def _knows(folder: Path, municipality: str, section: str, id: str) -> bool:
    """Every person and unit has a document, and it goes when it is removed."""
    path = folder / f"{municipality}{JOURNAL_SUFFIX}"
    with closing(open_reader(path, municipality)) as journal:
        return journal.document(section, id) is not None
