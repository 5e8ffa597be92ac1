import hashlib
import hmac
from typing import Any

import pytest
import requests

from sandbox.photos import make_jpeg
from tests.sandbox.cloud_api import ANA, HEADERS, Send, error_of, statuses, value_of
from tests.sandbox.serving import Control, Program


def buttons(*titles: str) -> dict[str, Any]:
    replies = [{"type": "reply", "reply": {"id": f"id-{title}", "title": title}} for title in titles]
    return {"type": "button", "body": {"text": "Well?"}, "action": {"buttons": replies}}


def rows(count: int) -> dict[str, Any]:
    listed = [{"id": str(n), "title": f"Row {n}", "description": "d"} for n in range(count)]
    return {
        "type": "list",
        "body": {"text": "Pick"},
        "action": {"button": "Open", "sections": [{"title": "S", "rows": listed}]},
    }


def test_an_inbound_message_is_signed_and_opens_the_window(control: Control, receiver: Program, send: Send) -> None:
    event = control.act("ana", "whatsapp", "say", text="olá")
    (request,) = receiver.wait_for(1)
    digest = hmac.new(b"sandbox-whatsapp-secret", request.body, hashlib.sha256).hexdigest()
    assert request.headers["x-hub-signature-256"] == f"sha256={digest}"
    value = value_of(request)
    assert value["metadata"]["phone_number_id"] == "100200300"
    assert value["contacts"][0]["wa_id"] == value["messages"][0]["from"] == ANA
    assert value["messages"][0]["text"] == {"body": "olá"}
    assert value["messages"][0]["id"] == event["message_id"]
    (chat,) = control.get("/people/ana/chats")["whatsapp"]
    assert chat["window_open_until"]


def test_statuses_follow_a_send_and_carry_the_callback_data(control: Control, receiver: Program, send: Send) -> None:
    control.act("ana", "whatsapp", "say", text="hi")
    sent = send(biz_opaque_callback_data="delivery-7", to=f"+{ANA}").json()
    assert sent["contacts"][0] == {"input": f"+{ANA}", "wa_id": ANA, "user_id": sent["contacts"][0]["user_id"]}
    told = statuses(receiver.wait_for(3))
    assert [status["status"] for status in told] == ["sent", "delivered"]
    assert {status["id"] for status in told} == {sent["messages"][0]["id"]}
    assert {status["biz_opaque_callback_data"] for status in told} == {"delivery-7"}
    control.act("ana", "whatsapp", "read")
    assert statuses(receiver.wait_for(4))[-1]["status"] == "read"
    assert control.messages("ana", "whatsapp")[-1]["status"] == "read"


def test_manual_statuses_are_left_to_the_test(control: Control, receiver: Program, send: Send) -> None:
    control.put("/config", {"whatsapp": {"statuses": "manual"}})
    control.act("ana", "whatsapp", "say", text="hi")
    identity = send().json()["messages"][0]["id"]
    control.post(f"/whatsapp/statuses/{identity}", {"status": "delivered"})
    control.post(f"/whatsapp/statuses/{identity}", {"status": "failed", "code": 131049})
    delivered, failed = statuses(receiver.wait_for(3))
    assert delivered["status"] == "delivered"
    assert failed["errors"][0]["code"] == 131049


def test_free_text_outside_the_window_is_accepted_and_fails_later(
    control: Control, receiver: Program, send: Send
) -> None:
    control.act("ana", "whatsapp", "say", text="hi")
    control.advance(24 * 3600 + 1)
    assert send(biz_opaque_callback_data="d-1").status_code == 200
    failed = statuses(receiver.wait_for(2))[0]
    assert (failed["status"], failed["errors"][0]["code"], failed["biz_opaque_callback_data"]) == (
        "failed",
        131047,
        "d-1",
    )
    assert len(control.messages("ana", "whatsapp")) == 1
    control.put("/config", {"whatsapp": {"window_errors": "direct"}})
    refused = send()
    assert (refused.status_code, error_of(refused)["code"]) == (400, 131047)


