"""Policies in JSON."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated

from pydantic import Field

from core.errors import Invalid
from core.policies.comparing import DryRun
from core.policies.kept import from_row
from core.policies.policy import HOURS, START, Kind, Policy, PolicyStep
from core.policies.tables import PolicyRow
from core.policies.words import sentence
from web.api.json import Asked, Name, Out, example
from web.policy_kinds import PolicyKind

Word = Annotated[str, Field(max_length=200)]
STEP = {"part": "response", "since": "target", "after": -30, "tell": ["assignee", "board"]}


class StepOut(Out):
    """`after`: minutes after the moment `since` (start, target), before it when negative; of a `share` percent of the time until
    the target. `tell`: roles, assignee, board, or person:CODE. `priorities`: only those; empty: all. `clock`: hours (as the targets
    are counted) or passing. It comes `times` more, every `every` minutes."""

    part: str
    since: str
    after: int
    tell: list[str]
    priorities: list[str]
    clock: str
    every: int
    times: int
    sentence: str


class PolicyOut(Out):
    """`version`: counts the client's changes, 0 before the first. `shipped`: as the house has it."""

    id: str
    kind: str
    name: str
    version: int
    shipped: bool
    steps: list[StepOut]


class PolicyVersionOut(Out):
    """`state`: own, house (as the house had it) or removed."""

    version: int
    state: str
    name: str
    changes: list[str]
    changed_by: str
    changed_at: datetime
    steps: list[StepOut]


class DifferenceOut(Out):
    """null: not told at all."""

    tell: str
    before: datetime | None
    after: datetime | None
    sentence: str


class TriedCaseOut(Out):
    reference: str
    began_at: datetime
    differences: list[DifferenceOut]


class PolicyDryRunOut(Out):
    """`cases`: those that would climb otherwise, the newest first, at most 500. `toldBefore`, `toldAfter`: alerts in all.
    `complete`: no case of that time was left out."""

    since: datetime
    looked_at: int
    changed: int
    told_before: int
    told_after: int
    complete: bool
    cases: list[TriedCaseOut]


class StepGiven(Asked):
    part: Word
    after: int = Field(ge=-(2**31), lt=2**31)
    tell: list[Word] = Field(max_length=50)
    since: Word = START
    priorities: list[Word] = Field(default_factory=list, max_length=10)
    clock: Word = HOURS
    every: int = Field(0, ge=0, lt=2**31)
    times: int = Field(0, ge=0, lt=2**31)


Steps = Annotated[list[StepGiven], Field(max_length=100)]


class NewPolicy(Asked):
    model_config = example(name="Weekend", steps=[STEP])
    name: Name
    steps: Steps


class PolicyGiven(Asked):
    """What is left out stays as it is. `basedOn`: the version that was changed; refused when there is a newer one."""

    model_config = example(steps=[STEP], basedOn=0)
    name: Name | None = None
    steps: Steps | None = None
    based_on: int | None = None


class PolicyTried(Asked):
    model_config = example(steps=[STEP], days=7)
    steps: Steps
    days: int = Field(7, ge=1, le=90)


class PolicyRestored(Asked):
    model_config = example(version=0)
    version: int = Field(ge=0, lt=2**31)
    based_on: int | None = None


def steps_of(kind: Kind, given: Sequence[StepGiven]) -> tuple[PolicyStep, ...]:
    return tuple(_step(kind, number, one) for number, one in enumerate(given))


def policy_out(kind: PolicyKind, policy: Policy) -> PolicyOut:
    house = kind.kind.house.get(policy.code)
    shipped = house is not None and (house.name, house.steps) == (policy.name, policy.steps)
    return PolicyOut(
        id=policy.code,
        kind=kind.kind.name,
        name=policy.name,
        version=policy.number,
        shipped=shipped,
        steps=_steps_out(policy.steps, kind.kind),
    )


def version_out(kind: PolicyKind, row: PolicyRow) -> PolicyVersionOut:
    policy = from_row(row, kind.kind)
    return PolicyVersionOut(
        version=row.number,
        state=row.state,
        name=row.name,
        changes=row.changes,
        changed_by=row.changed_by,
        changed_at=row.created_at,
        steps=_steps_out(policy.steps if policy else (), kind.kind),
    )


def tried_out(run: DryRun, most: int) -> PolicyDryRunOut:
    cases = [
        TriedCaseOut(
            reference=one.reference,
            began_at=one.began_at,
            differences=[
                DifferenceOut(tell=each.whom, before=each.before, after=each.after, sentence=each.words)
                for each in one.differences
            ],
        )
        for one in run.different[:most]
    ]
    return PolicyDryRunOut(
        since=run.since,
        looked_at=run.looked_at,
        changed=len(run.different),
        told_before=run.told_before,
        told_after=run.told_after,
        complete=run.whole,
        cases=cases,
    )


def _step(kind: Kind, number: int, given: StepGiven) -> PolicyStep:
    words = {word.lower(): place for place, word in enumerate(kind.priorities)}
    unknown = [word for word in given.priorities if word.lower() not in words]
    if unknown:
        sentence = f"“{unknown[0]}” is no priority: use {', '.join(kind.priorities)}."
        raise Invalid(sentence, field=f"steps[{number}].priorities")
    return PolicyStep(
        given.part,
        given.after,
        tuple(given.tell),
        given.since,
        tuple(words[word.lower()] for word in given.priorities),
        given.clock,
        given.every,
        given.times,
    )


def _steps_out(steps: Sequence[PolicyStep], kind: Kind) -> list[StepOut]:
    return [
        StepOut(
            part=one.part,
            since=one.since,
            after=one.after,
            tell=list(one.tell),
            priorities=[kind.priorities[place] for place in one.priorities],
            clock=one.clock,
            every=one.every,
            times=one.times,
            sentence=sentence(one, kind),
        )
        for one in steps
    ]
