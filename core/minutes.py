"""Time between two columns, on both databases."""

from typing import Any

from sqlalchemy import Float
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
