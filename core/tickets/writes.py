"""The conditional writes: each state change is one UPDATE that says from which states it may start."""

from typing import Any

from sqlalchemy import bindparam, func, insert, update
from sqlalchemy.dialects.postgresql import insert as upsert  # its ON CONFLICT is understood by both databases
from sqlalchemy.sql.elements import ColumnElement

from core.people.tables import persons
from core.statements import Statement, literally
from core.tickets.tables import (
    UNREPAIRED,
    completions,
    issue_categories,
    issue_subcategories,
    ticket_counters,
    ticket_offers,
    ticket_photos,
    tickets,
)

NEW_COLUMNS = (
    "client_id", "unit_id", "number", "running", "external_id", "subcategory_id", "priority", "description", "currency",
    "status", "policy_id", "dispatcher_id", "response_promised_at", "response_due_at", "resolution_due_at", "created_at",
    "updated_at",
)  # fmt: skip
TARGETS = ("response_promised_at", "response_due_at", "resolution_due_at", "rework_due_at")
COMPLETION_COLUMNS = (
    "ticket_id", "completed_by", "completed_at", "work", "labour_minutes", "labour_rate", "parts", "parts_cost",
    "labour_cost", "total_cost", "currency", "approval",
)  # fmt: skip

_counted = upsert(ticket_counters).values(client_id=bindparam("client_id"), month=bindparam("month"), last=1)
NEXT_NUMBER = Statement(
    _counted.on_conflict_do_update(
        index_elements=["client_id", "month"], set_={"last": ticket_counters.c.last + 1}
    ).returning(ticket_counters.c.last)
)
INSERT = Statement(
    upsert(tickets)
    .values({name: bindparam(name) for name in NEW_COLUMNS})
    .on_conflict_do_nothing(index_elements=["client_id", "external_id"])
    .returning(tickets.c.id)
)


def _change(*states: str, also: tuple[ColumnElement[bool], ...] = (), **values: Any) -> Statement[Any]:
    """UPDATE one ticket (`id_`) that is in one of these states; returns its id when it was."""
    return Statement(
        update(tickets)
        .where(tickets.c.id == bindparam("id_"), tickets.c.status.in_([literally(state) for state in states]), *also)
        .values(updated_at=bindparam("now"), **values)
        .returning(tickets.c.id)
    )


_NOWHERE: dict[str, Any] = {"latitude": None, "longitude": None, "located_at": None}
_NOT_STARTED: dict[str, Any] = {
    **dict.fromkeys(("accepted_at", "arrived_at", "arrival_distance", "expected_at", "arrival_asked_by")),
    **_NOWHERE,
}
_STILL_THEIRS = (tickets.c.technician_id == bindparam("seen"),)  # `seen`: the technician the decision was made about

OFFER = _change(
    "new",
    "assigned",
    "in_progress",
    status="assigned",
    technician_id=bindparam("person_id"),
    assigned_at=bindparam("now"),
    response_due_at=bindparam("due_at"),
    **_NOT_STARTED,
)
TAKE_BACK = _change("assigned", also=_STILL_THEIRS, status="new", technician_id=None, assigned_at=None)
ACCEPT = _change(
    "assigned",
    also=_STILL_THEIRS,
    status="in_progress",
    accepted_at=bindparam("now"),
    first_response_at=func.coalesce(tickets.c.first_response_at, bindparam("now")),
)
ARRIVE = _change(
    "in_progress",
    also=(*_STILL_THEIRS, tickets.c.arrived_at.is_(None)),
    arrived_at=bindparam("now"),
    arrival_distance=bindparam("distance"),
)
EXPECT = _change("in_progress", also=_STILL_THEIRS, expected_at=bindparam("at"))
ASK_ARRIVAL = _change("in_progress", arrival_asked_by=bindparam("person_id"))
COMPLETE = _change("in_progress", also=_STILL_THEIRS, status="completed", completed_at=bindparam("now"))
CLOSE = _change("completed", status="closed", closed_at=bindparam("now"))
SEND_BACK = _change(
    "completed",
    status="in_progress",
    completed_at=None,
    arrived_at=None,
    arrival_distance=None,
    expected_at=None,
    rework_due_at=bindparam("due_at"),
)
CANCEL = _change(
    "new",
    "assigned",
    "in_progress",
    status="cancelled",
    cancelled_at=bindparam("now"),
    cancel_reason=bindparam("reason"),
)
CHANGE_PRIORITY = _change(
    *UNREPAIRED,
    also=(tickets.c.priority == bindparam("seen_priority"),),
    priority=bindparam("priority"),
    **{name: bindparam(name) for name in TARGETS},
)
JOIN_PARENT = Statement(
    update(tickets)
    .where(tickets.c.id == bindparam("id_"), tickets.c.parent_id.is_(None))
    .values(parent_id=bindparam("parent"))
)
LOCATE_TICKETS = Statement(
    update(tickets)
    .where(tickets.c.technician_id == bindparam("person_id_"), tickets.c.status == literally("in_progress"))
    .values(latitude=bindparam("latitude_"), longitude=bindparam("longitude_"), located_at=bindparam("now"))
    .returning(tickets.c.id)
)
FORGET_TICKET_PLACES = Statement(
    update(tickets)
    .where(tickets.c.located_at.is_not(None), tickets.c.located_at < bindparam("before"))
    .values(_NOWHERE)
)
FORGET_PERSON_PLACES = Statement(
    update(persons)
    .where(persons.c.located_at.is_not(None), persons.c.located_at < bindparam("before"))
    .values(_NOWHERE)
)
LOCATE_PERSON = Statement(
    update(persons)
    .where(persons.c.id == bindparam("id_"))
    .values(latitude=bindparam("latitude_"), longitude=bindparam("longitude_"), located_at=bindparam("now"))
)

