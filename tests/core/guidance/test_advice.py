"""What is advised on a case, from what is known about it."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import product
from typing import Any

import pytest

from core.conversations.tables import Customer, Message
from core.escalations.tables import Escalation
from core.guidance.actions import RULES, choose
from core.guidance.advice import Advice, advise
from core.guidance.case import Case
from core.guidance.phrases import LANGUAGES, fill, phrases_of
from core.guidance.script import called, quote_of
from core.guidance.similar import Past, Similar
from core.guidance.situations import FLAGS, OF_REASON, SEARCHED_AS, SITUATIONS, flags_of, situation_of
from core.mood.mood import mood_of

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
DOUG = Customer(
    1, 1, "C-1", "Doug Carter", "+447700900501", "premium", "escalated", date(2020, 6, 14), 4_800_000, "EUR", "en"
)
NOTHING: dict[str, Any] = dict.fromkeys(Escalation.__dataclass_fields__)
OPEN = replace(
    Escalation(**NOTHING),
    id=12,
    client_id=1,
    customer_id=1,
    conversation_id=1,
    status="assigned",
    priority=1,
    reason="requested_human",
    more_reasons=[],
    reason_details="",
    summary="",
    created_at=NOW,
    response_due_at=NOW + timedelta(hours=1),
)


def case(*texts: str, reason: str = "requested_human", language: str = "en", **values: Any) -> Case:
    said = tuple(
        Message(n, "in", "Doug Carter", text, NOW, mood_of(text, language).score) for n, text in enumerate(texts, 1)
    )
    whole: dict[str, Any] = {
        "customer": replace(DOUG, language=language),
        "messages": said,
        "earlier": {},
        "valued": True,
    }
    return Case(replace(OPEN, reason=reason), assignee="Ana Castro", **{"now": NOW} | whole | values)


def past(number: int, resolution: str = "handled", satisfaction: int | None = 5) -> Similar:
    one = Past(
        number,
        "complaint",
        "late",
        resolution,
        "Called at once.",
        NOW,
        "premium",
        "Doug",
        0.0,
        None,
        None,
        satisfaction,
    )
    return Similar(one, 0.8)


def advice(about: Case, *similar: Similar, language: str = "en") -> Advice:
    return advise(about, list(similar), agent="Ana Castro", language=language, zone="UTC")


HEARD = [
    ("requested_human", "Nobody came. I waited from eight to twelve.", "missed_appointment"),
    ("complaint", "I was charged twice for the same box.", "billing"),
    ("falling_mood", "Your competitor is cheaper, I want to cancel.", "cancelling"),
    ("third_contact", "La aplicación no funciona.", "outage"),
    ("premium_customer", "Mein Anwalt meldet sich.", "legal"),
    ("payment_dispute", "Your competitor never did that.", "billing"),
    ("requested_human", "I want to talk to a human", "human"),
    ("unsure", "Do you deliver to Graz?", "question"),
    ("complaint", "I am not happy.", "quality"),
    ("something_new", "Hm.", "human"),
]


@pytest.mark.parametrize(("reason", "text", "situation"), HEARD)
def test_the_situation_is_known_from_the_reason_else_from_the_words(reason: str, text: str, situation: str) -> None:
    assert situation_of(case(text, reason=reason)) == situation


DONE = [
    ("cancellation", {}, ("call", "now")),
    ("cancellation", {"customer": replace(DOUG, phone="")}, ("offer", "soon")),
    ("payment_dispute", {}, ("message", "soon")),
    ("missed_appointment", {"earlier": {"missed_appointment": 3}}, ("call", "now")),
    (
        "missed_appointment",
        {"earlier": {"missed_appointment": 3}, "customer": replace(DOUG, phone="")},
        ("message", "now"),
    ),
    ("how_to", {}, ("message", "today")),
    ("how_to", {"now": NOW + timedelta(minutes=45)}, ("message", "now")),
    ("how_to", {"now": NOW + timedelta(hours=2)}, ("message", "now")),
]


@pytest.mark.parametrize(("reason", "known", "expected"), DONE)
def test_the_action_follows_the_table(reason: str, known: dict[str, Any], expected: tuple[str, str]) -> None:
    action = advice(case("Hm.", reason=reason, **known)).action
    assert (action.type, action.urgency) == expected


def test_who_was_answered_is_waited_for_and_who_writes_again_is_not() -> None:
    asked = case("My order is wrong.")
    ours = Message(2, "out", "Ana", "Which one?", NOW)
    answered = replace(
        asked, messages=(*asked.messages, ours), escalation=replace(asked.escalation, first_response_at=NOW)
    )
    assert advice(answered).action.type == "wait"
    again = replace(answered, messages=(*answered.messages, Message(3, "in", "Doug", "The second.", NOW, 0.0)))
    assert advice(again).action.type != "wait"


def test_every_situation_has_an_action_whatever_else_is_known() -> None:
    for situation, *known in product(SITUATIONS, *[("", flag) for flag in FLAGS]):
        assert choose(situation, frozenset(known) - {""})
    assert {rule.situation for rule in RULES} - {""} == set(SITUATIONS) == set(SEARCHED_AS)
    assert set(OF_REASON.values()) <= set(SITUATIONS)
    assert {flag for rule in RULES for flag in rule.needs} <= set(FLAGS)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_says_everything(language: str) -> None:
    english, words = phrases_of("en"), phrases_of(language)
    assert {name: set(table) for name, table in words.items()} == {name: set(table) for name, table in english.items()}
    for situation in SITUATIONS:
        assert len(words[situation]["points"]) == len(english[situation]["points"]), situation
        for theirs, ours in zip(english[situation]["points"], words[situation]["points"], strict=True):
            assert ("{quote}" in theirs, "{years}" in theirs) == ("{quote}" in ours, "{years}" in ours)


@pytest.mark.parametrize(("theirs", "customers"), [*product(LANGUAGES, LANGUAGES)])
def test_the_script_is_in_the_customers_language_the_rest_in_the_agents(theirs: str, customers: str) -> None:
    about = case("Hm, I do not know.", reason="cancellation", language=customers)
    made = advice(about, language=theirs)
    assert made.script.language == customers
    assert made.script.closing == phrases_of(customers)["cancelling"]["closing"]
    assert made.win == phrases_of(theirs)["cancelling"]["win"]
    assert made.action.label == phrases_of(theirs)["actions"]["call"]
    assert "{" not in f"{made.summary}{made.action.reason}{made.script.text}"


def test_the_words_hold_the_facts_of_the_case() -> None:
    made = advice(
        case("I waited all morning. This is the third missed visit! Please call.", reason="missed_appointment")
    )
    assert made.script.opening.startswith("Doug, this is Ana.")
    assert "You wrote: “This is the third missed visit!”" in made.script.key_points
    assert made.summary.startswith("Doug Carter (premium customer, customer for 6 years) waited and nobody came")
    assert "48,000 EUR" in made.action.reason


def test_a_sentence_whose_facts_are_missing_is_left_out() -> None:
    stranger = replace(DOUG, customer_since=None, yearly_value=None, tier="", name="Customer")
    made = advice(case(reason="cancellation", customer=stranger, valued=False))
    assert not any("years" in point or "You wrote" in point for point in made.script.key_points)
    assert made.summary.startswith("Customer is thinking of leaving")
    assert fill("{a} and {b}", {"a": "1"}) == ""


def test_braces_that_a_customer_writes_stay_braces() -> None:
    made = advice(case("I hate {name} and {agent.__class__} here.", reason="complaint"))
    assert "{agent.__class__}" in made.script.text


def test_the_quote_is_the_worst_sentence_and_short() -> None:
    assert (
        quote_of(case("Thanks for the call. The bread was terrible again. See you.")) == "The bread was terrible again."
    )
    assert len(quote_of(case("It is so bad " * 40))) <= 120
    assert quote_of(case("Hi")) == ""


@pytest.mark.parametrize(
    ("name", "language", "expected"),
    [
        ("Doug Carter", "en", "Doug"),
        ("Hotel Seeblick", "en", "Hotel Seeblick"),
        ("Doug Carter", "de", "Doug Carter"),
        ("Northgate School Kitchen", "en", "Northgate School Kitchen"),
    ],
)
def test_how_somebody_is_called(name: str, language: str, expected: str) -> None:
    assert called(name, language) == expected


def test_the_last_words_weigh_most_in_the_mood() -> None:
    calmed = case("This is a disaster and a scandal!", "Thank you, it works again!")
    assert calmed.mood > 0.2
    assert case("Thank you, it works again!", "This is a disaster and a scandal!").mood < -0.2
    assert case().mood == 0


def test_numbers_come_with_their_basis_or_not_at_all() -> None:
    none = advice(case("Hm."))
    assert (none.success, none.satisfaction) == (None, None)
    some = advice(case("Hm."), past(1), past(2, "lost", None), past(3, "no_action", 1))
    assert some.success is not None
    assert (some.success.of, some.success.saved, some.success.probability) == (2, 1, 0.5)
    assert some.satisfaction is not None
    assert some.satisfaction.of == 2


def test_flags_are_those_of_the_table() -> None:
    assert flags_of(case("This is a disaster, worst service ever!")) >= {"angry", "unhappy", "phone", "valued"}
