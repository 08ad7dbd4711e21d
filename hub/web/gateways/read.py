"""What a callback says: its fields wherever the gateway puts them, and numbers however it writes
them.

Gateways cut signs in two where they join the parts of an SMS, and some write Latin-1: neither makes
an answer unreadable.
"""

import json
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
        """Return a field as text, cut where it is longer than any is; None where it is not
        there."""
        found = at(self.body, path)
        if found is None:
            found = self.address.get(path)
        return None if found is None else _whole_signs(found[:LONGEST_FIELD])

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
    if found is None:
        found = _odd_json(body)
    return Content(found, address) if isinstance(found, dict | list) else None


def _odd_json(body: bytes) -> Any:
    """Return what JSON says that has half signs in it, or is Latin-1; None when it is none."""
    try:
        return json.loads(plain(body))
    except (ValueError, RecursionError):
        return None


def plain(octets: bytes) -> str:
    """Return octets as text: UTF-8, else Latin-1, in which everything is a text."""
    try:
        return octets.decode()
    except UnicodeDecodeError:
        return octets.decode("latin-1")


def _whole_signs(text: str) -> str:
    """Put a mark in the place of half a sign, which nothing could be written with."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _form(text: bytes) -> dict[str, str] | None:
    """Return the fields; None where there are more than any callback has."""
    for encoding in ("utf-8", "latin-1"):
        try:
            return _fields(text, encoding)
        except UnicodeDecodeError:
            continue
        except ValueError:
            return None
    return None


def _fields(text: bytes, encoding: str) -> dict[str, str]:
    pairs = parse_qsl(
        text.decode(encoding),
        keep_blank_values=True,
        encoding=encoding,
        errors="strict",
        max_num_fields=MOST_FIELDS,
    )
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
