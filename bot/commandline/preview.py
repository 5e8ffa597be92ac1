"""callboard preview: who would be told what, when and on which channel, without anything being sent."""

from collections.abc import Awaitable, Callable
from dataclasses import asdict
from enum import StrEnum
from functools import partial
from typing import Annotated
from zoneinfo import ZoneInfo

import typer

from bot.commandline.session import load_settings, print_json, the_client, using
from bot.previewing import rules_of
from core.conversations.queries import CUSTOMER_BY_CODE
from core.database import Database
from core.errors import Invalid, NotFound
from core.escalations.commands import RaiseEscalation
from core.outbox.planned import Difference, Plan, Planned, compare
from core.people.contacts import CHANNEL_NAMES
from core.people.queries import find_unit
from core.statements import Reader
from core.tickets.commands import OpenTicket
from core.tickets.policy import parse_priority
from core.tickets.subcategories import get_subcategory_by_words
from core.training.policies import SetTrainingPolicy, policy_of
from jobs.preview import preview_case, preview_training

app = typer.Typer()

Look = Callable[[Database], Awaitable[tuple[Plan, list[Difference] | None]]]


class Subject(StrEnum):
    """What can be previewed."""

    TRAINING = "training"
    TICKET = "ticket"
    ESCALATION = "escalation"


@app.command()
def preview(
    subject: Subject,
    words: Annotated[
        list[str] | None,
        typer.Argument(help="ticket: BRANCH SUBCATEGORY PRIORITY; escalation: the customer's code and a REASON"),
    ] = None,
    client: Annotated[str, typer.Option(help="Code of the client; needed where there are several")] = "",
    level: Annotated[
        list[str] | None,
        typer.Option(help="training: other levels, each as DAY=ROLE; shows who would be told something else"),
    ] = None,
    at_next: Annotated[
        bool, typer.Option("--next", help="training: when it comes by itself the next time; else as if it ran now")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print the messages as JSON")] = False,
) -> None:
    """Show the messages that would go out, and when the limits, quiet hours and windows let them. Nothing is sent or changed."""
    code = client or load_settings().default_client
    looks: dict[Subject, Look] = {
        Subject.TRAINING: partial(_training, code=code, levels=level or [], at_next=at_next),
        Subject.TICKET: partial(_ticket, code=code, words=words or []),
        Subject.ESCALATION: partial(_escalation, code=code, words=words or []),
    }
    plan, differences = using(looks[subject])
    if as_json:
        told = {"differences": [asdict(one) for one in differences]} if differences is not None else {}
        print_json(asdict(plan) | {"drain_seconds": plan.drain_seconds} | told)
        return
    typer.echo("\n\n".join([*map(_message, plan.messages), *_changed(differences), _sum(plan)]))


async def _training(
    database: Database, code: str, levels: list[str], at_next: bool
) -> tuple[Plan, list[Difference] | None]:
    client = await database.read(lambda reader: the_client(reader, code))
    rules = rules_of(load_settings())
    plan = await preview_training(database, client.id, rules, at_next=at_next)
    if not levels:
        return plan, None
    present = await database.read(lambda reader: policy_of(reader, client.id))
    change = SetTrainingPolicy(client.id, tuple(map(_level, levels)), present.critical_from, present.counts)
    return plan, compare(plan, await preview_training(database, client.id, rules, change=change, at_next=at_next))


def _level(text: str) -> tuple[int, str]:
    day, _, role = text.partition("=")
    if not day.strip().isdigit() or not role:
        raise Invalid(f"“{text}” is no level. Write DAY=ROLE, for example 3=cluster_manager.")
    return int(day), role.strip()


async def _ticket(database: Database, code: str, words: list[str]) -> tuple[Plan, None]:
    if len(words) != 3:
        raise Invalid("Say which ticket: callboard preview ticket BRANCH SUBCATEGORY PRIORITY")

    def query(reader: Reader) -> OpenTicket:
        client = the_client(reader, code)
        branch = find_unit(reader, client.id, words[0])
        if branch is None:
            raise NotFound(f"There is no branch {words[0]}.")
        kind = get_subcategory_by_words(reader, client.id, words[1])
        return OpenTicket(branch.id, kind.id, parse_priority(words[2]), "This is a preview.")

    command = await database.read(query)
    return await preview_case(database, rules_of(load_settings()), "ticket", command), None


async def _escalation(database: Database, code: str, words: list[str]) -> tuple[Plan, None]:
    if not words:
        raise Invalid("Say whose: callboard preview escalation CUSTOMER [REASON]")

    def query(reader: Reader) -> RaiseEscalation:
        client = the_client(reader, code)
        customer = reader.first(CUSTOMER_BY_CODE, client_id=client.id, code=words[0])
        if customer is None:
            raise NotFound(f"There is no customer {words[0]}.")
        return RaiseEscalation(client.id, customer.id, words[1] if len(words) > 1 else "requested_human")

    command = await database.read(query)
    return await preview_case(database, rules_of(load_settings()), "escalation", command), None


def _message(one: Planned) -> str:
    zone = ZoneInfo(one.time_zone)
    leaves = one.leaves_at.astimezone(zone)
    why = f" (waits for: {one.held_for})" if one.held_for else ""
    head = f"--- {one.person}, {CHANNEL_NAMES[one.channel]}, {leaves:%a %d %b %H:%M:%S} {one.time_zone}{why}"
    if not one.as_notice:
        return f"{head}\n{one.text}"
    return f"{head}\nTemplate, as the window is closed: {one.notice}\nOnce they answer:\n{one.text}"


def _changed(differences: list[Difference] | None) -> list[str]:
    if differences is None:
        return []
    if not differences:
        return ["=== With the other rules everybody would be told the same."]
    lines = [f"=== With the other rules {len(differences)} people would be told something else:"]
    return [
        "\n".join(lines),
        *(f"--- {one.person}\n{_side('-', one.before)}\n{_side('+', one.after)}" for one in differences),
    ]


def _side(sign: str, text: str) -> str:
    return "\n".join(f"{sign} {line}" for line in (text or "(nothing)").splitlines())


def _sum(plan: Plan) -> str:
    if not plan.messages:
        before = plan.counts.get("told_before", 0)
        had = f" {before} had theirs today already; --next shows what comes next." if before else ""
        return plan.why_none or f"Nobody would be told anything now.{had}"
    lines = []
    for lane in plan.lanes:
        many = f", {lane.too_many} more people than may be begun to be written to in a day" if lane.too_many else ""
        notices = f", {lane.notices} as template" if lane.notices else ""
        seconds = (lane.last_at - plan.at).total_seconds()
        lines.append(
            f"{CHANNEL_NAMES[lane.channel]}: {lane.messages}{notices}{many}; the last leaves after {_long(seconds)}."
        )
    return "\n".join([*lines, f"{len(plan.messages)} messages."])


def _long(seconds: float) -> str:
    if seconds < 120:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 7200 else f"{seconds / 3600:.1f} h"
