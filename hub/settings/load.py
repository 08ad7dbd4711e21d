"""Reads the settings file."""

from pathlib import Path
from typing import Any

from hub.configuration.load import Loaded, load
from hub.configuration.problem import Problem
from hub.configuration.structure import parse
from hub.settings.whole import Settings


class SettingsWrong(Exception):
    """The settings file cannot be used; its problems say why and what to do."""

    def __init__(self, name: str, problems: list[Problem], loaded: Loaded) -> None:
        super().__init__(f"{name}: the settings cannot be used")
        self.name, self.problems, self.loaded = name, problems, loaded


def parse_settings(source: str, name: str = "settings") -> Settings:
    """Read settings from YAML text; SettingsWrong tells everything that is wrong at once."""
    loaded = load(source)
    data: Any = {} if loaded.data is None else loaded.data
    settings, found = parse(Settings, data, ())
    problems = [*loaded.problems, *found]
    if problems:
        raise SettingsWrong(name, problems, loaded)
    absolute = settings.state_dir.absolute()
    checked: Settings = settings.model_copy(update={"state_dir": absolute})
    return checked


def load_settings(path: Path | None) -> Settings:
    """Read a settings file, or take every default. OSError when it cannot be read."""
    return parse_settings("" if path is None else path.read_text("utf-8"), str(path))
