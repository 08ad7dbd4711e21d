"""ESPA-X, as it is registered."""

from collections.abc import Mapping
from secrets import token_hex

from adapters.espax.anonymise import anonymise
from adapters.espax.config import EspaXConfig
from adapters.espax.decode import decode
from adapters.espax.session import EspaXSession
from adapters.protocol import Site, Wire


def _session(config: EspaXConfig, site: Site, kept: Mapping[str, str]) -> EspaXSession:
    found = site.secrets(f"espax-{config.id}-")
    passwords = {user.casefold(): password for user, password in found.items()}
    return EspaXSession(config, passwords, lambda: token_hex(16), kept)


PROTOCOL = Wire(
    EspaXConfig,
    lambda given: decode(given.octets, given.at),
    _session,
    tcp=2023,
    told=True,
    anonymise=anonymise,
)
