"""What the SeTracker adapter promises."""

from adapters.rules import Done, Exempt, Row, Rule

SETRACKER: Row = {
    Rule.ANSWER: Done(
        "`AL`, `LK`, `TKQ` and the like when every event of the frame is durable, silence "
        "otherwise; a position expects no answer, so an SOS that only a position tells may be lost",
        "setracker/test_session.py::test_a_press_is_answered_only_after_it_is_durable",
    ),
    Rule.DEDUPE: Done(
        "key id + type + content digest, window 10 min, over connections; frames without a time "
        "count each time",
        "setracker/test_session.py::test_a_resend_keeps_its_id_on_the_same_and_on_a_new_connection",
    ),
    Rule.UNKNOWN: Done(
        "unknown alarm bits and types; an alarm that cannot be read is `help.automatic` too",
        "setracker/test_session.py::test_an_alarm_that_cannot_be_read_still_calls_somebody",
    ),
    Rule.SILENCE: Done(
        "heartbeats, positions and every frame that says nothing else",
        "setracker/test_session.py::test_the_same_heartbeat_later_is_another_sign_of_life",
    ),
    Rule.CANCEL: Exempt("the protocol has no cancel; a status without an alarm says nothing"),
    Rule.RETAINED: Done(
        "`UD2`, and what is older than the clock's tolerance, are history",
        "setracker/test_session.py::test_old_positions_are_history_and_an_old_press_too",
    ),
    Rule.SEVERAL: Done(
        "one event for each alarm bit",
        "setracker/test_golden.py::test_a_known_frame_says_what_its_description_says",
    ),
    Rule.FUZZ: Done(
        "mutations, any octets, any cut of the stream",
        "setracker/test_session.py::test_a_mutated_frame_never_raises_and_is_never_silent",
    ),
    Rule.GOLDEN: Done(
        "tests/data/setracker.json",
        "setracker/test_golden.py::test_a_known_frame_says_what_its_description_says",
    ),
}
