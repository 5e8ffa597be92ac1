"""The stream that tells an open page to look again."""

from typing import Annotated

from fastapi import APIRouter, Query
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from web.live import Live, read_seen
from web.pages.visit import AtPage

router = APIRouter(include_in_schema=False)


@router.get("/live")
async def live(request: Request, visit: AtPage, since: Annotated[str, Query(max_length=40)] = "") -> Response:
    hub: Live = request.app.state.live
    headers = {"cache-control": "no-store", "x-accel-buffering": "no"}
    return StreamingResponse(hub.stream(visit.actor, read_seen(since)), media_type="text/event-stream", headers=headers)
