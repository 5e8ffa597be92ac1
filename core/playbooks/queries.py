"""Finding playbooks and runs, and what the outcomes say about each playbook."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, case, exists, func, or_, select

from core.errors import NotFound
from core.escalations.policy import NO_CASE, SAVED
from core.escalations.tables import escalations
from core.playbooks.playbook import Playbook, read, shipped
from core.playbooks.tables import Edition, Run, StepRow, playbook_runs, playbook_steps, playbooks
from core.statements import Reader, Statement, literally

_EDITION = [playbooks.c[name] for name in Edition.__dataclass_fields__]
_RUN = [playbook_runs.c[name] for name in Run.__dataclass_fields__]
_STEP = [playbook_steps.c[name] for name in StepRow.__dataclass_fields__]
_of_client = playbooks.c.client_id == bindparam("client_id")

CURRENT = Statement(select(*_EDITION).where(_of_client, playbooks.c.is_current).order_by(playbooks.c.code), Edition)
NO_VERSION_YET = 2**15 - 1
EDITIONS = Statement(
    select(*_EDITION)
    .where(_of_client, playbooks.c.code == bindparam("code"), playbooks.c.version < bindparam("before"))
    .order_by(playbooks.c.version.desc())
    .limit(bindparam("limit")),
    Edition,
)
RUN_OF = Statement(
    select(*_RUN)
    .where(playbook_runs.c.escalation_id == bindparam("escalation_id"))
    .order_by(playbook_runs.c.id.desc())
    .limit(1),
    Run,
)
RUN_BY_ID = Statement(select(*_RUN).where(playbook_runs.c.id == bindparam("id")), Run)
STEPS_OF = Statement(
    select(*_STEP).where(playbook_steps.c.run_id == bindparam("run_id")).order_by(playbook_steps.c.number), StepRow
)
COME_BACK = Statement(
    select(playbook_steps.c.run_id, playbook_steps.c.number)
    .join(playbook_runs, playbook_runs.c.id == playbook_steps.c.run_id)
    .join(escalations, escalations.c.id == playbook_runs.c.escalation_id)
    .where(
        playbook_steps.c.state == literally("open"),
        playbook_steps.c.reminded_at.is_(None),
        playbook_steps.c.due_at.is_not(None),
        playbook_steps.c.due_at <= bindparam("now"),
        or_(playbook_steps.c.kind == literally("follow_up"), escalations.c.status != literally("resolved")),
    )
    .order_by(playbook_steps.c.due_at)
    .limit(bindparam("limit"))
)
_unfinished = exists().where(
    playbook_steps.c.run_id == playbook_runs.c.id,
    playbook_steps.c.state == literally("open"),
    playbook_steps.c.kind != literally("follow_up"),
)
LEFT = Statement(
    select(playbook_runs.c.id)
    .join(escalations, escalations.c.id == playbook_runs.c.escalation_id)
    .where(
        playbook_runs.c.state == literally("running"),
        escalations.c.status == literally("resolved"),
        or_(_unfinished, escalations.c.resolution.not_in([literally(name) for name in SAVED])),
    )
    .order_by(playbook_runs.c.escalation_id)
    .limit(bindparam("limit"))
)
_done = exists().where(playbook_steps.c.run_id == playbook_runs.c.id, playbook_steps.c.state == literally("done"))
OUTCOMES = Statement(
    select(
        playbook_runs.c.code,
        func.min(playbook_runs.c.started_at, type_=playbook_runs.c.started_at.type).label("started_at"),
        escalations.c.resolved_at,
        case((escalations.c.resolution.in_([literally(name) for name in SAVED]), 1), else_=0).label("saved"),
    )
    .join(escalations, escalations.c.id == playbook_runs.c.escalation_id)
    .where(
        playbook_runs.c.client_id == bindparam("client_id"),
        escalations.c.status == literally("resolved"),
        escalations.c.resolution != literally(NO_CASE),
        or_(playbook_runs.c.state != literally("stopped"), _done),
    )
    .group_by(playbook_runs.c.code, escalations.c.id, escalations.c.resolved_at, escalations.c.resolution)
    .order_by(escalations.c.id.desc())
    .limit(1000)
)


@dataclass(frozen=True, slots=True)
class Outcomes:
    """What became of the resolved cases in which a playbook was followed, each case once; one that was stopped before its first
    step was done was not. `mean_minutes`: from its start to the resolution."""

    cases: int = 0
    saved: int = 0
    mean_minutes: float | None = None

    @property
    def success_rate(self) -> float | None:
        """None where no case says anything."""
        return self.saved / self.cases if self.cases else None


def list_playbooks(reader: Reader, client_id: int) -> list[Playbook]:
    """The shipped ones, as the client edited them, and then the client's own."""
    own = {row.code: of_edition(row) for row in reader.all(CURRENT, client_id=client_id)}
    return [own.pop(code, book) for code, book in shipped().items()] + list(own.values())


