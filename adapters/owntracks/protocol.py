"""OwnTracks, as it is registered."""

from adapters.decoded import Decoded
from adapters.owntracks.anonymise import anonymise
from adapters.owntracks.config import OwntracksConfig
from adapters.owntracks.decode import decode
from adapters.owntracks.session import OwntracksSession
from adapters.protocol import Payload, Topic


def _decode(given: Payload) -> Decoded:
    return decode(
        given.octets,
        given.at,
        topic=given.topic,
        retained=given.retained,
        check_clock=given.judge_clock,
    )


PROTOCOL = Topic(
    OwntracksConfig,
    _decode,
    lambda config, _site: OwntracksSession(config),
    lambda config: [f"{config.base_topic}/#"],
    anonymise=anonymise,
)
