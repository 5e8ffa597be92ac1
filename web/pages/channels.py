"""Channels: which are on, whether each works, and what is wrong with the program if anything is."""

from typing import Any

from fastapi import APIRouter
from starlette.responses import Response

from core.people.contacts import CHANNEL_NAMES
from core.statements import Reader
from web.lanes import overviews
from web.pages.lanes import TONES
from web.pages.settings import tabs_of
from web.pages.visit import AtPage
from web.sight import check_sight

router = APIRouter(include_in_schema=False)


@router.get("/settings/channels")
async def channels(visit: AtPage) -> Response:
    checks = await visit.web.checks()

    def facts(reader: Reader) -> dict[str, Any]:
        check_sight(reader, visit.actor, "system.operate", visit.client_id)
        zone = visit.zone(reader)
        watched = [lane for _, lane in overviews(reader, visit.web, visit.client_id, visit.now)]
        return {
            "title": "Channels",
            "tabs": tabs_of(visit.actor),
            "checks": checks,
            "off": [name for key, name in CHANNEL_NAMES.items() if key not in {lane.channel for lane in watched}],
            "lanes": [
                {
                    "name": CHANNEL_NAMES.get(lane.channel, lane.channel.capitalize()),
                    "account": "" if lane.account == "default" else lane.account,
                    "condition": lane.condition(visit.now),
                    "tone": TONES[lane.condition(visit.now)],
                    "sentence": lane.sentence(visit.now, zone),
                    "waiting": lane.waiting,
                }
                for lane in watched
            ],
        }

    return await visit.show("channels.html", facts)
