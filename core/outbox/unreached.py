"""Nobody was reached: the admins hear who, about what, and why each way failed; and the thing climbs at once."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import and_, bindparam, or_, select, update

from core.audit.record import Subject, record
from core.outbox.choosing import list_working_ways
from core.outbox.events import NotificationUnreached
from core.outbox.notify import URGENT, Notification, tell_persons
from core.outbox.tables import deliveries, notifications
from core.people.queries import list_holders
from core.people.tables import Person, persons
from core.policies.climbing import hasten
from core.statements import Statement, literally
from core.unit_of_work import UnitOfWork

ALARM = "outbox.unreached"
LISTED = 10
GIVEN_UP = ("failed", "withdrawn")
WITHOUT_ERROR = {
    "pending": "it still waits",
    "sending": "it still waits",
    "uncertain": "nobody knows whether it arrived",
}


@dataclass(frozen=True, slots=True)
class Lost:
    """A notification that reached nobody (in time)."""

    id: int
    template: str
    facts: dict[str, Any]
    subject_kind: str | None
    subject_id: int | None
    urgency: int
    hastens: str | None
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Try:
    """One message to one person who was told the same thing at the same moment."""

    notification_id: int
    facts: dict[str, Any]
    person_id: int
    person: str
    client_id: int
    channel: str
    state: str
    error: str | None


_d, _n = deliveries.c, notifications.c
MARK = Statement(
    update(notifications)
    .where(_n.id == bindparam("id_"), _n.unreached_at.is_(None), _n.withdrawn_at.is_(None))
    .values(unreached_at=bindparam("now"))
    .returning(*(_n[name] for name in Lost.__dataclass_fields__)),
    Lost,
)
TOLD_TOGETHER = Statement(
    select(_d.notification_id, _n.facts, persons.c.id, persons.c.name, persons.c.client_id, _d.channel, _d.state, _d.error)
    .join(notifications, _n.id == _d.notification_id)
    .join(persons, persons.c.id == _d.person_id)
    .where(
        _d.kind == literally("message"),
        or_(
            _n.id == bindparam("id"),
            and_(
                _n.subject_kind == bindparam("kind"),
                _n.subject_id == bindparam("subject"),
                _n.template == bindparam("template"),
                _n.created_at == bindparam("at"),
            ),
        ),
    )
    .order_by(_d.id),
    Try,
)  # fmt: skip


def give_up(uow: UnitOfWork, notification_id: int) -> None:
    """Every way to the person has failed. While somebody else who was told the same may still be reached, that is all."""
    lost = uow.first(MARK, id_=notification_id, now=uow.now)
    if lost is None:
        return
    tries = write_down(uow, lost)
    if all(one.state in GIVEN_UP for one in tries if one.notification_id != lost.id):
        report(uow, [(lost, tries)])


def write_down(uow: UnitOfWork, lost: Lost) -> list[Try]:
    """Record it; returns the tries to reach everybody who was told this together with the person."""
    kind, subject = lost.subject_kind, lost.subject_id
    found = uow.all(TOLD_TOGETHER, id=lost.id, kind=kind, subject=subject, template=lost.template, at=lost.created_at)
    tries = [one for one in found if one.facts.get("audience") == lost.facts.get("audience")]
    own = [one for one in tries if one.notification_id == lost.id]
    event = NotificationUnreached(lost.template, own[0].person, _ways(own))
    record(uow, _subject_of(lost, own[0]), event)
    return tries


def _subject_of(lost: Lost, told: Try) -> Subject:
    if lost.subject_kind is None or lost.subject_id is None:
        return Subject("person", told.person_id, told.person, told.client_id)
    return Subject(lost.subject_kind, lost.subject_id, _reference(lost), told.client_id)


def report(uow: UnitOfWork, unheard: Sequence[tuple[Lost, list[Try]]]) -> None:
    """One alarm per client, and a climb hastened per thing; never an alarm about an alarm."""
    by_client: dict[int, list[tuple[Lost, list[Try], bool]]] = {}
    for lost, tries in unheard:
        if lost.template == ALARM or lost.subject_kind is None:
            continue
        climbs = lost.hastens is not None and hasten(
            uow, lost.subject_kind, lost.subject_id or 0, lost.hastens, lost.created_at
        )
        if lost.urgency == URGENT:
            by_client.setdefault(tries[0].client_id, []).append((lost, tries, climbs))
    for client_id, cases in by_client.items():
        _alarm(uow, client_id, cases)


def _alarm(uow: UnitOfWork, client_id: int, cases: list[tuple[Lost, list[Try], bool]]) -> None:
    """To the admins, else to the owners, but to nobody who could not be reached just now."""
    dead = {one.person_id for _, tries, _ in cases for one in tries}
    listed = [_case(lost, tries, climbs) for lost, tries, climbs in cases[:LISTED]]
    facts = {"cases": listed, "more": len(cases) - len(listed)}
    subject = _subject_of(cases[0][0], cases[0][1][0]) if len(cases) == 1 else None
    tell_persons(uow, _others(uow, client_id, dead), Notification(ALARM, facts, subject, urgency=URGENT))


def _others(uow: UnitOfWork, client_id: int, dead: set[int]) -> list[Person]:
    """Those of them whom something reaches now, if there are any."""
    holders = [list_holders(uow, client_id, role, uow.now.date()) for role in ("admin", "owner")]
    roles = [[one for one in people if one.id not in dead] for people in holders]
    reached = [[one for one in people if list_working_ways(uow, one.id)] for people in roles]
    return next((people for people in (*reached, *roles) if people), [])


def _case(lost: Lost, tries: list[Try], climbs: bool) -> dict[str, Any]:
    people = {one.person_id: one.person for one in tries}
    return {
        "reference": _reference(lost),
        "what": lost.template.replace(".", " ").replace("_", " "),
        "climbs": climbs,
        "people": [
            {"name": name, "ways": _ways([one for one in tries if one.person_id == person_id])}
            for person_id, name in people.items()
        ],
    }


def _reference(lost: Lost) -> str:
    return str(lost.facts.get("reference") or f"{lost.subject_kind} {lost.subject_id}")


def _ways(tries: list[Try]) -> list[dict[str, str]]:
    return [{"channel": one.channel, "why": one.error or WITHOUT_ERROR.get(one.state, one.state)} for one in tries]
