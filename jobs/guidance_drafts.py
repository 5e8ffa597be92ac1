"""Letting a model word the advice for cases that somebody has in hand, so that it is there when they ask for it."""

import asyncio

from channels.model.model import Model
from channels.model.wording import word
from core.database import Database
from core.escalations.tables import Escalation
from core.guidance.asking import Asked, advice_on
from core.guidance.drafts import list_wanted, put_draft
from core.people.queries import get_person
from core.statements import Reader

AT_ONCE = 4


async def draft_guidance(database: Database, model: Model) -> int:
    """How many were asked for. What cannot be used is written down too: the built-in words stay until it is asked again."""
    wanted = await database.read(lambda reader: list_wanted(reader, database.clock.now(), AT_ONCE))
    await asyncio.gather(*(_draft(database, model, one) for one in wanted))
    return len(wanted)


async def _draft(database: Database, model: Model, escalation: Escalation) -> None:
    asked, language = await database.read(lambda reader: _advice(database, reader, escalation))
    words = await word(model, asked.case, asked.advice, language)
    await database.write(lambda uow: put_draft(uow, asked.case, asked.speaker, language, words))


def _advice(database: Database, reader: Reader, escalation: Escalation) -> tuple[Asked, str]:
    assert escalation.assigned_to is not None
    person = get_person(reader, escalation.assigned_to)
    asked = advice_on(reader, escalation, database.clock.now(), agent=person.name, language=person.language)
    return asked, person.language
