"""The hub's own entities in Home Assistant (home-assistant.io/integrations/mqtt, MQTT discovery).

    entities.py    which entities there are, and what each of them says now
    discovery.py   how Home Assistant is told of them
    link.py        the connection, with its last will
    part.py        keeps the three together while the web process runs
    wire.py        makes it from the settings

Off unless the settings say `home_assistant`. Ids and numbers only: no name, no place, no note.
"""
