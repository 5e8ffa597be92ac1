"""What an import of assignments reads once and writes in sets. Its rows lie in training_intake meanwhile."""

from sqlalchemy import BindParameter, and_, bindparam, case, delete, func, insert, or_, select, update

from core.outbox.tables import notifications
from core.people.tables import units
from core.statements import Statement, literally
from core.training.import_tables import training_intake
from core.training.tables import courses, employees, training_assignments

_a, _e, _i = training_assignments.c, employees.c, training_intake.c
_client: BindParameter[int] = bindparam("client_id_")
_ours = _i.client_id == _client

UNITS = Statement(select(units.c.id, units.c.code).where(units.c.client_id == _client))
COURSES = Statement(select(courses.c.id, courses.c.code).where(courses.c.client_id == _client))
WITH_CARDS = Statement(
    select(notifications.c.subject_id)
    .distinct()
    .where(
        notifications.c.client_id == _client,
        notifications.c.subject_kind == literally("assignment"),
        notifications.c.is_card,
    )
)

_LAID_OUT = (
    "client_id", "line", "key", "code", "name", "unit_id", "course_id", "due_on", "completed_on", "waived_on", "extended_to",
)  # fmt: skip
LAY_OUT = Statement(insert(training_intake).values({name: bindparam(name) for name in _LAID_OUT}))
CLEAR = Statement(delete(training_intake).where(_ours))

_first_of_key = select(_i.key, func.min(_i.line).label("line")).where(_ours).group_by(_i.key).subquery("first_of_key")
_first = training_intake.alias("first")
_same_employee = (
    select(_i.line, _i.code, _first.c.code.label("first_code"), _first.c.line.label("first_line"))
    .add_columns(_first.c.name.label("first_name"), _i.name, _i.unit_id, _first.c.unit_id.label("first_unit"))
    .join(_first_of_key, _first_of_key.c.key == _i.key)
    .join(_first, and_(_first.c.client_id == _i.client_id, _first.c.line == _first_of_key.c.line))
    .where(_ours, _i.key != literally(""), _i.line != _first.c.line)
)
CALLED_TWICE = Statement(_same_employee.where(_i.name != _first.c.name, _i.name != literally("")))
PLACED_TWICE = Statement(_same_employee.where(_i.unit_id != _first.c.unit_id))
_first_of_pair = (
    select(_i.key, _i.course_id, func.min(_i.line).label("line"))
    .where(_ours)
    .group_by(_i.key, _i.course_id)
    .having(func.count() > 1)
    .subquery("first_of_pair")
)
THERE_TWICE = Statement(
    select(_i.line, _i.code, _first_of_pair.c.line.label("first_line"))
    .join(_first_of_pair, and_(_first_of_pair.c.key == _i.key, _first_of_pair.c.course_id == _i.course_id))
    .where(_ours, _i.key != literally(""), _i.line != _first_of_pair.c.line)
)

