"""Who hears of an escalation: its team's board, those who answer for it; and every copy of its card."""

from core.escalations.card_facts import card_facts
from core.escalations.queries import state_of, subject_of
from core.escalations.tables import Escalation
from core.outbox.cards import refresh_cards, tell_below_cards
from core.outbox.notify import URGENT, Notification, drop_updates, tell_named, tell_person, tell_role
from core.policies.policy import PERSON
from core.unit_of_work import UnitOfWork

ALERT = "escalation.due"


def card_of(uow: UnitOfWork, escalation: Escalation) -> Notification:
    facts, subject = card_facts(uow, escalation), subject_of(escalation)
    return Notification("escalation.card", facts, subject, urgency=URGENT, card=True, hastens="response")


def tell(uow: UnitOfWork, escalation: Escalation, whom: str, alert: Notification) -> bool:
    if whom == "assignee":
        return bool(escalation.assigned_to and tell_person(uow, escalation.assigned_to, alert))
    if whom == "board":
        return escalation.assigned_to is None and bool(tell_below_cards(uow, alert))
    if whom.startswith(PERSON):
        return tell_named(uow, escalation.client_id, whom.removeprefix(PERSON), alert)
    return bool(tell_role(uow, escalation.client_id, whom, alert))


def cards_follow(uow: UnitOfWork, escalation: Escalation) -> Escalation:
    """Every copy of its card shows how it is now; gives it back."""
    if escalation.status == "resolved":
        drop_updates(uow, subject_of(escalation))
    who = {"by": uow.actor.name, "by_id": uow.actor.person_id}
    refresh_cards(uow, subject_of(escalation), state_of(uow, escalation) | who)
    return escalation


def cards_tell_anew(uow: UnitOfWork, escalation: Escalation) -> None:
    """There is more to it by now, also in the customer's words."""
    refresh_cards(uow, subject_of(escalation), card_facts(uow, escalation), lasting=True)
