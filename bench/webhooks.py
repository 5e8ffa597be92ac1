"""From the webhook over the commit to the 200, against a handler that verifies and parses and does nothing.

What Meta posts when somebody answers a card: the pressed button, then that our answer was sent, delivered and read.
"""

import asyncio
import socket
from collections.abc import Iterator
from pathlib import Path

import orjson
import uvloop

from bench.load import post, send_all
from bench.rounds import Line, Round, Uneven, compared, take_turns
from bench.serving import NUMBER, server, sign
from bench.world import Company, added, agent_address, answer_to, copy_sqlite, count_rows, fill, put_answers
from core.clock import Clock
from core.database import Database

ROUNDS = 5
PER_ROUND = 250
CONNECTIONS = 32
PATH = "/whatsapp/webhook"
STATES = ("sent", "delivered", "read")


def measure(folder: Path) -> Iterator[Line]:
    source = folder / "filled.db"
    company = uvloop.run(fill(f"sqlite:///{source}", (ROUNDS + 1) * PER_ROUND))
    put_answers(f"sqlite:///{source}", company)
    url = copy_sqlite(source, folder / "program.db")
    ports = free_port(), free_port()
    with server("program", url, ports[0]), server("bare", url, ports[1]):
        ours, bare = Requests(url, company, ports[0], committed=True), Requests(url, company, ports[1], committed=False)
        turns = take_turns(ours.round, bare.round, ROUNDS)
        ours.close()
        bare.close()
    yield compared(f"webhook -> committed -> 200, {CONNECTIONS} connections", turns, "/s", 0.20)


class Requests:
    """One side. `committed`: every 200 must have left its escalation claimed, or its receipt."""

    def __init__(self, url: str, company: Company, port: int, *, committed: bool) -> None:
        self._database, self._company, self._port, self._committed = Database(url, Clock()), company, port, committed

    def round(self, number: int) -> Round:
        ids = self._company.escalations[number * PER_ROUND : (number + 1) * PER_ROUND]
        requests = [request for one in ids for request in _requests(self._company, one)]
        before = count_rows(self._database.engine)
        seconds, statuses = uvloop.run(send_all(self._port, requests, CONNECTIONS))
        rows = added(count_rows(self._database.engine), before)
        wanted = (len(ids), len(ids) * len(STATES)) if self._committed else (0, 0)
        if statuses != {"200": len(requests)} or (rows["claimed"], rows["receipts"]) != wanted:
            raise Uneven(f"{len(requests)} requests, answers {dict(statuses)}, rows {rows}")
        return Round(len(requests), seconds, {"answered": len(requests)})

    def close(self) -> None:
        asyncio.run(self._database.close())


def _requests(company: Company, escalation_id: int) -> list[bytes]:
    agent = agent_address(escalation_id % len(company.agents))
    bodies = [button_press(agent, f"claim ESC-{escalation_id}")]
    bodies += [status(agent, answer_to(escalation_id), state) for state in STATES]
    return [post(PATH, body, x_hub_signature_256=sign(body)) for body in (orjson.dumps(one) for one in bodies)]


def button_press(sender: str, command: str) -> dict[str, object]:
    """As Meta posts it (developers.facebook.com/docs/whatsapp/cloud-api/webhooks)."""
    pressed = {"type": "button_reply", "button_reply": {"id": command, "title": "Claim"}}
    message = {"from": sender, "id": f"wamid.{command}", "timestamp": "1795000000", "type": "interactive"}
    return _posted(
        contacts=[{"profile": {"name": "Agent"}, "wa_id": sender}],
        messages=[message | {"interactive": pressed, "context": {"from": "15550100200", "id": "wamid.card"}}],
    )


def status(recipient: str, external_id: str, state: str) -> dict[str, object]:
    said = {"id": external_id, "status": state, "timestamp": "1795000001", "recipient_id": recipient}
    pricing = {"billable": True, "pricing_model": "PMP", "category": "service", "type": "free_customer_service"}
    return _posted(statuses=[said | {"pricing": pricing}])


def _posted(**news: list[dict[str, object]]) -> dict[str, object]:
    about = {"display_phone_number": "15550100200", "phone_number_id": NUMBER}
    value = {"messaging_product": "whatsapp", "metadata": about, **news}
    return {
        "object": "whatsapp_business_account",
        "entry": [{"id": "1", "changes": [{"field": "messages", "value": value}]}],
    }


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
