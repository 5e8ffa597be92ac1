"""Somebody signed in looks at a page or presses a button there: the one way to read for a page, and the one way to change."""

from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager, nullcontext
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any, TypeVar
from urllib.parse import quote, urlsplit

from fastapi import Depends, Form, Request
from starlette.responses import RedirectResponse, Response

from core.actor import Actor
from core.errors import DomainError, Forbidden
from core.executor import execute
from core.people.permissions import ROLE_NAMES
from core.people.queries import get_unit
from core.people.tables import Person
from core.remembering import RememberingReader
from core.statements import Reader
from core.unit_of_work import UnitOfWork
from web.counted import Counted
from web.given import Web, web_of
from web.live import seen_by_now
from web.pages.rendering import page
from web.pages.sections import ON_THE_PHONE, Section, sections_of
from web.safe_paths import safe_path
from web.session import SignedIn, check_csrf, check_own_site, find_signed_in

T = TypeVar("T")


class NotSignedIn(Exception):
    """`wanted`: the path to go on to after signing in."""

    def __init__(self, wanted: str) -> None:
        super().__init__(wanted)
        self.wanted = wanted


@dataclass(frozen=True, slots=True)
class Visit:
    """`now` is one moment for the whole answer."""

    request: Request
    web: Web
    signed_in: SignedIn
    now: datetime

    @property
    def actor(self) -> Actor:
        return self.signed_in.actor

    @property
    def person(self) -> Person:
        return self.signed_in.person

    @property
    def client_id(self) -> int:
        return self.signed_in.person.client_id

    @property
    def counted(self) -> Counted:
        counted: Counted = self.request.app.state.counted
        return counted

    async def read(self, query: Callable[[Reader], T]) -> T:
        return await self.web.database.read(lambda reader: query(RememberingReader(reader)))

    async def show(self, template: str, facts: Callable[[Reader], dict[str, Any]], status: int = 200) -> Response:
        """A page inside the frame. `facts` must give `title`; csrf, person, now, zone and the like are added."""

        def query(reader: Reader) -> dict[str, Any]:
            return self._frame(reader) | facts(reader)

        async with _turn(self.request):
            return page(template, await self.read(query), status)

    async def do(self, *commands: Any, then: str, said: str = "") -> Response:
        """The same commands as in the chat, all or none, and on to the page `then`; see `work`."""
        return await self.work(lambda uow: [execute(command, uow) for command in commands], then=then, said=said)

    async def work(
        self,
        work: Callable[[UnitOfWork], T],
        *,
        then: str | Callable[[T], str],
        said: str | Callable[[T], str] = "",
        again: Callable[[DomainError], Awaitable[Response]] | None = None,
    ) -> Response:
        """`said`: the sentence shown above the next page. A refusal is shown there in its place, or by `again`: the form as it was
        filled in. Raises Forbidden."""

        def as_actor(uow: UnitOfWork) -> T:
            uow.actor = self.actor
            return work(uow)

        try:
            done = await self.web.database.write(as_actor)
        except Forbidden:
            raise
        except DomainError as refusal:
            if again is not None:
                return await again(refusal)
            self.say(refusal.sentence, "bad")
            return RedirectResponse(self._back(then), 303)
        if sentence := said(done) if callable(said) else said:
            self.say(sentence)
        return RedirectResponse(then(done) if callable(then) else then, 303)

    def say(self, sentence: str, tone: str = "good") -> None:
        """Once, above the next page that is shown."""
        self.request.session["said"] = [tone, sentence[:600]]

    def zone(self, reader: Reader) -> str:
        return self.person.time_zone or get_unit(reader, self.client_id).time_zone

    def _back(self, then: Any) -> str:
        referer = urlsplit(self.request.headers.get("referer", ""))
        return safe_path(f"{referer.path}?{referer.query}") if referer.path else then if isinstance(then, str) else "/"

    def _frame(self, reader: Reader) -> dict[str, Any]:
        sections = sections_of(self.actor)
        client = get_unit(reader, self.client_id)
        return {
            "sections": sections,
            "on_the_phone": sections if len(sections) <= ON_THE_PHONE + 1 else sections[:ON_THE_PHONE],
            "current": _current(sections, self.request.url.path),
            "path": self.request.url.path,
            "query": dict(self.request.query_params),
            "client": client.name,
            "roles": roles_of(self.signed_in),
            "person": self.person,
            "csrf": self.signed_in.csrf,
            "now": self.now,
            "seen": seen_by_now(reader),
            "zone": self.person.time_zone or client.time_zone,
            "language": "en",
            "said": None if _is_by_itself(self.request) else self.request.session.pop("said", None),
        }


def _current(sections: list[Section], path: str) -> Section | None:
    return next((one for one in sections if _is_within(path, (one.path, *one.also))), None)


def _is_within(path: str, tops: tuple[str, ...]) -> bool:
    return any(path == top or (top != "/" and path.startswith(f"{top}/")) for top in tops)


def roles_of(signed_in: SignedIn) -> str:
    roles = dict.fromkeys(ROLE_NAMES[seat.role].split(" ", 1)[-1] for seat in signed_in.actor.seats)
    return ", ".join(roles) or "no position at the moment"


def _is_by_itself(request: Request) -> bool:
    """An open page looks again (static/live.js)."""
    return "x-live" in request.headers


def _turn(request: Request) -> AbstractAsyncContextManager[object]:
    """Few of those at a time: whoever opens a page or presses a button does not wait for them."""
    return request.app.state.live.turns if _is_by_itself(request) else nullcontext()


async def visit(request: Request) -> Visit:
    """Raises NotSignedIn, answered with the way to the sign-in page."""
    async with _turn(request):
        signed_in = await find_signed_in(request)
    if signed_in is None:
        wanted = request.url.path + (f"?{request.url.query}" if request.url.query else "")
        raise NotSignedIn(wanted if request.method == "GET" else "/")
    web = web_of(request)
    return Visit(request, web, signed_in, web.clock.now())


async def form(request: Request, csrf: Annotated[str, Form(max_length=200)] = "") -> Visit:
    """A form of ours, sent from our page by who is signed in. Raises Forbidden, NotSignedIn."""
    check_own_site(request)
    found = await visit(request)
    check_csrf(request, csrf)
    return found


async def to_sign_in(request: Request, error: Exception) -> Response:
    assert isinstance(error, NotSignedIn)
    return RedirectResponse(
        f"/sign-in?next={quote(error.wanted, safe='/')}" if error.wanted != "/" else "/sign-in", 303
    )


AtPage = Annotated[Visit, Depends(visit)]
AtForm = Annotated[Visit, Depends(form)]
