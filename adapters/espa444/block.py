"""Reading a data block: `header STX id US value [RS id US value ...] ETX`.

Records come in any order, and any may be missing. Ids and codes are compared as integers. A space
or a second STX before a record is passed over, as real senders write them.
"""

from dataclasses import dataclass

from adapters.espa444.charset import Charset, text_of

STX, RS, US = b"\x02", b"\x1e", b"\x1f"
_ADDRESS, _TEXT, _BEEP, _CALL_TYPE, _TIMES, _PRIORITY, _STATUS, _SYSTEM = range(1, 9)
_KNOWN = range(1, 9)
_LONGEST_ADDRESS = 32
_MOST_ADDRESSES = 16


@dataclass(frozen=True, slots=True)
class Block:
    """What a block says. Codes that are no numbers are None, and then in `strange`."""

    header: int | None
    addresses: tuple[str, ...]
    text: str
    call_type: int | None
    priority: int | None
    status: int | None
    """What became of a call (record 7)."""
    system: int | None
    """What became of the system (record 8)."""
    strange: tuple[str, ...]
    """Short names of what nobody has described; never free text."""


def read_block(content: bytes, charset: Charset) -> Block | None:
    """Return what the octets between SOH and ETX say; None when they have no shape of a block."""
    header, found, body = content.partition(STX)
    if not found:
        return None
    strange: list[str] = []
    records: dict[int, list[bytes]] = {}
    for record in body.split(RS):
        name, split, value = record.lstrip(b"\x02 \r\n").partition(US)
        number = _number(name)
        if not split or number not in _KNOWN:
            strange.append("record" if number is None else f"record={number}")
        if split and number is not None:
            records.setdefault(number, []).append(value)
    head = _number(header)
    codes = {
        number: _code(records, number, strange)
        for number in (_CALL_TYPE, _PRIORITY, _STATUS, _SYSTEM)
    }
    texts = (text_of(value, charset) for value in records.get(_TEXT, ()))
    return Block(
        header=head,
        addresses=_addresses(records.get(_ADDRESS, [])),
        text=" ".join(text for text in texts if text),
        call_type=codes[_CALL_TYPE],
        priority=codes[_PRIORITY],
        status=codes[_STATUS],
        system=codes[_SYSTEM],
        strange=tuple(strange) if head is not None else ("header", *strange),
    )


def _addresses(values: list[bytes]) -> tuple[str, ...]:
    """A room of its own each; subjects hold letters, digits and what separates them."""
    texts = (text_of(value, Charset.LATIN_1)[:_LONGEST_ADDRESS] for value in values)
    return tuple(dict.fromkeys(text for text in texts if text))[:_MOST_ADDRESSES]


def _number(octets: bytes) -> int | None:
    text = octets.strip(b" \r\n\x00")
    return int(text) if text.isdigit() and len(text) <= 6 else None


def _code(records: dict[int, list[bytes]], number: int, strange: list[str]) -> int | None:
    values = [value for value in records.get(number, ()) if value.strip()]
    code = _number(values[0]) if values else None
    if values and code is None:
        strange.append(f"record={number} no number")
    return code
