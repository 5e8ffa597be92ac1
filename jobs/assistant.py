"""What the assistant does with a customer's words: it answers from the client's answers, offers a human when it is not sure, and
hands over when it is asked to, or not sure once more."""

from core.answers.choosing import SURE, Candidate, by_article, by_pattern
from core.answers.commands import CountAnswer
from core.conversations.assistant import Words, language_for, say, understand
from core.conversations.commands import AskModel, LeaveUnanswered, SayToCustomer
from core.conversations.queries import get_customer
from core.conversations.tables import Conversation
from core.escalations.commands import RaiseEscalation
from core.executor import execute
from core.statements import Reader
from core.unit_of_work import UnitOfWork

WORTH_ASKING = 0.2
"""From which score on an article may help a model to find the words."""


def wants_human(conversation: Conversation, text: str) -> bool:
    """Who writes when it was a human who spoke last, who asks for one, who says yes to one."""
    intent = understand(text)
    return conversation.led_by == "human" or intent == "human" or bool(conversation.offered_at and intent == "yes")


def respond(
    uow: UnitOfWork, conversation: Conversation, text: str, *, trigger: str | None = None, model: bool = False
) -> None:
    """To what the customer just said, who wants no human. `trigger`: the platform's id of that; `model`: there is one that may
    find the words, later and outside this transaction."""
    if model and conversation.answer_due_at:
        return  # one answer for this and what is being answered
    language = language_of(uow, conversation, text)
    intent = understand(text)
    if conversation.offered_at and intent == "no":
        _say(uow, conversation, "declined", language)
        return
    if found := by_pattern(uow, conversation.client_id, language, text):
        tell_answer(uow, conversation, found[0])
        return
    articles = by_article(uow, conversation.client_id, language, text)
    if model and articles and articles[0].score >= WORTH_ASKING:
        execute(AskModel(conversation.id), uow)
    elif intent == "greeting" and not sure(articles):
        _say(uow, conversation, "greeting", language)
    else:
        answer_or_offer(uow, conversation, articles, language, trigger)


def answer_or_offer(
    uow: UnitOfWork, conversation: Conversation, articles: list[Candidate], language: str, trigger: str | None = None
) -> None:
    """Without a model: the best article as it is, where it is sure enough."""
    if sure(articles):
        tell_answer(uow, conversation, articles[0])
    elif conversation.offered_at:
        hand_over(uow, conversation, "unsure", trigger)
    else:
        words = say("offer", language)
        execute(SayToCustomer(conversation.id, words, offers=True), uow)


def sure(articles: list[Candidate]) -> bool:
    return bool(articles) and articles[0].score >= SURE


def tell_answer(uow: UnitOfWork, conversation: Conversation, chosen: Candidate) -> None:
    execute(SayToCustomer(conversation.id, chosen.answer.answer), uow)
    execute(CountAnswer(chosen.answer.id), uow)


def hand_over(uow: UnitOfWork, conversation: Conversation, reason: str, trigger: str | None = None) -> None:
    """To a human; the customer is told what happens next."""
    whose = conversation.client_id, conversation.customer_id
    execute(RaiseEscalation(*whose, reason, conversation_id=conversation.id, trigger_message_id=trigger), uow)
    execute(LeaveUnanswered(conversation.id), uow)


def language_of(reader: Reader, conversation: Conversation, text: str) -> str:
    return language_for(text, get_customer(reader, conversation.customer_id).language)


def _say(uow: UnitOfWork, conversation: Conversation, what: Words, language: str) -> None:
    execute(SayToCustomer(conversation.id, say(what, language)), uow)
