"""The one bridge that does the I/O for every session: sockets, device-side MQTT and HTTP on one
side, the hub's broker on the other.

    sockets.py    WireSession     \
    topics.py     TopicSession     >  hub_link.py  ->  broker  ->  hub, and its confirms back
    requests.py   RequestSession  /

Everything runs in one asyncio loop, so nothing here is locked. `run.py` starts it from a
`BridgeSettings` (`settings.py`) and is the only place that knows all the parts.
"""
