"""Two who change the rules at the same moment: neither overwrites the other unseen."""

import asyncio

from core.database import Database
from core.errors import Conflict
from core.escalations.rules.commands import AddRule, RemoveRule, RestoreRules
from core.escalations.rules.kept import list_rule_sets, rules_of
from core.escalations.rules.rule import Conditions, RoutingRule, Trigger
from core.executor import execute
from tests import builders

EDITORS = 12


async def test_of_many_changes_at_once_each_is_kept_or_refused(database: Database) -> None:
    client = await database.write(builders.client)

    async def edit(number: int) -> bool:
        rule = RoutingRule("", f"Rule {number}", conditions=Conditions((Trigger("always"),)))
        try:
            await database.write(lambda uow: execute(AddRule(client, rule), uow))
        except Conflict:
            return False
        return True

    kept = await asyncio.gather(*(edit(number) for number in range(EDITORS)))
    found = await database.read(lambda reader: rules_of(reader, client))
    own = [rule.name for rule in found.rules if rule.name.startswith("Rule")]
    assert sorted(own) == sorted(f"Rule {number}" for number, done in enumerate(kept) if done)
    assert found.number == sum(kept) >= 1
    versions = await database.read(lambda reader: list_rule_sets(reader, client))
    assert [one.number for one in versions] == list(range(found.number, 0, -1))


async def test_the_same_again_is_no_new_version_and_back_to_the_house_follows_the_house(database: Database) -> None:
    client = await database.write(builders.client)
    await database.write(lambda uow: execute(RestoreRules(client, 0), uow))
    assert (await database.read(lambda reader: rules_of(reader, client))).number == 0
    await database.write(lambda uow: execute(RemoveRule(client, "house-bug"), uow))
    for _ in range(2):
        await database.write(lambda uow: execute(RestoreRules(client, 0), uow))
    found = await database.read(lambda reader: rules_of(reader, client))
    assert (found.number, found.shipped) == (2, True)
