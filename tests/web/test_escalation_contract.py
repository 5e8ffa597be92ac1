"""The contract's rows about escalations, one by one, as an outside program relies on them."""

from typing import Any

import httpx2
import pytest

from core.clock import ManualClock
from core.conversations.handlers import write_message
from core.database import Database
from core.escalations.queries import BY_ID
from core.unit_of_work import UnitOfWork
from jobs.climb import climb_due
from tests.web.house import Client, customer_with_conversation

ESCALATION = {
    "id", "status", "priority", "reason", "reasonDetails", "conversationSummary", "suggestedResponse", "assignedTo",
    "assignedAt", "firstResponseAt", "slaDeadline", "slaBreach", "resolvedAt", "resolvedBy", "resolution",
    "resolutionNotes", "returnToAi", "createdAt", "updatedAt",
}  # fmt: skip
LEAD = {"id", "name", "phone", "stage", "tier"}
WHOLE = {"escalation", "lead", "conversation", "assignee", "timeline", "next"}


class Desk:
    """Calls of one person about one escalation."""

    def __init__(self, http: httpx2.AsyncClient, client: Client, who: str, reference: str = "") -> None:
        self._http, self._headers = http, client.bearer(who)
        self.path = f"/api/escalations/{reference or client.escalation}"

    async def does(self, verb: str, **body: Any) -> httpx2.Response:
        return await self._http.post(f"{self.path}/{verb}", json=body, headers=self._headers)

    async def whole(self) -> dict[str, Any]:
        return dict((await self._http.get(self.path, headers=self._headers)).json())


async def raises(http: httpx2.AsyncClient, acme: Client, **body: Any) -> httpx2.Response:
    asked = {"clientId": "ACME", "customerId": acme.customer, "reason": "requested_human"} | body
    return await http.post("/api/escalations", json=asked, headers=acme.bearer("AG1"))


@pytest.fixture
async def other_customer(acme: Client, database: Database) -> str:
    await database.write(lambda uow: customer_with_conversation(uow, acme, "C2"))
    return "C2"


async def test_raised_is_201_with_all_that_was_said_and_joined_is_200(
    http: httpx2.AsyncClient, acme: Client, other_customer: str
) -> None:
    said = {
        "reason": "requested_human", "reasonDetails": "Asks for the manager", "priority": "P1",
        "conversationSummary": "The van did not come", "suggestedResponse": "We are sorry", "triggerMessageId": "wamid.1",
    }  # fmt: skip
    answer = await raises(http, acme, customerId=other_customer, **said)
    assert answer.status_code == 201
    assert answer.json().keys() >= ESCALATION
    assert said.items() <= answer.json().items()
    assert (answer.json()["status"], answer.json()["assignedTo"], answer.json()["slaBreach"]) == (
        "pending",
        None,
        False,
    )
    again = await raises(http, acme, leadId=other_customer, customerId=None, reason="legal", priority=1)
    assert (again.status_code, again.json()["id"], again.json()["priority"]) == (200, answer.json()["id"], "P0")


@pytest.mark.parametrize(
    ("word", "priority"),
    [
        ("P0", "P0"),
        ("p3", "P3"),
        (1, "P0"),
        (4, "P3"),
        ("2", "P1"),
        ("urgent", "P0"),
        ("HIGH", "P1"),
        ("normal", "P2"),
        ("low", "P3"),
    ],
)
async def test_a_priority_is_understood_as_the_contract_says(
    http: httpx2.AsyncClient, acme: Client, other_customer: str, word: str | int, priority: str
) -> None:
    reason = "something_of_a_service"  # no rule of the house knows it
    answer = await raises(http, acme, customerId=other_customer, reason=reason, priority=word)
    assert (answer.status_code, answer.json()["priority"]) == (201, priority)


