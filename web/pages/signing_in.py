"""A link from the chat signs in: opening it shows one button, because previews open links, too; pressing it signs in, once.

Whoever gives their phone number here gets such a link into their own chat; the page says the same whoever asks.
"""

from dataclasses import replace
from datetime import timedelta
from typing import Annotated

from fastapi import APIRouter, Form, Query, Request
from starlette.background import BackgroundTask
from starlette.responses import RedirectResponse, Response

from core.actor import SYSTEM
from core.errors import NotFound
from core.executor import execute
from core.people.commands import EndSession, EnterByEmail, SendLogin, UseLogin
from core.people.handlers import Entered
from core.people.signing_in import read_phone
from core.unit_of_work import UnitOfWork
from web.given import web_of
from web.pages.rendering import page
from web.pages.visit import AtForm
from web.safe_paths import safe_path
from web.session import begin, browser_of, check_own_site, end
from web.tries import Tries

router = APIRouter(include_in_schema=False)

BACK = "/sign-in/oidc/back"
NOT_CONFIGURED = "Signing in that way is not set up here. Sign in by a link to your chat."
WITHIN = timedelta(minutes=10)
ASKED, OPENED = 10, 30
"""From one address within that time: links asked for, links tried."""


def tries() -> dict[str, Tries]:
    return {"asked": Tries(ASKED, WITHIN), "opened": Tries(OPENED, WITHIN)}


@router.get("/sign-in")
async def how(request: Request, wanted: Annotated[str, Query(alias="next", max_length=500)] = "") -> Response:
    """`next`: where to go on to afterwards, kept until then in this browser."""
    if wanted:
        request.session["next"] = safe_path(wanted)
    provider = web_of(request).oidc
    return page("welcome.html", {"title": "Sign in", "sent_to": "", "elsewhere": provider.name if provider else ""})


@router.post("/sign-in")
async def send(request: Request, phone: Annotated[str, Form(max_length=40)] = "") -> Response:
    """What is known about the number is found out after the answer, so that its time tells nothing either. Raises Invalid."""
    check_own_site(request)
    _count(request, "asked")
    number, web = read_phone(phone), web_of(request)
    command = SendLogin(number, web.base_url)

    def work(uow: UnitOfWork) -> None:
        uow.actor = replace(SYSTEM, via="page")
        execute(command, uow)

    answer = page("welcome.html", {"title": "Look into your chat", "sent_to": number, "elsewhere": ""})
    answer.background = BackgroundTask(web.database.write, work)
    return answer


@router.get("/login/{secret}")
async def ask(secret: str) -> Response:
    """Says nothing about whether the link works."""
    return page("login.html", {"title": "Sign in", "secret": secret})


@router.post("/login/{secret}")
async def sign_in(request: Request, secret: str) -> Response:
    check_own_site(request)
    _count(request, "opened")

    def use(uow: UnitOfWork) -> Entered:
        uow.actor = replace(SYSTEM, via="page")
        entered: Entered = execute(UseLogin(secret, browser_of(request)), uow)
        return entered

    return _enter(request, (await web_of(request).database.write(use)).session)


@router.post("/logout")
async def sign_out(request: Request, visit: AtForm) -> Response:
    await visit.do(EndSession(visit.signed_in.session.id), then="/")
    end(request)
    return RedirectResponse("/sign-in", 303)


@router.get("/sign-in/oidc")
async def leave(request: Request) -> Response:
    """To the issuer, where one is configured."""
    _count(request, "opened")
    web = web_of(request)
    if web.oidc is None:
        raise NotFound(NOT_CONFIGURED)
    return await web.oidc.leave(request, f"{web.base_url}{BACK}")


@router.get(BACK)
async def come_back(request: Request) -> Response:
    """From the issuer, with a code. What was kept in this browser when it left is the proof that it began here."""
    _count(request, "opened")
    web = web_of(request)
    if web.oidc is None:
        raise NotFound(NOT_CONFIGURED)
    command = EnterByEmail(await web.oidc.proved(request), web.oidc.issuer, browser_of(request))

    def work(uow: UnitOfWork) -> Entered:
        uow.actor = replace(SYSTEM, via="page")
        entered: Entered = execute(command, uow)
        return entered

    return _enter(request, (await web.database.write(work)).session)


def _enter(request: Request, session: str) -> Response:
    """Signed in, and on to where one wanted to go."""
    wanted = safe_path(str(request.session.get("next", "/")))
    begin(request, session)
    return RedirectResponse(wanted, 303)


def _count(request: Request, what: str) -> None:
    web = web_of(request)
    counted: Tries = request.app.state.tries[what]
    counted.check(request.client.host if request.client else "", web.clock.now())
