"""Playbook commands applied: edited, started, ticked off, skipped with a reason; follow-ups come back."""

from dataclasses import replace
from typing import Any

from core.audit.record import Subject, record
from core.conversations.queries import get_customer, list_last_messages
from core.elapsed import ago
from core.errors import Conflict, Invalid
from core.escalations.policy import SAVED
from core.escalations.queries import client_of, get_escalation, subject_of
from core.escalations.tables import Escalation
from core.outbox.cards import refresh_cards
from core.outbox.notify import Notification, tell_person, tell_role
from core.people.queries import name_of
from core.playbooks import events, writes
from core.playbooks.commands import (
    EditPlaybook,
    RemindFollowUp,
    SettleRun,
    SkipStep,
    StartPlaybook,
    StopPlaybook,
    TickStep,
)
from core.playbooks.playbook import Playbook, due_after, next_step, read, suggest
from core.playbooks.queries import (
    facts_of_run,
    find_run,
    get_playbook,
    get_run,
    list_editions,
    list_playbooks,
    list_steps,
    of_run,
)
from core.playbooks.tables import Run, StepRow
from core.rule import Rule
from core.statements import Reader
from core.unit_of_work import UnitOfWork

RESOLVED = "The case was resolved before."
"""Why a step was left out that nobody dealt with."""


def edit(command: EditPlaybook, uow: UnitOfWork) -> Playbook:
    book = read(command.code, command.content, enabled=command.enabled)
    latest = next(iter(list_editions(uow, command.client_id, command.code)), None)
    if latest and command.based_on is not None and command.based_on != latest.version:
        who = name_of(uow, latest.edited_by) or "Somebody"
        raise Conflict(f"{who} has changed this playbook meanwhile (version {latest.version}). Look at it again.")
    version = latest.version + 1 if latest else 1
    uow.run(writes.NOT_CURRENT, client_id_=command.client_id, code_=command.code)
    uow.run(
        writes.NEW_EDITION,
        client_id=command.client_id,
        code=command.code,
        version=version,
        is_current=True,
        enabled=command.enabled,
        content=book.content,
        edited_by=uow.actor.person_id,
        edited_at=uow.now,
    )
    subject = Subject("unit", command.client_id, "", command.client_id, command.client_id)
    record(uow, subject, events.PlaybookEdited(command.code, version))
    return replace(book, version=version)


def start(command: StartPlaybook, uow: UnitOfWork) -> Run:
    escalation = get_escalation(uow, command.escalation_id)
    if escalation.status == "resolved":
        raise Conflict(f"{escalation.reference} is resolved already: a playbook is for an open one.")
    running = find_run(uow, escalation.id)
    if running and running.state == "running":
        name = of_run(running).name["en"]
        raise Conflict(f"“{name}” is being followed for {escalation.reference} already. To end it: playbook stop.")
    book = _chosen(command, escalation, uow)
    run_id = uow.one(
        writes.NEW_RUN,
        client_id=escalation.client_id,
        escalation_id=escalation.id,
        code=book.code,
        version=book.version,
        content=book.content,
        state="running",
        started_by=uow.actor.person_id,
        started_at=uow.now,
        ended_at=None,
    ).id
    due = due_after(book, 0, uow.now)
    for number, step in enumerate(book.steps, 1):
        uow.run(writes.NEW_STEP, run_id=run_id, number=number, kind=step.kind, state="open", due_at=due.get(number))
    record(uow, subject_of(escalation), events.PlaybookStarted(book.code, book.name["en"]))
    return get_run(uow, run_id)


def tick(command: TickStep, uow: UnitOfWork) -> Run:
    run, step, title = _open_step(command, uow)
    _deal_with(uow, run, step, ("done", ""))
    record(uow, _subject(uow, run), events.StepDone(run.code, step.number, title))
    return _follow(uow, run, step.number)


def skip(command: SkipStep, uow: UnitOfWork) -> Run:
    if not command.reason.strip():
        raise Invalid("Say why the step is skipped: whoever reads this later wants to know.", field="reason")
    run, step, title = _open_step(command, uow)
    _deal_with(uow, run, step, ("skipped", command.reason.strip()))
    record(uow, _subject(uow, run), events.StepSkipped(run.code, step.number, title, command.reason.strip()))
    return _follow(uow, run, step.number)


def stop(command: StopPlaybook, uow: UnitOfWork) -> Run:
    run = _running(uow, command.escalation_id)
    return _end(uow, run, "stopped")


def remind(command: RemindFollowUp, uow: UnitOfWork) -> bool:
    """False when somebody dealt with it meanwhile, or another process has told of it."""
    run = get_run(uow, command.run_id)
    if run.state != "running" or not uow.first(writes.REMINDED, run=run.id, place=command.number, now=uow.now):
        return False
    escalation = get_escalation(uow, run.escalation_id)
    resolved = escalation.status == "resolved"
    facts = facts_of(uow, run) | {"number": command.number, "resolved": resolved}
    news = Notification("playbook.follow_up", facts, card_subject(escalation))
    whom = escalation.resolved_by or escalation.assigned_to or run.started_by
    if not (whom and tell_person(uow, whom, news)):
        tell_role(uow, run.client_id, "team_lead", news)
    record(uow, subject_of(escalation), events.FollowUpDue(run.code, command.number))
    return True


