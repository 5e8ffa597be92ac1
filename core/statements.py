"""Statements built once and compiled once per dialect, run straight on the driver.

Executing plain Core costs more than the database itself on the hot path (bench/commands.py); the text, the order of the
parameters and the type conversions never change, so they are taken from Core once.
"""

from collections import namedtuple
from collections.abc import Callable, Hashable, Iterable, Sequence
from typing import Any, Generic, TypeVar, cast, overload

from sqlalchemy import Connection, Dialect, Insert, Table, literal_column
from sqlalchemy.sql.base import Executable
from sqlalchemy.sql.dml import UpdateBase
from sqlalchemy.sql.elements import ColumnElement
from sqlalchemy.sql.visitors import iterate
from sqlalchemy.types import TypeDecorator, TypeEngine

from core.compiled import Compiled, Convert, parameters_of, row_of
from core.quick import is_frozen, maker
from core.settled import SELDOM_WRITTEN

T = TypeVar("T")


def literally(word: str) -> ColumnElement[str]:
    """A constant written into the SQL text, as a partial index's condition needs it."""
    return literal_column(f"'{word}'")


class Statement(Generic[T]):
    """A Core statement and what its rows become: `into(*columns)` in the order of the columns, else a named tuple.

    `writes`: the table it changes (empty: none); `tables`: every table it touches. `unseen_by`: reads of a table it writes that
    cannot find what it changes there, so that a unit of work need not ask them again.
    """

    @overload
    def __init__(
        self: "Statement[Any]", core: Executable, into: None = None, *, unseen_by: "Sequence[Statement[Any]]" = ()
    ) -> None: ...
    @overload
    def __init__(
        self, core: Executable, into: Callable[..., T], *, unseen_by: "Sequence[Statement[Any]]" = ()
    ) -> None: ...
    def __init__(
        self,
        core: Executable,
        into: Callable[..., T] | None = None,
        *,
        unseen_by: "Sequence[Statement[Any]]" = (),
    ) -> None:
        self.core: Executable = core
        self.unseen_by = tuple(unseen_by)
        self.writes: str = cast(Table, core.table).name if isinstance(core, UpdateBase) else ""
        self.tables = frozenset(part.name for part in iterate(cast(Any, core)) if isinstance(part, Table))
        self._into = maker(cast(type[T], into)) if is_frozen(into) else into
        self.by_dialect: dict[str, Compiled[T]] = {}
        """Those that were needed so far."""

    def compiled(self, dialect: Dialect) -> Compiled[T]:
        name = dialect.name
        if name not in self.by_dialect:
            self.by_dialect[name] = self._compile(dialect)
        return self.by_dialect[name]

    def _compile(self, dialect: Dialect) -> Compiled[T]:
        core = self._for(dialect)
        compiled = cast(Any, core).compile(dialect=dialect)
        names = tuple(compiled.positiontup) if compiled.positional else tuple(compiled.bind_names.values())
        binds = {name: compiled.binds[name].type.dialect_impl(dialect).bind_processor(dialect) for name in names}
        constants = {name: compiled.binds[name].value for name in names if not compiled.binds[name].required}
        columns = list(getattr(core, "exported_columns", ()))
        touched = frozenset((self.writes,)) if self.writes else self.tables
        return Compiled(
            sql=str(compiled),
            writes=self.writes,
            tables=self.tables,
            unseen_by=frozenset(one.compiled(dialect) for one in self.unseen_by),
            order=names if compiled.positional else None,
            parameters=parameters_of(names, binds, constants, by_name=not compiled.positional),
            row=row_of(self.make_for(core), [_from_driver(column.type, dialect) for column in columns]),
            is_settled=bool(touched) and touched <= SELDOM_WRITTEN,
        )

    def make_for(self, core: Executable) -> Callable[..., T]:
        """What makes a row of `core`, which has the columns of this statement."""
        if self._into is None:
            columns = getattr(core, "exported_columns", ())
            self._into = cast(Callable[..., T], namedtuple("Row", [column.key for column in columns], rename=True))
        return self._into

    def _for(self, dialect: Dialect) -> Executable:
        return self.core


