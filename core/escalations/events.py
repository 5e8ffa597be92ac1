"""What can have happened to an escalation."""

from dataclasses import dataclass
from typing import Any, ClassVar


@dataclass(frozen=True, slots=True)
class EscalationRaised:
    kind: ClassVar[str] = "escalation.raised"
    reason: str
    priority: int


@dataclass(frozen=True, slots=True)
class EscalationJoined:
    """A second cause while it was open."""

    kind: ClassVar[str] = "escalation.joined"
    reason: str
    priority: int


@dataclass(frozen=True, slots=True)
class EscalationClaimed:
    kind: ClassVar[str] = "escalation.claimed"
    by: str


@dataclass(frozen=True, slots=True)
class EscalationAssigned:
    kind: ClassVar[str] = "escalation.assigned"
    to: str


@dataclass(frozen=True, slots=True)
class HelpOffered:
    kind: ClassVar[str] = "escalation.help_offered"
    by: str
    to: str


@dataclass(frozen=True, slots=True)
class EscalationTakenOver:
    kind: ClassVar[str] = "escalation.taken_over"
    by: str
    before: str | None = None


@dataclass(frozen=True, slots=True)
class CustomerAnswered:
    kind: ClassVar[str] = "escalation.replied"
    by: str
    text: str


@dataclass(frozen=True, slots=True)
class FilesAdded:
    """Further ones of a reply."""

    kind: ClassVar[str] = "escalation.files_added"
    by: str
    files: int


@dataclass(frozen=True, slots=True)
class ReplyTakenBack:
    kind: ClassVar[str] = "escalation.reply_taken_back"
    by: str
    text: str


@dataclass(frozen=True, slots=True)
class EscalationNoted:
    kind: ClassVar[str] = "escalation.noted"
    by: str
    text: str


@dataclass(frozen=True, slots=True)
class EscalationReleased:
    kind: ClassVar[str] = "escalation.released"
    to: str


@dataclass(frozen=True, slots=True)
class EscalationResolved:
    kind: ClassVar[str] = "escalation.resolved"
    resolution: str
    by: str


@dataclass(frozen=True, slots=True)
class EscalationReopened:
    kind: ClassVar[str] = "escalation.reopened"
    by: str


@dataclass(frozen=True, slots=True)
class EscalationClimbed:
    """A step of the policy was due; `breach`: the response target was missed."""

    kind: ClassVar[str] = "escalation.climbed"
    told: list[str]
    breach: bool
    act: str = ""


@dataclass(frozen=True, slots=True)
class ClaimExpired:
    """Somebody had it and did nothing: it is in the queue again."""

    kind: ClassVar[str] = "escalation.claim_expired"
    whose: str


@dataclass(frozen=True, slots=True)
class EscalationHandedOver:
    kind: ClassVar[str] = "escalation.handed_over"
    by: str
    to: str


@dataclass(frozen=True, slots=True)
class EscalationPriorityChanged:
    kind: ClassVar[str] = "escalation.priority_changed"
    by: str
    was: int
    now: int


@dataclass(frozen=True, slots=True)
class ServiceLevelsSet:
    kind: ClassVar[str] = "escalation.service_levels_set"
    response: tuple[int, ...]
    resolution: tuple[int, ...]
    claim: tuple[int, ...]
    hours: str


@dataclass(frozen=True, slots=True)
class HistoryImported:
    kind: ClassVar[str] = "history.imported"
    added: int


@dataclass(frozen=True, slots=True)
class CustomerTold:
    """What happens next was said to the customer."""

    kind: ClassVar[str] = "escalation.customer_told"
    by: str


@dataclass(frozen=True, slots=True)
class CauseRulesSet:
    kind: ClassVar[str] = "escalation.cause_rules_set"
    rules: dict[str, Any]


@dataclass(frozen=True, slots=True)
class NecessityJudged:
    """Whether it took a human, as who resolved it says."""

    kind: ClassVar[str] = "escalation.judged"
    necessary: bool


@dataclass(frozen=True, slots=True)
class FeedbackAsked:
    """`about`: satisfaction or recommend."""

    kind: ClassVar[str] = "feedback.asked"
    about: str


@dataclass(frozen=True, slots=True)
class FeedbackGiven:
    kind: ClassVar[str] = "feedback.given"
    about: str
    score: int


@dataclass(frozen=True, slots=True)
class FeedbackWord:
    kind: ClassVar[str] = "feedback.word"
    word: str


@dataclass(frozen=True, slots=True)
class FeedbackRulesSet:
    kind: ClassVar[str] = "feedback.rules_set"
    rules: dict[str, Any]
