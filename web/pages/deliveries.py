"""Delivery: what did not arrive, what may not have, what waits and until when, and the proof of who was told what and when."""

from typing import Annotated, Any

from fastapi import APIRouter, Form, Query
from starlette.responses import Response

from core.actor import Actor
from core.errors import NotFound
from core.executor import execute
from core.outbox.commands import ConfirmDelivery, ResendDelivery, ResendFiltered
from core.outbox.handlers import Resent
from core.outbox.proof import list_proofs, list_some_proofs
from core.outbox.proof_rows import Proof
from core.outbox.queries import count_trouble
from core.people.contacts import CHANNEL_NAMES
from core.people.permissions import paths_of
from core.statements import Reader
from core.unit_of_work import UnitOfWork
from web.api.people import Codes, person_by_code
from web.message_names import MESSAGE_NAMES
from web.pages.visit import AtForm, AtPage, Visit
from web.paging import Cursor, cursor_of, read_cursor
from web.references import look_ahead, reference_of, subject_of
from web.sight import check_sight

router = APIRouter(include_in_schema=False)

SHOWN = 50
Text = Annotated[str, Query(max_length=100)]
TABS = (
    ("Not delivered", "failed", "delivery.read"),
    ("Uncertain", "uncertain", "delivery.read"),
    ("Waiting", "pending", "delivery.read"),
    ("All messages", "", "delivery.read"),
)
HELD = {
    "quiet": "quiet hours or free time",
    "bundle": "collected with others into one message",
    "limit": "the platform's speed limit",
    "recipients": "as many people as a day allows were written to",
    "broken": "the account does not work",
    "photo": "its photo is being fetched",
}
NONE_YET = {
    "failed": ("Every message arrived.", "What does not arrive shows up here, with the reason."),
    "uncertain": (
        "Nothing is uncertain.",
        "A platform that does not answer leaves us not knowing. Such messages show up here.",
    ),
    "pending": ("Nothing waits.", "Every message has left."),
    "": ("No message was sent yet.", ""),
}


def tabs_of(actor: Actor, trouble: dict[str, int] | None = None) -> list[tuple[str, str, int | None]]:
    """The tabs of everything about delivery that this person may see."""
    counts = trouble or {}
    tabs: list[tuple[str, str, int | None]] = [
        (name, f"/delivery?state={state}" if state else "/delivery?state=all", counts.get(state))
        for name, state, _ in TABS
    ]
    if paths_of(actor, "system.operate"):
        tabs += [("Lanes", "/lanes", None), ("Quarantine", "/quarantine", None)]
    return tabs


@router.get("/delivery")
async def deliveries(
    visit: AtPage,
    state: Text = "failed",
    person: Text = "",
    subject: Text = "",
    channel: Text = "",
    cursor: Cursor = "",
) -> Response:
    """`state`: failed, uncertain, pending or all. With a person or a subject: of all states, it is the proof of notice."""
    state = (
        "" if state not in NONE_YET or ((person or subject) and "state" not in visit.request.query_params) else state
    )

    def facts(reader: Reader) -> dict[str, Any]:
        check_sight(reader, visit.actor, "delivery.read", visit.client_id)
        place = read_cursor(cursor, int)
        wanted = _wanted(reader, visit, state, person.strip(), subject.strip(), channel)
        before = place[0] if place else 2**62
        rows, following = list_some_proofs(reader, visit.client_id, wanted, before=before, limit=SHOWN)
        names = Codes(reader)
        names.look_ahead(row.sent.person_id for row in rows)
        look_ahead(reader, [(row.sent.subject_kind, row.sent.subject_id) for row in rows])
        return {
            "title": "Delivery",
            "tabs": tabs_of(visit.actor, count_trouble(reader, visit.client_id)),
            "tab": f"/delivery?state={state or 'all'}",
            "rows": [_shown(reader, row, names) for row in rows],
            "next_cursor": cursor_of(following) if following else None,
            "state": state,
            "none_yet": NONE_YET[state],
            "held": HELD,
            "operates": bool(paths_of(visit.actor, "system.operate")),
            "channels": [("", "All"), *CHANNEL_NAMES.items()],
        }

    return await visit.show("delivery.html", facts)


@router.post("/delivery/{delivery_id}/resend")
async def resend(visit: AtForm, delivery_id: int) -> Response:
    return await _do(visit, delivery_id, ResendDelivery, "It leaves again now.")


@router.post("/delivery/{delivery_id}/confirm")
async def confirm(visit: AtForm, delivery_id: int) -> Response:
    return await _do(visit, delivery_id, ConfirmDelivery, "Noted: it arrived.")


@router.post("/delivery/resend")
async def resend_all(visit: AtForm, state: Annotated[str, Form(max_length=20)] = "failed") -> Response:
    """At most some hundreds at a time; what was sent again already is not sent once more."""
    which = "uncertain" if state == "uncertain" else "failed"

    def work(uow: UnitOfWork) -> Resent:
        done: Resent = execute(ResendFiltered(visit.client_id, which), uow)  # type: ignore[arg-type]
        return done

    def said(done: Resent) -> str:
        leave = "leaves" if done.number == 1 else "leave"
        return f"{done.number} {leave} again now." + (" There are more: press once more." if done.left else "")

    return await visit.work(work, then=f"/delivery?state={which}", said=said)


def _wanted(reader: Reader, visit: Visit, state: str, person: str, subject: str, channel: str) -> dict[str, Any]:
    wanted: dict[str, Any] = {"state": state} if state else {}
    if channel in CHANNEL_NAMES:
        wanted["channel"] = channel
    if person:
        wanted["person_id"] = person_by_code(reader, visit.client_id, person, "person").id
    if subject:
        wanted["subject_kind"], wanted["subject_id"] = subject_of(reader, visit.client_id, subject)
    return wanted


def _shown(reader: Reader, proof: Proof, names: Codes) -> dict[str, Any]:
    sent = proof.sent
    return {
        "proof": proof,
        "sent": sent,
        "name": names.name(sent.person_id),
        "code": names.code(sent.person_id),
        "channel": CHANNEL_NAMES.get(sent.channel, sent.channel),
        "about": reference_of(reader, sent.subject_kind, sent.subject_id),
        "what": MESSAGE_NAMES.get(sent.template, sent.template),
        "instead": proof.instead and CHANNEL_NAMES.get(proof.instead.way[0], proof.instead.way[0]),
        "open": sent.state in ("failed", "uncertain") and sent.followed_at is None and proof.instead is None,
    }


async def _do(visit: Visit, delivery_id: int, command: Any, said: str) -> Response:
    def work(uow: UnitOfWork) -> None:
        if not list_proofs(uow, visit.client_id, {"id": delivery_id}, limit=1):
            raise NotFound("There is no such message.")
        execute(command(delivery_id), uow)

    return await visit.work(work, then="/delivery", said=said)
