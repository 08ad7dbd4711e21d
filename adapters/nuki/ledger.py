"""What the Nuki adapter promises."""

from adapters.rules import Done, Exempt, Row, Rule

NUKI: Row = {
    Rule.ANSWER: Exempt(
        "locks hear nothing of events; the message is acknowledged to the broker when all is "
        "durable. What a lock is told has an end of its own: an event with the command's id "
        "(`nuki/test_commands.py`)"
    ),
    Rule.DEDUPE: Exempt(
        "there is no key; every topic is a level. The same octets on an unchanged lock within "
        "30 min give the same ids, since the broker may deliver them again"
    ),
    Rule.UNKNOWN: Done(
        "unknown states and actions; payloads that their topic does not carry",
        "nuki/test_golden.py::test_a_known_message_says_what_its_description_says",
    ),
    Rule.SILENCE: Done(
        "each message that says nothing else is a sign of life; the last will is link.lost",
        "nuki/test_session.py::test_the_last_will_and_the_way_back",
    ),
    Rule.CANCEL: Exempt("a lock has no press for help and no cancel"),
    Rule.RETAINED: Done(
        "kept at first sight is history; one that differs from what is known is news",
        "nuki/test_session.py::"
        "test_what_the_broker_kept_is_no_news_at_first_sight_and_no_sign_of_life",
    ),
    Rule.SEVERAL: Exempt("a message carries one value"),
    Rule.FUZZ: Done(
        "any octets and any numbers on every topic",
        "nuki/test_session.py::test_any_octets_are_survived",
    ),
    Rule.GOLDEN: Done(
        "tests/data/nuki.json",
        "nuki/test_golden.py::test_a_known_message_says_what_its_description_says",
    ),
}
