"""A JSON list as rows, in the two ways our databases have for it: [[7, "2026-11-23", ...], ...] given as a parameter."""

from typing import Any

from sqlalchemy import Date, Integer, literal_column
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement


class each(FunctionElement[Any]):  # noqa: N801 - as SQL functions are written
    """Its elements, one per row, in the column `value`."""

    inherit_cache = True


class number_at(FunctionElement[int]):  # noqa: N801
    type = Integer()
    inherit_cache = True


class day_at(FunctionElement[Any]):  # noqa: N801
    type = Date()
    inherit_cache = True


def place(number: int) -> Any:
    return literal_column(str(number), Integer)


@compiles(each, "sqlite")
def _each_sqlite(element: Any, compiler: Any, **words: Any) -> str:
    return f"json_each({compiler.process(element.clauses, **words)})"


@compiles(each, "postgresql")
def _each_postgresql(element: Any, compiler: Any, **words: Any) -> str:
    return f"jsonb_array_elements(CAST({compiler.process(element.clauses, **words)} AS jsonb))"


def _at(element: Any, compiler: Any, **words: Any) -> str:
    value, where = (compiler.process(part, **words) for part in element.clauses)
    return f"{value} ->> {where}"


@compiles(number_at, "sqlite")
@compiles(day_at, "sqlite")
def _at_sqlite(element: Any, compiler: Any, **words: Any) -> str:
    return f"({_at(element, compiler, **words)})"


@compiles(number_at, "postgresql")
def _number_postgresql(element: Any, compiler: Any, **words: Any) -> str:
    return f"CAST({_at(element, compiler, **words)} AS bigint)"


@compiles(day_at, "postgresql")
def _day_postgresql(element: Any, compiler: Any, **words: Any) -> str:
    return f"CAST({_at(element, compiler, **words)} AS date)"
