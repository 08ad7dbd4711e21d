"""Sessions: how long they live, and what ends them."""

import pytest

from hub.directory.port import CodeWrong, Means
from hub.directory.sqlite import SqliteDirectory
from routing.instant import HOUR, MINUTE, Instant

NOW = 1_795_000_000_000_000


def never(person: str) -> bool:
    return False


def always(person: str) -> bool:
    return True


def signed_in(directory: SqliteDirectory, person: str, at: Instant = NOW) -> str:
    handset, _ = directory.phones.taken_by(person, None, "phone", at)
    return directory.sessions.begin(person, handset.id, Means.CODE, at)


def whose(directory: SqliteDirectory, token: str, at: Instant, *, kept: bool = False) -> str | None:
    session = directory.sessions.of(token, at, always if kept else never)
    return None if session is None else session.person


def test_a_session_says_who_where_how_and_since_when(directory: SqliteDirectory) -> None:
    handset, _ = directory.phones.taken_by("kari", None, "phone", NOW)
    token = directory.sessions.begin("kari", handset.id, Means.PASSKEY, NOW)
    session = directory.sessions.of(token, NOW + MINUTE, never)
    assert session is not None
    told = (session.person, session.handset, session.means, session.issued_at, session.unit)
    assert told == ("kari", handset.id, Means.PASSKEY, NOW, None)


def test_a_session_ends_fourteen_hours_after_its_last_use(directory: SqliteDirectory) -> None:
    token = signed_in(directory, "kari")
    assert whose(directory, token, NOW + 13 * HOUR) == "kari"
    assert whose(directory, token, NOW + 26 * HOUR) == "kari"
    assert whose(directory, token, NOW + 40 * HOUR) is None


def test_a_session_that_must_stay_stays(directory: SqliteDirectory) -> None:
    token = signed_in(directory, "kari")
    assert whose(directory, token, NOW + 50 * HOUR, kept=True) == "kari"


def test_that_others_sign_in_sweeps_away_nobody_who_must_stay(directory: SqliteDirectory) -> None:
    token = signed_in(directory, "kari")
    signed_in(directory, "ola", NOW + 50 * HOUR)
    assert whose(directory, token, NOW + 50 * HOUR, kept=True) == "kari"


def test_signing_out_ends_one_session(directory: SqliteDirectory) -> None:
    one, other = signed_in(directory, "kari"), signed_in(directory, "kari")
    directory.sessions.end(one)
    assert whose(directory, one, NOW, kept=True) is None
    assert whose(directory, other, NOW) == "kari"


def test_signing_in_anew_on_a_handset_ends_what_was_there(directory: SqliteDirectory) -> None:
    handset, _ = directory.phones.taken_by("kari", None, "phone", NOW)
    first = directory.sessions.begin("kari", handset.id, Means.CODE, NOW)
    second = directory.sessions.begin("kari", handset.id, Means.CODE, NOW)
    assert whose(directory, first, NOW, kept=True) is None
    assert whose(directory, second, NOW) == "kari"


def test_a_person_who_left_loses_what_was_given_up_to_then(directory: SqliteDirectory) -> None:
    token, unused = signed_in(directory, "kari"), directory.issue_code("kari", NOW)
    later = signed_in(directory, "kari", NOW + 1)
    directory.end_sessions_of("kari", NOW)
    assert whose(directory, token, NOW, kept=True) is None
    assert whose(directory, later, NOW + 1) == "kari"
    with pytest.raises(CodeWrong):
        directory.codes.redeem(unused, "10.0.0.1", NOW)


class Shared:
    """A session on a shared phone, and whether its person is on duty."""

    def __init__(self, directory: SqliteDirectory) -> None:
        handset, _ = directory.phones.bind("east", None, "phone", NOW)
        self.sessions = directory.sessions
        self.token = self.sessions.begin("kari", handset.id, Means.PIN, NOW, unit="east")

    def stands(self, at: Instant, *, on_duty: bool) -> bool:
        return self.sessions.of(self.token, at, always if on_duty else never) is not None


def test_a_shared_phones_session_waits_an_hour_for_the_shift(directory: SqliteDirectory) -> None:
    shared = Shared(directory)
    assert shared.stands(NOW + 59 * MINUTE, on_duty=False)
    assert not shared.stands(NOW + 60 * MINUTE, on_duty=False)


def test_a_shared_phones_session_ends_ten_minutes_after_the_shift(
    directory: SqliteDirectory,
) -> None:
    shared = Shared(directory)
    assert shared.stands(NOW + 8 * HOUR, on_duty=True)
    assert shared.stands(NOW + 8 * HOUR + 9 * MINUTE, on_duty=False)
    assert not shared.stands(NOW + 8 * HOUR + 10 * MINUTE, on_duty=False)


def test_use_after_the_shift_does_not_renew_a_shared_phones_session(
    directory: SqliteDirectory,
) -> None:
    shared = Shared(directory)
    assert shared.stands(NOW + MINUTE, on_duty=True)
    for minutes in range(1, 11):
        assert shared.stands(NOW + minutes * MINUTE, on_duty=False) is True
    assert not shared.stands(NOW + 12 * MINUTE, on_duty=False)


def test_a_shared_phones_session_never_ends_on_duty(directory: SqliteDirectory) -> None:
    shared = Shared(directory)
    assert all(shared.stands(NOW + hours * HOUR, on_duty=True) for hours in (3, 9, 12, 40))
