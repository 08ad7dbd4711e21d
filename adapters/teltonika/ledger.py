"""What the Teltonika adapter promises."""

from adapters.rules import Done, Exempt, Row, Rule

TELTONIKA: Row = {
    Rule.ANSWER: Done(
        "the number of records when every event of the frame is durable, silence otherwise; a "
        "login at once, as it promises nothing",
        "teltonika/test_session.py::"
        "test_a_frame_is_answered_with_its_count_only_after_all_of_it_is_durable",
    ),
    Rule.DEDUPE: Done(
        "key IMEI + time + event + digest of the record, window 60 min, over frames and "
        "connections",
        "teltonika/test_session.py::"
        "test_a_record_is_the_same_event_alone_and_among_others_and_on_a_new_connection",
    ),
    Rule.UNKNOWN: Done(
        "unknown events; broken records; codecs that are not read; wrong checksums",
        "teltonika/test_session.py::test_a_broken_record_is_visible_and_hides_no_press_before_it",
    ),
    Rule.SILENCE: Done(
        "logins, positions, and records that say nothing else",
        "teltonika/test_session.py::test_no_place_is_a_sign_of_life",
    ),
    Rule.CANCEL: Exempt("the protocol has no cancel; an alarm element of 0 says nothing"),
    Rule.RETAINED: Done(
        "records older than the clock's tolerance are history",
        "teltonika/test_session.py::test_old_records_are_history_and_an_old_press_is_told_as_one",
    ),
    Rule.SEVERAL: Done(
        "every record of a frame, every element that is an alarm; at most 32, help first",
        "teltonika/test_session.py::test_a_frame_of_many_presses_is_a_bounded_number_of_events",
    ),
    Rule.FUZZ: Done(
        "mutations and cuts with the checksum repaired, any cut of the stream",
        "teltonika/test_session.py::"
        "test_a_mutated_frame_with_a_right_checksum_never_raises_and_is_never_silent",
    ),
    Rule.GOLDEN: Done(
        "tests/data/teltonika.json",
        "teltonika/test_golden.py::test_a_known_frame_says_what_its_description_says",
    ),
}
