"""What each role may do. The unit it may do it at is the unit of its position and everything below."""

from core.actor import Actor

MANAGES = ("store_manager", "cluster_manager", "owner", "admin")
DISPATCHES = ("dispatcher", "owner", "admin")
SERVES = ("agent", "team_lead", "owner", "admin")
TRAINS = ("store_manager", "cluster_manager", "hr_manager", "owner", "admin")

ROLES_WITH: dict[str, frozenset[str]] = {
    permission: frozenset(roles)
    for permission, roles in {
        "ticket.open": (*DISPATCHES, "store_manager", "cluster_manager", "agent", "team_lead"),
        "ticket.read": (*DISPATCHES, "technician", "store_manager", "cluster_manager", "agent", "team_lead"),
        "ticket.count": (*DISPATCHES, "store_manager", "cluster_manager"),
        "ticket.work": ("technician", *DISPATCHES),
        "ticket.direct": DISPATCHES,
        "ticket.configure": DISPATCHES,
        "ticket.approve": MANAGES,
        "escalation.read": SERVES,
        "escalation.raise": (*SERVES, "dispatcher", "store_manager", "cluster_manager", "technician"),
        "escalation.work": SERVES,
        "escalation.count": ("team_lead", "owner", "admin"),
        "escalation.direct": ("team_lead", "owner", "admin"),
        "answer.read": SERVES,
        "answer.edit": ("team_lead", "owner", "admin"),
        "escalation.configure": ("team_lead", "owner", "admin"),
        "rules.read": (*SERVES, "dispatcher", "hr_manager"),
        "priority.change": (
            *DISPATCHES,
            "agent",
            "team_lead",
        ),  # of a ticket or an escalation: the one that is meant decides
        "training.read": TRAINS,
        "training.answer": TRAINS,
        "training.decide": ("cluster_manager", "hr_manager", "owner", "admin"),
        "training.run": ("hr_manager", "owner", "admin"),
        "analytics.read": (*DISPATCHES, *TRAINS, "team_lead"),
        "people.read": (*DISPATCHES, "store_manager", "cluster_manager", "hr_manager", "agent", "team_lead"),
        "people.edit": ("admin", "owner"),
        "delivery.read": (*DISPATCHES, "hr_manager", "team_lead"),
        "audit.read": ("admin", "owner"),
        "webhook.manage": ("admin", "owner"),
        "system.operate": ("admin",),
        # for the program itself only
        "conversation.hear": (),
        "people.prove": (),  # everybody, about themselves: link an account, log in
        "delivery.repeat": (),
        "escalation.relay": (),
        "escalation.climb": (),
        "ticket.climb": (),
        "webhook.stop": (),
    }.items()
}

ROLE_NAMES: dict[str, str] = {
    "technician": "a technician",
    "store_manager": "the store manager",
    "cluster_manager": "the cluster manager",
    "hr_manager": "HR",
    "agent": "an agent",
    "team_lead": "the team lead",
    "dispatcher": "the dispatcher",
    "owner": "the owner",
    "admin": "an admin",
}


def who_may(permission: str) -> str:
    """A sentence for somebody who was refused: 'This is for the store manager, the owner or an admin.'"""
    names = [name for role, name in ROLE_NAMES.items() if role in ROLES_WITH[permission]] or ["the program itself"]
    listed = names[0] if len(names) == 1 else f"{', '.join(names[:-1])} or {names[-1]}"
    return f"This is for {listed}."


def paths_of(actor: Actor, permission: str) -> list[str]:
    """The places in the tree where the actor has a permission, without those inside another one."""
    paths = sorted({seat.path for seat in actor.seats if seat.role in ROLES_WITH[permission]})
    return [path for path in paths if not any(path != above and path.startswith(above) for above in paths)]
