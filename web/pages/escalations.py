"""Escalations: the list by what is to be done, and one of them with the conversation and all that can be done about it."""

from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Query
from starlette.responses import Response

from core.actor import Actor
from core.audit.record import list_timeline
from core.conversations.queries import get_conversation, get_customer, list_last_messages
from core.escalations.causes.cause import is_premium
from core.escalations.causes.rules import cause_rules
from core.escalations.indicators import indicators_of
from core.escalations.package import gather
from core.escalations.policy import PRIORITY_WORDS
from core.escalations.quality import checks_of
from core.escalations.replies import LAST_OF
from core.escalations.rows import OPEN_STATES, Row, Wanted, count_open, list_rows
from core.escalations.tables import RESOLUTIONS, Escalation
from core.escalations.technical import lines_of
from core.guidance.advice import Advice
from core.guidance.asking import advice_on
from core.people.permissions import ROLES_WITH
from core.people.queries import get_unit, name_of
from core.playbooks.handlers import facts_of as playbook_facts
from core.playbooks.handlers import suggested
from core.playbooks.queries import find_run, list_playbooks
from core.statements import Reader
from web.api.escalation_shapes import get_seen
from web.pages.events import told
from web.pages.rendering import pace_of
from web.pages.visit import AtPage
from web.paging import Cursor, cursor_of, read_cursor
from web.sight import check_sight
from web.upcoming import list_upcoming

router = APIRouter(include_in_schema=False)

SHOWN = 50
Filter = Annotated[str, Query(max_length=40)]
STATES = (
    ("Active", ""),
    ("Pending", "pending"),
    ("Assigned", "assigned"),
    ("In progress", "in_progress"),
    ("Resolved", "resolved"),
)
RESOLVED_AS = {
    "handled": "Handled: the customer has what they need",
    "converted": "Converted: they buy or book",
    "returned_to_ai": "The assistant can go on",
    "lost": "Lost: they leave",
    "no_action": "Nothing was to be done",
}


@router.get("/escalations")
async def escalations(
    visit: AtPage, status: Filter = "", who: Filter = "", priority: Filter = "", cursor: Cursor = ""
) -> Response:
    """`who`: mine, nobody or empty."""
    status = status if status in (*OPEN_STATES, "resolved") else ""
    assignee = {"mine": visit.person.id, "nobody": 0}.get(who)
    wanted = Wanted(status, assignee, PRIORITY_WORDS.get(priority.lower()))

    def facts(reader: Reader) -> dict[str, Any]:
        check_sight(reader, visit.actor, "escalation.read", visit.client_id)
        rows = list_rows(reader, visit.client_id, wanted, _place(status, cursor), SHOWN + 1)
        counts, late = count_open(reader, visit.client_id, visit.now)
        premium = cause_rules(reader, visit.client_id).premium_tiers
        return {
            "title": "Escalations",
            "rows": [_shown(row, visit.now, premium) for row in rows[:SHOWN]],
            "next_cursor": _cursor(status, rows[SHOWN - 1]) if len(rows) > SHOWN else None,
            "counts": counts,
            "open": sum(counts.values()),
            "late": late,
            "tab": f"/escalations?status={status}" if status else "/escalations",
            "states": STATES,
            "status": status,
        }

    return await visit.show("escalations.html", facts)


@router.get("/escalations/{reference}")
async def one(visit: AtPage, reference: str) -> Response:
    def facts(reader: Reader) -> dict[str, Any]:
        return _whole(reader, visit.actor, get_seen(reader, visit.actor, reference), visit.now, visit.zone(reader))

    return await visit.show("escalation.html", facts)


