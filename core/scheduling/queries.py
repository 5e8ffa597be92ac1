"""Claiming ticks and leases with one conditional write each, and the settings kept in the database."""

from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, delete, func, select, update
from sqlalchemy.dialects.postgresql import insert  # its ON CONFLICT is understood by both databases

from core.scheduling.tables import kept_settings, leases, ticks
from core.statements import Reader, Statement
from core.unit_of_work import UnitOfWork

GRACE = timedelta(seconds=5)
NEVER = datetime(9999, 1, 1, tzinfo=UTC)

CLAIM_TICK = Statement(
    insert(ticks)
    .values({name: bindparam(name) for name in ("job", "scheduled_at", "claimed_at", "claimed_by")})
    .on_conflict_do_update(
        index_elements=["job", "scheduled_at"],
        set_={"claimed_at": bindparam("claimed_at"), "claimed_by": bindparam("claimed_by"), "finished_at": None},
        where=ticks.c.claimed_at > bindparam("lived_after"),
    )
    .returning(ticks.c.job)
)
FINISH_TICK = Statement(
    update(ticks)
    .where(ticks.c.job == bindparam("job_"), ticks.c.scheduled_at == bindparam("scheduled_at_"))
    .values(finished_at=bindparam("now"), outcome=bindparam("outcome_"))
)
LAST_TICK = Statement(select(func.max(ticks.c.scheduled_at).label("at")).where(ticks.c.job == bindparam("job")))
FORGET_TICKS = Statement(delete(ticks).where(ticks.c.claimed_at < bindparam("before")))
TAKE_LEASE = Statement(
    insert(leases)
    .values(name=bindparam("name"), owner=bindparam("owner"), until=bindparam("until"))
    .on_conflict_do_update(
        index_elements=["name"],
        set_={"owner": bindparam("owner"), "until": bindparam("until")},
        where=(leases.c.owner == bindparam("owner"))
        | (leases.c.until <= bindparam("now"))
        # it was taken before somebody set the machine's clock back
        | (leases.c.until > bindparam("too_far")),
    )
    .returning(leases.c.name)
)
DROP_LEASE = Statement(delete(leases).where(leases.c.name == bindparam("name_"), leases.c.owner == bindparam("owner_")))
KEEP = Statement(
    insert(kept_settings)
    .values(name=bindparam("name"), value=bindparam("value"))
    .on_conflict_do_update(index_elements=["name"], set_={"value": bindparam("value")})
)
KEPT = Statement(select(kept_settings.c.value).where(kept_settings.c.name == bindparam("name")))


def claim_tick(uow: UnitOfWork, job: str, scheduled_at: datetime, owner: str, *, again: bool = False) -> bool:
    """True for exactly one caller, however many processes see the same firing. `again`: a claim that lies in the future is
    from before somebody set the clock back; that time is lived once more, and its firings with it."""
    row = uow.first(
        CLAIM_TICK,
        job=job,
        scheduled_at=scheduled_at,
        claimed_at=uow.now,
        claimed_by=owner,
        lived_after=uow.now + GRACE if again else NEVER,
    )
    return row is not None


def finish_tick(uow: UnitOfWork, job: str, scheduled_at: datetime, outcome: str) -> None:
    uow.run(FINISH_TICK, job_=job, scheduled_at_=scheduled_at, now=uow.now, outcome_=outcome)


def forget_ticks(uow: UnitOfWork, before: datetime) -> int:
    return uow.run(FORGET_TICKS, before=before)


def find_last_tick(reader: Reader, job: str) -> datetime | None:
    at: datetime | None = reader.one(LAST_TICK, job=job).at
    return at


def take_lease(uow: UnitOfWork, name: str, owner: str, ttl: timedelta, at: datetime | None = None) -> bool:
    """Take or renew; True while it is ours. `at`: now, by a clock that nobody moves for a demonstration."""
    now = at or uow.now
    until, too_far = now + ttl, now + 2 * ttl
    return uow.first(TAKE_LEASE, name=name, owner=owner, until=until, now=now, too_far=too_far) is not None


def drop_lease(uow: UnitOfWork, name: str, owner: str) -> None:
    uow.run(DROP_LEASE, name_=name, owner_=owner)


def keep(uow: UnitOfWork, name: str, value: Any) -> None:
    uow.run(KEEP, name=name, value=value)


def find_kept(reader: Reader, name: str) -> Any:
    row = reader.first(KEPT, name=name)
    return None if row is None else row.value
