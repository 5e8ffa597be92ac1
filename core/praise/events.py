"""What can have happened to praise."""

from dataclasses import dataclass
from typing import ClassVar


@dataclass(frozen=True, slots=True)
class PraiseChosen:
    kind: ClassVar[str] = "praise.chosen"
    wanted: bool


@dataclass(frozen=True, slots=True)
class Achieved:
    kind: ClassVar[str] = "praise.achieved"
    codes: list[str]
