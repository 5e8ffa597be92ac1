"""Files that are made at the moment they leave: only what they are is kept, `file_id` says it, and never their content."""

from sqlalchemy import bindparam, insert

from core.media.tables import media
from core.statements import Statement
from core.unit_of_work import UnitOfWork

MADE = "made"
"""The channel of such a file."""
_NAMES = ("client_id", "file_id", "mime", "next_attempt_at", "created_at")
NEW = Statement(
    insert(media)
    .values(
        {name: bindparam(name) for name in _NAMES}
        | {"channel": MADE, "account": "default", "kind": "document", "state": "stored", "attempts": 0}
    )
    .returning(media.c.id)
)


def keep_wish(uow: UnitOfWork, client_id: int, what: str, mime: str) -> int:
    """Returns the media id, good at once."""
    return int(
        uow.one(NEW, client_id=client_id, file_id=what, mime=mime, next_attempt_at=uow.now, created_at=uow.now).id
    )
