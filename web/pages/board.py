"""What the board shows right now to one person: only what their positions cover, the most urgent first."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from core.actor import Actor
from core.audit.inbox import count_quarantined
from core.escalations.glance import Glance, glances
from core.escalations.queries import list_queue as list_escalations
from core.escalations.rows import count_open
from core.escalations.tables import Escalation
from core.outbox.queries import count_trouble
from core.outbox.waiting import WaitingLane, list_waiting
from core.people.permissions import ROLE_NAMES, ROLES_WITH, paths_of
from core.people.queries import PERSON_BY_ID, UNIT_BY_ID, get_unit, name_of
from core.reading_ahead import read_ahead
from core.statements import Reader
from core.tickets.listing import WAITING, Filters, count_tickets
from core.tickets.policy import PRIORITIES
from core.tickets.queries import list_queue as list_tickets
from core.tickets.queries import target_of
from core.tickets.rows import Ticket
from core.tickets.subcategories import SUBCATEGORY_BY_ID, get_subcategory
from core.training.counting import count_days
from core.training.queries import overdue_by_level
from web.pages.rendering import pace_of
from web.upcoming import CHANNEL_NAMES, find_next, look_ahead

SHOWN = 20
PACES = ("late", "soon", "calm", "done")
WATCHES_LANES = ("dispatcher", "team_lead", "owner", "admin")


@dataclass(frozen=True, slots=True)
class Do:
    """The one button of a case for this person: what to do now. `posts`: pressing it does it; else it opens the page for it."""

    label: str
    address: str
    posts: bool = False


@dataclass(frozen=True, slots=True)
class Case:
    """One line of the board. `urgency` 0 (most urgent) .. 3; `pace`: late, soon, calm or done. `next`: what happens by itself.
    `link`: its own page; `do`: None when it waits for somebody else; `signs`: what is seen at a glance."""

    reference: str
    urgency: int
    label: str
    title: str
    about: str
    status: str
    who: str
    promise: str
    due_at: datetime
    pace: str
    next: str
    link: str = ""
    do: Do | None = None
    signs: str = ""


@dataclass(frozen=True, slots=True)
class Level:
    """`mine`: this person is who is told of it."""

    name: str
    number: int
    share: int  # per cent of all that is overdue
    mine: bool


@dataclass(frozen=True, slots=True)
class Lane:
    name: str
    waiting: int
    last_at: datetime


@dataclass(frozen=True, slots=True)
class Trouble:
    quarantined: int
    failed: int
    uncertain: int


@dataclass(frozen=True, slots=True)
class Board:
    """None: not for this person. The counts are of everything (tickets: at most MOST_COUNTED), the lists at most SHOWN long."""

    escalations: list[Case] | None
    escalation_count: int
    breached: int
    tickets: list[Case] | None
    ticket_count: int
    late_tickets: int
    trainings: list[Level] | None
    training_count: int
    lanes: list[Lane] | None
    trouble: Trouble | None

    @property
    def first(self) -> Case | None:
        """What this person should do now: of all that waits for them the one that is late or due first, the most urgent before."""
        theirs = [case for case in (*(self.escalations or ()), *(self.tickets or ())) if case.do]
        return min(theirs, key=lambda case: (PACES.index(case.pace), case.urgency, case.due_at), default=None)

    @property
    def trainings_of_mine(self) -> int:
        return sum(level.number for level in self.trainings or () if level.mine)


def read_board(reader: Reader, actor: Actor, now: datetime, zone: str) -> Board:
    """`zone`: whose clock the moments are written for."""
    assert actor.client_id is not None
    client = get_unit(reader, actor.client_id)
    escalations, breached, open_ones = _escalations(reader, actor, client.path, now, zone)
    tickets, ticket_count = _tickets(reader, actor, now, zone)
    levels = _levels(reader, actor, now)
    return Board(
        escalations=escalations,
        escalation_count=open_ones,
        breached=breached,
        tickets=tickets,
        ticket_count=ticket_count,
        late_tickets=sum(case.pace == "late" for case in tickets or ()),
        trainings=levels,
        training_count=sum(level.number for level in levels or ()),
        lanes=_lanes(reader, actor, client.path, now),
        trouble=_trouble(reader, actor, client.path),
    )


def _escalations(
    reader: Reader, actor: Actor, path: str, now: datetime, zone: str
) -> tuple[list[Case] | None, int, int]:
    if not actor.covers(path, ROLES_WITH["escalation.read"]) or actor.client_id is None:
        return None, 0, 0
    rows = list_escalations(reader, actor.client_id, SHOWN)
    seen = glances(reader, rows)
    look_ahead(reader, "escalation", [one.id for one in rows])
    _read_ahead_people(reader, [one.assigned_to for one in rows])
    directs = actor.covers(path, ROLES_WITH["escalation.direct"])
    cases = [_escalation(reader, actor, one, seen[one.id], now, zone, directs=directs) for one in rows]
    counts, breached = count_open(reader, actor.client_id, now)
    return cases, breached, sum(counts.values())


def _escalation(
    reader: Reader, actor: Actor, one: Escalation, seen: Glance, now: datetime, zone: str, *, directs: bool
) -> Case:
    answered = one.first_response_at is not None
    coming = find_next(reader, "escalation", one.id, one.client_id, one.assigned_to, now)
    return Case(
        reference=one.reference,
        urgency=one.priority,
        label=f"P{one.priority}",
        title=seen.customer.name,
        about=_sentence(one.reason_details or one.summary or one.reason),
        status=one.status,
        who=name_of(reader, one.assigned_to) or "",
        promise="answered" if answered else "to answer",
        due_at=one.first_response_at or one.response_due_at,
        pace="done" if answered else pace_of(one.response_due_at, now),
        next=coming.sentence(zone, now) if coming else "",
        link=f"/escalations/{one.reference}",
        do=_do_escalation(one, actor, now, directs=directs),
        signs=seen.indicators.signs(now),
    )


def _read_ahead_people(reader: Reader, ids: Iterable[int | None]) -> None:
    read_ahead(reader, PERSON_BY_ID, [{"person_id": one} for one in dict.fromkeys(ids) if one])


def _tickets(reader: Reader, actor: Actor, now: datetime, zone: str) -> tuple[list[Case] | None, int]:
    """A technician's own; for everybody else all of the places they look after."""
    paths = paths_of(actor, "ticket.read")
    if not paths or actor.client_id is None:
        return None, 0
    mine = (actor.person_id or 0) if all(seat.role == "technician" for seat in actor.seats) else 0
    found = [
        row for path in paths for row in list_tickets(reader, actor.client_id, path, technician_id=mine, limit=SHOWN)
    ]
    rows = sorted(found, key=lambda row: (row.priority, target_of(row), row.id))[:SHOWN]
    waiting = Filters(actor.client_id, tuple(paths), WAITING)
    number = len(rows) if mine or len(rows) < SHOWN else count_tickets(reader, waiting, now)
    look_ahead(reader, "ticket", [row.id for row in rows])
    _read_ahead_people(reader, [row.technician_id for row in rows])
    read_ahead(reader, UNIT_BY_ID, [{"unit_id": one} for one in dict.fromkeys(row.unit_id for row in rows)])
    kinds = dict.fromkeys(row.subcategory_id for row in rows)
    read_ahead(reader, SUBCATEGORY_BY_ID, [{"id": one} for one in kinds])
    return [_ticket(reader, actor, row, now, zone) for row in rows], number


