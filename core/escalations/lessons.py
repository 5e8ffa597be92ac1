"""What an escalation can teach the assistant: the words that brought the customer there, and what solved it."""

from dataclasses import dataclass

from sqlalchemy import bindparam, select

from core.conversations.assistant import LANGUAGES, understand
from core.conversations.queries import get_customer, in_order
from core.conversations.tables import Message, conversation_messages
from core.escalations.tables import Escalation
from core.fulltext.words import asked
from core.statements import Reader, Statement, literally

MOST_QUESTION, MOST_ANSWER = 600, 2000
LOOKED_AT = 60

_m = conversation_messages.c
SAID = Statement(
    select(*(_m[name] for name in Message.__dataclass_fields__))
    .where(_m.conversation_id == bindparam("conversation_id"), _m.at <= bindparam("until"))
    .order_by(_m.id.desc())
    .limit(LOOKED_AT),
    Message,
)
BY_PEOPLE = Statement(
    select(_m.id, _m.text)
    .where(
        _m.conversation_id == bindparam("conversation_id"),
        _m.direction == literally("out"),
        _m.person_id.is_not(None),
        _m.at >= bindparam("since"),
        _m.at <= bindparam("until"),
        _m.text != "",
    )
    .order_by(_m.id)
)


@dataclass(frozen=True, slots=True)
class Lesson:
    """A proposal, to be edited before it is kept; either may be empty."""

    question: str
    answer: str
    language: str


def lesson_of(reader: Reader, escalation: Escalation) -> Lesson:
    spoken = get_customer(reader, escalation.customer_id).language
    language = spoken if spoken in LANGUAGES else "en"
    if escalation.conversation_id is None:
        return Lesson(escalation.reason_details[:MOST_QUESTION], escalation.resolution_notes[:MOST_ANSWER], language)
    until = escalation.resolved_at or escalation.updated_at
    where = {"conversation_id": escalation.conversation_id, "until": until}
    said = in_order(reader.all(SAID, **where)[::-1])
    replies = [row.text for row in reader.all(BY_PEOPLE, since=escalation.created_at, **where)]
    answer = "\n".join(replies) or escalation.resolution_notes
    return Lesson(_question(said, escalation)[:MOST_QUESTION], answer[:MOST_ANSWER], language)


def _question(said: list[Message], escalation: Escalation) -> str:
    """The last thing they asked until it was raised that says what it is about; else the first after it."""
    theirs = [one for one in said if one.direction == "in" and _says_something(one.text)]
    before = [one for one in theirs if one.at <= escalation.created_at]
    after = [one for one in theirs if one.at > escalation.created_at]
    return before[-1].text if before else after[0].text if after else ""


def _says_something(text: str) -> bool:
    """Not a greeting, a thank you or the wish for a human."""
    return understand(text) == "other" and len(asked(text)) > 1
