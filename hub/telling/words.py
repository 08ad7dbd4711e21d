"""Facts in words: reasons, instants and lengths of time in one reader's language."""

from collections.abc import Callable, Mapping

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
    """Renders for one reader."""

    def __init__(self, text: Catalogue, names: Names, registry: Registry) -> None:
        self.text = text
        self.names = names
        self.registry = registry
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
        """Return the municipality's wall-clock time, `14:02`."""
        return local_time(self.registry, at).strftime("%H:%M")

    def day(self, at: Instant) -> str:
        """Return the municipality's date: `22.11.`, in English `22 Nov`, as the scripts do."""
        local = local_time(self.registry, at)
        return f"{local.day} {local:%b}" if self.text.language == "en" else f"{local:%d.%m.}"

    def day_clock(self, at: Instant) -> str:
        """Return the municipality's date and wall-clock time, `22.11. 14:02`."""
        return f"{self.day(at)} {self.clock(at)}"

    def window(self, start: Instant, end: Instant) -> str:
        """Return from when until when; the day once where it is one: `22.11. 14:00–15:30`."""
        if self.day(start) == self.day(end):
            return f"{self.day_clock(start)}–{self.clock(end)}"
        return f"{self.day_clock(start)} – {self.day_clock(end)}"

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
