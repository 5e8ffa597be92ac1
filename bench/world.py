"""Databases filled for measuring: one client, its agents, and as many escalations with their cards as are wanted."""

import asyncio
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, Table, func, insert, select, update

from core.clock import Clock
from core.conversations.commands import HearCustomer
from core.conversations.handlers import Heard
from core.database import Database
from core.escalations.commands import RaiseEscalation
from core.escalations.tables import Escalation, escalations
from core.executor import execute
from core.outbox.tables import deliveries, notifications
from core.people.tables import boards, contact_methods, persons, positions, units
from core.tables import metadata
from core.unit_of_work import UnitOfWork

AGENTS = 8
LONG_AGO = datetime(2026, 1, 1, tzinfo=UTC)
COUNTED = [
    metadata.tables[name] for name in ("seen_events", "events", "notifications", "deliveries", "attempts", "receipts")
]


@dataclass(frozen=True, slots=True)
class Company:
    client_id: int
    agents: tuple[int, ...]
    escalations: tuple[int, ...]


def agent_address(number: int) -> str:
    return f"4479460{number:05d}"


def customer_address(number: int) -> str:
    """Of whoever has the case with this place in the company's escalations."""
    return f"4479550{number:05d}"


async def fill(url: str, wanted: int) -> Company:
    """`wanted` pending escalations, each with a card that was sent to the board; made by the program's own commands, so that
    every row looks as it does at work."""
    database = Database(url, Clock())
    await asyncio.to_thread(metadata.create_all, database.engine)
    client_id, agents = await asyncio.to_thread(_staff, database.engine)
    cases = await asyncio.gather(*(database.write(_case(client_id, number)) for number in range(wanted)))
    with database.engine.begin() as connection:
        connection.execute(update(deliveries).values(state="sent", external_id="1.1", settled_at=LONG_AGO))
    await database.close()
    return Company(client_id, agents, tuple(cases))


def _staff(engine: Engine) -> tuple[int, tuple[int, ...]]:
    with engine.begin() as connection:
        named = {"kind": "client", "code": "ACME", "name": "Acme", "time_zone": "Europe/Madrid", "country": "ES"}
        client_id = _put(connection, units, client_id=1, path="/1/", **named)
        _put(connection, boards, unit_id=client_id, channel="slack", chat="C1")
        return client_id, tuple(_agent(connection, client_id, number) for number in range(AGENTS))


def _agent(connection: Connection, client_id: int, number: int) -> int:
    person_id = _put(connection, persons, client_id=client_id, code=f"AG-{number}", name=f"Agent {number}")
    _put(connection, positions, person_id=person_id, unit_id=client_id, role="agent")
    address = {"channel": "whatsapp", "address": agent_address(number)}
    _put(connection, contact_methods, person_id=person_id, rank=1, verified_at=LONG_AGO, **address)
    return person_id


def _put(connection: Connection, table: Table, **values: Any) -> int:
    return int(connection.execute(insert(table).values(**values).returning(table.c.id)).scalar_one())


def _case(client_id: int, number: int) -> Callable[[UnitOfWork], int]:
    phone = customer_address(number)
    said = HearCustomer(client_id, "whatsapp", "default", (phone,), phone, f"Customer {number}", "Where is my order?")

    def work(uow: UnitOfWork) -> int:
        heard: Heard = execute(said, uow)
        wish = RaiseEscalation(client_id, heard.customer.id, "requested_human", conversation_id=heard.conversation.id)
        raised: Escalation = execute(wish, uow)
        return raised.id

    return work


def answer_to(case: int) -> str:
    """What WhatsApp called the answer to somebody."""
    return f"wamid.answer.{case}"


def put_answers(url: str, company: Company, number: int) -> None:
    """So many messages that were sent on WhatsApp."""
    database = Database(url, Clock())
    with database.engine.begin() as connection:
        named: dict[str, Any] = {"template": "reply.text", "facts": {}, "urgency": 1, "is_card": False}
        said = _put(connection, notifications, client_id=company.client_id, created_at=LONG_AGO, **named)
        alike: dict[str, Any] = {
            "kind": "message",
            "channel": "whatsapp",
            "account": "default",
            "language": "en",
            "time_zone": "UTC",
        }
        alike |= {"state": "sent", "urgency": 1, "attempts": 1, "notification_id": said}
        moments = dict.fromkeys(("next_attempt_at", "created_at", "settled_at"), LONG_AGO)
        rows = [
            alike | moments | {"chat": agent_address(one % AGENTS), "external_id": answer_to(one)}
            for one in range(number)
        ]
        connection.execute(insert(deliveries), rows)
    asyncio.run(database.close())


def count_rows(engine: Engine) -> dict[str, int]:
    """What every side has to leave behind alike."""
    with engine.connect() as connection:
        counts = {
            table.name: connection.execute(select(func.count()).select_from(table)).scalar_one() for table in COUNTED
        }
        claimed = select(func.count()).where(escalations.c.status == "assigned")
        return counts | {"claimed": connection.execute(claimed).scalar_one()}


def added(after: dict[str, int], before: dict[str, int]) -> dict[str, int]:
    return {name: after[name] - before[name] for name in after}


def copy_sqlite(source: Path, target: Path) -> str:
    """The database must be closed. Returns the copy's URL."""
    shutil.copyfile(source, target)
    return f"sqlite:///{target}"
