"""The page of the lanes, for admins: what each may send, what waits and until when, what holds it back, and its end."""

from typing import Any

from fastapi import APIRouter
from starlette.responses import Response

from core.outbox.commands import ResetLane
from core.people.contacts import CHANNEL_NAMES
from core.statements import Reader
from web.lanes import overviews
from web.pages.deliveries import tabs_of
from web.pages.visit import AtForm, AtPage
from web.sight import check_sight

router = APIRouter(include_in_schema=False)

TONES = {"works": "good", "ownerless": "soon", "rests": "soon", "doubtful": "soon", "silent": "bad", "broken": "bad"}


@router.get("/lanes")
async def lanes(visit: AtPage) -> Response:
    def facts(reader: Reader) -> dict[str, Any]:
        check_sight(reader, visit.actor, "system.operate", visit.client_id)
        zone = visit.zone(reader)
        shown = [
            {
                "lane": lane,
                "account": account,
                "channel": CHANNEL_NAMES.get(lane.channel, lane.channel.capitalize()),
                "condition": lane.condition(visit.now),
                "tone": TONES[lane.condition(visit.now)],
                "sentence": lane.sentence(visit.now, zone),
                "resettable": bool(lane.state.trouble(visit.now)),
            }
            for account, lane in overviews(reader, visit.web, visit.client_id, visit.now)
        ]
        return {"title": "Lanes", "lanes": shown, "tabs": tabs_of(visit.actor)}

    return await visit.show("lanes.html", facts)


@router.post("/lanes/{lane}/reset")
async def reset(visit: AtForm, lane: str) -> Response:
    """Who presses twice, or together with somebody else, is told how it stands by now."""
    said = "It tries again within seconds."
    return await visit.do(ResetLane(visit.client_id, lane.lower()), then="/lanes", said=said)
