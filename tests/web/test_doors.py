"""What stands in front of everything: webhooks, health, headers, limits, and errors in one shape."""

from collections.abc import AsyncIterator

import httpx2
import pytest

from channels.asgi import Receive, Scope, Send, respond
from core.database import Database
from core.executor import execute
from core.people.commands import CreateToken, RevokeToken
from core.people.secrets import list_tokens
from tests.web.house import Client, Given, app_of, browser
from web.app import Check
from web.front import BODY_LIMIT, HEADERS


async def _hook(scope: Scope, receive: Receive, send: Send) -> None:
    await respond(send, 200, scope["method"].encode())


async def test_a_webhook_is_reached_by_its_exact_path_only(given: Given) -> None:
    async with browser(app_of(given, webhooks={"/telegram/webhook": _hook})) as http:
        assert (await http.post("/telegram/webhook")).text == "POST"
        assert (await http.post("/telegram/webhook/")).status_code == 404
        assert (await http.post("/slack/events")).status_code == 404


@pytest.mark.parametrize("path", ["/", "/healthz", "/api/nothing", "/nothing", "/login/x", "/static/callboard.css"])
async def test_every_answer_carries_the_headers(http: httpx2.AsyncClient, acme: Client, path: str) -> None:
    answer = await http.get(path)
    for name, value in HEADERS.items():
        assert answer.headers.get_list(name) == [value]
    assert "strict-transport-security" not in answer.headers


async def test_pages_need_no_inline_script_or_style(http: httpx2.AsyncClient) -> None:
    page = (await http.get("/")).text
    assert "<style" not in page
    assert " style=" not in page
    assert "script>" not in page.replace("></script>", "")


async def test_a_text_that_no_database_keeps_is_refused(http: httpx2.AsyncClient, acme: Client) -> None:
    who = acme.bearer("ADM")
    answers = [
        await http.get("/api/tickets/%00", headers=who),
        await http.get("/api/tickets?branchId=%00", headers=who),
        await http.post("/api/escalations/ESC-1/note", json={"body": "a\0b"}, headers=who),
    ]
    assert [answer.status_code for answer in answers] == [422, 422, 422]


async def test_alive(http: httpx2.AsyncClient) -> None:
    assert (await http.get("/healthz")).status_code == 200


async def test_ready_names_what_is_not(http: httpx2.AsyncClient, given: Given) -> None:
    assert (await http.get("/readyz")).json()["ready"] is True
    given.checks.append(Check("slack", ok=False, sentence="Slack refuses everything: invalid_auth."))
    answer = await http.get("/readyz")
    assert answer.status_code == 503
    assert answer.json()["notOk"] == ["Slack refuses everything: invalid_auth."]


async def test_the_numbers_hold_no_names(http: httpx2.AsyncClient, acme: Client, beta: Client) -> None:
    await http.get(f"/api/escalations/{acme.escalation}", headers=acme.bearer("AG1"))
    text = (await http.get("/metrics")).text
    for line in (
        'callboard_deliveries{channel="telegram",state="pending"}', 'callboard_open_escalations{status="pending"} 2.0',
        'callboard_open_tickets{status="assigned"} 2.0', "callboard_quarantine 0.0", "callboard_oldest_pending_seconds 0.0",
        'callboard_http_answers_total{door="api",status="200"} 1.0',
    ):  # fmt: skip
        assert line in text, line
    assert "ACME" not in text
    for client in (acme, beta):
        await http.post(f"/api/tickets/{client.ticket}/accept", headers=client.bearer("T1"))
    later = (await http.get("/metrics")).text
    assert 'callboard_open_tickets{status="in_progress"} 2.0' in later
    assert 'callboard_open_tickets{status="assigned"}' not in later
    assert "ESC-" not in text


async def test_without_a_right_token_nothing_is_answered(
    http: httpx2.AsyncClient, acme: Client, database: Database
) -> None:
    token = await database.write(lambda uow: execute(CreateToken(acme.people["AG1"]), uow))
    newest = (await database.read(list_tokens))[-1].id
    await database.write(lambda uow: execute(RevokeToken(newest), uow))
    for headers in (
        {},
        {"Authorization": "Bearer cb_wrong"},
        {"Authorization": f"Bearer {token}"},
        {"Authorization": "Basic eA=="},
    ):
        answer = await http.get("/api/escalations", headers=headers)
        assert (answer.status_code, answer.headers["www-authenticate"]) == (401, "Bearer")
        assert answer.headers["content-type"] == "application/problem+json"
        assert answer.json()["detail"]


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/api/nothing", 404),
        ("GET", "/api", 404),
        ("DELETE", "/api/tickets", 405),
        ("GET", "/api/tickets/TKT-1", 404),
    ],
)
async def test_an_error_is_a_problem_with_a_sentence(
    http: httpx2.AsyncClient, acme: Client, method: str, path: str, status: int
) -> None:
    answer = await http.request(method, path, headers=acme.bearer("ADM"))
    assert answer.headers["content-type"] == "application/problem+json"
    body = answer.json()
    assert (answer.status_code, body["status"], body["type"]) == (status, status, "about:blank")
    assert body["detail"].endswith(".")


async def test_a_page_that_is_not_there_is_a_page(http: httpx2.AsyncClient) -> None:
    answer = await http.get("/nothing")
    assert answer.status_code == 404
    assert "There is nothing at this address." in answer.text


@pytest.mark.parametrize("body", [b"{", b"", b"[]", b"null", b'"x"', b"\xff\xfe"])
async def test_a_body_that_is_no_object_is_refused(http: httpx2.AsyncClient, acme: Client, body: bytes) -> None:
    headers = acme.bearer("DIS") | {"content-type": "application/json"}
    answer = await http.post("/api/tickets", content=body, headers=headers)
    assert answer.status_code in (400, 422)
    assert answer.headers["content-type"] == "application/problem+json"


async def test_a_body_that_is_too_long_is_refused_with_and_without_its_length(
    http: httpx2.AsyncClient, acme: Client
) -> None:
    headers = acme.bearer("DIS") | {"content-type": "application/json"}
    large = b'{"description": "' + b"x" * BODY_LIMIT + b'"}'
    answer = await http.post("/api/tickets", content=large, headers=headers)
    assert (answer.status_code, answer.json()["status"]) == (413, 413)

    async def pieces() -> AsyncIterator[bytes]:
        for start in range(0, len(large), 65536):
            yield large[start : start + 65536]

    chunked = await http.post("/api/tickets", content=pieces(), headers=headers)
    assert (chunked.status_code, chunked.json()["detail"]) == (413, "The body may have 2 MB at most, a photo 20 MB.")


@pytest.mark.logs_errors
async def test_what_breaks_is_said_without_its_insides(acme: Client, given: Given) -> None:
    given.failure = RuntimeError("a secret of the house")
    async with browser(app_of(given)) as http:
        answer = await http.post("/api/clock", json={"advanceSeconds": 1}, headers=acme.bearer("ADM"))
    assert answer.status_code == 500
    assert "secret of the house" not in answer.text
    assert answer.headers["x-content-type-options"] == "nosniff"
