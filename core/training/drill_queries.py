"""Reading and writing drills."""

from datetime import datetime

from sqlalchemy import bindparam, exists, insert, select, update

from core.errors import NotFound
from core.people.tables import persons, units
from core.statements import Reader, Statement, literally
from core.training.drill_tables import Drill, DrillCall, training_drill_calls, training_drills

_d, _c = training_drills.c, training_drill_calls.c
_COLUMNS = [_d[name] for name in Drill.__dataclass_fields__]
_NEW = [name for name in Drill.__dataclass_fields__ if name not in ("id", "ended_at")]

NEW = Statement(insert(training_drills).values({name: bindparam(name) for name in _NEW}).returning(_d.id))
BY_ID = Statement(select(*_COLUMNS).where(_d.id == bindparam("id"), _d.client_id == bindparam("client_id")), Drill)
OF_CLIENT = Statement(
    select(*_COLUMNS)
    .where(_d.client_id == bindparam("client_id"), _d.id < bindparam("before"))
    .order_by(_d.id.desc())
    .limit(bindparam("limit")),
    Drill,
)
DUE = Statement(select(*_COLUMNS).where(_d.ended_at.is_(None), _d.due_at <= bindparam("now")).order_by(_d.id), Drill)
ADVANCE = Statement(
    update(training_drills)
    .where(_d.id == bindparam("id_"), _d.level == bindparam("seen"), _d.ended_at.is_(None))
    .values(level=bindparam("level_"), due_at=bindparam("due"))
    .returning(_d.id)
)
END = Statement(
    update(training_drills)
    .where(_d.id == bindparam("id_"), _d.ended_at.is_(None))
    .values(ended_at=bindparam("now"))
    .returning(_d.id)
)
CALL = Statement(
    insert(training_drill_calls).values(
        {name: bindparam(name) for name in ("drill_id", "unit_id", "person_id", "level", "called_at")}
    )
)
ANSWER = Statement(
    update(training_drill_calls)
    .where(_c.drill_id == bindparam("id_"), _c.person_id == bindparam("person_id_"), _c.answered_at.is_(None))
    .values(answered_at=bindparam("now"))
)
CALLS = Statement(
    select(_c.unit_id, units.c.name, _c.person_id, persons.c.name, _c.level, _c.called_at, _c.answered_at)
    .join(units, units.c.id == _c.unit_id)
    .join(persons, persons.c.id == _c.person_id)
    .where(_c.drill_id == bindparam("id"))
    .order_by(units.c.name, _c.unit_id, _c.level, persons.c.name),
    DrillCall,
)
_answered = exists().where(_c.drill_id == bindparam("id"), _c.unit_id == units.c.id, _c.answered_at.is_not(None))
SILENT = Statement(
    select(units.c.id, units.c.name)
    .where(units.c.path.like(bindparam("pattern")), units.c.kind == literally("branch"), ~_answered)
    .order_by(units.c.name, units.c.id)
)


def find_drill(reader: Reader, drill_id: int, client_id: int) -> Drill | None:
    return reader.first(BY_ID, id=drill_id, client_id=client_id)


def get_drill(reader: Reader, drill_id: int, client_id: int) -> Drill:
    found = find_drill(reader, drill_id, client_id)
    if found is None:
        raise NotFound(f"There is no drill DRL-{drill_id}.")
    return found


def list_drills(reader: Reader, client_id: int, limit: int = 20, before: int = 2**62) -> list[Drill]:
    """The newest first; `before`: those with a smaller id."""
    return reader.all(OF_CLIENT, client_id=client_id, limit=limit, before=before)


def list_due_drills(reader: Reader, now: datetime) -> list[Drill]:
    return reader.all(DUE, now=now)


def list_calls(reader: Reader, drill_id: int) -> list[DrillCall]:
    """By branch, and in the order of the chain."""
    return reader.all(CALLS, id=drill_id)
