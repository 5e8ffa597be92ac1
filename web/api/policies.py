"""/api/clients/{clientId}/policies: who hears of a case, and after how long; changed, tried on last week, restored."""

from typing import Any

from fastapi import APIRouter, Response

from core.errors import Conflict, NotFound
from core.executor import execute
from core.people.queries import get_unit
from core.policies.checking import checked
from core.policies.comparing import DryRun
from core.policies.kept import get_policy, list_versions
from core.policies.policy import Policy
from core.statements import Reader
from core.unit_of_work import UnitOfWork
from web.api.desk import AtDesk, Desk
from web.api.json import Page
from web.api.policy_shapes import (
    NewPolicy,
    PolicyDryRunOut,
    PolicyGiven,
    PolicyOut,
    PolicyRestored,
    PolicyTried,
    PolicyVersionOut,
    policy_out,
    steps_of,
    tried_out,
    version_out,
)
from web.paging import DEFAULT, Cursor, Limit, cursor_of, read_cursor
from web.policy_kinds import ESCALATIONS, PolicyKind, kind_of, seen_by
from web.sight import check_sight, places, unit_by_code

router = APIRouter(prefix="/api/clients/{client_id}/policies", tags=["policies"])

MOST_CASES = 500


@router.get("")
async def list_all(desk: AtDesk, client_id: str) -> Page[PolicyOut]:
    """Of escalations and of tickets, as far as the token may see them. The levels of trainings: /api/training/levels."""

    def query(reader: Reader) -> Page[PolicyOut]:
        client = _client(reader, desk, client_id)
        found = seen_by(reader, desk.actor, client, get_unit(reader, client).path)
        if not found:
            places(desk.actor, "escalation.read")
            check_sight(reader, desk.actor, "escalation.read", client)
        return Page(items=[policy_out(one, policy) for one, policy in found])

    return await desk.read(query)


@router.post("", status_code=201, response_model=PolicyOut)
async def add(desk: AtDesk, client_id: str, asked: NewPolicy) -> Response:
    """One more for escalations; a rule chooses it by its `id`."""

    def work(uow: UnitOfWork) -> tuple[int, PolicyOut]:
        client = _client(uow, desk, client_id)
        steps = steps_of(ESCALATIONS.kind, asked.steps)
        return 201, policy_out(ESCALATIONS, execute(ESCALATIONS.change(client, asked.name, steps), uow))

    return await desk.post(work)


@router.get("/{policy_id}")
async def one(desk: AtDesk, client_id: str, policy_id: str) -> PolicyOut:
    return await desk.read(lambda reader: policy_out(*_seen(reader, desk, client_id, policy_id)))


@router.put("/{policy_id}")
async def change(desk: AtDesk, client_id: str, policy_id: str, asked: PolicyGiven) -> PolicyOut:
    """For what begins from now on; what is left out stays as it is."""

    def work(uow: UnitOfWork) -> PolicyOut:
        client = _client(uow, desk, client_id)
        kind = kind_of(policy_id)
        before = get_policy(uow, kind.kind, client, policy_id)
        steps = before.steps if asked.steps is None else steps_of(kind.kind, asked.steps)
        command = kind.change(client, asked.name or before.name, steps, policy_id, asked.based_on)
        return policy_out(kind, execute(command, uow))

    return await desk.do(work)


@router.delete("/{policy_id}", status_code=204)
async def remove(desk: AtDesk, client_id: str, policy_id: str) -> None:
    """One of the client's own that no rule chooses."""

    def work(uow: UnitOfWork) -> None:
        kind = kind_of(policy_id)
        client = _client(uow, desk, client_id)
        if kind.remove is None:
            raise Conflict("This policy is always there: change it, or restore version 0.")
        execute(kind.remove(client, policy_id), uow)

    await desk.do(work)


@router.post("/{policy_id}/dry-run", response_model=PolicyDryRunOut)
async def try_out(desk: AtDesk, client_id: str, policy_id: str, asked: PolicyTried) -> Response:
    """Who would have been told earlier, later, also or not any more, of the cases of the last days. Nothing is saved."""

    def query(reader: Reader) -> DryRun:
        kind, policy = _seen(reader, desk, client_id, policy_id)
        client = _client(reader, desk, client_id)
        steps = checked(reader, client, kind.kind, steps_of(kind.kind, asked.steps))
        wanted = Policy(policy.code, policy.name, steps)
        return kind.try_on(reader, client, wanted, desk.web.clock.now(), asked.days)

    return await desk.post_outside(lambda: desk.read(lambda reader: tried_out(query(reader), MOST_CASES)))


@router.get("/{policy_id}/history")
async def history(
    desk: AtDesk, client_id: str, policy_id: str, limit: Limit = DEFAULT, cursor: Cursor = ""
) -> Page[PolicyVersionOut]:
    """Who changed what and when, the newest first."""
    place = read_cursor(cursor, int)

    def query(reader: Reader) -> Page[PolicyVersionOut]:
        kind, _ = _seen(reader, desk, client_id, policy_id)
        client, before = _client(reader, desk, client_id), place[0] if place else 2**31 - 1
        found = list_versions(reader, kind.kind, client, policy_id, limit + 1, before)
        following = cursor_of(found[limit - 1].number) if len(found) > limit else None
        return Page(items=[version_out(kind, row) for row in found[:limit]], next_cursor=following)

    return await desk.read(query)


@router.post("/{policy_id}/restore", response_model=PolicyOut)
async def restore(desk: AtDesk, client_id: str, policy_id: str, asked: PolicyRestored) -> Response:
    """An earlier version counts again, as a new one; 0: as the house has it."""

    def work(uow: UnitOfWork) -> tuple[int, PolicyOut]:
        kind, client = kind_of(policy_id), _client(uow, desk, client_id)
        command: Any = kind.restore(client, policy_id, asked.version, asked.based_on)
        return 200, policy_out(kind, execute(command, uow))

    return await desk.post(work)


def _client(reader: Reader, desk: Desk, code: str) -> int:
    unit = unit_by_code(reader, desk.actor, code, "clientId")
    if unit.kind != "client":
        raise NotFound(f"There is no client “{code}”.", field="clientId")
    return unit.id


def _seen(reader: Reader, desk: Desk, client_code: str, policy_id: str) -> tuple[PolicyKind, Policy]:
    kind, client = kind_of(policy_id), _client(reader, desk, client_code)
    check_sight(reader, desk.actor, kind.reads, client)
    return kind, get_policy(reader, kind.kind, client, policy_id)
