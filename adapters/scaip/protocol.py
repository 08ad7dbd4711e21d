"""SCAIP, as it is registered."""

from collections.abc import Mapping
from secrets import token_urlsafe

from adapters.protocol import Site, Wire
from adapters.scaip.anonymise import anonymise
from adapters.scaip.config import Credential, Limits, ScaipConfig
from adapters.scaip.decode import decode
from adapters.scaip.entry import ScaipEntry
from adapters.scaip.session import ScaipSession


def _session(entry: ScaipEntry, site: Site, kept: Mapping[str, str]) -> ScaipSession:
    return ScaipSession(_config(entry, site), kept)


def _config(entry: ScaipEntry, site: Site) -> ScaipConfig:
    # A device whose secret cannot be used is one that cannot prove itself, not one that need not:
    # its password is one that nobody knows. Its presses still ring, as unproven.
    credentials = {
        cid: Credential(password=token_urlsafe(32) if secret is None else secret)
        for cid, secret in site.secrets("scaip-").items()
    }
    return ScaipConfig(
        secret=site.secret(f"sip-{entry.id}").encode(),
        listener=entry.id,
        host=site.host,
        port=site.port,
        tls=site.tls,
        realm=entry.realm,
        credentials=credentials.get,
        require_auth=entry.require_auth,
        reply_style=entry.reply_style,
        heartbeat_min=entry.heartbeat_min,
        codes=entry.codes,
        sip_gateway=entry.sip_gateway,
        limits=Limits(connections=site.connections),
    )


PROTOCOL = Wire(
    ScaipEntry,
    lambda given: decode(given.octets, given.at),
    _session,
    udp=5060,
    tcp=5060,
    tls=5061,
    anonymise=anonymise,
)
