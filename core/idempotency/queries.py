"""Claiming a key in the transaction of its effect, and keeping the answer beside it."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, delete, select, update
from sqlalchemy.dialects.postgresql import insert  # its ON CONFLICT is understood by both databases

from core.elapsed import ago
from core.errors import Conflict, Invalid
from core.idempotency.tables import Kept, idempotency_keys
from core.statements import Statement
from core.unit_of_work import UnitOfWork

CLAIM = Statement(
    insert(idempotency_keys)
    .values({name: bindparam(name) for name in ("actor", "key", "request", "digest", "at")})
    .on_conflict_do_nothing(index_elements=["actor", "key"])
    .returning(idempotency_keys.c.key)
)
FIND = Statement(
    select(*[idempotency_keys.c[name] for name in Kept.__dataclass_fields__]).where(
        idempotency_keys.c.actor == bindparam("actor"), idempotency_keys.c.key == bindparam("key")
    ),
    Kept,
)
ANSWER = Statement(
    update(idempotency_keys)
    .where(idempotency_keys.c.actor == bindparam("actor_"), idempotency_keys.c.key == bindparam("key_"))
    .values(status=bindparam("status_"), response=bindparam("response_"))
)
DROP = Statement(
    delete(idempotency_keys).where(
        idempotency_keys.c.actor == bindparam("actor"), idempotency_keys.c.key == bindparam("key")
    )
)
FORGET = Statement(delete(idempotency_keys).where(idempotency_keys.c.at < bindparam("before")))


@dataclass(frozen=True, slots=True)
class Once:
    """A request that is to have its effect once. `actor` and `key` name it; `request` and `digest` say what it asks."""

    actor: str
    key: str
    request: str
    digest: str


def claim(uow: UnitOfWork, once: Once) -> Kept | None:
    """None for the first one, who is to do it; later ones get what was answered.

    Raises Invalid when the key was used for something else, Conflict while the first one is still at work.
    """
    values = {"actor": once.actor, "key": once.key, "request": once.request, "digest": once.digest}
    if uow.first(CLAIM, **values, at=uow.now) is not None:
        return None
    kept = uow.one(FIND, actor=once.actor, key=once.key)
    if (kept.request, kept.digest) != (once.request, once.digest):
        raise Invalid(
            f"This Idempotency-Key was used {ago(kept.at, uow.now)} for another request. Use a new key.",
            field="Idempotency-Key",
        )
    if kept.status is None:
        raise Conflict(f"The same request is at work since {ago(kept.at, uow.now)}. Ask again in a moment.")
    return kept


def keep_answer(uow: UnitOfWork, once: Once, status: int, response: str) -> None:
    uow.run(ANSWER, actor_=once.actor, key_=once.key, status_=status, response_=response)


def drop(uow: UnitOfWork, once: Once) -> None:
    """Nothing came of it: the same key may be tried again."""
    uow.run(DROP, actor=once.actor, key=once.key)


def forget_keys(uow: UnitOfWork, before: datetime) -> int:
    return uow.run(FORGET, before=before)
