"""The name of a policy version: a hash of what it says.

Alarms of the journal name versions by it, so a field that a later form of the hub has added counts
only where it says something: a policy of an earlier form keeps its name.
"""

import hashlib
from collections.abc import Mapping
from typing import Any

import msgspec

from routing.municipality import Policy

_ADDED: Mapping[str, Any] = {
    "informed": False,
    "role": None,
    "having": None,
    "when": None,
    "in_turn": False,
    "number": None,
    "relative_lease_s": None,
    "target_s": None,
    "handover_s": 300,
    "reopen_s": 3600,
    "check_after": 2,
    "check_within_s": 21_600,
    "then": None,
    "stay_s": 3600,
}
"""Fields that the first form did not have, with what they meant then."""


def version_of(policy: Policy) -> str:
    """Return the content hash by which alarms name a policy version: 16 hexadecimal digits."""
    said = _said(msgspec.to_builtins(policy))
    return hashlib.blake2b(msgspec.json.encode(said), digest_size=8).hexdigest()


def _said(value: Any) -> Any:
    if isinstance(value, dict):
        return {k: _said(v) for k, v in value.items() if k not in _ADDED or v != _ADDED[k]}
    return [_said(one) for one in value] if isinstance(value, list | tuple) else value
