"""What the configuration commands share: reading and checking files, and saying what is wrong."""

import argparse
import sys
import tempfile
from collections.abc import Callable, Iterable
from functools import wraps
from pathlib import Path

from hub.configuration.check import Checked, check
from hub.configuration.listeners import ListenerEntry
from hub.configuration.load import load
from hub.configuration.problem import Problem, words
from hub.configuration.suggest import closest
from hub.directory.port import DirectoryBroken
from hub.history.sqlite import WrongHistory
from hub.journal.port import JournalBroken, Removed, WrongJournal
from hub.secrets import SecretUnsafe
from hub.settings.load import SettingsWrong, load_settings
from hub.settings.whole import Settings
from hub.text import LANGUAGES, Language, catalogue

EXIT_WRONG = 1
"""The file is wrong, or the hub did not do what was asked."""
EXIT_CANNOT = 2
"""The command cannot run here: a file that cannot be read, a port that is taken."""

Command = Callable[[argparse.Namespace], int]


class Unreadable(Exception):
    """A file cannot be read; `msgid` and `params` say why."""

    def __init__(self, msgid: str, **params: str) -> None:
        super().__init__(msgid)
        self.msgid, self.params = msgid, params


def add_language(parser: argparse.ArgumentParser) -> None:
    """Add --language; without it the file's own language is spoken."""
    parser.add_argument("--language", choices=LANGUAGES, help="nb, nn or en (default: the file's)")


def add_settings(parser: argparse.ArgumentParser) -> None:
    """Add --settings."""
    parser.add_argument("--settings", type=Path, metavar="FILE", help="process settings (YAML)")


def read_checked(path: Path) -> Checked:
    """Read and check a municipality file; Unreadable when there is nothing to check."""
    try:
        return check(path.read_text("utf-8"))
    except UnicodeDecodeError:
        raise Unreadable("check.not_utf8", file=str(path)) from None
    except OSError as error:
        raise Unreadable("check.no_file", file=str(path), what=str(error.strerror)) from None


def tell(checked: Checked, name: str, language: Language) -> bool:
    """Print every problem of a file to standard error; return whether the file is sound."""
    for line in checked.lines(name, language):
        print(line, file=sys.stderr)
    errors = len(checked.errors)
    if errors:
        print(catalogue(language)("check.refused", file=name, errors=errors), file=sys.stderr)
    return not errors


def settings_of(args: argparse.Namespace) -> Settings:
    """Return the settings of --settings, or the defaults."""
    path: Path | None = args.settings
    try:
        return load_settings(path)
    except UnicodeDecodeError:
        raise Unreadable("check.not_utf8", file=str(path)) from None
    except OSError as error:
        raise Unreadable("check.no_file", file=str(path), what=str(error.strerror)) from None


def refuse_unknown_listeners(
    path: Path | None, settings: Settings, heard: Iterable[ListenerEntry]
) -> None:
    """SettingsWrong for each listener that the settings name and the municipality does not have:
    the one that was meant would bind its default address, and nobody would know."""
    known = {entry.id for entry in heard}
    problems = [_unknown(name, known) for name in settings.listeners if name not in known]
    if path is not None and problems:
        raise SettingsWrong(str(path), problems, load(path.read_text("utf-8")))


def _unknown(name: str, known: set[str]) -> Problem:
    near = closest(name, known)
    place = ("listeners", name)
    if near is not None:
        return Problem("unknown_key_near", place, {"key": name, "near": near})
    return Problem("unknown_key", place, {"key": name, "known": ", ".join(sorted(known)) or "-"})


def make_state_dir(settings: Settings) -> None:
    """Make the folder for its owner only, and see that it takes files. Unreadable when not."""
    folder = settings.state_dir
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as error:
        what = str(error.strerror)
        raise Unreadable("run.no_folder", folder=str(folder), what=what) from None


def settings_lines(wrong: SettingsWrong, language: Language) -> list[str]:
    """Return one line of text for each problem of a settings file."""
    lines = ((p.line or wrong.loaded.line(p.path), p) for p in wrong.problems)
    return [f"{wrong.name}:{line}: {words(p, language)}" for line, p in lines]


_UNUSABLE = (SecretUnsafe, WrongJournal, WrongHistory, JournalBroken, Removed, DirectoryBroken)
"""Their message says what is wrong and what to do."""


def explained(command: Command) -> Command:
    """Return the command, with what can be expected to go wrong said in words on standard error."""

    @wraps(command)
    def run(args: argparse.Namespace) -> int:
        language: Language = getattr(args, "language", None) or "en"
        try:
            return command(args)
        except Unreadable as error:
            print(catalogue(language)(error.msgid, **error.params), file=sys.stderr)
        except SettingsWrong as error:
            print("\n".join(settings_lines(error, language)), file=sys.stderr)
        except _UNUSABLE as error:
            print(f"varde: {error}", file=sys.stderr)
        return EXIT_CANNOT

    return run
