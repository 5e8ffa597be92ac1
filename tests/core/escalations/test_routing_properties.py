"""Whatever the rules and the case: there is one decision, the first rule that fits makes it, and a dry run foretells it."""

import random
from dataclasses import asdict, replace

from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import bindparam, select

from core.conversations.handlers import write_message
from core.database import Database
from core.escalations.commands import RaiseEscalation
from core.escalations.rules.commands import SetRules
from core.escalations.rules.defaults import default_rules
from core.escalations.rules.dry_run import case_from, dry_run, try_on
from core.escalations.rules.kept import frozen, rules_of, thawed
from core.escalations.rules.rule import Action, Case, Conditions, RoutingRule, Trigger, applies, decide, first_match
from core.escalations.rules.tables import Routing, escalation_routings
from core.escalations.rules.triggers import TRIGGERS, WEEK
from core.executor import execute
from core.people.cells import TEAMS
from core.statements import Statement
from core.unit_of_work import UnitOfWork
from tests import builders

WORDS = (
    "refund", "crash*", "/refund|gdpr/", "rechnung*, reembolso", "premium", "legal, unsure", "P0", "1, P3", "<= -0.2", "angry",
    ">= 5000 EUR", "200", "18:00-08:00", "Sat-Sun 00:00-24:00", "open", "closed", "whatsapp", "slack, telegram", "",
)  # fmt: skip
SAID = ("I want a refund", "la app se bloquea", "Die Rechnung!", "GDPR", "", "Ünïcödé ☃", "crashed\x00again")

triggers = st.builds(Trigger, st.sampled_from([*TRIGGERS, "weather"]), st.sampled_from(WORDS) | st.text(max_size=20))
conditions = st.builds(Conditions, st.lists(triggers, max_size=3).map(tuple), st.sampled_from(["any", "all"]))
actions = st.builds(
    Action,
    st.sampled_from(["queue", "owner", "round_robin", "ANA"]),
    st.sampled_from(["", *TEAMS]),
    respond_within=st.none() | st.integers(1, 2000),
)
rules = st.lists(
    st.builds(
        RoutingRule, st.uuids().map(str), st.text(min_size=1, max_size=5), enabled=st.booleans(), conditions=conditions,
        action=actions, priority=st.none() | st.integers(0, 3),
    ),
    max_size=6,
).map(tuple)  # fmt: skip
cases = st.builds(
    Case,
    text=st.sampled_from(SAID) | st.text(max_size=60),
    reasons=st.lists(st.sampled_from(["legal", "unsure", "refund"]), max_size=2).map(tuple),
    priority=st.integers(0, 3),
    mood=st.none() | st.floats(-1, 1),
    mood_label=st.sampled_from(["", "angry", "content"]),
    tier=st.sampled_from(["", "premium", "Gold"]),
    value=st.none() | st.floats(0, 1e7),
    currency=st.sampled_from(["", "EUR", "USD"]),
    minute=st.integers(0, WEEK - 1),
    open=st.booleans(),
    channel=st.sampled_from(["", "whatsapp", "telegram"]),
    team=st.sampled_from(["", "legal"]),
    priority_said=st.booleans(),
)


@given(cases, rules)
def test_there_is_always_one_decision_and_it_is_that_of_the_first_rule_that_fits(
    case: Case, listed: tuple[RoutingRule, ...]
) -> None:
    decision = decide(case, listed)
    fitting = [rule for rule in listed if rule.enabled and applies(rule, case)]
    assert first_match(case, listed) == (fitting[0] if fitting else None)
    assert decision.rule_id == (fitting[0].id if fitting else "")
    assert 0 <= decision.priority <= 3
    assert decision.team in ("", *TEAMS)
    assert not case.priority_said or decision.priority <= case.priority
    assert not case.team or decision.team == case.team


@given(cases, rules)
def test_the_same_case_under_the_same_rules_is_decided_alike_however_often_it_is_kept_and_read(
    case: Case, listed: tuple[RoutingRule, ...]
) -> None:
    assert decide(case, listed) == decide(replace(case), thawed(frozen(listed)))
    assert case_from(asdict(case)) == case