# what is called, what with, and the status while it is pending, assigned to AG1, led by AG1, resolved
CALLS: tuple[tuple[str, dict[str, Any], tuple[int, int, int, int]], ...] = (
    ("assign", {}, (200, 409, 409, 409)),
    ("takeover", {}, (200, 200, 409, 409)),
    ("release", {"to": "queue"}, (409, 200, 200, 409)),
    ("release", {"to": "assistant"}, (409, 200, 200, 409)),
    ("reply", {"body": "Good morning"}, (409, 200, 200, 409)),
    ("note", {"body": "called twice"}, (200, 200, 200, 200)),
    ("priority", {"priority": "P0"}, (409, 200, 200, 409)),
    ("resolve", {"resolution": "handled"}, (409, 200, 200, 409)),
    ("reopen", {}, (409, 409, 409, 200)),
)
BEFORE: tuple[tuple[str, ...], ...] = ((), ("assign",), ("takeover",), ("takeover", "resolve"))


@pytest.mark.parametrize("state", range(4), ids=("pending", "assigned", "in_progress", "resolved"))
async def test_each_call_is_done_or_refused_with_who_and_since_when(
    http: httpx2.AsyncClient, acme: Client, database: Database, state: int
) -> None:
    for number, (verb, body, statuses) in enumerate(CALLS):
        code = f"N{number}"
        await database.write(lambda uow, code=code: customer_with_conversation(uow, acme, code))  # type: ignore[misc]
        reference = (await raises(http, acme, customerId=code)).json()["id"]
        desk = Desk(http, acme, "AG1", reference)
        for step in BEFORE[state]:
            done = await desk.does(step, **({"resolution": "handled"} if step == "resolve" else {}))
            assert done.status_code == 200, done.text
        answer = await desk.does(verb, **body)
        assert answer.status_code == statuses[state], (verb, answer.text)
        if answer.status_code == 409:
            assert reference in answer.json()["detail"]
            assert answer.headers["content-type"] == "application/problem+json"
        else:
            assert answer.json().keys() >= ESCALATION


async def test_the_whole_of_one_has_the_last_fifty_messages_and_every_event(
    http: httpx2.AsyncClient, acme: Client, database: Database
) -> None:
    def much_is_said(uow: UnitOfWork) -> None:
        case = uow.one(BY_ID, id=int(acme.escalation.removeprefix("ESC-")))
        assert case.conversation_id
        for number in range(60):
            write_message(uow, case.conversation_id, "in", "Doug", f"message {number}")

    desk = Desk(http, acme, "AG1")
    await database.write(much_is_said)
    for verb, body in (
        ("assign", {}), ("takeover", {}), ("reply", {"body": "Hello"}), ("note", {"body": "angry"}), ("release", {}),
        ("assign", {}), ("resolve", {"resolution": "converted", "notes": "Booked", "returnToAi": False}), ("reopen", {}),
    ):  # fmt: skip
        assert (await desk.does(verb, **body)).status_code == 200, verb
    whole = await desk.whole()
    assert whole.keys() >= WHOLE
    assert whole["lead"].keys() == LEAD
    assert len(whole["conversation"]) == 50
    assert [one["text"] for one in whole["conversation"][-3:]] == ["message 59", "Hello", "angry"]
    besides = ("customer_told", "routed")
    kinds = [event["kind"].removeprefix("escalation.") for event in whole["timeline"]]
    assert [kind for kind in kinds if "." not in kind and kind not in besides] == [
        "raised", "claimed", "taken_over", "replied", "noted", "released", "claimed", "resolved", "reopened",
    ]  # fmt: skip
    assert {"at", "kind", "actor", "via", "data"} <= whole["timeline"][0].keys()


async def test_next_says_what_happens_by_itself_until_it_is_resolved(http: httpx2.AsyncClient, acme: Client) -> None:
    desk = Desk(http, acme, "AG1")
    assert (await desk.whole())["next"]["act"] == "warn"
    await desk.does("assign")
    after_claim = (await desk.whole())["next"]
    assert (after_claim["act"], after_claim["at"]) == ("expire", "2026-11-23T10:00:00Z")
    assert after_claim["sentence"] == "11:00 → back to the queue if nothing happens, Acme-Ag1 (who has it), Telegram"
    await desk.does("takeover")
    await desk.does("reply", body="Hello")
    assert (await desk.whole())["next"]["act"] == "soon"
    await desk.does("resolve", resolution="handled")
    assert (await desk.whole())["next"] is None


