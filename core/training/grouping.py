"""Overdue trainings counted by store or by course: how many at each level."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from sqlalchemy import func, select

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


_KEYS = {"store": "unit_id", "course": "course_id"}
GROUPED = {
    (by, everywhere, alike): Statement(
        select(late.c[key], late.c.level, func.count())
        .where(*below(late, everywhere))
        .group_by(late.c[key], late.c.level),
        lambda *row: row,
    )
    for by, key in _KEYS.items()
    for everywhere in (True, False)
    for alike, late in ((True, LATE_ALIKE), (False, LATE))
}
_wanted = ids_of("wanted")
NAMES = {
    by: Statement(select(table.c.id, table.c.code, table.c.name).join(_wanted, _wanted.c.id == table.c.id))
    for by, table in (("store", units), ("course", courses))
}


def count_by(
    reader: Reader, by: str, client_id: int, paths: Sequence[str], count: DayCount, limit: int = 10_000
) -> list[Counted]:
    """`by`: store or course. Below these places, those with most overdue trainings first; at most `limit` of them."""
    found: dict[int, dict[int, int]] = {}
    for path in paths:
        everywhere, place = within(client_id, path)
        statement = GROUPED[by, everywhere, not count.other]
        for key, level, number in reader.all(statement, client_id=client_id, **place, **count.values):
            levels = found.setdefault(key, {})
            levels[level] = levels.get(level, 0) + number
    most = sorted(found.items(), key=lambda one: (-sum(one[1].values()), one[0]))[:limit]
    names = {row.id: row for row in reader.all(NAMES[by], wanted=tuple((key,) for key, _ in most))}
    listed = [Counted(names[key].code, names[key].name, levels) for key, levels in most]
    return sorted(listed, key=lambda one: (-one.total, one.name))
