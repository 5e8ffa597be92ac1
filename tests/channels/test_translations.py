"""A translated message says the same: it uses what the English one uses, and its buttons say the same commands."""

import re
from pathlib import Path

import pytest
from jinja2 import meta

from channels.rendering import FOLDER, environment, render

LANGUAGES = ("de", "es")
TRANSLATED = sorted(path for language in LANGUAGES for path in (FOLDER / language).rglob("*.j2"))
BUNDLED = (
    "reply/bundle", "ticket/accepted", "ticket/arrived", "ticket/eta", "ticket/approved_by_itself", "ticket/reassigned",
    "ticket/cancelled", "escalation/taken_from_you",
)  # fmt: skip
ADMINS = ("held", "run_paused", "run_status", "drill_result")
"""What operators and who started a drill read: numbers and errors, in English."""
TRAINING = sorted(path.stem for path in (FOLDER / "training").glob("*.j2") if path.stem not in ADMINS)


def english(path: Path) -> Path:
    return FOLDER.joinpath(*path.relative_to(FOLDER).parts[1:])


def needs(path: Path) -> set[str]:
    return meta.find_undeclared_variables(environment.parse(path.read_text("utf-8")))


@pytest.mark.parametrize("path", TRANSLATED, ids=lambda path: str(path.relative_to(FOLDER)))
def test_a_translation_uses_what_the_english_words_use(path: Path) -> None:
    said = english(path).read_text("utf-8")
    assert needs(path) == needs(english(path))
    for pattern in (r'command="([^"]*)"', r"<(\w+)[^>]*>"):
        assert re.findall(pattern, path.read_text("utf-8")) == re.findall(pattern, said)
    assert path.read_text("utf-8") != said


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", BUNDLED)
def test_what_is_bundled_is_said_in_the_readers_language(language: str, name: str) -> None:
    assert (FOLDER / language / f"{name}.j2").exists()


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_ticket_is_shown_in_the_readers_language_and_not_in_half_of_it(language: str) -> None:
    """Dates and buttons were in theirs already."""
    words = re.compile(r"<b>([A-Za-z ]+)</b>|>([A-Z][a-z ]+)[{:]")
    spoken = {
        name: {
            first or second for first, second in words.findall((FOLDER / name / "ticket/card.j2").read_text("utf-8"))
        }
        for name in ("", language)
    }
    assert spoken[""] & spoken[language] <= {"Total"}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", TRAINING)
def test_what_managers_are_told_of_trainings_is_in_their_language(language: str, name: str) -> None:
    assert (FOLDER / language / f"training/{name}.j2").exists()


@pytest.mark.parametrize("path", TRANSLATED, ids=lambda path: str(path.relative_to(FOLDER)))
def test_a_translation_is_made_of_parts_in_its_language(path: Path) -> None:
    language = path.relative_to(FOLDER).parts[0]
    parts = meta.find_referenced_templates(environment.parse(path.read_text("utf-8")))
    assert [part for part in parts if not str(part).startswith(f"{language}/")] == []


@pytest.mark.parametrize(("language", "title"), [("de", "2 Neuigkeiten"), ("es", "2 novedades"), ("fr", "2 updates")])
def test_a_bundle_in_the_readers_language(language: str, title: str) -> None:
    facts = {"lines": ["a", "b"], "options": [{"label": "TKT-7", "command": "show TKT-7"}]}
    card = render("reply.bundle", facts, language=language)
    assert title in card.title
    assert card.menu
    assert card.menu.options[0].command == "show TKT-7"


@pytest.mark.parametrize("language", ["en", *LANGUAGES])
def test_every_answer_about_trainings_has_its_own_words_for_one_and_for_many(language: str) -> None:
    named = [{"reference": f"TRN-{n}", "employee": f"Employee {n}", "course": "Fire safety"} for n in range(5)]
    said = set()
    for answer in ("asked", "done", "leave", "promise", "extend", "grant", "deny", "waive", "not_mine"):
        for count in (1, 7):
            facts = {
                "answer": answer,
                "on": "2026-11-28",
                "count": count,
                "assignments": named[:count],
                "over": ["Late."],
            }
            card = render("training.answered", facts, language=language)
            assert "TRN-0 (Employee 0" in card.notice
            assert card.paragraphs[0].text == card.notice
            assert card.notice.endswith(" Late.")
            assert ("Fire safety" in card.notice) == (count == 1)
            said.add(card.notice)
    assert len(said) == 18
