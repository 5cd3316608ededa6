"""An officer at the pages: logs in, reads, and sends forms with the session's token."""

import re
from dataclasses import dataclass

import httpx

from payment_service.context import Context
from payment_service.use_cases.add_people import NewPerson, add_people
from tests.builders import PASSWORD

_TOKEN = re.compile(r'name="form_token" value="([^"]+)"')


def words(answer: httpx.Response) -> str:
    """Return the words of a page, without its tags."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.text))


async def add_auditor(context: Context) -> None:
    """Add `an`, who may only read."""
    auditor = NewPerson(
        username="an",
        full_name="Lê Thị An",
        identity_number="031190000003",
        password=PASSWORD,
        role="auditor",
    )
    await add_people(context, [auditor], only_when_empty=False)


@dataclass(slots=True)
class Browser:
    """One person's cookies; `client` is shared and keeps none."""

    client: httpx.AsyncClient
    cookie: str = ""

    async def log_in(self, username: str, password: str = PASSWORD) -> httpx.Response:
        """Log in and keep the cookie."""
        answer = await self.client.post(
            "/staff/login", data={"username": username, "password": password}
        )
        self.client.cookies.clear()
        self.cookie = answer.headers.get("set-cookie", "").partition(";")[0]
        return answer

    async def get(self, path: str) -> httpx.Response:
        """Read a page."""
        return await self.client.get(path, headers={"cookie": self.cookie})

    async def token(self) -> str:
        """Return the token that the session's forms carry."""
        found = _TOKEN.search((await self.get("/staff")).text)
        assert found
        return found[1]

    async def post(self, path: str, **fields: str) -> httpx.Response:
        """Send a form with the session's token."""
        data = {"form_token": await self.token(), **fields}
        return await self.client.post(path, data=data, headers={"cookie": self.cookie})

    async def bring(self, *files: tuple[str, bytes]) -> httpx.Response:
        """Bring statement files."""
        return await self.client.post(
            "/staff/statements",
            data={"form_token": await self.token()},
            files=[("files", file) for file in files],
            headers={"cookie": self.cookie},
        )


async def logged_in(client: httpx.AsyncClient, username: str) -> Browser:
    """Return the browser of a person who has logged in."""
    browser = Browser(client)
    answer = await browser.log_in(username)
    assert answer.status_code == 303, answer.text
    return browser
