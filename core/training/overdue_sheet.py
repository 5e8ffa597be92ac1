"""What is overdue, as a table that leaves the program."""

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from functools import partial

from core.people.queries import get_unit
from core.sheets import Sheet
from core.statements import Reader
from core.training.counting import DayCount
from core.training.listing import FIRST, list_overdue_page
from core.training.tables import OverdueRow

Row = tuple[object, ...]
Read = Callable[[Callable[[Reader], list[OverdueRow]]], Awaitable[list[OverdueRow]]]
PAGE = 1_000
COLUMNS = ("Training", "Employee", "Id", "Store", "Code", "Course", "Due", "Days overdue", "Told", "Put off until")
WIDTHS = (1.1, 2.4, 1.3, 2.4, 1.1, 2.6, 1.2, 0.9, 1.7, 1.2)


def overdue_sheet(reader: Reader, client_id: int, paths: Sequence[str], count: DayCount) -> Sheet:
    """Everything below these places, the longest overdue first at each of them."""
    client = get_unit(reader, client_id)
    rows = [_row(row, count) for path in paths for row in _pages(reader, client_id, path, count)]
    sheet = Sheet(f"Overdue trainings of {client.name}", "", COLUMNS, WIDTHS, rows)
    return replace(sheet, subtitle=f"{len(rows)} trainings on {count.today:%d.%m.%Y}, days as the policy counts them")


async def overdue_parts(
    read: Read, client_id: int, paths: Sequence[str], count: DayCount, at_once: int = PAGE
) -> AsyncIterator[list[Row]]:
    """The rows of the sheet, so many at a time, each part with a read of its own: any number of them fits, and nobody waits for the
    whole. What is added or done meanwhile shifts nothing."""
    for path in paths:
        after: tuple[date, int] | None = FIRST
        while after:
            page = partial(list_overdue_page, client_id=client_id, path=path, count=count, after=after, limit=at_once)
            rows = await read(page)
            if rows:
                yield [_row(row, count) for row in rows]
            after = (rows[-1].due_on, rows[-1].id) if len(rows) == at_once else None


def _pages(reader: Reader, client_id: int, path: str, count: DayCount) -> Iterator[OverdueRow]:
    after: tuple[date, int] = FIRST
    while rows := list_overdue_page(reader, client_id, path, count, after=after, limit=PAGE):
        yield from rows
        after = (rows[-1].due_on, rows[-1].id)


def _row(row: OverdueRow, count: DayCount) -> Row:
    today = count.at(row.unit_id).today
    told = count.policy.role_of(row.level).replace("_", " ") if row.level else ""
    off = max((day for day in (row.promised_on, row.leave_until) if day and day >= today), default=None)
    days = count.days(row.unit_id, row.due_on)
    return (
        row.reference,
        row.employee,
        row.employee_code,
        row.unit,
        row.unit_code,
        row.course,
        row.deadline,
        days,
        told,
        off,
    )
