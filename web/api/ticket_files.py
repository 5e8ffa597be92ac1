"""Files of a ticket: its photos and its service report. For whoever holds a token or is signed in on the pages."""

import asyncio
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request, Response
from fastapi.security import HTTPAuthorizationCredentials
from starlette.exceptions import HTTPException
from starlette.responses import FileResponse

from channels.failures import PermanentFailure
from core.actor import Actor
from core.errors import Conflict, Invalid, NotFound
from core.executor import execute
from core.media.inbox import keep_stored
from core.media.photos import LARGEST_FILE, UnusablePhoto, clean
from core.statements import Reader
from core.tickets.commands import AddPhoto, Photo
from core.tickets.queries import list_photos
from core.tickets.rows import TicketPhoto
from core.tickets.service_reports import find_report
from core.unit_of_work import UnitOfWork
from web.api.desk import CHALLENGE, UNSIGNED, AtDesk, bearer, serve
from web.api.ticket_requests import PHOTO_TYPES
from web.api.ticket_shapes import PHOTO_CHANNEL, PhotoOut, get_seen, photo_url
from web.given import Web, web_of
from web.session import find_signed_in

router = APIRouter(prefix="/api/tickets/{number}", tags=["tickets"])

NOT_YET = "The report of {} is being made; ask again in a few seconds."
PRIVATE = {"cache-control": "private, max-age=3600"}


def _file_of(media_type: str) -> dict[int | str, dict[str, Any]]:
    return {200: {"content": {media_type: {"schema": {"type": "string", "format": "binary"}}}}}


@dataclass(frozen=True, slots=True)
class Visitor:
    web: Web
    actor: Actor


async def visitor(
    request: Request, credentials: Annotated[HTTPAuthorizationCredentials | None, Depends(bearer)]
) -> Visitor:
    """A token counts more than a session. Raises 401 without either."""
    if credentials is not None:
        desk = await serve(request, credentials)
        return Visitor(desk.web, desk.actor)
    signed_in = await find_signed_in(request)
    if signed_in is None:
        raise HTTPException(401, UNSIGNED, CHALLENGE)
    return Visitor(web_of(request), signed_in.actor)


ByTokenOrSession = Annotated[Visitor, Depends(visitor)]


@router.get("/report", response_class=FileResponse, responses=_file_of("application/pdf"))
async def report(who: ByTokenOrSession, number: str) -> Response:
    """The PDF that was made when the ticket was closed; 409 while it is not."""

    def query(reader: Reader) -> tuple[str, int]:
        ticket = get_seen(reader, who.actor, number)
        known = find_report(reader, ticket.id)
        if known is None:
            raise Conflict(f"{ticket.number} is not closed: its report is made then.")
        if known.media_id is None:
            raise Conflict(NOT_YET.format(ticket.number))
        return ticket.number, known.media_id

    name, media_id = await who.web.database.read(query)
    path = await _file(who.web, media_id)
    return FileResponse(path, media_type="application/pdf", filename=f"{name}.pdf", headers=PRIVATE)


@router.get("/photos/{photo_id}", response_class=FileResponse, responses=_file_of("image/jpeg"))
async def photo(who: ByTokenOrSession, number: str, photo_id: int) -> Response:
    """A JPEG without a word about the phone it was made with or the place where."""

    def query(reader: Reader) -> TicketPhoto:
        ticket = get_seen(reader, who.actor, number)
        found = next((one for one in list_photos(reader, ticket.id) if one.id == photo_id), None)
        if found is None:
            raise NotFound(f"{ticket.number} has no photo {photo_id}.")
        return found

    found = await who.web.database.read(query)
    return FileResponse(await _file(who.web, found.media_id), media_type="image/jpeg", headers=PRIVATE)


async def _file(web: Web, media_id: int) -> Path:
    try:
        path = await web.find_file(media_id)
    except PermanentFailure as failure:
        raise NotFound(failure.reason) from None
    if path is None:
        raise Conflict("It is still being fetched; ask again in a few seconds.")
    if not await asyncio.to_thread(path.exists):
        raise NotFound("The file is not in the store any more.")
    return path


@router.post(
    "/photos",
    status_code=201,
    response_model=PhotoOut,
    openapi_extra={
        "requestBody": {"required": True, "content": {"image/*": {"schema": {"type": "string", "format": "binary"}}}}
    },
)
async def upload(
    desk: AtDesk,
    request: Request,
    number: str,
    kind: Annotated[str, Query(alias="type", max_length=20)] = "work",
    caption: Annotated[str, Query(max_length=1000)] = "",
) -> Response:
    """The picture itself as the body (JPEG, PNG or WebP, 20 MB at most); it is kept without its metadata."""
    await desk.read(lambda reader: get_seen(reader, desk.actor, number))
    content = await request.body()
    if len(content) > LARGEST_FILE:
        raise Invalid("The photo has more than 20 MB.", field="body")
    try:
        digest = await asyncio.to_thread(lambda: desk.web.store.put(clean(content)))
    except UnusablePhoto as unusable:
        raise Invalid(str(unusable), field="body") from None

    def work(uow: UnitOfWork) -> tuple[int, PhotoOut]:
        ticket = get_seen(uow, desk.actor, number)
        media_id = keep_stored(uow, PHOTO_CHANNEL, digest, ticket.client_id)
        execute(AddPhoto(ticket.id, Photo(media_id, PHOTO_TYPES.get(kind.lower(), "work"), caption)), uow)
        added = next(one for one in list_photos(uow, ticket.id) if one.media_id == media_id)
        url = photo_url(ticket.number, added.id)
        return 201, PhotoOut(id=str(added.id), url=url, type=added.kind, caption=added.caption, state="stored")

    return await desk.post(work)
