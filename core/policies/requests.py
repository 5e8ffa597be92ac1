"""What can be asked about a policy of any kind; each kind has commands of its own with these fields, since not everybody may change
each. `based_on`: the version somebody looked at; refused when there is a newer one."""

from dataclasses import dataclass

from core.policies.policy import PolicyStep


@dataclass(frozen=True, slots=True)
class SetPolicy:
    """A new version, for what begins from now on. `code` empty: a new one, with a code made from its name."""

    client_id: int
    name: str
    steps: tuple[PolicyStep, ...]
    code: str = ""
    based_on: int | None = None


@dataclass(frozen=True, slots=True)
class RestorePolicy:
    """As it was in an earlier version; 0: as the house has it."""

    client_id: int
    code: str
    number: int
    based_on: int | None = None


@dataclass(frozen=True, slots=True)
class RemovePolicy:
    """One of the client's own; the house's stay."""

    client_id: int
    code: str
    based_on: int | None = None
