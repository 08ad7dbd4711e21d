"""Leases, speech and the check, notes, reopening, jumps, and whom it concerned."""

import pytest

from routing.facts import AlarmRaised
from routing.instant import HOUR, MINUTE, SECOND
from routing.kinds import Kind, Severity
from routing.lifecycle import Action, OutcomeCode, Phase, Speech
from routing.municipality import Device, Person, Policy, Resident, Role, Step, Target, Team, Unit
from routing.pass_time import next_due
from tests.routing.story import CENTRE, ON_DUTY, START, Story, town


def owned(*more: object) -> Story:
    story = Story(town(*more))  # type: ignore[arg-type]
    story.press()
    story.accept("anna")
    return story


def test_who_is_there_already_owns_and_closes_in_two_taps() -> None:
    story = Story()
    story.press()
    assert story.do("anna", Action.ARRIVE) == [
        "accepted anna 1800s",
        "at_resident anna 3600s",
        "arrive done",
    ]
    assert story.close("anna") == ["closed anna no_need", "close done"]


def test_who_drives_already_owns_until_the_promised_time() -> None:
    story = Story()
    story.press()
    told = story.do("berit", Action.ON_THE_WAY, within_s=600)
    assert told == ["accepted berit 600s", "on_the_way berit 600s", "on_the_way done"]
    assert story.wait(600) == ["asked 300s: berit@webhook-1 (owner_asked)"]


# -- leases ----------------------------------------------------------------------------------------

EVA = Person(id="eva", roles=(Role.RELATIVE,), channels=("webhook-1",))
HOME = Resident(id="rolf", unit="north", relatives={"eva": "responsible"})
WITH_RELATIVE = Policy(
    id="plain",
    steps=(Step((Target("relative", "responsible"),), 60), Step((ON_DUTY,), 60)),
    fallback=(CENTRE,),
    relative_lease_s=900,
)


def test_the_zones_driving_time_is_the_lease_where_no_time_is_tapped() -> None:
    story = Story(town(Unit(id="north", drive_s=1200)))
    story.press()
    assert story.accept("anna") == ["accepted anna 1200s", "accept done"]
    assert story.do("anna", Action.ON_THE_WAY, within_s=300)[0] == "on_the_way anna 300s"


def test_a_relatives_lease_is_another_than_that_of_staff() -> None:
    story = Story(town(EVA, HOME, WITH_RELATIVE, Unit(id="north", drive_s=1200)))
    assert story.press()[2] == "step 1.0 60s: eva@webhook-1 (chain_started)"
    assert story.accept("eva") == ["accepted eva 900s", "accept done"]


def test_a_relatives_own_way_goes_before_the_policys_time() -> None:
    near = Person(id="eva", roles=(Role.RELATIVE,), arrive_s=420)
    story = Story(town(near, HOME, WITH_RELATIVE))
    story.press()
    assert story.accept("eva") == ["accepted eva 420s", "accept done"]


def test_a_relative_owns_only_what_concerns_the_own_resident() -> None:
    story = Story(town(EVA, HOME, WITH_RELATIVE))
    story.press("scaip:3")
    assert story.accept("eva") == ["accept not done (role_may_not)"]


def test_an_informed_relative_may_not_accept() -> None:
    informed = Resident(id="rolf", unit="north", relatives={"eva": "informed"})
    story = Story(town(EVA, informed))
    story.press()
    assert story.accept("eva") == ["accept not done (role_may_not)"]


def test_a_relative_who_is_taken_off_the_resident_loses_the_alarm() -> None:
    story = Story(town(EVA, HOME, WITH_RELATIVE))
    story.press()
    story.accept("eva")
    told = story.configure(Resident(id="rolf", unit="north"))
    assert told[:2] == ["set rolf", "reopened from eva"]


TARGET = Policy(id="plain", steps=(Step((ON_DUTY,), 60),), fallback=(CENTRE,), target_s=1800)


def test_nobody_near_enough_is_said_at_once() -> None:
    story = Story(town(TARGET, Unit(id="north", drive_s=2700)))
    assert story.press()[2:] == [
        "step 1.0 60s: anna@webhook-1 berit@webhook-1 (chain_started)",
        "out of reach 2700s of 1800s",
        "paged lea@webhook-1 (target_out_of_reach)",
    ]


@pytest.mark.parametrize("drive_s", [None, 1800])
def test_nothing_is_said_of_a_target_that_can_be_kept_or_is_not_known(drive_s: int | None) -> None:
    story = Story(town(TARGET, Unit(id="north", drive_s=drive_s)))
    assert len(story.press()) == 3


def test_one_person_near_enough_keeps_the_target() -> None:
    berit = Person(id="berit", roles=(Role.STAFF,), teams=("home",), arrive_s=600)
    story = Story(town(TARGET, berit, Unit(id="north", drive_s=2700)))
    assert len(story.press()) == 3


