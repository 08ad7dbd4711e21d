"""The escalation chain: whom it calls, in which order, and that it never ends in silence."""

from routing.lifecycle import Action
from routing.municipality import Person, Resident, Role, Step, Target, Unit
from tests.routing.story import CENTRE, ON_DUTY, Story, on_duty, plain, town


def test_the_chain_goes_step_by_step_until_somebody_accepts() -> None:
    story = Story()
    assert story.press() == [
        "heard help.pressed",
        "raised help.pressed HIGH (kind_raises)",
        "step 1.0 60s: anna@webhook-1 berit@webhook-1 (chain_started)",
    ]
    assert story.wait(59) == []
    assert story.wait(1) == ["step 1.1 90s: carl@webhook-1 (nobody_accepted_in_time)"]
    assert story.accept("carl") == ["accepted carl 1800s", "accept done"]
    assert story.wait(90) == []
    assert story.owed == []


def test_a_step_that_finds_nobody_takes_no_time() -> None:
    story = Story(town(on_duty()))
    assert story.press()[2:] == ["skipped 1.0", "step 1.1 90s: carl@webhook-1 (chain_started)"]


def test_whoever_may_not_own_an_alarm_is_not_called() -> None:
    it = Person(id="berit", roles=(Role.IT,), teams=("home",), channels=("webhook-1",))
    story = Story(town(it))
    assert story.press()[2:] == ["step 1.0 60s: anna@webhook-1 (chain_started)"]


def test_a_person_found_by_two_targets_is_called_once() -> None:
    story = Story(town(plain(Step((Target("team", "home"), Target("person", "anna")), 60))))
    assert story.press()[2:] == ["step 1.0 60s: anna@webhook-1 berit@webhook-1 (chain_started)"]


def test_when_all_refuse_the_next_step_comes_at_once() -> None:
    story = Story()
    story.press()
    assert story.do("anna", Action.REFUSE) == ["refused anna", "refuse done"]
    assert story.do("berit", Action.REFUSE) == [
        "refused berit",
        "step 1.1 90s: carl@webhook-1 (all_refused)",
        "refuse done",
    ]


def test_a_refusal_by_somebody_who_was_not_called_moves_nothing() -> None:
    story = Story()
    story.press()
    assert story.do("carl", Action.REFUSE) == ["refused carl", "refuse done"]
    assert story.wait(60) == ["skipped 1.1", "step 1.2 90s: lea@webhook-1 (fallback)"]


def test_who_refused_is_called_again_in_the_next_round() -> None:
    story = Story(town(plain(Step((CENTRE,), 90))))
    story.press()
    assert story.do("carl", Action.REFUSE) == [
        "refused carl",
        "round 1 ended (all_refused)",
        "step 2.0 90s: carl@webhook-1 (last_step_loops)",
        "paged lea@webhook-1 (lead_told_exhausted)",
        "refuse done",
    ]


def test_when_no_step_finds_anybody_the_fallback_is_called() -> None:
    story = Story(town(on_duty(), plain(Step((ON_DUTY,), 60))))
    assert story.press()[2:] == ["skipped 1.0", "step 1.1 60s: lea@webhook-1 (fallback)"]


def test_nobody_anywhere_is_loud_and_tries_again_every_minute() -> None:
    story = Story(town(on_duty(), plain(Step((ON_DUTY,), 60), fallback=())))
    assert story.press()[2:] == ["skipped 1.0", "step 1.1 60s: nobody (nobody_anywhere)"]
    again = [
        "round 1 ended (nobody_accepted_in_time)",
        "skipped 2.0",
        "step 2.1 60s: nobody (nobody_anywhere)",
        "paged lea@webhook-1 (lead_told_exhausted)",
    ]
    assert story.wait(60) == again
    story.configure(on_duty("anna"))
    assert story.wait(60)[:2] == [
        "round 2 ended (nobody_accepted_in_time)",
        "step 3.0 60s: anna@webhook-1 (last_step_loops)",
    ]


def test_without_any_configuration_an_alarm_still_lives_and_loops() -> None:
    story = Story([])
    assert story.press() == [
        "heard help.pressed",
        "raised help.pressed CRITICAL (device_not_registered)",
        "step 1.0 60s: nobody (nobody_anywhere)",
    ]
    assert story.wait(60) == [
        "round 1 ended (nobody_accepted_in_time)",
        "step 2.0 60s: nobody (nobody_anywhere)",
    ]


def test_the_last_step_loops_and_the_lead_is_told_each_round() -> None:
    story = Story()
    story.press()
    story.wait(60)
    for number in (1, 2, 3):
        assert story.wait(90) == [
            f"round {number} ended (nobody_accepted_in_time)",
            f"step {number + 1}.1 90s: carl@webhook-1 (last_step_loops)",
            "paged lea@webhook-1 (lead_told_exhausted)",
        ]


