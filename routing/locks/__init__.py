"""Doors that a person has opened or locked from here.

    facts    what is told of a command to a lock      book    the commands under way, and their fold
    act      who may, and what a wish becomes         answer  what the lock says, or its silence
    told     what adapters are to be told because of the state

A command belongs to an alarm or a visit and has an end: done, failed, or unknown when the lock has
said nothing in time. It is never begun late: the adapter does not begin it once it has expired.
"""
