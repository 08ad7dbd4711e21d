"""The broker of one listener's own, where the settings name one."""

import os

from adapters.bridge.settings import Endpoint
from hub.secrets import Secrets
from hub.settings.whole import Settings


class OwnBrokerUnusable(Exception):
    """What the settings say of a listener's own broker cannot be used; the text says what to do."""


def endpoint(settings: Settings, secrets: Secrets, listener: str, shared: Endpoint) -> Endpoint:
    """Return where the devices of a listener publish: `shared` unless the settings say otherwise.

    OwnBrokerUnusable, and SecretUnsafe for a password that others can read.
    """
    said = settings.listeners.get(listener)
    if said is None or said.broker is None:
        return shared
    own = said.broker
    if own.ca_file is not None and not os.access(own.ca_file, os.R_OK):
        raise OwnBrokerUnusable(
            f"listeners.{listener}.broker.ca_file: {own.ca_file} cannot be read; name the PEM file "
            "of who signs the broker's certificate, or leave it out"
        )
    password = None if own.username is None else _password(secrets, listener)
    host, port = own.host_and_port
    return Endpoint(host, port, own.username, password, tls=own.tls, ca_file=own.ca_file)


def has_own_broker(settings: Settings, listener: str) -> bool:
    """Say whether a listener's devices publish elsewhere than on the devices' broker."""
    said = settings.listeners.get(listener)
    return said is not None and said.broker is not None


def _password(secrets: Secrets, listener: str) -> str:
    """It is given by whoever runs the broker, so it is never made here."""
    found = secrets.find(f"mqtt-{listener}")
    if found is None:
        raise OwnBrokerUnusable(
            f"listener {listener!r} signs in at its broker, and there is no secret "
            f"mqtt-{listener}: put the password there, of a cloud its API key"
        )
    return found
