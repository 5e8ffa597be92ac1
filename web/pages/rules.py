"""Rules: where escalations go, in the order in which the rules are asked; changed here after a look at last week, and restored."""

from dataclasses import replace
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Form
from starlette.responses import RedirectResponse, Response

from core.errors import DomainError, Forbidden, NotFound
from core.escalations.policies import KIND
from core.escalations.rules.checking import checked
from core.escalations.rules.commands import AddRule, ChangeRule, RemoveRule, RestoreRules
from core.escalations.rules.differences import conditions_text
from core.escalations.rules.dry_run import DryRun, dry_run
from core.escalations.rules.handlers import with_rule
from core.escalations.rules.kept import list_rule_sets, rules_of
from core.escalations.rules.rule import RoutingRule
from core.escalations.rules.shown import list_shown
from core.escalations.rules.triggers import TRIGGERS
from core.executor import execute
from core.people.cells import TEAMS
from core.people.contacts import CHANNEL_NAMES
from core.people.permissions import ROLES_WITH, paths_of
from core.people.queries import get_unit
from core.policies.kept import list_policies
from core.statements import Reader
from core.unit_of_work import UnitOfWork
from web.pages.rule_form import ASSIGNS, EXAMPLES, Further, Given, Outcome, filled, rule_of
from web.pages.rule_tabs import tabs_of
from web.pages.visit import AtForm, AtPage, Visit
from web.paging import Cursor, cursor_of, read_cursor
from web.sight import check_sight

router = APIRouter(include_in_schema=False, prefix="/rules")

SHOWN = 50
NEW = "new"
AsGiven = Annotated[Given, Depends()]
AsOutcome = Annotated[Outcome, Depends()]
AsFurther = Annotated[Further, Depends()]


@router.get("")
async def rules(visit: AtPage) -> Response:
    """Who has nothing to do with escalations goes on to what they may see here."""
    if not paths_of(visit.actor, "escalation.read") and (others := tabs_of(visit.actor)):
        return RedirectResponse(others[0][1], 303)

    def facts(reader: Reader) -> dict[str, Any]:
        shown = list_shown(reader, visit.client_id, visit.now)
        return _common(reader, visit) | {
            "rules": [(one, conditions_text(one.rule.conditions) or "always") for one in shown.rules],
            "rule_set": shown.rule_set,
            "assigns": dict(ASSIGNS),
            "policy_names": {one.code: one.name for one in list_policies(reader, KIND, visit.client_id)},
        }

    return await visit.show("rules.html", facts)


@router.get("/history")
async def history(visit: AtPage, cursor: Cursor = "") -> Response:
    place = read_cursor(cursor, int)

    def facts(reader: Reader) -> dict[str, Any]:
        found = list_rule_sets(reader, visit.client_id, SHOWN + 1, place[0] if place else 2**31 - 1)
        return _common(reader, visit) | {
            "versions": found[:SHOWN],
            "next_cursor": cursor_of(found[SHOWN - 1].number) if len(found) > SHOWN else None,
            "newest": rules_of(reader, visit.client_id).number,
        }

    return await visit.show("rules_history.html", facts)


@router.post("/restore")
async def restore(visit: AtForm, version: Annotated[int, Form(ge=0, lt=2**31)] = 0) -> Response:
    return await visit.do(RestoreRules(visit.client_id, version), then="/rules", said="Those rules count again.")


@router.get("/{rule_id}")
async def one(visit: AtPage, rule_id: str) -> Response:
    """`new` for the empty form."""
    return await _form(visit, rule_id)


@router.post("/{rule_id}/try")
async def try_out(visit: AtForm, rule_id: str, given: AsGiven, outcome: AsOutcome, further: AsFurther) -> Response:
    """What it would have done with the cases of the last days. Nothing is saved."""

    def query(reader: Reader) -> tuple[RoutingRule, DryRun]:
        check_sight(reader, visit.actor, "escalation.read", visit.client_id)
        rule = checked(reader, visit.client_id, rule_of(given, outcome, further, _find(reader, visit, rule_id)))
        wanted = with_rule(rules_of(reader, visit.client_id).rules, rule)
        return rule, dry_run(reader, visit.client_id, wanted, visit.now)

    try:
        rule, tried = await visit.read(query)
    except Forbidden:
        raise
    except DomainError as wrong:
        return await _form(visit, rule_id, rule=rule_of(given, _readable(outcome), further, None), wrong=wrong)
    return await _form(visit, rule_id, rule=rule, tried=tried)


