"""What a request says, as canonical events. Nothing a sender chooses can break the event model."""

from adapters.fit import fit, raw_hex, subject
from adapters.scaip.body import Mrq, Status
from routing.event import Event, EventData, derive_id, make_event
from routing.instant import Instant
from routing.kinds import Kind

PROTOCOL = "scaip"
_TEXT, _CODE, _NOTE, _PLACE = 200, 64, 1000, 16
_MAX_CALLERS = 16


def device_subject(cid: str, user: str = "") -> str:
    """Return `scaip:<controller id>`, else the SIP user, else `scaip:unknown`."""
    return subject(PROTOCOL, cid or user)


def request_event(
    mrq: Mrq, status: Status, kind: Kind, *, event_id: str, source: str, subject: str, at: Instant
) -> Event:
    """Return the event of one status of a request."""
    data = EventData(
        code=fit(_code(mrq, status), _CODE),
        reference=fit(mrq.ref, _CODE) or None,
        part=fit(mrq.text("did"), _CODE) or None,
        location_code=fit(mrq.text("lco"), _PLACE) or None,
        location_text=fit(mrq.text("lte") or mrq.text("lva"), _TEXT) or None,
        note=_note(mrq),
        caller=tuple(fit(text, _TEXT) for text in mrq.callers[:_MAX_CALLERS]),
        priority=mrq.priority,
        position=mrq.position,
    )
    return make_event(kind, id=event_id, source=source, subject=subject, received_at=at, data=data)


def undecodable_event(
    payload: bytes, reason: str, *, source: str, subject: str, at: Instant
) -> Event:
    """Return the visible trace of a frame that could not be read."""
    event_id = derive_id(PROTOCOL, subject, payload.hex(), at)
    data = EventData(note=fit(reason, _NOTE), raw=raw_hex(payload))
    return make_event(
        Kind.FRAME_UNDECODABLE,
        id=event_id,
        source=source,
        subject=subject,
        received_at=at,
        data=data,
    )


def unproven_event(
    ref: str, codes: str, *, source: str, subject: str, first_at: Instant, window: Instant
) -> Event:
    """Return the visible trace of a message whose sender never proved its identity."""
    event_id = derive_id(PROTOCOL, "unproven", subject, ref, first_at // window)
    note = "message without valid SIP digest: check the device's user name and password"
    data = EventData(code=fit(codes, _CODE) or None, reference=fit(ref, _CODE) or None, note=note)
    return make_event(
        Kind.DEVICE_UNKNOWN,
        id=event_id,
        source=source,
        subject=subject,
        received_at=first_at,
        data=data,
    )


def _code(mrq: Mrq, status: Status) -> str:
    parts = [
        f"stc={status.text}" if status.text else "",
        f"dty={mrq.dty_text}" if mrq.dty_text else "",
        f"mty={mrq.text('mty')}" if mrq.text("mty") else "",
    ]
    return " ".join(part for part in parts if part)


def _note(mrq: Mrq) -> str | None:
    texts = [text for text in map(mrq.text, ("stt", "ite", "dte")) if text]
    return fit("; ".join(texts), _NOTE) or None


def codes_of(mrq: Mrq) -> str:
    """Return the codes of a request as one text."""
    return _code(mrq, mrq.statuses[0])
