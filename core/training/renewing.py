"""Nobody is named as late who is not: what was composed before is built anew when it leaves, or does not leave."""

from datetime import date
from typing import Any

from sqlalchemy import bindparam, select

from core.errors import NotFound
from core.outbox.renewing import Renew, Renewed, Renewers
from core.outbox.tables import Delivery, notifications
from core.people.queries import actor_for, get_person
from core.statements import Statement, literally
from core.training.counting import count_days
from core.training.digests import list_digests
from core.training.pages import page_of
from core.training.queries import facts_of, get_assignment
from core.training.runs import get as get_run
from core.training.tables import TrainingAssignment
from core.training.tellings import DIGEST, Part
from core.unit_of_work import UnitOfWork

_n = notifications.c
NEWER = Statement(
    select(_n.id)
    .where(
        _n.person_id == bindparam("person_id"),
        _n.digest_kind == literally(DIGEST),
        _n.digest_kind.is_not(None),
        _n.id > bindparam("id"),
    )
    .limit(1)
)


def renew_digest(uow: UnitOfWork, delivery: Delivery) -> Renewed | None:
    """As seen on the day of its run: another day is another run's to tell, and what a later run has told holds."""
    person_id, run_id = delivery.person_id, delivery.subject_id
    assert person_id is not None
    assert run_id is not None
    if uow.first(NEWER, person_id=person_id, id=delivery.notification_id):
        return None
    run, since = get_run(uow, run_id), delivery.facts.get("since")
    part = Part(run.id, person_id, person_id, count_days(uow, run.client_id, uow.now, run.run_on))
    digests = list_digests(uow, part, {person_id: date.fromisoformat(since)} if since else {})
    return Renewed(digests[0].template, digests[0].facts) if digests else None


def renew_list(uow: UnitOfWork, delivery: Delivery) -> Renewed | None:
    if delivery.person_id is None:
        return None
    person = get_person(uow, delivery.person_id)
    actor = actor_for(uow, person, delivery.channel, uow.now)
    return Renewed(delivery.template, page_of(uow, person.client_id, actor, uow.now, delivery.facts["page"]))


def renew_card(uow: UnitOfWork, delivery: Delivery) -> Renewed | None:
    """Whoever asked for it is shown how it stands."""
    found = _find(uow, delivery)
    return _renewed(uow, delivery, found) if found else None


def renew_asked(uow: UnitOfWork, delivery: Delivery) -> Renewed | None:
    found = _find(uow, delivery)
    return _renewed(uow, delivery, found) if found and found.is_open and found.asked_until else None


def renew_disputed(uow: UnitOfWork, delivery: Delivery) -> Renewed | None:
    found = _find(uow, delivery)
    return _renewed(uow, delivery, found) if found and found.is_open and found.disputed_by else None


def renew_moved(uow: UnitOfWork, delivery: Delivery) -> Renewed | None:
    """Who has been moved on since is no longer theirs."""
    found = _find(uow, delivery)
    stays = found and found.is_open and found.unit == delivery.facts.get("unit")
    return _renewed(uow, delivery, found) if found and stays else None


def renew_decided(uow: UnitOfWork, delivery: Delivery) -> Renewed | None:
    found = _find(uow, delivery)
    concerns = found and (found.is_open or delivery.facts.get("decision") == "waived")
    return Renewed(delivery.template, delivery.facts) if concerns else None


def _find(uow: UnitOfWork, delivery: Delivery) -> TrainingAssignment | None:
    try:
        return get_assignment(uow, delivery.subject_id or 0)
    except NotFound:
        return None


def _renewed(uow: UnitOfWork, delivery: Delivery, assignment: TrainingAssignment) -> Renewed:
    facts: dict[str, Any] = delivery.facts | facts_of(uow, assignment, uow.now)
    return Renewed(delivery.template, facts)


_BY_TEMPLATE: dict[str, Renew] = {
    "store_digest": renew_digest,
    "cluster_digest": renew_digest,
    "hr_digest": renew_digest,
    "list": renew_list,
    "assignment": renew_card,
    "asked": renew_asked,
    "disputed": renew_disputed,
    "moved": renew_moved,
    "decided": renew_decided,
}
RENEWERS: Renewers = {f"training.{name}": renew for name, renew in _BY_TEMPLATE.items()}
