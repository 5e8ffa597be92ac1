"""Webhooks towards the program: order, repetition, and what goes wrong on order."""

from typing import Any

import pytest

from tests.sandbox.serving import Control, Program, Received


def texts(requests: list[Received]) -> list[str]:
    """The texts of inbound WhatsApp messages, over all entries and changes of every body."""
    return [
        message["text"]["body"]
        for request in requests
        for entry in request.json["entry"]
        for change in entry["changes"]
        for message in change["value"].get("messages", [])
    ]


def say(control: Control, *words: str, **more: Any) -> None:
    for word in words:
        control.act("ana", "whatsapp", "say", text=word, wait=False, **more)


def test_messages_arrive_in_order_without_waiting(control: Control, receiver: Program) -> None:
    receiver.will_answer(200, late=0.2)
    words = [f"m{number}" for number in range(20)]
    say(control, *words)
    assert texts(receiver.wait_for(20)) == words


def test_a_refused_whatsapp_webhook_is_repeated(control: Control, receiver: Program) -> None:
    receiver.will_answer(500)
    assert control.act("ana", "whatsapp", "say", text="one")["status"] == 500
    first, second = receiver.wait_for(2)
    assert first.body == second.body


def test_what_waits_for_an_address_goes_out_when_it_is_given(control: Control, receiver: Program) -> None:
    control.put("/config", {"whatsapp": {"webhook_url": None}})
    event = control.act("ana", "whatsapp", "say", text="early")
    assert event["status"] is None
    assert "waits" in event["note"]
    control.put("/config", {"whatsapp": {"webhook_url": f"{receiver.url}/whatsapp/webhook"}})
    assert texts(receiver.wait_for(1)) == ["early"]


def test_duplicate(control: Control, receiver: Program) -> None:
    control.fault("whatsapp", "duplicate", method="webhook", times=1)
    say(control, "one", "two")
    requests = receiver.wait_for(3)
    assert texts(requests) == ["one", "one", "two"]
    assert requests[0].body == requests[1].body


def test_duplicate_telegram_updates(control: Control, receiver: Program) -> None:
    control.put("/config", {"telegram": {"webhook_url": f"{receiver.url}/telegram/webhook"}})
    control.fault("telegram", "duplicate")
    control.act("ana", "telegram", "say", text="one")
    first, second = receiver.wait_for(2)
    assert first.json["update_id"] == second.json["update_id"]


def test_reorder(control: Control, receiver: Program) -> None:
    control.fault("whatsapp", "reorder", method="webhook", times=1)
    say(control, "one", "two", "three")
    assert texts(receiver.wait_for(3)) == ["two", "one", "three"]


def test_late_and_lost(control: Control, receiver: Program) -> None:
    control.fault("whatsapp", "late", seconds=0.3, times=1)
    control.fault("whatsapp", "lose", after=1, times=1)
    say(control, "one", "two", "three")
    assert texts(receiver.wait_for(2)) == ["one", "three"]


@pytest.mark.parametrize("order", [{"n": 5}, {"times": 5}])
def test_a_batch_spreads_over_entries_changes_and_messages(
    control: Control, receiver: Program, order: dict[str, int]
) -> None:
    control.fault("whatsapp", "batch", **order)
    words = ["a", "b", "c", "d", "e"]
    say(control, *words, "after")
    batch, after = receiver.wait_for(2)
    assert sorted(texts([batch])) == words
    entries = batch.json["entry"]
    assert len(entries) == 2
    assert len(entries[0]["changes"]) == 3
    assert len(entries[0]["changes"][0]["value"]["messages"]) == 2
    assert texts([after]) == ["after"]


def test_an_incomplete_batch_goes_out_after_its_time(control: Control, receiver: Program) -> None:
    control.fault("whatsapp", "batch", n=5, seconds=0.2)
    say(control, "a", "b")
    assert texts(receiver.wait_for(1)) == ["a", "b"]


def test_replay_sends_the_same_bytes_again(control: Control, receiver: Program) -> None:
    control.act("ana", "whatsapp", "say", text="again")
    (entry,) = [entry for entry in control.traffic(direction="out") if entry["method"] == "message"]
    assert control.post("/replay", {"seq": entry["seq"]})["status"] == 200
    first, second = receiver.wait_for(2)
    assert first.body == second.body
    control.post("/replay", {"seq": 999_999}, expect=404)


def test_raw_bodies_with_the_signatures_one_asks_for(control: Control, receiver: Program) -> None:
    receiver.will_answer(401, b"no")
    answer = control.post("/raw/whatsapp", {"text": "{oops", "signed": "wrong", "headers": {"X-More": "1"}})
    assert (answer["status"], answer["body"]) == (401, "no")
    control.post("/raw/whatsapp", {"body": {"a": 1}, "signed": False})
    wrong, unsigned = receiver.wait_for(2)
    assert wrong.body == b"{oops"
    assert wrong.headers["x-more"] == "1"
    assert "x-hub-signature-256" in wrong.headers
    assert "x-hub-signature-256" not in unsigned.headers


def test_parallel_delivery_keeps_the_order_within_a_chat(control: Control, receiver: Program) -> None:
    control.put("/config", {"whatsapp": {"parallel": 4}})
    for number in range(10):
        for person in ("ana", "bob"):
            control.act(person, "whatsapp", "say", text=f"{person}{number}", wait=False)
    arrived = texts(receiver.wait_for(20))
    for person in ("ana", "bob"):
        assert [text for text in arrived if text.startswith(person)] == [f"{person}{number}" for number in range(10)]
