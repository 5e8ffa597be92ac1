"""What can be asked about hours and holidays."""

from dataclasses import dataclass

from core.calendars.opening import Opening


@dataclass(frozen=True, slots=True)
class SetUnitHours:
    unit_id: int
    opening: Opening


@dataclass(frozen=True, slots=True)
class SetPersonHours:
    person_id: int
    opening: Opening


@dataclass(frozen=True, slots=True)
class SetOwnHours:
    """Of the one who asks."""

    opening: Opening
