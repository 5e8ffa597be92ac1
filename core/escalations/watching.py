"""What is known when a customer says something, and the causes it makes."""

from datetime import datetime, timedelta

from babel.numbers import get_currency_precision
from sqlalchemy import bindparam, select

from core.conversations.tables import Customer, conversation_messages, conversations
from core.escalations.causes.calling import cause_by_rule
from core.escalations.causes.cause import Cause, Facts, causes_of
from core.escalations.causes.rules import cause_rules
from core.escalations.rules.rule import Case
from core.escalations.tables import Escalation
from core.statements import Reader, Statement, literally

REMEMBERED = 40
"""Messages of each conversation that are looked at: enough for a talk or three."""
ONE_MOOD = timedelta(days=1)
"""What was felt longer ago says nothing about a mood that falls."""
_m, _c = conversation_messages.c, conversations.c
SAID = Statement(
    select(_m.text, _m.at, _m.mood)
    .where(_m.conversation_id == bindparam("conversation_id"), _m.direction == literally("in"))
    .order_by(_m.id.desc())
    .limit(REMEMBERED)
)
ELSEWHERE = Statement(
    select(_c.id).where(
        _c.customer_id == bindparam("customer_id"), _c.id != bindparam("id"), _c.last_inbound_at >= bindparam("since")
    ),
    int,
)


def find_causes(
    reader: Reader, customer: Customer, conversation_id: int, text: str, now: datetime, *, wants_human: bool = False
) -> tuple[Cause, ...]:
    """Why a human should look at what was said just now, the most urgent first; `text` stands in the conversation already."""
    rules = cause_rules(reader, customer.client_id)
    here = reader.all(SAID, conversation_id=conversation_id)[::-1]
    since = now - timedelta(days=rules.contact_days)
    other_lines = reader.all(ELSEWHERE, customer_id=customer.id, id=conversation_id, since=since)
    said = [*here, *(one for line in other_lines for one in reader.all(SAID, conversation_id=line))]
    case = Case(text=text, tier=customer.tier, value=whole_units(customer), currency=customer.currency)
    facts = Facts(
        text,
        now,
        wants_human=wants_human,
        moods=tuple(one.mood for one in here if one.mood is not None and now - one.at <= ONE_MOOD),
        said_before=tuple(sorted((one.at, one.text) for one in said if one.at < now)),
        tier=customer.tier,
        value=whole_units(customer),
        currency=customer.currency,
        by_rule=cause_by_rule(reader, customer.client_id, case) if rules.urgent_rules else None,
    )
    return causes_of(facts, rules)


def causes_in(reader: Reader, client_id: int, text: str, now: datetime) -> tuple[Cause, ...]:
    """The same for words of somebody about whom nothing is known."""
    rules = cause_rules(reader, client_id)
    by_rule = cause_by_rule(reader, client_id, Case(text=text)) if rules.urgent_rules else None
    return causes_of(Facts(text, now, by_rule=by_rule), rules)


def new_to(escalation: Escalation, causes: tuple[Cause, ...]) -> tuple[Cause, ...]:
    """Those it does not know yet."""
    known = {escalation.reason, *escalation.more_reasons}
    return tuple(cause for cause in causes if cause.reason not in known or cause.priority < escalation.priority)


def whole_units(customer: Customer) -> int:
    """What a year of the customer is worth, in whole units of their currency."""
    decimals = get_currency_precision(customer.currency) if customer.currency else 2
    return int((customer.yearly_value or 0) // 10**decimals)
