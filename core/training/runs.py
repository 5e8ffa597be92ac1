"""The rows of runs and of whom they tell: written by the run, read for its progress."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime

from sqlalchemy import bindparam, case, delete, exists, insert, select, update

from core.errors import NotFound
from core.people.tables import units
from core.statements import Reader, Statement, literally
from core.training.counting import DayCount
from core.training.overdue import LATE
from core.training.recipients import Away
from core.training.tables import Group, TrainingRun, training_assignments, training_notices, training_runs
from core.training.tellings import Part
from core.unit_of_work import UnitOfWork

_a, _n, _r = training_assignments.c, training_notices.c, training_runs.c
_COLUMNS = [_r[name] for name in TrainingRun.__dataclass_fields__]
_NEW = (
    "client_id",
    "policy_id",
    "run_on",
    "started_at",
    "started_by",
    "beat_at",
    "finished_at",
    "outcome",
    "counts",
    "error",
)

NEW = Statement(insert(training_runs).values({name: bindparam(name) for name in _NEW}).returning(_r.id))
BY_ID = Statement(select(*_COLUMNS).where(_r.id == bindparam("id")), TrainingRun)
OF_CLIENT = Statement(
    select(*_COLUMNS).where(_r.client_id == bindparam("client_id")).order_by(_r.id.desc()).limit(bindparam("limit")),
    TrainingRun,
)
RUNNING = Statement(
    select(*_COLUMNS)
    .where(_r.client_id == bindparam("client_id"), _r.outcome == literally("running"))
    .order_by(_r.id.desc())
    .limit(1),
    TrainingRun,
)
STUCK = Statement(
    select(*_COLUMNS).where(_r.outcome == literally("running"), _r.beat_at <= bindparam("since")).order_by(_r.id),
    TrainingRun,
)
LOCK = Statement(update(units).where(units.c.id == bindparam("id_")).values(code=units.c.code))
GO_ON = Statement(
    update(training_runs).where(_r.id == bindparam("id_")).values(counts=bindparam("counts"), beat_at=bindparam("now"))
)
END = Statement(
    update(training_runs)
    .where(_r.id == bindparam("id_"))
    .values(
        outcome=bindparam("outcome"), error=bindparam("error"), finished_at=bindparam("now"), beat_at=bindparam("now")
    )
)
NEW_NOTICE = Statement(
    insert(training_notices).values(
        {name: bindparam(name) for name in ("run_id", "person_id", "unit_id", "level", "instead_of")}
    )
)
UNTOLD = Statement(
    select(_n.person_id)
    .where(_n.run_id == bindparam("run_id"), _n.told_at.is_(None))
    .group_by(_n.person_id)
    .order_by(_n.person_id)
    .limit(bindparam("limit"))
)
DROP = Statement(
    delete(training_notices).where(_n.run_id == bindparam("run_id_"), _n.person_id == bindparam("person_id_"))
)
MARK = Statement(
    update(training_notices)
    .where(_n.run_id == bindparam("run_id_"), _n.person_id.between(bindparam("first"), bindparam("last")))
    .values(told_at=bindparam("now"))
)
_announced = (
    select(LATE.c.id, LATE.c.level)
    .where(
        LATE.c.client_id == bindparam("client_id_"),
        exists().where(_n.run_id == bindparam("run_id"), _n.unit_id == LATE.c.unit_id, _n.level == LATE.c.level),
    )
    .subquery("announced")
)
TOLD = Statement(
    update(training_assignments)
    .where(_a.id == _announced.c.id)
    .values(
        told_level=case((_announced.c.level > _a.told_level, _announced.c.level), else_=_a.told_level),
        told_on=bindparam("today"),
    )
)


def new(
    uow: UnitOfWork,
    client_id: int,
    today: date,
    started_at: datetime,
    *,
    outcome: str = "running",
    error: str = "",
    policy_id: int | None = None,
) -> int:
    row = uow.one(
        NEW,
        client_id=client_id,
        policy_id=policy_id,
        run_on=today,
        started_at=started_at,
        started_by="" if uow.actor.kind == "system" and uow.actor.via != "command line" else uow.actor.name,
        beat_at=uow.now,
        finished_at=None if outcome == "running" else uow.now,
        outcome=outcome,
        counts={},
        error=error,
    )
    return int(row.id)


def get(reader: Reader, run_id: int) -> TrainingRun:
    found = reader.first(BY_ID, id=run_id)
    if found is None:
        raise NotFound(f"There is no training run {run_id}.")
    return found


def list_runs(reader: Reader, client_id: int, limit: int = 10) -> list[TrainingRun]:
    """The newest first."""
    return reader.all(OF_CLIENT, client_id=client_id, limit=limit)


def find_running(reader: Reader, client_id: int) -> TrainingRun | None:
    return reader.first(RUNNING, client_id=client_id)


def list_stuck(reader: Reader, since: datetime) -> list[TrainingRun]:
    """Runs that have not gone on since then: whoever ran them is gone."""
    return reader.all(STUCK, since=since)


def lock(uow: UnitOfWork, client_id: int) -> None:
    """Whoever else begins a run of this client waits until this unit of work is over."""
    uow.run(LOCK, id_=client_id)


def announce(uow: UnitOfWork, run_id: int, shares: Iterable[tuple[int, Group, Sequence[Away]]]) -> None:
    """`shares`: who is told of what, and for whom."""
    rows = [
        {"run_id": run_id, "person_id": person_id, "unit_id": group.unit_id, "level": group.level}
        | {"instead_of": [[one.name, one.until] for one in away] or None}
        for person_id, group, away in shares
    ]
    uow.run_many(NEW_NOTICE, rows)


def list_untold(reader: Reader, run_id: int, limit: int) -> list[int]:
    """People still to be told, in the order of their ids."""
    return [row.person_id for row in reader.all(UNTOLD, run_id=run_id, limit=limit)]


def drop_notices(uow: UnitOfWork, run_id: int, people: Iterable[int]) -> None:
    """This run announces nothing to them."""
    uow.run_many(DROP, [{"run_id_": run_id, "person_id_": person_id} for person_id in people])


def mark_told(uow: UnitOfWork, part: Part) -> None:
    uow.run(MARK, run_id_=part.run_id, first=part.first, last=part.last, now=uow.now)


def go_on(uow: UnitOfWork, run_id: int, counts: dict[str, int]) -> None:
    uow.run(GO_ON, id_=run_id, counts=counts, now=uow.now)


def end(uow: UnitOfWork, run_id: int, outcome: str, error: str = "") -> None:
    uow.run(END, id_=run_id, outcome=outcome, error=error, now=uow.now)


def note_levels(uow: UnitOfWork, run_id: int, client_id: int, count: DayCount) -> None:
    """Write the level that was announced back to the assignments, as a set."""
    uow.run(TOLD, run_id=run_id, client_id_=client_id, **count.values)
