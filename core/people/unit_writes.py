"""Storing units and their boards. A unit's path holds its own id, so it is written right after the row has one."""

from typing import Any

from sqlalchemy import bindparam, insert, select, update
from sqlalchemy.dialects.postgresql import insert as insert_or_update  # its ON CONFLICT is understood by both databases

from core.people.queries import UNIT_COLUMNS, get_unit
from core.people.tables import Unit, boards, units
from core.statements import Reader, Statement
from core.unit_of_work import UnitOfWork

_READ = (
    "kind", "code", "name", "time_zone", "country", "contact_name", "contact_phone", "latitude", "longitude", "hours", "holidays",
)  # fmt: skip

ALL_UNITS = Statement(select(*UNIT_COLUMNS).order_by(units.c.id), Unit)
UNITS_OF_CLIENT = Statement(
    select(*UNIT_COLUMNS).where(units.c.client_id == bindparam("client_id")).order_by(units.c.id), Unit
)
INSERT = Statement(
    insert(units)
    .values({name: bindparam(name) for name in ("client_id", "parent_id", "path", *_READ)})
    .returning(units.c.id)
)
PLACE = Statement(
    update(units).where(units.c.id == bindparam("id_")).values(client_id=bindparam("client_id"), path=bindparam("path"))
)
UPDATE = Statement(
    update(units)
    .where(units.c.id == bindparam("id_"))
    .values({name: bindparam(name) for name in ("parent_id", "path", *_READ)})
)
BOARD = Statement(
    select(boards.c.channel, boards.c.account, boards.c.chat).where(
        boards.c.unit_id == bindparam("unit_id"), boards.c.team == bindparam("team")
    )
)
_BOARD_COLUMNS = ("channel", "account", "chat")
PUT_BOARD = Statement(
    insert_or_update(boards)
    .values({name: bindparam(name) for name in ("unit_id", "team", *_BOARD_COLUMNS)})
    .on_conflict_do_update(index_elements=["unit_id", "team"], set_={name: bindparam(name) for name in _BOARD_COLUMNS})
)


def list_units(reader: Reader, client_id: int | None = None) -> list[Unit]:
    """Of one client, or of all, in the order they were made."""
    if client_id is None:
        return reader.all(ALL_UNITS)
    return reader.all(UNITS_OF_CLIENT, client_id=client_id)


def insert_unit(uow: UnitOfWork, parent: Unit | None, values: dict[str, Any]) -> Unit:
    above = {"client_id": parent.client_id if parent else 0, "parent_id": parent.id if parent else None, "path": ""}
    unit_id = int(uow.one(INSERT, **above, **values).id)
    uow.run(PLACE, id_=unit_id, client_id=parent.client_id if parent else unit_id, path=_path(parent, unit_id))
    return get_unit(uow, unit_id)


def update_unit(uow: UnitOfWork, known: Unit, parent: Unit | None, values: dict[str, Any]) -> bool:
    """False when it says all of that already. Only branches ever move, so no other unit's path depends on this one's."""
    wanted = values | {"parent_id": parent.id if parent else None, "path": _path(parent, known.id)}
    if all(getattr(known, name) == value for name, value in wanted.items()):
        return False
    uow.run(UPDATE, id_=known.id, **wanted)
    return True


def put_board(
    uow: UnitOfWork, unit_id: int, channel: str, chat: str, *, team: str = "", account: str = "default"
) -> bool:
    """False when it was this chat already."""
    before = uow.first(BOARD, unit_id=unit_id, team=team)
    if before == (channel, account, chat):
        return False
    uow.run(PUT_BOARD, unit_id=unit_id, team=team, channel=channel, account=account, chat=chat)
    return True


def _path(parent: Unit | None, unit_id: int) -> str:
    return f"{parent.path if parent else '/'}{unit_id}/"
