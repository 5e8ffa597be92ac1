"""The policies of escalations: who hears of one that is not answered, not resolved, or lies still. A rule chooses one by its
code."""

from collections.abc import Sequence

from core.policies.kept import list_policies, policy_of, policy_of_case
from core.policies.laying import Watch, laid
from core.policies.policy import PASSING, START, TARGET, Kind, Part, Policy, PolicyStep
from core.policies.steps import Step
from core.statements import Reader

USUAL = "usual"
WARNING_MINUTES = 30
MANAGER_MINUTES = 4 * 60
SILENT_MINUTES = 48 * 60
SEE_IT_ANYWAY = ("assignee", "board")
WHOM = ("assignee", "board", "agent", "team_lead", "dispatcher", "owner", "admin")
PARTS = {
    "response": Part(
        "Until the first answer", "without an answer", "response target", WHOM, (START, TARGET),
        ("warn", "breach", "warn"), at_once=True,
    ),
    "resolution": Part(
        "Until it is resolved", "without an end", "resolution target", WHOM, (START, TARGET), ("soon", "late", "unresolved")
    ),
    "progress": Part("While nothing happens", "in which nothing happened", "", WHOM, (START,), ("silent", "silent", "silent")),
}  # fmt: skip
STEPS = (
    PolicyStep("response", -WARNING_MINUTES, ("assignee", "board"), TARGET),
    PolicyStep("response", 0, ("assignee", "team_lead", "owner"), TARGET),
    PolicyStep("response", 60, ("team_lead", "owner"), TARGET),
    PolicyStep("resolution", MANAGER_MINUTES, ("team_lead", "owner"), priorities=(0, 1)),
    PolicyStep("resolution", -WARNING_MINUTES, ("assignee",), TARGET),
    PolicyStep("resolution", 0, ("assignee", "team_lead", "owner"), TARGET),
    PolicyStep("progress", SILENT_MINUTES, ("team_lead",), priorities=(2, 3), clock=PASSING),
)


def _at_once(*roles: str) -> tuple[PolicyStep, ...]:
    return (PolicyStep("response", 0, roles), *STEPS)


HOUSE = {
    USUAL: Policy(USUAL, "Usual", STEPS),
    "lead_at_once": Policy("lead_at_once", "Lead at once", _at_once("team_lead")),
    "owner_at_once": Policy("owner_at_once", "Lead and owner at once", _at_once("team_lead", "owner")),
}
KIND = Kind(
    "escalation",
    PARTS,
    HOUSE,
    ("P0", "P1", "P2", "P3"),
    has_own=True,
    reserved=("tickets", "training", "alerts", "new"),
)


def chosen(reader: Reader, client_id: int, code: str) -> Policy:
    """What counts for a new case. Where a rule names one that is not there any more, the usual."""
    found = policy_of(reader, KIND, client_id, code or USUAL)
    return found or policy_of(reader, KIND, client_id, USUAL) or HOUSE[USUAL]


def policy_for(reader: Reader, policy_id: int | None) -> Policy:
    """Of a case: as it was when the case began."""
    return policy_of_case(reader, KIND, policy_id, HOUSE[USUAL])


def told_at_once(policy: Policy, priority: int) -> tuple[str, ...]:
    """Those who see its card as soon as it is there."""
    steps = [step for step in policy.of("response") if step.since == START and not step.after]
    fitting = [step for step in steps if step.is_for(priority)]
    return tuple(dict.fromkeys(whom for step in fitting for whom in step.tell if whom not in SEE_IT_ANYWAY))


def codes_of(reader: Reader, client_id: int) -> list[str]:
    return [one.code for one in list_policies(reader, KIND, client_id)]


def steps_of(part: str, watch: Watch, steps: Sequence[PolicyStep] = STEPS) -> tuple[Step, ...]:
    """Of the climb that watches this part of a case."""
    return laid((step for step in steps if step.part == part), PARTS[part], watch)
