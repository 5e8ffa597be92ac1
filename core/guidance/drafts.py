"""Keeping what a model wrote, and putting it into the advice in place of the built-in words."""

from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, func, select
from sqlalchemy.dialects.postgresql import insert  # its ON CONFLICT is understood by both databases

from core.conversations.tables import conversation_messages
from core.escalations.tables import COLUMNS, Escalation, escalations
from core.guidance.advice import Advice
from core.guidance.case import Case
from core.guidance.script import Script
from core.guidance.tables import Draft, guidance_drafts
from core.statements import Reader, Statement, literally
from core.unit_of_work import UnitOfWork

RETRIED_AFTER = (timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=30))
"""A model that failed is asked again so long after each time; then not before there is something new."""

_d, _e, _m = guidance_drafts.c, escalations.c, conversation_messages.c
_NEW = insert(guidance_drafts).values({column.name: bindparam(column.name, type_=column.type) for column in _d})
PUT = Statement(
    _NEW.on_conflict_do_update(
        index_elements=["escalation_id"],
        set_={column.name: _NEW.excluded[column.name] for column in _d if column.name != "escalation_id"},
    )
)
FIND = Statement(select(*_d).where(_d.escalation_id == bindparam("escalation_id")), Draft)
_HEARD = (
    select(func.max(_m.id))
    .where(_m.conversation_id == _e.conversation_id, _m.direction == literally("in"))
    .scalar_subquery()
)
WANTED = Statement(
    select(*COLUMNS)
    .outerjoin(guidance_drafts, _d.escalation_id == _e.id)
    .where(
        _e.status.in_([literally("assigned"), literally("in_progress")]),
        _d.message_id.is_(None)
        | (_d.message_id < func.coalesce(_HEARD, 0))
        | _d.person_id.is_distinct_from(_e.assigned_to)
        | (_d.again_at <= bindparam("now")),
    )
    .order_by(_e.priority, _e.id)
    .limit(bindparam("limit")),
    Escalation,
)


@dataclass(frozen=True, slots=True)
class Worded:
    """What a model is asked for. `summary` is in the agent's language, the others in the customer's."""

    summary: str
    opening: str
    key_points: list[str]
    closing: str


def put_draft(uow: UnitOfWork, case: Case, speaker: int | None, language: str, words: Worded | None) -> None:
    """`speaker`: who is to say them. None of a model that had nothing usable: it is asked again some times."""
    before = find_draft(uow, case, speaker)
    failed = before.tries if before and before.words is None else 0
    retried = words is None and failed < len(RETRIED_AFTER)
    uow.run(
        PUT,
        escalation_id=case.escalation.id,
        message_id=_last_heard(case),
        language=language,
        person_id=speaker,
        words=asdict(words) if words else None,
        tries=failed + 1,
        again_at=uow.now + RETRIED_AFTER[failed] if retried else None,
        made_at=uow.now,
    )


def find_draft(reader: Reader, case: Case, speaker: int | None) -> Draft | None:
    """None when there is none, somebody else was to say it, or the customer has said something since."""
    draft = reader.first(FIND, escalation_id=case.escalation.id)
    fits = draft and (draft.message_id, draft.person_id) == (_last_heard(case), speaker)
    return draft if fits else None


def is_wanted(draft: Draft | None, now: datetime) -> bool:
    """A model is to be asked, for the first time or once more."""
    return draft is None or (draft.again_at is not None and draft.again_at <= now)


def list_wanted(reader: Reader, now: datetime, limit: int) -> list[Escalation]:
    """In somebody's hands and without words of a model that fit, the most urgent first."""
    return reader.all(WANTED, now=now, limit=limit)


def worded(advice: Advice, draft: Draft | None, language: str) -> Advice:
    if draft is None or draft.words is None:
        return advice
    return with_words(advice, _worded(draft.words), summary=draft.language == language)


def with_words(advice: Advice, words: Worded, *, summary: bool = True) -> Advice:
    script = Script(words.opening, tuple(words.key_points), words.closing, advice.script.language)
    said = words.summary if summary else advice.summary
    return replace(advice, summary=said, script=script, source="model")


def _worded(words: dict[str, Any]) -> Worded:
    return Worded(**words)


def _last_heard(case: Case) -> int:
    heard = [one.id for one in case.messages if one.direction == "in"]
    return max(heard, default=0)
