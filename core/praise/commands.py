"""What can be asked about praise."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class ChoosePraise:
    """Of oneself: be told of achievements and named in the team's week, or not."""

    person_id: int
    wanted: bool


@dataclass(frozen=True, slots=True)
class GivePraise:
    """Tell somebody of what they have reached and were not told of yet."""

    person_id: int


@dataclass(frozen=True, slots=True)
class PostWeek:
    """The seven days before `until`, to the boards of the client's teams."""

    client_id: int
    until: datetime
