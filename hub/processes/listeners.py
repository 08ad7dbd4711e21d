"""From the configured listeners to what the bridge runs: sessions with secrets and addresses."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from secrets import token_urlsafe

from pydantic import TypeAdapter

from adapters.bridge.settings import (
    Address,
    BridgeSettings,
    Endpoint,
    RequestListener,
    StreamLimits,
    TopicListener,
    WireListener,
)
from adapters.ev07b import Ev07bConfig, ev07b_session
from adapters.generic import GenericConfig, GenericSession
from adapters.scaip import Credential, Limits, ScaipConfig, ScaipSession
from adapters.session import WireSession
from adapters.webhook import WebhookConfig, WebhookSession, parse_secret
from adapters.zigbee2mqtt import Zigbee2mqttConfig, Zigbee2mqttSession
from hub.configuration.documents import ADAPTERS
from hub.configuration.listeners import ListenerEntry, ScaipEntry
from hub.journal.port import JournalReader
from hub.processes.logins import client_id
from hub.secrets import Secrets
from hub.settings import Settings, host_and_port

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
        requests = tuple(self._request(e) for e in entries if isinstance(e, WebhookConfig))
        topics = (GenericConfig, Zigbee2mqttConfig)
        return BridgeSettings(
            municipality=municipality,
            hub=hub,
            kept_dir=kept_dir,
            wires=tuple(self._wire(e) for e in entries if isinstance(e, ScaipEntry | Ev07bConfig)),
            topics=tuple(self._topic(e) for e in entries if isinstance(e, topics)),
            requests=requests,
            http=Address(*host_and_port(self._settings.http.bind)) if requests else None,
            client_id=client_id(self._secrets, municipality),
        )

    def _wire(self, entry: ScaipEntry | Ev07bConfig) -> WireListener:
        listen = self._settings.listen(entry.id, entry.protocol)
        udp, tcp = _address(listen.udp), _address(listen.tcp)
        limits = StreamLimits(listen.connections, listen.connections_per_host)
        if isinstance(entry, Ev07bConfig):
            config = entry
            return WireListener(entry.id, lambda _kept: ev07b_session(config), udp, tcp, limits)
        at = tcp or udp or _NOWHERE
        scaip = self._scaip(entry, at, Limits(connections=listen.connections))

        def session(kept: Mapping[str, str]) -> WireSession:
            return ScaipSession(scaip, kept)

        return WireListener(entry.id, session, udp, tcp, limits)

    def _scaip(self, entry: ScaipEntry, at: Address, limits: Limits) -> ScaipConfig:
        found = self._secrets.find_all("scaip-").items()
        # A device whose secret cannot be used is one that cannot prove itself, not one that need
        # not: its password is one that nobody knows. Its presses still ring, as unproven.
        credentials = {
            cid: Credential(password=token_urlsafe(32) if secret is None else secret)
            for cid, secret in found
        }
        return ScaipConfig(
            secret=self._secrets.secret(f"sip-{entry.id}").encode(),
            listener=entry.id,
            host=at.host,
            port=at.port,
            realm=entry.realm,
            credentials=credentials.get,
            require_auth=entry.require_auth,
            reply_style=entry.reply_style,
            heartbeat_min=entry.heartbeat_min,
            limits=limits,
        )

    def _topic(self, entry: GenericConfig | Zigbee2mqttConfig) -> TopicListener:
        if isinstance(entry, GenericConfig):
            return TopicListener(entry.id, GenericSession(entry), self._devices)
        return TopicListener(entry.id, Zigbee2mqttSession(entry), self._devices)

    def _request(self, entry: WebhookConfig) -> RequestListener:
        key = parse_secret(self._secrets.secret(f"webhook-{entry.id}"))
        return RequestListener(entry.id, WebhookSession(entry, [key]))


def _address(bind: str | None) -> Address | None:
    return None if bind is None else Address(*host_and_port(bind))


def device_topics(entries: Sequence[ListenerEntry]) -> list[str]:
    """Return the topic filters that devices may use on the hub's broker."""
    found = [f"{e.base_topic}/#" for e in entries if isinstance(e, Zigbee2mqttConfig)]
    for entry in entries:
        if isinstance(entry, GenericConfig):
            found += GenericSession(entry).subscriptions()
    return list(dict.fromkeys(found))
