"""Tickets about the same fault: at the same branch within minutes, at several branches of one cluster, parent and children."""

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import bindparam, select

from core.people.tables import Unit, persons, units
from core.statements import Reader, Statement, literally
from core.tickets.queries import COLUMNS
from core.tickets.rows import Ticket
from core.tickets.rules import ticket_rules
from core.tickets.tables import UNREPAIRED, tickets
from core.unit_of_work import UnitOfWork

_latest = tickets.alias("latest")
_ALIKE = (
    select(_latest.c.id)
    .where(
        _latest.c.subcategory_id == bindparam("subcategory_id"),
        _latest.c.created_at >= bindparam("since"),
        _latest.c.status.in_([literally(status) for status in UNREPAIRED]),
    )
    .order_by(_latest.c.created_at.desc(), _latest.c.id.desc())
    .limit(1)
)
AT_BRANCH = Statement(
    select(*COLUMNS).where(
        tickets.c.id == _ALIKE.where(_latest.c.unit_id == bindparam("unit_id")).scalar_subquery(),
    ),
    Ticket,
)
IN_CLUSTER = Statement(
    select(*COLUMNS)
    .select_from(units)
    .join(tickets, tickets.c.id == _ALIKE.where(_latest.c.unit_id == units.c.id).correlate(units).scalar_subquery())
    .where(units.c.parent_id == bindparam("cluster_id"))
    .order_by(tickets.c.id),
    Ticket,
)
LOCK_BRANCH = Statement(select(units.c.id).where(units.c.id == bindparam("id")).with_for_update(key_share=True))
"""Two who report the same at the same moment wait for each other; who merely opens a ticket waits for nobody."""


@dataclass(frozen=True, slots=True)
class Child:
    """A ticket that has a parent, as a line of its parent's card."""

    id: int
    number: str
    status: str
    priority: int
    branch: str
    technician: str | None
    technician_id: int | None


CHILDREN = Statement(
    select(
        tickets.c.id, tickets.c.number, tickets.c.status, tickets.c.priority, units.c.name,
        persons.c.name.label("technician"), tickets.c.technician_id,
    )
    .join(units, units.c.id == tickets.c.unit_id)
    .outerjoin(persons, persons.c.id == tickets.c.technician_id)
    .where(tickets.c.parent_id == bindparam("parent_id"))
    .order_by(tickets.c.id),
    Child,
)  # fmt: skip


def find_open_alike(uow: UnitOfWork, branch: Unit, subcategory_id: int) -> Ticket | None:
    """The latest ticket of this branch that a second report of the same fault may belong to."""
    minutes = ticket_rules(uow, branch.client_id).duplicate_minutes
    if not minutes:
        return None
    uow.first(LOCK_BRANCH, id=branch.id)
    since = uow.now - timedelta(minutes=minutes)
    return uow.first(AT_BRANCH, unit_id=branch.id, subcategory_id=subcategory_id, since=since)


def list_open_nearby(uow: UnitOfWork, branch: Unit, subcategory_id: int, minutes: int) -> list[Ticket]:
    """The latest of each branch of the cluster, the first opened first."""
    since = uow.now - timedelta(minutes=minutes)
    return uow.all(IN_CLUSTER, cluster_id=branch.parent_id, subcategory_id=subcategory_id, since=since)


def list_children(reader: Reader, ticket_id: int) -> list[Child]:
    """In the order they were opened."""
    return reader.all(CHILDREN, parent_id=ticket_id)
