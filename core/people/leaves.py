"""Leave of the people who work here: while it lasts others stand in for them."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import bindparam, delete, select
from sqlalchemy.dialects.postgresql import insert  # its ON CONFLICT is understood by both databases

from core.audit.record import Subject, record
from core.errors import Invalid, NotFound
from core.people import events
from core.people.commands import EndLeave, SayLeave
from core.people.queries import get_person
from core.people.tables import person_leaves
from core.rule import Rule
from core.statements import Reader, Statement
from core.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class Leave:
    """`until_on`: the last day. `said_by`: a name."""

    id: int
    person_id: int
    from_on: date
    until_on: date
    said_by: str


_COLUMNS = [person_leaves.c[name] for name in Leave.__dataclass_fields__]
COMING = Statement(
    select(*_COLUMNS)
    .where(person_leaves.c.person_id == bindparam("person_id"), person_leaves.c.until_on >= bindparam("today"))
    .order_by(person_leaves.c.from_on)
    .limit(50),
    Leave,
)
BY_ID = Statement(select(*_COLUMNS).where(person_leaves.c.id == bindparam("leave_id")), Leave)
_said = insert(person_leaves).values(
    {name: bindparam(name) for name in ("person_id", "from_on", "until_on", "said_by")}
)
SAY = Statement(
    _said.on_conflict_do_update(
        index_elements=["person_id", "from_on"],
        set_={"until_on": _said.excluded.until_on, "said_by": _said.excluded.said_by},
    )
)
END = Statement(delete(person_leaves).where(person_leaves.c.id == bindparam("id_")))


def list_leaves(reader: Reader, person_id: int, today: date) -> list[Leave]:
    """Those that last or come, the next first."""
    return reader.all(COMING, person_id=person_id, today=today)


def say_leave(command: SayLeave, uow: UnitOfWork) -> None:
    person = get_person(uow, command.person_id)
    if command.until_on < command.from_on:
        raise Invalid("The last day is before the first one.", field="until_on")
    if command.until_on < uow.now.date():
        raise Invalid("This leave is over already.", field="until_on")
    uow.run(SAY, person_id=person.id, from_on=command.from_on, until_on=command.until_on, said_by=uow.actor.name)
    event = events.LeaveSaid(command.from_on.isoformat(), command.until_on.isoformat())
    record(uow, Subject("person", person.id, person.code, person.client_id, person.client_id), event)


def end_leave(command: EndLeave, uow: UnitOfWork) -> None:
    leave = uow.first(BY_ID, leave_id=command.leave_id)
    if leave is None or leave.person_id != command.person_id:
        raise NotFound("There is no such leave any more.")
    person = get_person(uow, leave.person_id)
    uow.run(END, id_=leave.id)
    event = events.LeaveEnded(leave.from_on.isoformat(), leave.until_on.isoformat())
    record(uow, Subject("person", person.id, person.code, person.client_id, person.client_id), event)


def _client_of(command: SayLeave | EndLeave, reader: Reader) -> int:
    return get_person(reader, command.person_id).client_id


RULES = {SayLeave: Rule(say_leave, "people.edit", _client_of), EndLeave: Rule(end_leave, "people.edit", _client_of)}
