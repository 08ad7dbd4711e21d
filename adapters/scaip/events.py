"""What a request says, as canonical events. Nothing a sender chooses can break the event model."""

from adapters.fit import fit, raw_hex, subject
from adapters.scaip.body import Mrq, Status
from adapters.scaip.codes import Mty
from routing.event import Event, EventData, derive_id, make_event
from routing.instant import Instant
from routing.kinds import Kind

PROTOCOL = "scaip"
_TEXT, _CODE, _NOTE, _PLACE = 200, 64, 1000, 16
_MAX_CALLERS = 16


def device_subject(cid: str, user: str = "") -> str:
    """Return `scaip:<controller id>`, else the SIP user, else `scaip:unknown`."""
    return subject(PROTOCOL, cid or user)


def merged(before: EventData, now: EventData) -> EventData:
    """Return what an alarm's update says together with what was said before, the newer first: a
    unit tells only what is new."""
    said = now.model_dump(exclude_defaults=True, exclude={"position"})
    said |= {"code": before.code, "caller": tuple(dict.fromkeys((*now.caller, *before.caller)))}
    said |= {"position": now.position or before.position}
    if now.note and before.note and before.note not in now.note:
        said["note"] = fit(f"{now.note}; {before.note}", _NOTE)
    whole = before.model_copy(update=said)
    return before if whole == before else whole.model_copy(update={"update": True})


def data_of(mrq: Mrq, status: Status) -> EventData:
    """Return what one status of a request says beside its kind."""
    return EventData(
        code=fit(_code(mrq, status), _CODE),
        reference=fit(mrq.ref, _CODE) or None,
        part=fit(mrq.text("did"), _CODE) or None,
        location_code=fit(mrq.text("lco"), _PLACE) or None,
        location_text=fit(", ".join(filter(None, map(mrq.text, ("lte", "lva")))), _TEXT) or None,
        note=_note(mrq),
        caller=tuple(fit(text, _TEXT) for text in mrq.callers[:_MAX_CALLERS]),
        priority=mrq.priority,
        position=mrq.position,
        update=True if mrq.mty is Mty.UPDATE else None,
    )


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


def _code(mrq: Mrq, status: Status) -> str:
    parts = [
        f"stc={status.text}" if status.text else "",
        f"dty={mrq.dty_text}" if mrq.dty_text else "",
        f"mty={mrq.text('mty')}" if mrq.text("mty") else "",
    ]
    return " ".join(part for part in parts if part)


def _note(mrq: Mrq) -> str | None:
    texts = [text for text in map(mrq.text, ("stt", "ite", "dte")) if text]
    texts += [f"position of {mrq.position_time}"] if mrq.position_time else []
    return fit("; ".join(texts), _NOTE) or None


def codes_of(mrq: Mrq) -> str:
    """Return the codes of a request as one text."""
    return fit(_code(mrq, mrq.statuses[0]), _CODE)


def unproven_data(mrq: Mrq, status: Status, note: str) -> EventData:
    """Return what an unproven sender says, with our note and without numbers to call."""
    own = data_of(mrq, status)
    text = fit(f"{note}; {own.note}" if own.note else note, _NOTE)
    return own.model_copy(update={"note": text, "caller": ()})
