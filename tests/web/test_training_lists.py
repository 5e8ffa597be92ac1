"""The overdue list in a chat: page by page; as a file; and over the API."""

import re
from datetime import timedelta

import httpx2
import pytest

from core.clock import ManualClock
from core.database import Database
from core.executor import execute
from core.people.queries import get_unit
from core.training.commands import CreateListLink
from core.training.counting import count_days
from core.training.overdue_sheet import overdue_parts, overdue_sheet
from core.unit_of_work import UnitOfWork
from tests import builders
from tests.bot.chat import Chat
from tests.core.training import world as training
from tests.web.house import Client, Given, app_of, browser

HEAD = "Training,Employee,Id,Store,Code,Course,Due,Days overdue,Told,Put off until"


@pytest.fixture
async def world(database: Database) -> training.World:
    def work(uow: UnitOfWork) -> training.World:
        world = training.build(uow)
        training.bring(uow, world, *(training.late(f"E{n}", "N1", 40 - n, line=n) for n in range(2, 18)))
        training.bring(uow, world, training.late("X1", "N2", 3))
        return world

    return await database.write(work)


async def test_the_list_pages_through_by_button(database: Database, world: training.World) -> None:
    chat = Chat(database)
    seen, command = list[str](), "overdue"
    for page in (1, 2, 3):
        await chat.says("whatsapp-ACME-MN1", command, channel="whatsapp")
        left = (await database.read(training.list_told))[-1]
        assert f"16 overdue trainings · page {page} of 3" in left.text
        buttons = {button.label: button.command for button in left.card.buttons}
        assert ("Back" in buttons, "Next" in buttons, "Download" in buttons) == (page > 1, page < 3, page != 2)
        assert "Several" in buttons
        assert left.card.menu is not None
        assert len(left.card.buttons) + len(left.card.menu.options) <= 10
        seen += [option.command for option in left.card.menu.options]
        command = buttons.get("Next", "")
    assert len(seen) == len(set(seen)) == 16
    (beyond,) = await chat.says("whatsapp-ACME-MN1", "overdue 99", channel="whatsapp")
    assert "page 3 of 3" in beyond
    (wrong,) = await chat.says("whatsapp-ACME-MN1", "overdue everything", channel="whatsapp")
    assert wrong == "“everything” is no page. Say overdue, overdue 2, overdue csv or overdue pdf."


async def test_where_only_one_of_a_group_sees_the_answer_the_file_is_a_link_that_ends(
    database: Database, world: training.World, given: Given, clock: ManualClock
) -> None:
    def work(uow: UnitOfWork) -> str:
        builders.acting(uow, world.people["MN1"])
        return str(execute(CreateListLink(world.people["MN1"]), uow))

    secret = await database.write(work)
    async with browser(app_of(given)) as http:
        for kind, begins in (("csv", b"\xef\xbb\xbfTraining,"), ("pdf", b"%PDF-")):
            path = f"/lists/{secret}.{kind}"
            answer = await http.get(path)
            assert (answer.status_code, answer.content.startswith(begins)) == (200, True)
            assert answer.headers["content-disposition"] == f'attachment; filename="overdue-trainings.{kind}"'
            assert answer.headers["cache-control"] == "no-store"
        rows = (await http.get(re.sub("pdf$", "csv", path))).content.decode("utf-8-sig").splitlines()
        assert (rows[0], len(rows)) == (HEAD, 17)
        assert not any("X1" in row for row in rows)  # another store's
        clock.advance(timedelta(hours=1).total_seconds())
        assert (await http.get(path)).status_code == 404
        assert (await http.get("/lists/nonsense.csv")).status_code == 404


