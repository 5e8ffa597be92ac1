"""Answers of the assistant on the pages: found, tried, written, changed, switched off, and as they were before."""

from typing import Any

import httpx2

from core.answers.queries import list_answers
from core.answers.tables import Answer
from core.database import Database
from tests.web.browsing import sign_in, words_of
from tests.web.house import Client

PARKING: dict[str, Any] = {
    "question": "Parking", "answer": "Behind the store.", "language": "en", "kind": "article", "enabled": "yes",
}  # fmt: skip


async def _answers(database: Database, client: Client) -> list[Answer]:
    return await database.read(lambda reader: list_answers(reader, client.id, 100))


async def test_an_answer_is_written_found_tried_and_switched_off(
    http: httpx2.AsyncClient, database: Database, acme: Client
) -> None:
    own = await sign_in(http, database, acme, "TL")
    assert "Write one, and try it before a customer reads it" in words_of(await own.sees("/answers"))
    assert "Parking" in words_of(await own.does("/answers/new/save", **PARKING))
    await own.does("/answers/new/save", **(PARKING | {"question": "100 % fresh_fish", "answer": "Every day."}))
    for words, found in (("behind", "Parking"), ("100 %", "fresh_fish"), ("h_f", "fresh_fish")):
        listed = words_of(await own.sees(f"/answers?words={words.replace('%', '%25')}"))
        assert (found in listed, len({"Parking", "fresh_fish"} & set(listed.split()))) == (True, 1), words
    tried = words_of(await own.sees("/answers/try?text=Is there parking?"))
    assert "It would answer by itself Behind the store. 100% of the words of the message are in the article." in tried
    assert "100 % sure" in tried
    for text, would in (
        ("I want a human", "hand over to a human"),
        ("Hello", "say hello"),
        ("My fridge hums", "offer a human"),
    ):
        assert f"It would {would}" in words_of(await own.sees(f"/answers/try?text={text}"))
    (parking, _) = await _answers(database, acme)
    assert "does not say it any more" in words_of(await own.does(f"/answers/{parking.id}/off"))
    assert "It would offer a human" in words_of(await own.sees("/answers/try?text=Is there parking?"))
    await own.does(f"/answers/{parking.id}/on")
    assert "It is removed" in words_of(await own.does(f"/answers/{parking.id}/remove"))
    assert [one.question for one in await _answers(database, acme)] == ["100 % fresh_fish"]


async def test_what_it_said_before_comes_back(http: httpx2.AsyncClient, database: Database, acme: Client) -> None:
    own = await sign_in(http, database, acme, "TL")
    await own.does("/answers/new/save", **PARKING)
    (made,) = await _answers(database, acme)
    for answer, more in (("In front.", {"enabled": ""}), ("On the roof.", {"question": "Cars"})):
        await own.does(f"/answers/{made.id}/save", **(PARKING | {"answer": answer} | more))
    page = await own.sees(f"/answers/{made.id}")
    assert "answer In front. → On the roof." in words_of(page)
    assert "answer Behind the store. → In front." in words_of(page)
    newest, oldest = [part.split('"')[0] for part in page.split('name="version" value="')[1:]]
    await own.does(f"/answers/{made.id}/restore", version=oldest)
    (now,) = await _answers(database, acme)
    assert (now.question, now.answer, now.enabled) == ("Parking", "Behind the store.", True)
    await own.does(f"/answers/{made.id}/restore", version=newest)
    (now,) = await _answers(database, acme)
    assert (now.question, now.answer, now.enabled) == ("Parking", "In front.", False)
    assert "no such version" in words_of(await own.does(f"/answers/{made.id}/restore", version=99999))


async def test_what_cannot_be_is_said_and_the_form_keeps_the_rest(
    http: httpx2.AsyncClient, database: Database, acme: Client
) -> None:
    own = await sign_in(http, database, acme, "TL")
    await own.does("/answers/new/save", **PARKING)
    for wrong, status in (
        ({}, 409), ({"answer": " "}, 422), ({"kind": "pattern", "question": "*"}, 422), ({"language": "fr"}, 422),
        ({"answer": "x" * 5000}, 422),
    ):  # fmt: skip
        answer = await own.presses("/answers/new/save", **(PARKING | wrong))
        assert (answer.status_code, 'role="alert"' in answer.text) == (status, True), wrong
        assert "Parking" in answer.text or "question" in wrong


async def test_agents_look_and_change_nothing_and_others_answers_do_not_exist(
    http: httpx2.AsyncClient, database: Database, acme: Client, beta: Client
) -> None:
    theirs = await http.post(
        "/api/clients/BETA/answers", json={"question": "Beta", "answer": "x"}, headers=beta.bearer("TL")
    )
    own = await sign_in(http, database, acme, "AG1")
    assert "Beta" not in words_of(await own.sees("/answers"))
    assert "/save" in await own.sees("/answers/new")
    assert (await http.get(f"/answers/{theirs.json()['id']}")).status_code == 404
    assert (await own.presses("/answers/new/save", **PARKING)).status_code == 403
    lead = await sign_in(http, database, acme, "TL")
    for what in ("save", "off", "remove", "restore"):
        answer = await lead.presses(f"/answers/{theirs.json()['id']}/{what}", **PARKING)
        page = answer if answer.status_code != 303 else await http.get("/answers")
        assert "There is no such answer" in words_of(page.text), what
    assert (await lead.presses("/answers/1/dance")).status_code == 404
