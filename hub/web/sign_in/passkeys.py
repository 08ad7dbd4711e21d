"""Proving a passkey (WebAuthn Level 3, https://www.w3.org/TR/webauthn-3/), by the library.

Discoverable credentials with user verification, so that a passkey alone is enough: the device says
whose it is, and asks its owner for a finger, a face or a code. Attestation is not asked for.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import msgspec
import webauthn
from fastapi import Request
from webauthn.helpers import options_to_json_dict, parse_authentication_credential_json
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    CredentialDeviceType,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from hub.directory.passkeys import Passkey
from hub.directory.sqlite import SqliteDirectory
from hub.web.site import Site
from routing.instant import Instant

NEW, USE = "passkey-new", "passkey-use"
_OURS = "Varde"
_REQUIRED = UserVerificationRequirement.REQUIRED
_PORTS = {"http": ":80", "https": ":443"}

Credential = dict[str, Any]
"""A PublicKeyCredential as `toJSON()` writes it (5.1)."""


class PasskeyRefused(Exception):
    """What came is no proof: forged, too old, of another site, or of a passkey we do not know."""


class PasskeyCopied(Exception):
    """Its counter went back: somebody has a copy (6.1.1)."""

    def __init__(self, passkey: Passkey) -> None:
        super().__init__(passkey.id)
        self.passkey = passkey


@dataclass(frozen=True)
class Place:
    """Where passkeys count: the relying party's id, and the origin of its pages."""

    rp_id: str
    origin: str


class _Asked(msgspec.Struct, frozen=True):
    """What was asked of an authenticator."""

    challenge: bytes
    person: str = ""
    handset: str = ""


def place_of(request: Request, site: Site) -> Place | None:
    """Return where a passkey counts, None where browsers have none: a bare network address, or
    plain HTTP elsewhere than on this machine (`localhost`)."""
    ours = site.public_url if site.secure else f"http://{request.headers.get('host', '')}"
    parts = urlsplit(ours)
    host = parts.hostname or ""
    if host != "localhost" and (not site.secure or _is_address(host)):
        return None
    return Place(host, f"{parts.scheme}://{parts.netloc.removesuffix(_PORTS[parts.scheme])}")


def _is_address(host: str) -> bool:
    return ":" in host or host.replace(".", "").isdigit()


class Proofs:
    """Asks authenticators and judges what they answer."""

    def __init__(self, directory: SqliteDirectory, place: Place) -> None:
        self._passkeys, self._pending = directory.passkeys, directory.pending
        self._place = place

    def ask_new(self, person: str, name: str, handset: str, at: Instant) -> tuple[str, object]:
        """Return a ticket and the options by which a browser makes a new passkey."""
        options = webauthn.generate_registration_options(
            rp_id=self._place.rp_id,
            rp_name=_OURS,
            user_id=self._passkeys.handle(person),
            user_name=name,
            user_display_name=name,
            authenticator_selection=AuthenticatorSelectionCriteria(
                resident_key=ResidentKeyRequirement.REQUIRED, user_verification=_REQUIRED
            ),
            exclude_credentials=[
                PublicKeyCredentialDescriptor(id=one.credential)
                for one in self._passkeys.of(person)
            ],
        )
        asked = _Asked(challenge=options.challenge, person=person, handset=handset)
        ticket = self._pending.begin(NEW, msgspec.json.encode(asked), at)
        return ticket, options_to_json_dict(options)

    def take_new(
        self,
        person: str,
        handset: str,
        ticket: str,
        made: Credential,
        *,
        name: str,
        at: Instant,
    ) -> None:
        """Keep the passkey that the person's browser made. PasskeyRefused, TooManyPasskeys."""
        asked = self._asked(NEW, ticket, at)
        if (asked.person, asked.handset) != (person, handset):
            raise PasskeyRefused
        with _judged():
            proven = webauthn.verify_registration_response(
                credential=made,
                expected_challenge=asked.challenge,
                expected_rp_id=self._place.rp_id,
                expected_origin=self._place.origin,
                require_user_verification=True,
            )
        if self._passkeys.with_credential(proven.credential_id) is not None:
            raise PasskeyRefused
        self._passkeys.add(
            person,
            proven.credential_id,
            proven.credential_public_key,
            proven.sign_count,
            name=name,
            handset=handset,
            at=at,
            synced=_is_synced(proven.credential_device_type),
        )

    def ask(self, at: Instant) -> tuple[str, object]:
        """Return a ticket and the options by which a browser lets anybody choose a passkey."""
        options = webauthn.generate_authentication_options(
            rp_id=self._place.rp_id, user_verification=_REQUIRED
        )
        asked = msgspec.json.encode(_Asked(challenge=options.challenge))
        return self._pending.begin(USE, asked, at), options_to_json_dict(options)

    def take(self, ticket: str, shown: Credential, at: Instant) -> Passkey:
        """Return the passkey that was shown. PasskeyRefused, PasskeyCopied."""
        asked = self._asked(USE, ticket, at)
        with _judged():
            parsed = parse_authentication_credential_json(shown)
        passkey = self._passkeys.with_credential(parsed.raw_id)
        if passkey is None or parsed.response.user_handle != self._passkeys.handle(passkey.person):
            raise PasskeyRefused
        with _judged():
            proven = webauthn.verify_authentication_response(
                credential=parsed,
                expected_challenge=asked.challenge,
                expected_rp_id=self._place.rp_id,
                expected_origin=self._place.origin,
                credential_public_key=passkey.public_key,
                # Compared below, after the signature is known to be good.
                credential_current_sign_count=0,
                require_user_verification=True,
            )
        if passkey.synced is False and _is_synced(proven.credential_device_type):
            raise PasskeyRefused  # what lives on one device stays there (7.2)
        if _went_back(proven.new_sign_count, passkey.sign_count):
            raise PasskeyCopied(passkey)
        self._passkeys.used(passkey.id, proven.new_sign_count, at)
        return passkey

    def _asked(self, what: str, ticket: str, at: Instant) -> _Asked:
        kept = self._pending.take(what, ticket, at)
        if kept is None:
            raise PasskeyRefused
        return msgspec.json.decode(kept, type=_Asked)


def _is_synced(kind: CredentialDeviceType) -> bool:
    """Whether there may be copies on other devices (backup eligible, 6.1.3)."""
    return kind is CredentialDeviceType.MULTI_DEVICE


def _went_back(count: int, last: int) -> bool:
    """Whether the counter is not above the last one; authenticators that do not count say 0."""
    return (count > 0 or last > 0) and count <= last


@contextmanager
def _judged() -> Iterator[None]:
    """What the library cannot read or does not believe is no proof."""
    try:
        yield
    except (WebAuthnException, ValueError, KeyError, TypeError, IndexError) as error:
        raise PasskeyRefused from error
