"""Where an escalation goes: the client's rules are asked when it is raised, and again for every cause that joins it."""

from dataclasses import dataclass

from sqlalchemy import bindparam, insert

from core.audit.record import record
from core.conversations.handlers import tell_customer, write_message
from core.conversations.queries import get_conversation, get_customer
from core.escalations import writes
from core.escalations.commands import RaiseEscalation
from core.escalations.events import EscalationAssigned
from core.escalations.policies import chosen, told_at_once
from core.escalations.queries import subject_of
from core.escalations.routing.announcing import announce, show_to
from core.escalations.routing.facts import case_of
from core.escalations.routing.people import Assignee, assignee_for
from core.escalations.rules.events import EscalationRouted
from core.escalations.rules.kept import rules_of
from core.escalations.rules.rule import Case, Decision, decide
from core.escalations.rules.tables import Routing, escalation_routings
from core.escalations.tables import Escalation
from core.escalations.telling import card_of, tell
from core.outbox.cards import tell_below_cards
from core.outbox.notify import Notification
from core.policies.policy import Policy
from core.statements import Statement
from core.unit_of_work import UnitOfWork

WHY = {
    "unknown": "“{who}” is nobody here",
    "left": "{who} does not work here any more",
    "on_leave": "{who} is on leave",
    "off_duty": "{who} is not on duty now",
    "no_owner": "no owner is there",
    "nobody": "nobody is on duty",
}
KEEP = Statement(
    insert(escalation_routings).values({name: bindparam(name) for name in ("client_id", *Routing.__dataclass_fields__)})
)


@dataclass(frozen=True, slots=True)
class Route:
    case: Case
    decision: Decision
    assignee: Assignee
    policy: Policy

    @property
    def minutes(self) -> int | None:
        """The rule's own response target; None: that of the priority."""
        return self.decision.action.respond_within


def find_route(command: RaiseEscalation, priority: int, uow: UnitOfWork) -> Route:
    """`priority`: as it would be without any rule."""
    case = case_of(command, priority, uow)
    decision = decide(case, rules_of(uow, command.client_id).rules)
    assignee = assignee_for(uow, command.client_id, decision.action.assign_to, decision.team)
    return Route(case, decision, assignee, chosen(uow, command.client_id, decision.action.policy))


def send_on(uow: UnitOfWork, escalation: Escalation, route: Route) -> Escalation:
    """A new one: written down, assigned, announced, the customer answered, as the rule says."""
    assigned = _assign(uow, escalation, route)
    remarks = _show(uow, assigned, route)
    _write_down(uow, assigned, route, remarks, joined=False)
    _tell_above(uow, assigned, route)
    answer_customer(uow, assigned, route.decision)
    return assigned


def send_again(uow: UnitOfWork, before: Escalation, joined: Escalation, route: Route) -> Escalation:
    """Another cause of an open one. Who has it keeps it; while nobody has it and the new cause is more urgent, it goes where that
    one belongs (`joined.team`)."""
    moved, remarks = joined.team != before.team, list[str]()
    if moved:
        joined = _assign(uow, joined, route)
        remarks = _show(uow, joined, route)
        answer_customer(uow, joined, route.decision)
    _write_down(uow, joined, route, remarks, joined=True)
    if moved or joined.priority < before.priority:
        _tell_above(uow, joined, route)
    return joined


def _show(uow: UnitOfWork, escalation: Escalation, route: Route) -> list[str]:
    """To those it is for now, and to whoever has it; returns what could not be done as the rule says."""
    remarks = [*_remarks(route), *announce(uow, escalation, route.decision.action.notify_via)]
    if route.assignee.person:
        show_to(uow, escalation, route.assignee.person)
    elif route.assignee.why:
        _say_why(uow, escalation, route)
    return remarks


def team_after(before: Escalation, route: Route) -> str:
    """Of an open one that another cause joins."""
    more_urgent = route.decision.priority < before.priority
    free = before.status == "pending" and before.assigned_to is None
    return route.decision.team if free and route.decision.team and (more_urgent or not before.team) else before.team


def answer_customer(uow: UnitOfWork, escalation: Escalation, decision: Decision) -> bool:
    """The automatic answer, unless a human speaks with the customer; whether it was given."""
    words = decision.action.auto_response
    if not words or escalation.conversation_id is None:
        return False
    conversation = get_conversation(uow, escalation.conversation_id)
    if conversation.led_by != "assistant":
        return False
    name = get_customer(uow, escalation.customer_id).name
    words = words.replace("{name}", name).replace("{reference}", escalation.reference)
    write_message(uow, conversation.id, "out", "Assistant", words)
    tell_customer(uow, conversation, Notification("conversation.said", {"text": words}, subject_of(escalation)))
    return True


def _assign(uow: UnitOfWork, escalation: Escalation, route: Route) -> Escalation:
    person = route.assignee.person
    if person is None:
        return escalation
    assigned = uow.one(
        writes.GIVE, id_=escalation.id, person_id=person.id, status_="assigned", seen=0, now=uow.now
    )  # nobody has it: the row is ours till the end
    record(uow, subject_of(assigned), EscalationAssigned(person.name))
    return assigned


def _remarks(route: Route) -> list[str]:
    if not route.assignee.why:
        return []
    why = WHY[route.assignee.why].format(who=route.assignee.who)
    return [f"{why[0].upper()}{why[1:]}: it waits in the queue."]


def _say_why(uow: UnitOfWork, escalation: Escalation, route: Route) -> None:
    """Below its card, so that whoever reads it knows that nobody has it."""
    facts = {"reference": escalation.reference, "rule": route.decision.rule}
    facts |= {"why": route.assignee.why, "who": route.assignee.who}
    tell_below_cards(uow, Notification("escalation.not_assigned", facts, subject_of(escalation)))


def _tell_above(uow: UnitOfWork, escalation: Escalation, route: Route) -> None:
    for whom in told_at_once(route.policy, escalation.priority):
        tell(uow, escalation, whom, card_of(uow, escalation))


def _write_down(uow: UnitOfWork, escalation: Escalation, route: Route, remarks: list[str], *, joined: bool) -> None:
    decision, person = route.decision, route.assignee.person
    uow.run(
        KEEP,
        client_id=escalation.client_id,
        escalation_id=escalation.id,
        at=uow.now,
        joined=joined,
        facts=route.case,
        rule_id=decision.rule_id,
        rule=decision.rule,
        team=decision.team,
        priority=decision.priority,
        assign_to=decision.action.assign_to,
        respond_within=route.minutes,
        person_id=person.id if person and escalation.assigned_to == person.id else None,
        remarks=remarks,
    )
    if decision.rule_id:
        name = person.name if person else None
        event = EscalationRouted(decision.rule, escalation.team, escalation.priority, name, remarks)
        record(uow, subject_of(escalation), event)
