"""Which handler applies which command, who may ask for it, and where. Each changes the row with one conditional write, records
the event and tells whom it concerns."""

from typing import Any

from core.escalations.adding_files import add_to_reply
from core.escalations.answering import note, relay, reply
from core.escalations.causes.rules import set_cause_rules
from core.escalations.claiming import assign, claim, offer_help, take_over
from core.escalations.closing import judge, release, reopen, resolve
from core.escalations.commands import (
    AddToReply,
    AssignEscalation,
    ChangeEscalationPriority,
    ClaimEscalation,
    ClimbEscalation,
    FinishFeedback,
    FollowCustomer,
    HandOver,
    JudgeNecessity,
    NoteEscalation,
    OfferHelp,
    RaiseEscalation,
    RelayCustomerMessage,
    ReleaseEscalation,
    ReopenEscalation,
    ReplyToCustomer,
    ResolveEscalation,
    ScoreFeedback,
    SetCauseRules,
    SetFeedbackRules,
    SetServiceLevels,
    TakeBackReply,
    TakeOver,
)
from core.escalations.due_steps import climb
from core.escalations.feedback.asking import finish, score
from core.escalations.feedback.rules import set_feedback_rules
from core.escalations.handing_over import hand_over
from core.escalations.merging import follow_customer
from core.escalations.policy_changes import RULES as POLICY_RULES
from core.escalations.prioritising import change_priority
from core.escalations.queries import client_of
from core.escalations.raising import raise_
from core.escalations.service_levels import set_service_levels
from core.escalations.taking_back import take_back
from core.people.queries import get_person
from core.rule import Rule
from core.statements import Reader


def _unit_of(command: Any, reader: Reader) -> int:
    return client_of(reader, command.escalation_id)


RULES = {
    RaiseEscalation: Rule(raise_, "escalation.raise", lambda command, _: command.client_id),
    ClaimEscalation: Rule(claim, "escalation.work", _unit_of),
    AssignEscalation: Rule(assign, "escalation.work", _unit_of),
    OfferHelp: Rule(offer_help, "escalation.work", _unit_of),
    TakeOver: Rule(take_over, "escalation.work", _unit_of),
    ReplyToCustomer: Rule(reply, "escalation.work", _unit_of),
    AddToReply: Rule(add_to_reply, "escalation.work", _unit_of),
    TakeBackReply: Rule(take_back, "escalation.work", _unit_of),
    NoteEscalation: Rule(note, "escalation.work", _unit_of),
    ReleaseEscalation: Rule(release, "escalation.work", _unit_of),
    ResolveEscalation: Rule(resolve, "escalation.work", _unit_of),
    ReopenEscalation: Rule(reopen, "escalation.work", _unit_of),
    RelayCustomerMessage: Rule(relay, "escalation.relay", _unit_of),
    FollowCustomer: Rule(follow_customer, "escalation.relay", lambda _command, _reader: None),
    SetCauseRules: Rule(set_cause_rules, "escalation.direct", lambda command, _: command.client_id),
    HandOver: Rule(hand_over, "escalation.work", lambda command, uow: get_person(uow, command.to_id).client_id),
    ChangeEscalationPriority: Rule(change_priority, "escalation.work", _unit_of),
    SetServiceLevels: Rule(set_service_levels, "escalation.direct", lambda command, _: command.client_id),
    ClimbEscalation: Rule(climb, "escalation.climb", _unit_of),
    JudgeNecessity: Rule(judge, "escalation.work", _unit_of),
    ScoreFeedback: Rule(score, "conversation.hear", _unit_of),
    FinishFeedback: Rule(finish, "conversation.hear", _unit_of),
    SetFeedbackRules: Rule(set_feedback_rules, "escalation.direct", lambda command, _: command.client_id),
    **POLICY_RULES,
}