async def test_a_breach_is_counted_and_its_flag_stays_after_the_answer(
    http: httpx2.AsyncClient, acme: Client, database: Database, clock: ManualClock
) -> None:
    clock.advance(5 * 3600)
    await climb_due(database)
    desk = Desk(http, acme, "AG1")
    for verb, body in (("assign", {}), ("reply", {"body": "Sorry"}), ("resolve", {"resolution": "lost"})):
        answer = (await desk.does(verb, **body)).json()
        assert answer["slaBreach"] is True, verb
    queue = (await http.get("/api/escalations?status=resolved", headers=acme.bearer("AG1"))).json()
    assert [one["slaBreach"] for one in queue["queue"]] == [True]
    assert queue["summary"] == {"pending": 0, "assigned": 0, "in_progress": 0, "resolved": 1, "slaBreached": 1}


async def test_the_most_urgent_come_first_page_by_page(
    http: httpx2.AsyncClient, acme: Client, database: Database
) -> None:
    for number, priority in enumerate(("P3", "P0", "P1", "P1")):
        code = f"P{number}"
        await database.write(lambda uow, code=code: customer_with_conversation(uow, acme, code))  # type: ignore[misc]
        await raises(http, acme, customerId=code, reason="something_of_a_service", priority=priority)
    seen, cursor = [], ""
    while cursor is not None:
        answer = await http.get(f"/api/escalations?limit=2&cursor={cursor}", headers=acme.bearer("AG1"))
        seen += [one["priority"] for one in answer.json()["queue"]]
        cursor = answer.json()["nextCursor"]
    assert seen == ["P0", "P1", "P1", "P2", "P3"]


async def test_a_lead_acts_for_another_and_the_same_key_does_it_once(http: httpx2.AsyncClient, acme: Client) -> None:
    path, lead = f"/api/escalations/{acme.escalation}", acme.bearer("TL")
    given = await http.post(f"{path}/assign", json={"teamMemberId": acme("AG2")}, headers=lead)
    assert (given.status_code, given.json()["assignedTo"]) == (200, acme("AG2"))
    refused = await http.post(f"{path}/assign", json={"teamMemberId": acme("AG1")}, headers=lead)
    assert refused.status_code == 409
    assert refused.json()["detail"].startswith(f"Acme-Ag2 has {acme.escalation}, 0 s ago.")
    keyed = lead | {"Idempotency-Key": "note-1"}
    twice = [await http.post(f"{path}/note", json={"body": "once"}, headers=keyed) for _ in range(2)]
    assert [one.status_code for one in twice] == [200, 200]
    timeline = (await http.get(path, headers=lead)).json()["timeline"]
    assert [event["kind"] for event in timeline].count("escalation.noted") == 1


async def test_without_a_token_nothing_is_told(http: httpx2.AsyncClient, acme: Client) -> None:
    for method, path in (
        ("GET", "/api/escalations"),
        ("GET", f"/api/escalations/{acme.escalation}"),
        ("POST", "/api/escalations"),
    ):
        answer = await http.request(method, path, json={})
        assert answer.status_code == 401, path
        assert acme.escalation not in answer.text


async def test_a_client_promises_its_own_service_levels(http: httpx2.AsyncClient, acme: Client) -> None:
    path = "/api/clients/ACME/service-levels"
    usual = (await http.get(path, headers=acme.bearer("AG1"))).json()
    assert usual == {
        "response": [5, 60, 240, 1440], "resolution": [240, 480, 1440, 4320], "claim": [10, 30, 60, 240], "hours": "business",
    }  # fmt: skip
    assert (await http.put(path, json={"hours": "calendar"}, headers=acme.bearer("AG1"))).status_code == 403
    changed = await http.put(path, json={"response": [5, 30, 240, 1440]}, headers=acme.bearer("TL"))
    assert changed.json() == usual | {"response": [5, 30, 240, 1440]}
    wrong = await http.put(path, json={"response": [5, 4, 3, 2]}, headers=acme.bearer("TL"))
    assert (wrong.status_code, wrong.json()["field"]) == (422, "response")
