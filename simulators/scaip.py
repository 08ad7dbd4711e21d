"""SCAIP bodies as the unit writes and reads them (SS 91100:2014, clauses on `mrq` and `mrs`)."""

from dataclasses import dataclass
from enum import Enum
from xml.sax.saxutils import escape

from defusedxml.ElementTree import fromstring

CONTENT_TYPE = "application/scaip+xml"
MAX_BODY_OCTETS = 1300
Fields = tuple[tuple[str, "str | tuple[tuple[str, str], ...]"], ...]
"""Tags in order, each with its text or with the tags inside it."""


class Verdict(Enum):
    """What a status number asks the unit to do."""

    DONE = "done"
    HOLD = "hold"
    """Send the same request again after 5-20 s."""
    ELSEWHERE = "elsewhere"
    """Try the second receiver."""
    REFUSED = "refused"
    """The request itself is wrong; sending it again cannot help."""


_VERDICTS = {
    0: Verdict.DONE,
    1: Verdict.REFUSED,
    2: Verdict.REFUSED,
    3: Verdict.REFUSED,
    4: Verdict.HOLD,
    5: Verdict.ELSEWHERE,
    6: Verdict.ELSEWHERE,
    7: Verdict.REFUSED,
    10: Verdict.REFUSED,
    99: Verdict.ELSEWHERE,
}


@dataclass(frozen=True, slots=True)
class Reply:
    """The parts of `mrs` that the unit acts on."""

    ref: str
    snu: int
    mre: int = 0
    number: str = ""
    heartbeat_min: int | None = None

    @property
    def verdict(self) -> Verdict:
        return _VERDICTS.get(self.snu, Verdict.ELSEWHERE)


def encode(fields: Fields) -> bytes:
    """Write `<mrq>` with the fields in the order given; ValueError over 1300 octets."""
    body = f"<mrq>{_written(fields)}</mrq>".encode()
    if len(body) > MAX_BODY_OCTETS:
        raise ValueError(f"the request has {len(body)} octets, SCAIP allows {MAX_BODY_OCTETS}")
    return body


def _written(fields: Fields) -> str:
    return "".join(
        f"<{tag}>{escape(value) if isinstance(value, str) else _written(value)}</{tag}>"
        for tag, value in fields
    )


def decode(body: bytes) -> Reply:
    """Read `<mrs>`; ValueError when it is not one or lacks `ref` or `snu`."""
    root = fromstring(body, forbid_dtd=True)
    values = {child.tag.lower(): (child.text or "").strip() for child in root}
    if root.tag.lower() != "mrs" or not values.keys() >= {"ref", "snu"}:
        raise ValueError(f"the receiver answered <{root.tag}> without ref or snu")
    interval = values.get("hbi")
    return Reply(
        ref=values["ref"],
        snu=int(values["snu"]),
        mre=int(values.get("mre") or 0),
        number=values.get("tnu", ""),
        heartbeat_min=int(interval) if interval else None,
    )
