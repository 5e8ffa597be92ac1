"""How typical cards look on every platform: golden/<channel>/<card>.json. Delete a file to have it written anew, then read it."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from channels.card import Button, Card, Menu, Paragraph, Span
from channels.rendering import render
from channels.slack import render as slack
from channels.telegram import render as telegram
from channels.whatsapp import render as whatsapp
from channels.whatsapp.templates import load_templates

GOLDEN = Path(__file__).parent / "golden"


def line(*spans: Span | str) -> Paragraph:
    return Paragraph(tuple(Span(span) if isinstance(span, str) else span for span in spans))


NUMBERS = [f"TKT-202611-0000{number}" for number in range(1, 4)]

CARDS = {
    "offer": Card(
        notice="TKT-202611-00012: cold room at Harbour Street, answer by 10:30",
        title="TKT-202611-00012 · Cold room warm",
        paragraphs=(
            line(Span("Harbour Street 1", "bold"), " (A&B <Fish> Ltd)\nPriority ", Span("critical", "bold")),
            Paragraph((Span("It's *really* warm: 12°C > 4°C\nPlease hurry"),), quote=True),
            line("Answer by ", Span("10:30", "italic"), ". ", Span("Open", href="https://board.example/t/12?a=1&b=2")),
        ),
        buttons=(
            Button("Accept", "accept TKT-202611-00012", "primary"),
            Button("Decline", "decline TKT-202611-00012", "danger"),
            Button("Location", "location"),
        ),
        pin=(40.4168, -3.7038),
        notice_command="show TKT-202611-00012",
    ),
    "digest": Card(
        notice="12 trainings are overdue",
        title="12 trainings are overdue",
        paragraphs=(line("Harbour Street: ", Span("12", "bold")),),
        buttons=(Button("Show list", "overdue"),),
        menu=Menu("Choose a training", tuple(Button(f"Fire safety, employee {n}", f"show TRN-{n}") for n in range(12))),
    ),
    "where": Card(notice="Where are you?", paragraphs=(line("Where are you?"),), asks_location=True),
    "closed": Card(
        notice="ESC-12 claimed by Ana", title="ESC-12", paragraphs=(line("Claimed by ", Span("Ana", "bold")),)
    ),
    "bundle": render(
        "reply.bundle",
        {
            "lines": [f"👍 Tom & Ana accepted {number} (Harbour Street: *Doors*)." for number in NUMBERS],
            "options": [{"label": number, "command": f"show {number}"} for number in NUMBERS],
        },
    ),
}

TEMPLATE = load_templates().find("en")

LOOKS: dict[str, Callable[[Card], Any]] = {
    "telegram": telegram.messages,
    "telegram_edit": telegram.edit,
    "telegram_caption": telegram.caption,
    "slack": slack.messages,
    "slack_edit": slack.edit,
    "whatsapp": whatsapp.messages,
    "whatsapp_photo": lambda card: whatsapp.messages(card, image="1003383421387256"),
    "whatsapp_notice": lambda card: whatsapp.notice(card, TEMPLATE),
}


@pytest.mark.parametrize("look", LOOKS)
@pytest.mark.parametrize("card", CARDS)
def test_a_card_looks_as_it_did(look: str, card: str) -> None:
    path = GOLDEN / look / f"{card}.json"
    looks = json.dumps(LOOKS[look](CARDS[card]), indent=2, ensure_ascii=False) + "\n"
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(looks, "utf-8")
        pytest.fail(f"{path.name} did not exist and was written: read it")
    assert looks == path.read_text("utf-8")
