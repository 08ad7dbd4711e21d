"""Teltonika, as it is registered."""

from adapters.protocol import Wire
from adapters.teltonika.anonymise import anonymise
from adapters.teltonika.config import TeltonikaConfig
from adapters.teltonika.decode import decode
from adapters.teltonika.session import teltonika_session

PROTOCOL = Wire(
    TeltonikaConfig,
    lambda given: decode(given.octets, given.at, check_clock=given.judge_clock),
    lambda config, _site, _kept: teltonika_session(config),
    tcp=5027,
    binary=True,
    anonymise=anonymise,
)
