"""Embedded MQTT brokers: a real broker as a child process, set up so that it keeps its promises."""