class NewRow(Statement[Any]):
    """An INSERT whose new id is wanted, without RETURNING on SQLite: there it costs half as much again as the insert, and the
    driver knows the id anyway."""

    def __init__(self, core: Insert, *, unseen_by: Sequence[Statement[Any]] = ()) -> None:
        super().__init__(core, unseen_by=unseen_by)

    def _for(self, dialect: Dialect) -> Executable:
        if dialect.name == "sqlite":
            return self.core
        inserted = cast(Insert, self.core)
        return inserted.returning(*cast(Table, inserted.table).primary_key)


def _from_driver(type_: TypeEngine[Any], dialect: Dialect) -> Convert | None:
    """psycopg hands over dates, floats and booleans as such; only our own types need converting there."""
    if dialect.name == "sqlite" or isinstance(type_, TypeDecorator):
        return cast(Any, type_.dialect_impl(dialect)).result_processor(dialect, None)  # type: ignore[no-any-return]
    return None


class Reader:
    """Runs statements on one connection. The same queries serve a unit of work and a page."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self.dialect = connection.dialect
        self._name = connection.dialect.name
        self._cursor: Any = cast(Any, connection.connection.dbapi_connection).cursor()

    @property
    def connection(self) -> Connection:
        """For what no statement of ours does."""
        return self._connection

    def all(self, statement: Statement[T], **values: Any) -> list[T]:
        compiled = self._compiled(statement)
        return self._all(compiled, compiled.parameters(values))

    def first(self, statement: Statement[T], **values: Any) -> T | None:
        compiled = self._compiled(statement)
        return self._first(compiled, compiled.parameters(values))

    def one(self, statement: Statement[T], **values: Any) -> T:
        """For statements that always have a row (an INSERT ... RETURNING, a count)."""
        row = self.first(statement, **values)
        assert row is not None
        return row

    def remember(self, read: Compiled[Any], found: Iterable[tuple[Any, list[Any]]]) -> None:
        """What this read finds with these parameters, as known from elsewhere (core/reading_ahead.py). A plain reader remembers
        nothing."""

    def derive(self, make: Callable[..., T], *of: Hashable) -> T:
        """make(reader, *of): what follows from seldom written rows alone (core/settled.py) and is changed by nobody. A plain reader
        makes it each time."""
        return make(self, *of)

    def run(self, statement: Statement[Any], **values: Any) -> int:
        """Rows touched; not to be trusted for ON CONFLICT DO NOTHING on psycopg (use RETURNING there)."""
        compiled = self._compiled(statement)
        self._writing(compiled)
        self._cursor.execute(compiled.sql, compiled.parameters(values))
        if self._cursor.description:  # SQLite holds the transaction open for rows of a RETURNING that nobody fetches
            self._cursor.fetchall()
        count: int = self._cursor.rowcount
        return count

    def insert(self, new: NewRow, **values: Any) -> int | None:
        """The new row's id (of a table without one: something); None when its ON CONFLICT DO NOTHING did nothing."""
        compiled = self._compiled(new)
        self._writing(compiled)
        self._cursor.execute(compiled.sql, compiled.parameters(values))
        if self._name == "sqlite":
            made: int | None = self._cursor.lastrowid if self._cursor.rowcount else None
        else:
            row = self._cursor.fetchone()
            made = None if row is None else row[0]
        return made

    def run_many(self, statement: Statement[Any], rows: Sequence[dict[str, Any]]) -> None:
        if not rows:
            return
        compiled = self._compiled(statement)
        self._writing(compiled)
        if len(rows) == 1:
            self._cursor.execute(compiled.sql, compiled.parameters(rows[0]))
        else:
            self._cursor.executemany(compiled.sql, [compiled.parameters(values) for values in rows])

    def _compiled(self, statement: Statement[T]) -> Compiled[T]:
        return statement.by_dialect.get(self._name) or statement.compiled(self.dialect)

    def _writing(self, write: Compiled[Any]) -> None:
        """Before each statement that changes something."""

    def _all(self, compiled: Compiled[T], parameters: Any) -> list[T]:
        self._cursor.execute(compiled.sql, parameters)
        return [compiled.row(row) for row in self._cursor.fetchall()]

    def _first(self, compiled: Compiled[T], parameters: Any) -> T | None:
        self._cursor.execute(compiled.sql, parameters)
        row = self._cursor.fetchone()
        return None if row is None else compiled.row(row)
