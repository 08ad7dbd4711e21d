"""LoRaWAN: door sensors, buttons, occupancy and fall radars behind a network server.

Envelopes of ChirpStack v4 (chirpstack.io, "Event types"; `integration.proto`) and The Things Stack
v3 (thethingsindustries.com, "MQTT Server", "Data Formats"); payload octets of Milesight sensors
(github.com/Milesight-IoT/SensorDecoders), read here by the device's profile and never by the codec
that somebody has put into the network server.
"""

from adapters.lorawan.config import DeviceSettings, LorawanConfig
from adapters.lorawan.decode import decode
from adapters.lorawan.protocol import PROTOCOL
from adapters.lorawan.session import LorawanSession

__all__ = ["PROTOCOL", "DeviceSettings", "LorawanConfig", "LorawanSession", "decode"]
