"""Any device whose messages on MQTT are JSON: topic pattern and field mapping in configuration."""

from adapters.generic.config import GenericConfig, TopicMapping
from adapters.generic.decode import decode
from adapters.generic.session import GenericSession

__all__ = ["GenericConfig", "GenericSession", "TopicMapping", "decode"]
