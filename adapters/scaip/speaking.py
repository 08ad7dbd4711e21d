"""What an answer says about speech: the number that the alarm's policy names, as the unit dials it.

A unit says by `crd` how it can be spoken with: `gsm:`, `sip:`, `sip-pp:`, or `no-voice:` for not at
all. The number goes to it in the same form. What the policy does not say (duplex or one way) is the
device's own setting.
"""

import re
from dataclasses import replace

from adapters.scaip.body import Mrq
from adapters.scaip.config import ScaipConfig, Speech
from adapters.scaip.meaning import is_call_for_help
from adapters.session import Speak

NUMBER_IN_TNU = 62
"""cre: the unit calls the number in `tnu`."""
_NO_VOICE = "no-voice"
_SIP = ("sip", "sip-pp", "sips")


def speech_of(config: ScaipConfig, mrq: Mrq, speak: Speak | None) -> Speech | None:
    """Return what to say about speech with a confirmed request's sender; None for no speech."""
    schemes = [caller.partition(":")[0].strip().lower() for caller in mrq.callers]
    voices = [scheme for scheme in schemes if scheme != _NO_VOICE]
    if not is_call_for_help(mrq) or (schemes and not voices):
        return None
    own = config.speech_for(mrq.cid)
    number = None if speak is None else _number(config, speak.number, voices)
    if number is None:
        return own
    return replace(own or Speech(), callback=NUMBER_IN_TNU, number=number)


def _number(config: ScaipConfig, number: str, voices: list[str]) -> str | None:
    """Write a telephone number for a unit; None for one that cannot reach it."""
    digits = re.sub(r"[^0-9+]", "", number)
    if not voices or any(scheme not in _SIP for scheme in voices):
        return f"gsm:{digits}"
    return None if config.sip_gateway is None else f"sip:{digits}@{config.sip_gateway}"
