"""Playbooks on the pages: shown with what they rest on, previewed, changed in versions, translated, restored."""

from typing import Any

import httpx2
import pytest

from core.database import Database
from core.escalations.commands import ResolveEscalation, TakeOver
from core.executor import execute
from core.playbooks.commands import StartPlaybook
from core.playbooks.playbook import Playbook, shipped
from core.playbooks.queries import get_playbook
from core.unit_of_work import UnitOfWork
from tests.builders import acting
from tests.web.browsing import sign_in, words_of
from tests.web.house import Client

BOOK: dict[str, Any] = {
    "name": "Wants a human", "win": "They say thank you.", "reasons": "Requested human", "words": "human, person", "enabled": "yes",
    "kind": ["message", "follow_up", "message"], "minutes": ["10 min", "1 day", ""], "title": ["Say hello", "Ask again", ""],
    "script": ["Hello {customer}, this is {agent}.", "Is all well?", ""], "was": ["", "", ""], "language": "en",
}  # fmt: skip


async def _book(database: Database, client: Client, code: str) -> Playbook:
    return await database.read(lambda reader: get_playbook(reader, client.id, code))


async def test_a_playbook_is_previewed_made_changed_and_restored(
    http: httpx2.AsyncClient, database: Database, acme: Client
) -> None:
    own = await sign_in(http, database, acme, "TL")
    tried = words_of((await own.presses("/playbooks/new/try", **BOOK)).text)
    assert "Hello Maria Weber, this is Acme-Tl." in tried
    assert "Suggested for 1 of the last 1 cases" in tried
    assert "Wants a human" not in await own.sees("/playbooks"), "nothing is saved"
    made = words_of(await own.does("/playbooks/new/save", **BOOK))
    assert "“Wants a human” counts for cases that begin with it from now on" in made
    assert "Suggested when the reason is requested human, or the customer says human, person" in made
    found = await _book(database, acme, "wants_a_human")
    assert [(step.kind, step.minutes) for step in found.steps] == [("message", 10), ("follow_up", 1440)]
    form = await own.sees("/playbooks/wants_a_human")
    assert 'value="24 h"' in form
    changed = BOOK | {
        "title": ["Say hello", "Call them", ""],
        "kind": ["message", "call", "message"],
        "was": ["0", "1", ""],
    }
    await own.does("/playbooks/wants_a_human/save", **changed, based_on=1)
    late = await own.presses("/playbooks/wants_a_human/save", **BOOK, based_on=1)
    assert (late.status_code, "has changed this playbook meanwhile" in late.text) == (409, True)
    history = words_of(await own.sees("/playbooks/wants_a_human/history"))
    assert "2 counts now new step “Call them” no longer “Ask again”" in history
    await own.does("/playbooks/wants_a_human/restore", version=1)
    assert (await _book(database, acme, "wants_a_human")).steps == found.steps
    assert "no such version" in words_of(await own.does("/playbooks/wants_a_human/restore", version=0))
    assert (await own.presses("/playbooks/new/save", **BOOK)).status_code == 303
    assert (await _book(database, acme, "wants_a_human_2")).version == 1


async def test_a_translation_keeps_the_rest_and_the_rest_keeps_it(
    http: httpx2.AsyncClient, database: Database, acme: Client
) -> None:
    own = await sign_in(http, database, acme, "TL")
    code, before = "billing_dispute", shipped()["billing_dispute"]
    german = {"language": "de", "name": "Rechnung", "win": "", "was": ["0"], "title": ["Zuerst"], "script": ["Guten Tag"],
              "kind": ["x"], "minutes": ["x"]}  # fmt: skip
    await own.does(f"/playbooks/{code}/save", **german)
    found = await _book(database, acme, code)
    assert (found.name["de"], found.steps[0].title["de"], "de" in found.win) == ("Rechnung", "Zuerst", False)
    assert (found.name["en"], found.reasons, len(found.steps)) == (before.name["en"], before.reasons, len(before.steps))
    assert 'value="Zuerst"' in await own.sees(f"/playbooks/{code}?language=de")
    english = BOOK | {"was": ["0", "", ""]}
    await own.does(f"/playbooks/{code}/save", **english, based_on=1)
    found = await _book(database, acme, code)
    assert (found.name["de"], found.steps[0].title["de"], found.steps[0].title["en"]) == (
        "Rechnung",
        "Zuerst",
        "Say hello",
    )
    await own.does(f"/playbooks/{code}/restore", version=0)
    assert (await _book(database, acme, code)).content == before.content
    assert (await own.presses("/playbooks/new/save", **german)).status_code == 422


async def test_its_success_says_what_it_rests_on(http: httpx2.AsyncClient, database: Database, acme: Client) -> None:
    def work(uow: UnitOfWork) -> None:
        acting(uow, acme.people["TL"])
        case = int(acme.escalation.removeprefix("ESC-"))
        for command in (StartPlaybook(case, "billing_dispute"), TakeOver(case), ResolveEscalation(case, "handled")):
            execute(command, uow)

    await database.write(work)
    own = await sign_in(http, database, acme, "AG1")
    page = words_of(await own.sees("/playbooks"))
    assert "100 % saved: 1 of 1 case that followed it" in page
    assert "No case that followed it has ended yet" in page


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"name": ""}, "write it at least in English"),
        ({"minutes": ["soon", "1 day", ""]}, "“soon” is no time"),
        ({"kind": ["follow_up", "message", "message"]}, "Follow-ups stand behind"),
        ({"kind": ["dance", "message", "message"]}, "the kind is one of"),
        ({"title": ["", "", ""], "script": ["", "", ""]}, "at least one step"),
        ({"minutes": ["0", "1 day", ""]}, "minutes are a number"),
    ],
)
async def test_what_cannot_be_is_said_and_the_form_keeps_the_rest(
    http: httpx2.AsyncClient, database: Database, acme: Client, wrong: dict[str, Any], said: str
) -> None:
    own = await sign_in(http, database, acme, "TL")
    for what in ("try", "save"):
        answer = await own.presses(f"/playbooks/new/{what}", **(BOOK | wrong))
        assert (answer.status_code, 'role="alert"' in answer.text) == (422, True)
        assert said in words_of(answer.text)
        assert 'value="They say thank you."' in answer.text


async def test_agents_look_and_change_nothing(http: httpx2.AsyncClient, database: Database, acme: Client) -> None:
    own = await sign_in(http, database, acme, "AG1")
    assert "formaction" not in await own.sees("/playbooks/billing_dispute")
    assert (await own.presses("/playbooks/billing_dispute/save", **BOOK)).status_code == 403
    assert (await own.presses("/playbooks/billing_dispute/restore", version=0)).status_code == 403
    assert (await http.get("/playbooks/nothing")).status_code == 404
