"""What to do first, by reason: names of sentences that the package's template has in each language."""

ACTIONS: dict[str, tuple[str, ...]] = {
    "requested_human": ("greet_by_name", "ask_what_is_needed"),
    "cancellation": ("ask_why", "offer_to_stay", "confirm_in_writing"),
    "competitor": ("ask_why", "compare_fairly", "offer_to_stay"),
    "legal": ("stay_factual", "involve_legal", "confirm_in_writing"),
    "complaint": ("apologise_first", "name_next_step", "confirm_in_writing"),
    "falling_mood": ("apologise_first", "name_next_step"),
    "third_contact": ("read_earlier", "own_it", "name_next_step"),
    "premium_customer": ("call_them",),
    "high_value": ("call_them",),
    "raised_by_colleague": ("ask_colleague",),
    "unsure": ("read_question", "make_it_an_answer"),
    "stuck": ("apologise_first", "read_question"),
    "site_down": ("name_next_step", "own_it"),
    "data_loss": ("stay_factual", "name_next_step", "own_it"),
    "security": ("stay_factual", "name_next_step", "confirm_in_writing"),
    "executive": ("call_them", "name_next_step", "confirm_in_writing"),
    "missed_appointment": ("apologise_first", "name_next_step", "own_it"),
    "payment_dispute": ("apologise_first", "confirm_in_writing"),
}
IN_GENERAL = ("greet_by_name", "name_next_step")
SAYS_LITTLE = (
    "requested_human",
    "premium_customer",
    "high_value",
    "falling_mood",
    "raised_by_colleague",
    "third_contact",
)
"""Reasons beside which another one says better what to do first."""
TECHNICAL = "check_technical"
MOST = 5


def actions_for(reasons: list[str], *, technical: bool) -> list[str]:
    """The most important first, each once."""
    telling = sorted(reasons, key=lambda reason: reason in SAYS_LITTLE)
    found = [action for reason in telling for action in ACTIONS.get(reason, ())] or list(IN_GENERAL)
    return list(dict.fromkeys([*([TECHNICAL] if technical else []), *found]))[:MOST]


def are_known(reasons: list[str]) -> bool:
    return any(reason in ACTIONS for reason in reasons)
