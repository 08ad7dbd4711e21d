"""The state's checkpoints: the two newest are kept, each with a digest, so that a damaged one, or
one of another format, is told and the one before it is used.

    varde-state 2 <format of the snapshot> <seq> <sha256 of what follows>\\n<zlib of the snapshot>
"""

import zlib
from collections.abc import Iterable
from hashlib import sha256
from typing import NamedTuple

import msgspec

from hub.journal.port import Checkpoint, Cursor, JournalReader
from routing import snapshot
from routing.state import State

NAMES = ("state", "state.before")
"""Where the two are kept, in no order: the newer one is the one with the higher number."""
_MAGIC = b"varde-state"
_FRAME = 2
_LEVEL = 1
"""Of compression: alarms shrink to a tenth at ten times the speed of the best."""


class Unusable(Exception):
    """A checkpoint that is not to be trusted, and why."""


class Latest(NamedTuple):
    """The newest usable checkpoint's state, empty where there is none."""

    state: State
    refused: tuple[str, ...]
    """What is wrong with those that were not used."""


class Packer:
    """A checkpoint's body, made piece by piece: a hundred thousand alarms are more than 100 MB,
    which are never in memory at once. Takes a second for them; gives the interpreter's lock away
    meanwhile."""

    def __init__(self, seq: Cursor) -> None:
        self._seq = seq
        self._zlib = zlib.compressobj(_LEVEL)
        self._packed: list[bytes] = []

    def add(self, piece: bytes) -> None:
        """Take one line of the snapshot."""
        between = b"\n" if self._packed else b""
        self._packed.append(self._zlib.compress(between + piece))

    def body(self) -> bytes:
        """Return the body; nothing can be added after it."""
        packed = b"".join((*self._packed, self._zlib.flush()))
        return _head(snapshot.FORMAT, self._seq, packed) + packed


def pack(seq: Cursor, pieces: Iterable[bytes]) -> bytes:
    """Return a checkpoint's body, made at once."""
    packer = Packer(seq)
    for piece in pieces:
        packer.add(piece)
    return packer.body()


def check(kept: Checkpoint, journal: JournalReader) -> bytes:
    """Return the packed snapshot; Unusable when it is damaged or of another format, or when the
    journal does not go on from there."""
    head, _, packed = kept.body.partition(b"\n")
    magic, *rest = head.split(b" ")
    if magic != _MAGIC or len(rest) != 4 or rest[0] != b"%d" % _FRAME:
        raise Unusable("it was written by another version, or its beginning is damaged")
    form = rest[1]
    if head + b"\n" != _head(form.decode("ascii", "replace"), kept.seq, packed):
        raise Unusable("it is damaged: its digest does not fit")
    if form != b"%d" % snapshot.FORMAT:
        raise Unusable(f"its format is {form.decode()}, this version reads {snapshot.FORMAT}")
    if not journal.start() <= kept.seq <= journal.head():
        raise Unusable(f"the journal goes from {journal.start()} to {journal.head()}")
    return packed


def latest(journal: JournalReader) -> Latest:
    """Return the state of the newest usable checkpoint, or an empty one."""
    refused: list[str] = []
    for kept in checkpoints(journal):
        try:
            return Latest(_restore(check(kept, journal)), tuple(refused))
        except Unusable as error:
            refused.append(f"the checkpoint at record {kept.seq} is not used: {error}")
    return Latest(State(), tuple(refused))


def checkpoints(journal: JournalReader) -> list[Checkpoint]:
    """Return those that are kept, newest first."""
    found = [kept for name in NAMES if (kept := journal.load_checkpoint(name)) is not None]
    return sorted(found, key=lambda kept: -kept.seq)


def usable(journal: JournalReader) -> list[Checkpoint]:
    """Return those whose digest and format are right, newest first."""
    return [kept for kept in checkpoints(journal) if _is_usable(kept, journal)]


def next_name(journal: JournalReader) -> str:
    """Return the place of the next one: a free one, that of an unusable one, or the oldest's."""
    good = usable(journal)
    free = [name for name in NAMES if name not in {kept.name for kept in good}]
    return free[0] if free else good[-1].name


def _head(form: int | str, seq: Cursor, packed: bytes) -> bytes:
    what = f"{_MAGIC.decode()} {_FRAME} {form} {seq} "
    return f"{what}{sha256(what.encode() + packed).hexdigest()}\n".encode()


def _is_usable(kept: Checkpoint, journal: JournalReader) -> bool:
    try:
        check(kept, journal)
    except Unusable:
        return False
    return True


def _restore(packed: bytes) -> State:
    try:
        state = snapshot.restore(zlib.decompress(packed))
    except (zlib.error, msgspec.MsgspecError, KeyError) as error:
        raise Unusable(f"it cannot be read: {error}") from error
    if state is None:
        raise Unusable("its snapshot is of another format")
    return state
