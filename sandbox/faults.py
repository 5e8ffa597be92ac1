"""Faults on order: what goes wrong, for which calls, how often."""

import random
from dataclasses import asdict, dataclass, field, fields
from typing import Any

TOWARDS_PLATFORM = {
    "rate_limit",
    "error",
    "html_502",
    "hang",
    "drop_before",
    "drop_after",
    "garbage",
    "slow",
    "drip",
    "mangled",
}
TOWARDS_PROGRAM = {"duplicate", "reorder", "late", "batch", "lose"}


@dataclass
class Fault:
    """`times` None means for ever; `after` calls pass first; `n` is the size of a batch; `seconds` a delay or hang; `pause`: so
    long the platform thinks before it fails. `drip`: the answer comes a byte every `seconds`; `mangled`: it is said to be packed,
    and is not."""

    id: int
    platform: str
    kind: str
    method: str | None = None
    to: str | None = None
    times: int | None = 1
    after: int = 0
    retry_after: int = 1
    code: int | str | None = None
    description: str | None = None
    seconds: float = 2.0
    pause: float = 0.0
    probability: float = 1.0
    seed: int = 0
    n: int | None = None
    fired: int = 0
    dice: random.Random = field(default_factory=random.Random, repr=False)

    def view(self) -> dict[str, Any]:
        shown = asdict(self)
        del shown["dice"]
        return shown

    def matches(self, platform: str, method: str, chat: str | None) -> bool:
        return (
            self.platform == platform
            and (self.method is None or self.method.lower() == method.lower())
            and (self.to is None or str(self.to) == chat)
        )

    def is_due(self) -> bool:
        if self.after > 0:
            self.after -= 1
            return False
        return self.times != 0 and self.dice.random() < self.probability


class BadFault(ValueError):
    """Says what is wrong with the posted fault."""


_SETTABLE = {field.name for field in fields(Fault)} - {"id", "fired", "dice"}


class Faults:
    def __init__(self) -> None:
        self._faults: dict[int, Fault] = {}
        self._last_id = 0

    def add(self, given: dict[str, Any]) -> Fault:
        if given.get("kind") not in TOWARDS_PLATFORM | TOWARDS_PROGRAM:
            raise BadFault(f"kind is one of {', '.join(sorted(TOWARDS_PLATFORM | TOWARDS_PROGRAM))}")
        if given.get("platform") not in ("telegram", "slack", "whatsapp", "model"):
            raise BadFault("platform is telegram, slack, whatsapp or model")
        if unknown := given.keys() - _SETTABLE:
            raise BadFault(f"unknown fields: {', '.join(sorted(unknown))}")
        self._last_id += 1
        fault = Fault(id=self._last_id, **given)
        if fault.kind == "batch" and fault.n is None:
            fault.n, fault.times = fault.times or 2, 1
        fault.dice = random.Random(fault.seed)
        self._faults[fault.id] = fault
        return fault

    def all(self) -> list[Fault]:
        return list(self._faults.values())

    def remove(self, fault_id: int | None = None) -> None:
        """Without an id: all of them."""
        if fault_id is None:
            self._faults.clear()
        else:
            self._faults.pop(fault_id, None)

    def on_call(self, platform: str, method: str, chat: str | None) -> Fault | None:
        return self._take(TOWARDS_PLATFORM, platform, method, chat)

    def on_webhook(self, platform: str, chat: str | None) -> Fault | None:
        return self._take(TOWARDS_PROGRAM, platform, "webhook", chat)

    def _take(self, kinds: set[str], platform: str, method: str, chat: str | None) -> Fault | None:
        """Every fault counts the calls it could have hit; the oldest that is due fires."""
        due = [
            fault
            for fault in self._faults.values()
            if fault.kind in kinds and fault.matches(platform, method, chat) and fault.is_due()
        ]
        if not due:
            return None
        due[0].times = None if due[0].times is None else due[0].times - 1
        due[0].fired += 1
        return due[0]
