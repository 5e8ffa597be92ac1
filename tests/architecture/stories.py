"""Short stories in which every message of the program is said, so that its templates can be tried with true facts."""

import tempfile
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from channels.rendering import render
from core.calendars.commands import SetPersonHours
from core.calendars.opening import Opening
from core.clock import ManualClock
from core.conversations.tables import customers
from core.database import Database
from core.escalations.commands import (
    ChangeEscalationPriority,
    ClaimEscalation,
    HandOver,
    OfferHelp,
    ReplyToCustomer,
    ResolveEscalation,
    TakeOver,
)
from core.escalations.handing_over import ask_whose_shift_ends
from core.escalations.rules.commands import SetRules
from core.escalations.rules.rule import Action, Conditions, RoutingRule, Trigger
from core.executor import execute
from core.media.store import Store
from core.outbox.beginning import report_full
from core.outbox.dispatching import Settlement, claim, settle
from core.outbox.lanes import report_broken, report_tripped
from core.outbox.ledger import CHECKS, Ledger, close_books
from core.outbox.probes import begin_probe
from core.outbox.renewing import SETTLED
from core.outbox.tables import notifications
from core.people.tables import persons
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
from core.training.commands import ImportAssignments, RecordFailedRun
from core.training.rows import Source
from core.unit_of_work import UnitOfWork
from core.webhooks.commands import AddWebhook, StopWebhook
from jobs import attempt, bundles
from jobs.alerts import give_alerts
from jobs.climb import climb_due
from jobs.follow_ups import remind_follow_ups
from jobs.praise import give_praise
from jobs.self_check import note_check
from jobs.service_reports import make_reports
from jobs.training_escalation import run_due_trainings
from tests import builders
from tests.bot.chat import Chat
from tests.core.escalations import desk as support
from tests.core.tickets import story as tickets
from tests.core.tickets import test_alike as alike
from tests.core.training import world as training

HOUR = 3600
Said = tuple[str, dict[str, Any]]
Story = Callable[[Database, ManualClock], Awaitable[None]]


async def a_customer_wants_a_human(database: Database, clock: ManualClock) -> None:
    desk = await database.write(support.furnished)
    chat = Chat(database)
    for text in ("Hello", "a human please", "it is about my order"):
        await chat.says("34600", text, channel="whatsapp")
    for _ in range(4):
        clock.advance(HOUR)
        await climb_due(database)
    await database.write(lambda uow: support.does(uow, desk.ana, ClaimEscalation(1)))
    clock.advance(HOUR)
    await climb_due(database)
    for person, command in (
        (desk.ana, ClaimEscalation(1)),
        (desk.lea, ChangeEscalationPriority(1, 0)),
        (desk.ben, OfferHelp(1)),
        (desk.ben, TakeOver(1)),
        (desk.ben, ReplyToCustomer(1, "Hello, this is Ben.")),
        (desk.lea, HandOver(desk.ana, desk.ben)),
        (desk.lea, HandOver(desk.ben, desk.ana)),
    ):
        await database.write(lambda uow, who=person, what=command: support.does(uow, who, what))  # type: ignore[misc]
    await database.write(lambda uow: _the_shift_ends(uow, desk.ben))
    for text in ("login", "queue", "show ESC-1", "why", "resolve ESC-1", "handled all is well", "show ESC-1", "clam"):
        await chat.says("slack-BEN", text, channel="slack")


def _the_shift_ends(uow: UnitOfWork, person_id: int) -> None:
    execute(SetPersonHours(person_id, Opening(hours="Mon-Fri 9-18")), uow)
    uow.now = datetime(2026, 11, 24, 17, 5, tzinfo=UTC)  # six in Madrid
    ask_whose_shift_ends(uow)


async def one_cause_after_another(database: Database, clock: ManualClock) -> None:
    await database.write(support.furnished)
    chat = Chat(database)
    for text in ("we move to another supplier", "and our lawyer writes to you"):
        await chat.says("34600", text, channel="whatsapp")
    await chat.says("slack-ANA", "package ESC-1", channel="slack")


async def a_rule_points_at_somebody_on_leave(database: Database, clock: ManualClock) -> None:
    def work(uow: UnitOfWork) -> None:
        desk = support.furnished(uow)
        builders.change(uow, persons, desk.ana, status="on_leave")
        action = Action("ANA", "billing")
        everything = RoutingRule("", "Everything", conditions=Conditions((Trigger("always"),)), action=action)
        execute(SetRules(desk.client, (everything,)), uow)
        hook = execute(AddWebhook(desk.client, "https://example.com"), uow)
        support.raised(uow, desk)
        execute(StopWebhook(hook.id), uow)

    await database.write(work)


