"""When units work and people may be told, and how people want their updates: hours of /api/units and /api/people, bundling."""

from dataclasses import asdict
from datetime import date, datetime, timedelta
from typing import Annotated

from fastapi import APIRouter
from pydantic import Field

from core.actor import Actor
from core.calendars.commands import SetOwnHours, SetPersonHours, SetUnitHours
from core.calendars.opening import Opening
from core.calendars.shown import Shown, shown_for_person, shown_for_unit
from core.executor import execute
from core.outbox.bundling import EVERYTHING, KEYS, Bundling, rule_of
from core.outbox.commands import SetBundling, SetOwnBundling
from core.people.queries import get_person, get_unit, home_of
from core.people.tables import Person, Unit
from core.statements import Reader
from core.unit_of_work import UnitOfWork
from web.api.desk import AtDesk
from web.api.json import Asked, Out, example
from web.api.people import person_by_code
from web.sight import check_sight, unit_by_code

router = APIRouter(prefix="/api", tags=["people"])

Text = Annotated[str, Field(max_length=500)]


class CountsOut(Out):
    """What holds, said here or inherited. `opensAt`: now while it is open. For people, open means that they may be told what can
    wait."""

    time_zone: str
    hours: str
    holidays: str
    closed_on: list[date]
    open_now: bool
    opens_at: datetime


class HoursOut(Out):
    """What was said here; empty: nothing."""

    hours: str
    holidays: str
    closed_on: list[date]
    counts: CountsOut


class PersonHoursOut(HoursOut):
    quiet: str


class HoursIn(Asked):
    """Replaces what was said; empty: inherited."""

    model_config = example(hours="Mon-Fri 08:00-18:00, Sat 09:00-13:00", holidays="DE-BY", closedOn=["2026-12-24"])
    hours: Text = ""
    holidays: Text = ""
    closed_on: list[date] = Field(default_factory=list, max_length=366)


class PersonHoursIn(HoursIn):
    model_config = example(hours="Mon-Fri 08:00-18:00", holidays="DE-BY", closedOn=["2026-12-24"], quiet="22:00-07:00")
    quiet: Text = ""


class Rule(Asked):
    """`key`: ticket, escalation, or * for all. So many leave at once, further ones are collected for the window."""

    key: Text
    after: int
    window_seconds: float = Field(allow_inf_nan=False)


class RuleOut(Out):
    key: str
    after: int
    window_seconds: float


class BundlingIn(Asked):
    """Replaces what the person chose; what is not named is as the installation has it."""

    model_config = example(rules=[{"key": "ticket", "after": 1, "windowSeconds": 900}])
    rules: Annotated[list[Rule], Field(max_length=20)]


class BundlingOut(Out):
    """`rules`: what the person chose; `counts`: what holds for each kind of update."""

    rules: list[RuleOut]
    counts: list[RuleOut]


@router.get("/units/{code}/hours")
async def unit_hours(desk: AtDesk, code: str) -> HoursOut:
    now = desk.web.clock.now()
    return await desk.read(lambda reader: _unit_out(reader, _seen_unit(reader, desk.actor, code), now))


@router.put("/units/{code}/hours")
async def set_unit_hours(desk: AtDesk, code: str, asked: HoursIn) -> HoursOut:
    """They hold for the units below, too, as far as those say nothing else."""

    def work(uow: UnitOfWork) -> HoursOut:
        unit = unit_by_code(uow, desk.actor, code, "code")
        execute(SetUnitHours(unit.id, Opening(asked.hours, asked.holidays, tuple(asked.closed_on))), uow)
        return _unit_out(uow, get_unit(uow, unit.id), uow.now)

    return await desk.do(work)


@router.get("/people/{code}/hours")
async def person_hours(desk: AtDesk, code: str) -> PersonHoursOut:
    now = desk.web.clock.now()
    return await desk.read(lambda reader: _person_out(reader, _seen_person(reader, desk.actor, code), now))


@router.put("/people/{code}/hours")
async def set_person_hours(desk: AtDesk, code: str, asked: PersonHoursIn) -> PersonHoursOut:
    """One's own need no permission."""

    def work(uow: UnitOfWork) -> PersonHoursOut:
        person = person_by_code(uow, desk.client_id, code, "code")
        opening = Opening(asked.hours, asked.holidays, tuple(asked.closed_on), asked.quiet)
        own = person.id == desk.actor.person_id
        execute(SetOwnHours(opening) if own else SetPersonHours(person.id, opening), uow)
        return _person_out(uow, get_person(uow, person.id), uow.now)

    return await desk.do(work)


@router.get("/people/{code}/bundling")
async def bundling(desk: AtDesk, code: str) -> BundlingOut:
    return await desk.read(lambda reader: _bundling_out(reader, _seen_person(reader, desk.actor, code)))


@router.put("/people/{code}/bundling")
async def set_bundling(desk: AtDesk, code: str, asked: BundlingIn) -> BundlingOut:
    """One's own needs no permission."""

    def work(uow: UnitOfWork) -> BundlingOut:
        person = person_by_code(uow, desk.client_id, code, "code")
        named = {rule.key: Bundling(rule.after, _window(rule.window_seconds)) for rule in asked.rules}
        for key in {**named, **dict.fromkeys((EVERYTHING, *KEYS))}:
            own = person.id == desk.actor.person_id
            rule = named.get(key)
            execute(SetOwnBundling(key, rule) if own else SetBundling(person.id, key, rule), uow)
        return _bundling_out(uow, get_person(uow, person.id))

    return await desk.do(work)


def _window(seconds: float) -> timedelta:
    """What is far too long is refused as too long, not as no number."""
    return timedelta(seconds=max(-1.0, min(seconds, 1e9)))


def _seen_unit(reader: Reader, actor: Actor, code: str) -> Unit:
    return check_sight(reader, actor, "people.read", unit_by_code(reader, actor, code, "code").id)


def _seen_person(reader: Reader, actor: Actor, code: str) -> Person:
    person = person_by_code(reader, actor.client_id or 0, code, "code")
    if person.id != actor.person_id:
        check_sight(reader, actor, "people.read", home_of(reader, person.id))
    return person


def _unit_out(reader: Reader, unit: Unit, now: datetime) -> HoursOut:
    return HoursOut(**_said(shown_for_unit(reader, unit, now)))


def _person_out(reader: Reader, person: Person, now: datetime) -> PersonHoursOut:
    shown = shown_for_person(reader, person, now)
    return PersonHoursOut(**_said(shown), quiet=shown.quiet or "")


def _said(shown: Shown) -> dict[str, object]:
    counts = CountsOut(**asdict(shown.counts))
    return {"hours": shown.hours, "holidays": shown.holidays, "closed_on": shown.closed_on, "counts": counts}


def _bundling_out(reader: Reader, person: Person) -> BundlingOut:
    chosen = [_rule_out(key, row["at_once"], row["seconds"]) for key, row in sorted(person.bundling.items())]
    counts = {key: rule_of(reader, person.bundling, key) for key in KEYS}
    held = [_rule_out(key, rule.at_once, rule.window.total_seconds()) for key, rule in counts.items()]
    return BundlingOut(rules=chosen, counts=held)


def _rule_out(key: str, after: float, seconds: float) -> RuleOut:
    return RuleOut(key=key, after=int(after), window_seconds=seconds)
