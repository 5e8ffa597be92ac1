"""Which dispatchers are alive, what each can serve, and who owns what."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import bindparam, delete, literal_column, select
from sqlalchemy.dialects.postgresql import insert  # its ON CONFLICT is understood by both databases

from core.scheduling.tables import dispatchers, leases
from core.statements import Reader, Statement
from core.unit_of_work import UnitOfWork

SEE = Statement(
    insert(dispatchers)
    .values(name=bindparam("name"), lanes=bindparam("lanes"), until=bindparam("until"))
    .on_conflict_do_update(index_elements=["name"], set_={"lanes": bindparam("lanes"), "until": bindparam("until")})
)
FORGET = Statement(delete(dispatchers).where(dispatchers.c.name == bindparam("name_")))
FORGET_THE_DEAD = Statement(delete(dispatchers).where(dispatchers.c.until <= bindparam("before")))
ALIVE = Statement(
    select(dispatchers.c.name, dispatchers.c.lanes).where(
        dispatchers.c.until > bindparam("now"), dispatchers.c.until <= bindparam("too_far")
    )
)
OWNERS = Statement(
    select(leases.c.name, leases.c.owner).where(
        leases.c.name.like(literal_column("'lane:%'")), leases.c.until > bindparam("now")
    )
)


def see_dispatcher(uow: UnitOfWork, name: str, lanes: Sequence[str], until: datetime) -> None:
    uow.run(SEE, name=name, lanes=list(lanes), until=until)


def forget_dispatcher(uow: UnitOfWork, name: str) -> None:
    uow.run(FORGET, name_=name)


def forget_dead_dispatchers(uow: UnitOfWork, before: datetime) -> int:
    return uow.run(FORGET_THE_DEAD, before=before)


def list_dispatchers(reader: Reader, now: datetime, too_far: datetime) -> dict[str, list[str]]:
    """Name -> the lanes it can serve."""
    return {row.name: row.lanes for row in reader.all(ALIVE, now=now, too_far=too_far)}


def list_owners(reader: Reader, now: datetime) -> dict[str, str]:
    """Lane -> its owner."""
    return {row.name.removeprefix("lane:"): row.owner for row in reader.all(OWNERS, now=now)}
