"""Policies over the API and on the pages: sentences, a dry run with its difference, versions, restored; levels of trainings."""

from typing import Any

import httpx2
import pytest

from core.database import Database
from core.escalations.policies import KIND
from core.policies.kept import get_policy
from core.policies.policy import Policy
from core.training.policies import policy_of
from tests.web.browsing import sign_in, words_of
from tests.web.house import Client

BASE = "/api/clients/ACME/policies"
LEAD = {"part": "response", "after": 30, "tell": ["team_lead"], "priorities": ["P0", "p1"]}
ROW: dict[str, Any] = {
    "name": "Weekend", "part": ["response", "progress", "response"], "number": ["30", "2", ""], "unit": ["min", "days", "min"],
    "moment": ["start", "start", "before"], "person": ["", "", ""], "clock": ["hours", "passing", "hours"],
    "times": ["", "1", ""], "every": ["", "3", ""], "every_unit": ["h", "h", "h"],
    "tell": ["0:team_lead", "0:owner", "1:admin"], "only": ["0:0"],
}  # fmt: skip


async def _policy(database: Database, client: Client, code: str) -> Policy:
    return await database.read(lambda reader: get_policy(reader, KIND, client.id, code))


async def test_a_client_names_policies_of_its_own_and_rules_choose_them(http: httpx2.AsyncClient, acme: Client) -> None:
    who = acme.bearer("TL")
    made = await http.post(BASE, json={"name": "Weekend", "steps": [LEAD]}, headers=who)
    assert (made.status_code, made.json()["id"], made.json()["version"]) == (201, "weekend", 1)
    assert made.json()["steps"][0]["sentence"] == "After 30 min without an answer: the team lead, only P0 and P1"
    listed = (await http.get(BASE, headers=who)).json()["items"]
    codes = [one["id"] for one in listed]
    assert codes == ["usual", "lead_at_once", "owner_at_once", "weekend", "tickets"]
    rule = {"name": "All", "conditions": {"triggers": [{"type": "always"}]}, "action": {"policy": "weekend"}}
    assert (await http.post("/api/clients/ACME/escalation-rules", json=rule, headers=who)).status_code == 201
    refused = await http.delete(f"{BASE}/weekend", headers=who)
    assert (refused.status_code, "“All”" in refused.json()["detail"]) == (409, True)
    changed = await http.put(f"{BASE}/weekend", json={"steps": [LEAD | {"after": 45}], "basedOn": 1}, headers=who)
    assert (changed.json()["version"], changed.json()["steps"][0]["after"]) == (2, 45)
    assert (await http.put(f"{BASE}/weekend", json={"name": "x", "basedOn": 1}, headers=who)).status_code == 409
    history = (await http.get(f"{BASE}/weekend/history?limit=1", headers=who)).json()
    assert (history["items"][0]["version"], history["items"][0]["changedBy"]) == (2, "Acme-Tl")
    older = await http.get(f"{BASE}/weekend/history?cursor={history['nextCursor']}", headers=who)
    assert [one["changes"] for one in older.json()["items"]] == [["made"]]
    restored = await http.post(f"{BASE}/weekend/restore", json={"version": 1}, headers=who)
    assert (restored.json()["version"], restored.json()["steps"][0]["after"]) == (3, 30)


async def test_a_dry_run_names_who_would_hear_of_it_otherwise(http: httpx2.AsyncClient, acme: Client) -> None:
    step = {"part": "response", "after": 0, "tell": ["owner", "person:ACME-AG1"]}
    for code, who in (("usual", "AG1"), ("tickets", "DIS")):
        steps = [step] if code == "usual" else [step | {"part": "resolution", "after": 1}]
        answer = await http.post(f"{BASE}/{code}/dry-run", json={"steps": steps}, headers=acme.bearer(who))
        run = answer.json()
        assert (answer.status_code, run["lookedAt"]) == (200, 1), run
    wrong = await http.post(
        f"{BASE}/usual/dry-run", json={"steps": [step | {"tell": ["king"]}]}, headers=acme.bearer("TL")
    )
    assert (wrong.status_code, wrong.json()["field"]) == (422, "steps[0].tell")


