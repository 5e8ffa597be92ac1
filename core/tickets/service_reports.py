"""Service reports: asked for when a ticket closes, made by a job (jobs/service_reports.py), sent to those who want them."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import bindparam, insert, literal, select, update
from sqlalchemy.dialects.postgresql import insert as upsert  # its ON CONFLICT is understood by both databases

from core.audit.record import record
from core.media.tables import media
from core.outbox.notify import NORMAL, Notification, tell_person
from core.people.queries import get_unit, list_holders
from core.people.tables import units
from core.statements import Reader, Statement, literally
from core.tickets import events
from core.tickets.queries import get_ticket_by_id, subject_of
from core.tickets.rows import Ticket
from core.tickets.tables import report_wishes, service_reports
from core.tickets.telling import line
from core.unit_of_work import UnitOfWork

LEASE = timedelta(minutes=2)
MOST_ATTEMPTS = 8


@dataclass(frozen=True, slots=True)
class Report:
    """`media_id`: the PDF, also while a newer one is being made."""

    ticket_id: int
    state: str
    media_id: int | None
    asked_at: datetime
    attempts: int
    made_at: datetime | None
    error: str | None


_COLUMNS = [service_reports.c[name] for name in Report.__dataclass_fields__]
BY_TICKET = Statement(select(*_COLUMNS).where(service_reports.c.ticket_id == bindparam("ticket_id")), Report)
ASK = Statement(
    upsert(service_reports)
    .values(
        ticket_id=bindparam("ticket_id"),
        state="pending",
        asked_at=bindparam("now"),
        next_attempt_at=bindparam("now"),
        attempts=0,
    )
    .on_conflict_do_update(
        index_elements=["ticket_id"],
        set_={
            "state": "pending",
            "asked_at": bindparam("now"),
            "next_attempt_at": bindparam("now"),
            "attempts": 0,
            "error": None,
        },
    )
)
_due = (
    select(service_reports.c.ticket_id)
    .where(service_reports.c.state == literally("pending"), service_reports.c.next_attempt_at <= bindparam("now"))
    .order_by(service_reports.c.next_attempt_at, service_reports.c.ticket_id)
    .limit(bindparam("limit"))
    .with_for_update(skip_locked=True)
)
TAKE = Statement(
    update(service_reports)
    .where(service_reports.c.ticket_id.in_(_due.scalar_subquery()))
    .values(attempts=service_reports.c.attempts + 1, next_attempt_at=bindparam("lease_until"))
    .returning(*_COLUMNS),
    Report,
)
_THIS = (
    service_reports.c.ticket_id == bindparam("ticket"),
    service_reports.c.state == literally("pending"),
    service_reports.c.asked_at == bindparam("asked"),  # asked for again since: what was made then is old
)
MADE = Statement(
    update(service_reports)
    .where(*_THIS)
    .values(state="made", media_id=bindparam("media"), made_at=bindparam("now"), error=None)
    .returning(service_reports.c.ticket_id)
)
AGAIN = Statement(
    update(service_reports).where(*_THIS).values(next_attempt_at=bindparam("at"), error=bindparam("reason"))
)
WAIT = Statement(
    update(service_reports)
    .where(*_THIS)
    .values(next_attempt_at=bindparam("at"), attempts=service_reports.c.attempts - 1)
)
FAILED = Statement(update(service_reports).where(*_THIS).values(state="failed", error=bindparam("reason")))
KEEP_FILE = Statement(
    insert(media)
    .values(
        client_id=bindparam("client_id"),
        channel="report",
        account="default",
        file_id=bindparam("file_id"),
        kind="document",
        state="stored",
        digest=bindparam("digest"),
        mime="application/pdf",
        attempts=0,
        next_attempt_at=bindparam("now"),
        created_at=bindparam("now"),
    )
    .returning(media.c.id)
)
WISHES = Statement(
    select(report_wishes.c.role, report_wishes.c.person_id)
    .join(units, units.c.id == report_wishes.c.unit_id)
    .where(bindparam("path", type_=units.c.path.type).like(units.c.path + literal("%")))
    .order_by(report_wishes.c.id)
)


def ask_report(uow: UnitOfWork, ticket: Ticket) -> None:
    """Have it made, or made anew: something that stands in it has changed."""
    uow.run(ASK, ticket_id=ticket.id, now=uow.now)
    uow.announce("reports")


def find_report(reader: Reader, ticket_id: int) -> Report | None:
    return reader.first(BY_TICKET, ticket_id=ticket_id)


def take_due(uow: UnitOfWork, limit: int) -> list[Report]:
    """Whoever does not settle one within LEASE leaves it to be taken again."""
    return uow.all(TAKE, now=uow.now, lease_until=uow.now + LEASE, limit=limit)


def made(uow: UnitOfWork, report: Report, digest: str) -> int:
    """Keep it, and send the first one to those who want it; returns to how many."""
    ticket = get_ticket_by_id(uow, report.ticket_id)
    file_id = f"{ticket.number}.pdf"
    kept = uow.one(KEEP_FILE, client_id=ticket.client_id, file_id=file_id, digest=digest, now=uow.now).id
    if uow.first(MADE, ticket=ticket.id, asked=report.asked_at, media=kept, now=uow.now) is None:
        return 0
    told = 0 if report.media_id else _send(uow, ticket, kept)
    record(uow, subject_of(ticket), events.ReportMade(told))
    return told


def wait(uow: UnitOfWork, report: Report, at: datetime) -> None:
    """Nothing failed: a photo has not come yet."""
    uow.run(WAIT, ticket=report.ticket_id, asked=report.asked_at, at=at)


def later(uow: UnitOfWork, report: Report, at: datetime, reason: str) -> None:
    if report.attempts >= MOST_ATTEMPTS:
        uow.run(FAILED, ticket=report.ticket_id, asked=report.asked_at, reason=reason)
    else:
        uow.run(AGAIN, ticket=report.ticket_id, asked=report.asked_at, at=at, reason=reason)


def message(uow: UnitOfWork, ticket: Ticket, media_id: int, urgency: int = NORMAL) -> Notification:
    """The report as a document, below a line that says what it is about."""
    facts = line(uow, ticket, "ticket.service_report").facts | {
        "captions": {str(media_id): f"Service report {ticket.number}"}
    }
    return Notification("ticket.service_report", facts, subject_of(ticket), urgency=urgency, photos=(media_id,))


def _send(uow: UnitOfWork, ticket: Ticket, media_id: int) -> int:
    sent = [tell_person(uow, who, message(uow, ticket, media_id)) for who in _wanted(uow, ticket)]
    return len(sent) - sent.count(None)


def _wanted(uow: UnitOfWork, ticket: Ticket) -> list[int]:
    """Everybody once, in the order of their wishes."""
    people: dict[int, None] = {}
    for wish in uow.all(WISHES, path=get_unit(uow, ticket.unit_id).path):
        who = [wish.person_id] if wish.person_id is not None else _holders(uow, ticket, wish.role)
        people |= dict.fromkeys(who)
    return list(people)


def _holders(uow: UnitOfWork, ticket: Ticket, role: str) -> list[int]:
    """Of the dispatchers the one whose ticket it is."""
    if role == "dispatcher" and ticket.dispatcher_id is not None:
        return [ticket.dispatcher_id]
    return [holder.id for holder in list_holders(uow, ticket.unit_id, role, uow.now.date())]