async def a_playbook_is_followed(database: Database, clock: ManualClock) -> None:
    desk = await database.write(support.furnished)
    await database.write(lambda uow: support.raised(uow, desk, "cancellation"))
    chat = Chat(database)
    for text in (
        "claim ESC-1",
        "playbook ESC-1",
        "playbook ESC-1 threatens_to_cancel",
        "tick ESC-1",
        "skip ESC-1",
        "no phone",
    ):
        await chat.says("slack-ANA", text, channel="slack")
    await chat.says("slack-ANA", "tick ESC-1 3", channel="slack")
    clock.advance(24 * HOUR)
    await remind_follow_ups(database)
    await chat.says("slack-ANA", "playbook ESC-1 stop", channel="slack")


async def somebody_asks_what_to_do(database: Database, clock: ManualClock) -> None:
    """With and without similar cases, in hand and in the queue; the owner reads it on WhatsApp."""
    desk = await database.write(support.furnished)
    for _ in range(2):
        await database.write(lambda uow: support.raised(uow, desk, "cancellation", reason_details="A cheaper supplier"))
        chat = Chat(database)
        await chat.says("whatsapp-OLGA", "guide", channel="whatsapp")
        for text in ("guide", "claim", "guide", "takeover", "guide", "resolve handled stays with us", "guide ESC-1"):
            await chat.says("slack-ANA", text, channel="slack")


async def somebody_should_look(database: Database, clock: ManualClock) -> None:
    desk = await database.write(support.furnished)
    chat = Chat(database)
    await chat.says("34600", "a human please", channel="whatsapp")
    await chat.says("slack-ANA", "claim ESC-1", channel="slack")
    for text in ("reply I write again in 20 minutes.",):
        await chat.says("slack-ANA", text, channel="slack")
    await chat.says("34600", "too late: we move to another supplier", channel="whatsapp")
    await database.write(
        lambda uow: builders.change(uow, customers, desk.customer, yearly_value=900_000, currency="EUR")
    )
    clock.advance(HOUR / 4)
    await give_alerts(database)


async def somebody_does_well(database: Database, clock: ManualClock) -> None:
    desk = await database.write(support.furnished)
    chat = Chat(database)
    await chat.says("slack-ANA", "praise", channel="slack")
    for who in ("slack-BEN", "slack-ANA"):
        await database.write(lambda uow: support.raised(uow, desk))
        for text in ("claim", "takeover", "reply We are on it.", "resolve handled done"):
            await chat.says(who, text, channel="slack")
    await give_praise(database, clock.now())  # on a Monday at ten in Madrid
    for text in ("praise", "praise off"):
        await chat.says("slack-ANA", text, channel="slack")
    clock.advance(7 * 24 * HOUR - HOUR)
    await give_praise(database, clock.now())


async def a_customer_is_asked_afterwards(database: Database, clock: ManualClock) -> None:
    desk = await database.write(support.furnished)
    chat = Chat(database)
    await chat.says("34600", "a human please", channel="whatsapp")
    for command in (TakeOver(1), ReplyToCustomer(1, "Hello"), ResolveEscalation(1, "handled")):
        await database.write(lambda uow, what=command: support.does(uow, desk.ana, what))  # type: ignore[misc]
    for command in ("rate ESC-1 2", "rate ESC-1 5", "no-word ESC-1", "recommend ESC-1 7"):
        await chat.says("34600", "", channel="whatsapp", command=command, way="button")
    for text in ("stats escalations", "stats agent 7 days"):
        await chat.says("slack-LEA", text, channel="slack")


async def the_admins_are_alarmed(database: Database, clock: ManualClock) -> None:
    def alarms(uow: UnitOfWork) -> None:
        client = builders.client(uow)
        for channel in ("slack", "telegram"):
            builders.person(uow, client, "admin", f"ADA-{channel}", on=channel)
        report_broken(uow, "telegram:default", "the token is wrong")
        for _ in range(2):
            report_tripped(uow, "slack:default", uow.now, "many failures in a row, the last: no answer")
        begin_probe(uow, "slack:default", "C1", timedelta(minutes=15))
        report_full(uow, "whatsapp:default", 250, uow.now)
        for failure in ("no answer", "no answer", ""):
            note_check(uow, "whatsapp:default", failure)
        builders.queued(uow, template=SETTLED.template, facts=dict(SETTLED.facts))  # a line of theirs is over
        close_books(uow, Ledger({"sent": 7}, {next(iter(CHECKS)): 1}))

    await database.write(alarms)


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


