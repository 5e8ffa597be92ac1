"""Policies: who hears of a case that nobody acts on, and when; changed here after a look at last week, and restored."""

from typing import Annotated, Any

from fastapi import APIRouter, Form
from starlette.responses import Response

from core.errors import DomainError, Forbidden, NotFound
from core.executor import execute
from core.guidance.alert_rules import alert_rules
from core.people.permissions import ROLES_WITH
from core.people.queries import get_unit
from core.policies.checking import checked
from core.policies.comparing import DryRun
from core.policies.kept import get_policy, list_versions
from core.policies.policy import Policy
from core.policies.words import WHO, listed, sentence
from core.statements import Reader
from core.training.policies import policy_of as training_policy
from core.unit_of_work import UnitOfWork
from web.pages.alert_rules import alert_sentences
from web.pages.policy_form import Row, moments_of, rows_from, rows_of, said, steps_from, units_of, with_room
from web.pages.rule_tabs import tabs_of
from web.pages.training_levels import level_sentences
from web.pages.visit import AtForm, AtPage, Visit
from web.paging import Cursor, cursor_of, read_cursor
from web.policy_kinds import ESCALATIONS, PolicyKind, kind_of, seen_by
from web.sight import check_sight, places

router = APIRouter(include_in_schema=False, prefix="/policies")

SHOWN = 50
NEW = "new"
Text = Annotated[str, Form(max_length=200)]


@router.get("")
async def policies(visit: AtPage) -> Response:
    def facts(reader: Reader) -> dict[str, Any]:
        places(visit.actor, "rules.read")
        path = get_unit(reader, visit.client_id).path
        shown = [
            (kind.title, policy, _by_part(policy, kind), kind.may_change(visit.actor, path))
            for kind, policy in seen_by(reader, visit.actor, visit.client_id, path)
        ]
        trains = visit.actor.covers(path, ROLES_WITH["training.run"])
        serves = ESCALATIONS.may_look(visit.actor, path)
        levels = level_sentences(training_policy(reader, visit.client_id)) if trains else None
        return _common(visit) | {
            "policies": shown,
            "levels": levels,
            "alerts": alert_sentences(alert_rules(reader, visit.client_id)) if serves else None,
            "may_make": ESCALATIONS.may_change(visit.actor, path),
        }

    return await visit.show("policies.html", facts)


@router.get("/{policy}")
async def one(visit: AtPage, policy: str) -> Response:
    """`new` for one more."""
    return await _form(visit, policy)


@router.post("/{policy}/try")
async def try_out(visit: AtForm, policy: str, name: Text = "") -> Response:
    """Whom it would have told of the cases of the last days. Nothing is saved."""
    rows = rows_from(await visit.request.form())

    def query(reader: Reader) -> DryRun:
        kind, before = _seen(reader, visit, policy)
        steps = checked(reader, visit.client_id, kind.kind, steps_from(rows, kind.kind))
        return kind.try_on(reader, visit.client_id, Policy(before.code, name, steps), visit.now, 7)

    try:
        tried = await visit.read(query)
    except Forbidden:
        raise
    except DomainError as wrong:
        return await _form(visit, policy, name=name, rows=rows, wrong=wrong)
    return await _form(visit, policy, name=name, rows=rows, tried=tried)


@router.post("/{policy}/save")
async def save(
    visit: AtForm, policy: str, name: Text = "", based_on: Annotated[int, Form(ge=0, lt=2**31)] = 0
) -> Response:
    rows = rows_from(await visit.request.form())

    def work(uow: UnitOfWork) -> Policy:
        kind = kind_of(policy)
        known: dict[str, Any] = {} if policy == NEW else {"code": policy, "based_on": based_on}
        command: Any = kind.change(visit.client_id, name, steps_from(rows, kind.kind), **known)
        saved: Policy = execute(command, uow)
        return saved

    return await visit.work(
        work,
        then="/policies",
        said=lambda saved: (
            f"“{saved.name}” counts for what begins from now on. What is open keeps the steps it began with."
        ),
        again=lambda wrong: _form(visit, policy, name=name, rows=rows, wrong=wrong),
    )


