"""A family in the town: Olga's son is responsible, her niece is told, and home care comes after."""

from typing import Any

from msgspec.structs import replace

from routing.instant import SECOND
from routing.municipality import AnyItem, Person, Policy, Resident, Role, Step, Target
from routing.proofs.command import ReachAction, ReachCommand
from tests.web.happenings import configure
from tests.web.town import CARDS, Browser, Town

NAMES = {
    ("person", "rune"): {"name": "Rune Eksempel"},
    ("person", "nina"): {"name": "Nina Eksempel", "language": "nn"},
    ("person", "siv"): {"name": "Siv Eksempel"},
    ("resident", "r-1"): CARDS["resident", "r-1"],
    ("resident", "r-9"): {"name": "Nils Prøve", "address": "Testveien 2"},
}
FAMILY: tuple[AnyItem, ...] = (
    Person(id="nina", roles=(Role.RELATIVE,)),
    Person(id="siv", roles=(Role.RELATIVE,)),
    Resident(id="r-1", unit="east", relatives={"rune": "responsible", "nina": "informed"}),
    Resident(id="r-9", unit="east", relatives={"siv": "responsible"}),
    Policy(
        id="home",
        steps=(
            Step(
                targets=(Target("relative", "responsible"), Target("relative", "informed")),
                wait_s=120,
            ),
            Step(targets=(Target("on_duty", "day"),), wait_s=120),
        ),
        fallback=(Target("person", "lise"),),
    ),
)
"""Rune is asked first and Nina is told; Siv is another resident's relative."""


async def move_in(
    town: Town, *, agreed: tuple[str, ...] = ("rune", "nina", "siv"), only_after_yes: bool = True
) -> None:
    """Let the family be configured, and let those named have said yes."""
    one = town.state.registry.municipality
    assert one is not None
    await configure(town, replace(one, relatives_agree=only_after_yes), *FAMILY, names=NAMES)
    homes = {"rune": "r-1", "nina": "r-1", "siv": "r-9"}
    for person in agreed:
        await says(town, person, ReachAction.AGREE, of=homes[person])


async def says(town: Town, person: str, action: ReachAction, **more: Any) -> None:
    """Let a relative say something by the core's own road."""
    town.now += SECOND
    id = f"said-{town.state.seq}-{person}"
    await town.take(ReachCommand(id=id, person=person, action=action, made_at=town.now, **more))


async def seen_by(browser: Browser) -> Any:
    status, body = await browser.get("/api/family")
    assert status == 200
    return body


async def do(browser: Browser, alarm: str, action: str, **more: object) -> tuple[int, Any]:
    """Send what the page would send for the alarm as it is now."""
    town = browser.town
    body: dict[str, object] = {
        "id": f"family-{len(town.heard):04}-{action.replace('_', '-')}",
        "action": action,
        "seen_phase": str(town.state.alarms[alarm].phase),
    }
    return await browser.post(f"/api/family/alarms/{alarm}/commands", {**body, **more})
