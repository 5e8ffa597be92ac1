"""Policies of a client's own: chosen by a rule, kept by the case, changed in versions, tried on last week."""

from datetime import timedelta

import pytest

from core.clock import ManualClock
from core.database import Database
from core.errors import Conflict, Forbidden, Invalid, NotFound
from core.escalations.commands import (
    ChangeEscalationPriority,
    RemoveEscalationPolicy,
    ReplyToCustomer,
    RestoreEscalationPolicy,
    SetEscalationPolicy,
    TakeOver,
)
from core.escalations.policies import HOUSE, KIND, STEPS, USUAL, chosen
from core.escalations.policy_dry_run import try_policy
from core.escalations.rules.commands import AddRule, RemoveRule
from core.escalations.rules.kept import rules_of
from core.escalations.rules.rule import Action, Conditions, RoutingRule, Trigger
from core.policies.climbing import list_running
from core.policies.kept import list_policies, list_versions
from core.policies.policy import TARGET, Policy, PolicyStep
from core.unit_of_work import UnitOfWork
from jobs.climb import climb_due
from tests.core.escalations.desk import Desk, does, furnished, raised
from tests.core.escalations.test_clocks import MINUTE
from tests.core.tickets.story import templates_to

QUICK = (PolicyStep("response", 0, ("owner",)), PolicyStep("response", 20, ("person:BEN", "team_lead")))


def _quick(uow: UnitOfWork, desk: Desk) -> Policy:
    """A policy of the client's own, and the rule that chooses it for everything."""
    policy: Policy = does(uow, desk.lea, SetEscalationPolicy(desk.client, " Very  quick ", QUICK))
    rule = RoutingRule("", "All", conditions=Conditions((Trigger("always"),)), action=Action(policy=policy.code))
    does(uow, desk.lea, AddRule(desk.client, rule, 1))
    return policy


def _steps(uow: UnitOfWork, escalation_id: int, purpose: str = "response") -> list[tuple[float, tuple[str, ...]]]:
    (climb,) = [one for one in list_running(uow, "escalation", escalation_id) if one.purpose == purpose]
    return [(step.after_minutes, step.tell) for step in climb.steps]


async def test_a_rule_chooses_it_and_its_steps_are_taken(database: Database, clock: ManualClock) -> None:
    def begin(uow: UnitOfWork) -> Desk:
        desk = furnished(uow)
        assert _quick(uow, desk).code == "very_quick"
        case = raised(uow, desk, priority=2)
        assert "escalation.card" in templates_to(uow, desk.olga), "at once"
        assert _steps(uow, case.id) == [(20, ("person:BEN", "team_lead"))]
        assert not [one for one in list_running(uow, "escalation", case.id) if one.purpose != "response"]
        return desk

    desk = await database.write(begin)
    clock.advance(21 * 60)
    await climb_due(database)

    def told(uow: UnitOfWork) -> None:
        for person in (desk.ben, desk.lea):
            assert templates_to(uow, person).count("escalation.due") == 1

    await database.write(told)


async def test_a_case_keeps_the_version_it_began_with(database: Database) -> None:
    def work(uow: UnitOfWork) -> None:
        desk = furnished(uow)
        policy = _quick(uow, desk)
        case = raised(uow, desk, priority=2)
        later = (PolicyStep("response", 40, ("owner",)),)
        changed = does(uow, desk.lea, SetEscalationPolicy(desk.client, "Very quick", later, policy.code, 1))
        assert (changed.number, changed.id != policy.id) == (2, True)
        does(uow, desk.lea, ChangeEscalationPriority(case.id, 1))
        assert [minutes for minutes, _ in _steps(uow, case.id)] == [20], "watched again by its own"
        assert chosen(uow, desk.client, policy.code).steps == later

    await database.write(work)


