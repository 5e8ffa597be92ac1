"""Below which amount work needs no approval: of the unit itself, else of the nearest above that has one."""

from sqlalchemy import bindparam, delete, func, literal, select
from sqlalchemy.dialects.postgresql import insert  # its ON CONFLICT is understood by both databases

from core.audit.record import Subject, record
from core.errors import Invalid
from core.people.queries import get_unit
from core.people.tables import units
from core.statements import Reader, Statement
from core.tickets.client_commands import SetApprovalLimit
from core.tickets.costs import HIGHEST_AMOUNT
from core.tickets.events import ApprovalLimitSet
from core.tickets.tables import approval_limits
from core.unit_of_work import UnitOfWork

NEAREST = Statement(
    select(approval_limits.c.below)
    .join(units, units.c.id == approval_limits.c.unit_id)
    .where(bindparam("path", type_=units.c.path.type).like(units.c.path + literal("%")))
    .order_by(func.length(units.c.path).desc())
    .limit(1)
)
SET = Statement(
    insert(approval_limits)
    .values(unit_id=bindparam("unit_id"), below=bindparam("below"))
    .on_conflict_do_update(index_elements=["unit_id"], set_={"below": bindparam("below")})
)
DROP = Statement(delete(approval_limits).where(approval_limits.c.unit_id == bindparam("unit_id_")))


def approval_limit(reader: Reader, unit_id: int) -> int:
    """Minor units; 0: everything is approved by somebody."""
    row = reader.first(NEAREST, path=get_unit(reader, unit_id).path)
    return 0 if row is None else int(row.below)


def set_approval_limit(command: SetApprovalLimit, uow: UnitOfWork) -> int:
    unit = get_unit(uow, command.unit_id)
    if command.below is None:
        uow.run(DROP, unit_id_=unit.id)
    elif not 0 <= command.below <= HIGHEST_AMOUNT:
        raise Invalid("A limit cannot be negative or that high.", field="below")
    else:
        uow.run(SET, unit_id=unit.id, below=command.below)
    record(uow, Subject("unit", unit.id, unit.code, unit.client_id, unit.id), ApprovalLimitSet(command.below))
    return approval_limit(uow, unit.id)
