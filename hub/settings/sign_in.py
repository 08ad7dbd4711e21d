"""Settings of signing in with the municipality's own login (OpenID Connect)."""

from typing import Annotated
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field, StringConstraints

from hub.configuration.entry import Entry
from hub.configuration.scalars import bad

LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})


def _issuer(value: str) -> str:
    """An address without user, query or fragment (Discovery 1.0, 3)."""
    try:
        parts = urlsplit(value)
        sound = parts.port != 0 and not parts.query and not parts.fragment
    except ValueError:
        raise bad("bad_url", value) from None
    safe = parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in LOOPBACK)
    if not (sound and safe and parts.hostname and parts.username is None and value.isprintable()):
        raise bad("bad_url", value)
    return value


Issuer = Annotated[str, Field(max_length=300), AfterValidator(_issuer)]
"""As the provider writes itself, to the letter; without TLS on this machine only."""


class OidcSettings(Entry):
    """A provider with which people sign in. Our secret there is the secret `oidc-client`; without
    one we are a public client (PKCE is used either way)."""

    issuer: Issuer
    client_id: str = Field(min_length=1, max_length=300)
    name: str = Field(min_length=1, max_length=60)
    """What the button says: `Log in with <name>`."""
    claim: str = Field(default="sub", min_length=1, max_length=100)
    """Which claim of the ID token says who it is; one that its person cannot change."""
    people: dict[str, str] = Field(default_factory=dict)
    """The claim's value to the person's id here; nobody else gets in. Without any, the value itself
    is the person's id."""
    scopes: tuple[Annotated[str, StringConstraints(pattern=r"^[!#-\[\]-~]+$")], ...] = ("openid",)
    """`openid` is always asked for (OpenID Connect Core 1.0, 3.1.2.1)."""
