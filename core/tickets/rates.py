"""What an hour of labour costs at a client, where the technician does not say."""

from core.audit.record import Subject, record
from core.errors import Invalid
from core.people.queries import get_unit
from core.scheduling.queries import find_kept, keep
from core.statements import Reader
from core.tickets.client_commands import SetLabourRate
from core.tickets.events import LabourRateSet
from core.unit_of_work import UnitOfWork


def labour_rate(reader: Reader, client_id: int) -> int:
    """Minor units per hour; 0 where none was set."""
    return int(find_kept(reader, f"labour_rate:{client_id}") or 0)


def set_labour_rate(command: SetLabourRate, uow: UnitOfWork) -> int:
    if command.per_hour < 0:
        raise Invalid("A rate cannot be negative.", field="labourCostPerHour")
    client = get_unit(uow, command.client_id)
    keep(uow, f"labour_rate:{client.id}", command.per_hour)
    record(uow, Subject("unit", client.id, client.code, client.id, client.id), LabourRateSet(command.per_hour))
    return command.per_hour
