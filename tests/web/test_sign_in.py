"""Signing in with a link from the chat, and what an attacker may try."""

from base64 import b64decode, b64encode

import httpx2
import pytest
from sqlalchemy import update

from core.clock import ManualClock
from core.database import Database
from core.executor import execute
from core.people.commands import CreateLogin
from core.people.tables import persons
from tests.web.house import Client, Given, app_of, browser
from web.pages.signing_in import OPENED

COOKIE = "callboard"


async def _link(database: Database, acme: Client, who: str = "DIS") -> str:
    secret = await database.write(lambda uow: execute(CreateLogin(acme.people[who]), uow))
    return f"/login/{secret}"


async def _sign_in(http: httpx2.AsyncClient, database: Database, acme: Client, who: str = "DIS") -> httpx2.Response:
    return await http.post(await _link(database, acme, who))


def _csrf(page: str) -> str:
    return page.split('name="csrf" value="')[1].split('"', maxsplit=1)[0]


async def test_without_a_session_the_page_says_how_to_get_a_link(http: httpx2.AsyncClient) -> None:
    answer = await http.get("/", follow_redirects=True)
    assert answer.status_code == 200
    assert "write <kbd>login</kbd>" in answer.text


async def test_opening_a_link_does_not_use_it_and_pressing_the_button_does(
    http: httpx2.AsyncClient, database: Database, acme: Client
) -> None:
    link = await _link(database, acme)
    for _ in range(3):  # link previews of two platforms, and the person
        page = await http.get(link)
        assert (page.status_code, "set-cookie" in page.headers) == (200, False)
    answer = await http.post(link)
    assert (answer.status_code, answer.headers["location"]) == (303, "/")
    assert "Acme-Dis" in (await http.get("/", follow_redirects=True)).text


async def test_a_link_signs_in_once(http: httpx2.AsyncClient, database: Database, acme: Client, given: Given) -> None:
    link = await _link(database, acme)
    await http.post(link)
    async with browser(app_of(given)) as thief:
        answer = await thief.post(link)
        assert (answer.status_code, "used already" in answer.text) == (409, True)
        assert "Acme-Dis" not in (await thief.get("/", follow_redirects=True)).text


async def test_a_link_is_too_old_after_ten_minutes(
    http: httpx2.AsyncClient, database: Database, acme: Client, clock: ManualClock
) -> None:
    link = await _link(database, acme)
    clock.advance(601)
    assert (await http.post(link)).status_code == 409


async def test_a_made_up_link_is_refused(http: httpx2.AsyncClient, acme: Client) -> None:
    assert (await http.post("/login/guess")).status_code == 409


async def test_the_cookie_is_kept_from_scripts_and_other_sites(
    http: httpx2.AsyncClient, database: Database, acme: Client, given: Given
) -> None:
    cookie = (await _sign_in(http, database, acme)).headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=lax" in cookie
    async with browser(app_of(given, secure_cookies=True)) as secure:
        cookie = (await _sign_in(secure, database, acme)).headers["set-cookie"]
    assert cookie.startswith("__Host-callboard=")
    assert "; secure" in cookie


async def test_a_changed_cookie_is_no_session(
    http: httpx2.AsyncClient, database: Database, acme: Client, given: Given
) -> None:
    await _sign_in(http, database, acme)
    value = http.cookies[COOKIE]
    data, stamp, signature = value.strip('"').split(".")
    admin = b64encode(b64decode(data).replace(b'"session"', b'"session":"x","s"'))
    for forged in (f"{admin.decode()}.{stamp}.{signature}", f"{data}.{stamp}.{signature[:-2]}AA", data, "null", ""):
        async with browser(app_of(given), cookies={COOKIE: forged}) as thief:
            assert "write <kbd>login</kbd>" in (await thief.get("/", follow_redirects=True)).text


async def test_a_cookie_of_another_key_is_no_session(
    http: httpx2.AsyncClient, database: Database, acme: Client, given: Given
) -> None:
    await _sign_in(http, database, acme)
    async with browser(app_of(given, secret_key="another key"), cookies={COOKIE: http.cookies[COOKIE]}) as other:
        assert "write <kbd>login</kbd>" in (await other.get("/", follow_redirects=True)).text


async def test_a_new_sign_in_takes_nothing_over(http: httpx2.AsyncClient, database: Database, acme: Client) -> None:
    await _sign_in(http, database, acme, "DIS")
    before = _csrf((await http.get("/", follow_redirects=True)).text)
    await _sign_in(http, database, acme, "MN1")
    page = (await http.get("/", follow_redirects=True)).text
    assert "Acme-Mn1" in page
    assert _csrf(page) != before


async def test_signing_out_needs_the_forms_own_secret(
    http: httpx2.AsyncClient, database: Database, acme: Client
) -> None:
    await _sign_in(http, database, acme)
    for form in ({}, {"csrf": "guess"}):
        assert (await http.post("/logout", data=form)).status_code == 403
    assert "Acme-Dis" in (await http.get("/", follow_redirects=True)).text
    answer = await http.post("/logout", data={"csrf": _csrf((await http.get("/", follow_redirects=True)).text)})
    assert answer.status_code == 303
    assert "write <kbd>login</kbd>" in (await http.get("/", follow_redirects=True)).text


