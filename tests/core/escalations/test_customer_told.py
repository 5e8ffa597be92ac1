"""What the customer hears when a human is called: by whom, until when, and the number, in their language."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from core.conversations.queries import list_last_messages
from core.conversations.tables import conversations, customers
from core.database import Database
from core.escalations.customer_told import what_happens
from core.escalations.queries import get_escalation
from core.escalations.tables import Escalation
from core.unit_of_work import UnitOfWork
from tests import builders
from tests.conftest import START
from tests.core.escalations.desk import furnished, raised

ZONE = "Europe/Madrid"


@pytest.fixture
async def case(database: Database) -> Escalation:
    return await database.write(lambda uow: raised(uow, furnished(uow)))


@pytest.mark.parametrize(
    ("language", "team", "person", "hours", "said"),
    [
        ("en", "", "", 1, "a colleague will write to you here by 11:00. Your number is ESC-1."),
        ("en", "billing", "", 1, "our billing team will write to you here by 11:00."),
        ("en", "billing", "Ana", 1, "Ana will write to you here by 11:00."),
        ("en", "", "", 24, "by Tuesday 24 November, 10:00."),
        ("de", "engineering", "", 1, "unsere Technik schreibt Ihnen hier, spätestens um 11:00. Ihre Nummer ist ESC-1."),
        ("de", "", "", 24, "spätestens Dienstag, 24. November, um 10:00."),
        ("es", "legal", "", 1, "nuestro equipo jurídico le escribirá aquí, a más tardar a las 11:00."),
        ("es", "", "", 24, "a más tardar el martes 24 de noviembre a las 10:00."),
        ("fr", "unheard_of", "", 1, "a colleague will write to you here by 11:00."),
    ],
)
async def test_who_writes_and_until_when(
    case: Escalation, language: str, team: str, person: str, hours: int, said: str
) -> None:
    asked = replace(case, team=team, response_due_at=START + timedelta(hours=hours))
    assert said in what_happens(asked, language, ZONE, START, person)


@pytest.mark.parametrize(
    ("led_by", "tells", "told"), [("assistant", True, 1), ("human", True, 0), ("assistant", False, 0)]
)
async def test_told_once_unless_a_human_speaks_or_it_is_not_wanted(
    database: Database, led_by: str, tells: bool, told: int
) -> None:
    def work(uow: UnitOfWork) -> Any:
        desk = furnished(uow)
        builders.change(uow, conversations, desk.conversation, led_by=led_by)
        builders.change(uow, customers, desk.customer, language="de")
        first = raised(uow, desk, tells_customer=tells)
        raised(uow, desk, "legal", tells_customer=tells)
        words = [left for left in builders.outbox(uow, channel="whatsapp") if "ESC-1" in str(left.facts.get("text"))]
        kept = [
            one.text for one in list_last_messages(uow, desk.conversation, 5) if "Ihre Nummer ist ESC-1" in one.text
        ]
        return len(words), len(kept), get_escalation(uow, first.id).customer_told_at is not None

    assert await database.write(work) == (told, told, bool(told))
