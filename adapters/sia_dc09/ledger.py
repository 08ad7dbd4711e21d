"""What the SIA DC-09 adapter promises."""

from adapters.rules import Done, Row, Rule

SIA_DC09: Row = {
    Rule.ANSWER: Done(
        "ACK (or DUH, where nothing is known) when every event of the frame is durable; silence "
        "for busy and failed; NAK at once, as it promises nothing",
        "sia_dc09/test_session.py::test_a_press_is_answered_only_after_it_is_durable",
    ),
    Rule.DEDUPE: Done(
        "key account + sequence + digest of the data, window 5 min, over transports",
        "sia_dc09/test_session.py::test_a_resend_keeps_its_id_over_transports_and_with_a_new_time",
    ),
    Rule.UNKNOWN: Done(
        "unknown codes and formats; wrong checksums, unopened and cut frames at once, then counted "
        "each minute by sender",
        "sia_dc09/test_session.py::test_an_unknown_code_is_visible_and_refused_once_durable",
    ),
    Rule.SILENCE: Done(
        "every link test (NULL) is a sign of life of its own",
        "sia_dc09/test_session.py::test_every_link_test_is_a_sign_of_life_of_its_own",
    ),
    Rule.CANCEL: Done(
        "a restoral is its own event beside the press",
        "sia_dc09/test_session.py::test_a_cancel_is_told_beside_the_press",
    ),
    Rule.RETAINED: Done(
        "blocks marked old are history with their time; an encrypted frame outside the window "
        "changes nothing, and help in it rings with its age",
        "sia_dc09/test_session.py::test_an_old_event_is_history_with_its_time",
    ),
    Rule.SEVERAL: Done(
        "one event for each code, at most 32 with help first",
        "sia_dc09/test_session.py::test_several_codes_in_a_frame_are_all_told_and_all_waited_for",
    ),
    Rule.FUZZ: Done(
        "any octets, mutations with the checksum repaired, any cut",
        "sia_dc09/test_fuzz.py"
        "::test_a_mutated_frame_with_a_right_checksum_is_survived_and_never_silent",
    ),
    Rule.GOLDEN: Done(
        "tests/data/sia_dc09.json",
        "sia_dc09/test_golden.py::test_a_known_frame_says_what_its_description_says",
    ),
}
