"""Sending again what did not arrive, or may not have; taking note that something did; and letting a lane try at once."""

from dataclasses import dataclass

from core.audit.record import Event, Subject, record
from core.elapsed import ago
from core.errors import Conflict
from core.outbox.commands import ConfirmDelivery, RepeatDelivery, ResendDelivery, ResendFiltered, ResetLane
from core.outbox.elsewhere import find_elsewhere
from core.outbox.events import DeliveryConfirmed, DeliveryRepeated, DeliveryResent, LaneReset
from core.outbox.lanes import find_lane, list_lanes, reset_lane
from core.outbox.proof import get_sent, list_open
from core.outbox.proof_rows import Sent
from core.outbox.uncertain import arrived, decide, pause_before, send_again
from core.people.contacts import CHANNEL_NAMES
from core.rule import Rule
from core.statements import Reader
from core.unit_of_work import UnitOfWork

MOST = 500
"""Deliveries that one ResendFiltered sends again."""


@dataclass(frozen=True, slots=True)
class Resent:
    """`left`: there are more than one command takes; ask again."""

    number: int
    left: bool


def resend(command: ResendDelivery, uow: UnitOfWork) -> Sent:
    """Returns the new delivery."""
    decide(uow, command.delivery_id)
    old = get_sent(uow, command.delivery_id)
    new = send_again(uow, old.id)
    if new is None:
        raise Conflict(_why_not(old, uow))
    _record(uow, old, DeliveryResent(new))
    return get_sent(uow, new)


def _why_not(old: Sent, uow: UnitOfWork) -> str:
    if old.followed_at:
        return f"This message was sent again already, {ago(old.followed_at, uow.now)}."
    if elsewhere := find_elsewhere(uow, old.id):
        channel = CHANNEL_NAMES.get(elsewhere.channel, elsewhere.channel)
        return f"This message went another way: on {channel} it is {elsewhere.state}."
    if old.state in ("failed", "uncertain"):
        return "A newer change of the same card was sent since: there is nothing to send again."
    return f"This message is {old.state}: only what failed or is uncertain can be sent again."


def confirm(command: ConfirmDelivery, uow: UnitOfWork) -> Sent:
    decide(uow, command.delivery_id)
    old = get_sent(uow, command.delivery_id)
    if not arrived(uow, old.id):
        raise Conflict(f"This message is {old.state}: only what is uncertain needs somebody to say that it arrived.")
    _record(uow, old, DeliveryConfirmed())
    return get_sent(uow, old.id)


def resend_filtered(command: ResendFiltered, uow: UnitOfWork) -> Resent:
    filters = {"state": command.state, "channel": command.channel}
    if command.subject:
        filters["subject_kind"], filters["subject_id"] = command.subject  # type: ignore[assignment]
    wanted = {name: value for name, value in filters.items() if value is not None}
    found = list_open(uow, command.client_id, wanted, MOST + 1)
    number = 0
    for old in found[:MOST]:
        decide(uow, old.id)
        new = send_again(uow, old.id)
        if new is not None:
            number += 1
            _record(uow, old, DeliveryResent(new))
    return Resent(number, len(found) > MOST)


def repeat(command: RepeatDelivery, uow: UnitOfWork) -> int | None:
    """Returns the repeat's id; None when somebody was quicker, or a receipt came."""
    old = get_sent(uow, command.delivery_id)
    pause = pause_before(uow, old.id)
    new = send_again(uow, old.id, pause) if old.state == "uncertain" and pause is not None else None
    if new is not None:
        _record(uow, old, DeliveryRepeated(new))
    return new


def reset(command: ResetLane, uow: UnitOfWork) -> str:
    """Returns the trouble that counts no more."""
    lane = find_lane(uow, command.lane)
    trouble = lane.trouble(uow.now) if lane else ""
    if not trouble:
        in_trouble = [one.name for one in list_lanes(uow) if one.trouble(uow.now)]
        if not in_trouble:
            raise Conflict(f"Nothing holds {command.lane} back, nor any other lane.")
        raise Conflict(f"Nothing holds {command.lane} back. There is something to reset at {', '.join(in_trouble)}.")
    reset_lane(uow, command.lane)
    record(uow, Subject("lane", 0, command.lane, command.client_id), LaneReset(trouble))
    return trouble


def _record(uow: UnitOfWork, old: Sent, event: Event) -> None:
    record(uow, Subject("delivery", old.id, f"delivery {old.id}", old.client_id), event)


def _client_of(command: ResendDelivery | ConfirmDelivery | RepeatDelivery, reader: Reader) -> int | None:
    return get_sent(reader, command.delivery_id).client_id


RULES = {
    ResendDelivery: Rule(resend, "system.operate", _client_of),
    ConfirmDelivery: Rule(confirm, "system.operate", _client_of),
    ResendFiltered: Rule(resend_filtered, "system.operate", lambda command, _: command.client_id),
    ResetLane: Rule(reset, "system.operate", lambda command, _: command.client_id),
    RepeatDelivery: Rule(repeat, "delivery.repeat", _client_of),
}
