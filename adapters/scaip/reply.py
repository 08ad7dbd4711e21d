"""The answer `<mrs>` to a request (SS 91100:2014)."""

from xml.sax.saxutils import escape

from adapters.scaip.codes import Snu
from adapters.scaip.config import Speech


def build_mrs(
    ref: str, snu: Snu, *, speech: Speech | None = None, heartbeat_min: int | None = None
) -> bytes:
    """Return the XML of an answer; speech and heartbeat interval only go with `OK`."""
    parts = [("ref", ref), ("snu", str(int(snu)))]
    if snu is Snu.OK and speech is not None:
        parts += [("mre", str(speech.mode)), ("cre", f"{speech.callback:02}")]
        parts += [("tnu", speech.number)] if speech.number else []
    if snu is Snu.OK and heartbeat_min is not None:
        parts.append(("hbi", str(heartbeat_min)))
    inner = "".join(f"<{name}>{escape(text)}</{name}>" for name, text in parts)
    return f"<mrs>{inner}</mrs>".encode()
