"""Signing in with an account elsewhere: an issuer proves an e-mail address, and whoever has it here enters. What attackers try."""

from collections.abc import AsyncIterator, Callable, Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx2
import pytest
from joserfc.jwk import RSAKey
from sqlalchemy import update

from core.database import Database
from core.people.tables import persons
from tests.web.browsing import sign_in, words_of
from tests.web.house import Client, Given, app_of, browser
from tests.web.issuer import CLIENT, SECRET, Issuer, issuing
from web.oidc import Provider
from web.pages.signing_in import OPENED

BACK = "/sign-in/oidc/back"


@pytest.fixture
def database_kind() -> str:
    """What touches the database is tried on both in tests/core/people/test_entering.py."""
    return "sqlite"


@pytest.fixture(scope="module")
def running() -> Iterator[Issuer]:
    with issuing() as one:
        yield one


@pytest.fixture
def issuer(running: Issuer) -> Issuer:
    running.as_before()
    return running


@pytest.fixture
async def http(given: Given, issuer: Issuer, database: Database, acme: Client) -> AsyncIterator[httpx2.AsyncClient]:
    address = update(persons).where(persons.c.id == acme.people["DIS"]).values(email="Dis@Acme.test")
    await database.write(lambda uow: uow.connection.execute(address).rowcount)
    async with browser(_app(given, issuer)) as client:
        yield client


def _app(given: Given, issuer: Issuer) -> Any:
    return app_of(given, oidc=Provider(issuer.url, CLIENT, SECRET, "Acme"))


async def _come_back(http: httpx2.AsyncClient) -> str:
    """Out to the issuer and consent there; where it sends the browser."""
    out = await http.get("/sign-in/oidc")
    assert out.status_code == 302, words_of(out.text)
    async with httpx2.AsyncClient() as elsewhere:
        return str((await elsewhere.get(out.headers["location"])).headers["location"]).removeprefix(
            "http://callboard.test"
        )


async def _name(http: httpx2.AsyncClient) -> str:
    """Of who is signed in in this browser; empty: nobody."""
    page = await http.get("/settings")
    return "Acme-Dis" if "Acme-Dis" in page.text else "somebody" if page.status_code == 200 else ""


async def test_the_button_is_there_where_an_issuer_is_configured(http: httpx2.AsyncClient, given: Given) -> None:
    page = (await http.get("/sign-in")).text
    assert 'href="/sign-in/oidc">Sign in with Acme</a>' in page
    async with browser(app_of(given)) as without:
        assert "/sign-in/oidc" not in (await without.get("/sign-in")).text
        for path in ("/sign-in/oidc", f"{BACK}?code=1&state=1"):
            assert (await without.get(path)).status_code == 404


async def test_whose_address_is_proved_enters_and_goes_on_to_where_they_wanted(http: httpx2.AsyncClient) -> None:
    await http.get("/sign-in?next=/settings")
    answer = await http.get(await _come_back(http))
    assert (answer.status_code, answer.headers["location"]) == (303, "/settings")
    assert await _name(http) == "Acme-Dis"


async def test_an_issuer_that_keeps_the_address_out_of_its_token_is_asked_for_it(
    http: httpx2.AsyncClient, issuer: Issuer
) -> None:
    issuer.says_little = True
    assert (await http.get(await _come_back(http))).status_code == 303
    assert await _name(http) == "Acme-Dis"


async def test_nobody_is_created(http: httpx2.AsyncClient, issuer: Issuer) -> None:
    issuer.account["email"] = "stranger@acme.test"
    answer = await http.get(await _come_back(http))
    assert (answer.status_code, "Nobody here has the e-mail address stranger@acme.test" in answer.text) == (403, True)
    assert await _name(http) == ""


LIES: dict[str, Callable[[Issuer], object]] = {
    "another nonce": lambda one: one.claims.update(nonce="guess"),
    "no nonce": lambda one: one.claims.update(nonce=None),
    "for another program": lambda one: one.claims.update(aud="another"),
    "for us and for another who asked for it": lambda one: one.claims.update(aud=[CLIENT, "another"], azp="another"),
    "from another issuer": lambda one: one.claims.update(iss="https://evil.test"),
    "too old": lambda one: one.claims.update(iat=1, exp=1000),
    "without an end": lambda one: one.claims.update(exp=None),
    "signed by somebody else": lambda one: setattr(one, "signs_with", RSAKey.generate_key(2048)),
    "signed with the public key as a secret": lambda one: setattr(one, "algorithm", "HS256"),
    "not signed": lambda one: setattr(one, "algorithm", "none"),
    "an address that is not verified": lambda one: one.account.update(email_verified=False),
    "an address about which nothing is said": lambda one: one.account.pop("email_verified"),
    "no address at all": lambda one: one.account.pop("email"),
    "an empty address": lambda one: one.account.update(email=""),
    "no text as address": lambda one: one.account.update(email=["dis@acme.test"]),
    "somebody else's address when asked": lambda one: (
        setattr(one, "says_little", True),
        one.account.update(sub="u-2"),
    ),
}


