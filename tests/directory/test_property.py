"""Whatever happens in whatever order: who is signed in is exactly who should be."""

import tempfile
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from hub.directory.port import Means
from hub.directory.sqlite import SqliteDirectory

NOW = 1_795_000_000_000_000
BROWSERS, PEOPLE = ("one", "two"), ("kari", "ola")
STEPS = st.lists(
    st.tuples(st.just("sign in"), st.sampled_from(BROWSERS), st.sampled_from(PEOPLE))
    | st.tuples(st.sampled_from(["sign out", "revoke", "bind"]), st.sampled_from(BROWSERS))
    | st.tuples(st.sampled_from(["end all", "forget"]), st.sampled_from(PEOPLE)),
    max_size=12,
)


class Model:
    """What a browser may hold, in the plainest words: who is signed in, and whose it is."""

    def __init__(self) -> None:
        self.signed_in: dict[str, str] = {}
        self.owner: dict[str, str] = {}

    def step(self, what: str, whom: str, person: str = "") -> None:
        if what == "sign in":
            self.signed_in[whom] = person
            if self.owner.get(whom) != "a unit":
                self.owner[whom] = person
        elif what == "sign out":
            self.signed_in.pop(whom, None)
        elif what == "revoke":
            self.signed_in.pop(whom, None)
            self.owner.pop(whom, None)
        elif what == "bind":
            self.signed_in.pop(whom, None)
            self.owner[whom] = "a unit"
        else:
            for browser in [one for one, who in self.signed_in.items() if who == whom]:
                del self.signed_in[browser]
            if what == "forget":
                for browser in [one for one, who in self.owner.items() if who == whom]:
                    self.signed_in.pop(browser, None)
                    del self.owner[browser]


class Real:
    """The same on the directory, with the cookies that browsers keep."""

    def __init__(self, directory: SqliteDirectory) -> None:
        self.directory = directory
        self.tokens: dict[str, str] = {}
        self.cookies: dict[str, str] = {}
        self.old: list[str] = []
        self.at = NOW

    def step(self, what: str, whom: str, person: str = "") -> None:
        self.at += 1
        phones, sessions = self.directory.phones, self.directory.sessions
        known = phones.known(self.cookies.get(whom))
        if what == "sign in":
            handset, cookie = phones.taken_by(person, self.cookies.get(whom), "x", self.at)
            self.cookies[whom] = cookie
            self._gone(whom)
            begin = sessions.begin
            self.tokens[whom] = begin(person, handset.id, Means.CODE, self.at, unit=handset.unit)
        elif what == "sign out":
            sessions.end(self.tokens.get(whom, ""))
        elif what == "revoke" and known is not None:
            self.directory.revoke_handset(known.id, self.at)
        elif what == "bind":
            _, self.cookies[whom] = phones.bind("east", self.cookies.get(whom), "x", self.at)
        elif what == "end all":
            self.directory.end_sessions_of(whom, self.at)
        elif what == "forget":
            self.directory.forget(whom, self.at)

    def _gone(self, browser: str) -> None:
        if browser in self.tokens:
            self.old.append(self.tokens[browser])

    def who(self, token: str | None) -> str | None:
        session = self.directory.sessions.of(token or "", self.at, lambda person: False)
        return None if session is None else session.person

    def owner(self, browser: str) -> str | None:
        known = self.directory.phones.known(self.cookies.get(browser))
        return None if known is None else known.person or "a unit"


@settings(max_examples=60, deadline=None)
@given(STEPS)
def test_who_is_signed_in_is_who_should_be(steps: list[tuple[str, ...]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        directory = SqliteDirectory(Path(folder) / "directory.sqlite", "fjordby")
        model, real = Model(), Real(directory)
        for step in steps:
            model.step(*step)
            real.step(*step)
            for browser in BROWSERS:
                assert real.who(real.tokens.get(browser)) == model.signed_in.get(browser)
                assert real.owner(browser) == model.owner.get(browser)
            assert [real.who(token) for token in real.old] == [None] * len(real.old)
        directory.close()
