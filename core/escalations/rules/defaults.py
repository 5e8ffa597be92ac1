"""The rules of the house, from the table beside this file: for every client that has not changed its own."""

import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from core.escalations.policy import parse_priority
from core.escalations.rules.rule import Action, Conditions, RoutingRule, Trigger

TABLE = Path(__file__).with_suffix(".toml")
HOUSE = "house-"
"""What their ids begin with."""


@cache
def default_rules() -> tuple[RoutingRule, ...]:
    return tuple(map(_rule, tomllib.loads(TABLE.read_text("utf-8"))["rules"]))


def _rule(row: dict[str, Any]) -> RoutingRule:
    return RoutingRule(
        id=row["id"],
        name=row["name"],
        description=row["description"],
        conditions=Conditions(tuple(_triggers(row))),
        action=Action(team=row["team"], policy=row.get("policy", ""), respond_within=row.get("respond_within")),
        priority=parse_priority(row["priority"]) if "priority" in row else None,
    )


def _triggers(row: dict[str, Any]) -> Iterator[Trigger]:
    """One for the reasons, one for the words of each language, one for each pattern."""
    yield Trigger("reason", ", ".join(row["reasons"]))
    for words in row["keywords"].values():
        yield Trigger("keyword", ", ".join(words))
    for pattern in row.get("patterns", ()):
        yield Trigger("keyword", f"/{pattern}/")
