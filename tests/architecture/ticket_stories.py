"""Stories of what is broken and those who repair it."""

import tempfile
from decimal import Decimal
from pathlib import Path

from core.clock import ManualClock
from core.database import Database
from core.media.store import Store
from core.tickets.client_commands import SetApprovalLimit, WishReports
from core.tickets.commands import (
    AcceptTicket,
    ApproveTicket,
    ArriveTicket,
    AskArrival,
    AskSignature,
    CancelTicket,
    ChangePriority,
    ChangeTechnician,
    CompleteTicket,
    DeclineTicket,
    PromiseArrival,
    ReassignTicket,
    RejectTicket,
)
from core.tickets.costs import Part
from core.unit_of_work import UnitOfWork
from jobs.climb import climb_due
from jobs.service_reports import make_reports
from tests.bot.chat import Chat
from tests.core.tickets import story as tickets
from tests.core.tickets import test_alike as alike

HOUR = 3600


async def a_cold_room_is_repaired(database: Database, clock: ManualClock) -> None:
    branch = await database.write(tickets.staffed_branch)
    chat = Chat(database)
    await chat.says("telegram-ANA", "location")
    first = await database.write(lambda uow: tickets.opened(uow, branch).id)
    await chat.says("telegram-ANA", "location TKT-202611-00001")
    work = CompleteTicket(first, "Changed the fan", 90, (Part("Fan motor", Decimal(2), 8950),), 4500)
    for person, command in (
        (branch.ana, DeclineTicket(first, "no van today")),
        (branch.dispatcher, ReassignTicket(first, branch.ana)),
        (branch.ana, AcceptTicket(first)),
        (branch.dispatcher, ChangePriority(first, 2)),
        (branch.manager, AskArrival(first)),
        (branch.ana, PromiseArrival(first, 25)),
        (branch.ana, ArriveTicket(first)),
        (branch.ana, work),
        (branch.manager, RejectTicket(first, "still 9 degrees")),
        (branch.ana, work),
        (branch.ana, AskSignature(first)),
        (branch.manager, ApproveTicket(first)),
    ):
        await database.write(lambda uow, who=person, what=command: tickets.does(uow, who, what))  # type: ignore[misc]
        for text in ("show TKT-202611-00001", "queue", "stats", "stats technician"):
            await chat.says("slack-DANA", text, channel="slack")


async def cheap_work_closes_by_itself_and_dear_work_waits(database: Database, clock: ManualClock) -> None:
    branch = await database.write(tickets.staffed_branch)

    def work(uow: UnitOfWork) -> None:
        tickets.does(uow, branch.owner, SetApprovalLimit(branch.cluster, 1000))
        tickets.does(uow, branch.owner, WishReports(branch.client, wanted=True, role="store_manager"))
        for rate in (0, 99_00):
            ticket = tickets.opened(uow, branch).id
            tickets.does(uow, branch.ana, AcceptTicket(ticket))
            tickets.does(uow, branch.ana, CompleteTicket(ticket, "Cleaned the drain", 20, labour_rate=rate))

    await database.write(work)
    with tempfile.TemporaryDirectory() as folder:
        await make_reports(database, Store(Path(folder)))
    for _ in range(3):
        clock.advance(24 * HOUR)
        await climb_due(database)


async def nobody_answers_and_it_is_cancelled(database: Database, clock: ManualClock) -> None:
    branch = await database.write(tickets.staffed_branch)
    ticket = await database.write(lambda uow: tickets.opened(uow, branch).id)
    for _ in range(24):
        clock.advance(HOUR / 4)
        await climb_due(database)
    await database.write(lambda uow: tickets.does(uow, branch.dispatcher, ReassignTicket(ticket, branch.ben)))
    await database.write(lambda uow: tickets.does(uow, branch.dispatcher, CancelTicket(ticket, "opened twice")))


async def the_technicians_go_on_leave(database: Database, clock: ManualClock) -> None:
    def away(uow: UnitOfWork) -> None:
        branch = tickets.staffed_branch(uow)
        begun, _ = tickets.opened(uow, branch), tickets.opened(uow, branch)
        tickets.does(uow, branch.ana, AcceptTicket(begun.id))
        for technician in (branch.ana, branch.ben):
            tickets.does(uow, branch.dispatcher, ChangeTechnician(technician, status="on_leave"))

    await database.write(away)


async def many_report_the_same(database: Database, clock: ManualClock) -> None:
    at, branches = await database.write(lambda uow: alike.area(uow, 4))
    first, *_ = [await database.write(lambda uow, at=branch: tickets.opened(uow, at).id) for branch in branches]  # type: ignore[misc]
    chat = Chat(database)
    for text in ("ticket AR-01 leaking critical It drips", "add", "show TKT-202611-00001"):
        await chat.says("slack-DANA", text, channel="slack")
    await database.write(lambda uow: tickets.does(uow, at.dispatcher, CancelTicket(first, "the power is back")))
