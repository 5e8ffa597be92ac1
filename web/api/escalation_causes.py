"""/api/escalation-causes: what calls a human at a client, besides the customer's own wish."""

from dataclasses import asdict
from typing import Literal

from fastapi import APIRouter
from pydantic import Field

from core.escalations.causes.rules import cause_rules
from core.escalations.commands import SetCauseRules
from core.executor import execute
from core.statements import Reader
from core.unit_of_work import UnitOfWork
from web.api.desk import AtDesk
from web.api.json import Asked, Name, Out, example
from web.sight import check_sight

router = APIRouter(prefix="/api", tags=["escalations"])

When = Literal["never", "trouble", "always"]


class CausesOut(Out):
    """`premium`, `valued`: when what such a customer says calls a human; `highValue` in whole units of their currency a year, 0:
    never; `highValues`: another number for these currencies; `contacts` within `contactDays` about the same thing, 0: as many as
    they like; `urgentRules`: a routing rule of P0 or P1 calls a human by itself."""

    premium_tiers: list[str]
    premium: When
    high_value: int
    high_values: dict[str, int]
    valued: When
    competitors: list[str]
    contacts: int
    contact_days: int
    urgent_rules: bool


class Causes(Asked):
    """What is left out stays as it is."""

    model_config = example(
        premiumTiers=["premium", "vip"], highValue=50000, highValues={"JPY": 8000000}, competitors=["FreshCo"]
    )
    premium_tiers: list[Name] | None = None
    premium: When | None = None
    high_value: int | None = Field(None, ge=0)
    high_values: dict[str, int] | None = None
    valued: When | None = None
    competitors: list[Name] | None = None
    contacts: int | None = Field(None, ge=0)
    contact_days: int | None = Field(None, ge=0)
    urgent_rules: bool | None = None


@router.get("/escalation-causes")
async def get_causes(desk: AtDesk) -> CausesOut:
    def query(reader: Reader) -> CausesOut:
        check_sight(reader, desk.actor, "escalation.read", desk.client_id)
        return CausesOut(**asdict(cause_rules(reader, desk.client_id)))

    return await desk.read(query)


@router.patch("/escalation-causes")
async def set_causes(desk: AtDesk, asked: Causes) -> CausesOut:
    def work(uow: UnitOfWork) -> CausesOut:
        return CausesOut(**asdict(execute(SetCauseRules(desk.client_id, **asked.model_dump()), uow)))

    return await desk.do(work)
