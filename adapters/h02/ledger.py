"""What the H02 adapter promises."""

from adapters.rules import Done, Exempt, Row, Rule

H02: Row = {
    Rule.ANSWER: Done(
        "`V4` with the type, or the heartbeat's own type, when every event of the frame is "
        "durable, silence otherwise; binary frames have no answer",
        "h02/test_session.py::test_a_press_is_answered_with_our_time_only_after_it_is_durable",
    ),
    Rule.DEDUPE: Done(
        "key id + frame digest, window 10 min, over connections; frames without a time count "
        "each time",
        "h02/test_session.py::test_a_resend_keeps_its_ids_on_the_same_and_on_a_new_connection",
    ),
    Rule.UNKNOWN: Done(
        "unknown types and places without a status once a day; what is no frame at once",
        "h02/test_session.py::test_what_is_not_understood_is_told_once",
    ),
    Rule.SILENCE: Done(
        "heartbeats, positions and every frame that says nothing else",
        "h02/test_session.py::test_heartbeats_get_their_own_type_back_and_count_each_time",
    ),
    Rule.CANCEL: Exempt("the protocol has no cancel; an SOS bit that is idle again says nothing"),
    Rule.RETAINED: Done(
        "what is older than the clock's tolerance is history, and tells only calls",
        "h02/test_session.py::test_old_frames_are_history_and_tell_only_calls",
    ),
    Rule.SEVERAL: Done(
        "one event for each status bit that is low; SOS has two bits and is one event",
        "h02/test_session.py::test_a_status_bit_that_is_low_says_its_kind",
    ),
    Rule.FUZZ: Done(
        "mutations, any octets, any cut of the stream",
        "h02/test_session.py::test_a_mutated_frame_never_raises_and_is_never_silent",
    ),
    Rule.GOLDEN: Done(
        "tests/data/h02.json",
        "h02/test_golden.py::test_a_known_frame_says_what_its_description_says",
    ),
}
