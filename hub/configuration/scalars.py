"""The file's small types: ids, durations ("15 min"), times of day ("22:30"), URLs, subjects."""

import re
import string
import unicodedata
from collections.abc import Mapping
from typing import Annotated
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, BeforeValidator, PlainSerializer
from pydantic_core import PydanticCustomError

from adapters.protocols import PROTOCOLS
from routing.kinds import Category, Severity

_ID = re.compile(r"[a-z0-9][a-z0-9-]{0,62}")
_DURATION = re.compile(r"(\d{1,6}) ?(s|min|h)")
_TIME = re.compile(r"([01]\d|2[0-3]):([0-5]\d)")
_PHONE = re.compile(r"\+?[0-9][0-9 ]{2,19}")
_HOST = re.compile(
    r"(?=.{1,253}$)[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)*"
)
_LONGEST_LINK = 500
_UNSEEN = {"Cc", "Zl", "Zp"}
_TURNING = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
OF_ONE_MACHINE = ("localtime", "posixrules", "Factory")
"""Names in a zone database that say nothing of a place, or another thing on every machine."""
_LINES = str.maketrans("\r\n\t", "   ")
_UNIT_S = {"h": 3600, "min": 60, "s": 1}
_PREFIXES = tuple(protocol.prefix for protocol in PROTOCOLS.values())
"""What a subject may begin with."""
EVERYTHING_ELSE = "*"
"""Stands for every category that has no policy of its own."""
TEMPLATE_FIELDS = ("person", "alarm")
"""What a person's webhook URL may ask for: ids, never names."""


def bad(code: str, value: object, **params: str) -> PydanticCustomError:
    """Return a named validation error; its code is a problem code with a text of its own."""
    context = {"value": str(value)[:80], **params}
    return PydanticCustomError(code, "{value}", context)


def _id(value: object) -> str:
    if not isinstance(value, str) or not _ID.fullmatch(value):
        raise bad("bad_id", value)
    return value


def _seconds(value: object) -> int:
    found = _DURATION.fullmatch(value) if isinstance(value, str) else None
    if found is None or int(found[1]) == 0:
        raise bad("bad_duration", value, units=", ".join(reversed(_UNIT_S)))
    return int(found[1]) * _UNIT_S[found[2]]


def _count(value: object) -> object:
    """YAML's `true`, `yes` and `on` would count as 1."""
    if isinstance(value, bool):
        raise bad("bad_count", str(value).lower())
    return value


def duration_text(seconds: int) -> str:
    """Return "2 h", "15 min" or "90 s": the largest unit that says it exactly."""
    unit = next(u for u, size in _UNIT_S.items() if seconds % size == 0)
    return f"{seconds // _UNIT_S[unit]} {unit}"


def one_line(value: str) -> str:
    """Return a name as it is. Control characters (and what turns the direction of text) would
    change how a list, a log or a terminal shows the lines around it."""
    turns = any(unicodedata.category(sign) in _UNSEEN or sign in _TURNING for sign in value)
    if turns or (value.strip() and not any(map(_is_seen, value))):
        raise bad("bad_characters", value.encode("unicode_escape").decode())
    return value


def _is_seen(sign: str) -> bool:
    return unicodedata.category(sign)[0] not in "CZ"


def printable(value: str) -> str:
    """Return a note as it is: as `one_line`, but of several lines."""
    one_line(value.translate(_LINES))
    return value


def _minute(value: object) -> int:
    found = _TIME.fullmatch(value) if isinstance(value, str) else None
    if found is None:
        raise bad("bad_time", value)
    return int(found[1]) * 60 + int(found[2])


def time_text(minute: int) -> str:
    """Return a minute of the day as "HH:MM"."""
    return f"{minute // 60:02}:{minute % 60:02}"


def zone_name(value: object) -> str:
    """Return the name of a time zone that every machine knows alike."""
    if value in OF_ONE_MACHINE:
        raise bad("bad_timezone", value)
    try:
        return ZoneInfo(str(value)).key
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise bad("bad_timezone", value) from None


def _phone(value: object) -> str:
    if not _PHONE.fullmatch(str(value)):
        raise bad("bad_phone", value)
    return str(value)


