"""`varde init`: a few questions on the terminal, answered by a checked municipality file."""

import argparse
import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from hub.cli import files
from hub.configuration.check import check
from hub.configuration.export import to_yaml
from hub.configuration.model import Text
from hub.configuration.phone_channels import Number
from hub.configuration.problem import words
from hub.configuration.scalars import Zone
from hub.configuration.starter import FAMILIES, Answers, Member, starter
from hub.configuration.structure import parse
from hub.text import LANGUAGES, Catalogue, Language, catalogue, choose


def register(subparsers: Any) -> None:
    """Add the subcommand."""
    parser = subparsers.add_parser("init", help="answer a few questions, get a municipality file")
    parser.add_argument("file", type=Path, nargs="?", default=Path("municipality.yaml"))
    parser.add_argument("--force", action="store_true", help="write over an existing file")
    files.add_language(parser)
    parser.set_defaults(run=init)


Wrong = Callable[[str], str | None]
"""What is wrong with an answer, in words; None when nothing is."""


class Ended(Exception):
    """Standard input ended before all questions were answered."""


@files.explained
def init(args: argparse.Namespace) -> int:
    """Ask, check and write; an existing file is left alone without --force."""
    language: Language = args.language or "en"
    if args.file.exists() and not args.force:
        print(catalogue(language)("init.exists", file=args.file), file=sys.stderr)
        return files.EXIT_CANNOT
    try:
        answers = _Interview(args.language).answers()
    except Ended:
        print(catalogue(language)("init.ended"), file=sys.stderr)
        return files.EXIT_WRONG
    text = to_yaml(starter(answers))
    if not files.tell(check(text), str(args.file), answers.language):
        return files.EXIT_WRONG
    with args.file.open("w" if args.force else "x", encoding="utf-8") as file:
        file.write(text)
    print(catalogue(answers.language)("init.written", file=args.file))
    return 0


class _Interview:
    """Asks line by line; an empty answer takes what stands in brackets."""

    def __init__(self, language: Language | None) -> None:
        self._say: Catalogue = catalogue(language or "en")
        self._language = language

    def answers(self) -> Answers:
        if self._language is None:
            said = self._ask("init.language", "nb", self._some_of(LANGUAGES))
            self._say = catalogue(choose([said]))
        name, phone = self._sound(Text), self._sound(Number)
        municipality = self._ask("init.municipality", wrong=name)
        timezone = self._ask("init.timezone", "Europe/Oslo", self._sound(Zone))
        unit = self._ask("init.unit", wrong=name)
        lead = Member(
            self._ask("init.lead", wrong=name), self._ask("init.lead_phone", "", phone) or None
        )
        staff = []
        while called := self._ask("init.staff", "", name):
            staff.append(Member(called, self._ask("init.phone", "", phone) or None))
        listed = ", ".join(FAMILIES)
        families = self._ask("init.families", listed, self._some_of(FAMILIES), families=listed)
        chosen = tuple(dict.fromkeys(word.strip() for word in families.split(",")))
        return Answers(self._say.language, municipality, timezone, unit, lead, tuple(staff), chosen)

    def _ask(
        self,
        msgid: str,
        default: str | None = None,
        wrong: Wrong | None = None,
        **params: str,
    ) -> str:
        """Ask until the answer can be used."""
        hint = f" [{default}]" if default else ""
        while True:
            print(f"{self._say(msgid, **params)}{hint}: ", end="", flush=True)
            line = sys.stdin.readline()
            if not line:
                raise Ended
            answer = line.strip() or default
            if answer is None:
                print(self._say("init.again", what=self._say("init.needed")))
            elif answer and wrong and (what := wrong(answer)):
                print(self._say("init.again", what=what))
            else:
                return answer

    def _some_of(self, choices: Iterable[str]) -> Wrong:
        def wrong(answer: str) -> str | None:
            chosen = {word.strip() for word in answer.split(",")}
            listed = ", ".join(choices)
            return None if chosen <= set(choices) else self._say("init.one_of", choices=listed)

        return wrong

    def _sound(self, shape: Any) -> Wrong:
        def wrong(answer: str) -> str | None:
            _, problems = parse(shape, answer, ("answer",))
            return words(problems[0], self._say.language) if problems else None

        return wrong
