"""Every page with its routes; a literal path stands before one with a name in its place."""

from typing import Protocol

from fastapi import APIRouter

from web.pages import (
    alert_rules,
    analytics,
    answers,
    approval,
    audit,
    channels,
    deliveries,
    escalation_acts,
    escalations,
    here,
    importing,
    lanes,
    lists,
    live,
    now,
    opening_hours,
    people,
    person,
    playbooks,
    policies,
    quarantine,
    rules,
    service_levels,
    settings,
    signing_in,
    templates,
    ticket,
    ticket_acts,
    ticket_levels,
    tickets,
    tokens,
    training,
    training_levels,
    webhooks,
)


class Room(Protocol):
    @property
    def router(self) -> APIRouter: ...


PAGES: tuple[Room, ...] = (
    now,
    escalations,
    escalation_acts,
    approval,
    tickets,
    ticket_acts,
    ticket,
    training,
    importing,
    people,
    person,
    rules,
    training_levels,
    alert_rules,
    policies,
    service_levels,
    opening_hours,
    ticket_levels,
    playbooks,
    answers,
    deliveries,
    lanes,
    quarantine,
    analytics,
    audit,
    settings,
    tokens,
    webhooks,
    channels,
    templates,
    signing_in,
    live,
    here,
    lists,
)
