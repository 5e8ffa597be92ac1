"""/api/lanes: the outgoing accounts, what waits in each and until when, what holds one back, and its end."""

from datetime import datetime

from fastapi import APIRouter, Response

from core.errors import NotFound
from core.executor import execute
from core.outbox.commands import ResetLane
from core.outbox.lane_overview import LaneOverview
from core.statements import Reader
from core.unit_of_work import UnitOfWork
from web.api.desk import AtDesk, Desk
from web.api.json import Out, Page
from web.given import LaneAccount
from web.lanes import lanes_of, overviews
from web.sight import check_sight

router = APIRouter(prefix="/api/lanes", tags=["lanes"])


class RecipientsOut(Out):
    """People the account has begun to write to within 24 hours, and how many it may."""

    begun: int
    most: int


class LaneOut(Out):
    """`condition`: works, ownerless (no process sends), rests (until `pausedUntil`), doubtful (its next message shows whether it
    works), silent (its self-check fails), broken (the platform refuses everything). `breaker`: closed, open, half open. `waiting`
    and `held` count your client's messages; `lastLeavesAt`: when the last of them leaves."""

    id: str
    channel: str
    account: str
    condition: str
    sentence: str
    owner: str | None
    waiting: int
    held: int
    last_leaves_at: datetime | None
    breaker: str
    paused_until: datetime | None
    paused_reason: str | None
    broken_since: datetime | None
    broken_reason: str | None
    silent_since: datetime | None
    limits: list[str]
    recipients: RecipientsOut | None


@router.get("")
async def list_lanes(desk: AtDesk) -> Page[LaneOut]:
    """All of them, by name. For admins."""
    return await desk.read(lambda reader: Page(items=_seen(reader, desk), next_cursor=None))


@router.post("/{lane}/reset", response_model=LaneOut)
async def reset(desk: AtDesk, lane: str) -> Response:
    """Broken, paused, breaker: whatever holds it back counts no more, and it tries again within seconds. 409 when nothing does."""

    def work(uow: UnitOfWork) -> tuple[int, LaneOut]:
        name = lane.lower()
        if name not in [account.name for account in lanes_of(uow, desk.web, desk.client_id)]:
            raise NotFound(f"There is no lane “{lane}”. See /api/lanes.")
        execute(ResetLane(desk.client_id, name), uow)
        return 200, next(one for one in _seen(uow, desk) if one.id == name)

    return await desk.post(work)


def _seen(reader: Reader, desk: Desk) -> list[LaneOut]:
    check_sight(reader, desk.actor, "system.operate", desk.client_id)
    now = desk.web.clock.now()
    return [_shown(account, lane, now) for account, lane in overviews(reader, desk.web, desk.client_id, now)]


def _shown(account: LaneAccount, lane: LaneOverview, now: datetime) -> LaneOut:
    rests = lane.state.paused_until if lane.state.paused_until and lane.state.paused_until > now else None
    return LaneOut(
        id=lane.name,
        channel=lane.channel,
        account=lane.account,
        condition=lane.condition(now),
        sentence=lane.sentence(now),
        owner=lane.owner,
        waiting=lane.waiting,
        held=lane.held,
        last_leaves_at=lane.last_at,
        breaker=lane.state.breaker(now),
        paused_until=rests,
        paused_reason=lane.state.paused_reason if rests else None,
        broken_since=lane.state.broken_since,
        broken_reason=lane.state.broken_reason,
        silent_since=lane.silent_since,
        limits=list(account.limits),
        recipients=None if lane.begun is None else RecipientsOut(begun=lane.begun, most=account.recipients),
    )
