"""/tickets/TKT-...: a completed repair is looked at and decided on a page, by whoever may, once."""

import httpx2
import pytest
from fastapi.routing import APIRoute

from core.database import Database
from core.executor import execute
from core.people.commands import CreateLogin
from tests.core.media.test_photos import picture
from tests.core.tickets.story import said_to
from tests.web.house import Client
from web.pages import approval

DONE = {
    "workDescription": "Compressor <replaced>",
    "laborHours": 1.5,
    "laborCostPerHour": 38.5,
    "partsUsed": [{"name": "Compressor", "quantity": 2, "unitCost": 412.9}],
    "photos": [{"url": "https://example.com/after.jpg", "type": "after", "caption": "Runs"}],
}
ROUTES = [("POST", "/approve"), ("POST", "/reject")]


@pytest.fixture
async def photo(http: httpx2.AsyncClient, acme: Client) -> str:
    """The ticket of ACME is accepted and completed, with this photo from before."""
    path, technician = f"/api/tickets/{acme.ticket}", acme.bearer("T1")
    await http.post(f"{path}/accept", headers=technician)
    kept = await http.post(f"{path}/photos?type=before&caption=iced", content=picture(), headers=technician)
    await _complete(http, acme)
    return str(kept.json()["url"])


async def _complete(http: httpx2.AsyncClient, acme: Client) -> None:
    answer = await http.post(f"/api/tickets/{acme.ticket}/complete", json=DONE, headers=acme.bearer("T1"))
    assert answer.status_code == 200, answer.text


async def _sign_in(http: httpx2.AsyncClient, database: Database, client: Client, who: str) -> None:
    secret = await database.write(lambda uow: execute(CreateLogin(client.people[who]), uow))
    await http.post(f"/login/{secret}")


def _hidden(page: str, name: str) -> str:
    return page.partition(f'name="{name}" value="')[2].partition('"')[0]


async def _form(http: httpx2.AsyncClient, acme: Client) -> tuple[str, dict[str, str]]:
    """The page's address, and what its forms hold."""
    path = f"/tickets/{acme.ticket}"
    page = await http.get(path)
    assert page.status_code == 200, page.text
    return path, {name: _hidden(page.text, name) for name in ("csrf", "completion")}


async def _said(database: Database, acme: Client, who: str) -> list[tuple[str, str]]:
    """What is on its way to somebody: (template, notice)."""
    said = await database.write(lambda uow: said_to(uow, acme.people[who]))
    return [(template, card.notice) for template, card in said]


async def _state(http: httpx2.AsyncClient, acme: Client) -> tuple[str, str]:
    ticket = (await http.get(f"/api/tickets/{acme.ticket}", headers=acme.bearer("ADM"))).json()
    return ticket["status"], ticket["completion"]["approvalStatus"]


def test_these_are_all_its_routes() -> None:
    routes = [route for route in approval.router.routes if isinstance(route, APIRoute)]
    there = {(method, route.path) for route in routes for method in route.methods or ()}
    assert there == {(method, f"/tickets/{{number}}{rest}") for method, rest in ROUTES}


async def test_it_is_seen_and_approved(http: httpx2.AsyncClient, database: Database, acme: Client, photo: str) -> None:
    assert "/sign-in" in (await http.get(f"/tickets/{acme.ticket}")).headers["location"]
    await _sign_in(http, database, acme, "MN1")
    now = (await http.get("/")).text
    assert f'href="/tickets/{acme.ticket}"' in now
    assert "waits for approval" in now
    path, form = await _form(http, acme)
    page = (await http.get(path)).text
    for words in (
        acme.ticket, "Store ACME-N1", "Cold room at 12 degrees", "Compressor &lt;replaced&gt;", "2 × Compressor",
        "€412.90", "€825.80", "1 h 30", "€57.75", "€883.55", "Acme-T1", f'<img src="{photo}" alt="Before · iced"',
        '<a href="https://example.com/after.jpg" rel="noreferrer">After · Runs</a>', "It waits for approval.",
    ):  # fmt: skip
        assert words in page, words
    assert (await http.get(photo)).status_code == 200

    answer = await http.post(f"{path}/approve", data=form)

    assert (answer.status_code, answer.headers["location"]) == (303, path)
    assert await _state(http, acme) == ("CLOSED", "APPROVED")
    page = (await http.get(path)).text
    assert "<strong>Approved</strong> by Acme-Mn1" in page
    assert "<button>Reject" not in page
    template, notice = (await _said(database, acme, "T1"))[-1]
    assert (template, notice.endswith("· closed")) == ("ticket.card", True)


