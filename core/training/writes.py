"""The conditional writes: an answer changes a training only while it is open."""

from sqlalchemy import bindparam, update

from core.statements import Statement
from core.training.overdue import OPEN
from core.training.tables import training_assignments

_a = training_assignments.c

DONE = Statement(
    update(training_assignments)
    .where(_a.id == bindparam("id_"), OPEN)
    .values(completed_on=bindparam("today"), completed_by=bindparam("person_id"), updated_at=bindparam("now"))
    .returning(_a.id)
)
PROMISE = Statement(
    update(training_assignments)
    .where(_a.id == bindparam("id_"), OPEN)
    .values(
        promised_on=bindparam("on"), promised_by=bindparam("person_id"), leave_until=None, updated_at=bindparam("now")
    )
    .returning(_a.id)
)
LEAVE = Statement(
    update(training_assignments)
    .where(_a.employee_id == bindparam("employee_id_"), OPEN)
    .values(leave_until=bindparam("until"), promised_on=None, promised_by=None, updated_at=bindparam("now"))
    .returning(_a.id)
)
