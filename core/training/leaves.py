"""The days of an employee's leave do not count: while it lasts nobody is told, and afterwards the deadline has moved by as much."""

from collections.abc import Iterable
from datetime import date, timedelta
from itertools import groupby
from operator import attrgetter

from sqlalchemy import bindparam, func, select, update
from sqlalchemy.dialects.postgresql import insert  # its ON CONFLICT is understood by both databases

from core.statements import Statement
from core.training.overdue import OPEN
from core.training.tables import employee_leaves, training_assignments
from core.unit_of_work import UnitOfWork

ONE_DAY = timedelta(days=1)
_a, _l = training_assignments.c, employee_leaves.c
_today = bindparam("today", type_=_l.from_on.type)

_said = insert(employee_leaves).values(
    {name: bindparam(name) for name in ("employee_id", "from_on", "until_on", "said_by", "created_at")}
)
SAY = Statement(
    _said.on_conflict_do_update(
        index_elements=["employee_id", "from_on"],
        set_={"until_on": _said.excluded.until_on, "said_by": _said.excluded.said_by},
    )
)
PRESENT = Statement(
    select(_l.from_on)
    .where(_l.employee_id == bindparam("employee_id"), _l.from_on <= _today, _l.until_on >= _today)
    .order_by(_l.from_on)
    .limit(1)
)
_given = func.coalesce(_a.extended_to, _a.recorded_due_on, _a.due_on, type_=_a.due_on.type)
BEGUN = Statement(
    select(_a.id, _a.due_on, _given.label("given"), _a.leave_until.label("paused_until"), _l.from_on, _l.until_on)
    .join(employee_leaves, _l.employee_id == _a.employee_id)
    .where(_a.client_id == bindparam("client_id"), OPEN, _l.from_on <= _today, _l.until_on >= _given)
    .order_by(_a.id, _l.from_on)
)
COUNTED = Statement(
    update(training_assignments)
    .where(_a.id == bindparam("id_"))
    .values(
        due_on=bindparam("due_on"),
        recorded_due_on=func.coalesce(_a.recorded_due_on, bindparam("given")),
        leave_until=bindparam("leave_until"),
        updated_at=bindparam("now"),
    )
)


def say_leave(uow: UnitOfWork, employee_id: int, until: date, today: date) -> None:
    """From today on; who is away already stays so until then."""
    present = uow.first(PRESENT, employee_id=employee_id, today=today)
    uow.run(
        SAY,
        employee_id=employee_id,
        from_on=present.from_on if present else today,
        until_on=until,
        said_by=uow.actor.name,
        created_at=uow.now,
    )


def count_leaves(uow: UnitOfWork, client_id: int, today: date) -> None:
    """Pause what a leave pauses today, and move the deadlines of those who are back."""
    moved = []
    for _, found in groupby(uow.all(BEGUN, client_id=client_id, today=today), attrgetter("id")):
        rows = list(found)
        first = rows[0]
        after = {
            "due_on": counted_deadline(
                first.given, ((row.from_on, row.until_on) for row in rows if row.until_on < today)
            ),
            "leave_until": max(row.until_on for row in rows),
        }
        if after != {"due_on": first.due_on, "leave_until": first.paused_until}:
            moved.append({"id_": first.id, "given": first.given, "now": uow.now, **after})
    uow.run_many(COUNTED, moved)


def counted_deadline(given: date, leaves: Iterable[tuple[date, date]]) -> date:
    """`leaves`: first and last days, sorted. A deadline inside a leave waits for its end; one that was over already waits on for
    as long as the leave lasted."""
    due_on, counted = given, date.min
    for first, last in leaves:
        first = max(first, counted + ONE_DAY)  # noqa: PLW2901 - two leaves may overlap
        if first <= due_on:
            due_on = max(due_on, last)
        elif first <= last:
            due_on += last - first + ONE_DAY
        counted = max(counted, last)
    return due_on
