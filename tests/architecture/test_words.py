"""Words: every template says its true facts in every language, and every button says something we understand."""

import asyncio
import shutil
from pathlib import Path

import pytest

from bot.arguments import KINDS
from bot.doing.table import DO
from bot.feedback import NO_WORD
from bot.feedback import VERBS as FEEDBACK
from bot.grammar import read
from bot.verb import Verb
from bot.verbs import BY_NAME, NAMES, VERBS
from channels.capabilities import CAPABILITIES
from channels.card import Button, Card
from channels.rendering import FOLDER, render
from core.clock import ManualClock
from core.database import Database
from core.people.permissions import ROLES_WITH
from templates.labels import LABELS, translated
from tests.architecture.stories import STORIES, Said, told
from tests.conftest import START

LANGUAGES = ("en", *LABELS)
LONGEST = {"ESC-1": "ESC-999999999", "TKT-202611-00001": "TKT-202611-999999999", "TRN-1": "TRN-999999999"}
CUSTOMERS_SAY = (*FEEDBACK, NO_WORD)
WITHOUT_COMMAND = ("start", "cancel")  # understood before any other verb


def all_templates() -> list[str]:
    """Those that are messages; macros and parts say nothing by themselves."""
    paths = [path.relative_to(FOLDER) for path in FOLDER.rglob("*.j2") if "<notice>" in path.read_text("utf-8")]
    spoken = [path for path in paths if path.parts[0] not in LABELS]
    return sorted(path.with_suffix("").as_posix().replace("/", ".") for path in spoken)


@pytest.fixture(scope="module")
def said(sqlite_with_tables: Path, tmp_path_factory: pytest.TempPathFactory) -> list[Said]:
    """Everything that is said in all the stories."""

    async def tell_all() -> list[Said]:
        found: list[Said] = []
        for story in STORIES:
            path = shutil.copy(sqlite_with_tables, tmp_path_factory.mktemp("story") / "story.db")
            database = Database(f"sqlite:///{path}", clock := ManualClock(START))
            found += await told(story, database, clock)
            await database.close()
        return found

    return asyncio.run(tell_all())


def cards(said: list[Said], language: str = "en", template: str = "") -> list[Card]:
    wanted = [one for one in said if template in ("", one[0])]
    return [render(name, facts, language=language, zone="Europe/Madrid", now=START) for name, facts in wanted]


def buttons(card: Card) -> list[Button]:
    return [*card.buttons, *(card.menu.options if card.menu else ())]


def commands(said: list[Said]) -> set[str]:
    """What the buttons of cards say; those below a question (reply.text) may be answers to it."""
    found = cards([one for one in said if one[0] != "reply.text"])
    return {button.command for card in found for button in buttons(card)} | {
        card.notice_command for card in found if card.notice_command
    }


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("template", all_templates())
def test_a_template_says_its_facts_in_every_language(said: list[Said], template: str, language: str) -> None:
    shown = cards(said, language, template)
    assert shown, f"no story in stories.py says {template}"
    assert all(card.notice and "\n" not in card.notice for card in shown)
    assert [card for card in shown if "None" in card.notice or "Undefined" in card.notice] == []


def test_every_button_says_a_verb(said: list[Said]) -> None:
    ours = [command for command in commands(said) if command.split()[0] not in CUSTOMERS_SAY]
    assert [command for command in ours if read(command, NAMES) is None] == []


def test_every_button_fits_telegrams_64_bytes_with_the_longest_reference(said: list[Said]) -> None:
    longest = set(commands(said))
    for short, long in LONGEST.items():
        longest |= {command.replace(short, long) for command in longest}
    assert [command for command in longest if len(command.encode()) > 64] == []


def test_no_card_has_more_buttons_than_whatsapp_shows(said: list[Said]) -> None:
    most = CAPABILITIES["whatsapp"].buttons
    with_more = {name for name, facts in said if len(render(name, facts, now=START).buttons) > most}
    assert with_more <= {"reply.text"}  # choices of a question: they become a list there


@pytest.mark.parametrize("language", list(LABELS))
def test_every_label_is_translated(said: list[Said], language: str) -> None:
    plain = {button.label for card in cards(said) for button in card.buttons if button.command.split()[0] in BY_NAME}
    assert {label for label in plain - set(LABELS[language]) if translated(label, language) == label} == set()


def test_the_languages_have_the_same_labels() -> None:
    assert len({frozenset(labels) for labels in LABELS.values()}) == 1


# verbs


def test_every_verb_has_a_function_that_carries_it_out() -> None:
    assert set(BY_NAME) - set(WITHOUT_COMMAND) <= set(DO)
    assert set(DO) <= set(BY_NAME)


def test_no_name_or_alias_means_two_verbs() -> None:
    names = [name for verb in VERBS for name in (verb.name, *verb.aliases)]
    assert sorted(names) == sorted(set(names))


@pytest.mark.parametrize("verb", VERBS, ids=lambda verb: verb.name)
def test_a_verb_is_offered_by_a_permission_that_exists_and_asks_for_what_it_needs(verb: Verb) -> None:
    assert verb.permission in ("", *ROLES_WITH)
    assert [one.name for one in verb.arguments if not one.optional and not one.ask and one.kind != "word"] == []
    assert {one.kind for one in verb.arguments} <= set(KINDS)


@pytest.mark.parametrize("verb", [verb for verb in VERBS if verb.example], ids=lambda verb: verb.name)
def test_the_example_of_a_verb_is_one(verb: Verb) -> None:
    said = read(verb.example, NAMES)
    assert said is not None
    assert said.verb == verb.name
