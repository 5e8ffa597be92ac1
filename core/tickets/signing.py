"""The store's signature: a code that the manager sees and the technician types, or the manager's own word."""

import secrets
from dataclasses import dataclass
from datetime import timedelta
from hmac import compare_digest

from sqlalchemy import bindparam, select, update
from sqlalchemy.dialects.postgresql import insert  # its ON CONFLICT is understood by both databases

from core.audit.record import record
from core.elapsed import ago
from core.errors import Conflict, Forbidden, Invalid
from core.outbox.notify import URGENT, tell_person, withdraw
from core.people.queries import get_person, list_holders
from core.people.tables import Person
from core.statements import Statement
from core.tickets import events
from core.tickets.commands import AskSignature, EnterSignature, SignTicket
from core.tickets.queries import find_completion, get_ticket_by_id, subject_of
from core.tickets.refusals import where_it_stands, worked_by_actor
from core.tickets.rows import Completion, SignatureCode, Ticket
from core.tickets.service_reports import ask_report
from core.tickets.tables import completions, signature_codes
from core.tickets.telling import changed, line
from core.unit_of_work import UnitOfWork

DIGITS = 6
LASTS = timedelta(minutes=15)
MOST_TRIES = 5
MOST_CODES = 5
"""Codes per hour for one completion: with five tries each, a guesser succeeds once in 40,000 hours."""
HOUR = timedelta(hours=1)
TEMPLATE = "ticket.signature"

_COLUMNS = [signature_codes.c[name] for name in SignatureCode.__dataclass_fields__]
CODE_OF = Statement(
    select(*_COLUMNS).where(signature_codes.c.completion_id == bindparam("completion_id")).with_for_update(),
    SignatureCode,
)
"""Locked: of many tries at once each is counted."""
KEEP_CODE = Statement(
    insert(signature_codes)
    .values({name: bindparam(name) for name in SignatureCode.__dataclass_fields__})
    .on_conflict_do_update(
        index_elements=["completion_id"],
        set_={name: bindparam(name) for name in SignatureCode.__dataclass_fields__ if name != "completion_id"},
    )
)
TRIED = Statement(
    update(signature_codes)
    .where(signature_codes.c.completion_id == bindparam("completion_id_"))
    .values(tries=bindparam("tries"), code=bindparam("code"))
)
SIGN = Statement(
    update(completions)
    .where(completions.c.id == bindparam("id_"), completions.c.signed_by.is_(None))
    .values(signed_by=bindparam("person_id"), signed_at=bindparam("now"), signed_how=bindparam("how"))
    .returning(completions.c.id)
)


@dataclass(frozen=True, slots=True)
class Signed:
    """`by` is None when the code was wrong: then `tries_left` says how often another may be typed."""

    ticket: Ticket
    by: str | None
    tries_left: int = 0


def ask_signature(command: AskSignature, uow: UnitOfWork) -> Person:
    """Returns who has the code now. One that still works is not replaced."""
    ticket, completion = _unsigned(uow, worked_by_actor(uow, command.ticket_id))
    known = uow.first(CODE_OF, completion_id=completion.id)
    if known and known.code and known.expires_at > uow.now:
        return get_person(uow, known.person_id)
    manager = _manager(uow, ticket)
    code = f"{secrets.randbelow(10**DIGITS):0{DIGITS}d}"
    again = known is not None and uow.now - known.first_issued_at < HOUR
    if known and again and known.issued >= MOST_CODES:
        raise Conflict(
            f"{MOST_CODES} codes within an hour are enough. {manager.name} can press Sign, or sign {ticket.number} in the chat."
        )
    kept = SignatureCode(
        completion.id, manager.id, code, uow.now + LASTS, 0,
        known.issued + 1 if known and again else 1, known.first_issued_at if known and again else uow.now,
    )  # fmt: skip
    uow.run(KEEP_CODE, **{name: getattr(kept, name) for name in SignatureCode.__dataclass_fields__})
    withdraw(uow, subject_of(ticket), TEMPLATE)
    if tell_person(uow, manager.id, line(uow, ticket, TEMPLATE, urgency=URGENT, code=code)) is None:
        raise Conflict(f"{manager.name}, who signs there, can be reached in no chat.")
    record(uow, subject_of(ticket), events.SignatureAsked(manager.name))
    return manager


