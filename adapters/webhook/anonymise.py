"""The signed webhook without the person: only what the mapping reads is kept, ids replaced."""

from dataclasses import replace

from adapters.anonymous import Anonymised, NotAnonymous, Pseudonyms
from adapters.mapping import Mapping
from adapters.protocol import Payload
from adapters.pruned import pruned
from adapters.webhook.config import DISPENSER_EXAMPLE


def anonymise(payload: Payload, names: Pseudonyms) -> Anonymised:
    """Return the body by the payload's mapping, the example's without one; the address, which holds
    a secret, is left out. NotAnonymous as `pruned` says."""
    mapping = payload.mapping or DISPENSER_EXAMPLE
    if not isinstance(mapping, Mapping):
        raise NotAnonymous("a body whose mapping is not known")
    octets = pruned(mapping, payload.octets, names)
    return Anonymised((replace(payload, topic="", octets=octets),))
