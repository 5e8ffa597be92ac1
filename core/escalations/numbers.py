"""The numbers of escalations raised in a period, by team, agent, reason or month: one statement each, whatever there is."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from functools import cache
from typing import Any, Literal

from sqlalchemy import Text, and_, bindparam, case, exists, func, literal, select
from sqlalchemy.sql.elements import ColumnElement

from core.conversations.tables import conversation_messages, conversations
from core.escalations.feedback.tables import feedback_questions
from core.escalations.figures import COUNTS, Figures, Period
from core.escalations.tables import escalations
from core.minutes import DAY, minutes_between
from core.people.tables import persons
from core.row_sets import rows_of
from core.schema import UTCDateTime
from core.statements import Reader, Statement, literally

Dimension = Literal["all", "team", "agent", "reason", "month"]
OWNER_OF = func.coalesce(escalations.c.assigned_to, escalations.c.resolved_by)


@dataclass(frozen=True, slots=True)
class Cohort:
    """Escalations of a client raised in these periods. `team`, `reason`, `person_id`: only these, when given."""

    client_id: int
    periods: tuple[Period, ...]
    team: str = ""
    reason: str = ""
    person_id: int = 0


_p = rows_of("periods", key=Text(), since=UTCDateTime(), until=UTCDateTime())
_e, _m, _c, _q = escalations.c, conversation_messages.c, conversations.c, feedback_questions.c
_resolved = _e.status == literally("resolved")
_first_heard = (
    select(func.min(_m.at, type_=_m.at.type))
    .where(
        _m.conversation_id == _e.conversation_id,
        _m.direction == literally("in"),
        _m.at <= _e.created_at,
        minutes_between(_m.at, _e.created_at) <= DAY,
    )
    .correlate(escalations)
    .scalar_subquery()
)
_heard_for = minutes_between(_first_heard, _e.created_at)
_SEEN: dict[str, ColumnElement[bool]] = {
    "raised": _e.id.is_not(None),
    "open": _e.status != literally("resolved"),
    "resolved": _resolved,
    "converted": _e.resolution == literally("converted"),
    "answered": _e.first_response_at.is_not(None),
    "in_time": and_(_e.first_response_at.is_not(None), _e.breached_at.is_(None)),
    "too_late": _e.breached_at.is_not(None),
    "judged": _e.necessary.is_not(None),
    "necessary": _e.necessary.is_(True),
    "rated": _e.satisfaction.is_not(None),
}
_SUMMED: dict[str, ColumnElement[Any]] = {
    "answer_minutes": minutes_between(_e.created_at, _e.first_response_at),
    "resolve_minutes": minutes_between(_e.created_at, _e.resolved_at),
    "stars": _e.satisfaction,
}
_DIMENSIONS: dict[str, tuple[ColumnElement[Any], ColumnElement[Any]]] = {
    "all": (literal("", Text), literal("", Text)),
    "team": (_e.team, _e.team),
    "agent": (func.coalesce(persons.c.code, ""), func.coalesce(persons.c.name, "")),
    "reason": (_e.reason, _e.reason),
    "month": (_p.c.key, _p.c.key),
}


@cache
def _figures(by: Dimension, narrowed: tuple[str, ...]) -> Statement[Any]:
    key, name = _DIMENSIONS[by]
    counts = [func.count(case((seen, _e.id))).label(label) for label, seen in _SEEN.items()]
    sums = [func.coalesce(func.sum(value), 0).label(label) for label, value in _SUMMED.items()]
    if by == "all":
        sums += [
            func.count(_heard_for).label("measured"),
            func.coalesce(func.sum(_heard_for), 0).label("escalate_minutes"),
        ]
    wanted = [_e.client_id == bindparam("client_id"), *(_NARROWED[one] for one in narrowed)]
    joined = _p.join(escalations, and_(_e.created_at >= _p.c.since, _e.created_at < _p.c.until))
    joined = joined.outerjoin(persons, persons.c.id == OWNER_OF)
    found = select(key.label("key"), name.label("name"), *counts, *sums).select_from(joined).where(*wanted)
    return Statement(found.group_by(key, name))


_NARROWED: dict[str, ColumnElement[bool]] = {
    "team": _e.team == bindparam("team"),
    "reason": _e.reason == bindparam("reason"),
    "person_id": bindparam("person_id") == OWNER_OF,
}
_within = and_(_m.at >= _p.c.since, _m.at < _p.c.until)
_talked = exists().where(_m.conversation_id == _c.id, _m.direction == literally("in"), _within)
_was_escalated = exists().where(
    _e.customer_id == _c.customer_id,  # whose index leads there
    _e.conversation_id == _c.id,
    _e.created_at >= _p.c.since,
    _e.created_at < _p.c.until,
)
TALKS = Statement(
    select(
        _p.c.key,
        func.count(_c.id).label("conversations"),
        func.count(case((_was_escalated.correlate(_p, conversations), _c.id))).label("escalated"),
    )
    .select_from(_p.join(conversations, and_(_c.created_at < _p.c.until, _c.last_inbound_at >= _p.c.since)))
    .where(_c.client_id == bindparam("client_id"), _talked.correlate(_p, conversations))
    .group_by(_p.c.key)
)
RECOMMENDED = Statement(
    select(
        _p.c.key,
        func.count(_q.id).label("recommended"),
        func.count(case((_q.score >= 9, _q.id))).label("promoters"),
        func.count(case((_q.score <= 6, _q.id))).label("detractors"),
    )
    .select_from(_p.join(feedback_questions, and_(_q.scored_at >= _p.c.since, _q.scored_at < _p.c.until)))
    .where(_q.client_id == bindparam("client_id"), _q.kind == literally("recommend"))
    .group_by(_p.c.key)
)


def list_figures(reader: Reader, cohort: Cohort, by: Dimension) -> list[Figures]:
    """The largest group first; months in their order, also those without any."""
    given = {name: value for name in _NARROWED if (value := getattr(cohort, name))}
    rows = reader.all(_figures(by, tuple(given)), client_id=cohort.client_id, periods=_rows(cohort.periods), **given)
    found = {row.key: _read(row) for row in rows}
    if by in ("all", "month") and not given:
        for period in cohort.periods if by == "month" else (Period("", *_span(cohort.periods)),):
            found.setdefault(period.key, Figures(period.key, period.key))
        _add_talks(reader, cohort, by, found)
    ordered = sorted(found.values(), key=lambda one: (-one.raised, one.key))
    return sorted(ordered, key=lambda one: one.key) if by == "month" else ordered


def total_of(reader: Reader, cohort: Cohort) -> Figures:
    return next(iter(list_figures(reader, cohort, "all")), Figures())


def _add_talks(reader: Reader, cohort: Cohort, by: Dimension, found: dict[str, Figures]) -> None:
    """How many conversations there were at all, and what customers would recommend."""
    periods = cohort.periods if by == "month" else (Period("", *_span(cohort.periods)),)
    for statement in (TALKS, RECOMMENDED):
        for row in reader.all(statement, client_id=cohort.client_id, periods=_rows(periods)):
            counts = {name: getattr(row, name) for name in COUNTS if hasattr(row, name)}
            found[row.key] = replace(found[row.key], **counts)


def _span(periods: Sequence[Period]) -> tuple[Any, Any]:
    return min(one.since for one in periods), max(one.until for one in periods)


def _rows(periods: Sequence[Period]) -> tuple[tuple[Any, ...], ...]:
    return tuple((one.key, one.since, one.until) for one in periods)


def _read(row: Any) -> Figures:
    given = {name: getattr(row, name) for name in COUNTS if hasattr(row, name)}
    whole = asdict(Figures()) | given
    return Figures(**whole | {"key": row.key, "name": row.name})