@given(cases, rules, st.randoms(use_true_random=False))
def test_what_stands_behind_the_first_that_fits_and_what_is_switched_off_changes_nothing(
    case: Case, listed: tuple[RoutingRule, ...], chance: random.Random
) -> None:
    found = first_match(case, listed)
    until = listed.index(found) + 1 if found else len(listed)
    behind = list(listed[until:])
    chance.shuffle(behind)
    assert decide(case, (*listed[:until], *behind)) == decide(case, listed)
    assert decide(case, [rule for rule in listed if rule.enabled]) == decide(case, listed)


@given(cases)
def test_the_rules_of_the_house_decide_about_anything(case: Case) -> None:
    assert decide(case, default_rules()) == decide(case, default_rules())


KEPT = Statement(
    select(*(escalation_routings.c[name] for name in Routing.__dataclass_fields__))
    .where(escalation_routings.c.client_id == bindparam("client_id"))
    .order_by(escalation_routings.c.id),
    Routing,
)
TEXTS = ("I want a refund", "the app crashes", "my lawyer writes", "hello", "Rechnung", "quiero un reembolso")


def _some_rules(chance: random.Random) -> tuple[RoutingRule, ...]:
    def rule(number: int) -> RoutingRule:
        kinds = [Trigger("keyword", chance.choice(("refund*, rechnung*", "crash*", "/lawyer|reembolso/"))),
                 Trigger("reason", chance.choice(("legal", "complaint"))), Trigger("channel", "whatsapp"),
                 Trigger("priority", chance.choice(("P0, P1", "P2"))), Trigger("tier", "premium")]  # fmt: skip
        picked = Conditions(tuple(chance.sample(kinds, chance.randint(1, 2))), chance.choice(("any", "all")))
        action = Action(
            chance.choice(("queue", "owner")), chance.choice(("", *TEAMS)), respond_within=chance.choice((None, 30))
        )
        priority = chance.choice((None, 0, 1, 2, 3))
        return RoutingRule(
            "", f"Rule {number}", enabled=chance.random() > 0.1, conditions=picked, action=action, priority=priority
        )

    return tuple(rule(number) for number in range(chance.randint(0, 4)))


def _raise_all(uow: UnitOfWork, client: int, seed: int, code: str) -> None:
    chance = random.Random(seed)
    for number, text in enumerate(TEXTS):
        customer = builders.customer(uow, client, f"{code}{number}", tier=chance.choice(("", "premium")))
        conversation = builders.conversation(uow, customer, chat=f"{client}{code}{number}")
        write_message(uow, conversation, "in", "Doug", text)
        reason = chance.choice(("legal", "complaint", "requested_human"))
        execute(RaiseEscalation(client, customer, reason, conversation, chance.choice((None, None, 1))), uow)


async def test_a_dry_run_says_what_saving_the_rules_and_raising_the_same_again_does(database: Database) -> None:
    def work(uow: UnitOfWork) -> None:
        for seed in range(12):
            client = builders.client(uow, f"C{seed}")
            builders.person(uow, client, "owner", "OLGA", on="")
            chance = random.Random(seed)
            execute(SetRules(client, _some_rules(chance)), uow)
            _raise_all(uow, client, seed, "a")
            execute(SetRules(client, _some_rules(chance)), uow)
            _compare(uow, client, seed)

    await database.write(work)


def _compare(uow: UnitOfWork, client: int, seed: int) -> None:
    before, rules_now = uow.all(KEPT, client_id=client), rules_of(uow, client).rules
    foretold = [try_on(row, rules_now).after for row in before]
    tried = dry_run(uow, client, rules_now, uow.now)
    assert tried.looked_at == len(TEXTS)
    assert {one.after for one in tried.different} <= set(foretold)
    _raise_all(uow, client, seed, "b")
    again = uow.all(KEPT, client_id=client)[len(before) :]
    assert [replace(try_on(row, ()).before, person_id=None) for row in again] == foretold
