"""One attempt: render a claimed delivery, send it, and say how it ended. No transaction is open meanwhile."""

import contextlib
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from random import Random

import structlog

from channels.base import Document, Outgoing, Sender
from channels.card import Card, Paragraph, Span
from channels.failures import PermanentFailure, TemporaryFailure, UnknownOutcome
from channels.rendering import as_repeat, render
from core.clock import Clock
from core.media import files
from core.outbox.dispatching import Settlement
from core.outbox.retry import Tries, after_limit, again_at
from core.outbox.tables import Delivery
from core.quick import quick
from jobs.bundles import bundle
from jobs.chains import line_of
from jobs.render_turns import RenderTurns
from jobs.resting import Resting

log = structlog.get_logger()

FindPhoto = Callable[[int], Awaitable[Path | None]]
"""The stored file of a media id; None while it is still being fetched. Raises PermanentFailure when it never will be there."""

Enter = Callable[[], Awaitable[None]]
"""Waits until the message may leave. Raises Closed when it never may from here."""

Left = Callable[[], None]

MIMES = files.MIMES | {".csv": "text/plain"}
"""Of files that are sent as documents; WhatsApp takes no text/csv."""
LOST = "outbox.file_lost"
PHOTO_WAIT = timedelta(seconds=3)
BROKEN_WAIT = timedelta(seconds=60)
LANE_WAIT = 1.0
"""Seconds a lane rests when its platform does not say for how long."""


class Closed(Exception):
    """Nothing more may be sent by this process: what was not begun is given back."""


async def at_once() -> None:
    pass


@quick
@dataclass(frozen=True, slots=True)
class Ended:
    """`hold_lane` / `hold_chat` (seconds) / `broken`: what the dispatcher has to do with the whole lane or chat; `halted`: and
    nothing is tried there by itself; `moved_to`: the chat's new id. `limited`: the platform is well and only asked to wait."""

    settlement: Settlement
    hold_lane: float | None = None
    hold_chat: float | None = None
    broken: str | None = None
    halted: bool = False
    moved_to: str | None = None
    limited: bool = False


class Attempt:
    def __init__(self, clock: Clock, find_photo: FindPhoto, random: Random) -> None:
        self._clock = clock
        self._find_photo = find_photo
        self._random = random
        self._turns = RenderTurns()
        self._resting = Resting()

    async def __call__(
        self, sender: Sender, delivery: Delivery, enter: Enter = at_once, left: Left | None = None
    ) -> Ended:
        """Everything that takes time or may turn out needless is done before `enter`, so that a message leaves at the moment for
        which it was let in. Raises Closed as `enter` does."""
        now = self._clock.now()
        if _pointless(sender, delivery) or _shut_out(sender, delivery, now):
            return Ended(Settlement(delivery, "nothing"))
        outgoing = None
        try:
            outgoing = await self._compose(sender, delivery, now, enter, left)
            if outgoing is None:
                again = self._clock.now() + PHOTO_WAIT
                return Ended(_photo_later(delivery, again))
            await enter()
            external_id = await sender.send(outgoing)
        except Closed:
            raise
        except TemporaryFailure as failure:
            return self._temporary(delivery, failure)
        except PermanentFailure as failure:
            return _permanent(delivery, failure, self._clock.now())
        except UnknownOutcome as failure:
            return Ended(_noted(Settlement(delivery, "unknown", code=failure.code, reason=failure.reason), outgoing))
        except Exception as error:  # a fault of ours: it may have left, and the lane goes on
            log.exception("a send failed in a way nobody foresaw", delivery=delivery.id, channel=delivery.channel)
            return Ended(
                Settlement(delivery, "unknown", code="fault", reason=f"A fault of ours: {type(error).__name__}")
            )
        self._resting.taken(_recipient(delivery))
        return Ended(_noted(Settlement(delivery, "sent", external_id=external_id), outgoing))

    async def _compose(
        self, sender: Sender, delivery: Delivery, now: datetime, enter: Enter, left: Left | None
    ) -> Outgoing | None:
        photo, lost = None, ""
        if delivery.kind == "photo" and delivery.media_id is not None:
            try:
                photo = await self._find_photo(delivery.media_id)
            except PermanentFailure as failure:
                if not delivery.facts.get("says_lost"):
                    raise
                lost = failure.reason
            if photo is None and not lost:
                return None
        document = _document(photo, delivery) if photo and photo.suffix in MIMES else None
        return Outgoing(
            delivery_id=delivery.id,
            chat=delivery.chat,
            card=_lost(delivery, lost, now) if lost else await self._render(sender, delivery, now),
            thread=delivery.target_external_id or delivery.thread if delivery.kind != "edit" else None,
            edits=delivery.target_external_id if delivery.kind == "edit" else None,
            visible_to=delivery.visible_to,
            photo=None if document else photo,
            document=document,
            window_open=_window_open(sender, delivery, now),
            language=delivery.language,
            turn=partial(_go_on, enter),
            left=left,
            facts=delivery.facts if sender.capabilities.machines else None,
        )

    async def _render(self, sender: Sender, delivery: Delivery, now: datetime) -> Card:
        await self._turns.mine()
        return _marked(sender, delivery, _card(delivery, now))

    def _temporary(self, delivery: Delivery, failure: TemporaryFailure) -> Ended:
        now, tries = self._clock.now(), delivery.attempts + 1
        blameless = failure.limited or failure.holds != "delivery"
        rests = failure.retry_after
        if failure.holds == "recipient":
            rests = self._resting.refused(_recipient(delivery), failure.retry_after)
        if blameless:
            again = after_limit(delivery.created_at, now, rests if rests is not None else LANE_WAIT, self._random)
            given_up = "Given up after a day"
        else:
            again = again_at(tries, now, failure.retry_after, self._random, _tries(delivery))
            given_up = f"Given up after {tries} tries"
        hold_lane = (rests or LANE_WAIT) if failure.holds == "lane" else None
        hold_chat = rests if failure.holds == "recipient" else None
        if again is None:
            ended = Settlement(delivery, "permanent", code=failure.code, reason=f"{given_up}: {failure.reason}")
        else:
            held = ("limit" if failure.limited else "broken") if blameless else None
            ended = Settlement(
                delivery, "temporary", code=failure.code, reason=failure.reason, again_at=again, held=held
            )
        return Ended(ended, hold_lane=hold_lane, hold_chat=hold_chat, limited=failure.limited)


