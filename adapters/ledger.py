"""The quality ledger: what each adapter promises, and the test that holds it to it.

Every rule has an entry for every protocol: done, with the test that shows it, or exempt, with the
reason. `docs/devices/ledger.md` is `render()`; `tests/adapters/test_ledger.py` holds both true."""

from collections.abc import Mapping

from adapters.espa444.ledger import ESPA444
from adapters.espax.ledger import ESPAX
from adapters.generic_http.ledger import GENERIC_HTTP
from adapters.gt06.ledger import GT06
from adapters.h02.ledger import H02
from adapters.lorawan.ledger import LORAWAN
from adapters.nuki.ledger import NUKI
from adapters.osmand.ledger import OSMAND
from adapters.owntracks.ledger import OWNTRACKS
from adapters.rules import Done, Exempt, Row, Rule
from adapters.setracker.ledger import SETRACKER
from adapters.sia_dc09.ledger import SIA_DC09
from adapters.teltonika.ledger import TELTONIKA

__all__ = ["LEDGER", "Done", "Exempt", "Rule", "render"]

_SCAIP: Row = {
    Rule.ANSWER: Done(
        "`<mrs>` with snu 0 after durable; hold, busy or nothing otherwise",
        "scaip/test_conversation.py::test_a_press_is_accepted_then_answered_by_a_new_message"
        "_after_the_commit",
    ),
    Rule.DEDUPE: Done(
        "key cid + ref + mty + stc + dty, window 30 min",
        "scaip/test_conversation.py::test_after_half_an_hour_the_same_reference_is_a_new_press",
    ),
    Rule.UNKNOWN: Done(
        "the code is carried, or means what is configured; a body that is no XML is an event",
        "scaip/test_meaning.py::test_an_unknown_code_is_carried",
    ),
    Rule.SILENCE: Done(
        "every heartbeat is a sign of life",
        "scaip/test_conversation.py::"
        "test_every_heartbeat_is_a_sign_of_life_even_with_one_reference",
    ),
    Rule.CANCEL: Done(
        "a reset is its own event beside the press",
        "scaip/test_conversation.py::test_a_reset_reuses_the_reference_and_is_its_own_event",
    ),
    Rule.RETAINED: Exempt(
        "SIP keeps nothing; a unit that buffers sends its press late, and it rings"
    ),
    Rule.SEVERAL: Done(
        "one event for each status",
        "scaip/test_meaning.py::test_one_frame_with_several_statuses_reports_all",
    ),
    Rule.FUZZ: Done(
        "any cut, any mutation of a body",
        "scaip/test_properties.py::test_mutations_never_raise_and_a_session_goes_on",
    ),
    Rule.GOLDEN: Done("tests/data/scaip.json", "scaip/test_golden.py::test_payload"),
}

_EV07B: Row = {
    Rule.ANSWER: Done(
        "7F0100 when every event of the frame is durable; silence otherwise, as there is no busy",
        "ev07b/test_session.py::test_a_press_is_answered_only_after_it_is_durable",
    ),
    Rule.DEDUPE: Done(
        "key IMEI + frame index + content digest, window 10 min, over connections",
        "ev07b/test_session.py::test_a_resend_keeps_its_id_on_the_same_and_on_a_new_connection",
    ),
    Rule.UNKNOWN: Done(
        "unknown alarm bits, items and types; wrong checksums at once, then counted each minute",
        "ev07b/test_session.py::test_an_unknown_alarm_becomes_a_visible_event",
    ),
    Rule.SILENCE: Done(
        "a data frame without an alarm is a position or a sign of life",
        "ev07b/test_golden.py::test_a_known_frame_says_what_its_description_says",
    ),
    Rule.CANCEL: Done(
        "SOS ended is `help.cancelled` beside the press; the hub decides what it means",
        "ev07b/test_session.py::test_sos_ended_is_told_beside_the_press",
    ),
    Rule.RETAINED: Done(
        "frames with the archived bit are history",
        "ev07b/test_session.py::test_an_archived_press_is_history_and_its_old_time_no_fault",
    ),
    Rule.SEVERAL: Done(
        "one event for each alarm bit",
        "ev07b/test_session.py::test_several_alarms_in_a_frame_are_all_told_and_all_waited_for",
    ),
    Rule.FUZZ: Done(
        "mutations with the checksum repaired, any cut of the stream",
        "ev07b/test_session.py::"
        "test_a_mutated_frame_with_a_right_checksum_never_raises_and_is_never_silent",
    ),
    Rule.GOLDEN: Done(
        "tests/data/ev07b.json",
        "ev07b/test_golden.py::test_a_known_frame_says_what_its_description_says",
    ),
}

_NO_ANSWER = Exempt(
    "MQTT devices hear nothing; the message is acknowledged to the broker when all is durable. "
    "What a gateway sends at QoS 0 before that is lost beyond repair"
)

