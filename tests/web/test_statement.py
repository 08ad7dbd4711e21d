"""The accessibility statement: open to all, in three languages, with contact and complaint."""

import dataclasses
from pathlib import Path

import pytest
from pydantic import ValidationError

from hub.settings.pages import WebSettings
from hub.text import LANGUAGES
from tests.web.conftest import NewBrowser
from tests.web.town import Browser, Town

LINKS = ("https://www.diskrimineringsnemnda.no/", "https://www.uutilsynet.no/")
WORDS = {
    "nb": ("delvis i samsvar", "Kjente mangler", "NVDA, VoiceOver eller TalkBack", "krav 1.1.1"),
    "nn": ("delvis i samsvar", "Kjende manglar", "NVDA, VoiceOver eller TalkBack", "krav 1.1.1"),
    "en": ("conform in part", "Known gaps", "NVDA, VoiceOver or TalkBack", "criterion 1.1.1"),
}


@pytest.mark.parametrize("language", LANGUAGES)
async def test_a_stranger_reads_status_gaps_and_where_to_complain(
    someone: NewBrowser, language: str
) -> None:
    status, page = await someone().get("/accessibility", **{"Accept-Language": language})
    assert status == 200
    assert f'<html lang="{language}"' in page
    for words in (*WORDS[language], *LINKS, "22.11.2026"):
        assert words in page


async def test_without_a_contact_the_switchboard_is_named(someone: NewBrowser) -> None:
    _, page = await someone().get("/accessibility", **{"Accept-Language": "nb"})
    assert "Kommunen har ikke lagt inn en kontakt her ennå." in page
    assert "mailto:" not in page


@pytest.mark.parametrize(
    ("contact", "shown"),
    [
        ("uu@fjordby.example", '<a class="line-link" href="mailto:uu@fjordby.example">'),
        ("Sentralbord 999 00 000", "<strong>Sentralbord 999 00 000</strong>"),
        ("<b>@x", "mailto:&lt;b&gt;@x"),
    ],
)
async def test_the_contact_and_the_own_statement_come_from_settings(
    town: Town, contact: str, shown: str
) -> None:
    own = "https://uustatus.no/nb/erklaringer/publisert/example"
    town.site = dataclasses.replace(
        town.site, accessibility_contact=contact, accessibility_statement=own
    )
    async with town.open() as url, Browser(town, url) as browser:
        _, page = await browser.get("/accessibility", **{"Accept-Language": "nb"})
    assert shown in page
    assert f'href="{own}"' in page


async def test_every_page_with_a_foot_leads_to_it(kari: Browser) -> None:
    for path in ("/", "/tasks", "/sign-in"):
        _, page = await kari.get(path)
        assert 'href="/accessibility"' in page, path


@pytest.mark.parametrize("address", ["http://uustatus.no/x", "javascript:alert(1)", "https://"])
def test_the_own_statement_is_an_https_address(address: str) -> None:
    with pytest.raises(ValidationError):
        WebSettings(accessibility_statement=address)


def test_the_script_that_the_statement_rests_on_is_in_the_documentation() -> None:
    folder = Path(__file__).parents[2] / "docs" / "accessibility"
    assert "NVDA" in (folder / "screen-reader.md").read_text("utf-8")
