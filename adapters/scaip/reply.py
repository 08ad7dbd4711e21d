"""The answer `<mrs>` to a request (SS 91100:2014)."""

from xml.sax.saxutils import escape

from adapters.scaip.codes import Snu
from adapters.scaip.config import Speech


def build_mrs(
    ref: str,
    snu: Snu,
    *,
    speech: Speech | None = None,
    silent: bool = False,
    heartbeat_min: int | None = None,
) -> bytes:
    """Return the XML of an answer; speech and heartbeat interval only go with `OK`. `silent` says
    that nobody will speak, which a unit that waits for a call should know."""
    parts = [("ref", ref), ("snu", str(int(snu)))]
    if snu is Snu.OK and speech is not None:
        parts += [("mre", str(speech.mode)), ("cre", f"{speech.callback:02}")]
        parts += [("tnu", speech.number)] if speech.number else []
    elif snu is Snu.OK and silent:
        parts.append(("mre", "0"))
    if snu is Snu.OK and heartbeat_min is not None:
        parts.append(("hbi", str(heartbeat_min)))
    inner = "".join(f"<{name}>{escape(text)}</{name}>" for name, text in parts)
    return f"<mrs>{inner}</mrs>".encode()