@pytest.mark.parametrize(
    "headers", [{"Origin": "https://evil.test"}, {"Origin": "null"}, {"Sec-Fetch-Site": "cross-site"}]
)
async def test_another_site_can_neither_sign_in_nor_out(
    http: httpx2.AsyncClient, database: Database, acme: Client, headers: dict[str, str]
) -> None:
    link = await _link(database, acme)
    assert (await http.post(link, headers=headers)).status_code == 403
    own = {"Origin": "http://callboard.test", "Sec-Fetch-Site": "same-origin"}
    assert (await http.post(link, headers=own)).status_code == 303  # and the link was not used up
    csrf = _csrf((await http.get("/", follow_redirects=True)).text)
    assert (await http.post("/logout", data={"csrf": csrf}, headers=headers)).status_code == 403


async def test_who_has_left_is_signed_out_and_cannot_sign_in(
    http: httpx2.AsyncClient, database: Database, acme: Client
) -> None:
    await _sign_in(http, database, acme)
    gone = update(persons).where(persons.c.id == acme.people["DIS"]).values(status="inactive")
    await database.write(lambda uow: uow.connection.execute(gone).rowcount)
    assert "write <kbd>login</kbd>" in (await http.get("/", follow_redirects=True)).text
    assert (await _sign_in(http, database, acme)).status_code == 403


@pytest.mark.parametrize(("hours", "signed_in"), [(11.9, True), (12.1, False)])
async def test_a_session_ends_when_its_time_is_over(
    http: httpx2.AsyncClient, database: Database, acme: Client, clock: ManualClock, hours: float, signed_in: bool
) -> None:
    await _sign_in(http, database, acme)
    clock.advance(hours * 3600)
    assert ("Acme-Dis" in (await http.get("/", follow_redirects=True)).text) is signed_in


async def test_a_link_signs_in_the_browser_that_presses_its_button_and_no_other(
    http: httpx2.AsyncClient, database: Database, acme: Client, given: Given
) -> None:
    """Whoever has somebody else's number sent a link gets nothing by it."""
    await http.post("/sign-in", data={"phone": "+34 600 000 001"})
    link = await _link(database, acme)
    await http.get(link)
    async with browser(app_of(given)) as own:
        await own.post(link)
        assert "Acme-Dis" in (await own.get("/", follow_redirects=True)).text
    assert "Acme-Dis" not in (await http.get("/", follow_redirects=True)).text


async def test_a_planted_session_is_not_signed_in_by_a_victims_sign_in(
    http: httpx2.AsyncClient, database: Database, acme: Client, given: Given
) -> None:
    await _sign_in(http, database, acme, "T1")
    planted = http.cookies[COOKIE]
    async with browser(app_of(given), cookies={COOKIE: planted}) as victim:
        await victim.post(await _link(database, acme, "ADM"))
        assert "Acme-Adm" in (await victim.get("/", follow_redirects=True)).text
    async with browser(app_of(given), cookies={COOKIE: planted}) as thief:
        page = (await thief.get("/", follow_redirects=True)).text
    assert "Acme-Adm" not in page
    assert "Acme-T1" in page


async def test_one_goes_on_to_where_one_wanted_to_go(
    http: httpx2.AsyncClient, database: Database, acme: Client
) -> None:
    asked = await http.get("/settings?a=1")
    assert asked.headers["location"] == "/sign-in?next=/settings%3Fa%3D1"
    await http.get(asked.headers["location"])
    assert (await _sign_in(http, database, acme)).headers["location"] == "/settings?a=1"
    assert (await _sign_in(http, database, acme)).headers["location"] == "/"  # once


@pytest.mark.parametrize(
    "wanted",
    [
        "https://evil.test/",
        "//evil.test",
        "/\\evil.test",
        "javascript:alert(1)",
        "evil",
        "/login/x",
        "/a\n/b",
        "/" + "x" * 600,
    ],
)
async def test_nobody_is_led_to_another_site(
    http: httpx2.AsyncClient, database: Database, acme: Client, wanted: str
) -> None:
    await http.get("/sign-in", params={"next": wanted})
    assert (await _sign_in(http, database, acme)).headers["location"] == "/"


async def test_links_cannot_be_guessed_one_after_the_other(
    http: httpx2.AsyncClient, database: Database, acme: Client, clock: ManualClock
) -> None:
    answers = [(await http.post(f"/login/guess-{n}")).status_code for n in range(OPENED + 2)]
    assert answers == [409] * OPENED + [429, 429]
    link = await _link(database, acme)
    assert (await http.post(link)).status_code == 429
    clock.advance(600)
    assert (await http.post(link)).status_code == 409  # too old by now; a new one works
    assert (await _sign_in(http, database, acme)).status_code == 303
