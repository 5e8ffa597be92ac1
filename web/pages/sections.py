"""The sections of the pages, in the order of the navigation, and who may see each."""

from dataclasses import dataclass

from core.actor import Actor
from core.people.permissions import ROLES_WITH


@dataclass(frozen=True, slots=True)
class Section:
    """`name`: as the navigation says it, and in small letters its icon in web/static/icons.svg. `permission`: empty for all.
    `also`: further paths that belong to it."""

    name: str
    path: str
    permission: str = ""
    also: tuple[str, ...] = ()

    @property
    def icon(self) -> str:
        return self.name.lower()


SECTIONS = (
    Section("Now", "/"),
    Section("Escalations", "/escalations", "escalation.read"),
    Section("Tickets", "/tickets", "ticket.read"),
    Section("Training", "/training", "training.read"),
    Section("People", "/people", "people.read"),
    Section("Rules", "/rules", "rules.read", ("/policies", "/service-levels", "/playbooks", "/answers")),
    Section("Delivery", "/delivery", "delivery.read", ("/lanes", "/quarantine")),
    Section("Analytics", "/analytics", "analytics.read"),
    Section("Audit", "/audit", "audit.read"),
    Section("Settings", "/settings"),
)
ON_THE_PHONE = 4
"""So many fit beside “More” at the bottom of a phone."""


def sections_of(actor: Actor) -> list[Section]:
    held = {seat.role for seat in actor.seats}
    return [one for one in SECTIONS if not one.permission or held & ROLES_WITH[one.permission]]
