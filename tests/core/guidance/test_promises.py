"""What agents promise is found in their words, and nothing else is taken for a promise."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.guidance.phrases import LANGUAGES, phrases_of
from core.guidance.promises import LONGEST, promised_at
from core.playbooks.playbook import shipped

SAID = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)  # 10:00 in Madrid

PROMISES = [
    ("I write again within 30 minutes.", 30),
    ("You hear from me in 20 min", 20),
    ("I will call you in an hour", 60),
    ("half an hour? I am back in half an hour", 30),
    ("Ich melde mich in 15 Minuten.", 15),
    ("Innerhalb von 2 Stunden haben Sie Antwort", 120),
    ("Le escribo en 45 minutos", 45),
    ("dentro de una hora le llamo", 60),
    ("I call you at 11:30", 90),
    ("A new one is with you by 2 pm", 240),
    ("bis 14 Uhr ist es da", 240),
    ("La visita es a las 12:15", 135),
    ("I write again in thirty minutes, also when there is nothing new.", 30),
    ("Ich melde mich in dreißig Minuten wieder", 30),
    ("Ich rufe in einer halben Stunde an", 30),
    ("Le escribo otra vez en treinta minutos", 30),
    ("I call you tomorrow at 10:00", 24 * 60),
    ("Ich bin morgen um 9 Uhr da", 23 * 60),
    ("Guten Morgen! Um 14 Uhr ist es da.", 240),
    ("El técnico va mañana a las 9:30", 23 * 60 + 30),
    ("Esta mañana a las 11:00 le llamo", 60),
    ("The visit is on Tuesday at 9:15", 23 * 60 + 15),
    ("It was at 9:15 this morning", None),
    ("The visit is on Friday at 9:15", None),
    ("You wrote: “You promised to be here by 14:00!” I look into it.", None),
    ("Sie schreiben: „Um 14 Uhr sollte jemand kommen“", None),
    ("Today we have it at 12.50 EUR", None),
    ("We have it at 3 stores", None),
    ("In 2 weeks there is a sale", None),
    ("Thank you for your patience", None),
    ("by then it is done", None),
]


@pytest.mark.parametrize(("text", "minutes"), PROMISES)
def test_a_promise_is_found(text: str, minutes: int | None) -> None:
    expected = None if minutes is None else SAID + timedelta(minutes=minutes)
    assert promised_at(text, SAID, "Europe/Madrid") == expected


SHIPPED = (
    *(phrases_of(language)["outage"]["points"][1] for language in LANGUAGES),
    *(shipped()["billing_dispute"].steps[0].script[language] for language in LANGUAGES),
    *(shipped()["missed_appointment"].steps[0].script[language] for language in LANGUAGES),
)


@pytest.mark.parametrize("text", SHIPPED)
def test_what_our_own_words_promise_is_found(text: str) -> None:
    assert promised_at(text, SAID, "Europe/Madrid") in (SAID + timedelta(minutes=20), SAID + timedelta(minutes=30))


@given(st.text(max_size=200))
def test_whatever_is_said_the_promise_lies_ahead(text: str) -> None:
    found = promised_at(text, SAID, "Europe/Madrid")
    assert found is None or SAID < found <= SAID + LONGEST
