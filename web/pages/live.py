"""The stream that tells an open page to look again."""

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from web.live import Live
from web.pages.visit import AtPage

router = APIRouter(include_in_schema=False)


@router.get("/live")
async def live(request: Request, visit: AtPage) -> Response:
    hub: Live = request.app.state.live
    headers = {"cache-control": "no-store", "x-accel-buffering": "no"}
    return StreamingResponse(hub.stream(visit.actor), media_type="text/event-stream", headers=headers)
