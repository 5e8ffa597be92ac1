"""What each person has been told about: rows that open with the first digest that says it and end with the first that no longer
does. What is new, cleared or broken since somebody's last digest is read from them. All of it in sets, over the people of one part
of a run.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Integer,
    and_,
    bindparam,
    case,
    exists,
    func,
    literal_column,
    or_,
    select,
    update,
)
from sqlalchemy.dialects.postgresql import insert as insert_or_update  # understood by both databases

from core.outbox.changes import list_known
from core.people.tables import units
from core.statements import Reader, Statement
from core.training.counting import DayCount
from core.training.digest_forms import level_of_stores
from core.training.overdue import LATE
from core.training.policy import MOST_LEVELS
from core.training.tables import (
    courses,
    employees,
    training_notices,
    training_recipients,
    training_runs,
    training_tellings,
)
from core.training.telling_rows import Ended, LastTold, ToldGroup, ToldLine
from core.unit_of_work import UnitOfWork

_t, _n, _r = training_tellings.c, training_notices.c, training_recipients.c
_run: ColumnElement[int] = bindparam("run", type_=Integer)

DIGEST = "training"
CRITICAL = MOST_LEVELS + 1
"""The level at which an assignment is told by name to the topmost role: critical is news of its own."""


def _number(value: int) -> ColumnElement[int]:
    return literal_column(str(value), Integer)


@dataclass(frozen=True, slots=True)
class Part:
    """Some of the people of a run: ids from `first` to `last`. `least`: the oldest run that somebody of them knows last."""

    run_id: int
    first: int
    last: int
    count: DayCount
    least: int = 0

    @property
    def values(self) -> dict[str, Any]:
        people = {"run": self.run_id, "first": self.first, "last": self.last}
        return people | {"store_level": level_of_stores(self.count.policy)} | self.count.values


def _people(person: ColumnElement[int]) -> ColumnElement[bool]:
    return person.between(bindparam("first"), bindparam("last"))


_level = case((LATE.c.critical, _number(CRITICAL)), else_=LATE.c.level)
_still_said = (
    exists()
    .where(
        LATE.c.id == _t.assignment_id,
        _level == _t.level,
        _n.run_id == _run,
        _n.person_id == _t.person_id,
        _n.unit_id == LATE.c.unit_id,
        _n.level == LATE.c.level,
    )
    .correlate(training_tellings)
)
_told_now = exists().where(_n.run_id == _run, _n.person_id == _t.person_id).correlate(training_tellings)
END = Statement(
    update(training_tellings)
    .where(_people(_t.person_id), _t.ended_run_id.is_(None), _told_now, ~_still_said)
    .values(ended_run_id=_run)
)
SAY = Statement(
    insert_or_update(training_tellings)
    .from_select(
        ["person_id", "assignment_id", "level", "run_id"],
        select(_n.person_id, LATE.c.id, _level, _run)
        .join(LATE, and_(LATE.c.unit_id == _n.unit_id, LATE.c.level == _n.level))
        .where(_n.run_id == _run, _people(_n.person_id)),
    )
    .on_conflict_do_nothing(index_elements=["person_id", "assignment_id"], index_where=_t.ended_run_id.is_(None))
)

_known, _before = _r.known_run_id, _r.known_on
_is_broken = and_(LATE.c.promised_on.is_not(None), or_(_before.is_(None), LATE.c.promised_on >= _before))
"""A promise that is kept or may still be kept is not among what is said."""
_is_fresh = or_(_known.is_(None), _t.run_id > _known, _is_broken)
_is_critical = _t.level == _number(CRITICAL)
_said = (
    training_tellings.join(LATE, LATE.c.id == _t.assignment_id)
    .join(units, units.c.id == LATE.c.unit_id)
    .outerjoin(training_recipients, _r.person_id == _t.person_id)
)
_told_of_it = exists().where(
    _n.run_id == _run, _n.person_id == _t.person_id, _n.unit_id == LATE.c.unit_id, _n.level == LATE.c.level
)
"""Whoever was moved or disputed since the run is another one's to hear of."""
_now = and_(
    _people(_t.person_id),
    _t.ended_run_id.is_(None),
    LATE.c.level > 0,
    _told_of_it.correlate(training_tellings, LATE),
)
GROUPS = Statement(
    select(
        _t.person_id,
        LATE.c.level,
        LATE.c.unit_id,
        units.c.name,
        func.count(LATE.c.employee_id.distinct()),
        func.count(),
        func.min(LATE.c.due_on),
        func.count(case((_is_critical, _t.id))),
        func.count(case((_is_fresh, _t.id))),
        func.count(case((_is_fresh, LATE.c.employee_id)).distinct()),
        func.count(case((and_(_is_critical, _is_fresh), _t.id))),
        func.count(case((_is_broken, _t.id))),
    )
    .select_from(_said)
    .where(_now)
    .group_by(_t.person_id, LATE.c.level, LATE.c.unit_id, units.c.name)
    .order_by(_t.person_id, LATE.c.level, func.min(LATE.c.due_on), LATE.c.unit_id),
    ToldGroup,
)