def settle(command: SettleRun, uow: UnitOfWork) -> bool:
    """False when that was done meanwhile, or the case is open again. Where it did not end well nobody is asked whether it held."""
    run = get_run(uow, command.run_id)
    escalation = get_escalation(uow, run.escalation_id)
    if run.state != "running" or escalation.status != "resolved":
        return False
    if escalation.resolution not in SAVED:
        _end(uow, run, "stopped")
        return True
    ordinary = [step for step in list_steps(uow, run.id) if step.kind != "follow_up"]
    for step in ordinary:
        if step.state == "open":
            _deal_with(uow, run, step, ("skipped", RESOLVED))
            title = of_run(run).steps[step.number - 1].title["en"]
            record(uow, subject_of(escalation), events.StepSkipped(run.code, step.number, title, RESOLVED))
    _follow(uow, run, ordinary[-1].number if ordinary else 0)
    return True


def card_subject(escalation: Escalation) -> Subject:
    """What the copies of its card follow; in the case's own timeline stands what was done."""
    return Subject("playbook", escalation.id, escalation.reference, escalation.client_id, escalation.client_id)


def facts_of(reader: Reader, run: Run) -> dict[str, Any]:
    escalation = get_escalation(reader, run.escalation_id)
    customer = get_customer(reader, escalation.customer_id)
    agent = name_of(reader, escalation.assigned_to or run.started_by) or ""
    names = {"customer": customer.name, "agent": agent, "reference": escalation.reference}
    return facts_of_run(run, list_steps(reader, run.id), names) | {"phone": customer.phone}


def _chosen(command: StartPlaybook, escalation: Escalation, uow: UnitOfWork) -> Playbook:
    if command.code:
        return get_playbook(uow, escalation.client_id, command.code)
    fitting = suggested(uow, escalation)
    if fitting is None:
        codes = ", ".join(book.code for book in list_playbooks(uow, escalation.client_id) if book.enabled)
        raise Invalid(f"No playbook fits {escalation.reference} by itself. Choose one: {codes}.", field="playbook")
    return fitting


def suggested(reader: Reader, escalation: Escalation) -> Playbook | None:
    """By its reasons and what the customer wrote last."""
    said = list_last_messages(reader, escalation.conversation_id, 20) if escalation.conversation_id else []
    texts = [escalation.reason_details, escalation.summary, *(m.text for m in said if m.direction == "in")]
    books = list_playbooks(reader, escalation.client_id)
    return suggest(books, (escalation.reason, *escalation.more_reasons), " ".join(texts))


def _running(uow: UnitOfWork, escalation_id: int) -> Run:
    run = find_run(uow, escalation_id)
    if run is None:
        raise Conflict(f"No playbook is followed for ESC-{escalation_id}. To start one: playbook ESC-{escalation_id}")
    if run.state != "running":
        raise Conflict(f"The playbook of ESC-{escalation_id} is {run.state} already.")
    return run


def _open_step(command: TickStep | SkipStep, uow: UnitOfWork) -> tuple[Run, StepRow, str]:
    run = _running(uow, command.escalation_id)
    steps = list_steps(uow, run.id)
    step = next_step(steps) if command.number is None else next((s for s in steps if s.number == command.number), None)
    if step is None:
        raise Invalid(f"The playbook has steps 1 to {len(steps)}.", field="step")
    title = of_run(run).steps[step.number - 1].title["en"]
    if step.state != "open":
        name = name_of(uow, step.person_id) or "Callboard"
        raise Conflict(f"Step {step.number} ({title}) was {step.state} already, by {name} {ago(step.at, uow.now)}.")
    return run, step, title


def _deal_with(uow: UnitOfWork, run: Run, step: StepRow, how: tuple[str, str]) -> None:
    state, reason = how
    dealt = uow.first(
        writes.DEAL_WITH, run=run.id, place=step.number, state=state, reason=reason, by=uow.actor.person_id, now=uow.now
    )
    if dealt is None:
        raise Conflict(f"Step {step.number} was dealt with in this moment.")


def _follow(uow: UnitOfWork, run: Run, dealt: int) -> Run:
    """What becomes due behind that step, the end when nothing is open, and every copy of the card."""
    steps = list_steps(uow, run.id)
    open_ones = {step.number for step in steps if step.state == "open"}
    for number, due in due_after(of_run(run), dealt, uow.now).items():
        if number in open_ones:
            uow.run(writes.IS_DUE, run=run.id, place=number, due=due)
    if not open_ones:
        return _end(uow, run, "finished")
    _show(uow, run)
    return run


def _end(uow: UnitOfWork, run: Run, how: str) -> Run:
    if uow.first(writes.END, run=run.id, how=how, now=uow.now) is None:
        raise Conflict(f"The playbook of ESC-{run.escalation_id} has ended already.")
    uow.run(writes.NOTHING_DUE, run=run.id)
    record(uow, _subject(uow, run), events.PlaybookEnded(run.code, how))
    ended = get_run(uow, run.id)
    _show(uow, ended)
    return ended


def _show(uow: UnitOfWork, run: Run) -> None:
    refresh_cards(uow, card_subject(get_escalation(uow, run.escalation_id)), facts_of(uow, run))


def _subject(uow: UnitOfWork, run: Run) -> Subject:
    return subject_of(get_escalation(uow, run.escalation_id))


def _unit_of(command: StartPlaybook | TickStep | SkipStep | StopPlaybook, reader: Reader) -> int:
    return client_of(reader, command.escalation_id)


RULES = {
    EditPlaybook: Rule(edit, "escalation.direct", lambda command, _: command.client_id),
    StartPlaybook: Rule(start, "escalation.work", _unit_of),
    TickStep: Rule(tick, "escalation.work", _unit_of),
    SkipStep: Rule(skip, "escalation.work", _unit_of),
    StopPlaybook: Rule(stop, "escalation.work", _unit_of),
    SettleRun: Rule(settle, "escalation.climb", lambda command, reader: get_run(reader, command.run_id).client_id),
    RemindFollowUp: Rule(remind, "escalation.climb", lambda command, reader: get_run(reader, command.run_id).client_id),
}
