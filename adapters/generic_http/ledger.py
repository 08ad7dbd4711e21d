"""What the adapter of unsigned JSON over HTTP promises."""

from adapters.rules import Done, Exempt, Row, Rule

GENERIC_HTTP: Row = {
    Rule.ANSWER: Done(
        "200 goes with the events, so the bridge sends it when all are durable, and 503 otherwise",
        "generic_http/test_session.py::test_a_believed_body_is_events_and_their_answer",
    ),
    Rule.DEDUPE: Done(
        "the value at the mapping's `dedupe` path, or `Idempotency-Key`, window 10 min by default; "
        "without either, merged by the hub",
        "generic_http/test_session.py::test_a_repeated_key_is_the_same_event_and_none_is_merged",
    ),
    Rule.UNKNOWN: Done(
        "unknown values and believed bodies that cannot be read; others are only a 401",
        "generic_http/test_session.py::test_a_believed_body_that_cannot_be_read_is_visible",
    ),
    Rule.SILENCE: Done(
        "what the mapping calls device.alive, and `otherwise: device.alive`",
        "generic_http/test_session.py::test_a_believed_body_is_events_and_their_answer",
    ),
    Rule.CANCEL: Exempt("the mapping says what a cancel is, and the hub what it means"),
    Rule.RETAINED: Exempt(
        "nothing in a call tells an old one from a new: the mapping's time is shown with its age"
    ),
    Rule.SEVERAL: Done(
        "a list, the items at `each`, and every rule that matches",
        "generic_http/test_session.py::test_a_believed_body_is_events_and_their_answer",
    ),
    Rule.FUZZ: Done(
        "any believed octets",
        "generic_http/test_session.py::test_any_believed_octets_give_events_that_hold",
    ),
    Rule.GOLDEN: Exempt("there is no maker whose payloads could be known beforehand"),
}
