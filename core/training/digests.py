"""What one person is told on one day, as facts: a section per level that concerns them, worst first and shortened."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import groupby
from operator import attrgetter
from typing import Any

from core.statements import Reader
from core.training.counting import DayCount
from core.training.queries import list_announced
from core.training.tables import Group, OverdueRow

TEMPLATES = {1: "training.store_digest", 2: "training.cluster_digest", 3: "training.hr_digest"}
LINES = 15
"""How many lines a digest lists in all; with the longest names they stay below 3,500 characters."""
CHOICES = 9
"""With [Show list] they make ten: the longest list that WhatsApp shows."""


@dataclass(frozen=True, slots=True)
class Share:
    """What a run announces to one person: the groups of the levels that concern them."""

    run_id: int
    person_id: int
    groups: list[Group]

    @property
    def template(self) -> str:
        """One message a day: the form of the highest level, which holds the lower ones' sections, too."""
        return TEMPLATES[max(group.level for group in self.groups)]


def facts_of_digest(reader: Reader, share: Share, count: DayCount) -> dict[str, Any]:
    levels = {level: list(groups) for level, groups in _by_level(share.groups)}
    lines = LINES // len(levels)
    sections = {
        name: make(reader, share, levels[level], count, lines) if level in levels else None
        for level, (name, make) in SECTIONS.items()
    }
    return {
        "today": count.today,
        "assignments": sum(group.assignments for group in share.groups),
        "days": max(count.days(group.unit_id, group.oldest) for group in share.groups),
        **sections,
    }


def _by_level(groups: Iterable[Group]) -> Iterable[tuple[int, Iterable[Group]]]:
    level = attrgetter("level")
    return groupby(sorted(groups, key=level), key=level)  # sorted keeps "longest overdue first" inside a level


def _store(reader: Reader, share: Share, groups: list[Group], count: DayCount, lines: int) -> dict[str, Any]:
    """Every training with its employee, by store when there are several."""
    rows = list_announced(reader, share.run_id, share.person_id, 1, count, limit=lines)
    by_store: dict[str, list[dict[str, Any]]] = {}
    for row in rows:
        by_store.setdefault(row.unit, []).append(_line(row, count))
    return _counted(groups) | {
        "stores": [{"name": name, "rows": own} for name, own in by_store.items()],
        "choices": [_line(row, count) for row in rows[:CHOICES]],
        "more": sum(group.assignments for group in groups) - len(rows),
    }


def _cluster(_: Reader, __: Share, groups: list[Group], count: DayCount, lines: int) -> dict[str, Any]:
    """How many employees in which store."""
    listed = [
        {"name": group.name, "employees": group.employees, "days": count.days(group.unit_id, group.oldest)}
        for group in groups[:lines]
    ]
    return _counted(groups) | {"stores": listed, "more": len(groups) - len(listed)}


def _summary(reader: Reader, share: Share, groups: list[Group], count: DayCount, lines: int) -> dict[str, Any]:
    """Numbers, and by name only those who are late beyond all patience."""
    rows = list_announced(
        reader, share.run_id, share.person_id, groups[0].level, count, critical_only=True, limit=lines
    )
    critical = sum(group.critical for group in groups)
    return _counted(groups) | {
        "critical": critical,
        "rows": [_line(row, count) for row in rows],
        "more": critical - len(rows),
    }


Section = Callable[[Reader, Share, list[Group], DayCount, int], dict[str, Any]]
SECTIONS: dict[int, tuple[str, Section]] = {1: ("store", _store), 2: ("cluster", _cluster), 3: ("hr", _summary)}


def _counted(groups: list[Group]) -> dict[str, Any]:
    """An employee belongs to one unit, so that employees of different units may be added."""
    return {
        "employees": sum(group.employees for group in groups),
        "assignments": sum(group.assignments for group in groups),
        "store_count": len(groups),
    }


def _line(row: OverdueRow, count: DayCount) -> dict[str, Any]:
    return {
        "reference": row.reference,
        "employee": row.employee,
        "employee_code": row.employee_code,
        "course": row.course,
        "unit": row.unit,
        "due_on": row.deadline,
        "days": count.days(row.unit_id, row.due_on),
    }