async def _go_on(enter: Enter) -> None:
    """What has begun is said to its end, even by a process that stops: half a message is worse."""
    with contextlib.suppress(Closed):
        await enter()


def _recipient(delivery: Delivery) -> tuple[str, str, str]:
    return delivery.channel, delivery.account, line_of(delivery)


def _photo_later(delivery: Delivery, again: datetime) -> Settlement:
    return Settlement(delivery, "temporary", code="photo", reason="still fetching", again_at=again, held="photo")


def _tries(delivery: Delivery) -> Tries | None:
    most, every = delivery.most_attempts, delivery.retry_seconds
    return Tries(most, every) if most is not None and every is not None else None


def _document(path: Path, delivery: Delivery) -> Document:
    """Under the name its message gives it, else that of what the message is about."""
    names = delivery.facts.get("file_names") or {}
    name = names.get(str(delivery.media_id)) or delivery.facts.get("file_name")
    name = name or f"{delivery.facts.get('reference') or 'document'}{path.suffix}"
    return Document(path, name, MIMES[path.suffix])


def _window_open(sender: Sender, delivery: Delivery, now: datetime) -> bool:
    hours, heard = sender.capabilities.window_hours, delivery.heard_at
    return hours is None or (heard is not None and now - heard < timedelta(hours=hours))


def _shut_out(sender: Sender, delivery: Delivery, now: datetime) -> bool:
    """A photo cannot come through a closed window; it is shown with the card its notice leads to."""
    return delivery.kind == "photo" and not _window_open(sender, delivery, now)


def _pointless(sender: Sender, delivery: Delivery) -> bool:
    """A change of a message that never arrived; or, where nothing can be edited, the news for the very person who made it."""
    if delivery.kind != "edit":
        return False
    own = not sender.capabilities.edits and delivery.person_id is not None
    return delivery.target_external_id is None or (own and delivery.facts.get("by_id") == delivery.person_id)


def _card(delivery: Delivery, now: datetime) -> Card:
    """A photo follows the text it belongs to: it only says which thing it is about."""
    if delivery.kind == "photo":
        captions = delivery.facts.get("captions") or {}
        caption = str(captions.get(str(delivery.media_id)) or delivery.facts.get("reference", ""))
        return Card(notice=caption, paragraphs=(Paragraph((Span(caption),)),) if caption else ())
    if delivery.carried:
        return bundle(delivery, lambda one: _rendered(one, now), now)
    return _rendered(delivery, now)


def _lost(delivery: Delivery, reason: str, now: datetime) -> Card:
    """In its place: whoever was to see the file has to know that there was one."""
    facts = {"reason": reason, "reference": delivery.facts.get("reference", "")}
    return render(LOST, facts, language=delivery.language, zone=delivery.time_zone, now=now)


def _rendered(delivery: Delivery, now: datetime) -> Card:
    try:
        return render(delivery.template, delivery.facts, language=delivery.language, zone=delivery.time_zone, now=now)
    except Exception as error:
        log.exception("a message could not be rendered", template=delivery.template, delivery=delivery.id)
        raise PermanentFailure(
            "template", f"The template {delivery.template} failed: {type(error).__name__}"
        ) from error


def _marked(sender: Sender, delivery: Delivery, card: Card) -> Card:
    """A message changed twice to the same is no repeat; everything else that may have arrived before says so."""
    harmless = delivery.kind == "edit" and sender.capabilities.edits
    return as_repeat(card, delivery.language) if delivery.is_repeat and not harmless else card


def _noted(settlement: Settlement, outgoing: Outgoing | None) -> Settlement:
    """With what has to be known of a message that left as a notice only. A bundle's button asks for none of its lines."""
    delivery = settlement.delivery
    if outgoing is None or outgoing.window_open or delivery.kind != "message":
        return settlement
    command = None if delivery.carried else outgoing.card.notice_command or None
    return replace(settlement, as_notice=True, notice_command=command)


def _permanent(delivery: Delivery, failure: PermanentFailure, now: datetime) -> Ended:
    if failure.needs_template and delivery.heard_at is not None:
        settlement = Settlement(
            delivery, "temporary", code=failure.code, reason=failure.reason, again_at=now, window_closed=True
        )
        return Ended(settlement, limited=True)
    if failure.halts:
        settlement = Settlement(delivery, "permanent", code=failure.code, reason=failure.reason)
        return Ended(settlement, broken=failure.reason, halted=True)
    if failure.broken or failure.moved_to:
        wait = BROKEN_WAIT if failure.broken else timedelta(0)
        held = "broken" if failure.broken else None
        settlement = Settlement(
            delivery, "temporary", code=failure.code, reason=failure.reason, again_at=now + wait, held=held
        )
        return Ended(settlement, broken=failure.reason if failure.broken else None, moved_to=failure.moved_to)
    settlement = Settlement(
        delivery, "permanent", code=failure.code, reason=failure.reason, unreachable=failure.unreachable
    )
    return Ended(settlement)