NEW_OFFER = Statement(
    insert(ticket_offers).values(
        ticket_id=bindparam("ticket_id"),
        person_id=bindparam("person_id"),
        offered_at=bindparam("now"),
        due_at=bindparam("due_at"),
        because=bindparam("because"),
        outcome="offered",
    )
)
MOVE_OFFER = Statement(
    update(ticket_offers)
    .where(ticket_offers.c.ticket_id == bindparam("ticket"), ticket_offers.c.outcome == literally("offered"))
    .values(due_at=bindparam("due_at"))
)
SETTLE_OFFER = Statement(
    update(ticket_offers)
    .where(ticket_offers.c.ticket_id == bindparam("ticket"), ticket_offers.c.outcome == literally("offered"))
    .values(outcome=bindparam("ended"), reason=bindparam("because"), settled_at=bindparam("now"))
)

NEW_COMPLETION = Statement(
    insert(completions).values({name: bindparam(name) for name in COMPLETION_COLUMNS}).returning(completions.c.id)
)
DECIDE = Statement(
    update(completions)
    .where(completions.c.ticket_id == bindparam("ticket"), completions.c.approval == literally("pending"))
    .values(
        approval=bindparam("decision"),
        notes=bindparam("because"),
        decided_by=bindparam("person_id"),
        decided_at=bindparam("now"),
    )
    .returning(completions.c.id)
)
NEW_PHOTO = Statement(
    upsert(ticket_photos)
    .values({name: bindparam(name) for name in ("ticket_id", "completion_id", "media_id", "kind", "caption")})
    .on_conflict_do_nothing(index_elements=["ticket_id", "media_id"])
    .returning(ticket_photos.c.id)
)
ATTACH_PHOTOS = Statement(
    update(ticket_photos)
    .where(ticket_photos.c.ticket_id == bindparam("ticket"), ticket_photos.c.completion_id.is_(None))
    .values(completion_id=bindparam("completion"))
)

NEW_CATEGORY = Statement(
    upsert(issue_categories)
    .values({name: bindparam(name) for name in ("client_id", "code", "name")})
    .on_conflict_do_nothing(index_elements=["client_id", "code"])
    .returning(issue_categories.c.id)
)
NEW_SUBCATEGORY = Statement(
    upsert(issue_subcategories)
    .values({column.name: bindparam(column.name) for column in issue_subcategories.c if column.name != "id"})
    .on_conflict_do_nothing(index_elements=["client_id", "code"])
    .returning(issue_subcategories.c.id)
)

RENAME_CATEGORY = Statement(
    update(issue_categories).where(issue_categories.c.id == bindparam("id_")).values(name=bindparam("name"))
)
_CHANGEABLE = ("name", "response_minutes", "resolution_minutes", "usual_priority", "skill", "words", "retired")
CHANGE_SUBCATEGORY = Statement(
    update(issue_subcategories)
    .where(issue_subcategories.c.id == bindparam("id_"))
    .values({name: bindparam(name) for name in _CHANGEABLE})
)
