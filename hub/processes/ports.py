"""Port 0 made real, once for the life of a hub: a part that starts again is found where it was, and
a SIP contact names its port before the first message.
"""

import socket

from hub.settings import HostPort, ListenSettings, Settings, host_and_port


def fixed(settings: Settings) -> Settings:
    """Return the settings with a free port wherever they let the system choose.

    Another program may take a port before the part binds it; the part then says so.
    """
    web = settings.web.model_copy(update={"bind": _one(settings.web.bind)})
    http = settings.http.model_copy(update={"bind": _one(settings.http.bind)})
    listeners = {id: _both(listen) for id, listen in settings.listeners.items()}
    return settings.model_copy(update={"web": web, "http": http, "listeners": listeners})


def _one(bind: HostPort) -> HostPort:
    host, port = host_and_port(bind)
    return bind if port else _with_port(bind, _free(host, udp=False))


def _both(listen: ListenSettings) -> ListenSettings:
    """Return one number for both transports where both may choose: SIP names one port for two."""
    if listen.udp is None or listen.tcp is None:
        alone = {"udp": listen.udp, "tcp": listen.tcp}
        return ListenSettings(**{k: None if v is None else _one(v) for k, v in alone.items()})
    if host_and_port(listen.udp)[1] or host_and_port(listen.tcp)[1]:
        return ListenSettings(udp=_one(listen.udp), tcp=_one(listen.tcp))
    port = _free(host_and_port(listen.tcp)[0], udp=True)
    return ListenSettings(udp=_with_port(listen.udp, port), tcp=_with_port(listen.tcp, port))


def _with_port(bind: HostPort, port: int) -> HostPort:
    return f"{bind.rpartition(':')[0]}:{port}"


def _free(host: str, *, udp: bool) -> int:
    """Return a port nobody has now, for TCP and if asked for UDP too. OSError for a foreign host."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    while True:
        with socket.socket(family) as tcp, socket.socket(family, socket.SOCK_DGRAM) as datagrams:
            tcp.bind((host, 0))
            port: int = tcp.getsockname()[1]
            try:
                if udp:
                    datagrams.bind((host, port))
            except OSError:
                continue
            return port
