"""/api/escalation/preview: who would be told what by a run, when and on which channel; and what other levels would change."""

from datetime import datetime
from typing import Literal

from fastapi import APIRouter, Response
from pydantic import Field

from core.outbox.planned import Plan, compare
from core.statements import Reader
from core.training.policies import SetTrainingPolicy, policy_of
from web.api.desk import AtDesk, Desk
from web.api.json import Asked, Out, example
from web.sight import check_sight

router = APIRouter(prefix="/api/escalation", tags=["training"])


class LevelIn(Asked):
    from_day: int
    role: str


class PreviewIn(Asked):
    """`at`: as if it ran now, or when it comes by itself. `levels`: what is to be compared with what counts now."""

    model_config = example(
        at="next", levels=[{"fromDay": 1, "role": "store_manager"}, {"fromDay": 4, "role": "hr_manager"}]
    )
    at: Literal["now", "next"] = "now"
    levels: list[LevelIn] | None = None
    critical_from: int | None = None
    counts: str | None = None
    limit: int = Field(1_000, ge=1, le=10_000)


class MessageOut(Out):
    person_id: str
    person: str
    channel: str
    account: str
    leaves_at: datetime
    held_for: str
    as_notice: bool
    time_zone: str
    notice: str
    text: str


class LaneOut(Out):
    channel: str
    account: str
    messages: int
    notices: int
    too_many: int
    last_at: datetime


class DifferenceOut(Out):
    person_id: str
    person: str
    before: str
    after: str


class PreviewOut(Out):
    """`messages`: the first of them, in the order of the run; `total`: all. `drain_seconds`: until the last has left. `why_none`:
    why nothing would go out. `differences`: whom the other levels would tell something else; empty text: nothing."""

    at: datetime
    messages: list[MessageOut]
    total: int
    lanes: list[LaneOut]
    counts: dict[str, int]
    drain_seconds: float
    why_none: str
    differences: list[DifferenceOut] | None


@router.get("/preview")
async def preview_now(desk: AtDesk) -> PreviewOut:
    """A run now, as it would be; nothing is sent and nothing is changed."""
    return await _previewed(desk, PreviewIn())


@router.post("/preview", response_model=PreviewOut)
async def preview(desk: AtDesk, asked: PreviewIn) -> Response:
    return await desk.post_outside(lambda: _previewed(desk, asked))


async def _previewed(desk: Desk, asked: PreviewIn) -> PreviewOut:
    change = await desk.read(lambda reader: _change(reader, desk, asked))
    at_next = asked.at == "next"
    plan = await desk.web.preview(desk.client_id, None, at_next)
    differences = None
    if change is not None:
        other = await desk.web.preview(desk.client_id, change, at_next)
        differences = [
            DifferenceOut(person_id=one.person_code, person=one.person, before=one.before, after=one.after)
            for one in compare(plan, other)
        ]
    return _out(plan, differences, asked.limit)


def _change(reader: Reader, desk: AtDesk, asked: PreviewIn) -> SetTrainingPolicy | None:
    check_sight(reader, desk.actor, "training.run", desk.client_id)
    if asked.levels is None and asked.critical_from is None and asked.counts is None:
        return None
    now = policy_of(reader, desk.client_id)
    levels = [(one.from_day, one.role) for one in asked.levels or now.levels]
    return SetTrainingPolicy(
        desk.client_id, tuple(levels), asked.critical_from or now.critical_from, asked.counts or now.counts
    )


def _out(plan: Plan, differences: list[DifferenceOut] | None, limit: int) -> PreviewOut:
    return PreviewOut(
        at=plan.at,
        messages=[
            MessageOut(
                person_id=one.person_code,
                person=one.person,
                channel=one.channel,
                account=one.account,
                leaves_at=one.leaves_at,
                held_for=one.held_for,
                as_notice=one.as_notice,
                time_zone=one.time_zone,
                notice=one.notice,
                text=one.text,
            )
            for one in plan.messages[:limit]
        ],
        total=len(plan.messages),
        lanes=[
            LaneOut(
                channel=lane.channel,
                account=lane.account,
                messages=lane.messages,
                notices=lane.notices,
                too_many=lane.too_many,
                last_at=lane.last_at,
            )
            for lane in plan.lanes
        ],
        counts=plan.counts,
        drain_seconds=plan.drain_seconds,
        why_none=plan.why_none,
        differences=differences,
    )
