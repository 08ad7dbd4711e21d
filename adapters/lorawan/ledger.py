"""What the LoRaWAN adapter promises."""

from adapters.rules import Done, Exempt, Row, Rule

LORAWAN: Row = {
    Rule.ANSWER: Exempt(
        "a sensor hears only its network server, which does not know of us; the message is "
        "acknowledged to the broker when all is durable. The Things Stack sends at QoS 0 only, and "
        "what is lost on that way is lost beyond repair"
    ),
    Rule.DEDUPE: Done(
        "key DevEUI + deduplicationId, or + session + frame counter, window 10 min; a fall by the "
        "radar's own number, window 60 min, until it has ended or the radar was restarted",
        "lorawan/test_session.py::test_a_transmission_that_comes_again_is_the_same_events",
    ),
    Rule.UNKNOWN: Done(
        "devices without a profile, unknown channels, values and ports; unreadable messages",
        "lorawan/test_session.py::test_an_unknown_channel_is_visible_and_hides_nothing_before_it",
    ),
    Rule.SILENCE: Done(
        "each transmission that says nothing else; the network's log is none",
        "lorawan/test_session.py::test_a_state_speaks_when_it_changes_and_is_a_sign_of_life_else",
    ),
    Rule.CANCEL: Done(
        "the end of a fall is `help.cancelled` beside it, and an end without a beginning is a fall",
        "lorawan/test_vs373.py::test_the_end_of_a_fall_that_was_not_heard_is_a_fall_and_its_cancel",
    ),
    Rule.RETAINED: Done(
        "what the server heard 10 min ago and a radar's stored alarms are history with their time",
        "lorawan/test_session.py::test_what_the_network_kept_for_long_is_history",
    ),
    Rule.SEVERAL: Done(
        "one event for each value that speaks, at most 16 with help first",
        "lorawan/test_session.py::test_several_things_in_a_frame_are_all_told",
    ),
    Rule.FUZZ: Done(
        "any octets of a sensor, any JSON, any message",
        "lorawan/test_fuzz.py::test_any_octets_of_a_sensor_are_survived_and_never_silent",
    ),
    Rule.GOLDEN: Done(
        "tests/data/lorawan.json",
        "lorawan/test_golden.py::test_a_known_message_says_what_its_description_says",
    ),
}
