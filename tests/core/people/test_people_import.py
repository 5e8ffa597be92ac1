"""Importing units and people: all or nothing, the same again changes nothing, and clients stay apart."""

from dataclasses import replace
from typing import Any

import pytest

from core.database import Database
from core.errors import Forbidden
from core.executor import execute
from core.imports import ImportRefused, ImportReport
from core.people.commands import ImportPeople, ImportUnits
from core.people.person_writes import list_held, list_people
from core.people.queries import BOARD_OF, CONTACTS_OF, find_unit
from core.people.rows import PersonRow, UnitRow
from core.people.unit_writes import list_units
from core.unit_of_work import UnitOfWork
from tests import builders

UNITS = (
    UnitRow(2, "BR-1", "Atocha", "branch", "NORTH", contact_phone="600 111 222", latitude="40,4", longitude="-3.7"),
    UnitRow(3, "FROST", "Frostline", "client", time_zone="Europe/Madrid", board="slack:C1"),
    UnitRow(4, "NORTH", "North", "cluster"),
    UnitRow(5, "BR-2", "Belém", "branch", "north", time_zone="Europe/Lisbon", country="pt"),
)
PEOPLE = (
    PersonRow(2, "T-1", "Tom", "technician", "BR-1", rank="primary", telegram_id="111", phone="600 111 333", skills="Doors, GLASS"),
    PersonRow(3, "T-2", "Ann", "Technician", "br-1", rank="secondary", whatsapp_id="+34600111444"),
    PersonRow(4, "t-2", "", "store manager", "BR-2"),
)  # fmt: skip


async def _import(database: Database, command: Any) -> ImportReport:
    report: ImportReport = await database.write(lambda uow: execute(command, uow))
    return report


async def _bad(database: Database, command: Any) -> set[tuple[int, str]]:
    with pytest.raises(ImportRefused) as refused:
        await _import(database, command)
    return {(row.line, row.column) for row in refused.value.bad}


async def _company(database: Database) -> None:
    await _import(database, ImportUnits(UNITS))
    await _import(database, ImportPeople(PEOPLE))


async def test_units_stand_below_their_parents_in_whatever_order_they_come(database: Database) -> None:
    assert await _import(database, ImportUnits(UNITS)) == ImportReport(4, 0, 0)
    client, cluster, first, second = await database.read(list_units)
    assert (first.path, first.client_id) == (f"/{client.id}/{cluster.id}/{first.id}/", client.id)
    assert (first.time_zone, first.country, first.contact_phone) == ("Europe/Madrid", "ES", "+34600111222")
    assert (second.time_zone, second.country, first.latitude) == ("Europe/Lisbon", "PT", 40.4)
    board = await database.read(lambda reader: reader.one(BOARD_OF, unit_id=second.id, team="legal"))
    assert (board.channel, board.chat) == ("slack", "C1")


async def test_the_same_units_again_change_nothing(database: Database) -> None:
    await _import(database, ImportUnits(UNITS))
    assert await _import(database, ImportUnits(UNITS)) == ImportReport(0, 0, 4)


async def test_a_branch_moves_to_another_cluster(database: Database) -> None:
    await _import(database, ImportUnits(UNITS))
    south = UnitRow(2, "SOUTH", "South", "cluster")
    moved = replace(UNITS[0], parent_code="SOUTH")
    assert await _import(database, ImportUnits((south, moved))) == ImportReport(1, 1, 0)
    branch = next(unit for unit in await database.read(list_units) if unit.code == "BR-1")
    cluster = next(unit for unit in await database.read(list_units) if unit.code == "SOUTH")
    assert branch.path == f"{cluster.path}{branch.id}/"


