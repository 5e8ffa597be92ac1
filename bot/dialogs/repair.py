"""What is asked when a repair is done: how long, which parts, photos before and after, and the store's signature.

`so_far` holds the answers the dialog has; the photos of an unfinished question stand in it as
[media id, kind or "", caption].
"""

import re
from collections.abc import Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from babel.numbers import format_currency, get_currency_precision, get_territory_currencies
from rapidfuzz import fuzz, process

from bot.amounts import Known, parse_minutes, parse_parts
from bot.context import Choice, Context
from bot.grammar import GOOD_ENOUGH, Words
from bot.verb import Argument
from core.errors import Invalid
from core.executor import execute
from core.people.queries import get_unit
from core.tickets.approving import check_waits
from core.tickets.commands import AskSignature
from core.tickets.costs import Part, costs_of
from core.tickets.parts import all_parts, find_part, key_of
from core.tickets.queries import get_ticket_by_id
from core.tickets.refusals import refusal, worked_by_actor
from templates.moments import duration

Answers = dict[str, Any]
Question = tuple[str, list[Choice]]

NOTHING = ("none", "no", "nothing", "skip", "-", "keine", "ninguna", "nada")
FINISHED = ("done", "skip", "none", "no", "fertig", "listo", "hecho")
PHOTO_WORDS = {
    "before": "before", "vorher": "before", "antes": "before",
    "after": "after", "nachher": "after", "después": "after", "despues": "after",
    "work": "work", "arbeit": "work", "trabajo": "work",
}  # fmt: skip
SEND_PHOTOS = "Send photos of the work, from before and after, as many as you like."
BURST = timedelta(seconds=20)
"""Photos of one album come as messages of their own: the first is answered, those close behind it are only taken."""
WORK = re.compile(r"work-(\d{1,9})$")
GATHERED, LAST, QUIET, NEXT = "photos+", "photos@", "photos~", "photos>"


def check_begun(context: Context, ticket_id: int) -> None:
    """Nobody is asked at length about what they cannot complete. Raises Conflict."""
    ticket = worked_by_actor(context.uow, ticket_id)
    if ticket.status != "in_progress":
        offered = ticket.status == "assigned" and ticket.technician_id == context.person.id
        raise refusal(context.uow, ticket.id, "Accept it first: accept {}" if offered else "")


def take_judged(words: Words, context: Context, ticket_id: int) -> list[int | None]:
    """[ticket, completion]. Which work is meant stands on the buttons of the card that showed it; who types means what waits."""
    named = WORK.match(words.peek() or "")
    completion_id = int(named[1]) if named else None
    if named:
        words.take()
    check_waits(context.uow, ticket_id, completion_id)
    return [ticket_id, completion_id]


def take_minutes(words: Words, context: Context, so_far: Answers) -> int | None:
    text = words.rest()
    if not text:
        return None
    minutes = parse_minutes(text)
    costs_of(minutes, 0, ())
    return minutes


def ask_minutes(context: Context, so_far: Answers) -> Question:
    """From the arrival until now, to be taken or corrected."""
    measured = _measured(context, so_far)
    if measured is None:
        return "How long did it take? For example 45 min, or 1h30.", []
    shown = duration(measured)
    ask = f"How long did it take? You arrived {shown} ago. Take that, or say for example 45 min, or 1h30."
    return ask, [Choice(shown, f"{measured} min")]


def _measured(context: Context, so_far: Answers) -> int | None:
    ticket = get_ticket_by_id(context.uow, so_far["ticket"])
    if ticket.arrived_at is None:
        return None
    minutes = round((context.uow.now - ticket.arrived_at).total_seconds() / 60)
    return minutes if 0 < minutes < 24 * 60 else None


def take_parts(words: Words, context: Context, so_far: Answers) -> list[dict[str, object]] | None:
    text = words.rest()
    if not text:
        return None
    if text.strip().lower() in NOTHING:
        return []
    currency = get_territory_currencies(get_unit(context.uow, context.client_id).country)[0]
    try:
        found = parse_parts(text, get_currency_precision(currency), lambda said: _known(context, said))
    except Invalid as unread:
        raise Invalid(unread.sentence + _meant(context, text, currency), field=unread.field) from None
    costs_of(0, 0, parts_of(found))
    return found