def test_a_policy_may_loop_the_whole_chain() -> None:
    story = Story(town(plain(loop="all")))
    story.press()
    story.wait(60)
    assert story.wait(90) == [
        "round 1 ended (nobody_accepted_in_time)",
        "step 2.0 60s: anna@webhook-1 berit@webhook-1 (last_step_loops)",
        "paged lea@webhook-1 (lead_told_exhausted)",
    ]


def test_a_lead_whom_the_step_calls_anyway_is_not_paged_twice() -> None:
    story = Story(town(plain(Step((ON_DUTY,), 60), Step((Target("person", "lea"),), 90))))
    story.press()
    story.wait(60)
    assert story.wait(90) == [
        "round 1 ended (nobody_accepted_in_time)",
        "step 2.1 90s: lea@webhook-1 (last_step_loops)",
    ]


def test_the_next_channel_is_used_when_one_has_failed() -> None:
    story = Story()
    story.press()
    assert story.unsent("anna") == ["unsent anna@webhook-1", "paged anna@webhook-2 (next_channel)"]
    assert story.unsent("anna", "webhook-2") == ["unsent anna@webhook-2"]
    assert story.owed == ["berit@webhook-1"]


def test_when_nobody_in_the_step_can_be_reached_the_next_step_comes_at_once() -> None:
    story = Story()
    story.press()
    story.unsent("anna")
    story.unsent("anna", "webhook-2")
    assert story.unsent("berit") == [
        "unsent berit@webhook-1",
        "step 1.1 90s: carl@webhook-1 (all_unreachable)",
    ]


def test_one_delivered_page_keeps_the_step_waiting() -> None:
    story = Story()
    story.press()
    story.sent("anna")
    assert story.unsent("berit") == ["unsent berit@webhook-1"]


def test_an_unreachable_last_step_waits_its_time_and_does_not_spin() -> None:
    story = Story()
    story.press()
    story.wait(60)
    assert story.unsent("carl") == ["unsent carl@webhook-1"]
    assert story.wait(89) == []


def test_a_failure_to_somebody_of_an_earlier_step_does_not_hurry_the_present_one() -> None:
    carl = Person(id="carl", roles=(Role.OPERATOR,), teams=("centre",))
    steps = (Step((ON_DUTY,), 60), Step((CENTRE,), 90), Step((ON_DUTY,), 60))
    story = Story(town(carl, plain(*steps), on_duty("berit")))
    story.press()
    assert story.wait(60) == ["step 1.1 90s: carl@page (nobody_accepted_in_time)"]
    assert story.unsent("berit") == ["unsent berit@webhook-1"]
    assert story.wait(89) == []


def test_a_send_that_has_not_ended_goes_on_beside_the_next_step() -> None:
    story = Story()
    story.press()
    story.sent("anna")
    story.wait(60)
    assert story.owed == ["berit@webhook-1", "carl@webhook-1"]


def test_a_person_called_again_is_not_owed_the_older_send_as_well() -> None:
    story = Story(town(plain(Step((CENTRE,), 90))))
    story.press()
    story.wait(90)
    assert story.owed == ["carl@webhook-1", "lea@webhook-1"]
    assert [send.split(":")[1] for send in story.state.owed] == ["r2.s0", "r1.end"]


def test_send_ids_are_made_of_alarm_place_person_and_channel() -> None:
    story = Story()
    story.press(event="0123456789abcdef0123456789abcdef")
    assert list(story.state.owed) == [
        "simby-0123456789abcdef0123:r1.s0:anna:webhook-1",
        "simby-0123456789abcdef0123:r1.s0:berit:webhook-1",
    ]


def test_the_nearest_policy_is_taken_and_kept_for_life() -> None:
    near = plain(Step((CENTRE,), 30), name="near")
    unit = plain(Step((CENTRE,), 40), name="unit")
    story = Story(
        town(
            near,
            unit,
            Unit(id="north", policies={"*": "unit"}),
            Resident(id="rolf", unit="north", policies={"help": "near"}),
        )
    )
    assert story.press("scaip:1")[2:] == ["step 1.0 30s: carl@webhook-1 (chain_started)"]
    assert story.press("scaip:3")[2:] == ["step 1.0 40s: carl@webhook-1 (chain_started)"]
    assert story.press("scaip:9")[2:] == [
        "step 1.0 60s: anna@webhook-1 berit@webhook-1 (chain_started)"
    ]
    story.configure(plain(Step((CENTRE,), 5), name="near"))
    assert story.wait(30) == [
        "round 1 ended (nobody_accepted_in_time)",
        "step 2.0 30s: carl@webhook-1 (last_step_loops)",
        "paged lea@webhook-1 (lead_told_exhausted)",
    ]


def test_the_last_refusal_moves_on_when_the_others_cannot_be_reached() -> None:
    story = Story()
    story.press()
    story.unsent("berit")
    assert story.do("anna", Action.REFUSE) == [
        "refused anna",
        "step 1.1 90s: carl@webhook-1 (all_unreachable)",
        "refuse done",
    ]
