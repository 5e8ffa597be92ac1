"""Who hears of a late training from which day on: shown, tried on what is late today, changed, with every earlier version."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Form
from starlette.responses import Response

from core.errors import DomainError, Forbidden, Invalid, NotFound
from core.executor import execute
from core.outbox.planned import Difference, compare
from core.people.permissions import ROLE_NAMES
from core.statements import Reader
from core.training.policies import SetTrainingPolicy, list_policies, policy_of, thawed
from core.training.policy import HOUSE, MOST_LEVELS, ROLES, Policy, check_policy
from core.training.policy_tables import PolicyRow
from core.unit_of_work import UnitOfWork
from web.pages.rule_tabs import tabs_of
from web.pages.visit import AtForm, AtPage, Visit
from web.sight import check_sight

router = APIRouter(include_in_schema=False, prefix="/policies/training")

SHOWN = 50
Text = Annotated[str, Form(max_length=50)]
Column = Annotated[list[str] | None, Form(max_length=MOST_LEVELS)]


class Given:
    """As it was typed; a level without a day is none."""

    def __init__(
        self, day: Column = None, role: Column = None, critical: Text = "", counts: Text = HOUSE.counts
    ) -> None:
        self.levels = [(d.strip(), r) for d, r in zip(day or (), role or (), strict=False) if d.strip()]
        self.critical, self.counts = critical.strip(), counts

    def command(self, client_id: int) -> SetTrainingPolicy:
        levels = tuple((_number(day), role) for day, role in self.levels)
        return SetTrainingPolicy(client_id, levels, _number(self.critical), self.counts)


def level_sentences(policy: Policy) -> list[str]:
    said = [f"From day {level.from_day} overdue: {ROLE_NAMES[level.role]}." for level in policy.levels]
    days = "working days of the branch" if policy.counts == "working" else "calendar days"
    return [*said, f"Critical from day {policy.critical_from}.", f"Counted in {days}."]


AsGiven = Annotated[Given, Depends()]


@router.get("")
async def levels(visit: AtPage) -> Response:
    return await _form(visit)


@router.post("/try")
async def try_out(visit: AtForm, given: AsGiven) -> Response:
    """What the next run would tell whom, beside what it tells as it is. Nothing is sent and nothing is saved."""

    def query(reader: Reader) -> SetTrainingPolicy:
        check_sight(reader, visit.actor, "training.run", visit.client_id)
        wanted = given.command(visit.client_id)
        check_policy(wanted.levels, wanted.critical_from, wanted.counts)
        return wanted

    try:
        wanted = await visit.read(query)
    except Forbidden:
        raise
    except DomainError as wrong:
        return await _form(visit, given=given, wrong=wrong)
    before = await visit.web.preview(visit.client_id, None, True)
    after = await visit.web.preview(visit.client_id, wanted, True)
    return await _form(visit, given=given, tried=compare(before, after))


@router.post("/save")
async def save(visit: AtForm, given: AsGiven) -> Response:
    def work(uow: UnitOfWork) -> None:
        execute(given.command(visit.client_id), uow)

    return await visit.work(
        work,
        then="/policies",
        said="These levels count from the next run on. What was told stays as it was told.",
        again=lambda wrong: _form(visit, given=given, wrong=wrong),
    )


@router.get("/history")
async def history(visit: AtPage) -> Response:
    def facts(reader: Reader) -> dict[str, Any]:
        rows = _versions(reader, visit)
        return _common(reader, visit) | {"versions": [(row, level_sentences(thawed(row))) for row in rows]}

    return await visit.show("training_levels_history.html", facts)


@router.post("/restore")
async def restore(visit: AtForm, version: Annotated[int, Form(ge=0, lt=2**31)] = 0) -> Response:
    """0: as the house has it."""

    def work(uow: UnitOfWork) -> None:
        row = next((row for row in _versions(uow, visit) if row.id == version), None)
        if version and row is None:
            raise NotFound("There is no such version of the levels.")
        policy = thawed(row) if row else HOUSE
        levels = tuple((level.from_day, level.role) for level in policy.levels)
        execute(SetTrainingPolicy(visit.client_id, levels, policy.critical_from, policy.counts), uow)

    return await visit.work(work, then="/policies", said="Those levels count from the next run on.")


async def _form(
    visit: Visit, *, given: Given | None = None, tried: list[Difference] | None = None, wrong: DomainError | None = None
) -> Response:
    def facts(reader: Reader) -> dict[str, Any]:
        shown = given or _given(policy_of(reader, visit.client_id))
        return _common(reader, visit) | {
            "rows": [*shown.levels, *[("", ROLES[-1])] * 2][:MOST_LEVELS],
            "critical": shown.critical,
            "counts": shown.counts,
            "roles_to_tell": [(role, ROLE_NAMES[role]) for role in ROLES],
            "tried": tried,
            "wrong": wrong.sentence if wrong else "",
        }

    return await visit.show("training_levels.html", facts, wrong.status if wrong else 200)


def _given(policy: Policy) -> Given:
    days, roles = ([getattr(level, name) for level in policy.levels] for name in ("from_day", "role"))
    return Given([str(day) for day in days], roles, str(policy.critical_from), policy.counts)


def _versions(reader: Reader, visit: Visit) -> list[PolicyRow]:
    return list_policies(reader, visit.client_id, SHOWN)


def _number(text: str) -> int:
    if not (text.isascii() and text.isdecimal() and len(text) < 9):
        raise Invalid(f"“{text[:40]}” is no number of days.", field="levels")
    return int(text)


def _common(reader: Reader, visit: Visit) -> dict[str, Any]:
    check_sight(reader, visit.actor, "training.run", visit.client_id)
    return {"title": "Policies", "tabs": tabs_of(visit.actor)}
