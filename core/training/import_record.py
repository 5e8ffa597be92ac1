"""An import that changed something is one event of its client."""

from core.audit.record import Subject, record
from core.imports import ImportReport
from core.people.queries import get_unit
from core.training.events import TrainingsImported
from core.unit_of_work import UnitOfWork


def record_import(uow: UnitOfWork, client_id: int, what: str, report: ImportReport) -> None:
    if report.added or report.changed:
        client = get_unit(uow, client_id)
        subject = Subject("unit", client.id, client.code, client.id, client.id)
        record(uow, subject, TrainingsImported(what, report.added, report.changed, report.unchanged))
