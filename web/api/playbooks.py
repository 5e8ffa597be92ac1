"""/api/playbooks: what to do step by step for a kind of case, and how often it worked."""

from datetime import datetime
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query

from core.executor import execute
from core.people.queries import name_of
from core.playbooks.commands import EditPlaybook
from core.playbooks.playbook import Playbook, Step, in_language
from core.playbooks.queries import (
    NO_VERSION_YET,
    Outcomes,
    count_outcomes,
    get_playbook,
    list_editions,
    list_playbooks,
    of_edition,
)
from core.statements import Reader
from core.unit_of_work import UnitOfWork
from web.api.desk import AtDesk
from web.api.json import Asked, Out, Page, example
from web.paging import DEFAULT, Cursor, Limit, cursor_of, read_cursor
from web.sight import check_sight

router = APIRouter(prefix="/api", tags=["guidance"])

Language = Annotated[Literal["en", "de", "es"], Query(description="Of the names, titles and scripts")]
Texts = dict[str, str]


class StepOut(Out):
    """`minutes`: time for it after the step before; a `follow_up` comes back that long after the last other step."""

    number: int
    kind: str
    minutes: int
    title: str
    script: str


class PlaybookOut(Out):
    """`success_rate`: `saved` of `basis` resolved cases that followed it; null where there is none. `version` 0: as shipped."""

    id: str
    name: str
    win_condition: str
    version: int
    enabled: bool
    reasons: list[str]
    words: list[str]
    steps: list[StepOut]
    success_rate: float | None
    basis: int
    saved: int
    mean_minutes: float | None


class Playbooks(Out):
    items: list[PlaybookOut]


class EditionOut(Out):
    version: int
    enabled: bool
    is_current: bool
    edited_by: str | None
    edited_at: datetime
    playbook: dict[str, Any]


class StepIn(Asked):
    kind: str
    minutes: int
    title: Texts | str
    script: Texts | str


class PlaybookIn(Asked):
    """Texts are English, or an object with one text per language."""

    model_config = example(
        name="Spoiled delivery",
        win="Fresh goods with an hour.",
        reasons=["complaint"],
        words=["spoiled", "rotten"],
        steps=[{"kind": "message", "minutes": 10, "title": "Apologise", "script": "I am sorry, {customer}."}],
    )
    name: Texts | str
    win: Texts | str
    reasons: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    steps: list[StepIn]
    enabled: bool = True


@router.get("/playbooks")
async def playbooks(desk: AtDesk, language: Language = "en") -> Playbooks:
    def query(reader: Reader) -> Playbooks:
        check_sight(reader, desk.actor, "escalation.read", desk.client_id)
        counted = count_outcomes(reader, desk.client_id)
        books = list_playbooks(reader, desk.client_id)
        return Playbooks(items=[_out(book, counted.get(book.code, Outcomes()), language) for book in books])

    return await desk.read(query)


@router.put("/playbooks/{code}")
async def edit(desk: AtDesk, code: str, asked: PlaybookIn, language: Language = "en") -> PlaybookOut:
    """A new version, for cases that begin with it from now on; an unknown code is a new playbook."""

    def work(uow: UnitOfWork) -> PlaybookOut:
        content = asked.model_dump(exclude={"enabled"})
        book: Playbook = execute(EditPlaybook(desk.client_id, code, content, asked.enabled), uow)
        return _out(book, count_outcomes(uow, desk.client_id).get(code, Outcomes()), language)

    return await desk.do(work)


@router.get("/playbooks/{code}/versions")
async def versions(desk: AtDesk, code: str, limit: Limit = DEFAULT, cursor: Cursor = "") -> Page[EditionOut]:
    """The newest first; what was shipped is no version of its own."""
    place = read_cursor(cursor, int)

    def query(reader: Reader) -> Page[EditionOut]:
        check_sight(reader, desk.actor, "escalation.read", desk.client_id)
        get_playbook(reader, desk.client_id, code)
        before = min(place[0], NO_VERSION_YET) if place else NO_VERSION_YET
        rows = list_editions(reader, desk.client_id, code, limit + 1, before)
        return Page(
            next_cursor=cursor_of(rows[limit - 1].version) if len(rows) > limit else None,
            items=[
                EditionOut(
                    version=row.version,
                    enabled=row.enabled,
                    is_current=row.is_current,
                    edited_by=name_of(reader, row.edited_by),
                    edited_at=row.edited_at,
                    playbook=of_edition(row).content,
                )
                for row in rows[:limit]
            ],
        )

    return await desk.read(query)


def _out(book: Playbook, outcomes: Outcomes, language: str) -> PlaybookOut:
    return PlaybookOut(
        id=book.code,
        name=in_language(book.name, language),
        win_condition=in_language(book.win, language),
        version=book.version,
        enabled=book.enabled,
        reasons=list(book.reasons),
        words=list(book.words),
        steps=[StepOut(**step_of(step, number, language)) for number, step in enumerate(book.steps, 1)],
        success_rate=outcomes.success_rate,
        basis=outcomes.cases,
        saved=outcomes.saved,
        mean_minutes=outcomes.mean_minutes,
    )


def step_of(step: Step, number: int, language: str) -> dict[str, Any]:
    return {
        "number": number,
        "kind": step.kind,
        "minutes": step.minutes,
        "title": in_language(step.title, language),
        "script": in_language(step.script, language),
    }
