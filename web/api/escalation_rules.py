"""/api/clients/{clientId}/escalation-rules: where a client's escalations go; changed, tried on last week, restored."""

from fastapi import APIRouter, Response

from core.errors import NotFound
from core.escalations.rules.checking import checked
from core.escalations.rules.commands import AddRule, ChangeRule, RemoveRule, RestoreRules, SetRules
from core.escalations.rules.dry_run import dry_run
from core.escalations.rules.handlers import checked_set, with_rule
from core.escalations.rules.kept import RuleSet, list_rule_sets, rules_of
from core.escalations.rules.rule import RoutingRule
from core.escalations.rules.shown import list_shown
from core.executor import execute
from core.statements import Reader
from core.unit_of_work import UnitOfWork
from web.api.desk import AtDesk, Desk
from web.api.escalation_rule_requests import (
    RestoreGiven,
    RuleGiven,
    RulesGiven,
    TryGiven,
    merged,
    rule_of,
    rules_of_set,
)
from web.api.escalation_rule_shapes import DryRunOut, RuleOut, RulesOut, VersionOut, shown, tried, version
from web.api.json import Page
from web.api.people import Codes
from web.paging import DEFAULT, Cursor, Limit, cursor_of, read_cursor
from web.sight import check_sight, unit_by_code

router = APIRouter(prefix="/api/clients/{client_id}/escalation-rules", tags=["escalation rules"])

MOST_CASES = 500


@router.get("")
async def list_rules(desk: AtDesk, client_id: str) -> RulesOut:
    """In the order in which they are asked: the first that fits decides."""
    return await desk.read(lambda reader: _all(reader, desk, _client(reader, desk, client_id)))


@router.post("", status_code=201, response_model=RuleOut)
async def add_rule(desk: AtDesk, client_id: str, asked: RuleGiven) -> Response:
    def work(uow: UnitOfWork) -> tuple[int, RuleOut]:
        client = _named(uow, desk, client_id)
        rule = execute(AddRule(client, rule_of(asked), asked.position, asked.based_on), uow)
        return 201, _one(uow, desk, client, rule.id)

    return await desk.post(work)


@router.put("")
async def set_rules(desk: AtDesk, client_id: str, asked: RulesGiven) -> RulesOut:
    """All of them at once: to change the order, or to bring them from elsewhere."""

    def work(uow: UnitOfWork) -> RulesOut:
        client = _named(uow, desk, client_id)
        execute(SetRules(client, rules_of_set(asked.rules), asked.based_on), uow)
        return _all(uow, desk, client)

    return await desk.do(work)


@router.post("/dry-run", response_model=DryRunOut)
async def try_rules(desk: AtDesk, client_id: str, asked: TryGiven) -> Response:
    """What these rules would have done with the cases of the last days. Nothing is saved."""

    def work(reader: Reader) -> DryRunOut:
        client = _client(reader, desk, client_id)
        rules = _wanted(reader, client, asked)
        found = dry_run(reader, client, rules, desk.web.clock.now(), asked.days)
        return tried(found, rules, Codes(reader), MOST_CASES)

    return await desk.post_outside(lambda: desk.read(work))


@router.get("/history")
async def history(desk: AtDesk, client_id: str, limit: Limit = DEFAULT, cursor: Cursor = "") -> Page[VersionOut]:
    """Who changed what and when, the newest first."""
    place = read_cursor(cursor, int)

    def query(reader: Reader) -> Page[VersionOut]:
        before = place[0] if place else 2**31 - 1
        found = list_rule_sets(reader, _client(reader, desk, client_id), limit + 1, before)
        following = cursor_of(found[limit - 1].number) if len(found) > limit else None
        return Page(items=[version(one) for one in found[:limit]], next_cursor=following)

    return await desk.read(query)


@router.post("/restore", response_model=RulesOut)
async def restore(desk: AtDesk, client_id: str, asked: RestoreGiven) -> Response:
    """An earlier version counts again, as a new one; 0: the rules of the house."""

    def work(uow: UnitOfWork) -> tuple[int, RulesOut]:
        client = _named(uow, desk, client_id)
        execute(RestoreRules(client, asked.version, asked.based_on), uow)
        return 200, _all(uow, desk, client)

    return await desk.post(work)


@router.put("/{rule_id}")
async def change_rule(desk: AtDesk, client_id: str, rule_id: str, asked: RuleGiven) -> RuleOut:
    """What is left out stays as it is."""

    def work(uow: UnitOfWork) -> RuleOut:
        client = _named(uow, desk, client_id)
        rule = merged(_rule(rules_of(uow, client), rule_id), asked)
        execute(ChangeRule(client, rule, asked.position, asked.based_on), uow)
        return _one(uow, desk, client, rule_id)

    return await desk.do(work)


@router.delete("/{rule_id}", status_code=204)
async def remove_rule(desk: AtDesk, client_id: str, rule_id: str) -> None:
    await desk.do(lambda uow: execute(RemoveRule(_named(uow, desk, client_id), rule_id), uow))


def _named(reader: Reader, desk: Desk, code: str) -> int:
    unit = unit_by_code(reader, desk.actor, code, "clientId")
    if unit.kind != "client":
        raise NotFound(f"There is no client “{code}”.", field="clientId")
    return unit.id


def _client(reader: Reader, desk: Desk, code: str) -> int:
    return check_sight(reader, desk.actor, "escalation.read", _named(reader, desk, code)).id


def _wanted(reader: Reader, client: int, asked: TryGiven) -> tuple[RoutingRule, ...]:
    known = rules_of(reader, client)
    if asked.rules is not None:
        return checked_set(reader, client, rules_of_set(asked.rules), known)
    if not asked.model_fields_set - {"days", "based_on"}:
        return known.rules
    rule = merged(_rule(known, asked.id), asked) if asked.id else rule_of(asked, "new")
    return tuple(with_rule(known.rules, checked(reader, client, rule), asked.position))


def _rule(rules: RuleSet, rule_id: str) -> RoutingRule:
    found = next((rule for rule in rules.rules if rule.id == rule_id), None)
    if found is None:
        raise NotFound(f"There is no rule {rule_id}.", field="ruleId")
    return found


def _all(reader: Reader, desk: Desk, client: int) -> RulesOut:
    found = list_shown(reader, client, desk.web.clock.now())
    rule_set = found.rule_set
    return RulesOut(items=[shown(one) for one in found.rules], version=rule_set.number, shipped=rule_set.shipped)


def _one(reader: Reader, desk: Desk, client: int, rule_id: str) -> RuleOut:
    found = list_shown(reader, client, desk.web.clock.now())
    return next(shown(one) for one in found.rules if one.rule.id == rule_id)
