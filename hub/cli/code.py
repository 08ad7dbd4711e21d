"""`varde code PERSON`: a one-time code for signing in on a phone, alone on standard output. With
`--end-sessions` it ends what the person has instead: a lost phone is out within seconds."""

import argparse
import sys
import time
from contextlib import closing
from pathlib import Path
from typing import Any

from hub.cli import files
from hub.cli.export import municipalities
from hub.directory.sqlite import SqliteDirectory
from hub.journal.sqlite import open_reader
from hub.settings import JOURNAL_SUFFIX


def register(subparsers: Any) -> None:
    """Add the subcommand."""
    parser = subparsers.add_parser("code", help="make a one-time code for signing in on a phone")
    parser.add_argument("person", metavar="PERSON", help="the person's id in the municipality file")
    parser.add_argument(
        "--end-sessions",
        action="store_true",
        help="end all the person's sessions and unused codes (a lost phone); prints no code",
    )
    parser.add_argument(
        "--municipality", metavar="ID", help="needed where several have a person of this id"
    )
    files.add_settings(parser)
    parser.set_defaults(run=code)


@files.explained
def code(args: argparse.Namespace) -> int:
    """Print the code or end the sessions; 1 when not one municipality here is meant."""
    folder = files.settings_of(args).state_dir
    asked = (id for id in municipalities(folder) if args.municipality in {None, id})
    known = [id for id in asked if _knows(folder, id, args.person)]
    if len(known) != 1:
        print(f"varde code: {_why(folder, args.person, known)}", file=sys.stderr)
        return files.EXIT_WRONG
    with closing(SqliteDirectory(folder / "directory.sqlite", known[0])) as directory:
        at = time.time_ns() // 1000
        if args.end_sessions:
            directory.end_sessions_of(args.person, at)
        else:
            print(directory.issue_code(args.person, at))
    return 0


def _why(folder: Path, person: str, known: list[str]) -> str:
    if known:
        return (
            f"{', '.join(known)} each have a person with the id {person!r}. "
            "Say which is meant: --municipality ID."
        )
    return (
        f"no municipality in {folder} knows a person with the id {person!r}. The ids stand under "
        "`people` in the municipality file; is --settings the hub's own, and --municipality right?"
    )


def _knows(folder: Path, municipality: str, person: str) -> bool:
    """Every person has a document, and it goes when the person is removed."""
    path = folder / f"{municipality}{JOURNAL_SUFFIX}"
    with closing(open_reader(path, municipality)) as journal:
        return journal.document("person", person) is not None