def test_a_promise_after_the_target_is_said_at_once() -> None:
    story = Story(town(TARGET))
    story.press()
    story.wait(59)
    assert story.do("anna", Action.ACCEPT, within_s=1742) == [
        "accepted anna 1742s",
        "out of reach 1801s of 1800s",
        "paged lea@webhook-1 (target_out_of_reach)",
        "accept done",
    ]


# -- speech and the physical check -----------------------------------------------------------------


def test_speech_is_told_and_ends_nothing() -> None:
    story = owned()
    for speech in (Speech.ATTEMPT, Speech.ANSWERED, Speech.ENDED):
        told = story.do("anna", Action.SPEAK, speech=speech)
        assert told == [f"speech {speech} anna", "speak done"]
    assert story.state.alarms[story.alarm].speech is Speech.ENDED
    assert story.close("anna") == ["closed anna no_need", "close done"]


def test_silence_needs_somebody_to_go_and_look() -> None:
    story = owned()
    assert story.do("carl", Action.SPEAK, speech=Speech.SILENT) == [
        "speech silent carl",
        "check (silence_needs_check)",
        "speak done",
    ]
    assert story.close("anna") == ["close not done (check_first)"]
    assert story.do("anna", Action.SPEAK, speech=Speech.ANSWERED)[-1] == "speak done"
    assert story.close("anna") == ["close not done (check_first)"]
    story.do("anna", Action.ARRIVE)
    assert story.close("anna") == ["closed anna no_need", "close done"]


def test_silent_and_checked_is_an_outcome_of_its_own() -> None:
    story = owned()
    story.do("anna", Action.SPEAK, speech=Speech.SILENT)
    told = story.do("anna", Action.CLOSE, outcome=OutcomeCode.SILENT_CHECKED)
    assert told == ["closed anna silent_checked", "close done"]


def test_silence_is_told_once_and_a_call_that_ends_is_still_silent() -> None:
    story = owned()
    story.do("anna", Action.SPEAK, speech=Speech.SILENT)
    story.do("anna", Action.SPEAK, speech=Speech.ENDED)
    assert story.state.alarms[story.alarm].speech is Speech.SILENT
    told = story.do("anna", Action.SPEAK, speech=Speech.SILENT)
    assert told == ["speech silent anna", "speak done"]


def test_speech_without_what_became_of_it_is_refused() -> None:
    assert owned().do("anna", Action.SPEAK) == ["speak not done (speech_missing)"]


def fine(story: Story, outcome: OutcomeCode = OutcomeCode.NO_NEED) -> list[str]:
    """A press that is closed as fine; return what the press told."""
    told = story.press()
    (newest,) = [a.id for a in story.state.alarms.values() if a.phase is Phase.LOOKING]
    story.do("anna", Action.ACCEPT, alarm=newest)
    story.do("anna", Action.CLOSE, alarm=newest, outcome=outcome)
    return told


CHECKED = ["check (repeats_need_check)", "paged lea@webhook-1 (repeats_need_check)"]


def test_the_third_press_in_six_hours_is_looked_at_whatever_was_said_before() -> None:
    """Kristiansund 2016: 00:15, 01:41, 02:18, the first ones closed as fine."""
    story = Story()
    fine(story)
    story.at += 86 * MINUTE
    assert fine(story, OutcomeCode.TALK)[3:] == []
    story.at += 37 * MINUTE
    assert story.press()[3:] == CHECKED
    (last,) = [a.id for a in story.state.alarms.values() if a.phase is Phase.LOOKING]
    story.do("anna", Action.ACCEPT, alarm=last)
    told = story.do("anna", Action.CLOSE, alarm=last, outcome=OutcomeCode.TALK)
    assert told == ["close not done (check_first)"]


def test_what_lies_further_back_or_ended_otherwise_does_not_count() -> None:
    story = Story()
    fine(story)
    story.at += 3 * HOUR
    fine(story, OutcomeCode.CARE)
    assert fine(story)[3:] == []
    story.at += 3 * HOUR + SECOND
    assert fine(story)[3:] == []
    assert story.press("scaip:3")[3:] == []
    assert story.press()[3:] == CHECKED


def test_how_often_is_believed_is_the_policys() -> None:
    once = Policy(
        id="plain", steps=(Step((CENTRE,), 60),), fallback=(), check_after=1, check_within_s=60
    )
    story = Story(town(once))
    fine(story)
    story.at += 60 * SECOND
    assert fine(story)[3:] == CHECKED
    never = Policy(id="plain", steps=(Step((CENTRE,), 60),), fallback=(), check_after=0)
    story.configure(never)
    assert story.press()[3:] == []


def test_other_trouble_than_a_call_is_not_counted() -> None:
    story = Story()
    for _ in range(4):
        told = story.hear(Kind.WATER_DETECTED)
        (newest,) = [a.id for a in story.state.alarms.values() if a.phase is Phase.LOOKING]
        assert told[3:] == []
        story.do("anna", Action.ACCEPT, alarm=newest)
        story.do("anna", Action.CLOSE, alarm=newest, outcome=OutcomeCode.NO_NEED)


# -- notes, reopening, jumps, whom it concerned ----------------------------------------------------