def _subject(value: object) -> str:
    protocol, _, device = str(value).partition(":")
    if protocol not in _PREFIXES or not device.strip() or len(str(value)) > 200:
        raise bad("bad_subject", value, protocols=", ".join(_PREFIXES))
    return str(value)


def _template_fields(url: str) -> set[str]:
    """Return the fields a template asks for; ValueError when its braces do not match."""
    parts = string.Formatter().parse(url)
    return {
        name + (f"!{conversion}" if conversion else "") + (f":{spec}" if spec else "")
        for _, name, spec, conversion in parts
        if name is not None
    }


def _url_template(value: object) -> str:
    try:
        fields = _template_fields(str(value))
        parts = urlsplit(str(value))
    except ValueError:
        raise bad("bad_url", value) from None
    if unknown := sorted(fields - set(TEMPLATE_FIELDS)):
        raise bad("bad_url_field", value, field="{" + unknown[0] + "}")
    if parts.scheme not in {"http", "https"} or not parts.hostname or "{" in parts.netloc:
        raise bad("bad_url", value)
    return str(value)


def _viewer_url(value: object) -> str:
    """The error never repeats it: such a link may be all that is needed to look."""
    try:
        parts = urlsplit(str(value))
        sound = parts.port is None or parts.port > 0
    except ValueError:
        raise bad("bad_viewer", "viewer") from None
    text, whole = str(value), parts.scheme == "https" and parts.hostname and not parts.username
    if not sound or not whole or len(text) > _LONGEST_LINK or not text.isprintable() or " " in text:
        raise bad("bad_viewer", "viewer")
    return text


def _host(value: object) -> str:
    if not isinstance(value, str) or not _HOST.fullmatch(value):
        raise bad("bad_host", value)
    return value


def _category(value: object) -> str:
    known = [*Category, EVERYTHING_ELSE]
    if value not in known:
        raise bad("not_one_of", value, expected=", ".join(known))
    return str(value)


_SEVERITIES: Mapping[str, Severity] = {s.name.lower(): s for s in Severity}


def _severity(value: object) -> Severity:
    found = _SEVERITIES.get(value) if isinstance(value, str) else None
    if found is None:
        raise bad("not_one_of", value, expected=", ".join(_SEVERITIES))
    return found


def _severity_name(severity: Severity) -> str:
    return severity.name.lower()


Id = Annotated[str, BeforeValidator(_id)]
"""Lower-case letters, digits and hyphens, 1 to 63 characters: safe in topics and URLs."""
TeamOrAll = Annotated[str, BeforeValidator(lambda value: value if value == "*" else _id(value))]
"""A team's id, or `*` for all."""
Count = Annotated[int, BeforeValidator(_count)]
"""A whole number; true and false are none."""
Seconds = Annotated[int, BeforeValidator(_seconds), PlainSerializer(duration_text)]
"""Seconds, written as "60 s", "15 min" or "2 h"; never 0."""
Minute = Annotated[int, BeforeValidator(_minute), PlainSerializer(time_text)]
"""Minute of the local day, written as "HH:MM"."""
Between = Annotated[
    tuple[Minute, Minute] | None, AfterValidator(lambda times: None if times == (0, 0) else times)
]
"""From and to in local time; from midnight to midnight is always, as if nothing were said."""
Zone = Annotated[str, BeforeValidator(zone_name)]
"""IANA time zone name."""
Phone = Annotated[str, BeforeValidator(_phone)]
"""Digits and spaces, a plus sign in front where the number is international."""
Subject = Annotated[str, BeforeValidator(_subject)]
"""`<protocol>:<id as the device says it>`"""
ViewerUrl = Annotated[str, BeforeValidator(_viewer_url)]
"""https URL of an outside viewer, without credentials."""
Host = Annotated[str, BeforeValidator(_host)]
"""A host's name in small letters, without scheme and port."""
UrlTemplate = Annotated[str, BeforeValidator(_url_template)]
"""http(s) URL, with the fields {person} and {alarm} only."""
CategoryOrRest = Annotated[str, BeforeValidator(_category)]
"""A category, or `*`."""
Hurry = Annotated[Severity, BeforeValidator(_severity), PlainSerializer(_severity_name)]
"""Severity by its name in lower case."""
