"""/api/hand-overs: at the end of a shift everything that somebody has in hand goes to a colleague."""

from fastapi import APIRouter, Response
from pydantic import Field

from channels.rendering import render
from core.escalations.commands import HandOver
from core.escalations.handing_over import summary_of
from core.escalations.tables import Escalation
from core.executor import execute
from core.people.queries import get_person
from core.unit_of_work import UnitOfWork
from web.api.desk import AtDesk
from web.api.escalation_shapes import EscalationOut, shown
from web.api.json import Asked, Name, Out, example
from web.api.people import Codes, as_person, person_by_code

router = APIRouter(prefix="/api/hand-overs", tags=["escalations"])


class HandOverGiven(Asked):
    """Codes of people. `from`: whose it is; without it the token's own person's. A lead may hand over for another."""

    model_config = example(**{"to": "AG-2", "from": "AG-1"})
    to: Name
    from_: Name | None = Field(None, alias="from")


class HandedOverItem(Out):
    """`summary`: what it is, where the talk stands, what is due; a line each, as the colleague reads them."""

    escalation: EscalationOut
    summary: list[str]


class HandedOver(Out):
    """`items`: the most urgent first."""

    from_: str = Field(alias="from")
    to: str
    items: list[HandedOverItem]


@router.post("", response_model=HandedOver)
async def hand_over(desk: AtDesk, asked: HandOverGiven) -> Response:
    """Both read the summary in their chats. 409 when there is nothing in hand."""

    def work(uow: UnitOfWork) -> tuple[int, HandedOver]:
        to = person_by_code(uow, desk.client_id, asked.to, "to")
        giver = person_by_code(uow, desk.client_id, asked.from_, "from").id if asked.from_ else as_person(desk.actor)
        given: list[Escalation] = execute(HandOver(to.id, giver), uow)
        items = [HandedOverItem(escalation=shown(uow, one, uow.now), summary=_lines(uow, one, to.id)) for one in given]
        codes = Codes(uow)
        return 200, HandedOver(**{"from": codes.code(giver), "to": to.code}, items=items)

    return await desk.post(work)


def _lines(uow: UnitOfWork, escalation: Escalation, reader: int) -> list[str]:
    person = get_person(uow, reader)
    facts = {"items": [summary_of(uow, escalation, person)], "giver": "", "taker": "", "yours": True}
    return render("escalation.handed_over", facts, language=person.language).paragraphs[1].text.splitlines()
