"""An open case as guidance sees it: everything it goes by, read once."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, func, select

from core.conversations.queries import get_customer, list_last_messages
from core.conversations.tables import Customer, Message
from core.escalations.causes.cause import is_premium
from core.escalations.causes.rules import cause_rules
from core.escalations.tables import Escalation, escalations
from core.escalations.watching import whole_units
from core.people.queries import name_of
from core.statements import Reader, Statement, literally

LISTENED_TO = 30
"""Messages of the conversation, ours included."""

EARLIER = Statement(
    select(escalations.c.reason, func.count().label("n"))
    .where(
        escalations.c.customer_id == bindparam("customer_id"),
        escalations.c.status == literally("resolved"),
        escalations.c.id != bindparam("id"),
    )
    .group_by(escalations.c.reason)
)


@dataclass(frozen=True, slots=True)
class Case:
    """`messages` oldest first; `earlier`: how many resolved ones the customer had, by reason; `valued`: by the client's rules."""

    escalation: Escalation
    customer: Customer
    messages: tuple[Message, ...]
    earlier: dict[str, int]
    valued: bool
    assignee: str | None
    now: datetime

    @property
    def reasons(self) -> tuple[str, ...]:
        return (self.escalation.reason, *self.escalation.more_reasons)

    @property
    def said(self) -> tuple[Message, ...]:
        """By the customer."""
        return tuple(one for one in self.messages if one.direction == "in" and one.text)

    @property
    def text(self) -> str:
        """What it is about, in everybody's words."""
        heard = [one.text for one in self.said[-8:]]
        return " ".join([*heard, self.escalation.reason_details, self.escalation.summary]).strip()

    @property
    def value(self) -> int:
        """A year's, in whole units of the customer's currency."""
        return whole_units(self.customer)

    @property
    def years(self) -> int:
        since = self.customer.customer_since
        return (self.now.date() - since).days // 365 if since else 0

    @property
    def mood(self) -> float:
        """Of the last five things said, each counting twice as much as the one before it."""
        moods = [one.mood for one in self.said if one.mood is not None][-5:]
        weights = [2.0**place for place in range(len(moods))]
        return round(sum(w * m for w, m in zip(weights, moods, strict=True)) / sum(weights), 2) if moods else 0.0


def read_case(reader: Reader, escalation: Escalation, now: datetime) -> Case:
    messages: list[Message] = []
    if escalation.conversation_id:
        messages = list_last_messages(reader, escalation.conversation_id, LISTENED_TO)
    customer, rules = get_customer(reader, escalation.customer_id), cause_rules(reader, escalation.client_id)
    earlier = reader.all(EARLIER, customer_id=escalation.customer_id, id=escalation.id)
    return Case(
        escalation,
        customer,
        tuple(messages),
        {row.reason: row.n for row in earlier},
        is_premium(customer.tier, rules.premium_tiers) or rules.is_valued(whole_units(customer), customer.currency),
        name_of(reader, escalation.assigned_to),
        now,
    )
