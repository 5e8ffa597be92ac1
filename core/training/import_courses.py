"""Importing the courses of a client: code and name."""

from sqlalchemy import bindparam, insert, select, update

from core.imports import ImportRefused, ImportReport
from core.people.cells import Complaints, needed
from core.statements import Statement
from core.training.commands import ImportCourses
from core.training.import_record import record_import
from core.training.rows import CourseRow
from core.training.tables import courses
from core.unit_of_work import UnitOfWork

KNOWN = Statement(
    select(courses.c.id, courses.c.code, courses.c.name).where(courses.c.client_id == bindparam("client_id"))
)
INSERT = Statement(insert(courses).values({name: bindparam(name) for name in ("client_id", "code", "name")}))
RENAME = Statement(update(courses).where(courses.c.id == bindparam("id_")).values(name=bindparam("name")))


def import_courses(command: ImportCourses, uow: UnitOfWork) -> ImportReport:
    wanted = _read(command.rows)
    known = {row.code.casefold(): row for row in uow.all(KNOWN, client_id=command.client_id)}
    new = [row for key, row in wanted.items() if key not in known]
    renamed = [(known[key].id, row.name) for key, row in wanted.items() if key in known and known[key].name != row.name]
    uow.run_many(INSERT, [{"client_id": command.client_id, "code": row.code, "name": row.name} for row in new])
    uow.run_many(RENAME, [{"id_": course_id, "name": name} for course_id, name in renamed])
    report = ImportReport(len(new), len(renamed), len(wanted) - len(new) - len(renamed))
    record_import(uow, command.client_id, "courses", report)
    return report


def _read(rows: tuple[CourseRow, ...]) -> dict[str, CourseRow]:
    """By code, in whatever case it is written. Raises ImportRefused."""
    complaints, wanted = Complaints(), dict[str, CourseRow]()
    for row in rows:
        code = complaints.read(row.line, "code", needed, row.code, "")
        name = complaints.read(row.line, "name", needed, row.name, "")
        first = wanted.setdefault(code.casefold(), CourseRow(row.line, code, name))
        if code and first.line != row.line:
            complaints.say(row.line, "code", f"“{code}” stands in line {first.line} already")
    if complaints.bad:
        raise ImportRefused(complaints.bad)
    return wanted
