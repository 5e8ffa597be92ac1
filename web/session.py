"""Who is signed in on the pages: a signed cookie holds the secret of a session, which is a row; what they may is read each time."""

import re
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
from core.people.sessions import LASTS, Session, find_session, is_unseen, was_seen
from core.people.tables import Person
from core.statements import Reader
from web.given import Web, web_of

FOREIGN = "This came from another site, or the page was open for very long. Open the page anew and try again."
BROWSERS = (("Edg", "Edge"), ("OPR", "Opera"), ("Firefox", "Firefox"), ("Chrome", "Chrome"), ("Safari", "Safari"))
SYSTEMS = (
    ("iPhone", "iPhone"), ("iPad", "iPad"), ("Android", "Android"), ("Windows", "Windows"), ("Mac OS", "Mac"), ("Linux", "Linux"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class SignedIn:
    """`csrf`: belongs in every form of this session."""

    person: Person
    actor: Actor
    csrf: str
    session: Session


def install(app: FastAPI, web: Web) -> None:
    app.add_middleware(
        SessionMiddleware,
        secret_key=web.secret_key,
        session_cookie="__Host-callboard" if web.secure_cookies else "callboard",
        max_age=int(LASTS.total_seconds()),
        same_site="lax",
        https_only=web.secure_cookies,
    )


async def find_signed_in(request: Request) -> SignedIn | None:
    """None without a session, when it was ended, and when the person is no longer active."""
    secret, csrf = request.session.get("session"), request.session.get("csrf")
    if not isinstance(secret, str) or not isinstance(csrf, str):
        return None
    web = web_of(request)
    now = web.clock.now()

    def query(reader: Reader) -> SignedIn | None:
        session = find_session(reader, secret, now)
        person = reader.first(PERSON_BY_ID, person_id=session.person_id) if session else None
        if session is None or person is None or person.status == "inactive":
            return None
        return SignedIn(person, actor_for(reader, person, "page", now), csrf, session)

    found = await web.database.read(query)
    if found is not None and is_unseen(found.session, now):
        await web.database.write(lambda uow: was_seen(uow, found.session))
    return found


def begin(request: Request, secret: str) -> None:
    """A new session: nothing of the one before is taken over, so whoever planted a cookie here gets nothing."""
    request.session.clear()
    request.session.update(session=secret, csrf=secrets.token_urlsafe(24))


def end(request: Request) -> None:
    request.session.clear()


def browser_of(request: Request) -> str:
    """'Firefox on Windows', as far as it says so itself."""
    agent = request.headers.get("user-agent", "")
    name = next((name for mark, name in BROWSERS if re.search(rf"\b{mark}", agent)), "A browser")
    system = next((name for mark, name in SYSTEMS if mark in agent), "")
    return f"{name} on {system}" if system else name


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
