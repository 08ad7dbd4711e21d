"""Any device whose messages on MQTT are JSON: topic pattern and field mapping in configuration."""

from adapters.generic.config import GenericConfig, TopicMapping
from adapters.generic.decode import decode
from adapters.generic.protocol import PROTOCOL
from adapters.generic.session import GenericSession

__all__ = ["PROTOCOL", "GenericConfig", "GenericSession", "TopicMapping", "decode"]
