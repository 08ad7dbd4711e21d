"""Alarm panels over ANSI/SIA DC-09: SIA-DCS and ADM-CID, plain or AES, UDP and TCP.

`StreamReader` cuts, `read_line` reads a frame, `read_content` what stands in it, `blocks` the
event codes, `Teller` makes events, `SiaDc09Session` holds the conversation. Sources: ANSI/SIA
DC-09-2013 (as its public review text quotes it), SIA DC-03 event codes, SIA DC-05 Contact ID, and
the test cases of pysiaalarm (eavanvalkenburg/pysiaalarm, MIT; facts only).
"""

from adapters.sia_dc09.config import SiaDc09Config
from adapters.sia_dc09.decode import decode
from adapters.sia_dc09.protocol import PROTOCOL
from adapters.sia_dc09.session import SiaDc09Session

__all__ = ["PROTOCOL", "SiaDc09Config", "SiaDc09Session", "decode"]