async def test_it_is_rejected_with_a_reason_only(
    http: httpx2.AsyncClient, database: Database, acme: Client, photo: str
) -> None:
    await _sign_in(http, database, acme, "MN1")
    path, form = await _form(http, acme)
    refused = await http.post(f"{path}/reject", data=form | {"reason": "  "})
    assert refused.status_code == 422
    assert 'role="alert">Say what is not right' in refused.text
    assert await _state(http, acme) == ("COMPLETED", "PENDING")

    answer = await http.post(f"{path}/reject", data=form | {"reason": "Still <warm>"})

    assert (answer.status_code, await _state(http, acme)) == (303, ("IN_PROGRESS", "REJECTED"))
    assert "Still &lt;warm&gt;" in (await http.get(path)).text
    said = await _said(database, acme, "T1")
    assert [template for template, _ in said[-2:]] == ["ticket.card", "ticket.rejected"]


@pytest.mark.parametrize(("first", "second"), [("approve", "approve"), ("reject", "approve"), ("approve", "reject")])
async def test_who_presses_twice_is_told_what_was_decided(
    http: httpx2.AsyncClient, database: Database, acme: Client, photo: str, first: str, second: str
) -> None:
    await _sign_in(http, database, acme, "MN1")
    path, form = await _form(http, acme)
    done, again = [await http.post(f"{path}/{one}", data=form | {"reason": "Warm"}) for one in (first, second)]
    assert (done.status_code, again.status_code) == (303, 409)
    word = {"approve": "approved", "reject": "rejected"}[first]
    assert f'role="alert">Acme-Mn1 {word} this work at' in again.text


async def test_work_that_came_after_the_page_is_not_approved_unseen(
    http: httpx2.AsyncClient, database: Database, acme: Client, photo: str
) -> None:
    await _sign_in(http, database, acme, "MN1")
    path, old = await _form(http, acme)
    await http.post(f"{path}/reject", data=old | {"reason": "Warm"})
    await _complete(http, acme)
    assert (await http.post(f"{path}/approve", data=old)).status_code == 409
    assert await _state(http, acme) == ("COMPLETED", "PENDING")
    _, new = await _form(http, acme)
    assert (await http.post(f"{path}/approve", data=new)).status_code == 303


@pytest.mark.parametrize("who", ["MN2", "T1", "T3", "AG1", "DIS", "HR"])
async def test_it_is_not_for_others(
    http: httpx2.AsyncClient, database: Database, acme: Client, photo: str, who: str
) -> None:
    await _sign_in(http, database, acme, "MN1")
    path, form = await _form(http, acme)
    await _sign_in(http, database, acme, who)
    form["csrf"] = _hidden((await http.get("/")).text, "csrf")
    assert f"{path}/approve" not in (await http.get(path)).text
    answers = [await http.request(method, f"{path}{rest}", data=form | {"reason": "x"}) for method, rest in ROUTES]
    assert [answer.status_code for answer in answers] == [403] * 2
    assert await _state(http, acme) == ("COMPLETED", "PENDING")


async def test_what_belongs_to_another_client_is_not_there(
    http: httpx2.AsyncClient, database: Database, acme: Client, beta: Client, photo: str
) -> None:
    await _sign_in(http, database, acme, "MN1")
    _, form = await _form(http, acme)
    opened = {"branchId": acme("N1"), "subcategoryId": acme.subcategory, "description": "x"}
    only_acme = (await http.post("/api/tickets", json=opened, headers=acme.bearer("DIS"))).json()["id"]
    await _sign_in(http, database, beta, "ADM")
    form["csrf"] = _hidden((await http.get("/")).text, "csrf")
    for number in (only_acme, "TKT-209901-00001"):
        for method, rest in ROUTES:
            answer = await http.request(method, f"/tickets/{number}{rest}", data=form | {"reason": "x"})
            assert answer.status_code == 404, (method, rest)
    stolen = await http.post(f"/tickets/{beta.ticket}/approve", data=form)  # their own ticket, ACME's completion
    assert stolen.status_code == 404
    assert await _state(http, acme) == ("COMPLETED", "PENDING")


async def test_a_form_of_another_site_decides_nothing(
    http: httpx2.AsyncClient, database: Database, acme: Client, photo: str
) -> None:
    await _sign_in(http, database, acme, "MN1")
    path, form = await _form(http, acme)
    elsewhere = {"origin": "https://elsewhere.example"}
    for action in ("approve", "reject"):
        url = f"{path}/{action}"
        data = form | {"reason": "x"}
        assert (await http.post(url, data=data | {"csrf": "wrong"})).status_code == 403
        assert (await http.post(url, data={"completion": form["completion"]})).status_code == 403
        assert (await http.post(url, data=data, headers=elsewhere)).status_code == 403
    assert await _state(http, acme) == ("COMPLETED", "PENDING")


async def test_before_the_work_is_completed_there_is_nothing_to_press(
    http: httpx2.AsyncClient, database: Database, acme: Client
) -> None:
    await _sign_in(http, database, acme, "MN1")
    page = (await http.get(f"/tickets/{acme.ticket}")).text
    assert "/approve" not in page
