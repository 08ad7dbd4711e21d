"""Two listeners cannot have one address: said before a hub ends its adapters to find it out."""

from collections.abc import Iterable, Iterator

from hub.cli.files import Unreadable
from hub.configuration.listeners import ListenerEntry
from hub.settings.address import host_and_port
from hub.settings.whole import Settings


def refuse_shared_addresses(settings: Settings, heard: Iterable[ListenerEntry]) -> None:
    """Unreadable for the first address that two listeners would bind: their protocol's usual one,
    or what the settings say."""
    taken: dict[tuple[str, str, int], str] = {}
    for entry in heard:
        for address in _addresses(settings, entry):
            other = taken.setdefault(address, entry.id)
            if other != entry.id:
                where = "{}:{}".format(*address[1:])
                raise Unreadable("check.same_address", one=other, two=entry.id, address=where)


def _addresses(settings: Settings, entry: ListenerEntry) -> Iterator[tuple[str, str, int]]:
    """Yield transport, host and port; port 0 is a free one each time."""
    listen = settings.listen(entry.id, entry.protocol)
    for transport, bind in (("udp", listen.udp), ("tcp", listen.tcp), ("tcp", listen.tls)):
        if bind is not None and (address := host_and_port(bind))[1]:
            yield (transport, *address)
