"""Everything that can be asked has a rule, every permission exists and is somebody's, every event has a name of its own."""

import importlib
import inspect
from collections.abc import Iterator
from dataclasses import is_dataclass
from types import ModuleType

from core.people.permissions import ROLE_NAMES, ROLES_WITH
from core.people.tables import ROLES
from core.registry import RULES
from tests.architecture.source import list_files, name_of

FOR_THE_PROGRAM_ALONE = {
    "conversation.hear", "people.prove", "escalation.relay", "escalation.climb", "ticket.climb", "delivery.repeat",
    "webhook.stop",
}  # fmt: skip
PARTS_OF_COMMANDS = {"Terms", "Photo"}


def modules(stem: str) -> list[ModuleType]:
    """Our modules `core/**/*<stem>.py`."""
    names = [
        name_of(path).removesuffix(".py").replace("/", ".") for path in list_files("core") if path.stem.endswith(stem)
    ]
    return [importlib.import_module(name) for name in names]


def dataclasses_of(found: list[ModuleType]) -> Iterator[type]:
    for module in found:
        for _, kind in inspect.getmembers(module, inspect.isclass):
            if is_dataclass(kind) and kind.__module__ == module.__name__:
                yield kind


def all_events() -> list[type]:
    everywhere = [
        importlib.import_module(name_of(path).removesuffix(".py").replace("/", ".")) for path in list_files("core")
    ]
    return [kind for kind in dataclasses_of(everywhere) if isinstance(getattr(kind, "kind", None), str)]


def test_every_command_has_a_rule() -> None:
    commands = {kind for kind in dataclasses_of(modules("commands")) if kind.__name__ not in PARTS_OF_COMMANDS}
    assert {kind.__name__ for kind in commands - set(RULES)} == set()


def test_every_permission_that_is_asked_for_exists() -> None:
    assert {rule.permission for rule in RULES.values()} <= set(ROLES_WITH)


def test_every_permission_belongs_to_roles_that_exist() -> None:
    assert {role for roles in ROLES_WITH.values() for role in roles} <= set(ROLES)
    assert set(ROLE_NAMES) == set(ROLES)


def test_only_what_the_program_does_itself_belongs_to_nobody() -> None:
    assert {name for name, roles in ROLES_WITH.items() if not roles} <= FOR_THE_PROGRAM_ALONE


def test_every_event_has_a_dotted_name_of_its_own() -> None:
    kinds = [kind.kind for kind in all_events()]  # type: ignore[attr-defined]
    assert len(kinds) > 30
    assert sorted(kinds) == sorted(set(kinds))
    assert [kind for kind in kinds if kind.count(".") != 1 or kind != kind.lower()] == []


def test_commands_and_events_cannot_be_changed() -> None:
    values = [*RULES, *all_events()]
    assert [kind.__name__ for kind in values if not kind.__dataclass_params__.frozen] == []  # type: ignore[attr-defined]
