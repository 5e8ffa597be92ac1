"""Runs that the guard holds: nobody is told, the operators hear why, and one of them may let it go on, once."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, ClassVar

from sqlalchemy import bindparam, insert, select, update
from sqlalchemy.dialects.postgresql import insert as insert_or_update  # understood by both databases

from core.audit.record import Event, Subject, record
from core.errors import Conflict
from core.people.queries import get_unit
from core.rule import Rule
from core.statements import Reader, Statement
from core.training.commands import AskForTrainingRun
from core.training.guard import HOUSE_GUARD, Guard, check_guard, doubts
from core.training.import_tables import Import, training_guards, training_holds, training_imports
from core.training.operators import tell_operators
from core.training.schedule import ask_for_run
from core.unit_of_work import UnitOfWork

_m, _g, _h = training_imports.c, training_guards.c, training_holds.c
_client = bindparam("client_id", type_=_m.client_id.type)
_IMPORT = [_m[name] for name in Import.__dataclass_fields__]
_OF_CLIENT = select(*_IMPORT).where(_m.client_id == _client).order_by(_m.id.desc()).limit(1)
NEWEST = Statement(_OF_CLIENT, Import)
WHOLE = Statement(_OF_CLIENT.where(_m.is_whole), Import)
GOOD = Statement(
    select(*_IMPORT).join(training_guards, _g.good_import_id == _m.id).where(_g.client_id == _client), Import
)
GUARD = Statement(select(_g.max_age_hours, _g.max_drop_percent).where(_g.client_id == _client), Guard)
_put = insert_or_update(training_guards)
SET_GUARD = Statement(
    _put.values(
        {name: bindparam(name) for name in ("client_id", "max_age_hours", "max_drop_percent")}
    ).on_conflict_do_update(
        index_elements=["client_id"],
        set_={"max_age_hours": _put.excluded.max_age_hours, "max_drop_percent": _put.excluded.max_drop_percent},
    )
)
ACCEPT = Statement(
    _put.values(
        {name: bindparam(name) for name in ("client_id", "max_age_hours", "max_drop_percent", "good_import_id")}
    ).on_conflict_do_update(index_elements=["client_id"], set_={"good_import_id": _put.excluded.good_import_id})
)


@dataclass(frozen=True, slots=True)
class Hold:
    """`released_at`: somebody said to go on; `used_at`: a run did."""

    id: int
    client_id: int
    run_on: date
    import_id: int | None
    why: list[str]
    held_at: datetime
    released_at: datetime | None
    released_by: str
    used_at: datetime | None


_HOLD = [_h[name] for name in Hold.__dataclass_fields__]
LAST = Statement(select(*_HOLD).where(_h.client_id == _client).order_by(_h.id.desc()).limit(bindparam("limit")), Hold)
NEW = Statement(
    insert(training_holds)
    .values({name: bindparam(name) for name in ("client_id", "run_on", "import_id", "why", "held_at")})
    .returning(_h.id)
)
RELEASE = Statement(
    update(training_holds)
    .where(_h.id == bindparam("id_"), _h.released_at.is_(None))
    .values(released_at=bindparam("now"), released_by=bindparam("by"))
    .returning(_h.id)
)
USE = Statement(update(training_holds).where(_h.id == bindparam("id_")).values(used_at=bindparam("now")))


@dataclass(frozen=True, slots=True)
class SetTrainingGuard:
    client_id: int
    guard: Guard


@dataclass(frozen=True, slots=True)
class GoOnOnce:
    """Run now in spite of what the guard says, this once."""

    client_id: int


@dataclass(frozen=True, slots=True)
class TrainingGuardSet:
    kind: ClassVar[str] = "training.guard_set"
    max_age_hours: int | None
    max_drop_percent: int | None


@dataclass(frozen=True, slots=True)
class TrainingRunHeld:
    kind: ClassVar[str] = "training.held"
    why: list[str]


@dataclass(frozen=True, slots=True)
class TrainingRunLetGo:
    kind: ClassVar[str] = "training.let_go"
    by: str
    why: list[str]


def guard_of(reader: Reader, client_id: int) -> Guard:
    return reader.first(GUARD, client_id=client_id) or HOUSE_GUARD


def list_holds(reader: Reader, client_id: int, limit: int = 10) -> list[Hold]:
    """The newest first."""
    return reader.all(LAST, client_id=client_id, limit=limit)


def find_open(reader: Reader, client_id: int) -> Hold | None:
    """The one that somebody may still let go."""
    last = list_holds(reader, client_id, 1)
    return last[0] if last and last[0].released_at is None and last[0].used_at is None else None


def doubts_about(reader: Reader, client_id: int, now: datetime) -> list[str]:
    newest, whole, good = (reader.first(which, client_id=client_id) for which in (NEWEST, WHOLE, GOOD))
    return doubts(guard_of(reader, client_id), newest, whole, good, now)


def check_records(uow: UnitOfWork, client_id: int, run_on: date) -> list[str]:
    """Why nobody may be told today; empty: go ahead, and these records are the good ones from now on. The operators hear of a doubt
    once a day."""
    why, last = doubts_about(uow, client_id, uow.now), list_holds(uow, client_id, 1)
    hold = last[0] if last and last[0].used_at is None else None
    if why and (hold is None or hold.released_at is None):
        if hold is None or (hold.run_on, hold.why) != (run_on, why):
            _hold(uow, client_id, run_on, why)
        return why
    if hold:
        uow.run(USE, id_=hold.id, now=uow.now)
    if whole := uow.first(WHOLE, client_id=client_id):
        guard = guard_of(uow, client_id)
        uow.run(
            ACCEPT,
            client_id=client_id,
            max_age_hours=guard.max_age_hours,
            max_drop_percent=guard.max_drop_percent,
            good_import_id=whole.id,
        )
    return []


def _hold(uow: UnitOfWork, client_id: int, run_on: date, why: list[str]) -> None:
    newest = uow.first(NEWEST, client_id=client_id)
    uow.one(NEW, client_id=client_id, run_on=run_on, import_id=newest.id if newest else None, why=why, held_at=uow.now)
    _record(uow, client_id, TrainingRunHeld(why))
    facts: dict[str, object] = {
        "client": get_unit(uow, client_id).name,
        "why": why,
        "source_at": newest and newest.source_at,
    }
    tell_operators(uow, client_id, "training.held", facts)


def go_on_once(command: GoOnOnce, uow: UnitOfWork) -> None:
    """Raises Conflict when nothing is held any more."""
    hold = find_open(uow, command.client_id)
    if hold is None or uow.first(RELEASE, id_=hold.id, now=uow.now, by=uow.actor.name) is None:
        last = list_holds(uow, command.client_id, 1)
        by = f": {last[0].released_by} let it go on" if last and last[0].released_at else ""
        raise Conflict(f"No training run is held{by}.")
    _record(uow, command.client_id, TrainingRunLetGo(uow.actor.name, hold.why))
    ask_for_run(AskForTrainingRun(command.client_id), uow)


def set_guard(command: SetTrainingGuard, uow: UnitOfWork) -> Guard:
    guard = check_guard(command.guard)
    if guard != guard_of(uow, command.client_id):
        ages = {"max_age_hours": guard.max_age_hours, "max_drop_percent": guard.max_drop_percent}
        uow.run(SET_GUARD, client_id=command.client_id, **ages)
        _record(uow, command.client_id, TrainingGuardSet(**ages))
    return guard


def _record(uow: UnitOfWork, client_id: int, event: Event) -> None:
    client = get_unit(uow, client_id)
    record(uow, Subject("unit", client.id, client.code, client.id, client.id), event)


def _client_of(command: Any, _: Reader) -> int:
    return int(command.client_id)


RULES = {
    SetTrainingGuard: Rule(set_guard, "training.run", _client_of),
    GoOnOnce: Rule(go_on_once, "training.run", _client_of),
}
