"""`varde scenario FILE...`: plays stories under a simulated clock and says how they went."""

import argparse
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from hub.cli import files
from hub.configuration.export import to_yaml
from hub.configuration.load import load
from hub.scenario.live import CannotPlay, municipality_of
from hub.scenario.live_run import live
from hub.scenario.report import Result, opened, run
from hub.text import Language, catalogue


def register(subparsers: Any) -> None:
    """Add the subcommand."""
    parser = subparsers.add_parser(
        "scenario", help="play stories under a simulated clock and say how they went"
    )
    help_text = "scenario file, or a folder: every *.yaml in it but municipalities they name"
    parser.add_argument("files", type=Path, nargs="+", metavar="FILE", help=help_text)
    parser.add_argument("--verbose", action="store_true", help="tell the whole story, line by line")
    parser.add_argument("--language", choices=("nb", "nn", "en"), default="en", help="(en)")
    how = parser.add_mutually_exclusive_group()
    how.add_argument("--live", action="store_true", help="play against the running hub, from now")
    how.add_argument(
        "--municipality", action="store_true", help="print the municipality that --live needs"
    )
    parser.add_argument("--speed", type=_speed, default=1.0, metavar="N", help="with --live (1)")
    files.add_settings(parser)
    parser.set_defaults(run=play)


def _speed(text: str) -> float:
    try:
        speed = float(text)
    except ValueError:
        speed = 0
    if not 0 < speed <= 1000:
        raise argparse.ArgumentTypeError("a number above 0, at most 1000")
    return speed


@files.explained
def play(args: argparse.Namespace) -> int:
    """Play every file; 0 when all were as expected or are only to be played, 1 when one was not or
    is no scenario, 2 when one cannot be read."""
    language: Language = args.language
    if args.municipality:
        return _municipality(args)
    results: list[bool] = []
    played, wrong = 0, files.EXIT_WRONG
    for path in played_files(args.files):
        try:
            result = _one(path, args)
            results.append(result.passed)
            played += result.only_played
        except files.Unreadable as error:
            print(catalogue(language)(error.msgid, **error.params), file=sys.stderr)
            results.append(False)
            wrong = files.EXIT_CANNOT
        except CannotPlay as error:
            print(catalogue(language)(error.msgid, **error.params), file=sys.stderr)
            return files.EXIT_CANNOT
    msgid = "scenario.summary_played" if played else "scenario.summary"
    counts = {"passed": sum(results) - played, "count": len(results), "played": played}
    print(catalogue(language)(msgid, **counts))
    return 0 if results and all(results) else wrong


def _one(path: Path, args: argparse.Namespace) -> Result:
    if not args.live:
        result = _readable(run, path, args.language)
        print("\n".join(result.lines(verbose=args.verbose)))
        return result
    result = _readable(opened, path, args.language)
    if result.story is None:
        print("\n".join(result.lines(verbose=False)))
        return result
    with live(result, result.story, files.settings_of(args), args.speed) as played:
        print("\n".join(played.lines(verbose=True)))
    return result


def _readable(how: Any, path: Path, language: Language) -> Result:
    try:
        result: Result = how(path, language)
    except UnicodeDecodeError:
        raise files.Unreadable("check.not_utf8", file=str(path)) from None
    except OSError as error:
        raise files.Unreadable("check.no_file", file=str(path), what=str(error.strerror)) from None
    return result


def _municipality(args: argparse.Namespace) -> int:
    result = _readable(opened, args.files[0], args.language)
    if result.story is None:
        print("\n".join(result.lines(verbose=False)), file=sys.stderr)
        return files.EXIT_WRONG
    print(to_yaml(municipality_of(result.story)), end="")
    return 0


def played_files(named: list[Path]) -> Iterator[Path]:
    """Yield the files to play: of a folder all but the municipalities that its stories name."""
    for path in named:
        if path.is_dir():
            inside = sorted(path.glob("*.yaml"))
            towns = {town for one in inside for town in _town_of(one)}
            yield from (one for one in inside if one.resolve() not in towns)
        else:
            yield path


def _town_of(path: Path) -> Iterator[Path]:
    """Yield the municipality file that a story names, if it is one and names one."""
    try:
        data = load(path.read_text("utf-8")).data
        if isinstance(data, dict) and "story" in data and isinstance(data.get("municipality"), str):
            yield (path.parent / data["municipality"]).resolve()
    except (OSError, ValueError):
        return  # told when it is played
