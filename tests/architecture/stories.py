"""Short stories in which every message of the program is said, so that its templates can be tried with true facts."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

from channels.rendering import render
from core.clock import ManualClock
from core.database import Database
from core.executor import execute
from core.outbox.beginning import report_full
from core.outbox.dispatching import Settlement, claim, settle
from core.outbox.lanes import report_broken, report_tripped
from core.outbox.ledger import CHECKS, Ledger, close_books
from core.outbox.probes import begin_probe
from core.outbox.renewing import SETTLED
from core.training.commands import ImportAssignments, RecordFailedRun
from core.training.rows import Source
from core.unit_of_work import UnitOfWork
from jobs import attempt, bundles
from jobs.self_check import note_check
from jobs.training_escalation import run_due_trainings
from tests import builders
from tests.architecture.escalation_stories import (
    a_customer_is_asked_afterwards,
    a_customer_wants_a_human,
    a_playbook_is_followed,
    a_rule_points_at_somebody_on_leave,
    one_cause_after_another,
    somebody_asks_what_to_do,
    somebody_does_well,
    somebody_should_look,
)
from tests.architecture.ticket_stories import (
    a_cold_room_is_repaired,
    cheap_work_closes_by_itself_and_dear_work_waits,
    many_report_the_same,
    nobody_answers_and_it_is_cancelled,
    the_technicians_go_on_leave,
)
from tests.bot.chat import Chat
from tests.core.tickets import story as tickets
from tests.core.training import world as training

HOUR = 3600


Said = tuple[str, dict[str, Any]]


Story = Callable[[Database, ManualClock], Awaitable[None]]


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
    said = await database.read(lambda reader: [(one.template, one.facts) for one in builders.outbox(reader)])
    together = bundles.facts_of([render(template, facts, now=clock.now()) for template, facts in said])
    return [*said, (bundles.TEMPLATE, together), (attempt.LOST, {"reason": "the file is gone", "reference": "ESC-1"})]
