"""The overdue trainings, or the proof of notice, as a file for one person: with what they may see at the moment it is made."""

from datetime import datetime

from core.errors import Forbidden
from core.media.made import keep_wish
from core.people.permissions import ROLES_WITH, paths_of, who_may
from core.people.queries import actor_for, get_person, get_unit
from core.sheets import Sheet
from core.statements import Reader
from core.training.counting import count_days
from core.training.fairness import fairness_sheet, scope_of
from core.training.overdue_sheet import overdue_sheet
from core.unit_of_work import UnitOfWork

MIMES = {"csv": "text/csv", "pdf": "application/pdf"}


def wish_file(uow: UnitOfWork, person_id: int, kind: str, of: str = "") -> int:
    """`kind`: csv or pdf; `of`: the proof of notice of this employee or unit. Returns the media id."""
    client_id = get_person(uow, person_id).client_id
    return keep_wish(uow, client_id, " ".join([str(person_id), kind, of]).strip(), MIMES[kind])


def wished(file_id: str) -> tuple[int, str, str]:
    """Whose, csv or pdf, and of what; as `wish_file` wrote it."""
    person_id, kind, *of = file_id.split(" ", 2)
    return int(person_id), kind, of[0] if of else ""


def name_of(kind: str, of: str) -> str:
    return f"{'proof-of-notice' if of else 'overdue-trainings'}.{kind}"


def sheet_for(reader: Reader, person_id: int, of: str, now: datetime) -> Sheet:
    """Raises NotFound for a code nobody has, Forbidden where they look after nothing (any more)."""
    person = get_person(reader, person_id)
    actor = actor_for(reader, person, "file", now)
    if not of:
        paths = paths_of(actor, "training.read")
        return overdue_sheet(reader, person.client_id, paths, count_days(reader, person.client_id, now))
    scope = scope_of(reader, person.client_id, of)
    if not actor.covers(get_unit(reader, scope.unit_id).path, ROLES_WITH["training.read"]):
        raise Forbidden(f"You may not see that at {scope.title}. {who_may('training.read')}")
    return fairness_sheet(reader, person.client_id, scope, now.date())
