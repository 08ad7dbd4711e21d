"""Any gateway that posts JSON and cannot sign it: a bearer token, and a mapping in configuration.

The weaker way: whoever reads the token once can send as the gateway. One that can sign uses the
signed webhook. RFC 6750, section 2.1 (`Authorization: Bearer`).
"""

from adapters.generic_http.config import GenericHttpConfig
from adapters.generic_http.decode import decode
from adapters.generic_http.protocol import PROTOCOL
from adapters.generic_http.session import GenericHttpSession

__all__ = ["PROTOCOL", "GenericHttpConfig", "GenericHttpSession", "decode"]
