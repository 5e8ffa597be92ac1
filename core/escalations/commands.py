"""What can be asked about escalations."""

from dataclasses import dataclass
from typing import Any, Literal

from core.policies.requests import RemovePolicy, RestorePolicy, SetPolicy


@dataclass(frozen=True, slots=True)
class RaiseEscalation:
    """`priority` 0..3 (None: by reason). Joins the open escalation of the same conversation when there is one. `also`: further
    reasons of the same moment. `tells_customer`: says to them what happens next, unless a human leads already."""

    client_id: int
    customer_id: int
    reason: str
    conversation_id: int | None = None
    priority: int | None = None
    team: str = ""
    reason_details: str = ""
    summary: str = ""
    suggested_response: str = ""
    trigger_message_id: str | None = None
    also: tuple[str, ...] = ()
    tells_customer: bool = True
    technical_context: dict[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class ClaimEscalation:
    escalation_id: int


@dataclass(frozen=True, slots=True)
class AssignEscalation:
    """`unless_taken`: refused when somebody has it, else it is taken from them."""

    escalation_id: int
    person_id: int
    unless_taken: bool = False


@dataclass(frozen=True, slots=True)
class OfferHelp:
    """Who has it is told who would help; nothing else changes."""

    escalation_id: int


@dataclass(frozen=True, slots=True)
class TakeOver:
    """From now on a human speaks with the customer, not the assistant. Takes it from whoever had it."""

    escalation_id: int


@dataclass(frozen=True, slots=True)
class ReplyToCustomer:
    """`photos`: media ids that follow the text. `album`: names what was chosen together with them and comes in other messages."""

    escalation_id: int
    text: str
    photos: tuple[int, ...] = ()
    album: str = ""


@dataclass(frozen=True, slots=True)
class AddToReply:
    """Further files of the actor's own reply, in their order behind those it has. `photos`: media ids."""

    escalation_id: int
    reply_id: int
    photos: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class TakeBackReply:
    """Before it has left. `reply_id` None: the actor's last one."""

    escalation_id: int
    reply_id: int | None = None


@dataclass(frozen=True, slots=True)
class NoteEscalation:
    """An internal note; never reaches the customer. `photos`: media ids."""

    escalation_id: int
    text: str
    photos: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class ReleaseEscalation:
    """Hand back to the queue, or end the human's part and let the assistant speak again."""

    escalation_id: int
    to: Literal["queue", "assistant"] = "queue"


@dataclass(frozen=True, slots=True)
class ResolveEscalation:
    """`necessary`: did it take a human? None: nobody has said."""

    escalation_id: int
    resolution: str
    notes: str = ""
    return_to_ai: bool = True
    necessary: bool | None = None


@dataclass(frozen=True, slots=True)
class ReopenEscalation:
    escalation_id: int


@dataclass(frozen=True, slots=True)
class RelayCustomerMessage:
    """What the customer wrote while the escalation is open goes to those who work on it. `photos`: media ids of all that can be
    passed on; `pictures`: how many of what came were such."""

    escalation_id: int
    text: str
    photos: tuple[int, ...] = ()
    pictures: int = 0


@dataclass(frozen=True, slots=True)
class HandOver:
    """Everything that somebody has in hand goes to a colleague. `from_id` None: what the actor has."""

    to_id: int
    from_id: int | None = None


@dataclass(frozen=True, slots=True)
class ChangeEscalationPriority:
    """`priority` 0..3; the targets move with it."""

    escalation_id: int
    priority: int


@dataclass(frozen=True, slots=True)
class SetServiceLevels:
    """Minutes for P0 to P3; None: as it was. See core/escalations/service_levels.py."""

    client_id: int
    response: tuple[int, ...] | None = None
    resolution: tuple[int, ...] | None = None
    claim: tuple[int, ...] | None = None
    hours: str | None = None


@dataclass(frozen=True, slots=True)
class ClimbEscalation:
    """A step of the policy is due: `tell` these roles, `act` as the step says."""

    escalation_id: int
    tell: tuple[str, ...]
    act: str


@dataclass(frozen=True, slots=True)
class SetCauseRules:
    """What is None stays as it is (core/escalations/causes/cause.py)."""

    client_id: int
    premium_tiers: tuple[str, ...] | None = None
    premium: str | None = None
    high_value: int | None = None
    high_values: dict[str, int] | None = None
    valued: str | None = None
    competitors: tuple[str, ...] | None = None
    contacts: int | None = None
    contact_days: int | None = None
    urgent_rules: bool | None = None


@dataclass(frozen=True, slots=True)
class FollowCustomer:
    """The dropped customer is the kept one. `conversations`: (old, new) whose words have come together in the new one."""

    kept_id: int
    dropped_id: int
    conversations: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class JudgeNecessity:
    """Said after it was resolved: did it take a human?"""

    escalation_id: int
    necessary: bool


@dataclass(frozen=True, slots=True)
class ScoreFeedback:
    """`kind`: satisfaction (1 to 5) or recommend (0 to 10)."""

    escalation_id: int
    kind: str
    score: int


@dataclass(frozen=True, slots=True)
class FinishFeedback:
    """After the score: a word, or none. `quietly`: without thanks, because the same message is answered otherwise."""

    escalation_id: int
    question_id: int
    word: str = ""
    quietly: bool = False


@dataclass(frozen=True, slots=True)
class SetFeedbackRules:
    """What is None stays as it is."""

    client_id: int
    satisfaction: bool | None = None
    recommend_days: int | None = None


class SetEscalationPolicy(SetPolicy):
    """One that rules can choose."""


class RestoreEscalationPolicy(RestorePolicy):
    """Of an earlier version."""


class RemoveEscalationPolicy(RemovePolicy):
    """Refused while a rule chooses it."""
