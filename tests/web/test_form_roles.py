"""Every form of the pages, and who may send it: the table is the law, and no route is missing from it."""

import re
from typing import Any

import httpx2
import pytest

from core.database import Database
from tests.web.browsing import sign_in
from tests.web.house import PEOPLE, Client, Given, app_of, browser
from tests.web.test_page_isolation import WORDS
from tests.web.test_page_roles import routes

EVERYBODY = frozenset({"ADM", "OWN", "TL", "AG1", "DIS", "HR", "CM", "MN1", "T1"})
"""One of each role; the places of the last three are N and N1."""
SERVES = frozenset({"AG1", "TL", "OWN", "ADM"})
LEADS = frozenset({"TL", "OWN", "ADM"})
EDITS = frozenset({"OWN", "ADM"})
OPERATES = frozenset({"ADM"})
DIRECTS = frozenset({"DIS", "OWN", "ADM"})
APPROVES = frozenset({"MN1", "CM", "OWN", "ADM"})
TRAINS = frozenset({"HR", "OWN", "ADM"})
FORMS = {
    "/answers/{answer_id}/": {"restore": LEADS, "save": LEADS, "{what}": LEADS},
    "/delivery/": {"resend": OPERATES, "{delivery_id}/confirm": OPERATES, "{delivery_id}/resend": OPERATES},
    "/escalations/{reference}/": {
        "claim": SERVES, "note": SERVES, "playbook": SERVES, "playbook/skip": SERVES, "playbook/stop": SERVES,
        "playbook/tick": SERVES, "release": SERVES, "reopen": SERVES, "reply": SERVES, "resolve": SERVES, "takeback": SERVES,
        "takeover": SERVES,
    },
    "/lanes/{lane}/": {"reset": OPERATES},
    "/people/": {"import/look": EDITS, "import/take": EDITS},
    "/people/{code}/": {
        "contact": EDITS, "hours": EDITS, "leave": EDITS, "leave/{leave_id}/end": EDITS, "link": EDITS,
        "sessions/end": EDITS | {"AG1"},
    },
    "/playbooks/{playbook}/": {"restore": LEADS, "save": LEADS, "try": SERVES},
    "/policies/alerts/": {"restore": LEADS, "save": LEADS},
    "/policies/training/": {"restore": TRAINS, "save": TRAINS, "try": TRAINS},
    "/policies/{policy}/": {"remove": LEADS, "restore": LEADS, "save": LEADS, "try": SERVES},
    "/quarantine/{quarantine_id}/": {"replay": OPERATES},
    "/rules/": {"restore": LEADS, "{rule_id}/save": LEADS, "{rule_id}/try": SERVES, "{rule_id}/{what}": LEADS},
    "/service-levels/": {
        "hours/{unit}/restore": EDITS, "hours/{unit}/save": EDITS, "restore": LEADS, "save": LEADS, "tickets/add": DIRECTS,
        "tickets/{category}/rename": DIRECTS, "tickets/{category}/{subcategory}/save": DIRECTS,
    },
    "/settings/": {
        "sessions/{session_id}/end": EVERYBODY, "tokens": EDITS, "tokens/{token_id}/revoke": EDITS, "webhooks": EDITS,
        "webhooks/{webhook_id}/replay/{delivery_id}": EDITS, "webhooks/{webhook_id}/{what}": EDITS,
    },
    "/tickets/": {
        "reassign": DIRECTS, "{number}/accept": DIRECTS | {"T1"}, "{number}/approve": APPROVES, "{number}/arrive": DIRECTS | {"T1"},
        "{number}/cancel": DIRECTS, "{number}/priority": DIRECTS, "{number}/reassign": DIRECTS, "{number}/reject": APPROVES,
    },
    "/training/run/": {"go-on": TRAINS, "now": TRAINS, "schedule": TRAINS, "start": TRAINS, "stop": TRAINS},
}  # fmt: skip
MAY = {begin + end: who for begin, ends in FORMS.items() for end, who in ends.items()}
OF_THE_SESSION = {"/logout", "/settings/sessions/end"}
"""Everybody ends their own."""
OF_STRANGERS = {"/sign-in", "/login/{secret}", "/here/{secret}", "/here/{secret}/position"}
"""A secret in the address says who it is."""
NOT_THERE = {
    "/settings/webhooks/{webhook_id}/replay/{delivery_id}",
    "/settings/tokens/{token_id}/revoke",
    "/answers/{answer_id}/restore",
    "/service-levels/hours/{unit}/restore",
}
"""The house has no such thing, or no earlier version of it: whoever asks is told so, and changes nothing."""

