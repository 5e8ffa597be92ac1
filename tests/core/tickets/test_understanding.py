"""Plain words of a store: what they probably mean, and what is only talk."""

import pytest

from core.tickets.defaults import SUBCATEGORIES
from core.tickets.rows import Subcategory
from core.tickets.understanding import propose

KNOWN = [
    Subcategory(place, 1, 1, one.code, one.name, [], [], one.usual_priority, one.skill, one.words.split(", "), False)
    for place, one in enumerate(SUBCATEGORIES)
]
CRITICAL, HIGH, NORMAL, LOW = range(4)


@pytest.mark.parametrize(
    ("said", "code", "priority"),
    [
        ("freezer is leaking", "leaking-water", HIGH),
        ("The frezer is leeking water everywhere!!", "leaking-water", HIGH),
        ("Puddle under the cold cabinet, URGENT", "leaking-water", CRITICAL),
        ("cold room at 12 degrees", "cold-chambers", HIGH),
        ("glass door broken", "glass-repair", NORMAL),
        ("compressor makes a terrible noise", "noise", LOW),
        ("the freezer doesn’t work", "not-working", HIGH),
        ("fridge not cold", "temperature-control", HIGH),
        ("the ice cream cabinet is vibrating a bit", "noise", LOW),
        ("El congelador gotea un poco", "leaking-water", NORMAL),
        ("La NEVERA no funciona, urgente", "not-working", CRITICAL),
        ("Kühlraum ist zu warm, alles taut", "temperature-control", CRITICAL),
        ("Die Scheibe ist gesprungen, keine Eile", "glass-repair", LOW),
    ],
)
def test_a_problem_is_recognised(said: str, code: str, priority: int) -> None:
    proposal = propose(said, KNOWN)
    assert proposal is not None
    assert (proposal.subcategory.code, proposal.priority) == (code, priority)


@pytest.mark.parametrize(
    "said",
    [
        "",
        "ok",
        "thank you",
        "good morning",
        "Is the technician coming today?",
        "we open at 9 tomorrow",
        "👍",
        "1",
        "?!",
    ],
)
def test_talk_is_no_problem(said: str) -> None:
    assert propose(said, KNOWN) is None


def test_words_can_be_a_clients_own_and_retired_kinds_are_not_proposed() -> None:
    door = Subcategory(9, 1, 1, "door", "Door", [], [], NORMAL, "doors", ["puerta atascada"], False)
    found = propose("la puerta está atascada", [*KNOWN, door])
    assert found is not None
    assert found.subcategory == door
    retired = Subcategory(9, 1, 1, "door", "Door", [], [], NORMAL, "doors", ["puerta atascada"], True)
    assert propose("la puerta está atascada", [retired]) is None
