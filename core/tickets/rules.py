"""What counts as the same fault at a client, and for how long a repair is to hold."""

from dataclasses import asdict, dataclass, fields

from core.audit.record import Subject, record
from core.errors import Invalid
from core.people.queries import get_unit
from core.scheduling.queries import find_kept, keep
from core.statements import Reader
from core.tickets.commands import SetTicketRules
from core.tickets.events import TicketRulesSet
from core.unit_of_work import UnitOfWork

MOST = {"duplicate_minutes": 7 * 1440, "area_minutes": 1440, "area_branches": 1000, "repeat_days": 366}
FIELDS = {
    "duplicate_minutes": "duplicateMinutes",
    "area_minutes": "areaMinutes",
    "area_branches": "areaBranches",
    "repeat_days": "repeatDays",
}
LEAST = {"duplicate_minutes": 0, "area_minutes": 0, "area_branches": 2, "repeat_days": 1}


@dataclass(frozen=True, slots=True)
class TicketRules:
    """A second report within `duplicate_minutes` may be the same fault; `area_branches` branches of one cluster that report the
    same within `area_minutes` have one cause; a fault that comes back within `repeat_days` was not repaired. 0 minutes: never."""

    duplicate_minutes: int = 60
    area_minutes: int = 30
    area_branches: int = 3
    repeat_days: int = 30


def ticket_rules(reader: Reader, client_id: int) -> TicketRules:
    return TicketRules(**(find_kept(reader, f"ticket_rules:{client_id}") or {}))


def set_ticket_rules(command: SetTicketRules, uow: UnitOfWork) -> TicketRules:
    client = get_unit(uow, command.client_id)
    given = {one.name: getattr(command, one.name) for one in fields(TicketRules)}
    for name, value in given.items():
        if value is not None and not LEAST[name] <= value <= MOST[name]:
            raise Invalid(f"{value} is not between {LEAST[name]} and {MOST[name]}.", field=FIELDS[name])
    rules = asdict(ticket_rules(uow, client.id)) | {name: value for name, value in given.items() if value is not None}
    keep(uow, f"ticket_rules:{client.id}", rules)
    record(uow, Subject("unit", client.id, client.code, client.id, client.id), TicketRulesSet(rules))
    return TicketRules(**rules)
