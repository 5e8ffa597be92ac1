"""The tabs of the section “Rules”: what a client has said about how its cases are treated."""

from core.actor import Actor
from core.people.permissions import paths_of

TABS = (
    ("Rules", "/rules", ("escalation.read",)),
    ("Policies", "/policies", ("rules.read",)),
    ("Service levels", "/service-levels", ("escalation.read", "ticket.configure")),
    ("Playbooks", "/playbooks", ("escalation.read",)),
    ("Answers", "/answers", ("answer.read",)),
)


def tabs_of(actor: Actor) -> list[tuple[str, str, None]]:
    return [
        (name, path, None) for name, path, wanted in TABS if any(paths_of(actor, permission) for permission in wanted)
    ]


LEVELS = (
    ("Escalations", "/service-levels", "escalation.read"),
    ("Tickets", "/service-levels/tickets", "ticket.configure"),
    ("Hours and holidays", "/service-levels/hours", "rules.read"),
)


def level_tabs(actor: Actor) -> list[tuple[str, str, None]]:
    return [(name, path, None) for name, path, permission in LEVELS if paths_of(actor, permission)]
