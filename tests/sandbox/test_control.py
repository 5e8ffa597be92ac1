import asyncio
import threading
import time
from typing import Any

import httpx2
import orjson
import requests

from sandbox.server import create_app
from tests.sandbox.conftest import TOKEN
from tests.sandbox.serving import Control, Program, serving


def test_people_keep_what_is_not_given_and_addresses_are_unique(control: Control) -> None:
    control.put("/people/ana", {"role": "agent", "unit": "Fresco"})
    ana = control.get("/people/ana")
    assert (ana["name"], ana["role"], ana["telegram_id"], ana["whatsapp_id"]) == (
        "Ana Silva",
        "agent",
        7001,
        "351910000001",
    )
    made_up = control.put("/people/carl", {"name": "Carl"})
    assert made_up == control.put("/people/carl", {})
    assert "already belongs to ana" in control.put("/people/carl", {"telegram_id": 7001}, expect=400)["error"]
    control.put("/people/carl", {"shoe_size": 44}, expect=400)
    control.delete("/people/carl")
    assert [person["key"] for person in control.get("/people")["people"]] == ["ana", "bob"]


def test_a_new_address_takes_the_chat_along(control: Control) -> None:
    control.act("ana", "telegram", "say", text="before")
    control.put("/people/ana", {"telegram_id": 7999, "slack_id": "U0NEW", "whatsapp_id": "4900"})
    control.act("ana", "telegram", "say", text="after")
    chats = control.get("/people/ana/chats")
    assert [chat["id"] for chat in chats["telegram"] if chat["private"]] == ["7999"]
    assert [message["text"] for message in control.messages("ana", "telegram")] == ["before", "after"]
    assert [chat["id"] for chat in chats["whatsapp"]] == ["4900"]


def test_settings_merge_and_typos_are_named(control: Control) -> None:
    control.put("/config", {"telegram": {"rates": {"overall": 12}}})
    settings = control.get("/config")["telegram"]
    assert (settings["rates"]["overall"], settings["rates"]["per_chat"], settings["token"]) == (12, 1, TOKEN)
    assert "telegram.rates.speed" in control.put("/config", {"telegram": {"rates": {"speed": 1}}}, expect=400)["error"]
    control.post("/reset")
    assert control.get("/config")["telegram"]["rates"]["overall"] == 30


def test_refusals_are_json_and_say_why(control: Control) -> None:
    assert control.act("nobody", "telegram", "say", expect=404, text="x")["error"] == "no person nobody"
    assert control.act("ana", "pigeon", "say", expect=404, text="x")["error"]
    assert "say" in control.act("ana", "telegram", "dance", expect=404)["error"]
    assert control.act("ana", "telegram", "say", expect=400)["error"] == "text is missing"
    broken = control.session.put(f"{control.url}/control/config", data="{", timeout=5)
    assert (broken.status_code, "not JSON" in broken.json()["error"]) == (400, True)


def test_rooms_belong_to_their_members(control: Control) -> None:
    control.act("ana", "slack", "say", room="C0QUEUE", text="for both", wait=False)
    assert [message["from"] for message in control.messages("bob", "slack", room="C0QUEUE")] == ["ana"]
    control.put("/rooms/C0QUEUE", {"platform": "slack", "name": "#queue", "members": ["ana"]})
    assert control.messages("bob", "slack") == []
    control.put("/rooms/C1", {"platform": "slack", "name": "x", "members": ["nobody"]}, expect=400)
    assert {room["id"] for room in control.get("/rooms")["rooms"]} == {"C0QUEUE", "-4001"}


def test_a_long_poll_ends_with_the_next_news_of_that_person(control: Control) -> None:
    seq = control.get("/people/ana/chats")["seq"]
    poll = {"wait": 10, "after": seq}
    found: list[Any] = []
    other = Control(control.url)
    thread = threading.Thread(target=lambda: found.append(other.get("/people/ana/messages", **poll)))
    thread.start()
    time.sleep(0.1)
    control.act("bob", "telegram", "say", text="not for ana")
    time.sleep(0.1)
    assert not found
    control.act("ana", "telegram", "say", text="news")
    thread.join(5)
    other.session.close()
    assert [message["text"] for message in found[0]["messages"]] == ["news"]
    assert found[0]["messages"][0]["seq"] > seq
    assert control.get("/people/ana/messages", wait=0.05, after=found[0]["seq"])["messages"] == []


