"""Hours, holidays, quiet hours and bundling over the API: said, inherited, refused, and everybody's own."""

from typing import Any

import httpx2
import pytest

from tests.web.house import Client

WEEK = "Mon-Fri 08:00-18:00"


async def put(http: httpx2.AsyncClient, acme: Client, path: str, who: str = "ADM", **body: Any) -> httpx2.Response:
    return await http.put(f"/api/{path}", json=body, headers=acme.bearer(who))


async def get(http: httpx2.AsyncClient, acme: Client, path: str, who: str = "ADM") -> Any:
    return (await http.get(f"/api/{path}", headers=acme.bearer(who))).json()


async def test_what_is_said_above_counts_below(http: httpx2.AsyncClient, acme: Client) -> None:
    said = await put(http, acme, f"units/{acme('N')}/hours", hours="mo-fr 8-18", holidays="es", closedOn=["2026-12-24"])
    assert said.status_code == 200
    assert said.json()["hours"] == WEEK
    below = await get(http, acme, f"units/{acme('N1')}/hours", "MN1")
    assert (below["hours"], below["holidays"], below["closedOn"]) == ("", "", [])
    assert below["counts"] == {
        "timeZone": "Europe/Madrid",
        "hours": WEEK,
        "holidays": "ES",
        "closedOn": ["2026-12-24"],
        "openNow": True,
        "opensAt": "2026-11-23T09:00:00Z",
    }


async def test_what_is_put_replaces_what_was_said(http: httpx2.AsyncClient, acme: Client) -> None:
    await put(http, acme, f"units/{acme('N1')}/hours", hours=WEEK, holidays="ES")
    after = (await put(http, acme, f"units/{acme('N1')}/hours", hours="Sun 10-12")).json()
    assert (after["holidays"], after["counts"]["openNow"]) == ("", False)
    assert after["counts"]["opensAt"] == "2026-11-29T09:00:00Z"


async def test_everybody_sets_their_own_hours(http: httpx2.AsyncClient, acme: Client) -> None:
    path = f"people/{acme('T1')}/hours"
    said = await put(http, acme, path, "T1", hours=WEEK, quiet="22-7", holidays="off")
    assert (said.status_code, said.json()["quiet"]) == (200, "22:00-07:00")
    assert (await get(http, acme, path, "T1"))["hours"] == WEEK
    assert (await get(http, acme, path))["counts"]["openNow"]
    assert (await put(http, acme, path, "T2", hours="")).status_code == 403
    assert (await http.get(f"/api/{path}", headers=acme.bearer("T2"))).status_code == 403


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"hours": "8-18"}, "hours"),
        ({"holidays": "DE-XX"}, "holidays"),
        ({"closedOn": ["tomorrow"]}, "closedOn[0]"),
        ({"quiet": "0-24"}, "quiet"),
        ({"hours": "daily 22-06", "quiet": "21-7"}, "quiet"),
    ],
)
async def test_what_makes_no_sense_names_its_field(
    http: httpx2.AsyncClient, acme: Client, body: dict[str, Any], field: str
) -> None:
    answer = await put(http, acme, f"people/{acme('T1')}/hours", **body)
    assert (answer.status_code, answer.json()["field"]) == (422, field)


async def test_nobody_sees_or_sets_what_is_another_clients(
    http: httpx2.AsyncClient, acme: Client, beta: Client
) -> None:
    for path in (f"units/{beta('N1')}/hours", f"people/{beta('T1')}/hours", f"people/{beta('T1')}/bundling"):
        assert (await http.get(f"/api/{path}", headers=acme.bearer("ADM"))).status_code == 404
        body: dict[str, Any] = {"rules": []} if path.endswith("bundling") else {"hours": WEEK}
        assert (await put(http, acme, path, **body)).status_code == 404


async def test_bundling_is_chosen_by_kind_and_given_back(http: httpx2.AsyncClient, acme: Client) -> None:
    path = f"people/{acme('DIS')}/bundling"
    rules = [{"key": "ticket", "after": 1, "windowSeconds": 900}]
    said = (await put(http, acme, path, "DIS", rules=rules)).json()
    default = {"key": "escalation", "after": 2, "windowSeconds": 120}
    assert said == {"rules": rules, "counts": [*rules, default]}
    assert await get(http, acme, path) == said
    back = (await put(http, acme, path, rules=[])).json()
    assert back == {"rules": [], "counts": [default | {"key": "ticket"}, default]}


@pytest.mark.parametrize(
    ("rule", "field"),
    [
        ({"key": "tickets", "after": 1, "windowSeconds": 1}, "key"),
        ({"key": "ticket", "after": -1, "windowSeconds": 1}, "after"),
        ({"key": "ticket", "after": 1, "windowSeconds": 1e300}, "windowSeconds"),
        ({"key": "ticket", "after": 1, "windowSeconds": -0.5}, "windowSeconds"),
    ],
)
async def test_a_rule_that_makes_no_sense_changes_nothing(
    http: httpx2.AsyncClient, acme: Client, rule: dict[str, Any], field: str
) -> None:
    path = f"people/{acme('DIS')}/bundling"
    good = {"key": "*", "after": 0, "windowSeconds": 60}
    answer = await put(http, acme, path, rules=[good, rule])
    assert (answer.status_code, answer.json()["field"]) == (422, field)
    assert (await get(http, acme, path))["rules"] == []
