"""`varde check`: says in plain words what is wrong in a file, where, and what to do."""

import argparse
import sys
import time
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from hub.cli import files
from hub.cli.addresses import refuse_shared_addresses
from hub.configuration.channel_check import unserved
from hub.configuration.check import Checked
from hub.configuration.model import MunicipalityFile
from hub.configuration.problem import words
from hub.rosters.duty import registry_of
from hub.rosters.words import alone_words, away_words, far_words, spot_words
from hub.settings.load import SettingsWrong
from hub.settings.sign_in import LOOPBACK
from hub.settings.whole import Settings
from hub.text import Language, catalogue
from routing.away import nobody_there
from routing.coverage import coverage
from routing.duty_reach import out_of_reach
from routing.instant import DAY

DAYS_AHEAD = 14


def register(subparsers: Any) -> None:
    """Add the subcommand."""
    parser = subparsers.add_parser("check", help="say what is wrong in a municipality file")
    parser.add_argument("file", type=Path, nargs="?", metavar="FILE", help="municipality file")
    parser.add_argument("--settings", type=Path, metavar="FILE", help="check process settings")
    files.add_language(parser)
    parser.set_defaults(run=check, usage=parser.error)


@files.explained
def check(args: argparse.Namespace) -> int:
    """Check one file, or both and whether they fit; 0 when sound, warnings or not."""
    if not args.file and not args.settings:
        args.usage("name a municipality FILE, --settings FILE, or both")
    checked = files.read_checked(args.file) if args.file else None
    found = _settings(args, checked) if args.settings else 0
    return found if checked is None else max(found, _municipality(args, checked))


def _municipality(args: argparse.Namespace, checked: Checked) -> int:
    language: Language = args.language or checked.language
    if not files.tell(checked, str(args.file), language) or checked.file is None:
        return files.EXIT_WRONG
    sections = ("people", "residents", "devices", "policies")
    counts = {name: len(getattr(checked.file, name)) for name in sections}
    _warn_of_gaps(checked.file, language)
    print(catalogue(language)("check.ok", file=args.file, **counts))
    return 0


def _warn_of_gaps(file: MunicipalityFile, language: Language) -> None:
    """Say where in the next 14 days fewer are on duty than the file needs, or nobody near
    enough, and whose calls would reach nobody who is there."""
    at, say = time.time_ns() // 1000, catalogue(language)
    zone = ZoneInfo(file.municipality.timezone)
    registry, until = registry_of(file), at + DAYS_AHEAD * DAY
    spots = coverage(registry, at, until)
    alone, away = nobody_there(registry, at, until, spots)
    lines = [alone_words(one, zone, say) for one in alone]
    lines += [away_words(one, zone, say) for one in away]
    lines += [spot_words(one, zone, say) for one in spots]
    lines += [far_words(one, zone, say) for one in out_of_reach(registry, at, until)]
    for line in lines:
        print(say("roster.warning", what=line), file=sys.stderr)


def _warn_of_unserved(
    args: argparse.Namespace, settings: Settings, checked: Checked, file: MunicipalityFile
) -> None:
    """Say whose push, SMS, voice or ntfy no setting serves."""
    language: Language = args.language or checked.language
    kinds = {one.kind for one in settings.gateways.values()}
    served = {"ntfy": settings.ntfy is not None, "push": _is_secure(settings)}
    for problem in unserved(file, kinds, **served):
        where = f"{args.file}:{checked.line(problem)}"
        print(f"{where}: {words(problem, language)}", file=sys.stderr)


def _is_secure(settings: Settings) -> bool:
    """Whether browsers take the pages for secure (https, or on their own machine; W3C Secure
    Contexts, 3.1): elsewhere they have no push."""
    pages = urlsplit(settings.web.public_url or f"http://{settings.web.bind}")
    return pages.scheme == "https" or pages.hostname in LOOPBACK


def _settings(args: argparse.Namespace, checked: Checked | None) -> int:
    language: Language = args.language or ("en" if checked is None else checked.language)
    try:
        settings = files.settings_of(args)
        if checked is not None and checked.file is not None:
            files.refuse_unknown_listeners(args.settings, settings, checked.file.adapters)
            refuse_shared_addresses(settings, checked.file.adapters)
            _warn_of_unserved(args, settings, checked, checked.file)
    except SettingsWrong as wrong:
        print("\n".join(files.settings_lines(wrong, language)), file=sys.stderr)
        return files.EXIT_WRONG
    print(catalogue(language)("check.settings_ok", file=args.settings))
    return 0
