"""A browser that has passkeys, by plain HTTP: it says that it came by HTTPS."""

from typing import Any

from tests.web.authenticator import Passkey
from tests.web.town import Browser

ORIGIN = "https://varde.example"
HEADERS = {"X-Varde": "1", "Origin": ORIGIN}
Answer = tuple[int, Any]


def key(**wrong: Any) -> Passkey:
    return Passkey(**{"rp_id": "varde.example", "origin": ORIGIN, **wrong})


class Phone:
    """A browser over HTTPS in name: it gives back the cookies that want HTTPS."""

    def __init__(self, browser: Browser) -> None:
        self.browser, self.cookies = browser, dict[str, str]()

    async def post(self, path: str, body: object) -> Answer:
        cookie = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        headers = {**HEADERS, "Cookie": cookie}
        async with self.browser.http.post(path, json=body, headers=headers) as response:
            for name, morsel in response.cookies.items():
                self.cookies[name] = morsel.value
            return response.status, await response.json() if response.status != 204 else None

    async def sign_in(self, person: str) -> "Phone":
        town = self.browser.town
        assert (
            await self.post("/api/sign-in", {"code": town.directory.issue_code(person, town.now)})
        )[0] == 204
        return self

    async def make(self, passkey: Passkey, name: str = "Telefonen") -> Answer:
        status, begun = await self.post("/api/passkeys/begin", {})
        assert status == 200, begun
        made = {"ticket": begun["ticket"], "credential": passkey.make(begun["options"])}
        return await self.post("/api/passkeys", {**made, "name": name})

    async def ask(self) -> dict[str, Any]:
        status, begun = await self.post("/api/sign-in/passkey/begin", {})
        assert status == 200
        return dict(begun)

    async def show(self, passkey: Passkey) -> Answer:
        begun = await self.ask()
        shown = passkey.show(begun["options"])
        return await self.post(
            "/api/sign-in/passkey", {"ticket": begun["ticket"], "credential": shown}
        )

    async def who(self) -> str | None:
        cookie = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        status, me = await self.browser.get("/api/me", Cookie=cookie)
        return str(me["person"]) if status == 200 else None
