"""What no index leads to is looked for some thousand entries at a time: nothing is lost on the way, and it ends."""

from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import insert

from core.audit.listing import LOOKED_AT, Wanted, list_entries
from core.audit.tables import events
from core.database import Database
from core.outbox.proof import LOOKED_AT as DELIVERIES_LOOKED_AT
from core.outbox.proof import list_some_proofs
from core.outbox.tables import deliveries, notifications
from core.unit_of_work import UnitOfWork
from tests import builders

AT = datetime(2026, 11, 20, 9, tzinfo=UTC)
END = (datetime(9999, 1, 1, tzinfo=UTC), 2**62)


def happened(uow: UnitOfWork, client: int, kinds: list[str]) -> None:
    """One a second, the first the oldest; two of another client in between."""
    row = {"client_id": client, "actor_kind": "person", "actor_name": "Ana", "via": "slack", "data": {}}
    rows = [row | {"kind": kind, "at": AT + timedelta(seconds=second)} for second, kind in enumerate(kinds)]
    stranger = builders.client(uow, "OTHER")
    rows[1:1] = [row | {"client_id": stranger, "kind": "person.renamed", "at": AT}] * 2
    uow.connection.execute(insert(events), rows)


async def test_an_area_of_the_audit_is_found_however_far_back(database: Database) -> None:
    def work(uow: UnitOfWork) -> list[tuple[list[str], bool]]:
        client = builders.client(uow)
        happened(uow, client, ["person.renamed", *["ticket.opened"] * (2 * LOOKED_AT + 10), "person.left"])
        steps, place = [], END
        while place:
            found, place = list_entries(uow, client, Wanted(area="person"), place, 50)
            steps.append(([one.kind for one in found], place is not None))
        return steps

    assert await database.write(work) == [(["person.left"], True), ([], True), (["person.renamed"], False)]


async def test_what_is_older_than_asked_for_is_not_looked_at(database: Database) -> None:
    def work(uow: UnitOfWork) -> Any:
        client = builders.client(uow)
        happened(uow, client, ["person.renamed", *["ticket.opened"] * (LOOKED_AT + 10)])
        since = AT + timedelta(seconds=100)
        return list_entries(uow, client, Wanted(area="person", since=since), END, 50)

    assert await database.write(work) == ([], None)


async def test_messages_of_a_channel_are_found_however_far_back(database: Database) -> None:
    def work(uow: UnitOfWork) -> list[tuple[int, bool]]:
        client = builders.client(uow)
        said = {
            "client_id": client,
            "template": "reply.text",
            "facts": {},
            "urgency": 1,
            "is_card": False,
            "created_at": AT,
        }
        notification = builders.put(uow, notifications, **said)
        row = {
            "notification_id": notification, "kind": "message", "account": "default", "chat": "1", "language": "en",
            "time_zone": "UTC", "state": "withdrawn", "urgency": 1, "next_attempt_at": AT, "attempts": 0, "created_at": AT,
        }  # fmt: skip
        channels = ["slack", *["telegram"] * DELIVERIES_LOOKED_AT, "slack"]
        uow.connection.execute(insert(deliveries), [row | {"channel": channel} for channel in channels])
        steps, before = [], 2**62
        while before:
            found, going_on = list_some_proofs(uow, client, {"channel": "slack"}, before=before)
            steps.append((len(found), going_on is not None))
            before = going_on or 0
        return steps

    assert await database.write(work) == [(1, True), (1, False)]
