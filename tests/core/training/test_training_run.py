"""The daily run: who is told what, once a day, until it is done."""

import asyncio
from datetime import timedelta

from sqlalchemy import text

from core.audit.record import list_timeline
from core.database import Database
from core.executor import execute
from core.training.commands import MarkTrainingDone
from core.training.queries import get_assignment, overdue_by_level
from core.training.runs import list_runs
from core.training.tables import training_notices
from core.unit_of_work import UnitOfWork
from tests import builders
from tests.core.training import world as training
from tests.core.training.world import TODAY, late

TOMORROW = TODAY + timedelta(days=1)


async def test_each_level_is_told_in_its_own_form(database: Database) -> None:
    def work(uow: UnitOfWork) -> None:
        world = training.build(uow)
        training.bring(
            uow,
            world,
            late("E1", "N1", 0),
            late("E2", "N1", 1, line=3),
            late("E3", "N2", 3, line=4),
            late("E4", "N2", 4, line=5),
            late("E5", "S1", 5, line=6),
            late("E6", "S1", 14, line=7),
        )
        counts = training.run(uow, world).counts

        assert (counts.told, counts.units, counts.assignments, counts.critical) == (3, 3, 5, 1)
        told = {one.person_id: one for one in training.list_told(uow)}
        assert {person: one.template for person, one in told.items()} == {
            world.people["MN1"]: "training.store_digest",
            world.people["CN"]: "training.cluster_digest",
            world.people["HR"]: "training.hr_digest",
        }
        store, cluster, hr = (told[world.people[key]].text for key in ("MN1", "CN", "HR"))
        assert "Store N1\n• Employee E2 (E2): Food safety, due Sun 22 Nov, 1 day overdue" in store
        assert "Please follow up" in store
        assert "not resolved these:\n• Store N2: 2 employees, up to 4 days overdue" in cluster
        assert "Employees overdue: 2\nStores affected: 1\nCritical (14 days and more): 1" in hr
        assert "• Employee E6 (Store S1): Food safety, 14 days overdue" in hr
        assert "Employee E5" not in hr

    await database.write(work)


async def test_a_manager_of_several_stores_gets_one_digest_grouped_by_store(database: Database) -> None:
    def work(uow: UnitOfWork) -> None:
        world = training.build(uow)
        training.also_manages(uow, world, "MN1", "N2")
        training.bring(uow, world, late("E1", "N1", 1), late("E2", "N2", 2, line=3), late("E3", "N1", 2, line=4))
        training.run(uow, world)

        mine = [told for told in training.list_told(uow) if told.person_id == world.people["MN1"]]
        assert len(mine) == 1
        assert [line for line in mine[0].text.splitlines() if line.startswith("Store")] == ["Store N2", "Store N1"]
        menu = mine[0].card.menu
        assert menu is not None
        expected = [training.assignment_id(uow, employee) for employee in ("E2", "E3", "E1")]
        assert [option.command for option in menu.options] == [f"show TRN-{id_}" for id_ in expected]

    await database.write(work)


async def test_a_second_run_on_the_same_day_tells_nobody(database: Database) -> None:
    def work(uow: UnitOfWork) -> None:
        world = training.build(uow)
        training.bring(uow, world, late("E1", "N1", 1), late("E2", "S1", 4, line=3))
        training.run(uow, world)
        again = training.run(uow, world).counts

        assert (again.told, again.told_before) == (0, 2)
        assert len(training.list_told(uow)) == 2
        assert len(uow.connection.execute(training_notices.select()).all()) == 2

    await database.write(work)


async def test_two_runs_at_the_same_moment_tell_everybody_once(database: Database) -> None:
    def prepare(uow: UnitOfWork) -> training.World:
        world = training.build(uow)
        training.bring(uow, world, late("E1", "N1", 1), late("E2", "S1", 4, line=3))
        return world

    world = await database.write(prepare)
    reports = await asyncio.gather(*(database.write(lambda uow: training.run(uow, world)) for _ in range(4)))

    assert sorted(report.counts.told for report in reports) == [0, 0, 0, 2]
    assert len(await database.read(training.list_told)) == 2


async def test_the_next_day_tells_what_has_changed_and_climbs(database: Database) -> None:
    def work(uow: UnitOfWork) -> None:
        world = training.build(uow)
        training.bring(uow, world, late("E1", "N1", 1), late("E2", "N1", 1, line=3), late("E3", "N1", 2, line=4))
        training.run(uow, world)
        uow.connection.execute(text("UPDATE deliveries SET state = 'sent'"))
        execute(MarkTrainingDone(training.assignment_id(uow, "E1")), uow)
        training.run(uow, world, TOMORROW)

        second_day = {told.person_id: told for told in training.list_told(uow)[1:]}
        store, cluster = second_day[world.people["MN1"]], second_day[world.people["CN"]]
        assert "1 cleared, 1 passed on" in store.text
        assert "As on Mon 23 Nov: 1 training is overdue, up to 2 days." in store.text
        assert "Employee E" not in store.text
        assert "Store N1: 1 employee, up to 3 days" in cluster.text
        climbed = get_assignment(uow, training.assignment_id(uow, "E3"))
        assert (climbed.told_level, climbed.told_on) == (2, TOMORROW)

    await database.write(work)


