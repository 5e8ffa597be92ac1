"""A customer's answer to what was asked after a case: a button, a number, a word. It is no message of the conversation."""

from datetime import timedelta

from bot.following import follow_notices
from channels.base import InboundMessage
from core.conversations.addresses import plain_address
from core.conversations.commands import OpenWindow
from core.conversations.queries import CUSTOMER_BY_ADDRESS, get_conversation
from core.conversations.tables import Customer
from core.escalations.causes.cause import CauseRules, Facts, causes_of
from core.escalations.commands import FinishFeedback, ScoreFeedback
from core.escalations.feedback.queries import find_question, find_waiting
from core.escalations.feedback.tables import Question
from core.escalations.feedback.words import score_in
from core.escalations.queries import find_open
from core.executor import execute
from core.unit_of_work import UnitOfWork

VERBS = {"rate": "satisfaction", "recommend": "recommend"}
NO_WORD = "no-word"
TYPED_FOR = timedelta(days=3)
WORD_FOR = timedelta(minutes=30)
LONGEST_WORD = 1000
_NO_STANDING = CauseRules(contacts=0)


def takes_feedback(uow: UnitOfWork, message: InboundMessage, client_id: int, text: str) -> bool:
    """True when that is all it was. A word that calls a human is kept and is a message as well."""
    customer = _customer(uow, message, client_id)
    if message.command:
        return _pressed(uow, message, customer, message.command.split())
    if customer is None or message.edited:
        return False
    question = find_waiting(uow, customer.id) if text and not message.media else None
    if question is None or find_open(uow, question.conversation_id):
        return False
    if question.state == "asked":
        score = score_in(text, question.kind)
        if score is None or uow.now - question.asked_at > TYPED_FOR:
            return False
        return _score(uow, message, question, score)
    return _word(uow, message, question, text)


def _customer(uow: UnitOfWork, message: InboundMessage, client_id: int) -> Customer | None:
    for written in (message.sender, *message.sender_aliases):
        address = plain_address(message.channel, written)
        if found := uow.first(CUSTOMER_BY_ADDRESS, client_id=client_id, channel=message.channel, address=address):
            return found
    return None


def _pressed(uow: UnitOfWork, message: InboundMessage, customer: Customer | None, said: list[str]) -> bool:
    """A button of somebody else's question is answered with nothing."""
    verb, reference = (said[0], said[1].upper()) if len(said) > 1 else ("", "")
    if verb not in (*VERBS, NO_WORD) or not reference.removeprefix("ESC-").isdecimal():
        return False
    question = find_question(uow, int(reference.removeprefix("ESC-")), VERBS.get(verb, "satisfaction"))
    if question is None or customer is None or question.customer_id != customer.id:
        return True
    if verb == NO_WORD:
        _hear(uow, message, question)
        execute(FinishFeedback(question.escalation_id, question.id), uow)
        return True
    score = score_in(said[2], question.kind) if len(said) > 2 else None
    return score is None or _score(uow, message, question, score)


def _score(uow: UnitOfWork, message: InboundMessage, question: Question, score: int) -> bool:
    _hear(uow, message, question)
    execute(ScoreFeedback(question.escalation_id, question.kind, score), uow)
    return True


def _word(uow: UnitOfWork, message: InboundMessage, question: Question, text: str) -> bool:
    """A question is no word about us, and who is silent for long has none."""
    if question.scored_at is None or uow.now - question.scored_at > WORD_FOR or "?" in text:
        execute(FinishFeedback(question.escalation_id, question.id, quietly=True), uow)
        return False
    calls = bool(causes_of(Facts(text, uow.now), _NO_STANDING))
    if not calls:
        _hear(uow, message, question)
    execute(FinishFeedback(question.escalation_id, question.id, text[:LONGEST_WORD], quietly=calls), uow)
    return not calls


def _hear(uow: UnitOfWork, message: InboundMessage, question: Question) -> None:
    """That they wrote opens WhatsApp's window, also for what left as a notice."""
    if get_conversation(uow, question.conversation_id).channel == message.channel:
        execute(OpenWindow(question.conversation_id, message.chat), uow)
    follow_notices(uow, message, answered=False)
