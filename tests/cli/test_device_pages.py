"""The pages about devices: their configuration is accepted and their commands work."""

import re
import shlex
import textwrap
from pathlib import Path

import pytest
from pydantic import TypeAdapter
from ruamel.yaml import YAML

from hub.cli.main import main
from hub.configuration.listeners import ListenerEntry

PAGES = Path(__file__).parents[2] / "docs" / "devices"
NAMES = [
    "espa444",
    "espax",
    "ev07b",
    "generic",
    "generic-http",
    "gt06",
    "h02",
    "lorawan",
    "nuki",
    "osmand",
    "owntracks",
    "setracker",
    "sia-dc09",
    "teltonika",
    "webhook",
    "zigbee2mqtt",
]


def block(name: str, language: str) -> str:
    found = re.search(rf"```{language}\n(.*?)```", (PAGES / f"{name}.md").read_text(), re.DOTALL)
    assert found is not None
    return textwrap.dedent(found[1])


@pytest.mark.parametrize("name", NAMES)
def test_the_configuration_of_a_page_is_accepted(name: str) -> None:
    entries = YAML(typ="safe", pure=True).load(block(name, "yaml"))
    listeners = TypeAdapter(tuple[ListenerEntry, ...]).validate_python(entries)
    assert [listener.protocol for listener in listeners] == [name]


@pytest.mark.parametrize("name", NAMES)
def test_the_command_of_a_page_prints_an_event(
    name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    program, *arguments = shlex.split(block(name, "sh"))
    assert (program, main(arguments)) == ("varde", 0)
    assert '"event"' in capsys.readouterr().out
