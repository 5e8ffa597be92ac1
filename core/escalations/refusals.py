"""Why a command cannot be: who has the escalation, since when, and what to do instead."""

from core.elapsed import ago
from core.errors import Choice, Conflict, Invalid
from core.escalations.tables import Escalation
from core.people.permissions import SERVES
from core.people.queries import actor_for, get_person
from core.people.tables import Person
from core.unit_of_work import UnitOfWork

LEADS = ("team_lead", "owner", "admin")


def worked_by_actor(escalation: Escalation, uow: UnitOfWork) -> Escalation:
    """Only who has it works on it; leads may act for anybody. Raises Conflict."""
    if escalation.status == "resolved":
        raise closed(escalation, uow)
    if uow.actor.kind == "system" or uow.actor.has_role(*LEADS):
        return escalation
    if escalation.assigned_to is None:
        raise unclaimed(escalation)
    if escalation.assigned_to != uow.actor.person_id:
        raise taken(escalation, uow)
    return escalation


def taken(escalation: Escalation, uow: UnitOfWork) -> Conflict:
    """Somebody has it; for those who press at once and come second."""
    if escalation.status == "resolved":
        return closed(escalation, uow)
    reference = escalation.reference
    if escalation.assigned_to is None:
        return unclaimed(escalation)
    if escalation.assigned_to == uow.actor.person_id:
        return Conflict(f"You have {reference} already, since {ago(escalation.assigned_at, uow.now)}.")
    name = get_person(uow, escalation.assigned_to).name
    return Conflict(
        f"{name} has {reference}, {ago(escalation.assigned_at, uow.now)}. To take it from {name}: takeover {reference}",
        choices=(
            Choice("Offer help", f"help-with {reference}"),
            Choice(f"Take over from {name.split()[0]}", f"takeover {reference}"),
        ),
    )


def unclaimed(escalation: Escalation) -> Conflict:
    reference = escalation.reference
    sentence = f"Nobody has {reference} yet. Claim it first: claim {reference}"
    return Conflict(sentence, choices=(Choice("Claim", f"claim {reference}"),))


def closed(escalation: Escalation, uow: UnitOfWork) -> Conflict:
    name = get_person(uow, escalation.resolved_by).name if escalation.resolved_by else "Callboard"
    reference = escalation.reference
    sentence = f"{reference} is resolved already, by {name} {ago(escalation.resolved_at, uow.now)}."
    return Conflict(sentence, choices=(Choice("Reopen", f"reopen {reference}"),))


def check_may_have(uow: UnitOfWork, client_id: int, person: Person) -> None:
    """Who answers customers there, and is there. Raises Invalid."""
    if person.client_id != client_id:
        raise Invalid("That person does not belong to this client.", field="person")
    if person.status != "active":
        raise Invalid(f"{person.name} is {person.status.replace('_', ' ')}.", field="person")
    if not actor_for(uow, person, "", uow.now).has_role(*SERVES):
        raise Invalid(f"{person.name} does not answer customers.", field="person")
