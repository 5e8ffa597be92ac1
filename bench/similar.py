"""How well similar cases are found: every past case of the sample company is asked for as if it were open, against all the others.

Relevant are the others of the same kind of trouble. Recall at 5: how many of them are among the first five, of the five that
could be. Once with the reason known, once as a customer who only asks for a human.
"""

import asyncio
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from statistics import fmean

from bench.rounds import Line
from bot.sample.seed import CLIENT, seed
from core.clock import Clock
from core.conversations.tables import Message
from core.database import Database
from core.escalations.listing import list_page
from core.escalations.tables import Escalation
from core.guidance.case import Case, read_case
from core.guidance.similar import SHOWN, find_similar
from core.guidance.situations import OF_REASON
from core.mood.mood import mood_of
from core.people.queries import CLIENT_BY_CODE
from core.statements import Reader
from migrations.upgrade import upgrade

UNKNOWN = "requested_human"
AT_LEAST = {"reason known": 0.85, "only words": 0.6}


def recall_at_five(reader: Reader, *, reason_known: bool) -> float:
    client = reader.one(CLIENT_BY_CODE, code=CLIENT.lower())
    past = [one for one in list_page(reader, client.id, status="resolved", limit=500) if one.reason in OF_REASON]
    shares = [_share(reader, one, past, reason_known) for one in past]
    return fmean(share for share in shares if share is not None)


def _share(reader: Reader, asked: Escalation, past: list[Escalation], reason_known: bool) -> float | None:
    kind = OF_REASON[asked.reason]
    relevant = {one.id for one in past if OF_REASON[one.reason] == kind} - {asked.id}
    found = [one.case.id for one in find_similar(reader, _as_open(reader, asked, reason_known))][:SHOWN]
    return len(relevant.intersection(found)) / min(SHOWN, len(relevant)) if relevant else None


def _as_open(reader: Reader, past: Escalation, reason_known: bool) -> Case:
    """As it was when the customer had just written it."""
    said = Message(0, "in", "", past.summary, past.created_at, mood_of(past.summary).score)
    fresh = replace(past, status="pending", reason=past.reason if reason_known else UNKNOWN, summary="")
    return replace(read_case(reader, fresh, past.created_at), messages=(said,), earlier={})


async def _measured(url: str) -> dict[str, float]:
    database = Database(url, Clock())
    try:
        await seed(database, date(2026, 11, 23))
        return {
            "reason known": await database.read(lambda reader: recall_at_five(reader, reason_known=True)),
            "only words": await database.read(lambda reader: recall_at_five(reader, reason_known=False)),
        }
    finally:
        await database.close()


def measure(folder: Path) -> Iterator[Line]:
    url = f"sqlite:///{folder / 'similar.db'}"
    upgrade(url)
    for what, recall in asyncio.run(_measured(url)).items():
        yield Line(f"similar cases, {what}: recall at {SHOWN}", f"{recall:.2f}", "", recall, "", AT_LEAST[what])
