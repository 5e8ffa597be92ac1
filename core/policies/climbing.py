"""Starting, stopping and advancing climbs. What a step does is the domain's business; when it is due is decided here."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, select, update
from sqlalchemy.dialects.postgresql import insert  # its ON CONFLICT is understood by both databases

from core.audit.record import Subject
from core.policies.steps import Step, due_at, due_together
from core.policies.tables import Climb, DueClimb, climbs
from core.row_sets import rows_of
from core.statements import Reader, Statement, literally
from core.unit_of_work import UnitOfWork

_COLUMNS = [climbs.c[name] for name in Climb.__dataclass_fields__]
_VALUES: dict[str, Any] = {name: bindparam(name) for name in Climb.__dataclass_fields__ if name != "id"}

START = Statement(
    insert(climbs)
    .values(_VALUES)
    .on_conflict_do_update(
        index_elements=["subject_kind", "subject_id", "purpose"],
        set_={name: bindparam(name) for name in ("steps", "position", "started_at", "due_at", "state")},
    )
)
STOP = Statement(
    update(climbs)
    .where(
        climbs.c.subject_kind == bindparam("kind"),
        climbs.c.subject_id == bindparam("id_"),
        climbs.c.purpose == bindparam("purpose_"),
        climbs.c.state == literally("running"),
    )
    .values(state="stopped", due_at=None)
)
_seen = rows_of("seen", id=climbs.c.id.type)
LOCKED = Statement(
    select(*_COLUMNS)
    .where(climbs.c.id.in_(select(_seen.c.id)), climbs.c.state == literally("running"))
    .order_by(climbs.c.id)
    .with_for_update(),
    Climb,
)
_moved = rows_of(
    "moved",
    id=climbs.c.id.type,
    position=climbs.c.position.type,
    due_at=climbs.c.due_at.type,
    state=climbs.c.state.type,
)
ADVANCE = Statement(
    update(climbs)
    .where(climbs.c.id == _moved.c.id)
    .values(position=_moved.c.position, due_at=_moved.c.due_at, state=_moved.c.state)
)
POSTPONE = Statement(
    update(climbs)
    .where(
        climbs.c.id == bindparam("id_"), climbs.c.position == bindparam("seen"), climbs.c.state == literally("running")
    )
    .values(due_at=bindparam("until"))
)
STOPPED = Statement(
    select(*_COLUMNS).where(
        climbs.c.subject_kind == bindparam("kind"),
        climbs.c.subject_id == bindparam("id"),
        climbs.c.purpose == bindparam("purpose"),
        climbs.c.state == literally("stopped"),
    ),
    Climb,
)
HASTEN = Statement(
    update(climbs)
    .where(
        climbs.c.subject_kind == bindparam("kind"),
        climbs.c.subject_id == bindparam("id_"),
        climbs.c.purpose == bindparam("purpose_"),
        climbs.c.state == literally("running"),
        climbs.c.started_at <= bindparam("since"),
        climbs.c.due_at > bindparam("now"),
    )
    .values(due_at=bindparam("now"))
    .returning(climbs.c.id)
)
_is_due = climbs.c.state == literally("running"), climbs.c.due_at <= bindparam("now")
DUE = Statement(
    select(*(climbs.c[name] for name in DueClimb._fields))
    .where(*_is_due)
    .order_by(climbs.c.due_at, climbs.c.id)
    .limit(bindparam("limit")),
    DueClimb,
)
DUE_LOCKED = Statement(
    select(*_COLUMNS)
    .where(*_is_due)
    .order_by(climbs.c.due_at, climbs.c.id)
    .limit(bindparam("limit"))
    .with_for_update(skip_locked=True),
    Climb,
)
RUNNING = Statement(
    select(*_COLUMNS)
    .where(
        climbs.c.subject_kind == bindparam("kind"),
        climbs.c.subject_id == bindparam("id"),
        climbs.c.state == literally("running"),
    )
    .order_by(climbs.c.due_at),
    Climb,
)


def start(uow: UnitOfWork, subject: Subject, purpose: str, steps: Sequence[Step]) -> None:
    """Begin (or begin again, with a fresh clock) to watch a case."""
    first = due_at(steps, 0, uow.now)
    uow.run(
        START,
        client_id=subject.client_id,
        subject_kind=subject.kind,
        subject_id=subject.id,
        purpose=purpose,
        steps=steps,
        position=0,
        started_at=uow.now,
        due_at=first,
        state="running" if first else "exhausted",
    )


def stop(uow: UnitOfWork, subject: Subject, purpose: str) -> None:
    uow.run(STOP, kind=subject.kind, id_=subject.id, purpose_=purpose)


def resume(uow: UnitOfWork, subject: Subject, purpose: str) -> None:
    """What was stopped goes on as if it had not been: steps that would have come meanwhile are due now."""
    stopped = uow.first(STOPPED, kind=subject.kind, id=subject.id, purpose=purpose)
    if stopped is None:
        return
    following = due_at(stopped.steps, stopped.position, stopped.started_at)
    state = "running" if following else "exhausted"
    uow.run(ADVANCE, moved=[(stopped.id, stopped.position, following, state)])


def list_due(reader: Reader, now: datetime, limit: int) -> list[DueClimb]:
    """Climbs whose next step is due, the longest overdue first."""
    return reader.all(DUE, now=now, limit=limit)


def list_running(reader: Reader, kind: str, subject_id: int) -> list[Climb]:
    """What is still going to happen to a case by itself, the nearest first."""
    return reader.all(RUNNING, kind=kind, id=subject_id)


def take_due(uow: UnitOfWork, limit: int) -> list[tuple[Climb, Step]]:
    """Move on those that are due, the longest overdue first, and return what is due now of each (see `due_together`). Those whose
    step another process is taking at this moment are left to it."""
    return _move_on(uow, uow.all(DUE_LOCKED, now=uow.now, limit=limit))


def take_steps(uow: UnitOfWork, due: Sequence[DueClimb]) -> list[tuple[Climb, Step]]:
    """The same of those that were read before, without those that another process has taken already or that were begun again."""
    now = {climb.id: climb for climb in uow.all(LOCKED, seen=tuple((one.id,) for one in due))}
    as_seen = [(now.get(one.id), one) for one in due]
    return _move_on(
        uow,
        [
            climb
            for climb, seen in as_seen
            if climb and (climb.position, climb.started_at) == (seen.position, seen.started_at)
        ],
    )


def take_step(uow: UnitOfWork, due: DueClimb) -> Step | None:
    """The same for one; None when it is not as it was."""
    taken = take_steps(uow, [due])
    return taken[0][1] if taken else None


def _move_on(uow: UnitOfWork, found: Sequence[Climb]) -> list[tuple[Climb, Step]]:
    taken, moved = [], []
    for climb in found:
        step, position = due_together(climb.steps, climb.position, climb.started_at, uow.now)
        following = due_at(climb.steps, position, climb.started_at)
        moved.append((climb.id, position, following, "running" if following else "exhausted"))
        taken.append((climb, step))
    if moved:
        uow.run(ADVANCE, moved=moved)
    return taken


def hasten(uow: UnitOfWork, kind: str, subject_id: int, purpose: str, since: datetime) -> bool:
    """The next step is due now; those behind it come when they would have. Only the climb that was on its way at `since`: one that
    has begun again is about something newer. False when there is none, or its next step is due anyway."""
    found = uow.first(HASTEN, kind=kind, id_=subject_id, purpose_=purpose, since=since, now=uow.now)
    return found is not None


def postpone(uow: UnitOfWork, climb: DueClimb, until: datetime) -> None:
    """Try the step that could not be taken once more at `until`; those behind it come when they are due."""
    uow.run(POSTPONE, id_=climb.id, seen=climb.position, until=until)
