"""Which sentences call a human, in three languages, and what the customer's standing adds."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.escalations.causes.cause import CauseRules, Facts, causes_of, in_trouble
from core.escalations.causes.contacts import count_contacts
from tests.conftest import START

RULES = CauseRules(competitors=("FreshCo", "Kühl & Gut"))


def reasons(text: str, **known: Any) -> list[str]:
    facts = {"text": text, "at": START} | known
    return [cause.reason for cause in causes_of(Facts(**facts), RULES)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("I want to cancel my contract", "cancellation"),
        ("How do I cancel? This is too expensive.", "cancellation"),
        ("Please close my account today", "cancellation"),
        ("we are not renewing next year", "cancellation"),
        ("UNSUBSCRIBE", "cancellation"),
        ("I'm not happy, cancel it", "cancellation"),
        ("You will hear from my lawyer", "legal"),
        ("I am going to sue you", "legal"),
        ("We consider legal action", "legal"),
        ("This is a GDPR request", "legal"),
        ("see you in court... I will take you to court", "legal"),
        ("we are switching to another supplier", "competitor"),
        ("I found a cheaper offer elsewhere", "competitor"),
        ("freshco delivers the same day", "competitor"),
        ("Kühl & Gut machen das besser", "competitor"),
        ("I want to make a formal complaint", "complaint"),
        ("This is unacceptable!", "complaint"),
        ("I am the vice president of operations at Seeblick", "executive"),
        ("I want to talk to your management", "executive"),
        ("Unsere Geschäftsführerin will das wissen", "executive"),
        ("Lo verá nuestro consejo de administración", "executive"),
        ("Ich kündige zum Monatsende", "cancellation"),
        ("Hiermit möchte ich stornieren.", "cancellation"),
        ("Wir werden den Vertrag nicht verlängern", "cancellation"),
        ("Bitte das Konto löschen", "cancellation"),
        ("Sie hören von meinem Anwalt", "legal"),
        ("Dann sehen wir uns vor Gericht", "legal"),
        ("Ich melde das der Verbraucherzentrale", "legal"),
        ("Auskunft nach DSGVO bitte", "legal"),
        ("Die Konkurrenz ist schneller", "competitor"),
        ("wir gehen zu einem anderen Anbieter", "competitor"),
        ("Ich möchte mich beschweren", "complaint"),
        ("Das ist inakzeptabel", "complaint"),
        ("Quiero cancelar el contrato", "cancellation"),
        ("Quiero darme de baja", "cancellation"),
        ("no queremos renovar", "cancellation"),
        ("Hablaré con mi abogada", "legal"),
        ("Los voy a demandar", "legal"),
        ("Nos veremos en los tribunales", "legal"),
        ("Quiero la hoja de reclamaciones", "legal"),
        ("nos vamos a la competencia", "competitor"),
        ("Voy a cambiarme de proveedor", "competitor"),
        ("Quiero poner una reclamación", "complaint"),
        ("Esto es inaceptable", "complaint"),
    ],
)
def test_words_of_three_languages_call_a_human(text: str, expected: str) -> None:
    assert reasons(text) == [expected]


@pytest.mark.parametrize(
    "text",
    [
        "Hello, when do you open?",
        "I do not want to cancel, just to change the date",
        "please don't cancel my order",
        "no lawyer needed :-)",
        "Never mind, thank you, Sue",
        "The court yard is on the left",
        "My order was cancelled by mistake?",
        "Ich möchte nicht kündigen",
        "Ich kündige nicht, keine Sorge",
        "Das Gericht hat gut geschmeckt",
        "Kannst du mal schauen?",
        "No quiero cancelar nada",
        "Buenas tardes, ¿tienen helado?",
        "Sin abogados, por favor",
        "freshcola is my favourite",
        "",
    ],
)
def test_talk_does_not(text: str) -> None:
    assert reasons(text, tier="premium", value=900_000) == []


@pytest.mark.parametrize(
    ("text", "troubled"),
    [
        ("My delivery is late again", True), ("it does not work", True), ("the site is down", True), ("I need a refund", True),
        ("Die Truhe ist kaputt", True), ("das funktioniert wieder nicht", True), ("geht nicht!!", True),
        ("Es fehlt ein Karton", True),
        ("La nevera está averiada", True), ("todavía no ha llegado", True), ("llega tarde", True), ("quiero un reembolso", True),
        ("See you later", False), ("Danke!", False), ("Esta tarde a las cinco", False), ("Red or blue? rot oder blau?", False),
    ],
)  # fmt: skip
def test_what_sounds_like_trouble(text: str, troubled: bool) -> None:
    assert in_trouble(text) is troubled


def test_a_trouble_weighs_more_from_a_premium_or_valued_customer() -> None:
    assert reasons("My delivery is late again", tier="standard", value=900) == []
    assert reasons("My delivery is late again", tier="Premium", value=900) == ["premium_customer"]
    assert reasons("My delivery is late again", value=20_000) == ["high_value"]
    assert reasons("My delivery is late again", tier="vip", value=48_000) == ["premium_customer", "high_value"]
    assert reasons("I want to cancel", tier="vip") == ["cancellation", "premium_customer"]


def test_a_client_says_whom_it_counts_for() -> None:
    facts = Facts("Hello", START, tier="silver", value=500)
    assert causes_of(facts, CauseRules(premium_tiers=("silver",), premium="always")) != ()
    assert causes_of(facts, CauseRules(high_value=500, valued="always")) != ()
    late = Facts("It is late", START, tier="vip", value=500_000)
    assert causes_of(late, CauseRules(premium="never", valued="never")) == ()
    assert causes_of(late, CauseRules(premium="never", high_value=0)) == ()


@pytest.mark.parametrize(
    ("moods", "priority"),
    [
        ((0.5, 0.4, -0.5), 2), ((0.1, -0.85), 1), ((-0.9,), 1), ((-0.5, -0.5, -0.5), 2), ((0.6, -0.3), None), ((-0.5,), None),
        ((-0.5, -0.5), None), ((-0.9, 0.5), None), ((), None),
    ],
)  # fmt: skip
def test_a_mood_that_falls_calls_a_human(moods: tuple[float, ...], priority: int | None) -> None:
    found = causes_of(Facts("so it goes", START, moods=moods), RULES)
    assert [(one.reason, one.priority) for one in found] == ([("falling_mood", priority)] if priority else [])


def talks(*said: tuple[float, str]) -> tuple[tuple[datetime, str], ...]:
    """(hours ago, what)"""
    return tuple((START - timedelta(hours=hours), text) for hours, text in said)


@pytest.mark.parametrize(
    ("said", "text", "times"),
    [
        (talks((48, "Where is my delivery of the freezer?"), (24, "The freezer delivery again")), "freezer delivery???", 3),
        (talks((48, "Order 88123 has not arrived"), (24, "88123?")), "What about 88123", 3),
        (talks((48, "Lieferung, Gefriertruhe"), (24, "Gefriertruhe, Lieferung?")), "Die Gefriertruhe der Lieferung", 3),
        (talks((48, "mi pedido, el congelador"), (24, "el congelador, mi pedido")), "¿y el pedido? ¿el congelador?", 3),
        (talks((2, "Where is my delivery of the freezer?"), (1, "freezer delivery")), "freezer delivery", 1),
        (talks((48, "What are your opening hours?"), (24, "Do you sell ice?")), "Where is my freezer delivery", 1),
        (talks((24 * 9, "freezer delivery"), (24 * 8, "freezer delivery")), "freezer delivery", 1),
        (talks((48, "Where is 88123"), (24, "88123?"), (0.1, "88123 please")), "Hello?", 3),
        ((), "freezer delivery", 1),
    ],
)  # fmt: skip
def test_contacts_about_the_same_thing(said: tuple[tuple[datetime, str], ...], text: str, times: int) -> None:
    assert count_contacts(text, START, said, days=7) == times


def test_the_third_contact_calls_a_human() -> None:
    before = talks((48, "Where is 88123"), (24, "88123?"))
    assert reasons("88123 please", said_before=before) == ["third_contact"]
    assert causes_of(Facts("88123", START, said_before=before), CauseRules(contacts=0)) == ()


@given(st.text(max_size=300), st.lists(st.floats(-1, 1), max_size=6), st.booleans())
def test_any_words_are_understood_and_the_most_urgent_comes_first(text: str, moods: list[float], wants: bool) -> None:
    found = causes_of(Facts(text, START, wants, tuple(moods), tier="vip", value=10**9), RULES)
    assert [one.priority for one in found] == sorted(one.priority for one in found)
    assert len({one.reason for one in found}) == len(found)
    assert found or not wants
