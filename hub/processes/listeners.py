"""From the configured listeners to what the bridge runs: sessions with secrets and addresses."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from pydantic import TypeAdapter

from adapters.bridge.settings import (
    Address,
    BridgeSettings,
    Endpoint,
    RequestListener,
    SerialPort,
    StreamLimits,
    TlsAddress,
    TopicListener,
    WireListener,
)
from adapters.bridge.tls import CertificateFiles
from adapters.protocol import Request, Site, Topic, Wire
from adapters.protocols import PROTOCOLS
from adapters.session import WireSession
from hub.configuration.documents import ADAPTERS
from hub.configuration.listeners import ListenerEntry
from hub.journal.port import JournalReader
from hub.processes.logins import client_id
from hub.processes.own_broker import endpoint
from hub.secrets import Secrets, SecretUnsafe
from hub.settings.address import host_and_port
from hub.settings.listeners import ListenSettings, SerialSettings
from hub.settings.whole import Settings

_NOWHERE = Address("127.0.0.1", 0)
"""Of a listener without addresses, which `BridgeSettings` refuses in words."""
_ENTRIES: TypeAdapter[tuple[ListenerEntry, ...]] = TypeAdapter(tuple[ListenerEntry, ...])


def configured(journal: JournalReader) -> tuple[ListenerEntry, ...]:
    """Return the listeners that the journal's configuration names."""
    return _ENTRIES.validate_json(journal.document(*ADAPTERS) or b"[]")


class Listeners:
    """Makes bridge settings for one municipality's listeners."""

    def __init__(self, settings: Settings, secrets: Secrets, devices: Endpoint) -> None:
        self._settings, self._secrets, self._devices = settings, secrets, devices

    def bridge(
        self, municipality: str, hub: Endpoint, entries: tuple[ListenerEntry, ...], kept_dir: Path
    ) -> BridgeSettings:
        """Return everything the bridge needs. SecretUnsafe when a listener's secret is not safe."""
        spoken = [(entry, PROTOCOLS[entry.protocol]) for entry in entries]
        requests = tuple(self._request(e, p) for e, p in spoken if isinstance(p, Request))
        return BridgeSettings(
            municipality=municipality,
            hub=hub,
            kept_dir=kept_dir,
            wires=tuple(self._wire(e, p) for e, p in spoken if isinstance(p, Wire)),
            topics=tuple(self._topic(e, p) for e, p in spoken if isinstance(p, Topic)),
            requests=requests,
            http=Address(*host_and_port(self._settings.http.bind)) if requests else None,
            client_id=client_id(self._secrets, municipality),
        )

    def _wire(self, entry: ListenerEntry, protocol: Wire[ListenerEntry]) -> WireListener:
        listen = self._settings.listen(entry.id, entry.protocol)
        udp, tcp = _address(listen.udp), _address(listen.tcp)
        limits = StreamLimits(listen.connections, listen.connections_per_host)
        tls = _tls(listen)
        known = tcp or udp or (tls.address if tls else _NOWHERE)
        site = Site(
            self._secrets.secret,
            self._secrets.find_all,
            known.host,
            known.port,
            connections=listen.connections,
            tls=(tls.address.host, tls.address.port) if tls else None,
        )

        def session(kept: Mapping[str, str]) -> WireSession:
            return protocol.session(entry, site, kept)

        serial = _serial(listen.serial)
        return WireListener(entry.id, session, udp, tcp, limits, tls, serial)

    def _topic(self, entry: ListenerEntry, protocol: Topic[ListenerEntry]) -> TopicListener:
        broker = endpoint(self._settings, self._secrets, entry.id, self._devices)
        return TopicListener(entry.id, protocol.session(entry, self._site()), broker)

    def _request(self, entry: ListenerEntry, protocol: Request[ListenerEntry]) -> RequestListener:
        try:
            session = protocol.session(entry, self._site())
        except ValueError as error:  # a secret that is there and too short
            raise SecretUnsafe(f"listener {entry.id!r} cannot use its secret: {error}") from error
        return RequestListener(entry.id, session, protocol.methods)

    def _site(self) -> Site:
        return Site(self._secrets.secret, self._secrets.find_all)


def _address(bind: str | None) -> Address | None:
    return None if bind is None else Address(*host_and_port(bind))


def _tls(listen: ListenSettings) -> TlsAddress | None:
    """The settings have made sure that certificate and key are there."""
    if listen.tls is None or listen.certificate is None or listen.key is None:
        return None
    files = CertificateFiles(listen.certificate, listen.key, listen.client_ca)
    return TlsAddress(Address(*host_and_port(listen.tls)), files)


def _serial(line: SerialSettings | None) -> SerialPort | None:
    if line is None:
        return None
    parity = line.parity[0].upper()
    return SerialPort(line.port, line.baud, line.bits, parity, line.stop_bits)


def device_topics(entries: Sequence[ListenerEntry]) -> list[str]:
    """Return the topic filters that devices may use on the hub's broker."""
    spoken = [(entry, PROTOCOLS[entry.protocol]) for entry in entries]
    found = [filters for e, p in spoken if isinstance(p, Topic) for filters in p.topics(e)]
    return list(dict.fromkeys(found))