@router.get("/{policy}/history")
async def history(visit: AtPage, policy: str, cursor: Cursor = "") -> Response:
    place = read_cursor(cursor, int)

    def facts(reader: Reader) -> dict[str, Any]:
        kind, shown = _seen(reader, visit, policy)
        before = place[0] if place else 2**31 - 1
        found = list_versions(reader, kind.kind, visit.client_id, policy, SHOWN + 1, before)
        path = get_unit(reader, visit.client_id).path
        return _common(visit) | {
            "policy": shown,
            "versions": found[:SHOWN],
            "next_cursor": cursor_of(found[SHOWN - 1].number) if len(found) > SHOWN else None,
            "may_change": kind.may_change(visit.actor, path),
            "of_house": policy in kind.kind.house,
        }

    return await visit.show("policy_history.html", facts)


@router.post("/{policy}/restore")
async def restore(visit: AtForm, policy: str, version: Annotated[int, Form(ge=0, lt=2**31)] = 0) -> Response:
    command: Any = kind_of(policy).restore(visit.client_id, policy, version)
    return await visit.do(command, then="/policies", said="It counts again, for what begins from now on.")


@router.post("/{policy}/remove")
async def remove(visit: AtForm, policy: str) -> Response:
    kind = kind_of(policy)
    if kind.remove is None:
        raise NotFound("There is nothing at this address.")
    return await visit.do(kind.remove(visit.client_id, policy), then="/policies", said="It is removed.")


async def _form(
    visit: Visit,
    code: str,
    *,
    name: str | None = None,
    rows: list[Row] | None = None,
    tried: DryRun | None = None,
    wrong: DomainError | None = None,
) -> Response:
    def facts(reader: Reader) -> dict[str, Any]:
        kind, policy = _seen(reader, visit, code)
        shown = rows_of(policy) if rows is None else rows
        return _common(visit) | {
            "code": code,
            "kind": kind.kind,
            "policy": policy,
            "name": ("" if code == NEW else policy.name) if name is None else name,
            "parts": _parts(shown, kind),
            "who": WHO,
            "may_change": kind.may_change(visit.actor, get_unit(reader, visit.client_id).path),
            "of_house": code in kind.kind.house,
            "sentences": _by_part(policy, kind),
            "tried": tried,
            "differences": [(one, listed(each.words for each in one.differences)) for one in tried.different[:SHOWN]]
            if tried
            else [],
            "wrong": wrong.sentence if wrong else "",
        }

    return await visit.show("policy.html", facts, wrong.status if wrong else 200)


def _seen(reader: Reader, visit: Visit, code: str) -> tuple[PolicyKind, Policy]:
    """The usual one for a new one to begin with."""
    kind = kind_of(code)
    check_sight(reader, visit.actor, kind.reads, visit.client_id)
    found = get_policy(reader, kind.kind, visit.client_id, next(iter(kind.kind.house)) if code == NEW else code)
    return kind, Policy(NEW, "", found.steps) if code == NEW else found


def _parts(rows: list[Row], kind: PolicyKind) -> list[dict[str, Any]]:
    """With the number that each row has in the whole form."""
    found, number = [], 0
    for key, part in kind.kind.parts.items():
        mine = with_room(rows, key, kind.kind)
        numbered = [(place, row, said(row, kind.kind)) for place, row in enumerate(mine, number)]
        number += len(mine)
        found.append({"part": part, "rows": numbered, "moments": moments_of(part), "units": units_of(part)})
    return found


def _by_part(policy: Policy, kind: PolicyKind) -> list[tuple[str, list[str]]]:
    """Title and sentences; what happens anyway comes last."""
    found = []
    for key, part in kind.kind.parts.items():
        steps = [f"{sentence(step, kind.kind)}." for step in policy.of(key)]
        found.append((part.title, [*steps, *([part.fixed] if part.fixed else [])] or ["Nobody is told."]))
    return found


def _common(visit: Visit) -> dict[str, Any]:
    return {"title": "Policies", "tabs": tabs_of(visit.actor)}
