"""The conditional writes: an answer changes a training only while it is open; a run marks exactly what it announced."""

from sqlalchemy import bindparam, case, delete, exists, insert, select, update

from core.statements import Statement
from core.training.overdue import LATE, OPEN
from core.training.tables import training_assignments, training_notices, training_runs

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

_RUN_VALUES = ("client_id", "policy_id", "run_on", "started_at", "finished_at", "outcome", "counts", "error")
NEW_RUN = Statement(
    insert(training_runs).values({name: bindparam(name) for name in _RUN_VALUES}).returning(training_runs.c.id)
)
COUNTED = Statement(
    update(training_runs).where(training_runs.c.id == bindparam("id_")).values(counts=bindparam("counts"))
)
NEW_NOTICE = Statement(
    insert(training_notices).values({name: bindparam(name) for name in ("run_id", "person_id", "unit_id", "level")})
)
NOT_TOLD = Statement(
    delete(training_notices).where(
        training_notices.c.run_id == bindparam("run_id_"), training_notices.c.person_id == bindparam("person_id_")
    )
)
_announced = (
    select(LATE.c.id, LATE.c.level)
    .where(
        LATE.c.client_id == bindparam("client_id_"),
        exists().where(
            training_notices.c.run_id == bindparam("run_id"),
            training_notices.c.unit_id == LATE.c.unit_id,
            training_notices.c.level == LATE.c.level,
        ),
    )
    .subquery("announced")
)
TOLD = Statement(
    update(training_assignments)
    .where(_a.id == _announced.c.id)
    .values(
        told_level=case((_announced.c.level > _a.told_level, _announced.c.level), else_=_a.told_level),
        told_on=bindparam("today"),
    )
)
