"""People on the pages: the tree, one person, and files that are looked at before they are taken."""

import re

import httpx2
import pytest

from core.clock import ManualClock
from core.database import Database
from core.people.queries import list_holders
from core.statements import Reader
from tests.web.browsing import Visitor, sign_in, words_of
from tests.web.house import Client

PEOPLE_CSV = "code,name,role,unit_code,phone\nNEW-1,Nina Neu,store_manager,ACME-N2,+436601111111\nACME-AG1,Ana Anders,agent,ACME,\n"


async def test_a_place_shows_who_works_there_and_who_is_told(
    http: httpx2.AsyncClient, database: Database, acme: Client
) -> None:
    own = await sign_in(http, database, acme, "ADM")
    assert "Acme-Ag1" in await own.sees("/people")
    branch = words_of(await own.sees("/people?unit=ACME-N1"))
    assert "Acme-T1 ACME-T1 Technician primary Telegram" in branch
    assert "Cluster manager Acme-Cm" in branch
    assert "Dispatcher Acme-Dis" in branch
    found = words_of(await own.sees("/people?words=acme-t"))
    assert "Acme-T3" in found
    assert "Acme-Dis" not in found
    assert "Nobody is called that" in words_of(await own.sees("/people?words=%25%25"))


async def test_a_store_manager_sees_their_store_and_nobody_elsewhere(
    http: httpx2.AsyncClient, database: Database, acme: Client
) -> None:
    own = await sign_in(http, database, acme, "MN1")
    page = await own.sees("/people")
    assert "Acme-T1" in page
    assert "/people/import" not in page
    assert "Cluster manager Acme-Cm" in words_of(page)
    for code in re.findall(r'href="/people/([^"?]+)"', page):
        assert (await http.get(f"/people/{code}")).status_code == 200
    assert (await http.get("/people/ACME-MN2")).status_code == 403
    assert (await http.get("/people?unit=ACME-N2")).status_code == 403
    assert "Acme-T3" not in await own.sees("/people?words=acme")
    assert 'action="/people' not in await own.sees("/people/ACME-T1")
    assert (await own.presses("/people/ACME-T1/leave", from_on="2026-11-23", until_on="2026-11-24")).status_code == 403


async def test_a_link_code_is_shown_once_and_links(http: httpx2.AsyncClient, database: Database, acme: Client) -> None:
    own = await sign_in(http, database, acme, "ADM")
    page = (await own.presses("/people/ACME-AG1/link", channel="slack")).text
    code = page.split("<code>start ")[1].split("<", maxsplit=1)[0]
    assert len(code) == 8
    assert code not in await own.sees("/people/ACME-AG1")
    await own.does("/people/ACME-AG1/contact", channel="slack", address="U0ANA")
    assert "Slack" in words_of(await own.sees("/people/ACME-AG1"))


async def test_who_is_on_leave_is_not_told_until_it_is_taken_back(
    http: httpx2.AsyncClient, database: Database, acme: Client, clock: ManualClock
) -> None:
    own = await sign_in(http, database, acme, "OWN")

    async def dispatchers() -> int:
        today = clock.now().date()
        return len(await database.read(lambda reader: list_holders(reader, acme.units["N1"], "dispatcher", today)))

    page = await own.does("/people/ACME-DIS/leave", from_on="2026-11-23", until_on="2026-11-27")
    assert "The leave is noted" in page
    assert await dispatchers() == 0
    end = page.split("/people/ACME-DIS/leave/")[1].split('"', maxsplit=1)[0]
    await own.does(f"/people/ACME-DIS/leave/{end}")
    assert await dispatchers() == 1


@pytest.mark.parametrize(
    ("first", "last", "said"),
    [
        ("2026-11-27", "2026-11-23", "before the first"),
        ("2026-11-02", "2026-11-03", "over already"),
        ("soon", "2026-12-01", "is no day"),
    ],
)
async def test_a_leave_that_cannot_be_is_refused_with_the_reason(
    http: httpx2.AsyncClient, database: Database, acme: Client, first: str, last: str, said: str
) -> None:
    own = await sign_in(http, database, acme, "OWN")
    assert said in await own.does("/people/ACME-DIS/leave", from_on=first, until_on=last)


