"""Who wants to be sent service reports: a person, or those who hold a role, for a unit and all below."""

from dataclasses import dataclass

from sqlalchemy import bindparam, delete, select
from sqlalchemy.dialects.postgresql import insert  # its ON CONFLICT is understood by both databases

from core.audit.record import Subject, record
from core.errors import Forbidden, Invalid
from core.people.permissions import ROLE_NAMES, ROLES_WITH, who_may
from core.people.queries import get_person, get_unit
from core.people.tables import units
from core.statements import Reader, Statement
from core.tickets.client_commands import WishReports
from core.tickets.events import ReportsWished
from core.tickets.tables import report_wishes
from core.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class Wish:
    """Of a role, else of a person."""

    unit_id: int
    role: str
    person_id: int | None


_same = (
    report_wishes.c.unit_id == bindparam("unit"),
    report_wishes.c.role == bindparam("role_"),
    report_wishes.c.person_id.is_not_distinct_from(bindparam("person", type_=report_wishes.c.person_id.type)),
)
FIND = Statement(select(report_wishes.c.id).where(*_same))
ADD = Statement(insert(report_wishes).values({name: bindparam(name) for name in Wish.__dataclass_fields__}))
DROP = Statement(delete(report_wishes).where(*_same))
OF_CLIENT = Statement(
    select(report_wishes.c.unit_id, report_wishes.c.role, report_wishes.c.person_id)
    .join(units, units.c.id == report_wishes.c.unit_id)
    .where(units.c.client_id == bindparam("client_id"))
    .order_by(report_wishes.c.id),
    Wish,
)


def wish_reports(command: WishReports, uow: UnitOfWork) -> None:
    """Everybody for themselves; for others whoever edits people."""
    unit = get_unit(uow, command.unit_id)
    if (command.role == "") == (command.person_id is None):
        raise Invalid("Name a role or a person.", field="role")
    if command.role and command.role not in ROLE_NAMES:
        raise Invalid(f"“{command.role}” is no role.", field="role")
    own = command.person_id is not None and command.person_id == uow.actor.person_id
    if not own and uow.actor.kind != "system" and not uow.actor.covers(unit.path, ROLES_WITH["people.edit"]):
        raise Forbidden(f"You may only choose for yourself. {who_may('people.edit')}")
    if command.person_id is not None and get_person(uow, command.person_id).client_id != unit.client_id:
        raise Invalid("That person belongs to another client.", field="personId")
    same = {"unit": unit.id, "role_": command.role, "person": command.person_id}
    if command.wanted == (uow.first(FIND, **same) is not None):
        return
    if command.wanted:
        uow.run(ADD, unit_id=unit.id, role=command.role, person_id=command.person_id)
    else:
        uow.run(DROP, **same)
    who = command.role or get_person(uow, command.person_id or 0).name
    record(uow, Subject("unit", unit.id, unit.code, unit.client_id, unit.id), ReportsWished(who, command.wanted))


def list_wishes(reader: Reader, client_id: int) -> list[Wish]:
    """In the order they came."""
    return reader.all(OF_CLIENT, client_id=client_id)
