"""Which embedded broker: nats-server unless Mosquitto is asked for, or is the only one here.

nats-server comes with pip and syncs each message before it acknowledges it, so a killed broker
loses nothing that it had taken; that costs 1.3 times Mosquitto's latency. Mosquitto may lose the
last one.
"""

from collections.abc import Callable, Sequence
from enum import StrEnum
from pathlib import Path

from hub.brokers.embedded import EmbeddedBroker
from hub.brokers.mosquitto import Mosquitto
from hub.brokers.nats import Nats
from hub.brokers.port import Account, BrokerMissing, Program


class Choice(StrEnum):
    """What the configuration may say under `embedded`."""

    AUTO = "auto"
    NATS = "nats"
    MOSQUITTO = "mosquitto"


def embedded(
    choice: Choice,
    *,
    folder: Path,
    accounts: Sequence[Account],
    host: str = "127.0.0.1",
    port: int | None = None,
) -> EmbeddedBroker:
    """Return the broker, not started yet; BrokerMissing when its program is not here."""
    program = _first_present(_CANDIDATES[choice])
    return EmbeddedBroker(program, folder=folder, accounts=accounts, host=host, port=port)


_CANDIDATES: dict[Choice, Sequence[Callable[[], Program]]] = {
    Choice.AUTO: (Nats, Mosquitto),
    Choice.NATS: (Nats,),
    Choice.MOSQUITTO: (Mosquitto,),
}


def _first_present(candidates: Sequence[Callable[[], Program]]) -> Program:
    missing = []
    for candidate in candidates:
        try:
            return candidate()
        except BrokerMissing as error:
            missing.append(str(error))
    raise BrokerMissing("; or ".join(missing))
