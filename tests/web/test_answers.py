"""A client's answers over HTTP: edited by those who may, and tried before a customer reads them."""

import httpx2

from tests.web.house import Client

PATH = "/api/clients/ACME/answers"
PARKING = {"question": "Parking", "answer": "Behind the store.", "language": "en", "kind": "article"}


async def test_an_answer_is_added_changed_and_removed(http: httpx2.AsyncClient, acme: Client) -> None:
    lead = acme.bearer("TL")
    added = await http.post(PATH, json=PARKING, headers=lead | {"Idempotency-Key": "1"})
    again = await http.post(PATH, json=PARKING, headers=lead | {"Idempotency-Key": "1"})
    assert (added.status_code, again.json()) == (201, added.json())
    answer = added.json()
    assert (answer["clientId"], answer["uses"], answer["enabled"]) == ("ACME", 0, True)
    assert (await http.post(PATH, json=PARKING, headers=lead)).status_code == 409
    one = f"{PATH}/{answer['id']}"
    changed = await http.patch(one, json={"answer": "In front.", "enabled": False}, headers=lead)
    assert (changed.json()["answer"], changed.json()["enabled"]) == ("In front.", False)
    assert (await http.get(one, headers=acme.bearer("AG1"))).json() == changed.json()
    assert (await http.delete(one, headers=lead)).status_code == 204
    assert (await http.get(one, headers=lead)).status_code == 404


async def test_the_list_comes_in_pages(http: httpx2.AsyncClient, acme: Client) -> None:
    for number in range(3):
        asked = PARKING | {"question": f"Question {number}"}
        await http.post(PATH, json=asked, headers=acme.bearer("OWN"))
    first = (await http.get(f"{PATH}?limit=2", headers=acme.bearer("AG1"))).json()
    rest = (await http.get(f"{PATH}?cursor={first['nextCursor']}", headers=acme.bearer("AG1"))).json()
    assert [item["question"] for item in first["items"] + rest["items"]] == [
        f"Question {number}" for number in range(3)
    ]
    assert rest["nextCursor"] is None


async def test_only_those_who_may_edit_and_only_those_who_serve_see(http: httpx2.AsyncClient, acme: Client) -> None:
    assert (await http.post(PATH, json=PARKING, headers=acme.bearer("AG1"))).status_code == 403
    assert (await http.get(PATH, headers=acme.bearer("T1"))).status_code == 403
    wrong = await http.post(PATH, json=PARKING | {"kind": "pattern", "question": "*"}, headers=acme.bearer("TL"))
    assert (wrong.status_code, wrong.json()["field"]) == (422, "question")
    assert (await http.get(f"{PATH}/{'9' * 30}", headers=acme.bearer("TL"))).status_code == 404


async def test_what_would_be_said_is_tried_and_not_counted(http: httpx2.AsyncClient, acme: Client) -> None:
    await http.post(PATH, json=PARKING, headers=acme.bearer("TL"))
    tried = {}
    for text in ("Is there parking?", "I want a human", "Hello", "My fridge hums a strange song", "I call my lawyer!"):
        tried[text] = (await http.post(f"{PATH}/try", json={"text": text}, headers=acme.bearer("AG1"))).json()
    assert [one["would"] for one in tried.values()] == ["answer", "hand_over", "greet", "offer_human", "hand_over"]
    assert tried["I call my lawyer!"]["why"].startswith("This calls a human: legal")
    parking = tried["Is there parking?"]
    assert (parking["answer"]["answer"], parking["candidates"][0]["score"]) == ("Behind the store.", 1)
    assert parking["why"] == "100% of the words of the message are in the article."
    listed = (await http.get(PATH, headers=acme.bearer("TL"))).json()["items"]
    assert [one["uses"] for one in listed] == [0]


async def test_what_solved_a_case_is_proposed_and_kept(http: httpx2.AsyncClient, acme: Client) -> None:
    path = f"/api/escalations/{acme.escalation}/answer"
    assert (await http.get(path, headers=acme.bearer("AG1"))).json() == {"question": "", "answer": "", "language": "en"}
    assert (await http.post(path, headers=acme.bearer("TL"))).status_code == 422
    asked = {"question": "Parking", "answer": "Behind the store."}
    assert (await http.post(path, json=asked, headers=acme.bearer("AG1"))).status_code == 403
    kept = (await http.post(path, json=asked, headers=acme.bearer("TL"))).json()
    assert (kept["question"], kept["source"], kept["language"]) == ("Parking", acme.escalation, "en")
