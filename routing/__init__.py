"""The pure core of Varde: no I/O, no clock, no randomness, no logging.

    decide(state, input, at, ids) -> facts      what follows from an input, each with a named reason
    evolve(state, record) -> state              the only writer of state; replay calls nothing else
    owed(state, changed) -> sends               what should be under way because of the state
    next_due(state) -> instant | None           when the next deadline falls

Instants are UTC integer microseconds and ids are strings; both are passed in.
"""
