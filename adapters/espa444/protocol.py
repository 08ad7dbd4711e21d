"""ESPA 4.4.4, as it is registered. There is no usual TCP port: converters are set to one."""

from adapters.espa444.anonymise import anonymise
from adapters.espa444.config import Espa444Config
from adapters.espa444.decode import decode
from adapters.espa444.session import Espa444Session
from adapters.protocol import Wire

PROTOCOL = Wire(
    Espa444Config,
    lambda given: decode(given.octets, given.at),
    lambda config, _site, _kept: Espa444Session(config),
    tcp=4444,
    binary=True,
    told=True,
    anonymise=anonymise,
)
