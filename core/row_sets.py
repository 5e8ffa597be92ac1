"""Many rows as one parameter: a statement that changes a hundred rows is planned, sent and run once instead of a hundred times."""

from datetime import UTC, date, datetime
from functools import lru_cache
from typing import Any

import orjson
from sqlalchemy import Date, Dialect, FromClause, Text, bindparam, cast, literal_column, select
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.types import TypeDecorator, TypeEngine

from core.schema import Identity

DAY = Date().with_variant(Text(), "sqlite")
"""SQLite keeps a day as text; to cast something to DATE makes a number of it there."""


def rows_of(parameter: str, **columns: TypeEngine[Any]) -> FromClause:
    """A table whose rows are given as a sequence of sequences (tuples where a unit of work reads); its columns in that order, each
    of its type. What a row lacks is NULL."""
    value = _Elements(bindparam(parameter, type_=_GivenRows())).table_valued("value").c.value
    cells = [
        cast(_Cell(value, literal_column(str(place))), DAY if isinstance(kind, Date) else kind).label(name)
        for place, (name, kind) in enumerate(columns.items())
    ]
    return select(*cells).subquery(parameter)


def ids_of(parameter: str) -> FromClause:
    """The same for a list of ids: a table with the one column `id`, which is given as [[id], ...]."""
    return rows_of(parameter, id=Identity)


@lru_cache(maxsize=200)
def _as_kept(moment: datetime | date) -> str:
    """As both databases read it; SQLite keeps a moment like that (core.schema.UTCDateTime). Remembered, because the rows of one
    statement share most of their moments."""
    if isinstance(moment, datetime):
        return moment.astimezone(UTC).isoformat(timespec="microseconds")
    return moment.isoformat()


class _GivenRows(TypeDecorator[Any]):
    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> str:
        return orjson.dumps(value, default=_as_kept, option=orjson.OPT_PASSTHROUGH_DATETIME).decode()


class _Elements(FunctionElement[Any]):
    inherit_cache = True


class _Cell(FunctionElement[Any]):
    inherit_cache = True


@compiles(_Elements, "sqlite")
def _elements_on_sqlite(function: _Elements, compiler: Any, **options: Any) -> str:
    return f"json_each({compiler.process(function.clauses, **options)})"


@compiles(_Elements, "postgresql")
def _elements_on_postgresql(function: _Elements, compiler: Any, **options: Any) -> str:
    """JSONB is read once; of JSON every cell would be."""
    return f"jsonb_array_elements(CAST({compiler.process(function.clauses, **options)} AS JSONB))"


@compiles(_Cell, "sqlite")
def _cell_on_sqlite(function: _Cell, compiler: Any, **options: Any) -> str:
    value, place = (compiler.process(clause, **options) for clause in function.clauses)
    return f"json_extract({value}, '$[{place}]')"


@compiles(_Cell, "postgresql")
def _cell_on_postgresql(function: _Cell, compiler: Any, **options: Any) -> str:
    value, place = (compiler.process(clause, **options) for clause in function.clauses)
    return f"({value} ->> {place})"
