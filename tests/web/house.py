"""Two clients with everybody in them, each person with a token, and what the program would hand in."""

import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx2
from prometheus_client import CollectorRegistry

from bot.importing import read_rows
from channels.limits import limits_for
from core.conversations.tables import conversations
from core.database import Database
from core.escalations.commands import RaiseEscalation
from core.executor import execute
from core.media.queries import get_media
from core.media.store import PDF, PHOTO, Store
from core.outbox.planned import Plan
from core.people.commands import CreateToken
from core.tickets.commands import OpenTicket, SeedCategories
from core.tickets.subcategories import list_categories, list_subcategories
from core.training.commands import ImportAssignments, ImportCourses
from core.training.rows import AssignmentRow, CourseRow
from core.unit_of_work import UnitOfWork
from jobs.preview import Rules, preview_training
from tests import builders
from web.app import ASGIApp, Check, Web, create_app
from web.given import LaneAccount

PEOPLE = (
    ("ADM", "admin", ""), ("OWN", "owner", ""), ("TL", "team_lead", ""), ("AG1", "agent", ""), ("AG2", "agent", ""),
    ("DIS", "dispatcher", ""), ("HR", "hr_manager", ""), ("CM", "cluster_manager", "N"), ("MN1", "store_manager", "N1"),
    ("MN2", "store_manager", "N2"), ("T1", "technician", "N1"), ("T2", "technician", "N1"), ("T3", "technician", "N2"),
)  # fmt: skip
LANES = (
    LaneAccount("whatsapp:beta", "BETA", recipients=2_000),
    LaneAccount("whatsapp:default", limits=("80 in 1 second", "each chat 45 in 4.5 minutes"), recipients=250),
    LaneAccount("telegram:default", limits=("30 in 1 second",)),
)
RANKS = {"T1": "primary", "T2": "secondary", "T3": "primary"}


@dataclass
class Client:
    """`people` and `tokens` by the short code of PEOPLE; the full code in the data is `<client>-<short>`."""

    code: str
    id: int = 0
    units: dict[str, int] = field(default_factory=dict)
    people: dict[str, int] = field(default_factory=dict)
    tokens: dict[str, str] = field(default_factory=dict)
    customer: str = ""
    escalation: str = ""
    ticket: str = ""
    category: str = ""
    subcategory: str = ""

    def __call__(self, short: str) -> str:
        return f"{self.code}-{short}"

    def bearer(self, short: str) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.tokens[short]}"}


def build(uow: UnitOfWork, code: str) -> Client:
    client = Client(code, builders.client(uow, code))
    client.units = {"": client.id, "N": builders.unit(uow, client.id, client("N"), "cluster")}
    for branch in ("N1", "N2"):
        client.units[branch] = builders.unit(uow, client.units["N"], client(branch))
    for short, role, unit in PEOPLE:
        person = builders.person(uow, client.units[unit], role, client(short), on="telegram", rank=RANKS.get(short, ""))
        client.people[short] = person
        client.tokens[short] = execute(CreateToken(person), uow)
    execute(SeedCategories(client.id), uow)
    client.category = str(list_categories(uow, client.id)[0].id)
    client.subcategory = str(list_subcategories(uow, client.id)[0].id)
    _cases(uow, client)
    _trainings(uow, client)
    return client


def _cases(uow: UnitOfWork, client: Client) -> None:
    client.customer = client("C1")
    customer = customer_with_conversation(uow, client, client.customer)
    raised = execute(RaiseEscalation(client.id, customer[0], "requested_human", customer[1], 2), uow)
    client.escalation = raised.reference
    opened = execute(OpenTicket(client.units["N1"], int(client.subcategory), 1, "Cold room at 12 degrees"), uow)
    client.ticket = opened.number


def customer_with_conversation(uow: UnitOfWork, client: Client, code: str) -> tuple[int, int]:
    customer = builders.customer(uow, client.id, code, name=f"Customer {code}", phone="+34600000001")
    row = {"channel": "whatsapp", "account": "default", "chat": code, "led_by": "assistant"}
    row |= {"created_at": uow.now, "last_inbound_at": uow.now}
    return customer, builders.put(uow, conversations, client_id=client.id, customer_id=customer, **row)


def _trainings(uow: UnitOfWork, client: Client) -> None:
    execute(ImportCourses(client.id, (CourseRow(2, "FOOD", "Food safety"),)), uow)
    due = ("2026-11-22", "2026-11-20", "2026-11-10", "2026-12-24")
    rows = [
        AssignmentRow(line, client(f"E{line}"), f"Employee {line}", client(("N1", "N2")[line % 2]), "FOOD", day)
        for line, day in enumerate(due, 2)
    ]
    execute(ImportAssignments(client.id, tuple(rows)), uow)


@dataclass
class Given:
    """What the program hands in, noting what was asked of it."""

    database: Database
    checks: list[Check] = field(default_factory=lambda: [Check("database", ok=True, sentence="The database answers.")])
    asked: list[tuple[Any, ...]] = field(default_factory=list)
    failure: Exception | None = None
    store: Store = field(default_factory=lambda: Store(Path(tempfile.mkdtemp())))

    def web(self, **other: Any) -> Web:
        values: dict[str, Any] = {
            "database": self.database,
            "clock": self.database.clock,
            "webhooks": {},
            "secret_key": "a secret key of the tests, long enough",
            "cron_secret": "cron-secret",
            "base_url": "http://callboard.test",
            "secure_cookies": False,
            "may_move_clock": True,
            "checks": self._checks,
            "replay": self._asked("replay"),
            "run_due": self._asked("run_due"),
            "run_job": self._asked("run_job"),
            "send_test": self._asked("send_test"),
            "find_file": self._find_file,
            "store": self.store,
            "preview": self._preview,
            "read_rows": read_rows,
            "channels": {"whatsapp": "number ending in 42"},
            "lanes": LANES,
            "patience": 60.0,
            "registry": CollectorRegistry(),
        }
        return Web(**(values | other))

    async def _find_file(self, media_id: int) -> Path | None:
        found = await self.database.read(lambda reader: get_media(reader, media_id))
        suffix = PDF if found.mime == "application/pdf" else PHOTO
        return self.store.path(found.digest, suffix) if found.digest else None

    async def _preview(self, client_id: int, change: Any, at_next: bool) -> Plan:
        rules = Rules(limits_for, 0.015, lambda _channel, _account: 0)
        return await preview_training(self.database, client_id, rules, change=change, at_next=at_next)

    async def _checks(self) -> list[Check]:
        return self.checks

    def _asked(self, name: str) -> Any:
        async def ask(*arguments: Any) -> str:
            self.asked.append((name, *arguments))
            if self.failure:
                raise self.failure
            return f"{name}-1"

        return ask


def browser(app: ASGIApp, **more: Any) -> httpx2.AsyncClient:
    transport = httpx2.ASGITransport(app=app, raise_app_exceptions=False)
    return httpx2.AsyncClient(transport=transport, base_url="http://callboard.test", **more)


def app_of(given: Given, **other: Any) -> ASGIApp:
    return create_app(given.web(**other))
