"""How training digests look in every language on every platform: golden/training/<form>.<language>.json, the first and a later
one. Delete a file to have it written anew, then read it."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from channels.card import Card
from channels.rendering import render
from channels.slack import render as slack
from channels.telegram import render as telegram
from channels.whatsapp import render as whatsapp
from channels.whatsapp.templates import load_templates

GOLDEN = Path(__file__).parent / "golden" / "training"
LANGUAGES = ("en", "de", "es")
FORMS = ("store", "cluster", "hr")
COUNTS = ("new", "cleared", "broken", "paused", "moved")
ONE = {
    "reference": "TRN-7", "employee": "Birgit <Costa>", "employee_code": "E-002", "course": "Fire & first aid",
    "unit": "Berlin Kreuzberg", "due_on": "2026-11-20", "days": 1, "broken_on": None,
}  # fmt: skip
TWO = ONE | {"reference": "TRN-8", "employee": "Carlos Evans", "employee_code": "E-003", "days": 16}
BROKEN = TWO | {"broken_on": "2026-11-22"}
COUNTED = {"employees": 2, "assignments": 2, "store_count": 1, "unit": "Berlin Kreuzberg"}
STORE = COUNTED | {"stores": [{"name": "Berlin Kreuzberg", "rows": [ONE, BROKEN]}], "choices": [ONE, BROKEN], "more": 1}
CLUSTER = COUNTED | {
    "employees": 3, "store_count": 2, "more": 4,
    "stores": [{"name": "Berlin Kreuzberg", "employees": 2, "days": 4}, {"name": "Wien", "employees": 1, "days": 1}],
}  # fmt: skip
HR = COUNTED | {"critical": 1, "rows": [TWO], "more": 0}
HIGHEST: dict[str, dict[str, Any]] = {
    "store": {"store": STORE, "cluster": None, "hr": None},
    "cluster": {"store": STORE, "cluster": CLUSTER, "hr": None},
    "hr": {"store": STORE, "cluster": CLUSTER, "hr": HR},
}


def facts_of(form: str, **changes: Any) -> dict[str, Any]:
    """A first digest, of somebody who stands in for another."""
    counts = dict.fromkeys(COUNTS, 0) | {"assignments": 2, "still": 0, "days": 16}
    away = [{"name": "Anke Vogt", "until": "2026-11-28"}, {"name": "Reto Keller", "until": None}]
    more = {"today": "2026-11-23", "instead_of": away, "critical_from": 14, "since": None}
    return counts | more | HIGHEST[form] | changes


LATER = {
    "since": "2026-11-22",
    "new": 3,
    "cleared": 5,
    "broken": 2,
    "paused": 1,
    "moved": 1,
    "still": 4,
    "instead_of": [],
}


def looks_of(card: Card, language: str) -> dict[str, Any]:
    return {
        "telegram": telegram.messages(card, language=language),
        "slack": slack.messages(card),
        "whatsapp": whatsapp.messages(card, language),
        "whatsapp_notice": whatsapp.notice(card, load_templates().find(language)),
    }


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("form", FORMS)
def test_a_digest_looks_as_it_did(form: str, language: str) -> None:
    path = GOLDEN / f"{form}.{language}.json"
    days = {"first": facts_of(form), "later": facts_of(form, **LATER)}
    cards = {day: render(f"training.{form}_digest", facts, language=language) for day, facts in days.items()}
    found = {day: looks_of(card, language) for day, card in cards.items()}
    looks = json.dumps(found, indent=2, ensure_ascii=False) + "\n"
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(looks, "utf-8")
        pytest.fail(f"{path.name} did not exist and was written: read it")
    assert looks == path.read_text("utf-8")


@pytest.mark.parametrize(
    ("language", "one", "several", "none"),
    [
        ("en", "1 new, 1 cleared, 1 broken promise", "3 new, 5 cleared, 2 broken promises", "no change"),
        ("de", "1 neu, 1 erledigt, 1 gebrochene Zusage", "3 neu, 5 erledigt, 2 gebrochene Zusagen", "keine Änderung"),
        (
            "es",
            "1 nueva, 1 resuelta, 1 promesa incumplida",
            "3 nuevas, 5 resueltas, 2 promesas incumplidas",
            "sin cambios",
        ),
    ],
)
def test_one_and_several_are_said_as_the_language_has_it(language: str, one: str, several: str, none: str) -> None:
    for (new, cleared, broken), said in {(1, 1, 1): one, (3, 5, 2): several, (0, 0, 0): none}.items():
        changes = {"since": "2026-11-22", "new": new, "cleared": cleared, "broken": broken}
        card = render("training.store_digest", facts_of("store", **changes), language=language)
        assert card.title.endswith(f" {said}")
        assert said in card.notice


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("changes", [{}, LATER], ids=["first", "later"])
def test_every_language_says_the_same_numbers_and_names(form: str, language: str, changes: dict[str, Any]) -> None:
    def said(language: str) -> tuple[list[str], list[str]]:
        card = render(f"training.{form}_digest", facts_of(form, **changes), language=language)
        lines = [card.notice, card.title, *(paragraph.text for paragraph in card.paragraphs)]
        names = [
            name for name in ("Birgit <Costa>", "Carlos Evans", "E-003", "Wien", "Anke Vogt") if name in str(lines)
        ]
        return sorted(number for line in lines for number in re.findall(r"\d+", line)), names

    assert said(language) == said("en")


@pytest.mark.parametrize(("language", "day"), [("en", "Sat 28 Nov"), ("de", "Sa, 28. Nov"), ("es", "sáb, 28 nov")])
def test_days_are_written_as_the_reader_writes_them(language: str, day: str) -> None:
    card = render("training.store_digest", facts_of("store"), language=language)
    assert day in card.paragraphs[0].text
    assert ".." not in card.notice