@router.post("/{rule_id}/save")
async def save(visit: AtForm, rule_id: str, given: AsGiven, outcome: AsOutcome, further: AsFurther) -> Response:
    def work(uow: UnitOfWork) -> None:
        rule = rule_of(given, outcome, further, _find(uow, visit, rule_id))
        kind = AddRule if rule_id == NEW else ChangeRule
        execute(kind(visit.client_id, rule, None, outcome.based_on), uow)

    return await visit.work(
        work,
        then="/rules",
        said=f"“{given.name.strip()}” counts from now on.",
        again=lambda wrong: _form(visit, rule_id, rule=rule_of(given, _readable(outcome), further, None), wrong=wrong),
    )


@router.post("/{rule_id}/{what}")
async def change(visit: AtForm, rule_id: str, what: str) -> Response:
    """`what`: on, off, up, down or remove."""

    def work(uow: UnitOfWork) -> None:
        known = rules_of(uow, visit.client_id).rules
        rule = _find(uow, visit, rule_id)
        if rule is None or what not in ("on", "off", "up", "down", "remove"):
            raise NotFound("There is nothing at this address.")
        place = known.index(rule) + 1
        moved = {"up": max(place - 1, 1), "down": min(place + 1, len(known))}.get(what)
        changed = replace(rule, enabled=what != "off" if what in ("on", "off") else rule.enabled)
        remove = RemoveRule(visit.client_id, rule_id)
        execute(remove if what == "remove" else ChangeRule(visit.client_id, changed, moved), uow)

    return await visit.work(work, then="/rules", said="Done. History says how it was before.")


async def _form(
    visit: Visit,
    rule_id: str,
    *,
    rule: RoutingRule | None = None,
    tried: DryRun | None = None,
    wrong: DomainError | None = None,
) -> Response:
    def facts(reader: Reader) -> dict[str, Any]:
        return _common(reader, visit) | {
            "rule_id": rule_id,
            "form": filled(rule or _find(reader, visit, rule_id)),
            "kinds": [("", ""), *((kind, kind.replace("_", " ")) for kind in TRIGGERS)],
            "assigns": ASSIGNS,
            "teams": [("", "any team"), *((team, team.replace("_", " ")) for team in TEAMS)],
            "priorities": [("", "as the case has it"), *((f"P{n}", f"P{n}") for n in range(4))],
            "policies": [(one.code, one.name) for one in list_policies(reader, KIND, visit.client_id)],
            "channels": CHANNEL_NAMES,
            "examples": EXAMPLES,
            "version": rules_of(reader, visit.client_id).number,
            "tried": tried,
            "wrong": wrong.sentence if wrong else "",
        }

    return await visit.show("rule.html", facts, wrong.status if wrong else 200)


def _readable(outcome: Outcome) -> Outcome:
    """What is no number is not shown again as one."""
    minutes = outcome.respond_within
    outcome.respond_within = minutes if minutes.isascii() and minutes.isdecimal() else ""
    outcome.priority = outcome.priority if outcome.priority in ("P0", "P1", "P2", "P3") else ""
    return outcome


def _find(reader: Reader, visit: Visit, rule_id: str) -> RoutingRule | None:
    """None for a new one."""
    if rule_id == NEW:
        return None
    found = next((rule for rule in rules_of(reader, visit.client_id).rules if rule.id == rule_id), None)
    if found is None:
        raise NotFound("There is no such rule any more.")
    return found


def _common(reader: Reader, visit: Visit) -> dict[str, Any]:
    check_sight(reader, visit.actor, "escalation.read", visit.client_id)
    path = get_unit(reader, visit.client_id).path
    return {
        "title": "Rules",
        "tabs": tabs_of(visit.actor),
        "configures": visit.actor.covers(path, ROLES_WITH["escalation.configure"]),
    }
