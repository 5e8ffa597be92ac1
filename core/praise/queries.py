"""Counting somebody's work, the week of a client's teams, and what has been reached."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import bindparam, func, select

from core.escalations.policy import SAVED
from core.escalations.tables import escalations
from core.people.tables import persons
from core.playbooks.tables import playbook_runs
from core.praise.tables import achievements, praise_declined
from core.praise.work import Case, Work, add_up
from core.statements import Reader, Statement, literally

MOST = 1000
_CASE = [escalations.c[name] for name in Case.__dataclass_fields__]
_resolved = escalations.c.status == literally("resolved")

CASES_OF = Statement(
    select(*_CASE)
    .where(
        escalations.c.resolved_by == bindparam("person_id"), _resolved, escalations.c.resolved_at >= bindparam("since")
    )
    .order_by(escalations.c.resolved_at.desc(), escalations.c.id.desc())
    .limit(MOST),
    Case,
)
PLAYBOOKS_OF = Statement(
    select(func.count().label("finished"))
    .select_from(playbook_runs)
    .where(playbook_runs.c.started_by == bindparam("person_id"), playbook_runs.c.state == literally("finished"))
)
ACTIVE = Statement(
    select(escalations.c.resolved_by.label("person_id"))
    .where(_resolved, escalations.c.resolved_at >= bindparam("since"), escalations.c.resolved_by.is_not(None))
    .distinct()
)
DECLINED = Statement(select(praise_declined.c.id).where(praise_declined.c.person_id == bindparam("person_id")))
ACHIEVED = Statement(
    select(achievements.c.code).where(achievements.c.person_id == bindparam("person_id")).order_by(achievements.c.id)
)


class _WeekRow(NamedTuple):
    team: str
    resolution: str
    first_response_at: datetime | None
    response_due_at: datetime
    satisfaction: int | None
    person_id: int | None
    name: str | None
    declined: int | None


WEEK = Statement(
    select(
        escalations.c.team,
        escalations.c.resolution,
        escalations.c.first_response_at,
        escalations.c.response_due_at,
        escalations.c.satisfaction,
        persons.c.id,
        persons.c.name,
        praise_declined.c.id,
    )
    .outerjoin(persons, persons.c.id == escalations.c.resolved_by)
    .outerjoin(praise_declined, praise_declined.c.person_id == persons.c.id)
    .where(
        escalations.c.client_id == bindparam("client_id"),
        _resolved,
        escalations.c.resolved_at >= bindparam("since"),
        escalations.c.resolved_at < bindparam("until"),
    ),
    _WeekRow,
)


@dataclass(frozen=True, slots=True)
class TeamWeek:
    """`named`: those with most saves, as many as `MOST_NAMED`, without who wants no praise; by the alphabet, since this is thanks
    and no ranking. A number that is nothing to be proud of is None: nobody is shamed before the others."""

    team: str
    resolved: int
    saved: int
    in_time: int | None
    satisfaction: float | None
    rated: int
    named: tuple[str, ...]


MOST_NAMED = 3
RATED_BY, PROUD_OF = 3, 4.0
"""So many answers that none can be made out, and a mean from which on it is said aloud."""


def work_of(reader: Reader, person_id: int, since: datetime) -> Work:
    """Over the newest 1,000 cases that the person resolved since then."""
    cases = reader.all(CASES_OF, person_id=person_id, since=since)
    return add_up(cases, reader.one(PLAYBOOKS_OF, person_id=person_id).finished)


def has_declined(reader: Reader, person_id: int) -> bool:
    return reader.first(DECLINED, person_id=person_id) is not None


def list_achieved(reader: Reader, person_id: int) -> list[str]:
    """Codes, in the order they were reached."""
    return [row.code for row in reader.all(ACHIEVED, person_id=person_id)]


def list_active(reader: Reader, since: datetime) -> list[int]:
    """People who resolved something since then."""
    return [row.person_id for row in reader.all(ACTIVE, since=since)]


def list_weeks(reader: Reader, client_id: int, since: datetime, until: datetime) -> list[TeamWeek]:
    """By team, in the order of the alphabet; without teams that helped nobody, or where nobody wants to hear of it."""
    rows: defaultdict[str, list[_WeekRow]] = defaultdict(list)
    for row in reader.all(WEEK, client_id=client_id, since=since, until=until):
        rows[row.team].append(row)
    return [_week(team, rows[team]) for team in sorted(rows) if any(map(_is_thanked, rows[team]))]


def _is_thanked(row: _WeekRow) -> bool:
    return row.resolution in SAVED and row.name is not None and not row.declined


def _week(team: str, rows: list[_WeekRow]) -> TeamWeek:
    saves: defaultdict[str, int] = defaultdict(int)
    for row in rows:
        if _is_thanked(row):
            saves[row.name or ""] += 1
    best = sorted(saves, key=lambda name: (-saves[name], name))[:MOST_NAMED]
    ratings = [row.satisfaction for row in rows if row.satisfaction is not None]
    mean = sum(ratings) / len(ratings) if ratings else 0.0
    in_time = sum(bool(row.first_response_at and row.first_response_at <= row.response_due_at) for row in rows)
    return TeamWeek(
        team=team,
        resolved=len(rows),
        saved=sum(row.resolution in SAVED for row in rows),
        in_time=in_time if 2 * in_time >= len(rows) else None,
        satisfaction=mean if len(ratings) >= RATED_BY and mean >= PROUD_OF else None,
        rated=len(ratings),
        named=tuple(sorted(best)),
    )
