"""The first page: what waits right now."""

from typing import Any

from fastapi import APIRouter
from starlette.responses import Response

from core.statements import Reader
from web.pages.board import SHOWN, read_board
from web.pages.visit import AtPage

router = APIRouter(include_in_schema=False)


@router.get("/")
async def now(visit: AtPage) -> Response:
    def facts(reader: Reader) -> dict[str, Any]:
        board = read_board(reader, visit.actor, visit.now, visit.zone(reader))
        return {"title": "Now", "board": board, "shown": SHOWN}

    return await visit.show("now.html", facts)
