"""What people are told on one day, as facts: a section per level that concerns them, worst first and shortened. The first digest
shows everything; each one after it what has changed since the last."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from operator import attrgetter
from typing import Any

from core.statements import Reader
from core.training.counting import DayCount
from core.training.digest_forms import form_of
from core.training.tables import reference
from core.training.telling_rows import Ended, ToldGroup, ToldLine
from core.training.tellings import CRITICAL, Part, list_ended, list_stand_ins, list_told_groups, list_told_lines

LINES = 15
"""How many lines a digest lists in all; with the longest names they stay below 3,500 characters."""
CHOICES = 8
"""With [Show list] and [Several] they make ten: the longest list that WhatsApp shows."""


@dataclass(frozen=True, slots=True)
class Digest:
    person_id: int
    template: str
    facts: dict[str, Any]


@dataclass(frozen=True, slots=True)
class News:
    """Everything one person's digest is made of. `since`: the day of their last one; None: this is the first."""

    groups: Sequence[ToldGroup]
    lines: Sequence[ToldLine]
    ended: Ended
    since: date | None
    count: DayCount
    instead_of: Sequence[dict[str, Any]] = ()


def list_digests(reader: Reader, part: Part, before: Mapping[int, date | None]) -> list[Digest]:
    """In the order of the people's ids. `before`: person -> the client's day of their last digest that arrived."""
    lines = _by_person(list_told_lines(reader, part, LINES))
    ended = {row.person_id: row for row in list_ended(reader, part)}
    away = list_stand_ins(reader, part)
    return [
        digest_of(
            News(
                groups,
                lines.get(person_id, ()),
                ended.get(person_id, Ended(person_id, 0, 0, 0)),
                before.get(person_id),
                part.count,
                away.get(person_id, ()),
            )
        )
        for person_id, groups in _by_person(list_told_groups(reader, part)).items()
    ]


def _by_person(rows: Iterable[Any]) -> dict[int, list[Any]]:
    return {person_id: list(own) for person_id, own in groupby(rows, attrgetter("person_id"))}


def digest_of(news: News) -> Digest:
    """One message a day: the form of the highest level, which holds the lower ones' sections, too."""
    levels: dict[str, list[ToldGroup]] = {}
    for group in news.groups:
        levels.setdefault(form_of(news.count.policy, group.level), []).append(group)
    share = LINES // len(levels)
    sections = {form: make(news, levels[form], share) if form in levels else None for form, make in SECTIONS.items()}
    form = next(form for form in reversed(SECTIONS) if form in levels)
    fresh, broken = sum(group.fresh for group in news.groups), sum(group.broken for group in news.groups)
    assignments = sum(group.assignments for group in news.groups)
    facts = {
        "today": news.count.today,
        "instead_of": list(news.instead_of),
        "critical_from": news.count.policy.critical_from,
        "since": news.since,
        "new": fresh - broken,
        "broken": broken,
        "cleared": news.ended.cleared,
        "paused": news.ended.paused,
        "moved": news.ended.moved,
        "assignments": assignments,
        "still": assignments - fresh,
        "days": max(news.count.days(group.unit_id, group.oldest) for group in news.groups),
    }
    return Digest(news.groups[0].person_id, f"training.{form}_digest", facts | sections)


def _store(news: News, groups: list[ToldGroup], most: int) -> dict[str, Any]:
    """Every training with its employee, by store when there are several."""
    rows = [row for row in news.lines if row.level != CRITICAL][:most]
    by_store: dict[str, list[dict[str, Any]]] = {}
    for row in rows:
        by_store.setdefault(row.unit, []).append(_line(row, news.count))
    return _counted(groups) | {
        "stores": [{"name": name, "rows": own} for name, own in by_store.items()],
        "choices": [_line(row, news.count) for row in rows[:CHOICES]],
        "more": sum(group.fresh if news.since else group.assignments for group in groups) - len(rows),
    }


def _cluster(news: News, groups: list[ToldGroup], most: int) -> dict[str, Any]:
    """How many employees in which store; after the first digest only where something is new."""
    shown = [group for group in groups if group.fresh or not news.since]
    listed = [
        {
            "name": group.unit,
            "employees": group.fresh_employees if news.since else group.employees,
            "days": news.count.days(group.unit_id, group.oldest),
        }
        for group in shown[:most]
    ]
    return _counted(groups) | {"stores": listed, "more": len(shown) - len(listed)}


def _summary(news: News, groups: list[ToldGroup], most: int) -> dict[str, Any]:
    """Numbers, and by name only those who are late beyond all patience."""
    rows = [row for row in news.lines if row.level == CRITICAL]
    critical = sum(group.critical for group in groups)
    named = sum(group.fresh_critical for group in groups) if news.since else critical
    return _counted(groups) | {
        "critical": critical,
        "rows": [_line(row, news.count) for row in rows[:most]],
        "more": named - len(rows[:most]),
    }


Section = Callable[[News, list[ToldGroup], int], dict[str, Any]]
SECTIONS: dict[str, Section] = {"store": _store, "cluster": _cluster, "hr": _summary}


def _counted(groups: list[ToldGroup]) -> dict[str, Any]:
    """An employee belongs to one unit, so that employees of different units may be added."""
    return {
        "employees": sum(group.employees for group in groups),
        "assignments": sum(group.assignments for group in groups),
        "store_count": len(groups),
        "unit": groups[0].unit,
    }


def _line(row: ToldLine, count: DayCount) -> dict[str, Any]:
    return {
        "reference": reference(row.assignment_id),
        "employee": row.employee,
        "employee_code": row.employee_code,
        "course": row.course,
        "unit": row.unit,
        "due_on": row.deadline,
        "days": count.days(row.unit_id, row.due_on),
        "broken_on": row.promised_on if row.is_fresh else None,
    }