async def test_every_bad_unit_is_named_and_none_is_stored(database: Database) -> None:
    rows = (
        *UNITS,
        UnitRow(6, "BR-1", "Again", "branch", "NORTH"),
        UnitRow(7, "BR-3", "", "shop", "NORTH"),
        UnitRow(8, "BR-4", "Four", "branch", "NOWHERE", time_zone="Europe/Nowhere"),
        UnitRow(9, "BR-5", "Five", "branch", "BR-2", latitude="91", board="pigeon:7"),
        UnitRow(10, "C-2", "Cluster in cluster", "cluster", "NORTH", country="Spain"),
        UnitRow(11, "NEW", "Client without zone", "client"),
    )
    assert await _bad(database, ImportUnits(rows)) == {
        (6, "code"), (7, "kind"), (7, "name"), (8, "parent_code"), (8, "time_zone"), (9, "parent_code"), (9, "latitude"),
        (9, "board"), (10, "parent_code"), (10, "country"), (11, "time_zone"),
    }  # fmt: skip
    assert await database.read(list_units) == []


async def test_only_the_program_itself_creates_clients(database: Database) -> None:
    await _company(database)

    def as_admin(uow: UnitOfWork) -> None:
        client_id = list_units(uow)[0].client_id
        builders.acting(uow, builders.person(uow, client_id, "admin", "ADA"))
        with pytest.raises(Forbidden, match="command line"):
            execute(ImportUnits(UNITS), uow)
        execute(ImportUnits((UnitRow(2, "EVIL", "Evil", "client", time_zone="Europe/Madrid"),), client_id), uow)

    with pytest.raises(ImportRefused) as refused:
        await database.write(as_admin)
    assert refused.value.bad[0].column == "kind"


async def test_several_rows_with_one_code_are_one_person(database: Database) -> None:
    await _company(database)
    tom, ann = await database.read(list_people)
    held = await database.read(list_held)
    assert sorted(seat.role for seat in held if seat.person_id == ann.id) == ["store_manager", "technician"]
    assert (tom.phone, tom.skills, tom.status, tom.language) == ("+34600111333", ["doors", "glass"], "active", "en")
    contacts = await database.read(lambda reader: reader.all(CONTACTS_OF, person_id=ann.id))
    assert [(c.channel, c.address) for c in contacts] == [("whatsapp", "34600111444")]


async def test_the_same_people_again_change_nothing(database: Database) -> None:
    await _company(database)
    before = await database.read(lambda reader: (list_people(reader), list_held(reader)))
    assert await _import(database, ImportPeople(PEOPLE)) == ImportReport(0, 0, 3)
    assert await database.read(lambda reader: (list_people(reader), list_held(reader))) == before


async def test_positions_become_those_of_the_file(database: Database) -> None:
    await _company(database)
    swapped = (replace(PEOPLE[0], rank="secondary"), replace(PEOPLE[1], rank="primary"))
    assert await _import(database, ImportPeople(swapped)) == ImportReport(0, 2, 0)
    held = await database.read(list_held)
    assert {(seat.role, seat.rank) for seat in held} == {("technician", "secondary"), ("technician", "primary")}


async def test_every_bad_person_is_named_and_none_is_stored(database: Database) -> None:
    await _company(database)
    rows = (
        PersonRow(2, "T-3", "Zoe", "technician", "BR-1", rank="primary", telegram_id="333"),
        PersonRow(3, "T-4", "", "king", "BR-9", telegram_id="@zoe", status="gone"),
        PersonRow(4, "T-5", "Eve", "agent", "FROST", telegram_id="333", language="klingon", team="sales"),
        PersonRow(5, "T-6", "Max", "agent", "FROST", telegram_id="111", phone="12"),
        PersonRow(6, "T-7", "Kim", "agent", "FROST", email="kim"),
        PersonRow(7, "T-7", "Tim", "agent", "FROST"),
        PersonRow(8, "", "Nobody", "agent", "FROST"),
    )
    assert await _bad(database, ImportPeople(rows)) == {
        (2, "rank"), (3, "role"), (3, "unit_code"), (3, "name"), (3, "telegram_id"), (3, "status"), (4, "telegram_id"),
        (4, "language"), (4, "team"), (5, "phone"), (6, "email"), (7, "name"), (7, "unit_code"), (8, "code"),
    }  # fmt: skip
    assert len(await database.read(list_people)) == 2


