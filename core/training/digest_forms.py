"""Which form a level's news take: by the role it is for."""

from core.training.policy import Policy

FORMS = {"store_manager": "store", "cluster_manager": "cluster"}
"""Everybody else gets HR's summary."""


def form_of(policy: Policy, level: int) -> str:
    return FORMS.get(policy.role_of(level), "hr")


def level_of_stores(policy: Policy) -> int:
    """The level whose trainings are named one by one; 0: there is none."""
    roles = [level.role for level in policy.levels]
    return roles.index("store_manager") + 1 if "store_manager" in roles else 0
