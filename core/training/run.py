"""The daily run: one count over everything overdue, then one digest per person, part by part, so that it can be watched, goes on
after a crash where it stood, and never holds the database for long."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from core.audit.record import Subject, record
from core.errors import Conflict
from core.outbox import changes as outbox
from core.outbox.notify import Notification, tell_person, zone_of
from core.people.queries import get_person, get_unit
from core.training import events, runs
from core.training.commands import BeginTrainingRun, GoOnWithTrainingRun, RunTrainingEscalation
from core.training.counting import DayCount, count_days
from core.training.digests import Digest, list_digests
from core.training.holding import check_records
from core.training.leaves import count_leaves
from core.training.queries import list_groups
from core.training.recipients import Away, Recipients
from core.training.schedule import note_success
from core.training.sending import Pacing, pacing_of
from core.training.tables import Group, TrainingRun
from core.training.tellings import DIGEST, Part, last_told, note_tellings, remember_told
from core.unit_of_work import UnitOfWork

PART = 100
"""People told in one unit of work."""
STUCK_AFTER = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class TrainingCounts:
    """`people`: who is to be told, `told`: those who got a digest in this run so far, `told_before` those who had theirs today
    already. `unreached`: units where nobody up the whole chain has an address."""

    units: int = 0
    assignments: int = 0
    critical: int = 0
    people: int = 0
    told: int = 0
    told_before: int = 0
    unreached: int = 0

    @property
    def sentence(self) -> str:
        return (
            f"{self.told} people told, {self.told_before} had theirs before; {self.assignments} overdue trainings in"
            f" {self.units} units, {self.critical} critical"
            f"{f'; nobody to tell in {self.unreached} of them' if self.unreached else ''}."
        )


@dataclass(frozen=True, slots=True)
class TrainingReport:
    """`held`: why nobody was told; empty: the guard had no doubts."""

    run_id: int
    client_id: int
    today: date
    counts: TrainingCounts
    held: str = ""

    @property
    def sentence(self) -> str:
        return f"Held, nobody was told: {self.held}" if self.held else self.counts.sentence


def run(command: RunTrainingEscalation, uow: UnitOfWork) -> TrainingReport:
    begun = begin(BeginTrainingRun(command.client_id, command.today), uow)
    while not (ended := go_on(GoOnWithTrainingRun(begun.run_id), uow)):
        pass
    return ended


def begin(command: BeginTrainingRun, uow: UnitOfWork) -> TrainingReport:
    client_id, today = command.client_id, command.today
    _check_alone(uow, client_id)
    if why := check_records(uow, client_id, today):
        held = runs.new(uow, client_id, today, uow.now, outcome="held", error=" ".join(why))
        return TrainingReport(held, client_id, today, TrainingCounts(), " ".join(why))
    count_leaves(uow, client_id, today)
    count = count_days(uow, client_id, uow.now, today)
    groups = list_groups(uow, client_id, count)
    run_id = runs.new(uow, client_id, today, uow.now, policy_id=count.policy.id)
    shares, unreached = _share_out(uow, client_id, groups, count)
    runs.announce(uow, run_id, shares)
    counts = TrainingCounts(
        units=len({group.unit_id for group in groups}),
        assignments=sum(group.assignments for group in groups),
        critical=sum(group.critical for group in groups),
        people=len({person for person, *_ in shares}),
        unreached=unreached,
    )
    runs.go_on(uow, run_id, asdict(counts))
    return TrainingReport(run_id, client_id, today, counts)


def go_on(command: GoOnWithTrainingRun, uow: UnitOfWork) -> TrainingReport | None:
    """The report once nobody is left to be told, or when the records are not good enough; None while somebody is."""
    found = runs.get(uow, command.run_id)
    if found.outcome == "held":
        return TrainingReport(found.id, found.client_id, found.run_on, TrainingCounts(), found.error)
    counts, people = TrainingCounts(**found.counts), runs.list_untold(uow, found.id, PART)
    if found.outcome != "running":
        raise Conflict(f"The training run of {found.run_on:%d.%m.%Y} is {found.outcome} already.")
    if not people:
        return _finish(uow, found, counts)
    count = count_days(uow, found.client_id, uow.now, found.run_on)
    part = Part(found.id, people[0], people[-1], count)
    told = _tell_part(uow, found, part, people, counts.told)
    told_before = counts.told_before + len(people) - told
    runs.go_on(uow, found.id, asdict(replace(counts, told=counts.told + told, told_before=told_before)))
    return None


def _check_alone(uow: UnitOfWork, client_id: int) -> None:
    """Raises Conflict while another run of the client goes on: both would tell the same people."""
    runs.lock(uow, client_id)
    other = runs.find_running(uow, client_id)
    if other and uow.now - other.beat_at < STUCK_AFTER:
        told, people = other.counts.get("told", 0), other.counts.get("people", 0)
        raise Conflict(f"A run has been going on since {other.started_at:%H:%M} UTC: {told} of {people} told.")
    if other:
        runs.end(uow, other.id, "failed", "It was not finished before the next one began.")


def _finish(uow: UnitOfWork, found: TrainingRun, counts: TrainingCounts) -> TrainingReport:
    runs.note_levels(uow, found.id, found.client_id, count_days(uow, found.client_id, uow.now, found.run_on))
    runs.end(uow, found.id, "done")
    note_success(uow, found.client_id)
    record(uow, subject_of_run(found.id, found.client_id), events.TrainingRunDone(asdict(counts)))
    return TrainingReport(found.id, found.client_id, found.run_on, counts)


def subject_of_run(run_id: int, client_id: int) -> Subject:
    return Subject("training_run", run_id, f"training run {run_id}", client_id, client_id)


def _share_out(
    uow: UnitOfWork, client_id: int, groups: list[Group], count: DayCount
) -> tuple[list[tuple[int, Group, Sequence[Away]]], int]:
    """Who is to be told of which group and for whom, and how many units concern nobody."""
    recipients = Recipients(uow, client_id, count)
    shares: list[tuple[int, Group, Sequence[Away]]] = []
    unreached = set()
    for group in groups:
        chosen = recipients.choose(group.unit_id, group.level)
        shares += [(person.id, group, chosen.instead_of) for person in chosen.people]
        if not chosen.people:
            unreached.add(group.unit_id)
    return shares, len(unreached)


def _tell_part(uow: UnitOfWork, found: TrainingRun, part: Part, people: list[int], told_so_far: int) -> int:
    """How many of these people were told; the others had their digest today, or nothing is left to tell them."""
    days = {person_id: _own_day(uow, found, person_id) for person_id in people}
    before = last_told(uow, part)
    late_comers = [
        person_id for person_id in people if person_id in before and before[person_id].told_on >= days[person_id]
    ]
    runs.drop_notices(uow, found.id, late_comers)
    note_tellings(uow, part)
    part = replace(part, least=min((last.known_run_id for last in before.values() if last.known_run_id), default=0))
    pacing = pacing_of(uow)
    told: list[int] = []
    for digest in list_digests(uow, part, {person_id: last.known_on for person_id, last in before.items()}):
        leaves_at = pacing.leaves_at(found.started_at, told_so_far + len(told))
        if _tell(uow, found, digest, days[digest.person_id], pacing, leaves_at):
            told.append(digest.person_id)
    runs.drop_notices(uow, found.id, [person for person in people if person not in told])
    runs.mark_told(uow, part)
    remember_told(uow, [(person_id, days[person_id]) for person_id in told])
    return len(told)


def _tell(uow: UnitOfWork, found: TrainingRun, digest: Digest, day: date, pacing: Pacing, leaves_at: datetime) -> bool:
    notification = Notification(
        digest.template,
        digest.facts,
        subject_of_run(found.id, found.client_id),
        dedupe_key=f"training:digest:{day.isoformat()}",
        digest=outbox.Digest(DIGEST, {}),  # what it covers stands in the tellings
        not_before=leaves_at,
        tries=pacing.tries,
    )
    return tell_person(uow, digest.person_id, notification) is not None


def _own_day(uow: UnitOfWork, found: TrainingRun, person_id: int) -> date:
    """The day the run is for, where this person is: it may be another one there."""
    here, there = get_unit(uow, found.client_id).time_zone, zone_of(uow, get_person(uow, person_id))
    return found.run_on + (uow.now.astimezone(ZoneInfo(there)).date() - uow.now.astimezone(ZoneInfo(here)).date())
