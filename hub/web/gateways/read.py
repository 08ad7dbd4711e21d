"""What a callback says: its fields wherever the gateway puts them, and numbers however it writes
them."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl

from hub.notifier.gateway_answer import at, inside, read_json
from hub.settings.channels import GatewaySettings

LONGEST_FIELD = 2_000
MOST_FIELDS = 100
_NUMBER = re.compile(r"\+?[0-9\s().\-/]*", re.ASCII)


@dataclass(frozen=True, slots=True)
class Content:
    """The body's fields, and those of the address, which fill in what the body leaves out."""

    body: Any
    address: Mapping[str, str]

    def at(self, path: str) -> str | None:
        """Return a field as text, None where it is not there or longer than any is."""
        found = at(self.body, path)
        if found is None:
            found = self.address.get(path)
        return found if found is None or len(found) <= LONGEST_FIELD else None

    def each(self, path: str | None) -> "list[Content] | None":
        """Return the parts of a callback that tells several things at once; None where no list
        stands there."""
        if path is None:
            return [self]
        found = inside(self.body, path)
        if not isinstance(found, list):
            return None
        return [Content(one, self.address) for one in found]


def read(content_type: str, body: bytes, query: str) -> Content | None:
    """Return what a callback says; None for a body that is neither JSON nor a form."""
    address = _form(query.encode())
    if address is None:
        return None
    kind = content_type.partition(";")[0].strip().lower()
    if not body:
        return Content({}, address)
    if kind == "application/x-www-form-urlencoded":
        form = _form(body)
        return None if form is None else Content(form, address)
    found = read_json(body)
    return Content(found, address) if isinstance(found, dict | list) else None


def _form(text: bytes) -> dict[str, str] | None:
    try:
        pairs = parse_qsl(
            text.decode(), keep_blank_values=True, max_num_fields=MOST_FIELDS, errors="strict"
        )
    except ValueError:
        return None
    return dict(pairs)


def numbers(written: str, gateway: GatewaySettings) -> list[str]:
    """Return what E.164 numbers a sender may be: `004790000000` and `4790000000` are one, and a
    national number has the gateway's country. None of a name with digits in it: names can be chosen
    by whoever sends (3GPP TS 23.040, 9.1.2.5: alphanumeric)."""
    plain = written.strip()
    digits = "".join(sign for sign in plain if sign.isascii() and sign.isdecimal())
    if _NUMBER.fullmatch(plain) is None or not digits or len(digits) > 17:
        return []
    if plain.startswith("+"):
        return [f"+{digits}"]
    if digits.startswith("00"):
        return [f"+{digits[2:]}"]
    country = [] if gateway.country_code is None else [f"+{gateway.country_code}{digits}"]
    return [f"+{digits}", *country]
