"""Service levels on the pages: of escalations and of tickets, hours and holidays; said, refused, restored."""

from typing import Any

import httpx2
import pytest

from core.database import Database
from core.errors import Invalid
from core.escalations.service_levels import service_levels
from core.people.queries import get_unit
from core.tickets.subcategories import list_subcategories
from tests.web.browsing import sign_in, words_of
from tests.web.house import Client
from web.pages.minutes import minutes_of

LEVELS: dict[str, Any] = {
    "response": ["5 min", "30", "2h", "1 day"], "resolution": ["1.5 h", "4 h", "24 hours", "2 days"],
    "claim": ["10", "20", "30", "40"], "hours": "calendar",
}  # fmt: skip
DOOR: dict[str, Any] = {
    "name": "Doors", "response": ["15 min", "1 h", "4 h", "1 d"], "resolution": ["2 h", "4 h", "1 d", "2 d"],
    "usual": "high", "skill": "doors", "words": "door stuck, Door  FROZEN",
}  # fmt: skip


def test_times_are_read_as_people_write_them() -> None:
    said = {
        "30": 30,
        " 30 min ": 30,
        "4h": 240,
        "1.5 h": 90,
        "1,5 h": 90,
        "2 days": 2880,
        "1 h 30 min": 90,
        "1 d 2 h": 1560,
    }
    assert {text: minutes_of(text, "x") for text in said} == said
    for wrong in ("", "soon", "-5", "4 weeks", "1.3", "٣ h", "30 min x", "9" * 30):
        with pytest.raises(Invalid, match="no time"):
            minutes_of(wrong, "x")


async def test_targets_are_changed_with_their_history(
    http: httpx2.AsyncClient, database: Database, acme: Client
) -> None:
    own = await sign_in(http, database, acme, "TL")
    assert 'value="5 min"' in await own.sees("/service-levels")
    saved = words_of(await own.does("/service-levels/save", **LEVELS))
    assert "They count for what is raised, claimed or given another priority from now on" in saved
    assert "answered within 5 min, 30 min, 2 h, 24 h; resolved within 1 h 30 min, 4 h, 24 h, 2 days" in saved
    levels = await database.read(lambda reader: service_levels(reader, acme.id))
    assert (levels.response, levels.hours) == ((5, 30, 120, 1440), "calendar")
    await own.does("/service-levels/restore", version=0)
    restored = await own.sees("/service-levels")
    assert (await database.read(lambda reader: service_levels(reader, acme.id))).hours == "business"
    version = restored.split('name="version" value="')[1].split('"')[0]
    await own.does("/service-levels/restore", version=version)
    assert await database.read(lambda reader: service_levels(reader, acme.id)) == levels
    assert "There is no such version" in words_of(await own.does("/service-levels/restore", version=99999))


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"response": ["5", "4", "120", "1440"]}, "cannot be due sooner"),
        ({"response": ["5", "30"]}, "Four numbers"),
        ({"claim": ["soon", "20", "30", "40"]}, "“soon” is no time"),
        ({"hours": "moon"}, "neither business nor calendar"),
    ],
)
async def test_targets_that_cannot_be_are_refused_and_the_form_keeps_the_rest(
    http: httpx2.AsyncClient, database: Database, acme: Client, wrong: dict[str, Any], said: str
) -> None:
    own = await sign_in(http, database, acme, "TL")
    answer = await own.presses("/service-levels/save", **(LEVELS | wrong))
    assert (answer.status_code, said in words_of(answer.text)) == (422, True)
    assert 'value="24 hours"' in answer.text


