"""Commands, verbs and buttons that people and scripts rely on: what stands here keeps working, and more may be added."""

import re
import tomllib
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot.cli import app
from bot.grammar import read
from bot.verbs import NAMES

COMMANDS = (
    "demo", "serve", "migrate", "import units", "import people", "import courses", "import assignments", "import customers",
    "token create", "link", "contact add", "board set", "run-job", "preview training", "preview ticket", "preview escalation",
    "send-test", "doctor", "backup", "export", "bench",
)  # fmt: skip
OPTIONS = {
    "serve": ("--only",),
    "token create": ("--person", "--service", "--role", "--unit"),
    "board set": ("--team",),
}
VERBS = (
    "start", "help", "me", "login", "queue", "why", "claim", "assign", "takeover", "reply", "note", "release", "resolve", "ticket",
    "accept", "decline", "arrive", "complete", "approve", "reject", "reassign", "location", "overdue", "done", "leave", "promise",
    "stats",
)  # fmt: skip
BUTTONS = ("Accept", "Decline", "Claim", "Take over", "Approve", "Reject", "Done", "Promise", "On leave")
LABELS = Path(__file__).parents[2] / "templates" / "labels.toml"


@pytest.mark.parametrize("command", COMMANDS)
def test_a_command_is_there_with_its_help_and_options(command: str) -> None:
    result = CliRunner().invoke(app, [*command.split(), "--help"], env={"COLUMNS": "200", "TERM": "dumb"})
    assert result.exit_code == 0, result.output
    assert [word for word in command.split() if not re.search(rf"\b{word}\b", result.output)] == []
    said = re.findall(r"--[a-z-]+", result.output)
    assert set(OPTIONS.get(command, ())) <= set(said)


@pytest.mark.parametrize("verb", VERBS)
def test_a_verb_is_understood_with_or_without_a_stroke_in_either_case(verb: str) -> None:
    for text in (verb, f"/{verb}", verb.upper()):
        said = read(text, NAMES)
        assert said is not None, text
        assert said.verb == NAMES[verb], text


def test_the_buttons_have_their_plain_words_translated() -> None:
    for language, labels in tomllib.loads(LABELS.read_text()).items():
        assert set(BUTTONS) <= labels.keys(), language
