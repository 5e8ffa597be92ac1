"""Which files are to be fetched now, and how each attempt ended."""

from datetime import datetime, timedelta

from sqlalchemy import bindparam, select, update

from core.media.queries import COLUMNS
from core.media.tables import Media, media
from core.statements import Statement, literally
from core.unit_of_work import UnitOfWork

LEASE = timedelta(minutes=5)

_due = (
    select(media.c.id)
    .where(media.c.state == literally("pending"), media.c.next_attempt_at <= bindparam("now"))
    .order_by(media.c.next_attempt_at, media.c.id)
    .limit(bindparam("limit"))
    .with_for_update(skip_locked=True)
)
TAKE = Statement(
    update(media)
    .where(media.c.id.in_(_due.scalar_subquery()))
    .values(attempts=media.c.attempts + 1, next_attempt_at=bindparam("lease_until"))
    .returning(*COLUMNS),
    Media,
)
_PENDING = (media.c.id == bindparam("id_"), media.c.state == literally("pending"))
STORED = Statement(
    update(media)
    .where(*_PENDING)
    .values(state="stored", digest=bindparam("digest_"), mime=bindparam("mime_"), error=None)
)
AGAIN = Statement(
    update(media).where(*_PENDING).values(next_attempt_at=bindparam("again_at"), error=bindparam("reason"))
)
FAILED = Statement(update(media).where(*_PENDING).values(state="failed", error=bindparam("reason")))


def take_due(uow: UnitOfWork, limit: int) -> list[Media]:
    """The longest waiting first; `attempts` counts this one. Whoever does not settle one within LEASE leaves it to be
    taken again."""
    taken = uow.all(TAKE, now=uow.now, lease_until=uow.now + LEASE, limit=limit)
    return sorted(taken, key=lambda one: one.id)


def stored(uow: UnitOfWork, media_id: int, digest: str, mime: str) -> None:
    uow.run(STORED, id_=media_id, digest_=digest, mime_=mime)


def try_again(uow: UnitOfWork, media_id: int, at: datetime, reason: str) -> None:
    uow.run(AGAIN, id_=media_id, again_at=at, reason=reason)


def failed(uow: UnitOfWork, media_id: int, reason: str) -> None:
    """`reason`: a sentence for the operator."""
    uow.run(FAILED, id_=media_id, reason=reason)
