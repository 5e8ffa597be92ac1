"""Finding answers; the statements that change them."""

from typing import Any

from sqlalchemy import Boolean, Text, bindparam, delete, func, insert, or_, select, update

from core.answers.tables import COLUMNS, Answer, answers
from core.audit.record import Subject
from core.errors import NotFound
from core.row_sets import ids_of
from core.schema import Identity
from core.statements import Reader, Statement, literally

EDITED: dict[str, Any] = {"kind": Text, "language": Text, "question": Text, "answer": Text, "enabled": Boolean}
_IDS = ids_of("ids")

BY_ID = Statement(select(*COLUMNS).where(answers.c.id == bindparam("id")), Answer)
BY_IDS = Statement(select(*COLUMNS).join(_IDS, _IDS.c.id == answers.c.id).where(answers.c.enabled), Answer)
SAME = Statement(
    select(*COLUMNS).where(
        *(answers.c[name] == bindparam(name) for name in ("client_id", "kind", "language", "question"))
    ),
    Answer,
)
PATTERNS = Statement(
    select(*COLUMNS)
    .where(answers.c.client_id == bindparam("client_id"), answers.c.kind == literally("pattern"), answers.c.enabled)
    .order_by(answers.c.id),
    Answer,
)
PAGE = Statement(
    select(*COLUMNS)
    .where(answers.c.client_id == bindparam("client_id"), answers.c.id > bindparam("after", type_=Identity))
    .order_by(answers.c.id)
    .limit(bindparam("limit")),
    Answer,
)
FOUND = Statement(
    select(*COLUMNS)
    .where(
        answers.c.client_id == bindparam("client_id"),
        answers.c.id > bindparam("after", type_=Identity),
        or_(*(func.lower(answers.c[name]).like(bindparam("pattern"), escape="\\") for name in ("question", "answer"))),
    )
    .order_by(answers.c.id)
    .limit(bindparam("limit")),
    Answer,
)
INSERT = Statement(
    insert(answers)
    .values({name: bindparam(name) for name in ("client_id", *EDITED, "source", "created_at", "updated_at")})
    .returning(*COLUMNS),
    Answer,
)
UPDATE = Statement(
    update(answers)
    .where(answers.c.id == bindparam("id_"))
    .values({name: bindparam(f"{name}_") for name in EDITED} | {"updated_at": bindparam("now")})
    .returning(*COLUMNS),
    Answer,
)
DELETE = Statement(delete(answers).where(answers.c.id == bindparam("id_")))
USED = Statement(
    update(answers)
    .where(answers.c.id == bindparam("id_"))
    .values(uses=answers.c.uses + 1, last_used_at=bindparam("now"))
)


def get_answer(reader: Reader, answer_id: int) -> Answer:
    found = reader.first(BY_ID, id=answer_id)
    if found is None:
        raise NotFound("There is no such answer.")
    return found


def list_answers(reader: Reader, client_id: int, limit: int, after: int = 0, words: str = "") -> list[Answer]:
    """In the order they were added. `words`: only those that say them, one after the other."""
    if not words:
        return reader.all(PAGE, client_id=client_id, after=after, limit=limit)
    plain = words.lower().replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return reader.all(FOUND, client_id=client_id, after=after, limit=limit, pattern=f"%{plain}%")


def subject_of(answer: Answer) -> Subject:
    return Subject("answer", answer.id, str(answer.id), answer.client_id, answer.client_id)
