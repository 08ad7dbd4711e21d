"""EV-07B, as it is registered."""

from adapters.ev07b.anonymise import anonymise
from adapters.ev07b.config import Ev07bConfig
from adapters.ev07b.decode import decode
from adapters.ev07b.session import ev07b_session
from adapters.protocol import Wire

PROTOCOL = Wire(
    Ev07bConfig,
    lambda given: decode(given.octets, given.at, check_clock=given.judge_clock),
    lambda config, _site, _kept: ev07b_session(config),
    tcp=5050,
    binary=True,
    anonymise=anonymise,
)