@pytest.mark.parametrize("lie", LIES)
async def test_a_token_that_proves_nothing_signs_nobody_in(http: httpx2.AsyncClient, issuer: Issuer, lie: str) -> None:
    back = await _come_back(http)
    LIES[lie](issuer)
    answer = await http.get(back)
    assert (answer.status_code, "by a link to your chat" in answer.text) == (403, True), words_of(answer.text)
    assert await _name(http) == ""


async def test_a_code_counts_once_and_only_in_the_browser_that_set_out(
    http: httpx2.AsyncClient, given: Given, issuer: Issuer
) -> None:
    back = await _come_back(http)
    async with browser(_app(given, issuer)) as thief:
        assert (await thief.get(back)).status_code == 403
        kept = dict(http.cookies)
        assert (await http.get(back)).status_code == 303
        assert (await http.get(back)).status_code == 403
    async with browser(_app(given, issuer), cookies=kept) as again:  # the browser as it was before it came back
        assert (await again.get(back)).status_code == 403
        assert await _name(again) == ""


@pytest.mark.parametrize("change", [{"state": "guess"}, {"state": ""}, {"code": "guess"}, {"code": ""}])
async def test_another_state_or_code_is_refused(http: httpx2.AsyncClient, change: dict[str, str]) -> None:
    """A victim is not signed in as the attacker by an address that the attacker made up."""
    asked = {name: values[0] for name, values in parse_qs(urlsplit(await _come_back(http)).query).items()}
    assert (await http.get(BACK, params=asked | change)).status_code == 403
    assert await _name(http) == ""


async def test_what_the_issuer_or_anybody_writes_into_the_address_is_not_shown(http: httpx2.AsyncClient) -> None:
    answer = await http.get(BACK, params={"error": "access_denied", "error_description": "Call +34 600 111 222"})
    assert (answer.status_code, "600 111 222" in answer.text) == (403, False)
    assert "Begin again" in answer.text


async def test_a_planted_session_is_not_signed_in_by_it(
    http: httpx2.AsyncClient, database: Database, acme: Client, given: Given, issuer: Issuer
) -> None:
    async with browser(_app(given, issuer)) as thief:
        await sign_in(thief, database, acme, "T1")
        planted = dict(thief.cookies)
        http.cookies.update(planted)
        assert (await http.get(await _come_back(http))).status_code == 303
        assert await _name(http) == "Acme-Dis"
        assert await _name(thief) == "somebody"


@pytest.mark.parametrize("wanted", ["https://evil.test/", "//evil.test", "/\\evil.test"])
async def test_nobody_is_led_to_another_site(http: httpx2.AsyncClient, wanted: str) -> None:
    await http.get("/sign-in", params={"next": wanted})
    assert (await http.get(await _come_back(http))).headers["location"] == "/"


async def test_the_address_to_come_back_to_is_ours_whatever_the_request_says(http: httpx2.AsyncClient) -> None:
    out = await http.get("/sign-in/oidc", headers={"Host": "evil.test", "X-Forwarded-Host": "evil.test"})
    asked = parse_qs(urlsplit(out.headers["location"]).query)
    assert asked["redirect_uri"] == [f"http://callboard.test{BACK}"]


@pytest.mark.parametrize("how", ["broken", "garbled"])
@pytest.mark.parametrize("path", ["/.well-known/openid-configuration", "/token", "/jwks", "/userinfo"])
async def test_an_issuer_that_does_not_answer_is_a_sentence(
    http: httpx2.AsyncClient, given: Given, issuer: Issuer, path: str, how: str
) -> None:
    issuer.says_little = path == "/userinfo"
    getattr(issuer, how).add(path)
    if "known" in path:
        answer = await http.get("/sign-in/oidc")
    else:
        answer = await http.get(await _come_back(http))
    assert answer.status_code in (403, 503)
    assert "by a link to your chat" in answer.text
    getattr(issuer, how).clear()
    assert (await http.get(await _come_back(http))).status_code == 303  # and once it answers, it works


async def test_an_issuer_that_is_gone_is_a_sentence(given: Given, acme: Client) -> None:
    gone = Provider("http://127.0.0.1:9", CLIENT, SECRET, "Acme")
    async with browser(app_of(given, oidc=gone)) as http:
        answer = await http.get("/sign-in/oidc")
    assert (answer.status_code, "Acme does not answer" in answer.text) == (503, True)


async def test_an_issuer_that_calls_itself_otherwise_is_not_believed(given: Given, issuer: Issuer) -> None:
    other = Provider(issuer.url.replace("127.0.0.1", "localhost"), CLIENT, SECRET, "Acme")
    async with browser(app_of(given, oidc=other)) as http:
        assert (await http.get("/sign-in/oidc")).status_code == 503


async def test_it_cannot_be_tried_without_end(http: httpx2.AsyncClient) -> None:
    answers = [(await http.get(f"{BACK}?code={n}&state={n}")).status_code for n in range(OPENED + 1)]
    assert answers == [403] * OPENED + [429]
