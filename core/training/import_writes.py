"""What an import of assignments reads once and writes in sets."""

from sqlalchemy import BindParameter, bindparam, insert, select, update

from core.outbox.tables import notifications
from core.people.tables import units
from core.statements import Statement, literally
from core.training.tables import courses, employees, training_assignments

_a = training_assignments.c
_client: BindParameter[int] = bindparam("client_id")

UNITS = Statement(select(units.c.id, units.c.code).where(units.c.client_id == _client))
COURSES = Statement(select(courses.c.id, courses.c.code).where(courses.c.client_id == _client))
EMPLOYEES = Statement(
    select(employees.c.id, employees.c.code, employees.c.name, employees.c.unit_id).where(
        employees.c.client_id == _client
    )
)
ASSIGNMENTS = Statement(
    select(_a.id, _a.employee_id, _a.course_id, _a.due_on, _a.completed_on).where(_a.client_id == _client)
)
WITH_CARDS = Statement(
    select(notifications.c.subject_id)
    .distinct()
    .where(
        notifications.c.client_id == _client,
        notifications.c.subject_kind == literally("assignment"),
        notifications.c.is_card,
    )
)

NEW_EMPLOYEE = Statement(
    insert(employees).values({name: bindparam(name) for name in ("client_id", "code", "name", "unit_id")})
)
CHANGE_EMPLOYEE = Statement(
    update(employees)
    .where(employees.c.id == bindparam("id_"))
    .values(name=bindparam("name"), unit_id=bindparam("unit_id"))
)
MOVE_ASSIGNMENTS = Statement(
    update(training_assignments)
    .where(_a.employee_id == bindparam("employee_id_"))
    .values(unit_id=bindparam("unit_id"), updated_at=bindparam("now"))
)
_NEW = ("client_id", "employee_id", "course_id", "unit_id", "due_on", "completed_on", "created_at", "updated_at")
NEW_ASSIGNMENT = Statement(insert(training_assignments).values({name: bindparam(name) for name in _NEW}))
NEW_DEADLINE = Statement(
    update(training_assignments)
    .where(_a.id == bindparam("id_"))
    .values(
        due_on=bindparam("due_on"),
        promised_on=None,
        promised_by=None,
        told_level=0,
        told_on=None,
        updated_at=bindparam("now"),
    )
)
COMPLETION = Statement(
    update(training_assignments)
    .where(_a.id == bindparam("id_"))
    .values(completed_on=bindparam("completed_on"), completed_by=None, updated_at=bindparam("now"))
)
