"""Write docs/lifecycle.md from the tables of `routing.lifecycle`: `python -m scripts.lifecycle`.

A test holds the document to the tables.
"""

from pathlib import Path

from routing.lifecycle import OWNED, Action, Phase, verdict
from routing.reasons import ReasonCode

DOCUMENT = Path(__file__).resolve().parent.parent / "docs" / "lifecycle.md"

HEAD = """# The life of an alarm

Made from the tables in `routing/lifecycle.py` by `python -m scripts.lifecycle`; a test holds it.

An alarm has exactly one accountable owner, or is actively looking for one. People move it by the
actions below; states may be skipped. Time moves it too, and only in two ways: a step's wait ends
and the next step is called, or a lease lapses and it looks for somebody again. It also looks for
somebody again when its owner is taken out of the configuration, or has lost the phone. Silence
never closes an alarm.
"""
BY_TIME = {
    "looking --> looking": "the wait ends",
    "accepted --> looking": "the lease lapses",
    "on_the_way --> looking": "the lease lapses",
}
"""What time does; it is decided in `routing.pass_time`."""


OF_OTHERS = frozenset({Action.TAKE_OVER, Action.JOIN, Action.DECLINE})
"""What others do with an alarm that somebody owns."""
BESIDE = frozenset({Action.SEE, Action.SPEAK, Action.NOTE, Action.CALL_FOR_HELP})
"""What leaves every phase as it is."""


def document() -> str:
    """Return the whole document."""
    return f"{HEAD}\n{_diagram()}\n{_table('By its owner', True)}\n{_table('By others', False)}"


def _diagram() -> str:
    edges: dict[str, list[str]] = {}
    for phase in Phase:
        for action in Action:
            owner = phase in OWNED and action not in OF_OTHERS
            follows = verdict(phase, action, owner=owner)
            if isinstance(follows, Phase) and action not in BESIDE:
                edges.setdefault(f"{phase} --> {follows}", []).append(action)
    for edge, why in BY_TIME.items():
        edges.setdefault(edge, []).append(why)
    lines = [f"    {edge}: {', '.join(labels)}" for edge, labels in edges.items()]
    first, last = f"    [*] --> {Phase.LOOKING}: an event raises it", f"    {Phase.CLOSED} --> [*]"
    return "\n".join(["```mermaid", "stateDiagram-v2", first, *lines, last, "```", ""])


def _table(title: str, owner: bool) -> str:
    head = f"| phase | {' | '.join(Action)} |"
    lines = [f"## {title}", "", head, "|---" * (len(Action) + 1) + "|"]
    for phase in Phase:
        cells = (_cell(phase, action, owner=owner) for action in Action)
        lines.append(f"| **{phase}** | {' | '.join(cells)} |")
    return "\n".join([*lines, ""])


def _cell(phase: Phase, action: Action, *, owner: bool) -> str:
    follows = verdict(phase, action, owner=owner)
    return f"*{follows}*" if isinstance(follows, ReasonCode) else str(follows)


if __name__ == "__main__":
    DOCUMENT.write_text(document(), encoding="utf-8")
