"""Signed in on the pages, without a browser: for tests of what a page shows and what its forms do."""

import re
from dataclasses import dataclass
from typing import Any

import httpx2

from core.database import Database
from core.executor import execute
from core.people.commands import CreateLogin
from tests.web.house import Client


@dataclass
class Visitor:
    """`csrf`: what every form of theirs carries."""

    http: httpx2.AsyncClient
    csrf: str

    async def sees(self, path: str) -> str:
        answer = await self.http.get(path)
        assert answer.status_code == 200, f"{path}: {answer.status_code} {answer.headers.get('location', '')}"
        return answer.text

    async def presses(self, path: str, **values: Any) -> httpx2.Response:
        return await self.http.post(path, data={"csrf": self.csrf} | values)

    async def does(self, path: str, **values: Any) -> str:
        """Presses, and reads the page that comes next."""
        answer = await self.presses(path, **values)
        assert answer.status_code == 303, f"{path}: {answer.status_code} {words_of(answer.text)}"
        return (await self.http.get(answer.headers["location"], follow_redirects=True)).text


async def sign_in(http: httpx2.AsyncClient, database: Database, client: Client, who: str) -> Visitor:
    secret = await database.write(lambda uow: execute(CreateLogin(client.people[who]), uow))
    assert (await http.post(f"/login/{secret}")).status_code == 303
    page = (await http.get("/settings")).text
    return Visitor(http, page.split('name="csrf" value="')[1].split('"', maxsplit=1)[0])


def words_of(page: str) -> str:
    """A page as its words, for assertions."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", page.split("<main", 1)[-1])).strip()
