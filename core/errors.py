"""What can go wrong on purpose. Every DomainError carries a sentence for the person who asked."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Choice:
    """A button: what it is called, and what pressing it says."""

    label: str
    command: str


class DomainError(Exception):
    """A refusal: the sentence says what is the matter and what to do instead; `choices`: the same as buttons, in a chat."""

    status = 409

    def __init__(self, sentence: str, *, field: str | None = None, choices: tuple[Choice, ...] = ()) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.field = field
        self.choices = choices


class NotFound(DomainError):
    status = 404


class Forbidden(DomainError):
    status = 403


class Conflict(DomainError):
    """Somebody was first, or the thing is in a state that does not allow it; says who and since when."""

    status = 409


class Invalid(DomainError):
    """`field` names the argument that is wrong."""

    status = 422


class Unavailable(Exception):
    """The database could not take it (locked, full, gone). Nothing was stored: the caller must make the platform repeat."""
