"""Which lanes a client's admins look after: those of everybody, and their own."""

from datetime import datetime

from core.outbox.lane_overview import LaneOverview, watch_lanes
from core.people.queries import get_unit
from core.statements import Reader
from web.given import LaneAccount, Web


def lanes_of(reader: Reader, web: Web, client_id: int) -> list[LaneAccount]:
    code = get_unit(reader, client_id).code.lower()
    return sorted((one for one in web.lanes if one.client.lower() in ("", code)), key=lambda one: one.name)


def overviews(reader: Reader, web: Web, client_id: int, now: datetime) -> list[tuple[LaneAccount, LaneOverview]]:
    """By name."""
    accounts = lanes_of(reader, web, client_id)
    counted = [one.name for one in accounts if one.recipients]
    names, unmoved = [one.name for one in accounts], web.clock.unmoved()
    watched = watch_lanes(reader, names, now, unmoved=unmoved, client_id=client_id, counted=counted)
    return list(zip(accounts, watched, strict=True))