def test_people_who_are_not_on_whatsapp(control: Control, receiver: Program, send: Send) -> None:
    assert send(to="4917000000").status_code == 200
    assert statuses(receiver.wait_for(1))[0]["errors"][0]["code"] == 131026
    control.put("/people/ana", {"whatsapp_on": False})
    control.put("/config", {"whatsapp": {"direct_errors": [131026]}})
    assert error_of(send())["code"] == 131026
    control.put("/config", {"whatsapp": {"allowed_numbers": ["351910000002"]}})
    assert error_of(send())["code"] == 131030


@pytest.mark.parametrize(
    ("kind", "part", "code"),
    [
        ("text", {"body": "x" * 4097}, 100),
        ("text", {"text": "x"}, 131008),
        ("interactive", buttons("a", "b", "c", "d"), 131009),
        ("interactive", buttons("x" * 21), 100),
        ("interactive", buttons("same", "same"), 131009),
        ("interactive", {**buttons("a"), "body": {"text": "x" * 1025}}, 100),
        ("interactive", rows(11), 131009),
        ("interactive", {**rows(1), "footer": {"text": "x" * 61}}, 100),
        (
            "interactive",
            {"type": "location_request_message", "body": {"text": "where"}, "action": {"name": "other"}},
            131009,
        ),
        ("image", {"caption": "no id"}, 131008),
        ("image", {"id": "404"}, 100),
        ("location", {"latitude": 1}, 131008),
        ("hologram", {"x": 1}, 100),
    ],
)
def test_limits_of_messages(control: Control, send: Send, kind: str, part: Any, code: int) -> None:
    refused = send(kind, part)
    assert (refused.status_code, error_of(refused)["code"]) == (400, code)
    assert error_of(refused)["error_data"]["details"]


def test_buttons_lists_and_places_come_back(control: Control, receiver: Program, send: Send) -> None:
    control.put("/config", {"whatsapp": {"statuses": "manual"}})
    control.act("ana", "whatsapp", "say", text="hi")
    card = send("interactive", buttons("Approve", "Reject")).json()["messages"][0]["id"]
    send("interactive", rows(2))
    send(
        "interactive",
        {"type": "location_request_message", "body": {"text": "where"}, "action": {"name": "send_location"}},
    )
    control.act("ana", "whatsapp", "press", label="Approve", message_id=card)
    control.act("ana", "whatsapp", "press", data="1")
    control.act("ana", "whatsapp", "press", label="Send location", latitude=41.5, longitude=69.5)
    reply, row, place = [value_of(request)["messages"][0] for request in receiver.wait_for(4)[1:]]
    assert reply["interactive"] == {"type": "button_reply", "button_reply": {"id": "id-Approve", "title": "Approve"}}
    assert reply["context"]["id"] == card
    assert row["interactive"]["list_reply"] == {"id": "1", "title": "Row 1", "description": "d"}
    assert (place["type"], place["location"]["latitude"]) == ("location", 41.5)
    labels = [button["label"] for button in control.act("ana", "whatsapp", "press", expect=404, label="No")["buttons"]]
    assert labels == ["Send location", "Row 0", "Row 1", "Approve", "Reject"]


