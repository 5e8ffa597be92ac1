"""What a run over many cases will ask for, read in one statement per kind of question instead of one per case.

The statement is derived from the one that asks about a single case (each of its parameters becomes a column of a table of all that
are asked for), and the answers are put where the unit of work, or the reader of a page, looks first: what asks about one case stays
as it is and does not know.
"""

from collections.abc import Sequence
from functools import cache
from typing import Any

from sqlalchemy import Integer, Select
from sqlalchemy.dialects import sqlite
from sqlalchemy.sql.elements import BindParameter
from sqlalchemy.sql.visitors import replacement_traverse

from core.row_sets import rows_of
from core.statements import Reader, Statement


def read_ahead(reader: Reader, statement: Statement[Any], asked: Sequence[dict[str, Any]]) -> list[list[Any]]:
    """The rows of each that is asked for, in that order. Not for statements that limit, count or recurse: those answer for all of
    them together."""
    if not asked:
        return []
    for_all, names = _for_all(statement)
    found: list[list[Any]] = [[] for _ in asked]
    single = statement.compiled(reader.dialect)
    given = tuple((place, *(values[name] for name in names)) for place, values in enumerate(asked))
    for place, row in reader.all(for_all, given=given):
        found[place].append(row)
    reader.remember(single, zip(map(single.parameters, asked), found, strict=True))
    return found


@cache
def _for_all(statement: Statement[Any]) -> tuple[Statement[Any], tuple[str, ...]]:
    core: Any = statement.core
    binds = {bind.key: bind.type for bind in core.compile(dialect=sqlite.dialect()).binds.values() if bind.required}
    given = rows_of("given", place=Integer(), **binds)

    def as_column(element: Any, **_: Any) -> Any:
        return given.c[element.key] if isinstance(element, BindParameter) and element.required else None

    turned: Select[Any] = replacement_traverse(core, {}, as_column)
    make = statement.make_for(core)
    columns = turned.exported_columns
    return Statement(turned.with_only_columns(given.c.place, *columns), lambda place, *row: (place, make(*row))), tuple(
        binds
    )
