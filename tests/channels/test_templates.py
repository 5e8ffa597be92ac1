"""The words that open a conversation: what Meta would refuse is found before it is asked."""

import json
from pathlib import Path

import pytest

from channels.whatsapp.templates import NOTICE, load_templates
from core.errors import Invalid

GOOD = {
    "body": "News: {{1}} — press the button.",
    "quick_reply": "Show",
    "example": "Ticket TKT-202611-00012 waits for approval.",
}


def file_with(folder: Path, category: str = "UTILITY", default: str = "en", language: str = "en", **words: str) -> Path:
    path = folder / "whatsapp.toml"
    lines = [f"[{NOTICE}]", f"category = {json.dumps(category)}", f"default = {json.dumps(default)}"]
    lines += [f"[{NOTICE}.{language}]", *(f"{name} = {json.dumps(text)}" for name, text in (GOOD | words).items())]
    path.write_text("\n".join(lines), "utf-8")
    return path


def test_our_own_are_fit_to_be_submitted() -> None:
    assert set(load_templates().by_language) == {"en", "es", "de"}


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"body": "News: press the button."}, "exactly one parameter"),
        ({"body": "News: {{1}} and {{2}} today."}, "exactly one parameter"),
        ({"body": "News: {{text}} today."}, "exactly one parameter"),
        ({"body": "{{1}} is new."}, "does not begin"),
        ({"body": "What is new: {{1}}"}, "does not end"),
        ({"body": f"News: {{{{1}}}} {'x' * 130}."}, "leaves room for 900 of 1024"),
        ({"body": "News:\n{{1}} today."}, "no line break"),
        ({"body": "News:      {{1}} today."}, "no more than four spaces"),
        ({"quick_reply": "Show me everything there is"}, "1 to 25 characters"),
        ({"quick_reply": ""}, "1 to 25 characters"),
        ({"quick_reply": "Show {{1}}"}, "no parameter"),
        ({"example": "One\ttwo"}, "no tab"),
        ({"example": ""}, "its example has 1 to 900"),
        ({"category": "CHAT"}, "one of UTILITY"),
        ({"language": "English", "default": "English"}, "a code such as en"),
        ({"default": "fr"}, "no words in its default language, fr"),
    ],
)
def test_what_would_be_refused_is_named(tmp_path: Path, changed: dict[str, str], said: str) -> None:
    with pytest.raises(Invalid) as caught:
        load_templates(file_with(tmp_path, **changed))
    assert said in caught.value.sentence
    assert NOTICE in caught.value.sentence
    load_templates(file_with(tmp_path))


@pytest.mark.parametrize(
    "content",
    [
        "",
        "[callboard_notice",
        "[callboard_notice]\ndefault = 'en'",
        "[callboard_notice]\ncategory='UTILITY'\ndefault='en'\n[callboard_notice.en]\nbody='a {{1}} b'\n",
    ],
)
def test_a_file_that_lacks_something_is_a_sentence_too(tmp_path: Path, content: str) -> None:
    path = tmp_path / "whatsapp.toml"
    path.write_text(content)
    with pytest.raises(Invalid, match=NOTICE):
        load_templates(path)


def test_what_is_submitted_has_an_example_for_the_parameter() -> None:
    submission = load_templates().find("de").submission()
    body, buttons = submission["components"]
    assert (submission["name"], submission["language"], submission["category"]) == (NOTICE, "de", "UTILITY")
    assert body["type"] == "BODY"
    assert len(body["example"]["body_text"][0]) == body["text"].count("{{")
    assert buttons == {"type": "BUTTONS", "buttons": [{"type": "QUICK_REPLY", "text": "Zeigen"}]}
