"""What the ESPA 4.4.4 adapter promises."""

from adapters.rules import Done, Exempt, Row, Rule

ESPA444: Row = {
    Rule.ANSWER: Done(
        "ACK when every event of the block is durable; NAK before the station's 15 s are over "
        "otherwise, and at once for busy and a wrong check character",
        "espa444/test_session.py::test_a_block_is_acknowledged_only_after_it_is_durable",
    ),
    Rule.DEDUPE: Done(
        "key room + block, window 60 s; up to 10 min for a block that was never acknowledged; "
        "anything else from the room begins anew",
        "espa444/test_session.py::test_a_block_repeated_after_a_lost_answer_is_one_call",
    ),
    Rule.UNKNOWN: Done(
        "unknown headers, records and codes beside the call; noise at once, then counted each "
        "minute; a wrong check character when it does not come again",
        "espa444/test_golden.py::test_a_known_block_says_what_its_description_says",
    ),
    Rule.SILENCE: Done(
        "a sign of life each minute; link.lost after 120 s of silence or 10 s without a line",
        "espa444/test_session.py::test_a_silent_line_is_dead_and_comes_back",
    ),
    Rule.CANCEL: Done(
        "a reset is `call.cleared` beside the call; the hub decides what it means",
        "espa444/test_session.py::test_after_a_reset_the_same_block_is_a_new_call",
    ),
    Rule.RETAINED: Exempt("the protocol has no time and no buffer: a late block is a call now"),
    Rule.SEVERAL: Done(
        "one event for each address of a block, at most 16",
        "espa444/test_golden.py::test_a_known_block_says_what_its_description_says",
    ),
    Rule.FUZZ: Done(
        "any octets, mutations with the check character repaired, any cut",
        "espa444/test_fuzz.py::test_a_mutated_block_with_a_right_check_character_is_never_silent",
    ),
    Rule.GOLDEN: Done(
        "tests/data/espa444.json",
        "espa444/test_golden.py::test_a_known_exchange_is_answered_as_it_was",
    ),
}
