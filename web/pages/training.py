"""Trainings: who is overdue, by level, store and course; the run that tells people, its guard, and what it would say."""

from datetime import date
from functools import partial
from typing import Annotated, Any

from fastapi import APIRouter, Form, Query
from starlette.responses import Response

from core.executor import execute
from core.people.permissions import ROLE_NAMES, ROLES_WITH
from core.statements import Reader
from core.training.commands import AskForTrainingRun, PauseTrainingRun, ResumeTrainingRun, SetTrainingSchedule
from core.training.counting import count_days
from core.training.grouping import count_by
from core.training.holding import GoOnOnce, doubts_about, find_open, list_holds
from core.training.listing import FIRST, list_overdue_page
from core.training.policy import Policy
from core.training.queries import overdue_by_level
from core.training.reporting import status_of
from web.pages.choices import choices_of_places
from web.pages.schedules import in_words
from web.pages.visit import AtForm, AtPage, Visit
from web.paging import Cursor, cursor_of, read_cursor, wrong_cursor
from web.sight import check_sight, narrowed, places

router = APIRouter(include_in_schema=False, prefix="/training")

SHOWN = 50
MOST_PREVIEWED = 100
MOST_GROUPS = 100
Filter = Annotated[str, Query(max_length=40)]


@router.get("")
async def overdue(visit: AtPage, by: Filter = "", branch: Filter = "", cursor: Cursor = "") -> Response:
    """`by`: store, course, or empty: every training."""

    def facts(reader: Reader) -> dict[str, Any]:
        paths = narrowed(reader, visit.actor, "training.read", branch or None, "branch")
        count = count_days(reader, visit.client_id, visit.now)
        levels = dict.fromkeys(range(count.policy.top + 1), 0)
        for path in paths:
            for level, number in overdue_by_level(reader, visit.client_id, path, count).items():
                levels[level] += number
        shown = _levels(count.policy, levels)
        common = {
            "title": "Training",
            "by": by,
            "branch": branch,
            "branches": choices_of_places(reader, visit.client_id, places(visit.actor, "training.read")),
            "levels": shown,
            "names": {one["level"]: one["name"] for one in shown},
            "may_run": any(seat.role in ROLES_WITH["training.run"] for seat in visit.actor.seats),
        }
        if by in ("store", "course"):
            groups = count_by(reader, by, visit.client_id, paths, count, MOST_GROUPS + 1)
            return common | {"groups": groups[:MOST_GROUPS], "more_groups": len(groups) > MOST_GROUPS}
        after = _place(cursor)
        found = [
            row
            for path in paths
            for row in list_overdue_page(reader, visit.client_id, path, count, after=after, limit=SHOWN + 1)
        ]
        rows = sorted(found, key=lambda row: (row.due_on, row.id))[: SHOWN + 1]
        last = rows[SHOWN - 1] if len(rows) > SHOWN else None
        return common | {
            "rows": [{"row": row, "days": count.days(row.unit_id, row.due_on)} for row in rows[:SHOWN]],
            "next_cursor": cursor_of(last.due_on.isoformat(), last.id) if last else None,
        }

    return await visit.show("training.html", facts)


@router.get("/run")
async def run(visit: AtPage) -> Response:
    def facts(reader: Reader) -> dict[str, Any]:
        check_sight(reader, visit.actor, "training.run", visit.client_id)
        return {
            "title": "Training run",
            "status": (status := status_of(reader, visit.client_id)),
            "schedule_words": in_words(status.cron),
            "hold": find_open(reader, visit.client_id),
            "holds": list_holds(reader, visit.client_id),
            "doubts": doubts_about(reader, visit.client_id, visit.now),
        }

    return await visit.show("training_run.html", facts)


@router.get("/preview")
async def preview(visit: AtPage, at: Filter = "now") -> Response:
    """`at`: now, or next: when it comes by itself."""
    await visit.read(lambda reader: check_sight(reader, visit.actor, "training.run", visit.client_id))
    look = partial(visit.web.preview, visit.client_id, None, at == "next")
    found = await visit.counted.look_at(("training preview", visit.client_id, at == "next"), look)
    plan = found.value if found else None
    facts = {
        "title": "What a run would say",
        "plan": plan,
        "messages": plan.messages[:MOST_PREVIEWED] if plan else (),
        "looked_at": found.old_at(visit.now) if found else None,
        "at": at,
    }
    return await visit.show("training_preview.html", lambda _: facts)


@router.post("/run/now")
async def now(visit: AtForm) -> Response:
    return await _switch(
        visit, AskForTrainingRun(visit.client_id), "It begins within seconds. Nobody is told twice a day."
    )


@router.post("/run/start")
async def start(visit: AtForm) -> Response:
    return await _switch(visit, ResumeTrainingRun(visit.client_id), "It runs by itself again.")


@router.post("/run/stop")
async def stop(visit: AtForm) -> Response:
    return await _switch(visit, PauseTrainingRun(visit.client_id), "It is paused: nobody is told until you start it.")


@router.post("/run/schedule")
async def schedule(visit: AtForm, schedule: Annotated[str, Form(max_length=100)] = "") -> Response:
    return await _switch(visit, SetTrainingSchedule(visit.client_id, schedule), "The schedule is changed.")


@router.post("/run/go-on")
async def go_on(visit: AtForm) -> Response:
    return await _switch(visit, GoOnOnce(visit.client_id), "The run goes on, this once.")


async def _switch(visit: Visit, command: Any, said: str) -> Response:
    return await visit.work(lambda uow: execute(command, uow), then="/training/run", said=said)


def _levels(policy: Policy, numbers: dict[int, int]) -> list[dict[str, Any]]:
    """The highest first; level 0 is last."""
    names = {level: _title(ROLE_NAMES[policy.role_of(level)]) for level in numbers if level}
    listed = sorted(numbers.items(), reverse=True)
    return [{"level": level, "number": number, "name": names.get(level, "Paused")} for level, number in listed]


def _title(role: str) -> str:
    """'the store manager' -> 'Store manager'; 'HR' stays."""
    word = role.split(" ", 1)[-1]
    return word[0].upper() + word[1:]


def _place(cursor: str) -> tuple[date, int]:
    place = read_cursor(cursor, str, int)
    try:
        return (date.fromisoformat(place[0]), place[1]) if place else FIRST
    except ValueError:
        raise wrong_cursor() from None
