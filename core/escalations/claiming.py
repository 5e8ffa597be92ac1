"""Who has an escalation: claimed, given to somebody, taken over, offered help with."""

from core.audit.record import record
from core.conversations.leading import lead
from core.conversations.queries import get_conversation
from core.errors import Choice, Conflict
from core.escalations import events, writes
from core.escalations.clocks import end_claim, note_activity
from core.escalations.commands import AssignEscalation, ClaimEscalation, OfferHelp, TakeOver
from core.escalations.queries import facts_of, get_escalation, subject_of
from core.escalations.refusals import check_may_have, closed, taken, unclaimed
from core.escalations.tables import Escalation
from core.escalations.telling import ALERT, card_of, cards_follow
from core.outbox.notify import URGENT, Notification, tell_person, withdraw
from core.people.queries import get_person, name_of
from core.unit_of_work import UnitOfWork


def claim(command: ClaimEscalation, uow: UnitOfWork) -> Escalation:
    claimed = uow.first(writes.CLAIM, id_=command.escalation_id, person_id=uow.actor.person_id, now=uow.now)
    if claimed is None:
        raise taken(get_escalation(uow, command.escalation_id), uow)
    subject = subject_of(claimed)
    record(uow, subject, events.EscalationClaimed(uow.actor.name))
    withdraw(uow, subject, ALERT)
    note_activity(uow, claimed)
    return cards_follow(uow, claimed)


def assign(command: AssignEscalation, uow: UnitOfWork) -> Escalation:
    escalation = get_escalation(uow, command.escalation_id)
    person = get_person(uow, command.person_id)
    check_may_have(uow, escalation.client_id, person)
    if escalation.assigned_to == person.id or (command.unless_taken and escalation.assigned_to):
        raise taken(escalation, uow)
    changed = _give(uow, escalation, person.id, "assigned" if escalation.status == "pending" else escalation.status)
    record(uow, subject_of(changed), events.EscalationAssigned(person.name))
    withdraw(uow, subject_of(changed), ALERT)
    note_activity(uow, changed)
    cards_follow(uow, changed)
    if person.id != uow.actor.person_id:
        tell_person(uow, person.id, card_of(uow, changed))
    _tell_who_had_it(uow, escalation, changed)
    return changed


def take_over(command: TakeOver, uow: UnitOfWork) -> Escalation:
    escalation = get_escalation(uow, command.escalation_id)
    me = uow.actor.person_id
    if escalation.status == "in_progress" and escalation.assigned_to == me:
        raise Conflict(f"You already lead {escalation.reference}.")
    changed = _give(uow, escalation, me, "in_progress")
    if escalation.conversation_id:
        lead(uow, get_conversation(uow, escalation.conversation_id), "human")
    before = name_of(uow, escalation.assigned_to) if escalation.assigned_to != me else None
    record(uow, subject_of(changed), events.EscalationTakenOver(uow.actor.name, before))
    withdraw(uow, subject_of(changed), ALERT)
    end_claim(uow, changed)
    note_activity(uow, changed)
    cards_follow(uow, changed)
    _tell_who_had_it(uow, escalation, changed)
    return changed


def _tell_who_had_it(uow: UnitOfWork, before: Escalation, after: Escalation) -> None:
    if before.assigned_to in (None, after.assigned_to, uow.actor.person_id):
        return
    facts = facts_of(uow, after) | {"by": uow.actor.name, "to": name_of(uow, after.assigned_to)}
    news = Notification("escalation.taken_from_you", facts, subject_of(after), digest_key="escalation")
    tell_person(uow, before.assigned_to, news)


def _give(uow: UnitOfWork, seen: Escalation, person_id: int | None, status: str) -> Escalation:
    """From whoever had it when it was looked at. Raises Conflict when that has changed meanwhile: of two who take it at once one
    has it, and the other reads who."""
    given = uow.first(
        writes.GIVE, id_=seen.id, person_id=person_id, status_=status, seen=seen.assigned_to or 0, now=uow.now
    )
    if given is None:
        raise taken(get_escalation(uow, seen.id), uow)
    return given


def offer_help(command: OfferHelp, uow: UnitOfWork) -> Escalation:
    """Said once to whoever has it; who offers is at hand with a button."""
    escalation = get_escalation(uow, command.escalation_id)
    reference, me = escalation.reference, uow.actor.person_id
    if escalation.status == "resolved":
        raise closed(escalation, uow)
    if escalation.assigned_to is None:
        raise unclaimed(escalation)
    if escalation.assigned_to == me or me is None:
        raise Conflict(f"You have {reference} yourself. To give it away: assign {reference} PERSON")
    facts = facts_of(uow, escalation) | {"by": uow.actor.name, "by_code": get_person(uow, me).code}
    offered = f"help:{escalation.id}:{me}:{escalation.assigned_at}"
    news = Notification("escalation.help_offered", facts, subject_of(escalation), urgency=URGENT, dedupe_key=offered)
    to = get_person(uow, escalation.assigned_to)
    if tell_person(uow, to.id, news) is None:
        raise Conflict(
            f"{to.name} knows already that you would help with {reference}.",
            choices=(Choice(f"Take over from {to.name.split()[0]}", f"takeover {reference}"),),
        )
    record(uow, subject_of(escalation), events.HelpOffered(uow.actor.name, to.name))
    return escalation
