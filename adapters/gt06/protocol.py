"""GT06, as it is registered."""

from adapters.gt06.anonymise import anonymise
from adapters.gt06.config import Gt06Config
from adapters.gt06.decode import decode
from adapters.gt06.session import gt06_session
from adapters.protocol import Wire

PROTOCOL = Wire(
    Gt06Config,
    lambda given: decode(given.octets, given.at, check_clock=given.judge_clock),
    lambda config, _site, _kept: gt06_session(config),
    tcp=5023,
    binary=True,
    anonymise=anonymise,
)
