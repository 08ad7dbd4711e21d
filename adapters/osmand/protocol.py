"""OsmAnd over HTTP, as it is registered."""

from adapters.osmand.anonymise import anonymise
from adapters.osmand.config import OsmandConfig
from adapters.osmand.decode import decode
from adapters.osmand.session import OsmandSession
from adapters.protocol import Request, Site


def _session(config: OsmandConfig, site: Site) -> OsmandSession:
    return OsmandSession(config, site.secret(f"osmand-{config.id}"))


PROTOCOL = Request(
    OsmandConfig,
    lambda given: decode(given.octets, given.at, check_clock=given.judge_clock),
    _session,
    methods=("GET", "POST"),
    anonymise=anonymise,
)
