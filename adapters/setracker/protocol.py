"""SeTracker, as it is registered."""

from adapters.protocol import Wire
from adapters.setracker.anonymise import anonymise
from adapters.setracker.config import SetrackerConfig
from adapters.setracker.decode import decode
from adapters.setracker.session import setracker_session

PROTOCOL = Wire(
    SetrackerConfig,
    lambda given: decode(given.octets, given.at, check_clock=given.judge_clock),
    lambda config, _site, _kept: setracker_session(config),
    tcp=5093,
    anonymise=anonymise,
)
