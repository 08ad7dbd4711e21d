"""SIA DC-09, as it is registered."""

import logging
from collections.abc import Mapping
from os import urandom

from adapters.protocol import Site, Wire
from adapters.sia_dc09.anonymise import anonymise
from adapters.sia_dc09.config import SiaDc09Config
from adapters.sia_dc09.crypt import KeyWrong, keys_of
from adapters.sia_dc09.decode import decode
from adapters.sia_dc09.judge import Keys
from adapters.sia_dc09.session import SiaDc09Session

log = logging.getLogger(__name__)

_SECRETS = "sia-dc09-"
_NOBODYS = 32
"""Octets of a key that nobody knows."""


def keys_from(secrets: Mapping[str, str | None]) -> Keys:
    """Return the keys by account. One whose secret cannot be used gets a key nobody knows: it must
    not count as an account that needs none. Its calls for help still ring, as not proven."""
    found = {account.upper(): _keys(account, secret) for account, secret in secrets.items()}
    return lambda account: found.get(account, ())


def _keys(account: str, secret: str | None) -> list[bytes]:
    try:
        return keys_of(secret or "")
    except KeyWrong as error:
        log.error("secret %s%s: %s. Until then its frames cannot be read", _SECRETS, account, error)
        return [urandom(_NOBODYS)]


def _session(config: SiaDc09Config, site: Site, _kept: Mapping[str, str]) -> SiaDc09Session:
    return SiaDc09Session(config, keys_from(site.secrets(_SECRETS)), urandom)


PROTOCOL = Wire(
    SiaDc09Config,
    lambda given: decode(given.octets, given.at, check_clock=given.judge_clock, key=given.key),
    _session,
    udp=9090,
    tcp=9090,
    anonymise=anonymise,
)
