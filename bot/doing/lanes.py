"""What holds messages back, as those who run the program read it in `queue`, and how an admin ends it."""

from bot.context import Choice, Context, Reply, say
from core.executor import execute
from core.outbox.commands import ResetLane
from core.outbox.lanes import LaneState, list_lanes
from core.outbox.waiting import list_waiting
from core.people.permissions import ROLES_WITH

WATCH = ("dispatcher", "admin", "owner", "team_lead")


def lane_lines(context: Context) -> list[str]:
    """Lanes that rest or are broken, and how many messages a limit or the evening holds back, and until when."""
    if not context.uow.actor.has_role(*WATCH):
        return []
    uow, zone = context.uow, context.here.time_zone
    troubled = [f"🚧 {lane.name} {lane.trouble(uow.now, zone)}" for lane in _in_trouble(context)]
    return [*troubled, *(lane.sentence(zone, uow.now) for lane in list_waiting(uow, uow.now) if lane.last_at > uow.now)]


def resets(context: Context) -> list[Choice]:
    if not context.uow.actor.has_role(*ROLES_WITH["system.operate"]):
        return []
    return [Choice("Reset", f"reset {lane.name}") for lane in _in_trouble(context)][:1]


def reset(context: Context, lane: str) -> Reply:
    trouble = execute(ResetLane(context.client_id, lane.lower()), context.uow)
    return say(f"{lane.lower()} tries again now. It had been said: it {trouble}.")


def _in_trouble(context: Context) -> list[LaneState]:
    return [lane for lane in list_lanes(context.uow) if lane.trouble(context.uow.now)]
