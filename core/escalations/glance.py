"""Indicators and customers of many escalations at once, for lists: one read for all of them."""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import select

from core.conversations.queries import CUSTOMER_COLUMNS
from core.conversations.tables import Customer, customers
from core.escalations.causes.cause import is_premium
from core.escalations.causes.rules import cause_rules
from core.escalations.indicators import Indicators, indicators_of
from core.escalations.tables import Escalation
from core.row_sets import ids_of
from core.statements import Reader, Statement

_wanted = ids_of("wanted")
CUSTOMERS = Statement(select(*CUSTOMER_COLUMNS).join(_wanted, _wanted.c.id == customers.c.id), Customer)


@dataclass(frozen=True, slots=True)
class Glance:
    customer: Customer
    indicators: Indicators


def glances(reader: Reader, escalations: Iterable[Escalation]) -> dict[int, Glance]:
    """By the escalation's id; `escalations` are of one client."""
    listed = list(escalations)
    if not listed:
        return {}
    rules = cause_rules(reader, listed[0].client_id)
    ids = tuple(sorted({(one.customer_id,) for one in listed}))
    known = {one.id: one for one in reader.all(CUSTOMERS, wanted=ids)}
    return {one.id: _glance(one, known[one.customer_id], rules.premium_tiers) for one in listed}


def _glance(escalation: Escalation, customer: Customer, premium: tuple[str, ...]) -> Glance:
    return Glance(customer, indicators_of(escalation, is_premium(customer.tier, premium), customer.phone))
