"""A preview shows what would really happen, to the second, and leaves no trace."""

from datetime import UTC, datetime, timedelta
from functools import partial

import pytest
from sqlalchemy import func, select

from channels.limits import Limit
from core.clock import ManualClock
from core.database import Database
from core.outbox.planned import Plan, compare
from core.people.tables import contact_methods, persons
from core.statements import Reader
from core.tables import metadata
from core.tickets.commands import OpenTicket
from core.tickets.subcategories import list_subcategories
from core.training.policies import SetTrainingPolicy
from core.training.schedule import keep_standard
from core.training.sending import Pacing, keep_pacing
from core.unit_of_work import UnitOfWork
from jobs.preview import Rules, preview_case, preview_training
from jobs.training_escalation import run_training_escalation
from tests import builders
from tests.core.tickets.story import Branch, staffed_branch
from tests.core.training import world as training
from tests.core.training.world import late

NONE = Rules(lambda _channel, _chat: (), 0.0, lambda _channel, _account: 0)


@pytest.fixture
async def world(database: Database) -> training.World:
    def work(uow: UnitOfWork) -> training.World:
        world = training.build(uow)
        rows = [
            late("E1", "N1", 1),
            late("E2", "N2", 3, line=3),
            late("E3", "S1", 5, line=4),
            late("E4", "S1", 2, line=5),
        ]
        training.bring(uow, world, *rows)
        keep_standard(uow, "0 8 * * *")
        return world

    return await database.write(work)


def _rows(reader: Reader) -> dict[str, int]:
    return {
        table.name: reader.connection.execute(select(func.count()).select_from(table)).scalar_one()
        for table in metadata.sorted_tables
    }


def _texts(plan: Plan) -> dict[str, str]:
    return {message.person_code: message.text for message in plan.messages}


async def test_it_says_what_the_run_then_says_and_changes_nothing(database: Database, world: training.World) -> None:
    before = await database.read(_rows)
    plan = await preview_training(database, world.client_id, NONE)
    assert await database.read(_rows) == before
    assert (plan.counts["told"], plan.counts["assignments"], plan.why_none) == (4, 4, "")

    await run_training_escalation(database, world.client_id)
    told = await database.read(training.list_told)
    assert [one.card.title for one in told] == [message.text.splitlines()[0] for message in plan.messages]
    again = await preview_training(database, world.client_id, NONE)
    assert (again.messages, again.counts["told_before"], again.drain_seconds) == ((), 4, 0.0)


async def test_messages_leave_one_second_apart_or_as_limits_allow(database: Database, world: training.World) -> None:
    plan = await preview_training(database, world.client_id, NONE)
    assert [one.leaves_at - plan.at for one in plan.messages] == [timedelta(seconds=n) for n in range(4)]
    assert (plan.drain_seconds, plan.lanes[0].messages, plan.lanes[0].notices) == (3.0, 4, 4)

    await database.write(lambda uow: keep_pacing(uow, Pacing(spacing=0)))
    one_in_ten = Rules(lambda channel, _chat: (Limit(channel, "lane", 1, 10, "test"),), 0.0, lambda _c, _a: 3)
    plan = await preview_training(database, world.client_id, one_in_ten)
    assert [(one.leaves_at - plan.at).total_seconds() for one in plan.messages] == [0, 10, 20, 30]
    assert (plan.drain_seconds, plan.lanes[0].too_many) == (30.0, 1)


async def test_what_waits_already_leaves_before(database: Database, world: training.World) -> None:
    await database.write(lambda uow: [builders.queued(uow, f"w{n}", channel="whatsapp") for n in range(3)])
    one_in_ten = Rules(lambda channel, _chat: (Limit(channel, "lane", 1, 10, "test"),), 0.0, lambda _c, _a: 0)
    plan = await preview_training(database, world.client_id, one_in_ten)
    assert (plan.messages[0].leaves_at - plan.at).total_seconds() == 30


async def test_quiet_hours_and_open_windows_are_counted(database: Database, world: training.World) -> None:
    def work(uow: UnitOfWork) -> None:
        builders.change(
            uow, persons, world.people["HR"], quiet_from="08:00", quiet_until="20:00", time_zone="Europe/Madrid"
        )
        contact = uow.connection.execute(
            select(contact_methods.c.id).where(contact_methods.c.person_id == world.people["MN1"])
        ).scalar_one()
        builders.change(uow, contact_methods, contact, last_inbound_at=uow.now - timedelta(hours=23))

    await database.write(work)
    plan = await preview_training(database, world.client_id, NONE)
    by_code = {one.person_code: one for one in plan.messages}
    assert by_code["ACME-HR"].leaves_at >= datetime(2026, 11, 23, 19, tzinfo=UTC)
    assert by_code["ACME-HR"].held_for
    assert {code: one.as_notice for code, one in by_code.items()} == {
        "ACME-MN1": False,
        "ACME-CN": True,
        "ACME-MS1": True,
        "ACME-HR": True,
    }
    assert "Please follow up" in by_code["ACME-MS1"].notice


async def test_the_next_run_is_seen_on_its_own_day(database: Database, world: training.World) -> None:
    plan = await preview_training(database, world.client_id, NONE, at_next=True)
    assert plan.at == datetime(2026, 11, 24, 7, tzinfo=UTC)
    assert "ACME-CN" in _texts(plan)
    assert "up to 4 days" in _texts(plan)["ACME-CN"]


async def test_a_change_of_the_rules_shows_who_is_told_something_else(
    database: Database, world: training.World
) -> None:
    look = partial(preview_training, database, world.client_id, NONE)
    change = SetTrainingPolicy(world.client_id, ((1, "store_manager"), (4, "hr_manager")))
    differences = compare(await look(), await look(change=change))
    assert [(one.person_code, bool(one.before), bool(one.after)) for one in differences] == [
        ("ACME-CN", True, False),
        ("ACME-MN2", False, True),
    ]
    assert "Employee E2" in differences[1].after
    assert compare(await look(), await look()) == []


async def test_a_case_is_followed_to_the_end_of_its_policy(database: Database, clock: ManualClock) -> None:
    def prepare(uow: UnitOfWork) -> tuple[Branch, int]:
        branch = staffed_branch(uow)
        return branch, list_subcategories(uow, branch.client)[0].id

    branch, kind = await database.write(prepare)
    before = await database.read(_rows)
    plan = await preview_case(database, NONE, "ticket", OpenTicket(branch.branch, kind, 0, "Cold chamber warm"))
    assert await database.read(_rows) == before
    offsets = [(one.queued_at - clock.now()).total_seconds() / 60 for one in plan.messages]
    assert offsets == sorted(offsets)
    assert offsets[0] == 0
    assert offsets[-1] > 0
    assert len({one.person_code for one in plan.messages}) > 1
