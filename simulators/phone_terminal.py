"""`python -m simulators.phone_terminal`: simulated phones, a line of JSON for all that they do.

Words are read from standard input, a line each: `accept`, `refuse`, `seen`, `answer`, `coverage
on|off`, `battery on|off`, `lock`, `unlock`, `end`. With several phones a word is for all of them.
"""

import argparse
import asyncio
import json
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import aiohttp

from simulators.colleague import PhoneProblem
from simulators.lock_screen import USES
from simulators.phone import Phone


def main(argv: Sequence[str] | None = None) -> int:
    """Run until `end` or the end of the input, and return the exit code."""
    options = _parser().parse_args(argv)
    codes = options.codes.read_text(encoding="ascii").split() if options.codes else options.code
    if not codes:
        print("phone: give --code or --codes: varde code PERSON makes one", file=sys.stderr)
        return 2
    try:
        asyncio.run(_run(options, codes))
    except (PhoneProblem, aiohttp.ClientError) as problem:
        print(f"phone: {problem}", file=sys.stderr)
        return 1
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m simulators.phone_terminal")
    parser.description = __doc__
    parser.add_argument("--hub", required=True, help="the hub's pages, http://host:port")
    parser.add_argument("--push", required=True, help="the push service's origin")
    parser.add_argument("--code", action="append", default=[], help="of one phone; may be repeated")
    parser.add_argument("--codes", type=Path, help="a file of codes, one a phone")
    parser.add_argument("--receipt-after", type=float, default=0.0, metavar="SECONDS")
    return parser


async def _run(options: argparse.Namespace, codes: Sequence[str]) -> None:
    phones = [
        Phone(
            options.hub,
            options.push,
            name=f"phone-{number}",
            receipt_after_s=options.receipt_after,
            tell=_print,
        )
        for number, _ in enumerate(codes, 1)
    ]
    try:
        await asyncio.gather(*(one.enrol(code) for one, code in zip(phones, codes, strict=True)))
        while (line := await asyncio.to_thread(sys.stdin.readline)) and line.strip() != "end":
            await _obey(phones, line.split())
    finally:
        await asyncio.gather(*(phone.put_away() for phone in phones))


async def _obey(phones: Iterable[Phone], words: list[str]) -> None:
    for phone in phones:
        try:
            await obey(phone, words)
        except PhoneProblem as problem:
            _print({"phone": phone.name, "what": "cannot", "why": str(problem)})


async def obey(phone: Phone, words: list[str]) -> None:
    """Do what one line says; PhoneProblem when that cannot be done now."""
    match words:
        case [use] if use in USES:
            shown = phone.screen.newest(use)
            if shown is None:
                raise PhoneProblem(f"no notification has a button {use}")
            await phone.use(use, shown)
        case ["coverage", "on" | "off" as state]:
            await phone.set_coverage(on=state == "on")
        case ["battery", "on" | "off" as state]:
            await phone.set_battery(charged=state == "on")
        case ["lock"]:
            await phone.lock()
        case ["unlock"]:
            await phone.unlock()
        case _:
            raise PhoneProblem(f"`{' '.join(words)}` is no word for a phone")


def _print(line: dict[str, Any]) -> None:
    print(json.dumps(line, ensure_ascii=False), flush=True)


if __name__ == "__main__":
    sys.exit(main())
