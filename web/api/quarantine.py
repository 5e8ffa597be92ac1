"""/api/quarantine: payloads from the platforms that made our code fail; one can be taken in again."""

from datetime import datetime

from fastapi import APIRouter, Response

from core.audit.inbox import Quarantined, find_quarantined, list_quarantined
from core.errors import NotFound
from core.people.queries import CLIENTS
from core.statements import Reader
from web.api.desk import AtDesk
from web.api.json import Out, Page
from web.paging import DEFAULT, Cursor, Limit, cursor_of, read_cursor
from web.sight import check_sight

router = APIRouter(prefix="/api/quarantine", tags=["quarantine"])


class QuarantinedOut(Out):
    """`body` and `traceback` only where a single client uses the program: what was not understood belongs to nobody yet."""

    id: str
    channel: str
    account: str
    error: str
    at: datetime
    replayed_at: datetime | None
    body: str | None
    traceback: str | None


@router.get("")
async def list_held(desk: AtDesk, limit: Limit = DEFAULT, cursor: Cursor = "") -> Page[QuarantinedOut]:
    """The newest first."""
    place = read_cursor(cursor, int)

    def query(reader: Reader) -> Page[QuarantinedOut]:
        check_sight(reader, desk.actor, "system.operate", desk.client_id)
        held = list_quarantined(reader, limit + 1, place[0] if place else 2**62)
        following = cursor_of(held[limit - 1].id) if len(held) > limit else None
        return Page(items=[_shown(reader, row) for row in held[:limit]], next_cursor=following)

    return await desk.read(query)


@router.post("/{quarantine_id}/replay", response_model=QuarantinedOut)
async def replay(desk: AtDesk, quarantine_id: str) -> Response:
    """What was done already is not done again; what fails again is put aside again, as a new entry."""

    async def effect() -> QuarantinedOut:
        await desk.web.replay(number)
        return await desk.read(find)

    def find(reader: Reader) -> QuarantinedOut:
        check_sight(reader, desk.actor, "system.operate", desk.client_id)
        held = find_quarantined(reader, number)
        if held is None:
            raise NotFound(f"There is no quarantined payload “{quarantine_id}”.")
        return _shown(reader, held)

    number = (
        int(quarantine_id) if quarantine_id.isascii() and quarantine_id.isdigit() and len(quarantine_id) < 16 else 0
    )
    await desk.read(find)
    return await desk.post_outside(effect)


def _shown(reader: Reader, held: Quarantined) -> QuarantinedOut:
    alone = len(reader.all(CLIENTS)) == 1
    return QuarantinedOut(
        id=str(held.id),
        channel=held.channel,
        account=held.account,
        error=held.error,
        at=held.at,
        replayed_at=held.replayed_at,
        body=held.body if alone else None,
        traceback=held.traceback if alone else None,
    )
