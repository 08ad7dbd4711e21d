"""`varde roster`: where too few are on duty, and duty rosters from and to other programs."""

import argparse
import json
import re
import sys
import time
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from hub.cli import files
from hub.configuration.export import to_yaml
from hub.configuration.model import MunicipalityFile
from hub.rosters import ics, table
from hub.rosters.duty import duty, registry_of
from hub.rosters.spell import LeftOut, People, Read, Refused, Spell, agreed
from hub.rosters.take_over import changes, emptied, take_over
from hub.rosters.words import duty_words, far_json, far_words, spot_json, spot_words
from hub.text import Catalogue, Language, catalogue
from routing.coverage import coverage
from routing.duty_reach import out_of_reach
from routing.instant import DAY, Instant, from_rfc3339, to_datetime
from routing.local import local_text
from routing.roster import spells

DEFAULT_DAYS = 14
IMPORTED_DAYS = 366
MOST_MB = 20
"""A year of a team's duty is a thousandth of it."""
YEARS = range(1970, 2200)


def register(subparsers: Any) -> None:
    """Add the subcommand."""
    parser = subparsers.add_parser("roster", help="find gaps; import and export duty rosters")
    parser.add_argument("file", type=Path, metavar="FILE", help="municipality file")
    parser.add_argument("--days", type=_days, metavar="N", help="how far (14; imports: 366)")
    parser.add_argument("--at", type=instant_of, metavar="TIME", help="from when, RFC 3339 (now)")
    parser.add_argument("--json", action="store_true", help="gaps and thin spots as JSON")
    parser.add_argument("--team", metavar="ID", help="the team to import or export")
    what = parser.add_mutually_exclusive_group()
    what.add_argument("--export", choices=("ics", "csv"), help="write the team's duty")
    what.add_argument("--import", dest="source", type=Path, metavar="FILE", help=".ics or .csv")
    replaced = "the import it replaces (import)"
    parser.add_argument("--name", type=_name, default="import", metavar="ID", help=replaced)
    parser.add_argument("--output", type=Path, metavar="FILE", help="write there (standard output)")
    files.add_language(parser)
    parser.set_defaults(run=roster)


def _days(text: str) -> int:
    if not text.isdecimal() or not 1 <= int(text) <= 3660:
        raise argparse.ArgumentTypeError("1 to 3660 days")
    return int(text)


def _name(text: str) -> str:
    if not re.fullmatch(r"[a-z0-9][a-z0-9-]{0,39}", text):
        raise argparse.ArgumentTypeError("lower-case letters a-z, digits and hyphens, at most 40")
    return text


def instant_of(text: str) -> Instant:
    """Read an argument that is an instant."""
    try:
        found = from_rfc3339(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f'"{text}" is not as 2026-11-22T14:00+01:00') from None
    if to_datetime(found).year not in YEARS:
        raise argparse.ArgumentTypeError("a year from 1970 to 2199")
    return found


@files.explained
def roster(args: argparse.Namespace) -> int:
    """Show, export or import; 1 when the file or the calendar is wrong, nothing is written then."""
    checked = files.read_checked(args.file)
    language: Language = args.language or checked.language
    say = catalogue(language)
    if checked.file is None:
        files.tell(checked, str(args.file), language)
        return files.EXIT_WRONG
    at: Instant = time.time_ns() // 1000 if args.at is None else args.at
    teams = [team.id for team in checked.file.teams]
    needs_team = args.export is not None or (args.source is not None and not _is_table(args.source))
    if (needs_team or args.team is not None) and args.team not in teams:
        known = ", ".join(teams)
        print(say("roster.no_team", id=args.team or "", known=known), file=sys.stderr)
        return files.EXIT_CANNOT
    if args.source is not None:
        return _import(args, checked.file, say, at)
    if args.export is not None:
        return _export(args, checked.file, at)
    return _show(args, checked.file, say, at)


def _is_table(path: Path) -> bool:
    return path.suffix.lower() == ".csv"


