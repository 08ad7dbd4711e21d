"""The two long layouts that are built of parts: AZ735 (types 0x32, 0x33) and modules (0x70)."""

from adapters.gt06.content import Content, read_place, read_time
from adapters.gt06.frame import Frame
from routing.instant import SECOND

_AZ735_ALARM = 0x33
_GPS_MODULE, _EVENT_MODULE = 0x33, 0x2B


def read_az735(content: Content, frame: Frame) -> None:
    """Date, then parts with their length before them: GPS, cell, cells, Wi-Fi; then an alarm."""
    octets = frame.content
    read_time(content, octets)
    place = 6
    if len(octets) > 18 and octets[place]:
        read_place(content, octets[8:16], octets[16], octets[17:19])
        place += 12
    place += 1
    cell = octets[place] if place < len(octets) else 0
    place += cell + 1 if cell else 1
    for _ in ("cells", "Wi-Fi"):
        place += 1 + (octets[place] if place < len(octets) else 0)
    if frame.type == _AZ735_ALARM:
        if place < len(octets):
            content.extra = octets[place]
        else:
            content.broken.append("the frame ends before its alarm")


def read_modules(content: Content, frame: Frame) -> None:
    """Modules of type u16, length u16 and data; the one of GPS and the one of events are read."""
    octets, place = frame.content, 0
    while place + 4 <= len(octets):
        end = place + 4 + int.from_bytes(octets[place + 2 : place + 4])
        number, data = int.from_bytes(octets[place : place + 2]), octets[place + 4 : end]
        if end > len(octets):
            content.broken.append(f"module 0x{number:02x} is cut")
            return
        if number == _EVENT_MODULE and data:
            content.extra = data[0]
        elif number == _GPS_MODULE and len(data) >= 18:
            content.time = int.from_bytes(data[:4]) * SECOND
            read_place(content, data[7:15], data[15], data[16:18])
        place = end
