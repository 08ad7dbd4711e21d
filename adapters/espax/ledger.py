"""What the ESPA-X adapter promises."""

from adapters.rules import Done, Exempt, Row, Rule

ESPAX: Row = {
    Rule.ANSWER: Done(
        "RSP 200 and IND.P-STARTED when every event of the request is durable; 503 for busy, 500 "
        "after 8 s",
        "espax/test_session.py::test_a_call_is_confirmed_only_after_it_is_durable",
    ),
    Rule.DEDUPE: Done(
        "key CP-PR-REF, window 30 min, over connections; 450 once it is durable",
        "espax/test_session.py::"
        "test_a_call_sent_again_is_a_duplicate_once_it_is_durable_and_the_same_event_before",
    ),
    Rule.UNKNOWN: Done(
        "unknown priorities and requests; bad headers and XML at once, then counted each minute; a "
        "call without login rings and is refused",
        "espax/test_session.py::test_a_request_that_nobody_knows_is_visible",
    ),
    Rule.SILENCE: Done(
        "a sign of life each minute; link.lost after 120 s without a word or 10 s without a "
        "connection",
        "espax/test_session.py::test_a_line_without_heartbeats_is_dead",
    ),
    Rule.CANCEL: Done(
        "P-STOP is `call.cleared` beside the call; the hub decides what it means",
        "espax/test_session.py::test_a_stop_is_told_beside_the_call_and_ends_the_process",
    ),
    Rule.RETAINED: Exempt(
        "times are local and without a zone, so they are not read: a late call is a call now"
    ),
    Rule.SEVERAL: Done(
        "every request of a frame, at most 16",
        "espax/test_session.py::test_several_calls_in_a_frame_are_all_told",
    ),
    Rule.FUZZ: Done(
        "any octets, mutations with the length repaired, any cut",
        "espax/test_fuzz.py::test_a_mutated_frame_with_a_right_length_is_never_silent",
    ),
    Rule.GOLDEN: Done(
        "tests/data/espax.json",
        "espax/test_golden.py::test_a_known_frame_says_what_its_description_says",
    ),
}
