"""Every kind of event there is, read from the code itself."""

import importlib
import inspect
import pkgutil
from dataclasses import dataclass, fields, is_dataclass
from functools import cache
from typing import Any

import core


@dataclass(frozen=True, slots=True)
class EventKind:
    """`fields`: name -> type as written. `about`: what its docstring says."""

    kind: str
    about: str
    fields: dict[str, str]


@cache
def event_kinds() -> dict[str, EventKind]:
    """By kind, in alphabetical order."""
    found: dict[str, EventKind] = {}
    for module in pkgutil.walk_packages(core.__path__, "core."):
        for _, one in inspect.getmembers(importlib.import_module(module.name), inspect.isclass):
            kind = getattr(one, "kind", None)
            if is_dataclass(one) and isinstance(kind, str):
                found[kind] = EventKind(kind, _about(one), {part.name: _written(part.type) for part in fields(one)})
    return dict(sorted(found.items()))


def _about(event: type[Any]) -> str:
    """A generated docstring repeats the signature."""
    written = inspect.getdoc(event) or ""
    return "" if written.startswith(f"{event.__name__}(") else " ".join(written.split())


def _written(kind: Any) -> str:
    return kind.__name__ if type(kind) is type else str(kind).replace("typing.", "")
