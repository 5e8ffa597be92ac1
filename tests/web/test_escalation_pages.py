"""Escalations on the pages: the list, one of them, and everything that can be done about it."""

import httpx2
import pytest

from core.clock import ManualClock
from core.database import Database
from core.escalations.commands import RaiseEscalation
from core.executor import execute
from core.unit_of_work import UnitOfWork
from tests.web.browsing import sign_in, words_of
from tests.web.house import Client, customer_with_conversation


async def _raise(database: Database, client: Client, number: int, priority: int = 2, reason: str = "complaint") -> str:
    def work(uow: UnitOfWork) -> str:
        customer, conversation = customer_with_conversation(uow, client, client(f"X{number}"))
        return str(execute(RaiseEscalation(client.id, customer, reason, conversation, priority), uow).reference)

    return await database.write(work)


async def test_from_the_queue_to_the_end(http: httpx2.AsyncClient, database: Database, acme: Client) -> None:
    """Claim, take over, reply, note, resolve, reopen: each page says what to do next."""
    ana = await sign_in(http, database, acme, "AG1")
    at = f"/escalations/{acme.escalation}"
    assert f"{at}/claim" in await ana.sees("/")
    first = words_of(await ana.sees(at))
    assert "Claim" in first
    assert "No similar case yet, so no number." in first
    assert "Take over" in words_of(await ana.does(f"{at}/claim"))
    page = await ana.does(f"{at}/takeover")
    assert f'action="{at}/reply"' in page
    assert "Good morning" in await ana.does(f"{at}/reply", text="Good morning")
    assert "<b>not bold</b>" not in await ana.does(f"{at}/note", text="<b>not bold</b>")
    done = await ana.does(f"{at}/resolve", resolution="converted", notes="Booked")
    assert "How it ended" in done
    assert "Booked" in done
    another = words_of(await ana.sees(f"/escalations/{await _raise(database, acme, 7, reason='requested_human')}"))
    assert "67 % likely to end well: 1 of 1 similar cases did." in another
    listed = await ana.sees("/escalations?status=resolved")
    assert acme.escalation in listed
    assert acme.escalation not in (await ana.sees("/escalations")).split('id="list"')[1]
    assert "is open again" in await ana.does(f"{at}/reopen")


async def test_whoever_comes_second_is_told_who_has_it(
    http: httpx2.AsyncClient, database: Database, acme: Client
) -> None:
    await http.post(f"/api/escalations/{acme.escalation}/assign", headers=acme.bearer("AG2"))
    ana = await sign_in(http, database, acme, "AG1")
    page = await ana.does(f"/escalations/{acme.escalation}/claim")
    assert 'class="said bad" role="alert"' in page
    assert "Acme-Ag2" in page


async def test_the_most_urgent_is_first_and_what_is_late_is_counted(
    http: httpx2.AsyncClient, database: Database, acme: Client, clock: ManualClock
) -> None:
    urgent = await _raise(database, acme, 1, priority=0)
    ana = await sign_in(http, database, acme, "AG1")
    clock.advance(600)
    page = await ana.sees("/escalations")
    assert page.index(urgent) < page.index(f"/escalations/{acme.escalation}")
    assert "1 late not answered in time" in words_of(page)
    assert urgent not in await ana.sees("/escalations?priority=p2")
    assert acme.escalation not in (await ana.sees("/escalations?who=mine")).split('id="list"')[1]


@pytest.mark.parametrize("status", ["", "pending", "resolved"])
async def test_more_are_a_page_further_and_none_is_seen_twice(
    http: httpx2.AsyncClient, database: Database, acme: Client, status: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("web.pages.escalations.SHOWN", 3)
    raised = [acme.escalation, *[await _raise(database, acme, number) for number in range(6)]]
    if status == "resolved":
        for reference in raised:
            body = {"resolution": "no_action"}
            await http.post(f"/api/escalations/{reference}/resolve", json=body, headers=acme.bearer("TL"))
    ana = await sign_in(http, database, acme, "TL")
    seen: list[str] = []
    path = f"/escalations?status={status}"
    while path:
        page = (await ana.sees(path)).split('id="list"')[1]
        seen += [part.split('"', maxsplit=1)[0] for part in page.split('href="/escalations/')[1:]]
        path = page.split('href="/escalations?')[1].split('"')[0].replace("&amp;", "&") if "Show more" in page else ""
        path = f"/escalations?{path}" if path else ""
    assert sorted(seen) == sorted(raised)


async def test_the_page_says_what_to_do_while_the_case_is_open(
    http: httpx2.AsyncClient, database: Database, acme: Client
) -> None:
    ana = await sign_in(http, database, acme, "AG1")
    at = f"/escalations/{acme.escalation}"
    page = words_of(await ana.sees(at))
    for part in ("What to do now", "Words to say", "You have won when"):
        assert part in page
    await ana.does(f"{at}/takeover")
    assert "What to do now" not in words_of(await ana.does(f"{at}/resolve", resolution="handled", notes="Done"))


async def test_a_playbook_is_followed_on_the_page(http: httpx2.AsyncClient, database: Database, acme: Client) -> None:
    ana = await sign_in(http, database, acme, "AG1")
    at = f"/escalations/{acme.escalation}"
    assert f"{at}/playbook" not in await ana.sees(at)  # nobody has it yet
    await ana.does(f"{at}/claim")
    page = words_of(await ana.does(f"{at}/playbook", playbook="billing_dispute"))
    assert "Billing dispute" in page
    assert "☐ Say that you look at the charge now" in page
    page = await ana.does(f"{at}/playbook/tick", number=1)
    assert "☑ Say that you look at the charge now" in words_of(page)
    assert 'class="said bad"' in await ana.does(f"{at}/playbook/skip", number=2, reason=" ")
    page = words_of(await ana.does(f"{at}/playbook/skip", number=2, reason="Nothing was wrong"))
    assert "⤼ Refund what was wrong, with proof Nothing was wrong" in page
    assert 'class="said bad"' in await ana.does(f"{at}/playbook/tick", number=2)
    assert "stopped" in words_of(await ana.does(f"{at}/playbook/stop"))
