"""What the hub's MQTT clients share: how to reach a broker, and paho set up the same way."""

import socket
from dataclasses import dataclass, field
from typing import Any

import paho.mqtt.client as paho
from paho.mqtt.enums import CallbackAPIVersion

WINDOW = 1000
KEEPALIVE_S = 20
RECONNECT_FIRST_S = 1
RECONNECT_LONGEST_S = 10
"""paho doubles the wait in between."""


class Refused(Exception):
    """The broker refused the sign-in or a subscription; the message says which and why."""


@dataclass(frozen=True, slots=True)
class Login:
    """How to reach a broker and sign in."""

    host: str
    port: int
    user: str | None = None
    password: str | None = field(default=None, repr=False)
    tls: bool = False


def make_client(
    login: Login, client_id: str, *, clean_session: bool, manual_ack: bool
) -> paho.Client:
    """Return a paho client for MQTT 3.1.1, not connected yet."""
    client = paho.Client(
        CallbackAPIVersion.VERSION2,
        client_id,
        clean_session=clean_session,
        manual_ack=manual_ack,
    )
    client.username_pw_set(login.user, login.password)
    client.reconnect_delay_set(RECONNECT_FIRST_S, RECONNECT_LONGEST_S)
    client.max_queued_messages_set(WINDOW)
    client.max_inflight_messages_set(WINDOW)
    client.on_socket_open = _no_delay
    if login.tls:
        client.tls_set()
    return client


def _no_delay(_: paho.Client, __: Any, opened: Any) -> None:
    """Without this a small packet waits for the acknowledgement of the one before (RFC 896)."""
    opened.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
