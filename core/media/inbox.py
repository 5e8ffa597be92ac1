"""Remembering what was sent: only the platform's handle; the bytes are fetched later by a job (jobs/fetch_media.py)."""

from dataclasses import dataclass

from sqlalchemy import bindparam, insert

from core.media.tables import media
from core.statements import Statement
from core.unit_of_work import UnitOfWork

_COLUMNS = (
    "client_id", "channel", "account", "file_id", "kind", "state", "mime", "name", "attempts", "next_attempt_at", "created_at",
)  # fmt: skip
NEW = Statement(insert(media).values({name: bindparam(name) for name in _COLUMNS}).returning(media.c.id))


KEPT = Statement(insert(media).values({name: bindparam(name) for name in (*_COLUMNS, "digest")}).returning(media.c.id))


def keep_stored(uow: UnitOfWork, channel: str, digest: str, client_id: int) -> int:
    """A clean photo whose bytes are in the store already; returns the media id."""
    row = uow.one(
        KEPT,
        client_id=client_id,
        channel=channel,
        account="default",
        file_id=digest,
        kind="photo",
        state="stored",
        mime="image/jpeg",
        name=None,
        attempts=0,
        next_attempt_at=uow.now,
        created_at=uow.now,
        digest=digest,
    )
    return int(row.id)


@dataclass(frozen=True, slots=True)
class Handle:
    """Of a file that the platform keeps for us. `kind`: photo, document, audio, video, sticker; `name`: as its sender called it."""

    kind: str
    file_id: str
    mime: str | None = None
    name: str | None = None


def remember(uow: UnitOfWork, channel: str, account: str, file: Handle, client_id: int | None) -> int:
    """Returns the media id, good at once: a message that shows the photo waits until the bytes are here."""
    row = uow.one(
        NEW,
        client_id=client_id,
        channel=channel,
        account=account,
        file_id=file.file_id,
        kind=file.kind,
        state="pending",
        mime=file.mime,
        name=file.name,
        attempts=0,
        next_attempt_at=uow.now,
        created_at=uow.now,
    )
    uow.announce("media")
    return int(row.id)
