"""A link from the chat signs in: opening it shows one button, because previews open links, too; pressing it signs in, once."""

from dataclasses import replace
from typing import Annotated

from fastapi import APIRouter, Form, Query, Request
from starlette.responses import RedirectResponse, Response

from core.actor import SYSTEM
from core.errors import Forbidden
from core.executor import execute
from core.people.commands import UseLogin
from core.people.tables import Person
from core.unit_of_work import UnitOfWork
from web.given import web_of
from web.pages.rendering import page
from web.safe_paths import safe_path
from web.session import begin, check_csrf, check_own_site, end

router = APIRouter(include_in_schema=False)


@router.get("/sign-in")
async def how(request: Request, wanted: Annotated[str, Query(alias="next", max_length=500)] = "") -> Response:
    """`next`: where to go on to afterwards, kept until then in this browser."""
    if wanted:
        request.session["next"] = safe_path(wanted)
    return page("welcome.html", {"title": "Sign in"})


@router.get("/login/{secret}")
async def ask(secret: str) -> Response:
    """Says nothing about whether the link works."""
    return page("login.html", {"title": "Sign in", "secret": secret})


@router.post("/login/{secret}")
async def sign_in(request: Request, secret: str) -> Response:
    check_own_site(request)

    def use(uow: UnitOfWork) -> Person:
        uow.actor = replace(SYSTEM, via="page")
        person: Person = execute(UseLogin(secret), uow)
        if person.status == "inactive":
            raise Forbidden("You do not work here any more, so there is nothing to sign in to.")
        return person

    wanted = safe_path(str(request.session.get("next", "/")))
    begin(request, await web_of(request).database.write(use))
    return RedirectResponse(wanted, 303)


@router.post("/logout")
async def sign_out(request: Request, csrf: Annotated[str, Form(max_length=200)] = "") -> Response:
    check_own_site(request)
    check_csrf(request, csrf)
    end(request)
    return RedirectResponse("/sign-in", 303)
