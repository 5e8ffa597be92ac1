"""What `callboard doctor` looks at. Every finding says in one sentence how it stands and, when it is not well, what to do."""

import asyncio
from collections.abc import Iterator
from datetime import timedelta

from bot.accounts import connect, lane_accounts
from bot.findings import Finding
from bot.model import examine_model
from bot.settings import Settings
from bot.settings_check import findings_of_settings
from channels.base import Answer, Sender, Source
from channels.failures import SendFailure
from core.audit.inbox import count_quarantined
from core.clock import Clock, wall_time
from core.database import STORAGE_ERRORS, Database
from core.model.budget import spent_on
from core.outbox.lane_overview import watch_lanes
from core.outbox.queries import count_trouble_of_all
from core.people.queries import CLIENTS
from core.scheduling.queries import find_kept, find_last_tick
from core.statements import Reader
from migrations.upgrade import at_head

PATIENCE = 15.0  # seconds for a platform to answer


async def examine(settings: Settings) -> list[Finding]:
    findings = findings_of_settings(settings)
    stored = await _storage(settings)
    findings.append(stored)
    if stored.state == "ok":
        findings += await _contents(settings)
    return [*findings, *await _channels(settings), *await examine_model(settings)]


async def _storage(settings: Settings) -> Finding:
    try:
        current = await asyncio.to_thread(at_head, settings.database_url)
    except STORAGE_ERRORS as error:
        return Finding("database", "fail", f"It does not answer: {error}")
    if not current:
        return Finding("database", "fail", "It is not up to date. Run: callboard migrate")
    return Finding("database", "ok", "It answers and is up to date.")


async def _contents(settings: Settings) -> list[Finding]:
    database = Database(settings.database_url, Clock())
    try:
        return await database.read(lambda reader: list(_found_in(reader, settings)))
    finally:
        await database.close()


def _found_in(reader: Reader, settings: Settings) -> Iterator[Finding]:
    yield from _clients(reader, settings.default_client)
    yield _clock(reader)
    yield _count(
        "quarantine", count_quarantined(reader), "inbound payloads could not be understood. See /api/quarantine"
    )
    yield from _lanes(reader, settings)
    yield from _model(reader, settings)
    trouble = count_trouble_of_all(reader)
    for state, words in (("failed", "messages were refused for good"), ("uncertain", "messages may not have arrived")):
        yield _count(f"deliveries {state}", trouble[state], f"{words}. See: callboard export deliveries")


def _model(reader: Reader, settings: Settings) -> Iterator[Finding]:
    budget, spent = settings.llm_tokens_per_day, spent_on(reader, wall_time().date())
    if not settings.llm_base_url or not spent.calls:
        return
    of = f" of {budget:,}" if budget else ""
    used = f"{spent.tokens:,}{of} tokens today in {spent.calls} calls; {spent.unused} answers could not be used."
    yield Finding("model tokens", "warn" if budget and spent.tokens > 0.9 * budget else "ok", used)


def _lanes(reader: Reader, settings: Settings) -> Iterator[Finding]:
    """What the dispatchers have written down; whether a platform answers just now is asked as well."""
    offset = timedelta(seconds=float(find_kept(reader, "clock_offset_seconds") or 0))
    now = wall_time() + offset
    names = [account.name for account in lane_accounts(settings)]
    for lane in watch_lanes(reader, names, now, unmoved=wall_time()):
        condition = lane.condition(now)
        if condition not in ("works", "ownerless"):
            hint = " callboard lanes reset ends it." if lane.state.trouble(now) else ""
            yield Finding(
                f"lane {lane.name}", "fail" if condition == "broken" else "warn", f"{lane.sentence(now)}.{hint}"
            )
        elif condition == "ownerless" and lane.waiting:
            yield Finding(f"lane {lane.name}", "warn", f"{lane.waiting} messages wait. {lane.sentence(now)}")


def _count(name: str, number: int, words: str) -> Finding:
    return Finding(name, "warn", f"{number} {words}") if number else Finding(name, "ok", "None.")


def _clients(reader: Reader, default: str) -> Iterator[Finding]:
    codes = [unit.code for unit in reader.all(CLIENTS)]
    if not codes:
        yield Finding("clients", "warn", "There is no client yet. Run: callboard import units FILE")
    elif default and default.lower() not in [code.lower() for code in codes]:
        yield Finding("DEFAULT_CLIENT", "fail", f"There is no client “{default}”; known are {', '.join(codes)}.")
    elif not default and len(codes) > 1:
        yield Finding(
            "DEFAULT_CLIENT",
            "warn",
            f"Set it to one of {', '.join(codes)}: nobody knows whom an unknown customer writes to.",
        )


def _clock(reader: Reader) -> Finding:
    offset = timedelta(seconds=float(find_kept(reader, "clock_offset_seconds") or 0))
    last = find_last_tick(reader, "climb")
    if last and last > wall_time() + offset + timedelta(minutes=1):
        return Finding("clock", "fail", f"It is behind: the program was at work at {last:%Y-%m-%d %H:%M} UTC already.")
    if offset:
        return Finding("clock", "warn", f"The program's clock was moved forward by {offset}.")
    return Finding("clock", "ok", f"{wall_time():%Y-%m-%d %H:%M} UTC.")


async def _channels(settings: Settings) -> list[Finding]:
    connected, off = connect(settings, _nobody_listens, wall_time)
    asked = await asyncio.gather(*(_ask(one.sender) for one in connected))
    await asyncio.gather(*(one.sender.close() for one in connected), return_exceptions=True)
    return [*(Finding(one.name, "fail", one.sentence) for one in off), *asked]


async def _ask(sender: Sender) -> Finding:
    name = f"{sender.channel}:{sender.account}"
    try:
        async with asyncio.timeout(PATIENCE):
            return Finding(name, "ok", f"It works as {await sender.check()}.")
    except SendFailure as failure:
        return Finding(name, "fail", failure.reason)
    except TimeoutError:
        return Finding(name, "fail", f"The platform has not answered within {PATIENCE:.0f} seconds.")


async def _nobody_listens(_source: Source, _body: bytes) -> Answer:
    return Answer()
