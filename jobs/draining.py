"""When messages would leave if they were queued now: every lane at its own speed, every chat within its limits (pure)."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from core.outbox.drafts import Draft
from jobs.pace import LimitsFor, Pace

Lane = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Drained:
    """`leaves_at`: in the order of the drafts."""

    leaves_at: tuple[datetime, ...]
    last_at: Mapping[Lane, datetime]


def drain(
    drafts: Sequence[Draft], now: datetime, limits_for: LimitsFor, guard: float, waiting: Mapping[Lane, int]
) -> Drained:
    """`waiting`: how many are in each lane already, which leave before."""
    by_lane: defaultdict[Lane, list[int]] = defaultdict(list)
    for place, draft in enumerate(drafts):
        by_lane[draft.channel, draft.account].append(place)
    leaves_at = [draft.due_at for draft in drafts]
    for lane, places in by_lane.items():
        pace = Pace(lane[0], limits_for, guard)
        _let_go(pace, waiting.get(lane, 0))
        for place in sorted(places, key=lambda place: (drafts[place].due_at, drafts[place].urgency, place)):
            draft = drafts[place]
            due = max((draft.due_at - now).total_seconds(), 0.0)
            at = max(pace.lane_free_at(due), pace.chat_free_at(draft.chat, due))
            pace.grant(draft.chat, at)
            leaves_at[place] = now + timedelta(seconds=at)
    return Drained(
        tuple(leaves_at), {lane: max(leaves_at[place] for place in places) for lane, places in by_lane.items()}
    )


def _let_go(pace: Pace, waiting: int) -> None:
    for number in range(waiting):
        pace.grant(f"already waiting {number}", pace.lane_free_at(0.0))