RIGHT: dict[str, dict[str, Any]] = {
    "/policies/alerts/save": {"value_over": "5000"},
    "/service-levels/save": {name: ["1 h"] * 4 for name in ("response", "resolution", "claim")} | {"hours": "business"},
}
"""What must be right before it is asked who may: the rest of the form would be shown again."""


def _path(form: str, client: Client, made: dict[str, str]) -> str:
    filled = made | {
        "reference": client.escalation, "number": client.ticket, "lane": "telegram:default", "policy": "usual",
        "code": client("AG1"), "category": client.category, "subcategory": client.subcategory, "unit": client("N"), "what": "off",
        "rule_id": "house-bug", "playbook": "billing_dispute", "delivery_id": "1", "leave_id": "1", "quarantine_id": "1",
        "session_id": "999", "token_id": "999",
    }  # fmt: skip
    return re.sub(r"{(\w+)}", lambda found: filled[found[1]], form)


@pytest.fixture
async def made(http: httpx2.AsyncClient, acme: Client) -> dict[str, str]:
    """Of what the house has none."""
    hook = await http.post("/api/webhooks", json={"url": "https://example.com"}, headers=acme.bearer("ADM"))
    asked = {"question": "When do you open?", "answer": "At nine"}
    answer = await http.post("/api/clients/ACME/answers", json=asked, headers=acme.bearer("TL"))
    return {"webhook_id": hook.json()["id"], "answer_id": answer.json()["id"]}


def test_no_form_is_missing_from_the_table() -> None:
    assert routes("POST") - OF_STRANGERS - OF_THE_SESSION == MAY.keys()


@pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)
async def test_each_role_sends_its_forms_and_no_other(
    given: Given, database: Database, acme: Client, made: dict[str, str]
) -> None:
    """Whoever may is told what is wrong with it, if anything is; whoever may not is told so, whatever they fill in."""
    for short in sorted(EVERYBODY):
        async with browser(app_of(given)) as http:
            visitor = await sign_in(http, database, acme, short)
            mine = {"number": acme.ticket, "person": str(acme.people["T2"])}
            statuses = {}
            for form in sorted(MAY.keys() - NOT_THERE):
                if form == "/people/{code}/sessions/end" and short == "AG1":
                    continue  # it would be their own
                fields = WORDS | {"version": "0"} | RIGHT.get(form, {}) | (mine if form == "/tickets/reassign" else {})
                file = {"file": ("people.csv", b"code,name\n", "text/csv")} if form.endswith("/look") else None
                if form.endswith("/take"):
                    fields |= {"file": f"{'0' * 64}.csv", "what": "people"}
                answer = await http.post(_path(form, acme, made), data=fields | {"csrf": visitor.csrf}, files=file)
                statuses[form] = answer.status_code
        assert not [form for form, status in statuses.items() if status >= 500], short
        refused = {form for form, status in statuses.items() if status == 403}
        assert refused == {form for form in statuses if short not in MAY[form]}, short


async def test_a_form_without_its_secret_or_from_another_site_does_nothing(
    http: httpx2.AsyncClient, database: Database, acme: Client, made: dict[str, str]
) -> None:
    visitor = await sign_in(http, database, acme, "ADM")
    elsewhere = {"Origin": "https://evil.test"}
    for form in MAY:
        path = _path(form, acme, made)
        answers = [
            await http.post(path, data=WORDS | {"csrf": "guess"}),
            await http.post(path, data=WORDS | {"csrf": visitor.csrf}, headers=elsewhere),
        ]
        if "/import/" not in form:  # their fields are looked at first
            assert [answer.status_code for answer in answers] == [403, 403], form


def test_one_of_each_role_tries() -> None:
    roles = {short: role for short, role, _ in PEOPLE}
    assert len({roles[short] for short in EVERYBODY}) == len(set(roles.values()))
