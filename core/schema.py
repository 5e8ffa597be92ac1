"""One metadata for SQLite and PostgreSQL, and the column types both agree on."""

from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

import orjson
from sqlalchemy import BigInteger, CheckConstraint, Column, DateTime, Dialect, Integer, MetaData, Text, TextClause, text
from sqlalchemy.sql.elements import ColumnElement
from sqlalchemy.types import TypeDecorator, TypeEngine

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

Identity = BigInteger().with_variant(Integer, "sqlite")
"""Our integer ids; SQLite numbers rows by itself only for INTEGER."""


class UTCDateTime(TypeDecorator[datetime]):
    """An aware UTC datetime. On SQLite fixed-width ISO text, so that comparing text compares time."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        return dialect.type_descriptor(Text() if dialect.name == "sqlite" else DateTime(timezone=True))

    def bind_processor(self, dialect: Dialect) -> Callable[[Any], Any]:
        return _as_text if dialect.name == "sqlite" else _as_utc

    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[Any], Any]:
        return _from_text if dialect.name == "sqlite" else _as_utc


@lru_cache(maxsize=512)  # one moment is written many times: a unit of work has one `now`
def _as_text(moment: datetime | None) -> str | None:
    return None if moment is None else moment.astimezone(UTC).isoformat(timespec="microseconds")


def _from_text(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text)


def _as_utc(moment: datetime | None) -> datetime | None:
    return None if moment is None else moment.astimezone(UTC)


class JSONText(TypeDecorator[Any]):
    """JSON kept as text on both databases: we never query inside it. Datetimes and dates become ISO strings."""

    impl = Text
    cache_ok = True

    def bind_processor(self, dialect: Dialect) -> Callable[[Any], Any]:
        return _as_json

    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[Any], Any]:
        return _from_json


def _as_json(value: Any) -> str | None:
    return None if value is None else orjson.dumps(value, option=orjson.OPT_UTC_Z).decode()


def _from_json(text: str | None) -> Any:
    return None if text is None else orjson.loads(text)


def primary_key() -> Column[int]:
    return Column("id", Identity, primary_key=True)


def any_of(column: str, words: Iterable[str]) -> str:
    """The condition that it is one of these. Not `IN`: for more than two SQLite builds a table whenever it looks at a constraint or
    at a partial index, which costs a quarter of an insert."""
    return "(" + " OR ".join(f"{column} = '{word}'" for word in words) + ")"


def one_of(column: str, words: Iterable[str]) -> CheckConstraint:
    """The state machine's words, repeated where nothing can get around them."""
    return CheckConstraint(any_of(column, words), name=column)


def where(condition: str | TextClause) -> dict[str, Any]:
    """Makes an index one of only these rows, on both databases."""
    these = text(condition) if isinstance(condition, str) else condition
    return {"sqlite_where": these, "postgresql_where": these}


Condition = ColumnElement[bool]
