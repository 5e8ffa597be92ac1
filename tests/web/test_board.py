"""The first page: what waits now, for each person only what their positions cover."""

import httpx2
import pytest

from core.clock import ManualClock
from core.database import Database
from core.executor import execute
from core.people.commands import CreateLogin
from tests.web.browsing import sign_in, words_of
from tests.web.house import Client

PARTS = ("Escalations", "Tickets", "Overdue trainings", "On their way out", "For an admin")


async def _page(http: httpx2.AsyncClient, database: Database, acme: Client, who: str) -> str:
    secret = await database.write(lambda uow: execute(CreateLogin(acme.people[who]), uow))
    await http.post(f"/login/{secret}")
    return str((await http.get("/")).text)


@pytest.mark.parametrize(
    ("who", "parts"),
    [
        ("ADM", PARTS),
        ("AG1", ("Escalations", "Tickets")),
        ("DIS", ("Tickets", "On their way out")),
        ("HR", ("Overdue trainings",)),
        ("MN1", ("Tickets", "Overdue trainings")),
        ("T1", ("Tickets",)),
    ],
)
async def test_each_person_sees_their_part(
    http: httpx2.AsyncClient, database: Database, acme: Client, who: str, parts: tuple[str, ...]
) -> None:
    page = await _page(http, database, acme, who)
    assert [part for part in PARTS if f"<h2>{part}</h2>" in page] == list(parts)
    assert "BETA" not in page.upper()


async def test_a_case_says_who_has_it_what_is_promised_and_what_comes_next(
    http: httpx2.AsyncClient, database: Database, acme: Client, clock: ManualClock
) -> None:
    await http.post(f"/api/escalations/{acme.escalation}/assign", headers=acme.bearer("AG1"))
    clock.advance(220 * 60)
    page = await _page(http, database, acme, "ADM")
    for words in (
        acme.escalation, "20 min left", "Acme-Ag1", "Next 11:00 → back to the queue if nothing happens",
        acme.ticket, "Store ACME-N1 · Cold Chambers", "Acme-T1", "Next 13:30 → Acme-T1 (who has it), Telegram",
    ):  # fmt: skip
        assert words in page, words
    clock.advance(60 * 60)
    assert "40 min late" in await _page(http, database, acme, "ADM")


async def test_whoever_is_told_of_overdue_trainings_has_them_before_their_eyes(
    http: httpx2.AsyncClient, database: Database, acme: Client
) -> None:
    hr = await sign_in(http, database, acme, "HR")
    words = words_of(await hr.sees("/"))
    assert "1 overdue training waits for you" in words
    assert "Nothing waits for you" not in words
    done = "UPDATE training_assignments SET completed_on = '2026-11-20'"
    await database.write(lambda uow: uow.connection.exec_driver_sql(done))
    assert "Nothing waits for you" in words_of(await hr.sees("/"))


async def test_a_manager_of_another_store_sees_nothing_of_this_one(
    http: httpx2.AsyncClient, database: Database, acme: Client
) -> None:
    page = await _page(http, database, acme, "MN2")
    assert acme.ticket not in page
    assert "Nothing is broken." in page


async def test_what_people_write_is_shown_as_text(http: httpx2.AsyncClient, database: Database, acme: Client) -> None:
    body = {"branchId": acme("N1"), "subcategoryId": "noise", "description": "<script>alert(1)</script>"}
    await http.post("/api/tickets", json=body, headers=acme.bearer("DIS"))
    page = await _page(http, database, acme, "DIS")
    assert "&lt;script&gt;alert(1)" in page
    assert "<script>alert" not in page
