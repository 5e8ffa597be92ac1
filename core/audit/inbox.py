"""What came in: each platform event counts once; what could not be understood is kept for a second look."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Text, bindparam, delete, func, select, true, update
from sqlalchemy.dialects.postgresql import insert  # its ON CONFLICT is understood by both databases

from core.audit.tables import quarantine, seen_events
from core.row_sets import rows_of
from core.statements import NewRow, Reader, Statement
from core.unit_of_work import UnitOfWork

SEE = NewRow(
    insert(seen_events)
    .values(key=bindparam("key"), at=bindparam("at"), outcome=bindparam("outcome"))
    .on_conflict_do_nothing(index_elements=["key"])
)
_given = rows_of("given", key=seen_events.c.key.type)
SEE_ALL = Statement(
    insert(seen_events)
    .from_select(
        ["key", "at", "outcome"],
        select(_given.c.key, bindparam("at", type_=seen_events.c.at.type), bindparam("outcome", type_=Text()))
        .where(true())  # without it SQLite takes the ON for a join
        .order_by(_given.c.key),  # in one order: twins must not deadlock
    )
    .on_conflict_do_nothing(index_elements=["key"])
    .returning(seen_events.c.key)
)
FORGET = Statement(delete(seen_events).where(seen_events.c.at < bindparam("before")))
QUARANTINE = Statement(
    insert(quarantine)
    .values({name: bindparam(name) for name in ("channel", "account", "body", "error", "traceback", "at")})
    .returning(quarantine.c.id)
)


@dataclass(frozen=True, slots=True)
class Quarantined:
    id: int
    channel: str
    account: str
    body: str
    error: str
    traceback: str
    at: datetime
    replayed_at: datetime | None


_COLUMNS = [quarantine.c[name] for name in Quarantined.__dataclass_fields__]
HELD = Statement(select(*_COLUMNS).where(quarantine.c.id == bindparam("id")), Quarantined)
LIST_HELD = Statement(
    select(*_COLUMNS)
    .where(quarantine.c.id < bindparam("before"))
    .order_by(quarantine.c.id.desc())
    .limit(bindparam("limit")),
    Quarantined,
)
COUNT_HELD = Statement(select(func.count().label("n")).where(quarantine.c.replayed_at.is_(None)))
REPLAYED = Statement(update(quarantine).where(quarantine.c.id == bindparam("id_")).values(replayed_at=bindparam("now")))


def first_time(uow: UnitOfWork, channel: str, account: str, event_ids: tuple[str, ...], outcome: str | None) -> bool:
    """Claim every id of an event in the transaction of its effect; False when any of them was seen before. `outcome`: what
    becomes of it (heard, refused, receipt, moved), for the ledger."""
    first = f"{channel}:{account}:{event_ids[0]}"
    keys = sorted(
        {f"{channel}:{account}:{event_id}" for event_id in event_ids}
    )  # in one order: twins must not deadlock
    claimed = [uow.insert(SEE, key=key, at=uow.now, outcome=outcome if key == first else "another") for key in keys]
    return None not in claimed


def first_times(uow: UnitOfWork, events: Sequence[tuple[str, str, str]], outcome: str) -> list[bool]:
    """The same for many of one kind, each with one id: (channel, account, id). What is told twice among them is new once."""
    keys = [":".join(event) for event in events]
    new = {row.key for row in uow.all(SEE_ALL, given=tuple((key,) for key in keys), at=uow.now, outcome=outcome)}
    first = {key: place for place, key in reversed(list(enumerate(keys)))}
    return [key in new and first[key] == place for place, key in enumerate(keys)]


def put_aside(uow: UnitOfWork, channel: str, account: str, body: str, error: str, traceback: str) -> int:
    row = uow.one(QUARANTINE, channel=channel, account=account, body=body, error=error, traceback=traceback, at=uow.now)
    return int(row.id)


def find_quarantined(reader: Reader, quarantine_id: int) -> Quarantined | None:
    return reader.first(HELD, id=quarantine_id)


def list_quarantined(reader: Reader, limit: int = 100, before: int = 2**62) -> list[Quarantined]:
    """Newest first, from below the id `before`."""
    return reader.all(LIST_HELD, limit=limit, before=before)


def count_quarantined(reader: Reader) -> int:
    """Those not replayed yet."""
    return int(reader.one(COUNT_HELD).n)


def mark_replayed(uow: UnitOfWork, quarantine_id: int) -> None:
    uow.run(REPLAYED, id_=quarantine_id, now=uow.now)


def forget_seen(uow: UnitOfWork, before: datetime) -> int:
    return uow.run(FORGET, before=before)
