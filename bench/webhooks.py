"""From the webhook over the commit to the 200, against a handler that verifies and parses and does nothing."""

import asyncio
import socket
from collections.abc import Iterator
from pathlib import Path

import orjson
import uvloop

from bench.load import post, send_all
from bench.rounds import Line, Round, Uneven, compared, take_turns
from bench.serving import NUMBER, server, sign
from bench.world import Company, agent_address, copy_sqlite, count_rows, fill
from core.clock import Clock
from core.database import Database

ROUNDS = 5
PER_ROUND = 500
CONNECTIONS = 32
PATH = "/whatsapp/webhook"


def measure(folder: Path) -> Iterator[Line]:
    source = folder / "filled.db"
    company = uvloop.run(fill(f"sqlite:///{source}", (ROUNDS + 1) * PER_ROUND))
    url = copy_sqlite(source, folder / "program.db")
    ports = free_port(), free_port()
    with server("program", url, ports[0]), server("bare", url, ports[1]):
        ours, bare = Requests(url, company, ports[0], committed=True), Requests(url, company, ports[1], committed=False)
        turns = take_turns(ours.round, bare.round, ROUNDS)
        ours.close()
        bare.close()
    yield compared(f"webhook -> committed -> 200, {CONNECTIONS} connections", turns, "/s", 0.20)


class Requests:
    """One side. `committed`: every 200 must have left its escalation claimed."""

    def __init__(self, url: str, company: Company, port: int, *, committed: bool) -> None:
        self._database, self._company, self._port, self._committed = Database(url, Clock()), company, port, committed

    def round(self, number: int) -> Round:
        ids = self._company.escalations[number * PER_ROUND : (number + 1) * PER_ROUND]
        requests = [_request(self._company, one) for one in ids]
        before = count_rows(self._database.engine)["claimed"]
        seconds, statuses = uvloop.run(send_all(self._port, requests, CONNECTIONS))
        claimed = count_rows(self._database.engine)["claimed"] - before
        if statuses != {"200": len(ids)} or claimed != (len(ids) if self._committed else 0):
            raise Uneven(f"{len(ids)} requests, answers {dict(statuses)}, {claimed} escalations claimed")
        return Round(len(ids), seconds, {"answered": len(ids)})

    def close(self) -> None:
        asyncio.run(self._database.close())


def _request(company: Company, escalation_id: int) -> bytes:
    body = orjson.dumps(button_press(agent_address(escalation_id % len(company.agents)), f"claim ESC-{escalation_id}"))
    return post(PATH, body, x_hub_signature_256=sign(body))


def button_press(sender: str, command: str) -> dict[str, object]:
    """As Meta posts it (developers.facebook.com/docs/whatsapp/cloud-api/webhooks)."""
    pressed = {"type": "button_reply", "button_reply": {"id": command, "title": "Claim"}}
    message = {"from": sender, "id": f"wamid.{command}", "timestamp": "1795000000", "type": "interactive"}
    value = {
        "messaging_product": "whatsapp",
        "metadata": {"display_phone_number": "15550100200", "phone_number_id": NUMBER},
        "contacts": [{"profile": {"name": "Agent"}, "wa_id": sender}],
        "messages": [message | {"interactive": pressed, "context": {"from": "15550100200", "id": "wamid.card"}}],
    }
    return {
        "object": "whatsapp_business_account",
        "entry": [{"id": "1", "changes": [{"field": "messages", "value": value}]}],
    }


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