def _whole(reader: Reader, actor: Actor, escalation: Escalation, now: datetime, zone: str) -> dict[str, Any]:
    conversation_id = escalation.conversation_id
    done = escalation.status == "resolved"
    path = get_unit(reader, escalation.client_id).path
    answered = escalation.first_response_at is not None
    coming = list_upcoming(reader, "escalation", escalation.id, escalation.client_id, escalation.assigned_to, now)
    return {
        "title": escalation.reference,
        "escalation": escalation,
        "about": _sentence(escalation.reason_details or escalation.summary or escalation.reason),
        "customer": get_customer(reader, escalation.customer_id),
        "conversation": get_conversation(reader, conversation_id) if conversation_id else None,
        "messages": list_last_messages(reader, conversation_id, 50) if conversation_id else [],
        "assignee": name_of(reader, escalation.assigned_to),
        "mine": escalation.assigned_to == actor.person_id,
        "directs": actor.covers(path, ROLES_WITH["escalation.direct"]),
        **_known(reader, actor, escalation, now, done=done),
        "pace": "done" if answered or done else pace_of(escalation.response_due_at, now),
        "coming": [step.sentence(zone, now) for step in coming],
        "timeline": [told(event) for event in reversed(list_timeline(reader, "escalation", escalation.id))],
        "resolutions": [(name, RESOLVED_AS[name]) for name in RESOLUTIONS if name in RESOLVED_AS],
        "resolved_as": RESOLVED_AS.get(escalation.resolution or "", ""),
    }


def _known(reader: Reader, actor: Actor, escalation: Escalation, now: datetime, *, done: bool) -> dict[str, Any]:
    """The package, and what is best done while it is open; `reply`: one's own that can still be taken back."""
    package = gather(reader, escalation)
    last = reader.first(LAST_OF, escalation_id=escalation.id, person_id=actor.person_id)
    return {
        "run": _followed(reader, escalation),
        "books": [] if done else _books(reader, escalation),
        "advice": None if done else _advice(reader, actor, escalation, now),
        "package": package,
        "signs": package.indicators.signs(now),
        "technical": lines_of(escalation.technical_context),
        "missing": [] if done else [check.missing for check in checks_of(package) if not check.ok],
        "reply": last if last and last.state == "leaving" and last.leaves_at > now else None,
    }


def _advice(reader: Reader, actor: Actor, escalation: Escalation, now: datetime) -> Advice:
    return advice_on(reader, escalation, now, agent=actor.name, agent_id=actor.person_id, language="en").advice


def _followed(reader: Reader, escalation: Escalation) -> dict[str, Any] | None:
    """The playbook of the case with the state of each step; None when none was started."""
    run = find_run(reader, escalation.id)
    return playbook_facts(reader, run) if run else None


def _books(reader: Reader, escalation: Escalation) -> list[tuple[str, str]]:
    """What may be started, the one that fits first."""
    fitting = suggested(reader, escalation)
    listed = [book for book in list_playbooks(reader, escalation.client_id) if book.enabled]
    ordered = sorted(listed, key=lambda book: fitting is None or book.code != fitting.code)
    return [
        (book.code, book.name["en"] + (" (fits)" if fitting and book.code == fitting.code else "")) for book in ordered
    ]


def _shown(row: Row, now: datetime, premium: tuple[str, ...]) -> dict[str, Any]:
    done = row.first_response_at is not None or row.status == "resolved"
    return {
        "row": row,
        "signs": indicators_of(row, is_premium(row.tier, premium)).signs(now),
        "about": _sentence(row.reason_details or row.summary or row.reason),
        "pace": "done" if done else pace_of(row.response_due_at, now),
    }


def _place(status: str, cursor: str) -> Any:
    if status == "resolved":
        place = read_cursor(cursor, str, int)
        return (datetime.fromisoformat(place[0]), place[1]) if place else None
    place = read_cursor(cursor, int, str, int)
    return (place[0], datetime.fromisoformat(place[1]), place[2]) if place else None


def _cursor(status: str, last: Row) -> str:
    if status == "resolved" and last.resolved_at:
        return cursor_of(last.resolved_at.isoformat(), last.id)
    return cursor_of(last.priority, last.response_due_at.isoformat(), last.id)


def _sentence(words: str) -> str:
    """'requested_human' -> 'Requested human'; a sentence stays as it is."""
    return words.replace("_", " ").capitalize() if " " not in words else words
