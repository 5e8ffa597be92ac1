"""Digests that have not left yet: what is answered meanwhile is taken out, and one with nothing left to say never leaves."""

from datetime import date
from typing import Any

from sqlalchemy import bindparam, exists, func, select, update

from core.outbox.tables import deliveries, notifications
from core.statements import Statement, literally
from core.training.counting import count_days
from core.training.digests import list_digests
from core.training.runs import get
from core.training.tables import training_recipients, training_tellings
from core.training.tellings import Part
from core.unit_of_work import UnitOfWork

_d, _n, _t = deliveries.c, notifications.c, training_tellings.c
_digests = (
    select(_d.id, _d.person_id, _n.client_id, _n.id.label("notification_id"), _n.subject_id.label("run_id"), _n.facts)
    .join(notifications, _n.id == _d.notification_id)
    .where(
        _d.kind == literally("message"),
        _n.subject_kind == literally("training_run"),
        _n.template.in_([literally(f"training.{form}_digest") for form in ("store", "cluster", "hr")]),
    )
)
_waiting = _digests.where(_d.state == literally("pending"), _n.client_id == bindparam("client_id")).order_by(_d.id)
NEWEST_OF = Statement(
    _digests.outerjoin(training_recipients, training_recipients.c.person_id == _d.person_id).where(
        _d.id == bindparam("id"), func.coalesce(training_recipients.c.known_run_id, 0) < _n.subject_id
    )
)
ALL = Statement(_waiting)
NAMING = Statement(
    _waiting.where(exists().where(_t.person_id == _d.person_id, _t.assignment_id == bindparam("assignment_id")))
)
REPLACE = Statement(
    update(notifications)
    .where(_n.id == bindparam("id_"))
    .values(template=bindparam("template_"), facts=bindparam("facts_"))
)
STOP = Statement(
    update(deliveries)
    .where(_d.id == bindparam("id_"), _d.state == literally("pending"))
    .values(state="withdrawn", settled_at=bindparam("now"))
)
STOP_FOR_GOOD = Statement(update(notifications).where(_n.id == bindparam("id_")).values(withdrawn_at=bindparam("now")))


def rebuild_unsent(uow: UnitOfWork, client_id: int, assignment_id: int | None = None) -> int:
    """Those that say something of this training; None: all of the client. Returns how many were waiting."""
    if assignment_id is None:
        waiting = uow.all(ALL, client_id=client_id)
    else:
        waiting = uow.all(NAMING, client_id=client_id, assignment_id=assignment_id)
    for one in waiting:
        _rebuild(uow, one)
    return len(waiting)


def rebuild_noticed(uow: UnitOfWork, delivery_id: int) -> bool:
    """Before the full text of what left as a notice follows; False when nothing is left to say. A digest that a later run has built
    upon stays what it was."""
    one = uow.first(NEWEST_OF, id=delivery_id)
    return one is None or _rebuild(uow, one)


def _rebuild(uow: UnitOfWork, one: Any) -> bool:
    """As seen on the day of its run: another day is another run's to tell. False when it is withdrawn."""
    since = one.facts.get("since")
    count = count_days(uow, one.client_id, uow.now, get(uow, one.run_id).run_on)
    part = Part(one.run_id, one.person_id, one.person_id, count)
    digests = list_digests(uow, part, {one.person_id: date.fromisoformat(since)} if since else {})
    if digests:
        uow.run(REPLACE, id_=one.notification_id, template_=digests[0].template, facts_=digests[0].facts)
        return True
    uow.run(STOP, id_=one.id, now=uow.now)
    uow.run(STOP_FOR_GOOD, id_=one.notification_id, now=uow.now)
    return False
