"""Photos and reports over HTTP: put in clean, handed out to whoever may see the ticket, with a token or a session."""

from pathlib import Path

import httpx2
import pytest

from core.database import Database
from core.executor import execute
from core.media.store import Store
from core.people.commands import CreateLogin
from jobs.service_reports import make_reports
from tests.core.media.test_photos import opened, picture
from tests.web.house import Client, Given, app_of, browser

GPS = 0x8825


async def _accepted(http: httpx2.AsyncClient, acme: Client) -> str:
    path = f"/api/tickets/{acme.ticket}"
    assert (await http.post(f"{path}/accept", headers=acme.bearer("T1"))).status_code == 200
    return path


async def _closed(http: httpx2.AsyncClient, acme: Client) -> str:
    path = await _accepted(http, acme)
    done = await http.post(f"{path}/complete", json={"workDescription": "Mended"}, headers=acme.bearer("T1"))
    decide = f"/api/completions/{done.json()['id']}/approve"
    assert (await http.post(decide, json={"action": "approve"}, headers=acme.bearer("MN1"))).status_code == 200
    return path


async def test_a_photo_is_put_in_and_had_back_without_its_metadata(http: httpx2.AsyncClient, acme: Client) -> None:
    path = await _accepted(http, acme)
    sent = picture((300, 200), comment=b"taken at home")
    answer = await http.post(
        f"{path}/photos?type=before&caption=iced",
        content=sent,
        headers=acme.bearer("T1") | {"content-type": "image/jpeg"},
    )
    photo = answer.json()
    assert answer.status_code == 201, answer.text
    assert (photo["type"], photo["caption"], photo["state"]) == ("before", "iced", "stored")
    had = await http.get(photo["url"], headers=acme.bearer("MN1"))
    assert (had.status_code, had.headers["content-type"]) == (200, "image/jpeg")
    assert opened(had.content).size == (300, 200)
    assert b"taken at home" not in had.content

    done = await http.post(f"{path}/complete", json={"workDescription": "Mended"}, headers=acme.bearer("T1"))
    assert done.json()["photos"] == [photo]


@pytest.mark.parametrize(("content", "status"), [(b"no picture", 422), (b"", 422), (b"\xff" * (21 * 2**20), 413)])
async def test_what_is_no_photo_is_refused(http: httpx2.AsyncClient, acme: Client, content: bytes, status: int) -> None:
    path = await _accepted(http, acme)
    answer = await http.post(f"{path}/photos", content=content, headers=acme.bearer("T1"))
    assert answer.status_code == status
    assert answer.json()["detail"]


async def test_nobody_without_a_right_to_the_ticket_sees_its_photo(
    http: httpx2.AsyncClient, given: Given, database: Database, acme: Client
) -> None:
    path = await _accepted(http, acme)
    url = (await http.post(f"{path}/photos", content=picture(), headers=acme.bearer("T1"))).json()["url"]
    assert (await http.get(url)).status_code == 401
    assert (await http.get(url, headers={"Authorization": "Bearer cb_wrong"})).status_code == 401
    assert (await http.get(url, headers=acme.bearer("MN2"))).status_code == 403
    assert (await http.get(f"{path}/photos/999", headers=acme.bearer("T1"))).status_code == 404
    assert (await http.post(f"{path}/photos", content=picture(), headers=acme.bearer("T2"))).status_code == 409

    async with browser(app_of(given)) as page:
        secret = await database.write(lambda uow: execute(CreateLogin(acme.people["MN1"]), uow))
        await page.post(f"/login/{secret}")
        assert (await page.get(url)).status_code == 200  # a session is as good as a token
        assert (await page.post(f"{path}/photos", content=picture())).status_code == 401  # but changes nothing here


async def test_the_report_is_there_once_the_ticket_is_closed(
    http: httpx2.AsyncClient, given: Given, database: Database, acme: Client
) -> None:
    before = await http.get(f"/api/tickets/{acme.ticket}/report", headers=acme.bearer("DIS"))
    assert (before.status_code, "not closed" in before.json()["detail"]) == (409, True)
    path = await _closed(http, acme)
    soon = await http.get(f"{path}/report", headers=acme.bearer("DIS"))
    assert (soon.status_code, "being made" in soon.json()["detail"]) == (409, True)
    await make_reports(database, given.store)
    ticket = (await http.get(path, headers=acme.bearer("DIS"))).json()
    had = await http.get(ticket["reportUrl"], headers=acme.bearer("DIS"))
    assert (had.status_code, had.headers["content-type"]) == (200, "application/pdf")
    assert f"{acme.ticket}.pdf" in had.headers["content-disposition"]
    assert had.content.startswith(b"%PDF-")
    assert (await http.get(f"{path}/report", headers=acme.bearer("MN2"))).status_code == 403


async def test_a_file_that_is_gone_is_no_fault_of_who_asks(
    http: httpx2.AsyncClient, given: Given, acme: Client, tmp_path: Path
) -> None:
    path = await _accepted(http, acme)
    url = (await http.post(f"{path}/photos", content=picture(), headers=acme.bearer("T1"))).json()["url"]
    given.store = Store(tmp_path / "empty")
    answer = await http.get(url, headers=acme.bearer("T1"))
    assert (answer.status_code, bool(answer.json()["detail"])) == (404, True)
