"""Taking from the day's tokens before a call and settling after it: two processes cannot spend the same ones."""

from datetime import date
from typing import NamedTuple

from sqlalchemy import bindparam, select, update
from sqlalchemy.dialects.postgresql import insert  # its ON CONFLICT is understood by both databases

from core.model.tables import model_days
from core.statements import Reader, Statement
from core.unit_of_work import UnitOfWork

_d = model_days.c


class Spent(NamedTuple):
    calls: int = 0
    tokens: int = 0
    unused: int = 0


TAKE = Statement(
    insert(model_days)
    .values(day=bindparam("day"), calls=1, tokens=bindparam("tokens"), unused=0)
    .on_conflict_do_update(
        index_elements=["day"],
        set_={"calls": _d.calls + 1, "tokens": _d.tokens + bindparam("tokens")},
        where=_d.tokens + bindparam("tokens") <= bindparam("budget"),
    )
    .returning(_d.day)
)
SETTLE = Statement(
    update(model_days)
    .where(_d.day == bindparam("day_"))
    .values(tokens=_d.tokens + bindparam("more"), unused=_d.unused + bindparam("unused_"))
)
SPENT = Statement(select(_d.calls, _d.tokens, _d.unused).where(_d.day == bindparam("day")), Spent)


def take(uow: UnitOfWork, tokens: int, budget: int) -> date | None:
    """The day it was taken from, for `settle`; None when that is not left. A budget of 0 is none."""
    day = uow.now.date()
    if budget and tokens > budget:
        return None
    return day if uow.first(TAKE, day=day, tokens=tokens, budget=budget or 2**31 - 1) else None


def settle(uow: UnitOfWork, day: date, more: int, *, used: bool) -> None:
    """`more`: what it cost beyond what was taken; negative when it cost less."""
    uow.run(SETTLE, day_=day, more=more, unused_=int(not used))


def spent_on(reader: Reader, day: date) -> Spent:
    return reader.first(SPENT, day=day) or Spent()