def test_notes_are_added_to_open_and_closed_alarms() -> None:
    story = owned()
    assert story.do("berit", Action.NOTE, note="tea") == ["note done"]
    story.close("anna")
    assert story.do("berit", Action.NOTE, note="sugar") == ["note done"]
    assert story.do("berit", Action.NOTE, note="  ") == ["note not done (note_missing)"]


def test_a_closed_alarm_is_reopened_within_its_time_and_keeps_its_history() -> None:
    story = owned()
    story.close("anna")
    story.at += HOUR
    assert story.do("lea", Action.REOPEN) == [
        "reopened from anna",
        "step 2.0 60s: anna@webhook-1 berit@webhook-1 (person_reopened)",
        "reopen done",
    ]
    alarm = story.state.alarms[story.alarm]
    assert (alarm.phase, alarm.owner, alarm.closed_at, alarm.outcome) == (
        Phase.LOOKING,
        None,
        None,
        None,
    )
    assert list(story.state.closed) == []
    assert story.press()[1].startswith("again 2")


def test_an_alarm_is_not_reopened_too_late_or_beside_a_new_one() -> None:
    story = owned()
    old = story.alarm
    story.close("anna")
    story.at += HOUR + 1
    assert story.do("lea", Action.REOPEN) == ["reopen not done (too_late_to_reopen)"]
    story.at -= HOUR
    story.press()
    assert story.do("lea", Action.REOPEN, alarm=old) == ["reopen not done (open_again_already)"]


def test_a_reopened_alarm_no_longer_counts_as_fine() -> None:
    story = Story()
    fine(story)
    story.do("lea", Action.REOPEN)
    assert story.state.soothed == {}
    story.accept("anna")
    story.do("anna", Action.CLOSE, outcome=OutcomeCode.CARE)
    fine(story)
    assert fine(story)[3:] == []


def test_an_archived_alarm_is_no_longer_remembered_as_fine() -> None:
    story = Story()
    fine(story)
    assert len(story.state.soothed) == 1
    story.wait(86_400)
    assert story.state.soothed == {}


def test_the_lead_jumps_to_a_step() -> None:
    story = Story()
    story.press()
    assert story.do("lea", Action.JUMP, step=1) == [
        "step 2.1 90s: carl@webhook-1 (person_jumped)",
        "jump done",
    ]
    assert story.do("carl", Action.JUMP, step=0)[0] == (
        "step 3.0 60s: anna@webhook-1 berit@webhook-1 (person_jumped)"
    )


@pytest.mark.parametrize(
    ("person", "step", "why"),
    [
        ("anna", 1, "role_may_not"),
        ("lea", 2, "no_such_step"),
        ("lea", None, "no_such_step"),
    ],
)
def test_a_jump_that_is_refused(person: str, step: int | None, why: str) -> None:
    story = Story()
    story.press()
    assert story.do(person, Action.JUMP, step=step) == [f"jump not done ({why})"]


def test_whom_the_alarm_of_a_shared_device_concerned_is_chosen() -> None:
    shared = Device(id="pendant", subject="scaip:1", resident="rolf", shared_with=("siri",))
    story = owned(shared)
    assert story.do("anna", Action.CHOOSE, resident="siri") == ["concerns siri", "choose done"]
    assert story.state.alarms[story.alarm].of_whom == "siri"
    told = story.do("anna", Action.CHOOSE, resident="nobody")
    assert told == ["choose not done (not_of_this_device)"]
    assert story.press()[1].startswith("again 2")


# -- hold-to-call ----------------------------------------------------------------------------------


def test_a_colleague_who_holds_becomes_the_alarm() -> None:
    story = owned(Team(id="home", unit="north"))
    at = story.alarm
    told = story.do("anna", Action.CALL_FOR_HELP)
    assert told == [
        "raised staff.called CRITICAL (staff_calls)",
        "step 1.0 60s: berit@webhook-1 (chain_started)",
        "call_for_help done",
    ]
    raised = next(r.fact for r in reversed(story.journal) if isinstance(r.fact, AlarmRaised))
    assert (raised.subject, raised.unit, raised.beside) == ("person:anna", "north", at)
    assert raised.severity is Severity.CRITICAL
    told = story.do("anna", Action.ACCEPT, alarm=raised.alarm)
    assert told == ["accept not done (your_own_call)"]


def test_holding_needs_no_alarm_and_again_is_announced_again() -> None:
    story = Story()
    assert story.do("anna", Action.CALL_FOR_HELP, alarm="none")[-1] == "call_for_help done"
    story.sent("berit")
    assert story.do("anna", Action.CALL_FOR_HELP, alarm="none") == [
        "again 2 CRITICAL: berit@webhook-1",
        "call_for_help done",
    ]
    story.accept("berit")
    assert next_due(story.state) == START + 30 * MINUTE


def test_a_relative_does_not_become_an_alarm() -> None:
    story = Story(town(EVA, HOME))
    told = story.do("eva", Action.CALL_FOR_HELP, alarm="none")
    assert told == ["call_for_help not done (role_may_not)"]