async def test_an_address_of_somebody_else_is_refused_by_name(database: Database) -> None:
    await _company(database)
    thief = PersonRow(2, "T-9", "Max", "agent", "FROST", telegram_id="111")
    with pytest.raises(ImportRefused) as refused:
        await _import(database, ImportPeople((thief,)))
    assert refused.value.bad[0].reason == "“111” belongs to Tom (T-1)"


async def test_clients_stay_apart(database: Database) -> None:
    """The same codes at two clients are two units and two people; who imports for one sees nothing of the other."""
    await _company(database)
    bakery = (
        UnitRow(2, "BAKE", "Bakehouse", "client", time_zone="Europe/Berlin"),
        UnitRow(3, "BR-1", "Mitte", "branch", "BAKE"),
    )
    await _import(database, ImportUnits(bakery))
    assert await _bad(database, ImportPeople((replace(PEOPLE[0], telegram_id="777"),))) == {(2, "unit_code")}
    bake = next(unit.id for unit in await database.read(list_units) if unit.code == "BAKE")
    report = await _import(database, ImportPeople((replace(PEOPLE[0], telegram_id="777"),), bake))
    assert report == ImportReport(1, 0, 0)
    mitte = await database.read(lambda reader: find_unit(reader, bake, "br-1"))
    assert mitte
    assert [seat.unit_id for seat in await database.read(lambda reader: list_held(reader, bake))] == [mitte.id]
    with pytest.raises(ImportRefused) as refused:
        await _import(database, ImportPeople((replace(PEOPLE[0], code="T-8", rank=""),), bake))
    assert refused.value.bad[0].reason == "“111” belongs to somebody else"


async def test_quiet_hours_are_imported_as_people_write_them(database: Database) -> None:
    await _import(database, ImportUnits(UNITS))
    rows = (
        replace(PEOPLE[0], quiet_from="22.00", quiet_until="7:30"),
        replace(PEOPLE[1], quiet_until="06:00:00", quiet_from="21:00"),
    )
    await _import(database, ImportPeople(rows))
    tom, ann = await database.read(list_people)
    assert (tom.quiet_from, tom.quiet_until) == ("22:00", "07:30")
    assert (ann.quiet_from, ann.quiet_until) == ("21:00", "06:00")
    assert await _import(database, ImportPeople(rows)) == ImportReport(0, 0, 2)


async def test_quiet_hours_without_an_end_or_a_length_are_refused(database: Database) -> None:
    await _import(database, ImportUnits(UNITS))
    rows = (
        replace(PEOPLE[0], quiet_from="22:00"),
        replace(PEOPLE[1], quiet_from="25:00", quiet_until="7"),
        PersonRow(5, "T-5", "Eve", "agent", "FROST", quiet_from="8:00", quiet_until="08:00"),
    )
    assert await _bad(database, ImportPeople(rows)) == {
        (2, "quiet_until"), (3, "quiet_from"), (3, "quiet_until"), (5, "quiet_until"),
    }  # fmt: skip


async def test_a_branch_passes_from_one_primary_to_the_next_by_file(database: Database) -> None:
    await _company(database)
    leaving = replace(PEOPLE[0], ends_on="2026-12-31", territory="West")
    coming = PersonRow(3, "T-3", "Eve", "technician", "BR-1", rank="primary", starts_on="1.1.2027")
    overlapping = replace(coming, starts_on="2026-12-31")
    assert await _bad(database, ImportPeople((leaving, overlapping))) == {(3, "rank")}
    assert await _bad(database, ImportPeople((replace(coming, ends_on="2026-01-01"),))) == {(3, "ends_on")}
    assert await _import(database, ImportPeople((leaving, coming))) == ImportReport(1, 1, 0)
    held = {
        (seat.rank, seat.territory, str(seat.starts_on), str(seat.ends_on)) for seat in await database.read(list_held)
    }
    assert ("primary", "West", "None", "2026-12-31") in held
    assert ("primary", "", "2027-01-01", "None") in held
    without = (replace(leaving, ends_on="", territory=""), replace(coming, starts_on=""))
    assert await _import(database, ImportPeople(without)) == ImportReport(0, 0, 2), "what is left empty stays as it is"