def get_playbook(reader: Reader, client_id: int, code: str) -> Playbook:
    """Raises NotFound naming those there are."""
    found = {book.code: book for book in list_playbooks(reader, client_id)}
    if code not in found:
        raise NotFound(f"There is no playbook “{code}”. There are: {', '.join(found)}.")
    return found[code]


def list_editions(
    reader: Reader, client_id: int, code: str, limit: int = 50, before: int = NO_VERSION_YET
) -> list[Edition]:
    """The newest first; `before`: those with a smaller version."""
    return reader.all(EDITIONS, client_id=client_id, code=code, limit=limit, before=before)


def of_edition(row: Edition) -> Playbook:
    return read(row.code, row.content, row.version, enabled=row.enabled)


def of_run(run: Run) -> Playbook:
    return read(run.code, run.content, run.version)


def find_run(reader: Reader, escalation_id: int) -> Run | None:
    """The latest."""
    return reader.first(RUN_OF, escalation_id=escalation_id)


def get_run(reader: Reader, run_id: int) -> Run:
    found = reader.first(RUN_BY_ID, id=run_id)
    if found is None:
        raise NotFound(f"There is no run {run_id} of a playbook.")
    return found


def list_steps(reader: Reader, run_id: int) -> list[StepRow]:
    return reader.all(STEPS_OF, run_id=run_id)


def list_come_back(reader: Reader, now: datetime, limit: int) -> list[tuple[int, int]]:
    """Run and number of the steps whose moment has come, the longest waiting first; of a resolved case only follow-ups."""
    return [(row.run_id, row.number) for row in reader.all(COME_BACK, now=now, limit=limit)]


def list_left(reader: Reader, limit: int) -> list[int]:
    """Runs whose case was resolved in the middle of them, or did not end well."""
    return [row.id for row in reader.all(LEFT, limit=limit)]


def count_outcomes(reader: Reader, client_id: int) -> Mapping[str, Outcomes]:
    """By code, over the newest 1,000 cases."""
    counted: dict[str, Outcomes] = {}
    minutes: dict[str, float] = {}
    for row in reader.all(OUTCOMES, client_id=client_id):
        before = counted.get(row.code, Outcomes())
        counted[row.code] = replace(before, cases=before.cases + 1, saved=before.saved + row.saved)
        minutes[row.code] = minutes.get(row.code, 0) + (row.resolved_at - row.started_at).total_seconds() / 60
    return {code: replace(found, mean_minutes=minutes[code] / found.cases) for code, found in counted.items()}


def facts_of_run(run: Run, steps: list[StepRow], names: Mapping[str, str]) -> dict[str, Any]:
    """For its card: every text in every language of the playbook; `names`: what stands for {customer}, {agent}, {reference}."""
    book = of_run(run)
    return {
        **names,
        "name": _filled(book.name, names),
        "win": _filled(book.win, names),
        "state": run.state,
        "steps": [
            {
                "number": row.number,
                "kind": step.kind,
                "title": _filled(step.title, names),
                "script": _filled(step.script, names),
                "state": row.state,
                "due_at": row.due_at,
                "reason": row.reason,
            }
            for row, step in zip(steps, book.steps, strict=True)
        ],
    }


def _filled(words: Mapping[str, str], names: Mapping[str, str]) -> dict[str, str]:
    """Somebody may have written any other braces: they stay as they are."""
    filled = dict(words)
    for name, value in names.items():
        filled = {language: text.replace(f"{{{name}}}", value) for language, text in filled.items()}
    return filled
