"""What the OsmAnd adapter promises."""

from adapters.rules import Done, Exempt, Row, Rule

OSMAND: Row = {
    Rule.ANSWER: Done(
        "200 goes with the events, so the bridge sends it when all are durable, and 503 otherwise",
        "../simulators/test_osmand_phone.py::"
        "test_a_press_is_sent_again_until_it_is_durable_and_stays_one_event",
    ),
    Rule.DEDUPE: Done(
        "key id + time + place + alarms of a report, window 10 min; without a time each counts",
        "osmand/test_session.py::test_a_call_that_is_repeated_is_the_same_events",
    ),
    Rule.UNKNOWN: Done(
        "unknown alarms; believed calls that cannot be read or name nobody; others only get 404",
        "osmand/test_session.py::test_what_cannot_be_read_is_visible_and_kept",
    ),
    Rule.SILENCE: Done(
        "every report is a position or a sign of life",
        "osmand/test_golden.py::test_a_known_call_says_what_its_description_says",
    ),
    Rule.CANCEL: Exempt("the protocol has no cancel, nor has the app"),
    Rule.RETAINED: Done(
        "reports older than the clock's tolerance are history",
        "osmand/test_session.py::test_what_was_kept_is_history_and_an_old_press_too",
    ),
    Rule.SEVERAL: Done(
        "every word of `alarm`, every report of a list; at most 100 reports, 32 events of each",
        "osmand/test_session.py::test_many_alarms_in_a_report_are_bounded",
    ),
    Rule.FUZZ: Done(
        "any JSON, any fields, any octets",
        "osmand/test_session.py::test_any_json_gives_events_that_hold",
    ),
    Rule.GOLDEN: Done(
        "tests/data/osmand.json",
        "osmand/test_golden.py::test_a_known_call_says_what_its_description_says",
    ),
}
