"""What can have happened to hours and holidays: what is said from then on."""

from dataclasses import dataclass
from typing import ClassVar


@dataclass(frozen=True, slots=True)
class UnitHoursSet:
    kind: ClassVar[str] = "unit.hours_set"
    hours: str
    holidays: str
    closed_on: list[str]


@dataclass(frozen=True, slots=True)
class PersonHoursSet:
    kind: ClassVar[str] = "person.hours_set"
    hours: str
    holidays: str
    closed_on: list[str]
    quiet_from: str
    quiet_until: str
