"""owed(state, alarms) -> sends: what should be under way because of the state.

Level-triggered: the hub compares this with what it is sending, starts what is missing and stops
what
is no longer owed. At boot everything owed is new, so a send whose outcome is unknown goes out again
under the same id.
"""

from collections.abc import Iterable, Sequence

from routing.state import Owed, State


def owed(state: State, changed: Iterable[str] | None = None) -> Sequence[Owed]:
    """Return the sends owed for the changed alarms, or all of them at boot, most severe first."""
    if changed is None:
        every = state.owed.values()
        return sorted(every, key=lambda o: -state.alarms[o.alarm].severity)
    alarms = (state.alarms.get(alarm_id) for alarm_id in changed)
    return [
        state.owed[page.send]
        for alarm in alarms
        if alarm is not None
        for page in alarm.pages
        if page.send in state.owed
    ]
