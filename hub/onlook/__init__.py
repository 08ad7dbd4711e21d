"""Looking on at what devices say to a running hub: live in a terminal, saved as a scenario, or as
an acceptance test that leads a person.

    link.py        the connection to the tap of the adapters process
    who.py         which device is meant, and who is registered
    lines.py       one thing that happened, as a line for a terminal
"""
