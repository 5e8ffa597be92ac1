"""A POST that names itself with a key has its effect once."""

import asyncio
from functools import partial

import httpx2
from sqlalchemy import select

from channels.failures import TemporaryFailure
from core.audit.happenings import newest_id
from core.audit.tables import events
from core.database import Database
from core.statements import Reader
from tests.web.examples import posts
from tests.web.house import Client, Given

NO_TRANSACTION = (
    "/ai-generate-response", "/answers/try", "/clock", "/dry-run", "/preview", "/replay", "/run-manual", "/test/whatsapp",
)  # fmt: skip
"""What takes longer than a transaction may, or leaves the house."""
REPLAYED = "idempotency-replayed"


def _body(acme: Client, **other: str) -> dict[str, str]:
    return {"branchId": acme("N1"), "subcategoryId": "noise", "description": "Hums"} | other


def _keyed(acme: Client, key: str = "k-1", who: str = "DIS") -> dict[str, str]:
    return acme.bearer(who) | {"Idempotency-Key": key}


async def _count(http: httpx2.AsyncClient, acme: Client) -> int:
    return len((await http.get("/api/tickets?limit=200", headers=acme.bearer("DIS"))).json()["items"])


async def test_the_same_request_is_answered_twice_and_done_once(http: httpx2.AsyncClient, acme: Client) -> None:
    before = await _count(http, acme)
    answers = [await http.post("/api/tickets", json=_body(acme), headers=_keyed(acme)) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [201, 201]
    assert answers[0].content == answers[1].content
    assert answers[1].headers["idempotency-replayed"] == "true"
    assert await _count(http, acme) == before + 1


async def test_many_at_once_have_one_effect(http: httpx2.AsyncClient, acme: Client) -> None:
    before = await _count(http, acme)
    answers = await asyncio.gather(
        *(http.post("/api/tickets", json=_body(acme), headers=_keyed(acme)) for _ in range(12))
    )
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.json()["id"] for answer in answers}) == 1
    assert await _count(http, acme) == before + 1


async def test_the_same_key_for_something_else_is_refused(http: httpx2.AsyncClient, acme: Client) -> None:
    await http.post("/api/tickets", json=_body(acme), headers=_keyed(acme))
    other_body = await http.post("/api/tickets", json=_body(acme, priority="LOW"), headers=_keyed(acme))
    assert (other_body.status_code, other_body.json()["field"]) == (422, "Idempotency-Key")
    path = f"/api/tickets/{acme.ticket}/cancel"
    assert (await http.post(path, json=_body(acme), headers=_keyed(acme))).status_code == 422  # another body, too
    accept = await http.post(f"/api/tickets/{acme.ticket}/accept", json=_body(acme), headers=_keyed(acme))
    assert (accept.status_code, accept.json()["field"]) == (422, "Idempotency-Key")


async def test_a_key_belongs_to_whoever_made_it_up(http: httpx2.AsyncClient, acme: Client, beta: Client) -> None:
    await http.post("/api/tickets", json=_body(acme), headers=_keyed(acme))
    colleague = await http.post("/api/tickets", json=_body(acme, priority="LOW"), headers=_keyed(acme, who="ADM"))
    stranger = await http.post("/api/tickets", json=_body(beta), headers=_keyed(beta))
    assert (colleague.status_code, stranger.status_code) == (201, 201)
    assert stranger.json()["branch"]["id"] == beta("N1")


async def test_a_refused_request_leaves_its_key_free(http: httpx2.AsyncClient, acme: Client) -> None:
    path = f"/api/tickets/{acme.ticket}/arrive"
    refused = await http.post(path, headers=_keyed(acme, who="T1"))
    assert refused.status_code == 409
    await http.post(f"/api/tickets/{acme.ticket}/accept", headers=acme.bearer("T1"))
    assert (await http.post(path, headers=_keyed(acme, who="T1"))).status_code == 200


async def test_an_effect_outside_the_database_happens_once(
    http: httpx2.AsyncClient, acme: Client, given: Given
) -> None:
    body = {"phoneNumber": "+34 600 111 222", "message": "Hello"}
    answers = [await http.post("/api/test/whatsapp", json=body, headers=_keyed(acme, who="ADM")) for _ in range(2)]
    assert [answer.json() for answer in answers] == [{"sent": True, "messageId": "send_test-1"}] * 2
    assert given.asked == [("send_test", "whatsapp", "34600111222", "Hello")]


async def test_an_effect_that_failed_outside_may_be_tried_again(
    http: httpx2.AsyncClient, acme: Client, given: Given
) -> None:
    body, headers = {"phoneNumber": "+34600111222", "message": "Hello"}, _keyed(acme, who="ADM")
    given.failure = TemporaryFailure("off", "WhatsApp does not answer.")
    assert (await http.post("/api/test/whatsapp", json=body, headers=headers)).status_code == 502
    given.failure = None
    assert (await http.post("/api/test/whatsapp", json=body, headers=headers)).status_code == 200


async def test_a_key_has_its_length(http: httpx2.AsyncClient, acme: Client) -> None:
    answer = await http.post("/api/tickets", json=_body(acme), headers=_keyed(acme, "x" * 201))
    assert (answer.status_code, answer.json()["field"]) == (422, "Idempotency-Key")


async def test_every_post_honours_its_key(http: httpx2.AsyncClient, acme: Client, database: Database) -> None:
    """With the description's own example, twice at once: it is done once, the other one is answered the same or told to ask again;
    what was done is answered again as it was, and the key is spent for anything else."""
    honoured = []
    for path, body in await posts(http, acme):
        headers = acme.bearer("ADM") | {"Idempotency-Key": path}
        before = await database.read(newest_id)
        both = await asyncio.gather(*(http.post(path, json=body, headers=headers) for _ in range(2)))
        first = next((one for one in both if one.is_success and REPLAYED not in one.headers), None)
        if first is None:
            assert not any(one.is_success for one in both), path
            continue  # refused: the key stays free
        second = both[0] if first is both[1] else both[1]
        again = await http.post(path, json=body, headers=headers)
        other = await http.post(path, json=body | {"more": 1}, headers=headers)
        if second.status_code == 409:
            assert path.endswith(NO_TRANSACTION), path
            assert "at work" in second.json()["detail"], path
        else:
            assert (second.status_code, second.content) == (first.status_code, first.content), path
            assert second.headers[REPLAYED] == "true", path
        assert (again.status_code, again.content) == (first.status_code, first.content), path
        assert again.headers[REPLAYED] == "true", path
        assert (other.status_code, other.json()["field"]) == (422, "Idempotency-Key"), path
        happened = await database.read(partial(_happened, since=before))
        assert len(set(happened)) == len(happened), path
        honoured.append(path)
    assert len(honoured) > 20, honoured


def _happened(reader: Reader, since: int) -> list[str]:
    """Each as its words: what is done twice happens twice."""
    said = select(events.c.kind, events.c.subject_kind, events.c.subject_id, events.c.data).where(events.c.id > since)
    return [str(tuple(row)) for row in reader.connection.execute(said)]
