"""The price list, limits of approval, who is sent reports, and the signature, over HTTP."""

import httpx2
from sqlalchemy import select

from core.database import Database
from core.tickets.tables import signature_codes
from tests.web.house import Client


async def test_the_price_list_is_added_to_and_changed_by_code(http: httpx2.AsyncClient, acme: Client) -> None:
    parts = [{"code": "FM-1", "name": "Fan", "unitCost": 89.5}, {"code": "DS-1", "name": "Seal", "unitCost": 12.25}]
    answer = await http.put("/api/parts", json={"parts": parts}, headers=acme.bearer("ADM"))
    assert answer.json() == {"added": 2, "changed": 0, "unchanged": 0}
    again = [{"code": "fm-1", "name": "Fan motor", "unitCost": 90}, parts[1]]
    changed = await http.put("/api/parts", json={"parts": again}, headers=acme.bearer("ADM"))
    assert changed.json() == {"added": 0, "changed": 1, "unchanged": 1}
    listed = (await http.get("/api/parts?limit=1", headers=acme.bearer("T1"))).json()
    assert listed["items"] == [{"code": "fm-1", "name": "Fan motor", "unitCost": 90, "currency": "EUR"}]
    rest = await http.get(f"/api/parts?cursor={listed['nextCursor']}", headers=acme.bearer("T1"))
    assert [part["code"] for part in rest.json()["items"]] == ["DS-1"]

    wrong = await http.put("/api/parts", json={"parts": [parts[0] | {"unitCost": 1.005}]}, headers=acme.bearer("ADM"))
    assert (wrong.status_code, wrong.json()["field"]) == (422, "parts[0].unit_cost")
    endless = {"parts": [parts[0] | {"unitCost": "1E-999999999"}]}
    assert (await http.put("/api/parts", json=endless, headers=acme.bearer("ADM"))).status_code == 422
    assert (await http.put("/api/parts", json={"parts": parts}, headers=acme.bearer("T1"))).status_code == 403


async def test_the_limit_of_approval_is_inherited_and_closes_cheap_work(http: httpx2.AsyncClient, acme: Client) -> None:
    limit = f"/api/units/{acme('N')}/approval-limit"
    assert (await http.put(limit, json={"below": 60}, headers=acme.bearer("MN1"))).status_code == 403
    assert (await http.put(limit, json={"below": 60}, headers=acme.bearer("OWN"))).json()["below"] == 60
    branch = await http.get(f"/api/units/{acme('N1')}/approval-limit", headers=acme.bearer("MN1"))
    assert branch.json() == {"unitId": acme("N1"), "below": 60, "currency": "EUR"}
    path = f"/api/tickets/{acme.ticket}"
    await http.post(f"{path}/accept", headers=acme.bearer("T1"))
    done = {"workDescription": "Mended", "laborHours": 1, "laborCostPerHour": 59.99}
    completion = (await http.post(f"{path}/complete", json=done, headers=acme.bearer("T1"))).json()
    assert (completion["approvalStatus"], completion["approvedBy"]) == ("APPROVED", None)
    assert (await http.get(path, headers=acme.bearer("MN1"))).json()["status"] == "CLOSED"


async def test_everybody_wishes_for_themselves_and_an_owner_for_a_role(http: httpx2.AsyncClient, acme: Client) -> None:
    own = {"unitId": acme("N1"), "personId": acme("MN1")}
    assert (await http.put("/api/report-wishes", json=own, headers=acme.bearer("MN1"))).status_code == 200
    role = {"unitId": acme("N"), "role": "store_manager"}
    assert (await http.put("/api/report-wishes", json=role, headers=acme.bearer("MN1"))).status_code == 403
    answer = await http.put("/api/report-wishes", json=role, headers=acme.bearer("OWN"))
    assert answer.json() == [
        {"unitId": acme("N1"), "role": None, "personId": acme("MN1")},
        {"unitId": acme("N"), "role": "store_manager", "personId": None},
    ]
    await http.put("/api/report-wishes", json=own | {"wanted": False}, headers=acme.bearer("MN1"))
    assert len((await http.get("/api/report-wishes", headers=acme.bearer("OWN"))).json()) == 1
    assert (
        await http.put("/api/report-wishes", json={"unitId": acme("N")}, headers=acme.bearer("OWN"))
    ).status_code == 422


async def test_the_store_signs_by_a_code_or_by_itself(
    http: httpx2.AsyncClient, acme: Client, database: Database
) -> None:
    path = f"/api/tickets/{acme.ticket}"
    await http.post(f"{path}/accept", headers=acme.bearer("T1"))
    done = await http.post(f"{path}/complete", json={"workDescription": "Mended"}, headers=acme.bearer("T1"))
    completion = f"/api/completions/{done.json()['id']}"
    asked = await http.post(f"{completion}/ask-signature", headers=acme.bearer("T1"))
    assert (asked.status_code, asked.json()["by"]) == (202, acme("MN1"))
    assert "code" not in asked.json()
    code = await database.read(lambda reader: reader.connection.execute(select(signature_codes.c.code)).scalar_one())
    wrong = f"{(int(code) + 1) % 10**6:06d}"
    missed = await http.post(f"{completion}/sign", json={"code": wrong}, headers=acme.bearer("T1"))
    assert missed.json() == {"signed": False, "by": None, "triesLeft": 4}
    assert (await http.post(f"{completion}/sign", headers=acme.bearer("T1"))).status_code == 403
    signed = await http.post(f"{completion}/sign", json={"code": code}, headers=acme.bearer("T1"))
    assert signed.json() == {"signed": True, "by": acme("MN1"), "triesLeft": 0}
    shown = (await http.get(completion, headers=acme.bearer("CM"))).json()
    assert (shown["signedBy"], bool(shown["signedAt"]), shown["approvalStatus"]) == (acme("MN1"), True, "PENDING")
    assert (await http.post(f"{completion}/sign", headers=acme.bearer("MN1"))).status_code == 409
