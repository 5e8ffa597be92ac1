"""How was our help? Asked once when a case ends well, answered by a press or a number, and a word if they like."""

from datetime import timedelta

from core.audit.record import record
from core.conversations.handlers import tell_customer
from core.conversations.queries import get_conversation
from core.escalations import events
from core.escalations.commands import FinishFeedback, ScoreFeedback
from core.escalations.feedback.queries import (
    ASK,
    FINISH,
    SATISFIED,
    SCORE,
    WITHDRAW,
    find_question,
    last_asked,
)
from core.escalations.feedback.rules import ASKED_AFTER, feedback_rules
from core.escalations.feedback.tables import Question
from core.escalations.queries import facts_of, get_escalation, subject_of
from core.escalations.tables import Escalation
from core.escalations.telling import cards_follow
from core.outbox.notify import Notification, tell_person, tell_role, withdraw
from core.people.queries import get_unit, name_of
from core.unit_of_work import UnitOfWork

OPEN_FOR = timedelta(days=14)
BAD = 2
"""So low a score is told to the lead, too."""
TEMPLATE = {"satisfaction": "escalation.satisfaction", "recommend": "escalation.recommend"}


def ask_satisfaction(uow: UnitOfWork, resolved: Escalation) -> Question | None:
    """None: somebody who had no answer from a human, or no conversation, is not asked; nor who is asked already."""
    answered = resolved.first_response_at is not None and resolved.conversation_id is not None
    if resolved.resolution not in ASKED_AFTER or not answered:
        return None
    return _ask(uow, resolved, "satisfaction") if feedback_rules(uow, resolved.client_id).satisfaction else None


def ask_no_more(uow: UnitOfWork, reopened: Escalation) -> None:
    """It goes on: whether it was good is asked at its next end."""
    if uow.run(WITHDRAW, escalation_id_=reopened.id):
        for template in TEMPLATE.values():
            withdraw(uow, subject_of(reopened), template)


def score(command: ScoreFeedback, uow: UnitOfWork) -> str:
    """What became of it: scored, again, late or withdrawn; the customer is answered. A second press changes nothing."""
    question = find_question(uow, command.escalation_id, command.kind)
    assert question is not None  # whoever presses was asked (bot/feedback.py)
    escalation = get_escalation(uow, question.escalation_id)
    if question.state == "withdrawn" or escalation.status != "resolved":
        return _thank(uow, question, "withdrawn")
    if question.state == "asked" and uow.now - question.asked_at > OPEN_FOR:
        return _thank(uow, question, "late")
    state = "scored" if command.kind == "satisfaction" else "done"
    scored = uow.first(SCORE, id_=question.id, state_=state, score_=command.score, now=uow.now)
    if scored is None:
        return _thank(uow, question, "again")
    record(uow, subject_of(escalation), events.FeedbackGiven(command.kind, command.score))
    if command.kind == "recommend":
        return _thank(uow, scored, "recommended")
    uow.one(SATISFIED, id_=escalation.id, score_=command.score, word_="")
    cards_follow(uow, get_escalation(uow, escalation.id))
    return _thank(uow, scored, "scored")


def finish(command: FinishFeedback, uow: UnitOfWork) -> None:
    """The word, or that there is none; then whoever worked on it hears of it, and now and then comes the other question."""
    question = uow.first(FINISH, id_=command.question_id, word_=command.word)
    if question is None:
        return
    if command.word:
        uow.one(SATISFIED, id_=question.escalation_id, score_=question.score, word_=command.word)
    escalation = get_escalation(uow, question.escalation_id)
    if command.word:
        record(uow, subject_of(escalation), events.FeedbackWord(command.word))
        cards_follow(uow, escalation)
    _tell_ours(uow, escalation, question)
    if not command.quietly:
        _thank(uow, question, "finished")
    if _may_ask_to_recommend(uow, question):
        _ask(uow, escalation, "recommend")


def _ask(uow: UnitOfWork, escalation: Escalation, kind: str) -> Question | None:
    assert escalation.conversation_id is not None
    values = {
        name: getattr(escalation, name) for name in ("client_id", "customer_id", "conversation_id", "resolved_at")
    }
    whose = escalation.assigned_to or escalation.resolved_by
    ids = {"escalation_id": escalation.id, "person_id": whose, "kind": kind}
    question = uow.first(ASK, **values, **ids, state="asked", asked_at=uow.now)
    if question is not None:
        facts = {
            "reference": escalation.reference,
            "person": name_of(uow, whose) or "",
            "client": get_unit(uow, escalation.client_id).name,
        }
        conversation = get_conversation(uow, escalation.conversation_id)
        tell_customer(uow, conversation, Notification(TEMPLATE[kind], facts, subject_of(escalation)))
        record(uow, subject_of(escalation), events.FeedbackAsked(kind))
    return question


def _thank(uow: UnitOfWork, question: Question, what: str) -> str:
    facts = {"what": what, "score": question.score, "reference": f"ESC-{question.escalation_id}"}
    conversation = get_conversation(uow, question.conversation_id)
    tell_customer(uow, conversation, Notification("escalation.thanks", facts))
    return what


def _tell_ours(uow: UnitOfWork, escalation: Escalation, question: Question) -> None:
    facts = facts_of(uow, escalation) | {"score": question.score, "word": question.word}
    news = Notification("escalation.rated", facts, subject_of(escalation), digest_key="escalation")
    if question.person_id:
        tell_person(uow, question.person_id, news)
    if question.score is not None and question.score <= BAD:
        tell_role(uow, escalation.client_id, "team_lead", news)


def _may_ask_to_recommend(uow: UnitOfWork, question: Question) -> bool:
    days = feedback_rules(uow, question.client_id).recommend_days
    last = last_asked(uow, question.customer_id, "recommend") if days else None
    return bool(days) and (last is None or uow.now - last >= timedelta(days=days))
