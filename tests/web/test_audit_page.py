"""Audit: what happened in one client, filtered, page by page and as CSV."""

import httpx2
import pytest

from core.clock import ManualClock
from core.database import Database
from tests.web.browsing import sign_in, words_of
from tests.web.house import Client


async def _happens(http: httpx2.AsyncClient, acme: Client, notes: int = 0) -> None:
    await http.post(f"/api/escalations/{acme.escalation}/assign", headers=acme.bearer("AG1"))
    for number in range(notes):
        body = {"body": f"note {number}"}
        await http.post(f"/api/escalations/{acme.escalation}/note", json=body, headers=acme.bearer("AG1"))


async def test_it_says_who_did_what_and_how(
    http: httpx2.AsyncClient, database: Database, acme: Client, beta: Client
) -> None:
    await _happens(http, acme, notes=1)
    await http.post(f"/api/escalations/{beta.escalation}/assign", headers=beta.bearer("AG1"))
    own = await sign_in(http, database, acme, "OWN")
    page = words_of(await own.sees("/audit"))
    assert "Claimed ESC-1 Acme-Ag1 over the API" in page
    assert "note 0" in page
    assert "Beta" not in page


@pytest.mark.parametrize(
    ("filters", "seen", "not_seen"),
    [
        ("area=escalation", "Claimed", "Token"),
        ("who=ACME-AG1", "Claimed", "Logged in"),
        ("about=ESC-1", "Claimed", "Logged in"),
        ("via=page", "Logged in", "Claimed"),
        ("days=1", "Claimed", "nothing"),
        ("who=NOBODY", "Nothing like that happened", "Claimed"),
    ],
)
async def test_it_is_filtered(
    http: httpx2.AsyncClient, database: Database, acme: Client, filters: str, seen: str, not_seen: str
) -> None:
    await _happens(http, acme)
    own = await sign_in(http, database, acme, "OWN")
    words = words_of((await own.sees(f"/audit?{filters}")).split('id="list"')[1])
    assert seen in words
    assert not_seen not in words


async def test_pages_stay_right_while_things_happen(
    http: httpx2.AsyncClient, database: Database, acme: Client, clock: ManualClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("web.pages.audit.SHOWN", 5)
    await _happens(http, acme, notes=14)  # all in the same moment
    own = await sign_in(http, database, acme, "OWN")
    path, seen = "/audit?about=ESC-1", []
    while path:
        page = await own.sees(path)
        seen += [part.split("<", maxsplit=1)[0] for part in page.split("<small>note ")[1:]]
        path = (
            "/audit?" + page.split('href="/audit?')[1].split('"')[0].replace("&amp;", "&")
            if "Show more" in page
            else ""
        )
        clock.advance(1)
        await http.post(f"/api/escalations/{acme.escalation}/note", json={"body": "later"}, headers=acme.bearer("AG1"))
    assert seen == [str(number) for number in range(13, -1, -1)]


async def test_all_of_it_leaves_as_csv_without_formulas(
    http: httpx2.AsyncClient, database: Database, acme: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("web.pages.audit.AT_ONCE", 3)
    await _happens(http, acme, notes=10)
    await http.post(f"/api/escalations/{acme.escalation}/note", json={"body": "=1+1"}, headers=acme.bearer("AG1"))
    own = await sign_in(http, database, acme, "OWN")
    lines = (await own.sees("/audit.csv?about=ESC-1")).splitlines()
    assert lines[0].endswith("at,what,about,who,through,said")
    assert sum("note " in line for line in lines) == 10
    assert sum(",'=1+1" in line for line in lines) == 1
