"""Zigbee2MQTT: door, motion, smoke and water sensors, buttons and locks behind a Zigbee gateway.

Source: zigbee2mqtt.io, "MQTT Topics and Messages", "Device Availability" and the device pages.
"""

from adapters.zigbee2mqtt.config import Zigbee2mqttConfig
from adapters.zigbee2mqtt.decode import decode
from adapters.zigbee2mqtt.protocol import PROTOCOL
from adapters.zigbee2mqtt.session import Zigbee2mqttSession

__all__ = ["PROTOCOL", "Zigbee2mqttConfig", "Zigbee2mqttSession", "decode"]
