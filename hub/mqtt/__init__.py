"""The hub's MQTT clients: a session that acknowledges by hand, a publisher that awaits its ack."""

from hub.mqtt.client import Login, Refused
from hub.mqtt.publisher import NotConfirmed, Publisher
from hub.mqtt.session import Arrived, ManualAckSession

__all__ = ["Arrived", "Login", "ManualAckSession", "NotConfirmed", "Publisher", "Refused"]
