"""The list of overdue trainings as a file, for whoever was given the link in a chat."""

from fastapi import APIRouter, Request
from starlette.responses import Response

from core.errors import NotFound
from core.people.permissions import paths_of
from core.people.queries import actor_for, get_person
from core.sheets import Sheet
from core.statements import Reader
from core.training.counting import count_days
from core.training.list_links import find_reader_of_list
from core.training.overdue_sheet import overdue_sheet
from web.files import Kind, as_file
from web.given import web_of

router = APIRouter(include_in_schema=False)

TOO_OLD = "This link is too old or was mistyped. Ask for a new one in the chat: overdue csv, or overdue pdf"


@router.get("/lists/{secret}.{kind}")
async def overdue_list(request: Request, secret: str, kind: Kind) -> Response:
    """With what the person may see now, not when the link was made."""
    web = web_of(request)
    now = web.clock.now()

    def query(reader: Reader) -> Sheet:
        person_id = find_reader_of_list(reader, secret, now)
        if person_id is None:
            raise NotFound(TOO_OLD)
        person = get_person(reader, person_id)
        paths = paths_of(actor_for(reader, person, "link", now), "training.read")
        return overdue_sheet(reader, person.client_id, paths, count_days(reader, person.client_id, now))

    return await as_file(await web.database.read(query), kind, "overdue-trainings")
