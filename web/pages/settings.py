"""Settings of one's own: where one is signed in. The tabs beside it are for who looks after the program."""

from typing import Any

from fastapi import APIRouter
from starlette.responses import RedirectResponse, Response

from core.actor import Actor
from core.people.commands import EndSession, EndSessions
from core.people.permissions import paths_of
from core.people.sessions import list_sessions
from core.statements import Reader
from web.pages.visit import AtForm, AtPage
from web.session import end

router = APIRouter(include_in_schema=False)

TABS = (
    ("Signed in", "/settings", ""),
    ("API tokens", "/settings/tokens", "people.edit"),
    ("Webhooks", "/settings/webhooks", "webhook.manage"),
    ("Channels", "/settings/channels", "system.operate"),
    ("Templates", "/settings/templates", "people.edit"),
)


def tabs_of(actor: Actor) -> list[tuple[str, str, None]]:
    return [(name, path, None) for name, path, permission in TABS if not permission or paths_of(actor, permission)]


@router.get("/settings")
async def own(visit: AtPage) -> Response:
    def facts(reader: Reader) -> dict[str, Any]:
        return {
            "title": "Settings",
            "tabs": tabs_of(visit.actor),
            "sessions": list_sessions(reader, visit.person.id, visit.now),
            "this": visit.signed_in.session.id,
        }

    return await visit.show("settings.html", facts)


@router.post("/settings/sessions/{session_id}/end")
async def end_one(visit: AtForm, session_id: int) -> Response:
    return await visit.do(EndSession(session_id), then="/settings", said="That browser is signed out.")


@router.post("/settings/sessions/end")
async def end_all(visit: AtForm) -> Response:
    await visit.do(EndSessions(visit.person.id), then="/sign-in")
    end(visit.request)
    return RedirectResponse("/sign-in", 303)
