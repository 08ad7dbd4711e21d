"""The key by which a phone seals what waits in its outbox.

The same for a person at every sign-in, on every phone: what was pressed without a connection must
be read again after a session has ended. A phone keeps it as a key that no script can read out, and
gives it up with the session.
"""

import hashlib
import hmac
from base64 import urlsafe_b64encode

from fastapi import APIRouter, Response

from hub.web.access import SignedIn
from hub.web.answer import as_json
from hub.web.site import AskedSite

router = APIRouter()


@router.get("/api/outbox-key")
async def outbox_key(reader: SignedIn, site: AskedSite) -> Response:
    """Give the reader's own: `person`, and `key`, 32 octets as base64url."""
    made = hmac.new(site.zone_secret, b"outbox\n" + reader.person.encode(), hashlib.sha256)
    key = urlsafe_b64encode(made.digest()).decode().rstrip("=")
    return as_json({"person": reader.person, "key": key})
