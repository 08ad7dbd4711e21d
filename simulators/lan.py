"""Trying the demonstration from a phone on the same network, and what that honestly means."""

import io
import socket

import segno

NOTICE = """\
--lan: the pages are now open to everybody on this network, over plain HTTP. That means:
  - what is shown and typed can be read by others on the network;
  - whoever has the address below can press the devices and sign in as the staff;
  - a phone will not install the page, will not get push messages and runs no service worker,
    because browsers allow these over HTTPS only: the page must stay open to ring.
Use it for trying with the fictional data of the demonstration only, and on a network you trust.
Devices, broker and journal stay on this machine."""


class NoNetwork(Exception):
    """This machine has no address that a phone could reach."""


def lan_address() -> str:
    """The address of this machine on its network; NoNetwork when it has none."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            # A datagram socket only asks the routing table; nothing is sent (RFC 5737 address).
            probe.connect(("192.0.2.1", 9))
        except OSError as problem:
            raise NoNetwork(
                f"--lan needs a network: this machine has no route ({problem})"
            ) from problem
        address = str(probe.getsockname()[0])
    if address.startswith("127."):
        raise NoNetwork("--lan needs a network: this machine knows only itself (127.0.0.1)")
    return address


def qr_code(url: str) -> str:
    """The URL as a QR code for a terminal."""
    drawn = io.StringIO()
    segno.make(url, error="m").terminal(drawn, compact=True)
    return drawn.getvalue()