async def test_quiet_hours_are_set_and_refused(http: httpx2.AsyncClient, database: Database, acme: Client) -> None:
    own = await sign_in(http, database, acme, "ADM")
    assert "22:00-07:00" in await own.does("/people/ACME-DIS/hours", hours="Mon-Fri 08:00-18:00", quiet="22-7")
    assert 'class="said bad"' in await own.does("/people/ACME-DIS/hours", hours="whenever", quiet="")


async def _looks(own: Visitor, content: str, name: str = "people.csv", what: str = "people") -> httpx2.Response:
    files = {"file": (name, content.encode(), "text/csv")}
    return await own.http.post("/people/import/look", data={"csrf": own.csrf, "what": what}, files=files)


async def test_a_file_is_looked_at_first_and_then_taken(
    http: httpx2.AsyncClient, database: Database, acme: Client
) -> None:
    own = await sign_in(http, database, acme, "ADM")
    page = (await _looks(own, PEOPLE_CSV)).text
    words = words_of(page)
    assert "1 added, 1 changed" in words
    assert "NEW-1 new store manager at ACME-N2" in words
    assert "ACME-AG1 name Acme-Ag1 Ana Anders" in words
    assert "Nobody is called that" in words_of(await own.sees("/people?words=nina"))  # so far nothing has happened
    file = page.split('name="file" value="')[1].split('"', maxsplit=1)[0]
    assert "1 added, 1 changed" in await own.does("/people/import/take", what="people", file=file)
    assert "Nina Neu" in await own.sees("/people?words=nina")
    assert "Nothing has changed" in (await _looks(own, PEOPLE_CSV)).text


async def test_every_wrong_row_is_named_and_nothing_is_taken(
    http: httpx2.AsyncClient, database: Database, acme: Client
) -> None:
    own = await sign_in(http, database, acme, "ADM")
    answer = await _looks(own, "code,name,role,unit_code\nA,Al,king,ACME\nB,Bo,agent,NOWHERE\n")
    words = words_of(answer.text)
    assert answer.status_code == 422
    assert "2 wrong in people.csv: nothing was imported" in words
    assert words.index(" 2 role ") < words.index(" 3 unit_code ")
    for content, name in (("", "empty.csv"), ("code\n", "people.exe"), ("code,colour\n", "people.csv")):
        assert (await _looks(own, content, name)).status_code == 422


async def test_units_are_imported_too_and_only_ones_own(
    http: httpx2.AsyncClient, database: Database, acme: Client, beta: Client
) -> None:
    own = await sign_in(http, database, acme, "ADM")
    words = words_of(
        (await _looks(own, "code,name,kind,parent_code\nACME-N3,Store 3,branch,ACME-N\n", what="units")).text
    )
    assert "ACME-N3 new" in words
    foreign = await _looks(own, "code,name,kind,parent_code\nBETA-N1,Taken,branch,BETA-N\n", what="units")
    assert foreign.status_code in (200, 422)
    names = await database.read(lambda reader: _name(reader, beta.units["N1"]))
    assert names != "Taken"


@pytest.mark.parametrize("file", ["", "../../etc/passwd", "0" * 64 + ".csv", "0" * 64 + ".exe"])
async def test_only_a_file_that_was_looked_at_is_taken(
    http: httpx2.AsyncClient, database: Database, acme: Client, file: str
) -> None:
    own = await sign_in(http, database, acme, "ADM")
    answer = await own.presses("/people/import/take", what="people", file=file)
    assert answer.status_code in (303, 422)
    assert "Acme-Ag1" in await own.sees("/people")


def _name(reader: Reader, unit_id: int) -> str:
    return str(reader.connection.exec_driver_sql(f"SELECT name FROM units WHERE id = {unit_id}").scalar_one())
