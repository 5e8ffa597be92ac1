"""One line of `callboard doctor`."""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Finding:
    """`fail`: something does not work. `warn`: it works, and somebody should look at it."""

    name: str
    state: Literal["ok", "warn", "fail"]
    sentence: str
