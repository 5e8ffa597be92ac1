"""A client with two clusters of stores and everybody who is told about late trainings."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select

from channels.card import Card
from channels.rendering import render
from core.executor import execute
from core.imports import ImportReport
from core.outbox.tables import deliveries, notifications
from core.people.tables import contact_methods, positions
from core.statements import Reader
from core.training.commands import ImportAssignments, ImportCourses, RunTrainingEscalation
from core.training.counting import DayCount, count_days
from core.training.rows import AssignmentRow, CourseRow
from core.training.run import TrainingReport
from core.training.tables import courses, employees, training_assignments
from core.unit_of_work import UnitOfWork
from tests import builders

MADRID = ZoneInfo("Europe/Madrid")
TODAY = date(2026, 11, 23)
FORMS = ("training.store_digest", "training.cluster_digest", "training.hr_digest")
COURSES = ("FOOD", "FIRE", "CASH")


@dataclass
class World:
    """Units and people by code: cluster N with stores N1 and N2, cluster S with S1; each has its manager, HR is at the top."""

    client_id: int = 0
    units: dict[str, int] = field(default_factory=dict)
    people: dict[str, int] = field(default_factory=dict)


def build(uow: UnitOfWork, code: str = "ACME") -> World:
    world = World(builders.client(uow, code))
    for cluster, stores in {"N": ("N1", "N2"), "S": ("S1",)}.items():
        world.units[cluster] = builders.unit(uow, world.client_id, cluster, "cluster")
        hire(uow, world, f"{code}-C{cluster}", "cluster_manager", cluster)
        for store in stores:
            world.units[store] = builders.unit(uow, world.units[cluster], store)
            hire(uow, world, f"{code}-M{store}", "store_manager", store)
    world.units[""] = world.client_id
    hire(uow, world, f"{code}-HR", "hr_manager", "")
    teach(uow, world)
    return world


def teach(uow: UnitOfWork, world: World) -> None:
    rows = tuple(CourseRow(line, code, f"{code.title()} safety") for line, code in enumerate(COURSES, start=2))
    execute(ImportCourses(world.client_id, rows), uow)


def hire(uow: UnitOfWork, world: World, code: str, role: str, unit: str, **values: Any) -> None:
    key = code.rsplit("-", maxsplit=1)[-1]
    world.people[key] = builders.person(uow, world.units[unit], role, code, on=values.pop("on", "whatsapp"), **values)


def also_manages(uow: UnitOfWork, world: World, person: str, unit: str) -> None:
    builders.put(uow, positions, person_id=world.people[person], unit_id=world.units[unit], role="store_manager")


def late(employee: str, unit: str, days: int, course: str = "FOOD", *, line: int = 2, **values: str) -> AssignmentRow:
    """A row that is `days` overdue on TODAY."""
    due_on = (TODAY - timedelta(days=days)).isoformat()
    return AssignmentRow(line, employee, f"Employee {employee}", unit, course, due_on, **values)


def bring(uow: UnitOfWork, world: World, *rows: AssignmentRow) -> ImportReport:
    report: ImportReport = execute(ImportAssignments(world.client_id, rows), uow)
    return report


def run(uow: UnitOfWork, world: World, today: date = TODAY) -> TrainingReport:
    report: TrainingReport = execute(RunTrainingEscalation(world.client_id, today), uow)
    return report


def counted(uow: UnitOfWork, world: World, today: date = TODAY) -> DayCount:
    return count_days(uow, world.client_id, uow.now, today)


def assignment_id(reader: Reader, employee: str, course: str = "FOOD") -> int:
    found = reader.connection.execute(
        select(training_assignments.c.id)
        .join(employees, employees.c.id == training_assignments.c.employee_id)
        .join(courses, courses.c.id == training_assignments.c.course_id)
        .where(employees.c.code == employee, courses.c.code == course)
    )
    return int(found.scalar_one())


@dataclass(frozen=True)
class Told:
    """A message that somebody is sent, and its text as one would read it."""

    person_id: int
    template: str
    facts: dict[str, Any]

    @property
    def card(self) -> Card:
        return render(self.template, self.facts)

    @property
    def text(self) -> str:
        return self.text_in("en")

    def text_in(self, language: str) -> str:
        return text_of(self.template, self.facts, language)


def text_of(template: str, facts: dict[str, Any], language: str = "en") -> str:
    card = render(template, facts, language=language)
    return "\n\n".join([card.title, *(paragraph.text for paragraph in card.paragraphs)])


def list_told(reader: Reader) -> list[Told]:
    rows = reader.connection.execute(
        select(deliveries.c.person_id, notifications.c.template, notifications.c.facts)
        .join(notifications, notifications.c.id == deliveries.c.notification_id)
        .where(deliveries.c.kind == "message")
        .order_by(deliveries.c.id)
    )
    return [Told(*row) for row in rows]


def list_digest_keys(reader: Reader) -> list[str]:
    """Which day each digest was for, and whom."""
    return list(reader.connection.execute(select(notifications.c.dedupe_key).order_by(notifications.c.id)).scalars())


def also_on(uow: UnitOfWork, world: World, person: str, channel: str, rank: int) -> None:
    row = {"channel": channel, "address": f"{channel}-{person}", "rank": rank, "verified_at": uow.now}
    builders.put(uow, contact_methods, person_id=world.people[person], **row)
