"""Whose hours count where: said at a unit they hold below it, too; a person's are their own."""

from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from core.calendars.commands import SetOwnHours, SetPersonHours, SetUnitHours
from core.calendars.hours import Calendar
from core.calendars.hours_text import parse_hours
from core.calendars.opening import Opening
from core.calendars.queries import calendar_of_person, calendar_of_unit
from core.database import Database
from core.errors import Forbidden, Invalid
from core.executor import execute
from core.people.tables import persons
from core.unit_of_work import UnitOfWork
from tests import builders

WEEK = "Mon-Fri 08:00-18:00"


def madrid(hours: str = "always", closed: tuple[date, ...] = (), holidays: str = "") -> Calendar:
    return Calendar(ZoneInfo("Europe/Madrid"), parse_hours(hours), frozenset(closed), holidays)


def tree(uow: UnitOfWork) -> tuple[int, int, int]:
    client = builders.client(uow)
    cluster = builders.unit(uow, client, "NORTH", "cluster")
    return client, cluster, builders.unit(uow, cluster, "BR-1")


def say(uow: UnitOfWork, unit_id: int, **said: Any) -> bool:
    changed: bool = execute(SetUnitHours(unit_id, Opening(**said)), uow)
    return changed


async def test_without_a_word_everything_is_always_open(database: Database) -> None:
    def work(uow: UnitOfWork) -> Any:
        branch = tree(uow)[2]
        ana = builders.person(uow, branch, "technician", "ANA")
        return calendar_of_unit(uow, branch), calendar_of_person(uow, ana)

    unit, person = await database.write(work)
    assert unit == madrid()
    assert unit.always_open
    assert person is None


async def test_the_nearest_unit_that_says_something_counts_for_hours_and_holidays_apart(database: Database) -> None:
    christmas, feast = date(2026, 12, 24), date(2026, 11, 9)

    def work(uow: UnitOfWork) -> Any:
        client, cluster, branch = tree(uow)
        say(uow, client, hours=WEEK, holidays="ES", closed_on=(christmas,))
        say(uow, cluster, hours="daily 10-22")
        say(uow, branch, holidays="es-md", closed_on=(feast,))
        before = calendar_of_unit(uow, branch)
        say(uow, branch, hours="always", holidays="off")
        return before, calendar_of_unit(uow, branch), calendar_of_unit(uow, cluster), calendar_of_unit(uow, client)

    first, second, cluster, client = await database.write(work)
    assert first == madrid("daily 10-22", (christmas, feast), "ES-MD")
    assert second == madrid("always", (christmas, feast))
    assert cluster == madrid("daily 10-22", (christmas,), "ES")
    assert client == madrid(WEEK, (christmas,), "ES")


async def test_who_has_hours_keeps_the_holidays_of_where_they_work(database: Database) -> None:
    def work(uow: UnitOfWork) -> Any:
        branch = tree(uow)[2]
        say(uow, branch, hours="daily 10-22", holidays="ES-MD", closed_on=(date(2026, 12, 24),))
        ana = builders.person(uow, branch, "technician", "ANA")
        silent = calendar_of_person(uow, ana)
        found = [silent]
        for said in (Opening(hours=WEEK), Opening(holidays="off"), Opening(hours=""), Opening(holidays="PT")):
            execute(SetPersonHours(ana, said), uow)
            found.append(calendar_of_person(uow, ana))
        builders.change(uow, persons, ana, time_zone="Europe/Lisbon")
        return found, calendar_of_person(uow, ana)

    (silent, own, no_holidays, free, portugal), lisbon = await database.write(work)
    assert silent is None
    assert own == madrid(WEEK, (date(2026, 12, 24),), "ES-MD")
    assert no_holidays == madrid(WEEK, (date(2026, 12, 24),))
    assert free == madrid()
    assert portugal == madrid(holidays="PT")
    assert lisbon.zone == ZoneInfo("Europe/Lisbon")


async def test_somebody_without_a_position_keeps_the_days_of_their_client(database: Database) -> None:
    def work(uow: UnitOfWork) -> Any:
        client = builders.client(uow)
        say(uow, client, holidays="ES")
        ana = builders.put(uow, persons, client_id=client, code="ANA", name="Ana", hours=WEEK)
        return calendar_of_person(uow, ana)

    assert await database.write(work) == madrid(WEEK, holidays="ES")


async def test_saying_the_same_again_changes_nothing_and_is_no_event(database: Database) -> None:
    def work(uow: UnitOfWork) -> Any:
        branch = tree(uow)[2]
        changed = [say(uow, branch, hours=text) for text in (WEEK, "mo-fr 8-18", "", "")]
        return changed, builders.happened(uow)

    changed, happened = await database.write(work)
    assert changed == [True, False, True, False]
    assert happened == ["unit.hours_set"] * 2


async def test_everybody_sets_their_own_and_only_who_edits_people_those_of_others(database: Database) -> None:
    def work(uow: UnitOfWork) -> Any:
        branch = tree(uow)[2]
        ana, ben = (builders.person(uow, branch, "technician", code) for code in ("ANA", "BEN"))
        builders.acting(uow, ana)
        execute(SetOwnHours(Opening(hours=WEEK)), uow)
        for command in (SetPersonHours(ben, Opening(hours=WEEK)), SetUnitHours(branch, Opening(hours=WEEK))):
            with pytest.raises(Forbidden):
                execute(command, uow)
        return calendar_of_person(uow, ana), calendar_of_person(uow, ben)

    own, other = await database.write(work)
    assert own == madrid(WEEK)
    assert other is None


@pytest.mark.parametrize("said", [{"hours": "8-18"}, {"holidays": "XX"}])
async def test_what_makes_no_sense_is_refused_by_its_field(database: Database, said: dict[str, str]) -> None:
    with pytest.raises(Invalid) as refused:
        await database.write(lambda uow: say(uow, tree(uow)[2], **said))
    assert refused.value.field == next(iter(said))
