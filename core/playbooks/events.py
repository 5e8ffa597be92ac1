"""What can have happened to a playbook."""

from dataclasses import dataclass
from typing import ClassVar


@dataclass(frozen=True, slots=True)
class PlaybookEdited:
    kind: ClassVar[str] = "playbook.edited"
    code: str
    version: int


@dataclass(frozen=True, slots=True)
class PlaybookStarted:
    kind: ClassVar[str] = "playbook.started"
    code: str
    name: str


@dataclass(frozen=True, slots=True)
class StepDone:
    kind: ClassVar[str] = "playbook.step_done"
    code: str
    number: int
    title: str


@dataclass(frozen=True, slots=True)
class StepSkipped:
    kind: ClassVar[str] = "playbook.step_skipped"
    code: str
    number: int
    title: str
    reason: str


@dataclass(frozen=True, slots=True)
class FollowUpDue:
    kind: ClassVar[str] = "playbook.follow_up_due"
    code: str
    number: int


@dataclass(frozen=True, slots=True)
class PlaybookEnded:
    """`how`: finished or stopped."""

    kind: ClassVar[str] = "playbook.ended"
    code: str
    how: str
