"""A lead changes where cases go, customers write, and everybody who should hear of it does: another program, too."""

from pathlib import Path
from typing import Any

import orjson

from core.people.tables import persons
from core.unit_of_work import UnitOfWork
from tests.channels.stand_in import Reply, StandIn
from tests.world import a_world

RULES = "/api/clients/FROST/escalation-rules"
RULE: dict[str, Any] = {
    "name": "Late deliveries",
    "conditions": {"triggers": [{"type": "keyword", "value": "late again"}]},
    "action": {
        "assignTo": "AG-02",
        "team": "customer_success",
        "autoResponse": "Hello {name}, we call the driver now.",
    },
    "priority": "P0",
}


async def test_a_rule_is_tried_saved_and_followed_and_a_webhook_hears_of_it(tmp_path: Path) -> None:
    async with StandIn(lambda _: Reply(204, b"")).running() as receiver, a_world(tmp_path) as world:
        doug, marta = world.on("whatsapp", "FROST-C-1001"), world.on("whatsapp", "FROST-C-1002")
        ana, ben = world.on("slack", "AG-01"), world.on("slack", "AG-02")
        hook = {"url": f"{receiver.url}/callboard", "kinds": ["escalation.*"]}
        assert (await world.api("POST", "/api/webhooks", hook)).status_code == 201
        await doug.says("My delivery is late again. I want to talk to a human!")
        first = (await ana.sees("My delivery is late again")).reference

        tried = (await world.api("POST", f"{RULES}/dry-run", RULE)).json()
        case = next(one for one in tried["cases"] if one["reference"] == first)
        assert (case["before"]["team"], case["before"]["assignedTo"]) == ("", "queue")
        after = (case["after"]["team"], case["after"]["assignedTo"], case["after"]["priority"])
        assert after == ("customer_success", "AG-02", "P0")
        assert (await world.api("POST", RULES, RULE)).status_code == 201

        await marta.says("Late again! A human please.")
        await marta.sees("Hello Marta Vidal, we call the driver now.")
        second = (await ben.sees("Late again!", "has it")).reference
        await world.quiet()
        heard = [orjson.loads(asked.body) for asked in receiver.asked]
        about = [one["type"] for one in heard if one["data"]["subject"]["reference"] == second]
        assert about[0] == "escalation.raised"
        assert {"escalation.routed", "escalation.assigned"} <= set(about)

        def leaves(uow: UnitOfWork) -> None:
            uow.connection.execute(persons.update().where(persons.c.code == "AG-02").values(status="inactive"))

        await world.database.write(leaves)
        await world.on("telegram", "FROST-C-1004").says("Schon wieder: late again. Einen Menschen bitte!")
        await ana.sees("does not work here any more", "Late deliveries")
        (rule,) = [one for one in (await world.api("GET", RULES)).json()["items"] if one["name"] == RULE["name"]]
        assert rule["timesTriggered"] == 2
        assert "is not there" in rule["warnings"][0]
