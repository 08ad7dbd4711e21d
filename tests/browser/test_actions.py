"""What stands behind "more", hold-to-call, tasks and incidents: by tap and by keyboard."""

import pytest
from playwright.async_api import Page, expect

from routing.inputs import TimeReached
from routing.kinds import Kind
from routing.lifecycle import Phase, Speech
from routing.tasks.command import TaskCommand
from routing.tasks.life import TaskAction
from tests.browser.conftest import OpenPage, hold_texts
from tests.web.happenings import give_task, need_people, storm
from tests.web.town import Town

pytestmark = pytest.mark.browser


async def opened(page: Page, alarm: str) -> None:
    await page.locator(f'.card[data-key="{alarm}"]').click()
    await page.locator(".bar").wait_for()


async def more(page: Page, action: str) -> None:
    await page.get_by_role("button", name="Mer", exact=True).click()
    await page.locator(f'dialog [data-action="{action}"]').click()


async def test_accepting_with_a_time(town: Town, phone: OpenPage) -> None:
    page = await phone("kari")
    alarm = await town.press()
    await opened(page, alarm)
    await more(page, "accept_in")
    await page.get_by_role("button", name="40 min").click()
    await expect(page.get_by_text("Bekreftet: Kvitter")).to_be_visible()
    now = town.state.alarms[alarm]
    assert now.due_at is not None
    assert now.owner_since is not None
    assert (now.owner, now.due_at - now.owner_since) == ("kari", 2400 * 1_000_000)


async def test_a_handover_from_one_phone_to_the_other(town: Town, phone: OpenPage) -> None:
    kari, ola = await phone("kari"), await phone("ola")
    alarm = await town.press()
    await opened(kari, alarm)
    await kari.get_by_role("button", name="Kvitter").click()
    await expect(kari.get_by_role("button", name="På vei")).to_be_visible()
    await more(kari, "hand_over")
    await kari.get_by_role("button", name="Ola Strand").click()
    await expect(kari.locator(".mark").get_by_text("Spurt om å ta over")).to_be_visible()
    card = ola.locator(f'.card[data-key="{alarm}"]')
    await expect(card).to_contain_text("Spør deg")
    await card.click()
    await ola.get_by_role("button", name="Ta over").click()
    await expect(kari.locator(".hero")).to_contain_text("Ola Strand: Kvittert")
    assert town.state.alarms[alarm].owner == "ola"


async def test_silence_is_said_and_forces_a_look(town: Town, phone: OpenPage) -> None:
    page = await phone("kari")
    alarm = await town.press()
    await opened(page, alarm)
    await page.get_by_role("button", name="Samtale").click()
    await expect(page.get_by_role("link", name="Ring 999 00 001")).to_be_visible()
    await page.get_by_role("button", name="Svarer ikke").click()
    await expect(page.locator(".mark").get_by_text("Må sees til")).to_be_visible()
    assert town.state.alarms[alarm].speech is Speech.SILENT


async def test_hold_to_call_is_sent_when_held_and_asks_when_tapped(
    town: Town, phone: OpenPage
) -> None:
    page = await phone("kari")
    hold = page.get_by_role("button", name="Hold: hjelp meg")
    await hold.focus()
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("dialog")).to_be_visible()
    await page.keyboard.press("Escape")
    assert town.state.alarms == {}
    await hold.hover()
    await page.mouse.down()
    await expect(page.get_by_text("Kollegene dine varsles nå")).to_be_visible()
    await page.mouse.up()
    await expect(page.get_by_role("dialog")).to_have_count(0)
    (own,) = town.state.alarms.values()
    assert (own.kind, own.subject) == (Kind.STAFF_CALLED, "person:kari")


async def test_everything_behind_more_is_reached_by_keyboard(town: Town, phone: OpenPage) -> None:
    page = await phone("kari")
    alarm = await town.press()
    await opened(page, alarm)
    button = page.get_by_role("button", name="Mer", exact=True)
    await button.focus()
    await page.keyboard.press("Enter")
    rows = page.locator("dialog[open] .row")
    await rows.first.wait_for()
    for number in range(await rows.count()):
        await expect(rows.nth(number)).to_be_focused()
        box = await rows.nth(number).bounding_box()
        assert box is not None
        assert box["height"] >= 44
        await page.keyboard.press("Tab")
    await page.keyboard.press("Escape")
    await expect(button).to_be_focused()


