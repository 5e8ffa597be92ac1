"""The daily run: one count over everything overdue, one digest per person, the announced level written back as a set."""

from dataclasses import asdict, dataclass
from datetime import date, datetime

from core.audit.record import Subject, record
from core.outbox.notify import Notification, tell_person
from core.training import events, writes
from core.training.commands import RecordFailedRun, RunTrainingEscalation
from core.training.counting import DayCount, count_days
from core.training.digests import Share, facts_of_digest
from core.training.queries import list_groups
from core.training.recipients import Recipients
from core.training.tables import Group
from core.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class TrainingCounts:
    """`told`: people who got a digest in this run, `told_before` those who had theirs today already. `unreached`: units
    where nobody up the whole chain has an address."""

    units: int
    assignments: int
    critical: int
    told: int
    told_before: int
    unreached: int


@dataclass(frozen=True, slots=True)
class TrainingReport:
    run_id: int
    client_id: int
    today: date
    counts: TrainingCounts


def run(command: RunTrainingEscalation, uow: UnitOfWork) -> TrainingReport:
    client_id, today = command.client_id, command.today
    count = count_days(uow, client_id, uow.now, today)
    groups = list_groups(uow, client_id, count)
    run_id = _new_run(uow, client_id, today, "done", uow.now, policy_id=count.policy.id)
    subject = subject_of_run(run_id, client_id)
    shares, unreached = _share_out(uow, run_id, client_id, groups, count)
    _write_notices(uow, shares)
    told = sum(_tell(uow, subject, share, count) for share in shares)
    uow.run(writes.TOLD, run_id=run_id, client_id_=client_id, **count.values)
    counts = TrainingCounts(
        units=len({group.unit_id for group in groups}),
        assignments=sum(group.assignments for group in groups),
        critical=sum(group.critical for group in groups),
        told=told,
        told_before=len(shares) - told,
        unreached=unreached,
    )
    uow.run(writes.COUNTED, id_=run_id, counts=asdict(counts))
    record(uow, subject, events.TrainingRunDone(asdict(counts)))
    return TrainingReport(run_id, client_id, today, counts)


def record_failed(command: RecordFailedRun, uow: UnitOfWork) -> int:
    client_id, error = command.client_id, command.error
    run_id = _new_run(uow, client_id, command.today, "failed", command.started_at, error)
    record(uow, subject_of_run(run_id, client_id), events.TrainingRunFailed(error))
    return run_id


def subject_of_run(run_id: int, client_id: int) -> Subject:
    return Subject("training_run", run_id, f"training run {run_id}", client_id, client_id)


def _share_out(
    uow: UnitOfWork, run_id: int, client_id: int, groups: list[Group], count: DayCount
) -> tuple[list[Share], int]:
    """Per person what concerns them, and how many units concern nobody."""
    recipients = Recipients(uow, client_id, count)
    shares: dict[int, Share] = {}
    unreached = set()
    for group in groups:
        people = recipients.of(group.unit_id, group.level)
        for person in people:
            shares.setdefault(person.id, Share(run_id, person.id, [])).groups.append(group)
        if not people:
            unreached.add(group.unit_id)
    return list(shares.values()), len(unreached)


def _write_notices(uow: UnitOfWork, shares: list[Share]) -> None:
    notices = [
        {"run_id": share.run_id, "person_id": share.person_id, "unit_id": group.unit_id, "level": group.level}
        for share in shares
        for group in share.groups
    ]
    uow.run_many(writes.NEW_NOTICE, notices)


def _tell(uow: UnitOfWork, subject: Subject, share: Share, count: DayCount) -> bool:
    """False when the person had today's digest already; then this run announced nothing to them."""
    digest = Notification(
        share.template, facts_of_digest(uow, share, count), subject, dedupe_key=f"training:digest:{count.today}"
    )
    told = tell_person(uow, share.person_id, digest) is not None
    if not told:
        uow.run(writes.NOT_TOLD, run_id_=share.run_id, person_id_=share.person_id)
    return told


def _new_run(
    uow: UnitOfWork,
    client_id: int,
    today: date,
    outcome: str,
    started_at: datetime,
    error: str = "",
    policy_id: int | None = None,
) -> int:
    row = uow.one(
        writes.NEW_RUN,
        client_id=client_id,
        policy_id=policy_id,
        run_on=today,
        started_at=started_at,
        finished_at=uow.now,
        outcome=outcome,
        counts={},
        error=error,
    )
    return int(row.id)
