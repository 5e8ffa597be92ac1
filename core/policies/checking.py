"""What somebody wrote as a policy, looked through; what is wrong is named by its field in JSON."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from core.errors import Invalid
from core.people.queries import PERSON_BY_CODE
from core.policies.policy import HOURS, PASSING, PERSON, SHARE, START, TARGET, Kind, Part, PolicyStep
from core.policies.words import WHO, who
from core.statements import Reader

MOST_STEPS = 40
LONGEST = 60 * 24 * 90
MOST_TIMES = 20
MOST_SHARE = 1000


def checked(reader: Reader, client_id: int, kind: Kind, steps: Sequence[PolicyStep]) -> tuple[PolicyStep, ...]:
    """In the order of the parts and of their moments. Raises Invalid."""
    if len(steps) > MOST_STEPS:
        raise Invalid(f"A policy has at most {MOST_STEPS} steps.", field="steps")
    if not steps:
        raise Invalid("A policy without a step would tell nobody: leave at least one.", field="steps")
    found = [_step(reader, client_id, kind, number, step) for number, step in enumerate(steps)]
    places = {name: place for place, name in enumerate(kind.parts)}
    return tuple(dict.fromkeys(sorted(found, key=lambda one: (places[one.part], one.since == TARGET, one.after))))


def _step(reader: Reader, client_id: int, kind: Kind, number: int, step: PolicyStep) -> PolicyStep:
    part = kind.parts.get(step.part)
    complaints = (
        [("part", f"“{step.part}” is nothing that is watched: use {', '.join(kind.parts)}.")]
        if part is None
        else [*_complaints(step, part, kind), ("tell", _bad_people(reader, client_id, step, part))]
    )
    for field, complaint in complaints:
        if complaint:
            raise Invalid(f"Step {number + 1}: {complaint}", field=f"steps[{number}].{field}")
    several = sorted(set(step.priorities))
    only = () if len(several) == len(kind.priorities) else tuple(several)
    return replace(step, tell=tuple(dict.fromkeys(step.tell)), priorities=only, every=step.every if step.times else 0)


def _complaints(step: PolicyStep, part: Part, kind: Kind) -> Iterator[tuple[str, str]]:
    """Field and sentence; an empty one: nothing is wrong there."""
    if step.since not in part.moments:
        yield "since", f"“{step.since}” is no moment of “{part.title}”: use {', '.join(part.moments)}."
    yield "after", _bad_moment(step, part)
    if step.clock not in (HOURS, PASSING):
        yield "clock", f"“{step.clock}” is no clock: use {HOURS} or {PASSING}."
    if any(one not in range(len(kind.priorities)) for one in step.priorities):
        yield "priorities", f"the priorities are {', '.join(kind.priorities)}."
    if not 0 <= step.times <= MOST_TIMES or (step.times and not 1 <= step.every <= LONGEST):
        yield "every", f"it comes again at most {MOST_TIMES} times, with at least a minute between."


def _bad_moment(step: PolicyStep, part: Part) -> str:
    if step.since == SHARE:
        return "" if 1 <= step.after <= MOST_SHARE else f"a share is from 1 to {MOST_SHARE} percent."
    if step.since == START and step.after < (0 if part.at_once else 1):
        return "it cannot come before it begins." if step.after < 0 else "give at least a minute."
    if step.since == TARGET and not part.acts[0 if step.after < 0 else 1]:
        return f"at the {part.target} it is over: give a time before it."
    return "" if abs(step.after) <= LONGEST else f"at most {LONGEST} minutes, which are 90 days."


def _bad_people(reader: Reader, client_id: int, step: PolicyStep, part: Part) -> str:
    if not step.tell:
        return "nobody would be told: choose somebody."
    return next(filter(None, (_bad_person(reader, client_id, whom, part) for whom in step.tell)), "")


def _bad_person(reader: Reader, client_id: int, whom: str, part: Part) -> str:
    if whom.startswith(PERSON) and len(part.whom) > 1:
        person = reader.first(PERSON_BY_CODE, client_id=client_id, code=whom.removeprefix(PERSON).strip().lower())
        if person is None:
            return f"nobody here has the code “{whom.removeprefix(PERSON)}”."
        return f"{person.name} does not work here any more." if person.status == "inactive" else ""
    if whom in part.whom:
        return ""
    known = " or ".join((", ".join(part.whom), *((f"{PERSON}CODE",) if len(part.whom) > 1 else ())))
    return f"{who(whom) if whom in WHO else f'“{whom}”'} cannot be told of this: use {known}."
