"""Whether customers of a client are asked afterwards, and how often whether they would recommend it."""

from dataclasses import asdict, dataclass

from core.audit.record import Subject, record
from core.errors import Invalid
from core.escalations.commands import SetFeedbackRules
from core.escalations.events import FeedbackRulesSet
from core.people.queries import get_unit
from core.scheduling.queries import find_kept, keep
from core.statements import Reader
from core.unit_of_work import UnitOfWork

ASKED_AFTER = ("handled", "converted")
"""The others ended without us helping: given back, gone, nothing to do (docs/decisions/0052)."""
MOST_DAYS = 3650


@dataclass(frozen=True, slots=True)
class FeedbackRules:
    """`recommend_days`: nobody is asked for a recommendation twice within these; 0: never."""

    satisfaction: bool = True
    recommend_days: int = 90


def feedback_rules(reader: Reader, client_id: int) -> FeedbackRules:
    return FeedbackRules(**(find_kept(reader, f"feedback_rules:{client_id}") or {}))


def set_feedback_rules(command: SetFeedbackRules, uow: UnitOfWork) -> FeedbackRules:
    client = get_unit(uow, command.client_id)
    if command.recommend_days is not None and not 0 <= command.recommend_days <= MOST_DAYS:
        raise Invalid(f"{command.recommend_days} is not between 0 and {MOST_DAYS}.", field="recommendDays")
    given = {"satisfaction": command.satisfaction, "recommend_days": command.recommend_days}
    known = asdict(feedback_rules(uow, client.id))
    rules = known | {name: value for name, value in given.items() if value is not None}
    keep(uow, f"feedback_rules:{client.id}", rules)
    record(uow, Subject("unit", client.id, client.code, client.id, client.id), FeedbackRulesSet(rules))
    return FeedbackRules(**rules)
