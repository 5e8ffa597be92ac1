"""What was said about a thing again and again, such as a setting: each time with who said it and when."""

from sqlalchemy import bindparam, select

from core.audit.tables import EventRow, events
from core.errors import NotFound
from core.statements import Reader, Statement

_of_thing = (
    events.c.subject_kind == bindparam("subject"),
    events.c.subject_id == bindparam("id"),
    events.c.kind == bindparam("kind"),
)
SAID = Statement(
    select(*(events.c[name] for name in EventRow.__dataclass_fields__))
    .where(*_of_thing)
    .order_by(events.c.id.desc())
    .limit(bindparam("limit")),
    EventRow,
)
ONE = Statement(
    select(*(events.c[name] for name in EventRow.__dataclass_fields__)).where(
        *_of_thing, events.c.id == bindparam("event_id")
    ),
    EventRow,
)


def list_said(reader: Reader, subject: str, subject_id: int, kind: str, limit: int = 50) -> list[EventRow]:
    """The newest first."""
    return reader.all(SAID, subject=subject, id=subject_id, kind=kind, limit=limit)


def get_said(reader: Reader, subject: str, subject_id: int, kind: str, event_id: int) -> EventRow:
    found = reader.first(ONE, subject=subject, id=subject_id, kind=kind, event_id=event_id)
    if found is None:
        raise NotFound("There is no such version.", field="version")
    return found
