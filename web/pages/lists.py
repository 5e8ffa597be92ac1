"""The list of overdue trainings as a file, for whoever was given the link in a chat."""

from fastapi import APIRouter, Request
from starlette.responses import Response

from core.errors import NotFound
from core.sheets import Sheet
from core.statements import Reader
from core.training.files import sheet_for
from core.training.list_links import find_reader_of_list
from web.files import Kind, as_file
from web.given import web_of

router = APIRouter(include_in_schema=False)

TOO_OLD = "This link is too old or was mistyped. Ask for a new one in the chat: overdue csv, or overdue pdf"


@router.get("/lists/{secret}.{kind}")
async def overdue_list(request: Request, secret: str, kind: Kind, of: str = "") -> Response:
    """With what the person may see now, not when the link was made. `of`: the proof of notice of an employee or a unit instead."""
    web = web_of(request)
    now = web.clock.now()

    def query(reader: Reader) -> Sheet:
        person_id = find_reader_of_list(reader, secret, now)
        if person_id is None:
            raise NotFound(TOO_OLD)
        return sheet_for(reader, person_id, of, now)

    return await as_file(await web.database.read(query), kind, "proof-of-notice" if of else "overdue-trainings")
