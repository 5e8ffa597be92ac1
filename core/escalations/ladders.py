"""Policies by name that a rule can choose (pure): who hears of a case at once, beside those who see its card. Who hears of it
later, when nobody answers, is the same for all."""

LADDERS: dict[str, tuple[str, ...]] = {
    "usual": (),
    "lead_at_once": ("team_lead",),
    "owner_at_once": ("team_lead", "owner"),
}
