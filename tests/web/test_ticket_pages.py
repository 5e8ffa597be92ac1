"""Tickets on the pages: the board by status, the map, one of them, and what a dispatcher does there."""

import httpx2

from core.database import Database
from tests.web.browsing import sign_in, words_of
from tests.web.house import Client


async def test_the_board_has_it_in_its_column_and_filters_narrow_it(
    http: httpx2.AsyncClient, database: Database, acme: Client
) -> None:
    dispatcher = await sign_in(http, database, acme, "DIS")
    page = await dispatcher.sees("/tickets")
    assert page.count('aria-label="Offered"') == 1
    assert f'data-ticket="{acme.ticket}"' in page.partition('aria-label="Offered"')[2]
    assert acme.ticket in await dispatcher.sees(f"/tickets?branch={acme('N1')}&priority=&technician=")
    assert acme.ticket not in await dispatcher.sees(f"/tickets?branch={acme('N2')}")
    assert acme.ticket not in await dispatcher.sees("/tickets?overdue=yes")
    assert acme.ticket in await dispatcher.sees("/tickets?status=assigned")
    for nobody in ("9" * 40, "²", "-1", "x"):
        assert acme.ticket in await dispatcher.sees(f"/tickets?technician={nobody}")


async def test_a_dispatcher_directs_it_from_its_page(
    http: httpx2.AsyncClient, database: Database, acme: Client
) -> None:
    dispatcher = await sign_in(http, database, acme, "DIS")
    at = f"/tickets/{acme.ticket}"
    assert "Reassign" in await dispatcher.sees(at)
    page = await dispatcher.does(f"{at}/reassign", person=acme.people["T2"])
    assert "Acme-T2" in words_of(page)
    assert "Low" in words_of(await dispatcher.does(f"{at}/priority", priority=3))
    back = await dispatcher.does("/tickets/reassign", number=acme.ticket, person=acme.people["T1"])
    assert "is offered to them" in back
    assert "Say why" in words_of(await dispatcher.does(f"{at}/cancel", reason="")) or "why" in back.lower()
    assert "cancelled" in words_of(await dispatcher.does(f"{at}/cancel", reason="A mistake")).lower()


async def test_a_technician_sees_their_own_and_accepts(
    http: httpx2.AsyncClient, database: Database, acme: Client
) -> None:
    technician = await sign_in(http, database, acme, "T1")
    page = await technician.sees(f"/tickets/{acme.ticket}")
    assert "/accept" in page
    assert "/reassign" not in page
    assert "is yours" in await technician.does(f"/tickets/{acme.ticket}/accept")
    refused = await technician.presses(f"/tickets/{acme.ticket}/cancel", reason="x")
    assert refused.status_code == 403


async def test_the_map_shows_branches_that_have_a_place(
    http: httpx2.AsyncClient, database: Database, acme: Client
) -> None:
    dispatcher = await sign_in(http, database, acme, "DIS")
    assert "No branch has a place yet" in await dispatcher.sees("/tickets?view=map")
