"""The policy of a client's tickets: who hears of one that nobody answers, nobody has, nobody repairs, nobody approves.

The response climb watches the answer to an offer (`answer`, `miss`) and then, while nobody has the ticket, goes up the chain
(`alone`); the resolution climb watches the repair (`soon`, `late`); the approval climb the branch (`silent`).
"""

from collections.abc import Sequence
from dataclasses import replace

from core.policies import changing
from core.policies.kept import policy_of, policy_of_case
from core.policies.laying import Watch, laid
from core.policies.policy import SHARE, START, TARGET, Kind, Part, Policy, PolicyStep
from core.policies.steps import Step
from core.policies.stretching import stretched
from core.rule import Rule
from core.statements import Reader
from core.tickets.client_commands import RestoreTicketPolicy, SetTicketPolicy
from core.tickets.policy import APPROVAL_HOURS, APPROVERS, CHAIN, PRIORITIES, WARNING_MINUTES
from core.unit_of_work import UnitOfWork

CODE = "tickets"
ABOVE = ("dispatcher", "store_manager", "cluster_manager", "owner", "admin")
PARTS = {
    "answer": Part(
        "Until the technician answers", "without an answer", "response target", ("assignee",), (TARGET,), ("answer", "", ""),
        fixed="At the response target it goes to the next technician, and the dispatcher hears of it.",
    ),
    "alone": Part(
        "While nobody has it", "that nobody has it", "response time", ABOVE, (SHARE, START), ("alone", "alone", "alone"),
        fixed="The dispatcher hears at once that there is nobody left to ask.",
    ),
    "resolution": Part(
        "Until it is repaired", "without a repair", "repair target", ("assignee", *ABOVE), (TARGET, START),
        ("soon", "late", "soon"),
    ),
    "approval": Part(
        "Until the work is approved", "that it waits for approval", "", ABOVE, (START,), ("silent", "silent", "silent"),
    ),
}  # fmt: skip
STEPS = (
    PolicyStep("answer", -WARNING_MINUTES, ("assignee",), TARGET),
    *(PolicyStep("alone", 50 * level, ("dispatcher", role), SHARE) for level, role in enumerate(CHAIN, 1)),
    PolicyStep("resolution", -WARNING_MINUTES, ("assignee",), TARGET),
    PolicyStep("resolution", 0, ("assignee", "dispatcher"), TARGET),
    PolicyStep("resolution", 60, ("store_manager", "cluster_manager"), TARGET),
    PolicyStep("resolution", 120, ("owner",), TARGET),
    *(PolicyStep("approval", hours * 60, (role,)) for hours, role in zip(APPROVAL_HOURS, APPROVERS, strict=True)),
)
MISSED = replace(PARTS["answer"], acts=("answer", "miss", "miss"))
HOUSE = {CODE: Policy(CODE, "Tickets", STEPS)}
KIND = Kind("ticket", PARTS, HOUSE, tuple(word.lower() for word in PRIORITIES))


def current(reader: Reader, client_id: int) -> Policy:
    """What counts for a new ticket."""
    return policy_of(reader, KIND, client_id, CODE) or HOUSE[CODE]


def policy_for(reader: Reader, policy_id: int | None) -> Policy:
    """Of a ticket: as it was when it was opened."""
    return policy_of_case(reader, KIND, policy_id, HOUSE[CODE])


def steps_of(part: str, watch: Watch, steps: Sequence[PolicyStep] = STEPS) -> tuple[Step, ...]:
    return laid((step for step in steps if step.part == part), PARTS[part], watch)


def offer_steps(watch: Watch, steps: Sequence[PolicyStep] = STEPS) -> tuple[Step, ...]:
    """A word to who has it before the target; at the target the offer is over. What follows depends on who is left."""
    (over,) = laid((PolicyStep("answer", 0, ("dispatcher",), TARGET),), MISSED, watch)
    return (*steps_of("answer", watch, steps), over)


def alone_steps(watch: Watch, steps: Sequence[PolicyStep] = STEPS, told: int = 0) -> tuple[Step, ...]:
    """Nobody has it and the dispatcher knows. `told`: how many steps were taken already; those behind them come as long after now
    as after the last of them."""
    if not told:
        return steps_of("alone", watch, steps)
    plain = steps_of("alone", Watch(watch.minutes, priority=watch.priority), steps)
    since = plain[min(told, len(plain)) - 1].after_minutes if plain else 0
    rest = [replace(step, after_minutes=step.after_minutes - since) for step in plain[told:]]
    return tuple(stretched(rest, watch.calendar, watch.since))


def set_(command: SetTicketPolicy, uow: UnitOfWork) -> Policy:
    return changing.set_policy(KIND, command, uow)


def restore(command: RestoreTicketPolicy, uow: UnitOfWork) -> Policy:
    return changing.restore_policy(KIND, command, uow)


RULES = {
    SetTicketPolicy: Rule(set_, "ticket.configure", lambda command, _: command.client_id),
    RestoreTicketPolicy: Rule(restore, "ticket.configure", lambda command, _: command.client_id),
}
