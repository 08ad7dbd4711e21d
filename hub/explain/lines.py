"""Stories and dry runs as plain text, a line or two for each step."""

from collections.abc import Iterator

from hub.explain.route import Route
from hub.explain.steps import Step
from hub.explain.story import Story
from hub.text import Catalogue


def story_lines(story: Story, text: Catalogue) -> Iterator[str]:
    """Yield the story of an alarm."""
    of_whom = story.resident or story.subject or text("explain.nowhere")
    head = {"id": story.id, "kind": story.kind_text, "who": of_whom}
    yield text(f"explain.{story.about}", **head, severity=story.severity_text)
    msgid = "explain.now" if story.owner is None else "explain.now_owned"
    yield text(msgid, phase=story.phase_text, owner=story.owner)
    yield from _people(story.people_needed, text)
    yield story.chosen.text
    for step in story.steps:
        yield from _step(step, text)


def route_lines(route: Route, text: Catalogue) -> Iterator[str]:
    """Yield a dry run."""
    head = {"kind": route.kind_text, "resident": route.resident}
    yield text("route.head", **head, at=route.local, timezone=route.timezone)
    yield (
        text("route.stand_in")
        if route.device is None
        else text("route.device", device=route.device)
    )
    yield from _people(route.people_needed, text)
    if route.chosen is None:
        yield text("route.silent", why=route.why_not or "")
        return
    yield route.chosen.text
    for step in route.steps:
        yield from _step(step, text)
    yield text("route.end")


def _people(needed: int, text: Catalogue) -> Iterator[str]:
    if needed > 1:
        yield text("explain.people_needed", count=needed)


def _step(step: Step, text: Catalogue) -> Iterator[str]:
    why = "" if step.why is None else f" ({step.why})"
    yield f"{step.local}  {step.text}{why}"
    for call in step.calls:
        yield f"{'':21}- {call.text}"
    if step.until_local is not None:
        yield f"{'':21}{text('explain.until', until=_until(step.until_local, step.local))}"


def _until(until: str, since: str) -> str:
    """Return the time of day, with its date where that is another one."""
    return until[11:] if until[:10] == since[:10] else until
