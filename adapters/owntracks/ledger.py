"""What the OwnTracks adapter promises."""

from adapters.rules import Done, Exempt, Row, Rule

OWNTRACKS: Row = {
    Rule.ANSWER: Exempt(
        "the app hears only the broker; the message is acknowledged to the broker when all its "
        "events are durable"
    ),
    Rule.DEDUPE: Done(
        "key topic + payload digest, window 10 min",
        "owntracks/test_session.py::test_a_redelivered_message_is_the_same_event",
    ),
    Rule.UNKNOWN: Done(
        "unknown types and triggers; what is no JSON; encrypted messages once an hour",
        "owntracks/test_session.py::"
        "test_encrypted_messages_are_visible_once_an_hour_and_signs_of_life",
    ),
    Rule.SILENCE: Done(
        "every message that is not retained; the last will is `link.lost`",
        "owntracks/test_session.py::test_a_last_will_is_told_once_and_what_comes_next_restores",
    ),
    Rule.CANCEL: Exempt("the app has no cancel, and no SOS either but what is configured"),
    Rule.RETAINED: Done(
        "retained and old messages are history; a stale fix is an old position",
        "owntracks/test_session.py::test_a_retained_message_is_history_and_no_sign_of_life",
    ),
    Rule.SEVERAL: Done(
        "the trigger and the position of a location",
        "owntracks/test_session.py::test_a_trigger_says_its_kind",
    ),
    Rule.FUZZ: Done(
        "any message, any octets on any topic",
        "owntracks/test_session.py::test_any_message_gives_events_that_hold",
    ),
    Rule.GOLDEN: Done(
        "tests/data/owntracks.json",
        "owntracks/test_golden.py::test_a_known_message_says_what_its_description_says",
    ),
}