_place = func.row_number().over(
    partition_by=(_t.person_id, _t.level), order_by=(case((_is_fresh, 0), else_=1), LATE.c.due_on, LATE.c.id)
)
_placed = (
    select(
        _t.person_id, _t.level, LATE.c.id.label("assignment_id"), LATE.c.employee_id, LATE.c.course_id,
        LATE.c.unit_id,
        units.c.name.label("unit"), LATE.c.due_on, LATE.c.deadline, LATE.c.promised_on, _is_fresh.label("is_fresh"),
        _place.label("place"),
    )
    .select_from(_said)
    .where(_now, _t.level.in_([bindparam("store_level", type_=Integer), _number(CRITICAL)]), or_(_before.is_(None), _is_fresh))
    .subquery("placed")
)  # fmt: skip
LINES = Statement(
    select(
        _placed.c.person_id, _placed.c.level, _placed.c.assignment_id, employees.c.code, employees.c.name, courses.c.name,
        _placed.c.unit_id, _placed.c.unit, _placed.c.due_on, _placed.c.deadline, _placed.c.promised_on, _placed.c.is_fresh,
    )
    .join(employees, employees.c.id == _placed.c.employee_id)
    .join(courses, courses.c.id == _placed.c.course_id)
    .where(_placed.c.place <= bindparam("most"))
    .order_by(_placed.c.person_id, _placed.c.level, _placed.c.place),
    ToldLine,
)  # fmt: skip

_again = training_tellings.alias("again")
_elsewhere = ~exists().where(
    _again.c.person_id == _t.person_id, _again.c.assignment_id == _t.assignment_id, _again.c.ended_run_id.is_(None)
).correlate(training_tellings)
_level_now = select(LATE.c.level).where(LATE.c.id == _t.assignment_id).correlate(training_tellings).scalar_subquery()
_ended = (
    select(_t.person_id, _level_now.label("level"), _elsewhere.label("elsewhere"))
    .join(training_recipients, _r.person_id == _t.person_id)
    .where(
        _t.ended_run_id > bindparam("least"),
        _people(_t.person_id),
        _told_now,
        _t.run_id <= _known,
        _t.ended_run_id > _known,
    )
    .subquery("ended")
)
ENDED = Statement(
    select(
        _ended.c.person_id,
        func.count(case((_ended.c.level.is_(None), 1))),
        func.count(case((_ended.c.level == 0, 1))),
        func.count(case((and_(_ended.c.level > 0, _ended.c.elsewhere), 1))),
    ).group_by(_ended.c.person_id),
    Ended,
)
STAND_INS = Statement(
    select(_n.person_id, _n.instead_of).where(_n.run_id == _run, _people(_n.person_id), _n.instead_of.is_not(None))
)
LAST = Statement(select(_r.person_id, _r.told_on, _r.known_run_id, _r.known_on).where(_people(_r.person_id)), LastTold)
LEARN = Statement(
    update(training_recipients)
    .where(_r.person_id == bindparam("person_id_"))
    .values(
        known_run_id=bindparam("known"),
        known_on=select(training_runs.c.run_on).where(training_runs.c.id == bindparam("known")).scalar_subquery(),
    )
)
REMEMBER = Statement(
    insert_or_update(training_recipients)
    .values({name: bindparam(name) for name in ("person_id", "told_on")})
    .on_conflict_do_update(index_elements=["person_id"], set_={"told_on": bindparam("told_on")})
)


def note_tellings(uow: UnitOfWork, part: Part) -> None:
    """Bring what these people have been told up to date with what this run says to them."""
    uow.run(END, **part.values)
    uow.run(SAY, **part.values)


def list_told_groups(reader: Reader, part: Part) -> list[ToldGroup]:
    """By person and level, the longest overdue unit first."""
    return reader.all(GROUPS, **part.values)


def list_told_lines(reader: Reader, part: Part, most: int) -> list[ToldLine]:
    """What is named one by one: `most` per person and level, what is fresh first; after the first digest only that."""
    return reader.all(LINES, **part.values, most=most)


def list_stand_ins(reader: Reader, part: Part) -> dict[int, list[dict[str, Any]]]:
    """Person -> for whom they are told, because those are away: `name`, and `until` when, where somebody said so."""
    found: dict[int, dict[str, str | None]] = {}
    for row in reader.all(STAND_INS, run=part.run_id, first=part.first, last=part.last):
        found.setdefault(row.person_id, {}).update(dict(row.instead_of))
    return {who: [{"name": name, "until": until} for name, until in away.items()] for who, away in found.items()}


def list_ended(reader: Reader, part: Part) -> list[Ended]:
    return reader.all(ENDED, least=part.least, **part.values)


def last_told(uow: UnitOfWork, part: Part) -> dict[int, LastTold]:
    """By person; what has arrived since the last run is known from now on."""
    before = {row.person_id: row for row in uow.all(LAST, first=part.first, last=part.last)}
    arrived = list_known(uow, DIGEST, part.first, part.last)
    news = [
        {"person_id_": person_id, "known": run_id}
        for person_id, run_id in arrived.items()
        if person_id in before and run_id > (before[person_id].known_run_id or 0)
    ]
    uow.run_many(LEARN, news)
    return {row.person_id: row for row in uow.all(LAST, first=part.first, last=part.last)}


def remember_told(uow: UnitOfWork, told: Iterable[tuple[int, date]]) -> None:
    """`told`: person and their own day."""
    uow.run_many(REMEMBER, [{"person_id": who, "told_on": on} for who, on in told])