_wanted = (
    select(_i.line, _i.key, _i.code, _i.name, _i.unit_id)
    .join(_first_of_key, _first_of_key.c.line == _i.line)
    .where(_ours)
    .subquery("wanted")
)
_known = and_(_e.client_id == _client, _e.key == _wanted.c.key)
NEW_EMPLOYEES = Statement(
    insert(employees).from_select(
        ["client_id", "key", "code", "name", "unit_id"],
        select(_client, _wanted.c.key, _wanted.c.code, _wanted.c.name, _wanted.c.unit_id)
        .outerjoin(employees, _known)
        .where(_e.id.is_(None))
        .order_by(_wanted.c.line),
    )
)
_otherwise = or_(_e.name != _wanted.c.name, _e.unit_id != _wanted.c.unit_id)
MARK_RENAMED = Statement(
    update(training_intake)
    .where(_ours, _i.key.in_(select(_wanted.c.key).join(employees, _known).where(_otherwise)))
    .values(is_renamed=True)
)
RENAME = Statement(update(employees).where(_known, _otherwise).values(name=_wanted.c.name, unit_id=_wanted.c.unit_id))
MOVE = Statement(
    update(training_assignments)
    .where(_a.client_id == _client, _a.employee_id == _e.id, _a.unit_id != _e.unit_id)
    .values(unit_id=_e.unit_id, disputed_on=None, disputed_by=None, updated_at=bindparam("now"))
)
_found = (
    select(_i.line, _e.id.label("employee_id"), _a.id.label("assignment_id"))
    .join(employees, and_(_e.client_id == _client, _e.key == _i.key))
    .outerjoin(training_assignments, and_(_a.employee_id == _e.id, _a.course_id == _i.course_id))
    .where(_ours)
    .subquery("found")
)
FIND = Statement(
    update(training_intake)
    .where(_ours, _i.line == _found.c.line)
    .values(employee_id=_found.c.employee_id, assignment_id=_found.c.assignment_id)
)
_NEW = (
    "client_id", "employee_id", "course_id", "unit_id", "due_on", "recorded_due_on", "extended_to", "completed_on",
    "waived_on",
)  # fmt: skip
_new_rows = select(
    _client, _i.employee_id, _i.course_id, _i.unit_id,
    func.coalesce(_i.extended_to, _i.due_on), case((_i.extended_to.is_not(None), _i.due_on)),
    _i.extended_to, _i.completed_on, _i.waived_on,
)  # fmt: skip
NEW_ASSIGNMENTS = Statement(
    insert(training_assignments).from_select(
        [*_NEW, "waived_why", "created_at", "updated_at"],
        _new_rows.add_columns(
            literally(""),
            bindparam("now", type_=_a.created_at.type),
            bindparam("now_too", type_=_a.updated_at.type),
        )
        .where(_ours, _i.assignment_id.is_(None))
        .order_by(_i.line),
    )
)
COUNT = Statement(
    select(
        func.count().label("rows"),
        func.count(_i.assignment_id).label("known"),
        func.count(_i.line).filter(_i.is_renamed, _i.assignment_id.is_not(None)).label("renamed"),
    ).where(_ours)
)
_due = func.coalesce(_a.recorded_due_on, _a.due_on)
DIFFERENT = Statement(
    select(
        _i.line, _i.is_renamed, _i.due_on, _i.completed_on, _i.waived_on, _i.extended_to, _a.id, _due.label("recorded"),
        _a.completed_on.label("was_completed"), _a.waived_on.label("was_waived"), _a.extended_to.label("was_extended"),
    )
    .join(training_assignments, _a.id == _i.assignment_id)
    .where(
        _ours,
        _i.line > bindparam("after"),
        or_(
            _due != _i.due_on,
            _a.completed_on.is_distinct_from(_i.completed_on),
            and_(_i.waived_on.is_not(None), _a.waived_on.is_distinct_from(_i.waived_on)),
            and_(_i.extended_to.is_not(None), _a.extended_to.is_distinct_from(_i.extended_to)),
        ),
    )
    .order_by(_i.line)
    .limit(bindparam("limit"))
)  # fmt: skip
RENAMED = Statement(
    select(_i.assignment_id).where(_ours, _i.is_renamed, _i.assignment_id.is_not(None)).order_by(_i.assignment_id)
)
NEW_DEADLINE = Statement(
    update(training_assignments)
    .where(_a.id == bindparam("id_"))
    .values(
        due_on=bindparam("due_on"),
        recorded_due_on=bindparam("recorded_due_on"),
        extended_to=bindparam("extended_to"),
        asked_until=None,
        asked_by=None,
        promised_on=None,
        promised_by=None,
        # whose it is was never decided of what was done meanwhile; asked for again, it begins anew
        disputed_on=case((_a.completed_on.is_(None), _a.disputed_on)),
        disputed_by=case((_a.completed_on.is_(None), _a.disputed_by)),
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
WAIVER = Statement(
    update(training_assignments)
    .where(_a.id == bindparam("id_"))
    .values(waived_on=bindparam("waived_on"), waived_why="", updated_at=bindparam("now"))
)
