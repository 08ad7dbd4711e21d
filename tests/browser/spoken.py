"""What Chromium tells a screen reader: its accessibility tree, as lines in reading order.

A line is the role, the level of a heading, states, and the name: `heading 1 "Alarmer"`,
`button focused "Kvitter"`. A live region has the words in it as its name: `alert "Ny alarm: ..."`.
(Chrome DevTools Protocol, Accessibility.getFullAXTree; roles after WAI-ARIA 1.2.)
"""

from collections.abc import Iterator
from typing import Any

from playwright.async_api import Page

SILENT = frozenset(
    {"none", "generic", "StaticText", "InlineTextBox", "LineBreak", "RootWebArea", "LabelText"}
)
"""Roles that are not announced by themselves."""
OF_CONTENT = frozenset(
    {"alert", "status", "paragraph", "listitem", "cell", "term", "definition", "strong", "time"}
)
"""Roles that are read out by what is in them."""
STATES = ("focused", "pressed", "expanded", "checked", "disabled", "invalid", "required")


async def spoken(page: Page) -> list[str]:
    """Return the lines of the page as it is now."""
    session = await page.context.new_cdp_session(page)
    try:
        await session.send("Accessibility.enable")
        found = await session.send("Accessibility.getFullAXTree")
    finally:
        await session.detach()
    nodes = {node["nodeId"]: node for node in found["nodes"]}
    root = next(node for node in found["nodes"] if "parentId" not in node)
    return [line for node in _walk(root, nodes) if (line := _line(node, nodes))]


def _walk(node: dict[str, Any], nodes: dict[str, dict[str, Any]]) -> Iterator[dict[str, Any]]:
    yield node
    for child in node.get("childIds", ()):
        if child in nodes:
            yield from _walk(nodes[child], nodes)


def _line(node: dict[str, Any], nodes: dict[str, dict[str, Any]]) -> str:
    role = node.get("role", {}).get("value", "none")
    if node.get("ignored") or role in SILENT:
        return ""
    name = node.get("name", {}).get("value", "") or (
        _words(node, nodes) if role in OF_CONTENT else ""
    )
    told = {one["name"]: one["value"].get("value") for one in node.get("properties", ())}
    level = [str(told["level"])] if role == "heading" else []
    states = [state for state in STATES if told.get(state) in {True, "true", "mixed"}]
    return " ".join([role, *level, *states, f'"{name}"'])


def _words(node: dict[str, Any], nodes: dict[str, dict[str, Any]]) -> str:
    texts = (
        one["name"]["value"]
        for one in _walk(node, nodes)
        if one.get("role", {}).get("value") == "StaticText"
    )
    return " ".join(" ".join(texts).split())


def missing(lines: list[str], expected: list[str]) -> list[str]:
    """Return what is expected and is not said, or not in that order."""
    rest = iter(lines)
    return [one for one in expected if not any(one == line for line in rest)]
