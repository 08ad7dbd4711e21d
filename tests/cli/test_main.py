"""The dispatcher: every subcommand can be asked for, and only the one asked for is imported."""

import os
import subprocess
import sys

import pytest

from hub import __version__
from hub.cli.main import COMMANDS, main

NAMES = [name for name, _ in COMMANDS]


def test_the_subcommands_are_the_ones_the_readme_tells_of() -> None:
    assert NAMES == [
        "decode",
        "check",
        "apply",
        "export",
        "explain",
        "route",
        "scenario",
        "roster",
        "devices",
        "listen",
        "record",
        "acceptance",
        "init",
        "simulate",
        "run",
        "code",
        "phones",
        "reads",
    ]


HERE = [name for name in NAMES if name != "simulate"]
"""Those that are read here; `simulate` hands over to another program (tests/simulators)."""


@pytest.mark.parametrize("name", HERE)
def test_every_subcommand_explains_itself(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main([name, "--help"])
    assert ended.value.code == 0
    assert capsys.readouterr().out.startswith(f"usage: varde {name} ")


def test_help_lists_them_all(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["--help"])
    listed = {line.split()[0] for line in capsys.readouterr().out.splitlines() if line.strip()}
    assert ended.value.code == 0
    assert [name for name in NAMES if name not in listed] == []


def test_the_version(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["--version"])
    assert ended.value.code == 0
    assert capsys.readouterr().out == f"varde {__version__}\n"


@pytest.mark.parametrize(("arguments", "said"), [([], "required"), (["lag"], "invalid choice")])
def test_a_command_line_that_cannot_be_read(
    arguments: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    assert ended.value.code == 2
    assert said in capsys.readouterr().err


def test_help_waits_for_no_subcommand_to_be_imported() -> None:
    lists = "import sys, hub.cli.main as m\ntry: m.main(['--help'])\nexcept SystemExit: pass\n"
    shows = "print([m for m in sys.modules if m.startswith('hub.cli.')], 'pydantic' in sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", lists + shows], capture_output=True, text=True, check=True
    )
    assert done.stdout.splitlines()[-1] == "['hub.cli.main'] False"


def test_a_reader_that_goes_away_ends_it_quietly() -> None:
    """As in `varde scenario ... | head -1`, here from the first line on."""
    reader, writer = os.pipe()
    os.close(reader)
    command = [sys.executable, "-m", "hub.cli.main", "scenario", "scenarios"]
    with os.fdopen(writer, "wb") as nowhere:
        done = subprocess.run(command, stdout=nowhere, stderr=subprocess.PIPE, check=False)
    assert (done.stderr, done.returncode) == (b"", 141)
