"""Baseline F: a subscriber that only forwards each message by HTTP, over one kept connection.

`python -m tests.bench.baseline PORT TOPIC URL`; the password is in VARDE_BENCH_PASSWORD. It prints
`ready` when it is subscribed. It stores nothing and acknowledges by itself.
"""

import os
import sys
from http.client import HTTPConnection
from typing import Any
from urllib.parse import urlsplit

import paho.mqtt.client as paho
from paho.mqtt.enums import CallbackAPIVersion


def main(port: int, topic: str, url: str) -> None:
    where = urlsplit(url)
    http = HTTPConnection(str(where.hostname), where.port)

    def forward(_: paho.Client, __: Any, message: paho.MQTTMessage) -> None:
        http.request("POST", where.path, message.payload, {"content-type": "application/json"})
        http.getresponse().read()

    def subscribe(client: paho.Client, *_: Any) -> None:
        client.subscribe(topic, qos=1)

    client = paho.Client(CallbackAPIVersion.VERSION2, "baseline", clean_session=False)
    client.username_pw_set("devices", os.environ["VARDE_BENCH_PASSWORD"])
    client.on_connect = subscribe
    client.on_subscribe = lambda *_: print("ready", flush=True)
    client.on_message = forward
    client.connect("127.0.0.1", port)
    client.loop_forever()


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2], sys.argv[3])
