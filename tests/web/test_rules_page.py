"""Rules on the pages: made after a look at last week, ordered, switched off, restored."""

from typing import Any

import httpx2
import pytest

from core.database import Database
from core.escalations.rules.kept import rules_of
from tests.web.browsing import sign_in, words_of
from tests.web.house import Client

RULE: dict[str, Any] = {
    "name": "Legal things", "match": "any", "trigger": ["keyword", "", ""], "value": ["lawyer, court", "", ""],
    "assign_to": "queue", "team": "legal", "priority": "P0", "respond_within": "10", "policy": "owner_at_once",
    "notify_via": ["slack"], "description": "Ask Ms Roe.",
}  # fmt: skip
ALL: dict[str, Any] = RULE | {"name": "Everything to legal", "trigger": ["always"], "value": [""]}


async def _names(database: Database, client: Client) -> list[str]:
    found = await database.read(lambda reader: rules_of(reader, client.id))
    return [rule.name for rule in found.rules]


async def test_a_rule_is_tried_first_and_then_saved_moved_and_removed(
    http: httpx2.AsyncClient, database: Database, acme: Client
) -> None:
    own = await sign_in(http, database, acme, "TL")
    before = await _names(database, acme)
    tried = await own.presses("/rules/new/try", **ALL)
    assert "1 of the last 1 cases would go elsewhere" in words_of(tried.text)
    assert 'value="Everything to legal"' in tried.text
    assert await _names(database, acme) == before
    saved = words_of(await own.does("/rules/new/save", **RULE))
    assert "“Legal things” counts from now on" in saved
    assert "When keyword lawyer, court Then whoever claims it of legal answers within 10 min, as P0" in saved
    assert "When nobody acts: Lead and owner at once. Announced on Slack. Ask Ms Roe." in saved
    found = await database.read(lambda reader: rules_of(reader, acme.id))
    made = next(rule for rule in found.rules if rule.name == "Legal things")
    assert "of the house" not in saved
    assert (made.action.policy, made.action.notify_via) == ("owner_at_once", ("slack",))
    place = found.rules.index(made)
    await own.does(f"/rules/{made.id}/down")
    assert (await _names(database, acme)).index("Legal things") == min(place + 1, len(found.rules) - 1)
    assert "off" in words_of(await own.does(f"/rules/{made.id}/off"))
    assert 'value="lawyer, court"' in await own.sees(f"/rules/{made.id}")
    await own.does(f"/rules/{made.id}/remove")
    assert await _names(database, acme) == before
    assert "counts now" in words_of(await own.sees("/rules/history"))
    await own.does("/rules/restore", version=1)
    assert "Legal things" in await _names(database, acme)


@pytest.mark.parametrize(
    "wrong",
    [
        {"name": ""}, {"trigger": [], "value": []}, {"trigger": ["nonsense"], "value": ["x"]}, {"person": "X-404"},
        {"policy": "nonsense"}, {"notify_via": ["pigeon"]},
        {"respond_within": "soon"}, {"respond_within": "٣"}, {"priority": "P9"}, {"team": "kings"},
    ],
)  # fmt: skip
async def test_what_cannot_be_is_said_and_the_form_keeps_the_rest(
    http: httpx2.AsyncClient, database: Database, acme: Client, wrong: dict[str, Any]
) -> None:
    own = await sign_in(http, database, acme, "TL")
    for what in ("try", "save"):
        answer = await own.presses(f"/rules/new/{what}", **(RULE | wrong))
        assert (answer.status_code, 'role="alert"' in answer.text) == (422, True)
        assert "lawyer, court" in answer.text or "trigger" in wrong
    assert "Legal things" not in await _names(database, acme)


async def test_two_who_change_at_once_do_not_undo_each_other(
    http: httpx2.AsyncClient, database: Database, acme: Client
) -> None:
    own = await sign_in(http, database, acme, "TL")
    await own.does("/rules/new/save", **RULE)
    late = await own.presses("/rules/new/save", **(ALL | {"based_on": 0}))
    assert late.status_code == 409


async def test_agents_look_and_change_nothing(
    http: httpx2.AsyncClient, database: Database, acme: Client, beta: Client
) -> None:
    own = await sign_in(http, database, acme, "AG1")
    assert "/remove" not in await own.sees("/rules")
    assert "formaction" not in await own.sees("/rules/new")
    assert (await own.presses("/rules/new/save", **RULE)).status_code == 403
    assert (await own.presses("/rules/restore", version=0)).status_code == 403
    assert (await http.get("/rules/no-such-rule")).status_code == 404
