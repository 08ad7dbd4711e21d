"""What the GT06 adapter promises."""

from adapters.rules import Done, Exempt, Row, Rule

GT06: Row = {
    Rule.ANSWER: Done(
        "type and serial when every event of the frame is durable, silence otherwise; a login and "
        "a time request at once, as they promise nothing",
        "gt06/test_session.py::test_a_press_is_answered_only_after_it_is_durable",
    ),
    Rule.DEDUPE: Done(
        "key IMEI + type + serial + content digest, window 10 min, over connections",
        "gt06/test_session.py::test_a_resend_keeps_its_id_on_the_same_and_on_a_new_connection",
    ),
    Rule.UNKNOWN: Done(
        "unknown alarms and types; wrong checksums with their reading, then counted each minute",
        "gt06/test_session.py::test_an_unknown_alarm_becomes_a_visible_event",
    ),
    Rule.SILENCE: Done(
        "logins, heartbeats and every frame that says nothing else",
        "gt06/test_session.py::test_voltage_and_fence_bits_of_a_heartbeat_are_no_zone_alarm",
    ),
    Rule.CANCEL: Exempt("the protocol has no cancel; a status without an alarm says nothing"),
    Rule.RETAINED: Done(
        "positions sent again, and what is older than the clock's tolerance, are history",
        "gt06/test_clock.py::test_old_positions_are_history_and_an_old_press_too",
    ),
    Rule.SEVERAL: Done(
        "the status bits and the alarm octet",
        "gt06/test_session.py::"
        "test_a_press_in_the_status_and_another_alarm_are_both_told_and_a_press_only_once",
    ),
    Rule.FUZZ: Done(
        "mutations and any type with the checksum repaired, any cut of the stream",
        "gt06/test_session.py::"
        "test_a_mutated_frame_with_a_right_checksum_never_raises_and_is_never_silent",
    ),
    Rule.GOLDEN: Done(
        "tests/data/gt06.json",
        "gt06/test_golden.py::test_a_known_frame_says_what_its_description_says",
    ),
}
