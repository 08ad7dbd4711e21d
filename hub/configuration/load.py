"""YAML 1.2 text to plain data, with the line of every key and item.

The text is composed into nodes, never constructed into objects. Timestamps and the like stay text:
what a value means is the model's business.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from hub.configuration.problem import Path, Problem

_TAG = "tag:yaml.org,2002:"
_PLAIN = {"str", "timestamp", "binary", "merge", "value"}
_LIMIT = 200_000
"""Values in one file; a file that grows beyond it through its aliases is refused."""


@dataclass(slots=True)
class Loaded:
    """What a file says, where it says it, and what kept it from saying more."""

    data: Any = None
    lines: dict[Path, int] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    _count: int = 0

    def line(self, path: Path) -> int:
        """Return the line (from 1) of the path, or of the nearest thing around it."""
        while path and path not in self.lines:
            path = path[:-1]
        return self.lines.get(path, 1)


class _TooMuch(Exception):
    """The file's aliases contain themselves, or unfold into more than a file may hold."""


def load(source: str) -> Loaded:
    """Read YAML text. Broken YAML, a key that stands twice and foreign tags become problems."""
    loaded = Loaded()
    try:
        node = YAML(typ="safe", pure=True).compose(source)
        loaded.data = None if node is None else _value(node, (), loaded)
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = 1 if mark is None else mark.line + 1
        what = error.problem or error.context or "unreadable"
        loaded.problems.append(Problem("yaml", params={"what": what}, line=line))
    except YAMLError as error:
        loaded.problems.append(Problem("yaml", params={"what": str(error)[:200]}, line=1))
    except (_TooMuch, RecursionError):
        loaded.problems.append(Problem("yaml_aliases", line=1))
    return loaded


def _value(node: Node, path: Path, loaded: Loaded) -> Any:
    loaded.lines.setdefault(path, node.start_mark.line + 1)
    loaded._count += 1
    if loaded._count > _LIMIT or len(path) > 30:
        raise _TooMuch
    if isinstance(node, MappingNode):
        return dict(_pairs(node, path, loaded))
    if isinstance(node, SequenceNode):
        return [_value(each, (*path, i), loaded) for i, each in enumerate(node.value)]
    assert isinstance(node, ScalarNode)  # the composer knows no fourth kind of node
    return _scalar(node, path, loaded)


def _pairs(node: MappingNode, path: Path, loaded: Loaded) -> Iterator[tuple[str, Any]]:
    first: dict[str, int] = {}
    for key_node, value_node in node.value:
        key, line = str(key_node.value), key_node.start_mark.line + 1
        if key in first:
            params: dict[str, str | int] = {"key": key, "first": first[key]}
            loaded.problems.append(Problem("key_twice", path, params, line=line))
            continue
        first[key] = line
        loaded.lines[*path, key] = line
        yield key, _value(value_node, (*path, key), loaded)


def _scalar(node: ScalarNode, path: Path, loaded: Loaded) -> Any:
    kind = str(node.tag).removeprefix(_TAG)
    if kind == "null":
        return None
    if kind == "bool":
        return str(node.value).lower() == "true"
    if kind == "int":
        return _integer(node.value)
    if kind == "float":
        return _number(str(node.value), path, loaded)
    if kind not in _PLAIN:
        loaded.problems.append(Problem("yaml_tag", path, {"tag": str(node.tag)}))
    return node.value


def _number(text: str, path: Path, loaded: Loaded) -> float | str:
    """Return the number; infinity, `.nan` and what a tag only calls a number are problems."""
    try:
        found = float(text.replace("_", ""))
    except ValueError:
        found = math.nan
    if math.isfinite(found):
        return found
    loaded.problems.append(Problem("no_number", path, {"value": text[:80]}))
    return text


def _integer(digits: str) -> int | str:
    """Return the number; what only looks like one (`+4720`, `007`) keeps every sign as text."""
    plain = digits.removeprefix("-")
    is_number = plain.isdecimal() and len(plain) <= 18 and (plain == "0" or plain[0] != "0")
    return int(digits) if is_number else digits
