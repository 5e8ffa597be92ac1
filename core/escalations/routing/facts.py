"""What the rules look at, gathered when an escalation is raised."""

from datetime import datetime
from zoneinfo import ZoneInfo

from babel.numbers import get_currency_precision

from core.calendars.hours import DAY, is_open
from core.calendars.queries import calendar_of_unit
from core.conversations.queries import get_conversation, get_customer, list_last_messages
from core.conversations.tables import Customer
from core.escalations.commands import RaiseEscalation
from core.escalations.rules.rule import Case
from core.mood.mood import mood_at
from core.people.queries import get_unit
from core.unit_of_work import UnitOfWork

HEARD = 5
"""Messages that count as what the customer said: those that the card shows."""
LONGEST = 4000
WISHES = frozenset({"requested_human", "unsure", "stuck", ""})
"""Reasons that say nothing about how urgent the subject is."""


def case_of(command: RaiseEscalation, priority: int, uow: UnitOfWork) -> Case:
    customer, unit = get_customer(uow, command.customer_id), get_unit(uow, command.client_id)
    conversation_id = command.conversation_id
    heard = list_last_messages(uow, conversation_id, HEARD) if conversation_id else []
    said = [message.text for message in heard if message.direction == "in" and message.text]
    moods = [message.mood for message in heard if message.mood is not None]
    about = (command.reason.replace("_", " "), command.reason_details, command.summary)
    return Case(
        text="\n".join(part for part in (*about, *said) if part)[:LONGEST],
        reasons=(command.reason, *command.also),
        priority=priority,
        mood=moods[-1] if moods else None,
        mood_label=mood_at(moods[-1]).label if moods else "",
        tier=customer.tier,
        value=_whole(customer),
        currency=customer.currency,
        minute=_minute_of_week(uow.now, unit.time_zone),
        open=is_open(calendar_of_unit(uow, unit.id), uow.now),
        channel=get_conversation(uow, conversation_id).channel if conversation_id else "",
        team=command.team,
        priority_said=_was_said(command, uow),
    )


def _was_said(command: RaiseEscalation, uow: UnitOfWork) -> bool:
    """By a person, or by a cause that is urgent in itself."""
    return command.priority is not None and (
        uow.actor.kind != "system" or not WISHES.issuperset((command.reason, *command.also))
    )


def _whole(customer: Customer) -> float | None:
    if customer.yearly_value is None:
        return None
    decimals: int = get_currency_precision(customer.currency) if customer.currency else 2
    return float(customer.yearly_value / 10**decimals)


def _minute_of_week(now: datetime, zone: str) -> int:
    local = now.astimezone(ZoneInfo(zone))
    return local.weekday() * DAY + local.hour * 60 + local.minute
