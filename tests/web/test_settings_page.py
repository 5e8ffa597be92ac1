"""Settings: where one is signed in, and tokens for the API."""

import httpx2

from core.database import Database
from tests.web.browsing import sign_in, words_of
from tests.web.house import Client, Given, app_of, browser
from web.pages.rendering import as_shown

FIREFOX = {"user-agent": "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0"}


async def test_one_sees_where_one_is_signed_in_and_ends_it(
    http: httpx2.AsyncClient, database: Database, acme: Client, given: Given
) -> None:
    async with browser(app_of(given), headers=FIREFOX) as lost:
        await sign_in(lost, database, acme, "DIS")
        own = await sign_in(http, database, acme, "DIS")
        page = await own.sees("/settings")
        assert "Firefox on Windows" in page
        end = page.split('action="/settings/sessions/')[1].split('"', maxsplit=1)[0]
        assert "signed out" in await own.does(f"/settings/sessions/{end}")
        assert (await lost.get("/")).status_code == 303
    assert "Firefox" not in await own.sees("/settings")


async def test_signed_out_everywhere(http: httpx2.AsyncClient, database: Database, acme: Client, given: Given) -> None:
    async with browser(app_of(given)) as other:
        await sign_in(other, database, acme, "DIS")
        own = await sign_in(http, database, acme, "DIS")
        await own.presses("/settings/sessions/end")
        assert [(await one.get("/")).status_code for one in (other, http)] == [303, 303]


async def test_nobody_ends_the_session_of_somebody_else(
    http: httpx2.AsyncClient, database: Database, acme: Client, given: Given
) -> None:
    async with browser(app_of(given)) as other:
        await sign_in(other, database, acme, "DIS")
        own = await sign_in(http, database, acme, "AG1")
        refused = [(await own.presses(f"/settings/sessions/{n}/end")).status_code for n in range(1, 60)]
        assert 403 in refused
        assert (await other.get("/")).status_code == 200


async def test_a_stolen_cookie_opens_nothing_after_signing_out(
    http: httpx2.AsyncClient, database: Database, acme: Client, given: Given
) -> None:
    own = await sign_in(http, database, acme, "DIS")
    stolen = dict(http.cookies)
    await own.presses("/logout")
    async with browser(app_of(given), cookies=stolen) as thief:
        assert (await thief.get("/")).status_code == 303


async def test_a_token_is_made_shown_once_used_and_revoked(
    http: httpx2.AsyncClient, database: Database, acme: Client
) -> None:
    own = await sign_in(http, database, acme, "ADM")
    wanted = {"name": "Till", "role": "dispatcher", "unit": acme("N1"), "may": "change"}
    page = (await own.presses("/settings/tokens", **wanted)).text
    token = page.split("<code>cb_")[1].split("<", maxsplit=1)[0]
    listed = await own.sees("/settings/tokens")
    assert token not in listed
    assert f"Till dispatcher at {acme('N1')}" in words_of(listed)
    assert "never" in words_of(listed).split("Till", 1)[1].split("Revoke", maxsplit=1)[0]
    bearer = {"Authorization": f"Bearer cb_{token}"}
    assert (await http.get(f"/api/tickets/{acme.ticket}", headers=bearer)).status_code == 200
    assert (
        "never" not in words_of(await own.sees("/settings/tokens")).split("Till", 1)[1].split("Revoke", maxsplit=1)[0]
    )
    number = listed.split('action="/settings/tokens/')[1].split("/", maxsplit=1)[0]
    await own.does(f"/settings/tokens/{number}/revoke")
    assert (await http.get(f"/api/tickets/{acme.ticket}", headers=bearer)).status_code == 401


async def test_a_token_that_may_only_look_changes_nothing(
    http: httpx2.AsyncClient, database: Database, acme: Client
) -> None:
    own = await sign_in(http, database, acme, "ADM")
    page = (await own.presses("/settings/tokens", kind="own", may="read")).text
    bearer = {"Authorization": f"Bearer cb_{page.split('<code>cb_')[1].split('<', maxsplit=1)[0]}"}
    assert (await http.get(f"/api/tickets/{acme.ticket}", headers=bearer)).status_code == 200
    refused = await http.post(f"/api/tickets/{acme.ticket}/cancel", json={"reason": "x"}, headers=bearer)
    assert (refused.status_code, "may only look" in refused.text) == (403, True)


