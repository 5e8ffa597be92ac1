"""Who is signed in on the pages: a signed cookie names the person; what they may is read anew for every page."""

import secrets
from dataclasses import dataclass
from hmac import compare_digest
from urllib.parse import urlsplit

from fastapi import FastAPI
from starlette.middleware.sessions import SessionMiddleware
from starlette.requests import Request

from core.actor import Actor
from core.errors import Forbidden
from core.people.queries import PERSON_BY_ID, actor_for
from core.people.tables import Person
from core.statements import Reader
from web.given import Web, web_of

LASTS = 12 * 3600
"""Seconds after the sign-in, whatever is done meanwhile."""

FOREIGN = "This came from another site. Open the page here and try again."


@dataclass(frozen=True, slots=True)
class SignedIn:
    """`csrf`: belongs in every form of this session."""

    person: Person
    actor: Actor
    csrf: str


def install(app: FastAPI, web: Web) -> None:
    app.add_middleware(
        SessionMiddleware,
        secret_key=web.secret_key,
        session_cookie="__Host-callboard" if web.secure_cookies else "callboard",
        max_age=LASTS,
        same_site="lax",
        https_only=web.secure_cookies,
    )


async def find_signed_in(request: Request) -> SignedIn | None:
    """None without a session, and when the person is no longer active."""
    person_id, csrf = request.session.get("person_id"), request.session.get("csrf")
    if not isinstance(person_id, int) or not isinstance(csrf, str):
        return None
    web = web_of(request)
    now = web.clock.now()

    def query(reader: Reader) -> SignedIn | None:
        person = reader.first(PERSON_BY_ID, person_id=person_id)
        if person is None or person.status == "inactive":
            return None
        return SignedIn(person, actor_for(reader, person, "page", now), csrf)

    return await web.database.read(query)


def begin(request: Request, person: Person) -> None:
    """A new session: nothing of the one before is taken over."""
    request.session.clear()
    request.session.update(person_id=person.id, csrf=secrets.token_urlsafe(24))


def end(request: Request) -> None:
    request.session.clear()


def check_own_site(request: Request) -> None:
    """A form of another site may not post here, whatever cookies the browser sends. Raises Forbidden."""
    site = request.headers.get("sec-fetch-site")
    origin = request.headers.get("origin")
    hosts = {request.headers.get("host", ""), urlsplit(web_of(request).base_url).netloc}
    if site not in (None, "same-origin", "none") or (origin is not None and urlsplit(origin).netloc not in hosts):
        raise Forbidden(FOREIGN)


def check_csrf(request: Request, given: str) -> None:
    expected = request.session.get("csrf")
    if not isinstance(expected, str) or not compare_digest(given.encode(), expected.encode()):
        raise Forbidden(FOREIGN)
