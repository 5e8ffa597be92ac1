"""One row of the registry: what applies a command, and who may ask for it where."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from core.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class Rule:
    """`unit_of(command, uow)`: id of the unit that must be covered; None: no unit is asked for (one's own things)."""

    handle: Callable[[Any, UnitOfWork], Any]
    permission: str
    unit_of: Callable[[Any, UnitOfWork], int | None]
