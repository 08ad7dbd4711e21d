"""SMS that are kept: newest first, bounded, erased after a month, and shown to leads alone."""

import stat
from pathlib import Path

import pytest

from hub.web.gateways.kept import KeptReplies, KeptReply
from routing.instant import DAY
from tests.channels.rig import Rig
from tests.web.town import Browser


def reply(at: int, text: str = "hjelp") -> KeptReply:
    return KeptReply(
        at=at, gateway="sms", number="+4799999999", person=None, why="unknown-number", text=text
    )


def test_the_newest_come_first_and_survive_a_restart(tmp_path: Path) -> None:
    path = tmp_path / "kept.sqlite"
    kept = KeptReplies(path)
    kept.keep(reply(1, "en"))
    kept.keep(reply(2, "to"))
    kept.close()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    again = KeptReplies(path)
    assert [one.text for one in again.newest()] == ["to", "en"]
    again.close()


def test_the_oldest_give_way_and_are_counted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("hub.web.gateways.kept.MOST", 3)
    kept = KeptReplies(tmp_path / "kept.sqlite")
    for number in range(5):
        kept.keep(reply(number, f"sms {number}"))
    assert [one.text for one in kept.newest()] == ["sms 4", "sms 3", "sms 2"]
    assert kept.lost() == 2
    kept.close()


def test_a_month_is_the_longest(tmp_path: Path) -> None:
    kept = KeptReplies(tmp_path / "kept.sqlite")
    kept.keep(reply(0, "gammel"))
    kept.keep(reply(30 * DAY + 1, "ny"))
    assert [one.text for one in kept.newest()] == ["ny"]
    assert kept.lost() == 0, "its time was over"
    kept.close()


def test_long_texts_are_cut(tmp_path: Path) -> None:
    kept = KeptReplies(tmp_path / "kept.sqlite")
    kept.keep(reply(0, "x" * 5_000))
    assert len(kept.newest()[0].text) == 1_000
    kept.close()


async def test_a_lead_reads_them_and_staff_do_not(rig: Rig) -> None:
    await rig.says("+4799999999", "Hjelp <b>meg</b>")
    async with Browser(rig.town, rig.url) as browser:
        await browser.sign_in("lise")
        status, html = await browser.get("/replies")
        assert status == 200
        assert "+4799999999" in html
        assert "Ukjent nummer" in html
        assert "Hjelp &lt;b&gt;meg&lt;/b&gt;" in html
    async with Browser(rig.town, rig.url) as browser:
        await browser.sign_in("kari")
        status, html = await browser.get("/replies")
        assert status == 403
        assert "99999999" not in html
