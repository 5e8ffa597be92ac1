"""What came in and made our code fail: kept with the reason, and taken in again when it is mended."""

from typing import Any

from fastapi import APIRouter
from starlette.responses import RedirectResponse, Response

from core.audit.inbox import find_quarantined, list_quarantined
from core.errors import NotFound
from core.people.queries import CLIENTS
from core.statements import Reader
from web.pages.deliveries import tabs_of
from web.pages.visit import AtForm, AtPage
from web.paging import Cursor, cursor_of, read_cursor
from web.sight import check_sight

router = APIRouter(include_in_schema=False)

SHOWN = 30


@router.get("/quarantine")
async def quarantine(visit: AtPage, cursor: Cursor = "") -> Response:
    """The contents only where a single client uses the program: what was not understood belongs to nobody yet."""

    def facts(reader: Reader) -> dict[str, Any]:
        check_sight(reader, visit.actor, "system.operate", visit.client_id)
        place = read_cursor(cursor, int)
        held = list_quarantined(reader, SHOWN + 1, place[0] if place else 2**62)
        return {
            "title": "Quarantine",
            "tabs": tabs_of(visit.actor),
            "held": held[:SHOWN],
            "next_cursor": cursor_of(held[SHOWN - 1].id) if len(held) > SHOWN else None,
            "alone": len(reader.all(CLIENTS)) == 1,
        }

    return await visit.show("quarantine.html", facts)


@router.post("/quarantine/{quarantine_id}/replay")
async def replay(visit: AtForm, quarantine_id: int) -> Response:
    def query(reader: Reader) -> None:
        check_sight(reader, visit.actor, "system.operate", visit.client_id)
        if find_quarantined(reader, quarantine_id) is None:
            raise NotFound("There is no such message.")

    await visit.read(query)
    await visit.web.replay(quarantine_id)
    visit.say("It was taken in again. If it failed once more it stands here anew, above.")
    return RedirectResponse("/quarantine", 303)