async def test_a_kind_of_problem_is_added_and_changed(
    http: httpx2.AsyncClient, database: Database, acme: Client, beta: Client
) -> None:
    own = await sign_in(http, database, acme, "DIS")
    assert (await http.get("/service-levels")).headers["location"] == "/service-levels/tickets"
    place = f"/service-levels/tickets/{acme.category}"
    assert "“Doors” is saved" in words_of(await own.does(f"{place}/new/save", **DOOR))
    (door,) = [row for row in await _kinds(database, acme) if row.code == "doors"]
    assert (door.response_minutes, door.usual_priority, door.words) == (
        [15, 60, 240, 1440],
        1,
        ["door stuck", "door frozen"],
    )
    changed = DOOR | {"response": ["20 min", "1 h", "4 h", "1 d"], "retired": "yes"}
    assert "for no new tickets" in words_of(await own.does(f"{place}/{door.id}/save", **changed))
    assert "response: 20 min, 1 h, 4 h, 24 h; retired: yes" in words_of(await own.sees(f"{place}/{door.id}"))
    for wrong, said in (
        ({"resolution": ["1 min", "4 h", "1 d", "2 d"]}, "cannot be due before the answer"),
        ({"name": ""}, "needs a name"),
        ({"usual": "king"}, "no priority"),
    ):
        answer = await own.presses(f"{place}/{door.id}/save", **(DOOR | wrong))
        assert (answer.status_code, said in words_of(answer.text)) == (422, True), said
    await own.does("/service-levels/tickets/add", name="Bakery ovens")
    await own.does(f"{place}/rename", name="Cold things")
    page = words_of(await own.sees("/service-levels/tickets"))
    assert "Bakery ovens" in page
    assert "Cold things" in page
    theirs = f"/service-levels/tickets/{beta.category}"
    assert (await http.get(f"{theirs}/new")).status_code == 404
    assert (await http.get(f"{place}/{beta.subcategory}")).status_code == 404
    assert "no such category" in words_of(await own.does(f"{theirs}/rename", name="Mine"))


async def _kinds(database: Database, client: Client) -> list[Any]:
    return await database.read(lambda reader: list_subcategories(reader, client.id, retired=True))


async def test_hours_are_said_at_a_place_and_come_back(
    http: httpx2.AsyncClient, database: Database, acme: Client, beta: Client
) -> None:
    own = await sign_in(http, database, acme, "ADM")
    form = {"hours": "mon-fri 8-18", "holidays": "es", "closed_on": "2026-12-24, 2026-12-31"}
    saved = words_of(await own.does("/service-levels/hours/ACME-N/save", **form))
    assert "These hours count for what begins from now on" in saved
    assert "Mon-Fri 08:00-18:00; holidays ES; closed 2026-12-24, 2026-12-31" in saved
    assert "Mon-Fri 08:00-18:00" in words_of(await own.sees("/service-levels/hours?unit=ACME-N1")), "inherited"
    again = await own.does("/service-levels/hours/ACME-N/save", hours="always", holidays="", closed_on="")
    version = again.split('name="version" value="')[1].split('"')[0]
    await own.does("/service-levels/hours/ACME-N/restore", version=version)
    unit = await database.read(lambda reader: get_unit(reader, acme.units["N"]))
    assert (unit.hours, unit.holidays, unit.closed_on) == ("Mon-Fri 08:00-18:00", "ES", ["2026-12-24", "2026-12-31"])
    for wrong in ({"hours": "sometimes"}, {"holidays": "XX"}, {"closed_on": "Christmas"}):
        answer = await own.presses("/service-levels/hours/ACME-N/save", **(form | wrong))
        assert (answer.status_code, 'role="alert"' in answer.text) == (422, True), wrong
    assert "ACME-N1" not in words_of(await own.sees("/service-levels/hours?words=nothing"))
    assert (await http.get("/service-levels/hours?unit=BETA-N")).status_code == 404
    assert "no unit" in words_of((await own.presses("/service-levels/hours/BETA-N/save", **form)).text)


async def test_who_may_not_change_them_only_looks(http: httpx2.AsyncClient, database: Database, acme: Client) -> None:
    own = await sign_in(http, database, acme, "AG1")
    assert "<input name" not in await own.sees("/service-levels")
    assert "Save" not in words_of(await own.sees("/service-levels/hours"))
    for path, form in (
        ("save", LEVELS), ("restore", {"version": 0}), ("hours/ACME-N/save", {"hours": "always"}),
        (f"tickets/{acme.category}/new/save", DOOR), ("tickets/add", {"name": "x"}),
    ):  # fmt: skip
        assert (await own.presses(f"/service-levels/{path}", **form)).status_code == 403, path
