"""Everything read and put together: the advice for one case as one person gets it."""

from dataclasses import dataclass, replace
from datetime import datetime

from core.escalations.tables import Escalation
from core.guidance.advice import Advice, advise
from core.guidance.case import Case, read_case
from core.guidance.drafts import find_draft, worded
from core.guidance.similar import find_similar
from core.guidance.tables import Draft
from core.people.queries import get_unit
from core.statements import Reader


@dataclass(frozen=True, slots=True)
class Asked:
    """`draft` None: a model has not been asked since the customer last wrote. `speaker`: who is to speak with them."""

    case: Case
    advice: Advice
    draft: Draft | None
    speaker: int | None


def advice_on(
    reader: Reader,
    escalation: Escalation,
    now: datetime,
    *,
    agent: str,
    agent_id: int | None = None,
    language: str,
    playbook: str | None = None,
) -> Asked:
    """`agent`: who asks; whoever has the case is the one who will speak with the customer. `language`: theirs."""
    case = read_case(reader, escalation, now)
    zone = get_unit(reader, escalation.client_id).time_zone
    advice = advise(case, find_similar(reader, case), agent=case.assignee or agent, language=language, zone=zone)
    speaker = escalation.assigned_to or agent_id
    draft = find_draft(reader, case, speaker)
    return Asked(case, replace(worded(advice, draft, language), playbook=playbook), draft, speaker)
