"""Praise: told once, privately; the week of each team on its board; whoever wants none gets none."""

from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import bindparam, delete
from sqlalchemy.dialects.postgresql import insert  # its ON CONFLICT is understood by both databases

from core.audit.record import Subject, record
from core.errors import Forbidden
from core.outbox.notify import Notification, tell_board, tell_person
from core.people.queries import get_person, get_unit
from core.praise.commands import ChoosePraise, GivePraise, PostWeek
from core.praise.events import Achieved, PraiseChosen
from core.praise.queries import has_declined, list_achieved, list_weeks, work_of
from core.praise.tables import achievements, praise_declined
from core.praise.work import ACHIEVEMENTS, Achievement, reached
from core.rule import Rule
from core.statements import Reader, Statement
from core.unit_of_work import UnitOfWork

EVER = datetime(2000, 1, 1, tzinfo=UTC)

DECLINE = Statement(
    insert(praise_declined)
    .values(person_id=bindparam("person_id"), at=bindparam("at"))
    .on_conflict_do_nothing(index_elements=["person_id"])
)
WANT = Statement(delete(praise_declined).where(praise_declined.c.person_id == bindparam("person_id")))
ACHIEVE = Statement(
    insert(achievements)
    .values({name: bindparam(name) for name in ("person_id", "code", "at")})
    .on_conflict_do_nothing(index_elements=["person_id", "code"])
    .returning(achievements.c.id)
)


def choose(command: ChoosePraise, uow: UnitOfWork) -> None:
    if uow.actor.person_id != command.person_id:
        raise Forbidden("Everybody chooses for themselves.")
    if command.wanted:
        uow.run(WANT, person_id=command.person_id)
    else:
        uow.run(DECLINE, person_id=command.person_id, at=uow.now)
    record(uow, _subject(uow, command.person_id), PraiseChosen(command.wanted))


def give(command: GivePraise, uow: UnitOfWork) -> int:
    """How many achievements are new."""
    if has_declined(uow, command.person_id):
        return 0
    had = set(list_achieved(uow, command.person_id))
    now = [one for one in reached(work_of(uow, command.person_id, EVER)) if one.code not in had]
    new = [one for one in now if uow.first(ACHIEVE, person_id=command.person_id, code=one.code, at=uow.now)]
    if new:
        facts = {"achievements": [_shown(one) for one in new]}
        tell_person(uow, command.person_id, Notification("praise.achieved", facts))
        record(uow, _subject(uow, command.person_id), Achieved([one.code for one in new]))
    return len(new)


def post_week(command: PostWeek, uow: UnitOfWork) -> int:
    """How many boards were told."""
    weeks = list_weeks(uow, command.client_id, command.until - timedelta(days=7), command.until)
    local = command.until.astimezone(ZoneInfo(get_unit(uow, command.client_id).time_zone)).date()
    told = 0
    for week in weeks:
        key = f"praise:{command.client_id}:{week.team}:{local.isoformat()}"
        news = Notification("praise.week", asdict(week), dedupe_key=key)
        told += tell_board(uow, command.client_id, week.team, news) is not None
    return told


def facts_of_work(reader: Reader, person_id: int, since: datetime) -> dict[str, Any]:
    achieved = {one.code: one for one in ACHIEVEMENTS}
    return {
        "work": asdict(work_of(reader, person_id, since)),
        "achievements": [_shown(achieved[code]) for code in list_achieved(reader, person_id) if code in achieved],
        "declined": has_declined(reader, person_id),
    }


def _shown(one: Achievement) -> dict[str, Any]:
    return {"icon": one.icon, "name": dict(one.name), "rule": dict(one.rule)}


def _subject(uow: UnitOfWork, person_id: int) -> Subject:
    person = get_person(uow, person_id)
    return Subject("person", person.id, person.code, person.client_id, person.client_id)


RULES = {
    ChoosePraise: Rule(choose, "people.prove", lambda command, _: None),
    GivePraise: Rule(give, "escalation.climb", lambda command, uow: get_person(uow, command.person_id).client_id),
    PostWeek: Rule(post_week, "escalation.climb", lambda command, _: command.client_id),
}