async def test_whoever_is_away_or_has_no_address_is_replaced_by_the_next_of_the_chain(database: Database) -> None:
    def work(uow: UnitOfWork) -> None:
        world = training.build(uow)
        for store in ("N3", "N4", "N5"):
            world.units[store] = builders.unit(uow, world.units["N"], store)
        training.hire(uow, world, "ACME-AWAY", "store_manager", "N3", status="on_leave")
        training.hire(uow, world, "ACME-MUTE", "store_manager", "N4", on="")
        rows = [late(f"E{n}", store, 1, line=n) for n, store in enumerate(("N1", "N3", "N4", "N5"), start=2)]
        training.bring(uow, world, *rows)
        training.run(uow, world)

        told = {one.person_id: one for one in training.list_told(uow)}
        assert set(told) == {world.people["MN1"], world.people["CN"]}
        instead = told[world.people["CN"]]
        assert instead.template == "training.store_digest"
        assert [store["name"] for store in instead.facts["store"]["stores"]] == ["Store N3", "Store N4", "Store N5"]

    await database.write(work)


async def test_one_person_on_two_levels_still_gets_one_message(database: Database) -> None:
    def work(uow: UnitOfWork) -> None:
        world = training.build(uow)
        world.units["N3"] = builders.unit(uow, world.units["N"], "N3")
        training.bring(uow, world, late("E1", "N3", 1), late("E2", "N1", 3, line=3))
        training.run(uow, world)

        (digest,) = training.list_told(uow)
        assert (digest.person_id, digest.template) == (world.people["CN"], "training.cluster_digest")
        assert "• Store N1: 1 employee" in digest.text
        assert "no store manager can be reached:\n\nStore N3\n• Employee E1" in digest.text

    await database.write(work)


async def test_where_nobody_can_be_reached_the_unit_is_counted_and_nothing_marked_as_told(database: Database) -> None:
    def work(uow: UnitOfWork) -> None:
        client_id = builders.client(uow)
        world = training.World(client_id, {code: builders.unit(uow, client_id, code) for code in ("X", "Y")})
        training.hire(uow, world, "ACME-MY", "store_manager", "Y")
        training.teach(uow, world)
        training.bring(uow, world, late("E1", "X", 1), late("E2", "Y", 1, line=3))

        assert training.run(uow, world).counts.unreached == 1
        levels = {e: get_assignment(uow, training.assignment_id(uow, e)).told_level for e in ("E1", "E2")}
        assert levels == {"E1": 0, "E2": 1}

    await database.write(work)


async def test_clients_do_not_hear_of_each_other(database: Database) -> None:
    def work(uow: UnitOfWork) -> None:
        ours, theirs = training.build(uow), training.build(uow, "BAKE")
        training.bring(uow, ours, late("E1", "N1", 1))
        training.bring(uow, theirs, late("E1B", "N1", 1), late("E2B", "N1", 6, line=3))
        training.run(uow, ours)

        assert {told.person_id for told in training.list_told(uow)} == {ours.people["MN1"]}
        assert overdue_by_level(uow, ours.client_id, f"/{ours.client_id}/", training.counted(uow, ours)) == {1: 1}
        assert get_assignment(uow, training.assignment_id(uow, "E2B")).told_level == 0

    await database.write(work)


async def test_a_long_list_is_shortened_and_fits_one_message(database: Database) -> None:
    def work(uow: UnitOfWork) -> None:
        world = training.build(uow)
        world.units["N3"] = builders.unit(uow, world.units["N"], "N3", name="Market hall " * 9)
        training.bring(
            uow,
            world,
            *(late(f"E{n:03}-{'9' * 30}", ("N1", "S1", "N3")[n % 3], 1 + n % 20, line=n) for n in range(2, 602)),
        )
        training.run(uow, world)

        told = training.list_told(uow)
        assert {one.template for one in told} == set(training.FORMS)
        assert all(len(one.text_in(language)) <= 3_500 for one in told for language in ("en", "de", "es"))
        store = next(one for one in told if one.person_id == world.people["MN1"])
        listed = store.text.count("•")
        assert f"… and {store.facts['store']['assignments'] - listed} more" in store.text
        assert listed == 15

    await database.write(work)


async def test_a_run_is_kept_with_its_counts_and_one_event(database: Database) -> None:
    def work(uow: UnitOfWork) -> None:
        world = training.build(uow)
        training.bring(uow, world, late("E1", "N1", 1))
        report = training.run(uow, world)

        (kept,) = list_runs(uow, world.client_id)
        assert (kept.id, kept.run_on, kept.outcome, kept.counts["told"]) == (report.run_id, TODAY, "done", 1)
        assert [event.kind for event in list_timeline(uow, "training_run", report.run_id)] == ["training.run_done"]

    await database.write(work)
