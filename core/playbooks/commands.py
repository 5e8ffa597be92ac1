"""What can be asked about playbooks."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class EditPlaybook:
    """A new version, for new runs. `content`: name, win, reasons, words, steps, as in core/playbooks/shipped.toml. `based_on`: the
    version somebody looked at; refused when there is a newer one."""

    client_id: int
    code: str
    content: Mapping[str, Any]
    enabled: bool = True
    based_on: int | None = None


@dataclass(frozen=True, slots=True)
class StartPlaybook:
    """`code` empty: the one that is suggested."""

    escalation_id: int
    code: str = ""


@dataclass(frozen=True, slots=True)
class TickStep:
    """`number` None: the next one."""

    escalation_id: int
    number: int | None = None


@dataclass(frozen=True, slots=True)
class SkipStep:
    escalation_id: int
    reason: str
    number: int | None = None


@dataclass(frozen=True, slots=True)
class StopPlaybook:
    escalation_id: int


@dataclass(frozen=True, slots=True)
class RemindFollowUp:
    """A follow-up has come back: tell whom it concerns."""

    run_id: int
    number: int


@dataclass(frozen=True, slots=True)
class SettleRun:
    """Its case was resolved: what is left to do are the follow-ups."""

    run_id: int