async def test_the_api_gives_the_whole_list_as_a_file(http: httpx2.AsyncClient, acme: Client, beta: Client) -> None:
    answer = await http.get("/api/escalation/overdue-users.csv", headers=acme.bearer("HR"))
    rows = answer.content.decode("utf-8-sig").splitlines()
    assert (answer.headers["content-type"], rows[0], len(rows)) == ("text/csv; charset=utf-8", HEAD, 4)
    assert ",13,hr manager," in rows[1]
    pdf = await http.get("/api/escalation/overdue-users.pdf", headers=acme.bearer("HR"))
    assert pdf.content.startswith(b"%PDF-")
    assert (await http.get("/api/escalation/overdue-users.csv")).status_code == 401
    assert (await http.get("/api/escalation/overdue-users.csv", headers=acme.bearer("T1"))).status_code == 403


async def test_a_long_list_is_read_in_parts_that_nothing_shifts(database: Database, world: training.World) -> None:
    """Never whole in memory, and each part with a read of its own."""
    count = await database.read(lambda reader: count_days(reader, world.client_id, database.clock.now()))
    path = await database.read(lambda reader: get_unit(reader, world.client_id).path)
    whole = await database.read(lambda reader: list(overdue_sheet(reader, world.client_id, [path], count).rows))
    parts = []
    async for part in overdue_parts(database.read, world.client_id, [path], count, at_once=5):
        parts.append(part)
        await database.write(lambda uow: training.bring(uow, world, training.late("Z1", "N1", 60)))
    assert [len(part) for part in parts] == [5, 5, 5, 2]
    assert [row for part in parts for row in part] == whole


async def test_a_preview_over_the_api_shows_texts_times_and_what_a_rule_changes(
    http: httpx2.AsyncClient, acme: Client, beta: Client
) -> None:
    hr = acme.bearer("HR")
    plan = (await http.get("/api/escalation/preview", headers=hr)).json()
    assert (plan["total"], plan["counts"]["assignments"], plan["differences"]) == (3, 3, None)
    assert {"personId", "channel", "leavesAt", "asNotice", "heldFor", "text"} <= set(plan["messages"][0])
    asked = {"levels": [{"fromDay": 1, "role": "hr_manager"}]}
    other = (await http.post("/api/escalation/preview", json=asked, headers=hr)).json()
    assert {one["personId"] for one in other["differences"]} == {acme("HR"), acme("CM"), acme("MN1")}
    wrong = {"levels": [{"fromDay": 1, "role": "technician"}]}
    refused = await http.post("/api/escalation/preview", json=wrong, headers=hr)
    assert (refused.status_code, refused.json()["field"]) == (422, "levels")
    assert (await http.get("/api/escalation/preview", headers=acme.bearer("MN1"))).status_code == 403
    assert (await http.get("/api/escalation/status", headers=hr)).json()["lastRun"] is None


async def test_a_drill_over_the_api(http: httpx2.AsyncClient, acme: Client, beta: Client) -> None:
    hr = acme.bearer("HR")
    begun = await http.post("/api/escalation/drills", json={"unitId": acme("N"), "minutes": 5}, headers=hr)
    assert begun.status_code == 201
    drill = begun.json()
    assert (drill["id"], drill["minutes"], drill["branches"], drill["answered"], drill["endedAt"]) == (
        "DRL-1",
        5,
        2,
        0,
        None,
    )
    assert {call["level"] for call in drill["calls"]} == {1}
    assert (await http.get("/api/escalation/drills/drl-1", headers=beta.bearer("HR"))).status_code == 404
    assert (await http.get("/api/escalation/drills/nonsense", headers=hr)).status_code == 404
    assert (await http.post("/api/escalation/drills", json={}, headers=hr)).status_code == 409
    assert (await http.post("/api/escalation/drills/DRL-1/stop", headers=hr)).json()["endedAt"]
    assert [one["id"] for one in (await http.get("/api/escalation/drills", headers=hr)).json()["items"]] == ["DRL-1"]
    assert (await http.post("/api/escalation/drills", json={"unitId": "XX"}, headers=hr)).status_code == 404