async def test_every_change_is_a_version_that_can_count_again(database: Database) -> None:
    def work(uow: UnitOfWork) -> None:
        desk = furnished(uow)
        first = (PolicyStep("response", 15, ("team_lead",)),)
        does(uow, desk.lea, SetEscalationPolicy(desk.client, "Usual", first, USUAL))
        does(uow, desk.lea, SetEscalationPolicy(desk.client, "Usual", first, USUAL))  # the same: no version
        with pytest.raises(Conflict, match="Lea has changed"):
            does(uow, desk.olga, SetEscalationPolicy(desk.client, "Usual", QUICK, USUAL, based_on=0))
        assert does(uow, desk.olga, RestoreEscalationPolicy(desk.client, USUAL, 0)).steps == STEPS
        assert does(uow, desk.olga, RestoreEscalationPolicy(desk.client, USUAL, 1)).steps == first
        versions = list_versions(uow, KIND, desk.client, USUAL)
        assert [(row.number, row.state, row.changed_by) for row in versions] == [
            (3, "own", "Olga"), (2, "house", "Olga"), (1, "own", "Lea"),
        ]  # fmt: skip
        assert versions[2].changes[0] == "new “Until the first answer: After 15 min without an answer: the team lead”"
        assert versions[0].changes[0] == "as in version 1"
        with pytest.raises(NotFound):
            does(uow, desk.olga, RestoreEscalationPolicy(desk.client, USUAL, 9))
        with pytest.raises(Forbidden):
            does(uow, desk.ana, SetEscalationPolicy(desk.client, "Usual", QUICK, USUAL))

    await database.write(work)


async def test_one_that_a_rule_chooses_cannot_be_removed(database: Database) -> None:
    def work(uow: UnitOfWork) -> None:
        desk = furnished(uow)
        policy = _quick(uow, desk)
        for name in ("very quick", "Usual", "Tickets"):
            with pytest.raises(Conflict, match="already"):
                does(uow, desk.lea, SetEscalationPolicy(desk.client, name, QUICK))
        with pytest.raises(Conflict, match="“All”"):
            does(uow, desk.lea, RemoveEscalationPolicy(desk.client, policy.code))
        with pytest.raises(Conflict, match="always there"):
            does(uow, desk.lea, RemoveEscalationPolicy(desk.client, USUAL))
        with pytest.raises(NotFound):
            does(uow, desk.lea, SetEscalationPolicy(desk.client, "x", QUICK, "nothing"))
        rule = next(one for one in rules_of(uow, desk.client).rules if one.name == "All")
        does(uow, desk.lea, RemoveRule(desk.client, rule.id))
        does(uow, desk.lea, RemoveEscalationPolicy(desk.client, policy.code))
        assert [one.code for one in list_policies(uow, KIND, desk.client)] == list(HOUSE)
        with pytest.raises(Invalid, match="no policy: use usual"):
            _rule_with(uow, desk, policy.code)
        assert does(uow, desk.lea, RestoreEscalationPolicy(desk.client, policy.code, 1)).steps == QUICK
        _rule_with(uow, desk, policy.code)

    await database.write(work)


async def test_a_dry_run_says_who_would_have_been_told_otherwise(database: Database, clock: ManualClock) -> None:
    def work(uow: UnitOfWork) -> None:
        desk = furnished(uow)
        case = raised(uow, desk, priority=1)  # to be answered within an hour
        since = uow.now
        uow.now = since + 50 * MINUTE
        does(uow, desk.ana, TakeOver(case.id))
        does(uow, desk.ana, ReplyToCustomer(case.id, "Hello"))
        uow.now = since + timedelta(hours=5)
        sooner = (PolicyStep("response", 20, ("team_lead",)), PolicyStep("response", 0, ("owner",), TARGET))
        run = try_policy(uow, desk.client, Policy(USUAL, "Usual", sooner), uow.now)
        (tried,) = run.different
        words = [one.words for one in tried.differences]
        assert (tried.reference, run.looked_at) == (case.reference, 1)
        assert words == [
            "who has it not any more",
            "the board not any more",
            "the team lead 3 h 40 min earlier",
            "the owner not any more",
        ]
        assert try_policy(uow, desk.client, HOUSE[USUAL], uow.now).different == ()
        assert try_policy(uow, desk.client, HOUSE[USUAL], uow.now + timedelta(days=8)).looked_at == 0

    await database.write(work)


def _rule_with(uow: UnitOfWork, desk: Desk, code: str) -> None:
    rule = RoutingRule("", "Again", conditions=Conditions((Trigger("always"),)), action=Action(policy=code))
    does(uow, desk.lea, AddRule(desk.client, rule, 1))
