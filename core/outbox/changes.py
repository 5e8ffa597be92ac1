"""What has changed since a person last got a digest of some kind: a digest says that, and not once more what they know.

A digest is a notification with `Digest(kind, contents)`: what it covers, key -> state, both plain words of the caller, for example
`{"TRN-7": "overdue", "TRN-9": "promised"}`. What counts as known is the newest digest of that kind that left with its full text,
or whose notice was answered with its button, and did not turn out to have failed. So a digest that never arrived is made up for
by the next one, which takes its place: as far as the earlier one has not left, it is withdrawn.

    changes = since_last(uow, person.id, "training", contents)
    if changes.none:
        return
    facts = {"new": len(changes.new), "gone": len(changes.gone), "lines": [... for key in (*changes.new, *changes.changed)]}
    tell_person(uow, person.id, Notification("training.digest", facts, digest=Digest("training", contents)))
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, exists, func, or_, select, update

from core.outbox.tables import deliveries, notifications
from core.statements import Reader, Statement, literally
from core.unit_of_work import UnitOfWork

_n, _d = notifications.c, deliveries.c
_carrier = deliveries.alias("carrier")
_again = deliveries.alias("again")
_answered = _d.followed_at.is_not(None) & ~exists().where(
    _again.c.notification_id == _d.notification_id, _again.c.id > _d.id
).correlate(deliveries)
"""Whoever pressed the notice's button got the present state as the answer, and no text that follows."""
_ARRIVED = (
    _d.kind == literally("message"),
    # a notice only says that there is something to read
    or_(~func.coalesce(_carrier.c.as_notice, _d.as_notice), _answered),
    func.coalesce(_carrier.c.state, _d.state).in_([literally(state) for state in ("sent", "delivered", "read")]),
)
_said = (
    select(_n.id, _n.contents, _d.settled_at)
    .join(deliveries, _d.notification_id == _n.id)
    .outerjoin(_carrier, _carrier.c.id == _d.carried_by)
    .where(
        _n.person_id == bindparam("person_id"),
        _n.digest_kind == bindparam("kind"),
        *_ARRIVED,
    )
    .order_by(_n.id.desc())
    .limit(1)
)
LAST = Statement(_said)
KNOWN = Statement(
    select(_n.person_id, func.max(_n.subject_id).label("subject_id"))
    .join(deliveries, _d.notification_id == _n.id)
    .outerjoin(_carrier, _carrier.c.id == _d.carried_by)
    .where(
        _n.person_id.between(bindparam("first"), bindparam("last")),
        _n.digest_kind == bindparam("kind"),
        *_ARRIVED,
    )
    .group_by(_n.person_id)
)
_known = func.coalesce(_said.with_only_columns(_n.id).scalar_subquery(), 0)
SUPERSEDE = Statement(
    update(notifications)
    .where(
        _n.person_id == bindparam("person_id"),
        _n.digest_kind == bindparam("kind"),
        _n.id < bindparam("newer_id"),
        _n.id > _known,
        _n.withdrawn_at.is_(None),
    )
    .values(withdrawn_at=bindparam("now"))
    .returning(_n.id)
)
WITHDRAW = Statement(
    update(deliveries)
    .where(_d.notification_id == bindparam("id_"), _d.state == literally("pending"))
    .values(state="withdrawn", settled_at=bindparam("now"))
)


@dataclass(frozen=True, slots=True)
class Digest:
    """`contents`: everything the digest covers, key -> state, also what its text leaves out as known."""

    kind: str
    contents: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Changes:
    """Keys, in the order of the contents they are in. `since`: when the last digest left; None: there was none, all is new."""

    since: datetime | None
    new: tuple[str, ...]
    changed: tuple[str, ...]
    gone: tuple[str, ...]
    same: tuple[str, ...]

    @property
    def none(self) -> bool:
        """There is nothing to say that the person does not know."""
        return not (self.new or self.changed or self.gone)


def since_last(reader: Reader, person_id: int, kind: str, contents: Mapping[str, str]) -> Changes:
    """How `contents` differs from what the person was told last by a digest of this kind."""
    last = reader.first(LAST, person_id=person_id, kind=kind)
    return compare(contents, last.contents if last else {}, last.settled_at if last else None)


def compare(now: Mapping[str, str], before: Mapping[str, str], since: datetime | None) -> Changes:
    return Changes(
        since,
        new=tuple(key for key in now if key not in before),
        changed=tuple(key for key in now if key in before and now[key] != before[key]),
        gone=tuple(key for key in before if key not in now),
        same=tuple(key for key in now if before.get(key) == now[key]),
    )


def replace_unsent(uow: UnitOfWork, person_id: int, kind: str, newer_id: int) -> int:
    """The digest `newer_id` says all that earlier ones would have said that never left; returns how many those were."""
    replaced = uow.all(SUPERSEDE, person_id=person_id, kind=kind, newer_id=newer_id, now=uow.now)
    uow.run_many(WITHDRAW, [{"id_": row.id, "now": uow.now} for row in replaced])
    return len(replaced)


def list_known(reader: Reader, kind: str, first: int, last: int) -> dict[int, int]:
    """Person, of those with ids from `first` to `last` -> id of the subject of their newest digest that arrived. For digests that
    are about ever newer subjects (runs) and keep what they cover elsewhere."""
    return {row.person_id: row.subject_id for row in reader.all(KNOWN, kind=kind, first=first, last=last)}
