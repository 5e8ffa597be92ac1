"""Answers a model is to find: asked outside any transaction, said in one that looks again at everything. The words come from the
client's articles; where the model fails, the best article answers as it is."""

import asyncio
from dataclasses import dataclass
from datetime import timedelta
from typing import Protocol

from channels.model.task import Task
from core.actor import Actor
from core.answers.choosing import Candidate, by_article
from core.answers.commands import CountAnswer
from core.conversations.commands import LeaveUnanswered, SayToCustomer
from core.conversations.leading import check_due
from core.conversations.queries import get_conversation, get_customer
from core.conversations.tables import Conversation
from core.conversations.waiting import claim_due, list_unanswered, look_again
from core.database import Database
from core.errors import DomainError
from core.escalations.queries import find_open
from core.executor import execute
from core.people.queries import get_unit
from core.statements import Reader
from core.unit_of_work import UnitOfWork
from jobs.assistant import WORTH_ASKING, language_of, respond

ASSISTANT = Actor(kind="system", name="Assistant", via="assistant")
AT_ONCE = 8
"""So many are asked for side by side."""
NOTHING = "NOTHING"
LANGUAGE_NAMES = {"en": "English", "de": "German", "es": "Spanish"}
INSTRUCTIONS = (
    "A customer of {client} has written. Answer in {language}, in at most four short friendly sentences, with what the articles "
    "among the facts say and nothing else: no greeting, no signature, no question back. If they do not answer what was asked, "
    f"write only the word {NOTHING}."
)


class Writer(Protocol):
    async def write(self, task: Task) -> str | None: ...


@dataclass(frozen=True, slots=True)
class Question:
    """`newest`: id of the last message it is made of."""

    conversation: Conversation
    text: str
    newest: int
    articles: tuple[Candidate, ...]
    task: Task


async def answer_due(database: Database, model: Writer | None, lease: timedelta) -> int:
    """Everything that is due now; returns how many conversations were looked at. What a process that died was looking for is due
    again after `lease`."""
    looked_at = 0
    while due := await database.write(lambda uow: claim_due(uow, AT_ONCE, lease)):
        await asyncio.gather(*(_answer(database, model, conversation_id) for conversation_id in due))
        looked_at += len(due)
    return looked_at


async def _answer(database: Database, model: Writer | None, conversation_id: int) -> None:
    question = await database.read(lambda reader: ask(reader, conversation_id))
    words = await model.write(question.task) if model and question.articles else None

    def say(uow: UnitOfWork) -> None:
        uow.actor = ASSISTANT
        _say(uow, question, None if words is None or NOTHING in words else words)

    def refused(uow: UnitOfWork, refusal: DomainError) -> None:
        look_again(uow, conversation_id)  # they have written once more: one answer for all of it

    await database.write(say, refused=refused)


def ask(reader: Reader, conversation_id: int) -> Question:
    conversation = get_conversation(reader, conversation_id)
    said = list_unanswered(reader, conversation_id)
    text = "\n".join(message.text for message in said if message.text)
    language = language_of(reader, conversation, text)
    found = by_article(reader, conversation.client_id, language, text)
    articles = tuple(one for one in found if one.score >= WORTH_ASKING)[:3]
    facts = "\n\n".join(f"{one.answer.question}\n{one.answer.answer}" for one in articles)
    instructions = INSTRUCTIONS.format(
        client=get_unit(reader, conversation.client_id).name, language=LANGUAGE_NAMES[language]
    )
    customer = get_customer(reader, conversation.customer_id)
    task = Task("assistant", instructions, facts, text[:4000], (customer.name,), most_chars=1000, most_tokens=400)
    return Question(conversation, text, said[-1].id if said else 0, articles, task)


def _say(uow: UnitOfWork, question: Question, words: str | None) -> None:
    """Raises core.errors.Conflict: the customer has written again, was answered, or a human leads."""
    conversation_id = question.conversation.id
    if find_open(uow, conversation_id) or not question.text:
        execute(LeaveUnanswered(conversation_id), uow)  # a human was called meanwhile, or has answered
        return
    check_due(uow, conversation_id, question.newest)
    if words is None:
        respond(uow, get_conversation(uow, conversation_id), question.text)
    else:
        execute(SayToCustomer(conversation_id, words), uow)
        execute(CountAnswer(question.articles[0].answer.id), uow)
