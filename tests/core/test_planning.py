"""SQLite plans a statement once. A bound value in the condition of a partial index makes it plan anew at every call, which costs
more than most statements: such constants are written into the statement (core.statements.literally)."""

import re
import sqlite3
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from importlib import import_module
from pathlib import Path
from pkgutil import walk_packages
from typing import Any

import pytest
from sqlalchemy import Date, create_engine
from sqlalchemy.dialects import sqlite
from sqlalchemy.types import Boolean, Float, Integer, TypeEngine

import core
from core.outbox import cards, claimed, dispatching, due, fairness, giving_back, in_hand, lanes, receipts, windows
from core.policies import climbing
from core.reading_ahead import _for_all
from core.row_sets import _GivenRows
from core.schema import JSONText, UTCDateTime
from core.statements import Compiled, Statement
from core.tables import metadata

DIALECT = sqlite.dialect()
BY_PATTERN = " LIKE ?"
"""Planned by the pattern. Lists and searches are asked for that way, nothing that runs for every message."""


def statements() -> Iterator[tuple[str, Statement[Any]]]:
    """Every statement of the program, by where it stands; the same text once."""
    seen = set()
    for found in walk_packages(core.__path__, "core."):
        for name, value in vars(import_module(found.name)).items():
            several = value.values() if isinstance(value, dict) else value
            for one in several if isinstance(value, list | tuple | dict) else (value,):
                if isinstance(one, Statement) and (sql := one.compiled(DIALECT).sql) not in seen:
                    seen.add(sql)
                    yield f"{found.name}.{name}", one


def a_value(kind: TypeEngine[Any], number: int) -> object:
    """One of its kind; another for every number."""
    by_type: dict[type[TypeEngine[Any]], object] = {
        _GivenRows: [[number]],
        UTCDateTime: datetime(2026, 1, 1, tzinfo=UTC) + timedelta(days=number),
        Date: date(2026, 1, 1) + timedelta(days=number),
        JSONText: {"number": number},
        Boolean: bool(number % 2),
        Integer: number,
        Float: float(number),
    }
    return next((value for type_, value in by_type.items() if isinstance(kind, type_)), f"word {number}")


def parameters(statement: Statement[Any], compiled: Compiled[Any], number: int) -> Any:
    binds = statement.core.compile(dialect=DIALECT).binds.values()  # type: ignore[attr-defined]
    return compiled.parameters({bind.key: a_value(bind.type, number) for bind in binds if bind.required})


class Planning:
    """Counts what SQLite looks up while it plans: its authorizer is asked then, and never while a statement runs."""

    def __init__(self, path: Path) -> None:
        engine = create_engine(f"sqlite:///{path}")
        metadata.create_all(engine)
        engine.dispose()
        self.looked_up = 0
        self.connection = sqlite3.connect(path, isolation_level=None, cached_statements=1000)
        self.connection.set_authorizer(self._note)

    def _note(self, *_: object) -> int:
        self.looked_up += 1
        return sqlite3.SQLITE_OK

    def run(self, sql: str, values: Any) -> int:
        """What it took to plan this once more; nothing of it stays."""
        self.connection.execute("BEGIN")
        before = self.looked_up
        with suppress(sqlite3.IntegrityError):
            self.connection.execute(sql, values).fetchall()
        looked_up = self.looked_up - before
        self.connection.execute("ROLLBACK")
        return looked_up


@pytest.fixture(scope="module")
def planning(tmp_path_factory: pytest.TempPathFactory) -> Planning:
    return Planning(tmp_path_factory.mktemp("planning") / "empty.db")


def test_there_are_statements_to_look_at() -> None:
    assert len(list(statements())) > 200


@pytest.mark.parametrize(
    ("where", "statement"), list(statements()), ids=lambda one: one if isinstance(one, str) else ""
)
def test_it_is_planned_once(planning: Planning, where: str, statement: Statement[Any]) -> None:
    compiled = statement.compiled(DIALECT)
    assert planning.run(compiled.sql, parameters(statement, compiled, 1)) > 0
    again = sum(planning.run(compiled.sql, parameters(statement, compiled, number)) for number in (2, 3))
    assert again == 0 or BY_PATTERN in compiled.sql


ALL_THE_TIME = [
    (due.CLAIM[0], "deliveries USING INDEX ix_deliveries_due"),
    (due.CLAIM_IN_TURN[1], "deliveries USING INDEX ix_deliveries_due"),
    (fairness.QUEUES, "next USING INDEX ix_deliveries_due"),
    (cards.CHANGE_COPIES, "notifications USING INDEX ix_notifications_subject"),
    (cards.CHANGE_COPIES, "deliveries USING INDEX ix_deliveries_notification_id"),
    (claimed.CLAIMED_NOW, "deliveries USING INDEX ix_deliveries_leased"),
    (dispatching.SETTLE, "deliveries USING INTEGER PRIMARY KEY"),
    (dispatching.SETTLE_SENT, "deliveries USING INTEGER PRIMARY KEY"),
    (in_hand.BEGIN, "deliveries USING INTEGER PRIMARY KEY"),
    (in_hand.EXPIRED, "deliveries USING INDEX ix_deliveries_leased"),
    (in_hand.NOT_BEGUN, "deliveries USING INDEX ix_deliveries_leased"),
    (in_hand.LEFT_BEHIND, "deliveries USING INDEX ix_deliveries_leased"),
    (in_hand.UNDER_WAY, "deliveries USING INDEX ix_deliveries_leased"),
    (giving_back.RELEASE, "deliveries USING INTEGER PRIMARY KEY"),
    (giving_back.HOLD, "deliveries USING INTEGER PRIMARY KEY"),
    (windows.LET_GO, "deliveries USING INDEX ix_deliveries_held"),
    (windows.UNFOLLOWED, "deliveries USING INDEX ix_deliveries_unfollowed"),
    (windows.WAITS, "deliveries USING INDEX ix_deliveries_held"),
    (windows.WAITS, "deliveries USING INDEX ix_deliveries_unfollowed"),
    (receipts.FIND, "deliveries USING INDEX ix_deliveries_external"),
    (_for_all(receipts.FIND)[0], "deliveries USING INDEX ix_deliveries_external"),
    (lanes.RECENT, "attempts USING INDEX ix_attempts_at"),
    (climbing.DUE, "climbs USING INDEX ix_climbs_due"),
    (climbing.DUE_LOCKED, "climbs USING INDEX ix_climbs_due"),
    (climbing.LOCKED, "climbs USING INTEGER PRIMARY KEY"),
    (climbing.ADVANCE, "climbs USING INTEGER PRIMARY KEY"),
]


@pytest.mark.parametrize(("statement", "reads"), ALL_THE_TIME, ids=[reads for _, reads in ALL_THE_TIME])
def test_what_runs_all_the_time_reads_what_it_needs(planning: Planning, statement: Statement[Any], reads: str) -> None:
    """The cost of a sweep is that of the rows that are due, not of those that are there."""
    compiled = statement.compiled(DIALECT)
    explain = f"EXPLAIN QUERY PLAN {compiled.sql}"
    plan = [row[3] for row in planning.connection.execute(explain, parameters(statement, compiled, 1))]
    assert any(reads in step for step in plan), plan
    tables = "deliveries|attempts|climbs|notifications|contact_methods"
    assert not [step for step in plan if re.match(rf"SCAN ({tables})", step)]
