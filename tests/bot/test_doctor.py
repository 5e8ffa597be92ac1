"""The doctor says what is wrong and what to do, and fails only when something does not work."""

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import uvicorn

from bot.doctor import examine
from bot.findings import Finding
from bot.sample.seed import seed, today_there
from bot.settings import Settings
from core.audit.inbox import put_aside
from core.clock import Clock
from core.database import Database
from core.model.budget import take
from migrations.upgrade import upgrade
from sandbox.server import create_app


@pytest.fixture
def sandbox() -> Iterator[str]:
    """Stand-ins of the platforms on a port of their own."""
    server = uvicorn.Server(uvicorn.Config(create_app(), port=0, log_level="warning", ws="none"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        thread.join(0.01)
    yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    server.should_exit = True
    thread.join()


@pytest.fixture
def url(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.chdir(tmp_path)
    return f"sqlite:///{tmp_path / 'callboard.db'}"


async def _found(**settings: Any) -> dict[str, Finding]:
    return {finding.name: finding for finding in await examine(Settings(**settings))}


async def test_a_database_without_tables_fails(url: str) -> None:
    found = await _found(database_url=url)
    assert (found["database"].state, found["database"].sentence) == (
        "fail",
        "It is not up to date. Run: callboard migrate",
    )


async def test_channels_are_asked_who_we_are(url: str, sandbox: str) -> None:
    upgrade(url)
    found = await _found(
        database_url=url,
        telegram_bot_token="1000001:sandbox-telegram-token",
        telegram_api_url=f"{sandbox}/telegram",
        slack_bot_token="xoxb-wrong",
        slack_signing_secret="x",
        slack_api_url=f"{sandbox}/slack/api/",
        whatsapp_access_token="sandbox-whatsapp-token",
    )
    assert found["telegram:default"] == Finding("telegram:default", "ok", "It works as @callboard_sandbox_bot.")
    assert found["slack:default"].state == "fail"
    assert (found["whatsapp:default"].state, "WHATSAPP_PHONE_NUMBER_ID" in found["whatsapp:default"].sentence) == (
        "fail",
        True,
    )
    assert found["database"].state == "ok"


async def test_misspelt_and_contradictory_settings_are_named(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("TELEGRAM_BOT_TOKN", "WHATSAPP_COLOUR", "PUBLIC_URI", "SOMEBODY_ELSES"):
        monkeypatch.setenv(name, "x")
    Path(".env").write_text("SLACK_SIGNING_SECRE=1\n")  # noqa: ASYNC240
    found = await _found(
        database_url=url, escalation_test_mode=True, escalation_cron_schedule="sometimes", llm_api_key="x"
    )
    assert found["TELEGRAM_BOT_TOKN"].sentence.endswith("Did you mean TELEGRAM_BOT_TOKEN?")
    assert found["PUBLIC_URI"].sentence.endswith("Did you mean PUBLIC_URL?")
    assert found["SLACK_SIGNING_SECRE"].state == found["WHATSAPP_COLOUR"].state == found["LLM_BASE_URL"].state == "warn"
    assert found["TEST_PHONE_NUMBER"].state == found["ESCALATION_CRON_SCHEDULE"].state == "fail"
    assert "SOMEBODY_ELSES" not in found


async def test_what_lies_in_the_database_is_looked_at(url: str) -> None:
    upgrade(url)
    database = Database(url, Clock())
    await seed(database, today_there(database.clock.now()))
    await database.write(lambda uow: put_aside(uow, "slack", "default", "{", "ValueError", "..."))
    await database.close()
    found = await _found(database_url=url)
    assert found["DEFAULT_CLIENT"].state == "warn"
    assert found["quarantine"].sentence.startswith("1 inbound payloads")
    assert found["deliveries failed"].state == found["clock"].state == "ok"
    assert (await _found(database_url=url, default_client="nobody"))["DEFAULT_CLIENT"].state == "fail"


async def test_a_model_is_asked_whether_it_can_be_used(url: str, sandbox: str) -> None:
    upgrade(url)
    database = Database(url, Clock())
    await database.write(lambda uow: take(uow, 950, 1000))
    await database.close()
    at = {"database_url": url, "llm_base_url": f"{sandbox}/model/v1", "llm_tokens_per_day": 1000}
    works = await _found(**at, llm_api_key="sandbox-model-key", llm_model="sandbox-1")
    assert works["model"] == Finding("model", "ok", "It answers and has the model sandbox-1.")
    assert works["model tokens"].state == "warn"
    assert works["model tokens"].sentence.startswith("950 of 1,000 tokens today in 1 calls")
    assert "refuses the key" in (await _found(**at, llm_api_key="x", llm_model="sandbox-1"))["model"].sentence
    assert "it has sandbox-1" in (await _found(**at, llm_api_key="sandbox-model-key", llm_model="x"))["model"].sentence
    nobody = at | {"llm_base_url": "http://127.0.0.1:9/v1"}
    assert "could not be reached" in (await _found(**nobody, llm_model="x"))["model"].sentence
    assert (await _found(llm_base_url="x", llm_model="x"))["LLM_BASE_URL"].state == "fail"
