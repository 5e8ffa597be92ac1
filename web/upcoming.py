"""What happens next to an open case, by itself: when, and who is told."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from core.people.permissions import ROLE_NAMES
from core.people.queries import CONTACTS_OF, PERSON_BY_CODE, get_person, get_unit, list_holders
from core.people.tables import Person
from core.policies.climbing import RUNNING, list_running
from core.policies.policy import PERSON
from core.policies.tables import Climb
from core.reading_ahead import read_ahead
from core.statements import Reader

CHANNEL_NAMES = {"telegram": "Telegram", "slack": "Slack", "whatsapp": "WhatsApp"}


DONE_BESIDES = {"expire": "back to the queue if nothing happens"}
"""What a step does beside telling."""


@dataclass(frozen=True, slots=True)
class Told:
    """`channel` is empty when the person has no address."""

    name: str
    role: str
    channel: str

    @property
    def words(self) -> str:
        via = f", {CHANNEL_NAMES.get(self.channel, self.channel)}" if self.channel else ""
        return f"{self.name} ({self.role}){via}" if self.name else self.role


@dataclass(frozen=True, slots=True)
class Upcoming:
    at: datetime
    purpose: str
    act: str
    whom: tuple[Told, ...]

    def sentence(self, zone: str, now: datetime) -> str:
        """'10:42 → Maria (cluster manager), WhatsApp'; with the weekday when it is not today."""
        at, today = self.at.astimezone(ZoneInfo(zone)), now.astimezone(ZoneInfo(zone)).date()
        return f"{at:%H:%M} → {self.words}" if at.date() == today else f"{at:%a %d %b %H:%M} → {self.words}"

    @property
    def words(self) -> str:
        whom = "; ".join(told.words for told in self.whom) or "nobody can be reached"
        return f"{DONE_BESIDES[self.act]}, {whom}" if self.act in DONE_BESIDES else whom


def look_ahead(reader: Reader, kind: str, ids: Iterable[int]) -> None:
    """Before it is asked about each of many."""
    read_ahead(reader, RUNNING, [{"kind": kind, "id": one} for one in ids])


def find_next(
    reader: Reader, kind: str, subject_id: int, unit_id: int, assignee_id: int | None, now: datetime
) -> Upcoming | None:
    """The nearest."""
    climb = next((one for one in list_running(reader, kind, subject_id) if one.due_at), None)
    return _upcoming(reader, climb, unit_id, assignee_id, now) if climb else None


def list_upcoming(
    reader: Reader, kind: str, subject_id: int, unit_id: int, assignee_id: int | None, now: datetime
) -> list[Upcoming]:
    """The nearest first."""
    running = [one for one in list_running(reader, kind, subject_id) if one.due_at]
    return [_upcoming(reader, climb, unit_id, assignee_id, now) for climb in running]


def _upcoming(reader: Reader, climb: Climb, unit_id: int, assignee_id: int | None, now: datetime) -> Upcoming:
    assert climb.due_at is not None
    step = climb.steps[climb.position]
    whom = [told for role in step.tell for told in _told(reader, role, unit_id, assignee_id, now)]
    return Upcoming(climb.due_at, climb.purpose, step.act, tuple(dict.fromkeys(whom)))


def _told(reader: Reader, role: str, unit_id: int, assignee_id: int | None, now: datetime) -> list[Told]:
    if role == "board":
        return [Told("", "the board", "")] if assignee_id is None else []
    if role == "assignee":
        return [_one(reader, get_person(reader, assignee_id), "who has it")] if assignee_id else []
    if role.startswith(PERSON):
        named = reader.first(PERSON_BY_CODE, client_id=get_unit(reader, unit_id).client_id, code=_code(role))
        return [_one(reader, named, "by name")] if named else []
    name = ROLE_NAMES[role].split(" ", 1)[-1]
    return [_one(reader, person, name) for person in list_holders(reader, unit_id, role, now.date())]


def _code(role: str) -> str:
    return role.removeprefix(PERSON).strip().lower()


def _one(reader: Reader, person: Person, role: str) -> Told:
    methods = reader.all(CONTACTS_OF, person_id=person.id)
    return Told(person.name, role, methods[0].channel if methods else "")
