"""What can have happened at the door."""

from dataclasses import dataclass
from typing import ClassVar


@dataclass(frozen=True, slots=True)
class CommandRefused:
    """Somebody asked for what they could not have."""

    kind: ClassVar[str] = "command.refused"
    refusal: str
    sentence: str
