"""Small stories for the tests of the scenario runner."""

from pathlib import Path

from hub.scenario.report import Result, run

HEAD = """\
title: A press
source: test
start: "2026-11-23 14:00 Europe/Oslo"
"""
PRESS = """\
story:
  - at: "14:02"
    press: pendant-astrid
  - at: "14:02:10"
    ola: see
  - at: "14:02:20"
    kari: accept
  - at: "14:02:21"
    ola: accept
"""


def played(folder: Path, text: str, head: str = HEAD) -> Result:
    """Write the story into a file and play it."""
    path = folder / "story.yaml"
    path.write_text(head + text, "utf-8")
    return run(path, "en")
