"""Facts in words: reasons, instants and lengths of time in one reader's language."""

from collections.abc import Callable, Mapping
from copy import copy

from hub.telling.names import Names
from hub.text import Catalogue
from routing.instant import Instant
from routing.reasons import Reason
from routing.roster import local_time
from routing.state import Registry

_MINUTE_S, _HOUR_S, _DAY_S = 60, 3600, 86400


def duration(text: Catalogue, length_s: int) -> str:
    """Return a length of time in the two units that matter (`2 min`, `1 h 5 min`, `24 h`)."""
    if length_s < _MINUTE_S:
        return text("duration.seconds", count=length_s)
    if length_s < _HOUR_S:
        return text("duration.minutes", count=length_s // _MINUTE_S)
    if length_s <= _DAY_S:
        hours, minutes = length_s // _HOUR_S, length_s % _HOUR_S // _MINUTE_S
        msgid = "duration.hours" if minutes else "duration.whole_hours"
        return text(msgid, hours=hours, minutes=minutes)
    days, hours = length_s // _DAY_S, length_s % _DAY_S // _HOUR_S
    return text("duration.days" if hours else "duration.whole_days", days=days, hours=hours)


class Words:
    """Renders for one reader, who reads it `now`: a time of another day has its date, and so has
    every time where nobody knows when it will be read."""

    def __init__(
        self, text: Catalogue, names: Names, registry: Registry, now: Instant | None = None
    ) -> None:
        self.text = text
        self.names = names
        self.registry = registry
        self._now = now
        self._shown: Mapping[str, Callable[[str], str]] = {
            "kind": lambda code: text(f"kind.{code}"),
            "action": lambda code: text(f"action.{code}"),
            "phase": lambda code: text(f"phase.{code}"),
            "owner": self.person,
            "person": self.person,
            "team": lambda id: names.name("team", id),
            "channel": self.channel,
            "failed": self.channel,
        }

    def as_of(self, now: Instant) -> "Words":
        """Return the same for what is read beside the time at which it was so: a line of a
        timeline."""
        found = copy(self)
        found._now = now
        return found

    def person(self, id: str) -> str:
        """Return a staff member's name."""
        return self.names.name("person", id)

    def channel(self, id: str) -> str:
        """Return what people call a channel: `SMS` of `sms-2`."""
        msgid = f"page.channel.{id.rpartition('-')[0] or id}"
        return self.text(msgid) if msgid in self.text.texts else id

    def people(self, ids: tuple[str, ...]) -> str:
        """Return several people's names, or the word for nobody."""
        return ", ".join(map(self.person, ids)) or self.text("timeline.nobody")

    def clock(self, at: Instant) -> str:
        """Return the municipality's wall-clock time, `14:02`; of another day `23.11. 14:02`, of
        another year `23.11.2027 14:02`."""
        local = local_time(self.registry, at)
        now = None if self._now is None else local_time(self.registry, self._now)
        if now is None or (local.year == now.year and local.date() != now.date()):
            return self.day_clock(at)
        return f"{local:%H:%M}" if local.year == now.year else f"{self._dated(at)} {local:%H:%M}"

    def day(self, at: Instant) -> str:
        """Return the municipality's date: `22.11.`, in English `22 Nov`, as the scripts do."""
        local = local_time(self.registry, at)
        return f"{local.day} {local:%b}" if self.text.language == "en" else f"{local:%d.%m.}"

    def _dated(self, at: Instant) -> str:
        """Return the municipality's date with its year: `22.11.2027`, in English `22 Nov 2027`."""
        gap = " " if self.text.language == "en" else ""
        return f"{self.day(at)}{gap}{local_time(self.registry, at).year}"

    def day_clock(self, at: Instant) -> str:
        """Return the municipality's date and wall-clock time, `22.11. 14:02`."""
        return f"{self.day(at)} {local_time(self.registry, at):%H:%M}"

    def window(self, start: Instant, end: Instant) -> str:
        """Return from when until when; the day once where it is one: `22.11. 14:00–15:30`."""
        first, last = self.day_clock(start), self.as_of(start).clock(end)
        return f"{first} – {last}" if " " in last else f"{first}–{last}"

    def reason(self, reason: Reason, *, about_others: bool = False) -> str:
        """Return the reason's text; `about_others` takes a timeline's wording if there is one."""
        params = {key: self._param(key, value) for key, value in reason.params.items()}
        other = f"called.{reason.code}"
        told = about_others and other in self.text.texts
        return self.text(other if told else f"reason.{reason.code}", **params)

    def _param(self, key: str, value: str | int) -> str | int:
        if isinstance(value, int):
            if key in {"at", "until"}:
                return self.clock(value)
            return duration(self.text, value) if key.endswith("_s") else value
        show = self._shown.get(key)
        return value if show is None else show(value)
