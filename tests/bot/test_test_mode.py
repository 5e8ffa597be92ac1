"""Test mode: it starts only with somewhere to send everything to, and whoever looks is told that it is on."""

from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr
from sqlalchemy import select

from bot.assembly import Program, open_database
from bot.receive import Door
from bot.settings import Settings
from bot.settings_check import findings_of_settings
from bot.test_mode import number_of
from channels.base import Receipt, Source
from channels.webhooks.sender import WebhookSender
from core.database import Database
from core.errors import Invalid
from core.outbox.dispatching import Settlement, claim, settle
from core.outbox.notify import Notification, tell_person
from core.people.tables import contact_methods
from core.unit_of_work import UnitOfWork
from jobs.redirect import Redirected
from tests import builders
from tests.conftest import START

WHATSAPP = {
    "whatsapp_access_token": SecretStr("token"),
    "whatsapp_phone_number_id": "1",
    "whatsapp_app_secret": SecretStr("secret"),
    "whatsapp_verify_token": SecretStr("verify"),
}


def settings(folder: Path, **given: Any) -> Settings:
    row = {"escalation_test_mode": True, "telegram_bot_token": SecretStr("1000001:token")} | given
    return Settings(database_url=f"sqlite:///{folder / 'callboard.db'}", **row)


def found(chosen: Settings) -> dict[str, str]:
    return {finding.name: finding.state for finding in findings_of_settings(chosen)}


@pytest.mark.parametrize(
    ("given", "sentence", "setting"),
    [
        (WHATSAPP, "no number to send everything to: set TEST_PHONE_NUMBER", "TEST_PHONE_NUMBER"),
        (WHATSAPP | {"test_phone_number": "n/a"}, "set TEST_PHONE_NUMBER", "TEST_PHONE_NUMBER"),
        (
            {"test_phone_number": "+44 7700 900999"},
            "WhatsApp, over which everything goes, is off",
            "WHATSAPP_ACCESS_TOKEN",
        ),
    ],
)
async def test_without_a_place_to_send_everything_to_it_does_not_start(
    tmp_path: Path, given: dict[str, Any], sentence: str, setting: str
) -> None:
    chosen = settings(tmp_path, **given)
    database = open_database(chosen)
    with pytest.raises(Invalid, match=sentence):
        Program(chosen, database)
    await database.close()
    assert found(chosen)[setting] == "fail"


async def test_every_lane_is_redirected_and_readyz_says_so(tmp_path: Path) -> None:
    chosen = settings(tmp_path, **WHATSAPP, test_phone_number="+44 7700 900999")
    assert number_of(chosen) == "447700900999"
    assert found(chosen)["ESCALATION_TEST_MODE"] == "warn"
    program = Program(chosen, open_database(chosen), only=frozenset({"web"}))
    try:
        assert [type(lane.sender) for lane in program.lanes] == [Redirected, Redirected, WebhookSender]
        check = next(check for check in await program.readiness.checks() if check.name == "test mode")
        assert check.ok
        assert check.sentence == "The test mode is on: everything goes to the number …99, and nothing to anybody else."
    finally:
        await program.stop()


async def test_switched_off_a_number_alone_changes_nothing(tmp_path: Path) -> None:
    chosen = settings(tmp_path, **WHATSAPP, test_phone_number="+447700900999", escalation_test_mode=False)
    program = Program(chosen, open_database(chosen), only=frozenset({"web"}))
    assert not any(isinstance(lane.sender, Redirected) for lane in program.lanes)
    assert "test mode" not in {check.name for check in await program.readiness.checks()}
    await program.stop()


@pytest.mark.parametrize(("test_mode", "trusted"), [(True, True), (False, False)])
async def test_a_dead_test_number_says_nothing_about_the_people(
    database: Database, test_mode: bool, trusted: bool
) -> None:
    def sent(uow: UnitOfWork) -> None:
        person = builders.person(uow, builders.client(uow), "technician", "ANA")
        tell_person(uow, person, Notification("reply.text", {"text": "Hello"}))
        settle(uow, [Settlement(one, "sent", external_id="m1") for one in claim(uow, "telegram", "default", 1)])

    await database.write(sent)
    lost = Receipt(
        "whatsapp", "default", ("status:m1:failed",), "m1", "failed", START, 1, "131026", "gone", unreachable=True
    )
    await Door(database, "", {}, test_mode=test_mode).take(Source("whatsapp", "default", lambda body: [lost]), b"")

    def unreachable(uow: UnitOfWork) -> bool:
        found = uow.connection.execute(select(contact_methods.c.unreachable_since)).scalar_one()
        return found is None

    assert await database.write(unreachable) is trusted
