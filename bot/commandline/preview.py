"""callboard preview training: what the run would say now, without saying it."""

from enum import StrEnum
from typing import Annotated
from zoneinfo import ZoneInfo

import typer

from bot.commandline.session import load_settings, print_json, the_client, write
from channels.card import Card
from channels.rendering import render
from core.errors import DomainError
from core.executor import execute
from core.outbox.drafts import Draft, last_delivery, list_drafts
from core.people.contacts import CHANNEL_NAMES
from core.training.commands import RunTrainingEscalation
from core.unit_of_work import UnitOfWork

app = typer.Typer()


class Subject(StrEnum):
    """What can be previewed."""

    TRAINING = "training"
    TICKET = "ticket"
    ESCALATION = "escalation"


class Looked(DomainError):
    """Ends the unit of work as a refusal does, so that nothing of the run stays."""

    def __init__(self, drafts: list[Draft]) -> None:
        super().__init__("This was a preview.")
        self.drafts = drafts


@app.command()
def preview(
    subject: Subject,
    client: Annotated[str, typer.Option(help="Code of the client; needed where there are several")] = "",
    as_json: Annotated[bool, typer.Option("--json", help="Print the messages as JSON")] = False,
) -> None:
    """Show the messages that would go out now. Nothing is sent and nothing is changed."""
    if subject is not Subject.TRAINING:
        typer.echo(f"There is no preview of a {subject.value} yet; only: callboard preview training", err=True)
        raise typer.Exit(1)
    drafts = _drafts(client or load_settings().default_client)
    cards = [render(d.template, d.facts, language=d.language, zone=d.time_zone) for d in drafts]
    if as_json:
        print_json(
            [{"to": d.person, "channel": d.channel, "text": _text(c)} for d, c in zip(drafts, cards, strict=True)]
        )
        return
    for draft, card in zip(drafts, cards, strict=True):
        typer.echo(f"--- {draft.person or 'group chat'}, {CHANNEL_NAMES[draft.channel]}\n{_text(card)}\n")
    typer.echo(f"{len(drafts)} messages." if drafts else "Nobody would be told anything now.")


def _drafts(client: str) -> list[Draft]:
    def work(uow: UnitOfWork) -> None:
        unit, before = the_client(uow, client), last_delivery(uow)
        today = uow.now.astimezone(ZoneInfo(unit.time_zone)).date()
        execute(RunTrainingEscalation(unit.id, today), uow)
        raise Looked(list_drafts(uow, before))

    try:
        write(work)
    except Looked as looked:
        return looked.drafts
    return []


def _text(card: Card) -> str:
    buttons = " ".join(f"[{button.label}]" for button in card.buttons)
    options = [f"  ( ) {option.label}" for option in card.menu.options] if card.menu else []
    lines = [card.title, *(paragraph.text for paragraph in card.paragraphs), buttons, *options]
    return "\n".join(line for line in lines if line)
