"""Tokens for the API: made here and shown once, listed with what they may and when they were last used, revoked here."""

from typing import Annotated, Any

from fastapi import APIRouter, Form
from starlette.responses import Response

from core.errors import DomainError, Invalid, NotFound
from core.executor import execute
from core.people.commands import CreateToken, RevokeToken
from core.people.permissions import ROLE_NAMES
from core.people.queries import find_unit
from core.people.secrets import tokens_of_client
from core.statements import Reader
from core.unit_of_work import UnitOfWork
from web.pages.settings import tabs_of
from web.pages.visit import AtForm, AtPage, Visit
from web.sight import check_sight

router = APIRouter(include_in_schema=False)

LISTED = 200
Text = Annotated[str, Form(max_length=100)]


@router.get("/settings/tokens")
async def tokens(visit: AtPage) -> Response:
    return await _shown(visit)


@router.post("/settings/tokens")
async def create(
    visit: AtForm,
    kind: Text = "service",
    name: Text = "",
    role: Text = "",
    unit: Text = "",
    may: Text = "read",
) -> Response:
    """The answer is the page with the token on it: it is in no address and nowhere to be read again."""
    read_only = may != "change"

    def work(uow: UnitOfWork) -> str:
        uow.actor = visit.actor
        if kind == "own":
            return str(execute(CreateToken(visit.person.id, read_only=read_only), uow))
        found = find_unit(uow, visit.client_id, unit.strip())
        if found is None:
            raise Invalid(f"There is no unit “{unit.strip()}”.", field="unit")
        return str(execute(CreateToken(name=name, role=role, unit_id=found.id, read_only=read_only), uow))

    try:
        made = await visit.web.database.write(work)
    except Invalid as wrong:
        return await _shown(visit, wrong=wrong, given={"name": name, "role": role, "unit": unit})
    return await _shown(visit, made=made)


@router.post("/settings/tokens/{token_id}/revoke")
async def revoke(visit: AtForm, token_id: int) -> Response:
    def work(uow: UnitOfWork) -> None:
        if token_id not in [token.id for token in tokens_of_client(uow, visit.client_id, LISTED)]:
            raise NotFound("There is no such token any more.")
        execute(RevokeToken(token_id), uow)

    return await visit.work(work, then="/settings/tokens", said="The token opens nothing any more.")


async def _shown(
    visit: Visit, made: str = "", wrong: DomainError | None = None, given: dict[str, str] | None = None
) -> Response:
    def facts(reader: Reader) -> dict[str, Any]:
        check_sight(reader, visit.actor, "people.edit", visit.client_id)
        return {
            "title": "API tokens",
            "tabs": tabs_of(visit.actor),
            "tokens": tokens_of_client(reader, visit.client_id, LISTED),
            "made": made,
            "wrong": {wrong.field: wrong.sentence} if wrong else {},
            "given": given or {},
            "roles_to_give": [(role, words.split(" ", 1)[-1].capitalize()) for role, words in ROLE_NAMES.items()],
            "base_url": visit.web.base_url,
        }

    return await visit.show("tokens.html", facts, wrong.status if wrong else 200)
