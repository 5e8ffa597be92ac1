"""What a client promises for each priority: targets, how long a claim may lie, and whether its hours count."""

from dataclasses import asdict, dataclass, fields
from typing import Any, Literal, get_args

from core.audit.record import Subject, record
from core.errors import Invalid
from core.escalations.commands import SetServiceLevels
from core.escalations.events import ServiceLevelsSet
from core.escalations.policy import RESPONSE_MINUTES
from core.people.queries import get_unit
from core.scheduling.queries import find_kept, keep
from core.statements import Reader
from core.unit_of_work import UnitOfWork

Hours = Literal["business", "calendar"]
MOST = 60 * 24 * 90
FIELDS = {"response": "response", "resolution": "resolution", "claim": "claim"}


@dataclass(frozen=True, slots=True)
class ServiceLevels:
    """Minutes for P0, P1, P2, P3. `hours`: business counts only while the client is open, but P0 always; where no hours were said
    a client always is. `claim`: without activity for so long it goes back to the queue."""

    response: tuple[int, ...] = RESPONSE_MINUTES
    resolution: tuple[int, ...] = (240, 480, 1440, 4320)
    claim: tuple[int, ...] = (10, 30, 60, 240)
    hours: Hours = "business"


def service_levels(reader: Reader, client_id: int) -> ServiceLevels:
    return reader.derive(_service_levels, client_id)


def _service_levels(reader: Reader, client_id: int) -> ServiceLevels:
    kept: dict[str, Any] = find_kept(reader, f"service_levels:{client_id}") or {}
    return ServiceLevels(**kept | {name: tuple(kept[name]) for name in FIELDS if name in kept})


def set_service_levels(command: SetServiceLevels, uow: UnitOfWork) -> ServiceLevels:
    """They count for what is raised, claimed or given another priority from now on."""
    client = get_unit(uow, command.client_id)
    given = {one.name: value for one in fields(ServiceLevels) if (value := getattr(command, one.name)) is not None}
    levels = ServiceLevels(**asdict(service_levels(uow, client.id)) | given)
    _check(levels)
    keep(uow, f"service_levels:{client.id}", asdict(levels))
    record(uow, Subject("unit", client.id, client.code, client.id, client.id), ServiceLevelsSet(**asdict(levels)))
    return levels


def _check(levels: ServiceLevels) -> None:
    """Raises Invalid."""
    if levels.hours not in get_args(Hours):
        raise Invalid(f"“{levels.hours}” is neither business nor calendar.", field="hours")
    for name, field in FIELDS.items():
        minutes = getattr(levels, name)
        if len(minutes) != len(RESPONSE_MINUTES) or not all(1 <= one <= MOST for one in minutes):
            raise Invalid(f"Four numbers of minutes, for P0 to P3, each from 1 to {MOST}.", field=field)
        if list(minutes) != sorted(minutes):
            raise Invalid("What is less urgent cannot be due sooner.", field=field)
    if any(answer > end for answer, end in zip(levels.response, levels.resolution, strict=True)):
        raise Invalid(
            "Nothing is resolved before it is answered: the resolution target is the later one.", field="resolution"
        )
