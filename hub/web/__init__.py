"""The web process: pages and HTTP API for people. It tails the journal and sends commands by MQTT.

live.py      the fold of the journal, with each alarm's timeline and who waits for what
view.py      an alarm as one reader may see it; marks.py what is true of it, offers.py what they may
             do; tasks.py, incidents.py and ahead.py (coverage) do the same for theirs
access.py    one table: route x role; session.py who is asking
commands.py  a command out, its end back; stream.py server-sent events
api*.py      routes of the API; pages.py and plain_pages.py those of pages
"""
