"""Gateways in the settings: what is wrong is told at once, and what the documentation shows is
sound."""

import re
from pathlib import Path

import pytest

from hub.cli.files import settings_lines
from hub.settings.load import SettingsWrong, parse_settings
from hub.settings.whole import Settings
from hub.text import LANGUAGES

DOCS = Path(__file__).parents[2] / "docs" / "channels.md"
SOUND = 'kind: sms, url: "https://gw.example/", json: {to: "{to}"}'


def codes(text: str) -> list[str]:
    with pytest.raises(SettingsWrong) as wrong:
        parse_settings(text)
    for language in LANGUAGES:
        assert all(settings_lines(wrong.value, language))
    return [problem.code for problem in wrong.value.problems]


@pytest.mark.parametrize(
    ("gateway", "code"),
    [
        ('kind: sms, url: "ftp://gw.example/", json: {}', "bad_url"),
        ('kind: sms, url: "https://user:pw@gw.example/", json: {}', "bad_url"),
        ('kind: sms, url: "https://{to}.example/", json: {}', "bad_url"),
        ('kind: sms, url: "https://gw.example:99999/", json: {}', "bad_url"),
        ('kind: sms, url: "https://gw.example/{secret}", json: {}', "bad_placeholder"),
        ('kind: sms, url: "https://gw.example/{name}", json: {}', "bad_placeholder"),
        ('kind: sms, url: "https://gw.example/", json: {to: "{To}"}', "bad_placeholder"),
        ('kind: sms, url: "https://gw.example/", json: {to: "{to!r}"}', "bad_placeholder"),
        ('kind: sms, url: "https://gw.example/", json: {to: "{to:>9}"}', "bad_placeholder"),
        ('kind: sms, url: "https://gw.example/", json: {a: [{b: "{x}"}]}', "bad_placeholder"),
        ('kind: sms, url: "https://gw.example/", json: {a: [{b: "{to.x}"}]}', "bad_placeholder"),
        ('kind: sms, url: "https://gw.example/", form: {to: "{"}', "bad_template"),
        ('kind: sms, url: "https://gw.example/", headers: {a: "{"}, json: {}', "bad_template"),
        ('kind: sms, url: "https://gw.example/"', "bad_gateway_body"),
        ('kind: sms, url: "https://gw.example/", json: {}, form: {}', "bad_gateway_body"),
        ('kind: sms, url: "https://gw.example/", method: GET, form: {}', "bad_gateway_body"),
        ('kind: fax, url: "https://gw.example/", json: {}', "not_one_of"),
        (f"{SOUND}, auth: {{}}", "bad_auth"),
        (f"{SOUND}, auth: {{bearer: true, basic: x}}", "bad_auth"),
        (f"{SOUND}, auth: {{bearer: false}}", "not_one_of"),
        (f"{SOUND}, hook: {{proof: basic}}", "bad_hook"),
        (f"{SOUND}, hook: {{username: x}}", "bad_hook"),
        (f"{SOUND}, hook: {{proof: header}}", "bad_hook"),
        (f"{SOUND}, hook: {{proof: path, header: X-Key}}", "bad_hook"),
        (f"{SOUND}, hook: {{proof: none}}", "not_one_of"),
        (f"{SOUND}, password: x", "unknown_key"),
        (f"{SOUND}, country_code: '+47'", "invalid"),
        (f"{SOUND}, timeout_s: 0", "invalid"),
        (f"{SOUND}, success: [500]", "invalid"),
    ],
)
def test_what_is_wrong_with_a_gateway(gateway: str, code: str) -> None:
    assert code in codes(f"gateways: {{main: {{{gateway}}}}}")


@pytest.mark.parametrize(
    "text",
    [
        "use_gateways: {sms: [main]}",
        f"gateways: {{main: {{{SOUND}}}}}\nuse_gateways: {{voice: [main]}}",
        f"gateways: {{main: {{{SOUND}}}}}\nuse_gateways: {{sms: [main, spare]}}",
    ],
)
def test_only_gateways_of_the_kind_can_serve_it(text: str) -> None:
    assert codes(text) == ["no_such_gateway"]


def test_all_gateways_of_a_kind_serve_where_nothing_is_said() -> None:
    three = ", ".join(f"{id}: {{{SOUND}}}" for id in ("b", "a", "c"))
    assert list(parse_settings(f"gateways: {{{three}}}").gateways_of("sms")) == ["b", "a"]
    said = parse_settings(f"gateways: {{{three}}}\nuse_gateways: {{sms: [c, a]}}")
    assert list(said.gateways_of("sms")) == ["c", "a"]
    assert said.gateways_of("voice") == {}


def test_settings_survive_the_way_to_the_other_processes() -> None:
    given = parse_settings(
        f"gateways: {{main: {{{SOUND}, reply: {{from: Sender, text: Body}}}}}}\n"
        'ntfy: {url: "https://ntfy.example"}\nit_notices: {to: [ops]}'
    )
    dumped = given.model_dump(mode="json", by_alias=True)
    assert Settings.model_validate(dumped) == given


def examples() -> list[str]:
    text = DOCS.read_text("utf-8")
    found: list[str] = re.findall(r"```yaml\n(.*?)```", text, re.DOTALL)
    return [block for block in found if re.match(r"(#.*\n)*gateways:", block)]


@pytest.mark.parametrize("number", range(6))
def test_every_gateway_in_the_documentation_is_sound(number: int) -> None:
    every = examples()
    assert len(every) >= 6
    assert parse_settings(every[number]).gateways
    for rest in every[6:]:
        assert parse_settings(rest).gateways