def parts_of(found: list[dict[str, Any]]) -> tuple[Part, ...]:
    return tuple(Part(one["name"], Decimal(one["quantity"]), one["unit_cost"], one.get("code", "")) for one in found)


def _known(context: Context, said: str) -> Known | None:
    part = find_part(context.uow, context.client_id, said)
    return Known(part.code, part.name, part.unit_cost) if part else None


def _meant(context: Context, text: str, currency: str) -> str:
    known = all_parts(context.uow, context.client_id)
    names = [key_of(part.name) for part in known]
    alike = process.extractOne(key_of(text), names, scorer=fuzz.WRatio, score_cutoff=GOOD_ENOUGH)
    if alike is None:
        return ""
    near = known[alike[2]]
    price = Decimal(near.unit_cost).scaleb(-get_currency_precision(currency))
    return f" Or did you mean {near.code}, {near.name}, {format_currency(price, currency, locale='en')}?"


def photo_kind(text: str) -> str:
    """What a caption says a photo shows; empty: nothing we know."""
    first = text.strip().lower().split(maxsplit=1)
    return PHOTO_WORDS.get(first[0].strip(".,:!"), "") if first else ""


def keeps_photos(arguments: "Sequence[Argument]", context: Context, so_far: Answers) -> bool:
    """Whether photos came although something else is asked now, and will be asked for later."""
    missing = [argument.kind for argument in arguments if argument.name not in so_far and not argument.optional]
    return bool(context.media) and "photos" in missing[1:]


def take_photos(words: Words, context: Context, so_far: Answers) -> list[list[Any]] | None:
    """Photos in any order until somebody says that it is done. A word alone names those that came without one, else the next."""
    said = words.rest()
    gathered: list[list[Any]] = list(so_far.get(GATHERED, []))
    kind = photo_kind(said)
    if context.media:
        named = kind or so_far.get(NEXT, "")
        gathered += [[media, named, said] for media in context.media]
        so_far[QUIET] = _soon_after(context, so_far)
        so_far[LAST] = context.uow.now.isoformat()
    elif kind:
        if all(named for _, named, _ in gathered):
            so_far[NEXT] = kind
            so_far.pop(LAST, None)  # the first of those is answered again
        gathered = [[media, named or kind, caption] for media, named, caption in gathered]
    so_far[GATHERED] = gathered
    finished = said.lower().strip(".! ") in FINISHED
    if said and not (context.media or kind or finished):
        raise Invalid(f"“{said[:40]}” is no photo. Send photos of the work, or say done.", field="photos")
    if finished:
        return [[media, named or "work", caption] for media, named, caption in gathered]
    return None


def _soon_after(context: Context, so_far: Answers) -> bool:
    last = so_far.get(LAST)
    return last is not None and context.uow.now - datetime.fromisoformat(last) < BURST


def ask_photos(context: Context, so_far: Answers) -> Question:
    gathered, coming = so_far.get(GATHERED, []), so_far.get(NEXT)
    choices = [Choice("Before", "before"), Choice("After", "after"), Choice("Done", "done")]
    now = f"Now the photos from {coming} the repair." if coming in ("before", "after") else ""
    if not gathered:
        return f"{now or SEND_PHOTOS} Then say done.", choices
    kinds = [kind for _, kind, _ in gathered]
    listed = ", ".join(f"{kinds.count(word)} {word}" for word in ("before", "after", "work") if word in kinds)
    more = f"{now} Then say done." if now and not context.media else "Send more, or say done."
    asked = " Were they taken before or after the repair?" if "" in kinds else ""
    return f"📷 {len(gathered)} so far{f' ({listed})' if listed else ''}.{asked} {more}", choices


def take_signature(words: Words, context: Context, so_far: Answers) -> str | None:
    """A manager signs by their own word, so that only the technician is asked for a code."""
    said = "".join(words.rest().split())
    if said:
        return said
    ticket = get_ticket_by_id(context.uow, so_far["ticket"])
    return None if ticket.technician_id == context.person.id else ""


def ask_signature(context: Context, so_far: Answers) -> Question:
    """Asking for the code shows it to the manager."""
    manager = execute(AskSignature(so_far["ticket"]), context.uow)
    return (
        f"✍️ {manager.name} sees a code of six digits now. Which is it? {manager.name.split()[0]} can also press Sign.",
        [],
    )
