"""Templates: how a message that was really sent looks in every language on every channel."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from html import unescape
from typing import Annotated, Any

from fastapi import APIRouter, Query
from jinja2 import UndefinedError
from starlette.responses import Response

from channels.card import Card
from channels.rendering import render
from channels.slack import render as slack
from channels.telegram import render as telegram
from channels.whatsapp import render as whatsapp
from core.outbox.examples import find_example, list_examples
from core.people.contacts import CHANNEL_NAMES
from core.statements import Reader
from web.message_names import MESSAGE_NAMES
from web.pages.settings import tabs_of
from web.pages.visit import AtPage
from web.sight import check_sight

router = APIRouter(include_in_schema=False)

LANGUAGES = (("en", "English"), ("de", "German"), ("es", "Spanish"))
TELEGRAM_TAG = re.compile(r"</?[a-z][^>]*>")


@dataclass(frozen=True, slots=True)
class Bubble:
    text: str
    choices: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Preview:
    channel: str
    bubbles: tuple[Bubble, ...]


def _telegram(card: Card, language: str) -> list[Bubble]:
    found = telegram.messages(card, language=language)
    return [
        Bubble(
            unescape(TELEGRAM_TAG.sub("", one["text"])),
            tuple(key["text"] for row in one.get("reply_markup", {}).get("inline_keyboard", []) for key in row),
        )
        for one in found
    ]


def _slack(card: Card, _language: str) -> list[Bubble]:
    return [
        Bubble(
            unescape("\n".join(block["text"]["text"] for block in one["blocks"] if "text" in block)),
            tuple(
                label for block in one["blocks"] for element in block.get("elements", []) for label in _labels(element)
            ),
        )
        for one in slack.messages(card)
    ]


def _whatsapp(card: Card, language: str) -> list[Bubble]:
    found = []
    for one in whatsapp.messages(card, language):
        said = one.get("interactive", {})
        text = one["text"]["body"] if one["type"] == "text" else said.get("body", {}).get("text", "")
        found.append(Bubble(text, tuple(_labels(said.get("action", {})))))
    return found


def _labels(element: Any) -> Iterator[str]:
    """What can be pressed, wherever the platform wants it to stand."""
    if isinstance(element, list):
        for one in element:
            yield from _labels(one)
    elif isinstance(element, dict):
        title = element.get("title") or element.get("text")
        if isinstance(title, dict):
            title = title.get("text")
        if isinstance(title, str) and ("id" in element or "value" in element):
            yield title
        for name in ("buttons", "sections", "rows", "reply", "options"):
            yield from _labels(element.get(name, []))


CHANNELS: dict[str, Callable[[Card, str], list[Bubble]]] = {
    "telegram": _telegram,
    "slack": _slack,
    "whatsapp": _whatsapp,
}


FIRST = ("escalation.card", "ticket.card")
"""What is looked at until somebody chooses: those with most on them."""


@router.get("/settings/templates")
async def templates(visit: AtPage, name: Annotated[str, Query(max_length=80)] = "") -> Response:
    def facts(reader: Reader) -> dict[str, Any]:
        check_sight(reader, visit.actor, "people.edit", visit.client_id)
        names = list_examples(reader, visit.client_id)
        chosen = next((one for one in (name, *FIRST, *names) if one in names), "")
        example = find_example(reader, visit.client_id, chosen) if chosen else None
        zone = visit.zone(reader)
        return {
            "title": "Templates",
            "tabs": tabs_of(visit.actor),
            "names": [(one, MESSAGE_NAMES.get(one, one)) for one in names],
            "chosen": chosen,
            "shown": [
                (words, _previews(chosen, example.facts, language, zone, visit.now)) for language, words in LANGUAGES
            ]
            if example
            else [],
        }

    return await visit.show("templates.html", facts)


def _previews(template: str, facts: dict[str, Any], language: str, zone: str, now: datetime) -> list[Preview]:
    """Empty when the facts of then lack something that the template says by now."""
    try:
        card = render(template, facts, language=language, zone=zone, now=now)
    except UndefinedError:
        return []
    return [Preview(CHANNEL_NAMES[name], tuple(draw(card, language))) for name, draw in CHANNELS.items()]
