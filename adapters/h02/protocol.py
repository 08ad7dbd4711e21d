"""H02, as it is registered."""

from adapters.h02.anonymise import anonymise
from adapters.h02.config import H02Config
from adapters.h02.decode import decode
from adapters.h02.session import h02_session
from adapters.protocol import Wire

PROTOCOL = Wire(
    H02Config,
    lambda given: decode(given.octets, given.at, check_clock=given.judge_clock),
    lambda config, _site, _kept: h02_session(config),
    tcp=5013,
    anonymise=anonymise,
)
