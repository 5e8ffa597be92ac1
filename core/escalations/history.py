"""Cases of before, resolved elsewhere and brought in: a customer's history, guidance and numbers know them. Nobody is told."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import bindparam, insert, select

from core.audit.record import Subject, record
from core.conversations.handlers import NEW_CONVERSATION, NEW_MESSAGE
from core.conversations.queries import CONVERSATION_OF
from core.conversations.tables import customers
from core.escalations import events
from core.escalations.past import put_case
from core.escalations.policy import PRIORITY_WORDS
from core.escalations.tables import RESOLUTIONS, escalations
from core.imports import ImportRefused, ImportReport
from core.mood.mood import mood_of
from core.people import cells
from core.people.cells import Complaints
from core.people.queries import get_unit
from core.people.tables import Unit, persons
from core.rule import Rule
from core.statements import Statement
from core.unit_of_work import UnitOfWork

CHANNEL = "import"
NEXT_MESSAGE = "¶"
"""Between two messages in one cell."""

KNOWN = Statement(
    select(escalations.c.external_id).where(
        escalations.c.client_id == bindparam("client_id"), escalations.c.external_id.is_not(None)
    )
)
CUSTOMERS = Statement(select(customers.c.id, customers.c.code).where(customers.c.client_id == bindparam("client_id")))
PERSONS = Statement(
    select(persons.c.id, persons.c.code, persons.c.name).where(persons.c.client_id == bindparam("client_id"))
)
COLUMNS = (
    "client_id", "customer_id", "conversation_id", "external_id", "status", "priority", "team", "reason", "more_reasons", "summary",
    "assigned_to", "assigned_at", "first_response_at", "response_due_at", "resolved_at", "resolved_by", "resolution",
    "resolution_notes", "satisfaction", "necessary", "created_at", "updated_at",
)  # fmt: skip
INSERT = Statement(insert(escalations).values({name: bindparam(name) for name in COLUMNS}).returning(escalations.c.id))


@dataclass(frozen=True, slots=True)
class PastCaseRow:
    """Moments as '2026-03-14 09:40' in the client's time zone, or with a zone of their own. Several messages in `said` or
    `answered` stand with ¶ between them. `satisfaction` 1 to 5, `necessary` yes or no: whether it took a human."""

    line: int
    code: str
    customer_code: str
    reason: str
    priority: str
    raised_at: str
    resolved_at: str
    resolution: str
    first_response_at: str = ""
    assigned_to: str = ""
    team: str = ""
    satisfaction: str = ""
    necessary: str = ""
    said: str = ""
    answered: str = ""
    notes: str = ""


@dataclass(frozen=True, slots=True)
class ImportHistory:
    client_id: int
    rows: tuple[PastCaseRow, ...]


def import_history(command: ImportHistory, uow: UnitOfWork) -> ImportReport:
    client = get_unit(uow, command.client_id)
    reading = _Reading(client, uow)
    read = [reading.case(row) for row in command.rows]
    if reading.complaints.bad:
        raise ImportRefused(reading.complaints.bad)
    known = {row.external_id for row in uow.all(KNOWN, client_id=client.id)}
    new = [case for case in read if case["external_id"] not in known]
    for case in new:
        _store(case, reading.names, uow)
    if new:
        subject = Subject("unit", client.id, client.code, client.id, client.id)
        record(uow, subject, events.HistoryImported(len(new)))
    return ImportReport(len(new), 0, len(read) - len(new))


class _Reading:
    """Turns rows into cases, naming everything that is wrong with each."""

    def __init__(self, client: Unit, uow: UnitOfWork) -> None:
        self.client = client
        self.complaints = Complaints()
        self.now = uow.now
        self.customers = {row.code.lower(): row.id for row in uow.all(CUSTOMERS, client_id=client.id)}
        people = uow.all(PERSONS, client_id=client.id)
        self.people = {row.code.lower(): row.id for row in people}
        self.names = {row.id: row.name for row in people}
        self.lines: dict[str, int] = {}

    def case(self, row: PastCaseRow) -> dict[str, Any]:
        read, line = self.complaints.read, row.line
        code = read(line, "code", cells.needed, row.code, "")
        if code and self.lines.setdefault(code, line) != line:
            self.complaints.say(line, "code", f"“{code}” stands in line {self.lines[code]} already")
        raised = read(line, "raised_at", self._moment, row.raised_at, None)
        resolved = read(line, "resolved_at", self._moment, row.resolved_at, None)
        responded = read(line, "first_response_at", _empty_or(self._moment), row.first_response_at, None)
        if raised and resolved and not raised <= (responded or raised) <= resolved:
            self.complaints.say(line, "resolved_at", "raised, first answer and resolved do not follow each other")
        whose = read(line, "assigned_to", _empty_or(_known(self.people, "person")), row.assigned_to, None)
        return {
            "client_id": self.client.id,
            "external_id": code,
            "customer_id": read(line, "customer_code", _known(self.customers, "customer"), row.customer_code, 0),
            "status": "resolved",
            "priority": read(line, "priority", _priority, row.priority, 2),
            "team": read(line, "team", cells.team, row.team, ""),
            "reason": read(line, "reason", cells.needed, row.reason, "").lower().replace(" ", "_"),
            "more_reasons": [],
            "summary": " ".join(_messages(row.said)),
            "assigned_to": whose,
            "assigned_at": raised if whose else None,
            "first_response_at": responded,
            "response_due_at": resolved,
            "resolved_at": resolved,
            "resolved_by": whose,
            "resolution": read(line, "resolution", cells.one_of(RESOLUTIONS), row.resolution, ""),
            "resolution_notes": row.notes.strip(),
            "satisfaction": read(line, "satisfaction", _empty_or(_rating), row.satisfaction, None),
            "necessary": read(line, "necessary", _empty_or(_yes_or_no), row.necessary, None),
            "created_at": raised,
            "updated_at": resolved,
            "said": _messages(row.said),
            "answered": _messages(row.answered),
        }

    def _moment(self, text: str) -> datetime:
        try:
            moment = datetime.fromisoformat(text)
        except ValueError:
            raise ValueError(f"“{text}” is no moment: write it like 2026-03-14 09:40") from None
        moment = moment if moment.tzinfo else moment.replace(tzinfo=ZoneInfo(self.client.time_zone))
        if moment > self.now:
            raise ValueError(f"“{text}” has not come yet")
        return moment


def _store(case: dict[str, Any], names: dict[int, str], uow: UnitOfWork) -> None:
    where = _conversation(case, uow)
    by = names.get(case["assigned_to"], "")
    _write(uow, where, "in", "", case["said"], case["created_at"])
    _write(uow, where, "out", by, case["answered"], case["first_response_at"] or case["resolved_at"])
    values = {name: case[name] for name in COLUMNS if name != "conversation_id"}
    new = uow.one(INSERT, conversation_id=where, **values)
    subject = Subject("escalation", new.id, f"ESC-{new.id}", case["client_id"], case["client_id"])
    record(uow, subject, events.EscalationRaised(case["reason"], case["priority"]), at=case["created_at"])
    record(uow, subject, events.EscalationResolved(case["resolution"], by or "somebody"), at=case["resolved_at"])
    words = (case["reason"], *case["said"], case["resolution_notes"])
    put_case(uow, case["client_id"], new.id, case["customer_id"], words)


def _write(uow: UnitOfWork, where: int, direction: str, author: str, texts: list[str], at: datetime) -> None:
    for text in texts:
        mood = mood_of(text).score if direction == "in" else None
        nobody = {"person_id": None, "media_id": None, "external_id": None, "mood": mood, "sent_at": None}
        uow.one(NEW_MESSAGE, conversation_id=where, direction=direction, author=author, text=text, at=at, **nobody)


def _conversation(case: dict[str, Any], uow: UnitOfWork) -> int:
    """Nothing can be sent on this channel: it only holds what was said."""
    where = {"customer_id": case["customer_id"], "channel": CHANNEL, "account": CHANNEL}
    found = uow.first(CONVERSATION_OF, **where)
    if found:
        return found.id
    more = {"client_id": case["client_id"], "chat": "", "led_by": "human", "last_inbound_at": None}
    return int(uow.one(NEW_CONVERSATION, **where, **more, created_at=case["created_at"]).id)


def _messages(text: str) -> list[str]:
    return [part.strip() for part in text.split(NEXT_MESSAGE) if part.strip()]


def _known(ids: dict[str, int], what: str) -> Callable[[str], int]:
    def read(text: str) -> int:
        if text.lower() not in ids:
            raise ValueError(f"there is no {what} “{text}”")
        return ids[text.lower()]

    return read


def _empty_or(reader: Callable[[str], Any]) -> Callable[[str], Any]:
    return lambda text: reader(text) if text else None


def _rating(text: str) -> int:
    if text not in ("1", "2", "3", "4", "5"):
        raise ValueError(f"“{text}” is no satisfaction: use 1 to 5")
    return int(text)


def _yes_or_no(text: str) -> bool:
    if text.lower() not in ("yes", "no"):
        raise ValueError(f"“{text}” is neither yes nor no")
    return text.lower() == "yes"


def _priority(text: str) -> int:
    if text.strip().lower() not in PRIORITY_WORDS:
        raise ValueError(f"“{text}” is no priority: use P0, P1, P2 or P3")
    return PRIORITY_WORDS[text.strip().lower()]


RULES = {ImportHistory: Rule(import_history, "people.edit", lambda command, _: command.client_id)}
