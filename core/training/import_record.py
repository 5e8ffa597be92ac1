"""An import that changed something is one event of its client; every import says how old the records were."""

from sqlalchemy import bindparam, insert, select

from core.audit.record import Subject, record
from core.imports import ImportReport
from core.people.queries import get_unit
from core.statements import Reader, Statement
from core.training.events import TrainingsImported
from core.training.import_tables import Import, training_imports
from core.training.rows import Source
from core.unit_of_work import UnitOfWork

_m = training_imports.c
_NEW = [name for name in Import.__dataclass_fields__ if name != "id"]
NEW = Statement(insert(training_imports).values({name: bindparam(name) for name in _NEW}))
LAST = Statement(
    select(*(_m[name] for name in Import.__dataclass_fields__))
    .where(_m.client_id == bindparam("client_id"))
    .order_by(_m.id.desc())
    .limit(bindparam("limit")),
    Import,
)


def record_import(uow: UnitOfWork, client_id: int, what: str, report: ImportReport) -> None:
    if report.added or report.changed:
        client = get_unit(uow, client_id)
        subject = Subject("unit", client.id, client.code, client.id, client.id)
        record(uow, subject, TrainingsImported(what, report.added, report.changed, report.unchanged))


def note_source(uow: UnitOfWork, client_id: int, source: Source, report: ImportReport) -> None:
    uow.run(
        NEW,
        client_id=client_id,
        source_at=source.at or uow.now,
        imported_at=uow.now,
        imported_by=uow.actor.name,
        rows=report.added + report.changed + report.unchanged,
        columns=list(source.columns),
        is_whole=source.whole,
        added=report.added,
        changed=report.changed,
    )


def list_imports(reader: Reader, client_id: int, limit: int = 20) -> list[Import]:
    """The newest first."""
    return reader.all(LAST, client_id=client_id, limit=limit)
