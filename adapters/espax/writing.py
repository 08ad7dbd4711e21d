"""Writing responses and indications."""

from collections.abc import Iterable
from xml.sax.saxutils import escape, quoteattr

from adapters.espax.message import Message
from routing.instant import Instant, to_rfc3339

_NAMESPACE = "http://ns.espa-x.org/espa-x"
OK, FORBIDDEN, NOT_LOGGED_IN, DUPLICATE = 200, 403, 407, 450
NOT_STORED, NOBODY, BAD_HEADER = 500, 503, 600
_REASONS = {
    200: "OK",
    403: "Forbidden",
    407: "Not logged in",
    450: "Duplicate",
    500: "Not stored, send again",
    503: "Nobody can be reached",
    600: "Invalid header",
    601: "Not wellformed",
    602: "Invalid",
}
"""407, 450 and 600-602 as public clients know them; 403, 500 and 503 are remembered."""
Fields = Iterable[tuple[str, str]]


def response(
    request: Message, session: str | None, code: int, at: Instant, more: Fields = ()
) -> str:
    """Return `<RSP.X>` for `REQ.X`."""
    name = f"RSP.{request.name.removeprefix('REQ.')}"
    fields = [("RSP-CODE", str(code)), ("RSP-REASON", _REASONS[code]), *more]
    return _document(name, _attributes(request.invoke_id, session), fields, at)


def indication(name: str, session: str | None, at: Instant, fields: Fields) -> str:
    """Return `<IND.X>`: what nobody has asked for."""
    return _document(f"IND.{name}", _attributes(None, session), fields, at)


def failure(code: int, at: Instant) -> str:
    """Return `<IND.ERROR>` for a frame in which no request could be read."""
    return indication("ERROR", None, at, [("RSP-CODE", str(code)), ("RSP-REASON", _REASONS[code])])


def _attributes(invoke_id: str | None, session: str | None) -> str:
    said = (("invokeID", invoke_id), ("sessionID", session))
    return "".join(f" {name}={quoteattr(value)}" for name, value in said if value is not None)


def _document(name: str, attributes: str, fields: Fields, at: Instant) -> str:
    body = "".join(f"<{field}>{escape(text)}</{field}>" for field, text in fields)
    stamp = to_rfc3339(at)[:19]
    return (
        f'<ESPA-X xmlns="{_NAMESPACE}" version="1.00" timestamp="{stamp}">'
        f"<{name}{attributes}>{body}</{name}></ESPA-X>"
    )
