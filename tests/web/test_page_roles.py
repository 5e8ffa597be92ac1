"""Every page and every form of the pages, and who may see it: the table is the law, and no route is missing from it."""

import re

import httpx2
import pytest
from fastapi.routing import APIRoute

from core.database import Database
from tests.journeys.on_pages import EVERY_PAGE
from tests.web.addresses import OPEN_TO_STRANGERS
from tests.web.browsing import sign_in
from tests.web.house import PEOPLE, Client, Given, app_of, browser
from web.app import ROOMS

EVERYBODY = frozenset(short for short, _, _ in PEOPLE)
SERVES = frozenset({"AG1", "AG2", "TL", "OWN", "ADM"})
READS_PEOPLE = frozenset(EVERYBODY - {"T1", "T2", "T3"})
TRAINS = frozenset({"ADM", "OWN", "HR", "CM", "MN1", "MN2"})
RUNS_TRAINING = frozenset({"ADM", "OWN", "HR"})
EDITS = frozenset({"OWN", "ADM"})
OPERATES = frozenset({"ADM"})
DIRECTS = frozenset({"DIS", "OWN", "ADM"})
PAGES = {
    "/": EVERYBODY,
    "/settings": EVERYBODY,
    "/settings/tokens": EDITS,
    "/analytics": TRAINS | {"DIS", "TL"},
    "/analytics.csv": TRAINS | {"DIS", "TL"},
    "/training": TRAINS,
    "/training/run": RUNS_TRAINING,
    "/training/preview": RUNS_TRAINING,
    "/people": READS_PEOPLE,
    "/people/{code}": frozenset({"ADM", "OWN", "DIS", "HR", "TL", "AG1", "AG2"}),
    "/people/import": EDITS,
    "/settings/channels": OPERATES,
    "/rules": SERVES,
    "/policies": SERVES | {"DIS", "HR"},
    "/policies/{policy}": SERVES,
    "/policies/{policy}/history": SERVES,
    "/playbooks": SERVES,
    "/answers": SERVES,
    "/answers/try": SERVES,
    "/answers/{answer_id}": SERVES,
    "/playbooks/{playbook}": SERVES,
    "/playbooks/{playbook}/history": SERVES,
    "/service-levels": SERVES,
    "/service-levels/tickets": DIRECTS,
    "/service-levels/tickets/{category}/{subcategory}": DIRECTS,
    "/service-levels/hours": SERVES | {"DIS", "HR"},
    "/policies/alerts": SERVES,
    "/policies/training": RUNS_TRAINING,
    "/policies/training/history": RUNS_TRAINING,
    "/rules/history": SERVES,
    "/rules/{rule_id}": SERVES,
    "/settings/webhooks": EDITS,
    "/settings/templates": EDITS,
    "/audit": EDITS,
    "/audit.csv": EDITS,
    "/lanes": OPERATES,
    "/quarantine": OPERATES,
    "/delivery": frozenset({"ADM", "OWN", "DIS", "HR", "TL"}),
    "/escalations": SERVES,
    "/escalations/{reference}": SERVES,
    "/tickets": EVERYBODY - {"HR"},
    "/tickets/{number}": EVERYBODY - {"HR", "MN2", "T3"},
}
"""Who sees the page; of a ticket at the branch N1."""


def routes(method: str) -> set[str]:
    routes = [route for room in ROOMS for route in room.router.routes if isinstance(route, APIRoute)]
    paths = {route.path for route in routes if method in (route.methods or ())}
    return {path for path in paths if not re.match(r"/(api|metrics|healthz|readyz|openapi)", path)}


def _path(template: str, client: Client) -> str:
    filled = {
        "reference": client.escalation,
        "number": client.ticket,
        "lane": "telegram:default",
        "rule_id": "new",
        "policy": "usual",
        "answer_id": "new",
        "playbook": "billing_dispute",
        "category": client.category,
        "subcategory": client.subcategory,
        "unit": client("N"),
        "code": client("AG1"),
    }
    return re.sub(r"{(\w+)}", lambda found: filled[found[1]], template)


def test_no_page_is_missing_from_the_table() -> None:
    assert routes("GET") - OPEN_TO_STRANGERS == set(PAGES)


def test_every_page_is_looked_at_in_a_browser() -> None:
    shown = {path.split("?")[0] for paths in EVERY_PAGE.values() for path in paths}
    patterns = {page: re.compile(re.sub(r"{\w+}", r"[^/]+", page)) for page in PAGES if not page.endswith(".csv")}
    assert [page for page, pattern in patterns.items() if not any(map(pattern.fullmatch, shown))] == []


@pytest.mark.parametrize("short", sorted(EVERYBODY))
async def test_each_role_sees_its_pages_and_no_other(
    http: httpx2.AsyncClient, database: Database, acme: Client, short: str
) -> None:
    await sign_in(http, database, acme, short)
    seen = {page for page in PAGES if (await http.get(_path(page, acme))).status_code == 200}
    assert seen == {page for page, who in PAGES.items() if short in who}


async def test_strangers_are_sent_to_the_sign_in_page_and_change_nothing(
    http: httpx2.AsyncClient, database: Database, acme: Client
) -> None:
    for page in PAGES:
        assert (await http.get(_path(page, acme))).headers["location"].startswith("/sign-in")
    forms = routes("POST") - OPEN_TO_STRANGERS
    assert len(forms) > 10
    for form in forms:
        path = re.sub(r"{\w+}", "1", form)
        assert (await http.post(path, data={"csrf": "x"})).status_code in (303, 422), form


async def test_another_clients_things_do_not_exist(
    http: httpx2.AsyncClient, database: Database, acme: Client, beta: Client, given: Given
) -> None:
    async with browser(app_of(given)) as other:
        await sign_in(other, database, beta, "ADM")
        for page in ("/escalations/{reference}", "/people/{code}", "/people?unit=ACME-N1"):
            assert (await other.get(_path(page, acme))).status_code == 404
        assert "ACME" not in (await other.get("/escalations")).text
