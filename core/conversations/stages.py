"""Where a customer stands with the client."""

from sqlalchemy import bindparam, update

from core.conversations.tables import customers
from core.statements import Statement
from core.unit_of_work import UnitOfWork

MOVE = Statement(update(customers).where(customers.c.id == bindparam("id_")).values(stage=bindparam("stage_")))


def move_stage(uow: UnitOfWork, customer_id: int, stage: str) -> None:
    uow.run(MOVE, id_=customer_id, stage_=stage)
