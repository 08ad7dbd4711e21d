"""Addresses of the login: where the provider may be, and where its browser may go on to."""

import pytest

from hub.settings.sign_in import OidcSettings
from hub.web.sign_in.oidc_pages import own_path


@pytest.mark.parametrize(
    ("asked", "path"),
    [
        ("/tasks", "/tasks"),
        ("/alarms/fjordby-1?x=1", "/alarms/fjordby-1?x=1"),
        ("", "/"),
        ("tasks", "/"),
        ("//evil.example", "/"),
        ("///evil.example", "/"),
        ("/\\evil.example", "/"),
        ("/%09/evil.example", "/%09/evil.example"),
        ("/\t/evil.example", "/"),
        ("/x\r\nSet-Cookie: a=b", "/"),
        ("https://evil.example", "/"),
        ("javascript:alert(1)", "/"),
        ("/å", "/"),
    ],
)
def test_only_our_own_paths_are_gone_on_to(asked: str, path: str) -> None:
    assert own_path(asked) == path


@pytest.mark.parametrize(
    "issuer",
    ["http://login.example", "ftp://x", "https://u:p@x.example", "https://x.example?a", "login"],
)
def test_an_issuer_is_reached_by_https(issuer: str) -> None:
    with pytest.raises(ValueError, match="issuer"):
        OidcSettings(issuer=issuer, client_id="varde", name="ID")
