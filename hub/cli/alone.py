"""Whose state folder it is: one hub runs from it at a time, and a new municipality in it is meant.

`run.json`, the chosen ports and the sockets of a hub are one per folder: a second hub would take
them from the first, whose parts could then not be started again.
"""

from hub.cli.export import municipalities
from hub.journal.sqlite_file import is_written
from hub.settings.whole import Settings
from hub.text import Catalogue


def refusal(settings: Settings, municipality: str, say: Catalogue) -> str | None:
    """Return why the municipality's hub cannot run from this folder, None when it can."""
    folder = settings.state_dir
    others = [id for id in municipalities(folder) if id != municipality]
    if any(is_written(settings.journal_path(id)) for id in others):
        return say("run.twice", folder=folder)
    if others and not settings.journal_path(municipality).exists():
        return say("apply.another", folder=folder, found=", ".join(others), id=municipality)
    return None
