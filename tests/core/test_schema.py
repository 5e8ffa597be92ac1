"""What every table keeps to."""

import re

import pytest
from sqlalchemy import CheckConstraint, Table

from core.tables import metadata

LONG_LIST = re.compile(r"\bIN \([^)]*,[^)]*,")


def conditions_of(table: Table) -> list[str]:
    constraints = [str(one.sqltext) for one in table.constraints if isinstance(one, CheckConstraint)]
    return constraints + [str(one.dialect_options["sqlite"]["where"]) for one in table.indexes]


@pytest.mark.parametrize("table", metadata.sorted_tables, ids=str)
def test_no_condition_is_a_long_list(table: Table) -> None:
    """SQLite builds a table for it at every insert and every update (core.schema.any_of)."""
    assert [one for one in conditions_of(table) if LONG_LIST.search(one)] == []


def test_a_long_list_would_be_found() -> None:
    assert LONG_LIST.search("state = 'x' AND held_for IN ('limit', 'broken', 'recipients')")