def _show(args: argparse.Namespace, file: MunicipalityFile, say: Catalogue, at: Instant) -> int:
    registry, days = registry_of(file), args.days or DEFAULT_DAYS
    until = at + days * DAY
    found = [s for s in coverage(registry, at, until) if args.team in {None, s.team}]
    zone = ZoneInfo(file.municipality.timezone)
    every = out_of_reach(registry, at, until) if args.team is None else []
    if args.json:
        rows = [spot_json(spot, zone) for spot in found] + [far_json(far, zone) for far in every]
        print(json.dumps(rows, indent=2))
        return 0
    names = People(file).names
    for start, end, people in spells(registry, args.team, at, until) if args.team else ():
        told = ", ".join(names[person] for person in people)
        print(duty_words(args.team, (start, end), told, zone, say))
    for spot in found:
        print(spot_words(spot, zone, say))
    for far in every:
        print(far_words(far, zone, say))
    if every:
        print(say("roster.far_summary", file=args.file, far=len(every)))
    if not registry.needs:
        print(say("roster.no_needs", file=args.file))
        return 0
    gaps = sum(spot.is_gap for spot in found)
    counts = {"days": days, "gaps": gaps, "thin": len(found) - gaps}
    print(say("roster.summary", file=args.file, **counts))
    return 0


def _export(args: argparse.Namespace, file: MunicipalityFile, at: Instant) -> int:
    found = duty(registry_of(file), args.team, at, at + (args.days or DEFAULT_DAYS) * DAY)
    if args.export == "ics":
        _write(args, ics.write(found, args.team, People(file), at))
    else:
        zone = ZoneInfo(file.municipality.timezone)
        rows = ((p, args.team, local_text(zone, a), local_text(zone, b)) for p, a, b in found)
        _write(args, table.write(rows))
    return 0


def _import(args: argparse.Namespace, file: MunicipalityFile, say: Catalogue, at: Instant) -> int:
    zone = ZoneInfo(file.municipality.timezone)
    first = datetime.fromtimestamp(at // 1_000_000, UTC).astimezone(zone).replace(tzinfo=None)
    first = first.replace(hour=0, minute=0, second=0, microsecond=0)
    until = first + timedelta(days=args.days or IMPORTED_DAYS)
    read = agreed(_read(args, file, zone, first, until))
    name = str(args.source)
    wrong = [refused.words(say, name) for refused in _by_line(read.refused)]
    wrong = wrong or _would_empty(args, file, read.spells, say)
    for each in _by_line(read.left_out):
        print(each.words(say, name), file=sys.stderr)
    if wrong:
        wrong.append(say("roster.refused", file=name, errors=len(wrong)))
        print("\n".join(wrong), file=sys.stderr)
        return files.EXIT_WRONG
    done = asdict(changes(file, read.spells, args.name))
    _write(args, to_yaml(take_over(file, read.spells, args.name)))
    counts = {"count": len(read.spells), "until": until.date(), "name": args.name, **done}
    print(say("roster.imported", file=name, **counts), file=sys.stderr)
    return 0


Told = TypeVar("Told", Refused, LeftOut)


def _by_line(told: list[Told]) -> list[Told]:
    return sorted(told, key=lambda one: one.place.line)


def _would_empty(
    args: argparse.Namespace, file: MunicipalityFile, spells: list[Spell], say: Catalogue
) -> list[str]:
    """Return a line for each team whose duty the import would take away without any in its place:
    an export that went wrong looks the same as a team that nobody is on duty in any more."""
    return [
        say(
            "roster.empties" if team else "roster.empties_absences",
            file=str(args.source),
            name=args.name,
            team=team,
            count=count,
        )
        for team, count in emptied(file, spells, args.name).items()
    ]


def _read(
    args: argparse.Namespace,
    file: MunicipalityFile,
    zone: ZoneInfo,
    first: datetime,
    until: datetime,
) -> Read:
    try:
        if args.source.stat().st_size > MOST_MB * 1_000_000:
            raise files.Unreadable("roster.too_big", file=str(args.source), most=str(MOST_MB))
        text = args.source.read_bytes().decode("utf-8")
    except UnicodeDecodeError:
        raise files.Unreadable("check.not_utf8", file=str(args.source)) from None
    except OSError as error:
        what = str(error.strerror)
        raise files.Unreadable("check.no_file", file=str(args.source), what=what) from None
    if _is_table(args.source):
        found = table.read(text, People(file), [team.id for team in file.teams])
        ahead = [spell for spell in found.spells if spell.end > first.isoformat(timespec="minutes")]
        return Read(ahead, found.refused)
    return ics.Reader(People(file), zone, args.team, first, until).read(text)


def _write(args: argparse.Namespace, text: str) -> None:
    if args.output is None:
        sys.stdout.write(text)
    else:
        try:
            args.output.write_text(text, "utf-8", newline="")
        except OSError as error:
            what = str(error.strerror)
            raise files.Unreadable("roster.no_output", file=str(args.output), what=what) from None
