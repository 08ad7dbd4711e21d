"""Correlation: one small module per rule about what belongs together, what waits and what is muted.

    heard    an event with what is known of its device       judge    what it rings, or why not
    again    repeats and their throttle                      storm    many faults of one cause
    order    sequence numbers                                lasting  rings when nothing ends it
    muted    maintenance and pauses                          borders  zones and coming back
    doses    medication plans                                looks    planned digital supervision
    clocks   wrong device clocks                             silence  residents without protection
    frequent calls closed without a visit                    tested   test alarms
    objects  objections to location                          proof    no proven way to anybody
    activity homes that are too quiet (a part of presence)

Each is pure and remembers nothing itself: what it needs to know later is in `memory`, which
`remember` folds from facts, or waits as a `routing.watch.Watch`.
"""
