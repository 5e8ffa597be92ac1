"""Every page with its routes; a literal path stands before one with a name in its place."""

from typing import Protocol

from fastapi import APIRouter

from web.pages import (
    analytics,
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
    people,
    person,
    quarantine,
    rules,
    settings,
    signing_in,
    templates,
    ticket,
    ticket_acts,
    tickets,
    tokens,
    training,
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
