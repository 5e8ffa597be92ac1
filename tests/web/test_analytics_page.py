"""Analytics: each figure is a table that everybody can read, a chart's data beside it, and a CSV."""

import csv
import json
import re
from datetime import timedelta
from decimal import Decimal
from html import unescape
from io import StringIO

import httpx2
import pytest

from core.clock import ManualClock
from core.database import Database
from core.escalations.tables import escalations
from core.executor import execute
from core.tickets.commands import AcceptTicket, ApproveTicket, CompleteTicket
from core.tickets.figures import Cost, Figures
from core.tickets.queries import BY_NUMBER
from core.unit_of_work import UnitOfWork
from tests import builders
from tests.web.browsing import sign_in, words_of
from tests.web.house import Client
from web.pages.figures import MOST_DRAWN, MOST_LISTED, Figure
from web.pages.figures_of_tickets import costs_row

VIEWS = [
    ("tickets", "month"), ("tickets", "branch"), ("tickets", "subcategory"), ("tickets", "technician"),
    ("escalations", "month"), ("escalations", "team"), ("escalations", "agent"), ("escalations", "reason"),
    ("training", "month"), ("training", "store"), ("training", "course"),
]  # fmt: skip


def link_of(page: str) -> list[str]:
    return [unescape(one) for one in re.findall(r'href="(/analytics\.csv[^"]*)"', page)]


async def sheet_of(http: httpx2.AsyncClient, address: str) -> list[list[str]]:
    answer = await http.get(address)
    assert answer.headers["content-type"].startswith("text/csv"), answer.text
    return list(csv.reader(StringIO(answer.text.removeprefix("\ufeff"))))


def one_repaired(uow: UnitOfWork, client: Client) -> None:
    ticket = uow.one(BY_NUMBER, client_id=client.id, number=client.ticket)
    for who, command in (
        ("T1", AcceptTicket(ticket.id)),
        ("T1", CompleteTicket(ticket.id, "New fan", 90, (), 6000)),
        ("MN1", ApproveTicket(ticket.id)),
    ):
        builders.acting(uow, client.people[who])
        execute(command, uow)


@pytest.mark.parametrize(("about", "by"), VIEWS)
async def test_every_figure_has_its_table_and_its_csv(
    http: httpx2.AsyncClient, database: Database, acme: Client, clock: ManualClock, about: str, by: str
) -> None:
    clock.advance(60)
    await database.write(lambda uow: one_repaired(uow, acme))
    owner = await sign_in(http, database, acme, "OWN")
    page = await owner.sees(f"/analytics?about={about}&by={by}&days=365")
    words, links = words_of(page), link_of(page)
    assert links
    for link in links:
        head, *rows = await sheet_of(http, link)
        assert rows
        assert all(cell in words for cell in head[1:])
        assert all(row[0] in words for row in rows)
    for chart in re.findall(r'data-chart="([^"]*)"', page):
        drawn = json.loads(unescape(chart))
        assert all(len(series["values"]) == len(drawn["labels"]) for series in drawn["series"])


async def test_what_never_happened_has_no_share(
    http: httpx2.AsyncClient, database: Database, acme: Client, clock: ManualClock
) -> None:
    owner = await sign_in(http, database, acme, "OWN")
    clock.advance(60)
    await http.post(f"/api/tickets/{acme.ticket}/accept", headers=acme.bearer("T1"))
    words = words_of(await owner.sees("/analytics?about=tickets"))
    assert "100 % accepted within the target." in words


async def test_the_numbers_are_those_of_the_api(http: httpx2.AsyncClient, database: Database, acme: Client) -> None:
    await sign_in(http, database, acme, "OWN")
    stats = (await http.get("/api/escalation/stats", headers=acme.bearer("OWN"))).json()
    _, *rows = await sheet_of(http, "/analytics.csv?about=training&by=store")
    assert sum(int(row[1]) for row in rows) == sum(stats["byLevel"].values())


