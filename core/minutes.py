"""Time between two columns, on both databases."""

from typing import Any

from sqlalchemy import Float, Integer
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement

DAY = 1440


class minutes_between(FunctionElement[float]):  # noqa: N801 - reads like SQL
    """From the first moment to the second; null when one of them is."""

    type = Float()
    inherit_cache = True


@compiles(minutes_between, "sqlite")
def _on_sqlite(element: Any, compiler: Any, **options: Any) -> str:
    earlier, later = (compiler.process(clause, **options) for clause in element.clauses)
    return f"((julianday({later}) - julianday({earlier})) * {DAY})"


@compiles(minutes_between, "postgresql")
def _on_postgresql(element: Any, compiler: Any, **options: Any) -> str:
    earlier, later = (compiler.process(clause, **options) for clause in element.clauses)
    return f"(EXTRACT(EPOCH FROM {later} - {earlier}) / 60)"


class whole_minutes(FunctionElement[int]):  # noqa: N801
    """The same, a minute that was begun counted whole; a moment within the last half second of one is taken for its end."""

    type = Integer()
    inherit_cache = True


@compiles(whole_minutes, "sqlite")
def _whole_on_sqlite(element: Any, compiler: Any, **options: Any) -> str:
    return f"CAST({_on_sqlite(element, compiler, **options)} + 0.99 AS INTEGER)"


@compiles(whole_minutes, "postgresql")
def _whole_on_postgresql(element: Any, compiler: Any, **options: Any) -> str:
    return f"CAST(FLOOR({_on_postgresql(element, compiler, **options)} + 0.99) AS INTEGER)"