def test_media_travel_both_ways_and_their_address_expires(control: Control, receiver: Program, send: Send) -> None:
    control.act("ana", "whatsapp", "photo", caption="broken")
    image = value_of(receiver.wait_for(1)[0])["messages"][0]["image"]
    assert image["caption"] == "broken"
    base = f"{control.url}/whatsapp/v25.0"
    about = requests.get(f"{base}/{image['id']}", headers=HEADERS, timeout=10).json()
    content = requests.get(about["url"], headers=HEADERS, timeout=10).content
    assert hashlib.sha256(content).hexdigest() == about["sha256"] == image["sha256"]
    assert requests.get(about["url"], timeout=10).status_code == 401
    control.advance(301)
    assert requests.get(about["url"], headers=HEADERS, timeout=10).status_code == 404
    file = {"file": ("photo.jpg", make_jpeg("out", 1), "image/jpeg")}
    form = {"messaging_product": "whatsapp", "type": "image/jpeg"}
    uploaded = requests.post(f"{base}/100200300/media", files=file, data=form, headers=HEADERS, timeout=10).json()["id"]
    assert send("image", {"id": uploaded, "caption": "before"}).status_code == 200
    seen = control.messages("ana", "whatsapp")[-1]
    assert seen["text"] == "before"
    assert control.session.get(f"{control.url}{seen['photo']}").content.startswith(b"\xff\xd8")
    assert requests.delete(f"{base}/{uploaded}", headers=HEADERS, timeout=10).json() == {"success": True}
    assert error_of(requests.get(f"{base}/{uploaded}", headers=HEADERS, timeout=10))["error_subcode"] == 33


def test_tokens_and_numbers(control: Control, send: Send) -> None:
    url = f"{control.url}/whatsapp/v25.0"
    refused = requests.get(f"{url}/100200300", headers={"Authorization": "Bearer wrong"}, timeout=10)
    assert (refused.status_code, error_of(refused)["code"]) == (401, 190)
    assert requests.get(f"{url}/100200300", headers=HEADERS, timeout=10).json()["verified_name"] == "Callboard"
    elsewhere = requests.post(f"{url}/999/messages", json={}, headers=HEADERS, timeout=10)
    assert (error_of(elsewhere)["code"], error_of(elsewhere)["error_subcode"]) == (100, 33)
    profile = requests.get(f"{url}/100200300/whatsapp_business_profile", headers=HEADERS, timeout=10)
    assert profile.json()["data"][0]["messaging_product"] == "whatsapp"


def test_marking_as_read_and_reacting(control: Control, receiver: Program, send: Send) -> None:
    said = control.act("ana", "whatsapp", "say", text="hi")["message_id"]
    read = {"messaging_product": "whatsapp", "status": "read", "message_id": said}
    url = f"{control.url}/whatsapp/v25.0/100200300/messages"
    assert requests.post(url, json=read, headers=HEADERS, timeout=10).json() == {"success": True}
    assert control.messages("ana", "whatsapp")[0]["status"] == "read"
    assert (
        error_of(requests.post(url, json={**read, "message_id": "wamid.404"}, headers=HEADERS, timeout=10))["code"]
        == 131009
    )
    send("reaction", {"message_id": said, "emoji": "👍"})
    assert control.messages("ana", "whatsapp")[0]["reactions"] == {"👍": ["bot"]}
    control.act("ana", "whatsapp", "react", message_id=said)
    control.act("ana", "whatsapp", "edit", message_id=said, text="hello")
    kinds = [
        value_of(request)["messages"][0]["type"] for request in receiver.wait_for(3) if "messages" in value_of(request)
    ]
    assert {"reaction", "edit"} <= set(kinds)


def test_a_person_known_only_by_their_business_scoped_id(control: Control, receiver: Program, send: Send) -> None:
    control.put("/people/ana", {"bsuid_only": True, "username": "ana.s"})
    control.act("ana", "whatsapp", "say", text="hi")
    value = value_of(receiver.wait_for(1)[0])
    contact = value["contacts"][0]
    assert "wa_id" not in contact
    assert "from" not in value["messages"][0]
    assert contact["profile"]["username"] == "ana.s"
    assert send(to=contact["user_id"]).status_code == 200
    assert control.messages("ana", "whatsapp")[-1]["text"] == "hello"


def test_the_verification_handshake(control: Control, receiver: Program) -> None:
    receiver.will_answer(200, b"1158201444")
    assert control.post("/whatsapp/handshake") == {"status": 200, "body": "1158201444", "verified": True}
    assert "hub.verify_token=sandbox-verify" in receiver.received[0].path
    receiver.will_answer(403)
    assert not control.post("/whatsapp/handshake", {"token": "wrong"})["verified"]
