"""The last command to a lock of an alarm or a visit, as a reader sees it."""

import msgspec

from hub.telling.words import Words
from routing.instant import to_rfc3339
from routing.locks.facts import LockOutcome
from routing.state import State
from routing.to_device import DeviceAction


class LockView(msgspec.Struct, frozen=True, kw_only=True):
    """How the last command to a lock stands."""

    device: str
    action: str
    state: str
    """`asked`, `ok`, `failed` or `unknown`."""
    text: str
    at: str
    """When it was asked, RFC 3339."""
    way_in: str | None
    """How one gets in otherwise, when the door has not opened."""


def lock_view(state: State, about: str, words: Words, *, notes: bool) -> LockView | None:
    """Return the last command of an alarm or task; `notes` says whether the reader may read how
    one gets in."""
    run = state.locks.latest(about)
    if run is None:
        return None
    device = words.names.name("device", run.device)
    stands = "asked" if run.outcome is None else str(run.outcome)
    person = {"person": words.person(run.person)} if run.outcome is None else {}
    wanted = run.outcome not in {None, LockOutcome.OK} and run.action is DeviceAction.UNLOCK
    home = words.names.card("resident", run.resident if wanted and notes else None)
    return LockView(
        device=run.device,
        action=str(run.action),
        state=stands,
        text=words.text(f"timeline.lock.{run.action}.{stands}", device=device, **person),
        at=to_rfc3339(run.asked_at),
        way_in=home.entry_note,
    )