_ZIGBEE2MQTT: Row = {
    Rule.ANSWER: _NO_ANSWER,
    Rule.DEDUPE: Exempt(
        "there is no key: presses are merged by the hub, never dropped. The same octets within "
        "30 min give the same ids for levels, since the broker may deliver them again"
    ),
    Rule.UNKNOWN: Done(
        "unknown actions and values; payloads that are no JSON object",
        "zigbee2mqtt/test_session.py::test_what_is_no_json_object_is_visible",
    ),
    Rule.SILENCE: Done(
        "each message that says nothing else is a sign of life; availability and gateway state",
        "zigbee2mqtt/test_session.py::test_a_retained_message_is_no_sign_of_life",
    ),
    Rule.CANCEL: Exempt("no Zigbee button that we know sends a cancel"),
    Rule.RETAINED: Done(
        "edges are history; levels speak when they differ; at first sight only fire and water ring",
        "zigbee2mqtt/test_session.py::test_retained_at_first_sight_only_fire_and_water_are_news",
    ),
    Rule.SEVERAL: Done(
        "one event for each attribute that speaks",
        "zigbee2mqtt/test_golden.py::test_a_known_message_says_what_its_description_says",
    ),
    Rule.FUZZ: Done(
        "any JSON and any octets", "zigbee2mqtt/test_session.py::test_any_json_is_survived"
    ),
    Rule.GOLDEN: Done(
        "tests/data/zigbee2mqtt.json",
        "zigbee2mqtt/test_golden.py::test_a_known_message_says_what_its_description_says",
    ),
}

_WEBHOOK: Row = {
    Rule.ANSWER: Done(
        "200 goes with the events, so the bridge sends it when all are durable, and 503 otherwise",
        "webhook/test_session.py::test_a_replayed_message_id_is_the_same_event_and_confirmed_again",
    ),
    Rule.DEDUPE: Done(
        "key `webhook-id`, or the value at the mapping's `dedupe` path; window 30 min by default",
        "webhook/test_session.py::"
        "test_a_repeated_transaction_id_is_the_same_event_under_any_message_id",
    ),
    Rule.UNKNOWN: Done(
        "unknown values and believed bodies that cannot be read; others are only a 401",
        "webhook/test_session.py::test_a_believed_body_that_cannot_be_read_is_a_visible_event",
    ),
    Rule.SILENCE: Exempt("a maker's cloud sends what it sends; map its heartbeat to device.alive"),
    Rule.CANCEL: Done(
        "a late `taken` is its own event beside `missed`",
        "webhook/test_session.py::test_a_late_taken_has_the_transaction_of_its_dose_and_its_own_id",
    ),
    Rule.RETAINED: Done(
        "a message whose signed time is more than 5 min off is refused",
        "webhook/test_signature.py::test_a_stale_time_names_the_clock",
    ),
    Rule.SEVERAL: Done(
        "a list of objects, and every rule that matches",
        "webhook/test_session.py::test_a_list_carries_several_datapoints",
    ),
    Rule.FUZZ: Done(
        "any believed octets", "webhook/test_session.py::test_any_believed_octets_give_events"
    ),
    Rule.GOLDEN: Done(
        "tests/data/webhook.json",
        "webhook/test_session.py::test_a_known_datapoint_says_what_its_description_says",
    ),
}

_GENERIC: Row = {
    Rule.ANSWER: _NO_ANSWER,
    Rule.DEDUPE: Done(
        "the value at the mapping's `dedupe` path, window 10 min by default; without one, merged",
        "generic/test_session.py::"
        "test_a_repeat_with_the_same_dedupe_value_keeps_its_id_inside_the_window",
    ),
    Rule.UNKNOWN: Done(
        "values that no table and no rule names; payloads that are no JSON",
        "generic/test_session.py::test_an_unknown_value_is_an_unknown_code",
    ),
    Rule.SILENCE: Done(
        "a level that did not change is a sign of life",
        "generic/test_session.py::test_a_level_speaks_when_it_changes",
    ),
    Rule.CANCEL: Exempt("the mapping says what a cancel is, and the hub what it means"),
    Rule.RETAINED: Done(
        "as Zigbee2MQTT, by `says: level` or `says: edge`",
        "generic/test_session.py::test_an_edge_happens_each_time_and_retained_is_history",
    ),
    Rule.SEVERAL: Done(
        "every rule that matches", "test_mapping.py::test_every_rule_that_matches_is_told"
    ),
    Rule.FUZZ: Done(
        "any octets, any JSON through the mapping",
        "test_mapping.py::test_any_payload_gives_events_that_hold",
    ),
    Rule.GOLDEN: Exempt("there is no maker whose payloads could be known beforehand"),
}

LEDGER: Mapping[str, Row] = {
    "scaip": _SCAIP,
    "sia-dc09": SIA_DC09,
    "espa444": ESPA444,
    "espax": ESPAX,
    "ev07b": _EV07B,
    "gt06": GT06,
    "teltonika": TELTONIKA,
    "setracker": SETRACKER,
    "h02": H02,
    "osmand": OSMAND,
    "owntracks": OWNTRACKS,
    "zigbee2mqtt": _ZIGBEE2MQTT,
    "lorawan": LORAWAN,
    "nuki": NUKI,
    "webhook": _WEBHOOK,
    "generic": _GENERIC,
    "generic-http": GENERIC_HTTP,
}


def render() -> str:
    """Return the ledger as the page `docs/devices/ledger.md`."""
    sections = (_section(protocol, row) for protocol, row in LEDGER.items())
    return "# Quality ledger of the adapters\n\n" + _INTRODUCTION + "".join(sections)


_INTRODUCTION = """\
Made from `adapters/ledger.py`; a test holds the two together and every proof to an existing test.
"""


def _section(protocol: str, row: Row) -> str:
    lines = [f"| {rule} | {_entry(row[rule])} |" for rule in Rule]
    return f"\n## {protocol}\n\n| rule | how |\n|---|---|\n" + "\n".join(lines) + "\n"


def _entry(entry: Done | Exempt) -> str:
    if isinstance(entry, Exempt):
        return f"*exempt:* {entry.reason}"
    return f"{entry.how} (`{entry.proof.rpartition('::')[2]}`)"