async def test_each_role_changes_its_own_kind(http: httpx2.AsyncClient, acme: Client) -> None:
    resolution = [{"part": "resolution", "since": "target", "after": 0, "tell": ["owner"]}]
    for who, code, status in (
        ("TL", "usual", 200), ("TL", "tickets", 403), ("DIS", "tickets", 200), ("DIS", "usual", 403),
        ("AG1", "usual", 403), ("HR", "usual", 403), ("OWN", "tickets", 200),
    ):  # fmt: skip
        answer = await http.put(f"{BASE}/{code}", json={"steps": resolution}, headers=acme.bearer(who))
        assert answer.status_code == status, (who, code, answer.text)
    seen = (await http.get(BASE, headers=acme.bearer("DIS"))).json()["items"]
    assert [one["id"] for one in seen] == ["tickets"]
    assert (await http.get(BASE, headers=acme.bearer("HR"))).status_code == 403
    assert (await http.delete(f"{BASE}/tickets", headers=acme.bearer("OWN"))).status_code == 409


async def test_on_the_page_it_is_tried_then_saved_and_restored(
    http: httpx2.AsyncClient, database: Database, acme: Client
) -> None:
    own = await sign_in(http, database, acme, "TL")
    page = words_of(await own.sees("/policies"))
    assert "30 min before the response target: who has it and the board." in page
    assert "What is open keeps the steps it began with" in page
    tried = words_of((await own.presses("/policies/usual/try", **ROW)).text)
    assert "cases would climb otherwise" in tried
    assert (await _policy(database, acme, "usual")).number == 0, "nothing is saved"
    saved = words_of(await own.does("/policies/usual/save", **(ROW | {"name": "Usual"})))
    assert "“Usual” counts for what begins from now on" in saved
    assert "After 30 min without an answer: the team lead and the owner, only P0." in saved
    assert "After 2 days in which nothing happened: an admin, around the clock, and once more, 3 h later." in saved
    form = await own.sees("/policies/usual")
    assert 'value="0:team_lead" checked' in form
    history = words_of(await own.sees("/policies/usual/history"))
    assert "1 counts now" in history
    assert "new “Until the first answer: After 30 min" in history
    await own.does("/policies/usual/restore", version=0)
    assert (await _policy(database, acme, "usual")).number == 2
    await own.does("/policies/new/save", **ROW)
    assert "Weekend" in words_of(await own.sees("/policies"))
    assert "It is removed" in words_of(await own.does("/policies/weekend/remove"))
    assert (await http.get("/policies/weekend")).status_code == 404


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"number": ["soon", "2", ""]}, "“soon” is no number"),
        ({"number": ["٣", "2", ""]}, "is no number"),
        ({"tell": ["1:admin"]}, "nobody would be told"),
        ({"person": ["X-404", "", ""]}, "nobody here has the code"),
        ({"name": " "}, "needs a name"),
        ({"times": ["", "99", ""]}, "at most 20 times"),
        ({"number": ["", "", ""]}, "leave at least one"),
    ],
)
async def test_what_cannot_be_is_said_and_the_form_keeps_the_rest(
    http: httpx2.AsyncClient, database: Database, acme: Client, wrong: dict[str, Any], said: str
) -> None:
    own = await sign_in(http, database, acme, "TL")
    answer = await own.presses("/policies/usual/save", **(ROW | wrong))
    assert (answer.status_code, 'role="alert"' in answer.text) == (422, True)
    assert said in words_of(answer.text)
    assert ':admin" checked' in answer.text or wrong.get("number") == ["", "", ""]


