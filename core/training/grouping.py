"""Overdue trainings counted by store or by course: how many at each level."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import ColumnElement, Subquery, bindparam, func, select

from core.people.tables import units
from core.row_sets import ids_of
from core.statements import Reader, Statement
from core.training.counting import DayCount
from core.training.overdue import LATE, LATE_ALIKE, below, within
from core.training.tables import courses


@dataclass(slots=True)
class Counted:
    """`levels`: level -> trainings; level 0 are those that a promise or a leave pauses."""

    code: str
    name: str
    levels: dict[int, int] = field(default_factory=dict)

    @property
    def total(self) -> int:
        return sum(self.levels.values())


_wanted = ids_of("wanted")
_COUNTED = ((True, LATE_ALIKE), (False, LATE))
MOST = {
    (everywhere, alike): Statement(
        select(late.c.unit_id, func.count().label("number"))
        .where(*below(late, everywhere))
        .group_by(late.c.unit_id)
        .order_by(func.count().desc(), late.c.unit_id)
        .limit(bindparam("limit"))
    )
    for everywhere in (True, False)
    for alike, late in _COUNTED
}
_KEYS = {"store": "unit_id", "course": "course_id"}


def _levels(by: str, late: Subquery, conditions: Sequence[ColumnElement[bool]]) -> Statement[Any]:
    key = late.c[_KEYS[by]].label("key")
    found = select(key, late.c.level, func.count().label("number")).where(*conditions)
    return Statement(found.group_by(key, late.c.level))


OF_STORES = {alike: _levels("store", late, [late.c.unit_id.in_(select(_wanted.c.id))]) for alike, late in _COUNTED}
OF_COURSES = {
    (everywhere, alike): _levels("course", late, below(late, everywhere))
    for everywhere in (True, False)
    for alike, late in _COUNTED
}
NAMES = {
    by: Statement(select(table.c.id, table.c.code, table.c.name).join(_wanted, _wanted.c.id == table.c.id))
    for by, table in (("store", units), ("course", courses))
}


def count_by(
    reader: Reader, by: str, client_id: int, paths: Sequence[str], count: DayCount, limit: int = 10_000
) -> list[Counted]:
    """`by`: store or course. Below these places, those with most overdue trainings first; at most `limit` of them."""
    rows = (_of_stores if by == "store" else _of_courses)(reader, client_id, paths, count, limit)
    found: dict[int, dict[int, int]] = {}
    for row in rows:
        levels = found.setdefault(row.key, {})
        levels[row.level] = levels.get(row.level, 0) + row.number
    most = sorted(found.items(), key=lambda one: (-sum(one[1].values()), one[0]))[:limit]
    names = {row.id: row for row in reader.all(NAMES[by], wanted=tuple((key,) for key, _ in most))}
    listed = [Counted(names[key].code, names[key].name, levels) for key, levels in most]
    return sorted(listed, key=lambda one: (-one.total, one.name))


def _of_stores(reader: Reader, client_id: int, paths: Sequence[str], count: DayCount, limit: int) -> list[Any]:
    """The levels only of those that are shown."""
    most: list[Any] = []
    for path in paths:
        everywhere, place = within(client_id, path)
        statement = MOST[everywhere, not count.other]
        most += reader.all(statement, client_id=client_id, limit=limit, **place, **count.values)
    chosen = sorted(most, key=lambda row: (-row.number, row.unit_id))[:limit]
    wanted = tuple((row.unit_id,) for row in chosen)
    return reader.all(OF_STORES[not count.other], wanted=wanted, **count.values)


def _of_courses(reader: Reader, client_id: int, paths: Sequence[str], count: DayCount, _limit: int) -> list[Any]:
    """There are few of them, and each is at many places."""
    found: list[Any] = []
    for path in paths:
        everywhere, place = within(client_id, path)
        found += reader.all(OF_COURSES[everywhere, not count.other], client_id=client_id, **place, **count.values)
    return found
