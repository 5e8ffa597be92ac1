"""A step of a policy as a sentence (pure): '30 min before the response target: who has it and the board'."""

from collections.abc import Iterable, Sequence

from core.people.permissions import ROLE_NAMES
from core.policies.policy import HOURS, PERSON, SHARE, START, Kind, PolicyStep

WHO = {"assignee": "who has it", "board": "the board"} | ROLE_NAMES


def amount(minutes: int) -> str:
    """'45 min', '2 h', '1 h 30 min', '3 days'."""
    if minutes >= 2880 and minutes % 1440 == 0:
        return f"{minutes // 1440} days"
    hours, rest = divmod(minutes, 60)
    return " ".join(
        part for part in (f"{hours} h" if hours else "", f"{rest} min" if rest or not hours else "") if part
    )


def who(word: str) -> str:
    return word.removeprefix(PERSON) if word.startswith(PERSON) else WHO[word]


def listed(words: Iterable[str]) -> str:
    *first, last = words
    return f"{', '.join(first)} and {last}" if first else last


def moment(step: PolicyStep, kind: Kind) -> str:
    part = kind.parts[step.part]
    if step.since == SHARE:
        return f"After {step.after} % of the {part.target} {part.begins}"
    if step.since == START:
        return f"After {amount(step.after)} {part.begins}" if step.after else "At once"
    if step.after == 0:
        return f"At the {part.target}"
    return f"{amount(abs(step.after))} {'before' if step.after < 0 else 'after'} the {part.target}"


def sentence(step: PolicyStep, kind: Kind) -> str:
    return f"{moment(step, kind)}: {listed(map(who, step.tell))}{besides(step, kind)}"


def besides(step: PolicyStep, kind: Kind) -> str:
    """What is special about it: ', only P0 and P1, around the clock, and 3 times more every 1 h'."""
    only = f"only {listed(kind.priorities[one] for one in step.priorities)}" if step.priorities else ""
    clock = "" if step.clock == HOURS or (step.since == START and not step.after) else "around the clock"
    more = "once" if step.times == 1 else f"{step.times} times"
    again = f"and {more} more, {'' if step.times == 1 else 'every '}{amount(step.every)}{' later' if step.times == 1 else ''}"
    return "".join(f", {said}" for said in (only, clock, again if step.times else "") if said)


def differences(before: Sequence[PolicyStep], after: Sequence[PolicyStep], kind: Kind) -> list[str]:
    """Empty: none."""
    titles = {name: part.title for name, part in kind.parts.items()}
    was, will = ([f"{titles[step.part]}: {sentence(step, kind)}" for step in steps] for steps in (before, after))
    gone = [f"no longer “{one}”" for one in was if one not in will]
    return [f"new “{one}”" for one in will if one not in was] + gone
