"""Statements compiled once: what goes in comes out the same on both databases."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any, NamedTuple

import pytest
from psycopg import ProgrammingError
from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Date,
    Float,
    Integer,
    MetaData,
    SmallInteger,
    Table,
    Text,
    bindparam,
    delete,
    func,
    insert,
    literal,
    select,
    update,
)
from sqlalchemy.dialects import postgresql, sqlite

from core.database import Database
from core.schema import JSONText, UTCDateTime
from core.statements import Statement, literally
from core.unit_of_work import UnitOfWork

kinds = Table(
    "every_kind",
    MetaData(),
    Column("id", Integer, primary_key=True),
    Column("word", Text),
    Column("small", SmallInteger),
    Column("big", BigInteger),
    Column("ratio", Float),
    Column("yes", Boolean),
    Column("day", Date),
    Column("moment", UTCDateTime),
    Column("json", JSONText),
)
NAMES = [column.name for column in kinds.c if column.name != "id"]
NEW = Statement(insert(kinds).values({name: bindparam(name) for name in NAMES}).returning(kinds.c.id))
BY_ID = Statement(select(*[kinds.c[name] for name in NAMES]).where(kinds.c.id == bindparam("id")))

NOTHING: dict[str, Any] = dict.fromkeys(NAMES)
MOMENT = datetime(2026, 11, 23, 9, 30, 15, 250, tzinfo=UTC)


@pytest.fixture
def table(database: Database) -> Iterator[Table]:
    kinds.create(database.engine)
    yield kinds
    kinds.drop(database.engine)


@pytest.mark.usefixtures("table")
@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("word", "Grüße, “quoted” 100 % :name ? 🚚"),
        ("word", ""),
        ("small", 32767),
        ("big", 2**62),
        ("ratio", 40.4168),
        ("yes", True),
        ("yes", False),
        ("day", date(2026, 11, 27)),
        ("moment", MOMENT),
        ("json", {"names": ["Ana", "Ben"], "total": 1.5, "none": None}),
        ("json", []),
        ("word", None),
        ("yes", None),
        ("day", None),
        ("moment", None),
        ("json", None),
    ],
)
async def test_a_value_comes_back_as_it_was_put_in(database: Database, column: str, value: object) -> None:
    put = await database.write(lambda uow: uow.one(NEW, **NOTHING | {column: value}).id)
    found = await database.read(lambda reader: getattr(reader.one(BY_ID, id=put), column))
    assert found == value
    assert type(found) is type(value)


@pytest.mark.usefixtures("table")
async def test_a_moment_of_another_zone_comes_back_in_utc(database: Database) -> None:
    madrid = MOMENT.astimezone(timezone(timedelta(hours=1)))
    put = await database.write(lambda uow: uow.one(NEW, **NOTHING | {"moment": madrid}).id)
    found = await database.read(lambda reader: reader.one(BY_ID, id=put).moment)
    assert (found, found.tzinfo) == (MOMENT, UTC)


@pytest.mark.usefixtures("table")
async def test_moments_are_compared_as_time_whatever_their_fraction(database: Database) -> None:
    whole = MOMENT.replace(microsecond=0)
    later = Statement(select(func.count().label("n")).where(kinds.c.moment > bindparam("than")))
    await database.write(lambda uow: uow.run_many(NEW, [NOTHING | {"moment": m} for m in (whole, MOMENT)]))
    assert await database.read(lambda reader: reader.one(later, than=whole).n) == 1


@pytest.mark.usefixtures("table")
async def test_datetimes_inside_json_become_iso_strings(database: Database) -> None:
    put = await database.write(lambda uow: uow.one(NEW, **NOTHING | {"json": {"at": MOMENT, "on": MOMENT.date()}}).id)
    found = await database.read(lambda reader: reader.one(BY_ID, id=put).json)
    assert found == {"at": "2026-11-23T09:30:15.000250Z", "on": "2026-11-23"}


@pytest.mark.usefixtures("table")
async def test_constants_of_the_statement_are_converted_as_well(database: Database) -> None:
    fixed = Statement(insert(kinds).values(word=bindparam("word"), json=["a"], moment=MOMENT, yes=True, small=7))
    await database.write(lambda uow: uow.run(fixed, word="x"))
    everything = Statement(select(*[kinds.c[name] for name in NAMES]))
    (row,) = await database.read(lambda reader: reader.all(everything))
    assert (row.word, row.json, row.moment, row.yes, row.small) == ("x", ["a"], MOMENT, True, 7)


@pytest.mark.usefixtures("table")
async def test_a_parameter_that_is_missing_raises_and_stores_nothing(database: Database) -> None:
    with pytest.raises((KeyError, ProgrammingError), match="word"):
        await database.write(lambda uow: uow.run(NEW, **{name: None for name in NAMES if name != "word"}))
    assert await database.read(lambda reader: reader.all(Statement(select(kinds.c.id)))) == []


@pytest.mark.usefixtures("table")
async def test_first_is_none_where_there_is_no_row_and_all_is_empty(database: Database) -> None:
    assert await database.read(lambda reader: reader.first(BY_ID, id=1)) is None
    assert await database.read(lambda reader: reader.all(BY_ID, id=1)) == []


@pytest.mark.usefixtures("table")
async def test_run_counts_the_rows_it_touched(database: Database) -> None:
    mark = Statement(update(kinds).where(kinds.c.small <= bindparam("most")).values(word=bindparam("word")))
    drop = Statement(delete(kinds).where(kinds.c.word == bindparam("word")))

    def work(uow: UnitOfWork) -> tuple[int, int]:
        uow.run_many(NEW, [NOTHING | {"small": n} for n in range(5)])
        return uow.run(mark, most=2, word="low"), uow.run(drop, word="low")

    assert await database.write(work) == (3, 3)


@pytest.mark.usefixtures("table")
async def test_many_of_none_is_nothing(database: Database) -> None:
    await database.write(lambda uow: uow.run_many(NEW, []))
    assert await database.read(lambda reader: reader.all(Statement(select(kinds.c.id)))) == []


class Pair(NamedTuple):
    word: str
    moment: datetime


@pytest.mark.usefixtures("table")
async def test_rows_become_what_the_statement_says(database: Database) -> None:
    pairs = Statement(select(kinds.c.word, kinds.c.moment), Pair)
    await database.write(lambda uow: uow.run(NEW, **NOTHING | {"word": "x", "moment": MOMENT}))
    assert await database.read(lambda reader: reader.all(pairs)) == [Pair("x", MOMENT)]


async def test_columns_of_one_name_keep_their_places(database: Database) -> None:
    twice = Statement(select(literal(1).label("n"), literal(2).label("n")))
    assert tuple(await database.read(lambda reader: reader.one(twice))) == (1, 2)


@pytest.mark.parametrize("dialect", [sqlite.dialect(), postgresql.psycopg.dialect()], ids=lambda d: str(d.name))
def test_a_literal_word_stands_in_the_text_itself(dialect: Any) -> None:
    compiled = Statement(select(kinds.c.id).where(kinds.c.word == literally("pending"))).compiled(dialect)
    assert compiled.sql.endswith("= 'pending'")


@pytest.mark.parametrize("dialect", [sqlite.dialect(), postgresql.psycopg.dialect()], ids=lambda d: str(d.name))
def test_a_statement_is_compiled_once(dialect: Any) -> None:
    statement = Statement(select(kinds.c.id))
    assert statement.compiled(dialect) is statement.compiled(dialect)
