"""The statements about questions to customers."""

from typing import Any

from sqlalchemy import bindparam, func, literal_column, select, update
from sqlalchemy.dialects.postgresql import insert  # its ON CONFLICT is understood by both databases

from core.escalations.feedback.tables import COLUMNS, Question, feedback_questions
from core.escalations.tables import escalations
from core.statements import Reader, Statement, literally

_q = feedback_questions.c
_NEW = (
    "client_id", "customer_id", "conversation_id", "escalation_id", "person_id", "kind", "state", "resolved_at", "asked_at",
)  # fmt: skip
ASK = Statement(
    insert(feedback_questions)
    .values({name: bindparam(name) for name in _NEW})
    .on_conflict_do_nothing(index_elements=["escalation_id", "kind", "resolved_at"])
    .returning(*COLUMNS),
    Question,
)
WAITING_OF = Statement(
    select(*COLUMNS)
    .where(_q.customer_id == bindparam("customer_id"), literal_column("state IN ('asked', 'scored')"))
    .order_by(_q.id.desc())
    .limit(1),
    Question,
)
NEWEST_ABOUT = Statement(
    select(*COLUMNS)
    .where(_q.escalation_id == bindparam("escalation_id"), _q.kind == bindparam("kind"))
    .order_by(_q.id.desc())
    .limit(1),
    Question,
)
LAST_ASKED = Statement(
    select(func.max(_q.asked_at, type_=_q.asked_at.type).label("at")).where(
        _q.customer_id == bindparam("customer_id"), _q.kind == bindparam("kind")
    )
)
SCORE = Statement(
    update(feedback_questions)
    .where(_q.id == bindparam("id_"), _q.state == literally("asked"))
    .values(state=bindparam("state_"), score=bindparam("score_"), scored_at=bindparam("now"))
    .returning(*COLUMNS),
    Question,
)
FINISH = Statement(
    update(feedback_questions)
    .where(_q.id == bindparam("id_"), _q.state == literally("scored"))
    .values(state="done", word=bindparam("word_"))
    .returning(*COLUMNS),
    Question,
)
WITHDRAW = Statement(
    update(feedback_questions)
    .where(_q.escalation_id == bindparam("escalation_id_"), _q.state == literally("asked"))
    .values(state="withdrawn")
)
SATISFIED = Statement(
    update(escalations)
    .where(escalations.c.id == bindparam("id_"))
    .values(satisfaction=bindparam("score_"), satisfaction_word=bindparam("word_"))
    .returning(escalations.c.id)
)


def find_waiting(reader: Reader, customer_id: int) -> Question | None:
    """The newest question that a customer has not answered whole."""
    return reader.first(WAITING_OF, customer_id=customer_id)


def find_question(reader: Reader, escalation_id: int, kind: str) -> Question | None:
    return reader.first(NEWEST_ABOUT, escalation_id=escalation_id, kind=kind)


def last_asked(reader: Reader, customer_id: int, kind: str) -> Any:
    return reader.one(LAST_ASKED, customer_id=customer_id, kind=kind).at
