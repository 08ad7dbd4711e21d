"""Unsigned JSON over HTTP, as it is registered."""

from adapters.explained import explain
from adapters.generic_http.anonymise import anonymise
from adapters.generic_http.config import GenericHttpConfig
from adapters.generic_http.decode import GATEWAY_EXAMPLE, decode
from adapters.generic_http.session import GenericHttpSession
from adapters.mapping import Mapping
from adapters.protocol import Request, Site


def _session(config: GenericHttpConfig, site: Site) -> GenericHttpSession:
    return GenericHttpSession(config, site.secret(f"generic-http-{config.id}"))


PROTOCOL = Request(
    GenericHttpConfig,
    lambda given: decode(given.octets, given.at, mapping=given.mapping or GATEWAY_EXAMPLE),
    _session,
    mapping=Mapping,
    explain=lambda given: explain(given.mapping or GATEWAY_EXAMPLE, given.octets),
    anonymise=anonymise,
)