def enter_signature(command: EnterSignature, uow: UnitOfWork) -> Signed:
    """A wrong code is no refusal: that it was tried must be kept."""
    digits = "".join(sign for sign in command.code if sign.isdigit())
    if len(digits) != DIGITS:
        raise Invalid(f"The code has {DIGITS} digits.", field="code")
    ticket, completion = _unsigned(uow, worked_by_actor(uow, command.ticket_id))
    known = uow.first(CODE_OF, completion_id=completion.id)
    if known is None or not known.code or known.expires_at <= uow.now:
        raise Conflict(f"No code is open for {ticket.number}. Ask for a new one: sign {ticket.number}")
    if not compare_digest(known.code.encode(), digits.encode()):
        left = MOST_TRIES - known.tries - 1
        uow.run(TRIED, completion_id_=completion.id, tries=known.tries + 1, code=known.code if left else "")
        record(uow, subject_of(ticket), events.SignatureFailed(left))
        return Signed(ticket, None, left)
    manager = get_person(uow, known.person_id)
    uow.run(TRIED, completion_id_=completion.id, tries=known.tries, code="")
    return Signed(sign(uow, ticket, completion, manager, "code"), manager.name)


def sign_ticket(command: SignTicket, uow: UnitOfWork) -> Ticket:
    ticket = get_ticket_by_id(uow, command.ticket_id)
    if uow.actor.person_id is None:
        raise Forbidden("Only a person can sign: use the token of a person.")
    if ticket.technician_id == uow.actor.person_id:
        raise Forbidden(f"{ticket.number} is your own work: the store signs it.")
    ticket, completion = _unsigned(uow, ticket)
    return sign(uow, ticket, completion, get_person(uow, uow.actor.person_id), "button")


def sign(uow: UnitOfWork, ticket: Ticket, completion: Completion, by: Person, how: str) -> Ticket:
    """Write it down once; a second signature changes nothing."""
    if uow.first(SIGN, id_=completion.id, person_id=by.id, how=how, now=uow.now) is None:
        return ticket
    withdraw(uow, subject_of(ticket), TEMPLATE)
    record(uow, subject_of(ticket), events.TicketSigned(by.name, how))
    if ticket.status == "closed":
        ask_report(uow, ticket)
    return changed(uow, ticket.id)


def signs_at(uow: UnitOfWork, ticket: Ticket, person_id: int | None) -> bool:
    """Whether this person is one of those whose signature counts at the branch."""
    return person_id in {person.id for person in _signers(uow, ticket)}


def _signers(uow: UnitOfWork, ticket: Ticket) -> list[Person]:
    """The branch's store managers, else the nearest above; nobody signs their own work."""
    holders = list_holders(uow, ticket.unit_id, "store_manager", uow.now.date())
    return [person for person in holders if person.id != ticket.technician_id]


def _manager(uow: UnitOfWork, ticket: Ticket) -> Person:
    signers = _signers(uow, ticket)
    if not signers:
        raise Conflict(f"Nobody is there to sign {ticket.number}: the branch has no store manager at work.")
    return signers[0]


def _unsigned(uow: UnitOfWork, ticket: Ticket) -> tuple[Ticket, Completion]:
    completion = find_completion(uow, ticket.id)
    if ticket.status not in ("completed", "closed") or completion is None:
        raise Conflict(f"{where_it_stands(uow, ticket)} It is signed when the work is completed.")
    if completion.signed_by is not None:
        who = "You" if completion.signed_by == uow.actor.person_id else get_person(uow, completion.signed_by).name
        raise Conflict(f"{who} signed {ticket.number} {ago(completion.signed_at, uow.now)}.")
    return ticket, completion
