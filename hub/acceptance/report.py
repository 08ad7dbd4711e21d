"""The report of a test: for people as Markdown, for the quality ledger as JSON. It names protocol
and model, never a device's id, a person or a place."""

import msgspec

from hub.acceptance.progress import Progress, is_passed
from hub.acceptance.steps import STEPS
from hub.text import Catalogue
from routing.instant import to_rfc3339


def as_json(progress: Progress) -> bytes:
    """Return the report for programs."""
    ended_at = progress.ended_at
    body = {
        "protocol": progress.protocol,
        "model": progress.model,
        "varde": progress.version,
        "begun_at": to_rfc3339(progress.begun_at),
        "ended_at": None if ended_at is None else to_rfc3339(ended_at),
        "passed": is_passed(progress.results),
        "steps": progress.results,
    }
    return msgspec.json.format(msgspec.json.encode(body)) + b"\n"


def as_markdown(progress: Progress, say: Catalogue) -> str:
    """Return the report for people."""
    passed = "acceptance.report.passed" if is_passed(progress.results) else "acceptance.report.not"
    head = [
        f"# {say('acceptance.report.title', protocol=progress.protocol, model=progress.model)}",
        "",
        say(passed),
        "",
        say(
            "acceptance.report.when",
            at=to_rfc3339(progress.begun_at)[:10],
            version=progress.version,
        ),
        "",
        f"| {say('acceptance.report.step')} | {say('acceptance.report.result')} | |",
        "|---|---|---|",
    ]
    return "\n".join([*head, *(_row(progress, step.id, say) for step in STEPS), ""])


def _row(progress: Progress, step: str, say: Catalogue) -> str:
    result = progress.results.get(step)
    name = say(f"acceptance.{step}.name")
    if result is None:
        return f"| {name} | {say('acceptance.report.not_tried')} | |"
    figures = ", ".join(
        f"{say(f'acceptance.figure.{key}')} {value:g}" for key, value in result.figures.items()
    )
    return f"| {name} | {say(f'acceptance.{result.verdict}')} | {figures} |"
