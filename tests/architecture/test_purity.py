"""routing/ is pure: no I/O, clock, randomness or logging, and nothing that differs between runs.

Imports are held by a list of what is allowed; what the allowed modules and the builtins could still
reach (the clock through datetime, files through open) is held by a list of calls.
"""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ALLOWED_IMPORTS = {
    "bisect",
    "collections",
    "copy",
    "contextlib",
    "dataclasses",
    "datetime",
    "enum",
    "functools",
    "hashlib",
    "heapq",
    "hmac",
    "itertools",
    "json",
    "math",
    "msgspec",
    "operator",
    "pydantic",
    "re",
    "routing",
    "string",
    "types",
    "typing",
    "zoneinfo",
}
FORBIDDEN_METHODS = {"now", "utcnow", "today", "urandom", "from_file", "read_text", "read_bytes"}
FORBIDDEN_BUILTINS = {
    "open": "reads or writes files",
    "print": "writes",
    "input": "reads",
    "exec": "hides what it calls",
    "eval": "hides what it calls",
    "compile": "hides what it calls",
    "__import__": "hides what it imports",
    "breakpoint": "reads and writes",
    "hash": "differs between processes for text",
    "id": "differs between processes",
}


def _imported(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.Import):
        yield from (alias.name for alias in node.names)
    elif isinstance(node, ast.ImportFrom):
        yield "." * node.level + (node.module or "")


def _called(node: ast.AST) -> str | None:
    if not isinstance(node, ast.Call):
        return None
    function = node.func
    if isinstance(function, ast.Name) and function.id in FORBIDDEN_BUILTINS:
        return f"{function.id}() {FORBIDDEN_BUILTINS[function.id]}"
    if isinstance(function, ast.Attribute) and function.attr in FORBIDDEN_METHODS:
        return f".{function.attr}() reads the world outside"
    return None


def impurities(source: str, name: str = "routing/planted.py") -> list[str]:
    """Return what makes the source impure, one line each."""
    found = []
    for node in ast.walk(ast.parse(source)):
        line = getattr(node, "lineno", 0)
        for module in _imported(node):
            if module.split(".")[0] not in ALLOWED_IMPORTS:
                found.append(f"{name}:{line}: imports {module}, which is not on the list")
        if (call := _called(node)) is not None:
            found.append(f"{name}:{line}: {call}")
    return found


def test_routing_is_pure(root: Path) -> None:
    files = sorted((root / "routing").rglob("*.py"))
    found = [
        line
        for file in files
        for line in impurities(file.read_text(encoding="utf-8"), str(file.relative_to(root)))
    ]
    assert files
    assert found == []


@pytest.mark.parametrize(
    ("source", "word"),
    [
        ("import socket", "imports socket"),
        ("import os.path", "imports os.path"),
        ("from time import monotonic", "imports time"),
        ("from random import Random", "imports random"),
        ("import logging", "imports logging"),
        ("import uuid", "imports uuid"),
        ("import asyncio", "imports asyncio"),
        ("import threading", "imports threading"),
        ("import sqlite3", "imports sqlite3"),
        ("from hub import journal", "imports hub"),
        ("from adapters.session import Emit", "imports adapters.session"),
        ("from . import kinds", "imports ."),
        ("def f():\n    import requests", "imports requests"),
        ("from datetime import datetime, UTC\nx = datetime.now(UTC)", ".now()"),
        ("import datetime\nx = datetime.datetime.utcnow()", ".utcnow()"),
        ("from datetime import date\nx = date.today()", ".today()"),
        ("open('x')", "open()"),
        ("print('x')", "print()"),
        ("x = hash('x')", "hash()"),
        ("x = id(3)", "id()"),
        ("eval('1')", "eval()"),
    ],
)
def test_a_planted_impurity_is_found(source: str, word: str) -> None:
    found = impurities(source)
    assert len(found) == 1
    assert word in found[0]


@pytest.mark.parametrize(
    "source",
    [
        "from dataclasses import dataclass",
        "from collections.abc import Mapping",
        "from routing.instant import Instant",
        "import msgspec",
        "from zoneinfo import ZoneInfo\nzone = ZoneInfo('Europe/Oslo')",
        "def f(at: int) -> int:\n    return at + 1",
        "def f(id: str) -> str:\n    return id",
    ],
)
def test_what_the_core_is_made_of_passes(source: str) -> None:
    assert impurities(source) == []
