"""The sample company goes through the same imports as anybody's, and the sandbox knows the same people."""

from collections import Counter
from datetime import date

from bot.sample.sandbox import people_for_sandbox, rooms_for_sandbox
from bot.sample.seed import seed
from bot.sample.trainings import assignment_rows
from core.database import Database
from core.people.person_writes import list_held, list_people
from core.people.queries import CLIENTS, CONTACTS_OF, list_holders
from core.people.tables import ROLES
from core.people.unit_writes import list_units
from core.statements import Reader

TODAY = date(2026, 11, 23)


async def test_it_is_put_in_once(database: Database) -> None:
    assert await seed(database, TODAY)
    assert not await seed(database, TODAY)
    assert [unit.code for unit in await database.read(lambda reader: reader.all(CLIENTS))] == ["FROST", "BAKE"]


async def test_somebody_holds_every_role_and_every_branch_has_a_technician_and_a_manager(database: Database) -> None:
    await seed(database, TODAY)
    assert {seat.role for seat in await database.read(list_held)} == set(ROLES)

    def without(reader: Reader) -> list[str]:
        branches = [unit for unit in list_units(reader) if unit.kind == "branch"]
        needed = ("technician", "store_manager")
        return [u.code for u in branches for role in needed if not list_holders(reader, u.id, role, TODAY)]

    assert await database.read(without) == []


async def test_the_sandbox_has_every_address_of_the_company(database: Database) -> None:
    await seed(database, TODAY)

    def addresses(reader: Reader) -> Counter[tuple[str, str]]:
        contacts = [
            contact for person in list_people(reader) for contact in reader.all(CONTACTS_OF, person_id=person.id)
        ]
        return Counter((contact.channel, contact.address) for contact in contacts)

    staff = [person for person in people_for_sandbox() if person["kind"] == "staff"]
    known = Counter(
        (name.removesuffix("_id"), address)
        for person in staff
        for name, address in person.items()
        if name.endswith("_id")
    )
    assert known == await database.read(addresses)


def test_keys_of_the_sandbox_are_unique_and_rooms_name_known_people() -> None:
    keys = [person["key"] for person in people_for_sandbox()]
    assert len(keys) == len(set(keys))
    assert all(room["members"] and set(room["members"]) <= set(keys) for room in rooms_for_sandbox())


def test_trainings_are_late_in_every_degree_on_any_day() -> None:
    for today in (TODAY, date(2028, 2, 29)):
        rows = assignment_rows(today)
        late = {(today - date.fromisoformat(row.due_on)).days for row in rows if not row.completed_on}
        assert {0, 1, 2, 3, 4, 5, 16} <= late
        assert min(late) < 0
        assert len(rows) == 150
        assert sum(bool(row.completed_on) for row in rows) > 20