async def test_a_task_is_taken_done_and_made(town: Town, phone: OpenPage, url: str) -> None:
    page = await phone("kari")
    task = await give_task(town)
    await page.get_by_role("link", name="Oppgaver").click()
    await page.get_by_role("button", name="Ta den").click()
    await expect(page.get_by_text("Bekreftet: Ta den")).to_be_visible()
    await page.get_by_text("Ferdig …").click()
    await page.get_by_text("Ingen hjemme").click()
    await page.get_by_label("Notat").fill("Prøver i kveld")
    await page.get_by_role("button", name="Før det opp").click()
    await expect(page.get_by_text("Bytt batteri: ingen hjemme")).to_be_visible()
    assert town.state.book.tasks[task].outcome == "not_home"

    await page.get_by_role("link", name="Ny oppgave").click()
    await page.get_by_label("Hva skal gjøres?").select_option(label="Besøk")
    await page.get_by_label("Hos hvem?").select_option(label="Olga Eksempel")
    await page.get_by_role("button", name="Lag oppgaven").click()
    await page.wait_for_url("**/tasks")
    await expect(page.get_by_text("Bekreftet: Lag oppgaven")).to_be_visible()
    made = [one for one in town.state.book.tasks.values() if one.maker == "kari"]
    assert [one.resident for one in made] == ["r-1"]


async def test_what_is_pressed_before_the_page_listens_is_sent_when_it_does(
    town: Town, phone: OpenPage, url: str
) -> None:
    page = await phone("kari", service_workers="block")
    task = await give_task(town)
    come = await hold_texts(page)
    await page.goto(f"{url}/tasks")
    await page.locator(f'[data-key="{task}-accept"]').click()
    assert town.state.book.tasks[task].owners == ()
    come.set()
    await expect(page.get_by_text("Bekreftet: Ta den")).to_be_visible()
    assert town.state.book.tasks[task].owners == ("kari",)


async def test_a_refused_task_is_told_and_the_list_is_drawn_anew(
    town: Town, phone: OpenPage, url: str
) -> None:
    page = await phone("ola")
    task = await give_task(town)
    await page.goto(f"{url}/tasks")
    taken = TaskCommand(
        id="karis-own", person="kari", action=TaskAction.ACCEPT, made_at=town.now, task=task
    )
    await town.take(taken)
    await page.locator(f'[data-key="{task}-accept"]').click()
    await expect(page.get_by_role("alert")).to_contain_text("Andre har teke oppgåva")
    await expect(page.locator(f'[data-key="{task}-accept"]')).to_have_count(0)


PAGES = ("/tasks", "/tasks/new", "/incidents", "/incidents/{}", "/incidents/{}/visits", "/coverage")


@pytest.mark.parametrize("width", [320, 640])
async def test_no_page_is_cut_off_and_every_target_is_large_enough(
    town: Town, phone: OpenPage, url: str, width: int
) -> None:
    page = await phone("lise", viewport={"width": width, "height": 800})
    await give_task(town)
    await town.take(TimeReached())
    await need_people(town, 3)
    incident = await storm(town)
    for path in PAGES:
        await page.goto(url + path.format(incident))
        if width == 640:
            await page.evaluate("document.documentElement.style.fontSize = '200%'")
        assert await page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0, path
        small = await page.evaluate(
            "[...document.querySelectorAll('a, button, summary, select, input:not([type=hidden])')]"
            ".map(e => e.closest('label') ?? e)"
            ".filter(e => e.offsetParent && !e.classList.contains('skip'))"
            ".filter(e => e.getBoundingClientRect().height < 44).map(e => e.outerHTML)"
        )
        assert small == [], path
        assert await page.evaluate("document.querySelectorAll('h1').length") == 1
    assert town.state.alarms[incident].phase is Phase.LOOKING
