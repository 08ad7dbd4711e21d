"""The web process: pages and HTTP API for people. It tails the journal and sends commands by MQTT.

live.py      the fold of the journal, with each alarm's timeline and who waits for what
view.py      an alarm as one reader may see it; timeline.py what happened, in words
access.py    one table: route x role; session.py who is asking
commands.py  a command out, its end back; stream.py server-sent events
"""
