"""Importing who is away: employees, and those who would be told. A code may be that of both."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import bindparam, select
from sqlalchemy.dialects.postgresql import insert  # its ON CONFLICT is understood by both databases

from core.imports import ImportRefused, ImportReport
from core.people.cells import Complaints, needed
from core.people.tables import person_leaves, persons
from core.statements import Statement
from core.training.commands import ImportLeaves
from core.training.import_assignments import chunks
from core.training.import_record import record_import
from core.training.import_rows import needed_day
from core.training.leaves import SAY, count_leaves
from core.training.queries import today_at
from core.training.rows import LeaveRow
from core.training.tables import employee_leaves, employees
from core.unit_of_work import UnitOfWork

_client = bindparam("client_id", type_=employees.c.client_id.type)
_e, _l, _p = employees.c, employee_leaves.c, person_leaves.c
EMPLOYEES = Statement(select(_e.id, _e.code).where(_e.client_id == _client))
PERSONS = Statement(select(persons.c.id, persons.c.code).where(persons.c.client_id == _client))
KNOWN = Statement(
    select(_l.employee_id.label("id"), _l.from_on, _l.until_on).join(employees).where(_e.client_id == _client)
)
KNOWN_OF_PERSONS = Statement(
    select(_p.person_id.label("id"), _p.from_on, _p.until_on).join(persons).where(persons.c.client_id == _client)
)
_said = insert(person_leaves).values(
    {name: bindparam(name) for name in ("person_id", "from_on", "until_on", "said_by")}
)
SAY_OF_PERSON = Statement(
    _said.on_conflict_do_update(
        index_elements=["person_id", "from_on"],
        set_={"until_on": _said.excluded.until_on, "said_by": _said.excluded.said_by},
    )
)
Leave = tuple[str, date, date]
"""Whose (the code in small letters), the first day, the last day."""


@dataclass(frozen=True, slots=True)
class Book:
    """The leaves of employees, or of those who would be told. `ids`: by code; `known`: the last day, by id and first day."""

    ids: dict[str, int]
    known: dict[tuple[int, date], date]
    write: Statement[Any]
    column: str

    def last_day(self, leave: Leave) -> date | None:
        return self.known.get((self.ids[leave[0]], leave[1])) if leave[0] in self.ids else None

    def differs(self, leave: Leave) -> bool:
        return leave[0] in self.ids and self.last_day(leave) != leave[2]


def import_leaves(command: ImportLeaves, uow: UnitOfWork) -> ImportReport:
    client_id = command.client_id
    books = (
        _book(uow, client_id, (EMPLOYEES, KNOWN, SAY), "employee_id"),
        _book(uow, client_id, (PERSONS, KNOWN_OF_PERSONS, SAY_OF_PERSON), "person_id"),
    )
    wanted = _read(command.rows, {key for book in books for key in book.ids})
    for book in books:
        for chunk in chunks(leave for leave in wanted if book.differs(leave)):
            uow.run_many(book.write, [_row(uow, book, leave) for leave in chunk])
    count_leaves(uow, client_id, today_at(uow, client_id, uow.now))
    touched = [leave for leave in wanted if any(book.differs(leave) for book in books)]
    changed = sum(any(book.last_day(leave) for book in books) for leave in touched)
    report = ImportReport(len(touched) - changed, changed, len(wanted) - len(touched))
    record_import(uow, client_id, "leave", report)
    return report


def _book(
    uow: UnitOfWork, client_id: int, how: tuple[Statement[Any], Statement[Any], Statement[Any]], column: str
) -> Book:
    ids, known, write = how
    return Book(
        {row.code.casefold(): row.id for row in uow.all(ids, client_id=client_id)},
        {(row.id, row.from_on): row.until_on for row in uow.all(known, client_id=client_id)},
        write,
        column,
    )


def _row(uow: UnitOfWork, book: Book, leave: Leave) -> dict[str, Any]:
    code, first, last = leave
    said = {"from_on": first, "until_on": last, "said_by": uow.actor.name, "created_at": uow.now}
    return {book.column: book.ids[code], **said}


def _read(rows: Iterable[LeaveRow], codes: set[str]) -> list[Leave]:
    """Raises ImportRefused."""
    complaints, wanted, lines = Complaints(), list[Leave](), dict[tuple[str, date], int]()
    for row in rows:
        code = complaints.read(row.line, "code", needed, row.code, "")
        first = complaints.read(row.line, "from_on", needed_day, row.from_on, None)
        last = complaints.read(row.line, "until_on", needed_day, row.until_on, None)
        key = code.casefold()
        if code and key not in codes:
            complaints.say(row.line, "code", f"there is nobody with the code “{code}”")
        if first and last and last < first:
            complaints.say(row.line, "until_on", "lies before the first day")
        if first and (line := lines.setdefault((key, first), row.line)) != row.line:
            complaints.say(row.line, "from_on", f"{code} has a leave from that day in line {line} already")
        if first and last:
            wanted.append((key, first, last))
    if complaints.bad:
        raise ImportRefused(complaints.bad)
    return wanted
