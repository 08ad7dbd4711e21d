"""LoRaWAN, as it is registered."""

from adapters.decoded import Decoded
from adapters.lorawan.anonymise import anonymise
from adapters.lorawan.config import LorawanConfig
from adapters.lorawan.decode import decode
from adapters.lorawan.session import LorawanSession
from adapters.protocol import Payload, Topic


def _decode(given: Payload) -> Decoded:
    return decode(
        given.octets,
        given.at,
        topic=given.topic,
        retained=given.retained,
        judges_age=given.judge_clock,
    )


PROTOCOL = Topic(
    LorawanConfig,
    _decode,
    lambda config, _site: LorawanSession(config),
    lambda config: config.filters,
    anonymise=anonymise,
)
