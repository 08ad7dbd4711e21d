"""How a record is stored: a row of seq, recorded_at, tag, version, body; lifted when it is read."""

from collections.abc import Mapping
from typing import NamedTuple

import msgspec

from hub.journal.port import JournalBroken, Record
from routing.facts import AnyFact, Upcaster, decode, encode
from routing.instant import Instant

Upcasters = Mapping[tuple[str, int], Upcaster]


class Row(NamedTuple):
    """A stored record. `body` is the fact as JSON, as its version wrote it."""

    seq: int
    recorded_at: Instant
    tag: str
    version: int
    body: bytes


def to_row(seq: int, at: Instant, fact: AnyFact) -> Row:
    """Return the row that stores the fact."""
    return Row(seq, at, str(fact.__struct_config__.tag), fact.VERSION, encode(fact))


def to_record(row: Row, upcasters: Upcasters) -> Record:
    """Return the stored record; JournalBroken when no version of this program wrote it."""
    try:
        fact = decode(row.body, row.version, upcasters)
    except msgspec.MsgspecError as error:
        raise JournalBroken(
            f"record {row.seq} ({row.tag} version {row.version}) cannot be read: {error}. "
            "Was it written by a newer version? Then run that one."
        ) from error
    return Record(row.seq, row.recorded_at, fact)