def _ticket(reader: Reader, actor: Actor, ticket: Ticket, now: datetime, zone: str) -> Case:
    waits = ticket.status in ("new", "assigned")
    answer_by = ticket.response_due_at if ticket.technician_id == actor.person_id else ticket.response_promised_at
    due_at = answer_by if waits else target_of(ticket)
    coming = find_next(reader, "ticket", ticket.id, ticket.unit_id, ticket.technician_id, now)
    done = ticket.status == "completed"
    unit = get_unit(reader, ticket.unit_id)
    decides = done and actor.covers(unit.path, ROLES_WITH["ticket.approve"])
    directs = actor.covers(unit.path, ROLES_WITH["ticket.direct"])
    return Case(
        reference=ticket.number,
        urgency=ticket.priority,
        label=PRIORITIES[ticket.priority].capitalize(),
        title=f"{unit.name} · {get_subcategory(reader, ticket.subcategory_id).name}",
        about=ticket.description,
        status=ticket.status,
        who=name_of(reader, ticket.technician_id) or "",
        promise="waits for approval" if done else "to answer" if waits else "to repair",
        due_at=(ticket.completed_at or due_at) if done else due_at,
        pace="done" if done else pace_of(due_at, now),
        next=coming.sentence(zone, now) if coming else "",
        link=f"/tickets/{ticket.number}",
        do=_do_ticket(ticket, actor, late=due_at <= now, decides=decides, directs=directs),
    )