async def test_changes_are_streamed(control: Control) -> None:
    async with (
        httpx2.AsyncClient(base_url=control.url, timeout=5) as client,
        client.stream("GET", "/control/events") as stream,
    ):
        lines = stream.aiter_lines()
        assert await anext(lines) == ": connected"
        await asyncio.to_thread(control.act, "ana", "telegram", "say", text="news")
        async for line in lines:
            if line.startswith("data: "):
                break
    change = orjson.loads(line.removeprefix("data: "))
    assert (change["kind"], change["platform"], change["person"]) == ("message", "telegram", "ana")


def test_the_clock_moves_forward_and_tells_the_program(control: Control, receiver: Program) -> None:
    control.put("/config", {"program": {"url": receiver.url, "token": "admin-token"}})
    receiver.will_answer(200, {"ran": ["sweep"]}, Content_Type="application/json")
    before = control.get("/clock")["now"]
    answer = control.advance(3600)
    assert answer["now"] > before
    assert answer["program"] == {"status": 200, "ran": ["sweep"]}
    (told,) = receiver.wait_for(1)
    assert (told.path, told.json) == ("/api/clock", {"advanceSeconds": 3600})
    assert told.headers["authorization"] == "Bearer admin-token"
    control.post("/clock", {"advanceSeconds": -1}, expect=400)
    control.put("/config", {"program": {"url": "http://127.0.0.1:9"}})
    assert control.advance(1)["program"]["status"] is None


def test_traffic_shows_both_directions(control: Control, receiver: Program) -> None:
    control.act("ana", "slack", "say", text="hello")
    requests.post(
        f"{control.url}/telegram/bot{TOKEN}/sendMessage", json={"chat_id": 7001, "text": "x" * 3000}, timeout=5
    )
    out, received = control.traffic()
    assert (out["direction"], out["method"], out["status"]) == ("out", "event.message", 200)
    assert (received["direction"], received["method"], received["chat"], received["outcome"]) == (
        "in",
        "sendMessage",
        "7001",
        "ok",
    )
    assert received["received_ms"] > 0
    assert len(received["body"]["text"]) < 1100
    assert control.traffic(after=out["seq"], direction="in", platform="telegram") == [received]


def test_raw_updates_reach_a_polling_bot(control: Control) -> None:
    answer = control.post("/raw/telegram", {"body": {"callback_query": {"id": "1", "poison": True}}})
    updates = requests.get(f"{control.url}/telegram/bot{TOKEN}/getUpdates", timeout=5).json()["result"]
    assert updates == [{"update_id": answer["update_id"], "callback_query": {"id": "1", "poison": True}}]


def test_uploaded_photos_are_taken_as_they_are(control: Control) -> None:
    file = {"file": ("mine.png", b"\x89PNG not really", "image/png")}
    url = f"{control.url}/control/people/ana/whatsapp/photo"
    assert requests.post(url, files=file, data={"caption": "mine", "wait": "false"}, timeout=5).status_code == 200
    seen = control.messages("ana", "whatsapp")[0]
    assert seen["text"] == "mine"
    assert control.session.get(f"{control.url}{seen['photo']}", timeout=5).content == b"\x89PNG not really"


def test_two_sandboxes_do_not_see_each_other(control: Control) -> None:
    with serving(create_app()) as url:
        other = Control(url)
        assert other.get("/people")["people"] == []
        other.session.close()
    assert control.session.get(f"{control.url}/healthz", timeout=5).json() == {"ok": True}


async def test_a_burst_of_two_thousand_messages(control: Control) -> None:
    """Each is taken, kept in order and shown; nothing in it grows with the square."""
    base = f"{control.url}/control/people"
    limits = httpx2.Limits(max_connections=20)
    async with httpx2.AsyncClient(limits=limits, timeout=30, trust_env=False) as client:

        async def say(worker: int) -> None:
            for number in range(100):
                body = {"text": f"{worker}-{number}", "wait": False}
                assert (await client.post(f"{base}/ana/telegram/say", json=body)).status_code == 200

        await asyncio.gather(*(say(worker) for worker in range(20)))
    seen = control.messages("ana", "telegram")
    assert len(seen) == 2000
    for worker in range(20):
        assert [m["text"] for m in seen if m["text"].startswith(f"{worker}-")] == [f"{worker}-{n}" for n in range(100)]
    url, offset, count = f"{control.url}/telegram/bot{TOKEN}/getUpdates", 0, 0
    while updates := control.session.get(url, params={"offset": offset}, timeout=5).json()["result"]:
        offset, count = updates[-1]["update_id"] + 1, count + len(updates)
    assert count == 2000