async def test_two_who_change_at_once_do_not_undo_each_other(
    http: httpx2.AsyncClient, database: Database, acme: Client
) -> None:
    own = await sign_in(http, database, acme, "TL")
    await own.does("/policies/usual/save", **ROW)
    late = await own.presses("/policies/usual/save", **(ROW | {"number": ["31", "2", ""]}), based_on=0)
    assert late.status_code == 409


async def test_agents_look_and_change_nothing(http: httpx2.AsyncClient, database: Database, acme: Client) -> None:
    own = await sign_in(http, database, acme, "AG1")
    assert "formaction" not in await own.sees("/policies/usual")
    for path in ("usual/save", "usual/restore", "usual/remove", "tickets/save", "training/save"):
        assert (await own.presses(f"/policies/{path}", **ROW)).status_code in (403, 404), path
    assert (await http.get("/policies/training")).status_code == 403


async def test_levels_of_trainings_are_tried_saved_and_restored(
    http: httpx2.AsyncClient, database: Database, acme: Client
) -> None:
    own = await sign_in(http, database, acme, "HR")
    assert (await http.get("/rules")).headers["location"] == "/policies"
    assert "From day 1 overdue: the store manager." in words_of(await own.sees("/policies"))
    form = {"day": ["1", "9", ""], "role": ["store_manager", "owner", "admin"], "critical": "20", "counts": "working"}
    tried = await own.presses("/policies/training/try", **form)
    assert "would be told something else in the next run" in words_of(tried.text)
    saved = words_of(await own.does("/policies/training/save", **form))
    assert "From day 9 overdue: the owner. Critical from day 20. Counted in working days of the branch." in saved
    now = await database.read(lambda reader: policy_of(reader, acme.id))
    assert "counts now" in words_of(await own.sees("/policies/training/history"))
    await own.does("/policies/training/restore", version=0)
    assert "From day 5 overdue: HR." in words_of(await own.sees("/policies"))
    await own.does("/policies/training/restore", version=now.id)
    assert (await database.read(lambda reader: policy_of(reader, acme.id))).levels == now.levels
    for wrong in (
        {"day": ["x", "", ""]},
        {"day": ["", "", ""]},
        {"role": ["king", "owner", "admin"]},
        {"critical": ""},
    ):
        for what in ("try", "save"):
            answer = await own.presses(f"/policies/training/{what}", **(form | wrong))
            assert (answer.status_code, 'role="alert"' in answer.text) == (422, True), wrong
    assert (await own.presses("/policies/training/restore", version=99)).status_code == 303


async def test_who_is_alerted_is_said_and_restored(http: httpx2.AsyncClient, database: Database, acme: Client) -> None:
    own = await sign_in(http, database, acme, "TL")
    assert "A promise is about to break: who has it." in words_of(await own.sees("/policies"))
    form = {"tell": ["mood_fell:team_lead", "mood_fell:owner", "cause:assignee"], "value_over": "12 000"}
    saved = words_of(await own.does("/policies/alerts/save", **form))
    assert "A customer's mood falls: the team lead and the owner." in saved.replace("&#39;", "'")
    assert "A promise is about to break: nobody. Valued is who is worth more than 12000 a year." in saved
    before = await own.sees("/policies/alerts")
    version = before.split("<tbody>")[1]
    assert "counts now" in version
    await own.does("/policies/alerts/restore", version=0)
    page = await own.sees("/policies/alerts")
    assert 'value="promise_due:assignee" checked' in page
    await own.does("/policies/alerts/restore", version=page.split('name="version" value="')[1].split('"')[0])
    assert 'value="mood_fell:owner" checked' in await own.sees("/policies/alerts")
    for wrong in ({"value_over": "much"}, {"tell": ["mood_fell:king"]}):
        answer = await own.presses("/policies/alerts/save", **(form | wrong))
        assert (answer.status_code, 'role="alert"' in answer.text) == (422, True), wrong
    agent = await sign_in(http, database, acme, "AG1")
    assert (await agent.presses("/policies/alerts/save", **form)).status_code == 403
