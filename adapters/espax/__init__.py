"""ESPA-X 1.00, the XML protocol of nurse-call systems over TCP. We are the server.

espa-x.org (namespace http://ns.espa-x.org/espa-x). Read of public clients of the protocol, since
real senders differ from the schema: nothing is validated with it.
"""

from adapters.espax.config import EspaXConfig
from adapters.espax.decode import decode
from adapters.espax.protocol import PROTOCOL
from adapters.espax.session import EspaXSession

__all__ = ["PROTOCOL", "EspaXConfig", "EspaXSession", "decode"]
