"""ESPA 4.4.4, the serial protocol of nurse-call systems, over serial lines and TCP.

European Selective Paging Manufacturers' Association, "Proposal for serial data interface for paging
equipment" (publication 4.4.4, 1984). We are a station; the nurse-call system is the control
station, which selects us and sends its blocks.
"""

from adapters.espa444.config import Espa444Config
from adapters.espa444.decode import decode
from adapters.espa444.protocol import PROTOCOL
from adapters.espa444.session import Espa444Session

__all__ = ["PROTOCOL", "Espa444Config", "Espa444Session", "decode"]
