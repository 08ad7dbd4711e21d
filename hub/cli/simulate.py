"""`varde simulate`: hands over to the simulators, which are no part of the hub.

The hub imports none of them: it knows them as they know it, by the command line. The process
becomes `python -m simulators.simulate`, which reads the arguments itself.
"""

import argparse
import os
import sys


def register(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the subcommand; whatever follows it is for the simulators, `--help` too."""
    parser = subparsers.add_parser("simulate", add_help=False, prefix_chars="\0")
    parser.add_argument("rest", nargs="*")
    parser.set_defaults(run=_run)


def _run(args: argparse.Namespace) -> int:
    os.execv(sys.executable, (sys.executable, "-m", "simulators.simulate", *args.rest))
