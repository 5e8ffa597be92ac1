"""A POST that names itself with a key has its effect once."""

import asyncio

import httpx2

from channels.failures import TemporaryFailure
from tests.web.examples import posts
from tests.web.house import Client, Given


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


async def test_every_post_honours_its_key(http: httpx2.AsyncClient, acme: Client) -> None:
    """With the description's own example: what is done is answered again as it was, and the key is spent for anything else."""
    honoured = []
    for path, body in await posts(http, acme):
        headers = acme.bearer("ADM") | {"Idempotency-Key": path}
        first = await http.post(path, json=body, headers=headers)
        if not first.is_success:
            continue  # refused: the key stays free
        again = await http.post(path, json=body, headers=headers)
        other = await http.post(path, json=body | {"more": 1}, headers=headers)
        assert (again.status_code, again.content) == (first.status_code, first.content), path
        assert again.headers["idempotency-replayed"] == "true", path
        assert (other.status_code, other.json()["field"]) == (422, "Idempotency-Key"), path
        honoured.append(path)
    assert len(honoured) > 20, honoured
