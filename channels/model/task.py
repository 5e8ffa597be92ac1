"""What a model is asked, and what it is allowed to answer."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Task:
    """`instructions`: ours. `facts`: what we know; links and amounts in the answer must be in it. `said`: the customer's words,
    which anybody may have written. `names`: of persons, which do not leave this machine. `most_chars`: of each text."""

    purpose: str
    instructions: str
    facts: str
    said: str = ""
    names: tuple[str, ...] = ()
    most_chars: int = 1200
    most_tokens: int = 700


class Unusable(Exception):
    """The model gave nothing that may be used. `reason` never holds what was asked or answered."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason
