"""Playbooks: what to do step by step for a kind of case, when each is suggested, how often it worked; changed and restored."""

import re
import unicodedata
from typing import Annotated, Any

from fastapi import APIRouter, Query
from fastapi import Form as Field
from starlette.responses import Response

from core.errors import DomainError, Forbidden, NotFound
from core.executor import execute
from core.people.permissions import ROLES_WITH
from core.people.queries import get_unit, name_of
from core.playbooks.commands import EditPlaybook
from core.playbooks.differences import differences
from core.playbooks.playbook import LANGUAGES, Playbook, read, shipped
from core.playbooks.queries import Outcomes, count_outcomes, get_playbook, list_editions, list_playbooks, of_edition
from core.playbooks.tables import STEP_KINDS
from core.playbooks.trying import TriedPlaybook, try_playbook
from core.statements import Reader
from core.unit_of_work import UnitOfWork
from web.pages.minutes import amount
from web.pages.playbook_form import Form, content_of, filled, form_from, language_of
from web.pages.rule_tabs import tabs_of
from web.pages.visit import AtForm, AtPage, Visit
from web.sight import check_sight

router = APIRouter(include_in_schema=False, prefix="/playbooks")

NEW = "new"
SHOWN = 30
NAMES = {"en": "English", "de": "Deutsch", "es": "Español"}


@router.get("")
async def playbooks(visit: AtPage) -> Response:
    def facts(reader: Reader) -> dict[str, Any]:
        common = _common(reader, visit)
        counted = count_outcomes(reader, visit.client_id)
        books = list_playbooks(reader, visit.client_id)
        return common | {"books": [(book, counted.get(book.code, Outcomes())) for book in books], "amount": amount}

    return await visit.show("playbooks.html", facts)


@router.get("/{playbook}")
async def one(visit: AtPage, playbook: str, language: Annotated[str, Query(max_length=10)] = "en") -> Response:
    """`new` for one more."""
    return await _form(visit, playbook, language=language_of(language))


@router.post("/{playbook}/try")
async def preview(visit: AtForm, playbook: str) -> Response:
    """What an agent would see of it, and for which cases of the last week it would be suggested. Nothing is saved."""
    form = form_from(await visit.request.form())

    def query(reader: Reader) -> tuple[Playbook, TriedPlaybook]:
        _common(reader, visit)
        before = _find(reader, visit, playbook)
        book = read(playbook, content_of(form, before), enabled=form.enabled)
        return book, try_playbook(reader, visit.client_id, book, visit.now)

    try:
        tried = await visit.read(query)
    except Forbidden:
        raise
    except DomainError as wrong:
        return await _form(visit, playbook, form=form, wrong=wrong)
    return await _form(visit, playbook, form=form, tried=tried)


@router.post("/{playbook}/save")
async def save(visit: AtForm, playbook: str, based_on: Annotated[int, Field(ge=0, lt=2**31)] = 0) -> Response:
    form = form_from(await visit.request.form())

    def work(uow: UnitOfWork) -> Playbook:
        before = _find(uow, visit, playbook)
        code = _new_code(uow, visit, form.name) if before is None else playbook
        enabled = before.enabled if before and form.language != "en" else form.enabled
        command = EditPlaybook(visit.client_id, code, content_of(form, before), enabled, based_on)
        saved: Playbook = execute(command, uow)
        return saved

    return await visit.work(
        work,
        then="/playbooks",
        said=lambda saved: f"“{saved.name['en']}” counts for cases that begin with it from now on.",
        again=lambda wrong: _form(visit, playbook, form=form, wrong=wrong),
    )


@router.get("/{playbook}/history")
async def history(visit: AtPage, playbook: str) -> Response:
    def facts(reader: Reader) -> dict[str, Any]:
        common = _common(reader, visit)
        now = get_playbook(reader, visit.client_id, playbook)
        rows = list_editions(reader, visit.client_id, playbook)
        books = [of_edition(row) for row in rows]
        begin = shipped().get(playbook)
        earlier = [*books[1:], begin] if len(rows) < 50 else books[1:]
        said = [differences(was, book) if was else ["made"] for book, was in zip(books, earlier, strict=False)]
        who = [name_of(reader, row.edited_by) or "a program" for row in rows]
        return common | {
            "book": now,
            "versions": list(zip(rows, said, who, strict=False)),
            "of_house": begin is not None,
        }

    return await visit.show("playbook_history.html", facts)


@router.post("/{playbook}/restore")
async def restore(visit: AtForm, playbook: str, version: Annotated[int, Field(ge=0, lt=2**31)] = 0) -> Response:
    """0: as it was shipped."""

    def work(uow: UnitOfWork) -> None:
        rows = list_editions(uow, visit.client_id, playbook)
        known = {row.version: of_edition(row) for row in rows} | {0: shipped().get(playbook)}
        book = known.get(version)
        if book is None:
            raise NotFound("There is no such version of this playbook.")
        execute(EditPlaybook(visit.client_id, playbook, book.content, book.enabled), uow)

    return await visit.work(work, then="/playbooks", said="It counts again, for cases that begin with it from now on.")


async def _form(
    visit: Visit,
    playbook: str,
    *,
    language: str = "en",
    form: Form | None = None,
    tried: tuple[Playbook, TriedPlaybook] | None = None,
    wrong: DomainError | None = None,
) -> Response:
    def facts(reader: Reader) -> dict[str, Any]:
        common = _common(reader, visit)
        book = _find(reader, visit, playbook)
        shown = form or (filled(book, language) if book else Form("en", "", "", "", "", enabled=True, steps=()))
        address = f"/playbooks/{playbook}"
        names = {one.code: one.name["en"] for one in list_playbooks(reader, visit.client_id)}
        return common | {
            "playbook": playbook,
            "book": book,
            "form": shown,
            "kinds": [(kind, kind.replace("_", " ")) for kind in STEP_KINDS],
            "languages": [
                (NAMES[one], address if one == "en" else f"{address}?language={one}", None) for one in LANGUAGES
            ],
            "here": address if shown.language == "en" else f"{address}?language={shown.language}",
            "tried": tried[1] if tried else None,
            "preview": _preview(tried[0], shown.language, visit) if tried else [],
            "different": tried[1].different[:SHOWN] if tried else (),
            "names": names | {playbook: shown.name or "this one"},
            "wrong": wrong.sentence if wrong else "",
        }

    return await visit.show("playbook.html", facts, wrong.status if wrong else 200)


def _preview(book: Playbook, language: str, visit: Visit) -> list[tuple[str, str, str, str]]:
    """Kind, time, title and script, with names in the places that are left for them."""

    def said(words: Any) -> str:
        text = words.get(language) or words["en"]
        for name, value in (("customer", "Maria Weber"), ("agent", visit.person.name), ("reference", "ESC-12")):
            text = text.replace(f"{{{name}}}", value)
        return str(text)

    return [
        (step.kind.replace("_", " "), amount(step.minutes), said(step.title), said(step.script)) for step in book.steps
    ]


def _find(reader: Reader, visit: Visit, playbook: str) -> Playbook | None:
    """None for a new one."""
    return None if playbook == NEW else get_playbook(reader, visit.client_id, playbook)


def _new_code(reader: Reader, visit: Visit, name: str) -> str:
    """'Late delivery' -> late_delivery; where that is taken with a number behind."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    code = re.sub(r"[^a-z0-9]+", "_", plain).strip("_")[:50] or "playbook"
    taken = {NEW, *(book.code for book in list_playbooks(reader, visit.client_id))}
    return next(one for one in (code, *(f"{code}_{n}" for n in range(2, 1000))) if one not in taken)


def _common(reader: Reader, visit: Visit) -> dict[str, Any]:
    check_sight(reader, visit.actor, "escalation.read", visit.client_id)
    path = get_unit(reader, visit.client_id).path
    return {
        "title": "Playbooks",
        "tabs": tabs_of(visit.actor),
        "may_change": visit.actor.covers(path, ROLES_WITH["escalation.direct"]),
    }
