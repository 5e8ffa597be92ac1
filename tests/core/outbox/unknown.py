"""Messages whose outcome nobody knows, for the tests of this folder and of the sweep."""

from typing import Any

from core.outbox.dispatching import Settlement, claim, settle
from core.unit_of_work import UnitOfWork
from tests import builders


def lost_on_the_way(uow: UnitOfWork, channel: str = "telegram") -> None:
    """Everything that may leave by this channel does, and no answer comes."""
    settle(uow, [Settlement(one, "unknown", code="network") for one in claim(uow, channel, "default", 100)])


def uncertain(uow: UnitOfWork, channel: str = "telegram", **values: Any) -> int:
    delivery_id = builders.queued(uow, channel=channel, **values)
    lost_on_the_way(uow, channel)
    return delivery_id


def goes_out(uow: UnitOfWork, channel: str = "telegram") -> list[str]:
    """Everything that may leave by this channel arrives; returns what it says."""
    taken = claim(uow, channel, "default", 100)
    settle(uow, [Settlement(one, "sent", external_id=f"m{one.id}") for one in taken])
    return [str(one.facts["text"]) for one in taken]