async def nobody_can_be_reached(database: Database, clock: ManualClock) -> None:
    """Ana has no address at all; every message to somebody else fails for good."""

    def all_fails(uow: UnitOfWork) -> None:
        branch = tickets.staffed_branch(uow)
        builders.person(uow, branch.client, "admin", "ADA", on="slack")
        uow.connection.exec_driver_sql(f"DELETE FROM contact_methods WHERE person_id = {branch.ana}")
        tickets.opened(uow, branch)
        for channel in ("telegram", "slack", "whatsapp"):
            due = claim(uow, channel, "default", 100)
            settle(uow, [Settlement(one, "permanent", code="403", reason="blocked", unreachable=True) for one in due])

    await database.write(all_fails)


async def trainings_are_late(database: Database, clock: ManualClock) -> None:
    def late(uow: UnitOfWork) -> None:
        world = training.build(uow)
        rows = [training.late(f"E{days}", "N1", days, line=days) for days in (1, 2, 3, 4, 5, 13, 14, 30)]
        training.bring(uow, world, *rows, training.late("E99", "S1", 20, line=99))
        training.run(uow, world)

    await database.write(late)
    chat = Chat(database)
    for text in ("overdue", "show TRN-1", "promise TRN-1 friday", "show TRN-1", "leave TRN-2 friday", "show TRN-2"):
        await chat.says("whatsapp-ACME-MN1", text, channel="whatsapp")
    for text in (
        "done TRN-3",
        "show TRN-3",
        "overdue 2",
        "overdue download",
        "overdue csv",
        "drill start",
        "drill show",
        "overdue",
        "run now",
        "run stop",
        "run restart",
        "run schedule 0 9 * * mon",
    ):
        await chat.says("whatsapp-ACME-HR", text, channel="whatsapp")
    for person, text in (
        ("ACME-MN1", "extend TRN-4 friday"),
        ("ACME-CN", "show TRN-4"),
        ("ACME-CN", "deny TRN-4 the inspection is on Monday"),
        ("ACME-MN1", "extend TRN-5 friday"),
        ("ACME-CN", "grant TRN-5"),
        ("ACME-MN1", "not-mine TRN-6"),
        ("ACME-MN1", "show TRN-6"),
        ("ACME-CN", "move TRN-6 N2"),
        ("ACME-CN", "waive TRN-7 has left"),
        ("ACME-CN", "proof N1"),
    ):
        await chat.says(f"whatsapp-{person}", text, channel="whatsapp")
    clock.advance(24 * HOUR)
    await run_due_trainings(database)
    failed = RecordFailedRun(1, training.TODAY, clock.now(), "OSError: the disk is on fire")
    await database.write(lambda uow: training.hire(uow, training.World(1, {"": 1}), "ACME-ADM", "admin", ""))
    for _ in range(3):
        await database.write(lambda uow: execute(failed, uow))
    await chat.says("whatsapp-ACME-HR", "run status", channel="whatsapp")
    old = Source(clock.now() - timedelta(days=9), whole=False)
    await database.write(lambda uow: execute(ImportAssignments(1, (), old), uow))
    await database.write(lambda uow: training.run(uow, training.World(1), clock.now().date()))


STORIES: tuple[Story, ...] = (
    a_customer_wants_a_human,
    one_cause_after_another,
    a_customer_is_asked_afterwards,
    a_rule_points_at_somebody_on_leave,
    a_playbook_is_followed,
    somebody_asks_what_to_do,
    somebody_should_look,
    somebody_does_well,
    a_cold_room_is_repaired,
    cheap_work_closes_by_itself_and_dear_work_waits,
    nobody_answers_and_it_is_cancelled,
    the_technicians_go_on_leave,
    many_report_the_same,
    nobody_can_be_reached,
    the_admins_are_alarmed,
    trainings_are_late,
)


async def told(story: Story, database: Database, clock: ManualClock) -> list[Said]:
    """Every message of the story, and all of them in one: its template and the facts it was given."""
    await story(database, clock)
    columns = notifications.select().with_only_columns(notifications.c.template, notifications.c.facts)
    said = await database.read(lambda reader: [tuple(row) for row in reader.connection.execute(columns)])
    together = bundles.facts_of([render(template, facts, now=clock.now()) for template, facts in said])
    return [*said, (bundles.TEMPLATE, together), (attempt.LOST, {"reason": "the file is gone", "reference": "ESC-1"})]
