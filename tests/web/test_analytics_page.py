"""Analytics: each figure is a table that everybody can read, a chart's data beside it, and a CSV."""

import json
import re
from html import unescape

import httpx2
import pytest

from core.database import Database
from core.tickets.figures import Cost, Figures
from tests.web.browsing import sign_in, words_of
from tests.web.house import Client
from web.pages.analytics import ticket_row

VIEWS = [
    ("tickets", "month"), ("tickets", "branch"), ("tickets", "subcategory"), ("tickets", "technician"),
    ("training", "store"), ("training", "course"), ("training", "run"),
]  # fmt: skip


@pytest.mark.parametrize(("about", "by"), VIEWS)
async def test_every_view_has_its_table_and_its_csv(
    http: httpx2.AsyncClient, database: Database, acme: Client, about: str, by: str
) -> None:
    owner = await sign_in(http, database, acme, "OWN")
    address = f"about={about}&by={by}&days=365"
    page = await owner.sees(f"/analytics?{address}")
    sheet = (await http.get(f"/analytics.csv?{address}")).text
    rows = sheet.strip().splitlines()[1:]
    assert all(row.split(",")[0] in words_of(page) for row in rows)
    for chart in re.findall(r'data-chart="([^"]*)"', page):
        drawn = json.loads(unescape(chart))
        assert all(len(series["values"]) == len(drawn["labels"]) for series in drawn["series"])


async def test_the_numbers_are_those_of_the_api(http: httpx2.AsyncClient, database: Database, acme: Client) -> None:
    await sign_in(http, database, acme, "OWN")
    stats = (await http.get("/api/escalation/stats", headers=acme.bearer("OWN"))).json()
    sheet = (await http.get("/analytics.csv?about=training&by=store")).text.strip().splitlines()[1:]
    assert sum(int(row.split(",")[1]) for row in sheet) == sum(stats["byLevel"].values())


async def test_a_manager_sees_their_own_place_only(http: httpx2.AsyncClient, database: Database, acme: Client) -> None:
    await sign_in(http, database, acme, "MN2")
    sheet = (await http.get("/analytics.csv?about=training&by=store")).text
    assert acme("N1") not in sheet
    assert (await http.get(f"/analytics?where={acme('N1')}")).status_code == 403
    agent = await sign_in(http, database, acme, "AG1")
    assert (await agent.http.get("/analytics")).status_code == 403


@pytest.mark.parametrize(
    ("cost", "shown"),
    [(Cost("EUR", 4150, 3), "41.53 EUR"), (Cost("JPY", 1200, 300), "1500 JPY"), (Cost("KWD", 1, 1), "0.002 KWD")],
)
def test_costs_have_the_decimals_of_their_currency(cost: Cost, shown: str) -> None:
    assert ticket_row(Figures("N1", "Store", (cost,)))[-1] == shown
