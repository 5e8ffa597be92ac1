"""The form of a policy: one row for each step, as it was typed; a row without a number is no step."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from starlette.datastructures import FormData

from core.errors import Invalid
from core.policies.policy import HOURS, PERSON, SHARE, START, TARGET, Kind, Part, Policy, PolicyStep
from core.policies.words import sentence

BEFORE, AFTER = "before", "after"
UNITS = {"min": 1, "h": 60, "days": 1440}
PERCENT = "%"
MOST = 60
"""Rows that are read."""
CELLS = ("part", "number", "unit", "moment", "person", "clock", "times", "every", "every_unit")


@dataclass(frozen=True, slots=True)
class Row:
    """`person`: codes, with commas between. `times`: how often it comes again."""

    part: str
    number: str = ""
    unit: str = "min"
    moment: str = ""
    tell: tuple[str, ...] = ()
    person: str = ""
    only: tuple[str, ...] = ()
    clock: str = HOURS
    times: str = ""
    every: str = ""
    every_unit: str = "h"

    @property
    def special(self) -> bool:
        return bool(self.only or self.clock != HOURS or self.times not in ("", "0"))


def rows_of(policy: Policy) -> list[Row]:
    return [_row(step) for step in policy.steps]


def rows_from(form: FormData) -> list[Row]:
    """As it was sent; what a row has ticked comes as `row:word`."""
    columns = [[str(value) for value in form.getlist(name)][:MOST] for name in CELLS]
    ticked = {name: [str(value).partition(":") for value in form.getlist(name)] for name in ("tell", "only")}
    rows = []
    for place, cells in enumerate(zip(*columns, strict=False)):
        known = dict(zip(CELLS, (cell.strip()[:200] for cell in cells), strict=True))
        chosen: dict[str, Any] = {
            name: tuple(word for row, _, word in pairs if row == str(place)) for name, pairs in ticked.items()
        }
        rows.append(replace(Row(**known), **chosen))
    return rows


def steps_from(rows: Sequence[Row], kind: Kind) -> tuple[PolicyStep, ...]:
    """Raises Invalid that says which row it is about."""
    return tuple(_step(row, kind) for row in rows if row.number)


def with_room(rows: Sequence[Row], part: str, kind: Kind) -> list[Row]:
    """Those of one part, and an empty one below."""
    found = [row for row in rows if row.part == part and (row.number or row.tell)]
    empty = Row(part, moment=next(iter(moments_of(kind.parts[part]))))
    return [*found, empty]


def said(row: Row, kind: Kind) -> str:
    """The step as a sentence; empty where it is none yet, or says what cannot be."""
    part = kind.parts[row.part]
    if not row.number or not (row.tell or row.person) or not set(row.tell) <= set(part.whom):
        return ""
    try:
        return sentence(_step(row, kind), kind)
    except Invalid:
        return ""


def moments_of(part: Part) -> dict[str, str]:
    """What a step may be counted from, in words."""
    found: dict[str, str] = {}
    for moment in part.moments:
        if moment == TARGET:
            found |= {BEFORE: f"before the {part.target}"} if part.acts[0] else {}
            found |= {AFTER: f"after the {part.target}"} if part.acts[1] else {}
        elif moment == START:
            found[START] = part.begins
    return found


def units_of(part: Part) -> dict[str, str]:
    words = {unit: unit for unit in UNITS}
    return {PERCENT: f"% of the {part.target}"} | words if SHARE in part.moments else words


def _row(step: PolicyStep) -> Row:
    number, unit = (step.after, PERCENT) if step.since == SHARE else _in_unit(abs(step.after))
    every, every_unit = _in_unit(step.every)
    moment = START if step.since != TARGET else BEFORE if step.after < 0 else AFTER
    return Row(
        step.part,
        str(number),
        unit,
        moment,
        tuple(whom for whom in step.tell if not whom.startswith(PERSON)),
        ", ".join(whom.removeprefix(PERSON) for whom in step.tell if whom.startswith(PERSON)),
        tuple(map(str, step.priorities)),
        step.clock,
        str(step.times) if step.times else "",
        str(every) if step.times else "",
        every_unit if step.times else "h",
    )


def _in_unit(minutes: int) -> tuple[int, str]:
    if minutes >= 2880 and minutes % 1440 == 0:
        return minutes // 1440, "days"
    return (minutes // 60, "h") if minutes >= 120 and minutes % 60 == 0 else (minutes, "min")


def _step(row: Row, kind: Kind) -> PolicyStep:
    number = _number(row.number, row)
    if row.unit == PERCENT:
        since, after = SHARE, number
    else:
        minutes = number * UNITS.get(row.unit, 1)
        since = TARGET if row.moment in (BEFORE, AFTER) else START
        after = -minutes if row.moment == BEFORE else minutes
    only = tuple(place for place in range(len(kind.priorities)) if str(place) in row.only)
    times = _number(row.times, row) if row.times else 0
    every = _number(row.every, row) * UNITS.get(row.every_unit, 1) if times else 0
    return PolicyStep(row.part, after, (*row.tell, *_people(row)), since, only, row.clock, every, times)


def _people(row: Row) -> Iterator[str]:
    yield from (f"{PERSON}{code.strip()}" for code in row.person.split(",") if code.strip())


def _number(text: str, row: Row) -> int:
    if not (text.isascii() and text.isdecimal() and len(text) < 9):
        raise Invalid(f"“{text[:40]}” is no number. Write how long, for example 30.", field=row.part)
    return int(text)
