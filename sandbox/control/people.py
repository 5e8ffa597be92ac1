"""/control/people and /control/rooms."""

from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from sandbox.bodies import json_response
from sandbox.chats import Chat
from sandbox.control.doors import json_of, person_of, sandbox_of
from sandbox.people import BadPerson, Person
from sandbox.slack import shapes as slack
from sandbox.state import Sandbox
from sandbox.telegram import acts as telegram_acts
from sandbox.telegram import shapes as telegram
from sandbox.whatsapp import sending as whatsapp

PRIVATE_CHATS = (telegram.private_chat, slack.dm_of, whatsapp.chat_of)


def _put(sandbox: Sandbox, key: str, given: dict[str, Any]) -> Person:
    """A person whose address changes takes their private chat along."""
    known = sandbox.people.by_key.get(key)
    before = [open_chat(sandbox, known) for open_chat in PRIVATE_CHATS] if known else []
    try:
        person = sandbox.people.put(key, given)
    except BadPerson as error:
        raise HTTPException(400, f"{key}: {error}") from None
    for chat, chat_id in zip(before, private_ids(person), strict=False):
        if chat.id != chat_id:
            sandbox.chats.rename(chat, chat_id)
    for open_chat in PRIVATE_CHATS:
        open_chat(sandbox, person)
    sandbox.changes.publish("person", None, [key])
    return person


def private_ids(person: Person) -> tuple[str, str, str]:
    return str(person.telegram_id), f"D{person.slack_id[1:]}", person.whatsapp_id


async def put_one(request: Request) -> Response:
    person = _put(sandbox_of(request), request.path_params["key"], await json_of(request))
    return json_response(person.view())


async def put_many(request: Request) -> Response:
    sandbox, given = sandbox_of(request), await json_of(request)
    people = [_put(sandbox, str(each["key"]), {**each}) for each in given]
    return json_response({"people": [person.view() for person in people]})


async def read_all(request: Request) -> Response:
    return json_response({"people": [person.view() for person in sandbox_of(request).people.by_key.values()]})


async def read_one(request: Request) -> Response:
    return json_response(person_of(request).view())


async def remove(request: Request) -> Response:
    sandbox = sandbox_of(request)
    known = sandbox.people.remove(request.path_params["key"])
    sandbox.changes.publish("person", None, [request.path_params["key"]])
    return json_response({"ok": known}, 200 if known else 404)


ROOM_FACTS = ("archived", "bot_gone")


async def put_room(request: Request) -> Response:
    sandbox, given = sandbox_of(request), await json_of(request)
    members = [str(key) for key in given.get("members", [])]
    if unknown := [key for key in members if key not in sandbox.people.by_key]:
        raise HTTPException(400, f"no person {', '.join(unknown)}")
    if given.get("platform") not in ("telegram", "slack"):
        raise HTTPException(400, "platform is telegram or slack")
    identity = request.path_params["id"]
    chat = sandbox.chats.open(given["platform"], identity, str(given.get("name") or identity), False, members)
    chat.facts.update({name: bool(given[name]) for name in ROOM_FACTS if name in given})
    sandbox.changes.publish("room", chat.platform, members, chat.id)
    return json_response(_room_view(chat))


def _room_view(chat: Chat) -> dict[str, Any]:
    return {"id": chat.id, "platform": chat.platform, "name": chat.name, "members": chat.members, **chat.facts}


async def read_rooms(request: Request) -> Response:
    return json_response({"rooms": [_room_view(chat) for chat in sandbox_of(request).chats.rooms()]})


async def migrate(request: Request) -> Response:
    """A Telegram group becomes a supergroup: {"to": "-100..."}; both service messages go to the bot."""
    sandbox, given = sandbox_of(request), await json_of(request)
    chat = sandbox.chats.find("telegram", request.path_params["id"])
    if chat is None or chat.private:
        raise HTTPException(404, "no such Telegram group")
    to = str(given.get("to") or f"-100{chat.id.lstrip('-')}")
    done = telegram_acts.migrate(sandbox, chat, to)
    return json_response({"event": done.event})


ROUTES = [
    Route("/control/people", put_many, methods=["PUT"]),
    Route("/control/people", read_all, methods=["GET"]),
    Route("/control/people/{key}", put_one, methods=["PUT"]),
    Route("/control/people/{key}", read_one, methods=["GET"]),
    Route("/control/people/{key}", remove, methods=["DELETE"]),
    Route("/control/rooms", read_rooms, methods=["GET"]),
    Route("/control/rooms/{id}", put_room, methods=["PUT"]),
    Route("/control/rooms/{id}/migrate", migrate, methods=["POST"]),
]