def two_resolved(uow: UnitOfWork, client: Client) -> None:
    """One answered after 20 minutes with 5 stars, one too late and not needed."""
    at, customer = uow.now - timedelta(days=2), builders.customer(uow, client.id, "C-77")
    row = {
        "client_id": client.id, "customer_id": customer, "status": "resolved", "priority": 1, "reason": "legal",
        "more_reasons": [], "response_due_at": at + timedelta(hours=1), "created_at": at, "updated_at": at,
        "resolved_at": at + timedelta(hours=3), "resolution": "handled", "resolved_by": client.people["AG1"],
    }  # fmt: skip
    builders.put(uow, escalations, **row, first_response_at=at + timedelta(minutes=20), satisfaction=5, necessary=True)
    missed = {"first_response_at": at + timedelta(hours=2), "breached_at": at + timedelta(hours=1)}
    builders.put(uow, escalations, **row, **missed, satisfaction=2, necessary=False)


async def test_escalations_say_how_long_and_how_well(
    http: httpx2.AsyncClient, database: Database, acme: Client
) -> None:
    await database.write(lambda uow: two_resolved(uow, acme))
    lead = await sign_in(http, database, acme, "TL")
    words = words_of(await lead.sees("/analytics?about=escalations&by=agent"))
    assert "Half within 20 min, nine of ten within 2 h." in words
    assert "50 % answered within the target." in words
    assert "3.5 of 5 stars from 2 customers." in words
    assert "50 % of those judged took a human." in words
    where = "/analytics.csv?about=escalations&by=agent&figure="
    rows = {row[0]: row[1:] for row in await sheet_of(http, f"{where}targets")}
    assert rows["Ag1" if "Ag1" in rows else next(iter(name for name in rows if "AG1" in name.upper()))] == [
        "50",
        "70",
        "180",
    ]
    assert (await sheet_of(http, f"{where}answered"))[-1] == ["2 h", "1", "50"]
    assert (await http.get(f"{where}nothing")).status_code == 404


async def test_everybody_sees_their_own_place_and_subject_only(
    http: httpx2.AsyncClient, database: Database, acme: Client
) -> None:
    await sign_in(http, database, acme, "MN2")
    sheet = (await http.get("/analytics.csv?about=training&by=store")).text
    assert acme("N1") not in sheet
    assert (await http.get(f"/analytics?where={acme('N1')}")).status_code == 403
    assert "Escalations" not in (await http.get("/analytics?about=escalations")).text
    lead = await sign_in(http, database, acme, "TL")
    assert "Who repairs" not in await lead.sees("/analytics?about=tickets")
    agent = await sign_in(http, database, acme, "AG1")
    assert (await agent.http.get("/analytics")).status_code == 403


@pytest.mark.parametrize(
    ("cost", "shown"),
    [(Cost("EUR", 4150, 3), "41.53"), (Cost("JPY", 1200, 300), "1500"), (Cost("KWD", 1, 1), "0.002")],
)
def test_costs_have_the_decimals_of_their_currency_and_never_mix(cost: Cost, shown: str) -> None:
    both = Figures("N1", "Store", (Cost("USD", 100, 0), cost))
    assert str(costs_row(both, cost.currency)[-1]) == shown
    assert costs_row(both, "CHF")[-1] == Decimal(0)


def test_a_chart_and_a_page_show_what_fits_and_the_time_is_never_cut_in_front() -> None:
    rows = [(f"{number}", number) for number in range(200)]
    stores = Figure("a", "", "", ["", "Opened"], rows, (1,))
    assert (len(stores.chart["labels"]), len(stores.listed), stores.unlisted) == (MOST_DRAWN, MOST_LISTED, 150)
    days = Figure("a", "", "", ["", "Opened"], rows, (1,), "time")
    assert (days.chart["labels"][-1], days.listed[-1]) == ("199", rows[-1])
    assert not Figure("a", "", "", ["", "Opened"], [("x", 0), ("y", None)], (1,)).is_drawn