def _do_escalation(one: Escalation, actor: Actor, now: datetime, *, directs: bool) -> Do | None:
    """Whoever directs also looks at what somebody else has and has not answered in time."""
    address = f"/escalations/{one.reference}"
    if one.status == "pending":
        return Do("Claim", f"{address}/claim", posts=True)
    if one.assigned_to != actor.person_id:
        late = one.first_response_at is None and one.response_due_at <= now
        return Do("Give to somebody else", address) if directs and late else None
    return Do("Take over", f"{address}/takeover", posts=True) if one.status == "assigned" else Do("Reply", address)


def _do_ticket(ticket: Ticket, actor: Actor, *, late: bool, decides: bool, directs: bool) -> Do | None:
    """A dispatcher has something to do where nobody has it, or whoever has it is late."""
    address = f"/tickets/{ticket.number}"
    if decides and ticket.technician_id != actor.person_id:
        return Do("Look and decide", address)
    if ticket.technician_id != actor.person_id:
        if not directs or ticket.status == "completed":
            return None
        if ticket.status == "new":
            return Do("Find somebody", address)
        return Do("Give to somebody else", address) if late else None
    if ticket.status == "assigned":
        return Do("Accept", f"{address}/accept", posts=True)
    if ticket.status == "in_progress" and ticket.arrived_at is None:
        return Do("I am there", f"{address}/arrive", posts=True)
    return None


def _levels(reader: Reader, actor: Actor, now: datetime) -> list[Level] | None:
    paths = paths_of(actor, "training.read")
    if not paths or actor.client_id is None:
        return None
    count = count_days(reader, actor.client_id, now)
    levels = count.policy.levels
    numbers = [0] * (len(levels) + 1)
    for path in paths:
        for level, number in overdue_by_level(reader, actor.client_id, path, count).items():
            numbers[level] += number
    names = ["Paused by a promise or a leave", *(_capital(ROLE_NAMES[level.role]) for level in levels)]
    total, held = max(sum(numbers), 1), {seat.role for seat in actor.seats}
    mine = [False, *(level.role in held for level in levels)]
    return [
        Level(names[level], numbers[level], round(100 * numbers[level] / total), mine[level])
        for level in (*range(len(levels), 0, -1), 0)
    ]


def _lanes(reader: Reader, actor: Actor, path: str, now: datetime) -> list[Lane] | None:
    if not actor.covers(path, frozenset(WATCHES_LANES)) or actor.client_id is None:
        return None
    return [_lane(row) for row in list_waiting(reader, now, actor.client_id)]


def _lane(row: WaitingLane) -> Lane:
    account = "" if row.account == "default" else f" ({row.account})"
    return Lane(f"{CHANNEL_NAMES.get(row.channel, row.channel)}{account}", row.waiting, row.last_at)


def _trouble(reader: Reader, actor: Actor, path: str) -> Trouble | None:
    if not actor.covers(path, ROLES_WITH["system.operate"]) or actor.client_id is None:
        return None
    return Trouble(count_quarantined(reader), **count_trouble(reader, actor.client_id))


def _capital(role: str) -> str:
    """'the store manager' -> 'Store manager'."""
    name = role.removeprefix("the ")
    return name[:1].upper() + name[1:]


def _sentence(words: str) -> str:
    """'requested_human' -> 'Requested human'; a sentence stays as it is."""
    return words.replace("_", " ").capitalize() if " " not in words else words
