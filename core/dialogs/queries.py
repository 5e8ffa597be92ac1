"""Keeping the one open dialog of a person in a chat."""

from typing import Any

from sqlalchemy import bindparam, delete, select
from sqlalchemy.dialects.postgresql import insert  # its ON CONFLICT is understood by both databases

from core.dialogs.tables import Dialog, dialogs
from core.statements import Reader, Statement
from core.unit_of_work import UnitOfWork

_WHERE = ("person_id", "channel", "chat")

FIND = Statement(
    select(*[dialogs.c[name] for name in Dialog.__dataclass_fields__]).where(
        *(dialogs.c[n] == bindparam(n) for n in _WHERE)
    ),
    Dialog,
)
KEEP = Statement(
    insert(dialogs)
    .values({c.name: bindparam(c.name) for c in dialogs.c if c.name != "id"})
    .on_conflict_do_update(
        index_elements=list(_WHERE), set_={name: bindparam(name) for name in ("verb", "answers", "updated_at")}
    )
)
CLOSE = Statement(delete(dialogs).where(*(dialogs.c[n] == bindparam(f"{n}_") for n in _WHERE)))


def find_dialog(reader: Reader, person_id: int, channel: str, chat: str) -> Dialog | None:
    return reader.first(FIND, person_id=person_id, channel=channel, chat=chat)


def keep_dialog(uow: UnitOfWork, person_id: int, channel: str, chat: str, verb: str, answers: dict[str, Any]) -> None:
    uow.run(KEEP, person_id=person_id, channel=channel, chat=chat, verb=verb, answers=answers, updated_at=uow.now)


def close_dialog(uow: UnitOfWork, person_id: int, channel: str, chat: str) -> None:
    if find_dialog(uow, person_id, channel, chat):  # asked already, as a rule
        uow.run(CLOSE, person_id_=person_id, channel_=channel, chat_=chat)
