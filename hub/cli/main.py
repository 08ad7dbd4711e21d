"""`varde`: finds the subcommand and hands over to its module.

A subcommand `<name>` is the module `hub/cli/<name>.py` with `register(subparsers)`, which sets
`run=fn`; `fn(args)` returns the exit code. Only the module that is asked for is imported, so that
`varde decode` does not wait for the web server's imports.
"""

import argparse
import importlib
import io
import os
import select
import sys
from collections.abc import Sequence

from hub import __version__

EXIT_UNREAD = 141
"""What a shell says of a program that ended because nobody read its output (128 + SIGPIPE)."""
COMMANDS = (
    ("decode", "read a device's payload and print the events and the reply"),
    ("check", "say in plain words what is wrong in a municipality file"),
    ("apply", "record a municipality file's differences as facts"),
    ("export", "write what the journal knows as a municipality file"),
    ("explain", "tell the story of an alarm, step by step"),
    ("route", "say who would be called, when and why; nothing is sent"),
    ("scenario", "play stories under a simulated clock and say how they went"),
    ("roster", "find gaps in the duty roster; import and export it"),
    ("devices", "list unknown devices, assign them, replay what they said"),
    ("listen", "show what devices say and what they are answered, live"),
    ("record", "save a device's session as a scenario, made anonymous"),
    ("acceptance", "lead a person through trying a real device out, with a report"),
    ("init", "answer a few questions and get a checked municipality file"),
    ("simulate", "let simulated homes and devices live their days at a running hub"),
    ("run", "run adapters, router and web, together or each alone"),
    ("code", "make a one-time code for signing in on a phone"),
    ("phones", "list a person's phones; end a lost one"),
    ("reads", "say who has read what about a resident, when and why"),
)


def _asked_for(arguments: Sequence[str]) -> str | None:
    return next((word for word in arguments if not word.startswith("-")), None)


def build_parser(arguments: Sequence[str]) -> argparse.ArgumentParser:
    """Return the parser for these arguments, the asked-for subcommand with all its options."""
    parser = argparse.ArgumentParser(prog="varde", description="An open hub for welfare alarms.")
    parser.add_argument("--version", action="version", version=f"varde {__version__}")
    subparsers = parser.add_subparsers(dest="command", metavar="COMMAND", required=True)
    asked_for = _asked_for(arguments)
    for name, summary in COMMANDS:
        if name == asked_for:
            importlib.import_module(f"hub.cli.{name}").register(subparsers)
        else:
            subparsers.add_parser(name, help=summary)
    return parser


def main(argv: Sequence[str] | None = None) -> int:
    """Run a subcommand and return its exit code (2 for a command line that cannot be read)."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        # In a pipe too, so that a later line on standard error cannot overtake an earlier one.
        sys.stdout.reconfigure(line_buffering=True)
    arguments = sys.argv[1:] if argv is None else list(argv)
    args = build_parser(arguments).parse_args(arguments)
    try:
        exit_code: int = args.run(args)
    except BrokenPipeError:
        if not _reader_has_gone():
            raise
        return EXIT_UNREAD
    return exit_code


def _reader_has_gone() -> bool:
    """Whether nobody reads our output any more (`| head`); what is left of it goes nowhere then,
    so that the end of the program is quiet too."""
    poll = select.poll()
    poll.register(sys.stdout.fileno(), 0)
    gone = any(event & select.POLLERR for _, event in poll.poll(0))
    if gone:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return gone


if __name__ == "__main__":
    sys.exit(main())