async def test_a_token_needs_a_name_and_a_unit_of_ours(
    http: httpx2.AsyncClient, database: Database, acme: Client, beta: Client
) -> None:
    own = await sign_in(http, database, acme, "ADM")
    for values in (
        {"name": " ", "role": "agent", "unit": acme("N1")},
        {"name": "a", "role": "agent", "unit": beta("N1")},
    ):
        answer = await own.presses("/settings/tokens", **values)
        assert (answer.status_code, "<code>cb_" in answer.text, 'class="bad"' in answer.text) == (422, False, True)


async def test_tokens_are_for_those_who_edit_people_and_of_their_own_client(
    http: httpx2.AsyncClient, database: Database, acme: Client, beta: Client, given: Given
) -> None:
    dispatcher = await sign_in(http, database, acme, "DIS")
    for answer in (
        await http.get("/settings/tokens"),
        await dispatcher.presses("/settings/tokens", name="x", role="admin", unit="ACME"),
    ):
        assert answer.status_code == 403
    own = await sign_in(http, database, beta, "ADM")
    listed = await own.sees("/settings/tokens")
    assert "Acme" not in listed
    answer = await own.does("/settings/tokens/1/revoke")
    assert "There is no such token" in answer


async def test_a_message_is_shown_in_every_language_on_every_channel(
    http: httpx2.AsyncClient, database: Database, acme: Client
) -> None:
    own = await sign_in(http, database, acme, "OWN")
    page = await own.sees("/settings/templates?name=ticket.card")
    words = words_of(page)
    for expected in ("English", "German", "Spanish", "Telegram", "Slack", "WhatsApp", "Cold room at 12 degrees"):
        assert expected in words, expected
    assert page.count("Cold room at 12 degrees") >= 9
    assert "Reasignar" in words
    assert "reply" not in page.split("<select", 1)[1].split("</select>", maxsplit=1)[0]


async def test_channels_say_how_they_are(http: httpx2.AsyncClient, database: Database, acme: Client) -> None:
    own = await sign_in(http, database, acme, "ADM")
    words = words_of(await own.sees("/settings/channels"))
    assert "Telegram ownerless" in words
    assert "Slack off It has no token" in words
    assert "works The database answers." in words


async def test_a_webhook_is_added_its_secret_shown_once_tried_and_removed(
    http: httpx2.AsyncClient, database: Database, acme: Client, beta: Client
) -> None:
    own = await sign_in(http, database, acme, "ADM")
    page = (
        await own.presses("/settings/webhooks", url="https://example.com/hook", kinds="escalation.*, ticket.accepted")
    ).text
    secret = page.split("<code>whsec_")[1].split("<", maxsplit=1)[0]
    listed = await own.sees("/settings/webhooks")
    assert secret not in listed
    assert "escalation.*, ticket.accepted" in words_of(listed)
    number = listed.split('action="/settings/webhooks/')[1].split("/", maxsplit=1)[0]
    assert "A test is on its way" in await own.does(f"/settings/webhooks/{number}/test")
    shown = await own.sees("/settings/webhooks")
    assert "webhook.test" in shown
    assert "Send again" not in shown  # it is on its way
    renewed = (await own.presses(f"/settings/webhooks/{number}/secret")).text
    assert "<code>whsec_" in renewed
    assert secret not in renewed
    other = await sign_in(http, database, beta, "ADM")
    assert "There is no" in await other.does(f"/settings/webhooks/{number}/remove")
    assert (await other.presses(f"/settings/webhooks/{number}/secret")).status_code == 404
    assert "There is no" in await other.does(f"/settings/webhooks/{number}/replay/1")
    own = await sign_in(http, database, acme, "ADM")
    assert "Switch on" in await own.does(f"/settings/webhooks/{number}/off")
    assert "No other program" in await own.does(f"/settings/webhooks/{number}/remove")


async def test_an_address_that_cannot_be_is_refused_beside_its_field(
    http: httpx2.AsyncClient, database: Database, acme: Client
) -> None:
    own = await sign_in(http, database, acme, "ADM")
    for url in ("nonsense", "http://127.0.0.1/x", "ftp://example.com"):
        answer = await own.presses("/settings/webhooks", url=url)
        assert (answer.status_code, 'class="bad"' in answer.text) == (422, True), url


def test_a_preview_shows_the_marks_of_a_chat_as_people_see_them() -> None:
    said = as_shown("*Customer*: <i>Ana</i> · <tel:+34600|+34 600>\n2*3*4 is not bold, nor is * this *")
    assert said == "<b>Customer</b>: &lt;i&gt;Ana&lt;/i&gt; · +34 600\n2*3*4 is not bold, nor is * this *"
