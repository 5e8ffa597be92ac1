"""Modals: FormSpec -> view (docs.slack.dev/reference/views), and a submitted view -> Form."""

from collections.abc import Mapping
from typing import Any

import orjson

from channels.base import Form, FormField, FormSpec
from channels.text import shorten

TITLE, LABEL, OPTION, OPTIONS, VALUE = 24, 2000, 75, 100, 3000
"""Characters of a view's title, an input's label, an option's text; options of a select; characters of an input's value."""

INPUT = "answer"

Payload = dict[str, Any]


def view(form: FormSpec, chat: str, thread: str | None) -> Payload:
    """`chat` and `thread` travel with the view: a submission does not say where its modal was opened."""
    return {
        "type": "modal",
        "callback_id": "form",
        "title": _plain(shorten(form.title, TITLE)),
        "submit": _plain("OK"),
        "private_metadata": orjson.dumps({"command": form.command, "chat": chat, "thread": thread}).decode(),
        "blocks": [_input(field) for field in form.fields],
    }


def _input(field: FormField) -> Payload:
    """The block is called as the argument, so that errors find their field."""
    return {
        "type": "input",
        "block_id": field.name,
        "label": _plain(shorten(field.label, LABEL)),
        "optional": field.optional,
        "element": _element(field),
    }


def _element(field: FormField) -> Payload:
    match field.kind:
        case "choice":
            options = [{"text": _plain(shorten(label, OPTION)), "value": value} for value, label in field.choices]
            return {"type": "static_select", "action_id": INPUT, "options": options[:OPTIONS]}
        case "date":
            return {"type": "datepicker", "action_id": INPUT}
        case "text":
            typed = {"initial_value": field.value[:VALUE]} if field.value else {}
            return {"type": "plain_text_input", "action_id": INPUT, "multiline": True} | typed


def _plain(text: str) -> Payload:
    return {"type": "plain_text", "text": text, "emoji": True}


def read_form(submitted: Mapping[str, Any]) -> tuple[Form, str, str | None]:
    """(form, chat, thread). Fields left empty are not among the answers."""
    about = orjson.loads(submitted["private_metadata"])
    answers = {
        name: answer
        for name, block in submitted["state"]["values"].items()
        if (answer := _answer(next(iter(block.values()))))
    }
    return Form(about["command"], answers), about["chat"], about["thread"]


def _answer(element: Mapping[str, Any]) -> str:
    chosen = (element.get("selected_option") or {}).get("value")
    return (chosen or element.get("selected_date") or element.get("value") or "").strip()


def errors(by_argument: Mapping[str, str], submitted: Mapping[str, Any]) -> Payload:
    """The answer that keeps the modal open. Slack refuses names it does not know: those go to the first field."""
    fields = list(submitted["state"]["values"])
    shown: dict[str, str] = {}
    for name, sentence in by_argument.items():
        field = name if name in fields else fields[0]
        shown[field] = f"{shown[field]} {sentence}" if field in shown else sentence
    return {"response_action": "errors", "errors": shown}
